//! What stands above and below the campaigns: the verdict, the numbers, what was not looked at, and on what all of it
//! rests.

use std::collections::BTreeMap;

use maud::{Markup, html};
use stillwatch_core::Tier;
use stillwatch_detect::{Campaign, DetectionReport, Extent};

use super::accounts::{folded, names};
use crate::detection::questions::{CROWDS, SHORT, fit, questions};
use crate::detection::sentences::{days, title};
use crate::detection::vocabulary::{kind, tier_meaning};
use crate::html::scrolling;
use crate::number::{count, counted, probability};
use crate::phrase::{capitalised, plain, sentence, shortened};
use crate::unread::unread_cause;

/// Letters of an id or of a span of days where it stands on one line.
const LETTERS: usize = 32;

/// The result in one line.
pub(super) fn verdict(report: &DetectionReport) -> String {
    match report.inputs.read {
        Extent::Nothing => "nothing was read".into(),
        Extent::Partly => format!("part of the input was not read; of the rest: {}", found(report)),
        Extent::All => found(report),
    }
}

fn found(report: &DetectionReport) -> String {
    let of = |tier| report.campaigns.iter().filter(|campaign| campaign.tier == tier).count() as u64;
    match (of(Tier::Act), of(Tier::Review), of(Tier::Watch)) {
        (0, 0, 0) => "no campaign found".into(),
        (0, 0, watched) => format!("no campaign to look at, {} watched", count(watched)),
        (0, review, _) => format!("{} to review", counted(review, "campaign")),
        (act, 0, _) => format!("{} to act on", counted(act, "campaign")),
        (act, review, _) => format!("{} to act on, {} to review", counted(act, "campaign"), count(review)),
    }
}

pub(super) fn head(report: &DetectionReport) -> Markup {
    let told = || report.campaigns.iter().filter(|campaign| campaign.tier > Tier::Watch);
    let of = |tier| report.campaigns.iter().filter(|campaign| campaign.tier == tier).count() as u64;
    let sum = |number: fn(&Campaign) -> u64| told().map(number).fold(0_u64, u64::saturating_add);
    let examined = match (&report.window.first, &report.window.last) {
        (Some(first), Some(last)) => days(first, last),
        _ => "no time".into(),
    };
    let figures = [
        ("to act on", count(of(Tier::Act))),
        ("to review", count(of(Tier::Review))),
        ("watched", count(of(Tier::Watch))),
        ("accounts to act on or review", count(sum(|campaign| campaign.accounts.len() as u64))),
        ("exchanges of these", count(sum(|campaign| campaign.exchanges))),
        ("tokens answered to these", count(sum(|campaign| campaign.output_tokens))),
    ];
    html! {
        p.mark { "Stillwatch detection report" }
        h1 { (capitalised(&verdict(report))) }
        @if report.inputs.read == Extent::Nothing { p.lede { "So nothing is said about anyone." } }
        @if !report.inputs.not_read.is_empty() {
            ul.gaps {
                @for gap in &report.inputs.not_read {
                    li { strong { (unread_cause(gap)) } ". " span.soft { "To read it: " (sentence(&gap.help)) "." } }
                }
            }
        }
        p.lede {
            (counted(report.inputs.exchanges, "exchange")) " of " (counted(report.inputs.accounts, "account")) ", "
            (examined) ", were examined."
        }
        (numbers("figures", &figures))
    }
}

/// Numbers beside each other, each with what it counts.
pub(super) fn numbers(class: &str, figures: &[(&str, String)]) -> Markup {
    html! {
        dl class=(class) {
            @for (what, number) in figures {
                div { dt { (what) } dd { (number) } }
            }
        }
    }
}

pub(super) fn not_evaluated(report: &DetectionReport) -> Markup {
    html! {
        section aria-labelledby="gaps" {
            h2 #gaps { "Not evaluated" }
            @if report.not_evaluated.is_empty() {
                p { "Everything that this version can evaluate was evaluated." }
            } @else {
                p.soft { "What could not be looked at is no sign of innocence." }
                ul.gaps {
                    @for gap in &report.not_evaluated {
                        li {
                            strong { (gap.what) } ": " (sentence(&gap.why)) "."
                            @if !gap.help.is_empty() { " " span.soft { "To change that: " (sentence(&gap.help)) "." } }
                        }
                    }
                }
            }
        }
    }
}

