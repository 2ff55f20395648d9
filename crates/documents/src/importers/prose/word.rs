//! A sentence as words with their places.

/// A word of a sentence.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    /// Without marks around it.
    pub(super) text: &'t str,
    pub(super) lower: String,
    /// Where it begins in the sentence, without marks before it.
    pub(super) start: usize,
    /// A mark stands after it that ends a part of the sentence: a comma, a bracket, a dash.
    pub(super) closed: bool,
    /// A bracket or a quotation mark stands before it.
    pub(super) opened: bool,
}

/// The words of a sentence, at most so many as are read.
pub(super) fn words(sentence: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in sentence.split(' ') {
        let begin = at;
        at += chunk.len() + 1;
        if matches!(chunk, "-" | "–" | "—" | "|" | "•" | ":") {
            if let Some(last) = found.last_mut() {
                let last: &mut Word<'_> = last;
                last.closed = true;
            }
            continue;
        }
        let is_part = |own: char| own.is_alphanumeric() || matches!(own, '+' | '%' | '$' | '#');
        let Some(first) = chunk.find(is_part) else { continue };
        let last = chunk
            .rfind(is_part)
            .map_or(chunk.len(), |last| last + chunk[last..].chars().next().map_or(0, char::len_utf8));
        let text = &chunk[first..last];
        let after = &chunk[last..];
        found.push(Word {
            text,
            lower: text.to_lowercase().replace('’', "'"),
            start: begin + first,
            closed: after.contains([',', ';', ':', ')', ']', '.', '!', '?', '"', '”']),
            opened: chunk[..first].contains(['(', '[', '"', '“']),
        });
        if found.len() == MOST_WORDS {
            break;
        }
    }
    found
}

/// A longer sentence is a table or a list that was taken for one.
const MOST_WORDS: usize = 160;

pub(super) fn is(word: &Word<'_>, list: &[&str]) -> bool {
    list.contains(&word.lower.as_str())
}

pub(super) fn any(words: &[Word<'_>], list: &[&str]) -> bool {
    words.iter().any(|word| is(word, list))
}

/// "not", "never", "n't".
pub(super) fn is_negation(word: &str) -> bool {
    matches!(word, "no" | "not" | "never" | "without" | "nor" | "neither" | "none" | "cannot" | "zero")
        || word.ends_with("n't")
}
