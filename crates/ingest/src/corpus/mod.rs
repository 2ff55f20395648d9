//! Training corpora: rows of somebody else's making in, [`Document`](stillwatch_core::Document)s out.
//!
//! Two stages, so that one thread can feed many. A [`CorpusReader`] decompresses and cuts; it hands out [`Block`]s of
//! whole records, each knowing the numbers of its rows. A [`CorpusParser`], one a thread, finds in each record who says
//! what, and visits the documents, borrowed from the block. Numbers and documents do not depend on where blocks end.
//!
//! ```
//! use stillwatch_ingest::{CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally};
//!
//! let corpus = r#"{"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day"}]}
//! {"instruction": "Add", "input": "1 and 2", "output": "3"}
//! "#;
//! let options = CorpusOptions::default();
//! let plan = CorpusPlan::new(&options)?;
//! let mut reader = CorpusReader::new(corpus.as_bytes(), None, &options, "corpus.jsonl")?;
//! let mut parser = CorpusParser::new(&plan);
//! let (mut tally, mut answers) = (CorpusTally::default(), Vec::new());
//! while let Some(block) = reader.next().transpose()? {
//!     parser.documents(&block, &mut tally, &mut |place, document| {
//!         answers.push((place.row, document.prompt.unwrap_or_default().to_owned(), document.text.to_owned()));
//!     })?;
//!     reader.recycle(block);
//! }
//! assert_eq!(answers[0], (1, "Hello".into(), "Good day".into()));
//! assert_eq!(answers[1], (2, "Add\n\n1 and 2".into(), "3".into()));
//! assert_eq!((tally.rows, tally.documents), (2, 2));
//! # Ok::<(), stillwatch_ingest::IngestError>(())
//! ```

mod archive;
mod block;
mod cells;
mod columns;
mod cut;
mod draft;
mod fields;
mod json;
mod options;
mod parser;
mod reader;
mod row_place;
mod rowgroups;
mod tally;
mod turns;
mod visitor;

pub use block::Block;
pub use fields::CorpusPlan;
pub use options::{CorpusFormat, CorpusOptions};
pub use parser::CorpusParser;
pub use reader::CorpusReader;
pub use row_place::RowPlace;
pub use tally::{CorpusTally, Shape};
