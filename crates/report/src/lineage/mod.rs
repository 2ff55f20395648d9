//! What a graph of lineage says, for people: every sentence with the node that it is said of, and the document and the
//! place that it rests on.

mod html;
mod markdown;
mod phrases;
mod picture;
mod places;
mod text;

pub use html::html;
pub use markdown::{markdown, request as request_markdown};
pub use text::{
    answered, answers, dependants, difference, entity, gate, kinship, listed, outlook, publication, request, review,
    review_groups, review_item, score, summary, verification, what_if,
};

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use stillwatch_core::Date;
use stillwatch_lineage::{
    Answer, Cited, Document, DocumentId, EntityId, EvidenceKind, Graph, LicenceConflict, NodeKey, Picture, PictureEdge,
    Profile, Proposals, Question, Score, Step, TeacherConcentration, Verdict, licence_conflicts, teacher_concentration,
    unsettled_licences,
};
use stillwatch_questionnaire::{Audience, Filled, FilledItem, Questionnaire};

/// What a graph holds.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub documents: usize,
    pub statements: usize,
    /// By kind.
    pub entities: BTreeMap<String, usize>,
    /// Names that are mentioned and never described.
    pub dangling: Vec<String>,
    /// Statements read from words that wait for a reviewer.
    pub proposed: usize,
    pub models: Vec<String>,
    /// How the teaching of the models lies with few makers.
    pub teachers: TeacherConcentration,
}

impl Summary {
    pub fn of(graph: &Graph<'_>) -> Self {
        let mut entities = BTreeMap::<String, usize>::new();
        let mut models = Vec::new();
        for id in graph.ids() {
            let kind = graph.kind(id);
            *entities.entry(kind.to_string()).or_default() += 1;
            if kind == stillwatch_lineage::NodeKind::Model {
                models.push(graph.key(id).to_string());
            }
        }
        Self {
            documents: graph.ledger().documents().len(),
            statements: graph.ledger().statements(),
            entities,
            dangling: graph.dangling().into_iter().map(|id| graph.name(id).to_owned()).collect(),
            proposed: graph.proposed().len(),
            models,
            teachers: teacher_concentration(graph),
        }
    }
}

/// What is known of one thing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Entity {
    pub key: NodeKey,
    pub name: String,
    pub kind: String,
    pub keys: Vec<NodeKey>,
    pub edges: Vec<Known>,
    pub attributes: Vec<Known>,
    /// What is made from it, supplied by it or describes it.
    pub used_by: Vec<Known>,
}

/// An edge or an attribute, and who says so.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Known {
    pub what: String,
    pub value: String,
    pub verdict: Verdict,
    pub evidence: EvidenceKind,
    pub cited: Vec<Cited>,
}

impl Entity {
    /// Without what is known of it.
    fn named(graph: &Graph<'_>, id: EntityId) -> Self {
        Self {
            key: graph.key(id),
            name: graph.name(id).to_owned(),
            kind: graph.kind(id).to_string(),
            keys: Vec::new(),
            edges: Vec::new(),
            attributes: Vec::new(),
            used_by: Vec::new(),
        }
    }

    pub fn of(graph: &Graph<'_>, id: EntityId) -> Self {
        let edge = |edge: &stillwatch_lineage::Edge, other: EntityId| Known {
            what: if edge.denied { format!("not {}", edge.kind) } else { edge.kind.to_string() },
            value: graph.name(other).to_owned(),
            verdict: edge.verdict,
            evidence: edge.best,
            cited: graph.cite_edge(edge),
        };
        let attribute = |fact: &stillwatch_lineage::Fact| {
            let cited = graph.cite_fact(fact);
            let mut values: Vec<&str> = cited.iter().map(|cited| cited.object.as_str()).collect();
            values.sort_unstable();
            values.dedup();
            let value = values.join(" / ");
            Known { what: graph.predicate(fact).to_string(), value, verdict: fact.verdict, evidence: fact.best, cited }
        };
        Self {
            keys: graph.keys(id),
            edges: graph.out(id).iter().map(|own| edge(own, own.object)).collect(),
            attributes: graph.facts_of(id).iter().map(attribute).collect(),
            used_by: graph.incoming(id).map(|own| edge(own, own.subject)).collect(),
            ..Self::named(graph, id)
        }
    }
}

/// All that a graph says of one model; for one audience, only what questionnaires have for it, and the documents that
/// this cites.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    pub schema: &'static str,
    /// The day as of which it holds; everything that was ever said, if none is given.
    pub on: Option<Date>,
    /// For whom it was written: none, for whoever may know all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    pub entity: Entity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    pub answers: Vec<Answer>,
    /// Licences that it declares against terms that bind what it was made from.
    pub conflicts: Vec<LicenceConflict>,
    /// Licences of which it is not settled whether they bind it: to be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsettled: Vec<LicenceConflict>,
    pub questionnaires: Vec<Filled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// What the sentences cite.
    pub documents: Vec<Document>,
}

/// The schema of [`Report`] as JSON.
pub const REPORT_SCHEMA: &str = "stillwatch.lineage-report/1";

