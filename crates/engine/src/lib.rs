//! Where queries run: Apache DataFusion, with the digest as an aggregate function.
//!
//! # The data's way
//! ```text
//! Source          units: files or parts of files as data, opened by a Scan in the partition that takes them
//!   │             rows with retention `none` end here
//! projection      account, utc_day(time), fingerprint(columns…): text ends here
//! aggregation     account_digest(digest) by account and day: partial, repartitioned by hash, final
//! sort            by account and day
//! DigestStream    one digest an account and day ──► DigestWriter, or windows() ──► one window an account
//! ```
//! An exchange's digest, the state of the aggregation and its result are all the same encoded set, and the operation
//! on it is union. So neither the number of partitions, nor the order of rows, nor a spill to disk can change the
//! result, and digests that lie in files unite by the same plan ([`Engine::unite`]).
//!
//! Aggregation and sort write to the spill folder what exceeds the memory pool. [`text_columns_stay_below`] looks at
//! every plan before it runs and refuses one in which text would get that far.
//!
//! ```
//! use std::sync::Arc;
//!
//! use arrow::array::{RecordBatch, StringArray, TimestampMicrosecondArray, new_null_array};
//! use stillwatch_core::Key;
//! use stillwatch_engine::{Engine, EngineOptions, Meter, Source, windows};
//!
//! let schema = stillwatch_ingest::exchange_schema();
//! let mut columns: Vec<_> = schema.fields().iter().map(|field| new_null_array(field.data_type(), 2)).collect();
//! columns[0] = Arc::new(TimestampMicrosecondArray::from(vec![0, 5_000_000]).with_timezone("UTC"));
//! columns[1] = Arc::new(StringArray::from(vec!["a", "a"]));
//! let batch = RecordBatch::try_new(schema, columns)?;
//!
//! let spill = tempfile::tempdir()?;
//! let engine = Engine::new(EngineOptions {
//!     threads: 2.try_into()?,
//!     memory_bytes: 1 << 26,
//!     spill_dir: spill.path().into(),
//!     key: Key::from_bytes([7; 32]),
//!     settings: vec![],
//!     runtime: None,
//! })?;
//! let days = engine.digest(Source::from_batches([batch]), &Meter::default())?;
//! for window in windows(days) {
//!     let (account, window) = window?;
//!     assert_eq!((account.as_str(), window.total), ("a", 2));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aggregate;
mod columns;
mod error;
mod file;
mod fingerprint;
mod meter;
mod pool;
mod privacy;
mod session;
mod source;
mod stream;
mod threads;
mod unit;
mod window;

pub use columns::digest_schema;
pub use error::{EngineError, SourceError};
pub use file::{DigestReader, DigestWriter};
pub use meter::Meter;
pub use privacy::text_columns_stay_below;
pub use session::{Engine, EngineOptions};
pub use source::{Batches, Scan, Source};
pub use stream::{AccountDay, DigestStream};
pub use unit::{Content, Encoding, Location, LogContent, Origin, Unit, UnitFile};
pub use window::{Windows, windows};
