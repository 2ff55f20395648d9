//! A comparison of weights as a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{Evidence, Family, Measure, Millibits, PValue, Source, Unit};
use stillwatch_lineage::{EdgeKind, NodeRef};
use stillwatch_weights::kinship::{HeaderVerdict, Kinship, KinshipVerdict};

/// A comparison as a document that `lineage import` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KinshipReport {
    /// `stillwatch.kinship/1`
    pub schema: String,
    pub tool: String,
    pub left: NodeRef,
    pub right: NodeRef,
    pub kinship: Kinship,
    pub evidence: Vec<KinshipEvidence>,
}

/// Evidence with the edge that it speaks for. What was not rejected speaks for no edge, and against none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KinshipEvidence {
    #[serde(flatten)]
    pub evidence: Evidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<KinshipEdge>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KinshipEdge {
    pub subject: NodeRef,
    pub predicate: EdgeKind,
    pub object: NodeRef,
}

impl KinshipReport {
    pub fn new(left: NodeRef, right: NodeRef, kinship: Kinship) -> Self {
        let evidence = evidence(&kinship, &left, &right);
        let tool = Source::current("", "").tool;
        Self { schema: "stillwatch.kinship/1".into(), tool, left, right, kinship, evidence }
    }
}

/// What the comparison is evidence of: that the two are not independent, and that their shapes are compatible.
fn evidence(kinship: &Kinship, left: &NodeRef, right: &NodeRef) -> Vec<KinshipEvidence> {
    let compatible = "names and shapes of the tensors are compatible with derivation, as those of all models of one configuration are".to_owned();
    let tested = !matches!(kinship.verdict, KinshipVerdict::NotComparable { .. });
    let p_value = PValue { value: kinship.p_value, smallest: kinship.smallest, null: kinship.null.clone() };
    let of = |kind: &'static str,
              statement: String,
              measures: Vec<Measure>,
              bits,
              p_value,
              predicate: Option<EdgeKind>| KinshipEvidence {
        evidence: Evidence {
            family: Family::Weights,
            kind: kind.into(),
            statement,
            measures,
            bits,
            p_value,
            subjects: vec![left.name.clone(), right.name.clone()],
            source: Source::current(kinship.digests.join(" "), format!("alpha={:e}", kinship.alpha)),
            observed: None,
            expires: None,
        },
        about: predicate.map(|predicate| KinshipEdge { subject: left.clone(), predicate, object: right.clone() }),
    };
    let not_independent = kinship.verdict == KinshipVerdict::NotIndependent;
    let statement = format!("{}. {}", kinship.statement, kinship.limits.join(". "));
    let edge = not_independent.then_some(EdgeKind::NotIndependentOf);
    let mut evidence =
        vec![of("weight_kinship", statement, measures(kinship), bits(kinship), tested.then_some(p_value), edge)];
    if kinship.header == HeaderVerdict::CompatibleWithDerivation {
        evidence.push(of(
            "compatible_shapes",
            compatible,
            Vec::new(),
            Millibits::ZERO,
            None,
            Some(EdgeKind::CompatibleWith),
        ));
    }
    evidence
}

/// The numbers of the comparison that is least likely by chance, and how many there were.
fn measures(kinship: &Kinship) -> Vec<Measure> {
    let least = kinship.trials.iter().min_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let of_least = least.into_iter().flat_map(|trial| {
        let expected = trial.expected.map(|expected| Measure::real("hits_expected", expected, Unit::Pairs));
        [Measure::count("hits", trial.hits, Unit::Pairs), Measure::count("of", trial.of, Unit::Pairs)]
            .into_iter()
            .chain(expected)
    });
    of_least.chain([Measure::count("tests", kinship.corrected_for, Unit::Tests)]).collect()
}

/// Only a rejection has a weight; a p-value bounds it by Sellke, Bayarri and Berger (The American Statistician 55, 2001):
/// at most −1 / (e p ln p) against the null.
fn bits(kinship: &Kinship) -> Millibits {
    if kinship.verdict != KinshipVerdict::NotIndependent {
        return Millibits::ZERO;
    }
    let p = kinship.p_value.clamp(f64::MIN_POSITIVE, 0.3);
    Millibits::from_bits(-(std::f64::consts::E * p * p.ln()).log2()).capped(Millibits::from_bits(MOST_BITS))
}

/// Beyond a million to one, that all units are alike to training is less certain than the arithmetic.
const MOST_BITS: f64 = 20.0;
