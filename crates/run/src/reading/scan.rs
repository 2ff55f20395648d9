//! Opens units: files of this machine as batches of exchanges or of digests, counted on the way.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, stdin};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use stillwatch_core::{KeyId, Micros, Progress, Window};
use stillwatch_digest::{Part, SourceFile};
use stillwatch_engine::{
    Batches, Content, DigestReader, Encoding, Location, LogContent, Origin, Scan, SourceError, Unit, UnitFile,
};
use stillwatch_ingest::{
    EdgeLog, FieldMap, IngestError, LogSource, ParquetReader, ParquetSource, ReadOptions, Recognised, SessionLimits,
    Tally, TextReader,
};

use crate::error::InputError;
use crate::logs::{self, Joined, WAITING_SHARE};

/// Opens units that lie on this machine, for any number of partitions.
pub struct FileScan(Arc<Opener>);

/// What the threads that read have in common.
struct Opener {
    key: KeyId,
    /// Bytes of memory of the whole run.
    memory: usize,
    edge: Option<EdgeLog>,
    progress: Arc<dyn Progress>,
    shared: Arc<Shared>,
}

impl FileScan {
    /// Digests must be of this key; halves of exchanges wait for each other in a part of this memory, in bytes. What
    /// exchanges lack is filled from the edge log.
    pub fn new(key: KeyId, memory: usize, edge: Option<EdgeLog>, progress: Arc<dyn Progress>) -> Self {
        Self(Arc::new(Opener { key, memory, edge, progress, shared: Arc::default() }))
    }

