//! The policy gate: may this corpus be trained on?
//!
//! A policy is a TOML file. Each violation names its rule and the rows.
//!
//! ```
//! use stillwatch_audit::TrainingPolicy;
//!
//! let policy = TrainingPolicy::parse(r#"
//!     [[deny]]
//!     id = "no-unlicensed-outputs"
//!     outputs_of = "Example Lab"
//!     unless_permit = "P-17"
//!
//!     [synthetic]
//!     max_share = 0.2
//!
//!     [separation]
//!     required = true
//!
//!     [[source]]
//!     name = "generated/*"
//!     holds = ["Example Lab"]
//! "#)?;
//! assert_eq!(policy.deny.len(), 1);
//! # Ok::<(), stillwatch_audit::PolicyError>(())
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{Day, Permit, PermitScope, compared_name};
use thiserror::Error;

use crate::Class;
use crate::claim::{same_vendor, vendor_names};
use crate::finding::RowName;

/// Names every vendor.
const ANY: &str = "*";
const MOST_BYTES: usize = 4 << 20;

/// Written rules on what may be trained on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingPolicy {
    #[serde(default)]
    pub deny: Vec<Deny>,
    pub synthetic: Option<SyntheticLimit>,
    pub separation: Option<Separation>,
    /// Sources that are declared to hold outputs.
    #[serde(default, rename = "source")]
    pub sources: Vec<DeclaredSource>,
}

/// Outputs of a vendor may not be trained on, unless a permit allows it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deny {
    pub id: String,
    /// A vendor, or `*` for any.
    pub outputs_of: String,
    pub unless_permit: Option<String>,
    /// Classes of evidence that count.
    #[serde(default = "conclusive")]
    pub evidence: Vec<Class>,
    /// Documents that are let pass.
    #[serde(default)]
    pub more_than: u64,
    /// The share of a row that was served from which on it counts, 0 to 1. What no index matched counts whole.
    #[serde(default)]
    pub min_share: f64,
    /// How sure a finding has to be.
    #[serde(default)]
    pub at_least: AtLeast,
    /// What it means that nothing was looked with that could show outputs of the vendor.
    #[serde(default)]
    pub when_undecided: Undecided,
}

/// At most this share of the documents may be generated.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyntheticLimit {
    /// 0 to 1. It is violated when the whole interval lies above it.
    pub max_share: f64,
    /// What an interval means that reaches above the limit and below it.
    #[serde(default)]
    pub when_undecided: Undecided,
}

/// The verdict from which on a finding breaks a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtLeast {
    /// Verified rows, however few, and with or without a background.
    #[default]
    Isolated,
    /// More than a quotation, a copy or a plant explains.
    Contains,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Undecided {
    /// The gate is undecided, which is neither kept nor broken.
    #[default]
    Tell,
    /// It counts as a violation.
    Fail,
    /// It is told and passes.
    Pass,
}

/// Outputs may stand only in sources that are declared to hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Separation {
    pub required: bool,
}

/// A source that holds outputs by declaration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredSource {
    /// The end of a file's path, or what the corpus names as the source; `*` stands for any characters.
    pub name: String,
    /// Vendors whose outputs it holds, or `*`.
    pub holds: Vec<String>,
}

/// Why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    #[error("the policy is larger than 4 MiB")]
    TooLarge,
    #[error("the policy cannot be read{}: {message}", line.map(|line| format!(" at line {line}")).unwrap_or_default())]
    Malformed { line: Option<usize>, message: String },
    #[error("the policy has no rule")]
    Empty,
    #[error("two rules are called `{0}`")]
    Twice(String),
    #[error("`max_share` is {0}, not a share from 0 to 1")]
    Share(String),
    #[error("rule `{0}` has `min_share` {1}, not a share from 0 to 1")]
    LeastShare(String, String),
    #[error("rule `{0}` counts no evidence: name at least one class of exact, watermark, self-claim")]
    NoEvidence(String),
    #[error("{place} names `{name}`, whose outputs nothing here could show (no --index, --canaries or --watermark is of it, and no known maker is called so){}", if near.is_empty() { String::new() } else { format!(": did you mean {}?", near.join(" or ")) })]
    UnknownVendor { place: String, name: String, near: Vec<String> },
    #[error("rule `{0}` denies on style, which is evidence of a corpus and of no row")]
    Style(String),
}

