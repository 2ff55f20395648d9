use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{Cited, Edge, EdgeKind, EntityId, Fact, Graph, NodeKind, Predicate, Scheme};

/// The licence list of SPDX as CycloneDX ships it; its schema allows nothing else as `license.id`.
static LICENCES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let schema = include_str!("../../schemas/cyclonedx/spdx.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap_or_default();
    schema["enum"].as_array().into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_owned())).collect()
});

/// A subject and everything upstream of it, as an export writes it.
pub(super) struct Part<'g, 'l> {
    pub(super) graph: &'g Graph<'l>,
    /// The subject first, the others in the order of their numbers.
    pub(super) entities: Vec<EntityId>,
    references: BTreeMap<EntityId, String>,
}

impl<'g, 'l> Part<'g, 'l> {
    /// Whatever the subject's edges lead to, one after the other, along every edge that is not denied.
    pub(super) fn of(graph: &'g Graph<'l>, subject: EntityId) -> Self {
        let mut seen: BTreeMap<EntityId, String> = BTreeMap::new();
        let mut open = vec![subject];
        while let Some(entity) = open.pop() {
            if seen.contains_key(&entity) {
                continue;
            }
            seen.insert(entity, String::new());
            open.extend(graph.out(entity).iter().map(|edge| edge.object));
            open.extend(graph.incoming(entity).filter(|edge| edge.kind == EdgeKind::PartOf).map(|edge| edge.subject));
        }
        let mut entities = vec![subject];
        entities.extend(seen.keys().copied().filter(|&entity| entity != subject));
        for (at, &entity) in entities.iter().enumerate() {
            seen.insert(entity, format!("{}-{at}", graph.kind(entity)));
        }
        Self { graph, entities, references: seen }
    }

    /// A name inside the document: `model-0`.
    pub(super) fn reference(&self, entity: EntityId) -> &str {
        self.references.get(&entity).map_or("", String::as_str)
    }

    /// A name for people; never empty.
    pub(super) fn name(&self, entity: EntityId) -> String {
        let name = self.graph.name(entity);
        if name.is_empty() { self.graph.key(entity).as_str().to_owned() } else { name.to_owned() }
    }

    pub(super) fn edges(&self, entity: EntityId) -> impl Iterator<Item = &'g Edge> {
        self.graph.out(entity).iter()
    }

    /// The identifiers in a scheme, ascending.
    pub(super) fn identifiers(&self, entity: EntityId, scheme: Scheme) -> Vec<String> {
        let mut found: Vec<String> = self.graph.identifiers(entity, scheme).map(str::to_owned).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The identifier of a licence in the SPDX list, as the list writes it.
    pub(super) fn licence(&self, entity: EntityId) -> Option<&'static str> {
        let names = self.identifiers(entity, Scheme::Spdx).into_iter().chain([self.name(entity)]);
        names.filter_map(|id| LICENCES.iter().find(|known| known.eq_ignore_ascii_case(&id))).map(String::as_str).next()
    }

    /// What is said of an attribute and is no placeholder, each value once; with the claim it was read from.
    pub(super) fn values(&self, fact: &Fact) -> Vec<(String, Cited)> {
        let mut values: BTreeMap<String, Cited> = BTreeMap::new();
        for cited in self.graph.cite_fact(fact) {
            if !cited.denied && placeholder(&cited.object).is_none() {
                values.entry(cited.object.clone()).or_insert(cited);
            }
        }
        values.into_iter().collect()
    }

    pub(super) fn facts(&self, entity: EntityId) -> impl Iterator<Item = (&'g str, &'g Fact)> {
        let graph = self.graph;
        graph.facts_of(entity).iter().map(move |fact| {
            let predicate: &'g Predicate = graph.predicate(fact);
            (predicate.as_str(), fact)
        })
    }

    pub(super) fn is_party(&self, entity: EntityId) -> bool {
        matches!(self.graph.kind(entity), NodeKind::Organisation | NodeKind::Person)
    }
}
