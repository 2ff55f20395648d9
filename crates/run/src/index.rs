//! Indexes of served outputs: built from logs, united, told about.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::TimestampMicrosecondType;
use stillwatch_audit::index::{About, IndexBuilder, IndexError, Manifest, ReadAt, Served, ServedIndex, info, merge};
use stillwatch_core::{Cancelled, Day, Key, Micros, Retention};
use stillwatch_digest::SourceFile;
use stillwatch_engine::EngineError;
use stillwatch_ingest::{CorpusOptions, CorpusParser, CorpusTally};
use tracing::info_span;

use crate::atomic::{self, Cancellable};
use crate::audit::PositionedFile;
use crate::context::Context;
use crate::corpus::{Corpus, CorpusError, Files, Outcome, Pipeline, notify_of_rows};
use crate::error::{Fault, RunError};
use crate::files::{self, FileError};
use crate::key::KeyFileError;
use crate::notice::Notice;
use crate::reading::{KeyChoice, LogOptions, ReadError, Reading};

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
pub enum IndexRunError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error("the index cannot be built")]
    Build(#[source] IndexError),
    #[error("the index {} cannot be used", .path.display())]
    Unusable { path: PathBuf, source: IndexError },
    #[error("{} is no index that can be read", .path.display())]
    Unreadable { path: PathBuf, source: IndexError },
    #[error("the indexes cannot be united")]
    Merge(#[source] IndexError),
    #[error("the index cannot be written to {}", .path.display())]
    NotWritten { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl IndexRunError {
    fn build(error: IndexError) -> Self {
        match error {
            IndexError::Cancelled(cancelled) => cancelled.into(),
            error => Self::Build(error),
        }
    }
}

impl RunError for IndexRunError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read(error) => error.fault(),
            Self::Corpus(error) => error.fault(),
            Self::File(error) => error.fault(),
            Self::Key(error) => error.fault(),
            Self::Unusable { .. } | Self::Unreadable { .. } | Self::Merge(_) => Fault::Request,
            Self::Build(_) | Self::NotWritten { .. } => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Read(error) => error.help(),
            Self::Corpus(error) => error.help(),
            Self::File(error) => error.help(),
            Self::Key(error) => error.help(),
            Self::NotWritten { .. } => {
                Some("free some space or choose another place with -o; nothing half-written was left".into())
            }
            _ => None,
        }
    }
}

/// Fingerprints the answers of exchange logs.
#[derive(Clone, Debug, Default)]
pub struct Build {
    pub logs: LogOptions,
    /// Whose outputs they are.
    pub vendor: String,
    /// Public texts whose passages are left out.
    pub common: Vec<PathBuf>,
    /// The shorter layer too, for passages that are short or broken.
    pub short_passages: bool,
    /// The files are a data set and no logs; these fields hold its texts.
    pub data_set: Option<Fields>,
    /// The file to write; it appears whole or not at all.
    pub output: PathBuf,
}

/// Fields of a data set by name or JSON pointer; without a name, those that an audit reads.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pub text: Option<String>,
    pub prompt: Option<String>,
}

/// An index that was built.
#[derive(Clone, Debug)]
pub struct Built {
    pub manifest: Manifest,
    /// More rows were rejected than allowed, or all of them.
    pub is_partial: bool,
}

/// A builder that spills to files without a name.
type Builder = IndexBuilder<fn() -> io::Result<File>, File>;

impl Build {
    pub fn run(&self, context: &Context) -> Result<Built, IndexRunError> {
        let _span = info_span!("index_build", inputs = self.logs.logs.len()).entered();
        match &self.data_set {
            Some(fields) => self.of_data_set(fields, context),
            None => self.of_logs(context),
        }
    }

    fn of_logs(&self, context: &Context) -> Result<Built, IndexRunError> {
        let common: Vec<&Path> = self.common.iter().map(PathBuf::as_path).collect();
        let reading = Reading::new(&self.logs, &common, context)?;
        let mut builder = self.builder(&reading.key, reading.memory(), context);
        let mut withheld = 0;
        for batches in reading.batches()? {
            for batch in batches? {
                context.cancel.check()?;
                let batch = batch.map_err(EngineError::from).map_err(ReadError::from)?;
                withheld += add(&batch, &mut |output, system, model| {
                    if let Some(model) = model {
                        builder.model(model);
                    }
                    builder.add_under(output, system)
                })
                .map_err(IndexRunError::build)?;
            }
        }
        let common_failed = self.exclude_common(&mut builder, context)?;
        let counts = reading.counts()?;
        let is_partial = reading.finish(&counts) || common_failed;
        for source in reading.manifest()?.sources {
            builder.source(source);
        }
        if withheld > 0 {
            context.notify(&Notice::AnswersWithheld(withheld));
        }
        self.write(builder, is_partial, context)
    }

