//! Learns the weights of the signs on worlds, and compares them by families that were left out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use stillwatch_core::statistics::clopper_pearson;
use stillwatch_detect::{MOST_SAID, Standing, WeighedLevel, weighed_levels};

use crate::regression::{Bound, Example, Fitted};
use crate::sets::{JudgedSet, Line};

/// The penalty of a weight: a level must be seen on several dozen sets before it weighs much. Between 1 and 10 the
/// figures by left-out family differ by less than their intervals.
const RIDGE: f64 = 3.0;
/// No sign alone says more than four to one: what is telling in simulated worlds may be so by their making.
const MOST_BITS: f64 = 2.0;
/// Of the innocent sets of the development worlds, the share that may pass the level at which scores are compared.
const PASSING: f64 = 0.01;
const CONFIDENCE: f64 = 0.95;

/// A set that is right, or innocent; what is neither teaches nothing.
struct Case<'a> {
    set: &'a JudgedSet,
    families: &'a BTreeMap<String, String>,
    positive: bool,
}

/// Fits the weights, and prints the comparison and the table in the form of the source.
pub(crate) fn fit(lines: &[Line], out: &mut impl Write) -> io::Result<()> {
    let cases: Vec<Case<'_>> = lines.iter().flat_map(cases).collect();
    let right = cases.iter().filter(|case| case.positive).count();
    writeln!(out, "{} worlds, {} sets: {right} right, {} innocent", lines.len(), cases.len(), cases.len() - right)?;
    let (_, levels) = weighed_levels();
    let learner = Learner::new(&levels);
    compare(&learner, lines, &cases, out)?;
    table(&learner, &cases, out)
}

fn cases(line: &Line) -> impl Iterator<Item = Case<'_>> {
    line.sets.iter().filter_map(|set| {
        let harvesting = set.accounts - set.innocent;
        let positive = set.kind == "campaign" && set.purity >= 0.8;
        (positive || 2 * harvesting < set.accounts).then_some(Case { set, families: &line.world.families, positive })
    })
}

impl Case<'_> {
    fn may_act_as_one(&self) -> bool {
        matches!(self.set.coordination, Standing::Yes | Standing::Perhaps)
    }
}

struct Learner<'a> {
    /// Levels that may weigh.
    levels: Vec<&'a WeighedLevel>,
    places: BTreeMap<&'a str, usize>,
    bounds: Vec<Bound>,
}

impl<'a> Learner<'a> {
    fn new(levels: &'a [WeighedLevel]) -> Self {
        let levels: Vec<&WeighedLevel> = levels.iter().filter(|level| level.direction != 0).collect();
        let bound = |level: &&WeighedLevel| if level.direction > 0 { Bound::NotNegative } else { Bound::NotPositive };
        Self {
            places: levels.iter().enumerate().map(|(place, level)| (level.level.as_str(), place)).collect(),
            bounds: levels.iter().map(bound).collect(),
            levels,
        }
    }

    fn columns(&self, set: &JudgedSet) -> Vec<usize> {
        set.levels.iter().filter_map(|level| self.places.get(level.as_str()).copied()).collect()
    }

    /// Right sets and innocent ones count alike as a whole; of the innocent, a kind counts by the root of its sets, so
    /// that no crowd is forgotten because others are commoner.
    fn learn<'c>(&self, cases: impl Iterator<Item = &'c Case<'c>>) -> Fitted {
        let cases: Vec<&Case<'_>> = cases.collect();
        let mut kinds: BTreeMap<&str, f64> = BTreeMap::new();
        for case in cases.iter().filter(|case| !case.positive) {
            *kinds.entry(case.set.kind.as_str()).or_default() += 1.0;
        }
        let raw = |case: &Case<'_>| if case.positive { 1.0 } else { kinds[case.set.kind.as_str()].powf(-0.5) };
        let whole = |positive: bool| -> f64 {
            cases.iter().filter(|case| case.positive == positive).map(|case| raw(case)).sum()
        };
        let (right, innocent) = (whole(true), whole(false));
        #[expect(clippy::cast_precision_loss, reason = "a number of sets")]
        let half = cases.len() as f64 / 2.0;
        let examples: Vec<Example> = cases
            .iter()
            .map(|case| Example {
                columns: self.columns(case.set),
                positive: case.positive,
                weight: half * raw(case) / if case.positive { right } else { innocent },
            })
            .collect();
        Fitted::new(&examples, &self.bounds, RIDGE, MOST_BITS * std::f64::consts::LN_2)
    }

    fn bits(&self, fitted: &Fitted, set: &JudgedSet) -> f64 {
        fitted.score(&self.columns(set)) / std::f64::consts::LN_2
    }
}

