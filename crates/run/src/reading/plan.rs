//! Logs as units of work, and their division among processes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use stillwatch_core::Window;
use stillwatch_digest::{Part, SourceFile};
use stillwatch_engine::{Content, Encoding, EngineError, LogContent, Origin, SourceError, Unit, UnitFile};
use stillwatch_ingest::{Format, ParquetSource};

use super::error::ReadError;
use crate::error::InputError;
use crate::inputs::LogFile;
use crate::logs::Log;

/// Row groups of one file are dealt out in at most this many parts, whatever the number of threads.
const PARTS_A_FILE: usize = 16;
/// Files of lines are divided where each part has at least this many bytes.
const LEAST_PART_BYTES: u64 = 4 << 20;

/// All that a run reads, as data. Processes that are given the same plan and the key can share the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// `stillwatch.plan/1`
    pub schema: String,
    /// The id of the key under which digests are made or were made.
    pub key: String,
    pub units: Vec<Unit>,
}

/// One of several parts of equal weight, such as 2 of 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1 on.
    number: usize,
    of: usize,
}

impl Plan {
    pub const SCHEMA: &str = "stillwatch.plan/1";

    /// Divides the units among shards, the heaviest first, each to the shard that has the least so far. The answer
    /// depends on the plan and the number of shards alone.
    pub fn shard(&self, shard: Shard) -> Vec<Unit> {
        let mut order: Vec<usize> = (0..self.units.len()).collect();
        order.sort_by_key(|index| (std::cmp::Reverse(self.units[*index].bytes), *index));
        let mut loads = vec![(0_u64, 0_usize); shard.of];
        let mut own = Vec::new();
        for index in order {
            let (lightest, load) = loads.iter_mut().enumerate().min_by_key(|(number, load)| (**load, *number)).unzip();
            if let Some(load) = load {
                *load = (load.0.saturating_add(self.units[index].bytes), load.1 + 1);
            }
            if lightest == Some(shard.number - 1) {
                own.push(index);
            }
        }
        own.sort_unstable();
        own.into_iter().map(|index| self.units[index].clone()).collect()
    }
}

impl Shard {
    /// All of it.
    pub(super) const WHOLE: Self = Self { number: 1, of: 1 };

    /// The `number`th, from 1 on, of so many.
    pub fn new(number: usize, of: usize) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    pub fn is_first(self) -> bool {
        self.number == 1
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        numbers
            .and_then(|(number, of)| Self::new(number, of))
            .ok_or_else(|| format!("invalid shard `{text}`: expected I/N with I from 1 to N, such as 2/5"))
    }
}

/// What all units of a run have in common.
pub(crate) struct Rules {
    pub(crate) window: Window,
    pub(crate) mapping: Option<Arc<str>>,
    /// Whether files of lines are divided too. Their rejected rows are then counted from the beginning of a part.
    pub(crate) divide_lines: bool,
}

/// The parts of a log that are read in parallel.
pub(crate) fn units(log: &Log, rules: &Rules) -> Result<Vec<Unit>, ReadError> {
    let whole = |part| -> Unit {
        let content = Content::Log(LogContent {
            encoding: if log.parquet { Encoding::Parquet } else { Encoding::Text },
            part,
            origin: origin(log),
            mapping: rules.mapping.clone(),
            since: rules.window.since.map(|since| since.0),
            until: rules.window.until.map(|until| until.0),
            latest: log.latest(),
        });
        let files: Vec<UnitFile> = log.files.iter().map(LogFile::as_unit_file).collect();
        Unit { files, content, bytes: log.files.iter().map(|file| file.bytes).sum() }
    };
    let [file] = log.files.as_slice() else { return Ok(vec![whole(None)]) };
    let Some(path) = &file.path else { return Ok(vec![whole(None)]) };
    let refuse = |error: SourceError| -> ReadError {
        EngineError::from(SourceError::from(InputError::new(path.display(), error))).into()
    };
    let parts = if log.parquet && log.source().is_some() {
        return Ok(vec![whole(None)]);
    } else if log.parquet {
        row_groups(path, &file.name).map_err(refuse)?
    } else if rules.divide_lines && matches!(origin(log), Origin::Canonical) && file.bytes >= 2 * LEAST_PART_BYTES {
        lines(path, file.bytes).map_err(|error| refuse(error.into()))?
    } else {
        return Ok(vec![whole(None)]);
    };
    let of = parts.len().max(1) as u64;
    Ok(parts.into_iter().map(|part| Unit { bytes: file.bytes / of, ..whole(part) }).collect())
}

fn row_groups(path: &Path, name: &str) -> Result<Vec<Option<Part>>, SourceError> {
    let source = ParquetSource::open(File::open(path)?, name)?;
    let groups: Vec<u64> = (0..source.row_groups() as u64).collect();
    let parts = groups.chunks(groups.len().div_ceil(PARTS_A_FILE).max(1));
    let ends = parts.filter_map(|part| Some((*part.first()?, *part.last()?)));
    Ok(ends.map(|(first, last)| Some(Part::RowGroups { first, end: last + 1 })).collect())
}

