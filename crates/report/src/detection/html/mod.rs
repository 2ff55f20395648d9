//! The report as one page that needs no network.
//!
//! Names, user agents and file names are written by strangers. Every string passes through the templates, which escape
//! it; what could reorder or hide text is made visible in the whole page at the end; and the policy of the page lets a
//! browser run nothing but the style and the script below, whose hashes it names.

mod accounts;
mod campaign;
mod graph;
mod overview;
mod timeline;

use maud::{Markup, html};
use stillwatch_core::Tier;
use stillwatch_detect::{Campaign, DetectionReport, Extent};

use super::sentences::{ranked, title};
use crate::html::Shell;
use crate::render::{Render, Terminal};

pub(super) struct Html;

impl Render<DetectionReport> for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn purpose(&self) -> &'static str {
        "One page that needs no network, for people who decide"
    }

    fn render(&self, report: &DetectionReport, _: Terminal) -> Result<String, serde_json::Error> {
        Ok(html(report))
    }
}

/// The report as a page of HTML. It is complete in itself, works without its script, in light and dark and on paper.
pub fn html(report: &DetectionReport) -> String {
    let campaigns = ranked(report);
    let heading = format!("Detection report: {}", overview::verdict(report));
    let body = html! {
        header { (overview::head(report)) }
        main {
            (overview::not_evaluated(report))
            (listed(report, &campaigns))
            (overview::crowds(report))
            (overview::permitted(report))
            (overview::categories(report))
            (overview::sightings(report))
            (overview::inputs(report))
            (overview::method(report))
        }
        footer {
            (report.tool) ", schema " (report.schema) ". A campaign is a reason to look, not proof: shape shows \
            that accounts act as one, not what becomes of the answers. Identities are shown as fingerprints \
            under the local key; no prompt and no answer is in this file."
        }
    };
    Shell { title: &heading, skip: ("campaigns", "the campaigns"), style: "" }.page(&body)
}

fn listed(report: &DetectionReport, campaigns: &[&Campaign]) -> Markup {
    let watched = campaigns.iter().filter(|campaign| campaign.tier == Tier::Watch).count();
    html! {
        section aria-labelledby="campaigns" {
            h2 #campaigns tabindex="-1" { "Campaigns" }
            @if report.inputs.read == Extent::Nothing {
                p { "Nothing was read, so none could be found." }
            } @else if campaigns.is_empty() {
                p { "None was found. That says nothing about what was not evaluated." }
            } @else {
                div.tools #unfold {}
                (overview::table(campaigns))
            }
            @for (at, campaign) in campaigns.iter().enumerate().filter(|(_, campaign)| campaign.tier > Tier::Watch) {
                (campaign::article(at, campaign))
            }
        }
        @if watched > 0 {
            section aria-labelledby="watched" {
                h2 #watched { "Watched" }
                p.soft {
                    "Tier watch says nothing about anyone: an innocent explanation stands, or the evidence is too weak."
                }
                @for (at, campaign) in campaigns.iter().enumerate().filter(|(_, campaign)| campaign.tier == Tier::Watch) {
                    details.watched {
                        summary { (title(campaign)) " " span.id { (campaign.id.as_str()) } }
                        (campaign::article(at, campaign))
                    }
                }
            }
        }
    }
}
