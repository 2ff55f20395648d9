//! The questions of a buyer, each answered with a verdict, the way through the graph, the documents, and what to ask
//! the vendor next.
//!
//! An answer says what the documents support. That outputs of a model were learnt from leaves no trace in weights, so
//! silence about it is `unknown`, never "no".

mod conflict;
mod data;
mod governance;
mod outputs;
mod review;
mod support;
mod upstream;
mod waiting;

pub use conflict::{LicenceConflict, licence_conflicts, unsettled_licences};
pub(crate) use conflict::{contradictions, unsettled};
pub(crate) use outputs::denials;
pub use outputs::open_terms;
pub use review::{AnswerChange, ReviewGroup};
pub use support::{IDENTIFIER, Of, Support, support};
pub use upstream::Upstream;
pub(crate) use waiting::decisive;
pub use waiting::{Outlook, Waiting};

use std::fmt::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::{Cited, Graph, Step};
use crate::ledger::NodeKey;
use crate::resolve::EntityId;
use crate::vocabulary::words;
use crate::{NodeKind, Verdict};

words! {
    /// What a buyer asks of a model.
    Question {
        VendorOutputs = "vendor-outputs",
        DataSources = "data-sources",
        Synthetic = "synthetic",
        Traceable = "traceable",
        ThirdParty = "third-party",
        Compute = "compute",
        Governance = "governance",
    }
}

impl Question {
    /// The question in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::VendorOutputs => {
                "Was the model trained on outputs of another vendor's models, directly or in the second order?"
            }
            Self::DataSources => "Are the sources of its training data disclosed?",
            Self::Synthetic => "Does its training data hold synthetic or generated examples, and are they kept apart?",
            Self::Traceable => "Can its behaviour be traced to its lineage?",
            Self::ThirdParty => {
                "Which data of third parties does it hold, under which licences, and where may it be used and kept?"
            }
            Self::Compute => "On whose compute does it run and was it trained, and who can end that?",
            Self::Governance => "Which governance and safety filters does it have, and which does it inherit?",
        }
    }
}

/// What the documents support.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    pub question: Question,
    pub text: String,
    pub subject: NodeKey,
    pub verdict: Verdict,
    /// One or two sentences with the numbers in them.
    pub statement: String,
    /// Each from the subject upwards.
    pub paths: Vec<Vec<Step>>,
    pub cited: Vec<Cited>,
    pub ask_next: Vec<String>,
    /// What waits for a reviewer and bears on the answer.
    #[serde(default, skip_serializing_if = "Waiting::is_empty")]
    pub waiting: Waiting,
}

impl Answer {
    /// Paths and documents beyond these are counted in the statement and not listed.
    pub const MOST_PATHS: usize = 50;
    pub const MOST_CITED: usize = 100;
}

impl Graph<'_> {
    /// One question about a subject.
    pub fn ask(&self, subject: EntityId, question: Question) -> Answer {
        self.answer(&Upstream::of(self, subject), question)
    }

    /// Every question about a subject.
    pub fn ask_all(&self, subject: EntityId) -> Vec<Answer> {
        self.answers(&Upstream::of(self, subject), Question::ALL)
    }

    /// The verdict on every question, of what has been reviewed.
    pub fn verdicts(&self, subject: EntityId) -> Vec<(Question, Verdict)> {
        let upstream = Upstream::of(self, subject);
        Question::ALL.iter().map(|&question| (question, draft(&upstream, question).verdict)).collect()
    }

    pub fn answer(&self, upstream: &Upstream<'_, '_>, question: Question) -> Answer {
        let mut answers = self.answers(upstream, &[question]);
        // One question has one answer.
        answers.swap_remove(0)
    }

    /// Several questions at once: what waits for a reviewer is tried out once for all of them.
    pub fn answers(&self, upstream: &Upstream<'_, '_>, questions: &[Question]) -> Vec<Answer> {
        let drafts: Vec<AnswerDraft> = questions.iter().map(|&question| draft(upstream, question)).collect();
        let waiting = waiting::waiting(upstream, questions, &drafts);
        let named = questions.iter().zip(drafts).zip(waiting);
        named
            .map(|((&question, mut found), waiting)| {
                found.paths.truncate(Answer::MOST_PATHS);
                found.cited.truncate(Answer::MOST_CITED);
                let statement = match waiting.text() {
                    Some(text) => format!("{text}. As reviewed so far: {}", found.statement),
                    None => found.statement,
                };
                Answer {
                    question,
                    text: question.text().to_owned(),
                    subject: self.key(upstream.subject),
                    verdict: found.verdict,
                    statement,
                    paths: found.paths,
                    cited: found.cited,
                    ask_next: found.ask_next,
                    waiting,
                }
            })
            .collect()
    }
}

/// What reviewed statements support.
fn draft(upstream: &Upstream<'_, '_>, question: Question) -> AnswerDraft {
    let kind = upstream.graph.kind(upstream.subject);
    if !matches!(kind, NodeKind::Model | NodeKind::DataSet | NodeKind::Outputs | NodeKind::Software) {
        return AnswerDraft::new(Verdict::NotApplicable, format!("the question is not asked of a {kind}"));
    }
    match question {
        Question::VendorOutputs => outputs::vendor_outputs(upstream),
        Question::DataSources => data::sources(upstream),
        Question::Synthetic => data::synthetic(upstream),
        Question::Traceable => data::traceable(upstream),
        Question::ThirdParty => governance::third_party(upstream),
        Question::Compute => governance::compute(upstream),
        Question::Governance => governance::filters(upstream),
    }
}

/// What reviewed statements support, without a look at what waits.
pub(crate) fn reviewed(upstream: &Upstream<'_, '_>, question: Question) -> AnswerDraft {
    draft(upstream, question)
}

/// An answer in the making.
pub(crate) struct AnswerDraft {
    pub(crate) verdict: Verdict,
    pub(crate) statement: String,
    pub(crate) paths: Vec<Vec<Step>>,
    cited: Vec<Cited>,
    ask_next: Vec<String>,
}

impl AnswerDraft {
    fn new(verdict: Verdict, statement: impl Into<String>) -> Self {
        Self { verdict, statement: statement.into(), paths: Vec::new(), cited: Vec::new(), ask_next: Vec::new() }
    }

    fn ask(&mut self, question: impl Into<String>) {
        self.ask_next.push(question.into());
    }
}

/// A number and its noun.
fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// At most eight names for a sentence.
fn listed(mut names: Vec<String>) -> String {
    const MOST: usize = 8;
    names.sort_unstable();
    names.dedup();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    let mut text = names.join(", ");
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    text
}
