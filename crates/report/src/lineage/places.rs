//! Where on the page of a provenance report its things and documents stand.

use std::collections::BTreeMap;

use maud::{Markup, html};
use stillwatch_lineage::{DocumentId, NodeKey, Verdict};

use super::Report;
use super::phrases::named;

/// Where on the page things and documents stand, so that every sentence can lead there.
pub(super) struct Places<'r> {
    nodes: BTreeMap<&'r NodeKey, (usize, &'r str)>,
    documents: BTreeMap<&'r DocumentId, (usize, &'r str)>,
}

impl<'r> Places<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut nodes: BTreeMap<&NodeKey, (usize, &str)> = BTreeMap::new();
        let mut add = |key: &'r NodeKey, name: &'r str| {
            let next = nodes.len();
            let own = nodes.entry(key).or_insert((next, name));
            if own.1.is_empty() {
                own.1 = name;
            }
        };
        add(&report.entity.key, &report.entity.name);
        report.picture.iter().flat_map(|own| &own.nodes).for_each(|node| add(&node.key, &node.name));
        for step in report.steps() {
            add(&step.subject, &step.subject_name);
            add(&step.object, &step.object_name);
        }
        report.items().flat_map(|item| &item.sentences).for_each(|sentence| add(&sentence.node, ""));
        let documents = report.documents.iter().enumerate();
        let documents = documents.map(|(at, document)| (&document.id, (at, document.name.as_str()))).collect();
        Self { nodes, documents }
    }

    /// Place, key and name of each thing, in the order of the page.
    pub(super) fn things(&self) -> Vec<(usize, &NodeKey, &str)> {
        let mut things: Vec<_> = self.nodes.iter().map(|(key, (at, name))| (*at, *key, *name)).collect();
        things.sort_unstable();
        things
    }

    pub(super) fn node(&self, key: &NodeKey, name: &str) -> Markup {
        html! {
            @if let Some((at, _)) = self.nodes.get(key) { a href={ "#thing-" (at) } { bdi { (named(name)) } } }
            @else { bdi { (named(name)) } }
        }
    }

    pub(super) fn document(&self, id: &DocumentId) -> Markup {
        html! {
            @if let Some((at, name)) = self.documents.get(id) { a href={ "#document-" (at) } { bdi { (named(name)) } } }
            @else { span.id { (id) } }
        }
    }
}

pub(super) fn verdict(verdict: Verdict) -> Markup {
    html! { span class={ "verdict " (verdict) } { (verdict) } }
}
