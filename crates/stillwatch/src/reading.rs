//! From files to day digests: the engine, what it reads, and what is counted on the way.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, stdin};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use stillwatch_core::{Day, Key, Window};
use stillwatch_digest::{DayDigest, Manifest, SourceFile};
use stillwatch_engine::{
    AccountDay, Batches, DigestReader, DigestStream, DigestWriter, Engine, EngineError, EngineOptions, Progress,
    Source, SourceError, Unit,
};
use stillwatch_ingest::{
    EdgeLog, FieldMap, LogSource, ParquetReader, ParquetSource, ReadOptions, Reason, Tally, TextReader,
};
use stillwatch_report::counted;
use stillwatch_run::atomic::Scratch;
use stillwatch_run::inputs::{DigestFolder, Inputs};
use stillwatch_run::{Counts, InputError, key, memory};

use crate::error::Failure;
use crate::interrupt::{self, Running};
use crate::logs::{self, Joined, Log};
use crate::message::{note, warning};
use crate::progress::Bar;
use crate::{cli, inputs};

/// Row groups of one file are dealt out in at most this many parts, whatever the number of threads.
const PARTS_A_FILE: usize = 16;
/// The share of the memory that an edge log may take.
const EDGE_SHARE: usize = 4;
const DEFAULT_MAX_REJECTED: u64 = 1000;

/// Reads the inputs of one run.
pub(crate) struct Reading {
    pub(crate) key: Key,
    pub(crate) threads: NonZeroUsize,
    pub(crate) window: Window,
    pub(crate) map: FieldMap,
    inputs: Inputs,
    logs: Vec<Log>,
    memory_bytes: usize,
    engine: Engine,
    shared: Arc<Shared>,
    /// Of digesting logs.
    progress: Progress,
    /// Of uniting digests: a run that has ended may count as cancelled.
    uniting: Progress,
    max_rejected: Option<u64>,
    _running: Running,
    // Last, so that the engine has let go of it.
    scratch: Scratch,
}

/// What the threads that read have in common.
struct Shared {
    options: ReadOptions,
    edge: Option<EdgeLog>,
    tally: Mutex<Tally>,
    /// Exchanges of digested days outside the window.
    outside: Mutex<u64>,
    stdin: Mutex<Option<SourceFile>>,
    bar: Bar,
}

/// Day digests in ascending order of account and day.
pub(crate) type Days = Box<dyn Iterator<Item = Result<AccountDay, EngineError>>>;

