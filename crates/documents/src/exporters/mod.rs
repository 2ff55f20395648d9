//! What the graph holds, in formats that others read.

pub mod cyclonedx;
pub mod kinship;
pub mod prov;
pub mod spdx;

mod part;

use stillwatch_core::Date;

/// Who exports, and when. Neither is taken from the machine, so that the same graph gives the same bytes.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// The day that the document names as its own; 1970-01-01 where it is `None`.
    pub created: Option<Date>,
    /// Who speaks: the name of a buyer, an auditor, a team. Otherwise Stillwatch itself.
    pub author: Option<String>,
}

impl Export {
    fn timestamp(&self) -> String {
        format!("{}T00:00:00Z", self.created.unwrap_or(Date::from_days(0)))
    }
}
