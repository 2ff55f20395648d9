//! From files to day digests: the engine, what it reads, and what is counted on the way.

mod digests;
mod error;
mod notices;
mod options;
mod plan;
mod scan;
mod tables;
mod unread;

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use stillwatch_core::{Key, NotEvaluated, Stage, Window, counted};
use stillwatch_digest::{Manifest, Part, SourceFile};
use stillwatch_engine::{
    AccountDay, Batches, Content, DigestStream, DigestWriter, Engine, EngineError, EngineOptions, Location, Meter,
    Scan, Source, Unit,
};
use stillwatch_ingest::{FieldMap, ReadOptions, Tally};

pub use self::error::ReadError;
pub(crate) use self::notices::{DEFAULT_MAX_REJECTED, notify_of_sources};
pub(crate) use self::options::threads;
pub use self::options::{KeyChoice, LogOptions, Means};
pub use self::plan::{Plan, Shard};
pub use self::scan::FileScan;
pub(crate) use self::tables::{notify_of_table, read_edge};
pub(crate) use self::unread::{gap, unread};

use self::plan::Rules;
use crate::atomic::Scratch;
use crate::context::Context;
use crate::counts::Counts;
use crate::files;
use crate::inputs::{HashError, Inputs, LogFile};
use crate::logs::{self, Log};
use crate::notice::Notice;

/// The share of the memory that an edge log may take.
pub(crate) const EDGE_SHARE: usize = 4;

impl LogOptions {
    /// All that these logs hold to read, as data, divided as shards divide it. Another process reads it through a
    /// [`FileScan`], under the key of the plan.
    pub fn plan(&self, context: &Context) -> Result<Plan, ReadError> {
        let reading = Reading::of_shard(self, &[], Some(Shard::WHOLE), context)?;
        context.progress.end();
        reading.plan()
    }
}

/// Reads the inputs of one run.
pub(crate) struct Reading {
    pub(crate) key: Key,
    pub(crate) threads: NonZeroUsize,
    pub(crate) window: Window,
    pub(crate) map: FieldMap,
    context: Context,
    inputs: Inputs,
    logs: Vec<Log>,
    rules: Rules,
    shard: Option<Shard>,
    memory_bytes: usize,
    engine: Engine,
    scan: Arc<FileScan>,
    /// Of digesting logs.
    digesting: Meter,
    /// Of uniting digests.
    uniting: Meter,
    /// Exchanges of digested days outside the window.
    outside: Arc<Mutex<u64>>,
    max_rejected: Option<u64>,
    // Last, so that the engine has let go of it.
    scratch: Scratch,
}

/// Day digests in ascending order of account and day.
pub(crate) type Days = Box<dyn Iterator<Item = Result<AccountDay, EngineError>>>;

impl Reading {
    /// `others` are files that are given as something else than logs.
    pub(crate) fn new(options: &LogOptions, others: &[&Path], context: &Context) -> Result<Self, ReadError> {
        Self::of_shard(options, others, None, context)
    }

    /// The same for one of several parts of the logs.
    pub(crate) fn of_shard(
        options: &LogOptions,
        others: &[&Path],
        shard: Option<Shard>,
        context: &Context,
    ) -> Result<Self, ReadError> {
        let (map, mapping) = field_map(options.map.as_deref())?;
        let window = options.window;
        if let (Some(since), Some(until)) = (window.since, window.until)
            && since >= until
        {
            return Err(ReadError::EmptyWindow);
        }
        let mut inputs = Inputs::find(&options.logs, others)?;
        let read_options = ReadOptions { map: map.clone(), window, ..ReadOptions::default() };
        logs::leave_out_roles(&mut inputs, &read_options, context);
        if inputs.skipped > 0 {
            context.notify(&Notice::FilesSkipped(inputs.skipped));
        }
        if shard.is_some() {
            divisible(&inputs)?;
        }
        let key = options.means.key.load(context)?;
        digests::check(&inputs.digests, &key, window)?;
        let (memory_bytes, threads) = (options.means.memory(), options.means.threads());
        let edge = options.edge.as_deref();
        let edge = edge.map(|path| read_edge(path, &map, memory_bytes / EDGE_SHARE, context)).transpose()?;
        let scratch = Scratch::new(&context.temporaries).map_err(ReadError::Scratch)?;
        let edge_bytes = if edge.is_some() { memory_bytes / EDGE_SHARE } else { 0 };
        let engine = Engine::new(EngineOptions {
            threads,
            memory_bytes: memory_bytes - edge_bytes,
            spill_dir: scratch.path().into(),
            key: key.clone(),
            settings: Vec::new(),
            runtime: options.means.runtime.clone(),
        })?;
        let logs = logs::group(&inputs.logs, &read_options, options.format_in.as_deref())?;
        notify_of_sources(&logs, context);
        let known = inputs.logs.iter().all(|log| log.bytes > 0);
        let bytes = inputs.logs.iter().map(|log| log.bytes).sum();
        context.progress.begin(&Stage {
            name: "reading",
            unit: "bytes",
            total: Some(bytes).filter(|bytes| known && shard.is_none() && *bytes > 0),
        });
        let scan = FileScan::new(key.id(), memory_bytes, edge, Arc::clone(&context.progress));
        Ok(Self {
            rules: Rules { window, mapping, divide_lines: shard.is_some() },
            scan: Arc::new(scan),
            key,
            threads,
            window,
            map,
            context: context.clone(),
            inputs,
            logs,
            shard,
            memory_bytes,
            engine,
            digesting: Meter::new(&context.cancel),
            uniting: Meter::new(&context.cancel),
            outside: Arc::default(),
            max_rejected: options.max_rejected,
            scratch,
        })
    }

