//! `stillwatch detect`

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use stillwatch_core::{Account, Cancel, Family, Micros, Permit, Policy, Silent, WatchedIndicator};
use stillwatch_detect::{DetectionReport, Detector, Options};
use stillwatch_digest::Names;
use stillwatch_engine::windows;
use stillwatch_ingest::{FieldMap, Tally, read_accounts, read_permits, read_policy, read_watchlist};
use stillwatch_report::Terminal;
use stillwatch_run::saved_report;

use crate::cli::{Detect, Without};
use crate::error::{Code, Failure};
use crate::message::warning;
use crate::progress::Spinner;
use crate::reading::{Reading, tell_table};
use crate::{inputs, output};

/// Clocks differ a little; a day does not.
const FUTURE_SECONDS: u64 = 86_400;

pub(crate) fn run(arguments: &Detect) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let (report, partial) = detect(arguments)?;
    let text = render(&report, arguments)?;
    output::write(&text, arguments.output.as_deref())?;
    let found = |tier| report.campaigns.iter().any(|campaign| campaign.tier >= tier);
    Ok(match arguments.fail_on {
        Some(tier) if found(tier) => Code::Found,
        _ if partial => Code::Partial,
        _ => Code::Done,
    })
}

fn render(report: &DetectionReport, arguments: &Detect) -> Result<String, Failure> {
    let refuse = |error: serde_json::Error| Failure::runtime("the report cannot be written as JSON").because(error);
    let (width, colour) = output::terminal();
    let terminal = Terminal { width, colour: colour && arguments.output.is_none() };
    arguments.format.render(report, terminal).map_err(refuse)
}

/// The report, and whether more rows were rejected than allowed.
pub(crate) fn detect(arguments: &Detect) -> Result<(DetectionReport, bool), Failure> {
    let permits = arguments.permits.as_deref().map(permits).transpose()?.unwrap_or_default();
    let policy = arguments.policy.as_deref().map(policy).transpose()?;
    let watchlist = arguments.watchlist.as_deref().map(watchlist).transpose()?;
    let previous = arguments.previous.as_deref().map(saved_report::read).transpose()?;
    let tables =
        [&arguments.accounts, &arguments.permits, &arguments.policy, &arguments.watchlist, &arguments.reading.edge];
    let others: Vec<&Path> = tables.into_iter().flatten().map(PathBuf::as_path).collect();
    let reading = Reading::new(&arguments.reading, &others)?;
    let accounts = arguments.accounts.as_deref().map(|path| accounts(path, &reading.map)).transpose()?;
    let threads = reading.threads.get();
    let window = reading.window;
    let names = Names::new(&reading.key);
    let without = arguments.without.iter().map(|family| match family {
        Without::Infrastructure => Family::Infrastructure,
        Without::Timing => Family::Timing,
        Without::Lifecycle => Family::Lifecycle,
    });
    let options = Options { threads, without: without.collect() };
    let mut detector = Detector::new(accounts.unwrap_or_default(), permits, &names, options);
    if let Some(policy) = policy {
        detector = detector.with_policy(policy, &names);
    }
    if let Some(watchlist) = watchlist {
        detector = detector.with_watchlist(watchlist, &names);
    }
    let (mut exchanges, mut sampled, mut last) = (0, false, None);
    for account in windows(reading.days()?) {
        let (account, window) = account?;
        exchanges += window.total;
        sampled |= window.exchanges.iter().any(|exchange| exchange.weight > 1);
        last = last.max(window.span().map(|(_, last)| last));
        detector.add(account, &window);
    }
    let counts = reading.counts();
    let partial = reading.tell(&counts);
    if last.is_some_and(is_future) {
        warning("the log holds exchanges of the future; check the clock and the unit of its times");
    }
    // Frees the engine, its threads and its memory.
    drop(reading);
    let spinner = Spinner::new("detecting");
    let inputs = counts.inputs((!sampled).then_some(exchanges));
    let mut report = detector
        .detect(window, inputs, &Cancel::default(), &Silent)
        .map_err(|cancelled| Failure::runtime("the detection was not finished").because(cancelled))?;
    drop(spinner);
    if let Some(previous) = &previous {
        report.continue_from(previous);
    }
    Ok((report, partial))
}

pub(crate) fn accounts(path: &Path, map: &FieldMap) -> Result<Vec<Account>, Failure> {
    let name = path.display().to_string();
    let mut tally = Tally::default();
    let accounts = read_accounts(inputs::open(path)?, None, map, &name, &mut tally)
        .map_err(|error| Failure::usage(format!("the account table {name} cannot be used")).because(error))?;
    tell_table("account table", &tally);
    if accounts.is_empty() {
        warning("the account table holds no accounts");
    }
    Ok(accounts)
}

pub(crate) fn permits(path: &Path) -> Result<Vec<Permit>, Failure> {
    read_permits(inputs::open(path)?)
        .map_err(|error| Failure::usage(format!("the permits {} cannot be used", path.display())).because(error))
}

fn policy(path: &Path) -> Result<Policy, Failure> {
    read_policy(inputs::open(path)?)
        .map_err(|error| Failure::usage(format!("the policy {} cannot be used", path.display())).because(error))
}

fn watchlist(path: &Path) -> Result<Vec<WatchedIndicator>, Failure> {
    let indicators = read_watchlist(inputs::open(path)?)
        .map_err(|error| Failure::usage(format!("the watch-list {} cannot be used", path.display())).because(error))?;
    if indicators.is_empty() {
        warning("the watch-list holds no indicators");
    }
    Ok(indicators)
}

fn is_future(moment: Micros) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    u64::try_from(moment.seconds()).is_ok_and(|moment| moment > now + FUTURE_SECONDS)
}