impl Reading {
    /// `others` are files that are given as something else than logs.
    pub(crate) fn new(arguments: &cli::Reading, others: &[&Path]) -> Result<Self, Failure> {
        let map = match &arguments.map {
            Some(path) => FieldMap::parse(&inputs::configuration(path)?).map_err(|error| {
                Failure::usage(format!("the field map {} cannot be used", path.display())).because(error)
            })?,
            None => FieldMap::default(),
        };
        let window = Window { since: arguments.since, until: arguments.until };
        if let (Some(since), Some(until)) = (window.since, window.until)
            && since >= until
        {
            return Err(Failure::usage("--since is not before --until"));
        }
        let inputs = Inputs::find(&arguments.logs, others)?;
        if inputs.skipped > 0 {
            note(&format!(
                "{} skipped: in a folder, a log is called .parquet, .jsonl, .ndjson, .json, .csv, .tsv, .log or .txt (also .gz, \
                 .zst) or has no ending, and is not also given as something else",
                counted(inputs.skipped, "file")
            ));
        }
        let key = key::load(arguments.key_file.as_deref(), interrupt::context())?;
        check_digests(&inputs.digests, &key, window)?;
        let memory_bytes = arguments.memory.unwrap_or_else(memory::default);
        let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok());
        let threads = threads.unwrap_or(NonZeroUsize::MIN);
        let edge = arguments.edge.as_deref().map(|path| read_edge(path, &map, memory_bytes)).transpose()?;
        let scratch = Scratch::new(&interrupt::context().temporaries).map_err(|error| {
            Failure::runtime("no temporary folder can be created")
                .because(error)
                .help("set TMPDIR to a folder that you can write to")
        })?;
        let edge_bytes = if edge.is_some() { memory_bytes / EDGE_SHARE } else { 0 };
        let engine = Engine::new(EngineOptions {
            threads,
            memory_bytes: memory_bytes - edge_bytes,
            spill_dir: scratch.path().into(),
            key: key.clone(),
            settings: Vec::new(),
        })?;
        let (progress, uniting) = (Progress::default(), Progress::default());
        let options = ReadOptions { map: map.clone(), window, ..ReadOptions::default() };
        let logs = logs::group(&inputs.logs, &options, arguments.format_in.as_deref())?;
        tell_sources(&logs);
        let known = inputs.logs.iter().all(|log| log.bytes > 0);
        let bytes = if known { inputs.logs.iter().map(|log| log.bytes).sum() } else { 0 };
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                edge,
                tally: Mutex::default(),
                outside: Mutex::default(),
                stdin: Mutex::default(),
                bar: Bar::new(bytes),
            }),
            key,
            threads,
            window,
            map,
            inputs,
            logs,
            memory_bytes,
            engine,
            _running: Running::new([&progress, &uniting]),
            progress,
            uniting,
            max_rejected: arguments.max_rejected,
            scratch,
        })
    }

    /// The day digests of all inputs, united.
    pub(crate) fn days(&self) -> Result<Days, Failure> {
        let (logs, digests) = (&self.logs, &self.inputs.digests);
        if digests.is_empty() {
            return Ok(Box::new(self.digest(logs)?));
        }
        let mut units = Vec::new();
        if !logs.is_empty() {
            self.check_overlap()?;
            units.push(self.digested(logs)?);
        }
        for folder in digests {
            for name in &folder.manifest.files {
                units.push(self.digest_unit(&folder.path.join(name)));
            }
        }
        let days = self.engine.unite(Source::new(units), &self.uniting)?;
        Ok(Box::new(self.inside_window(days)))
    }

    /// The logs as batches of exchanges, text and all, for what reads more than digests hold.
    pub(crate) fn units(&self) -> Result<Vec<Unit>, Failure> {
        if let Some(folder) = self.inputs.digests.first() {
            return Err(Failure::usage(format!("{} holds day digests, which hold no answers", folder.path.display()))
                .help("give the logs that they were made of"));
        }
        let mut units = Vec::new();
        self.logs.iter().try_for_each(|log| self.add_units(log, &mut units))?;
        Ok(units)
    }

    /// Bytes of memory to use.
    pub(crate) fn memory(&self) -> usize {
        self.memory_bytes
    }

    /// What has been read so far.
    pub(crate) fn counts(&self) -> Counts {
        let tally = self.tally();
        let mut counts = Counts::new(self.inputs.logs.len() as u64, &tally, self.progress.withheld());
        for folder in &self.inputs.digests {
            counts.merge(&folder.counts);
        }
        let outside = *self.shared.outside.lock().unwrap_or_else(PoisonError::into_inner);
        counts.accepted = counts.accepted.saturating_sub(outside);
        counts.outside_window += outside;
        counts
    }

    /// A manifest for the digests of these inputs.
    pub(crate) fn manifest(&self) -> Result<Manifest, Failure> {
        let mut manifest = Manifest::new(self.key.id());
        for log in &self.inputs.logs {
            let stdin = || self.shared.stdin.lock().unwrap_or_else(PoisonError::into_inner).clone();
            manifest.sources.extend(log.hash()?.or_else(stdin));
        }
        for folder in &self.inputs.digests {
            manifest.sources.extend(folder.manifest.sources.iter().cloned());
        }
        manifest.sources.sort_unstable();
        manifest.sources.dedup();
        Ok(manifest)
    }

    /// Tells on standard error what was rejected and repaired; true when it was more than allowed.
    pub(crate) fn tell(&self, counts: &Counts) -> bool {
        self.shared.bar.finish();
        let tally = self.tally();
        for (reason, rejected) in &tally.rejected {
            let samples: Vec<String> =
                rejected.samples.iter().map(|sample| format!("{}:{}", sample.source, sample.row)).collect();
            let more = if rejected.count > samples.len() as u64 { ", …" } else { "" };
            warning(&format!("{} rejected, {reason}: {}{more}", counted(rejected.count, "row"), samples.join(", ")));
        }
        for (column, count) in &tally.field_errors {
            let values = counted(*count, "unreadable value");
            warning(&format!("{values} of {column} left out; the rows were kept"));
        }
        if tally.nul_bytes > 0 {
            note(&format!("{} in text read as spaces", counted(tally.nul_bytes, "NUL byte")));
        }
        if tally.disordered > 0 {
            let rows = counted(tally.disordered, "row");
            note(&format!("{rows} later in the log than in time; order does not matter"));
        }
        tell_foreign(&tally);
        let nothing_read = !self.inputs.logs.is_empty() && !tally.has_read();
        if tally.rows == 0 && nothing_read {
            warning("the logs hold no rows");
        }
        if nothing_read {
            for (appearance, files) in &tally.unread {
                let files = counted(*files, "file");
                warning(&format!("nothing was read of {files} that looks like {appearance}; {}", appearance.help()));
            }
        }
        let rejected = counts.rejected();
        let allowed = self.max_rejected.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(counts.rows / 100));
        let all = counts.rows > 0 && rejected == counts.rows;
        if all {
            warning(
                "every row was rejected; `stillwatch schema` lists the columns that are read, and a field map (--map) \
                 tells under which names the log has them",
            );
        } else if rejected > allowed {
            warning(&format!("{rejected} of {} rows rejected, more than {allowed} (--max-rejected)", counts.rows));
        }
        nothing_read || all || rejected > allowed
    }

    fn tally(&self) -> Tally {
        self.shared.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn digest(&self, logs: &[Log]) -> Result<DigestStream, Failure> {
        let mut units = Vec::new();
        for log in logs {
            self.add_units(log, &mut units)?;
        }
        Ok(self.engine.digest(Source::new(units), &self.progress)?)
    }

    /// Digests logs into a file of the scratch folder, to be united with other digests.
    fn digested(&self, logs: &[Log]) -> Result<Unit, Failure> {
        let path = self.scratch.path().join("logs.parquet");
        let full = |error| Failure::from(EngineError::DiskFull(error));
        let mut writer = DigestWriter::new(File::create_new(&path).map_err(full)?, self.key.id())?;
        for day in self.digest(logs)? {
            writer.write(&day?)?;
        }
        writer.finish()?;
        Ok(self.digest_unit(&path))
    }

    fn digest_unit(&self, path: &Path) -> Unit {
        let (path, key) = (path.to_owned(), self.key.id());
        Box::new(move || {
            let refuse = |error: SourceError| InputError::new(path.display(), error);
            let file = File::open(&path).map_err(|error| refuse(error.into()))?;
            let batches = DigestReader::new(file, key).map_err(|error| refuse(error.into()))?.into_batches();
            let name = path.display().to_string();
            let named = move |error: SourceError| SourceError::from(InputError::new(&name, error));
            Ok(Box::new(batches.map(move |batch| batch.map_err(&named))))
        })
    }

    /// Refuses logs that are part of the digests already.
    fn check_overlap(&self) -> Result<(), Failure> {
        let mut own = Manifest::new(self.key.id());
        for log in &self.inputs.logs {
            own.sources.extend(log.hash()?);
        }
        self.inputs.digests.iter().try_for_each(|folder| check_pair(&own, "the logs", folder))
    }

    /// Adds the parts of a log that are read in parallel.
    fn add_units(&self, log: &Log, units: &mut Vec<Unit>) -> Result<(), Failure> {
        let mut options = log.options(&self.shared.options, self.memory_bytes);
        let [file] = log.files.as_slice() else {
            let (shared, log) = (Arc::clone(&self.shared), log.clone());
            units.push(Box::new(move || {
                let name = log.name();
                Ok(tallied(Joined::new(log, options), name, shared, 0))
            }));
            return Ok(());
        };
        let (parquet, log) = (log.parquet, file);
        options.hive.clone_from(&log.hive);
        let Some(path) = log.path.clone() else {
            let (shared, name) = (Arc::clone(&self.shared), log.name.clone());
            units.push(Box::new(move || {
                let input = Hashed { inner: stdin(), hasher: blake3::Hasher::new(), shared: Arc::clone(&shared) };
                text(input, &options, &name, &shared)
            }));
            return Ok(());
        };
        let refuse = |error: SourceError| {
            Failure::from(EngineError::from(SourceError::from(InputError::new(path.display(), error))))
        };
        if !parquet {
            let (shared, name) = (Arc::clone(&self.shared), log.name.clone());
            units.push(Box::new(move || {
                let file = File::open(&path).map_err(|error| InputError::new(&name, error))?;
                text(file, &options, &name, &shared)
            }));
            return Ok(());
        }
        let file = File::open(&path).map_err(|error| refuse(error.into()))?;
        let source = ParquetSource::open(file, &log.name).map_err(|error| refuse(error.into()))?;
        let row_groups: Vec<usize> = (0..source.row_groups()).collect();
        let bytes_a_row = log.bytes / source.rows().max(1);
        for part in row_groups.chunks(row_groups.len().div_ceil(PARTS_A_FILE).max(1)) {
            let (shared, name, path, part) = (Arc::clone(&self.shared), log.name.clone(), path.clone(), part.to_vec());
            let options = options.clone();
            units.push(Box::new(move || {
                let refuse = |error: SourceError| InputError::new(&name, error);
                let file = File::open(&path).map_err(|error| refuse(error.into()))?;
                let source = ParquetSource::open(file, &name).map_err(|error| refuse(error.into()))?;
                let reader = source.read(&part, &options).map_err(|error| refuse(error.into()))?;
                Ok(tallied(reader, name, shared, bytes_a_row))
            }));
        }
        Ok(())
    }

    /// Leaves out days outside the window and counts their exchanges.
    fn inside_window(&self, days: DigestStream) -> impl Iterator<Item = Result<AccountDay, EngineError>> + use<> {
        let since = self.window.since.map(stillwatch_core::Micros::day);
        let until = self.window.until.map(stillwatch_core::Micros::day);
        let inside = move |day: Day| since.is_none_or(|since| day >= since) && until.is_none_or(|until| day < until);
        let shared = Arc::clone(&self.shared);
        days.filter(move |day| match day {
            Ok(day) if !inside(day.day) => {
                let exchanges = DayDigest::decode(&day.digest).map_or(0, |digest| digest.exchanges());
                *shared.outside.lock().unwrap_or_else(PoisonError::into_inner) += exchanges;
                false
            }
            _ => true,
        })
    }
}

