//! The ledger: every hit with its place, rule and version, as Parquet. It is written in parts, one a checkpoint, which
//! become one file at the end.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Builder, RecordBatch, StringBuilder, UInt32Builder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use stillwatch_audit::{Hit, Standing};

use super::AuditError;
use super::exclusions::Exclusions;
use crate::atomic::{self, Temporaries};
use crate::platform;

/// Of files that may hold text.
const PRIVATE: u32 = 0o600;
/// Hits that are held before they are written.
const MOST_HELD: usize = 1 << 18;

/// Hits on their way to a file.
pub(crate) struct Ledger {
    folder: PathBuf,
    parts: u32,
    columns: Columns,
    show_text: bool,
}

impl Ledger {
    /// Keeps its parts in a folder, of which this many are there already.
    pub(crate) fn new(folder: &Path, parts: u32, show_text: bool) -> Self {
        Self { folder: folder.into(), parts, columns: Columns::default(), show_text }
    }

    pub(crate) fn add(&mut self, file: &str, hits: &[Hit]) -> Result<(), AuditError> {
        for hit in hits {
            self.columns.add(file, hit);
        }
        if self.columns.file.len() >= MOST_HELD { self.flush() } else { Ok(()) }
    }

    /// Parts that are on disk once [`flush`](Self::flush) has returned.
    pub(crate) fn parts(&self) -> u32 {
        self.parts
    }

    /// Writes what is held as a part of its own, synced.
    pub(crate) fn flush(&mut self) -> Result<(), AuditError> {
        if self.columns.file.is_empty() {
            return Ok(());
        }
        let batch = self.columns.finish(self.show_text).map_err(refuse)?;
        let path = self.part(self.parts);
        let write = || -> io::Result<()> {
            let mut options = File::options();
            options.write(true).create(true).truncate(true);
            let file = platform::with_mode(&mut options, PRIVATE).open(&path)?;
            let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties()))?;
            writer.write(&batch)?;
            writer.into_inner()?.sync_all()
        };
        write().map_err(refuse)?;
        self.parts += 1;
        Ok(())
    }

    /// Writes the rows in which outputs were found, to leave them out of training: one line a row, in the order of the
    /// corpus, with the strongest evidence of it.
    pub(crate) fn exclusions(&mut self, target: &Path, temporaries: &Temporaries) -> Result<(), AuditError> {
        self.flush()?;
        atomic::write_with(target, temporaries, |file| {
            let mut list = Exclusions::new(io::BufWriter::new(file))?;
            for part in 0..self.parts {
                let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(self.part(part))?)?.build()?;
                for batch in reader {
                    list.add(&batch.map_err(io::Error::other)?)?;
                }
            }
            list.finish()
        })
        .map_err(refuse)
    }

    /// Unites the parts in one file, which appears whole or not at all.
    pub(crate) fn finish(mut self, target: &Path, temporaries: &Temporaries) -> Result<(), AuditError> {
        self.flush()?;
        let schema = schema(self.show_text);
        let show_text = self.show_text;
        atomic::write_with(target, temporaries, |file| {
            if show_text {
                platform::set_mode(file, PRIVATE)?;
            }
            let mut writer = ArrowWriter::try_new(file, schema, Some(properties()))?;
            for part in 0..self.parts {
                let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(self.part(part))?)?.build()?;
                for batch in reader {
                    writer.write(&batch.map_err(io::Error::other)?)?;
                }
            }
            writer.close()?;
            Ok(())
        })
        .map_err(refuse)
    }

    fn part(&self, number: u32) -> PathBuf {
        self.folder.join(format!("ledger-{number:06}.parquet"))
    }
}

fn refuse(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AuditError {
    AuditError::Ledger(error.into())
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(3).unwrap_or_default();
    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build()
}

fn schema(show_text: bool) -> SchemaRef {
    let field = |name: &str, kind: DataType, null: bool| Field::new(name, kind, null);
    let mut fields = vec![
        field("file", DataType::Utf8, false),
        field("row", DataType::UInt64, false),
        field("turn", DataType::UInt32, false),
        field("start", DataType::UInt64, false),
        field("end", DataType::UInt64, false),
        field("class", DataType::Utf8, false),
        field("rule", DataType::Utf8, false),
        field("rule_version", DataType::UInt32, false),
        field("vendor", DataType::Utf8, true),
        field("standing", DataType::Utf8, true),
        field("source", DataType::Utf8, true),
        field("matched", DataType::Utf8, true),
        field("passage", DataType::Utf8, false),
        field("strength", DataType::Float64, true),
    ];
    if show_text {
        fields.push(field("text", DataType::Utf8, true));
    }
    Arc::new(Schema::new(fields))
}

#[derive(Default)]
struct Columns {
    file: StringBuilder,
    row: UInt64Builder,
    turn: UInt32Builder,
    start: UInt64Builder,
    end: UInt64Builder,
    class: StringBuilder,
    rule: StringBuilder,
    version: UInt32Builder,
    vendor: StringBuilder,
    standing: StringBuilder,
    source: StringBuilder,
    matched: StringBuilder,
    passage: StringBuilder,
    strength: Float64Builder,
    text: StringBuilder,
}

impl Columns {
    fn add(&mut self, file: &str, hit: &Hit) {
        self.file.append_value(file);
        self.row.append_value(hit.spot.row);
        self.turn.append_value(hit.spot.turn);
        self.start.append_value(hit.span.start);
        self.end.append_value(hit.span.end);
        self.class.append_value(hit.class.letter().to_string());
        self.rule.append_value(hit.rule.name);
        self.version.append_value(hit.rule.version);
        self.vendor.append_option(hit.vendor.as_deref());
        self.standing.append_option(hit.claim.map(|(_, standing)| standing_name(standing)));
        self.source.append_option(hit.source.as_deref());
        self.matched.append_option(hit.matched.as_deref());
        self.passage.append_value(format!("{:016x}", hit.passage));
        self.strength.append_option(hit.strength);
        self.text.append_option(hit.text.as_ref().map(|text| text.expose().as_str()));
    }

    fn finish(&mut self, show_text: bool) -> Result<RecordBatch, arrow::error::ArrowError> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.file.finish()),
            Arc::new(self.row.finish()),
            Arc::new(self.turn.finish()),
            Arc::new(self.start.finish()),
            Arc::new(self.end.finish()),
            Arc::new(self.class.finish()),
            Arc::new(self.rule.finish()),
            Arc::new(self.version.finish()),
            Arc::new(self.vendor.finish()),
            Arc::new(self.standing.finish()),
            Arc::new(self.source.finish()),
            Arc::new(self.matched.finish()),
            Arc::new(self.passage.finish()),
            Arc::new(self.strength.finish()),
        ];
        let text = self.text.finish();
        if show_text {
            columns.push(Arc::new(text) as Arc<dyn Array>);
        }
        RecordBatch::try_new(schema(show_text), columns)
    }
}

fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Plain => "plain",
        Standing::Elicited => "elicited",
        Standing::Denied => "denied",
        Standing::Supposed => "supposed",
        Standing::Quoted => "quoted",
        Standing::Person => "person",
    }
}

trait IsEmpty {
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl IsEmpty for StringBuilder {
    fn len(&self) -> usize {
        arrow::array::ArrayBuilder::len(self)
    }
}
