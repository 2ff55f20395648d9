//! `stillwatch demo`

use std::fmt::Write;
use std::time::Instant;

use stillwatch_core::{Key, Tier};
use stillwatch_report::{count, table};
use stillwatch_run::atomic::Scratch;
use stillwatch_run::detect::Detect;
use stillwatch_run::reading::{KeyChoice, LogOptions, Means};
use stillwatch_run::simulation::{self, Score, SimulateError, score};
use stillwatch_simulate::Plan;

use crate::cli::Demo;
use crate::commands::simulate::size;
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::message::note;
use crate::output;

pub(crate) fn run(arguments: &Demo) -> Result<Code, Failure> {
    let refuse = |error: std::io::Error| {
        Failure::runtime("the simulated traffic cannot be written")
            .because(error)
            .help("about 100 MB are needed in the temporary folder; TMPDIR chooses another one")
    };
    let running = Running::new();
    let folder = Scratch::new(&running.temporaries).map_err(refuse)?;
    let started = Instant::now();
    let plan = Plan::demo(arguments.seed).with_exchanges(size(arguments.exchanges)?);
    let traffic = simulation::traffic(&plan, &running).map_err(SimulateError::from)?;
    simulation::write(&traffic, folder.path(), &running).map_err(|error| match error {
        SimulateError::NotWritten { source, .. } => refuse(source),
        other => other.into(),
    })?;
    let (accounts, harvesting) = (traffic.accounts.len() as u64, traffic.truth.campaign.len() as u64);
    note(&format!(
        "simulated {} exchanges of {} accounts, {} of them in campaigns, in {:.1} s",
        count(traffic.exchanges.len() as u64),
        count(accounts),
        count(harvesting),
        started.elapsed().as_secs_f64()
    ));
    let truth = traffic.truth;
    drop(traffic.exchanges);
    let started = Instant::now();
    let path = |name| folder.path().join(name);
    let detect = Detect {
        logs: LogOptions {
            logs: vec![path(simulation::EXCHANGES)],
            // A key for this run alone: the demonstration leaves nothing behind.
            means: Means { key: KeyChoice::Given(random_key()?), ..Means::default() },
            ..LogOptions::default()
        },
        accounts: Some(path(simulation::ACCOUNTS)),
        permits: Some(path(simulation::PERMITS)),
        ..Detect::default()
    };
    let report = detect.run(&running)?.report;
    note(&format!("read and detected in {:.1} s", started.elapsed().as_secs_f64()));
    let (width, colour) = output::terminal();
    let mut text = table(&report, width, colour);
    text.push_str("\nCompared with the truth\n");
    for tier in [Tier::Act, Tier::Review] {
        write_score(&mut text, tier, &score(&truth, &report, tier));
    }
    text.push_str(NEXT);
    output::print(&text)?;
    Ok(Code::Done)
}

const NEXT: &str = "
Go on with
  stillwatch simulate -o traffic                      the same traffic as files
  stillwatch detect traffic/exchanges.parquet --accounts traffic/accounts.parquet \\
      --permits traffic/permits.json --format json    the whole report
  stillwatch schema                                   the columns that your own logs may have
  stillwatch detect --help
";

fn random_key() -> Result<Key, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::runtime("the system gives no random numbers").because(error))?;
    Ok(Key::from_bytes(bytes))
}

fn write_score(text: &mut String, tier: Tier, score: &Score) {
    let share = |share: Option<f64>| share.map_or_else(|| "none".into(), |share| format!("{share:.3}"));
    let above = if tier == Tier::Act { "" } else { " and above" };
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "  tier {tier}{above}: {} of {} campaigns found; account precision {}, recall {}; {} clusters, {} false, {} accounts",
        score.found,
        score.campaigns,
        share(score.precision),
        share(score.recall),
        score.clusters,
        score.false_clusters,
        score.flagged
    );
    if !score.false_accounts.is_empty() {
        let classes: Vec<String> =
            score.false_accounts.iter().map(|(class, count)| format!("{class} {count}")).collect();
        let _ = writeln!(text, "    innocent accounts in them, by class: {}", classes.join(", "));
    }
}
