use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Date;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Cited, Counts, Edge, EntityId, EvidenceKind, Fact, Graph, NodeKey, NodeKind, Step, Upstream, Verdict, words,
};

use super::form::known;
use super::{Audience, Item, Kind, Questionnaire};

/// A questionnaire filled in for one subject from what documents say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Filled {
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub issuer: String,
    pub version: String,
    pub source: Vec<String>,
    pub read_on: Date,
    pub notes: String,
    pub subject: NodeKey,
    pub name: String,
    /// The day for which items were chosen.
    pub on: Option<Date>,
    pub audience: Option<Audience>,
    /// Of the items that apply.
    pub counts: Counts,
    pub sections: Vec<FilledSection>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FilledSection {
    pub id: String,
    pub title: String,
    pub items: Vec<FilledItem>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FilledItem {
    pub id: String,
    pub title: String,
    pub status: Status,
    pub verdict: Verdict,
    /// What documents say, each with the thing it is said of and its places.
    pub sentences: Vec<Sentence>,
    pub paths: Vec<Vec<Step>>,
    /// Beyond [`FilledItem::MOST_SENTENCES`], so many are left out.
    pub omitted: usize,
    /// What to ask the vendor; empty where nothing is left to ask.
    pub ask: Vec<String>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub source: Option<String>,
}

words! {
    /// Whether an item is answered from the documents.
    Status {
        Applies = "applies",
        NotYet = "not-yet",
        NoLonger = "no-longer",
        /// No statement of the vocabulary stands for it, so that only the vendor's own words can answer.
        ByHand = "by-hand",
    }
}

/// One sentence of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sentence {
    pub text: String,
    /// The thing that it is said of.
    pub node: NodeKey,
    /// Who says so, and where; empty where the sentence says that no document does.
    pub cited: Vec<Cited>,
}

/// The qualifier that names the item that a statement answers: `buyer/1.1`.
pub const ITEM: &str = "item";

impl Filled {
    /// Fills a questionnaire in. Items that do not apply on the day of the graph keep their place and are not counted.
    pub fn of(graph: &Graph<'_>, subject: EntityId, form: &Questionnaire, audience: Option<Audience>) -> Self {
        let upstream = Upstream::of(graph, subject);
        let mut counts = Counts::default();
        let mut fill = |item: &Item| {
            let filled = FilledItem::of(&upstream, form, item);
            if matches!(filled.status, Status::Applies | Status::ByHand) {
                counts.add(filled.verdict);
            }
            filled
        };
        let sections = form.sections.iter().map(|section| FilledSection {
            id: section.id.clone(),
            title: section.title.clone(),
            items: section.items.iter().filter(|item| item.is_for(audience)).map(&mut fill).collect(),
        });
        let sections: Vec<FilledSection> = sections.filter(|section| !section.items.is_empty()).collect();
        Self {
            id: form.id.clone(),
            title: form.title.clone(),
            kind: form.kind,
            issuer: form.issuer.clone(),
            version: form.version.clone(),
            source: form.source.clone(),
            read_on: form.read_on,
            notes: form.notes.clone(),
            subject: graph.key(subject),
            name: graph.name(subject).to_owned(),
            on: graph.as_of().or(form.asked_on),
            audience,
            counts,
            sections,
        }
    }
}

impl FilledItem {
    pub const MOST_SENTENCES: usize = 40;

    /// Fills one item in.
    pub(crate) fn of(upstream: &Upstream<'_, '_>, form: &Questionnaire, item: &Item) -> Self {
        let graph = upstream.graph;
        let status = match graph.as_of().or(form.asked_on) {
            Some(on) if item.from.is_some_and(|from| on < from) => Status::NotYet,
            Some(on) if item.until.is_some_and(|until| until < on) => Status::NoLonger,
            _ if item.by_hand => Status::ByHand,
            _ => Status::Applies,
        };
        let mut filled = Self {
            id: item.id.clone(),
            title: item.title.clone(),
            status,
            verdict: Verdict::NotApplicable,
            sentences: Vec::new(),
            paths: Vec::new(),
            omitted: 0,
            ask: Vec::new(),
            from: item.from,
            until: item.until,
            source: item.source.clone(),
        };
        match status {
            Status::NotYet | Status::NoLonger => return filled,
            Status::ByHand => filled.verdict = Verdict::Unknown,
            Status::Applies => match item.question {
                Some(question) => {
                    let answer = graph.answer(upstream, question);
                    filled.verdict = answer.verdict;
                    filled.sentences =
                        vec![Sentence { text: answer.statement, node: answer.subject, cited: answer.cited }];
                    filled.paths = answer.paths;
                    filled.ask = answer.ask_next;
                }
                None => filled.add_statements(upstream, item),
            },
        }
        filled.add_answers(graph, upstream.subject, form, item);
        if filled.sentences.is_empty() {
            let text = match status {
                Status::ByHand => "only the vendor can say this, and no document stands for it".to_owned(),
                _ if graph.kind(upstream.subject) == NodeKind::Model => "no document says this".to_owned(),
                _ => format!("no document says this of a {}", graph.kind(upstream.subject)),
            };
            filled.sentences.push(Sentence { text, node: graph.key(upstream.subject), cited: Vec::new() });
        }
        if matches!(filled.verdict, Verdict::Unknown | Verdict::Contradicted) && !filled.ask.contains(&item.ask) {
            filled.ask.insert(0, item.ask.clone());
        }
        filled
    }

