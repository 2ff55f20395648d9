//! Families of single texts, on prompts and on makers that training has not seen.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stillwatch_audit::style::{Scratch, StyleModel};

use crate::corpus::{MAKER_FOLDS, Text, half, maker_folds, train};

pub(crate) fn measure(texts: &[Text], show: &mut impl FnMut(Value)) {
    let folds = maker_folds(texts);
    let fold = |text: &Text| folds.get(&(text.family, text.maker.as_str())).copied();
    let model = train(texts.iter().filter(|text| half(text) == 1));
    let test: Vec<&Text> = texts.iter().filter(|text| half(text) == 0).collect();
    show(line("held-out prompts", None, &model, &test));
    for held in 0..MAKER_FOLDS {
        let model = train(texts.iter().filter(|text| half(text) == 1 && fold(text) != Some(held)));
        let test: Vec<&Text> = texts.iter().filter(|text| half(text) == 0 && fold(text) == Some(held)).collect();
        show(line("held-out makers", Some(held), &model, &test));
    }
}

fn line(split: &str, fold: Option<usize>, model: &StyleModel, test: &[&Text]) -> Value {
    let families: Vec<&str> = model.families().collect();
    let (mut scratch, mut scores) = (Scratch::default(), vec![0.0; families.len()]);
    let mut by_family: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut answers = (0, 0);
    let mut loss = 0.0;
    for text in test {
        model.score(&text.text, &mut scratch, &mut scores);
        let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
        let right = usize::from(families[best] == text.family);
        loss -= scores[families.iter().position(|family| *family == text.family).unwrap()];
        let (correct, all) = by_family.entry(text.family).or_default();
        (*correct, *all) = (*correct + right, *all + 1);
        if text.domain == "alpaca" {
            answers = (answers.0 + right, answers.1 + 1);
        }
    }
    let ratio = |(right, all): (usize, usize)| right as f64 / all.max(1) as f64;
    let total = by_family.values().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    json!({
        "measure": "accuracy", "split": split, "fold": fold, "documents": total.1,
        "accuracy": ratio(total), "answers_only": ratio(answers),
        "balanced": by_family.values().map(|part| ratio(*part)).sum::<f64>() / by_family.len() as f64,
        "loss": f64::from(loss) / total.1 as f64, "lambda": model.card().lambda, "temperature": model.card().temperature,
        "recall": by_family.iter().map(|(family, part)| ((*family).to_owned(), json!(ratio(*part)))).collect::<serde_json::Map<_, _>>(),
    })
}
