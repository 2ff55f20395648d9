//! The logs of gateways, providers and serving engines, reduced to exchanges.
//!
//! A [`LogSource`] is a table of places and the little code that a table cannot say. [`recognise`] tells the source of
//! a log from the names in its first records. A [`Session`] reads the records of one log, which may be several files,
//! and gives out drafts of exchanges; these become rows and take the same way as every other row, so that bad records
//! are counted, unknown names told and batches bounded.

mod answer;
mod anthropic_admin;
mod azure;
mod bedrock;
mod body;
mod cloudflare_ai_gateway;
mod draft;
mod envoy_ai_gateway;
mod foreign;
mod helicone;
mod json;
mod kong;
mod langfuse;
mod litellm;
mod new_api;
mod ocsf;
mod one_api;
mod openai_admin;
mod openai_batch;
mod openai_chat;
mod otel;
mod out;
mod recognise;
mod session;
mod sglang;
mod table;
mod tensorzero;
mod tgi;
mod usage;
mod vertex;
mod vllm;
mod words;

use std::fmt;

pub(crate) use foreign::{Foreign, Pieces};
pub use recognise::Recognised;
pub(crate) use recognise::recognise;
pub use session::{Session, SessionLimits};

use json::Json;
use out::Out;
use recognise::Sign;
use table::Line;

/// A kind of log.
#[expect(clippy::struct_excessive_bools, reason = "independent properties of a format, set by name in a table")]
pub struct LogSource {
    /// As it is given on the command line.
    pub name: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Whether it holds requests; if not, it is recognised so that nobody waits for findings from it.
    pub holds_requests: bool,
    /// The files that make up the log, in the order in which they are best read; one entry where each file is complete.
    pub parts: &'static [&'static str],
    /// Column and what to do so that the log has it, where it often lacks it.
    pub advice: &'static [(&'static str, &'static str)],
    signs: &'static [Sign],
    /// Words in lines that are no JSON.
    marks: &'static [&'static str],
    /// Whether such lines are given to the adapter.
    lines: bool,
    /// Places where JSON may stand as text.
    open: &'static [&'static str],
    tables: &'static [&'static [Line]],
    /// The adapter tells unknown names itself.
    tells_unknown: bool,
    read: fn(&Json, &mut Out),
    /// What is missing when the first, or the second, half of an exchange is not there.
    halves: &'static [&'static str],
    /// An exchange is whole when both halves are there, without waiting for more.
    closes: bool,
    /// Several records with one id are attempts at one act.
    retries: bool,
}

impl LogSource {
    /// What most sources are like.
    const PLAIN: Self = Self {
        name: "",
        title: "",
        holds_requests: true,
        parts: &["log"],
        advice: &[],
        signs: &[],
        marks: &[],
        lines: false,
        open: &[],
        tables: &[],
        tells_unknown: false,
        read: |_, out| out.set_aside("record of an unknown kind"),
        halves: &[],
        closes: true,
        retries: true,
    };

    /// All sources, in the order in which they are looked for.
    pub fn all() -> &'static [&'static Self] {
        ALL
    }

    /// The source of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|source| source.name == name)
    }
}

impl fmt::Debug for LogSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

static ALL: &[&LogSource] = &[
    &otel::SOURCE,
    &litellm::SOURCE,
    &helicone::SOURCE,
    &langfuse::SOURCE,
    &tensorzero::SOURCE,
    &kong::SOURCE,
    &envoy_ai_gateway::SOURCE,
    &cloudflare_ai_gateway::SOURCE,
    &bedrock::SOURCE,
    &azure::SOURCE,
    &vertex::SOURCE,
    &vllm::SOURCE,
    &sglang::SOURCE,
    &tgi::SOURCE,
    &openai_batch::SOURCE,
    &openai_admin::SOURCE,
    &anthropic_admin::SOURCE,
    &ocsf::SOURCE,
    &new_api::SOURCE,
    &one_api::SOURCE,
    &openai_chat::SOURCE,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::LogSource;
    use crate::schema::Table;

    #[test]
    fn tables_fill_columns_that_exist() {
        for source in LogSource::all() {
            for (column, ..) in source.tables.iter().copied().flatten() {
                assert!(column.is_empty() || Table::Exchange.index(column).is_some(), "{} of {}", column, source.name);
            }
            for (column, _) in source.advice {
                assert!(Table::Exchange.index(column).is_some(), "{} of {}", column, source.name);
            }
        }
    }

    #[test]
    fn names_are_different() {
        let names: BTreeSet<&str> = LogSource::all().iter().map(|source| source.name).collect();
        assert_eq!(names.len(), LogSource::all().len());
        assert!(LogSource::named("kong").is_some() && LogSource::named("").is_none());
    }
}
