//! Whether a written answer really discloses what was asked.
//!
//! Presence is not disclosure: of the answers that the Foundation Model Transparency Index holds, people scored about
//! half as disclosing what was asked. [`assess`] reads a question with its notes and its example, and an answer:
//!
//! 1. A placeholder ("N/A", "confidential", "see website") is no disclosure.
//! 2. Sentences that say that it will not be said are set aside; an answer of nothing else withholds.
//! 3. An answer that gives the question back, that has nothing to do with it, or that strings words together without
//!    sentences, is vague.
//! 4. The rest is measured ([`MEASURES`]). What kinds of fact does the item ask for ([`FactKind`]: an amount, a date, a
//!    name, a place, a licence, a process, a reason, …), by its own declaration ([`Asked::wants`]) or by how it asks, and
//!    which of them does the answer hold, where it speaks of what was asked? A logistic regression, learnt under the
//!    signs of [`Direction`], gives the probability that people would score it as disclosed.
//! 5. Above one probability it counts as answered and below another one not. Between the two it needs a reader, and so
//!    does an answer in another language than English.
//!
//! Of every text only the first 20,000 characters are read; [`Assessment::why`] says when an answer was cut. A link is
//! one of the things that an answer can hold, where the question speaks of links; what stands behind it is not read,
//! and `why` says so. Notes and an example make the judgement firmer; a question without either has weights of its
//! own.
//!
//! Kinds of fact are told by how English says such a thing, never by who answers. Nothing here knows whether an answer is
//! *true*.
//!
//! ```
//! use stillwatch_questionnaire::disclosure::{Asked, Disclosure, assess};
//!
//! let asked = Asked {
//!     question: "How much water did the training use?",
//!     notes: "Report litres or cubic metres, with how they were measured.",
//!     example: "Training used 40,000 cubic metres of water, read from the meters of the site.",
//!     wants: &[],
//! };
//! let answer = assess(&asked, "It used 3.1 million litres of water, metered at the Malmö site from March to May.");
//! assert_eq!(answer.disclosure, Disclosure::Answered);
//! assert_eq!(assess(&asked, "We do not disclose this.").disclosure, Disclosure::Withheld);
//! ```

mod answer;
mod contents;
mod fact;
mod mark;
mod measure;
mod need;
mod question;
mod reasons;
mod rules;
mod sentence;
mod weights;

pub use fact::FactKind;
pub use measure::{COUNT, Direction, MEASURES, Measure};

use answer::AnswerContent;
use contents::{Contents, Held};
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
    /// Kinds of fact that an answer must contain. Where none is named, they are read from how the question asks.
    pub wants: &'a [FactKind],
}

words! {
    /// What an answer is, as an answer to one question.
    Disclosure {
        /// It discloses what was asked, as people would score it. That "no" and "none" can be such an answer depends on
        /// the question.
        Answered = "answered",
        /// It cannot be told whether it discloses what was asked: somebody has to read it.
        NeedsReader = "needs a reader",
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
    let ruled = rules::rule(text, &reading, &wanted, &said);
    let weights = if wanted.alone() { ALONE } else { WHOLE };
    let measured = probability(&weights, &measure(&wanted, &said));
    let held = Contents::of(&wanted.needs, &wanted, &said).map(|contents| contents.verdict());
    let probability = if ruled.is_some() { measured.min(RULED_OUT) } else { measured };
    let disclosure = match ruled {
        Some(ruled) => ruled.disclosure(),
        // The item says itself what an answer must contain.
        None if wanted.declares && held == Some(Held::All) => Disclosure::Answered,
        None if wanted.declares && held == Some(Held::Some) => Disclosure::NeedsReader,
        None if wanted.declares => said.lacking(),
        // Without a word of the kinds that are asked for it is not known to be an answer.
        None if held == Some(Held::None) && !said.denies => {
            if measured >= weights.doubtful {
                Disclosure::NeedsReader
            } else {
                said.lacking()
            }
        }
        None if held == Some(Held::All) && wanted.is_plain() && measured >= weights.doubtful => Disclosure::Answered,
        None if measured >= weights.answered => Disclosure::Answered,
        None if measured >= weights.doubtful => Disclosure::NeedsReader,
        None => said.lacking(),
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
    let reading = Reading::of(text);
    let (wanted, said) = (QuestionContent::of(asked), AnswerContent::of(&reading));
    let ruled_out = rules::rule(text, &reading, &wanted, &said).is_some();
    Measured { values: measure(&wanted, &said), ruled_out }
}
