use std::borrow::Cow;
use std::fmt::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_lineage::{Attribute, EntityId, Graph, NodeKey, Question, Upstream, Verdict, open_terms};

use super::{FilledItem, Item, Questionnaire, Status};
use crate::table::GUARDED;

/// What to ask the vendor of a subject: what no document says, or says against another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// A key that holds in other documents too.
    pub subject: NodeKey,
    pub name: String,
    pub wishes: Vec<Wish>,
    /// Items that documents answer already.
    pub answered: usize,
}

/// One question for a vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wish {
    /// `buyer/1.1`; every item that the answer serves, the first of which names the row.
    pub items: Vec<String>,
    pub question: String,
    /// What counts as an answer.
    pub counts: String,
    /// What is known so far.
    pub why: String,
    pub verdict: Verdict,
    /// Where an answer in words is kept.
    pub attribute: Attribute,
    /// Narrower questions that the graph raises.
    pub also: Vec<String>,
}

impl Request {
    /// The questions that questionnaires leave open, each asked once however many of them ask it.
    pub fn of(graph: &Graph<'_>, subject: EntityId, forms: &[Questionnaire], all: bool) -> Self {
        let mut request = Self {
            subject: lasting_key(graph, subject),
            name: graph.name(subject).to_owned(),
            wishes: Vec::new(),
            answered: 0,
        };
        let upstream = Upstream::of(graph, subject);
        let mut asked: Vec<&Item> = Vec::new();
        for form in distinct(forms) {
            for item in form.items() {
                let filled = FilledItem::of(&upstream, form, item);
                if matches!(filled.status, Status::NotYet | Status::NoLonger) {
                    continue;
                }
                let id = format!("{}/{}", form.id, item.id);
                if let Some(at) = asked.iter().position(|own| own.asks_the_same(item)) {
                    request.wishes[at].items.push(id);
                } else if all || is_open(&upstream, item, &filled) {
                    asked.push(item);
                    request.wishes.push(wish(id, item, &filled));
                } else {
                    request.answered += 1;
                }
            }
        }
        request
    }

    /// As a table for the vendor to fill in, which `lineage import` and [`Answered::judge`](crate::Answered::judge) read (RFC 4180).
    ///
    /// A cell that a spreadsheet would take for a formula has a quotation mark before it: names come from strangers.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        let mut row = |cells: &[&str]| {
            for (at, cell) in cells.iter().enumerate() {
                let comma = if at > 0 { "," } else { "" };
                let cell = visible(cell);
                // Spreadsheets take white space before a formula for nothing.
                let guard = if cell.trim_start().starts_with(GUARDED) || cell.starts_with(GUARDED) { "'" } else { "" };
                // Writing to a string does not fail.
                let _ = write!(text, "{comma}\"{guard}{}\"", cell.replace('"', "\"\""));
            }
            text.push_str("\r\n");
        };
        row(&[
            "id",
            "question",
            "counts as an answer",
            "known so far",
            "name",
            "subject",
            "predicate",
            "answer",
            "source",
            "date",
        ]);
        for wish in &self.wishes {
            let question = std::iter::once(&wish.question).chain(&wish.also).cloned().collect::<Vec<_>>().join("\n");
            let id = wish.items.first().map_or("", String::as_str);
            let (name, subject, attribute) = (&self.name, self.subject.as_str(), wish.attribute.as_str());
            row(&[id, &question, &wish.counts, &wish.why, name, subject, attribute, "", "", ""]);
        }
        text
    }
}

/// A cell with its control characters, marks of direction and other characters that are not seen spelt out: they come from
/// strangers, and a table is printed on terminals too. Line feeds keep questions apart and stay.
pub fn visible(cell: &str) -> Cow<'_, str> {
    let is_hidden = |own: char| {
        own.is_control() && own != '\n'
            || matches!(own, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
    };
    if !cell.contains(is_hidden) {
        return Cow::Borrowed(cell);
    }
    let mut seen = String::with_capacity(cell.len());
    for own in cell.chars() {
        if is_hidden(own) {
            // Writing to a string does not fail.
            let _ = write!(seen, "\\u{{{:x}}}", u32::from(own));
        } else {
            seen.push(own);
        }
    }
    Cow::Owned(seen)
}

/// A key that means the same thing in another document: an identifier, or else the name.
fn lasting_key(graph: &Graph<'_>, entity: EntityId) -> NodeKey {
    let is_lasting = |key: &NodeKey| {
        key.parts().is_some_and(|(_, scheme, value)| match scheme {
            Some(scheme) => scheme.is_global(),
            None => value == graph.name(entity),
        })
    };
    let key = graph.keys(entity).into_iter().find(is_lasting);
    key.unwrap_or_else(|| NodeKey::name(graph.kind(entity), graph.name(entity)))
}

/// Whether an item is still to be asked: no document says it, documents say it differently, or outputs were found whose
/// terms no permit settles.
fn is_open(upstream: &Upstream<'_, '_>, item: &Item, filled: &FilledItem) -> bool {
    let asks_terms = item.question == Some(Question::VendorOutputs) && !open_terms(upstream).is_empty();
    asks_terms || matches!(filled.verdict, Verdict::Unknown | Verdict::Contradicted)
}

/// Questionnaires that were named twice count once.
pub(super) fn distinct(forms: &[Questionnaire]) -> impl Iterator<Item = &Questionnaire> {
    forms.iter().enumerate().filter(|(at, form)| !forms[..*at].contains(form)).map(|(_, form)| form)
}

fn wish(id: String, item: &Item, filled: &FilledItem) -> Wish {
    let first = filled.sentences.first().map_or("", |sentence| &sentence.text);
    Wish {
        items: vec![id],
        question: item.ask.clone(),
        counts: item.counts.clone(),
        why: format!("{}: {first}", filled.verdict),
        verdict: filled.verdict,
        attribute: item.attribute(),
        also: filled.ask.iter().filter(|ask| **ask != item.ask).cloned().collect(),
    }
}
