//! Tables and lists of accounts.

use maud::{Markup, html};
use stillwatch_core::AccountId;
use stillwatch_detect::{Campaign, Role};

use crate::detection::vocabulary::role;
use crate::html::scrolling;
use crate::number::{count, counted};

/// Accounts of a campaign; sorted and filtered by the page's script where there are several.
pub(super) fn table(campaign: &Campaign) -> Markup {
    let several = if campaign.accounts.len() > 1 { "sorted" } else { "" };
    let many = if campaign.accounts.len() > 10 { "filtered" } else { "" };
    let core = campaign.accounts.iter().filter(|member| member.role == Role::Core).count() as u64;
    html! {
        details {
            summary {
                (counted(campaign.accounts.len() as u64, "account"))
                @if campaign.accounts.len() > 1 { ", " (count(core)) " of them core" }
            }
            (scrolling("Accounts", &html! {
                table class={ (several) " " (many) } {
                    caption {
                        "Core accounts are linked by content and by another family, peripheral ones by content alone. "
                        "Probability: how much of the evidence the account carries itself; not calibrated on labels."
                    }
                    thead {
                        tr {
                            th scope="col" { "Account" }
                            th scope="col" { "Role" }
                            th.number scope="col" { "Probability" }
                            th.number scope="col" { "Exchanges" }
                        }
                    }
                    tbody {
                        @for member in &campaign.accounts {
                            tr {
                                th.id scope="row" { bdi { (member.account.as_str()) } }
                                td { (role(member.role)) }
                                td.number { (format!("{:.2}", member.probability)) }
                                td.number { (count(member.exchanges)) }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// How many accounts, and folded behind it what is told of them.
pub(super) fn folded(accounts: usize, list: &Markup) -> Markup {
    html! {
        details {
            summary { (counted(accounts as u64, "account")) }
            (list)
        }
    }
}

/// Account after account.
pub(super) fn names(accounts: &[AccountId]) -> Markup {
    html! {
        @for (at, account) in accounts.iter().enumerate() {
            @if at > 0 { ", " }
            bdi.id { (account.as_str()) }
        }
    }
}
