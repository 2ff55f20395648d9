//! One pass over a corpus.

use stillwatch_audit::watermark::CorpusSample;
use stillwatch_audit::{BlockFindings, Collector, Scanner, Spot, TrainingPolicy};
use stillwatch_ingest::{CorpusParser, CorpusTally};

use super::{Audit, AuditError, Checkpoint, Equipment, InstrumentError, Ledger, Position, PositionedFile};
use crate::atomic::Scratch;
use crate::context::Context;
use crate::corpus::{CorpusError, Files, Job, Outcome, Pipeline};

/// What a pass over the corpus gave.
pub(super) struct Seen {
    pub(super) collector: Collector,
    pub(super) tally: CorpusTally,
    /// A hash of all that was read.
    pub(super) input: String,
    /// For each way of reading among the watermarks the n-grams of the corpus.
    pub(super) samples: Vec<CorpusSample>,
    /// What is removed once the result is written, with the number of its parts.
    pub(super) checkpoint: Option<(Checkpoint, u32)>,
    /// Files that could not be read.
    pub(super) failed: usize,
}

/// One thread's means.
pub(super) struct Worker<'i> {
    parser: CorpusParser,
    scanner: Scanner<'i, PositionedFile>,
    /// File and block from which on everything is looked at; of earlier ones, that an interrupted run has seen, only the
    /// n-grams are taken again, for they are as good as text and no checkpoint holds them.
    before: (usize, u64),
}

impl<'i> Worker<'i> {
    pub(super) fn new(files: &Files, equipment: &'i Equipment) -> Self {
        Self { parser: CorpusParser::new(&files.plan), scanner: equipment.instruments.scanner(), before: (0, 0) }
    }

    pub(super) fn look(&mut self, job: &Job, tally: &mut CorpusTally) -> Result<BlockFindings, AuditError> {
        self.scanner.begin(number(job.file)?, job.number);
        let (scanner, mut broken) = (&mut self.scanner, Ok(()));
        if (job.file, job.number) < self.before {
            self.parser
                .documents(&job.block, &mut CorpusTally::default(), &mut |_, document| {
                    if broken.is_ok() {
                        broken = scanner.sample(document);
                    }
                })
                .map_err(|source| CorpusError::Block { name: job.block.source().to_string(), source })?;
            broken.map_err(|error| InstrumentError::IndexRead(error.into()))?;
            return Ok(self.scanner.finish());
        }
        self.parser
            .documents(&job.block, tally, &mut |place, document| {
                if broken.is_ok() {
                    broken = scanner.look(Spot { row: place.row, turn: place.turn }, document);
                }
            })
            .map_err(|source| CorpusError::Block { name: job.block.source().to_string(), source })?;
        broken.map_err(|error| InstrumentError::IndexRead(error.into()))?;
        Ok(self.scanner.finish())
    }
}

/// The number of a file as findings hold it.
fn number(file: usize) -> Result<u32, AuditError> {
    u32::try_from(file).map_err(|_| AuditError::TooManyFiles)
}

impl Audit {
    pub(super) fn scan(
        &self,
        files: &Files,
        equipment: &Equipment,
        policy: Option<&TrainingPolicy>,
        context: &Context,
    ) -> Result<Seen, AuditError> {
        let scratch = Scratch::new(&context.temporaries).map_err(AuditError::Scratch)?;
        let (mut checkpoint, position) = match &self.resume {
            Some(folder) => {
                let signature = self.signature(files, equipment);
                let (checkpoint, position) = Checkpoint::open(folder, signature, self.checkpoint_every, context)?;
                (Some(checkpoint), position.unwrap_or_default())
            }
            None => (None, Position::default()),
        };
        let folder = checkpoint.as_ref().map_or(scratch.path(), Checkpoint::folder).to_owned();
        let kept = self.ledger.is_some() || self.exclusions.is_some();
        let mut ledger = kept.then(|| Ledger::new(&folder, position.ledger_parts, self.show_text));
        let names = files.names();
        let mut pipeline = Pipeline::new(files, self.search.threads, context);
        let before = (position.file, position.block);
        if equipment.instruments.watermarks.is_empty() {
            pipeline = pipeline.after(position.file, position.row, position.block);
        }
        let (mut collector, mut tally) = (position.collector, position.tally);
        let instruments = &equipment.instruments;
        let mut samples = instruments.samples();
        pipeline.run(
            || Ok::<_, AuditError>(Worker { before, ..Worker::new(files, equipment) }),
            Worker::look,
            |mut outcome: Outcome<BlockFindings>| {
                samples
                    .iter_mut()
                    .zip(outcome.result.samples.drain(..))
                    .try_for_each(|(all, block)| all.merge(block))
                    .map_err(AuditError::WatermarkSample)?;
                if !samples.is_empty() {
                    instruments.limit_samples(&samples);
                }
                if (outcome.file, outcome.number) < before {
                    return Ok(());
                }
                let name = &names[outcome.file];
                if let Some(ledger) = &mut ledger {
                    ledger.add(name, &outcome.result.hits)?;
                }
                collector.add(number(outcome.file)?, name, outcome.result, policy, self.search.style_sample);
                tally.merge(&outcome.tally);
                instruments.limit_style(&collector, self.search.style_sample);
                if let Some(checkpoint) = checkpoint.as_mut().filter(|checkpoint| checkpoint.is_due()) {
                    if let Some(ledger) = &mut ledger {
                        ledger.flush()?;
                    }
                    checkpoint.write(Position {
                        file: outcome.file,
                        row: outcome.last_row,
                        block: outcome.number + 1,
                        tally: tally.clone(),
                        collector: collector.clone(),
                        ledger_parts: ledger.as_ref().map_or(0, Ledger::parts),
                        ..Position::default()
                    })?;
                }
                Ok(())
            },
        )?;
        let parts = ledger.as_ref().map_or(0, Ledger::parts);
        if let (Some(ledger), Some(target)) = (&mut ledger, &self.exclusions) {
            ledger.exclusions(target, &context.temporaries)?;
        }
        if let (Some(ledger), Some(target)) = (ledger, &self.ledger) {
            ledger.finish(target, &context.temporaries)?;
        }
        let checkpoint = checkpoint.map(|checkpoint| (checkpoint, parts + 1));
        Ok(Seen { collector, tally, input: pipeline.input(), samples, checkpoint, failed: pipeline.failed() })
    }

    /// Names the corpus and the means, so that a run goes on only with the same.
    fn signature(&self, files: &Files, equipment: &Equipment) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        for file in &files.files {
            add(&file.name);
            add(&file.bytes.to_string());
        }
        for file in files.paths().chain(self.inputs()) {
            let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
            add(&format!("{modified:?}"));
        }
        for means in &equipment.means {
            add(&means.name);
            add(&means.what);
        }
        add(&equipment.key.id().to_string());
        let kept = self.ledger.is_some() || self.exclusions.is_some();
        add(&format!("{:?} {:?} {kept:?}", files.options, self.show_text));
        add(&format!("{:?} {} {}", self.policy, self.search.style_sample, self.search.min_overlap));
        hasher.finalize().to_string()
    }
}
