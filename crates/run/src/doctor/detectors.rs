//! Which tests the columns are enough for, and what to log for the others.

use serde::Serialize;
use stillwatch_core::{Account, ratio};
use stillwatch_detect::{Input, Need, needs};
use stillwatch_ingest::LogSource;

use super::survey::LogReport;

/// What a test needs, and whether the logs have it.
#[derive(Debug, Serialize)]
pub struct Detector {
    pub name: &'static str,
    pub runs: Runs,
    /// The columns of which one is needed, or the input.
    pub needs: &'static [&'static str],
    /// Of the accepted rows, those that have the best of them.
    pub share: f64,
    /// What to do so that it runs everywhere; by log where logs differ.
    pub enable: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Runs {
    Yes,
    /// On part of the rows.
    Partly,
    No,
}

impl Runs {
    fn of(share: f64) -> Self {
        match share {
            share if share >= MOST => Self::Yes,
            share if share > 0.0 => Self::Partly,
            _ => Self::No,
        }
    }
}

/// From this share on a column counts as logged: refused requests lack much of the rest.
const MOST: f64 = 0.5;
/// Below this share of the traffic, rates say little.
const LEAST_SAMPLE: f64 = 0.1;

/// Judges all logs together.
pub(super) fn detectors(logs: &[LogReport], accounts: Option<&[Account]>) -> Vec<Detector> {
    let rows: u64 = logs.iter().map(|log| log.accepted).sum();
    let sampled = logs.iter().filter_map(|log| log.sampling.as_ref()).any(|sampling| sampling.least < LEAST_SAMPLE);
    let mut all: Vec<Detector> = needs().iter().map(|need| judge(need, logs, rows, accounts)).collect();
    for detector in all.iter_mut().filter(|detector| detector.name == "synchrony and daily rhythm" && sampled) {
        detector.runs = Runs::Partly;
        detector.enable.push(format!(
            "log at least {:.0} % of the traffic: rates of a smaller sample say little",
            LEAST_SAMPLE * 100.0
        ));
    }
    all
}

fn judge(need: &Need, logs: &[LogReport], rows: u64, accounts: Option<&[Account]>) -> Detector {
    match need.input {
        Input::Log => of_logs(need, logs, rows),
        Input::Table(has) => of_table(need, has, accounts),
    }
}

fn of_table(need: &Need, has: fn(&Account) -> bool, accounts: Option<&[Account]>) -> Detector {
    let known = accounts.unwrap_or_default();
    let held = known.iter().filter(|account| has(account)).count();
    let share = ratio(held, known.len());
    let enable = match accounts {
        None => format!("give an account table with --accounts, with {}", columns(need.columns)),
        Some(_) => format!("add {} to the account table", columns(need.columns)),
    };
    let enable = if share < MOST { vec![enable] } else { Vec::new() };
    Detector { name: need.name, runs: Runs::of(share), needs: need.columns, share, enable }
}

fn of_logs(need: &Need, logs: &[LogReport], rows: u64) -> Detector {
    let (needs, general) = (need.columns, need.help);
    let covered = |column: &str| logs.iter().map(|log| log.counts.get(column).copied().unwrap_or(0)).sum::<u64>();
    let best = needs.iter().map(|column| covered(column)).max().unwrap_or(0);
    let share = ratio(best, rows);
    let runs = Runs::of(share);
    let mut enable = Vec::new();
    for log in logs.iter().filter(|log| log.accepted > 0) {
        let own = needs.iter().filter_map(|column| log.counts.get(*column)).max().copied().unwrap_or(0);
        if ratio(own, log.accepted) >= MOST {
            continue;
        }
        let source = LogSource::named(&log.source);
        let advice = source.and_then(|source| source.advice.iter().find(|(column, _)| needs.contains(column)));
        let text = match advice {
            Some((_, advice)) => format!("{}: {advice}", log.source),
            None => general.to_owned(),
        };
        if !enable.contains(&text) {
            enable.push(text);
        }
    }
    if rows == 0 {
        enable = vec![general.to_owned()];
    }
    Detector { name: need.name, runs, needs, share, enable }
}

fn columns(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
