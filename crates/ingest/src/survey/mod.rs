//! What a log holds that is not recognised: the names of its fields with their types and how often they hold something,
//! and a field map made from names and shapes that are usual. No value is kept.

mod field;
mod suggestion;
mod words;

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
use crate::schema::Table;
use crate::source::envelope::envelope;
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
    /// Whether a field of times or of accounts stands where it is read already.
    #[serde(skip)]
    pub has_columns: bool,
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
        let (is_table, is_known) = (told.dialect.is_some(), told.recognised.source.is_some());
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
            counting.add_all(record, is_known);
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
    /// Of a source that is known, the records that an answer of its interface wraps: a field map is applied to these.
    fn add_all(&mut self, mut record: Json, is_known: bool) {
        match envelope(&mut record).filter(|_| is_known) {
            Some(records) => records.iter().for_each(|record| self.add(record)),
            None => self.add(&record),
        }
    }

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
    /// that are usual are among them, beside columns that hold something else than words. In a language that is not known,
    /// two columns of something else than words say it too, where the first line has words above them. A data frame leaves
    /// the column of its index without a name.
    fn is_header(&self, names: &[String]) -> bool {
        let mut different: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
        let (count, unnamed) = (different.len(), names.len() - different.len());
        different.sort_unstable();
        different.dedup();
        let are_names = different.len() == count
            && unnamed <= 1
            && different.iter().all(|name| looks_like_a_name(name) || suggestion::is_marked_name(name));
        let usual = different.iter().filter(|name| suggestion::is_usual(name)).count();
        let typed = self.fields.values().filter(|seen| seen.is_typed()).count();
        are_names && (usual >= 2 || (usual == 1 && typed > 0) || typed >= 2)
    }

    fn finish(self, options: &ReadOptions) -> FieldSurvey {
        let records = self.records;
        let fields: Vec<SeenField> = self.fields.into_iter().map(|(path, seen)| seen.field(path, records)).collect();
        let (map, missing) = suggestion::suggest(&fields, options);
        let at = |column| {
            let path = options.map.path(Table::Exchange, column).join("/");
            fields.iter().find(|field| field.path == path && field.filled > 0.0)
        };
        let is_time = at("time").is_some_and(|field| field.looks_like == Some(FieldKind::Time));
        let has_columns = is_time || at("account").is_some();
        FieldSurvey { records, fields, untold: self.untold, map, missing, has_columns }
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
    fn words_make_a_map_where_names_are_not_usual() {
        for (log, lines) in [
            (
                "Zeitpunkt;Kunde;IP-Adresse;Anfrage\n07.09.2026 09:00:00;k1;192.0.2.1;Nenne einen Fluss\n07.09.2026 09:00:07;k2;192.0.2.2;Nenne eine Farbe\n",
                &["time = \"Zeitpunkt\"", "ip = \"IP-Adresse\"", "# prompt = \"Anfrage\""][..],
            ),
            (
                ",timestamp,user,messages\n0,2026-09-07 09:00:00+00:00,u1,Name a river\n1,2026-09-07 09:00:07+00:00,u2,Name a colour\n",
                &["time = \"timestamp\"", "account = \"user\"", "prompt = \"messages\""],
            ),
            (
                "{\"ts\":1788771600.5,\"caller\":\"gw/main.go:12\",\"tenant\":\"t1\",\"peer\":\"203.0.113.1:4444\",\"user_msg\":\"Name a river\",\"bot_msg\":\"The Rhine\",\"in_tok\":3,\"out_tok\":2}\n{\"ts\":1788771607.5,\"caller\":\"gw/main.go:12\",\"tenant\":\"t2\",\"peer\":\"203.0.113.2:4444\",\"user_msg\":\"Name a colour\",\"bot_msg\":\"Red it is\",\"in_tok\":4,\"out_tok\":3}\n",
                &[
                    "account = \"tenant\"",
                    "ip = \"peer\"",
                    "prompt = \"user_msg\"",
                    "response = \"bot_msg\"",
                    "input_tokens = \"in_tok\"",
                    "output_tokens = \"out_tok\"",
                ],
            ),
        ] {
            let map = survey(log).map;
            for line in lines {
                assert!(map.lines().any(|it| it.split(" #").next().unwrap().trim_end() == *line), "{line}\n{map}");
            }
        }
    }

    #[test]
    fn no_cell_is_told() {
        for text in [
            "please,explain,diagnosis\nmy,own,words\n",
            "time,diagnosis\nheals,wounds\n",
            "{\"a diagnosis of alice\": 1}\n",
            "diagnosis of alice\n",
            "2026-03-02 12:00:00,diagnosis,192.0.2.1\n2026-03-02 12:00:01,wounds,192.0.2.2\n",
            "diagnosis,wounds\nheals,3\n",
        ] {
            let survey = survey(text);
            let told = serde_json::to_string(&survey).unwrap();
            assert!(!told.contains("diagnosis") && !told.contains("wounds"), "{told}");
        }
    }
}
