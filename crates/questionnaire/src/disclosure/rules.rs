//! Answers that are no disclosure whatever they hold.

use std::collections::BTreeSet;

use stillwatch_lineage::placeholder::{Placeholder, placeholder};

use super::Disclosure;
use super::answer::AnswerContent;
use super::question::QuestionContent;
use super::sentence::Reading;

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
    /// It is in another language, which nothing here can read.
    Foreign,
}

impl Ruled {
    pub(super) fn disclosure(self) -> Disclosure {
        match self {
            Self::Placeholder(Placeholder::Empty) | Self::Nothing => Disclosure::Empty,
            Self::Placeholder(Placeholder::Withheld) | Self::Withheld => Disclosure::Withheld,
            Self::Placeholder(Placeholder::Elsewhere) => Disclosure::Elsewhere,
            Self::Echo | Self::Beside | Self::Strung => Disclosure::Vague,
            Self::Foreign => Disclosure::NeedsReader,
        }
    }
}

pub(super) fn rule(text: &str, reading: &Reading, wanted: &QuestionContent, said: &AnswerContent) -> Option<Ruled> {
    if let Some(found) = placeholder(text) {
        return Some(Ruled::Placeholder(found));
    }
    if said.words == 0 && said.links == 0 {
        return Some(if said.withheld > 0 { Ruled::Withheld } else { Ruled::Nothing });
    }
    if reading.is_foreign() {
        return Some(Ruled::Foreign);
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

/// Whether an answer gives back what was asked. The words of the example may be used, since it shows what an answer
/// looks like, and a denial is often said in the words of the question ("there is no such policy").
fn echoes(wanted: &QuestionContent, said: &AnswerContent) -> bool {
    let gives_back = |part: Option<&BTreeSet<String>>, percent: usize| {
        part.is_some_and(|part| {
            let common = part.iter().filter(|stem| said.content.contains(*stem)).count();
            common >= FEW && common * 100 >= part.len() * percent
        })
    };
    let own_figure = |pasted: &dyn Fn(&str) -> bool| said.quantities.keys().any(|number| !pasted(number));
    if said.content.is_empty() || (said.links > 0 && said.words < BESIDE_A_LINK) {
        return false;
    }
    // Of everything that was asked: scarcely a word and no figure of its own, and most of the notes or all the example.
    let own = said.content.iter().filter(|stem| !wanted.speaks_of(stem)).count();
    if own * 10 < said.content.len()
        && !own_figure(&|number| wanted.gives_number(number))
        && (gives_back(wanted.notes.as_ref(), 60) || (own == 0 && gives_back(wanted.example.as_ref(), 90)))
    {
        return true;
    }
    // Of the question and its notes: fewer than a fifth of its words and no figure of its own.
    let own = said.content.iter().filter(|stem| !wanted.asks_with(stem)).count();
    if own * 5 >= said.content.len() || own_figure(&|number| wanted.asks_with_number(number)) {
        return false;
    }
    let denies = said.denies && !said.asks;
    gives_back(wanted.notes.as_ref(), 60)
        || (!denies && (said.names.is_empty() || gives_back(Some(&wanted.question), 90)))
}

/// An answer may well hold the few words of a short question.
const FEW: usize = 5;

/// "Our policy for reporting incidents is at https://…" uses the words of the question.
const BESIDE_A_LINK: usize = 20;
