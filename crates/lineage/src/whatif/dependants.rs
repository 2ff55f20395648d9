//! What depends on something: the other way round from what it is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Affected, Change, affected};
use crate::NodeKind;
use crate::graph::Graph;
use crate::ledger::NodeKey;
use crate::resolve::EntityId;

/// What depends on one thing, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dependants {
    pub subject: NodeKey,
    pub name: String,
    pub kind: NodeKind,
    /// What holds something of it: its words, labels or weights. Of an organisation, of what it owns.
    pub content: Vec<Affected>,
    /// What could not be made again without it.
    pub reproducibility: Vec<Affected>,
    /// What could not be had or run without it.
    pub availability: Vec<Affected>,
    /// Statements that wait for a reviewer and would add to these, if they were confirmed.
    pub waiting: usize,
}

impl Graph<'_> {
    /// Everything that depends on an entity.
    pub fn dependants(&self, entity: EntityId) -> Dependants {
        let sources = |graph: &Graph<'_>| {
            let own = graph.assets(entity);
            std::iter::once(entity).chain(own).collect::<Vec<_>>()
        };
        let taint = self.taint(&sources(self));
        let lost = self.what_if(Change::Remove(entity));
        let reached = taint.reached.iter().map(|reached| (reached.entity, reached.depth, reached.worst));
        let content = affected(self, reached, entity, |id| taint.path(self, id));
        let later = self.confirmed().map_or(taint.reached.len(), |graph| graph.taint(&sources(graph)).reached.len());
        let presented = lost.present(self);
        Dependants {
            subject: self.key(entity),
            name: self.name(entity).to_owned(),
            kind: self.kind(entity),
            waiting: later.saturating_sub(content.len()),
            content,
            reproducibility: presented.irreproducible,
            availability: presented.unavailable,
        }
    }
}
