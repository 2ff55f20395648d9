//! What a model was made from besides outputs of models, as sentences say it: parents, data sets, licences, makers, places.

use stillwatch_lineage::agree::is_month;
use stillwatch_lineage::{EdgeKind, NodeKind, Terms};

use super::grammar::{AUXILIARY, FILLING};
use super::model::{Name, Sort, is_quantity, names_after};
use super::outputs::{is_modal, is_of_other};
use super::sentence::{Said, Sentence};
use super::thing::{DATA, HARDWARE, ORNAMENTS, OUTPUTS};
use super::word::{Word, any, is, is_negation};

/// Words that take a name behind them, longest first where one begins another.
const VERBS: &[(&[&str], EdgeKind)] = &[
    (&["quantized", "version", "of"], EdgeKind::QuantisedFrom),
    (&["quantised", "version", "of"], EdgeKind::QuantisedFrom),
    (&["quantized", "from"], EdgeKind::QuantisedFrom),
    (&["quantization", "of"], EdgeKind::QuantisedFrom),
    (&["gguf", "version", "of"], EdgeKind::QuantisedFrom),
    (&["fine-tuned", "version", "of"], EdgeKind::FineTunedFrom),
    (&["finetuned", "version", "of"], EdgeKind::FineTunedFrom),
    (&["instruction-tuned", "version", "of"], EdgeKind::FineTunedFrom),
    (&["fine-tuned", "from"], EdgeKind::FineTunedFrom),
    (&["finetuned", "from"], EdgeKind::FineTunedFrom),
    (&["fine-tune", "of"], EdgeKind::FineTunedFrom),
    (&["finetune", "of"], EdgeKind::FineTunedFrom),
    (&["fine-tuning", "of"], EdgeKind::FineTunedFrom),
    (&["initialized", "from"], EdgeKind::FineTunedFrom),
    (&["initialised", "from"], EdgeKind::FineTunedFrom),
    (&["initialized", "with"], EdgeKind::FineTunedFrom),
    (&["starting", "from"], EdgeKind::FineTunedFrom),
    (&["based", "on"], EdgeKind::FineTunedFrom),
    (&["built", "on", "top", "of"], EdgeKind::FineTunedFrom),
    (&["built", "on"], EdgeKind::FineTunedFrom),
    (&["built", "upon"], EdgeKind::FineTunedFrom),
    (&["derivative", "of"], EdgeKind::FineTunedFrom),
    (&["merge", "of"], EdgeKind::MergedFrom),
    (&["merged", "from"], EdgeKind::MergedFrom),
    (&["adapter", "for"], EdgeKind::AdapterOf),
    (&["adapter", "of"], EdgeKind::AdapterOf),
    (&["derived", "from"], EdgeKind::DerivedFrom),
    (&["subset", "of"], EdgeKind::DerivedFrom),
    (&["pretrained", "on"], EdgeKind::TrainedOn),
    (&["pre-trained", "on"], EdgeKind::TrainedOn),
    (&["fine-tuned", "on"], EdgeKind::TrainedOn),
    (&["finetuned", "on"], EdgeKind::TrainedOn),
    (&["fine-tuned", "with"], EdgeKind::TrainedOn),
    (&["trained", "on"], EdgeKind::TrainedOn),
    (&["trained", "using"], EdgeKind::TrainedOn),
    (&["licensed", "under"], EdgeKind::LicensedUnder),
    (&["released", "under"], EdgeKind::LicensedUnder),
    (&["distributed", "under"], EdgeKind::LicensedUnder),
    (&["available", "under"], EdgeKind::LicensedUnder),
    (&["developed", "by"], EdgeKind::OwnedBy),
    (&["trained", "by"], EdgeKind::OwnedBy),
    (&["trained", "at"], EdgeKind::RunsOn),
    (&["hosted", "on"], EdgeKind::RunsOn),
];

