//! The files of a corpus.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use stillwatch_ingest::{CorpusFormat, CorpusOptions, CorpusPlan, CorpusReader, IngestError, ParquetSource};

use super::CorpusError;
use crate::context::Context;
use crate::error::InputError;
use crate::files;
use crate::inputs::Inputs;
use crate::notice::Notice;

const ENDINGS: &[&str] =
    &["parquet", "pq", "jsonl", "ndjson", "json", "jsonlines", "csv", "tsv", "tab", "txt", "text", "md", "markdown"];

/// Which texts to read and how.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Files, patterns, folders, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// The field that holds the text, by name or JSON pointer.
    pub text: Option<String>,
    /// The field that holds what the text answers.
    pub prompt: Option<String>,
    /// The field that says where a text is from.
    pub source: Option<String>,
    /// Look at what people wrote too: the user turns of chats.
    pub people: bool,
    /// Each line of a text file is a document.
    pub lines: bool,
    /// Longer records are rejected; without it, 64 MiB.
    pub max_record_bytes: Option<usize>,
    /// So many rejected rows make a result partial; without it, 1 % of the rows, but at least 1,000.
    pub max_rejected: Option<u64>,
}

/// The files of a corpus in a stable order, and how they are read.
pub(crate) struct Files {
    pub(crate) files: Vec<CorpusFile>,
    pub(crate) options: CorpusOptions,
    pub(crate) plan: CorpusPlan,
    /// Files of folders that are called otherwise.
    skipped: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct CorpusFile {
    /// None for standard input.
    pub(crate) path: Option<PathBuf>,
    pub(crate) name: String,
    /// Zero where it is not known.
    pub(crate) bytes: u64,
}

/// BLAKE3 over what has been read of all files.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputHash(Arc<Mutex<blake3::Hasher>>);

impl Files {
    /// `others` are files that are given as something else.
    pub(crate) fn find(corpus: &Corpus, others: &[&Path], context: &Context) -> Result<Self, CorpusError> {
        let defaults = CorpusOptions::default();
        let options = CorpusOptions {
            text: corpus.text.clone(),
            prompt: corpus.prompt.clone(),
            source: corpus.source.clone(),
            people: corpus.people,
            lines: corpus.lines,
            max_record_bytes: corpus.max_record_bytes.unwrap_or(defaults.max_record_bytes),
            ..defaults
        };
        let files = Self::with(&corpus.paths, options, others)?;
        if files.skipped > 0 {
            context.notify(&Notice::CorpusFilesSkipped { files: files.skipped, endings: ENDINGS });
        }
        Ok(files)
    }

    pub(crate) fn with(paths: &[PathBuf], options: CorpusOptions, others: &[&Path]) -> Result<Self, CorpusError> {
        let plan = CorpusPlan::new(&options).map_err(CorpusError::Fields)?;
        let inputs = Inputs::find_called(paths, others, ENDINGS)?;
        if let Some(folder) = inputs.digests.first() {
            return Err(CorpusError::Digests(folder.path.clone()));
        }
        let skipped = inputs.skipped;
        let files = inputs.logs.into_iter().map(|log| CorpusFile { path: log.path, name: log.name, bytes: log.bytes });
        Ok(Self { files: files.collect(), options, plan, skipped })
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|file| file.path.as_deref())
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }

    /// Bytes of all files; zero where one is not known.
    pub(crate) fn bytes(&self) -> u64 {
        let known = self.files.iter().all(|file| file.bytes > 0);
        if known { self.files.iter().map(|file| file.bytes).sum() } else { 0 }
    }

    /// Opens a file at its beginning.
    pub(crate) fn open(&self, file: &CorpusFile, hash: &InputHash) -> Result<CorpusReader<'static>, InputError> {
        let refuse = |error: IngestError| InputError::new(&file.name, error);
        let format = CorpusFormat::of_name(&file.name);
        let Some(path) = &file.path else {
            return CorpusReader::new(hash.over(stdin()), format, &self.options, &file.name).map_err(refuse);
        };
        let open = || File::open(path).map_err(|error| InputError::new(&file.name, error));
        if is_parquet(path) {
            hash.file(path).map_err(|error| InputError::new(&file.name, error))?;
            let source = ParquetSource::open(open()?, &file.name).map_err(refuse)?;
            let row_groups: Vec<usize> = (0..source.row_groups()).collect();
            return CorpusReader::parquet(&source, &row_groups, &self.plan, &self.options).map_err(refuse);
        }
        // What is called Parquet and is not is text or JSON.
        let format = format.filter(|format| *format != CorpusFormat::Parquet);
        CorpusReader::new(hash.over(open()?), format, &self.options, &file.name).map_err(refuse)
    }
}

/// Whether a file begins like Parquet, whatever it is called.
pub(crate) fn is_parquet(path: &Path) -> bool {
    let mut first = [0; 4];
    files::open(path).is_ok_and(|mut file| file.read_exact(&mut first).is_ok()) && &first == b"PAR1"
}

impl InputHash {
    pub(crate) fn finish(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).finalize().to_string()
    }

    fn over<R: Read>(&self, inner: R) -> Hashed<R> {
        Hashed { inner, hash: self.clone() }
    }

    fn file(&self, path: &Path) -> std::io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update_reader(File::open(path)?).map(drop)
    }
}

struct Hashed<R> {
    inner: R,
    hash: InputHash,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.0.lock().unwrap_or_else(PoisonError::into_inner).update(&buffer[..count]);
        Ok(count)
    }
}
