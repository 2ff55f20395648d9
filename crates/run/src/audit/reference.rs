//! Labelled texts: what style is learned from, and what measures how often an index matches by chance.

use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use serde::{Deserialize, Serialize};
use stillwatch_audit::Instruments;
use stillwatch_audit::index::{Matcher, Overlaps, ServedIndex};
use stillwatch_audit::recycling::{CommonWords, Gauge, UniformitySum, words};
use stillwatch_audit::style::HUMAN;
use stillwatch_audit::watermark::{Content, CorpusSample, WatermarkError};
use stillwatch_core::compared_name;
use stillwatch_ingest::{CorpusOptions, CorpusParser, CorpusTally};

use super::{InstrumentError, PositionedFile};
use crate::atomic;
use crate::context::Context;
use crate::corpus::{CorpusError, Files, Job, Outcome, Pipeline};
use crate::files;

/// The model of style in a folder of labelled texts.
pub(crate) const STYLE_FILE: &str = "style.model";
/// What people's texts are like, in the same folder.
pub(crate) const HUMAN_FILE: &str = "human.json";
const HUMAN_SCHEMA: &str = "stillwatch.human-reference/1";

/// A text whose author is known. It holds text, so it implements no `Debug`.
pub(crate) struct Labelled {
    pub(crate) text: String,
    pub(crate) label: Label,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) family: String,
    pub(crate) maker: String,
    pub(crate) date: Option<String>,
    pub(crate) domain: String,
    pub(crate) group: String,
}

/// What people's texts are like: measures and word hashes, no text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HumanReference {
    schema: String,
    pub(crate) uniformity: UniformitySum,
    pub(crate) common: Vec<u64>,
}

impl HumanReference {
    /// Of all texts by people.
    pub(crate) fn of(texts: &[Labelled]) -> Self {
        let human = || texts.iter().filter(|text| text.label.family == HUMAN);
        let mut counts = std::collections::BTreeMap::<u64, u64>::new();
        for text in human() {
            words(text.text.as_bytes()).for_each(|word| *counts.entry(word).or_default() += 1);
        }
        let common = CommonWords::most_frequent(counts);
        let mut gauge = Gauge::default();
        for text in human() {
            gauge.add(&text.text, Some(&common));
        }
        Self { schema: HUMAN_SCHEMA.into(), uniformity: gauge.finish(), common: common.to_vec() }
    }

    pub(crate) fn read(path: &Path) -> Result<Self, InstrumentError> {
        let reference: Self = serde_json::from_str(&files::read_text(path)?)
            .map_err(|source| InstrumentError::HumanReference { path: path.into(), source })?;
        if reference.schema == HUMAN_SCHEMA {
            Ok(reference)
        } else {
            Err(InstrumentError::OtherHumanReference(path.into()))
        }
    }

    pub(crate) fn write(&self, path: &Path, context: &Context) -> Result<(), InstrumentError> {
        let refuse = |source: std::io::Error| InstrumentError::NotWritten { path: path.into(), source };
        let text = serde_json::to_string(self).map_err(|error| refuse(error.into()))?;
        atomic::write(path, text.as_bytes(), &context.temporaries).map_err(refuse)
    }
}

/// Reads all labelled texts of a folder. Where a record does not say, the folders that its file lies in do:
/// `FAMILY/MAKER/DOMAIN.jsonl`. Also says whether a file could not be read.
pub(crate) fn read(
    folder: &Path,
    text: Option<&str>,
    threads: Option<NonZeroUsize>,
    context: &Context,
) -> Result<(Vec<Labelled>, CorpusTally, bool), InstrumentError> {
    let files = texts_of(folder, text)?;
    let labels: Vec<Label> = files.files.iter().map(|file| of_path(folder, file.path.as_deref())).collect();
    let (mut texts, mut tally) = (Vec::new(), CorpusTally::default());
    let pipeline = Pipeline::new(&files, threads, context);
    pipeline.run(
        || Ok(CorpusParser::new(&files.plan)),
        |parser, job, tally| labelled(parser, job, tally, &labels[job.file]).map_err(InstrumentError::from),
        |outcome: Outcome<Vec<Labelled>>| {
            tally.merge(&outcome.tally);
            texts.extend(outcome.result);
            Ok(())
        },
    )?;
    Ok((texts, tally, pipeline.failed() > 0))
}

/// What documents that are certainly not the vendor's have in common with an index.
pub(crate) fn background(
    texts: &[Labelled],
    vendor: &str,
    index: &ServedIndex<PositionedFile>,
    context: &Context,
) -> Result<Overlaps, InstrumentError> {
    let mut matcher = Matcher::new(index);
    let mut overlaps = Overlaps::default();
    let vendor = compared_name(vendor);
    for text in texts.iter().filter(|text| compared_name(&text.label.family) != vendor) {
        context.cancel.check().map_err(CorpusError::from)?;
        let overlap = matcher.read(&text.text).map_err(|error| InstrumentError::IndexRead(error.into()))?;
        overlaps.add(0, &overlap);
    }
    Ok(overlaps)
}

