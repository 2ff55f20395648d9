use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{ChunkReader, Length};
use arrow::array::RecordBatch;
use bytes::Bytes;

use crate::IngestError;
use crate::column_tree::ColumnTree;
use crate::columns::Canonical;
use crate::options::ReadOptions;
use crate::plan::Plan;
use crate::tally::Tally;

/// A Parquet file whose footer has been read.
///
/// Clones share the reader. A [`File`](std::fs::File) has one position for all its handles: threads that read at the
/// same time each need a file opened anew, given to [`with_reader`](Self::with_reader).
pub struct ParquetSource<R> {
    reader: Arc<R>,
    metadata: ArrowReaderMetadata,
    name: Arc<str>,
}

impl<R> Clone for ParquetSource<R> {
    fn clone(&self) -> Self {
        Self { reader: Arc::clone(&self.reader), metadata: self.metadata.clone(), name: Arc::clone(&self.name) }
    }
}

impl<R: ChunkReader + 'static> ParquetSource<R> {
    /// Reads the footer. `source` names the file in samples of rejected rows.
    pub fn open(reader: R, source: &str) -> Result<Self, IngestError> {
        let reader = Arc::new(reader);
        // Strings and times come out as the file's own types say; a writer's Arrow hints would only need converting.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = guard(|| ArrowReaderMetadata::load(&Bounded(Arc::clone(&reader)), options))?;
        Ok(Self { reader, metadata, name: source.into() })
    }

    /// The same file through another handle.
    pub fn with_reader(&self, reader: R) -> Self {
        Self { reader: Arc::new(reader), metadata: self.metadata.clone(), name: Arc::clone(&self.name) }
    }

    pub fn row_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// Rows in the whole file, as its footer says.
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows().max(0).cast_unsigned()
    }

    /// Rows in one row group.
    pub fn row_group_rows(&self, row_group: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        groups.get(row_group).map_or(0, |group| group.num_rows().max(0).cast_unsigned())
    }

    /// Reads row groups in the order given, the wanted columns only.
    pub fn read(&self, row_groups: &[usize], options: &ReadOptions) -> Result<ParquetReader, IngestError> {
        if let Some(&wanted) = row_groups.iter().find(|group| **group >= self.row_groups()) {
            return Err(IngestError::RowGroup { wanted, present: self.row_groups() });
        }
        let plan = Plan::new(options);
        let mut tally = Tally::default();
        let mut roots = Vec::new();
        let mut nodes = Vec::new();
        let mut nested = Vec::new();
        for (root, field) in self.metadata.schema().fields().iter().enumerate() {
            match plan.root.children.get(field.name()) {
                None => tally.note_unknown(field.name()),
                Some(node) if field.data_type().is_nested() && node.children.is_empty() => {
                    nested.extend_from_slice(&node.targets);
                }
                Some(node) => {
                    roots.push(root);
                    nodes.push(node.clone());
                }
            }
        }
        let batches =
            self.batches(row_groups, &roots, |uncompressed, rows| batch_rows(options.batch_rows, uncompressed, rows))?;
        tally.bytes = self.sizes_of(row_groups, &roots)?.0;
        let canonical = Canonical::new(plan, nested, Arc::clone(&self.name));
        Ok(ParquetReader { batches: Some(batches), nodes, canonical, tally })
    }

    pub(crate) fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// The names of the columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.metadata.schema().fields().iter().map(|field| field.name().as_str())
    }

    /// Some columns as they are. `batch_rows` is told their decoded bytes and rows.
    pub(crate) fn batches(
        &self,
        row_groups: &[usize],
        roots: &[usize],
        batch_rows: impl FnOnce(u64, u64) -> usize,
    ) -> Result<Batches, IngestError> {
        let (_, uncompressed) = self.sizes_of(row_groups, roots)?;
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots.iter().copied());
        let rows: u64 = row_groups.iter().map(|group| self.row_group_rows(*group)).sum();
        let reader = guard(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(Bounded(Arc::clone(&self.reader)), self.metadata.clone())
                .with_projection(mask)
                .with_row_groups(row_groups.to_vec())
                .with_batch_size(batch_rows(uncompressed, rows))
                .build()
        })?;
        let mut spans = Vec::with_capacity(row_groups.len());
        for &group in row_groups {
            let before: u64 = (0..group).map(|earlier| self.row_group_rows(earlier)).sum();
            spans.push((before + 1, self.row_group_rows(group)));
        }
        spans.reverse();
        Ok(Batches { reader: Some(reader), spans, rows })
    }

    /// Compressed and decoded bytes of some columns.
    pub(crate) fn sizes_of(&self, row_groups: &[usize], roots: &[usize]) -> Result<(u64, u64), IngestError> {
        if let Some(&wanted) = row_groups.iter().find(|group| **group >= self.row_groups()) {
            return Err(IngestError::RowGroup { wanted, present: self.row_groups() });
        }
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots.iter().copied());
        let size = |bytes: i64| bytes.max(0).cast_unsigned();
        let groups = self.metadata.metadata().row_groups();
        let columns = row_groups.iter().filter_map(|group| groups.get(*group)).flat_map(|group| {
            group.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf)).map(|(_, column)| column)
        });
        Ok(columns.fold((0, 0), |(compressed, uncompressed): (u64, u64), column| {
            (
                compressed.saturating_add(size(column.compressed_size())),
                uncompressed.saturating_add(size(column.uncompressed_size())),
            )
        }))
    }
}

