//! Holds a corpus against a policy.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{Day, Permit, counted, ratio};

use crate::Class;
use crate::collector::{Collector, Group};
use crate::conclude::row_names;
use crate::finding::{Finding, Verdict};
use crate::gate::{AtLeast, Deny, GateOutcome, Passed, TrainingPolicy, Undecided, Violation};
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

/// What a policy is judged by, beside the rows that were counted.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub permits: &'a [Permit],
    /// The day on which permits have to hold.
    pub day: Day,
    /// Names of the files.
    pub names: &'a [String],
    /// The share of generated documents.
    pub synthetic: Interval,
    pub looked: &'a LookedFor,
    pub findings: &'a [Finding],
}

impl LookedFor {
    fn is_empty(&self) -> bool {
        self.indexed.is_empty() && self.marked.is_empty() && self.keyed.is_empty()
    }

    /// The vendors whose outputs could have been shown.
    pub fn vendors(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.indexed.keys().chain(&self.marked).chain(&self.keyed).collect();
        all.into_iter().cloned().collect()
    }

    /// Whether outputs of a vendor could have been shown by evidence that counts.
    fn could_show(&self, rule: &Deny) -> bool {
        let concerns = |vendor: &String, class: Class| rule.concerns(vendor, class);
        rule.evidence.contains(&Class::SelfClaim)
            || self.indexed.keys().chain(&self.marked).any(|vendor| concerns(vendor, Class::Exact))
            || self.keyed.iter().any(|vendor| concerns(vendor, Class::Watermark))
    }
}

impl Collector {
    /// What becomes of a policy.
    pub fn judge(&self, policy: &TrainingPolicy, case: &Case<'_>) -> GateOutcome {
        let (names, synthetic) = (case.names, case.synthetic);
        let mut outcome = GateOutcome { day: case.day.to_string(), ..GateOutcome::default() };
        for rule in &policy.deny {
            self.deny(rule, case, &mut outcome);
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
                let passes = limit.when_undecided == Undecided::Pass;
                let list = if passes { &mut outcome.passed } else { &mut outcome.undecided };
                list.push(Passed { rule, why });
            } else {
                let why = format!("{range} of the documents are generated, {most:.1} % are allowed");
                outcome.passed.push(Passed { rule, why });
            }
        }
        if policy.separation.is_some_and(|rule| rule.required) {
            self.separation(names, case.looked, &mut outcome);
        }
        outcome
    }

    fn deny(&self, rule: &Deny, case: &Case<'_>, outcome: &mut GateOutcome) {
        let Case { permits, day, names, looked, findings, .. } = *case;
        let (mut broken, mut unsure) = (false, Vec::<String>::new());
        let mut permitted = Vec::new();
        for vendor in self.vendors(findings) {
            let concerned = self
                .groups
                .iter()
                .filter(|(name, _)| name.vendor.as_deref() == Some(vendor) && rule.concerns(vendor, name.class));
            let groups: Vec<&Group> = concerned.map(|(_, group)| group).collect();
            // The corpus as a whole may be marked where no row is by itself.
            let own = findings
                .iter()
                .filter(|finding| finding.vendor.as_deref() == Some(vendor) && rule.concerns(vendor, finding.class));
            let strongest = own.map(|finding| finding.verdict).min();
            let whole = strongest == Some(Verdict::Contains);
            // Groups may share documents; the largest is certain.
            let nothing = Group::default();
            let documents = |group: &Group| group.documents_from(rule.min_share);
            let largest = match groups.iter().max_by_key(|group| documents(group)) {
                Some(largest) => *largest,
                None if whole => &nothing,
                None => continue,
            };
            let counted_documents = documents(largest);
            // A mark over the corpus as a whole stands in no row.
            let marked = whole && groups.is_empty();
            if counted_documents <= rule.more_than
                && !((marked || (whole && counted_documents > 0)) && rule.more_than == 0)
            {
                continue;
            }
            let standing = match strongest {
                Some(Verdict::Isolated) => "; isolated: a quotation, a copy or planted rows would explain it as well",
                Some(Verdict::Corroborates) => "; a self-claim proves nothing by itself",
                _ => "",
            };
            if rule.at_least == AtLeast::Contains && strongest == Some(Verdict::Isolated) {
                unsure.push(format!(
                    "{} hold outputs of {vendor}, isolated, and the rule asks for more",
                    counted(counted_documents, "document")
                ));
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
                    let share = if rule.min_share > 0.0 {
                        format!(", of which at least {:.0} % was served", 100.0 * rule.min_share)
                    } else {
                        String::new()
                    };
                    let without = if rule.unless_permit.is_some() { format!("; {why}") } else { String::new() };
                    outcome.violations.push(Violation {
                        rule: rule.id.clone(),
                        statement: format!(
                            "{} of {} documents ({:.2} %) hold passages, canaries, marks or claims of outputs of {vendor}{share}{standing}{allowed}{without}",
                            counted_documents,
                            self.documents,
                            100.0 * ratio(counted_documents, self.documents)
                        ),
                        vendor: Some(vendor.to_owned()),
                        documents: counted_documents,
                        rows: row_names(largest, names)
                            .into_iter()
                            .filter(|row| row.served_percent.is_none_or(|percent| f64::from(percent) >= 100.0 * rule.min_share))
                            .collect(),
                    });
                }
            }
        }
        if broken {
            return;
        }
        if permitted.is_empty() && !looked.could_show(rule) {
            unsure.push(format!(
                "no means was given that could show outputs of {}: give an index, canaries or a watermark key of theirs",
                rule.outputs_of
            ));
        }
        if unsure.is_empty() {
            let none = || format!("no evidence that counts of outputs of {}", rule.outputs_of);
            let why = if permitted.is_empty() { none() } else { permitted.join("; ") };
            outcome.passed.push(Passed { rule: rule.id.clone(), why });
            return;
        }
        let why = unsure.join("; ");
        match rule.when_undecided {
            Undecided::Fail => outcome.violations.push(Violation {
                rule: rule.id.clone(),
                statement: why,
                vendor: None,
                documents: 0,
                rows: Vec::new(),
            }),
            Undecided::Tell => outcome.undecided.push(Passed { rule: rule.id.clone(), why }),
            Undecided::Pass => {
                outcome.passed.push(Passed { rule: rule.id.clone(), why: format!("undecided, let pass: {why}") });
            }
        }
    }

    fn separation(&self, names: &[String], looked: &LookedFor, outcome: &mut GateOutcome) {
        let rule = "separation".to_owned();
        if self.undeclared.is_empty() && looked.is_empty() {
            let why = "no means was given that could show outputs: give an index, canaries or a watermark key".into();
            outcome.undecided.push(Passed { rule, why });
            return;
        }
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

    /// Vendors of whom rows were found, or a mark over the corpus as a whole.
    fn vendors<'a>(&'a self, findings: &'a [Finding]) -> Vec<&'a str> {
        let shown = findings.iter().filter(|finding| finding.verdict == Verdict::Contains);
        let rows = self.groups.keys().filter_map(|name| name.vendor.as_deref());
        let mut vendors: Vec<&str> = rows.chain(shown.filter_map(|finding| finding.vendor.as_deref())).collect();
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
