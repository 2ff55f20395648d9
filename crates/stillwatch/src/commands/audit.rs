//! `stillwatch audit`

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use stillwatch_audit::style::{HUMAN, ShareEstimate};
use stillwatch_audit::watermark::{Calibration, CorpusSample};
use stillwatch_audit::{
    AuditReport, BlockFindings, Class, Collector, CorpusFacts, Finding, GateOutcome, IndexUse, Interval, Kept,
    NamedWatermark, Recycling, SCHEMA, Scanner, Sketch, Spot, StyleResult, TrainingPolicy, Verdict, limits,
};
use stillwatch_core::{Day, Micros, Permit};
use stillwatch_ingest::{CorpusParser, CorpusTally};
use stillwatch_report::counted;
use stillwatch_run::atomic::Scratch;

use crate::audit::{Checkpoint, Equipment, Ledger, Place, PositionedFile, equip};
use crate::cli::{Audit, AuditFormat, AuditScan, AuditTask, FailOn};
use crate::corpus::{Files, Job, Outcome, Pipeline};
use crate::error::{Code, Failure};
use crate::message::{note, warning};
use crate::{inputs, interrupt, output};

const DEFAULT_MAX_REJECTED: u64 = 1000;

pub(crate) fn run(arguments: &Audit) -> Result<Code, Failure> {
    match &arguments.task {
        Some(AuditTask::Train(train)) => super::train::run(train),
        Some(AuditTask::Split(split)) => super::split::run(split),
        None => audit(&arguments.scan),
    }
}

fn audit(arguments: &AuditScan) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    output::check(arguments.ledger.as_deref())?;
    let policy = arguments.policy.as_deref().map(policy).transpose()?;
    let permits = arguments.permits.as_deref().map(stillwatch_run::detect::permits).transpose()?.unwrap_or_default();
    let day = arguments.on.unwrap_or_else(now).day();
    let others: Vec<&Path> = others(arguments);
    let files = Files::find(&arguments.corpus, &others)?;
    output::apart(
        [&arguments.output, &arguments.ledger].into_iter().flatten().map(std::path::PathBuf::as_path),
        files.paths().chain(inputs_of(arguments)),
    )?;
    let previous = arguments.previous.as_deref().map(earlier).transpose()?;
    let mut equipment = equip(&arguments.means, arguments.corpus.key_file.as_deref(), arguments.corpus.threads)?;
    equipment.instruments.show_text = arguments.show_text;
    let seen = look(arguments, &files, &equipment, policy.as_ref())?;
    let partial = tell(&seen.tally, arguments.corpus.max_rejected) || seen.failed > 0;
    let rules = policy.as_ref().map(|policy| (policy, permits.as_slice(), day));
    let previous = previous.as_ref().map(|(name, report)| (name.as_str(), report));
    let (report, code) = report(arguments, &files, equipment, &seen, rules, previous)?;
    let text = render(&report, arguments)?;
    output::write(&text, arguments.output.as_deref())?;
    if let Some((checkpoint, parts)) = seen.checkpoint {
        checkpoint.finish(parts);
    }
    Ok(match code {
        Code::Done if partial => Code::Partial,
        code => code,
    })
}

/// What a pass over the corpus gave.
struct Seen {
    collector: Collector,
    tally: CorpusTally,
    input: String,
    /// For each watermark the n-grams of the corpus.
    samples: Vec<CorpusSample>,
    /// What is removed once the result is written, with the number of its parts.
    checkpoint: Option<(Checkpoint, u32)>,
    /// Files that could not be read.
    failed: usize,
}

/// One thread's means.
pub(crate) struct Worker<'i> {
    parser: CorpusParser,
    scanner: Scanner<'i, PositionedFile>,
}

impl<'i> Worker<'i> {
    pub(crate) fn new(files: &Files, equipment: &'i Equipment) -> Self {
        Self { parser: CorpusParser::new(&files.plan), scanner: equipment.instruments.scanner() }
    }

    pub(crate) fn look(&mut self, job: &Job, tally: &mut CorpusTally) -> Result<BlockFindings, Failure> {
        let file = u32::try_from(job.file).unwrap_or(u32::MAX);
        self.scanner.begin(file, job.number);
        let (scanner, mut broken) = (&mut self.scanner, Ok(()));
        self.parser
            .documents(&job.block, tally, &mut |place, document| {
                if broken.is_ok() {
                    broken = scanner.look(Spot { row: place.row, turn: place.turn }, document);
                }
            })
            .map_err(|error| Failure::runtime(format!("{} cannot be read", job.block.source())).because(error))?;
        broken.map_err(|error| Failure::runtime("an index cannot be read").because(error))?;
        Ok(self.scanner.finish())
    }
}

