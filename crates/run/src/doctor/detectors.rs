//! Which tests the columns are enough for, and what to log for the others.

use serde::Serialize;
use stillwatch_core::Account;
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

/// Name, columns of which one is needed, and what helps in any log.
type Need = (&'static str, &'static [&'static str], &'static str);

const NEEDS: &[Need] = &[
    ("accounts to compare", &["account"], "log who is billed as `account`"),
    (
        "repeated passages and templates",
        &["prompt"],
        "log `prompt`, with a retention class of at least fingerprint_only",
    ),
    ("shared system prompts", &["system", "prompt"], "log `system`, or whole messages as `prompt`"),
    ("shared tool definitions", &["tools"], "log `tools`"),
    ("shared networks", &["ip"], "log `ip`, or join an edge log with --edge"),
    ("carrier concentration", &["asn"], "log `asn`, or join an edge log with --edge"),
    ("TLS client fingerprints", &["ja4"], "log `ja4`, or join an edge log with --edge"),
    ("client software", &["user_agent"], "log `user_agent`, or join an edge log with --edge"),
    ("shared keys", &["api_key"], "log the id or hash of the credential as `api_key`"),
    (
        "sampling parameters",
        &["temperature", "top_p", "n", "max_tokens"],
        "log `temperature`, `top_p`, `n` and `max_tokens`",
    ),
    ("synchrony and daily rhythm", &["time"], "log `time`"),
    ("single turns", &["conversation"], "log `conversation`"),
    ("volume in tokens", &["input_tokens", "output_tokens"], "log `input_tokens` and `output_tokens`"),
    ("use of the prompt cache", &["cached_tokens"], "log `cached_tokens`"),
    ("refusals and limits", &["status"], "log `status`"),
    ("end users of resellers", &["end_user"], "ask resellers for `safety_identifier` or `user` in each request"),
    ("owners, so that one customer's accounts are not held against it", &["organization"], "log `organization`"),
];

/// Judges all logs together.
pub(super) fn detectors(logs: &[LogReport], accounts: Option<&[Account]>) -> Vec<Detector> {
    let rows: u64 = logs.iter().map(|log| log.accepted).sum();
    let sampled = logs.iter().filter_map(|log| log.sampling.as_ref()).any(|sampling| sampling.least < LEAST_SAMPLE);
    let mut all: Vec<Detector> = NEEDS.iter().map(|need| judge(need, logs, rows)).collect();
    for detector in all.iter_mut().filter(|detector| detector.name == "synchrony and daily rhythm" && sampled) {
        detector.runs = Runs::Partly;
        detector.enable.push(format!(
            "log at least {:.0} % of the traffic: rates of a smaller sample say little",
            LEAST_SAMPLE * 100.0
        ));
    }
    all.extend(TABLE.iter().map(|(name, needs, has)| {
        let known = accounts.unwrap_or_default();
        let held = known.iter().filter(|account| has(account)).count();
        let share = ratio(held as u64, known.len() as u64);
        let enable = match accounts {
            None => format!("give an account table with --accounts, with {}", columns(needs)),
            Some(_) => format!("add {} to the account table", columns(needs)),
        };
        let enable = if share < MOST { vec![enable] } else { Vec::new() };
        Detector { name, runs: Runs::of(share), needs, share, enable }
    }));
    all
}

type Has = fn(&Account) -> bool;

const TABLE: &[(&str, &[&str], Has)] = &[
    ("shared payment and contact", &["payment_hmac", "phone_hmac", "email_hmac"], |account| {
        account.payment_hmac.is_some() || account.phone_hmac.is_some() || account.email_hmac.is_some()
    }),
    ("mail domains", &["email_domain"], |account| account.email_domain.is_some()),
    ("age of accounts", &["created_at"], |account| account.created_at.is_some()),
    ("strata by country, so that a local carrier does not look shared", &["signup_country"], |account| {
        account.signup_country.is_some()
    }),
];

fn judge((name, needs, general): &Need, logs: &[LogReport], rows: u64) -> Detector {
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
            None => (*general).to_owned(),
        };
        if !enable.contains(&text) {
            enable.push(text);
        }
    }
    if rows == 0 {
        enable = vec![(*general).to_owned()];
    }
    Detector { name, runs, needs, share, enable }
}

fn ratio(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "logs stay below 2^53 rows")]
    let share = part as f64 / whole.max(1) as f64;
    share
}

fn columns(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
