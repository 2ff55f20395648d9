//! Whether a written answer really discloses what was asked.
//!
//! Presence is not disclosure: of the answers that the Foundation Model Transparency Index holds, people scored about
//! half as disclosing what was asked. [`assess`] reads a question with its notes and its example, and an answer:
//!
//! 1. A placeholder ("N/A", "confidential", "see website") is no disclosure.
//! 2. Sentences that say that it will not be said are set aside; an answer of nothing else withholds.
//! 3. An answer that gives the question back, that has nothing to do with it, or that strings words together without
//!    sentences, is vague.
//! 4. The rest is measured ([`MEASURES`]): what does the question ask for, and does the answer hold that kind of
//!    thing? A logistic regression, learnt under the signs of [`Direction`], gives the probability that people would
//!    score it as disclosed.
//!
//! Of every text only the first 20,000 characters are read; [`Assessment::why`] says when an answer was cut. A link is
//! one of the things that an answer can hold, where the question speaks of links; what stands behind it is not read,
//! and `why` says so. Notes and an example make the judgement firmer; a question without either has weights of its
//! own.
//!
//! The measures know English. An answer in another language is measured by its figures and links; where its words make
//! no English sentences it is called vague, with that as its reason: a person has to read it. Nothing here knows
//! whether an answer is *true*.
//!
//! ```
//! use stillwatch_questionnaire::disclosure::{Asked, Disclosure, assess};
//!
//! let asked = Asked {
//!     question: "How much water did the training use?",
//!     notes: "Report litres or cubic metres, with how they were measured.",
//!     example: "Training used 40,000 cubic metres of water, read from the meters of the site.",
//! };
//! let answer = assess(&asked, "It used 3.1 million litres of water, metered at the Malmö site from March to May.");
//! assert_eq!(answer.disclosure, Disclosure::Answered);
//! assert_eq!(assess(&asked, "We do not disclose this.").disclosure, Disclosure::Withheld);
//! ```

mod answer;
mod measure;
mod question;
mod reasons;
mod rules;
mod sentence;
mod weights;

pub use measure::{COUNT, Direction, MEASURES, Measure};

use answer::AnswerContent;
use measure::{measure, probability};
use question::QuestionContent;
use sentence::Reading;
use stillwatch_lineage::words;
use weights::{ALONE, RULED_OUT, WHOLE};

/// A question as it was asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// "How much energy did the training take?"
    pub question: &'a str,
    /// What counts as an answer; may be empty.
    pub notes: &'a str,
    /// An answer as the asker would like it; may be empty.
    pub example: &'a str,
}

words! {
    /// What an answer is, as an answer to one question.
    Disclosure {
        /// It discloses what was asked, as people would score it. That "no" and "none" can be such an answer depends on
        /// the question.
        Answered = "answered",
        /// It is about the question and does not disclose what was asked.
        Vague = "vague",
        /// It says that it will not be said.
        Withheld = "withheld",
        /// It points to another place, and says too little here.
        Elsewhere = "elsewhere",
        /// It says nothing.
        Empty = "empty",
    }
}

/// How an answer was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    pub disclosure: Disclosure,
    /// That people would score it as disclosed, from 0 to 1. An answer that a rule ruled out has the share of such
    /// answers that people scored as disclosed all the same, at most.
    pub probability: f64,
    /// The answer is little more than a link, and what stands there was not read: whoever counts it as answered should
    /// open it.
    pub link_only: bool,
    /// Short reasons in plain words, the weightiest first; never empty.
    pub why: Vec<String>,
}

/// Judges an answer to a question.
pub fn assess(asked: &Asked<'_>, text: &str) -> Assessment {
    let reading = Reading::of(text);
    let (wanted, said) = (QuestionContent::of(asked), AnswerContent::of(&reading));
    let ruled = rules::rule(text, &wanted, &said);
    let weights = if wanted.alone() { ALONE } else { WHOLE };
    let measured = probability(&weights, &measure(&wanted, &said));
    let probability = if ruled.is_some() { measured.min(RULED_OUT) } else { measured };
    let disclosure = match ruled {
        Some(ruled) => ruled.disclosure(),
        None if measured >= weights.threshold => Disclosure::Answered,
        None if said.withheld > 0 => Disclosure::Withheld,
        None if said.points_elsewhere() => Disclosure::Elsewhere,
        None => Disclosure::Vague,
    };
    let link_only = ruled.is_none() && said.points_elsewhere();
    let why = reasons::reasons(&wanted, &said, ruled, disclosure, reading.cut);
    Assessment { disclosure, probability, link_only, why }
}

/// What an answer is measured by, for learning the weights again (`benches/disclosure.py`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// In the order of [`MEASURES`]; `None` where it says nothing about this answer and counts as usual.
    pub values: [Option<f64>; COUNT],
    /// A rule decides, whatever the measures say.
    pub ruled_out: bool,
}

/// Measures an answer to a question.
pub fn measured(asked: &Asked<'_>, text: &str) -> Measured {
    let (wanted, said) = (QuestionContent::of(asked), AnswerContent::of(&Reading::of(text)));
    Measured { values: measure(&wanted, &said), ruled_out: rules::rule(text, &wanted, &said).is_some() }
}
