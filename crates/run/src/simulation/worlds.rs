//! Random worlds, each in a folder of its own.

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use stillwatch_core::Stage;
use stillwatch_simulate::WorldPlan;
use tracing::info_span;

use super::SimulateError;
use super::files::{json, write_columns};
use crate::atomic::Folder;
use crate::context::Context;

/// What was drawn for a random world.
const WORLD: &str = "world.json";
/// Exchanges of a random world.
const EXCHANGES: usize = 90_000;

/// Draws random worlds and writes them on all processors.
#[derive(Clone, Debug)]
pub struct Worlds {
    pub seed: u64,
    pub count: u32,
    /// Exchanges of each; without it, 90,000.
    pub exchanges: Option<usize>,
    /// The folder to write. It must not exist or be empty.
    pub output: PathBuf,
}

impl Worlds {
    /// The number of exchanges in all worlds. The folder appears whole or not at all.
    pub fn run(&self, context: &Context) -> Result<u64, SimulateError> {
        let _span = info_span!("worlds", count = self.count).entered();
        let refuse = |source: io::Error| SimulateError::of(&self.output, source);
        let folder = Folder::new(&self.output, &context.temporaries).map_err(refuse)?;
        context.progress.begin(&Stage { name: "simulating", unit: "worlds", total: Some(self.count.into()) });
        let written = self.write(folder.path(), context).map_err(|error| error.in_place_of(&self.output))?;
        context.progress.end();
        context.cancel.check()?;
        folder.commit().map_err(refuse)?;
        Ok(written)
    }

    fn write(&self, folder: &Path, context: &Context) -> Result<u64, SimulateError> {
        let next = AtomicU64::new(1);
        let work = || -> Result<u64, SimulateError> {
            let mut written = 0;
            loop {
                context.cancel.check()?;
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number > u64::from(self.count) {
                    return Ok(written);
                }
                written += self.world(number, &folder.join(format!("world-{number:04}")), context)?;
                context.progress.advance(1);
            }
        };
        let broken = || io::Error::other("a thread that simulated a world ended early");
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let ended = workers.into_iter().map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|_| Err(SimulateError::NotWritten { path: folder.into(), source: broken() }))
            });
            ended.sum()
        })
    }

    fn world(&self, number: u64, folder: &Path, context: &Context) -> Result<u64, SimulateError> {
        let refuse = |source: io::Error| SimulateError::NotWritten { path: folder.into(), source };
        let plan = WorldPlan::draw(self.seed, number, self.exchanges.unwrap_or(EXCHANGES));
        let traffic = plan.simulate_cancellable(&context.cancel)?;
        let description = plan.description();
        std::fs::create_dir(folder).map_err(refuse)?;
        write_columns(&traffic, folder, &description.coverage.missing, context)?;
        json(&folder.join(WORLD), &description).map_err(refuse)?;
        Ok(traffic.exchanges.len() as u64)
    }
}