    fn add_statements(&mut self, upstream: &Upstream<'_, '_>, item: &Item) {
        let graph = upstream.graph;
        let support = stillwatch_lineage::support(upstream, &item.any_of, item.of);
        self.verdict = support.verdict;
        let edges = support.edges.iter().map(|edge| Sentence::of_edge(graph, edge));
        let facts = support.facts.iter().map(|fact| Sentence::of_fact(graph, fact));
        let identified = support.identified.iter().map(|&id| Sentence::of_identifiers(graph, id));
        let mut sentences: Vec<Sentence> = edges.chain(facts).chain(identified).collect();
        self.omitted = sentences.len().saturating_sub(Self::MOST_SENTENCES);
        sentences.truncate(Self::MOST_SENTENCES);
        // What waits for a reviewer and would change the item is part of what is known of it.
        let later = graph.confirmed().map(|later| Upstream::of(later, upstream.subject));
        let becomes = later.map(|later| stillwatch_lineage::support(&later, &item.any_of, item.of).verdict);
        if let Some(becomes) = becomes.filter(|becomes| *becomes != self.verdict) {
            let text = format!(
                "not decided: statements read from prose wait for a reviewer, and confirmed would make this {becomes}"
            );
            sentences.insert(0, Sentence { text, node: graph.key(upstream.subject), cited: Vec::new() });
        }
        self.sentences = sentences;
    }

    /// What the vendor answered to this very item, or to one that asks the same. It lifts silence and nothing else.
    fn add_answers(&mut self, graph: &Graph<'_>, subject: EntityId, form: &Questionnaire, item: &Item) {
        let id = format!("{}/{}", form.id, item.id);
        let is_own = |other: &str| other == id || known(other).is_some_and(|other| other.asks_the_same(item));
        let mut answers = graph.cite_qualified(subject, ITEM, is_own);
        answers.retain(|cited| {
            let has_lapsed = cited.expires.zip(graph.as_of()).is_some_and(|(last, day)| last < day);
            !has_lapsed && (cited.denied || placeholder(&cited.object).is_none())
        });
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut lifted = Verdict::Unknown;
        for cited in answers {
            let is_evidenced = cited.evidence >= EvidenceKind::ThirdParty;
            let verdict = if is_evidenced { Verdict::Evidenced } else { Verdict::Disclosed };
            lifted = lifted.max(verdict);
            if self.sentences.iter().any(|told| told.cited.contains(&cited)) {
                continue;
            }
            let answer = if cited.object.is_empty() { "said to be none" } else { &cited.object };
            let text = format!("{}, answered: {answer} ({verdict})", graph.name(subject));
            sentences.push(Sentence { text, node: graph.key(subject), cited: vec![cited] });
        }
        if self.verdict == Verdict::Unknown {
            self.verdict = lifted;
        }
        let room = Self::MOST_SENTENCES.saturating_sub(self.sentences.len());
        self.omitted += sentences.len().saturating_sub(room);
        sentences.truncate(room);
        self.sentences.splice(0..0, sentences);
    }
}

impl Sentence {
    fn of_edge(graph: &Graph<'_>, edge: &Edge) -> Self {
        let not = if edge.denied { "not " } else { "" };
        let text = format!(
            "{}: {not}{} {} ({})",
            graph.name(edge.subject),
            edge.kind.as_str().replace('-', " "),
            graph.name(edge.object),
            edge.verdict
        );
        Self { text, node: graph.key(edge.subject), cited: graph.cite_edge(edge) }
    }

    fn of_fact(graph: &Graph<'_>, fact: &Fact) -> Self {
        let cited = graph.cite_fact(fact);
        let mut values: Vec<&str> = cited.iter().map(|cited| cited.object.as_str()).collect();
        values.sort_unstable();
        values.dedup();
        let value = match (values.join("; "), fact.verdict) {
            (value, _) if value.is_empty() => "said to be none".to_owned(),
            (value, Verdict::Unknown) => format!("“{value}”, which says nothing"),
            (value, _) => value,
        };
        let name = graph.predicate(fact).as_str().replace('-', " ");
        let text = format!("{}, {name}: {value} ({})", graph.name(fact.subject), fact.verdict);
        Self { text, node: graph.key(fact.subject), cited }
    }

    fn of_identifiers(graph: &Graph<'_>, entity: EntityId) -> Self {
        let keys: Vec<String> = graph.keys(entity).iter().take(4).map(ToString::to_string).collect();
        let text = format!("{} is identified by {}", graph.name(entity), keys.join(", "));
        Self { text, node: graph.key(entity), cited: Vec::new() }
    }
}
