//! Many texts of one source, and texts that somebody has changed.

use serde_json::{Value, json};
use stillwatch_audit::style::{Scratch, Shares, StyleModel, likeliest_source};
use stillwatch_core::Random;

use crate::corpus::{Text, half, maker_folds, train};

const SIZES: [usize; 5] = [1, 3, 10, 30, 100];
const DRAWS: usize = 50;

/// The likeliest family of texts of one maker, drawn from prompts that training has not seen.
pub(crate) fn aggregate(texts: &[Text], show: &mut impl FnMut(Value)) {
    let model = train(texts.iter().filter(|text| half(text) == 1));
    for size in SIZES {
        let (mut right, mut all, mut wrong) = (0, 0, std::collections::BTreeMap::<String, usize>::new());
        for maker in maker_folds(texts).into_keys().chain([("Qwen", "Qwen2-72B-Instruct"), ("Google", "gemini-pro")]) {
            let own: Vec<&Text> =
                texts.iter().filter(|text| (text.family, text.maker.as_str()) == maker && half(text) == 0).collect();
            let scored = scored(&model, own.iter().map(|text| text.text.as_str()));
            for draw in 0..DRAWS {
                let mut random = Random::new(draw as u64, size as u64);
                let mut shares = Shares::new(&model);
                (0..size).for_each(|_| shares.push(&scored[random.below(scored.len())]));
                let best = likeliest_source(&model, &shares).unwrap();
                let correct = model.families().nth(best) == Some(maker.0);
                (right, all) = (right + u32::from(correct), all + 1_u32);
                *wrong.entry(maker.1.to_owned()).or_default() += usize::from(!correct);
            }
        }
        wrong.retain(|_, count| *count > DRAWS / 10);
        show(json!({
            "measure": "aggregate", "documents": size, "accuracy": f64::from(right) / f64::from(all), "often_wrong": wrong,
        }));
    }
}

fn scored<'t>(model: &StyleModel, texts: impl Iterator<Item = &'t str>) -> Vec<Vec<f32>> {
    let mut scratch = Scratch::default();
    texts
        .map(|text| {
            let mut scores = vec![0.0; model.families().len()];
            model.score(text, &mut scratch, &mut scores);
            scores
        })
        .collect()
}

type Change = fn(&str) -> String;

/// Accuracy on held-out prompts after each change of the texts.
pub(crate) fn adversaries(texts: &[Text], show: &mut impl FnMut(Value)) {
    let model = train(texts.iter().filter(|text| half(text) == 1));
    let changes: [(&str, Change); 7] = [
        ("none", str::to_owned),
        ("markdown stripped", |text| text.replace(['*', '#', '`', '_', '>', '|'], "").replace("\n- ", "\n")),
        ("case folded", str::to_lowercase),
        ("first 200 characters", |text| text.chars().take(200).collect()),
        ("identity scrubbed", scrubbed),
        ("5 % of words replaced", |text| edited(text, 5)),
        ("10 % of words replaced", |text| edited(text, 10)),
    ];
    for (name, change) in changes {
        let test: Vec<&Text> = texts.iter().filter(|text| half(text) == 0).collect();
        let changed: Vec<String> = test.iter().map(|text| change(&text.text)).collect();
        let families: Vec<&str> = model.families().collect();
        let right = scored(&model, changed.iter().map(String::as_str))
            .iter()
            .zip(&test)
            .filter(|(scores, text)| {
                let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
                families[best] == text.family
            })
            .count();
        show(json!({ "measure": "adversary", "change": name, "accuracy": right as f64 / test.len() as f64 }));
    }
}

fn scrubbed(text: &str) -> String {
    const NAMES: [&str; 9] =
        ["openai", "anthropic", "claude", "chatgpt", "gpt-", "language model", " ai ", "assistant", "mistral"];
    let named = |sentence: &&str| NAMES.iter().any(|name| sentence.to_lowercase().contains(name));
    text.split_inclusive(['.', '\n']).filter(|sentence| !named(sentence)).collect()
}

/// Every word is replaced by another of the text at this chance.
fn edited(text: &str, percent: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut random = Random::new(5, text.len() as u64);
    text.split_inclusive([' ', '\n'])
        .map(|piece| {
            let end = &piece[piece.trim_end().len()..];
            if random.below(100) < percent && !words.is_empty() {
                format!("{}{end}", words[random.below(words.len())])
            } else {
                piece.to_owned()
            }
        })
        .collect()
}