/// Learns without each family, sets the level so that few innocent sets of the development worlds pass, and counts on the
/// worlds of the family.
fn compare(learner: &Learner<'_>, lines: &[Line], cases: &[Case<'_>], out: &mut impl Write) -> io::Result<()> {
    let families: BTreeSet<(&String, &String)> = lines.iter().flat_map(|line| &line.world.families).collect();
    writeln!(
        out,
        "\nsets that may act as one, by left-out family: right ones found and innocent ones passing, at the level that 1 % of the innocent ones of the other worlds pass"
    )?;
    let heads = ["hand: found", "hand: innocent", "learnt: found", "learnt: innocent", "both: found", "both: innocent"];
    writeln!(out, "  {:28} {}", "", padded(&heads.map(String::from)))?;
    let mut sums = [Sum::default(); 3];
    for (dimension, family) in families {
        let judges = |case: &&Case<'_>| case.families.get(dimension) == Some(family);
        let fitted = learner.learn(cases.iter().filter(|case| !judges(case)));
        let additive = |set: &JudgedSet| learner.bits(&fitted, set);
        let hand = |set: &JudgedSet| set.margin;
        let both = |set: &JudgedSet| balance(additive(set), set.margin);
        let mut told = Vec::new();
        for (score, sum) in [&hand as &dyn Fn(&JudgedSet) -> f64, &additive, &both].into_iter().zip(&mut sums) {
            let innocent = cases.iter().filter(|case| !judges(case) && !case.positive && case.may_act_as_one());
            let level = passed_by_few(innocent, score);
            let mut of = Sum::default();
            for case in cases.iter().filter(judges).filter(|case| case.may_act_as_one()) {
                of.add(case.positive, score(case.set) > level);
            }
            sum.join(of);
            told.extend([of.found(), of.passing()]);
        }
        writeln!(out, "  {:28} {}", format!("{dimension} {family}"), padded(&told))?;
    }
    let told: Vec<String> = sums.iter().flat_map(|sum| [sum.found(), sum.passing()]).collect();
    writeln!(out, "  {:28} {}", "all (each world four times)", padded(&told))
}

/// As the verdict weighs the two opinions.
fn balance(learnt: f64, hand: f64) -> f64 {
    f64::midpoint(learnt.clamp(-MOST_SAID, MOST_SAID), hand.clamp(-MOST_SAID, MOST_SAID))
}

fn padded(told: &[String]) -> String {
    told.iter().map(|of| format!("{of:34}")).collect::<Vec<_>>().join(" ")
}

/// The level that the allowed share of innocent sets passes.
fn passed_by_few<'c>(innocent: impl Iterator<Item = &'c Case<'c>>, score: &dyn Fn(&JudgedSet) -> f64) -> f64 {
    let mut scores: Vec<f64> = innocent.map(|case| score(case.set)).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a number of sets"
    )]
    let place = (PASSING * scores.len() as f64) as usize;
    scores.get(place).copied().unwrap_or(f64::INFINITY)
}

#[derive(Clone, Copy, Default)]
struct Sum {
    right: [u64; 2],
    innocent: [u64; 2],
}

impl Sum {
    fn add(&mut self, positive: bool, passes: bool) {
        let of = if positive { &mut self.right } else { &mut self.innocent };
        of[0] += u64::from(passes);
        of[1] += 1;
    }

    fn join(&mut self, other: Self) {
        for (sum, of) in [(&mut self.right, other.right), (&mut self.innocent, other.innocent)] {
            sum[0] += of[0];
            sum[1] += of[1];
        }
    }

    fn found(&self) -> String {
        share(self.right)
    }

    fn passing(&self) -> String {
        share(self.innocent)
    }
}

fn share([part, whole]: [u64; 2]) -> String {
    if whole == 0 {
        return "none".into();
    }
    let (low, high) = clopper_pearson(part, whole, CONFIDENCE);
    #[expect(clippy::cast_precision_loss, reason = "numbers of sets")]
    let value = part as f64 / whole as f64;
    format!("{part}/{whole} {value:.3} [{low:.3} {high:.3}]")
}

/// The weights of all worlds, as `weights.rs` holds them.
fn table(learner: &Learner<'_>, cases: &[Case<'_>], out: &mut impl Write) -> io::Result<()> {
    let fitted = learner.learn(cases.iter());
    writeln!(out, "\npub(crate) const START: f64 = {:.2};", fitted.start / std::f64::consts::LN_2)?;
    writeln!(out, "pub(crate) const WEIGHTS: &[(Level, f64)] = &[")?;
    for (level, weight) in learner.levels.iter().zip(&fitted.weights) {
        let bits = weight / std::f64::consts::LN_2;
        if bits.abs() >= 0.005 {
            writeln!(out, "    (Level::{}, {bits:.2}),", level.variant)?;
        }
    }
    writeln!(out, "];")?;
    let mut highest: Vec<(f64, &str)> = cases
        .iter()
        .filter(|case| !case.positive)
        .filter(|case| case.may_act_as_one())
        .map(|case| (balance(learner.bits(&fitted, case.set), case.set.margin), case.set.kind.as_str()))
        .collect();
    highest.sort_by(|a, b| b.0.total_cmp(&a.0));
    highest.truncate(20);
    writeln!(out, "\nthe balance of the strongest innocent sets that may act as one:")?;
    for (bits, kind) in highest {
        writeln!(out, "  {bits:6.2} {kind}")?;
    }
    Ok(())
}
