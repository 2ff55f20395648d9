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

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use stillwatch_core::Tier;
use stillwatch_detect::{Campaign, DetectionReport};

use crate::escape::is_unsafe;
use crate::words::ranked;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The report as a page of HTML. It is complete in itself, works without its script, in light and dark and on paper.
pub fn html(report: &DetectionReport) -> String {
    let campaigns = ranked(report);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { "Detection report: " (overview::verdict(report)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#campaigns" { "Skip to the campaigns" }
                div.page {
                    header { (overview::head(report)) }
                    main {
                        (overview::not_evaluated(report))
                        (listed(&campaigns))
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
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    visible(&page.into_string())
}

fn listed(campaigns: &[&Campaign]) -> Markup {
    let watched = campaigns.iter().filter(|campaign| campaign.tier == Tier::Watch).count();
    html! {
        section aria-labelledby="campaigns" {
            h2 #campaigns tabindex="-1" { "Campaigns" }
            @if campaigns.is_empty() {
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
                        summary { (crate::words::title(campaign)) " " span.id { (campaign.id.as_str()) } }
                        (campaign::article(at, campaign))
                    }
                }
            }
        }
    }
}

/// No network, no frame, no form; the one style and the one script by their hashes (CSP level 3).
fn policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// As [`escape`](crate::escape) does, but for line breaks, which mean nothing in a page.
fn visible(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for character in page.chars() {
        if character != '\n' && is_unsafe(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// A table that scrolls by itself where the page is narrow, also by keyboard.
fn scrolling(label: &str, table: &Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(label) tabindex="0" { (table) } }
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, hash, policy};
    use crate::escape::is_unsafe;

    #[test]
    fn the_policy_names_the_bytes_of_the_page() {
        // The hash of the empty text, as FIPS 180-4 gives it.
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert!(policy().contains(&hash(STYLE)) && policy().contains(&hash(SCRIPT)));
    }

    #[test]
    fn style_and_script_reach_the_page_unchanged() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
            assert!(!text.chars().any(|character| character != '\n' && is_unsafe(character)));
        }
    }
}
