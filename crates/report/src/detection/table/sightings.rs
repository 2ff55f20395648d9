//! What a watch-list saw.

use stillwatch_detect::{DetectionReport, Sighting, WatchlistSummary};

use crate::number::{count, counted};
use crate::prose::{Page, Style, more};

/// Accounts that are named; the JSON report has all.
const NAMED: usize = 6;
/// Sightings that are shown.
const SHOWN: usize = 10;

pub(super) fn write(page: &mut Page, report: &DetectionReport) {
    let Some(watchlist) = &report.watchlist else {
        return;
    };
    page.heading(Style::Bold, "Watch-list (what others saw; alone it says nothing about anyone)");
    page.item("  ", &summary(watchlist));
    for sighting in report.sightings.iter().take(SHOWN) {
        page.item("  - ", &seen(sighting));
    }
    more(page, "  - ", report.sightings.len(), SHOWN);
}

fn summary(watchlist: &WatchlistSummary) -> String {
    let parts = [
        (watchlist.common, "of them too common here to weigh anything"),
        (watchlist.expired, "expired"),
        (watchlist.not_yet_valid, "not yet valid"),
        (watchlist.without_field, "of fields that no account has"),
    ];
    let named = parts.into_iter().filter(|(number, _)| *number > 0);
    let marking = watchlist.marking.map_or_else(String::new, |marking| {
        format!(" What matched is marked {marking} at the strictest; pass this report on accordingly.")
    });
    format!(
        "{}, {} matched{}.{marking}",
        counted(watchlist.indicators, "indicator"),
        count(watchlist.matched),
        named.map(|(number, what)| format!("; {} {what}", count(number))).collect::<String>()
    )
}

fn seen(sighting: &Sighting) -> String {
    let names: Vec<String> = sighting
        .accounts
        .iter()
        .take(NAMED)
        .map(|seen| match (&seen.campaign, seen.permitted) {
            (Some(campaign), _) => format!("{} (in {campaign})", seen.account),
            (None, true) => format!("{} (permitted)", seen.account),
            (None, false) => seen.account.to_string(),
        })
        .collect();
    let more = sighting.accounts.len().checked_sub(NAMED).filter(|more| *more > 0);
    let more = more.map_or_else(String::new, |more| format!(" and {} more", count(more as u64)));
    let named = if names.is_empty() { String::new() } else { format!(": {}{more}", names.join(", ")) };
    format!(
        "{} ({}, {}, confidence {}, {}, until {}): {}; {}{named}",
        sighting.indicator,
        sighting.kind,
        sighting.source,
        sighting.confidence,
        sighting.marking,
        sighting.valid_until,
        sighting.context,
        sighting.statement
    )
}