    /// What was counted of all units that are done.
    pub fn tally(&self) -> Tally {
        self.0.shared.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Standard input, once it has been read.
    pub(super) fn stdin(&self) -> Option<SourceFile> {
        self.0.shared.stdin.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What has been seen of all units so far.
#[derive(Default)]
struct Shared {
    tally: Mutex<Tally>,
    stdin: Mutex<Option<SourceFile>>,
}

/// Why a unit cannot be opened here.
#[derive(Debug, thiserror::Error)]
enum UnitError {
    #[error("it is of no source that this version reads: {0}")]
    UnknownSource(String),
    #[error("it is at an address that this process cannot open")]
    Address,
    #[error("its digests are of key {0}, and this process has another")]
    OtherKey(String),
    #[error("it has several files or none, where one is read")]
    Files,
    #[error("its part does not fit its format")]
    Part,
}

impl Scan for FileScan {
    fn open(&self, unit: &Unit) -> Result<Batches, SourceError> {
        let refuse = |error: SourceError| InputError::new(unit.name(), error);
        Ok(match &unit.content {
            Content::Digests { key } => self.0.digests(unit, key).map_err(refuse)?,
            Content::Log(content) => self.0.log(unit, content).map_err(refuse)?,
        })
    }
}

impl Opener {
    fn digests(&self, unit: &Unit, key: &str) -> Result<Batches, SourceError> {
        if *key != self.key.to_string() {
            return Err(UnitError::OtherKey(key.to_owned()).into());
        }
        let [file] = unit.files.as_slice() else { return Err(UnitError::Files.into()) };
        let batches = DigestReader::new(open(file)?, self.key)?.into_batches();
        let name = unit.name();
        Ok(Box::new(batches.map(move |batch| batch.map_err(|error| InputError::new(&name, error).into()))))
    }

    fn log(self: &Arc<Self>, unit: &Unit, content: &LogContent) -> Result<Batches, SourceError> {
        let mut options = self.options(content)?;
        let name = unit.name();
        let [file] = unit.files.as_slice() else {
            return match (content.encoding, content.part, unit.files.is_empty()) {
                (Encoding::Text, None, false) => Ok(self.counted(Joined::new(unit.files.clone(), options), name, 0)),
                _ => Err(UnitError::Files.into()),
            };
        };
        options.hive.clone_from(&file.columns);
        match (content.encoding, content.part, &file.location) {
            (Encoding::Parquet, Some(Part::RowGroups { first, end }), _) => {
                let input = open(file)?;
                let bytes = input.metadata()?.len();
                let source = ParquetSource::open(input, &file.name)?;
                let groups: Vec<usize> = (first..end).map(usize::try_from).collect::<Result<_, _>>()?;
                let bytes_a_row = bytes / source.rows().max(1);
                Ok(self.counted(source.read(&groups, &options)?, name, bytes_a_row))
            }
            (Encoding::Parquet, None, Location::Path(path)) => {
                Ok(self.counted(logs::open(path, &options, &file.name)?, name, 0))
            }
            (Encoding::Text, None, Location::StandardInput) => {
                let input = Hashed { inner: stdin(), hasher: blake3::Hasher::new(), shared: Arc::clone(&self.shared) };
                let reader = TextReader::new(input, None, &options, &file.name)?;
                Ok(self.counted(reader, name, 0))
            }
            (Encoding::Text, None, _) => {
                let reader = TextReader::new(open(file)?, None, &options, &file.name)?;
                Ok(self.counted(reader, name, 0))
            }
            (Encoding::Text, Some(Part::Bytes { first, end }), _) => {
                let mut input = open(file)?;
                input.seek(SeekFrom::Start(first))?;
                // Rows are counted from the beginning of the part, which samples of rejected rows say.
                let from = if first == 0 { file.name.clone() } else { format!("{} from byte {first}", file.name) };
                let reader = TextReader::new(input.take(end.saturating_sub(first)), None, &options, &from)?;
                Ok(self.counted(reader, name, 0))
            }
            _ => Err(UnitError::Part.into()),
        }
    }

    fn options(&self, content: &LogContent) -> Result<ReadOptions, SourceError> {
        let source = match &content.origin {
            Origin::Unknown => None,
            Origin::Canonical => Some(Recognised::CANONICAL),
            Origin::Source { name, parts } => {
                let source = LogSource::named(name).ok_or_else(|| UnitError::UnknownSource(name.clone()))?;
                Some(Recognised { source: Some(source), parts: *parts })
            }
        };
        Ok(ReadOptions {
            map: content.mapping.as_deref().map(FieldMap::parse).transpose()?.unwrap_or_default(),
            window: Window { since: content.since.map(Micros), until: content.until.map(Micros) },
            source,
            limits: SessionLimits { budget: self.memory / WAITING_SHARE, latest: content.latest },
            ..ReadOptions::default()
        })
    }

    fn counted(self: &Arc<Self>, reader: impl Tallied + 'static, name: String, bytes_a_row: u64) -> Batches {
        let scan = Arc::clone(self);
        Box::new(Counted { reader, name, scan, bytes_a_row, enriched: Tally::default(), bytes: 0, rows: 0 })
    }
}

/// Opens a file of a unit, where it is a file of this machine.
fn open(file: &UnitFile) -> Result<File, SourceError> {
    match &file.location {
        Location::Path(path) => Ok(File::open(path)?),
        Location::Url(_) | Location::StandardInput => Err(UnitError::Address.into()),
    }
}

/// A reader of batches that counts.
trait Tallied: Iterator<Item = Result<RecordBatch, IngestError>> + Send {
    fn tally(&self) -> &Tally;
}

impl Tallied for ParquetReader {
    fn tally(&self) -> &Tally {
        self.tally()
    }
}

impl Tallied for Joined {
    fn tally(&self) -> &Tally {
        self.tally()
    }
}

impl Tallied for TextReader<'_> {
    fn tally(&self) -> &Tally {
        self.tally()
    }
}

/// Passes batches on, fills them from the edge log, and adds what was counted to the whole when it ends.
struct Counted<R: Tallied> {
    reader: R,
    name: String,
    scan: Arc<Opener>,
    /// For the progress bar; zero where the reader knows better.
    bytes_a_row: u64,
    enriched: Tally,
    bytes: u64,
    rows: u64,
}

impl<R: Tallied> Iterator for Counted<R> {
    type Item = Result<RecordBatch, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next();
        let tally = self.reader.tally();
        let bytes = if self.bytes_a_row == 0 { tally.bytes } else { tally.rows * self.bytes_a_row };
        self.scan.progress.advance(bytes.saturating_sub(self.bytes));
        self.scan.progress.also("rows", tally.rows.saturating_sub(self.rows));
        (self.bytes, self.rows) = (bytes, tally.rows);
        Some(match batch? {
            Ok(batch) => Ok(match &self.scan.edge {
                Some(edge) => {
                    let filled = edge.enrich(batch.clone());
                    self.enriched.note_enriched(&batch, &filled);
                    filled
                }
                None => batch,
            }),
            Err(error) => Err(InputError::new(&self.name, error).into()),
        })
    }
}

impl<R: Tallied> Drop for Counted<R> {
    fn drop(&mut self) {
        let mut whole = self.scan.shared.tally.lock().unwrap_or_else(PoisonError::into_inner);
        whole.merge(self.reader.tally());
        whole.merge(&self.enriched);
    }
}

/// Hashes what passes, and leaves the hash behind at the end.
struct Hashed<R> {
    inner: R,
    hasher: blake3::Hasher,
    shared: Arc<Shared>,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

impl<R> Drop for Hashed<R> {
    fn drop(&mut self) {
        let source = SourceFile::whole(self.hasher.finalize().to_string(), self.hasher.count());
        *self.shared.stdin.lock().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }
}