    /// An index of the texts of a data set: a benchmark, a licensed corpus, answers that were collected elsewhere.
    fn of_data_set(&self, fields: &Fields, context: &Context) -> Result<Built, IndexRunError> {
        let corpus = Corpus {
            paths: self.logs.logs.clone(),
            text: fields.text.clone(),
            prompt: fields.prompt.clone(),
            max_rejected: self.logs.max_rejected,
            ..Corpus::default()
        };
        let others: Vec<&Path> = self.common.iter().map(PathBuf::as_path).collect();
        let files = Files::find(&corpus, &others, context)?;
        let key = self.logs.means.key.load(context)?;
        let mut builder = self.builder(&key, self.logs.means.memory(), context);
        let mut tally = CorpusTally::default();
        let pipeline = Pipeline::new(&files, self.logs.means.threads, context);
        pipeline.run(
            || Ok::<_, IndexRunError>(CorpusParser::new(&files.plan)),
            |parser, job, tally| {
                let mut texts = Vec::new();
                parser
                    .documents(&job.block, tally, &mut |place, document| {
                        texts.push(Text {
                            exchange: format!("{}\0{}\0{}", job.file, place.row, place.turn),
                            text: document.text.to_owned(),
                            prompt: document.prompt.map(str::to_owned),
                            system: document.system.map(str::to_owned),
                        });
                    })
                    .map_err(|source| CorpusError::Block { name: job.block.source().to_string(), source })?;
                Ok(texts)
            },
            |outcome: Outcome<Vec<Text>>| {
                tally.merge(&outcome.tally);
                outcome.result.iter().try_for_each(|text| {
                    let (prompt, exchange) = (text.prompt.as_deref(), text.exchange.as_str());
                    let served = Served { text: &text.text, prompt, exchange, day: None };
                    builder.add_under(&served, text.system.as_deref()).map_err(IndexRunError::build)
                })
            },
        )?;
        builder.source(SourceFile::whole(pipeline.input(), files.bytes()));
        let is_partial = notify_of_rows(&tally, self.logs.max_rejected, context) || pipeline.failed() > 0;
        let common_failed = self.exclude_common(&mut builder, context)?;
        self.write(builder, is_partial || common_failed, context)
    }

    fn builder(&self, key: &Key, memory: usize, context: &Context) -> Builder {
        let about = About { vendor: self.vendor.clone(), models: Vec::new() };
        let builder: Builder = IndexBuilder::new(key, about, tempfile::tempfile);
        let builder = if self.short_passages { builder.with_shorter() } else { builder };
        builder.with_memory(memory).with_cancel(context.cancel.clone())
    }

    /// Leaves out public texts; whether one of their files could not be read.
    fn exclude_common(&self, builder: &mut Builder, context: &Context) -> Result<bool, IndexRunError> {
        if self.common.is_empty() {
            return Ok(false);
        }
        let files = Files::with(&self.common, CorpusOptions::default(), &[])?;
        let mut tally = CorpusTally::default();
        let pipeline = Pipeline::new(&files, self.logs.means.threads, context);
        pipeline.run(
            || Ok::<_, IndexRunError>(CorpusParser::new(&files.plan)),
            |parser, job, tally| {
                let mut texts = Vec::new();
                parser
                    .documents(&job.block, tally, &mut |_, document| texts.push(document.text.to_owned()))
                    .map_err(|source| CorpusError::Block { name: job.block.source().to_string(), source })?;
                Ok(texts)
            },
            |outcome: Outcome<Vec<String>>| {
                tally.merge(&outcome.tally);
                let texts = outcome.result.iter();
                texts.map(|text| builder.exclude(text)).try_for_each(|done| done.map_err(IndexRunError::build))
            },
        )?;
        builder.common_source(SourceFile::whole(pipeline.input(), files.bytes()));
        notify_of_rows(&tally, None, context);
        Ok(pipeline.failed() > 0)
    }

    fn write(&self, builder: Builder, is_partial: bool, context: &Context) -> Result<Built, IndexRunError> {
        let manifest = write(&self.output, context, |file| {
            builder.write(BufWriter::new(Cancellable::new(file, &context.cancel))).map_err(io::Error::other)
        })?;
        if manifest.outputs == 0 {
            context.notify(&Notice::NoAnswers);
        }
        // An index of nothing finds nothing.
        let is_partial = is_partial || manifest.outputs == 0;
        Ok(Built { manifest, is_partial })
    }
}

