//! Shares of mixed corpora with known truth, and of corpora by people.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stillwatch_audit::style::{Scratch, ShareEstimate, Shares, StyleModel};
use stillwatch_core::Random;

use crate::corpus::{MAKER_FOLDS, Text, half, maker_folds, train};

const SHARES: [usize; 6] = [0, 1, 5, 10, 25, 50];
const DOCUMENTS: usize = 1000;
const REPEATS: usize = 2;
const TARGETS: [&str; 4] = ["Anthropic", "Meta", "Mistral", "OpenAI"];
/// Families and laboratories that a model is trained without, and that then are the whole background.
const UNSEEN: [&[&str]; 4] = [
    &["Mistral", "cohere", "wizardlm"],
    &["Anthropic", "yi-large-preview", "zephyr-7b-beta"],
    &["Meta", "lmsys", "tulu-2-dpo-13b"],
    &["OpenAI", "Google", "xwinlm-13b-v0.1"],
];

#[derive(Default)]
struct Tally {
    error: [f64; 2],
    printed: usize,
    covered: usize,
    all: usize,
    width: f64,
    reasons: BTreeMap<String, usize>,
}

pub(crate) fn mixtures(texts: &[Text], show: &mut impl FnMut(Value)) {
    let answers = |text: &&Text| half(text) == 0 && text.domain == "alpaca";
    let model = train(texts.iter().filter(|text| half(text) == 1));
    let all: Vec<&Text> = texts.iter().filter(answers).collect();
    let human: Vec<&Text> = texts.iter().filter(|text| half(text) == 0 && text.family == "human").collect();
    let background: Vec<&Text> = all.iter().chain(&human).copied().collect();
    table("seen", &model, &all, &background, show);
    let mut total = Table::new();
    for unseen in UNSEEN {
        let hidden = |text: &Text| unseen.contains(&text.family) || unseen.contains(&text.maker.as_str());
        let model = train(texts.iter().filter(|text| half(text) == 1 && !hidden(text)));
        let known: Vec<&Text> = all.iter().filter(|text| !hidden(text)).copied().collect();
        let background: Vec<&Text> = all.iter().filter(|text| hidden(text)).copied().collect();
        measure(&mut total, &model, &known, &background);
    }
    print("unseen laboratories", &total, show);
}

