//! One run of anything, as a library: from inputs to a report, with progress and cancellation.
//!
//! What the command does, a server, a watcher or a wheel can do through this crate. It reads files and starts threads;
//! it knows no exit codes, no terminal and no signals, and keeps nothing outside the values it returns.
//!
//! # Shape
//! There is one type a kind of run, whose fields are the options: [`detect::Detect`], [`digest::Digest`],
//! [`doctor::Doctor`], [`audit::Audit`], [`audit::Split`], [`audit::Train`], [`index::Build`], [`index::Merge`],
//! [`canary::Issue`], [`canary::Check`], [`simulation::Simulate`] and [`simulation::Worlds`]. Its `run` takes a
//! [`Context`], which the caller shares with the run: the token that ends it, and who is told of its stages and of what
//! is odd about the input. So several runs in one process neither see nor stop each other.
//!
//! An error says what failed; its sources say why; [`help`] says what to do; and [`RunError::fault`] says whose part it
//! is to mend it. What that means for a process, an HTTP status or an exit code, is the caller's to decide. A [`Notice`]
//! is a value and not a line of text for the same reason.
//!
//! # The way of a detection
//! ```text
//! inputs      paths, patterns and folders ──► files in a stable order
//! logs        files ──► logs: which source wrote them, which files are halves of the same exchanges
//! reading     logs ──► a Plan of units: what to read, as data ──► a scan opens and counts them
//! engine      units ──► day digests, united by account and day
//! detect      windows of accounts ──► detection ──► report
//! ```
//! A [`reading::Plan`] can be divided, so that several processes digest the same logs ([`digest::Digest::shard`]); it
//! holds the id of the key and never the key. Results are files that appear whole or not at all ([`atomic`]).
//!
//! Every run takes the thread that it is called on until it is done. It may be called from an asynchronous task, which
//! it then keeps busy; a server moves it to a blocking thread. Spans of the `tracing` crate tell the parts of a run with
//! numbers alone; unless the program installs a subscriber, they cost a comparison each.
//!
//! ```
//! use stillwatch_core::{Cancel, Key};
//! use stillwatch_run::Context;
//! use stillwatch_run::detect::Detect;
//! use stillwatch_run::reading::{KeyChoice, LogOptions, Means};
//!
//! let folder = tempfile::tempdir()?;
//! let log = folder.path().join("gateway.jsonl");
//! std::fs::write(&log, "{\"time\": \"2026-09-07T10:00:00Z\", \"account\": \"a1\", \"prompt\": \"Hello\"}\n")?;
//!
//! let detect = Detect {
//!     logs: LogOptions {
//!         logs: vec![log],
//!         means: Means { key: KeyChoice::Given(Key::from_bytes([7; 32])), ..Means::default() },
//!         ..LogOptions::default()
//!     },
//!     ..Detect::default()
//! };
//! // Whoever holds a clone of the token can end the run.
//! let cancel = Cancel::default();
//! let detection = detect.run(&Context::new(cancel.clone()))?;
//! assert_eq!((detection.report.inputs.rows, detection.report.campaigns.len()), (1, 0));
//!
//! cancel.cancel();
//! assert!(detect.run(&Context::new(cancel)).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod atomic;
pub mod audit;
pub mod canary;
pub mod clock;
pub mod corpus;
pub mod detect;
pub mod digest;
pub mod doctor;
pub mod files;
pub mod index;
pub mod inputs;
pub mod key;
pub mod lineage;
pub mod logs;
pub mod memory;
pub mod reading;
pub mod saved_report;
pub mod simulation;

mod context;
mod counts;
mod error;
mod notice;
mod platform;

pub use context::Context;
pub use counts::Counts;
pub use error::{Fault, InputError, RunError, help};
pub use notice::{Level, Notice, Notices, Rejection};
