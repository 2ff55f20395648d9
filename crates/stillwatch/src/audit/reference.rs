//! Labelled texts: what style is learned from, and what measures how often an index matches by chance.

use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use serde::{Deserialize, Serialize};
use stillwatch_audit::index::{Matcher, Overlaps, ServedIndex};
use stillwatch_audit::recycling::{CommonWords, Gauge, UniformitySum, words};
use stillwatch_audit::style::HUMAN;
use stillwatch_core::compared_name;
use stillwatch_ingest::{CorpusOptions, CorpusParser, CorpusTally};

use super::PositionedFile;
use crate::corpus::{Files, Job, Outcome, Pipeline};
use crate::error::Failure;
use crate::{atomic, inputs};

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

    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let refuse = || Failure::usage(format!("the human reference {} cannot be used", path.display()));
        let reference: Self =
            serde_json::from_str(&inputs::configuration(path)?).map_err(|error| refuse().because(error))?;
        if reference.schema == HUMAN_SCHEMA {
            Ok(reference)
        } else {
            Err(refuse().help("write it again with `stillwatch audit train`"))
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let refuse = || Failure::runtime(format!("{} cannot be written", path.display()));
        let text = serde_json::to_string(self).map_err(|error| refuse().because(error))?;
        atomic::write(path, text.as_bytes()).map_err(|error| refuse().because(error))
    }
}

/// Reads all labelled texts of a folder. Where a record does not say, the folders that its file lies in do:
/// `FAMILY/MAKER/DOMAIN.jsonl`.
pub(crate) fn read(
    folder: &Path,
    text: Option<&str>,
    threads: Option<NonZeroUsize>,
) -> Result<(Vec<Labelled>, CorpusTally), Failure> {
    let files = files(folder, text)?;
    let labels: Vec<Label> = files.files.iter().map(|file| of_path(folder, file.path.as_deref())).collect();
    let (mut texts, mut tally) = (Vec::new(), CorpusTally::default());
    Pipeline::new(&files, threads).run(
        || Ok(CorpusParser::new(&files.plan)),
        |parser, job, tally| labelled(parser, job, tally, &labels[job.file]),
        |outcome: Outcome<Vec<Labelled>>| {
            tally.merge(&outcome.tally);
            texts.extend(outcome.result);
            Ok(())
        },
    )?;
    Ok((texts, tally))
}

/// What documents that are certainly not the vendor's have in common with an index.
pub(crate) fn background(
    texts: &[Labelled],
    vendor: &str,
    index: &ServedIndex<PositionedFile>,
) -> Result<Overlaps, Failure> {
    let mut matcher = Matcher::new(index);
    let mut overlaps = Overlaps::default();
    let vendor = compared_name(vendor);
    for text in texts.iter().filter(|text| compared_name(&text.label.family) != vendor) {
        let overlap =
            matcher.read(&text.text).map_err(|error| Failure::runtime("an index cannot be read").because(error))?;
        overlaps.add(0, &overlap);
    }
    Ok(overlaps)
}

/// Refuses what is no folder.
pub(crate) fn check(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Failure::usage(format!("there is no folder {}", folder.display()))
        .help("a reference is a folder of labelled texts, such as human/essays.jsonl and example-lab/model-1.jsonl"))
}

fn files(folder: &Path, text: Option<&str>) -> Result<Files, Failure> {
    check(folder)?;
    let options = CorpusOptions { text: text.map(str::to_owned), all_columns: true, ..CorpusOptions::default() };
    let human = folder.join(HUMAN_FILE);
    let paths: Vec<PathBuf> = vec![folder.into()];
    Files::with(&paths, options, &[human.as_path()])
}

fn labelled(
    parser: &mut CorpusParser,
    job: &Job,
    tally: &mut CorpusTally,
    fallback: &Label,
) -> Result<Vec<Labelled>, Failure> {
    let refuse = |error: stillwatch_ingest::IngestError| {
        Failure::runtime(format!("{} cannot be read", job.block.source())).because(error)
    };
    let first = job.block.rows().next().unwrap_or(0);
    let columns = job.block.select(|_| true).map_err(refuse)?;
    let mut texts = Vec::new();
    parser
        .documents(&job.block, tally, &mut |place, document| {
            let mut label = fallback.clone();
            match &columns {
                Some(batch) => label.take_columns(batch, usize::try_from(place.row - first).unwrap_or(usize::MAX)),
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
