//! The shared texts with their makers, and the splits that `benches/style.py` makes in the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use stillwatch_audit::style::{Labelled, StyleModel, Trainer};

pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) family: &'static str,
    pub(crate) maker: String,
    pub(crate) domain: String,
    pub(crate) group: String,
}

pub(crate) fn load(folder: &Path) -> Vec<Text> {
    let mut texts = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for line in lines(&folder.join("alpaca_eval/outputs_alpaca_eval_small.jsonl.gz")) {
        let (family, maker) = of_model(line["model"].as_str().unwrap());
        texts.push(Text {
            text: text(&line["output"]),
            family,
            maker: maker.to_owned(),
            domain: "alpaca".to_owned(),
            group: format!("a{}", line["pid"]),
        });
    }
    for line in lines(&folder.join("human_vs_machine/outfox_valid.jsonl.gz")) {
        let (family, maker) = match line["model"].as_str() {
            Some("None") | None => ("human", "pupils"),
            Some(model) => of_model(model),
        };
        texts.push(Text {
            text: text(&line["text"]),
            family,
            maker: maker.to_owned(),
            domain: "essay".to_owned(),
            group: format!("o{}", line["pair"]),
        });
    }
    let mut seen = BTreeSet::new();
    for line in lines(&folder.join("human_vs_machine/fast_detect_gpt_pairs.jsonl.gz")) {
        let (domain, human) = (text(&line["domain"]), text(&line["human"]));
        let group = format!("f{domain}{}", human.chars().take(60).collect::<String>());
        if seen.insert(group.clone()) {
            let maker = format!("people-{domain}");
            texts.push(Text { text: human, family: "human", maker, domain: domain.clone(), group: group.clone() });
        }
        let (family, maker) = of_model(line["model"].as_str().unwrap());
        texts.push(Text { text: text(&line["machine"]), family, maker: maker.to_owned(), domain, group });
    }
    texts
}

fn lines(path: &Path) -> impl Iterator<Item = Value> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    BufReader::new(GzDecoder::new(file)).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

/// Family and maker. Of others the maker is the laboratory. Base models continue texts rather than answer and are others,
/// as are models that were taught by a vendor's.
fn of_model(model: &str) -> (&'static str, &str) {
    let family = match model {
        "davinci" => "other",
        "text-davinci-003" => return ("OpenAI", "text_davinci_003"),
        "Meta-Llama-3-70B-Instruct" => "Meta",
        "Mistral-7B-Instruct-v0.2" => "Mistral",
        _ if model.starts_with("gpt-3.5") || model.starts_with("gpt-4") || model.starts_with("gpt4") => "OpenAI",
        _ if model.starts_with("text_davinci") => "OpenAI",
        _ if model.starts_with("claude") => "Anthropic",
        _ if model.starts_with("llama-2") => "Meta",
        _ if model.starts_with("mistral-") => "Mistral",
        _ if model.starts_with("Qwen") => "Qwen",
        _ if model.starts_with("gemini") => "Google",
        _ => "other",
    };
    let maker = match model {
        _ if family != "other" => model,
        _ if model.starts_with("vicuna") => "lmsys",
        _ if model.starts_with("wizardlm") => "wizardlm",
        _ if model.starts_with("oasst") => "oasst",
        _ if model.starts_with("alpaca") => "stanford",
        _ => model,
    };
    (family, maker)
}

/// FNV-1a, which takes five lines in any language.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Which half of the prompts a text belongs to.
pub(crate) fn half(text: &Text) -> u64 {
    fnv(&text.group).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 63
}

pub(crate) const MAKER_FOLDS: usize = 4;

/// The fold of each maker of a family with several.
pub(crate) fn maker_folds(texts: &[Text]) -> BTreeMap<(&'static str, &str), usize> {
    let makers: BTreeSet<(&str, &str)> = texts.iter().map(|text| (text.family, text.maker.as_str())).collect();
    let makers: Vec<(&str, &str)> = makers.into_iter().collect();
    let several = makers.chunk_by(|left, right| left.0 == right.0).filter(|of_family| of_family.len() > 1);
    several.flat_map(|of_family| of_family.iter().enumerate().map(|(index, key)| (*key, index % MAKER_FOLDS))).collect()
}

pub(crate) fn train<'a>(texts: impl Iterator<Item = &'a Text>) -> StyleModel {
    let mut trainer = Trainer::default();
    for text in texts {
        let Text { text, family, maker, domain, group } = text;
        trainer.add(&Labelled { text, family, maker, date: None, domain, group }).unwrap();
    }
    trainer.train(std::thread::available_parallelism().unwrap()).unwrap()
}