/// Digest folders must be of this key, fit each other, and be cut at midnight if at all.
fn check_digests(digests: &[DigestFolder], key: &Key, window: Window) -> Result<(), Failure> {
    let Some(first) = digests.first() else {
        return Ok(());
    };
    if [window.since, window.until].into_iter().flatten().any(|moment| moment != moment.day().start()) {
        return Err(Failure::usage("day digests can be cut at midnight UTC only")
            .help("give --since and --until as days, such as 2026-09-07, or read the logs instead"));
    }
    if first.manifest.key != key.id().to_string() {
        let what = format!("the digests in {} were made under key {}", first.path.display(), first.manifest.key);
        return Err(Failure::usage(format!("{what}, and this run has key {}", key.id()))
            .help("give their key with --key-file, or write the digests again from the logs"));
    }
    let own = Manifest::new(key.id());
    for (index, folder) in digests.iter().enumerate() {
        check_pair(&own, "this version", folder)?;
        for before in &digests[..index] {
            check_pair(&before.manifest, &before.path.display().to_string(), folder)?;
        }
    }
    Ok(())
}

fn check_pair(one: &Manifest, name: &str, folder: &DigestFolder) -> Result<(), Failure> {
    one.check_merge(&folder.manifest).map_err(|error| {
        Failure::usage(format!("{name} and the digests in {} cannot be united", folder.path.display()))
            .because(error)
            .help("leave one of the two out, or write the digests again from the logs")
    })
}

