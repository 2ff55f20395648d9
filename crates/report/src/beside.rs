//! What stands beside the campaigns: accounts that a written policy restricts, and what a watch-list saw.

use stillwatch_detect::{Category, DetectionReport, OwnershipChain, Restricted, Sighting, WatchlistSummary};

use crate::number::{count, counted};
use crate::prose::{Page, Style};

/// Accounts that are named; the JSON report has all.
const NAMED: usize = 6;
/// Sightings that are shown.
const SHOWN: usize = 10;

pub(crate) fn categories(page: &mut Page, report: &DetectionReport) {
    if report.categories.is_empty() {
        return;
    }
    page.heading(Style::Bold, "Restricted by a written policy (no suspicion; no campaign depends on it)");
    for category in &report.categories {
        rule(page, category);
    }
}

fn rule(page: &mut Page, category: &Category) {
    let exchanges = category.accounts.iter().fold(0_u64, |sum, account| sum.saturating_add(account.exchanges));
    let until = category.basis.until.as_ref().map_or_else(String::new, |until| format!(" until {until}"));
    let text = format!(
        "{}: {}; {}, {}",
        category.rule,
        category.title,
        counted(category.accounts.len() as u64, "account"),
        counted(exchanges, "exchange")
    );
    page.item("  - ", &text);
    let basis = &category.basis;
    page.item("    basis: ", &format!("{}, {}, in force from {}{until}", basis.rule, basis.source, basis.effective));
    page.item("    restricts: ", &category.restricts);
    for account in category.accounts.iter().take(NAMED) {
        page.item("    account: ", &restricted(account));
    }
    more(page, "    account: ", category.accounts.len(), NAMED);
    page.item("    not restricted: ", &unrestricted(category));
    page.item("    asked for: ", &category.action);
}

fn restricted(account: &Restricted) -> String {
    let chains: Vec<String> = account.chains.iter().map(chain).collect();
    let chains = if chains.is_empty() { String::new() } else { format!(": {}", chains.join("; ")) };
    let permit = account
        .permit
        .as_ref()
        .map_or_else(String::new, |holder| format!("; holds a permit as {holder}, which the rule does not except"));
    format!("{} ({}){chains}{permit}", account.account, account.ground)
}

/// `A 60 % of B, 40 % of C`
fn chain(chain: &OwnershipChain) -> String {
    let first = chain.steps.first().map_or("", |step| step.owner.as_str());
    let steps: Vec<String> =
        chain.steps.iter().map(|step| format!("{} % of {}", step.share_percent, step.entity)).collect();
    format!("{first} holds {}", steps.join(", which holds "))
}

fn unrestricted(category: &Category) -> String {
    let counts = &category.unrestricted;
    let unknown = "unknown, which restricts nobody";
    let parts = [
        (counts.others, "to which it does not apply"),
        (counts.unknown, unknown),
        (counts.not_in_force, "last active while it was not in force"),
        (category.excepted.len() as u64, "excepted by the rule"),
        (counts.internal, "of the provider's own"),
    ];
    let named: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(number)))
        .collect();
    if named.is_empty() { "no account".into() } else { named.join("; ") }
}

pub(crate) fn sightings(page: &mut Page, report: &DetectionReport) {
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

fn more(page: &mut Page, label: &str, length: usize, shown: usize) {
    if let Some(more) = length.checked_sub(shown).filter(|more| *more > 0) {
        page.item(label, &format!("{} more in the JSON report", count(more as u64)));
    }
}
