//! Results as people and programs read them.
//!
//! [`table`] is for a terminal: verdicts and numbers first, then what each finding rests on, what speaks against it,
//! and what was not looked at. [`json`] is the contract with programs, in a stable order. [`html`] is a page of its own for
//! whoever decides, [`markdown`] goes into tickets, and [`ocsf`] into security information systems. [`Explanation`] is all
//! that a report says about one campaign or account, and [`Difference`] what changed from one report to the next. Each form
//! of a report is a [`Render`], listed in [`detection::FORMS`] or [`audit::FORMS`]; commands offer what is listed.
//!
//! Account names, user agents and file names are written by strangers, so everything that reaches a terminal passes
//! through [`escape`] first, and each other form has an escape of its own.
//!
//! ```
//! use stillwatch_core::{Cancel, Silent, Window};
//! use stillwatch_detect::Inputs;
//!
//! let names = stillwatch_digest::Names::new(&stillwatch_core::Key::from_bytes([7; 32]));
//! let report = stillwatch_detect::Detector::new(vec![], vec![], &names, stillwatch_detect::Options::default())
//!     .detect(Window::default(), Inputs::default(), &Cancel::default(), &Silent)?;
//! assert!(stillwatch_report::table(&report, 100, false).contains("No campaign"));
//! for form in stillwatch_report::detection::FORMS {
//!     assert!(!form.render(&report, stillwatch_report::Terminal::default())?.contains("1 campaign"), "{}", form.name());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod audit;
pub mod detection;
mod difference;
mod escape;
mod explain;
mod html;
mod json;
pub mod lineage;
mod markdown;
mod number;
mod phrase;
mod prose;
mod render;

pub use detection::{OCSF_VERSION, html, json, markdown, ocsf, table};
pub use difference::{Change, DIFFERENCE_SCHEMA, Difference, Seen, State};
pub use escape::escape;
pub use explain::{
    Company, Cover, EXPLANATION_SCHEMA, Explanation, Membership, Share, Standing, Subject, Succession, Unknown,
};
pub use number::{count, counted};
pub use render::{Render, Terminal};
