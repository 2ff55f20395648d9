//! Graphs of lineage in files: what documents say is imported into a ledger, one writer at a time, and asked.
//!
//! A ledger is a text file that only grows. [`read`] gives what is in it, [`GraphWriter`] adds to it, and the file is as it
//! was or has all that was added. The graph over a ledger is built once by whoever asks.
//!
//! ```
//! use stillwatch_lineage::{Graph, Question, Verdict};
//! use stillwatch_run::Context;
//! use stillwatch_run::lineage::{GraphWriter, ImportOptions, find, import, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let card = folder.path().join("tiny.md");
//! std::fs::write(&card, "---\nlicense: mit\nbase_model: example/base-7b\n---\n# Tiny\n")?;
//! let path = folder.path().join("models.lineage");
//!
//! let mut graph = GraphWriter::open(&path)?;
//! for document in import(&ImportOptions { documents: vec![card], ..ImportOptions::default() })? {
//!     graph.add(document);
//! }
//! graph.commit(&Context::default())?;
//!
//! let ledger = read(&path)?;
//! let graph = Graph::of(&ledger, None);
//! let answer = graph.ask(find(&graph, "tiny")?, Question::VendorOutputs);
//! assert_eq!(answer.verdict, Verdict::Unknown);
//! # Ok(())
//! # }
//! ```

mod decision;
mod document;
mod file;
mod lookup;

pub use decision::{DecideError, check};
pub use document::{DocumentError, ImportOptions, about, bytes, import, trust};
pub use file::{GraphFileError, GraphWriter, read};
pub use lookup::{LookupError, find};
