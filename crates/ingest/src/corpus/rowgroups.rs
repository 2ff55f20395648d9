use std::collections::VecDeque;
use std::sync::Arc;

use ::parquet::file::reader::ChunkReader;

use super::block::{Block, Body};
use super::fields::CorpusPlan;
use super::options::CorpusOptions;
use crate::IngestError;
use crate::parquet::{Batches, ParquetSource};

/// Row groups of a Parquet file as blocks.
pub(crate) struct RowGroups {
    source: Arc<str>,
    fields: Arc<[String]>,
    /// Opens the row groups that hold rows from this one on.
    open: Option<Open>,
    batches: Option<Batches>,
    ready: VecDeque<Block>,
    compressed: u64,
    uncompressed: u64,
    /// Rows in all, and rows handed out or passed over.
    rows: u64,
    read: u64,
}

type Open = Box<dyn FnOnce(u64) -> Result<Batches, IngestError> + Send>;

impl RowGroups {
    pub(crate) fn open<R: ChunkReader + 'static>(
        file: &ParquetSource<R>,
        row_groups: &[usize],
        plan: &CorpusPlan,
        options: &CorpusOptions,
    ) -> Result<Self, IngestError> {
        let fields: Arc<[String]> = file.columns().map(str::to_owned).collect();
        let wanted = |name: &String| options.all_columns || plan.root.children.contains_key(name.as_str());
        let roots: Vec<usize> = (0..fields.len()).filter(|root| wanted(&fields[*root])).collect();
        let (compressed, uncompressed) = file.sizes_of(row_groups, &roots)?;
        let rows = row_groups.iter().map(|group| file.row_group_rows(*group)).sum();
        let (file, groups, block_bytes) = (file.clone(), row_groups.to_vec(), options.block_bytes);
        let source = file.name();
        let open = move |from: u64| {
            let last = |group: &usize| (0..=*group).map(|group| file.row_group_rows(group)).sum::<u64>();
            let groups: Vec<usize> = groups.into_iter().filter(|group| last(group) >= from).collect();
            file.batches(&groups, &roots, |bytes, rows| {
                let a_row = bytes / rows.max(1);
                let fit = block_bytes as u64 / a_row.max(1);
                stillwatch_core::place(fit).clamp(1, MOST_ROWS)
            })
        };
        Ok(Self {
            source,
            fields,
            open: Some(Box::new(open)),
            batches: None,
            ready: VecDeque::new(),
            compressed,
            uncompressed,
            rows,
            read: 0,
        })
    }

    pub(crate) fn next(&mut self, from: u64) -> Option<Result<Block, IngestError>> {
        loop {
            if let Some(block) = self.ready.pop_front() {
                return Some(Ok(block));
            }
            let batches = match self.open.take() {
                None => self.batches.as_mut()?,
                Some(open) => match open(from) {
                    Ok(batches) => {
                        self.read = self.rows.saturating_sub(batches.rows());
                        self.batches.insert(batches)
                    }
                    Err(error) => return Some(Err(error)),
                },
            };
            match batches.next()? {
                Err(error) => {
                    self.batches = None;
                    return Some(Err(error));
                }
                Ok((batch, spans)) => {
                    self.read += batch.num_rows() as u64;
                    let mut at = 0;
                    for (first, count) in spans {
                        let rows = stillwatch_core::place(count);
                        let early = from.saturating_sub(first).min(count);
                        let skipped = stillwatch_core::place(early);
                        if skipped < rows {
                            let batch = batch.slice(at + skipped, rows - skipped);
                            let fields = Arc::clone(&self.fields);
                            let body = Body::Rows { first: first + early, batch, fields };
                            self.ready.push_back(Block { source: Arc::clone(&self.source), body, faults: Vec::new() });
                        }
                        at += rows;
                    }
                }
            }
        }
    }

    /// Compressed bytes of the columns, in proportion to the rows read.
    pub(crate) fn bytes(&self) -> u64 {
        self.share(self.compressed)
    }

    pub(crate) fn uncompressed_bytes(&self) -> u64 {
        self.share(self.uncompressed)
    }

    fn share(&self, bytes: u64) -> u64 {
        let share = u128::from(bytes) * u128::from(self.read.min(self.rows)) / u128::from(self.rows.max(1));
        #[expect(clippy::cast_possible_truncation, reason = "a share is not more than all")]
        let share = share as u64;
        share
    }
}

const MOST_ROWS: usize = 8192;
