//! A corpus taken apart by what was found in its rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use stillwatch_audit::{BlockFindings, Class, Standing};
use stillwatch_ingest::CorpusTally;
use tracing::info_span;

use super::AuditError;
use super::instruments::{Search, equip};
use super::scan::Worker;
use crate::atomic::Folder;
use crate::context::Context;
use crate::corpus::{Corpus, Files, Job, Outcome, Pipeline, notify_of_rows};
use crate::notice::Notice;

/// Writes a corpus separated by what is found in its rows.
#[derive(Clone, Debug, Default)]
pub struct Split {
    pub corpus: Corpus,
    pub search: Search,
    /// The folder to write. It must not exist or be empty.
    pub output: PathBuf,
}

/// What went where.
#[derive(Clone, Debug)]
pub struct Separated {
    pub bins: Vec<(Bin, u64)>,
    /// More rows were rejected than allowed, or could not be copied, or files could not be read.
    pub is_partial: bool,
}

/// Where a row goes: its strongest evidence and whose outputs that shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bin {
    pub verdict: &'static str,
    /// Empty where nobody is named.
    pub vendor: String,
}

/// What of a block goes where: lines, or rows of a table.
struct Share {
    bin: Bin,
    rows: u64,
    content: Content,
}

enum Content {
    Bytes { header: Option<Vec<u8>>, body: Vec<u8> },
    Batch(RecordBatch),
}

impl Split {
    /// The folder appears whole or not at all.
    pub fn run(&self, context: &Context) -> Result<Separated, AuditError> {
        let _span = info_span!("split", inputs = self.corpus.paths.len()).entered();
        let others: Vec<&Path> = self.search.paths().collect();
        let mut files = Files::find(&self.corpus, &others, context)?;
        files.options.all_columns = true;
        let equipment = equip(&self.search, context)?;
        let refuse = |source: io::Error| AuditError::CorpusNotWritten { path: self.output.clone(), source };
        let folder = Folder::new(&self.output, &context.temporaries).map_err(refuse)?;
        let mut writers: BTreeMap<(usize, Bin), Part> = BTreeMap::new();
        let mut totals: BTreeMap<Bin, u64> = BTreeMap::new();
        let mut tally = CorpusTally::default();
        let pipeline = Pipeline::new(&files, self.search.threads, context);
        pipeline.run(
            || Ok::<_, AuditError>(Worker::new(&files, &equipment)),
            |worker, job, tally| {
                let found = worker.look(job, tally)?;
                shares(job, &found).map_err(refuse)
            },
            |outcome: Outcome<Vec<Share>>| {
                for share in outcome.result {
                    *totals.entry(share.bin.clone()).or_default() += share.rows;
                    // Blocks come file by file, so the parts of earlier files are complete.
                    let done: Vec<_> = writers.keys().filter(|(file, _)| *file < outcome.file).cloned().collect();
                    for key in done {
                        writers.remove(&key).map_or(Ok(()), Part::finish).map_err(refuse)?;
                    }
                    let key = (outcome.file, share.bin.clone());
                    let part = match writers.entry(key) {
                        std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                        std::collections::btree_map::Entry::Vacant(entry) => {
                            let name = &files.files[outcome.file].name;
                            entry.insert(Part::create(folder.path(), &share, outcome.file, name).map_err(refuse)?)
                        }
                    };
                    part.write(share.content).map_err(refuse)?;
                }
                tally.merge(&outcome.tally);
                Ok(())
            },
        )?;
        for part in writers.into_values() {
            part.finish().map_err(refuse)?;
        }
        let mut is_partial = notify_of_rows(&tally, self.corpus.max_rejected, context);
        let written: u64 = totals.values().sum();
        is_partial |= pipeline.failed() > 0;
        if written < tally.rows {
            context.notify(&Notice::RowsNotCopied(tally.rows - written));
            is_partial = true;
        }
        folder.commit().map_err(refuse)?;
        Ok(Separated { bins: totals.into_iter().collect(), is_partial })
    }
}

