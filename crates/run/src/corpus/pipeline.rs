//! One thread reads and cuts, many look, and the caller collects in the order of the corpus, so that the result is the
//! same at any number of threads. Blocks in flight are bounded, and so is memory.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use stillwatch_core::Stage;
use stillwatch_ingest::{Block, CorpusReader, CorpusTally};
use tracing::info_span;

use super::CorpusError;
use super::files::{Files, InputHash};
use crate::context::Context;
use crate::error::InputError;
use crate::notice::Notice;
use crate::reading::threads;

/// Blocks in flight for each thread.
const AHEAD: usize = 3;

/// A block of a file.
pub(crate) struct Job {
    /// Number of the file.
    pub(crate) file: usize,
    /// Number of the block in its file, from 0.
    pub(crate) number: u64,
    pub(crate) block: Block,
}

/// What became of a block.
pub(crate) struct Outcome<R> {
    pub(crate) file: usize,
    pub(crate) last_row: u64,
    /// Number of the block in its file.
    pub(crate) number: u64,
    pub(crate) result: R,
    pub(crate) tally: CorpusTally,
}

/// Reads a corpus once.
pub(crate) struct Pipeline<'a> {
    files: &'a Files,
    context: &'a Context,
    threads: NonZeroUsize,
    hash: InputHash,
    /// File and row to begin after, and the number of the next block.
    from: (usize, u64, u64),
    /// Files that could not be read to their end.
    failed: AtomicUsize,
}

enum Message<R, E> {
    Done(u64, Box<Outcome<R>>),
    Failed(E),
}

impl<'a> Pipeline<'a> {
    pub(crate) fn new(files: &'a Files, threads_asked: Option<NonZeroUsize>, context: &'a Context) -> Self {
        let total = Some(files.bytes()).filter(|bytes| *bytes > 0);
        context.progress.begin(&Stage { name: "reading", unit: "bytes", total });
        Self {
            files,
            context,
            threads: threads(threads_asked),
            hash: InputHash::default(),
            from: (0, 0, 0),
            failed: AtomicUsize::new(0),
        }
    }

    /// Goes on after this row of this file, with a block of this number.
    pub(crate) fn after(mut self, file: usize, row: u64, block: u64) -> Self {
        self.from = (file, row, block);
        self
    }

    /// Files that could not be read to their end; each has been told.
    pub(crate) fn failed(&self) -> usize {
        self.failed.load(Ordering::Relaxed)
    }

    /// BLAKE3 over all that was read.
    pub(crate) fn input(&self) -> String {
        self.hash.finish()
    }

