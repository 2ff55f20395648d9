//! What every error of a run tells beside its text: whose part it is to mend it, and how.

use std::error::Error;
use std::fmt;

use stillwatch_engine::EngineError;
use stillwatch_ingest::IngestError;

/// What has to change before the same run can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The options or the files that were given.
    Request,
    /// What was given to be read, of which nothing could be.
    Unread,
    /// Something around the run: a disk, a permission, memory.
    Run,
    /// Nothing: the run was asked to end.
    Cancelled,
}

/// An error of a run. Its text says what failed, its sources say why.
pub trait RunError: Error {
    fn fault(&self) -> Fault;

    /// What to do about it, where that is known without looking at the causes.
    fn help(&self) -> Option<String> {
        None
    }
}

impl RunError for EngineError {
    fn fault(&self) -> Fault {
        if matches!(self, Self::Cancelled) { Fault::Cancelled } else { Fault::Run }
    }

    fn help(&self) -> Option<String> {
        Self::help(self).map(str::to_owned)
    }
}

/// What to do about an error: its own help, or else that of the first cause that has some.
pub fn help(error: &(impl RunError + ?Sized)) -> Option<String> {
    error.help().or_else(|| chain(error.source()).find_map(help_of))
}

/// An error and what caused it, from the outside in.
fn chain<'a>(first: Option<&'a (dyn Error + 'static)>) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(first, |error| (*error).source())
}

fn help_of(error: &(dyn Error + 'static)) -> Option<String> {
    let engine = error.downcast_ref::<EngineError>().and_then(|error| error.help().map(str::to_owned));
    engine.or_else(|| error.downcast_ref::<IngestError>().and_then(IngestError::help))
}

/// An input and why it could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{name} cannot be read")]
pub struct InputError {
    pub name: String,
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

impl InputError {
    pub fn new(name: impl fmt::Display, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { name: name.to_string(), source: source.into() }
    }
}

impl RunError for InputError {
    fn fault(&self) -> Fault {
        Fault::Run
    }
}
