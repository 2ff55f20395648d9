use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{Severity, shown};
use stillwatch_json::Value;
use stillwatch_lineage::{NodeRef, Scheme};

use super::identity::identity;
use crate::importers::sink::{Sink, fold};

/// What the references of a document mean.
pub(super) struct References {
    nodes: BTreeMap<String, NodeRef>,
    /// Folded to the references that it stands for; more than one is no guess.
    folded: BTreeMap<String, Vec<String>>,
    /// Where each reference stands first.
    places: BTreeMap<String, usize>,
    /// Components without a reference of their own, by name; two of one name are no guess.
    named: BTreeMap<String, Option<NodeRef>>,
    /// References of what serves to measure and not to train.
    for_evaluation: BTreeSet<String>,
}

impl References {
    /// Every `bom-ref` of components, data, services and parties. The first of two equal ones counts.
    pub(super) fn of(root: Value<'_>, sink: &mut Sink<'_>) -> Self {
        let mut references = Self {
            nodes: BTreeMap::new(),
            folded: BTreeMap::new(),
            places: BTreeMap::new(),
            named: BTreeMap::new(),
            for_evaluation: BTreeSet::new(),
        };
        let mut open = vec![root];
        while let Some(value) = open.pop() {
            if value.is_object() {
                references.take(value, sink);
            }
            let from = open.len();
            let inside = value.entries().map(|(_, value)| value).chain(value.items());
            open.extend(inside.filter(|value| value.is_object() || value.is_array()));
            open[from..].reverse();
        }
        references.tell_look_alikes(sink);
        references
    }

    pub(super) fn node(&self, reference: &str) -> Option<&NodeRef> {
        self.nodes.get(reference)
    }

    /// The one component without a reference that has this name: who writes no references refers by names.
    pub(super) fn named(&self, name: &str) -> Option<&NodeRef> {
        self.named.get(name)?.as_ref()
    }

    /// Whether what a reference means serves to measure and not to train.
    pub(super) fn is_for_evaluation(&self, reference: &str) -> bool {
        self.for_evaluation.contains(reference)
    }

    /// Whether this object is the one that its reference means.
    pub(super) fn is_first(&self, reference: &str, at: Value<'_>) -> bool {
        self.places.get(reference) == Some(&at.offset())
    }

    /// The one reference that differs by case or Unicode form only.
    pub(super) fn like(&self, reference: &str) -> Option<(&str, &NodeRef)> {
        match self.folded.get(&fold(reference))?.as_slice() {
            [one] => Some((one.as_str(), self.nodes.get(one)?)),
            _ => None,
        }
    }

    fn take(&mut self, value: Value<'_>, sink: &mut Sink<'_>) {
        let Some(reference) = value.text_of("bom-ref").filter(|reference| !reference.is_empty()) else {
            // The same thing written down twice is one thing.
            if let (Some(name), Some(_)) = (value.text_of("name"), value.text_of("type")) {
                let node = identity(value, sink);
                let is_other = |known: &NodeRef| known.kind != node.kind || known.identifiers != node.identifiers;
                self.named
                    .entry(name.into_owned())
                    .and_modify(|known| *known = known.take().filter(|known| !is_other(known)))
                    .or_insert(Some(node.clone()));
            }
            return;
        };
        if reference.len() > 1024 {
            let path = format!("{}/bom-ref", value.path());
            sink.draft.tell(Severity::Warning, path, "identifier", "the reference is too long and was left out");
            return;
        }
        if self.nodes.contains_key(reference.as_ref()) {
            let message = format!("`{}` stands for something else already", shown(&reference));
            sink.draft.tell(Severity::Warning, format!("{}/bom-ref", value.path()), "duplicate-reference", message);
            return;
        }
        let reference = reference.into_owned();
        let node = identity(value, sink).with(Scheme::Local, reference.as_str());
        self.folded.entry(fold(&reference)).or_default().push(reference.clone());
        if super::component::is_for_evaluation(value) {
            self.for_evaluation.insert(reference.clone());
        }
        self.places.insert(reference.clone(), value.offset());
        self.nodes.insert(reference, node);
    }

    fn tell_look_alikes(&self, sink: &mut Sink<'_>) {
        for alike in self.folded.values().filter(|alike| alike.len() > 1) {
            let shown: Vec<String> = alike.iter().take(3).map(|reference| format!("`{}`", shown(reference))).collect();
            let message = format!("{} differ by case or Unicode form only", shown.join(", "));
            sink.draft.tell(Severity::Warning, "", "look-alike", message);
        }
    }
}
