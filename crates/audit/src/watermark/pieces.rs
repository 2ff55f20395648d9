//! Where a text can be cut without changing one of its tokens.
//!
//! Byte-level models first split a text by a regular expression in which a space belongs to the word behind it. So a text
//! may be cut before a space that stands between a visible character and a letter: the expressions below match nothing
//! across such a place. Other tokenizers (SentencePiece, WordPiece, unknown expressions) are left whole.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The expressions of GPT-4 and Llama 3, of Qwen, and of GPT-2, as their files write them.
const EXPRESSIONS: [&str; 3] = [
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
];

/// What of a `tokenizer.json` decides.
#[derive(Deserialize)]
struct Shape {
    normalizer: Option<Value>,
    pre_tokenizer: Option<Value>,
    #[serde(default)]
    added_tokens: Vec<Added>,
    model: Model,
}

#[derive(Deserialize)]
struct Added {
    content: String,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    single_word: bool,
}

#[derive(Deserialize)]
struct Model {
    /// Tokens at random.
    dropout: Option<IgnoredAny>,
}

/// Whether a tokenizer, by its file, gives a text that is cut into [`pieces`] the tokens of the whole.
pub(super) fn is_cut_at_spaces(json: &[u8]) -> bool {
    let Ok(shape) = serde_json::from_slice::<Shape>(json) else { return false };
    let kind = |value: &Value| value["type"].as_str().unwrap_or_default().to_owned();
    // Composition of characters does not reach across a space.
    let normalises = shape.normalizer.as_ref().is_some_and(|own| kind(own) != "NFC");
    let added = shape
        .added_tokens
        .iter()
        .any(|token| token.lstrip || token.rstrip || token.single_word || token.content.contains(char::is_whitespace));
    if normalises || added || shape.model.dropout.is_some() {
        return false;
    }
    let Some(first) = shape.pre_tokenizer else { return false };
    let steps = match kind(&first).as_str() {
        "Sequence" => first["pretokenizers"].as_array().cloned().unwrap_or_default(),
        _ => vec![first],
    };
    let splits = |step: &Value| {
        let known = step["pattern"]["Regex"].as_str().is_some_and(|own| EXPRESSIONS.contains(&own));
        known && step["behavior"] == "Isolated" && step["invert"] == false
    };
    match steps.as_slice() {
        [bytes] => kind(bytes) == "ByteLevel" && bytes["use_regex"] != false,
        [split, bytes] => {
            let plain = bytes["use_regex"] == false && bytes["add_prefix_space"] == false;
            kind(split) == "Split" && splits(split) && kind(bytes) == "ByteLevel" && plain
        }
        _ => false,
    }
}

/// The text in pieces that begin with a space and a letter, but for the first.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        // Around ASCII bytes a cut is on a character's border.
        let is_cut = |at: &usize| {
            bytes[*at] == b' '
                && bytes[at - 1].is_ascii_graphic()
                && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
        };
        let end = (start + 1..bytes.len()).find(is_cut).unwrap_or(bytes.len());
        let piece = text.get(start..end);
        start = end;
        piece
    })
}