/// Things in a drawing: more cannot be told from each other on a page.
const DRAWN: usize = 60;

impl Report {
    /// The JSON Schema of what programs read.
    pub fn json_schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }

    pub fn of(
        graph: &Graph<'_>,
        id: EntityId,
        profile: &Profile,
        forms: &[Questionnaire],
        audience: Option<Audience>,
    ) -> Self {
        let mut report = Self {
            schema: REPORT_SCHEMA,
            on: graph.as_of(),
            audience,
            entity: Entity::named(graph, id),
            score: None,
            answers: Vec::new(),
            conflicts: Vec::new(),
            unsettled: Vec::new(),
            questionnaires: forms.iter().map(|form| Filled::of(graph, id, form, audience)).collect(),
            picture: None,
            documents: Vec::new(),
        };
        if audience.is_none() {
            report.entity = Entity::of(graph, id);
            report.score = Some(graph.score(id, profile));
            report.answers = graph.ask_all(id);
            report.conflicts = licence_conflicts(graph, id);
            report.unsettled = unsettled_licences(graph, id);
            report.picture = Some(graph.picture(id, DRAWN));
        }
        let cited: BTreeSet<DocumentId> = report
            .cited()
            .map(|cited| cited.document.clone())
            .chain(report.steps().map(|step| step.document.clone()))
            .collect();
        let read = graph.ledger().documents().iter().map(|read| &read.document);
        report.documents = read.filter(|document| cited.contains(&document.id)).cloned().collect();
        report
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &FilledItem> {
        self.questionnaires.iter().flat_map(|form| &form.sections).flat_map(|section| &section.items)
    }

    fn cited(&self) -> impl Iterator<Item = &Cited> {
        let known = [&self.entity.edges, &self.entity.attributes, &self.entity.used_by].into_iter().flatten();
        let sentences = self.items().flat_map(|item| &item.sentences).flat_map(|sentence| &sentence.cited);
        known
            .flat_map(|known| &known.cited)
            .chain(self.answers.iter().flat_map(|answer| &answer.cited))
            .chain(sentences)
    }

    fn drawn(&self) -> impl Iterator<Item = &PictureEdge> {
        self.picture.iter().flat_map(|picture| &picture.edges)
    }

    fn steps(&self) -> impl Iterator<Item = &Step> {
        let of_answers = self.answers.iter().flat_map(|answer| &answer.paths);
        let of_answers = of_answers.chain(self.conflicts.iter().map(|conflict| &conflict.path));
        let of_items = self.items().flat_map(|item| &item.paths);
        of_answers.chain(of_items).flatten().chain(self.drawn().map(|edge| &edge.step))
    }
}

/// What waits for a reviewer in a graph, and which answers it would change.
#[derive(Clone, Debug, Serialize)]
pub struct Outlook {
    pub waiting: usize,
    pub changes: Vec<OutlookChange>,
}

/// An answer that would be another one.
#[derive(Clone, Debug, Serialize)]
pub struct OutlookChange {
    pub subject: NodeKey,
    pub name: String,
    pub question: Question,
    pub before: Verdict,
    pub after: Verdict,
}

impl Outlook {
    /// Asks about what the waiting statements are about, before and after.
    pub fn of(graph: &Graph<'_>) -> Self {
        let subjects: BTreeSet<EntityId> = graph.waiting_subjects().into_iter().take(MOST_SUBJECTS).collect();
        let mut changes = Vec::new();
        for (subject, later) in subjects.into_iter().filter_map(|subject| Some((subject, graph.confirmed()?))) {
            let verdicts = graph.verdicts(subject).into_iter().zip(later.verdicts(subject));
            changes.extend(verdicts.filter(|(now, later)| now.1 != later.1).map(|(now, later)| OutlookChange {
                subject: graph.key(subject),
                name: graph.name(subject).to_owned(),
                question: now.0,
                before: now.1,
                after: later.1,
            }));
        }
        Self { waiting: graph.proposed().len(), changes }
    }
}

/// Things that are asked about after an import.
const MOST_SUBJECTS: usize = 200;

/// A questionnaire that can be chosen.
#[derive(Clone, Debug, Serialize)]
pub struct Form {
    pub id: String,
    pub title: String,
    pub kind: stillwatch_questionnaire::Kind,
    pub issuer: String,
    pub version: String,
    pub items: usize,
    pub source: Vec<String>,
    pub read_on: Date,
}

impl Form {
    pub fn of(form: &Questionnaire) -> Self {
        Self {
            id: form.id.clone(),
            title: form.title.clone(),
            kind: form.kind,
            issuer: form.issuer.clone(),
            version: form.version.clone(),
            items: form.items().count(),
            source: form.source.clone(),
            read_on: form.read_on,
        }
    }
}

/// What waits for a reviewer.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    #[serde(flatten)]
    pub names: Proposals,
    /// Statements that were read from words and count once they are confirmed.
    pub statements: Vec<Cited>,
}

impl Review {
    pub fn of(graph: &Graph<'_>) -> Self {
        Self { names: graph.propose(), statements: graph.proposed() }
    }
}
