//! What a log holds that is not recognised: the names of its fields with their types and how often they hold something,
//! and a field map made from names and shapes that are usual. No value is kept.

mod field;
mod suggestion;

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use ::parquet::file::reader::ChunkReader;
use serde::Serialize;

use self::field::Seen;
pub use self::field::{FieldKind, SeenField};
use crate::format::{Format, Stream};
use crate::options::ReadOptions;
use crate::parquet::{ParquetSource, batch_rows};
use crate::parquet_lines::ParquetLines;
use crate::plan::Plan;
use crate::records::Step;
use crate::repair::Repairs;
use crate::source::json::Json;
use crate::source::recognise::{Recognised, Told, tell};
use crate::tally::looks_like_a_name;
use crate::text::{LOOK, pieces, required};
use crate::{IngestError, registry};

/// The fields of the first records of a log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FieldSurvey {
    /// Records that were looked at.
    pub records: u64,
    /// In the order of their paths; no name that may be data.
    pub fields: Vec<SeenField>,
    /// Names that are not told because they may be data.
    pub untold: u64,
    /// A field map that the names and shapes suggest; empty where they suggest nothing.
    pub map: String,
    /// What the log seems not to have, of what every log needs.
    pub missing: Vec<&'static str>,
}

impl FieldSurvey {
    /// Looks at the first records of a text.
    pub fn of_text(reader: impl Read + Send, options: &ReadOptions) -> Result<Self, IngestError> {
        let stream = Stream::open(reader, None, LOOK)?;
        if stream.refused.is_some() {
            return Ok(Self::default());
        }
        let known = options.source.and_then(|recognised| recognised.source);
        let told = match options.source {
            Some(Recognised { source: None, .. }) => tell(&stream.first, &required(options), &[], None),
            _ => tell(&stream.first, &required(options), registry::ALL, known),
        };
        let is_table = told.dialect.is_some();
        let shape = stream.shape();
        let mut pieces = pieces(stream.reader, shape, &told, &Plan::new(options), MOST_RECORD_BYTES);
        let mut counting = Counting::default();
        let mut header: Option<Vec<String>> = None;
        // A reader that fails is told when the log is read.
        while counting.records < MOST_RECORDS {
            match pieces.advance() {
                Ok(Step::Record) => {}
                Ok(Step::Rejected(_)) => continue,
                Ok(Step::BrokenOff(_) | Step::End) | Err(_) => break,
            }
            let Ok(record) = pieces.record(false, &mut Repairs::default()) else { continue };
            if is_table && header.is_none() {
                header = Some(record.entries().iter().map(|(name, _)| name.clone()).collect());
            }
            counting.add(&record);
        }
        if header.is_some_and(|names| !counting.is_header(&names)) {
            return Ok(Self::default());
        }
        Ok(counting.finish(options))
    }

    /// Looks at the first rows of a Parquet file.
    pub fn of_parquet<R: ChunkReader + 'static>(
        file: &ParquetSource<R>,
        options: &ReadOptions,
    ) -> Result<Self, IngestError> {
        if file.row_groups() == 0 {
            return Ok(Self::default());
        }
        let roots: Vec<usize> = (0..file.columns().count()).collect();
        let most = usize::try_from(MOST_RECORDS).unwrap_or(usize::MAX);
        let batches = file.batches(&[0], &roots, |bytes, rows| batch_rows(most, bytes, rows))?;
        let told = Told::of(Recognised::CANONICAL);
        let lines = BufReader::new(ParquetLines::new(batches));
        let mut pieces = pieces(lines, (Format::Ndjson, false), &told, &Plan::new(options), MOST_RECORD_BYTES);
        let mut counting = Counting::default();
        while counting.records < MOST_RECORDS && matches!(pieces.advance(), Ok(Step::Record)) {
            if let Ok(record) = pieces.record(false, &mut Repairs::default()) {
                counting.add(&record);
            }
        }
        Ok(counting.finish(options))
    }
}

const MOST_RECORDS: u64 = 500;
const MOST_RECORD_BYTES: usize = 4 << 20;
const MOST_FIELDS: usize = 400;
/// Names of one object; more are keys that are data.
const MOST_NAMES: usize = 120;
const DEEPEST: usize = 6;

#[derive(Default)]
struct Counting {
    records: u64,
    fields: BTreeMap<String, Seen>,
    untold: u64,
}

impl Counting {
    fn add(&mut self, record: &Json) {
        self.records += 1;
        self.visit(record, "", 0);
    }

