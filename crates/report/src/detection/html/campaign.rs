//! One campaign: why, when, by what, what speaks against it, and what to do.

use maud::{Markup, html};
use stillwatch_core::Evidence;
use stillwatch_detect::Campaign;

use super::accounts::{self, names};
use super::{graph, overview, timeline};
use crate::detection::questions::{UNANSWERED, bits, hypotheses, is_answered, lead, margin, questions};
use crate::detection::sentences::{blast_radius, days, recommended, title, weight, why};
use crate::detection::vocabulary::{State, technique};
use crate::html::scrolling;
use crate::number::{count, counted, probability};
use crate::phrase::{capitalised, plain, sentence, shortened};

pub(super) fn article(at: usize, campaign: &Campaign) -> Markup {
    let number = at + 1;
    let figures = [
        ("accounts", count(campaign.accounts.len() as u64)),
        ("organisations", count(campaign.organizations)),
        ("exchanges", count(campaign.exchanges)),
        ("tokens in", count(campaign.input_tokens)),
        ("tokens out", count(campaign.output_tokens)),
        ("q", probability(campaign.q_value)),
        ("evidence, bits", format!("{:.1}", campaign.score_bits)),
    ];
    html! {
        article class={ "campaign " (campaign.tier.to_string()) } #{ "campaign-" (number) } aria-label=(overview::name(campaign)) {
            header {
                h3 { (title(campaign)) }
                (overview::tier(campaign.tier))
                span.id { (campaign.id.as_str()) }
                span.soft.small { (days(&campaign.first_seen, &campaign.last_seen)) }
            }
            (answers(campaign))
            (overview::numbers("figures compact", &figures))
            p.why { (why(campaign)) }
            div.next {
                p { strong { "Recommended: " } (capitalised(&recommended(campaign))) "." }
                p.soft.small { "A suspension of all would hit " (blast_radius(&campaign.recommended.blast_radius)) "." }
            }
            (timeline::figure(campaign))
            (graph::figure(campaign))
            (signs(campaign))
            (evidence("What speaks for it", &campaign.evidence))
            (evidence("What speaks against it", &campaign.counter_evidence))
            (innocent(campaign))
            (counterfactuals(campaign))
            (predecessors(campaign))
            h4 { "Accounts" }
            (accounts::table(campaign))
            (tags(campaign))
        }
    }
}

/// The three answers and the nearest innocent explanation.
fn answers(campaign: &Campaign) -> Markup {
    html! {
        @if is_answered(campaign) {
            dl.answers {
                @for question in questions(campaign) {
                    div {
                        dt { (question.text) }
                        dd {
                            strong { (question.word()) }
                            " " span.soft.small { "(" (bits(question.answer.bits)) ")" }
                            " " (capitalised(&question.reason())) "."
                        }
                    }
                }
                @if let Some(margin) = margin(campaign) {
                    div {
                        dt { "Nearest innocent explanation" }
                        dd { (capitalised(&margin)) "." }
                    }
                }
            }
        } @else {
            p.soft { (UNANSWERED) }
        }
    }
}

