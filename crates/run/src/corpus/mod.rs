//! The documents of a corpus: which files, how each is opened, and the pipeline that reads, looks and collects.

mod error;
mod files;
mod pipeline;
mod telling;

pub use error::CorpusError;
pub use files::Corpus;
pub(crate) use files::Files;
pub(crate) use pipeline::{Job, Outcome, Pipeline};
pub(crate) use telling::tell;
