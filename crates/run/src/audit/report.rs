//! From what a pass has seen to the report.

use stillwatch_audit::watermark::{Calibration, WatermarkError};
use stillwatch_audit::{
    AuditReport, Case, Collector, CorpusFacts, Finding, GateOutcome, IndexUse, Interval, Kept, Recycling, SCHEMA,
    Sketch, StyleResult, TrainingPolicy, Verdict, hold_watermarks, limits,
};
use stillwatch_core::{Day, Permit};

use super::scan::Seen;
use super::{Audit, AuditError, Equipment};
use crate::context::Context;
use crate::notice::Notice;
use crate::reading::threads;

pub(super) fn assemble(
    audit: &Audit,
    names: Vec<String>,
    equipment: Equipment,
    seen: &Seen,
    policy: Option<(&TrainingPolicy, &[Permit], Day)>,
    previous: Option<(&str, &AuditReport)>,
    context: &Context,
) -> Result<AuditReport, AuditError> {
    let collector = &seen.collector;
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
    let calibration = Calibration {
        threads: threads(audit.search.threads),
        cancel: context.cancel.clone(),
        ..Calibration::default()
    };
    let refuse = |error: WatermarkError| match error {
        WatermarkError::Cancelled(cancelled) => cancelled.into(),
        error => AuditError::WatermarkTest(error),
    };
    let mut marks = Vec::new();
    for (named, reading) in instruments.watermarks.iter().zip(instruments.readings()) {
        let Some(sample) = seen.samples.get(reading) else { continue };
        let test = named.detector.test(sample, &calibration).map_err(refuse)?;
        // Of people's texts only the statistic is of use, and not how it ranks.
        let alone = Calibration { keys: 1, ..calibration.clone() };
        let people = equipment.people.get(reading).map(|people| named.detector.test(people, &alone).map_err(refuse));
        let people = people.transpose()?;
        marks.push(collector.watermark(&named.vendor, &named.name, &test, people.as_ref(), &names));
    }
    findings.extend(hold_watermarks(marks));
    let styled = instruments.style.as_ref().and_then(|model| collector.style(model));
    let (style, by_style) = styled.map_or((None, Vec::new()), |(style, findings)| (Some(style), findings));
    findings.extend(by_style);
    findings.sort_by_key(|finding| finding.class);
    let synthetic = synthetic(collector, &findings, style.as_ref());
    let gate: Option<GateOutcome> = policy.map(|(policy, permits, day)| {
        let (looked, synthetic) = (&equipment.looked, synthetic.0);
        collector.judge(policy, &Case { permits, day, names: &names, synthetic, looked, findings: &findings })
    });
    let parameters = equipment.means.iter().map(|means| format!("{} v{}", means.name, means.version));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let subject = format!("corpus {}", &seen.input[..16]);
    let evidence = findings.iter().map(|finding| finding.evidence(&seen.input, &parameters, &subject)).collect();
    let sketch = Sketch::new(equipment.key.id().to_string(), &collector.sketch);
    let kept = previous.and_then(|(name, earlier)| kept(name, earlier, &sketch, context));
    Ok(AuditReport {
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
    })
}

/// The share of generated documents, and where its ends come from.
fn synthetic(collector: &Collector, findings: &[Finding], style: Option<&StyleResult>) -> (Interval, [String; 2]) {
    // What concludes of one vendor may stand in the same documents as what concludes of another.
    let concluded = findings.iter().filter(|finding| finding.class.concludes() && finding.verdict == Verdict::Contains);
    let shown = concluded.map(|finding| finding.documents).max().unwrap_or(0);
    let low = if collector.documents == 0 { 0.0 } else { ratio(shown, collector.documents) };
    // Text by a model that nobody has read may be worded like people's, so no share of theirs bounds the rest.
    let by = match style {
        Some(_) => "no upper bound: style cannot tell people's share from that of models it does not know",
        None => "no upper bound: style was not evaluated",
    };
    (Interval { low, high: 1.0 }, ["rows in which outputs were found".into(), by.into()])
}

/// How much of the corpus of an earlier report is still there.
fn kept(name: &str, earlier: &AuditReport, sketch: &Sketch, context: &Context) -> Option<Kept> {
    let kept = earlier.sketch.kept(sketch, name);
    if kept.is_none() {
        context.notify(&Notice::EarlierReportNotComparable);
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
        broken_off: tally.truncated,
        failed_files: seen.failed as u64,
        disguised: collector.disguised,
        invisible_characters: collector.invisible_characters,
        lookalike_letters: collector.lookalike_letters,
        replaced_characters: tally.replaced,
        unread_fields: tally.unread.iter().cloned().collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "corpora have fewer than 2^53 documents")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
