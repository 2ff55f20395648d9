use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::known;
use super::{Audience, Item, Kind, Questionnaire};
use crate::ask::{Upstream, support};
use crate::graph::{Cited, Edge, Fact, Graph, Step};
use crate::import::Value;
use crate::import::placeholder::placeholder;
use crate::ledger::NodeKey;
use crate::resolve::EntityId;
use crate::vocabulary::words;
use crate::{Counts, Date, EvidenceKind, NodeKind, Verdict};

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
pub(crate) const ITEM: &str = "item";

impl FilledItem {
    pub const MOST_SENTENCES: usize = 40;
}

impl Graph<'_> {
    /// Fills a questionnaire in. Items that do not apply on the day of the graph keep their place and are not counted.
    pub fn fill(&self, subject: EntityId, form: &Questionnaire, audience: Option<Audience>) -> Filled {
        let upstream = Upstream::of(self, subject);
        let mut counts = Counts::default();
        let mut fill = |item: &Item| {
            let filled = self.fill_item(&upstream, form, item);
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
        Filled {
            id: form.id.clone(),
            title: form.title.clone(),
            kind: form.kind,
            issuer: form.issuer.clone(),
            version: form.version.clone(),
            source: form.source.clone(),
            read_on: form.read_on,
            notes: form.notes.clone(),
            subject: self.key(subject),
            name: self.name(subject).to_owned(),
            on: self.as_of().or(form.asked_on),
            audience,
            counts,
            sections,
        }
    }

    pub(super) fn fill_item(&self, upstream: &Upstream<'_, '_>, form: &Questionnaire, item: &Item) -> FilledItem {
        let status = match self.as_of().or(form.asked_on) {
            Some(on) if item.from.is_some_and(|from| on < from) => Status::NotYet,
            Some(on) if item.until.is_some_and(|until| until < on) => Status::NoLonger,
            _ if item.by_hand => Status::ByHand,
            _ => Status::Applies,
        };
        let mut filled = FilledItem {
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
                    let answer = self.answer(upstream, question);
                    filled.verdict = answer.verdict;
                    filled.sentences =
                        vec![Sentence { text: answer.statement, node: answer.subject, cited: answer.cited }];
                    filled.paths = answer.paths;
                    filled.ask = answer.ask_next;
                }
                None => self.fill_from_statements(upstream, item, &mut filled),
            },
        }
        self.fill_from_answers(upstream.subject, form, item, &mut filled);
        if filled.sentences.is_empty() {
            let text = match status {
                Status::ByHand => "only the vendor can say this, and no document stands for it".to_owned(),
                _ if self.kind(upstream.subject) == NodeKind::Model => "no document says this".to_owned(),
                _ => format!("no document says this of a {}", self.kind(upstream.subject)),
            };
            filled.sentences.push(Sentence { text, node: self.key(upstream.subject), cited: Vec::new() });
        }
        if matches!(filled.verdict, Verdict::Unknown | Verdict::Contradicted) && !filled.ask.contains(&item.ask) {
            filled.ask.insert(0, item.ask.clone());
        }
        filled
    }

    fn fill_from_statements(&self, upstream: &Upstream<'_, '_>, item: &Item, filled: &mut FilledItem) {
        let support = support(upstream, &item.any_of, item.of);
        filled.verdict = support.verdict;
        let edges = support.edges.iter().map(|edge| self.edge_sentence(edge));
        let facts = support.facts.iter().map(|fact| self.fact_sentence(fact));
        let identified = support.identified.iter().map(|&id| self.identifier_sentence(id));
        let mut sentences: Vec<Sentence> = edges.chain(facts).chain(identified).collect();
        filled.omitted = sentences.len().saturating_sub(FilledItem::MOST_SENTENCES);
        sentences.truncate(FilledItem::MOST_SENTENCES);
        filled.sentences = sentences;
    }

    /// What the vendor answered to this very item, or to one that asks the same. It lifts silence and nothing else.
    fn fill_from_answers(&self, subject: EntityId, form: &Questionnaire, item: &Item, filled: &mut FilledItem) {
        let id = format!("{}/{}", form.id, item.id);
        let is_own = |other: &str| other == id || known(other).is_some_and(|other| other.asks_the_same(item));
        let edges = self.out(subject).iter().map(|edge| self.edge_claims(edge));
        let facts = self.facts_of(subject).iter().map(|fact| self.fact_claims(fact));
        let claims = edges.chain(facts).flatten().filter(|&&claim| self.item_of(claim).is_some_and(is_own));
        let mut answers: Vec<Cited> = claims.map(|&claim| self.cited(claim)).collect();
        answers.retain(|cited| {
            let has_lapsed = cited.expires.zip(self.as_of()).is_some_and(|(last, day)| last < day);
            !has_lapsed && (cited.denied || placeholder(&cited.object).is_none())
        });
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut lifted = Verdict::Unknown;
        for cited in answers {
            let is_evidenced = cited.evidence >= EvidenceKind::ThirdParty;
            let verdict = if is_evidenced { Verdict::Evidenced } else { Verdict::Disclosed };
            lifted = lifted.max(verdict);
            if filled.sentences.iter().any(|told| told.cited.contains(&cited)) {
                continue;
            }
            let answer = if cited.object.is_empty() { "said to be none" } else { &cited.object };
            let text = format!("{}, answered: {answer} ({verdict})", self.name(subject));
            sentences.push(Sentence { text, node: self.key(subject), cited: vec![cited] });
        }
        if filled.verdict == Verdict::Unknown {
            filled.verdict = lifted;
        }
        let room = FilledItem::MOST_SENTENCES.saturating_sub(filled.sentences.len());
        filled.omitted += sentences.len().saturating_sub(room);
        sentences.truncate(room);
        filled.sentences.splice(0..0, sentences);
    }

    /// The item that a statement answers, by the id that stood in the table of answers.
    fn item_of(&self, claim: u32) -> Option<&str> {
        let claim = &self.ledger.claims[claim as usize];
        match self.ledger.qualifiers.get(claim.qualifiers as usize)?.get(ITEM)? {
            Value::Text(id) => Some(id),
            Value::Number(_) | Value::Flag(_) => None,
        }
    }

    fn edge_sentence(&self, edge: &Edge) -> Sentence {
        let not = if edge.denied { "not " } else { "" };
        let text = format!(
            "{}: {not}{} {} ({})",
            self.name(edge.subject),
            edge.kind.as_str().replace('-', " "),
            self.name(edge.object),
            edge.verdict
        );
        Sentence { text, node: self.key(edge.subject), cited: self.cite_edge(edge) }
    }

    fn fact_sentence(&self, fact: &Fact) -> Sentence {
        let cited = self.cite_fact(fact);
        let mut values: Vec<&str> = cited.iter().map(|cited| cited.object.as_str()).collect();
        values.sort_unstable();
        values.dedup();
        let value = match (values.join("; "), fact.verdict) {
            (value, _) if value.is_empty() => "said to be none".to_owned(),
            (value, Verdict::Unknown) => format!("“{value}”, which says nothing"),
            (value, _) => value,
        };
        let name = self.predicate(fact).as_str().replace('-', " ");
        let text = format!("{}, {name}: {value} ({})", self.name(fact.subject), fact.verdict);
        Sentence { text, node: self.key(fact.subject), cited }
    }

    fn identifier_sentence(&self, entity: EntityId) -> Sentence {
        let keys: Vec<String> = self.keys(entity).iter().take(4).map(ToString::to_string).collect();
        let text = format!("{} is identified by {}", self.name(entity), keys.join(", "));
        Sentence { text, node: self.key(entity), cited: Vec::new() }
    }
}
