//! Errors as people read them, and exit codes.

use std::error::Error;
use std::process::ExitCode;

use stillwatch_engine::EngineError;
use stillwatch_ingest::IngestError;
use stillwatch_run::{Fault, RunError};

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
    /// Nothing was found against it, and what is known does not decide.
    Undecided,
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
            Self::Undecided => 11,
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
    causes: Vec<String>,
    help: Option<String>,
}

impl Failure {
    /// Something went wrong although the arguments are right.
    pub(crate) fn runtime(what: impl Into<String>) -> Self {
        Self { code: Code::Runtime, what: what.into(), causes: Vec::new(), help: None }
    }

    /// The arguments or the configuration are wrong.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self { code: Code::Usage, ..Self::runtime(what) }
    }

    /// Adds the cause and, unless one is set, the help that it knows.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        self.help = self.help.or_else(|| chain(cause.as_ref()).find_map(help_of));
        self.causes = causes(Some(cause.as_ref()));
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
        self.causes.iter().for_each(|cause| line("cause", cause));
        if let Some(help) = &self.help {
            line("help", help);
        }
    }
}

/// A run tells what failed and whose part it is to mend it; what that means for the process is decided here.
impl<E: RunError> From<E> for Failure {
    fn from(error: E) -> Self {
        let code = match error.fault() {
            Fault::Request => Code::Usage,
            Fault::Run => Code::Runtime,
            Fault::Cancelled => Code::Interrupted,
        };
        let (what, help) = (error.to_string(), stillwatch_run::help(&error));
        Self { code, what, causes: causes(error.source()), help }
    }
}

/// The texts of an error and its causes.
fn causes(first: Option<&(dyn Error + 'static)>) -> Vec<String> {
    let mut causes: Vec<String> = first.into_iter().flat_map(chain).map(ToString::to_string).collect();
    // Wrappers repeat what they wrap.
    causes.dedup_by(|inner, outer| outer.ends_with(inner.as_str()));
    causes
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

fn help_of(error: &(dyn Error + 'static)) -> Option<String> {
    let engine = error.downcast_ref::<EngineError>().and_then(|error| error.help().map(str::to_owned));
    engine.or_else(|| error.downcast_ref::<IngestError>().and_then(IngestError::help))
}

#[cfg(test)]
mod tests {
    use stillwatch_engine::EngineError;
    use stillwatch_run::InputError;
    use stillwatch_run::reading::ReadError;

    use super::{Code, Failure};

    #[test]
    fn errors_of_the_engine_keep_their_help_and_their_code() {
        let full = EngineError::DiskFull(std::io::Error::from(std::io::ErrorKind::StorageFull));
        let full = Failure::from(ReadError::from(full));
        assert_eq!((full.code(), full.help.is_some()), (Code::Runtime, true));
        assert!(full.what.contains("full"));
        let source = stillwatch_engine::SourceError::from(InputError::new("a.csv", std::io::Error::other("broken")));
        let unread = Failure::from(ReadError::from(EngineError::from(source)));
        assert_eq!((unread.what.as_str(), unread.causes), ("a.csv cannot be read", vec!["broken".to_owned()]));
        assert_eq!(Failure::from(ReadError::from(EngineError::Cancelled)).code(), Code::Interrupted);
    }
}
