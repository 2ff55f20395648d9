//! Which files are which log, and which files make up one log together.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use arrow::array::RecordBatch;
use stillwatch_engine::{Location, UnitFile};
use stillwatch_ingest::{
    Appearance, Format, IngestError, LogSource, ParquetSource, ReadOptions, Recognised, Session, SessionLimits, Tally,
    TextReader,
};

use crate::context::Context;
use crate::error::InputError;
use crate::inputs::{Inputs, LogFile};
use crate::notice::Notice;

/// The name on the command line for logs that have canonical columns, or a field map to them.
pub const CANONICAL: &str = "canonical";
/// Clocks differ, and zones by half a day.
const DAY_MICROS: i64 = 86_400_000_000;
/// The share of the memory that halves of exchanges may take while they wait.
pub(crate) const WAITING_SHARE: usize = 8;

/// One log: a file, or the files whose records are halves of the same exchanges, in the order of reading.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) files: Vec<LogFile>,
    /// `None` where a pipe has to be read to know it.
    pub(crate) recognised: Option<Recognised>,
    pub(crate) parquet: bool,
}

/// Why it cannot be told what wrote a log.
#[derive(Debug, thiserror::Error)]
#[error("{name} cannot be read")]
pub struct Unreadable {
    pub name: String,
    source: io::Error,
}

/// What `--format-in` says.
pub(crate) fn named(name: &str) -> Recognised {
    Recognised { source: LogSource::named(name), parts: 0 }
}

/// Leaves out the files of folders that have another role: account tables, permits, what simulations and detections
/// write. Where nothing would be left, they stay, and are told when they are read.
pub(crate) fn leave_out_roles(inputs: &mut Inputs, options: &ReadOptions, context: &Context) {
    let roles: Vec<Option<Appearance>> = inputs.logs.iter().map(|file| role(file, options)).collect();
    if roles.iter().all(Option::is_some) {
        return;
    }
    let mut roles = roles.into_iter();
    inputs.logs.retain(|file| match roles.next().flatten() {
        Some(appearance) => {
            context.notify(&Notice::OtherRole { file: file.name.clone(), appearance });
            false
        }
        None => true,
    });
}

fn role(file: &LogFile, options: &ReadOptions) -> Option<Appearance> {
    let path = file.path.as_ref().filter(|_| file.is_found && file.bytes > 0)?;
    let input = File::open(path).ok()?;
    if first_bytes(path).ok()? == Some(Format::Parquet) {
        return ParquetSource::open(input, &file.name).ok()?.role();
    }
    TextReader::role(input, options).ok()?
}

/// Recognises each file, and puts together those that belong together.
pub(crate) fn group(files: &[LogFile], options: &ReadOptions, format_in: Option<&str>) -> Result<Vec<Log>, Unreadable> {
    let mut logs = Vec::new();
    // Position of the source, and its files.
    let mut halves: Vec<(&'static LogSource, Vec<(Recognised, LogFile)>)> = Vec::new();
    for file in files {
        let log = recognise(file, options, format_in)?;
        match log.recognised {
            Some(Recognised { source: Some(source), parts }) if source.parts.len() > 1 && file.path.is_some() => {
                let told = (Recognised { source: Some(source), parts }, file.clone());
                match halves.iter_mut().find(|(known, _)| std::ptr::eq(*known, source)) {
                    Some((_, files)) => files.push(told),
                    None => halves.push((source, vec![told])),
                }
            }
            _ => logs.push(log),
        }
    }
    for (source, mut files) in halves {
        let parts = files.iter().fold(0, |parts, (told, _)| parts | told.parts);
        if files.iter().all(|(told, _)| told.parts == parts) {
            let single = |(told, file): (Recognised, LogFile)| {
                let parquet = file.path.as_deref().is_some_and(is_parquet);
                Log { files: vec![file], recognised: Some(told), parquet }
            };
            logs.extend(files.into_iter().map(single));
            continue;
        }
        files.sort_by_key(|(told, _)| told.part());
        let recognised = Some(Recognised { source: Some(source), parts });
        logs.push(Log { files: files.into_iter().map(|(_, file)| file).collect(), recognised, parquet: false });
    }
    Ok(logs)
}

fn recognise(file: &LogFile, options: &ReadOptions, format_in: Option<&str>) -> Result<Log, Unreadable> {
    let named = format_in.map(named);
    let mut log = Log { files: vec![file.clone()], recognised: named, parquet: false };
    // A pipe has no second beginning, so it is not looked into.
    let (Some(path), true) = (&file.path, file.bytes > 0) else { return Ok(log) };
    let refuse = |source| Unreadable { name: file.name.clone(), source };
    if first_bytes(path).map_err(refuse)? == Some(Format::Parquet) {
        log.parquet = true;
        // What cannot be looked into is told when it is read.
        let told = File::open(path).ok().and_then(|input| ParquetSource::open(input, &file.name).ok());
        let told = told.map_or(Recognised::CANONICAL, |source| source.recognise(options));
        log.recognised = Some(if format_in == Some(CANONICAL) { Recognised::CANONICAL } else { named.unwrap_or(told) });
        return Ok(log);
    }
    if format_in == Some(CANONICAL) {
        return Ok(log);
    }
    let only = named.and_then(|named| named.source);
    let input = File::open(path).map_err(refuse)?;
    // What cannot be looked into is told when it is read.
    if let Ok(recognised) = TextReader::recognise(input, options, only) {
        log.recognised = Some(recognised);
    }
    Ok(log)
}

fn first_bytes(path: &Path) -> io::Result<Option<Format>> {
    let mut first = Vec::new();
    File::open(path)?.take(16).read_to_end(&mut first)?;
    Ok(Format::detect(&first))
}

fn is_parquet(path: &Path) -> bool {
    first_bytes(path).is_ok_and(|format| format == Some(Format::Parquet))
}

/// Opens a file of a known source, whatever its format.
pub(crate) fn open(path: &Path, options: &ReadOptions, name: &str) -> Result<TextReader<'static>, IngestError> {
    let input = File::open(path).map_err(IngestError::Io)?;
    match options.source.filter(|recognised| recognised.source.is_some() && is_parquet(path)) {
        Some(recognised) => TextReader::of_parquet(&ParquetSource::open(input, name)?, recognised, options, name),
        None => TextReader::new(input, None, options, name),
    }
}