pub(crate) fn read_edge(path: &Path, map: &FieldMap, memory_bytes: usize) -> Result<EdgeLog, Failure> {
    let mut tally = Tally::default();
    let name = path.display().to_string();
    let log = EdgeLog::read(inputs::open(path)?, None, map, &name, memory_bytes / EDGE_SHARE, &mut tally)
        .map_err(|error| Failure::usage(format!("the edge log {name} cannot be used")).because(error))?;
    tell_table("edge log", &tally);
    Ok(log)
}

/// Tells what was rejected of a small table.
pub(crate) fn tell_table(what: &str, tally: &Tally) {
    for (reason, rejected) in &tally.rejected {
        let rows: Vec<String> = rejected.samples.iter().map(|sample| sample.row.to_string()).collect();
        let more = if rejected.count > rows.len() as u64 { ", …" } else { "" };
        warning(&format!("{what}: {} rejected, {reason}: row {}{more}", rejected.count, rows.join(", ")));
    }
}

/// Tells which logs were recognised as something else than canonical, and which hold no requests.
pub(crate) fn tell_sources(logs: &[Log]) {
    let mut told: BTreeMap<&str, (usize, &LogSource)> = BTreeMap::new();
    for source in logs.iter().filter_map(Log::source) {
        told.entry(source.name).or_insert((0, source)).0 += 1;
    }
    for (name, (count, source)) in told {
        note(&format!("{} read as {name}: {}", counted(count as u64, "log"), source.title));
        if !source.holds_requests {
            warning(&format!("{name} holds events and totals, no requests: there is nothing to detect in it"));
        }
    }
}

