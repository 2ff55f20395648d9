//! When two values that are said of one attribute mean the same. One rule for the graph and for documents held against
//! each other: what is rounded, shortened, converted or written as a sentence is no contradiction.

mod day;
mod head;

pub use day::is_month;
pub use head::head;

use crate::Attribute;
use crate::quantity::Quantity;
use crate::resolve::fold;

/// What comes out of holding two values against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    Same,
    Different,
    /// Words and a number, a day, a flag or a name cannot be held against each other.
    Unclear,
}

/// A value and who wrote it: programs write names, people write more or less than that.
#[derive(Clone, Copy, Debug)]
pub struct Written<'t> {
    pub text: &'t str,
    pub by_program: bool,
}

impl<'t> Written<'t> {
    /// Where nothing is known of the writer: programs write one word in small letters, or a class.
    pub fn guessed(text: &'t str) -> Self {
        let is_word = !text.contains(char::is_whitespace);
        let folded = fold(text);
        Self { text, by_program: is_word && (!text.contains(char::is_uppercase) || stem(&folded) != folded) }
    }
}

/// Holds two values of an attribute against each other.
pub fn agreement(attribute: &str, left: Written<'_>, right: Written<'_>) -> Agreement {
    let (a, b) = (fold(left.text), fold(right.text));
    if a == b && !a.is_empty() {
        return Agreement::Same;
    }
    match attribute {
        Attribute::SYNTHETIC | Attribute::SYNTHETIC_SEPARATED => flags(left.text, right.text),
        Attribute::ARCHITECTURE => architectures(left, right),
        Attribute::TOKENIZER => unless(tokenizers(&a, &b)),
        Attribute::QUANTISATION => quantisations(left.text, right.text),
        Attribute::DIGEST => digests(left.text, right.text),
        Attribute::RELEASED | Attribute::MARKET_DATE | Attribute::DATA_CUTOFF => days(left.text, right.text),
        Attribute::VERSION => names(version(left.text), version(right.text)),
        _ if is_flag(&a) || is_flag(&b) => flags(left.text, right.text),
        _ if day::is_written_whole(left.text) || day::is_written_whole(right.text) => days(left.text, right.text),
        _ => names(left.text, right.text),
    }
}

fn unless(agree: bool) -> Agreement {
    if agree { Agreement::Unclear } else { Agreement::Different }
}

fn same(same: bool) -> Agreement {
    if same { Agreement::Same } else { Agreement::Different }
}

/// Numbers, names, and sentences that are neither.
fn names(left: &str, right: &str) -> Agreement {
    match (Quantity::parse(left), Quantity::parse(right)) {
        (Some(left), Some(right)) => same(left.agrees(&right)),
        (None, None) if is_name(left) && is_name(right) => same(fold(left) == fold(right)),
        _ => Agreement::Unclear,
    }
}

/// Longer than this is a sentence and no name.
const MOST_WORDS_OF_A_NAME: usize = 3;

fn is_name(text: &str) -> bool {
    text.split_whitespace().nth(MOST_WORDS_OF_A_NAME).is_none()
}

fn is_flag(folded: &str) -> bool {
    matches!(folded, "true" | "false")
}

fn flags(left: &str, right: &str) -> Agreement {
    match (head(left), head(right)) {
        (Some(left), Some(right)) => same(left == right),
        _ => Agreement::Unclear,
    }
}

/// Days written differently; of a sentence only a day that it shares is taken for what it says.
fn days(left: &str, right: &str) -> Agreement {
    let (own, other) = (day::days(left), day::days(right));
    if own.iter().any(|own| other.iter().any(|other| own.overlaps(*other))) {
        return Agreement::Same;
    }
    if own.is_empty() && other.is_empty() {
        return names(left, right);
    }
    if day::is_day(left) && day::is_day(right) { Agreement::Different } else { Agreement::Unclear }
}

/// "v1.0" and "version 1.0" are 1.0.
fn version(text: &str) -> &str {
    let text = text.trim();
    let rest = ["version ", "Version ", "v", "V"].iter().find_map(|start| text.strip_prefix(start));
    rest.filter(|rest| rest.starts_with(|own: char| own.is_ascii_digit())).unwrap_or(text)
}

/// Digests by two algorithms cannot be held against each other.
fn digests(left: &str, right: &str) -> Agreement {
    let parts = |text: &str| match text.split_once(':') {
        Some((algorithm, value)) => (Some(fold(algorithm)), fold(value)),
        None => (None, fold(text)),
    };
    let ((own, left_value), (other, right_value)) = (parts(left), parts(right));
    if left_value == right_value {
        return Agreement::Same;
    }
    let is_digest = |value: &str| value.len() >= 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_other = own.zip(other).is_some_and(|(own, other)| own != other);
    if is_other || (is_name(left) && is_name(right)) && !(is_digest(&left_value) && is_digest(&right_value)) {
        return if is_other { Agreement::Unclear } else { names(left, right) };
    }
    if is_digest(&left_value) && is_digest(&right_value) && left_value.len() == right_value.len() {
        Agreement::Different
    } else {
        Agreement::Unclear
    }
}

