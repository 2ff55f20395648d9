//! Words of a language in a text.

use super::language::Language;
use super::tokens::{ends_word, is_letter, starts};

/// Whether one of the next words is the first person.
pub(super) fn has_first_person(text: &str, language: &Language, words: usize) -> bool {
    if language.unspaced {
        let part: String = text.chars().take(words * 4 + 8).collect();
        return language.firsts.iter().any(|first| part.contains(first));
    }
    let mut last = None;
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        let begins = is_letter(c) && !last.is_some_and(|last| is_letter(last) || last == '\'' || last == '’');
        last = Some(c);
        if begins {
            if language.firsts.iter().any(|first| starts(&text[at..], first, false).is_some()) {
                return true;
            }
            seen += 1;
            if seen >= words {
                return false;
            }
        }
    }
    false
}

/// Whether a text goes on with a word that may follow a name.
pub(super) fn follows(text: &str, language: &Language) -> bool {
    language.followers.iter().any(|word| {
        starts(text, word, language.unspaced).is_some()
            || (word.len() > 3 && word.starts_with("in 20") && text.starts_with(word))
    })
}

pub(super) fn contains_word(text: &str, word: &str, unspaced: bool) -> bool {
    let lower = text.to_lowercase();
    lower.match_indices(word).any(|(at, _)| {
        unspaced || (!lower[..at].chars().next_back().is_some_and(is_letter) && ends_word(&lower, at + word.len()))
    })
}

pub(super) fn ends_with_word(text: &str, word: &str, unspaced: bool) -> bool {
    let lower = text.to_lowercase();
    lower.strip_suffix(word).is_some_and(|before| unspaced || !before.chars().next_back().is_some_and(is_letter))
}
