//! What stops being lawful, reproducible or available when something goes or changes.

mod concentration;
mod custody;
mod dependants;
mod hosting;
mod teachers;

pub use concentration::{Concentration, Holding, concentration};
pub use custody::{Copy, Custody, custody};
pub use dependants::Dependants;
pub use hosting::hosting;
pub use teachers::{TeacherConcentration, teacher_concentration};

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ask::Upstream;
use crate::graph::{Graph, Loss, Step, Taint, Way, join};
use crate::ledger::NodeKey;
use crate::resolve::EntityId;
use crate::terms::{Terms, service_terms, vendor_key, vendor_of};
use crate::{Aspect, EdgeKind, NodeKind, Verdict};

/// What is supposed to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It goes: a supplier leaves, a licence is withdrawn, a model or data set may no longer be used.
    Remove(EntityId),
    /// A data set or model is deleted where it is kept. Copies elsewhere count.
    Delete(EntityId),
    /// New terms: everything under them has to be looked at again.
    NewTerms(EntityId),
}

impl Change {
    pub fn entity(self) -> EntityId {
        match self {
            Self::Remove(entity) | Self::Delete(entity) | Self::NewTerms(entity) => entity,
        }
    }
}

/// What follows, for programs: sets, from which paths are made on demand.
#[derive(Debug)]
pub struct Consequences {
    pub change: Change,
    /// Reached by duties; the sources are in it.
    pub unlawful: Taint,
    pub irreproducible: Loss,
    pub unavailable: Loss,
    /// The copies that were counted.
    pub custody: Vec<Custody>,
}

/// The same for a reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WhatIf {
    pub change: String,
    pub unlawful: Vec<Affected>,
    pub irreproducible: Vec<Affected>,
    pub unavailable: Vec<Affected>,
    /// What lost an alternative and has others: its switch options.
    pub weakened: Vec<Switch>,
    /// How much lies with few before the change, for each way in which others depend on it.
    pub concentration: Vec<Concentration>,
    pub custody: Vec<Custody>,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Affected {
    pub node: NodeKey,
    pub name: String,
    pub kind: NodeKind,
    /// Edges between the change and it.
    pub depth: u32,
    /// The weakest verdict of the path: how sure it is that it depends on the change at all. None where the change begins
    /// with it, such as what a vendor owns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst: Option<Verdict>,
    /// From the change to it: mostly from the object of each edge to its subject. Left out beyond
    /// [`Consequences::MOST_PATHS`].
    pub path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Switch {
    pub node: NodeKey,
    pub name: String,
    pub edge: EdgeKind,
    pub lost: Vec<String>,
    pub left: Vec<SwitchOption>,
}

/// What could take the place of what was lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SwitchOption {
    pub name: String,
    /// The countries in which it is hosted, as far as documents say: where it stands itself, or what it runs on. Empty
    /// where none says.
    pub jurisdictions: Vec<String>,
}

