//! Results as people and programs read them.
//!
//! [`table`] is for a terminal: verdicts and numbers first, then what each finding rests on, what speaks against it,
//! and what was not looked at. [`json`] is the contract with programs, in a stable order. [`Difference`] is what changed
//! from one report to the next.
//!
//! Account names, user agents and file names are written by strangers, so everything that reaches a terminal passes
//! through [`escape`] first.
//!
//! ```
//! let names = stillwatch_digest::Names::new(&stillwatch_core::Key::from_bytes([7; 32]));
//! let report = stillwatch_detect::Detector::new(vec![], vec![], &names, stillwatch_detect::Options::default())
//!     .detect(stillwatch_core::Window::default(), stillwatch_detect::Inputs::default());
//! assert!(stillwatch_report::table(&report, 100, false).contains("No campaign"));
//! assert!(stillwatch_report::json(&report)?.ends_with("}\n"));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod beside;
mod campaign;
mod difference;
mod escape;
mod number;
mod prose;
mod table;

use stillwatch_detect::DetectionReport;

pub use difference::{Change, DIFFERENCE_SCHEMA, Difference, Seen, State};
pub use escape::escape;
pub use number::{count, counted};
pub use table::table;

/// The report as indented JSON in a stable order, with a newline at its end.
pub fn json(report: &DetectionReport) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
