use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::escape::is_unsafe;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// What makes a page of a body: it is complete in itself, works without its script, in light and dark and on paper.
pub(crate) struct Shell<'a> {
    pub(crate) title: &'a str,
    /// Id and name of the place to which a keyboard may skip.
    pub(crate) skip: (&'a str, &'a str),
    /// Style of this page beside that of all.
    pub(crate) style: &'a str,
}

impl Shell<'_> {
    pub(crate) fn page(&self, body: &Markup) -> String {
        let styles = [STYLE, self.style];
        let styles = || styles.iter().filter(|style| !style.is_empty());
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy(styles()));
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                    title { (self.title) }
                    @for style in styles() { style { (PreEscaped(style)) } }
                }
                body {
                    a.skip href={ "#" (self.skip.0) } { "Skip to " (self.skip.1) }
                    div.page { (body) }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        visible(&page.into_string())
    }
}

/// No network, no frame, no form; the styles and the one script by their hashes (CSP level 3).
fn policy<'s>(styles: impl Iterator<Item = &'s &'s str>) -> String {
    let styles: Vec<String> = styles.map(|style| format!("'{}'", hash(style))).collect();
    format!(
        "default-src 'none'; style-src {}; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        styles.join(" "),
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
pub(crate) fn scrolling(label: &str, table: &Markup) -> Markup {
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
        let policy = policy([STYLE, "b"].iter());
        assert!(policy.contains(&hash(STYLE)) && policy.contains(&hash("b")) && policy.contains(&hash(SCRIPT)));
    }

    #[test]
    fn style_and_script_reach_the_page_unchanged() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
            assert!(!text.chars().any(|character| character != '\n' && is_unsafe(character)));
        }
    }
}
