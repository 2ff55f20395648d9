//! Whether an answer contains what the item wants, kind by kind.

use std::collections::BTreeSet;

use stillwatch_core::ratio;

use super::answer::AnswerContent;
use super::fact::FactKind;
use super::need::Need;
use super::question::QuestionContent;

/// Which of the kinds of fact that are wanted an answer contains.
pub(super) struct Contents {
    /// The share of needs that are met anywhere.
    pub(super) found: f64,
    /// The share that are met where the answer speaks of what was asked: in its first sentence, or in one that has a word in
    /// common with the question or its notes.
    pub(super) in_point: f64,
    /// Sentences that meet any.
    pub(super) sentences: usize,
    /// The first kind of each need that is met nowhere.
    pub(super) missing: Vec<FactKind>,
    /// It says that there is none, so that nothing else is there to tell.
    pub(super) none: bool,
}

impl Contents {
    /// `None` where nothing is wanted by kind.
    pub(super) fn of(needs: &[Need], wanted: &QuestionContent, said: &AnswerContent) -> Option<Self> {
        if needs.is_empty() {
            return None;
        }
        let meets = |need: &Need, kinds: &BTreeSet<FactKind>| need.any_of.iter().any(|kind| kinds.contains(kind));
        let all: BTreeSet<FactKind> = said.sentences.iter().flat_map(|own| own.kinds.iter().copied()).collect();
        let is_in_point = |(at, own): &(usize, &super::answer::SentenceContent)| {
            *at == 0 || own.content.iter().any(|stem| wanted.asks_with(stem))
        };
        let in_point: BTreeSet<FactKind> = said
            .sentences
            .iter()
            .enumerate()
            .filter(is_in_point)
            .flat_map(|(_, own)| own.kinds.iter().copied())
            .collect();
        let share =
            |kinds: &BTreeSet<FactKind>| ratio(needs.iter().filter(|need| meets(need, kinds)).count(), needs.len());
        // "None" is an amount, and an answer to a question of yes or no.
        let takes_none = wanted.accepts_no == Some(true)
            || wanted.yes_or_no
            || needs.iter().any(|need| need.any_of.contains(&FactKind::Amount));
        let missing = needs.iter().filter(|need| !meets(need, &all)).filter_map(|need| need.any_of.first().copied());
        Some(Self {
            found: share(&all),
            in_point: share(&in_point),
            sentences: said.sentences.iter().filter(|own| needs.iter().any(|need| meets(need, &own.kinds))).count(),
            missing: missing.collect(),
            none: said.none && !said.asks && takes_none,
        })
    }

    /// What the contents say of an answer.
    pub(super) fn verdict(&self) -> Held {
        if self.none || self.missing.is_empty() && self.in_point >= self.found {
            Held::All
        } else if self.found > 0.0 {
            Held::Some
        } else {
            Held::None
        }
    }
}

/// How much of what is wanted an answer contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Every kind, in point.
    All,
    Some,
    None,
}
