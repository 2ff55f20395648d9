//! The documents of a corpus: which files, how each is opened, and the pipeline that reads, looks and collects.

mod error;
mod files;
mod notices;
mod pipeline;

pub use error::CorpusError;
pub use files::Corpus;
pub(crate) use files::Files;
pub(crate) use notices::notify_of_rows;
pub(crate) use pipeline::{Job, Outcome, Pipeline};
