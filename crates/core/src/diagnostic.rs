//! What is wrong with a document that somebody else wrote, and where.
//!
//! A reader of hostile input never fails: it keeps what it can read, and tells the rest. [`Diagnostics`] keeps the limit
//! and the count, so that no reader has to think of them.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a mistake in a document costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// Read, but not as its standard wants it.
    Warning,
    /// This part could not be read.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A mistake in a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// A JSON Pointer (RFC 6901) such as `/components/0/name`, `line 12`, `page 3`, `byte 17`; empty for the whole.
    pub path: String,
    pub severity: Severity,
    /// A stable word: `duplicate-key`, `too-deep`, `wrong-type`, …
    pub code: Cow<'static, str>,
    /// Lower case, no trailing stop.
    pub message: String,
}

/// The diagnostics of one document in the making: at most as many as the limits allow, the others counted.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    most: usize,
    left_out: usize,
    errors: u64,
}

impl Diagnostics {
    /// `most`: how many are kept ([`Limits::diagnostics`](crate::Limits)).
    pub fn new(most: usize) -> Self {
        Self { kept: Vec::new(), most, left_out: 0, errors: 0 }
    }

    /// A diagnostic; see [`Diagnostic`] for the form of its parts.
    pub fn tell(
        &mut self,
        severity: Severity,
        path: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) {
        self.push(Diagnostic { path: path.into(), severity, code: code.into(), message: message.into() });
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors = self.errors.saturating_add(1);
        }
        if self.kept.len() < self.most {
            self.kept.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// A diagnostic that is kept beyond the limit: what was left out of the rest of the document.
    pub fn add_left_out(&mut self, count: usize, what: &str) {
        self.kept.push(Diagnostic::left_out(count, what));
    }

    /// Errors told so far, those left out included.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// What was told. What was left out for its number is told last, beyond the limit.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            self.add_left_out(self.left_out, "diagnostics");
        }
        self.kept
    }
}

impl Diagnostic {
    /// So many more of something were left out.
    fn left_out(count: usize, what: &str) -> Self {
        Self {
            path: String::new(),
            severity: Severity::Error,
            code: "too-many".into(),
            message: format!("{count} more {what} were left out"),
        }
    }
}

/// A piece of a hostile text that is short enough for a message.
pub fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostics, Severity, shown};

    #[test]
    fn what_is_beyond_the_limit_is_counted() {
        let mut diagnostics = Diagnostics::new(2);
        for severity in [Severity::Note, Severity::Error, Severity::Error, Severity::Warning] {
            diagnostics.tell(severity, "/0", "wrong-type", "a number where a text is expected");
        }
        assert_eq!(diagnostics.errors(), 2);
        let told = diagnostics.finish();
        assert_eq!(told.len(), 3);
        assert_eq!(told[2].message, "2 more diagnostics were left out");
    }

    #[test]
    fn a_hostile_text_is_cut_and_loses_its_control_characters() {
        assert_eq!(shown("a\u{1b}[31mb"), "a\u{fffd}[31mb");
        assert_eq!(shown(&"é".repeat(100)), format!("{}…", "é".repeat(60)));
    }
}
