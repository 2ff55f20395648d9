//! The detection report as people and programs read it.

pub(crate) mod questions;
pub(crate) mod sentences;
mod summary;
pub(crate) mod vocabulary;

use stillwatch_detect::DetectionReport;

use crate::render::forms;

forms! {
    DetectionReport:
    table::TextTable,
    json::Json,
    html::Html,
    markdown::Ticket,
    ocsf::Ocsf,
}

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use ocsf::{OCSF_VERSION, ocsf};
pub use table::table;
