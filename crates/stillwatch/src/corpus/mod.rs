//! From arguments to the documents of a corpus: which files, how each is opened, and the pipeline that reads, looks and
//! collects.

mod files;
mod pipeline;

pub(crate) use files::Files;
pub(crate) use pipeline::{Job, Outcome, Pipeline};
