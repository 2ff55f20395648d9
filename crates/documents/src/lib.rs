//! What others write about models, and what a graph says in the formats that others read.
//!
//! The crate is an index of formats: [`importers`] has one file a format, each a function from bytes to an
//! [`Import`](stillwatch_lineage::Import), and [`exporters`] writes CycloneDX and SPDX. Data passes through it like this:
//!
//! 1. [`importers::recognise`] finds out by the name and the first bytes which importer a document is for.
//! 2. The importer reads the bytes with a reader that is bounded in bytes, depth and values (`stillwatch-json` for JSON,
//!    `stillwatch-pdf` for PDF, `stillwatch-weights` for headers of weight files, `stillwatch-seal` for signatures) and
//!    pushes statements, each with its place, into a [`Draft`](stillwatch_lineage::Draft).
//! 3. What was imported goes into a [`Ledger`](stillwatch_lineage::Ledger), and the graph over it.
//!
//! An importer never fails and never merges: what it cannot read is a diagnostic, and which names are the same thing is
//! decided in the graph. Whether a document keeps to its own standard is told beside what could be read of it, so that a
//! broken bill of materials is still a source.
//!
//! ```
//! use stillwatch_documents::importers::recognise;
//! use stillwatch_lineage::{Graph, Ledger, Origin, Question, Verdict};
//!
//! let card = b"---\nlicense: mit\nbase_model: example/base-7b\n---\n# Tiny\n";
//! let import = recognise::read(card, &Origin::named("tiny.md")).ok_or("an unknown format")?;
//! let mut ledger = Ledger::default();
//! ledger.add(&import);
//! let graph = Graph::of(&ledger, None);
//! let tiny = graph.find("tiny")[0];
//! assert_eq!(graph.ask(tiny, Question::VendorOutputs).verdict, Verdict::Unknown);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod exporters;
pub mod importers;
