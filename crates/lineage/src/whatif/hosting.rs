//! Where something is hosted.

use std::collections::BTreeSet;

use crate::graph::Graph;
use crate::resolve::EntityId;
use crate::{EdgeKind, NodeKind, Verdict};

/// The countries in which something is hosted, by name: where it stands itself, else where that stands on which it runs, is
/// kept or is rented. What documents deny or contradict is left out; whose it is says nothing of where it stands.
pub fn hosting(graph: &Graph<'_>, entity: EntityId) -> Vec<EntityId> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([entity]);
    let mut next = vec![entity];
    for _ in 0..MOST_STEPS {
        let mut further = Vec::new();
        for own in next {
            let places: Vec<EntityId> = along(graph, own, &[EdgeKind::LocatedIn])
                .filter(|&place| graph.kind(place) == NodeKind::Jurisdiction)
                .collect();
            if places.is_empty() {
                let hosts = along(graph, own, &[EdgeKind::RunsOn, EdgeKind::HeldAt, EdgeKind::RentsFrom]);
                further.extend(hosts.filter(|&host| seen.insert(host)));
            }
            found.extend(places);
        }
        further.truncate(MOST_HOSTS);
        next = further;
    }
    let mut found: Vec<EntityId> = found.into_iter().collect();
    found.sort_by(|a, b| graph.name(*a).cmp(graph.name(*b)).then(a.cmp(b)));
    found
}

fn along<'g>(graph: &'g Graph<'_>, from: EntityId, kinds: &'static [EdgeKind]) -> impl Iterator<Item = EntityId> + 'g {
    let edges = graph.out(from).iter().filter(|edge| kinds.contains(&edge.kind) && !edge.denied);
    edges.filter(|edge| edge.verdict >= Verdict::Disclosed).map(|edge| edge.object)
}

/// A model on a service on a cluster of a landlord: more steps would be another thing's host.
const MOST_STEPS: usize = 4;
const MOST_HOSTS: usize = 1_000;