/// What a sentence says of descent, beside what was read of outputs.
pub(super) fn read(sentence: &Sentence<'_>, outputs: &[Said]) -> Vec<Said> {
    let words = &sentence.words;
    let mut found: Vec<Said> = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for (verb, edge) in VERBS {
        let Some(at) =
            words.windows(verb.len()).position(|part| part.iter().zip(*verb).all(|(word, own)| word.lower == *own))
        else {
            continue;
        };
        if taken.contains(&at) || is_modal(words, at) || is_of_other(sentence, at) || is_of_code(words, at, *edge) {
            continue;
        }
        let names = names_after(sentence.block, sentence.start, words, at + verb.len());
        let most = if matches!(edge, EdgeKind::TrainedOn | EdgeKind::MergedFrom | EdgeKind::FineTunedFrom) {
            names.len()
        } else {
            1
        };
        for (number, name) in names.into_iter().take(most).enumerate() {
            let Some((edge, kind)) = meant(sentence, *edge, &name, number) else { break };
            let object = name.node(kind);
            // "trained on X responses" was read as outputs of X.
            if outputs.iter().chain(&found).any(|own| own.object.name == object.name) {
                continue;
            }
            taken.push(at);
            let denied = words[at.saturating_sub(6)..at].iter().any(|word| is_negation(&word.lower));
            found.push(Said { edge, object, denied });
        }
    }
    found.extend(label(sentence));
    found
}

/// What an edge means for this name, if it can be one of its objects at all.
fn meant(sentence: &Sentence<'_>, edge: EdgeKind, name: &Name, number: usize) -> Option<(EdgeKind, NodeKind)> {
    let words = &sentence.words;
    let of_data = sentence.is_of_data();
    let own = &words[name.from..name.to];
    let next = words.get(name.to).filter(|_| !own.last().is_some_and(|word| word.closed));
    let follows = |list: &[&str]| next.is_some_and(|word| is(word, list));
    let is_number = own.iter().all(|word| is_quantity(&word.lower));
    let is_hardware = any(own, HARDWARE) || follows(HARDWARE);
    if is_number || name.text.chars().filter(|own| own.is_alphabetic()).count() < 2 && name.text.len() < 2 {
        return None;
    }
    match edge {
        EdgeKind::TrainedOn => {
            let is_output = follows(OUTPUTS) || follows(&["generated", "synthetic"]);
            if is_hardware || is_output || is_date_or_language(&name.text) || name.sort == Sort::Vendor {
                return None;
            }
            match name.sort {
                // "fine-tuned on Llama 2" is said of the model that training began with.
                Sort::Model if follows(DATA) => Some((EdgeKind::TrainedOn, NodeKind::DataSet)),
                Sort::Model if number == 0 => Some((EdgeKind::FineTunedFrom, NodeKind::Model)),
                Sort::Model => None,
                _ => Some((EdgeKind::TrainedOn, NodeKind::DataSet)),
            }
        }
        EdgeKind::FineTunedFrom | EdgeKind::MergedFrom | EdgeKind::QuantisedFrom | EdgeKind::AdapterOf => {
            let is_architecture = follows(&[
                "architecture",
                "architectures",
                "framework",
                "library",
                "recipe",
                "codebase",
                "code",
                "tokenizer",
                "design",
                "paper",
                "method",
            ]);
            match (of_data, name.sort) {
                _ if is_architecture || follows(OUTPUTS) => None,
                (true, Sort::DataSet | Sort::Other) if edge == EdgeKind::FineTunedFrom => {
                    Some((EdgeKind::DerivedFrom, NodeKind::DataSet))
                }
                (false, Sort::Model) => Some((edge, NodeKind::Model)),
                (false, Sort::Other)
                    if follows(&["model", "checkpoint", "weights"])
                        || edge != EdgeKind::FineTunedFrom && name.text.contains(['-', '/']) =>
                {
                    Some((edge, NodeKind::Model))
                }
                _ => None,
            }
        }
        EdgeKind::DerivedFrom => (of_data && name.sort != Sort::Model).then_some((edge, NodeKind::DataSet)),
        EdgeKind::LicensedUnder => {
            let is_licence = Terms::find(&name.text).is_some()
                || crate::importers::hugging_face::spdx(&name.text.to_lowercase()).is_some()
                || follows(&["license", "licence", "agreement", "terms"])
                || own.iter().any(|word| is(word, &["license", "licence", "terms", "agreement"]));
            is_licence.then_some((edge, NodeKind::Licence))
        }
        EdgeKind::OwnedBy => {
            (!matches!(name.sort, Sort::Model | Sort::DataSet)).then_some((edge, NodeKind::Organisation))
        }
        EdgeKind::RunsOn => {
            let is_hub = matches!(
                name.text.to_lowercase().as_str(),
                "hugging face" | "huggingface" | "github" | "modelscope" | "kaggle"
            );
            let is_type = any(own, &["bf16", "fp16", "fp8", "int8", "fp32"]);
            (!is_hub && !is_type && name.sort == Sort::Other && name.text.starts_with(char::is_uppercase))
                .then_some((edge, NodeKind::Compute))
        }
        _ => None,
    }
}

