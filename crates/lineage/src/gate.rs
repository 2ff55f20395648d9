//! Which models may touch which work: a policy as a TOML file, its violations with paths.
//!
//! ```
//! use stillwatch_lineage::GatePolicy;
//!
//! let policy = GatePolicy::parse(r#"
//!     [[class]]
//!     id = "regulated"
//!
//!     [[class.rule]]
//!     id = "no-outputs-of-others"
//!     deny_outputs_of = ["*"]
//!     unless_permit = true
//!
//!     [[class.rule]]
//!     id = "sources"
//!     question = "data-sources"
//!     at_least = "disclosed"
//! "#)?;
//! assert_eq!(policy.classes[0].rules.len(), 2);
//! # Ok::<(), stillwatch_lineage::GateError>(())
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::agree::head;
use crate::ask::{Question, Upstream, contradictions, decisive, reviewed, unsettled};
use crate::graph::{Cited, Graph, Step};
use crate::ledger::NodeKey;
use crate::placeholder::placeholder;
use crate::resolve::{EntityId, fold};
use crate::score::{Grade, Profile, scored};
use crate::terms::{Terms, is_same_vendor, vendor_key};
use crate::vocabulary::words;
use crate::{EdgeKind, NodeKind, Verdict};

/// Rules for classes of work.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatePolicy {
    #[serde(rename = "class")]
    pub classes: Vec<WorkClass>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkClass {
    pub id: String,
    #[serde(rename = "rule")]
    pub rules: Vec<GateRule>,
}

/// One rule; exactly one of its conditions is set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRule {
    pub id: String,
    /// Vendors whose outputs may not have been learnt from; `*` is any other than its own.
    #[serde(default)]
    pub deny_outputs_of: Vec<String>,
    /// Only up to this order; all of them if it is not set.
    pub max_order: Option<u32>,
    /// A permit of the vendor for whoever learnt lifts it.
    #[serde(default)]
    pub unless_permit: bool,
    /// Anything by these names may not be upstream: models, data sets, vendors.
    #[serde(default)]
    pub deny_upstream: Vec<String>,
    /// Licences that nothing upstream may be under; `conflict` is any that its own declaration contradicts.
    #[serde(default)]
    pub deny_licences: Vec<String>,
    /// Countries in which nothing upstream may be.
    #[serde(default)]
    pub deny_jurisdictions: Vec<String>,
    /// Attributes that nothing upstream may have, and not the subject either, such as `customer-data` and
    /// `restricted-source`. A statement that says no is none.
    #[serde(default)]
    pub deny_attributes: Vec<String>,
    /// A question whose answer must be at least `at_least`.
    pub question: Option<Question>,
    #[serde(default = "disclosed")]
    pub at_least: Verdict,
    /// The worst grade that passes, under the profile given.
    pub min_grade: Option<Grade>,
}

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GateError {
    #[error("the policy is larger than 1 MiB")]
    TooLarge,
    #[error("the policy cannot be read{}: {message}", line.map(|line| format!(" at line {line}")).unwrap_or_default())]
    Malformed { line: Option<usize>, message: String },
    #[error("rule `{0}` needs exactly one condition")]
    Conditions(String),
    #[error("two rules of class `{0}` are called `{1}`")]
    Twice(String, String),
    #[error("the policy has no class `{0}`")]
    NoClass(String),
    #[error("class `{0}` has no rule")]
    NoRule(String),
}

/// What became of a class of work for one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateResult {
    pub subject: NodeKey,
    pub class: String,
    pub violations: Vec<GateViolation>,
    /// Rules that are neither kept nor violated by what is known.
    pub undecided: Vec<GateUndecided>,
    pub passed: Vec<String>,
}

/// Why a rule is not decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateUndecided {
    pub rule: String,
    pub statement: String,
    /// What waits for a reviewer and would violate the rule if it were confirmed; empty where it is not known at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Cited>,
}

words! {
    /// What a gate says of a subject.
    GateOutcome {
        Allowed = "allowed",
        /// No rule is violated by what is known, and of at least one it is not known whether it is.
        Undecided = "undecided",
        Denied = "denied",
    }
}