fn look(
    arguments: &AuditScan,
    files: &Files,
    equipment: &Equipment,
    policy: Option<&TrainingPolicy>,
) -> Result<Seen, Failure> {
    let scratch = Scratch::new(&interrupt::context().temporaries)
        .map_err(|error| Failure::runtime("no temporary folder can be created").because(error))?;
    let (mut checkpoint, place) = match &arguments.resume {
        Some(folder) => {
            let (checkpoint, place) = Checkpoint::open(folder, signature(arguments, files, equipment))?;
            (Some(checkpoint), place.unwrap_or_default())
        }
        None => (None, Place::default()),
    };
    let folder = checkpoint.as_ref().map_or(scratch.path(), Checkpoint::folder).to_owned();
    let mut ledger = arguments.ledger.as_ref().map(|_| Ledger::new(&folder, place.ledger_parts, arguments.show_text));
    let names = files.names();
    let pipeline = Pipeline::new(files, arguments.corpus.threads).after(place.file, place.row, place.block);
    let (mut collector, mut tally) = (place.collector, place.tally);
    let instruments = &equipment.instruments;
    let sample = |named: &NamedWatermark| CorpusSample::new(named.detector.scheme());
    let mut samples: Vec<CorpusSample> = instruments.watermarks.iter().map(sample).collect();
    pipeline.run(
        || Ok(Worker::new(files, equipment)),
        Worker::look,
        |mut outcome: Outcome<BlockFindings>| {
            let merged =
                samples.iter_mut().zip(outcome.result.samples.drain(..)).try_for_each(|(all, block)| all.merge(block));
            merged.map_err(|error| Failure::runtime("a watermark cannot be looked for").because(error))?;
            let name = &names[outcome.file];
            if let Some(ledger) = &mut ledger {
                ledger.add(name, &outcome.result.hits)?;
            }
            let number = u32::try_from(outcome.file).unwrap_or(u32::MAX);
            collector.add(number, name, outcome.result, policy, arguments.means.style_sample);
            tally.merge(&outcome.tally);
            instruments.limit_style(&collector, arguments.means.style_sample);
            if let Some(checkpoint) = checkpoint.as_mut().filter(|checkpoint| checkpoint.is_due()) {
                if let Some(ledger) = &mut ledger {
                    ledger.flush()?;
                }
                let (tally, collector) = (tally.clone(), collector.clone());
                let ledger_parts = ledger.as_ref().map_or(0, Ledger::parts);
                checkpoint.write(Place {
                    file: outcome.file,
                    row: outcome.last_row,
                    block: outcome.number + 1,
                    tally,
                    collector,
                    ledger_parts,
                    ..Place::default()
                })?;
            }
            Ok(())
        },
    )?;
    let parts = ledger.as_ref().map_or(0, Ledger::parts);
    if let (Some(ledger), Some(target)) = (ledger, &arguments.ledger) {
        ledger.finish(target)?;
    }
    let checkpoint = checkpoint.map(|checkpoint| (checkpoint, parts + 1));
    Ok(Seen { collector, tally, input: pipeline.input(), samples, checkpoint, failed: pipeline.failed() })
}

/// Names the corpus and the means, so that a run goes on only with the same.
fn signature(arguments: &AuditScan, files: &Files, equipment: &Equipment) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    for file in &files.files {
        add(&file.name);
        add(&file.bytes.to_string());
    }
    for file in files.paths().chain(inputs_of(arguments)) {
        let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
        add(&format!("{modified:?}"));
    }
    for means in &equipment.means {
        add(&means.name);
        add(&means.what);
    }
    add(&equipment.key.id().to_string());
    add(&format!("{:?} {:?} {:?}", files.options, arguments.show_text, arguments.ledger.is_some()));
    add(&format!("{:?} {}", arguments.policy, arguments.means.style_sample));
    hasher.finalize().to_string()
}

