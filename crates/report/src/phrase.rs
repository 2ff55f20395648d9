//! Words put together: lists, sentences, names cut to a length.

/// `shared_egress` as `shared egress`.
pub(crate) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Without the stop at its end.
pub(crate) fn sentence(text: &str) -> &str {
    text.trim_end_matches('.')
}

pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// At most so many letters, the last of them a sign that there are more.
pub(crate) fn shortened(text: &str, letters: usize) -> String {
    if text.chars().nth(letters).is_none() {
        return text.into();
    }
    text.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}