/// A text of a data set. It holds text, so it implements no `Debug`.
struct Text {
    exchange: String,
    text: String,
    prompt: Option<String>,
    system: Option<String>,
}

/// Gives each answer of a batch to `add`; the number of answers that may not be used.
fn add<E>(
    batch: &RecordBatch,
    add: &mut impl FnMut(&Served<'_>, Option<&str>, Option<&str>) -> Result<(), E>,
) -> Result<u64, E> {
    let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>().cloned());
    let (response, prompt, model) = (text("response"), text("prompt"), text("model"));
    let system = text("system");
    let (request, account, retention) = (text("request_id"), text("account"), text("retention"));
    let time =
        batch.column_by_name("time").and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>().cloned());
    let Some(response) = response else { return Ok(0) };
    let mut withheld = 0;
    let value = |column: &Option<StringArray>, row: usize| -> Option<String> {
        column.as_ref().filter(|column| column.is_valid(row)).map(|column| column.value(row).to_owned())
    };
    for row in (0..batch.num_rows()).filter(|row| response.is_valid(*row)) {
        let allowed = value(&retention, row).and_then(|word| Retention::parse(&word)).unwrap_or_default();
        if allowed < Retention::FingerprintOnly {
            withheld += 1;
            continue;
        }
        let moment = time.as_ref().filter(|time| time.is_valid(row)).map(|time| Micros(time.value(row)));
        let exchange = [value(&account, row), value(&request, row), moment.map(|moment| moment.0.to_string())];
        let exchange = exchange.map(Option::unwrap_or_default).join("\0");
        let (prompt, model) = (value(&prompt, row), value(&model, row));
        let day: Option<Day> = moment.map(Micros::day);
        let system = value(&system, row);
        let output = Served { text: response.value(row), prompt: prompt.as_deref(), exchange: &exchange, day };
        add(&output, system.as_deref(), model.as_deref())?;
    }
    Ok(withheld)
}

/// Unites indexes of the same key and vendor.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    pub indexes: Vec<PathBuf>,
    /// The key under which they were built.
    pub key: KeyChoice,
    /// The file to write; it appears whole or not at all.
    pub output: PathBuf,
}

impl Merge {
    pub fn run(&self, context: &Context) -> Result<Manifest, IndexRunError> {
        let _span = info_span!("index_merge", indexes = self.indexes.len()).entered();
        let key = self.key.load(context)?;
        let open = |path: &PathBuf| -> Result<ServedIndex<PositionedFile>, IndexRunError> {
            drop(files::open(path)?);
            let refuse = |source: IndexError| IndexRunError::Unusable { path: path.clone(), source };
            let file = PositionedFile::open(path).map_err(|error| refuse(error.into()))?;
            ServedIndex::open(file, &key).map_err(refuse)
        };
        let indexes = self.indexes.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let mut refused = None;
        let manifest = write(&self.output, context, |file| {
            merge(&indexes, BufWriter::new(Cancellable::new(file, &context.cancel))).map_err(|error| {
                refused = Some(IndexRunError::Merge(error));
                io::ErrorKind::InvalidInput.into()
            })
        });
        match refused {
            Some(_) if context.cancel.is_cancelled() => Err(Cancelled.into()),
            Some(error) => Err(error),
            None => manifest,
        }
    }
}

/// What an index holds, and its bytes.
pub fn manifest_of(path: &Path) -> Result<(Manifest, u64), IndexRunError> {
    drop(files::open(path)?);
    let refuse = |source: IndexError| IndexRunError::Unreadable { path: path.into(), source };
    let file = PositionedFile::open(path).map_err(|error| refuse(error.into()))?;
    let manifest = info(&file).map_err(refuse)?;
    Ok((manifest, file.length().unwrap_or(0)))
}

fn write(
    target: &Path,
    context: &Context,
    write: impl FnOnce(&mut File) -> io::Result<Manifest>,
) -> Result<Manifest, IndexRunError> {
    let refuse = |source: io::Error| IndexRunError::NotWritten { path: target.into(), source };
    let mut manifest = None;
    let written = atomic::write_with(target, &context.temporaries, |file| {
        manifest = Some(write(file)?);
        Ok(())
    });
    if let Err(error) = written {
        // A cancelled run ends in an error of its writer; nothing half-written was left.
        context.cancel.check()?;
        return Err(refuse(error));
    }
    manifest.ok_or_else(|| refuse(io::Error::other("nothing was written")))
}