/// Batches of a file's own schema, with the numbers of their rows. After an error it ends.
pub(crate) struct Batches {
    reader: Option<ParquetRecordBatchReader>,
    /// First row number and rows left of each row group, the next one last.
    spans: Vec<(u64, u64)>,
    rows: u64,
}

impl Batches {
    /// Rows in all.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// The next batch that has rows, and the spans of row numbers that it covers: first number and count.
    #[expect(clippy::type_complexity, reason = "used twice")]
    pub(crate) fn next(&mut self) -> Option<Result<(RecordBatch, Vec<(u64, u64)>), IngestError>> {
        loop {
            let reader = self.reader.as_mut()?;
            let decoded = catch_unwind(AssertUnwindSafe(|| reader.next()));
            let Ok(decoded) = decoded else {
                self.reader = None;
                return Some(Err(IngestError::ParquetDamaged(PANICKED)));
            };
            match decoded {
                None => self.reader = None,
                Some(Ok(batch)) if batch.num_rows() == 0 => {}
                Some(Ok(batch)) => {
                    let numbers = self.number(batch.num_rows());
                    return Some(Ok((batch, numbers)));
                }
                Some(Err(error)) => {
                    self.reader = None;
                    return Some(Err(IngestError::Parquet(error.into())));
                }
            }
        }
    }

    fn number(&mut self, rows: usize) -> Vec<(u64, u64)> {
        let mut left = rows as u64;
        let mut numbers = Vec::new();
        while left > 0 {
            let Some((first, count)) = self.spans.last_mut() else {
                break;
            };
            let taken = left.min(*count);
            numbers.push((*first, taken));
            (*first, *count, left) = (*first + taken, *count - taken, left - taken);
            if *count == 0 {
                self.spans.pop();
            }
        }
        numbers
    }
}

/// Batches of the canonical schema. After an error it ends.
pub struct ParquetReader {
    batches: Option<Batches>,
    /// What is wanted of each projected column.
    nodes: Vec<ColumnTree>,
    canonical: Canonical,
    tally: Tally,
}

impl ParquetReader {
    /// What has been counted so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    pub fn into_tally(self) -> Tally {
        self.tally
    }
}

impl Iterator for ParquetReader {
    type Item = Result<RecordBatch, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let batch = self.batches.as_mut()?.next()?;
            let converted =
                batch.and_then(|(batch, spans)| self.canonical.convert(&batch, &self.nodes, &spans, &mut self.tally));
            match converted {
                Ok(batch) if batch.num_rows() == 0 => {}
                Ok(batch) => return Some(Ok(batch)),
                Err(error) => {
                    self.batches = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

const PANICKED: &str = "its structure contradicts itself";
const BATCH_BYTES: u64 = 64 << 20;
const FEWEST_ROWS: u64 = 64;

/// Fewer rows where they are large, so that a batch stays near 64 MiB.
fn batch_rows(most: usize, bytes: u64, rows: u64) -> usize {
    let fit = (BATCH_BYTES / (bytes / rows.max(1)).max(1)).max(FEWEST_ROWS);
    most.clamp(1, stillwatch_core::place(fit))
}

/// Runs a decoder on hostile input; its panics become errors.
fn guard<T>(decode: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, IngestError> {
    catch_unwind(AssertUnwindSafe(decode))
        .map_err(|_| IngestError::ParquetDamaged(PANICKED))?
        .map_err(IngestError::Parquet)
}

/// A shared reader that refuses ranges outside the file, for which memory would be reserved first.
struct Bounded<R>(Arc<R>);

impl<R: ChunkReader> Bounded<R> {
    fn check(&self, start: u64, length: u64) -> Result<(), ParquetError> {
        let end = start.checked_add(length).filter(|end| *end <= self.0.len());
        end.map(|_| ()).ok_or_else(|| ParquetError::EOF("a column lies beyond the end of the file".into()))
    }
}

impl<R: ChunkReader> Length for Bounded<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<R: ChunkReader> ChunkReader for Bounded<R> {
    type T = R::T;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        self.check(start, 0)?;
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.check(start, length as u64)?;
        self.0.get_bytes(start, length)
    }
}
