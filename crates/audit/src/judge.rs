//! Holds a corpus against a policy.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{Day, Permit, ratio};

use crate::Class;
use crate::collector::{Collector, Group};
use crate::conclude::row_names;
use crate::gate::{Deny, GateOutcome, Passed, TrainingPolicy, Undecided, Violation};
use crate::interval::Interval;

/// What the corpus was looked at with, by vendor.
#[derive(Clone, Debug, Default)]
pub struct LookedFor {
    /// Vendors of indexes, each with the models whose outputs it holds.
    pub indexed: BTreeMap<String, Vec<String>>,
    /// Vendors of canaries.
    pub marked: BTreeSet<String>,
    /// Vendors of watermarks.
    pub keyed: BTreeSet<String>,
}

impl LookedFor {
    /// Whether outputs of a vendor could have been shown by evidence that counts.
    fn could_show(&self, rule: &Deny) -> bool {
        let concerns = |vendor: &String, class: Class| rule.concerns(vendor, class);
        rule.evidence.contains(&Class::SelfClaim)
            || self.indexed.keys().chain(&self.marked).any(|vendor| concerns(vendor, Class::Exact))
            || self.keyed.iter().any(|vendor| concerns(vendor, Class::Watermark))
    }
}

impl Collector {
    /// What becomes of a policy on this day. `names` are those of the files.
    pub fn judge(
        &self,
        policy: &TrainingPolicy,
        permits: &[Permit],
        day: Day,
        names: &[String],
        synthetic: Interval,
        looked: &LookedFor,
    ) -> GateOutcome {
        let mut outcome = GateOutcome { day: day.to_string(), ..GateOutcome::default() };
        for rule in &policy.deny {
            self.deny(rule, permits, day, names, looked, &mut outcome);
        }
        if let Some(limit) = policy.synthetic {
            let rule = "synthetic.max_share".to_owned();
            let range = format!("{:.1} to {:.1} %", 100.0 * synthetic.low, 100.0 * synthetic.high);
            let most = 100.0 * limit.max_share;
            let undecided = synthetic.low <= limit.max_share && synthetic.high > limit.max_share;
            if synthetic.low > limit.max_share || (undecided && limit.when_undecided == Undecided::Fail) {
                let why = if undecided { ", and what is undecided counts as a violation" } else { "" };
                let statement = format!("{range} of the documents are generated, {most:.1} % are allowed{why}");
                outcome.violations.push(Violation {
                    rule,
                    statement,
                    vendor: None,
                    documents: self.shown_generated,
                    rows: self.shown_rows(names),
                });
            } else if undecided {
                let why =
                    format!("{range} of the documents are generated: the evidence does not decide about {most:.1} %");
                outcome.undecided.push(Passed { rule, why });
            } else {
                let why = format!("{range} of the documents are generated, {most:.1} % are allowed");
                outcome.passed.push(Passed { rule, why });
            }
        }
        if policy.separation.is_some_and(|rule| rule.required) {
            self.separation(names, &mut outcome);
        }
        outcome
    }

    fn deny(
        &self,
        rule: &Deny,
        permits: &[Permit],
        day: Day,
        names: &[String],
        looked: &LookedFor,
        outcome: &mut GateOutcome,
    ) {
        let mut broken = false;
        let mut permitted = Vec::new();
        for vendor in self.vendors() {
            let concerned = self
                .groups
                .iter()
                .filter(|(name, _)| name.vendor.as_deref() == Some(vendor) && rule.concerns(vendor, name.class));
            let groups: Vec<&Group> = concerned.map(|(_, group)| group).collect();
            // Groups may share documents; the largest is certain.
            let Some(largest) = groups.iter().max_by_key(|group| group.documents) else { continue };
            if largest.documents <= rule.more_than {
                continue;
            }
            let models = looked.indexed.get(vendor).map_or(&[][..], Vec::as_slice);
            match rule.permit(permits, vendor, models, day) {
                Ok(permit) => permitted.push(format!(
                    "outputs of {vendor} are permitted to {} by {}",
                    permit.holder,
                    permit.id.as_deref().unwrap_or("a permit")
                )),
                Err(why) => {
                    broken = true;
                    let allowed =
                        if rule.more_than > 0 { format!(", {} are let pass", rule.more_than) } else { String::new() };
                    let without = if rule.unless_permit.is_some() { format!("; {why}") } else { String::new() };
                    outcome.violations.push(Violation {
                        rule: rule.id.clone(),
                        statement: format!(
                            "{} of {} documents ({:.2} %) hold passages, canaries, marks or claims of outputs of {vendor}{allowed}{without}",
                            largest.documents,
                            self.documents,
                            100.0 * ratio(largest.documents, self.documents)
                        ),
                        vendor: Some(vendor.to_owned()),
                        documents: largest.documents,
                        rows: row_names(largest, names),
                    });
                }
            }
        }
        if !broken && permitted.is_empty() && !looked.could_show(rule) {
            let why = format!(
                "nothing was looked with that could show outputs of {}: give an index, canaries or a watermark key of theirs",
                rule.outputs_of
            );
            if rule.when_undecided == Undecided::Fail {
                outcome.violations.push(Violation {
                    rule: rule.id.clone(),
                    statement: why,
                    vendor: None,
                    documents: 0,
                    rows: Vec::new(),
                });
            } else {
                outcome.undecided.push(Passed { rule: rule.id.clone(), why });
            }
        } else if !broken {
            let none = || format!("no evidence that counts of outputs of {}", rule.outputs_of);
            let why = if permitted.is_empty() { none() } else { permitted.join("; ") };
            outcome.passed.push(Passed { rule: rule.id.clone(), why });
        }
    }

    fn separation(&self, names: &[String], outcome: &mut GateOutcome) {
        let rule = "separation".to_owned();
        if self.undeclared.is_empty() {
            let why = "no outputs were found outside the sources declared for them".into();
            outcome.passed.push(Passed { rule, why });
            return;
        }
        for (vendor, group) in &self.undeclared {
            outcome.violations.push(Violation {
                rule: rule.clone(),
                statement: format!(
                    "{} documents with outputs of {vendor} stand in sources that are not declared to hold them",
                    group.documents
                ),
                vendor: Some(vendor.clone()),
                documents: group.documents,
                rows: row_names(group, names),
            });
        }
    }

    fn vendors(&self) -> Vec<&str> {
        let mut vendors: Vec<&str> = self.groups.keys().filter_map(|name| name.vendor.as_deref()).collect();
        vendors.sort_unstable();
        vendors.dedup();
        vendors
    }

    fn shown_rows(&self, names: &[String]) -> Vec<crate::RowName> {
        let shown = self.groups.iter().filter(|(name, _)| name.class.concludes());
        let mut rows: Vec<_> = shown.flat_map(|(_, group)| row_names(group, names)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.truncate(20);
        rows
    }
}
