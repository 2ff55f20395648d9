//! What can be promised about innocent accounts at tier `act`, and from which strength on.
//!
//! Worlds are the exchangeable units: a world's loss at a level is the share of its innocent accounts that stand at `act`
//! with at least that strength. It can only fall as the level rises, and is at most one. Conformal risk control
//! (Angelopoulos, Bates, Fisch, Lei and Schuster, ICLR 2024, theorem 1) then promises an expected loss of at most `alpha` in
//! the next world at the lowest level with `(n * mean loss + 1) / (n + 1) <= alpha`. The second promise holds for the mean
//! loss itself with 95 % confidence, by the bound of Clopper and Pearson on the share of worlds that have any innocent
//! account at `act`, since no loss is above one.

use std::io::{self, Write};

use stillwatch_core::statistics::clopper_pearson;
use stillwatch_detect::weighed_levels;

use crate::sets::Line;

/// Rates of false accounts that are asked for.
const WANTED: [f64; 4] = [1e-4, 1e-3, 1e-2, 5e-2];
/// One-sided confidence of 95 %.
const CONFIDENCE: f64 = 0.90;

/// Innocent accounts at `act` in one world, set by set, with the strength of each set.
struct World {
    innocent: f64,
    sets: Vec<(f64, f64)>,
}

impl World {
    fn loss(&self, level: f64) -> f64 {
        let flagged: f64 = self.sets.iter().filter(|(strength, _)| *strength >= level).map(|of| of.1).sum();
        (flagged / self.innocent.max(1.0)).min(1.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of accounts and worlds")]
pub(crate) fn print(lines: &[Line], out: &mut impl Write) -> io::Result<()> {
    let (start, levels) = weighed_levels();
    let strength = |names: &[String]| -> f64 {
        start + levels.iter().filter(|of| names.contains(&of.level)).map(|of| of.bits).sum::<f64>()
    };
    let worlds: Vec<World> = lines
        .iter()
        .map(|line| World {
            innocent: line.innocent as f64,
            sets: line
                .sets
                .iter()
                .filter(|set| set.told == "act")
                .map(|set| (strength(&set.levels), set.innocent as f64))
                .collect(),
        })
        .collect();
    let n = worlds.len() as f64;
    let mean = |level: f64| worlds.iter().map(|world| world.loss(level)).sum::<f64>() / n.max(1.0);
    // Below the level in force nothing is at `act`; above it, each set may be the last that is.
    let mut grid: Vec<f64> = worlds.iter().flat_map(|world| &world.sets).map(|of| of.0).collect();
    grid.sort_by(f64::total_cmp);
    grid.push(f64::INFINITY);
    grid.insert(0, f64::NEG_INFINITY);
    writeln!(out, "\nfalse accounts at `act`, over {} worlds", worlds.len())?;
    writeln!(out, "  mean share of the innocent accounts at the level in force: {:.6}", mean(f64::NEG_INFINITY))?;
    for wanted in WANTED {
        let holds = |level: &&f64| n.mul_add(mean(**level), 1.0) / (n + 1.0) <= wanted;
        let told = match grid.iter().find(holds) {
            Some(level) if *level == f64::NEG_INFINITY => "at the level in force".to_owned(),
            Some(level) if level.is_finite() => format!("from a strength of {level:.1} bits on"),
            Some(_) => "only with nothing at `act`".to_owned(),
            None => format!(
                "cannot be promised: it needs at least {:.0} worlds, even without a false account",
                (1.0 / wanted).ceil() - 1.0
            ),
        };
        writeln!(out, "  at most {:>5.0} in 10,000 in the next world, on average: {told}", 10_000.0 * wanted)?;
    }
    let unfair = worlds.iter().filter(|world| world.loss(f64::NEG_INFINITY) > 0.0).count();
    let (_, high) = clopper_pearson(unfair as u64, worlds.len() as u64, CONFIDENCE);
    writeln!(
        out,
        "  with 95 % confidence: {unfair} of {} worlds have an innocent account at `act`, at most {:.1} % in the long run; the mean share is no larger",
        worlds.len(),
        100.0 * high
    )
}