fn report(
    arguments: &AuditScan,
    files: &Files,
    equipment: Equipment,
    seen: &Seen,
    policy: Option<(&TrainingPolicy, &[Permit], Day)>,
    previous: Option<(&str, &AuditReport)>,
) -> Result<(AuditReport, Code), Failure> {
    let (collector, names) = (&seen.collector, files.names());
    let instruments = &equipment.instruments;
    let uses = instruments.indexes.iter().zip(&equipment.backgrounds).zip(&collector.overlaps);
    let uses: Vec<IndexUse<'_>> = uses
        .map(|((named, background), overlaps)| IndexUse {
            name: &named.name,
            chance: named.index.chance(overlaps.looked_up),
            reference: background.as_ref(),
        })
        .collect();
    let mut findings = collector.findings(&names, &uses);
    for (named, sample) in instruments.watermarks.iter().zip(&seen.samples) {
        let test = named
            .detector
            .test(sample, &calibration(arguments))
            .map_err(|error| Failure::runtime("a watermark cannot be tested").because(error))?;
        findings.push(collector.watermark(&named.vendor, &named.name, &test, &names));
    }
    let styled = instruments.style.as_ref().and_then(|model| collector.style(model));
    let (style, by_style) = styled.map_or((None, Vec::new()), |(style, findings)| (Some(style), findings));
    findings.extend(by_style);
    findings.sort_by_key(|finding| finding.class);
    let synthetic = synthetic(collector, &findings, style.as_ref());
    let gate: Option<GateOutcome> = policy
        .map(|(policy, permits, day)| collector.judge(policy, permits, day, &names, synthetic.0, &equipment.looked));
    let parameters = equipment.means.iter().map(|means| format!("{} v{}", means.name, means.version));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let subject = format!("corpus {}", &seen.input[..16]);
    let evidence = findings.iter().map(|finding| finding.evidence(&seen.input, &parameters, &subject)).collect();
    let violated = gate.as_ref().is_some_and(|gate| !gate.violations.is_empty());
    let failed = arguments.fail_on.iter().any(|rule| findings.iter().any(|finding| fails(*rule, finding)));
    let sketch = Sketch::new(equipment.key.id().to_string(), &collector.sketch);
    let kept = previous.and_then(|(name, earlier)| kept(name, earlier, &sketch));
    let report = AuditReport {
        schema: SCHEMA.into(),
        tool: concat!("stillwatch ", env!("CARGO_PKG_VERSION")).into(),
        corpus: facts(names, seen),
        set_aside: collector.set_aside(),
        recycling: Recycling {
            synthetic_share: synthetic.0,
            synthetic_by: synthetic.1,
            corpus: collector.uniformity.mean(),
            human: equipment.human.and_then(|human| human.uniformity.mean()),
            kept,
        },
        means: equipment.means,
        not_evaluated: equipment.not_evaluated,
        findings,
        style,
        sketch,
        gate,
        evidence,
        limits: limits(),
    };
    Ok((report, if violated || failed { Code::Found } else { Code::Done }))
}

/// The share of generated documents, and where its ends come from.
fn synthetic(collector: &Collector, findings: &[Finding], style: Option<&StyleResult>) -> (Interval, [String; 2]) {
    // What concludes of one vendor may stand in the same documents as what concludes of another.
    let concluded = findings.iter().filter(|finding| finding.class.concludes() && finding.verdict == Verdict::Contains);
    let shown = concluded.map(|finding| finding.documents).max().unwrap_or(0);
    let low = if collector.documents == 0 { 0.0 } else { ratio(shown, collector.documents) };
    let human = style.and_then(|style| style.shares.iter().find(|share| share.family == HUMAN));
    let (high, by) = match human.map(|human| &human.share) {
        Some(ShareEstimate::Estimated { interval: [human, _], .. }) => {
            (1.0 - human, "style: the rest is worded like people's texts")
        }
        Some(ShareEstimate::NotEstimable { .. }) => (1.0, "nothing: people's share is not estimable"),
        None => (1.0, "nothing: style was not evaluated"),
    };
    (Interval { low, high: high.max(low) }, ["rows that were shown to hold outputs".into(), by.into()])
}

fn fails(rule: FailOn, finding: &Finding) -> bool {
    match rule {
        FailOn::Exact => finding.class == Class::Exact,
        FailOn::Watermark => finding.class == Class::Watermark && finding.verdict == Verdict::Contains,
        FailOn::SelfClaim => finding.class == Class::SelfClaim && finding.vendor.is_some(),
        FailOn::Style => finding.class == Class::Style && finding.verdict == Verdict::ConsistentWith,
    }
}

fn calibration(arguments: &AuditScan) -> Calibration {
    let threads = arguments.corpus.threads.or_else(|| std::thread::available_parallelism().ok());
    Calibration { threads: threads.unwrap_or(std::num::NonZeroUsize::MIN), ..Calibration::default() }
}

