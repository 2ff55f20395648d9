use serde::{Deserialize, Serialize};

use super::Upstream;
use crate::graph::{Edge, Fact};
use crate::resolve::EntityId;
use crate::{NodeKind, Verdict};

/// Whose statements count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    #[default]
    Subject,
    /// Every data set upstream; the weakest counts, so that one named data set does not speak for ten.
    Data,
    /// Anything upstream; the firmest counts.
    Lineage,
}

impl Of {
    /// The things whose statements count.
    fn of(self, upstream: &Upstream<'_, '_>) -> Vec<EntityId> {
        match self {
            Self::Subject => vec![upstream.subject],
            Self::Data => {
                let is_other =
                    |id: &EntityId| *id != upstream.subject || upstream.graph.kind(upstream.subject) != NodeKind::Model;
                upstream.data().into_iter().filter(is_other).collect()
            }
            Self::Lineage => upstream.all().collect(),
        }
    }
}

/// What documents say of something that is wanted.
pub struct Support<'g> {
    /// A contradiction of any part contradicts it.
    pub verdict: Verdict,
    pub edges: Vec<&'g Edge>,
    pub facts: Vec<&'g Fact>,
    /// Things that an identifier tells from others, where [`IDENTIFIER`] is wanted.
    pub identified: Vec<EntityId>,
}

/// Stands among predicates for "anything but a name identifies it": an address with a revision, a digest.
pub const IDENTIFIER: &str = "identifier";

/// The verdict on edges and attributes of these names, and what it rests on.
pub fn support<'g>(upstream: &Upstream<'g, '_>, any_of: &[String], of: Of) -> Support<'g> {
    let graph = upstream.graph;
    let named = |word: &str| any_of.iter().any(|wanted| wanted == word);
    let mut support =
        Support { verdict: Verdict::Unknown, edges: Vec::new(), facts: Vec::new(), identified: Vec::new() };
    let mut verdicts = Vec::new();
    for entity in of.of(upstream) {
        let mut own = Vec::new();
        // That something was not so names nothing that was.
        for edge in graph.out(entity).iter().filter(|edge| !edge.denied && named(edge.kind.as_str())) {
            own.push(edge.verdict);
            support.edges.push(edge);
        }
        for fact in graph.facts_of(entity).iter().filter(|fact| named(graph.predicate(fact).as_str())) {
            own.push(fact.verdict);
            support.facts.push(fact);
        }
        if named(IDENTIFIER) && graph.is_identified(entity) {
            own.push(Verdict::Disclosed);
            support.identified.push(entity);
        }
        verdicts.push(firmest(&own));
    }
    support.verdict = match of {
        Of::Subject | Of::Lineage => firmest(&verdicts),
        Of::Data => verdicts.into_iter().min().unwrap_or(Verdict::Unknown),
    };
    support
}

fn firmest(verdicts: &[Verdict]) -> Verdict {
    if verdicts.contains(&Verdict::Contradicted) {
        Verdict::Contradicted
    } else {
        verdicts.iter().copied().max().unwrap_or(Verdict::Unknown)
    }
}
