//! Answers that are no disclosure whatever they hold.

use std::collections::BTreeSet;

use super::Disclosure;
use super::said::Said;
use super::wanted::Wanted;
use crate::import::placeholder::{Placeholder, placeholder};

/// Why an answer is no disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruled {
    Placeholder(Placeholder),
    /// No word was read.
    Nothing,
    /// Every sentence says that it will not be said.
    Withheld,
    /// It gives back the question, its notes or its example.
    Echo,
    /// It shares no word with what was asked, and has no name, figure or link that could be what was asked for.
    Beside,
    /// Words strung together that make no English sentences.
    Strung,
}

impl Ruled {
    pub(super) fn disclosure(self) -> Disclosure {
        match self {
            Self::Placeholder(Placeholder::Empty) | Self::Nothing => Disclosure::Empty,
            Self::Placeholder(Placeholder::Withheld) | Self::Withheld => Disclosure::Withheld,
            Self::Placeholder(Placeholder::Elsewhere) => Disclosure::Elsewhere,
            Self::Echo | Self::Beside | Self::Strung => Disclosure::Vague,
        }
    }
}

pub(super) fn rule(text: &str, wanted: &Wanted, said: &Said) -> Option<Ruled> {
    if let Some(found) = placeholder(text) {
        return Some(Ruled::Placeholder(found));
    }
    if said.words == 0 && said.links == 0 {
        return Some(if said.withheld > 0 { Ruled::Withheld } else { Ruled::Nothing });
    }
    if echoes(wanted, said) {
        return Some(Ruled::Echo);
    }
    let bare = said.names.is_empty() && said.quantities.is_empty() && said.links == 0 && !said.denies;
    if bare && !said.content.iter().any(|stem| wanted.speaks_of(stem)) {
        return Some(Ruled::Beside);
    }
    (2 * said.strung >= said.words && said.strung > 0).then_some(Ruled::Strung)
}

/// Fewer than a fifth of the words that say something are not of the question and its notes, and there is no figure
/// of its own; and either there is neither a name nor a denial, or it gives back most of the question or the notes.
/// The words of the example may be used: it shows what an answer looks like. All of them without any other may not.
fn echoes(wanted: &Wanted, said: &Said) -> bool {
    let gives_back = |part: Option<&BTreeSet<String>>, percent: usize| {
        part.is_some_and(|part| {
            let common = part.iter().filter(|stem| said.content.contains(*stem)).count();
            common >= FEW && common * 100 >= part.len() * percent
        })
    };
    if said.links > 0 || said.content.is_empty() {
        return false;
    }
    let example = wanted.example.as_ref();
    if gives_back(example, 90) && said.content.iter().all(|stem| example.is_some_and(|words| words.contains(stem))) {
        return true;
    }
    let own = said.content.iter().filter(|stem| !wanted.asks_with(stem)).count();
    if own * 5 >= said.content.len() || said.quantities.keys().any(|number| !wanted.numbers.contains(number)) {
        return false;
    }
    let denies = said.denies && !said.asks;
    let most = gives_back(Some(&wanted.question), 90) || gives_back(wanted.notes.as_ref(), 60);
    !denies && (most || said.names.is_empty())
}

/// An answer may well hold the few words of a short question.
const FEW: usize = 5;