impl TrainingPolicy {
    /// Reads a policy. One mistake makes the whole file an error: a rule that is half read lets through what it denies.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MOST_BYTES {
            return Err(PolicyError::TooLarge);
        }
        let policy: Self = toml::from_str(text).map_err(|error| PolicyError::Malformed {
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        policy.validate()?;
        Ok(policy)
    }

    fn validate(&self) -> Result<(), PolicyError> {
        if self.deny.is_empty() && self.synthetic.is_none() && !self.separation.is_some_and(|rule| rule.required) {
            return Err(PolicyError::Empty);
        }
        for (index, rule) in self.deny.iter().enumerate() {
            if self.deny[..index].iter().any(|earlier| earlier.id == rule.id) {
                return Err(PolicyError::Twice(rule.id.clone()));
            }
            if !(0.0..=1.0).contains(&rule.min_share) {
                return Err(PolicyError::LeastShare(rule.id.clone(), rule.min_share.to_string()));
            }
            if rule.evidence.is_empty() {
                return Err(PolicyError::NoEvidence(rule.id.clone()));
            }
            if rule.evidence.contains(&Class::Style) {
                return Err(PolicyError::Style(rule.id.clone()));
            }
        }
        match self.synthetic {
            Some(limit) if !(0.0..=1.0).contains(&limit.max_share) => {
                Err(PolicyError::Share(limit.max_share.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Refuses names of vendors that neither the rules of self-claims know nor any means that is used: a rule for a name
    /// that is spelled otherwise would be kept by whatever the corpus holds.
    pub fn check_vendors(&self, used: &[String]) -> Result<(), PolicyError> {
        let known = |name: &str| {
            name == ANY
                || used.iter().any(|own| same_vendor(own, name))
                || vendor_names().any(|own| same_vendor(own, name))
        };
        let places = self.deny.iter().map(|rule| (format!("rule `{}`", rule.id), &rule.outputs_of)).chain(
            self.sources
                .iter()
                .flat_map(|source| source.holds.iter().map(|held| (format!("source `{}`", source.name), held))),
        );
        for (place, name) in places {
            if !known(name) {
                return Err(PolicyError::UnknownVendor { place, name: name.clone(), near: near(name, used) });
            }
        }
        Ok(())
    }

    /// Whether a source is declared to hold outputs of a vendor.
    pub fn declares(&self, file: &str, source: Option<&str>, vendor: &str) -> bool {
        self.sources.iter().any(|declared| {
            let named = matches(&declared.name, file) || source.is_some_and(|source| matches(&declared.name, source));
            named && declared.holds.iter().any(|held| is_vendor(held, vendor))
        })
    }
}

impl Deny {
    /// Whether outputs of this vendor, shown by this class of evidence, fall under the rule.
    pub fn concerns(&self, vendor: &str, class: Class) -> bool {
        is_vendor(&self.outputs_of, vendor) && self.evidence.contains(&class)
    }

    /// Why its permit does not lift the rule for this vendor on this day; `Ok` names the permit that does.
    ///
    /// `models` are those whose outputs the evidence is of, where that is known.
    pub fn permit<'p>(
        &self,
        permits: &'p [Permit],
        vendor: &str,
        models: &[String],
        day: Day,
    ) -> Result<&'p Permit, String> {
        let Some(id) = &self.unless_permit else {
            return Err("no permit is named".into());
        };
        let Some(permit) = permits.iter().find(|permit| permit.id.as_ref() == Some(id)) else {
            return Err(format!("permit {id} is not among the permits given"));
        };
        if permit.scope != PermitScope::Distillation {
            return Err(format!("permit {id} is not for distillation"));
        }
        if permit.issuer.as_deref().is_some_and(|issuer| !same_vendor(issuer, vendor)) {
            return Err(format!("permit {id} is issued by another than {vendor}"));
        }
        if permit.issuer.is_none() && self.outputs_of == ANY {
            return Err(format!("permit {id} names no issuer, and the rule no vendor"));
        }
        let covered = |model: &String| permit.models.iter().any(|own| compared_name(own) == compared_name(model));
        if !permit.models.is_empty() && (models.is_empty() || !models.iter().all(covered)) {
            return Err(format!("permit {id} covers {} alone", permit.models.join(", ")));
        }
        if !permit.covers(day, day) {
            return Err(format!("permit {id} does not hold on {day}"));
        }
        Ok(permit)
    }
}

/// What became of a policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateOutcome {
    /// The day for which permits were judged.
    pub day: String,
    pub violations: Vec<Violation>,
    /// Rules that were kept, each with why.
    pub passed: Vec<Passed>,
    /// Rules on which the evidence does not decide.
    pub undecided: Vec<Passed>,
}

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    pub rule: String,
    pub statement: String,
    pub vendor: Option<String>,
    pub documents: u64,
    /// The first rows; the ledger has all.
    pub rows: Vec<RowName>,
}

/// A rule that was not broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passed {
    pub rule: String,
    pub why: String,
}

