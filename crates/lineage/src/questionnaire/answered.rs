use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request::asks_the_same;
use super::{FilledItem, Item, Questionnaire, Sentence};
use crate::Verdict;
use crate::ask::Upstream;
use crate::disclosure::{Asked, Disclosure, assess};
use crate::graph::Graph;
use crate::import::{Diagnostic, Limits, Severity, shown};
use crate::importers::answers;
use crate::ledger::NodeKey;
use crate::resolve::EntityId;
use crate::vocabulary::words;

/// What a vendor's answers to a [`Request`](super::Request) are worth: whether each discloses what was asked, and what the
/// graph says of the item with the answers and without them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    pub subject: NodeKey,
    pub name: String,
    pub answers: Vec<JudgedAnswer>,
    /// Items that the table does not have.
    pub missing: Vec<String>,
    /// Rows that cannot be read, or that answer no item.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedAnswer {
    /// `buyer/1.1`
    pub item: String,
    pub question: String,
    pub answer: String,
    /// `line 3`
    pub path: String,
    pub worth: Worth,
    /// That people would take it for a disclosure, 0 to 1.
    pub probability: f64,
    pub why: Vec<String>,
    /// The verdict on the item without the answers, and with them.
    pub before: Verdict,
    pub after: Verdict,
    /// Where the answers contradict what else is said: what is said.
    pub against: Vec<Sentence>,
}

words! {
    /// Whether an answer discloses what was asked.
    Worth {
        Answered = "answered",
        /// Words that do not say what was asked.
        Vague = "vague",
        /// It says that it will not be said.
        Withheld = "withheld",
        /// It points to another place.
        Elsewhere = "elsewhere",
        /// Nothing, or a placeholder.
        Empty = "empty",
    }
}

impl From<Disclosure> for Worth {
    fn from(disclosure: Disclosure) -> Self {
        match disclosure {
            Disclosure::Answered => Self::Answered,
            Disclosure::Vague => Self::Vague,
            Disclosure::Withheld => Self::Withheld,
            Disclosure::Elsewhere => Self::Elsewhere,
            Disclosure::Empty => Self::Empty,
        }
    }
}

impl Answered {
    /// How many answers are worth what.
    pub fn counts(&self) -> BTreeMap<Worth, usize> {
        let mut counts = BTreeMap::new();
        self.answers.iter().for_each(|answer| *counts.entry(answer.worth).or_default() += 1);
        counts
    }

    /// Answers that speak against something else that is said, where nothing did before.
    pub fn contradicted(&self) -> impl Iterator<Item = &JudgedAnswer> {
        self.answers.iter().filter(|answer| !answer.against.is_empty())
    }

    /// Judges the rows of a table that [`Request::csv`](super::Request::csv) made. `after` is the graph once the table was
    /// imported as the vendor's answers, in which `subject` is the same thing as in `before`.
    pub fn judge(
        (before, subject): (&Graph<'_>, EntityId),
        (after, later): (&Graph<'_>, EntityId),
        forms: &[Questionnaire],
        bytes: &[u8],
        limits: &Limits,
    ) -> Self {
        let (rows, diagnostics) = answers::rows(bytes, limits);
        let (old, new) = (Upstream::of(before, subject), Upstream::of(after, later));
        let mut judged = Self {
            subject: before.key(subject),
            name: before.name(subject).to_owned(),
            answers: Vec::new(),
            missing: Vec::new(),
            diagnostics,
        };
        let mut used = vec![false; rows.len()];
        let mut asked: Vec<(&Item, usize)> = Vec::new();
        for form in forms {
            for item in form.items().filter(|item| item.applies(before.as_of())) {
                let id = format!("{}/{}", form.id, item.id);
                let filled = before.fill_item(&old, item);
                // One row answers every item that asks the same.
                let own = rows.iter().position(|row| row.id == id);
                let shared = || asked.iter().find(|(other, _)| asks_the_same(other, item)).map(|(_, at)| *at);
                match own.or_else(shared) {
                    Some(at) => {
                        used[at] = true;
                        asked.push((item, at));
                        judged.answers.push(judge(id, item, &rows[at], &filled, &after.fill_item(&new, item)));
                    }
                    None if matches!(filled.verdict, Verdict::Unknown | Verdict::Contradicted) => {
                        judged.missing.push(id);
                    }
                    None => {}
                }
            }
        }
        for (row, _) in rows.iter().zip(used).filter(|(_, used)| !used) {
            let message = format!("`{}` is no item of the questionnaires chosen", shown(&row.id));
            judged.diagnostics.push(Diagnostic {
                path: row.path.clone(),
                severity: Severity::Warning,
                code: "no-item".into(),
                message,
            });
        }
        told_twice(&mut judged.answers);
        judged
    }
}

fn judge(id: String, item: &Item, row: &answers::Row, before: &FilledItem, after: &FilledItem) -> JudgedAnswer {
    let asked = Asked { question: &item.ask, notes: &item.counts, example: "" };
    let assessment = assess(&asked, &row.answer);
    let is_against = after.verdict == Verdict::Contradicted && before.verdict != Verdict::Contradicted;
    JudgedAnswer {
        item: id,
        question: item.ask.clone(),
        answer: row.answer.clone(),
        path: row.path.clone(),
        worth: assessment.disclosure.into(),
        probability: assessment.probability,
        why: assessment.why,
        before: before.verdict,
        after: after.verdict,
        against: if is_against { after.sentences.clone() } else { Vec::new() },
    }
}

/// The same words for several questions answer at most one of them.
fn told_twice(answers: &mut [JudgedAnswer]) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: Vec<(&str, &str)> = answers.iter().map(|own| (own.path.as_str(), own.answer.as_str())).collect();
    rows.sort_unstable();
    rows.dedup();
    for (_, answer) in rows {
        *uses.entry(answer.to_owned()).or_default() += 1;
    }
    for own in answers.iter_mut().filter(|own| own.worth != Worth::Empty) {
        if let Some(uses) = uses.get(&own.answer).filter(|uses| **uses > 1) {
            own.why.push(format!("the same words answer {uses} questions"));
        }
    }
}
