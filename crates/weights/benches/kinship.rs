//! Weight kinship on tiny models of known descent, which `benches/kinship.py FOLDER` trains.
//!
//! ```text
//! cargo bench -p stillwatch-weights --bench kinship -- FOLDER
//! ```
//!
//! Prints, for each class of pairs, how many were found and the least and the largest p-value; for strangers, how many were
//! falsely called related, with the exact interval (Clopper and Pearson), and how often p-values lie below a level.
//! Then what one pair costs.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement fails by panicking, and prints")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

use statrs::distribution::{Beta, ContinuousCDF};
use stillwatch_weights::kinship::{ALPHA, Kinship, KinshipVerdict, Weights, kinship};

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| argument != "--bench") else {
        println!("usage: cargo bench -p stillwatch-weights --bench kinship -- FOLDER (made by benches/kinship.py)");
        return;
    };
    let folder = Path::new(&folder);
    let Ok(pairs) = std::fs::read(folder.join("pairs.json")) else {
        println!("{} holds no pairs.json", folder.display());
        return;
    };
    let pairs: Vec<serde_json::Value> = serde_json::from_slice(&pairs).unwrap();
    let mut classes: BTreeMap<(bool, String), Vec<f64>> = BTreeMap::new();
    let (mut strangers, mut raw): (Vec<f64>, Vec<(String, f64)>) = Default::default();
    let begun = Instant::now();
    let mut incomparable = 0;
    for pair in &pairs {
        let text = |key: &str| pair[key].as_str().unwrap();
        let related = pair["related"].as_bool().unwrap();
        let found = compared(folder, text("left"), text("right"));
        incomparable += usize::from(matches!(found.verdict, KinshipVerdict::NotComparable { .. }));
        let class = if related || text("class") == "distilled" { text("class") } else { "strangers" };
        let key = (!related, format!("{:24} {}", class, text("family")));
        classes.entry(key).or_default().push(found.p_value);
        if related && found.p_value > ALPHA || !related && found.p_value < 0.01 {
            println!("{} {}: {}", text("left"), text("right"), found.statement);
        }
        if !related {
            strangers.push(found.p_value);
            raw.extend(
                found.trials.iter().map(|trial| {
                    (format!("{:?} {:?} {:?}", trial.place, trial.method, trial.alignment), trial.p_value)
                }),
            );
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{:32} {:>5} {:>5} {:>9} {:>9}", "class", "found", "of", "least p", "most p");
    for ((stranger, class), values) in &classes {
        let found = values.iter().filter(|&&p| p <= ALPHA).count();
        let (least, most) = values.iter().fold((1.0_f64, 0.0_f64), |(low, high), &p| (low.min(p), high.max(p)));
        println!(
            "{} {class:32} {found:5} {:5} {least:9.1e} {most:9.1e}",
            if *stranger { "-" } else { "+" },
            values.len()
        );
    }
    println!("{} pairs of strangers, {incomparable} of all pairs not comparable", strangers.len());
    for level in [ALPHA, 1e-4, 0.01, 0.05] {
        let hits = strangers.iter().filter(|&&p| p <= level).count();
        let (low, high) = interval(hits, strangers.len());
        println!(
            "  p <= {level:e}: {hits} ({:.2} %, 95 % interval {:.3} to {:.3} %)",
            share(hits, strangers.len()),
            100.0 * low,
            100.0 * high
        );
    }
    println!("trials of strangers, before correction: share at or below 0.5, 0.1, 0.01, 0.001, 0.0001");
    let mut by_trial: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (name, p) in raw {
        by_trial.entry(name).or_default().push(p);
    }
    for (name, values) in by_trial {
        let below = |level: f64| values.iter().filter(|&&p| p <= level).count();
        let shares =
            [0.5, 0.1, 0.01, 0.001, 0.0001].map(|level| format!("{:.4}", share(below(level), values.len()) / 100.0));
        println!("  {name:40} {:6} {}", values.len(), shares.join(" "));
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
    let each = 1000.0 * seconds / pairs.len() as f64;
    println!("{} pairs in {seconds:.0} s, {each:.0} ms each", pairs.len());
}

fn compared(folder: &Path, left: &str, right: &str) -> Kinship {
    let open = |name: &str| Weights::open([File::open(folder.join(name)).unwrap()]).unwrap();
    kinship(&mut open(left), &mut open(right), ALPHA).unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs")]
fn share(hits: usize, of: usize) -> f64 {
    100.0 * hits as f64 / of.max(1) as f64
}

/// Clopper and Pearson (1934), 95 %.
#[expect(clippy::cast_precision_loss, reason = "counts of pairs")]
fn interval(hits: usize, of: usize) -> (f64, f64) {
    let (hits, of) = (hits as f64, of as f64);
    let low = if hits == 0.0 { 0.0 } else { Beta::new(hits, of - hits + 1.0).unwrap().inverse_cdf(0.025) };
    let high = if hits >= of { 1.0 } else { Beta::new(hits + 1.0, of - hits).unwrap().inverse_cdf(0.975) };
    (low, high)
}