impl GateResult {
    pub fn outcome(&self) -> GateOutcome {
        if !self.violations.is_empty() {
            GateOutcome::Denied
        } else if !self.undecided.is_empty() {
            GateOutcome::Undecided
        } else {
            GateOutcome::Allowed
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateViolation {
    pub rule: String,
    pub statement: String,
    pub path: Vec<Step>,
}

impl GatePolicy {
    /// Reads a policy. One mistake makes the whole file an error: a rule that is half read lets through what it denies.
    pub fn parse(text: &str) -> Result<Self, GateError> {
        if text.len() > 1 << 20 {
            return Err(GateError::TooLarge);
        }
        let policy: Self = toml::from_str(text).map_err(|error| GateError::Malformed {
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        for class in &policy.classes {
            if class.rules.is_empty() {
                return Err(GateError::NoRule(class.id.clone()));
            }
            for (at, rule) in class.rules.iter().enumerate() {
                if class.rules[..at].iter().any(|earlier| earlier.id == rule.id) {
                    return Err(GateError::Twice(class.id.clone(), rule.id.clone()));
                }
                if rule.conditions() != 1 {
                    return Err(GateError::Conditions(rule.id.clone()));
                }
            }
        }
        Ok(policy)
    }

    /// Judges a subject for a class of work.
    pub fn judge(
        &self,
        graph: &Graph<'_>,
        subject: EntityId,
        class: &str,
        profile: &Profile,
    ) -> Result<GateResult, GateError> {
        let own =
            self.classes.iter().find(|own| own.id == class).ok_or_else(|| GateError::NoClass(class.to_owned()))?;
        let upstream = Upstream::of(graph, subject);
        let later = graph.confirmed().map(|graph| Upstream::of(graph, subject));
        let mut result = GateResult {
            subject: graph.key(subject),
            class: class.to_owned(),
            violations: Vec::new(),
            undecided: Vec::new(),
            passed: Vec::new(),
        };
        for rule in &own.rules {
            let found = rule.violations(&upstream, profile);
            let pending = later.as_ref().map(|later| rule.violations(later, profile)).unwrap_or_default();
            if let Some((first, ..)) = pending.first().filter(|_| found.is_empty()) {
                let waiting = decisive(graph, subject, |own| !rule.violations(own, profile).is_empty());
                let statement = format!("if what waits for a reviewer is confirmed: {first}");
                result.undecided.push(GateUndecided { rule: rule.id.clone(), statement, waiting });
                continue;
            }
            if found.is_empty() {
                match rule.unknown(&upstream) {
                    Some(statement) => {
                        let waiting = Vec::new();
                        result.undecided.push(GateUndecided { rule: rule.id.clone(), statement, waiting });
                    }
                    None => result.passed.push(rule.id.clone()),
                }
            }
            let named =
                found.into_iter().map(|(statement, path)| GateViolation { rule: rule.id.clone(), statement, path });
            result.violations.extend(named);
        }
        Ok(result)
    }
}

impl GateRule {
    fn conditions(&self) -> usize {
        let lists = [
            &self.deny_outputs_of,
            &self.deny_upstream,
            &self.deny_licences,
            &self.deny_jurisdictions,
            &self.deny_attributes,
        ];
        lists.iter().filter(|list| !list.is_empty()).count()
            + usize::from(self.question.is_some())
            + usize::from(self.min_grade.is_some())
    }

    fn violations(&self, upstream: &Upstream<'_, '_>, profile: &Profile) -> Vec<(String, Vec<Step>)> {
        let (graph, subject) = (upstream.graph, upstream.subject);
        let mut found = Vec::new();
        if !self.deny_outputs_of.is_empty() {
            self.outputs(upstream, &mut found);
        }
        let names = |list: &[String], id: EntityId| {
            list.iter()
                .any(|name| fold(name) == fold(graph.name(id)) || graph.keys(id).iter().any(|key| key.as_str() == name))
        };
        for id in upstream.all() {
            let owner = || graph.objects(id, EdgeKind::OwnedBy).any(|edge| names(&self.deny_upstream, edge.object));
            if !self.deny_upstream.is_empty() && id != subject && (names(&self.deny_upstream, id) || owner()) {
                found.push((format!("{} is upstream", graph.name(id)), upstream.path(id)));
            }
            for fact in upstream.facts(&[id], &self.attributes()) {
                if let Some(cited) = graph.cite_fact(fact).into_iter().find(is_affirmed) {
                    let what = format!("{}: {} is {}", graph.name(id), cited.predicate, cited.object);
                    found.push((what, upstream.path(id)));
                }
            }
            for edge in graph.out(id).iter().filter(|edge| !edge.denied) {
                let denied = match edge.kind {
                    EdgeKind::LicensedUnder => {
                        names(&self.deny_licences, edge.object)
                            || Terms::of(graph, edge.object).is_some_and(|terms| {
                                self.deny_licences
                                    .iter()
                                    .any(|name| Terms::find(name).is_some_and(|t| t.id == terms.id))
                            })
                    }
                    EdgeKind::LocatedIn => {
                        graph.kind(edge.object) == NodeKind::Jurisdiction
                            && names(&self.deny_jurisdictions, edge.object)
                    }
                    _ => false,
                };
                if denied {
                    let mut path = upstream.path(id);
                    path.push(graph.step(edge));
                    found.push((format!("{} is {} {}", graph.name(id), edge.kind, graph.name(edge.object)), path));
                }
            }
        }
        if self.deny_licences.iter().any(|name| name == "conflict") {
            found.extend(contradictions(upstream).into_iter().map(|conflict| {
                (
                    format!("declared {}, made from {} under {}", conflict.declared, conflict.ancestor, conflict.terms),
                    conflict.path,
                )
            }));
        }
        if let Some(question) = self.question {
            let answer = reviewed(upstream, question);
            if answer.verdict < self.at_least {
                let path = answer.paths.into_iter().next().unwrap_or_default();
                found.push((format!("{question} is {}: {}", answer.verdict, answer.statement), path));
            }
        }
        if let Some(least) = self.min_grade {
            let score = scored(upstream, profile);
            if score.grade > least {
                let why = score.capped.map(|why| format!(": {why}")).unwrap_or_default();
                found.push((
                    format!("grade {} under profile {}, {least} is needed{why}", score.grade, score.profile),
                    Vec::new(),
                ));
            }
        }
        found
    }

    /// Why it cannot be said that a rule which denies something is kept; `None` where it can.
    ///
    /// A document that is silent does not say that there is nothing: a rule is kept where something is known, and what is
    /// known does not violate it.
    fn unknown(&self, upstream: &Upstream<'_, '_>) -> Option<String> {
        let graph = upstream.graph;
        let without = |kinds: &[NodeKind], edge: EdgeKind| {
            let things = upstream.of_kind(kinds).into_iter();
            let mut names: Vec<&str> =
                things.filter(|&id| graph.objects(id, edge).next().is_none()).map(|id| graph.name(id)).collect();
            names.sort_unstable();
            names.dedup();
            let more = names.len().saturating_sub(MOST_NAMED);
            names.truncate(MOST_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            (!names.is_empty()).then(|| format!("{}{more}", names.join(", ")))
        };
        if !self.deny_outputs_of.is_empty() && reviewed(upstream, Question::VendorOutputs).verdict < Verdict::Disclosed
        {
            return Some("no reviewed statement says whose outputs were learnt from, or that there were none".into());
        }
        if !self.deny_upstream.is_empty() && reviewed(upstream, Question::DataSources).verdict < Verdict::Disclosed {
            return Some("what it was made from is not known well enough: its sources are not disclosed".into());
        }
        if !self.deny_licences.is_empty() {
            let made_from = [NodeKind::Model, NodeKind::DataSet, NodeKind::Outputs];
            if let Some(names) = without(&made_from, EdgeKind::LicensedUnder) {
                return Some(format!("no document names a licence of {names}"));
            }
            let open = unsettled(upstream);
            if let Some(first) = open.first().filter(|_| self.deny_licences.iter().any(|name| name == "conflict")) {
                return Some(first.why.clone());
            }
        }
        if !self.deny_jurisdictions.is_empty() {
            let kept = [NodeKind::Model, NodeKind::DataSet, NodeKind::Outputs, NodeKind::Compute];
            if let Some(names) = without(&kept, EdgeKind::LocatedIn) {
                return Some(format!("no document says in which country this is kept or made: {names}"));
            }
        }
        self.attributes().into_iter().find_map(|attribute| {
            let has_word = |id: EntityId| {
                let facts = upstream.facts(&[id], &[attribute]);
                facts.iter().any(|fact| fact.verdict != Verdict::Unknown)
            };
            // Whoever says of a model that there is none says it of what it was trained on.
            let mut silent: Vec<&str> = if has_word(upstream.subject) {
                Vec::new()
            } else {
                let data = upstream.data();
                let of = if data.is_empty() { vec![upstream.subject] } else { data };
                of.into_iter().filter(|&id| !has_word(id)).map(|id| graph.name(id)).collect()
            };
            silent.sort_unstable();
            silent.dedup();
            let more = silent.len().saturating_sub(MOST_NAMED);
            silent.truncate(MOST_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            (!silent.is_empty())
                .then(|| format!("no document says whether this is {attribute}: {}{more}", silent.join(", ")))
        })
    }

    fn attributes(&self) -> Vec<&str> {
        self.deny_attributes.iter().map(String::as_str).collect()
    }

    fn outputs(&self, upstream: &Upstream<'_, '_>, found: &mut Vec<(String, Vec<Step>)>) {
        let graph = upstream.graph;
        for teacher in upstream.teachers() {
            if self.unless_permit && teacher.is_permitted(graph) {
                continue;
            }
            let vendor = teacher.vendor.as_deref().map(vendor_key);
            let denied = self.deny_outputs_of.iter().any(|name| match name.as_str() {
                "*" => !is_same_vendor(graph, upstream.subject, teacher.teacher),
                name => vendor.as_deref() == Some(vendor_key(name).as_str()),
            });
            if denied && self.max_order.is_none_or(|most| teacher.order <= most) {
                let of = teacher.vendor.as_deref().unwrap_or("an unnamed vendor");
                let by_name = if teacher.vendor_is_told { "" } else { ", told by its name alone" };
                found.push((
                    format!("outputs of {} ({of}{by_name}), order {}", graph.name(teacher.teacher), teacher.order),
                    teacher.path(graph),
                ));
            }
        }
    }
}

/// Whether a statement says that there is something of the sort.
fn is_affirmed(cited: &Cited) -> bool {
    !cited.denied && head(&cited.object) != Some(false) && placeholder(&cited.object).is_none()
}

/// Names that a reason lists.
const MOST_NAMED: usize = 8;

fn disclosed() -> Verdict {
    Verdict::Disclosed
}
