//! Sentences about a whole report.

use stillwatch_core::Tier;
use stillwatch_detect::{DetectionReport, Extent, Inputs};

use super::sentences::days;
use crate::number::{count, counted, probability};
use crate::unread::unread_headline;

pub(crate) fn verdict(report: &DetectionReport) -> String {
    match (unread_headline(report.inputs.read), report.inputs.read) {
        (Some(headline), Extent::Nothing) => headline.into(),
        (Some(headline), _) => format!("{headline} Of the rest: {}", found(report)),
        (None, _) => found(report),
    }
}

fn found(report: &DetectionReport) -> String {
    let of = |tier| report.campaigns.iter().filter(|campaign| campaign.tier == tier).count() as u64;
    if report.campaigns.is_empty() {
        return "No campaign found. What was not evaluated is listed below.".into();
    }
    let accounts: usize = report.campaigns.iter().map(|campaign| campaign.accounts.len()).sum();
    format!(
        "{} ({} to act on, {} to review, {} to watch) with {}",
        counted(report.campaigns.len() as u64, "campaign"),
        of(Tier::Act),
        of(Tier::Review),
        of(Tier::Watch),
        counted(accounts as u64, "account")
    )
}

pub(crate) fn input(report: &DetectionReport) -> String {
    let Inputs {
        files, rows, rejected, duplicates, dropped_for_retention, outside_window, exchanges, accounts, ..
    } = &report.inputs;
    let mut parts = vec![format!(
        "{} of {} in {} ({}){}",
        counted(*exchanges, "exchange"),
        counted(*accounts, "account"),
        counted(*files, "file"),
        counted(*rows, "row"),
        match (&report.window.first, &report.window.last) {
            (Some(first), Some(last)) => format!(", {}", days(first, last)),
            _ => String::new(),
        }
    )];
    let notes = [
        (*rejected, "rejected"),
        (*duplicates, "repeated"),
        (*outside_window, "outside the window"),
        (*dropped_for_retention, "not to be used (retention none)"),
        (report.inputs.accounts_without_row, "of the accounts not in the account table"),
    ];
    let noted = notes.into_iter().filter(|(number, _)| *number > 0);
    parts.extend(noted.map(|(number, note)| format!("{} {note}", count(number))));
    parts.join("; ") + "."
}

pub(crate) fn nulls(report: &DetectionReport) -> String {
    let nulls = &report.nulls;
    let method = nulls.method.trim_end_matches('.');
    format!(
        "q: probability that anything as strong would be found among all {} under the null; the smallest value \
         that {} can give is {}.{}",
        counted(nulls.candidates, "candidate"),
        counted(nulls.rounds, "round"),
        probability(nulls.smallest_q),
        if method.is_empty() { String::new() } else { format!(" Null: {method}.") }
    )
}