/// "Base model: X", "Finetuned from model: X", "Dataset: X".
fn label(sentence: &Sentence<'_>) -> Vec<Said> {
    let Some((label, _)) = sentence.text.split_once(':').filter(|(label, _)| label.len() <= 40) else {
        return Vec::new();
    };
    let own = super::word::words(label);
    let Some(from) = sentence.words.iter().position(|word| word.start > label.len()) else { return Vec::new() };
    let ends = |list: &[&str]| own.len() <= 5 && own.last().is_some_and(|word| is(word, list));
    let parent = any(&own, &["base", "parent", "finetuned", "fine-tuned", "backbone"])
        && (ends(&["model", "from"]) || any(&own, &["model"]))
        && !any(&own, OUTPUTS);
    let data = own.len() <= 3
        && ends(&["dataset", "datasets", "corpus"])
        && !any(&own, &["evaluation", "eval", "test", "benchmark", "validation"]);
    let maker = own.len() <= 3 && any(&own, &["developed"]) && ends(&["by"]);
    if !parent && !data && !maker {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, name) in names_after(sentence.block, sentence.start, &sentence.words, from).into_iter().enumerate() {
        let what = if parent && name.sort != Sort::DataSet && name.sort != Sort::Vendor && !sentence.is_of_data() {
            (EdgeKind::FineTunedFrom, NodeKind::Model)
        } else if data
            && name.sort != Sort::Model
            && name.sort != Sort::Vendor
            && !is_quantity(&name.text.to_lowercase())
            && !sentence.is_of_data()
        {
            (EdgeKind::TrainedOn, NodeKind::DataSet)
        } else if maker && number == 0 && !matches!(name.sort, Sort::Model | Sort::DataSet) {
            (EdgeKind::OwnedBy, NodeKind::Organisation)
        } else {
            break;
        };
        found.push(Said { edge: what.0, object: name.node(what.1), denied: false });
    }
    found
}

/// Whether a sentence speaks of code, or of a picture, and not of the model: "the code is licensed under".
fn is_of_code(words: &[Word<'_>], at: usize, edge: EdgeKind) -> bool {
    const CODE: &[&str] = &[
        "code",
        "codebase",
        "repository",
        "repo",
        "script",
        "scripts",
        "library",
        "software",
        "framework",
        "package",
        "documentation",
        "tokenizer",
        "tokeniser",
        "paper",
        "website",
        "demo",
        "app",
        "application",
        "plugin",
        "evaluation",
        "benchmark",
        "classifier",
        "filter",
    ];
    let before = &words[at.saturating_sub(6)..at];
    let is_picture = any(before, ORNAMENTS) && !any(before, DATA);
    let is_filling = |word: &Word<'_>| is(word, FILLING);
    let subject = before.iter().rev().find(|word| !is_filling(word) && !is(word, AUXILIARY));
    let of_code = subject.is_some_and(|word| is(word, CODE));
    of_code || is_picture && matches!(edge, EdgeKind::OwnedBy | EdgeKind::LicensedUnder | EdgeKind::TrainedOn)
}

/// "May 2023", "English", "German and French": no data sets.
fn is_date_or_language(text: &str) -> bool {
    const NONE: &[&str] = &[
        "english",
        "german",
        "french",
        "spanish",
        "italian",
        "chinese",
        "japanese",
        "korean",
        "arabic",
        "hindi",
        "russian",
        "portuguese",
        "dutch",
        "polish",
        "turkish",
        "vietnamese",
        "indonesian",
        "swedish",
        "danish",
        "norwegian",
        "finnish",
        "czech",
        "greek",
        "hebrew",
        "thai",
        "ukrainian",
        "romanian",
        "hungarian",
        "persian",
        "bengali",
        "tamil",
        "urdu",
        "european",
        "indic",
        "python",
        "java",
        "javascript",
        "rust",
        "internet",
        "web",
        "ai",
        "nlp",
        "llm",
        "llms",
        "transformers",
        "pytorch",
        "deepspeed",
        "megatron",
        "fsdp",
        "lora",
        "qlora",
        "peft",
        "unsloth",
        "axolotl",
        "trl",
        "sft",
        "dpo",
        "rlhf",
        "ppo",
        "grpo",
        "jax",
        "flax",
        "tensorflow",
        "keras",
        "spacy",
        "fairseq",
        "adam",
        "adamw",
        "bf16",
        "fp16",
        "fp8",
    ];
    let lower = text.to_lowercase();
    let mut parts = lower.split(|own: char| !own.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.all(|part| NONE.contains(&part) || is_month(part) || part.bytes().all(|byte| byte.is_ascii_digit()))
}
