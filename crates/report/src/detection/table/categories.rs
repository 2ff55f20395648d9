//! Accounts that a written policy restricts.

use stillwatch_detect::{Category, DetectionReport, OwnershipChain, Restricted};

use crate::number::{count, counted};
use crate::prose::{Page, Style, more};

/// Accounts that are named; the JSON report has all.
const NAMED: usize = 6;

pub(super) fn write(page: &mut Page, report: &DetectionReport) {
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