/// Divides a file of JSON lines; whatever else it is, it stays whole.
fn lines(path: &Path, bytes: u64) -> io::Result<Vec<Option<Part>>> {
    let mut file = File::open(path)?;
    let mut first = [0; 16];
    file.read_exact(&mut first)?;
    if first[0] != b'{' || Format::detect(&first) != Some(Format::Ndjson) {
        return Ok(vec![None]);
    }
    let count = (bytes / LEAST_PART_BYTES).min(PARTS_A_FILE as u64).max(1);
    let mut starts = vec![0];
    for number in 1..count {
        let start = line_after(&mut file, bytes / count * number)?;
        if start < bytes && starts.last().is_none_or(|last| *last < start) {
            starts.push(start);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([bytes]);
    Ok(starts.iter().zip(ends).map(|(first, end)| Some(Part::Bytes { first: *first, end })).collect())
}

/// Where the first line begins, from this byte on, that begins like an object: a reader that starts there takes it for
/// what the whole file is.
fn line_after(file: &mut File, from: u64) -> io::Result<u64> {
    // The line that the byte before belongs to is the other part's.
    let mut at = from - 1;
    file.seek(SeekFrom::Start(at))?;
    let mut reader = BufReader::new(file);
    loop {
        at += reader.skip_until(b'\n')? as u64;
        match reader.fill_buf()?.first() {
            Some(b'{') | None => return Ok(at),
            Some(_) => {}
        }
    }
}

fn origin(log: &Log) -> Origin {
    match log.recognised {
        None => Origin::Unknown,
        Some(recognised) => match recognised.source {
            None => Origin::Canonical,
            Some(source) => Origin::Source { name: source.name.to_owned(), parts: recognised.parts },
        },
    }
}

/// What of a file some units read, beside all units: nothing, all of it, or parts.
pub(crate) fn sources(file: &SourceFile, own: &[Option<Part>], all: usize) -> Vec<SourceFile> {
    if own.len() == all {
        return vec![file.clone()];
    }
    let mut parts: Vec<Part> = own.iter().flatten().copied().collect();
    parts.sort_unstable();
    let mut united: Vec<Part> = Vec::new();
    for part in parts {
        match (united.last_mut(), part) {
            (Some(Part::RowGroups { end, .. }), Part::RowGroups { first, end: later })
            | (Some(Part::Bytes { end, .. }), Part::Bytes { first, end: later })
                if *end == first =>
            {
                *end = later;
            }
            _ => united.push(part),
        }
    }
    united.into_iter().map(|part| SourceFile { part: Some(part), ..file.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;

    use stillwatch_core::Key;
    use stillwatch_digest::{Part, SourceFile};
    use stillwatch_engine::Unit;

    use super::{LEAST_PART_BYTES, Plan, Shard, lines, sources};

    fn plan(weights: &[u64]) -> Plan {
        let key = Key::from_bytes([1; 32]).id();
        let unit = |(number, bytes): (usize, &u64)| Unit { bytes: *bytes, ..Unit::digests(number.to_string(), key) };
        Plan {
            schema: Plan::SCHEMA.into(),
            key: key.to_string(),
            units: weights.iter().enumerate().map(unit).collect(),
        }
    }

    #[test]
    fn shards_share_the_units_and_their_weight() {
        let plan = plan(&[70, 10, 10, 40, 10, 20]);
        let shards: Vec<Vec<Unit>> = (1..=3).map(|number| plan.shard(Shard::new(number, 3).unwrap())).collect();
        let mut names: Vec<String> = shards.iter().flatten().map(Unit::name).collect();
        names.sort_unstable();
        assert_eq!(names, ["0", "1", "2", "3", "4", "5"]);
        let weights: Vec<u64> = shards.iter().map(|units| units.iter().map(|unit| unit.bytes).sum()).collect();
        assert_eq!(weights, [70, 50, 40]);
        let more = (1..=9).map(|number| plan.shard(Shard::new(number, 9).unwrap()).len());
        assert_eq!(more.sum::<usize>(), 6);
    }

    #[test]
    fn shards_are_written_as_fractions() {
        assert_eq!("2/5".parse(), Ok(Shard { number: 2, of: 5 }));
        for wrong in ["0/5", "6/5", "1/0", "1", "/", "a/b", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_plan_leaves_the_process_and_holds_no_key() {
        let plan = plan(&[1]);
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        assert!(!text.contains(&"01".repeat(32)));
    }

    #[test]
    fn lines_are_divided_where_objects_begin() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        let mut file = File::create(&path).unwrap();
        let mut bytes = 0;
        // Two lines of three would be taken for an array or a table.
        for row in 0.. {
            let line = match row % 3 {
                0 => format!("{{\"account\":\"a{row}\"}}\n"),
                1 => "[1]\n".to_owned(),
                _ => "no,object\n".to_owned(),
            };
            file.write_all(line.as_bytes()).unwrap();
            bytes += line.len() as u64;
            if bytes > 3 * LEAST_PART_BYTES {
                break;
            }
        }
        let parts = lines(&path, bytes).unwrap();
        assert_eq!(parts.len(), 3);
        let whole = std::fs::read(&path).unwrap();
        let mut end_before = 0;
        for part in parts {
            let Some(Part::Bytes { first, end }) = part else { panic!("the file was not divided") };
            assert_eq!((first, whole[usize::try_from(first).unwrap()]), (end_before, b'{'));
            end_before = end;
        }
        assert_eq!(end_before, bytes);
    }

    #[test]
    fn parts_that_follow_each_other_are_told_as_one() {
        let file = SourceFile::whole("ab".into(), 9);
        let part = |first, end| Some(Part::RowGroups { first, end });
        let told = sources(&file, &[part(4, 6), part(0, 2), part(2, 4)], 5);
        assert_eq!(told, [SourceFile { part: part(0, 6), ..file.clone() }]);
        assert_eq!(sources(&file, &[part(0, 2), part(2, 4)], 2), std::slice::from_ref(&file));
        assert_eq!(sources(&file, &[], 2), []);
    }
}
