//! Worlds in which nobody harvests, and how often something is told of them.

use std::io::{self, Write};

use stillwatch_core::statistics::clopper_pearson;
use stillwatch_simulate::WorldPlan;

use crate::sets::JudgedSet;

/// What is taken out of worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Null {
    Nothing,
    Campaigns,
    /// Campaigns and crowds: what is left has nothing to do with each other.
    AllButStrangers,
}

impl Null {
    pub(crate) fn parse(word: &str) -> Result<Self, String> {
        match word {
            "campaigns" => Ok(Self::Campaigns),
            "strangers" => Ok(Self::AllButStrangers),
            _ => Err(format!("unknown null {word}: expected campaigns or strangers")),
        }
    }

    pub(crate) fn of(self, plan: WorldPlan) -> WorldPlan {
        match self {
            Self::Nothing => plan,
            Self::Campaigns => plan.without_campaigns(),
            Self::AllButStrangers => plan.of_strangers(),
        }
    }
}

const CONFIDENCE: f64 = 0.95;

/// Worlds with any set told at a tier, with exact intervals.
pub(crate) fn print(worlds: &[Vec<JudgedSet>], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nworlds without campaigns that have a set told as")?;
    let tiers: [(&str, &[&str]); 4] = [
        ("act", &["act"]),
        ("review or act", &["act", "review"]),
        ("watch or above", &["act", "review", "watch"]),
        ("anything, crowds included", &["act", "review", "watch", "crowd"]),
    ];
    for (name, told) in tiers {
        let found = worlds.iter().filter(|sets| sets.iter().any(|set| told.contains(&set.told.as_str()))).count();
        let (low, high) = clopper_pearson(found as u64, worlds.len() as u64, CONFIDENCE);
        writeln!(out, "  {name:28} {found} of {} [{low:.3} {high:.3}]", worlds.len())?;
    }
    writeln!(
        out,
        "  each search errs in at most 1 in 100 worlds of strangers at the level of `act`, in at most 1 in 10 at that of `review`"
    )
}
