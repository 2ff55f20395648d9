//! When two documents mean the same in different words: what is rounded, shortened or converted is no contradiction.

use stillwatch_lineage::agree::{Agreement, Written, agreement, precision, stem};
use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{DocumentKind, EdgeKind, Object, Scheme};

use super::ComparedClaim;

/// By the rule that the graph holds claims against each other with.
pub(super) fn agree(attribute: &str, left: &ComparedClaim<'_>, right: &ComparedClaim<'_>) -> bool {
    let (left, right) = (
        Written { text: &left.value, by_program: left.by_program() },
        Written { text: &right.value, by_program: right.by_program() },
    );
    agreement(attribute, left, right) != Agreement::Different
}

/// Whether weights are of the kind that is claimed. A model that is kept in a precision is often converted to another
/// for a file of GGUF, or packed; what is packed is never full again.
pub(super) fn weights_agree(weights: &ComparedClaim<'_>, claim: &ComparedClaim<'_>) -> bool {
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

/// Families that are written as `llama` in GGUF.
pub(super) fn is_llama(said: &ComparedClaim<'_>) -> bool {
    let folded = fold(&said.value);
    let people = !said.by_program()
        && ["transformer", "decoder", "languagemodel", "autoregressive"].iter().any(|own| folded.contains(own));
    people
        || ["llama", "mistral", "mixtral", "yi", "smollm", "internlm3", "granite", "bailing"]
            .iter()
            .any(|name| stem(&folded).starts_with(name))
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
pub(super) fn parent(left: &ComparedClaim<'_>, right: &ComparedClaim<'_>) -> bool {
    let (a, b) = (own_name(left), own_name(right));
    a == b || converted(left, right, &a) || converted(right, left, &b)
}

/// By its id, else by its name; the last part of either.
fn own_name(said: &ComparedClaim<'_>) -> String {
    let Object::Node(node) = &said.statement.object else { return fold(&said.value) };
    let id = node.identifiers.iter().find(|id| id.scheme == Scheme::HuggingFace).map(|id| id.value.as_str());
    let name = id.unwrap_or(&node.name);
    fold(name.rsplit('/').next().unwrap_or(name))
}

fn converted(card: &ComparedClaim<'_>, header: &ComparedClaim<'_>, source: &str) -> bool {
    let title = header.import.document.title.as_deref().map(fold).unwrap_or_default();
    card.statement.predicate == EdgeKind::QuantisedFrom.into()
        && header.document() == DocumentKind::Gguf
        && !title.is_empty()
        && (source.starts_with(&title) || title.starts_with(source))
}