/// Tells what a foreign log held beside whole exchanges.
pub(crate) fn tell_foreign(tally: &Tally) {
    for (what, count) in &tally.repaired {
        note(&format!("{} set right or left out ({what}); the rows were kept", counted(*count, "value")));
    }
    if tally.repeated_ids > 0 {
        let exchanges = counted(tally.repeated_ids, "exchange");
        note(&format!("{exchanges} under the id of another one shortly before; each counts by itself"));
    }
    if tally.untold_names > 0 {
        note(&format!("{} of fields not shown, since they may be data", counted(tally.untold_names, "name")));
    }
    for (what, count) in &tally.set_aside {
        note(&format!("{} set aside: {what}", counted(*count, "record")));
    }
    for (what, count) in &tally.unjoined {
        warning(&format!("{} incomplete: {what}", counted(*count, "exchange")));
    }
    let nameless = tally.rejected.get(&Reason::Missing("account")).map_or(0, |rejected| rejected.count);
    if nameless > 0 {
        note(
            "rows without an account cannot be compared; `stillwatch doctor` tells what to log, and a field map (--map) where to find it",
        );
    }
}

fn text(
    input: impl Read + Send + 'static,
    options: &ReadOptions,
    name: &str,
    shared: &Arc<Shared>,
) -> Result<Batches, SourceError> {
    let reader = TextReader::new(input, None, options, name).map_err(|error| InputError::new(name, error))?;
    Ok(tallied(reader, name.into(), Arc::clone(shared), 0))
}

/// A reader of batches that counts.
trait Tallied: Iterator<Item = Result<arrow::array::RecordBatch, stillwatch_ingest::IngestError>> + Send {
    fn tally(&self) -> &Tally;
}

impl Tallied for ParquetReader {
    fn tally(&self) -> &Tally {
        self.tally()
    }
}

impl Tallied for Joined {
    fn tally(&self) -> &Tally {
        self.tally()
    }
}

impl Tallied for TextReader<'_> {
    fn tally(&self) -> &Tally {
        self.tally()
    }
}

fn tallied(reader: impl Tallied + 'static, name: String, shared: Arc<Shared>, bytes_a_row: u64) -> Batches {
    Box::new(Counted { reader, name, shared, bytes_a_row, enriched: Tally::default(), bytes: 0, rows: 0 })
}

/// Passes batches on, fills them from the edge log, and adds what was counted to the whole when it ends.
struct Counted<R: Tallied> {
    reader: R,
    name: String,
    shared: Arc<Shared>,
    /// For the progress bar; zero where the reader knows better.
    bytes_a_row: u64,
    enriched: Tally,
    bytes: u64,
    rows: u64,
}

impl<R: Tallied> Iterator for Counted<R> {
    type Item = Result<arrow::array::RecordBatch, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next();
        let tally = self.reader.tally();
        let bytes = if self.bytes_a_row == 0 { tally.bytes } else { tally.rows * self.bytes_a_row };
        self.shared.bar.add(bytes.saturating_sub(self.bytes), tally.rows.saturating_sub(self.rows));
        (self.bytes, self.rows) = (bytes, tally.rows);
        Some(match batch? {
            Ok(batch) => Ok(match &self.shared.edge {
                Some(edge) => {
                    let filled = edge.enrich(batch.clone());
                    self.enriched.note_enriched(&batch, &filled);
                    filled
                }
                None => batch,
            }),
            Err(error) => Err(InputError::new(&self.name, error).into()),
        })
    }
}

impl<R: Tallied> Drop for Counted<R> {
    fn drop(&mut self) {
        let mut whole = self.shared.tally.lock().unwrap_or_else(PoisonError::into_inner);
        whole.merge(self.reader.tally());
        whole.merge(&self.enriched);
    }
}

/// Hashes what passes, and leaves the hash behind at the end.
struct Hashed<R> {
    inner: R,
    hasher: blake3::Hasher,
    shared: Arc<Shared>,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

impl<R> Drop for Hashed<R> {
    fn drop(&mut self) {
        let source = SourceFile { hash: self.hasher.finalize().to_string(), bytes: self.hasher.count() };
        *self.shared.stdin.lock().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }
}
