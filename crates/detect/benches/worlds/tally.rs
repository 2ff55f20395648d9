//! Sums over worlds, and their tables.

use std::collections::BTreeMap;
use std::io::{self, Write};

use stillwatch_core::statistics::clopper_pearson;
use stillwatch_simulate::{Dimension, WorldDescription};

use crate::score::Outcome;

/// Sums over some worlds.
#[derive(Default)]
pub(crate) struct Tally {
    whole: Sum,
    /// By dimension and family.
    families: BTreeMap<(&'static str, &'static str), Sum>,
    /// Campaigns by subject and tactic: all, and those found per tier.
    tactics: BTreeMap<(&'static str, &'static str), (u64, [u64; 2])>,
    /// Accounts of innocent classes: all, and those flagged per tier.
    classes: BTreeMap<String, (u64, [u64; 2])>,
}

/// What worlds add up to; pairs are tiers `act` and `review`.
#[derive(Default)]
struct Sum {
    worlds: u64,
    /// Worlds with an innocent account flagged.
    unfair: [u64; 2],
    campaigns: u64,
    found: [u64; 2],
    harvesting: u64,
    right: [u64; 2],
    innocent: u64,
    wrong: [u64; 2],
    false_clusters: [u64; 2],
}

impl Tally {
    pub(crate) fn of(worlds: &[(WorldDescription, Outcome)], of: impl Fn(&WorldDescription) -> bool) -> Self {
        let mut tally = Self::default();
        for (description, outcome) in worlds.iter().filter(|(description, _)| of(description)) {
            tally.whole.add(outcome);
            for dimension in Dimension::ALL {
                let family = description.families.value(dimension);
                tally.families.entry((dimension.name(), family)).or_default().add(outcome);
            }
            for campaign in &description.campaigns {
                let found = outcome.campaigns.get(&campaign.name).copied().unwrap_or_default();
                let kind = [("kind", campaign.kind)];
                for (subject, tactic) in
                    campaign.tactics.iter().map(|(subject, tactic)| (*subject, *tactic)).chain(kind)
                {
                    let (all, per_tier) = tally.tactics.entry((subject, tactic)).or_default();
                    *all += 1;
                    add(per_tier, found.map(u64::from));
                }
            }
            for (class, (all, flagged)) in &outcome.classes {
                let (sum, per_tier) = tally.classes.entry(class.clone()).or_default();
                *sum += *all as u64;
                add(per_tier, flagged.map(|count| count as u64));
            }
        }
        tally
    }

    pub(crate) fn print(&self, title: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{title}")?;
        writeln!(out, "  {:34} {:>6} {HEADS}", "", "worlds")?;
        self.whole.print("all", out)?;
        for ((dimension, family), sum) in &self.families {
            sum.print(&format!("{dimension} {family}"), out)?;
        }
        writeln!(out, "\n  {:42} found at act                  at review", "campaigns by tactic")?;
        for ((subject, tactic), (all, found)) in &self.tactics {
            let name = format!("{subject} {tactic}");
            writeln!(out, "  {name:42} {:29} {}", share(found[0], *all), share(found[1], *all))?;
        }
        writeln!(out, "\n  {:42} flagged at act                at review", "innocent accounts by class")?;
        for (class, (all, flagged)) in &self.classes {
            writeln!(out, "  {class:42} {:29} {}", rate(flagged[0], *all), rate(flagged[1], *all))?;
        }
        Ok(())
    }
}

const HEADS: &str = "found act                     found review                  precision act                 precision review              recall review    false clusters  worlds with a false account";

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        self.worlds += 1;
        self.campaigns += outcome.campaigns.len() as u64;
        self.harvesting += outcome.harvesting as u64;
        self.innocent += outcome.classes.values().map(|(all, _)| *all as u64).sum::<u64>();
        let per_tier = |of: fn(&Outcome, usize) -> usize| [of(outcome, 0) as u64, of(outcome, 1) as u64];
        add(&mut self.found, per_tier(Outcome::found));
        add(&mut self.wrong, per_tier(Outcome::false_accounts));
        add(&mut self.right, per_tier(|outcome, place| outcome.right[place]));
        add(&mut self.false_clusters, per_tier(|outcome, place| outcome.false_clusters[place]));
        add(&mut self.unfair, per_tier(|outcome, place| usize::from(outcome.false_accounts(place) > 0)));
    }

    fn print(&self, name: &str, out: &mut impl Write) -> io::Result<()> {
        let precision = |place: usize| share(self.right[place], self.right[place] + self.wrong[place]);
        writeln!(
            out,
            "  {name:34} {:>6} {:29} {:29} {:29} {:29} {:16} {:>4} {:>4}       {:>4} {:>4}",
            self.worlds,
            share(self.found[0], self.campaigns),
            share(self.found[1], self.campaigns),
            precision(0),
            precision(1),
            format!("{}/{}", self.right[1], self.harvesting),
            self.false_clusters[0],
            self.false_clusters[1],
            self.unfair[0],
            self.unfair[1],
        )?;
        if name == "all" {
            writeln!(
                out,
                "  innocent accounts flagged: act {}; review {}",
                rate(self.wrong[0], self.innocent),
                rate(self.wrong[1], self.innocent)
            )?;
        }
        Ok(())
    }
}

fn add(sum: &mut [u64; 2], what: [u64; 2]) {
    sum[0] += what[0];
    sum[1] += what[1];
}

/// `part/whole share [interval]`.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "none".into();
    }
    let (low, high) = clopper_pearson(part, whole, CONFIDENCE);
    #[expect(clippy::cast_precision_loss, reason = "counts of accounts")]
    let value = part as f64 / whole as f64;
    format!("{part}/{whole} {value:.3} [{low:.3} {high:.3}]")
}

/// `part/whole [upper bound in 10,000]`.
fn rate(part: u64, whole: u64) -> String {
    let (_, high) = clopper_pearson(part, whole, CONFIDENCE);
    format!("{part}/{whole} (at most {:.1} in 10,000)", high * 10_000.0)
}

/// Accounts of a world are not independent of each other, so intervals over accounts are narrower than the truth.
const CONFIDENCE: f64 = 0.95;
