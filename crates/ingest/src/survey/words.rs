//! What the words of a field's name say where the name as a whole is not a usual one: `user_msg`, `botReply`, `in_tok`.

use super::field::FieldKind;
use crate::dialect::plain_name;

/// Columns that the only field of a kind is, whatever it is called.
pub(super) const ALONE: &[(&str, FieldKind)] = &[("time", FieldKind::Time), ("ip", FieldKind::Address)];

/// For a column, groups of words of each of which a name must have one.
const MEANINGS: &[(&str, &[&[&str]])] = &[
    ("prompt", &[&["user", "human", "customer", "request", "prompt", "input"], ASKED]),
    ("response", &[&["bot", "assistant", "ai", "response", "reply", "answer", "output"], ANSWERED]),
    ("response", &[&["reply", "answer", "completion"]]),
    ("input_tokens", &[&["in", "input", "prompt", "request"], TOKENS]),
    ("output_tokens", &[&["out", "output", "completion", "response", "generated"], TOKENS]),
    ("cached_tokens", &[&["cache", "cached"], TOKENS]),
    ("latency_ms", &[&["latency", "duration", "elapsed", "took", "time"], &["ms", "millis", "milliseconds"]]),
    (
        "account",
        &[
            &["user", "customer", "account", "client", "consumer", "member"],
            &["id", "uid", "uuid", "key", "name", "no", "number"],
        ],
    ),
];
const ASKED: &[&str] = &["msg", "message", "messages", "text", "content", "prompt", "query", "question"];
const ANSWERED: &[&str] = &["msg", "message", "text", "content", "answer", "reply", "output", "response"];
const TOKENS: &[&str] = &["tok", "toks", "token", "tokens"];

/// Whether the words of a path's last two names mean a column.
pub(super) fn mean(column: &str, path: &str) -> bool {
    let words = words(path);
    let has = |group: &&[&str]| group.iter().any(|word| words.iter().any(|own| own == word));
    // One word may not stand for both: a `message` is nobody's, and a `prompt` is a usual name already.
    let of = |groups: &[&[&str]]| groups.iter().all(&has) && words.len() >= groups.len();
    MEANINGS.iter().any(|(name, groups)| *name == column && of(groups))
}

/// The words of the last two names of a path, in small letters.
fn words(path: &str) -> Vec<String> {
    let names: Vec<&str> = path.split(['/', '.']).filter(|name| *name != "0").collect();
    let last = names.get(names.len().saturating_sub(2)..).unwrap_or_default();
    let mut words = Vec::new();
    for name in last {
        let mut spaced = String::new();
        let mut before = ' ';
        for letter in name.chars() {
            if letter.is_uppercase() && before.is_lowercase() {
                spaced.push('_');
            }
            spaced.push(letter);
            before = letter;
        }
        words.extend(
            plain_name(&spaced)
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned),
        );
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{mean, words};

    #[test]
    fn names_are_divided_into_words() {
        assert_eq!(words("a/llm/userMsg"), ["llm", "user", "msg"]);
        assert_eq!(words("IN_TOK"), ["in", "tok"]);
    }

    #[test]
    fn words_mean_columns() {
        for (column, path, does) in [
            ("prompt", "llm/user_msg", true),
            ("prompt", "userMessage", true),
            ("prompt", "message", false),
            ("response", "bot_msg", true),
            ("response", "reply", true),
            ("response", "output/content", true),
            ("response", "user_msg", false),
            ("input_tokens", "in_tok", true),
            ("input_tokens", "tokens", false),
            ("output_tokens", "usage/generatedTokens", true),
            ("latency_ms", "total_duration_ms", true),
            ("account", "customerNo", true),
            ("account", "customer_no", true),
        ] {
            assert_eq!(mean(column, path), does, "{column} {path}");
        }
    }
}