    /// The day digests of all inputs, united.
    pub(crate) fn days(&self) -> Result<Days, ReadError> {
        let digests = &self.inputs.digests;
        if digests.is_empty() {
            return Ok(Box::new(self.digest()?));
        }
        let mut units = Vec::new();
        if !self.logs.is_empty() {
            self.check_overlap()?;
            units.push(self.digested()?);
        }
        for folder in digests {
            units.extend(folder.manifest.files.iter().map(|name| Unit::digests(folder.path.join(name), self.key.id())));
        }
        let days = self.engine.unite(self.source(units), &self.uniting)?;
        Ok(Box::new(self.inside_window(days)))
    }

    /// The logs as batches of exchanges, text and all, for what reads more than digests hold.
    pub(crate) fn batches(&self) -> Result<impl Iterator<Item = Result<Batches, ReadError>> + use<>, ReadError> {
        if let Some(folder) = self.inputs.digests.first() {
            return Err(ReadError::NoAnswers(folder.path.clone()));
        }
        let scan = Arc::clone(&self.scan);
        let units = self.plan()?.units;
        Ok(units.into_iter().map(move |unit| Ok(scan.open(&unit).map_err(EngineError::from)?)))
    }

    /// Bytes of memory to use.
    pub(crate) fn memory(&self) -> usize {
        self.memory_bytes
    }

    /// What has been read so far.
    pub(crate) fn counts(&self) -> Result<Counts, ReadError> {
        let tally = self.scan.tally();
        let mut counts = Counts::new(self.files_read()?, &tally, self.digesting.withheld());
        for folder in &self.inputs.digests {
            counts.merge(&folder.counts);
        }
        let outside = *self.outside.lock().unwrap_or_else(PoisonError::into_inner);
        counts.accepted = counts.accepted.saturating_sub(outside);
        counts.outside_window += outside;
        counts.not_read.extend(self.not_read(&tally, &counts));
        Ok(counts)
    }

    /// What of the logs was not read, and why nothing is left where that is so.
    fn not_read(&self, tally: &Tally, counts: &Counts) -> Vec<NotEvaluated> {
        let mut gaps = Vec::new();
        // A shard may well have no unit of its own.
        if !self.inputs.logs.is_empty() && (self.shard.is_none() || tally.rows > 0) {
            gaps = unread(tally);
        }
        let usable = counts.accepted.saturating_sub(counts.withheld);
        if usable == 0 && counts.withheld > 0 {
            let what = counted(counts.withheld, "row");
            let why = "their retention class forbids to use them".into();
            gaps.push(gap(what, why, "give logs of customers whose agreement permits it".into()));
        } else if usable == 0 && gaps.is_empty() && !self.inputs.digests.is_empty() && counts.not_read.is_empty() {
            let why = if counts.outside_window > 0 {
                "all of their days lie outside the window"
            } else {
                "they hold no exchanges"
            };
            gaps.push(gap("the digests".into(), why.into(), "give digests of these days".into()));
        }
        gaps
    }

    /// A manifest for the digests of these inputs.
    pub(crate) fn manifest(&self) -> Result<Manifest, ReadError> {
        let mut manifest = Manifest::new(self.key.id());
        manifest.sources = match self.shard {
            Some(shard) => self.sources_of(shard)?,
            None => self.sources()?,
        };
        for folder in &self.inputs.digests {
            manifest.sources.extend(folder.manifest.sources.iter().cloned());
        }
        manifest.sources.sort_unstable();
        manifest.sources.dedup();
        Ok(manifest)
    }

    /// Tells what was rejected and repaired; true when it was more than allowed.
    pub(crate) fn finish(&self, counts: &Counts) -> bool {
        self.context.progress.end();
        let is_whole = self.shard.is_none();
        notices::notify_of_rows(&self.scan.tally(), counts, is_whole, self.max_rejected, &self.context)
    }