/// A sign for a tier that does not rest on its colour, with the word beside it.
pub(super) fn tier(tier: Tier) -> Markup {
    html! {
        span class={ "tier " (tier.to_string()) } title=(tier_meaning(tier)) {
            svg viewBox="0 0 10 10" aria-hidden="true" {
                @match tier {
                    Tier::Act => path d="M5 .5 9.8 9.5H.2z" {},
                    Tier::Review => circle cx="5" cy="5" r="4.5" {},
                    Tier::Watch => circle cx="5" cy="5" r="4" fill="none" stroke-width="1.5" {},
                }
            }
            (tier.to_string())
        }
    }
}

pub(super) fn table(campaigns: &[&Campaign]) -> Markup {
    let numbers = ["Accounts", "Exchanges", "Tokens out", "q"];
    scrolling(
        "Campaigns",
        &html! {
            table.sorted.wide {
                caption {
                    "By tier, and within a tier by harm × confidence: output tokens × (1 − q). "
                    "q is the probability that chance gives the luckiest candidate as much."
                }
                thead {
                    tr {
                        th scope="col" { "Tier" }
                        th scope="col" { "Campaign" }
                        @for question in SHORT { th scope="col" { (capitalised(question)) } }
                        th scope="col" { "Kind" }
                        @for number in numbers { th.number scope="col" { (number) } }
                        th scope="col" { "Days" }
                    }
                }
                tbody {
                    @for (at, campaign) in campaigns.iter().enumerate() {
                        tr {
                            td { (tier(campaign.tier)) }
                            th.nowrap scope="row" { a.id href={ "#campaign-" (at + 1) } { (shortened(campaign.id.as_str(), LETTERS)) } }
                            @for question in questions(campaign) { td.nowrap title=(question.text) { (question.cell()) } }
                            td { (kind(campaign.kind)) }
                            td.number { (count(campaign.accounts.len() as u64)) }
                            td.number { (count(campaign.exchanges)) }
                            td.number { (count(campaign.output_tokens)) }
                            td.number { (probability(campaign.q_value)) }
                            td.nowrap { (shortened(&days(&campaign.first_seen, &campaign.last_seen), LETTERS)) }
                        }
                    }
                }
            }
        },
    )
}

/// Crowds that the page lists; JSON has all.
const LISTED: usize = 20;

pub(super) fn crowds(report: &DetectionReport) -> Markup {
    html! {
        @if !report.crowds.is_empty() {
            section aria-labelledby="crowds" {
                h2 #crowds { "Innocent crowds" }
                p.soft { (CROWDS) }
                (scrolling("Innocent crowds", &html! {
                    table {
                        caption { (counted(report.crowds.len() as u64, "crowd")) ", the largest first" }
                        thead {
                            tr {
                                th scope="col" { "Crowd" }
                                th.number scope="col" { "Accounts" }
                                th.number scope="col" { "Exchanges" }
                                th scope="col" { "Who they are" }
                                th scope="col" { "Fits better than one operator by" }
                            }
                        }
                        tbody {
                            @for crowd in report.crowds.iter().take(LISTED) {
                                tr {
                                    th scope="row" { (capitalised(&plain(crowd.name.as_str()))) }
                                    td.number { (count(crowd.accounts.len() as u64)) }
                                    td.number { (count(crowd.exchanges)) }
                                    td.text { (capitalised(sentence(&crowd.statement))) "." }
                                    td { (fit(crowd)) }
                                }
                            }
                        }
                    }
                }))
                @if report.crowds.len() > LISTED {
                    p.soft { (count((report.crowds.len() - LISTED) as u64)) " more in the JSON report." }
                }
            }
        }
    }
}