/// An earlier report by its name.
fn earlier(path: &Path) -> Result<(String, AuditReport), Failure> {
    let name = path.display().to_string();
    let report = serde_json::from_str(&inputs::configuration(path)?)
        .map_err(|error| Failure::usage(format!("the earlier report {name} cannot be used")).because(error))?;
    Ok((name, report))
}

/// How much of the corpus of an earlier report is still there.
fn kept(name: &str, earlier: &AuditReport, sketch: &Sketch) -> Option<Kept> {
    let kept = earlier.sketch.kept(sketch, name);
    if kept.is_none() {
        warning("the earlier report is of another key or of no document: what was kept cannot be told");
    }
    kept
}

fn facts(files: Vec<String>, seen: &Seen) -> CorpusFacts {
    let (collector, tally) = (&seen.collector, &seen.tally);
    CorpusFacts {
        files,
        input: seen.input.clone(),
        rows: tally.rows,
        documents: collector.documents,
        text_bytes: collector.text_bytes,
        rejected: tally.rejected_rows(),
        rejected_by: tally.rejected.iter().map(|(reason, rejected)| (reason.clone(), rejected.count)).collect(),
        without_text: tally.without_text.count,
        disguised: collector.disguised,
        invisible_characters: collector.invisible_characters,
        lookalike_letters: collector.lookalike_letters,
        replaced_characters: tally.replaced,
    }
}

fn render(report: &AuditReport, arguments: &AuditScan) -> Result<String, Failure> {
    let refuse = |error: serde_json::Error| Failure::runtime("the report cannot be written as JSON").because(error);
    match arguments.format {
        AuditFormat::Json => stillwatch_report::audit::json(report).map_err(refuse),
        AuditFormat::Sarif => stillwatch_report::audit::sarif(report).map_err(refuse),
        AuditFormat::Markdown => Ok(stillwatch_report::audit::markdown(report)),
        AuditFormat::Table => {
            let (width, colour) = output::terminal();
            Ok(stillwatch_report::audit::table(report, width, colour && arguments.output.is_none()))
        }
    }
}

/// Tells what was rejected; true when it was more than allowed.
pub(crate) fn tell(tally: &CorpusTally, max_rejected: Option<u64>) -> bool {
    for (reason, rejected) in &tally.rejected {
        let places: Vec<String> =
            rejected.samples.iter().map(|sample| format!("{}:{}", sample.source, sample.row)).collect();
        let more = if rejected.count > places.len() as u64 { ", …" } else { "" };
        warning(&format!("{} rejected, {reason}: {}{more}", counted(rejected.count, "row"), places.join(", ")));
    }
    if tally.replaced > 0 {
        note(&format!("{} that are no characters were replaced", counted(tally.replaced, "byte or escape")));
    }
    if let Some(advice) = tally.advice() {
        warning(&advice);
    } else if tally.without_text.count > 0 {
        note(&format!("{} without text", counted(tally.without_text.count, "row")));
    }
    if tally.rows == 0 {
        warning("the corpus holds no rows");
    }
    let rejected = tally.rejected_rows();
    let allowed = max_rejected.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(tally.rows / 100));
    let nothing = tally.rows > 0 && rejected + tally.without_text.count == tally.rows;
    if rejected > allowed && !nothing {
        warning(&format!("{rejected} of {} rows rejected, more than {allowed} (--max-rejected)", tally.rows));
    }
    nothing || rejected > allowed
}

fn policy(path: &Path) -> Result<TrainingPolicy, Failure> {
    TrainingPolicy::parse(&inputs::configuration(path)?)
        .map_err(|error| Failure::usage(format!("the policy {} cannot be used", path.display())).because(error))
}

/// Files that are read beside the corpus.
fn inputs_of(arguments: &AuditScan) -> impl Iterator<Item = &Path> {
    let means = &arguments.means;
    let one = [&means.canaries, &arguments.policy, &arguments.permits, &arguments.previous];
    let many = means.index.iter().chain(&means.watermark).chain(&arguments.corpus.key_file);
    one.into_iter().flatten().chain(many).map(std::path::PathBuf::as_path)
}

fn others(arguments: &AuditScan) -> Vec<&Path> {
    let means = &arguments.means;
    let one = [
        &means.canaries,
        &arguments.policy,
        &arguments.permits,
        &arguments.previous,
        &arguments.ledger,
        &arguments.output,
    ];
    let many = means.index.iter().chain(&means.watermark);
    one.into_iter().flatten().chain(many).map(std::path::PathBuf::as_path).collect()
}

pub(crate) fn now() -> Micros {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    Micros::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "corpora have fewer than 2^53 documents")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