    fn visit(&mut self, place: &Json, path: &str, depth: usize) {
        if depth == DEEPEST || place.entries().len() > MOST_NAMES {
            return;
        }
        for (name, value) in place.entries() {
            if !(looks_like_a_name(name) || suggestion::is_marked_name(name)) || name.contains('/') {
                self.untold += 1;
                continue;
            }
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            self.value(value, &path, depth);
        }
    }

    fn value(&mut self, value: &Json, path: &str, depth: usize) {
        if !self.fields.contains_key(path) && self.fields.len() >= MOST_FIELDS {
            return;
        }
        self.fields.entry(path.to_owned()).or_default().note(value);
        match value {
            Json::Map(_) => self.visit(value, path, depth + 1),
            // Of lists the first element stands for all.
            Json::List(items) => {
                if let Some(first @ Json::Map(_)) = items.first() {
                    self.visit(first, &format!("{path}/0"), depth + 1);
                }
            }
            Json::Text(text) if text.starts_with(['{', '[']) => {
                if let Ok(inside) = Json::parse(text) {
                    match &inside {
                        Json::Map(_) => self.visit(&inside, path, depth + 1),
                        Json::List(items) => {
                            if let Some(first @ Json::Map(_)) = items.first() {
                                self.visit(first, &format!("{path}/0"), depth + 1);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether the first line of a table names its columns, and is no row: its cells look like different names, and names
    /// that are usual are among them, beside columns that hold something else than words.
    fn is_header(&self, names: &[String]) -> bool {
        let mut different = names.to_vec();
        different.sort_unstable();
        different.dedup();
        let are_names = different.len() == names.len()
            && names.iter().all(|name| looks_like_a_name(name) || suggestion::is_marked_name(name));
        let usual = names.iter().filter(|name| suggestion::is_usual(name)).count();
        let typed = self.fields.values().any(Seen::is_typed);
        are_names && (usual >= 2 || (usual == 1 && typed))
    }

    fn finish(self, options: &ReadOptions) -> FieldSurvey {
        let records = self.records;
        let fields: Vec<SeenField> = self.fields.into_iter().map(|(path, seen)| seen.field(path, records)).collect();
        let (map, missing) = suggestion::suggest(&fields, options);
        FieldSurvey { records, fields, untold: self.untold, map, missing }
    }
}

#[cfg(test)]
mod tests {
    use super::FieldSurvey;
    use crate::options::ReadOptions;

    fn survey(text: &str) -> FieldSurvey {
        FieldSurvey::of_text(text.as_bytes(), &ReadOptions::default()).unwrap()
    }

    #[test]
    fn usual_names_make_a_map() {
        let log = r#"{"ts":"2026-03-02 12:00:00+00","user":{"id":"u1","mail":"a@example.org"},"request":{"model":"m","messages":[{"role":"user","content":"Name a colour"}]},"response":{"choices":[{"message":{"content":"Red, I would say"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}},"client":{"ip":"192.0.2.1"}}
{"ts":"2026-03-02 12:00:01+00","user":{"id":"u2","mail":"b@example.org"},"request":{"model":"m","messages":[{"role":"user","content":"Name a river"}]},"response":{"choices":[{"message":{"content":"The Rhine"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}},"client":{"ip":"192.0.2.2"}}"#;
        let survey = survey(log);
        assert_eq!((survey.records, survey.missing.len()), (2, 0));
        for line in [
            "time = \"ts\"",
            "account = \"/user/id\"",
            "ip = \"/client/ip\"",
            "model = \"/request/model\"",
            "prompt = \"/request/messages\"",
            "response = \"/response/choices/0/message/content\"",
            "input_tokens = \"/response/usage/prompt_tokens\"",
        ] {
            assert!(
                survey.map.lines().any(|it| it.split(" #").next().unwrap().trim_end() == line),
                "{line}\n{}",
                survey.map
            );
        }
        assert!(crate::FieldMap::parse(&survey.map).is_ok());
    }

    #[test]
    fn no_cell_is_told() {
        for text in [
            "please,explain,diagnosis\nmy,own,words\n",
            "time,diagnosis\nheals,wounds\n",
            "{\"a diagnosis of alice\": 1}\n",
            "diagnosis of alice\n",
        ] {
            let survey = survey(text);
            let told = serde_json::to_string(&survey).unwrap();
            assert!(!told.contains("diagnosis") && !told.contains("wounds"), "{told}");
        }
    }
}
