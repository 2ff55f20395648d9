//! Foreign bytes in, canonical Arrow batches and rows out.
//!
//! A log comes as Parquet, NDJSON or CSV, written by somebody else's gateway, with somebody else's column names, and
//! partly by the very people who are looked for. It leaves as batches of one schema, [`exchange_schema`]. On the way:
//!
//! 1. [`Format::detect`] tells from the first bytes what a file is. A [`ParquetSource`] is read by row groups; a
//!    [`TextReader`] decompresses and cuts the text into records, none longer than a limit.
//! 2. The [`FieldMap`] finds each canonical column under the source's own name or JSON pointer; values that the path
//!    gives fill what the file lacks. Only wanted values are taken from a record, borrowed where possible.
//! 3. Each value is converted to its column's type. What an optional column cannot hold becomes null; a row without
//!    `time` or `account` is rejected. A Parquet array that is canonical already is passed on without a copy.
//! 4. Logs of gateways, providers and serving engines ([`LogSource`]) are recognised by their first records and reduced
//!    to the same columns, their halves joined by a [`Session`].
//! 5. A [`Tally`] counts all of this and samples where it happened, but never holds what was in a row.
//! 6. An [`EdgeLog`] fills in what only the proxy in front knows; [`read_accounts`], [`read_permits`], [`read_policy`] and
//!    [`read_watchlist`] read what is small.
//! 7. Training corpora are not logs: a [`CorpusReader`] cuts them into blocks, and a [`CorpusParser`] finds the documents.
//!
//! The crate takes readers, not paths. A reader that fails is an error; bad content is counted.
//!
//! ```
//! use stillwatch_ingest::{FieldMap, ReadOptions, TextReader};
//!
//! let log = r#"{"timestamp": 1772452800, "user": {"id": "a1"}, "prompt": [{"role": "user", "content": "Hello"}]}
//! {"timestamp": "yesterday", "user": {"id": "a2"}}
//! "#;
//! let map = FieldMap::parse("[exchange]\ntime = \"timestamp\"\naccount = \"/user/id\"")?;
//! let options = ReadOptions { map, ..ReadOptions::default() };
//! let mut reader = TextReader::new(log.as_bytes(), None, &options, "gateway.jsonl")?;
//! let rows: usize = reader.by_ref().map(|batch| batch.map(|batch| batch.num_rows())).sum::<Result<_, _>>()?;
//! assert_eq!(rows, 1);
//! let (reason, rejected) = reader.tally().rejected.first_key_value().unwrap();
//! assert_eq!((reason.to_string().as_str(), rejected.count), ("unreadable time", 1));
//! # Ok::<(), stillwatch_ingest::IngestError>(())
//! ```

mod accounts;
mod address;
mod appearance;
mod arrays;
mod builder;
mod column_tree;
mod columns;
mod compact;
mod convert;
mod corpus;
mod csv;
mod depth;
mod edge;
mod error;
mod format;
mod map;
mod messages;
mod mistake;
mod moment;
mod ndjson;
mod options;
mod parquet;
mod permits;
mod plan;
mod policy;
mod raw;
mod records;
mod registry;
mod repair;
mod schema;
mod source;
mod tally;
mod text;
mod text_seed;
mod watchlist;
mod whole;

pub use accounts::read_accounts;
pub use appearance::Appearance;
pub use corpus::{
    Block, CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally, RowPlace, Shape,
};
pub use edge::EdgeLog;
pub use error::IngestError;
pub use format::Format;
pub use map::FieldMap;
pub use options::ReadOptions;
pub use parquet::{ParquetReader, ParquetSource};
pub use permits::read_permits;
pub use policy::read_policy;
pub use schema::{EDGE_COLUMNS, Table, exchange_schema};
pub use source::assembly::SessionLimits;
pub use source::log_source::LogSource;
pub use source::recognise::Recognised;
pub use source::session::Session;
pub use tally::{Reason, Rejected, Sample, Tally};
pub use text::{TextReader, UNATTRIBUTED};
pub use watchlist::read_watchlist;