/// The n-grams of texts by people, for each way of reading among the watermarks.
pub(crate) fn marks_of_people(
    texts: &[Labelled],
    instruments: &Instruments<PositionedFile>,
    context: &Context,
) -> Result<Vec<CorpusSample>, InstrumentError> {
    let refuse = |error: WatermarkError| InstrumentError::IndexRead(error.into());
    let mut samples = instruments.samples();
    let readings = instruments.readings();
    for text in texts.iter().filter(|text| text.label.family == HUMAN) {
        context.cancel.check().map_err(CorpusError::from)?;
        for (reading, sample) in samples.iter_mut().enumerate() {
            let named = readings.iter().position(|own| *own == reading).and_then(|at| instruments.watermarks.get(at));
            let Some(named) = named else { continue };
            let ngrams = named.detector.read(Content::Text(&text.text), None).map_err(refuse)?;
            sample.add(&ngrams).map_err(refuse)?;
        }
    }
    Ok(samples)
}

/// Refuses what is no folder.
pub(crate) fn check(folder: &Path) -> Result<(), InstrumentError> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(InstrumentError::NoFolder(folder.into()))
}

fn texts_of(folder: &Path, text: Option<&str>) -> Result<Files, InstrumentError> {
    check(folder)?;
    let options = CorpusOptions { text: text.map(str::to_owned), all_columns: true, ..CorpusOptions::default() };
    let human = folder.join(HUMAN_FILE);
    let paths: Vec<PathBuf> = vec![folder.into()];
    Ok(Files::with(&paths, options, &[human.as_path()])?)
}

fn labelled(
    parser: &mut CorpusParser,
    job: &Job,
    tally: &mut CorpusTally,
    fallback: &Label,
) -> Result<Vec<Labelled>, CorpusError> {
    let refuse = |source| CorpusError::Block { name: job.block.source().to_string(), source };
    let first = job.block.rows().next().unwrap_or(0);
    let columns = job.block.select(|_| true).map_err(refuse)?;
    let mut texts = Vec::new();
    parser
        .documents(&job.block, tally, &mut |place, document| {
            let mut label = fallback.clone();
            match &columns {
                Some(batch) => {
                    if let Ok(row) = usize::try_from(place.row - first) {
                        label.take_columns(batch, row);
                    }
                }
                None => label.take_record(job.block.record(place.row).unwrap_or_default()),
            }
            if label.group.is_empty() {
                label.group = format!("{}:{}", job.block.source(), place.row);
            }
            texts.push(Labelled { text: document.text.to_owned(), label });
        })
        .map_err(refuse)?;
    Ok(texts)
}

/// Names under which records carry labels.
const FAMILY: &[&str] = &["family", "vendor"];
const MAKER: &[&str] = &["maker", "model", "generator"];
const DATE: &[&str] = &["date"];
const DOMAIN: &[&str] = &["domain", "dataset"];
const GROUP: &[&str] = &["group", "pair", "pid", "prompt_id", "prompt"];

impl Label {
    fn take_record(&mut self, record: &[u8]) {
        let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(record) else { return };
        self.take(|name| match fields.get(name)? {
            serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
    }

    fn take_columns(&mut self, batch: &RecordBatch, row: usize) {
        self.take(|name| {
            let column = batch.column_by_name(name)?;
            let text = column.as_string_opt::<i32>().filter(|text| row < text.len() && text.is_valid(row));
            text.map(|text| text.value(row).to_owned()).filter(|text| !text.is_empty())
        });
    }

    fn take(&mut self, value: impl Fn(&str) -> Option<String>) {
        let first = |names: &[&str]| names.iter().find_map(|name| value(name));
        let replace = |field: &mut String, names: &[&str]| {
            if let Some(text) = first(names) {
                *field = text;
            }
        };
        replace(&mut self.family, FAMILY);
        replace(&mut self.maker, MAKER);
        replace(&mut self.domain, DOMAIN);
        replace(&mut self.group, GROUP);
        self.date = first(DATE).or(self.date.take());
    }
}

/// Labels that the place of a file gives.
fn of_path(folder: &Path, file: Option<&Path>) -> Label {
    let below = file.and_then(|file| file.strip_prefix(folder).ok()).unwrap_or(Path::new(""));
    let parts: Vec<String> = below
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    let (folders, name) = parts.split_at(parts.len().saturating_sub(1));
    let stem = name.first().map_or("", |name| name.split('.').next().unwrap_or_default()).to_owned();
    let family = folders.first().cloned().unwrap_or_default();
    let maker = folders.get(1).cloned().unwrap_or_else(|| stem.clone());
    Label { family, maker, date: None, domain: stem, group: String::new() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Label, of_path};

    #[test]
    fn the_place_of_a_file_labels_its_texts() {
        let label = of_path(Path::new("ref"), Some(Path::new("ref/lab/model-1/essays.jsonl.gz")));
        assert_eq!((label.family.as_str(), label.maker.as_str(), label.domain.as_str()), ("lab", "model-1", "essays"));
        let short = of_path(Path::new("ref"), Some(Path::new("ref/human/essays.jsonl")));
        assert_eq!((short.family.as_str(), short.maker.as_str()), ("human", "essays"));
    }

    #[test]
    fn what_a_record_says_goes_before_its_place() {
        let mut label = Label { family: "lab".into(), ..Label::default() };
        label.take_record(br#"{"family": "human", "pid": 7, "text": "x"}"#);
        assert_eq!((label.family.as_str(), label.group.as_str()), ("human", "7"));
    }
}