pub(super) fn permitted(report: &DetectionReport) -> Markup {
    html! {
        section aria-labelledby="permitted" {
            h2 #permitted { "Permitted" }
            @if report.permitted.is_empty() {
                p.soft { "No account was set aside under a permit." }
            } @else {
                p.soft { "These accounts were set aside because a permit covers all that they did." }
                (scrolling("Permits", &html! {
                    table {
                        caption { "Permits that were applied" }
                        thead {
                            tr {
                                th scope="col" { "Holder" }
                                th scope="col" { "Organisation" }
                                th scope="col" { "Valid" }
                                th.number scope="col" { "Exchanges" }
                                th scope="col" { "Accounts" }
                            }
                        }
                        tbody {
                            @for permit in &report.permitted {
                                tr {
                                    th scope="row" { bdi { (permit.holder) } }
                                    td { @if let Some(id) = &permit.organization { bdi.id { (id.as_str()) } } }
                                    td { (permit.valid_from) " to " (permit.valid_until) }
                                    td.number { (count(permit.exchanges)) }
                                    td { (folded(permit.accounts.len(), &names(&permit.accounts))) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

pub(super) fn categories(report: &DetectionReport) -> Markup {
    html! {
        @if !report.categories.is_empty() {
            section aria-labelledby="categories" {
                h2 #categories { "Restricted by a written policy" }
                p.soft { "These rules name whom they mean; they are no suspicion." }
                ul.gaps {
                    @for category in &report.categories {
                        li {
                            strong { (category.title) } " (" (category.rule) ")"
                            p.soft { (category.basis.rule) ", in force from " (category.basis.effective) ": " (category.basis.source) }
                            p { "Asked for: " (category.action) }
                            (folded(category.accounts.len(), &html! {
                                ul {
                                    @for restricted in &category.accounts {
                                        li { code { (restricted.account) } ": " (restricted.ground) }
                                    }
                                }
                            }))
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn sightings(report: &DetectionReport) -> Markup {
    html! {
        @if !report.sightings.is_empty() {
            section aria-labelledby="sightings" {
                h2 #sightings { "Seen on a watch-list" }
                p.soft { "Somebody else has seen these before. It lifts no account above tier watch." }
                ul.gaps {
                    @for sighting in &report.sightings {
                        li {
                            strong { (sighting.indicator) } " " (sighting.statement)
                            @if !sighting.accounts.is_empty() {
                                (folded(sighting.accounts.len(), &html! {
                                    ul { @for seen in &sighting.accounts { li { code { (seen.account) } } } }
                                }))
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn inputs(report: &DetectionReport) -> Markup {
    let inputs = &report.inputs;
    let figures = [
        ("files", count(inputs.files)),
        ("rows", count(inputs.rows)),
        ("rows rejected", count(inputs.rejected)),
        ("rows repeated", count(inputs.duplicates)),
        ("rows outside the window", count(inputs.outside_window)),
        ("rows that may not be used", count(inputs.dropped_for_retention)),
        ("accounts not in the table", count(inputs.accounts_without_row)),
    ];
    let percent = |share: &f64| format!("{:.1} %", 100.0 * share);
    html! {
        section aria-labelledby="inputs" {
            h2 #inputs { "Inputs" }
            (numbers("figures compact", &figures))
            @if !inputs.unknown_columns.is_empty() {
                p.soft { "Columns that are not used: " (inputs.unknown_columns.join(", ")) "." }
            }
            (counts("Rejected rows by reason", "Reason", "Rows", &inputs.rejected_by, |rows| count(*rows)))
            (counts("Values that could not be read; their rows were kept", "Column", "Values", &inputs.field_errors, |values| count(*values)))
            @if !inputs.field_coverage.is_empty() {
                details {
                    summary { "Which columns are filled" }
                    (counts("Share of accepted rows in which a column is present", "Column", "Present", &inputs.field_coverage, percent))
                }
            }
        }
    }
}

fn counts<T>(
    caption: &str,
    what: &str,
    number: &str,
    values: &BTreeMap<String, T>,
    text: impl Fn(&T) -> String,
) -> Markup {
    html! {
        @if !values.is_empty() {
            (scrolling(caption, &html! {
                table.sorted {
                    caption { (caption) }
                    thead { tr { th scope="col" { (what) } th.number scope="col" { (number) } } }
                    tbody {
                        @for (name, value) in values {
                            tr { th scope="row" { bdi { (name) } } td.number { (text(value)) } }
                        }
                    }
                }
            }))
        }
    }
}

pub(super) fn method(report: &DetectionReport) -> Markup {
    let nulls = &report.nulls;
    html! {
        section aria-labelledby="method" {
            h2 #method { "Method and nulls" }
            p {
                "Candidates are sets of accounts that say the same. What accounts say chose them, so it is not tested again; \
                 they are tested for what does not follow from it, and each number names its null. "
                (counted(nulls.candidates, "candidate")) " were tested together in "
                (counted(nulls.rounds, "round")) "; the smallest q that these can give is "
                (probability(nulls.smallest_q)) "."
            }
            @if !nulls.method.is_empty() { p { "Null: " (sentence(&nulls.method)) "." } }
            dl.meanings {
                @for tier in [Tier::Act, Tier::Review, Tier::Watch] {
                    div { dt { (self::tier(tier)) } dd { (tier_meaning(tier)) } }
                }
            }
        }
    }
}

/// What a campaign is called where it is pointed to.
pub(super) fn name(campaign: &Campaign) -> String {
    format!("{} {}", title(campaign), campaign.id)
}
