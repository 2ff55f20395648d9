//! The index of served outputs: what a provider's model answered, as keyed fingerprints, and where a corpus repeats it.
//!
//! An [`IndexBuilder`] winnows outputs into k-grams of 20 words ([`stillwatch_digest::ServedReader`]) and writes them
//! sorted; [`merge`] unites indexes of different logs; a [`ServedIndex`] answers lookups from memory and verifies each
//! against the sorted table by one positioned read; a [`Matcher`] finds the spans of a document that were served; and
//! [`Overlaps`] adds documents up to what can be said of a corpus.
//!
//! No text is in the file, and without the key no guess can be checked against it.
//!
//! ```
//! use stillwatch_audit::index::{About, IndexBuilder, Matcher, Served, ServedIndex};
//! use stillwatch_core::Key;
//!
//! let key = Key::from_bytes([7; 32]);
//! let answer = "Tides follow the moon because its pull is stronger on the near side of the earth than on the far \
//!               side, so the sea rises on both and each coast turns through two high waters a day.";
//! let about = About { vendor: "Example".into(), models: vec!["example-1".into()] };
//! let mut builder = IndexBuilder::new(&key, about, || Ok(std::io::Cursor::new(Vec::new())));
//! builder.add(&Served { text: answer, prompt: Some("Why are there tides?"), exchange: "1", day: None })?;
//! let mut file = Vec::new();
//! builder.write(&mut file)?;
//!
//! let index = ServedIndex::open(file.as_slice(), &key)?;
//! let page = format!("My homework. {answer} That is all I know.");
//! let overlap = Matcher::new(&index).read(&page)?;
//! let span = &overlap.spans[0];
//! assert!(answer.contains(&page[span.start..span.end]) && span.words >= 20);
//! # Ok::<(), stillwatch_audit::index::IndexError>(())
//! ```

mod background;
mod builder;
mod error;
mod file;
mod filter;
mod finding;
mod fragments;
mod manifest;
mod matcher;
mod merge;
mod open;
mod overlaps;
mod runs;
mod sample;

pub use background::{Rate, excess};
pub use builder::{IndexBuilder, Served};
pub use error::IndexError;
pub use file::{BOILERPLATE_ORIGINS, IndexWriter, Row};
pub use fragments::{FragmentSum, Fragments, LEAST_FRAGMENTS, ONE_RUN_IN};
pub use manifest::{About, Manifest, SCHEMA, ShorterLayer};
pub(crate) use matcher::Repeats;
pub use matcher::{Matcher, Overlap, Reading, Span};
pub use merge::merge;
pub use open::{ReadAt, ServedIndex, info};
pub use overlaps::{Concentration, FEW_ORIGINS, Overlaps, SHARE};