/// `f16`, `bf16`, `f32` or `f64` for weights that are not packed.
pub fn precision(value: &str) -> Option<&'static str> {
    Some(match fold(value).as_str() {
        "f16" | "fp16" | "float16" | "half" | "torchfloat16" => "f16",
        "bf16" | "bfloat16" | "torchbfloat16" => "bf16",
        "f32" | "fp32" | "float32" | "float" | "torchfloat32" => "f32",
        "f64" | "fp64" | "float64" | "double" => "f64",
        _ => return None,
    })
}

fn quantisations(left: &str, right: &str) -> Agreement {
    match (precision(left), precision(right)) {
        (Some(left), Some(right)) => same(left == right),
        // A file mixes kinds, tensor by tensor, and a model lies in files of several: each packed kind, and the precision
        // that it was packed from, may stand beside the other.
        _ => match names(left, right) {
            Agreement::Different => Agreement::Unclear,
            found => found,
        },
    }
}

fn architectures(left: Written<'_>, right: Written<'_>) -> Agreement {
    let (a, b) = (fold(left.text), fold(right.text));
    let (a, b) = (stem(&a), stem(&b));
    if a == b || families(a, b) {
        return Agreement::Same;
    }
    if left.by_program && right.by_program {
        return Agreement::Different;
    }
    let generic = |words: &str| {
        ["transformer", "decoder", "encoder", "languagemodel", "autoregressive", "mixtureofexperts", "neuralnetwork"]
            .iter()
            .any(|own| words.contains(own))
    };
    let sized = |long: &str, short: &str| {
        !short.is_empty()
            && long.strip_prefix(short).is_some_and(|rest| {
                rest.chars().all(|own| own.is_ascii_digit() || matches!(own, 'b' | 'v' | 'm')) && rest != "v"
            })
    };
    let is_sentence = !is_name(left.text) || !is_name(right.text);
    unless(is_sentence || generic(a) || generic(b) || sized(a, b) || sized(b, a))
}

/// Names that transformers and llama.cpp give one family.
fn families(left: &str, right: &str) -> bool {
    const ALIASES: &[(&str, &str)] = &[
        ("bert", "roberta"),
        ("bert", "xlmroberta"),
        ("falcon", "rw"),
        ("starcoder", "gptbigcode"),
        ("phi2", "phi"),
        ("commandr", "cohere"),
        ("jinabertv2", "jinabert"),
        ("deepseek2", "deepseekv2"),
        ("deepseek2", "deepseekv3"),
        ("gptoss", "gptossmoe"),
    ];
    ALIASES.iter().any(|&(a, b)| (left, right) == (a, b) || (left, right) == (b, a))
}

/// The family of an architecture, without the head that it is loaded with.
pub fn stem(folded: &str) -> &str {
    const HEADS: &[&str] = &[
        "forcausallm",
        "forconditionalgeneration",
        "forsequenceclassification",
        "formaskedlm",
        "lmheadmodel",
        "headmodel",
        "model",
    ];
    HEADS.iter().find_map(|head| folded.strip_suffix(head)).unwrap_or(folded)
}

/// How a tokenizer cuts words, by its name in GGUF (`llama` for SentencePiece, `gpt2` for byte pairs), by its class in
/// transformers or by a word for its method. `None` for names that do not tell.
fn methods(folded: &str) -> Option<&'static [&'static str]> {
    const METHODS: &[(&str, &[&str])] = &[
        // The class of Llama reads both kinds.
        ("llamatokenizer", &["sentencepiece", "pairs"]),
        ("gpt2", &["pairs"]),
        ("gptneox", &["pairs"]),
        ("qwen2", &["pairs"]),
        ("codegen", &["pairs"]),
        ("tiktoken", &["pairs"]),
        ("bytelevel", &["pairs"]),
        ("bert", &["wordpiece"]),
        ("wordpiece", &["wordpiece"]),
        ("t5", &["unigram"]),
        ("unigram", &["unigram"]),
        ("sentencepiece", &["sentencepiece", "unigram"]),
        ("spm", &["sentencepiece", "unigram"]),
        ("gemma", &["sentencepiece"]),
        ("rwkv", &["rwkv"]),
    ];
    if folded == "llama" {
        return Some(&["sentencepiece"]);
    }
    METHODS.iter().find(|(name, _)| folded.contains(name)).map(|(_, methods)| *methods)
}

fn tokenizers(left: &str, right: &str) -> bool {
    let fast = |name: &str| name.trim_end_matches("fast").to_owned();
    match (methods(left), methods(right)) {
        _ if fast(left) == fast(right) => true,
        (Some(left), Some(right)) => left.iter().any(|own| right.contains(own)),
        _ => true,
    }
}
