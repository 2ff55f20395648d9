//! One thread reads and cuts, many look, and the caller collects in the order of the corpus, so that the result is the
//! same at any number of threads. Blocks in flight are bounded, and so is memory.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use stillwatch_ingest::{Block, CorpusReader, CorpusTally};

use super::files::{Files, InputHash};
use crate::error::{Failure, InputError};
use crate::interrupt;
use crate::progress::Bar;

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
    pub(crate) result: R,
    pub(crate) tally: CorpusTally,
}

/// Reads a corpus once.
pub(crate) struct Pipeline<'a> {
    files: &'a Files,
    threads: NonZeroUsize,
    hash: InputHash,
    bar: Bar,
    /// File and row to begin after.
    from: (usize, u64),
}

enum Message<R> {
    Done(u64, Outcome<R>),
    Failed(Failure),
}

impl<'a> Pipeline<'a> {
    pub(crate) fn new(files: &'a Files, threads: Option<NonZeroUsize>) -> Self {
        let threads = threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        Self { files, threads, hash: InputHash::default(), bar: Bar::new(files.bytes()), from: (0, 0) }
    }

    /// Goes on after this row of this file.
    pub(crate) fn after(mut self, file: usize, row: u64) -> Self {
        self.from = (file, row);
        self
    }

    /// BLAKE3 over all that was read.
    pub(crate) fn input(&self) -> String {
        self.hash.finish()
    }

    /// `worker` makes the state of a thread, `look` looks at a block, and `collect` is given the outcomes in order.
    pub(crate) fn run<S, R: Send>(
        &self,
        worker: impl Fn() -> Result<S, Failure> + Sync,
        look: impl Fn(&mut S, &Job, &mut CorpusTally) -> Result<R, Failure> + Sync,
        mut collect: impl FnMut(Outcome<R>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let stop = AtomicBool::new(false);
        let ahead = self.threads.get() * AHEAD;
        let (jobs, waiting) = sync_channel::<(u64, Job)>(ahead);
        let (done, results) = sync_channel::<Message<R>>(ahead);
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            let reader_done = done.clone();
            let (stop, waiting, worker, look) = (&stop, &waiting, &worker, &look);
            scope.spawn(move || {
                if let Err(failure) = self.read(&jobs, stop) {
                    let _ = reader_done.send(Message::Failed(failure));
                }
            });
            for _ in 0..self.threads.get() {
                let done = done.clone();
                scope.spawn(move || {
                    if let Err(failure) = work(waiting, &done, stop, worker, look) {
                        stop.store(true, Ordering::Relaxed);
                        let _ = done.send(Message::Failed(failure));
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
        self.bar.finish();
        if interrupt::happened() { Err(Failure::interrupted()) } else { Ok(()) }
    }

    fn collect<R>(
        &self,
        results: &Receiver<Message<R>>,
        collect: &mut impl FnMut(Outcome<R>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (mut next, mut early) = (0, BTreeMap::new());
        for message in results {
            if interrupt::happened() {
                return Err(Failure::interrupted());
            }
            match message {
                Message::Failed(failure) => return Err(failure),
                Message::Done(number, outcome) => early.insert(number, outcome),
            };
            while let Some(outcome) = early.remove(&next) {
                next += 1;
                self.bar.add(0, outcome.tally.rows);
                collect(outcome)?;
            }
        }
        Ok(())
    }

    fn read(&self, jobs: &SyncSender<(u64, Job)>, stop: &AtomicBool) -> Result<(), Failure> {
        let mut sequence = 0;
        for (index, file) in self.files.files.iter().enumerate() {
            let refuse = |error: InputError| Failure::runtime(format!("{} cannot be read", error.name)).because(error);
            let mut reader: CorpusReader<'_> = self.files.open(file, &self.hash).map_err(refuse)?;
            if index < self.from.0 {
                // Read for its hash alone.
                reader.skip_to(u64::MAX);
            } else if index == self.from.0 {
                reader.skip_to(self.from.1 + 1);
            }
            let (mut number, mut bytes) = (0, 0);
            while let Some(block) = reader.next() {
                let block = block.map_err(|error| refuse(InputError::new(&file.name, error)))?;
                let read = reader.bytes();
                self.bar.add(read.saturating_sub(bytes), 0);
                bytes = read;
                let stopped = stop.load(Ordering::Relaxed);
                if stopped || jobs.send((sequence, Job { file: index, number, block })).is_err() {
                    return Ok(());
                }
                sequence += 1;
                number += 1;
            }
        }
        Ok(())
    }
}

fn work<S, R>(
    waiting: &Mutex<Receiver<(u64, Job)>>,
    done: &SyncSender<Message<R>>,
    stop: &AtomicBool,
    worker: &impl Fn() -> Result<S, Failure>,
    look: &impl Fn(&mut S, &Job, &mut CorpusTally) -> Result<R, Failure>,
) -> Result<(), Failure> {
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
        let outcome = Outcome { file: job.file, last_row: job.block.last_row(), result, tally };
        if done.send(Message::Done(sequence, outcome)).is_err() {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

fn next(waiting: &Mutex<Receiver<(u64, Job)>>) -> Option<(u64, Job)> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
