//! Errors as people read them, and exit codes.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use stillwatch_engine::EngineError;
use stillwatch_ingest::IngestError;
use stillwatch_report::escape;

use crate::message::line;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Done,
    Runtime,
    /// Wrong arguments or configuration.
    Usage,
    /// More rows were rejected than allowed.
    Partial,
    /// `--fail-on` found a campaign.
    Found,
    Interrupted,
}

impl Code {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Runtime => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Found => 10,
            Self::Interrupted => 130,
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code.number())
    }
}

/// Why a run ended early: what failed, the chain of causes, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    what: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
    help: Option<String>,
}

impl Failure {
    /// Something went wrong although the arguments are right.
    pub(crate) fn runtime(what: impl Into<String>) -> Self {
        Self { code: Code::Runtime, what: what.into(), cause: None, help: None }
    }

    /// The arguments or the configuration are wrong.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self { code: Code::Usage, ..Self::runtime(what) }
    }

    /// Adds the cause and, unless one is set, the help that it knows.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        self.help = self.help.or_else(|| help_of(cause.as_ref()));
        self.cause = Some(cause);
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Writes `error:`, one `cause:` for each link of the chain, and `help:`. An interruption has been told already.
    pub(crate) fn print(&self) {
        if self.code == Code::Interrupted {
            return;
        }
        line("error", &self.what);
        let mut before = self.what.clone();
        let mut cause = self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static));
        while let Some(this) = cause {
            let text = this.to_string();
            // Wrappers repeat what they wrap.
            if !before.ends_with(&text) {
                line("cause", &text);
            }
            before = text;
            cause = this.source();
        }
        if let Some(help) = &self.help {
            line("help", help);
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let what = error.to_string();
        let failure = match &error {
            EngineError::Cancelled => Self { code: Code::Interrupted, ..Self::runtime(what) },
            _ => Self::runtime(what),
        };
        failure.because(error)
    }
}

/// What the first cause that knows says about it.
fn help_of(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(this) = cause {
        let help = this
            .downcast_ref::<EngineError>()
            .and_then(|error| error.help().map(str::to_owned))
            .or_else(|| this.downcast_ref::<IngestError>().and_then(IngestError::help));
        if help.is_some() {
            return help;
        }
        cause = this.source();
    }
    None
}

/// An input and why it could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read", escape(.name))]
pub(crate) struct InputError {
    pub(crate) name: String,
    #[source]
    pub(crate) source: Box<dyn Error + Send + Sync>,
}

impl InputError {
    pub(crate) fn new(name: impl fmt::Display, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { name: name.to_string(), source: source.into() }
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_engine::EngineError;

    use super::{Code, Failure};

    #[test]
    fn engine_errors_keep_their_help_and_their_code() {
        let full = Failure::from(EngineError::DiskFull(std::io::Error::from(std::io::ErrorKind::StorageFull)));
        assert_eq!((full.code(), full.help.is_some()), (Code::Runtime, true));
        assert_eq!(Failure::from(EngineError::Cancelled).code().number(), 130);
    }
}
