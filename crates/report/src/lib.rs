//! Results as people and programs read them.
//!
//! [`table`] is for a terminal: verdicts and numbers first, then what each finding rests on, what speaks against it,
//! and what was not looked at. [`json`] is the contract with programs, in a stable order. [`html`] is a page of its own for
//! whoever decides, [`markdown`] goes into tickets, and [`ocsf`] into security information systems. [`Explanation`] is all
//! that a report says about one campaign or account, and [`Difference`] what changed from one report to the next.
//!
//! Account names, user agents and file names are written by strangers, so everything that reaches a terminal passes
//! through [`escape`] first, and each other form has an escape of its own.
//!
//! ```
//! let names = stillwatch_digest::Names::new(&stillwatch_core::Key::from_bytes([7; 32]));
//! let report = stillwatch_detect::Detector::new(vec![], vec![], &names, stillwatch_detect::Options::default())
//!     .detect(stillwatch_core::Window::default(), stillwatch_detect::Inputs::default());
//! assert!(stillwatch_report::table(&report, 100, false).contains("No campaign"));
//! assert!(stillwatch_report::json(&report)?.ends_with("}\n"));
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod audit;
mod beside;
mod campaign;
mod difference;
mod escape;
mod explain;
mod html;
pub mod lineage;
mod markdown;
mod number;
mod ocsf;
mod prose;
mod table;
mod words;

use stillwatch_detect::DetectionReport;

pub use difference::{Change, DIFFERENCE_SCHEMA, Difference, Seen, State};
pub use escape::escape;
pub use explain::{Cover, EXPLANATION_SCHEMA, Explanation, Membership, Share, Standing, Subject, Succession, Unknown};
pub use html::html;
pub use markdown::markdown;
pub use number::{count, counted};
pub use ocsf::{OCSF_VERSION, ocsf};
pub use table::table;

/// The report as indented JSON in a stable order, with a newline at its end. Lists of numbers, and lists of small objects
/// of numbers, take a line each.
pub fn json(report: &DetectionReport) -> Result<String, serde_json::Error> {
    let mut text = compact(&serde_json::to_string_pretty(report)?);
    text.push('\n');
    Ok(text)
}

/// Puts elements of lists that hold nothing but numbers on one line, and so lists of numbers. In indented JSON a line
/// break is never part of a string.
fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut waiting: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        let (inner, opens) = (line.trim(), line.ends_with(['[', '{']));
        let is_list = inner.ends_with('[') || inner == "{";
        match waiting.first() {
            Some(_) if is_number(inner) => waiting.push(inner),
            Some(first) if waiting.len() > 1 && matches!(inner.trim_end_matches(','), "]" | "}") => {
                out.push_str(first);
                out.push_str(&waiting[1..].join(" "));
                out.push_str(inner);
                out.push('\n');
                waiting.clear();
            }
            _ => {
                waiting.drain(..).for_each(|line| {
                    out.push_str(line);
                    out.push('\n');
                });
                if opens && is_list {
                    waiting.push(line);
                } else {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
    }
    for line in waiting {
        out.push_str(line);
        out.push('\n');
    }
    out.pop();
    out
}

/// `12,` or `"name": 12,`.
fn is_number(line: &str) -> bool {
    let value = line.strip_prefix('"').map_or(Some(line), |rest| rest.split_once("\": ").map(|(_, value)| value));
    let digits = value.map(|value| value.trim_end_matches(','));
    digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn lists_of_numbers_take_a_line() {
        let value = serde_json::json!({
            "a": [1, 2, 3], "b": ["1", 2], "c": [{"x": 1, "y": -2.5e-3}, {"x": "1"}], "d": {"x": 1}, "e": [], "f": [[1], []],
            "\": 1": ["\": 1", "\n1"],
        });
        let text = compact(&serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.contains("\"a\": [1, 2, 3],\n") && text.contains("{\"x\": 1, \"y\": -0.0025},\n"), "{text}");
    }
}
