//! Markdown for tickets (CommonMark with the tables of GitHub).
//!
//! Names are written by strangers, and trackers turn more into links than the specification says: names stand in code
//! spans, in which nothing has a meaning, and prose has every sign escaped that could start markup, a link, a mention or
//! a reference.

use std::fmt::Write;

use stillwatch_core::NotEvaluated;

use crate::escape;
use crate::phrase::{sentence, shortened};

/// Letters of a name.
const LETTERS: usize = 200;

/// Text that grows; what is given to it is prose unless it says otherwise.
#[derive(Default)]
pub(crate) struct Markdown {
    pub(crate) text: String,
}

impl Markdown {
    pub(crate) fn heading(&mut self, level: usize, text: &str) {
        self.blank();
        let _ = writeln!(self.text, "{} {}", "#".repeat(level), prose(text));
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        self.blank();
        let _ = writeln!(self.text, "{}", prose(text));
    }

    pub(crate) fn bullet(&mut self, text: &str) {
        if self.last_is_heading() {
            self.blank();
        }
        let _ = writeln!(self.text, "- {}", prose(text));
    }

    /// A point below the last one.
    pub(crate) fn nested(&mut self, text: &str) {
        let _ = writeln!(self.text, "  - {}", prose(text));
    }

    /// A sentence of a point below the last one, with the name of what it is said of and where it stands.
    pub(crate) fn cited(&mut self, text: &str, node: &str, places: &str) {
        let _ = writeln!(self.text, "  - {} {} {}", prose(text), code(node), prose(places));
    }

    fn last_is_heading(&self) -> bool {
        self.text.lines().next_back().is_some_and(|line| line.starts_with('#'))
    }

    /// A point of a list, with a label in bold.
    pub(crate) fn point(&mut self, label: &str, text: &str) {
        let _ = writeln!(self.text, "- **{}** {}", prose(label), prose(text));
    }

    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A table; its cells are Markdown already.
    pub(crate) fn table(&mut self, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        self.blank();
        let _ = writeln!(self.text, "| {} |", columns.join(" | "));
        let _ = writeln!(self.text, "|{}", "---|".repeat(columns.len()));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
    }

    /// What was not evaluated.
    pub(crate) fn gaps(&mut self, level: usize, gaps: &[NotEvaluated]) {
        if gaps.is_empty() {
            return;
        }
        self.heading(level, "Not evaluated (which is no sign of innocence)");
        self.blank();
        for gap in gaps {
            let help = if gap.help.is_empty() { String::new() } else { format!("; {}", sentence(&gap.help)) };
            self.point(&format!("{}:", gap.what), &format!("{}{help}.", sentence(&gap.why)));
        }
    }
}

/// Text in which no sign starts markup. What trackers make links, mentions or references of stands in a code span.
pub(crate) fn prose(text: &str) -> String {
    let text = escape(text.trim());
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest: &str = &text;
    while let Some(first) = rest.chars().next() {
        let special = SPECIAL.iter().find(|special| starts_with(rest, special));
        if let Some(part) = special.and_then(|special| rest.get(..special.len())) {
            let _ = write!(out, "`{part}`");
            rest = &rest[part.len()..];
            continue;
        }
        match first {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '!' | '|' | '~' | '^' | '$' => {
                out.push('\\');
                out.push(first);
            }
            // At the start they would make a list or a line.
            '-' | '+' | '=' if out.is_empty() => {
                out.push('\\');
                out.push(first);
            }
            '.' | ')' if !out.is_empty() && out.chars().all(|c| c.is_ascii_digit()) => {
                out.push('\\');
                out.push(first);
            }
            other => out.push(other),
        }
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// Beginnings of links, mentions and references of trackers.
const SPECIAL: [&str; 8] = ["://", "www.", "mailto:", "xmpp:", "GH-", "@", "#", ":"];

fn starts_with(text: &str, start: &str) -> bool {
    // A colon is needed only where a word follows, for a sign such as :smile: or a link without slashes.
    if start == ":" {
        let next = text.chars().nth(1);
        return text.starts_with(':') && next.is_some_and(|next| !next.is_whitespace());
    }
    // `GH-1` is a reference; "high-risk" holds none.
    if start == "GH-" && !text.as_bytes().get(start.len()).is_some_and(u8::is_ascii_digit) {
        return false;
    }
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// A name in a code span, also within a table.
pub(crate) fn code(name: &str) -> String {
    if name.trim().is_empty() {
        return "(no name)".into();
    }
    let name = shortened(name, LETTERS);
    // What would end the span or the cell is written as its code point.
    format!("`{}`", escape(&name).replace('`', "\\u{60}").replace('|', "\\u{7c}"))
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn prose_starts_no_markup() {
        assert_eq!(prose("a <b>*c*</b> [d](e) | f"), "a &lt;b&gt;\\*c\\*&lt;/b&gt; \\[d\\](e) \\| f");
        assert_eq!(prose("see https://x or WWW.y, @z #1"), "see https`://`x or `WWW.`y, `@`z `#`1");
        assert_eq!(prose("high-risk, GH-1"), "high-risk, `GH-`1");
        assert_eq!(prose("- 1. + x"), "\\- 1. + x");
        assert_eq!(prose("12. x: y"), "12\\. x: y");
        assert_eq!(prose("a\nb"), "a\\\\u\\{a\\}b");
    }

    #[test]
    fn names_stay_in_their_span_and_their_cell() {
        assert_eq!(code("a`|b"), "`a\\u{60}\\u{7c}b`");
        assert_eq!(code(" "), "(no name)");
        assert!(code(&"x".repeat(10_000)).len() < 1_000);
    }
}
