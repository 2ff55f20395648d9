//! `stillwatch index`

use std::fmt::Write;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use stillwatch_audit::index::{About, IndexBuilder, Manifest, ReadAt, Served, ServedIndex, info, merge};
use stillwatch_core::{Day, Micros, Retention};
use stillwatch_digest::SourceFile;
use stillwatch_ingest::{CorpusOptions, CorpusParser, CorpusTally};
use stillwatch_report::{count, counted};
use stillwatch_run::key;
use stillwatch_run::reading::{ReadError, Reading};

use crate::atomic;
use crate::audit::PositionedFile;
use crate::cli::{Format, Index, IndexBuild, IndexInfo, IndexMerge, IndexTask};
use crate::corpus::{Files, Outcome, Pipeline};
use crate::error::{Code, Failure};
use crate::interrupt::{self, Running};
use crate::message::{note, warning};
use crate::{inputs, output};

pub(crate) fn run(arguments: &Index) -> Result<Code, Failure> {
    match &arguments.task {
        IndexTask::Build(arguments) => build(arguments),
        IndexTask::Merge(arguments) => unite(arguments),
        IndexTask::Info(arguments) => tell(arguments),
    }
}

fn build(arguments: &IndexBuild) -> Result<Code, Failure> {
    output::check(Some(&arguments.output))?;
    let common: Vec<&Path> = arguments.common.iter().map(std::path::PathBuf::as_path).collect();
    let running = Running::new();
    let reading = Reading::new(&arguments.reading.options(), &common, &running)?;
    let refuse =
        |error: stillwatch_audit::index::IndexError| Failure::runtime("the index cannot be built").because(error);
    let about = About { vendor: arguments.vendor.clone(), models: Vec::new() };
    let mut builder = IndexBuilder::new(&reading.key, about, tempfile::tempfile).with_memory(reading.memory());
    let mut withheld = 0;
    for batches in reading.batches()? {
        for batch in batches? {
            running.cancel.check().map_err(ReadError::from)?;
            let batch = batch.map_err(stillwatch_engine::EngineError::from).map_err(ReadError::from)?;
            withheld += add(&batch, &mut |output, model| {
                if let Some(model) = model {
                    builder.model(model);
                }
                builder.add(output)
            })
            .map_err(refuse)?;
        }
    }
    if !arguments.common.is_empty() {
        let files = Files::with(&arguments.common, CorpusOptions::default(), &[])?;
        let mut tally = CorpusTally::default();
        let pipeline = Pipeline::new(&files, arguments.reading.threads);
        pipeline.run(
            || Ok(CorpusParser::new(&files.plan)),
            |parser, job, tally| {
                let mut texts = Vec::new();
                let read = parser.documents(&job.block, tally, &mut |_, document| texts.push(document.text.to_owned()));
                read.map_err(|error| {
                    Failure::runtime(format!("{} cannot be read", job.block.source())).because(error)
                })?;
                Ok(texts)
            },
            |outcome: Outcome<Vec<String>>| {
                tally.merge(&outcome.tally);
                outcome.result.iter().try_for_each(|text| builder.exclude(text)).map_err(refuse)
            },
        )?;
        builder.common_source(SourceFile::whole(pipeline.input(), files.bytes()));
        super::audit::tell(&tally, None);
    }
    let counts = reading.counts()?;
    let partial = reading.finish(&counts);
    for source in reading.manifest()?.sources {
        builder.source(source);
    }
    let manifest = atomic_index(&arguments.output, |file| {
        builder.write(std::io::BufWriter::new(file)).map_err(std::io::Error::other)
    })?;
    if manifest.outputs == 0 {
        warning("the logs hold no answers: the index is empty; a field map (--map) tells where they are");
    }
    if withheld > 0 {
        note(&format!("{} left out: their retention class forbids fingerprints", counted(withheld, "answer")));
    }
    output::print(&summary(&manifest))?;
    Ok(if partial { Code::Partial } else { Code::Done })
}

