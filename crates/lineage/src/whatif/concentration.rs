use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EdgeKind;
use crate::graph::Graph;
use crate::ledger::NodeKey;
use crate::resolve::EntityId;

/// How much of what some subjects depend on lies with few, as the Herfindahl-Hirschman index: the sum of squared shares
/// in per cent, up to 10,000. Spend is rarely known, so it is an interval: the unknown rest spread over many, or all of
/// it with the largest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Concentration {
    pub edge: EdgeKind,
    /// Known shares first, the largest first; then those of unknown share by name.
    pub holdings: Vec<Holding>,
    /// Per cent.
    pub known: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Holding {
    pub node: NodeKey,
    pub name: String,
    /// Per cent.
    pub share: Option<f64>,
    /// How many of the subjects have an edge to it.
    pub subjects: u32,
}

/// The concentration of the objects of one kind of edge over some subjects. A share is the qualifier `share` of its
/// statement, 0 to 1; shares of several subjects are averaged, as if each subject weighed alike.
#[expect(clippy::cast_precision_loss, reason = "counts of suppliers stay far below 2^53")]
pub fn concentration(graph: &Graph<'_>, subjects: &[EntityId], edge: EdgeKind) -> Concentration {
    let mut holders: BTreeMap<EntityId, (f64, bool, u32)> = BTreeMap::new();
    let with = subjects.iter().filter(|&&subject| graph.objects(subject, edge).next().is_some()).count().max(1);
    for &subject in subjects {
        // A subject whose shares add up to more than the whole is scaled down to it.
        let shares: Vec<(EntityId, Option<f64>)> =
            graph.objects(subject, edge).map(|own| (own.object, share(graph, own))).collect();
        let total: f64 = shares.iter().filter_map(|(_, share)| *share).sum::<f64>().max(1.0);
        for (object, share) in shares {
            let held = holders.entry(object).or_insert((0.0, false, 0));
            if let Some(share) = share {
                held.0 += 100.0 * share / total / with as f64;
                held.1 = true;
            }
            held.2 += 1;
        }
    }
    let known: f64 = holders.values().map(|held| held.0).sum::<f64>().min(100.0);
    let rest = 100.0 - known;
    let largest = holders.values().map(|held| held.0).fold(0.0, f64::max);
    let low: f64 = holders.values().map(|held| held.0 * held.0).sum();
    // One holder alone has the rest, whoever is not named; with none named nothing is known.
    let high = low - largest * largest + (largest + rest) * (largest + rest);
    let mut holdings: Vec<Holding> = holders
        .into_iter()
        .map(|(id, (held, is_known, subjects))| Holding {
            node: graph.key(id),
            name: graph.name(id).to_owned(),
            share: is_known.then_some(held),
            subjects,
        })
        .collect();
    holdings
        .sort_by(|a, b| b.share.unwrap_or(-1.0).total_cmp(&a.share.unwrap_or(-1.0)).then_with(|| a.name.cmp(&b.name)));
    Concentration { edge, holdings, known, low, high }
}

/// The last share that a document gives, of those from 0 to 1.
fn share(graph: &Graph<'_>, edge: &crate::Edge) -> Option<f64> {
    let ledger = graph.ledger();
    let claims = graph.edge_claims(edge).iter().map(|&claim| &ledger.claims[claim as usize]);
    let qualifiers = claims.filter_map(|claim| ledger.qualifiers.get(claim.qualifiers as usize));
    let mut shares = qualifiers.filter_map(|own| own.get("share")?.to_string().parse().ok());
    shares.rfind(|share: &f64| (0.0..=1.0).contains(share))
}
