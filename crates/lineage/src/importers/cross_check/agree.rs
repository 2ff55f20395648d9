//! When two documents mean the same in different words: what is rounded, shortened or converted is no contradiction.

use super::Said;
use crate::import::{DocumentKind, Object, Scheme};
use crate::quantity::Quantity;
use crate::resolve::fold;
use crate::{Attribute, EdgeKind};

pub(super) fn agree(attribute: &str, left: &Said<'_>, right: &Said<'_>) -> bool {
    let (a, b) = (fold(&left.value), fold(&right.value));
    match attribute {
        Attribute::ARCHITECTURE => architectures(left, right),
        Attribute::TOKENIZER => tokenizers(&a, &b),
        _ => match (Quantity::parse(&left.value), Quantity::parse(&right.value)) {
            (Some(left), Some(right)) => left.agrees(&right),
            // Words and a number cannot be held against each other.
            (Some(_), None) | (None, Some(_)) => true,
            (None, None) => a == b,
        },
    }
}

/// Whether weights are of the kind that is claimed. A model that is kept in a precision is often converted to another
/// for a file of GGUF, or packed; what is packed is never full again.
pub(super) fn weights_agree(weights: &Said<'_>, claim: &Said<'_>) -> bool {
    let converted = weights.document() == DocumentKind::Gguf;
    let (own, said) = (precision(&weights.value), precision(&claim.value));
    match (own, said) {
        (Some(own), Some(said)) => own == said || converted,
        // A configuration speaks of the model that the file was made from.
        (None, Some(_)) => converted,
        (Some(_), None) => bits(&claim.value).is_none() && !claim.by_program(),
        (None, None) if converted && claim.document() == DocumentKind::Config => true,
        (None, None) => {
            let (own, said) = (fold(&weights.value), fold(&claim.value));
            let of_ggml = |name: &str| name.trim_start_matches('i').starts_with('q') && bits(name).is_some();
            if of_ggml(&own) && of_ggml(&said) {
                return own.starts_with(&said) || said.starts_with(&own);
            }
            match (bits(&weights.value), bits(&claim.value)) {
                (Some(own), Some(said)) => own == said,
                // Packed into whole numbers, whose width says nothing.
                _ => true,
            }
        }
    }
}

/// `f16`, `bf16`, `f32` or `f64` for weights that are not packed.
fn precision(value: &str) -> Option<&'static str> {
    Some(match fold(value).as_str() {
        "f16" | "fp16" | "float16" | "half" | "torchfloat16" => "f16",
        "bf16" | "bfloat16" | "torchbfloat16" => "bf16",
        "f32" | "fp32" | "float32" | "float" | "torchfloat32" => "f32",
        "f64" | "fp64" | "float64" | "double" => "f64",
        _ => return None,
    })
}

/// Bits of a packed weight, by the first number in its name: `Q4_K_M`, `gptq 4 bit`, `int8`. The types `I32` and `U8`
/// of safetensors are what others are packed into.
fn bits(value: &str) -> Option<u32> {
    let folded = fold(value);
    if matches!(folded.as_str(), "i32" | "u32" | "i64" | "u8" | "i16") {
        return None;
    }
    let start = folded.find(|own: char| own.is_ascii_digit())?;
    let digits = &folded[start..];
    let end = digits.find(|own: char| !own.is_ascii_digit()).unwrap_or(digits.len());
    // `Q4_0` folds to `q40`: the digit behind the underscore is no part of the number.
    let end = if folded.trim_start_matches('i').starts_with('q') { 1 } else { end };
    digits[..end].parse().ok().filter(|bits| (1..=8).contains(bits))
}

fn architectures(left: &Said<'_>, right: &Said<'_>) -> bool {
    let (a, b) = (fold(&left.value), fold(&right.value));
    let (a, b) = (stem(&a), stem(&b));
    if a == b || families(a, b) {
        return true;
    }
    // Programs write names, people write more or less than that.
    if left.by_program() && right.by_program() {
        return false;
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
    generic(a) || generic(b) || sized(a, b) || sized(b, a)
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

/// Families that are written as `llama` in GGUF.
pub(super) fn is_llama(said: &Said<'_>) -> bool {
    let folded = fold(&said.value);
    let people = !said.by_program()
        && ["transformer", "decoder", "languagemodel", "autoregressive"].iter().any(|own| folded.contains(own));
    people
        || ["llama", "mistral", "mixtral", "yi", "smollm", "internlm3", "granite", "bailing"]
            .iter()
            .any(|name| stem(&folded).starts_with(name))
}

fn stem(folded: &str) -> &str {
    const HEADS: &[&str] = &[
        "forcausallm",
        "forconditionalgeneration",
        "forsequenceclassification",
        "formaskedlm",
        "lmheadmodel",
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

/// A licence by its SPDX identifier, or its name without the words that all licences have.
pub(super) fn licence(name: &str) -> String {
    let spdx = crate::importers::hugging_face::spdx(&name.to_ascii_lowercase()).flatten();
    let words = spdx.unwrap_or(name).to_lowercase();
    let words = words
        .split(|own: char| !(own.is_alphanumeric() || own == '.'))
        .filter(|word| !matches!(*word, "license" | "licence" | "version" | "the" | "agreement" | "community" | "v"));
    fold(&words.map(|word| word.strip_suffix(".0").unwrap_or(word)).collect::<String>())
}

/// Whether two documents name one parent. A file that was converted keeps the parents of the model it was made from,
/// and its card names that model: the title of the file says which it is.
pub(super) fn parent(left: &Said<'_>, right: &Said<'_>) -> bool {
    let (a, b) = (own_name(left), own_name(right));
    a == b || converted(left, right, &a) || converted(right, left, &b)
}

/// By its id, else by its name; the last part of either.
fn own_name(said: &Said<'_>) -> String {
    let Object::Node(node) = &said.statement.object else { return fold(&said.value) };
    let id = node.identifiers.iter().find(|id| id.scheme == Scheme::HuggingFace).map(|id| id.value.as_str());
    let name = id.unwrap_or(&node.name);
    fold(name.rsplit('/').next().unwrap_or(name))
}

fn converted(card: &Said<'_>, header: &Said<'_>, source: &str) -> bool {
    let title = header.import.document.title.as_deref().map(fold).unwrap_or_default();
    card.statement.predicate == EdgeKind::QuantisedFrom.into()
        && header.document() == DocumentKind::Gguf
        && !title.is_empty()
        && (source.starts_with(&title) || title.starts_with(source))
}