/// What the answers rest on.
fn signs(campaign: &Campaign) -> Markup {
    html! {
        @if is_answered(campaign) {
            h4 { "What the answers rest on" }
            (scrolling("Signs", &html! {
                table.wide {
                    caption {
                        "Bits: log2 of how much more often a sign is seen on sets of one hidden operator than of unrelated \
                         accounts. Signs with one cause are capped together, so their sum may exceed the answer."
                    }
                    thead {
                        tr {
                            th scope="col" { "Question" }
                            th scope="col" { "Sign" }
                            th scope="col" { "Seen" }
                            th.number scope="col" { "Bits" }
                        }
                    }
                    tbody {
                        @for question in questions(campaign) {
                            @for sign in question.signs() {
                                tr {
                                    td.nowrap { (question.text) }
                                    th scope="row" { (capitalised(&sign.name)) }
                                    td.text { (capitalised(sentence(&sign.statement))) "." }
                                    td.number { (format!("{:+.1}", sign.bits)) }
                                }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn evidence(heading: &str, evidence: &[Evidence]) -> Markup {
    html! {
        h4 { (heading) }
        @if evidence.is_empty() {
            p.soft { "Nothing was found." }
        } @else {
            (scrolling(heading, &html! {
                table.wide {
                    caption { "Bits: log2 of the likelihood ratio, capped per family. p: by the null that its row names." }
                    thead {
                        tr {
                            th scope="col" { "Family" }
                            th scope="col" { "Observed" }
                            th scope="col" { "In numbers" }
                            th.number scope="col" { "Weight" }
                            th.number scope="col" { "p" }
                        }
                    }
                    tbody {
                        @for item in evidence {
                            tr {
                                td { (item.family.to_string()) }
                                th scope="row" { (plain(item.kind.as_str())) }
                                td.text {
                                    (capitalised(sentence(&item.statement))) "."
                                    @if let Some(p) = &item.p_value { @if !p.null.is_empty() {
                                        div.soft.small { "Null: " (sentence(&p.null)) "." }
                                    } }
                                    @if !item.subjects.is_empty() { (subjects(&item.subjects)) }
                                }
                                td.number { (weight(item)) }
                                td.number { @if let Some(p) = &item.p_value { (probability(p.value)) } @else { "–" } }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn subjects(subjects: &[String]) -> Markup {
    html! {
        div.soft.small {
            "Names "
            @for (at, subject) in subjects.iter().take(NAMED).enumerate() {
                @if at > 0 { ", " }
                bdi.id { (subject) }
            }
            @if subjects.len() > NAMED { " and " (count((subjects.len() - NAMED) as u64)) " more" }
            "."
        }
    }
}

/// Accounts that a row of evidence names; JSON has all.
const NAMED: usize = 12;

fn innocent(campaign: &Campaign) -> Markup {
    html! {
        h4 { "Innocent explanations" }
        @if campaign.benign_hypotheses.is_empty() {
            p.soft { "None was tested." }
        } @else {
            (scrolling("Innocent explanations", &html! {
                table {
                    caption {
                        "Bits by which one hidden operator fits better, negative where the explanation does. \
                         Tier act needs a margin over every one of them."
                    }
                    thead {
                        tr {
                            th scope="col" { "Explanation" }
                            th scope="col" { "Result" }
                            th.number scope="col" { "Bits" }
                            th scope="col" { "Why" }
                        }
                    }
                    tbody {
                        @for hypothesis in hypotheses(campaign) {
                            @let state = State::of(hypothesis);
                            tr {
                                th scope="row" { (capitalised(&plain(hypothesis.name.as_str()))) }
                                td.nowrap { @if state == State::Rejected { (state.word()) } @else { strong { (state.word()) } } }
                                td.number { (lead(campaign, hypothesis)) }
                                td.text { (capitalised(sentence(&hypothesis.why))) "." }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn counterfactuals(campaign: &Campaign) -> Markup {
    html! {
        @if !campaign.counterfactuals.is_empty() {
            h4 { "What would have to change" }
            (scrolling("What would have to change", &html! {
                table {
                    caption { "The tier that the same rules give when one part of the grounds is taken away." }
                    thead { tr { th scope="col" { "Suppose" } th scope="col" { "Tier then" } th scope="col" { "Why" } } }
                    tbody {
                        @for other in &campaign.counterfactuals {
                            tr {
                                th scope="row" { (capitalised(&other.suppose.to_string())) }
                                td.nowrap { @if let Some(tier) = other.tier { (overview::tier(tier)) } @else { "not told" } }
                                td.text { (capitalised(sentence(&other.statement))) "." }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn predecessors(campaign: &Campaign) -> Markup {
    html! {
        @if !campaign.predecessors.is_empty() {
            h4 { "Closed accounts whose place these took" }
            (scrolling("Predecessors", &html! {
                table {
                    caption { (counted(campaign.predecessors.len() as u64, "closed account")) }
                    thead {
                        tr {
                            th scope="col" { "Account" }
                            th scope="col" { "Closed" }
                            th scope="col" { "Successors" }
                            th scope="col" { "Why" }
                        }
                    }
                    tbody {
                        @for before in &campaign.predecessors {
                            tr {
                                th.id scope="row" { bdi { (before.account.as_str()) } }
                                td.nowrap { (shortened(&days(&before.closed, &before.closed), 32)) }
                                td { (names(&before.successors)) }
                                td.text { (capitalised(sentence(&before.statement))) "." }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn tags(campaign: &Campaign) -> Markup {
    html! {
        @if !campaign.atlas.is_empty() {
            p.soft.small {
                "MITRE ATLAS: "
                @for (at, id) in campaign.atlas.iter().enumerate() {
                    @if at > 0 { "; " }
                    (id) @if let Some(name) = technique(id) { " " (name) }
                }
                "."
            }
        }
        @if !campaign.indicators.is_empty() {
            details {
                summary { (counted(campaign.indicators.len() as u64, "indicator")) }
                (scrolling("Indicators", &html! {
                    table.sorted {
                        caption { "Fingerprints under the local key, for matching within this installation." }
                        thead {
                            tr {
                                th scope="col" { "Kind" }
                                th scope="col" { "Fingerprint" }
                                th.number scope="col" { "Accounts" }
                                th scope="col" { "Context" }
                            }
                        }
                        tbody {
                            @for indicator in &campaign.indicators {
                                tr {
                                    td { (plain(indicator.kind.name())) }
                                    th.id scope="row" { (indicator.fingerprint) }
                                    td.number { (count(indicator.accounts)) }
                                    td { (indicator.context) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}