impl Log {
    /// What it is called in messages.
    pub(crate) fn name(&self) -> String {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        names.join(" + ")
    }

    pub(crate) fn source(&self) -> Option<&'static LogSource> {
        self.recognised.and_then(|recognised| recognised.source)
    }

    /// Microseconds since 1970 that no record can be later than, however its time is written: a day after the files
    /// were last written to.
    pub(crate) fn latest(&self) -> i64 {
        let written = self.files.iter().filter_map(|file| file.path.as_ref()?.metadata().ok()?.modified().ok()).max();
        let written = written.unwrap_or_else(SystemTime::now).duration_since(UNIX_EPOCH).unwrap_or_default();
        // A clock that is so wrong sets no bound.
        i64::try_from(written.as_micros()).map_or(i64::MAX, |micros| micros.saturating_add(DAY_MICROS))
    }

    /// How its files are read, within this much memory.
    pub(crate) fn options(&self, options: &ReadOptions, memory: usize) -> ReadOptions {
        let limits = SessionLimits { budget: memory / WAITING_SHARE, latest: self.latest() };
        ReadOptions { source: self.recognised, limits, ..options.clone() }
    }
}

/// The files of one log, read one after the other in one session.
pub(crate) struct Joined {
    files: VecDeque<UnitFile>,
    options: ReadOptions,
    reader: Option<TextReader<'static>>,
    /// Of the files that are done.
    done: Tally,
    /// Of all so far.
    tally: Tally,
    failed: Option<InputError>,
}

impl Joined {
    /// The files in the order of reading.
    pub(crate) fn new(files: Vec<UnitFile>, mut options: ReadOptions) -> Self {
        if let Some(Recognised { source: Some(source), parts }) = options.source {
            let parts = if parts == 0 { u8::MAX } else { parts };
            options.session = Some(Session::new(source, parts, options.limits));
        }
        Self {
            files: files.into(),
            options,
            reader: None,
            done: Tally::default(),
            tally: Tally::default(),
            failed: None,
        }
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    fn open(&mut self) -> Option<()> {
        let file = self.files.pop_front()?;
        self.options.hive.clone_from(&file.columns);
        self.options.last = self.files.is_empty();
        let reader = match &file.location {
            Location::Path(path) => open(path, &self.options, &file.name),
            Location::Url(_) | Location::StandardInput => {
                Err(IngestError::Io(io::Error::from(io::ErrorKind::NotFound)))
            }
        };
        match reader {
            Ok(reader) => self.reader = Some(reader),
            Err(error) => self.failed = Some(InputError::new(&file.name, error)),
        }
        Some(())
    }
}

impl Iterator for Joined {
    type Item = Result<RecordBatch, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(reader) = &mut self.reader {
                let batch = reader.next();
                self.tally = self.done.clone();
                self.tally.merge(reader.tally());
                if batch.is_some() {
                    return batch;
                }
                self.done = self.tally.clone();
                self.reader = None;
            }
            if let Some(failed) = self.failed.take() {
                self.files.clear();
                return Some(Err(IngestError::Io(io::Error::other(failed))));
            }
            self.open()?;
        }
    }
}