impl Graph<'_> {
    /// What follows from a change.
    pub fn what_if(&self, change: Change) -> Consequences {
        let entity = change.entity();
        let custody = custody(self, entity);
        let kept_by_copy = matches!(change, Change::Delete(_)) && custody.iter().any(Custody::survives);
        let lost = |aspect| {
            let gone: Vec<EntityId> = match (change, aspect) {
                (Change::NewTerms(_), _) => Vec::new(),
                (Change::Delete(_), _) if kept_by_copy => Vec::new(),
                // A vendor takes its hosted models and its own data and weights along, as far as nobody else has them.
                (Change::Remove(_), _) if self.kind(entity) == NodeKind::Organisation => {
                    let own =
                        self.assets(entity).into_iter().filter(|&asset| self.is_held_by_owner_only(asset, aspect));
                    std::iter::once(entity).chain(own).collect()
                }
                _ => vec![entity],
            };
            self.loss(&gone, aspect)
        };
        let (unlawful, (irreproducible, unavailable)) = join(
            self.is_large(),
            || self.reach_of_duties(&self.bound_by(change)),
            || (lost(Aspect::Reproducibility), lost(Aspect::Availability)),
        );
        Consequences { change, unlawful, irreproducible, unavailable, custody }
    }

    /// Where duties begin that a change touches, with the terms where no licence node stands for them.
    fn bound_by(&self, change: Change) -> Vec<(EntityId, Option<&'static Terms>)> {
        let entity = change.entity();
        match (change, self.kind(entity)) {
            (Change::Delete(_), _) => Vec::new(),
            (_, NodeKind::Organisation) => {
                let own = self.assets(entity).into_iter();
                let named = own.filter(|&id| matches!(self.kind(id), NodeKind::Licence | NodeKind::Permit));
                named.map(|id| (id, None)).chain(self.hosted_by(entity)).collect()
            }
            (
                _,
                NodeKind::Licence
                | NodeKind::Permit
                | NodeKind::DataSet
                | NodeKind::Outputs
                | NodeKind::Model
                | NodeKind::Jurisdiction,
            ) => vec![(entity, None)],
            _ => Vec::new(),
        }
    }

    /// Models of a vendor that are used under the terms of its service.
    fn hosted_by(&self, vendor: EntityId) -> Vec<(EntityId, Option<&'static Terms>)> {
        let key = vendor_key(self.name(vendor));
        let models = self.ids().filter(|&id| self.kind(id) == NodeKind::Model);
        let under = models.filter_map(|id| {
            let (own, _) = vendor_of(self, id).filter(|(own, _)| vendor_key(own) == key)?;
            let is_licensed = self.objects(id, EdgeKind::LicensedUnder).next().is_some();
            let terms = service_terms(self, id, &own).filter(|_| !is_licensed)?;
            Some((id, Some(terms)))
        });
        under.collect()
    }

    /// Where duties reach, by the terms of the licences they begin at; a permit and a country reach what names them.
    fn reach_of_duties(&self, sources: &[(EntityId, Option<&'static Terms>)]) -> Taint {
        let mut starts = Vec::new();
        let mut terms: Vec<&Terms> = Vec::new();
        let mut all_known = !sources.is_empty();
        for &(source, service) in sources {
            match self.kind(source) {
                NodeKind::Permit => starts.extend(self.learners_under(source)),
                NodeKind::Jurisdiction => starts.extend(self.naming(source, EdgeKind::LocatedIn)),
                _ => {
                    starts.push(source);
                    match service.or_else(|| Terms::of(self, source)) {
                        Some(own) => terms.push(own),
                        None => all_known = false,
                    }
                    continue;
                }
            }
            all_known = false;
        }
        // Terms that the table does not have may bind anything.
        self.reach(&starts, Aspect::Obligations, Way::Down, |kind| {
            !all_known || terms.iter().any(|terms| terms.binds(kind))
        })
    }

    /// What a permit covers: models that name it, and those of its holders that learnt from another model.
    fn learners_under(&self, permit: EntityId) -> Vec<EntityId> {
        let holders = self.naming(permit, EdgeKind::PermittedBy);
        let (organisations, mut learners): (Vec<EntityId>, Vec<EntityId>) =
            holders.into_iter().partition(|&id| self.kind(id) == NodeKind::Organisation);
        let own = organisations.into_iter().flat_map(|id| self.assets(id));
        let models = own.filter(|&id| self.kind(id) == NodeKind::Model);
        learners.extend(models.filter(|&id| !Upstream::of(self, id).teachers().is_empty()));
        learners
    }

    fn naming(&self, entity: EntityId, kind: EdgeKind) -> Vec<EntityId> {
        self.incoming(entity).filter(|edge| edge.kind == kind && !edge.denied).map(|edge| edge.subject).collect()
    }

    fn is_held_by_owner_only(&self, asset: EntityId, aspect: Aspect) -> bool {
        match aspect {
            // What was delivered runs on; a hosted model has its vendor as supplier, which the rules follow.
            Aspect::Availability => self.kind(asset) == NodeKind::Compute,
            _ => self.objects(asset, EdgeKind::HeldAt).next().is_none() && self.kind(asset) != NodeKind::Licence,
        }
    }
}

impl SwitchOption {
    fn of(graph: &Graph<'_>, id: EntityId) -> Self {
        let countries = hosting(graph, id).into_iter().map(|country| graph.name(country).to_owned()).collect();
        Self { name: graph.name(id).to_owned(), jurisdictions: countries }
    }
}

impl Consequences {
    /// Of each list, paths are written out for so many.
    pub const MOST_PATHS: usize = 1_000;

    /// For a reader: models first, then by depth and name.
    pub fn present(&self, graph: &Graph<'_>) -> WhatIf {
        let entity = self.change.entity();
        let name = graph.name(entity);
        let change = match self.change {
            Change::Remove(_) => format!("{} {name} goes", graph.kind(entity)),
            Change::Delete(_) => format!("{} {name} is deleted", graph.kind(entity)),
            Change::NewTerms(_) => format!("{} {name} changes", graph.kind(entity)),
        };
        let reached = self.unlawful.reached.iter().map(|reached| (reached.entity, reached.depth, reached.worst));
        let starts = self.unlawful.sources.iter().map(|&source| (source, 0, Verdict::NotApplicable));
        let unlawful = affected(graph, starts.chain(reached), entity, |id| self.unlawful.path(graph, id));
        let lost = |loss: &Loss| {
            let lost = loss.lost.iter().map(|lost| (lost.entity, lost.depth, lost.worst));
            affected(graph, lost, entity, |id| loss.path(graph, id))
        };
        let mut notes = Vec::new();
        if let Some(terms) = Terms::of(graph, entity).filter(|_| graph.kind(entity) == NodeKind::Licence) {
            notes.push(format!("{}: {} ({}, read as of {})", terms.id, terms.what, terms.source, terms.as_of));
        } else if graph.kind(entity) == NodeKind::Licence {
            notes.push("these terms are not in the table: they are taken to bind everything they may reach".to_owned());
        }
        if self.custody.iter().any(|custody| !custody.copies.is_empty()) && matches!(self.change, Change::Delete(_)) {
            let state = if self.custody.iter().any(Custody::survives) { "survives" } else { "does not survive" };
            notes.push(format!("{name} {state} by its copies; a copy counts once its restore was tested"));
        }
        let weakened = self.unavailable.weakened.iter().chain(&self.irreproducible.weakened);
        let names = |ids: &[EntityId]| ids.iter().map(|&id| graph.name(id).to_owned()).collect();
        let options = |ids: &[EntityId]| ids.iter().map(|&id| SwitchOption::of(graph, id)).collect();
        let mut weakened: Vec<Switch> = weakened
            .map(|weak| Switch {
                node: graph.key(weak.entity),
                name: graph.name(weak.entity).to_owned(),
                edge: weak.edge,
                lost: names(&weak.lost),
                left: options(&weak.left),
            })
            .collect();
        // One that loses the same for availability and for reproducibility is told once.
        weakened.sort_by(|a, b| {
            (&a.name, &a.node, a.edge, &a.lost, &a.left).cmp(&(&b.name, &b.node, b.edge, &b.lost, &b.left))
        });
        weakened.dedup();
        WhatIf {
            change,
            unlawful,
            irreproducible: lost(&self.irreproducible),
            unavailable: lost(&self.unavailable),
            weakened,
            concentration: concentrations(graph, entity),
            custody: self.custody.clone(),
            notes,
        }
    }
}

/// The concentration of everything that is supplied as the entity supplies, or what it owns.
fn concentrations(graph: &Graph<'_>, entity: EntityId) -> Vec<Concentration> {
    let own = graph.assets(entity);
    let into = std::iter::once(entity).chain(own).flat_map(|id| graph.incoming(id));
    let kinds: BTreeSet<EdgeKind> =
        into.filter(|edge| !edge.denied && SUPPLY.contains(&edge.kind)).map(|edge| edge.kind).collect();
    let subjects = |kind: EdgeKind| {
        let of_kind = graph.edges().iter().filter(move |edge| edge.kind == kind && !edge.denied);
        let mut subjects: Vec<EntityId> = of_kind.map(|edge| edge.subject).collect();
        subjects.dedup();
        subjects
    };
    kinds.into_iter().map(|kind| concentration(graph, &subjects(kind), kind)).collect()
}

/// Edges to somebody who delivers and could be another.
const SUPPLY: [EdgeKind; 7] = [
    EdgeKind::SuppliedBy,
    EdgeKind::RunsOn,
    EdgeKind::AcceleratedBy,
    EdgeKind::RentsFrom,
    EdgeKind::HeldAt,
    EdgeKind::LabelledBy,
    EdgeKind::GeneratedBy,
];

fn affected(
    graph: &Graph<'_>,
    reached: impl Iterator<Item = (EntityId, u32, Verdict)>,
    change: EntityId,
    path: impl Fn(EntityId) -> Vec<Step>,
) -> Vec<Affected> {
    let mut order: Vec<(bool, u32, EntityId, Verdict)> = reached
        .filter(|(entity, ..)| *entity != change)
        .map(|(entity, depth, worst)| (graph.kind(entity) != NodeKind::Model, depth, entity, worst))
        .collect();
    order.sort_unstable();
    let mut left = Consequences::MOST_PATHS;
    order
        .into_iter()
        .map(|(_, depth, entity, worst)| {
            let path = if left > 0 { path(entity) } else { Vec::new() };
            left = left.saturating_sub(1);
            Affected {
                node: graph.key(entity),
                name: graph.name(entity).to_owned(),
                kind: graph.kind(entity),
                depth,
                worst: (worst != Verdict::NotApplicable).then_some(worst),
                path,
            }
        })
        .collect()
}
