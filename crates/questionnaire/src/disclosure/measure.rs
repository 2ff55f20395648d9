//! The measures of an answer against its question, and what each weighs.

use std::collections::BTreeSet;

use stillwatch_core::{float, ratio};

use super::answer::AnswerContent;
use super::contents::Contents;
use super::fact::FactKind;
use super::question::QuestionContent;
use super::weights::Weights;

/// How a measure may move the probability. Learning keeps to it, so that no quirk of the data can make an added
/// figure count against an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More of it never lowers the probability.
    Up,
    /// More of it never raises the probability.
    Down,
    /// Of the question or of the form of an answer, not of what it holds: learnt freely.
    Free,
}

/// One measure.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// What it is called in tables.
    pub name: &'static str,
    /// How it may move the probability.
    pub direction: Direction,
}

/// How many measures there are.
pub const COUNT: usize = MEASURES.len();

/// The measures, in the order of their values.
pub const MEASURES: &[Measure] = &[
    up("kinds-asked-found"),
    up("kinds-asked-in-point"),
    up("sentences-of-kinds-asked"),
    up("kinds-of-notes-found"),
    down("no-kind-asked-found"),
    up("kinds-found"),
    up("new-words"),
    down("scarcely-anything-said"),
    down("withholding"),
    up("link-where-wanted"),
    up("quantities"),
    down("quantity-missing"),
    up("words-of-question"),
    up("words-of-notes"),
    up("words-of-example"),
    down("hedges"),
    down("denial-where-refused"),
    up("denial-where-accepted"),
    free("question-yes-or-no"),
    free("question-wants-link"),
    free("question-accepts-no"),
    free("kinds-asked"),
];

const fn up(name: &'static str) -> Measure {
    Measure { name, direction: Direction::Up }
}

const fn down(name: &'static str) -> Measure {
    Measure { name, direction: Direction::Down }
}

const fn free(name: &'static str) -> Measure {
    Measure { name, direction: Direction::Free }
}

/// The values, in the order of [`MEASURES`]; `None` where the asker left the part empty that it is measured by, or where
/// it says nothing about this answer. Counts are logarithms, `ln(1 + n)` up to a limit: the tenth figure says less than
/// the first.
pub(super) fn measure(wanted: &QuestionContent, said: &AnswerContent) -> [Option<f64>; COUNT] {
    let log = |count: usize, most: usize| float(1 + count.min(most)).ln();
    let flag = |holds: bool| f64::from(u8::from(holds));
    let new = said.content.iter().filter(|stem| !wanted.asks_with(stem)).count();
    let cover = |part: Option<&BTreeSet<String>>| {
        let part = part?;
        let own: Vec<_> = part.iter().filter(|stem| !wanted.question.contains(*stem)).collect();
        let common = own.iter().filter(|stem| said.content.contains(**stem)).count();
        (own.len() >= FEW_OWN).then(|| ratio(common, own.len().max(2 * FEW_OWN)))
    };
    let of_question = wanted.question.iter().filter(|stem| said.content.contains(*stem)).count();
    let accepts_no = wanted.accepts_no.map(flag);
    // A denial that is taken for an answer has neither the figure nor the words of one that affirms.
    let denied = said.denies && wanted.accepts_no == Some(true);
    // Nor has it the kinds of fact that would be there to tell.
    let of_kinds = |value: f64| (!denied).then_some(value);
    let asked = Contents::of(&wanted.needs, wanted, said);
    [
        asked.as_ref().and_then(|asked| of_kinds(asked.found)),
        asked.as_ref().and_then(|asked| of_kinds(asked.in_point)),
        asked.as_ref().and_then(|asked| of_kinds(log(asked.sentences, 20))),
        Contents::of(&wanted.needs_of_notes, wanted, said).and_then(|notes| of_kinds(notes.found)),
        asked.as_ref().and_then(|asked| of_kinds(flag(asked.sentences == 0))),
        Some(log(FactKind::ALL.iter().filter(|kind| said.holds(**kind)).count(), FactKind::ALL.len())),
        Some(log(if said.links > 0 { new.max(LINK_WORDS) } else { new }, 200)),
        Some(flag(said.says_scarcely_anything())),
        Some(flag(said.withheld > 0)),
        Some(flag(said.links > 0 && wanted.link)),
        Some(log(said.quantities.len(), 20)),
        Some(flag(wanted.quantity && !denied && !wanted.fitting(said))),
        Some(ratio(of_question, wanted.question.len().max(1))),
        cover(wanted.notes.as_ref()).filter(|_| !denied),
        cover(wanted.example.as_ref()).filter(|_| !denied),
        Some(ratio(said.hedges, said.words.max(FEW))),
        accepts_no.map(|accepts| (1.0 - accepts) * flag(said.denies)),
        accepts_no.map(|accepts| accepts * flag(said.denies)),
        Some(flag(wanted.yes_or_no)),
        Some(flag(wanted.link)),
        accepts_no,
        Some(log(wanted.needs.len(), 10)),
    ]
}

/// The probability that people would score an answer with these values as disclosed. A missing value counts as usual.
pub(super) fn probability(weights: &Weights, values: &[Option<f64>; COUNT]) -> f64 {
    let sum: f64 = values
        .iter()
        .zip(weights.measures)
        .map(|(value, (centre, scale, weight))| value.map_or(0.0, |value| weight * (value - centre) / scale))
        .sum();
    1.0 / (1.0 + (-(weights.intercept + sum)).exp())
}

/// A link stands for a document, which says at least what a short answer says.
const LINK_WORDS: usize = 12;

/// Notes and examples with fewer words of their own say nothing by which an answer could be measured; up to twice as
/// many, one common word is no great share.
const FEW_OWN: usize = 3;

/// Shorter answers are counted as if they had so many words, so that one hedge is not half of an answer.
const FEW: usize = 15;

#[cfg(test)]
mod tests {
    use super::{Direction, MEASURES};
    use crate::disclosure::weights::{ALONE, WHOLE};

    #[test]
    fn weights_keep_to_the_directions() {
        for weights in [WHOLE, ALONE] {
            assert_eq!(weights.measures.len(), MEASURES.len());
            for (measure, (_, scale, weight)) in MEASURES.iter().zip(weights.measures) {
                assert!(*scale > 0.0, "{}", measure.name);
                assert!(
                    match measure.direction {
                        Direction::Up => *weight >= 0.0,
                        Direction::Down => *weight <= 0.0,
                        Direction::Free => true,
                    },
                    "{}",
                    measure.name
                );
            }
        }
    }
}