    /// All that is to be read, as data.
    fn plan(&self) -> Result<Plan, ReadError> {
        let mut units = Vec::new();
        for log in &self.logs {
            units.extend(plan::units(log, &self.rules)?);
        }
        Ok(Plan { schema: Plan::SCHEMA.into(), key: self.key.id().to_string(), units })
    }

    fn source(&self, units: Vec<Unit>) -> Source {
        Source::new(units, Arc::<FileScan>::clone(&self.scan))
    }

    fn digest(&self) -> Result<DigestStream, ReadError> {
        let plan = self.plan()?;
        let units = match self.shard {
            Some(shard) => plan.shard(shard),
            None => plan.units,
        };
        Ok(self.engine.digest(self.source(units), &self.digesting)?)
    }

    /// Digests the logs into a file of the scratch folder, to be united with other digests.
    fn digested(&self) -> Result<Unit, ReadError> {
        let path = self.scratch.path().join("logs.parquet");
        let file = File::create_new(&path).map_err(EngineError::DiskFull)?;
        let mut writer = DigestWriter::new(file, self.key.id())?;
        for day in self.digest()? {
            writer.write(&day?)?;
        }
        writer.finish()?;
        Ok(Unit::digests(path, self.key.id()))
    }

    /// Refuses logs that are part of the digests already.
    fn check_overlap(&self) -> Result<(), ReadError> {
        let mut own = Manifest::new(self.key.id());
        for log in &self.inputs.logs {
            own.sources.extend(log.hash(&self.context.cancel)?);
        }
        self.inputs.digests.iter().try_for_each(|folder| digests::check_pair(&own, "the logs", folder))
    }

    fn sources(&self) -> Result<Vec<SourceFile>, ReadError> {
        let mut sources = Vec::new();
        for log in &self.inputs.logs {
            sources.extend(log.hash(&self.context.cancel)?.or_else(|| self.scan.stdin()));
        }
        Ok(sources)
    }

    /// What a shard has read of each file. A file that nothing is read of is the first shard's.
    fn sources_of(&self, shard: Shard) -> Result<Vec<SourceFile>, ReadError> {
        let plan = self.plan()?;
        let own = plan.shard(shard);
        let mut sources = Vec::new();
        for log in &self.inputs.logs {
            let (own, all) = (parts_of(log, &own), parts_of(log, &plan.units));
            if !own.is_empty() || (all.is_empty() && shard.is_first()) {
                let file = log.hash(&self.context.cancel)?;
                sources.extend(file.iter().flat_map(|file| plan::sources(file, &own, all.len())));
            }
        }
        Ok(sources)
    }

    /// Files, each counted by the shard that reads its beginning, so that the shards' numbers add up.
    fn files_read(&self) -> Result<u64, ReadError> {
        let Some(shard) = self.shard else { return Ok(self.inputs.logs.len() as u64) };
        let plan = self.plan()?;
        let own = plan.shard(shard);
        let begins = |log: &&LogFile| {
            let nobody = parts_of(log, &plan.units).is_empty() && shard.is_first();
            nobody || parts_of(log, &own).into_iter().any(|part| part.is_none_or(Part::is_first))
        };
        Ok(self.inputs.logs.iter().filter(begins).count() as u64)
    }
}

/// The parts of a file that are in some units.
fn parts_of(log: &LogFile, units: &[Unit]) -> Vec<Option<Part>> {
    let location = log.path.clone().map_or(Location::StandardInput, Location::Path);
    let with_file = units.iter().filter(|unit| unit.files.iter().any(|file| file.location == location));
    let part = |unit: &Unit| match &unit.content {
        Content::Log(content) => content.part,
        Content::Digests { .. } => None,
    };
    with_file.map(part).collect()
}

fn field_map(path: Option<&Path>) -> Result<(FieldMap, Option<Arc<str>>), ReadError> {
    let Some(path) = path else { return Ok((FieldMap::default(), None)) };
    let text = files::read_text(path)?;
    let map = FieldMap::parse(&text).map_err(|source| ReadError::Map { path: path.into(), source })?;
    Ok((map, Some(text.into())))
}

/// Refuses inputs of which no part can be read by itself.
fn divisible(inputs: &Inputs) -> Result<(), ReadError> {
    if let Some(folder) = inputs.digests.first() {
        return Err(ReadError::Indivisible(format!("the digests in {}", folder.path.display())));
    }
    match inputs.logs.iter().find(|log| log.path.is_none()) {
        Some(log) => Err(ReadError::Indivisible(log.name.clone())),
        None => Ok(()),
    }
}

/// Reads a field map for what plans nothing.
pub(crate) fn map_of(path: Option<&Path>) -> Result<FieldMap, ReadError> {
    field_map(path).map(|(map, _)| map)
}

impl From<HashError> for ReadError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::File(error) => Self::File(error),
            HashError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}
