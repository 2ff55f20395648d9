use std::fmt;

use super::assembly::Assembly;
use super::joining::Joining;
use super::json::Json;
use super::table::Line;

/// A kind of log.
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
    pub(crate) signs: &'static [Sign],
    /// Words in lines that are no JSON: a line that has all of one group belongs to the log.
    pub(crate) marks: &'static [&'static [&'static str]],
    /// Whether such lines are given to the adapter.
    pub(crate) lines: bool,
    /// Places where JSON may stand as text.
    pub(crate) open: &'static [&'static str],
    pub(crate) tables: &'static [&'static [Line]],
    /// The adapter tells unknown names itself.
    pub(crate) tells_unknown: bool,
    pub(crate) read: fn(&Json, &mut Assembly),
    /// How its records become exchanges.
    pub(crate) joining: Joining,
}

impl LogSource {
    /// What most sources are like.
    pub(crate) const PLAIN: Self = Self {
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
        joining: Joining::PLAIN,
    };
}

/// How the records of a part are told: names, and values as `name=value`, of which all must be there, and names that the
/// source never has, by which logs of others are kept apart.
pub(crate) struct Sign {
    /// The position in [`LogSource::parts`].
    pub(crate) part: u8,
    pub(crate) all: &'static [&'static str],
    pub(crate) none: &'static [&'static str],
}

impl Sign {
    pub(crate) const fn new(part: u8, all: &'static [&'static str]) -> Self {
        Self { part, all, none: &[] }
    }

    /// The same for names that are common: none of these may stand beside them.
    pub(crate) const fn without(part: u8, all: &'static [&'static str], none: &'static [&'static str]) -> Self {
        Self { part, all, none }
    }
}

/// Names of a log that somebody writes for themselves: an exchange in one flat record.
pub(crate) const OWN: &[&str] =
    &["prompt", "response", "completion", "answer", "messages", "model", "question", "query"];

impl fmt::Debug for LogSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