    /// `worker` makes the state of a thread, `look` looks at a block, and `collect` is given the outcomes in order.
    pub(crate) fn run<S, R: Send, E: From<CorpusError> + Send>(
        &self,
        worker: impl Fn() -> Result<S, E> + Sync,
        look: impl Fn(&mut S, &Job, &mut CorpusTally) -> Result<R, E> + Sync,
        mut collect: impl FnMut(Outcome<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        let _span = info_span!("corpus", files = self.files.files.len(), threads = self.threads.get()).entered();
        let stop = AtomicBool::new(false);
        let ahead = self.threads.get() * AHEAD;
        let (jobs, waiting) = sync_channel::<(u64, Job)>(ahead);
        let (done, results) = sync_channel::<Message<R, E>>(ahead);
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            let reader_done = done.clone();
            let (stop, waiting, worker, look) = (&stop, &waiting, &worker, &look);
            scope.spawn(move || {
                if let Err(error) = self.read(&jobs, stop) {
                    let _ = reader_done.send(Message::Failed(error.into()));
                }
            });
            for _ in 0..self.threads.get() {
                let done = done.clone();
                scope.spawn(move || {
                    if let Err(error) = work(waiting, &done, stop, worker, look) {
                        stop.store(true, Ordering::Relaxed);
                        let _ = done.send(Message::Failed(error));
                        // Whoever reads waits for somebody to take the next block.
                        while next(waiting).is_some() {}
                    }
                });
            }
            drop(done);
            let end = self.collect(&results, &mut collect);
            stop.store(true, Ordering::Relaxed);
            // Whoever waits to hand something over is let go.
            drop(results);
            end
        })?;
        self.context.progress.end();
        self.context.cancel.check().map_err(|cancelled| CorpusError::from(cancelled).into())
    }

    fn collect<R, E: From<CorpusError>>(
        &self,
        results: &Receiver<Message<R, E>>,
        collect: &mut impl FnMut(Outcome<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut next, mut early) = (0, BTreeMap::new());
        for message in results {
            self.context.cancel.check().map_err(CorpusError::from)?;
            match message {
                Message::Failed(error) => return Err(error),
                Message::Done(number, outcome) => early.insert(number, outcome),
            };
            while let Some(outcome) = early.remove(&next) {
                next += 1;
                self.context.progress.also("rows", outcome.tally.rows);
                collect(*outcome)?;
            }
        }
        Ok(())
    }

    /// A file that cannot be read is told and left; where none can be, the first is why the run fails.
    fn read(&self, jobs: &SyncSender<(u64, Job)>, stop: &AtomicBool) -> Result<(), CorpusError> {
        let (mut sequence, mut first) = (0, None);
        for index in 0..self.files.files.len() {
            match self.read_file(index, &mut sequence, jobs, stop) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => {
                    self.failed.fetch_add(1, Ordering::Relaxed);
                    let why = error.source.to_string();
                    self.context.notify(&Notice::FileFailed { file: error.name.clone(), why });
                    first.get_or_insert(error);
                }
            }
        }
        match first.filter(|_| self.failed() == self.files.files.len()) {
            Some(error) => Err(CorpusError::Input(error)),
            None => Ok(()),
        }
    }

    /// Hands out the blocks of a file; `false` when nobody wants more.
    fn read_file(
        &self,
        index: usize,
        sequence: &mut u64,
        jobs: &SyncSender<(u64, Job)>,
        stop: &AtomicBool,
    ) -> Result<bool, InputError> {
        let file = &self.files.files[index];
        let mut reader: CorpusReader<'_> = self.files.open(file, &self.hash)?;
        if index < self.from.0 {
            // Read for its hash alone.
            reader.skip_to(u64::MAX);
        } else if index == self.from.0 {
            reader.skip_to(self.from.1 + 1);
        }
        let (mut number, mut bytes) = (if index == self.from.0 { self.from.2 } else { 0 }, 0);
        while let Some(block) = reader.next() {
            let block = block.map_err(|error| InputError::new(&file.name, error))?;
            let read = reader.bytes();
            self.context.progress.advance(read.saturating_sub(bytes));
            bytes = read;
            let stopped = stop.load(Ordering::Relaxed) || self.context.cancel.is_cancelled();
            if stopped || jobs.send((*sequence, Job { file: index, number, block })).is_err() {
                return Ok(false);
            }
            *sequence += 1;
            number += 1;
        }
        Ok(true)
    }
}

fn work<S, R, E>(
    waiting: &Mutex<Receiver<(u64, Job)>>,
    done: &SyncSender<Message<R, E>>,
    stop: &AtomicBool,
    worker: &impl Fn() -> Result<S, E>,
    look: &impl Fn(&mut S, &Job, &mut CorpusTally) -> Result<R, E>,
) -> Result<(), E> {
    let mut state = worker()?;
    loop {
        let Some((sequence, job)) = next(waiting) else {
            return Ok(());
        };
        if stop.load(Ordering::Relaxed) {
            continue;
        }
        let mut tally = CorpusTally::default();
        let result = look(&mut state, &job, &mut tally)?;
        let outcome = Outcome { file: job.file, last_row: job.block.last_row(), number: job.number, result, tally };
        if done.send(Message::Done(sequence, Box::new(outcome))).is_err() {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

fn next(waiting: &Mutex<Receiver<(u64, Job)>>) -> Option<(u64, Job)> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
