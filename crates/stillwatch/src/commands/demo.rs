//! `stillwatch demo`

use std::fmt::Write;
use std::time::Instant;

use stillwatch_core::Tier;
use stillwatch_report::detection::FORMS;
use stillwatch_report::{count, table};
use stillwatch_run::atomic::Scratch;
use stillwatch_run::simulation::{Score, score};
use stillwatch_simulate::{Plan, simulate};

use crate::cli::{self, Demo};
use crate::commands::{detect, simulate as set};
use crate::error::{Code, Failure};
use crate::message::note;
use crate::progress::Spinner;
use crate::{interrupt, output};

pub(crate) fn run(arguments: &Demo) -> Result<Code, Failure> {
    let refuse = |error: std::io::Error| {
        Failure::runtime("the simulated traffic cannot be written")
            .because(error)
            .help("about 100 MB are needed in the temporary folder; TMPDIR chooses another one")
    };
    let folder = Scratch::new(&interrupt::context().temporaries).map_err(refuse)?;
    let started = Instant::now();
    let spinner = Spinner::new("simulating");
    let exchanges = usize::try_from(arguments.exchanges).unwrap_or(usize::MAX);
    let traffic = simulate(&Plan::demo(arguments.seed).with_exchanges(exchanges));
    set::write(&traffic, folder.path()).map_err(refuse)?;
    drop(spinner);
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
    let key = folder.path().join("key");
    write_key(&key).map_err(refuse)?;

    let started = Instant::now();
    let path = |name| folder.path().join(name);
    let (report, _) = detect::detect(&cli::Detect {
        reading: cli::Reading {
            logs: vec![path(set::EXCHANGES)],
            edge: None,
            map: None,
            format_in: None,
            since: None,
            until: None,
            max_rejected: None,
            key_file: Some(key),
            memory: None,
            threads: None,
        },
        accounts: Some(path(set::ACCOUNTS)),
        permits: Some(path(set::PERMITS)),
        policy: None,
        watchlist: None,
        previous: None,
        without: Vec::new(),
        format: FORMS[0],
        output: None,
        fail_on: None,
    })?;
    note(&format!("read and detected in {:.1} s", started.elapsed().as_secs_f64()));
    let (width, colour) = output::terminal();
    let mut text = table(&report, width, colour);
    text.push_str("\nCompared with the truth\n");
    for tier in [Tier::Act, Tier::Review] {
        tell(&mut text, tier, &score(&truth, &report, tier));
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

/// A key for this run alone: the demonstration leaves nothing behind.
fn write_key(path: &std::path::Path) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let key = stillwatch_core::Key::from_bytes(bytes);
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.to_hex().expose().as_bytes())
}

fn tell(text: &mut String, tier: Tier, score: &Score) {
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