type Table = BTreeMap<(&'static str, usize), Tally>;

fn table(name: &str, model: &StyleModel, targets: &[&Text], background: &[&Text], show: &mut impl FnMut(Value)) {
    let mut table = Table::new();
    measure(&mut table, model, targets, background);
    print(name, &table, show);
}

fn measure(table: &mut Table, model: &StyleModel, targets: &[&Text], background: &[&Text]) {
    let (mut scratch, families) = (Scratch::default(), model.families().map(str::to_owned).collect::<Vec<_>>());
    let mut score = |text: &Text| {
        let mut scores = vec![0.0; families.len()];
        model.score(&text.text, &mut scratch, &mut scores);
        scores
    };
    let background: Vec<(&str, Vec<f32>)> = background.iter().map(|text| (text.family, score(text))).collect();
    for target in TARGETS.into_iter().filter(|target| families.iter().any(|family| family == target)) {
        let own: Vec<Vec<f32>> = targets.iter().filter(|text| text.family == target).map(|text| score(text)).collect();
        let rest: Vec<&Vec<f32>> =
            background.iter().filter(|(family, _)| *family != target).map(|(_, scores)| scores).collect();
        for percent in SHARES {
            for repeat in 0..REPEATS {
                let mut random = Random::new(repeat as u64, percent as u64);
                let mut shares = Shares::new(model);
                for document in 0..DOCUMENTS {
                    let of_target = document * 100 < percent * DOCUMENTS;
                    shares.push(if of_target { &own[random.below(own.len())] } else { rest[random.below(rest.len())] });
                }
                let truth = percent as f64 / 100.0;
                let estimate =
                    shares.estimate(model).into_iter().find(|estimate| estimate.family == target).unwrap().share;
                tally(table.entry((target, percent)).or_default(), truth, &estimate);
            }
        }
    }
}

fn tally(tally: &mut Tally, truth: f64, estimate: &ShareEstimate) {
    tally.all += 1;
    match estimate {
        ShareEstimate::Estimated { em, pacc, interval: [low, high] } => {
            tally.printed += 1;
            tally.error[0] += (em - truth).abs();
            tally.error[1] += (pacc - truth).abs();
            tally.width += high - low;
            tally.covered += usize::from(*low <= truth && truth <= *high);
        }
        ShareEstimate::NotEstimable { why } => {
            let reason = why.replace(
                "with other makers or with one that the model does not know the share could be anything from",
                "wide",
            );
            *tally.reasons.entry(reason).or_default() += 1;
        }
    }
}

fn print(background: &str, table: &Table, show: &mut impl FnMut(Value)) {
    let (mut printed, mut covered, mut all) = (0, 0, 0);
    for ((target, percent), tally) in table {
        let mean = |sum: f64| sum / tally.printed as f64;
        show(json!({
            "measure": "share", "background": background, "target": target, "percent": percent, "corpora": tally.all,
            "printed": tally.printed, "covered": tally.covered, "em_error": mean(tally.error[0]),
            "pacc_error": mean(tally.error[1]), "width": mean(tally.width), "reasons": tally.reasons,
        }));
        (printed, covered, all) = (printed + tally.printed, covered + tally.covered, all + tally.all);
    }
    show(json!({
        "measure": "coverage", "background": background, "corpora": all, "printed": printed,
        "abstained": (all - printed) as f64 / all as f64, "coverage": covered as f64 / printed.max(1) as f64,
    }));
}

/// Makers that no training has seen, one in ten among texts by people: how often the interval of their family is printed,
/// and holds the truth.
pub(crate) fn present(texts: &[Text], show: &mut impl FnMut(Value)) {
    const PERCENT: usize = 10;
    let folds = maker_folds(texts);
    let (mut all, mut below, mut above) = (Tally::default(), 0, 0);
    for fold in 0..MAKER_FOLDS {
        let held = |text: &&Text| folds.get(&(text.family, text.maker.as_str())) == Some(&fold);
        let model = train(texts.iter().filter(|text| half(text) == 1 && !(held(text) && text.family != "human")));
        let mut scratch = Scratch::default();
        let mut score = |text: &Text| {
            let mut scores = vec![0.0; model.families().len()];
            model.score(&text.text, &mut scratch, &mut scores);
            scores
        };
        let people: Vec<Vec<f32>> =
            texts.iter().filter(|text| half(text) == 0 && text.family == "human").map(&mut score).collect();
        let mut makers: BTreeMap<(&str, &str), Vec<Vec<f32>>> = BTreeMap::new();
        for text in texts.iter().filter(held).filter(|text| !["human", "other"].contains(&text.family)) {
            makers.entry((text.family, &text.maker)).or_default().push(score(text));
        }
        for ((family, maker), own) in makers {
            let mut random = Random::new(9, all.all as u64);
            let mut shares = Shares::new(&model);
            for document in 0..DOCUMENTS {
                let of_maker = document * 100 < PERCENT * DOCUMENTS;
                shares.push(if of_maker { &own[random.below(own.len())] } else { &people[random.below(people.len())] });
            }
            let estimate =
                shares.estimate(&model).into_iter().find(|estimate| estimate.family == family).unwrap().share;
            tally(&mut all, PERCENT as f64 / 100.0, &estimate);
            if let ShareEstimate::Estimated { interval: [low, high], .. } = estimate {
                below += usize::from(high < 0.1);
                above += usize::from(low > 0.1);
            }
            show(
                json!({"measure": "present", "family": family, "maker": maker, "percent": PERCENT, "estimate": estimate}),
            );
        }
    }
    show(json!({
        "measure": "present", "makers": all.all, "percent": PERCENT, "printed": all.printed, "covered": all.covered,
        "interval_below": below, "interval_above": above,
    }));
}

/// Texts by people of one domain, of which training has seen nothing.
pub(crate) fn people(texts: &[Text], show: &mut impl FnMut(Value)) {
    for domain in ["essay", "pubmed", "squad", "writing", "xsum"] {
        let model = train(texts.iter().filter(|text| text.domain != domain));
        let (mut scratch, mut scores) = (Scratch::default(), vec![0.0; model.families().len()]);
        let mut shares = Shares::new(&model);
        let mut called: BTreeMap<String, usize> = BTreeMap::new();
        let families: Vec<&str> = model.families().collect();
        for text in texts.iter().filter(|text| text.domain == domain && text.family == "human") {
            model.score(&text.text, &mut scratch, &mut scores);
            let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
            *called.entry(families[best].to_owned()).or_default() += 1;
            shares.push(&scores);
        }
        let estimates = shares.estimate(&model);
        let claimed: Vec<&str> = estimates
            .iter()
            .filter(|estimate| !["human", "other"].contains(&estimate.family.as_str()))
            .filter(|estimate| estimate.share.wording() == "consistent with")
            .map(|estimate| estimate.family.as_str())
            .collect();
        show(json!({
            "measure": "people", "domain": domain, "documents": shares.len(), "single_calls": called,
            "vendors_claimed": claimed, "estimates": estimates,
        }));
    }
}