fn conclusive() -> Vec<Class> {
    Class::ALL.into_iter().filter(|class| class.concludes()).collect()
}

fn is_vendor(named: &str, vendor: &str) -> bool {
    named == ANY || same_vendor(named, vendor)
}

/// The names that are most like one that is not known, at most three.
fn near(name: &str, used: &[String]) -> Vec<String> {
    const LIKE: f64 = 0.75;
    const MOST: usize = 3;
    let name = name.to_lowercase();
    let known = vendor_names().map(str::to_owned).chain(used.iter().cloned());
    let mut near: Vec<(f64, String)> = known
        .map(|own| (strsim::jaro_winkler(&name, &own.to_lowercase()), own))
        .filter(|(like, _)| *like >= LIKE)
        .collect();
    near.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    near.dedup_by(|left, right| left.1 == right.1);
    near.into_iter().take(MOST).map(|(_, own)| own).collect()
}

/// A pattern in which `*` stands for any characters matches a whole name, or its end after a `/`.
fn matches(pattern: &str, name: &str) -> bool {
    let whole = |name: &str| {
        let mut parts = pattern.split('*');
        let Some(rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
            return false;
        };
        let (mut rest, mut last) = (rest, None);
        for part in parts {
            last = Some(part);
            let Some(at) = rest.find(part) else {
                return false;
            };
            rest = &rest[at + part.len()..];
        }
        rest.is_empty() || last.is_some_and(|last| name.ends_with(last))
    };
    whole(name) || name.match_indices('/').any(|(at, _)| whole(&name[at + 1..]))
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Micros, Permit, PermitScope};

    use super::{PolicyError, TrainingPolicy, matches};
    use crate::Class;

    fn policy(text: &str) -> Result<TrainingPolicy, PolicyError> {
        TrainingPolicy::parse(text)
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(policy("").unwrap_err(), PolicyError::Empty);
        let unknown = policy("[[deny]]\nid = \"a\"\noutputs_off = \"b\"").unwrap_err();
        assert!(unknown.to_string().contains("line") && unknown.to_string().contains("outputs_off"), "{unknown}");
        assert_eq!(policy("[synthetic]\nmax_share = 20").unwrap_err(), PolicyError::Share("20".into()));
        let style = "[[deny]]\nid = \"a\"\noutputs_of = \"b\"\nevidence = [\"style\"]";
        assert_eq!(policy(style).unwrap_err(), PolicyError::Style("a".into()));
        let twice = "[[deny]]\nid = \"a\"\noutputs_of = \"b\"\n".repeat(2);
        assert_eq!(policy(&twice).unwrap_err(), PolicyError::Twice("a".into()));
    }

    #[test]
    fn vendors_are_known_by_their_aliases_and_refused_where_they_are_not() {
        let rule = |name: &str| policy(&format!("[[deny]]\nid = \"a\"\noutputs_of = \"{name}\"")).unwrap();
        for (alias, vendor) in [
            ("Mistral AI", "Mistral"),
            ("Qwen", "Alibaba"),
            ("Open AI", "OpenAI"),
            ("openai", "OpenAI"),
            ("x.ai", "xAI"),
        ] {
            let policy = rule(alias);
            assert!(policy.check_vendors(&[]).is_ok() && policy.deny[0].concerns(vendor, Class::Exact), "{alias}");
        }
        let error = rule("Antropic").check_vendors(&[]).unwrap_err().to_string();
        assert!(error.contains("did you mean Anthropic"), "{error}");
        assert!(rule("Example Lab").check_vendors(&[]).is_err());
        assert!(rule("example-lab").check_vendors(&["Example Lab".into()]).is_ok());
        let source = policy("[separation]\nrequired = true\n[[source]]\nname = \"a\"\nholds = [\"Opnai\"]").unwrap();
        assert!(source.check_vendors(&[]).unwrap_err().to_string().contains("OpenAI"));
    }

    #[test]
    fn a_permit_has_to_hold() {
        let policy = policy("[[deny]]\nid = \"a\"\noutputs_of = \"Example Lab\"\nunless_permit = \"P\"").unwrap();
        let rule = &policy.deny[0];
        assert!(rule.concerns("example lab", Class::Exact) && !rule.concerns("example lab", Class::SelfClaim));
        let permit = Permit {
            id: Some("P".into()),
            organization: Some("org".into()),
            account: None,
            scope: PermitScope::Distillation,
            holder: "us".into(),
            issuer: Some("Example Lab".into()),
            valid_from: "2026-01-01".into(),
            valid_until: "2026-02-01".into(),
            models: vec![],
            revoked_at: None,
            signature: None,
        };
        let day = |text: &str| Micros::parse(text).unwrap().day();
        let permits = [permit.clone()];
        assert!(rule.permit(&permits, "Example Lab", &[], day("2026-01-10")).is_ok());
        assert!(rule.permit(&permits, "Example Lab", &[], day("2026-03-10")).unwrap_err().contains("does not hold"));
        assert!(rule.permit(&permits, "Other Lab", &[], day("2026-01-10")).unwrap_err().contains("another"));
        let narrow = [Permit { models: vec!["lab-1".into()], ..permit.clone() }];
        let held = |models: &[String]| rule.permit(&narrow, "Example Lab", models, day("2026-01-10")).is_ok();
        assert!(held(&["lab-1".into()]) && !held(&["lab-2".into()]) && !held(&[]));
        let other = [Permit { scope: PermitScope::Evaluation, ..permit }];
        assert!(
            rule.permit(&other, "Example Lab", &[], day("2026-01-10")).unwrap_err().contains("not for distillation")
        );
        assert!(rule.permit(&[], "Example Lab", &[], day("2026-01-10")).unwrap_err().contains("not among"));
    }

    #[test]
    fn patterns_match_whole_names_and_ends_of_paths() {
        assert!(matches("generated/*", "data/generated/a.jsonl") && matches("*.jsonl", "a.jsonl"));
        assert!(!matches("generated/*", "data/regenerated/a.jsonl") && !matches("a.jsonl", "b/aa.jsonl"));
        assert!(matches("a*b*c", "a-b-b-c") && !matches("a*b", "a-b-c"));
    }
}
