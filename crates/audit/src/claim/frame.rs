//! What stands around a statement: whether it leaves the statement the author's own.

use super::language::Language;
use super::tokens::starts;
use super::vendors::VENDORS;
use super::words::{contains_word, ends_with_word};

/// Whether what stands before an opening leaves the statement the author's own.
pub(super) fn leads(lead: &str, language: &Language, by_model: bool) -> bool {
    let lead =
        lead.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '"' | '“' | '(' | '['));
    let lead = lead.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '-' | '•'));
    let Some(last) = lead.chars().next_back() else { return true };
    let reported = || language.reports.iter().any(|report| contains_word(lead, report, language.unspaced));
    match last {
        ':' | '：' => is_role(lead) || (by_model && !reported()),
        ',' | '，' | '、' | '،' | ';' | '；' | ')' | '—' | '–' | '-' | '…' | '.' | '!' | '?' | '。' | '！' | '？'
        | '|' => !reported(),
        _ => {
            let ends = |words: &[&str]| words.iter().any(|word| ends_with_word(lead, word, language.unspaced));
            if ends(language.that) {
                return !reported() && speaks_of_itself(lead, language);
            }
            ends(language.leads) && !reported()
        }
    }
}

/// "I should say that …", "please note that …".
fn speaks_of_itself(lead: &str, language: &Language) -> bool {
    language.firsts.iter().any(|first| contains_word(lead, first, language.unspaced))
        || ["note", "remember", "mind", "aware", "important", "worth"]
            .iter()
            .any(|word| contains_word(lead, word, false))
}

/// "Answer:", "Assistant:".
fn is_role(lead: &str) -> bool {
    const ROLES: &[&str] = &[
        "a",
        "ai",
        "answer",
        "assistant",
        "bot",
        "chatbot",
        "gpt",
        "model",
        "response",
        "note",
        "output",
        "identity",
        "name",
        "about me",
        "disclaimer",
    ];
    let label = lead.trim_end_matches([':', '：', '*', ' ']).trim_start_matches(['*', '#', ' ']).to_lowercase();
    ROLES.contains(&label.as_str())
        || VENDORS.iter().any(|vendor| vendor.names.iter().any(|name| name.text.eq_ignore_ascii_case(&label)))
}

/// "…, said the lamp."
pub(super) fn is_reported(rest: &str, language: &Language) -> bool {
    // These say something only before a statement.
    const BEFORE_ONLY: &[&str] = &[
        "if", "would", "whether", "om", "se", "si", "так", "of", "text", "line", "words", "sentence", "phrase",
        "start", "type",
    ];
    let marks = [',', '"', '”', '“', '»', '—', '–', '」', '\'', '’', '，', '،'];
    let verbs = || language.reports.iter().filter(|report| !BEFORE_ONLY.contains(*report));
    if language.unspaced && !language.reports_behind {
        return false;
    }
    if language.reports_behind {
        return verbs().any(|report| contains_word(rest, report, language.unspaced));
    }
    let said = rest.split(marks).skip(1).any(|part| {
        let part = part.trim_start();
        verbs().any(|verb| {
            // A verb with its subject behind it.
            starts(part, verb, false).is_some_and(|length| part[length..].trim_start().starts_with(char::is_alphabetic))
        })
    });
    let subject_first = rest.split(marks).skip(1).any(|part| {
        part.split_whitespace()
            .take(5)
            .any(|word| matches!(word, "said" | "wrote" | "replied" | "answered" | "sagte" | "dijo" | "disse"))
    });
    said || subject_first || ["how else", "why else"].iter().any(|irony| contains_word(rest, irony, false))
}