/// Gives each answer of a batch to `add`; the number of answers that may not be used.
fn add<E>(batch: &RecordBatch, add: &mut impl FnMut(&Served<'_>, Option<&str>) -> Result<(), E>) -> Result<u64, E> {
    let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>().cloned());
    let (response, prompt, model) = (text("response"), text("prompt"), text("model"));
    let (request, account, retention) = (text("request_id"), text("account"), text("retention"));
    let time =
        batch.column_by_name("time").and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>().cloned());
    let Some(response) = response else { return Ok(0) };
    let mut withheld = 0;
    let value = |column: &Option<arrow::array::StringArray>, row: usize| -> Option<String> {
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
        let output = Served { text: response.value(row), prompt: prompt.as_deref(), exchange: &exchange, day };
        add(&output, model.as_deref())?;
    }
    Ok(withheld)
}

fn unite(arguments: &IndexMerge) -> Result<Code, Failure> {
    output::check(Some(&arguments.output))?;
    let key = key::load(arguments.key_file.as_deref(), interrupt::context())?;
    let open = |path: &std::path::PathBuf| -> Result<ServedIndex<PositionedFile>, Failure> {
        drop(inputs::open(path)?);
        let refuse = |error: stillwatch_audit::index::IndexError| {
            Failure::usage(format!("the index {} cannot be used", path.display())).because(error)
        };
        let file = PositionedFile::open(path).map_err(|error| refuse(error.into()))?;
        ServedIndex::open(file, &key).map_err(refuse)
    };
    let indexes = arguments.indexes.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut refused = None;
    let manifest = atomic_index(&arguments.output, |file| {
        merge(&indexes, std::io::BufWriter::new(file)).map_err(|error| {
            refused = Some(Failure::usage("the indexes cannot be united").because(error));
            std::io::ErrorKind::InvalidInput.into()
        })
    });
    if let Some(failure) = refused {
        return Err(failure);
    }
    output::print(&summary(&manifest?))?;
    Ok(Code::Done)
}

fn tell(arguments: &IndexInfo) -> Result<Code, Failure> {
    drop(inputs::open(&arguments.index)?);
    let refuse = |error: stillwatch_audit::index::IndexError| {
        Failure::usage(format!("{} is no index that can be read", arguments.index.display())).because(error)
    };
    let file = PositionedFile::open(&arguments.index).map_err(|error| refuse(error.into()))?;
    let manifest = info(&file).map_err(refuse)?;
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&manifest)
            .map(|text| text + "\n")
            .map_err(|error| Failure::runtime("the manifest cannot be written as JSON").because(error))?,
        Format::Table => {
            let bytes = file.length().unwrap_or(0);
            format!("{}{:14}{} bytes\n", summary(&manifest), "file", count(bytes))
        }
    };
    output::print(&text)?;
    Ok(Code::Done)
}

fn summary(manifest: &Manifest) -> String {
    let day = |day: Option<Day>| day.map_or_else(|| "unknown".into(), |day| day.to_string());
    let lines = [
        ("vendor", manifest.vendor.clone()),
        ("models", if manifest.models.is_empty() { "unknown".into() } else { manifest.models.join(", ") }),
        ("served", format!("{} to {}", day(manifest.first_day), day(manifest.last_day))),
        ("outputs", format!("{}, of which {} too short to be found", count(manifest.outputs), count(manifest.short))),
        ("words", count(manifest.words)),
        ("fingerprints", format!("{} of {} words", count(manifest.fingerprints), manifest.k)),
        ("key", manifest.key.clone()),
        ("sources", counted(manifest.sources.len() as u64, "file")),
        (
            "left out",
            if manifest.common.is_empty() {
                "nothing".into()
            } else {
                counted(manifest.common.len() as u64, "file of public text")
            },
        ),
    ];
    let mut text = String::new();
    for (name, value) in lines {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:14}{value}");
    }
    text
}

fn atomic_index(
    target: &Path,
    write: impl FnOnce(&mut std::fs::File) -> std::io::Result<Manifest>,
) -> Result<Manifest, Failure> {
    let mut manifest = None;
    atomic::write_with(target, |file| {
        manifest = Some(write(file)?);
        Ok(())
    })
    .map_err(|error| {
        Failure::runtime(format!("the index cannot be written to {}", target.display()))
            .because(error)
            .help("free some space or choose another place with -o; nothing half-written was left")
    })?;
    manifest.ok_or_else(|| Failure::runtime("the index was not written"))
}
