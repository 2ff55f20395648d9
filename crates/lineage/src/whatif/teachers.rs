//! How many models learnt from how few teachers.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask::Upstream;
use crate::graph::Graph;
use crate::resolve::EntityId;
use crate::terms::{is_same_vendor, vendor_key};
use crate::{NodeKind, Verdict};

/// The models of a graph, and the makers of the models whose outputs they learnt from, directly or through what they were
/// made from. A model's own maker is no teacher of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TeacherConcentration {
    /// Models that learnt from another maker's outputs by what documents say.
    pub taught: u32,
    /// Models of which documents say neither that they did nor that they did not.
    pub silent: u32,
    /// Models that were not looked at, in a graph that is too large to look upstream of each.
    pub left_out: u32,
    /// Makers of teachers, those of most models first.
    pub vendors: Vec<TeacherVendor>,
    /// Herfindahl-Hirschman index over the models taught, each shared equally among its teachers' makers; 0 to 10,000, 0
    /// where none is taught. Over what is known: models of which nothing is said are left out.
    pub index: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TeacherVendor {
    pub name: String,
    /// The teachers that documents name.
    pub teachers: Vec<String>,
    /// Models that learnt from any of them.
    pub models: u32,
    /// Of these, models that learnt from no other maker's.
    pub alone: u32,
}

/// How the teaching of all models of a graph lies with few.
pub fn teacher_concentration(graph: &Graph<'_>) -> TeacherConcentration {
    let mut vendors: BTreeMap<String, Taught> = BTreeMap::new();
    let (mut taught, mut silent) = (0, 0);
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    let models: Vec<EntityId> = graph.ids().filter(|&id| graph.kind(id) == NodeKind::Model).collect();
    let most = (MOST_WORK / graph.entities().max(1)).max(1);
    for &model in models.iter().take(most) {
        let upstream = Upstream::of(graph, model);
        let others: Vec<_> = upstream
            .teachers()
            .into_iter()
            .filter(|own| own.worst >= Verdict::Disclosed && !is_same_vendor(graph, model, own.teacher))
            .collect();
        if others.is_empty() {
            let is_denied = !crate::ask::denials(&upstream).is_empty();
            silent += u32::from(!is_denied);
            continue;
        }
        taught += 1;
        let mut own = BTreeSet::new();
        for teacher in &others {
            let name = teacher.vendor.clone().unwrap_or_else(|| graph.name(teacher.teacher).to_owned());
            let key = vendor_key(&name);
            let held = vendors.entry(key.clone()).or_insert_with(|| Taught::named(name));
            held.teachers.insert(graph.name(teacher.teacher).to_owned());
            held.models.insert(model);
            own.insert(key);
        }
        let alone = own.len() == 1;
        for key in &own {
            *shares.entry(key.clone()).or_default() += 1.0 / stillwatch_core::float(own.len());
            if let Some(held) = vendors.get_mut(key).filter(|_| alone) {
                held.alone += 1;
            }
        }
    }
    let whole = f64::from(taught).max(1.0);
    let index = shares.values().map(|share| (100.0 * share / whole).powi(2)).sum();
    let mut vendors: Vec<TeacherVendor> = vendors.into_values().map(Taught::told).collect();
    vendors.sort_by(|a, b| b.models.cmp(&a.models).then_with(|| a.name.cmp(&b.name)));
    let left_out = stillwatch_core::at_most_u32(models.len().saturating_sub(most));
    TeacherConcentration { taught, silent, left_out, vendors, index }
}

struct Taught {
    name: String,
    teachers: BTreeSet<String>,
    models: BTreeSet<EntityId>,
    alone: u32,
}

impl Taught {
    fn named(name: String) -> Self {
        Self { name, teachers: BTreeSet::new(), models: BTreeSet::new(), alone: 0 }
    }

    fn told(self) -> TeacherVendor {
        TeacherVendor {
            name: self.name,
            teachers: self.teachers.into_iter().collect(),
            models: stillwatch_core::at_most_u32(self.models.len()),
            alone: self.alone,
        }
    }
}

/// Looking upstream of a model takes time in proportion to the graph: so many entities are looked at in all.
const MOST_WORK: usize = 50_000_000;