/// Deals the rows of a block out.
fn shares(job: &Job, found: &BlockFindings) -> io::Result<Vec<Share>> {
    let mut bins: BTreeMap<u64, Bin> = BTreeMap::new();
    for hit in &found.hits {
        let counts = hit.claim.is_none_or(|(_, standing)| standing == Standing::Plain);
        let (Some(verdict), true) = (verdict(hit.class), counts) else { continue };
        let bin = Bin { verdict, vendor: hit.vendor.as_deref().unwrap_or_default().to_owned() };
        let place = bins.entry(hit.spot.row).or_insert_with(|| bin.clone());
        if rank(bin.verdict) < rank(place.verdict) {
            *place = bin;
        }
    }
    let none = Bin { verdict: "none", vendor: String::new() };
    let mut all: Vec<Bin> = bins.values().cloned().chain([none.clone()]).collect();
    all.sort_unstable();
    all.dedup();
    let mut shares = Vec::new();
    for bin in all {
        let chosen = |row: u64| *bins.get(&row).unwrap_or(&none) == bin;
        let batch = job.block.select(chosen).map_err(io::Error::other)?;
        if let Some(batch) = batch {
            if batch.num_rows() > 0 {
                shares.push(Share { rows: batch.num_rows() as u64, bin, content: Content::Batch(batch) });
            }
            continue;
        }
        let mut body = Vec::new();
        let rows = job.block.write(chosen, &mut body)?;
        if rows > 0 {
            let header = job.block.header().map(<[u8]>::to_vec);
            shares.push(Share { bin, rows, content: Content::Bytes { header, body } });
        }
    }
    Ok(shares)
}

fn verdict(class: Class) -> Option<&'static str> {
    match class {
        Class::Exact => Some("exact"),
        Class::Watermark => Some("watermark"),
        Class::SelfClaim => Some("self-claim"),
        Class::Style => None,
    }
}

fn rank(verdict: &str) -> usize {
    ["exact", "watermark", "self-claim"].iter().position(|known| *known == verdict).unwrap_or(usize::MAX)
}

/// A file in the making.
enum Part {
    Bytes(BufWriter<File>),
    Table(Box<ArrowWriter<File>>),
}

impl Part {
    fn create(folder: &Path, share: &Share, number: usize, name: &str) -> io::Result<Self> {
        let mut path = folder.join(format!("verdict={}", share.bin.verdict));
        if !share.bin.vendor.is_empty() {
            path.push(format!("vendor={}", escaped(&share.bin.vendor)));
        }
        std::fs::create_dir_all(&path)?;
        path.push(format!("{:05}-{}", number + 1, plain_name(name)));
        match &share.content {
            Content::Bytes { header, .. } => {
                let mut file = BufWriter::new(File::create_new(path)?);
                let header = header.as_deref().unwrap_or_default();
                file.write_all(header)?;
                if !header.is_empty() && !header.ends_with(b"\n") {
                    file.write_all(b"\n")?;
                }
                Ok(Self::Bytes(file))
            }
            Content::Batch(batch) => {
                let level = ZstdLevel::try_new(3).unwrap_or_default();
                let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
                let writer = ArrowWriter::try_new(File::create_new(path)?, batch.schema(), Some(properties))?;
                Ok(Self::Table(Box::new(writer)))
            }
        }
    }

    fn write(&mut self, content: Content) -> io::Result<()> {
        match (self, content) {
            (Self::Bytes(file), Content::Bytes { body, .. }) => file.write_all(&body),
            (Self::Table(writer), Content::Batch(batch)) => Ok(writer.write(&batch)?),
            _ => Err(io::Error::other("a file changed its form")),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Bytes(file) => file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all(),
            Self::Table(writer) => writer.into_inner()?.sync_all(),
        }
    }
}

/// The file's own name, without the ending of a compression that is no longer there.
fn plain_name(name: &str) -> String {
    let name = Path::new(name).file_name().map_or_else(|| "stdin".into(), |name| name.to_string_lossy().into_owned());
    let plain = [".gz", ".gzip", ".zst", ".zstd"].iter().find_map(|ending| name.strip_suffix(ending));
    let name = plain.unwrap_or(&name).to_owned();
    if name == "standard input" { "stdin.jsonl".into() } else { name }
}

/// What Hive writes for characters that a folder's name cannot hold.
fn escaped(value: &str) -> String {
    let special = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | '=' | '%' | ':' | '"' | '\'' | '?' | '*' | '#' | '{' | '}' | '[' | ']' | '^')
    };
    value
        .chars()
        .flat_map(|c| {
            if special(c) { format!("%{:02X}", u32::from(c)) } else { c.to_string() }.chars().collect::<Vec<_>>()
        })
        .collect()
}
