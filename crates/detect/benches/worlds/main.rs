//! Detection on random worlds: what is found and what is wrong, per family of worlds, tactic and innocent class.
//!
//! ```text
//! cargo bench -p stillwatch-detect --bench worlds -- --worlds 200 --seed 1 --leave-out residential
//! ```
//!
//! Worlds are simulated in memory and detected in the same process, one thread a world. With `--leave-out` the worlds
//! that have the family are told apart from the development worlds, which do not. `--details FILE` writes a line of
//! JSON for each world. `--crowd NAME` or `--crowd all` takes innocent crowds by themselves, `--accounts` of each among
//! `--among` ordinary ones.
//!
//! ```text
//! cargo bench -p stillwatch-detect --bench worlds -- --worlds 200 --seed 1 --details worlds.jsonl
//! cargo bench -p stillwatch-detect --bench worlds -- --fit worlds.jsonl
//! ```
//!
//! `--null campaigns` takes the campaigns out of the worlds, `--null strangers` everything but ordinary accounts; how many
//! worlds have anything told is then printed with its interval, beside the level of the tests.
//!
//! `--fit FILE` reads lines of details instead, learns the weights of the signs, compares them with the models that were
//! written by hand by the families left out, and prints the table of `judge/weights.rs` and what can be promised about false
//! accounts; given more than once it takes all files together. Intervals are those of Clopper and Pearson at 95 %.

mod arguments;
mod fit;
mod null;
mod regression;
mod risk;
mod score;
mod sets;
mod tally;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use stillwatch_core::{AccountId, Cancel, Day, Key, Silent, Window};
use stillwatch_detect::{DetectionReport, Detector, Inputs, Options};
use stillwatch_digest::{AccountWindow, DigestBuilder, Fingerprinter, Names};
use stillwatch_simulate::{SimulatedAccount, Traffic, WorldDescription, WorldPlan};

use arguments::Arguments;
use null::Null;
use score::Outcome;
use sets::JudgedSet;
use tally::Tally;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let started = Instant::now();
    let mut out = io::stdout().lock();
    if !arguments.fit.is_empty() {
        let lines = sets::lines(&arguments.fit)?;
        fit::fit(&lines, &mut out)?;
        risk::print(&lines, &mut out)?;
        return Ok(());
    }
    let mut worlds = run(&arguments)?;
    worlds.sort_by_key(|(description, ..)| description.world);
    if let Some(path) = &arguments.details {
        let mut file = File::create(path)?;
        for (description, outcome, sets) in &worlds {
            let innocent: usize = outcome.classes.values().map(|(all, _)| all).sum();
            let line =
                serde_json::json!({"world": description, "innocent": innocent, "outcome": outcome, "sets": sets});
            writeln!(file, "{line}")?;
        }
    }
    let reports: Vec<Vec<JudgedSet>> = worlds.iter().map(|(_, _, sets)| sets.clone()).collect();
    let worlds: Vec<_> = worlds.into_iter().map(|(description, outcome, _)| (description, outcome)).collect();
    writeln!(
        out,
        "{} worlds of seed {} from number {}, about {} exchanges each; {:.0} s",
        worlds.len(),
        arguments.seed,
        arguments.first,
        arguments.exchanges,
        started.elapsed().as_secs_f64()
    )?;
    if arguments.null != Null::Nothing {
        null::print(&reports, &mut out)?;
    }
    match &arguments.leave_out {
        None => Tally::of(&worlds, |_| true).print("all worlds", &mut out)?,
        Some(family) => {
            let judged = |world: &WorldDescription| world.families.judges(family);
            Tally::of(&worlds, |world| !judged(world))
                .print(&format!("development worlds, without {family}"), &mut out)?;
            Tally::of(&worlds, judged).print(&format!("judged worlds, with {family}"), &mut out)?;
        }
    }
    Ok(())
}

/// A world, how well it was told, and every set that was told.
type Judged = (WorldDescription, Outcome, Vec<JudgedSet>);

/// Simulates and detects all worlds.
fn run(arguments: &Arguments) -> Result<Vec<Judged>, String> {
    let next = AtomicU64::new(arguments.first);
    let crowds = arguments.crowds.len() as u64;
    let end = arguments.first + if crowds > 0 { crowds } else { arguments.worlds };
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..arguments.threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end || sender.send(world(arguments, number)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut worlds = Vec::new();
        for result in receiver {
            worlds.push(result?);
        }
        Ok(worlds)
    })
}

fn world(arguments: &Arguments, number: u64) -> Result<Judged, String> {
    let started = Instant::now();
    let place = usize::try_from(number - arguments.first).unwrap_or(usize::MAX);
    let plan = match arguments.crowds.get(place) {
        // All crowds live at the same provider.
        Some(name) => WorldPlan::of_crowd(arguments.seed, arguments.first, name, arguments.accounts, arguments.among)
            .ok_or_else(|| format!("no crowd {name}"))?,
        None => arguments.null.of(WorldPlan::draw(arguments.seed, number, arguments.exchanges)),
    };
    let description = plan.description();
    let traffic = plan.simulate();
    let simulated = started.elapsed();
    let detecting = Instant::now();
    let report = detect(&traffic).map_err(|error| format!("world {number}: {error}"))?;
    let outcome = Outcome::of(&traffic.truth, &report, traffic.exchanges.len());
    let mut err = io::stderr().lock();
    // Progress that cannot be shown is no reason to stop.
    let _ = writeln!(
        err,
        "world {number}: {} exchanges, {} accounts, {} campaigns; simulated {:.1} s, detected {:.1} s; act {} review {} found, {} and {} false accounts",
        traffic.exchanges.len(),
        traffic.accounts.len(),
        outcome.campaigns.len(),
        simulated.as_secs_f64(),
        detecting.elapsed().as_secs_f64(),
        outcome.found(0),
        outcome.found(1),
        outcome.false_accounts(0),
        outcome.false_accounts(1),
    );
    let sets = sets::sets(&traffic.truth, &report);
    Ok((description, outcome, sets))
}

fn detect(traffic: &Traffic) -> Result<DetectionReport, Box<dyn std::error::Error>> {
    let key = Key::from_bytes([7; 32]);
    let names = Names::new(&key);
    let accounts = traffic.accounts.iter().map(SimulatedAccount::to_account).collect();
    let options = Options { threads: 1, ..Options::default() };
    let mut detector = Detector::new(accounts, traffic.permits.clone(), &names, options);
    for (account, window) in windows(traffic, &key)? {
        detector.add(account, &window);
    }
    Ok(detector.detect(Window::default(), Inputs::default(), &Cancel::default(), &Silent)?)
}

/// The window of each account.
fn windows(traffic: &Traffic, key: &Key) -> Result<Vec<(AccountId, AccountWindow)>, Box<dyn std::error::Error>> {
    let mut fingerprinter = Fingerprinter::new(key);
    let mut days: BTreeMap<&str, BTreeMap<Day, DigestBuilder>> = BTreeMap::new();
    for row in &traffic.exchanges {
        let exchange = row.as_exchange();
        let day = days.entry(&row.account).or_default().entry(exchange.time.day()).or_default();
        day.add(fingerprinter.fingerprint(&exchange))?;
    }
    let mut windows = Vec::with_capacity(days.len());
    for (account, days) in days {
        let mut digests = Vec::with_capacity(days.len());
        for (day, builder) in days {
            digests.push((day, builder.finish()?));
        }
        windows.push((account.into(), AccountWindow::unite(digests)?));
    }
    Ok(windows)
}
