//! What a finding is told with: sentences that carry their numbers.

mod accounts;
mod requests;

use stillwatch_core::{Evidence, Family, Measure, Micros, Millibits, PValue, Source, Unit};

use crate::findings::sign::Sign;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::told::Finding;
use crate::null::{Test, smallest_p};
use crate::parameters::{COUNTER_CAP_BITS, FAMILY_CAP_BITS, MOST_TESTED};
use crate::signal::channel::Channel;

/// How findings name where they come from.
pub(crate) struct Provenance {
    pub(crate) source: Source,
    pub(crate) rounds: usize,
}

/// Evidence and counter-evidence of a finding, by family, strongest first.
pub(crate) fn evidence(
    setting: &Setting<'_>,
    finding: &Finding,
    provenance: &Provenance,
) -> (Vec<Evidence>, Vec<Evidence>) {
    let writer = Writer { setting, set: &finding.set, provenance, observed: last_seen(setting, &finding.set) };
    let mut all = writer.content();
    all.extend(
        Channel::ALL.iter().zip(setting.holdings).filter_map(|(&channel, holdings)| writer.likeness(channel, holdings)),
    );
    all.push(writer.synchrony());
    all.extend(writer.content_test());
    all.extend(writer.handover());
    all.extend(writer.intent());
    all.extend(writer.coverage());
    all.extend(writer.pool());
    all.extend(finding.succession.as_ref().and_then(|succession| writer.succession(succession)));
    all.extend(writer.behaviour());
    let (mut evidence, mut counter): (Vec<_>, Vec<_>) = all.into_iter().partition(|item| item.for_it);
    for list in [&mut evidence, &mut counter] {
        list.sort_by(|a, b| {
            (a.evidence.family, b.evidence.bits.0.abs()).cmp(&(b.evidence.family, a.evidence.bits.0.abs()))
        });
    }
    let plain = |list: Vec<Item>| list.into_iter().map(|item| item.evidence).collect();
    (plain(evidence), plain(counter))
}

/// The sum of the families' evidence, each capped, content and intent counted as one.
pub(crate) fn score(evidence: &[Evidence]) -> Millibits {
    let cap = Millibits::from_bits(FAMILY_CAP_BITS);
    let of = |family: Family| -> Millibits {
        evidence.iter().filter(|e| e.family.independent() == family).map(|e| e.bits).sum()
    };
    [Family::Content, Family::Infrastructure, Family::Timing, Family::Lifecycle, Family::Intelligence]
        .into_iter()
        .map(|family| of(family).capped(cap))
        .sum()
}

struct Item {
    evidence: Evidence,
    for_it: bool,
}

impl Item {
    fn measured(mut self, measures: impl IntoIterator<Item = Measure>) -> Self {
        self.evidence.measures.extend(measures);
        self
    }
}

struct Writer<'a> {
    setting: &'a Setting<'a>,
    set: &'a Measured,
    provenance: &'a Provenance,
    observed: String,
}

impl Writer<'_> {
    fn item(&self, family: Family, sign: Sign, statement: String, bits: f64, p_value: Option<PValue>) -> Item {
        let cap = if bits < 0.0 { COUNTER_CAP_BITS } else { FAMILY_CAP_BITS };
        Item {
            for_it: bits >= 0.0,
            evidence: Evidence {
                family,
                kind: sign.into(),
                statement,
                measures: Vec::new(),
                bits: Millibits::from_bits(bits).capped(Millibits::from_bits(cap)),
                p_value,
                subjects: Vec::new(),
                source: self.provenance.source.clone(),
                observed: Some(self.observed.clone()),
                expires: None,
            },
        }
    }

    /// What is said of a set so large that the tests looked at a part of it.
    fn sampled(&self) -> &'static str {
        if self.set.accounts.len() > MOST_TESTED { "; tested on 400 accounts drawn from the set" } else { "" }
    }

    fn p_value(&self, test: &Test, null: &str) -> PValue {
        PValue { value: test.raw_p, smallest: smallest_p(self.provenance.rounds), null: null.into() }
    }
}

/// How surprising a test is under its null, in bits: −log2 p. No more than the rounds can show.
fn gain(test: &Test) -> f64 {
    -test.p.log2()
}

/// log2 of the largest likelihood ratio that a normal shift of the observed size gives: z² / (2 ln 2).
fn loss(z: f64) -> f64 {
    z * z / (2.0 * std::f64::consts::LN_2)
}

/// Accounts that show something, inside a set and outside.
fn beside(inside: usize, accounts: usize, outside: usize, others: usize) -> [Measure; 4] {
    [
        Measure::count("accounts_showing", inside, Unit::Accounts),
        Measure::count("accounts", accounts, Unit::Accounts),
        Measure::count("others_showing", outside, Unit::Accounts),
        Measure::count("others", others, Unit::Accounts),
    ]
}

fn deviations(test: &Test) -> Measure {
    Measure::real("z", test.z, Unit::Deviations)
}

fn last_seen(setting: &Setting<'_>, set: &Measured) -> String {
    let last = setting.population.of(&set.accounts).map(|profile| profile.last).max();
    last.map_or_else(String::new, Micros::to_rfc3339)
}
