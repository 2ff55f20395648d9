use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{Diagnostic, Limits, Severity, shown};
use stillwatch_lineage::agree::head;
use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{
    Cited, Document, DocumentId, DocumentKind, EntityId, Graph, NodeKey, NodeRef, Upstream, Verdict, support,
};

use super::request::distinct;
use super::{FilledItem, Item, Questionnaire, Sentence};
use crate::disclosure::{Asked, Disclosure, assess};
use crate::table::{Row, is_sentence, rows};

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
    pub worth: Disclosure,
    /// That people would take it for a disclosure, 0 to 1.
    pub probability: f64,
    pub why: Vec<String>,
    /// The verdict on the item without the answers, and with them.
    pub before: Verdict,
    pub after: Verdict,
    /// Where the answers contradict what else is said: what is said.
    pub against: Vec<Sentence>,
}

impl Answered {
    /// How many answers are worth what.
    pub fn counts(&self) -> BTreeMap<Disclosure, usize> {
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
        let (rows, diagnostics) = rows(bytes, limits);
        let (old, new) = (Upstream::of(before, subject), Upstream::of(after, later));
        let mut judged = Self {
            subject: before.key(subject),
            name: before.name(subject).to_owned(),
            answers: Vec::new(),
            missing: Vec::new(),
            diagnostics,
        };
        let is_about = |row: &Row| row.subject.as_ref().is_none_or(|node| is_called(after, later, node));
        let about: Vec<bool> = rows.iter().map(is_about).collect();
        let mut used = vec![false; rows.len()];
        let mut asked: Vec<(&Item, usize)> = Vec::new();
        let document = Document::of(bytes, DocumentKind::Answers, "").id;
        for form in distinct(forms) {
            for item in form.items().filter(|item| item.applies(before.as_of().or(form.asked_on))) {
                let id = format!("{}/{}", form.id, item.id);
                let filled = FilledItem::of(&old, form, item);
                // One row answers every item that asks the same.
                let own = rows.iter().zip(&about).position(|(row, about)| row.id == id && *about);
                let shared = || asked.iter().find(|(other, _)| other.asks_the_same(item)).map(|(_, at)| *at);
                match own.or_else(shared) {
                    Some(at) => {
                        used[at] = true;
                        asked.push((item, at));
                        let with = FilledItem::of(&new, form, item);
                        let is_newly = with.verdict == Verdict::Contradicted && filled.verdict != with.verdict;
                        let is_to_blame = is_newly && blames(&new, item, &with, &document, &rows[at].path);
                        judged.answers.push(judge(id, item, &rows[at], (&filled, &with), is_to_blame));
                    }
                    None if matches!(filled.verdict, Verdict::Unknown | Verdict::Contradicted) => {
                        judged.missing.push(id);
                    }
                    None => {}
                }
            }
        }
        for ((row, about), _) in rows.iter().zip(&about).zip(used).filter(|(_, used)| !used) {
            let (code, message) = if *about {
                ("no-item", format!("`{}` is no item of the questionnaires chosen", shown(&row.id)))
            } else {
                ("other-subject", format!("the row is about something else than {}", shown(&judged.name)))
            };
            let (path, severity) = (row.path.clone(), Severity::Warning);
            judged.diagnostics.push(Diagnostic { path, severity, code: code.into(), message });
        }
        let items: Vec<&Item> = asked.iter().map(|(item, _)| *item).collect();
        told_twice(&mut judged.answers, &items);
        judged
    }
}

fn judge(
    id: String,
    item: &Item,
    row: &Row,
    (before, after): (&FilledItem, &FilledItem),
    is_to_blame: bool,
) -> JudgedAnswer {
    let asked = Asked { question: &item.ask, notes: &item.counts, example: "", wants: &item.wants };
    let assessment = assess(&asked, &row.answer);
    JudgedAnswer {
        item: id,
        question: item.ask.clone(),
        answer: row.answer.clone(),
        path: row.path.clone(),
        worth: assessment.disclosure,
        probability: assessment.probability,
        why: assessment.why,
        before: before.verdict,
        after: after.verdict,
        against: if is_to_blame { after.sentences.clone() } else { Vec::new() },
    }
}

/// Whether a row's own statement is one of those that contradict each other. An item may be contradicted by another row.
fn blames(upstream: &Upstream<'_, '_>, item: &Item, filled: &FilledItem, document: &DocumentId, path: &str) -> bool {
    let graph = upstream.graph;
    let is_own = |cited: &Cited| cited.document == *document && cited.path == path;
    if item.question.is_some() {
        // What a question rests on is cited with it; of that, denials speak against what was found on some way.
        let denies = |cited: &Cited| cited.denied || head(&cited.object).is_some();
        return filled.sentences.iter().flat_map(|told| &told.cited).any(|cited| is_own(cited) && denies(cited));
    }
    let support = support(upstream, &item.any_of, item.of);
    let edges = support.edges.iter().filter(|edge| edge.verdict == Verdict::Contradicted);
    let facts = support.facts.iter().filter(|fact| fact.verdict == Verdict::Contradicted);
    edges.flat_map(|edge| graph.cite_edge(edge)).chain(facts.flat_map(|fact| graph.cite_fact(fact))).any(|c| is_own(&c))
}

/// Whether a row's subject is a thing of the graph.
fn is_called(graph: &Graph<'_>, entity: EntityId, node: &NodeRef) -> bool {
    let keys = graph.keys(entity);
    let is_key = |key: NodeKey| keys.contains(&key);
    let is_named = !node.name.is_empty()
        && (is_key(NodeKey::name(node.kind, &node.name)) || fold(graph.name(entity)) == fold(&node.name));
    is_named || node.identifiers.iter().any(|own| is_key(NodeKey::identifier(node.kind, own)))
}

/// One sentence answers one question: where it stands again for another, it says nothing of that.
fn told_twice(answers: &mut [JudgedAnswer], items: &[&Item]) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut again: Vec<(usize, usize)> = Vec::new();
    let is_counted = |own: &JudgedAnswer| own.worth == Disclosure::Answered && is_sentence(&own.answer);
    for (at, own) in answers.iter().enumerate().filter(|(_, own)| is_counted(own)) {
        let earlier = *first.entry(own.answer.clone()).or_insert(at);
        let is_one_row = answers[earlier].path == own.path;
        if earlier != at && !is_one_row && !items[earlier].asks_the_same(items[at]) {
            again.push((at, earlier));
        }
    }
    for (at, earlier) in again {
        let why = format!("the same words answer {} already", answers[earlier].item);
        answers[at].why.push(why);
        answers[at].worth = Disclosure::Vague;
    }
}
