//! `stillwatch audit`

use stillwatch_audit::{AuditReport, Class, Finding, Verdict};
use stillwatch_report::Terminal;
pub(crate) use stillwatch_run::clock::now;

use crate::cli::{Audit, AuditScan, AuditTask, FailOn};
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::output;

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
    output::check(arguments.exclusions.as_deref())?;
    let audit = stillwatch_run::audit::Audit {
        corpus: arguments.corpus.corpus(),
        search: arguments.corpus.search(&arguments.means),
        policy: arguments.policy.clone(),
        permits: arguments.permits.clone(),
        on: arguments.on,
        previous: arguments.previous.clone(),
        ledger: arguments.ledger.clone(),
        exclusions: arguments.exclusions.clone(),
        show_text: arguments.show_text,
        resume: arguments.resume.clone(),
        checkpoint_every: std::time::Duration::from_secs(arguments.checkpoint_every),
        output: arguments.output.clone(),
    };
    let audited = audit.run(&Running::new())?;
    let text = render(&audited.report, arguments)?;
    output::write(&text, arguments.output.as_deref())?;
    let report = &audited.report;
    let violated = report.gate.as_ref().is_some_and(|gate| !gate.violations.is_empty());
    let failed = arguments.fail_on.iter().any(|rule| report.findings.iter().any(|finding| fails(*rule, finding)));
    let undecided = report.gate.as_ref().is_some_and(|gate| !gate.undecided.is_empty());
    let code = match () {
        () if violated || failed => Code::Found,
        () if audited.is_partial => Code::Partial,
        () if undecided => Code::Undecided,
        () => Code::Done,
    };
    audited.written();
    Ok(code)
}

fn fails(rule: FailOn, finding: &Finding) -> bool {
    match rule {
        FailOn::Exact => finding.class == Class::Exact,
        FailOn::Watermark => finding.class == Class::Watermark && finding.verdict == Verdict::Contains,
        FailOn::SelfClaim => finding.class == Class::SelfClaim && finding.vendor.is_some(),
        FailOn::Style => finding.class == Class::Style && finding.verdict == Verdict::ConsistentWith,
    }
}

fn render(report: &AuditReport, arguments: &AuditScan) -> Result<String, Failure> {
    let refuse = |error: serde_json::Error| Failure::runtime("the report cannot be written as JSON").because(error);
    let (width, colour) = output::terminal();
    let terminal = Terminal { width, colour: colour && arguments.output.is_none() };
    arguments.format.render(report, terminal).map_err(refuse)
}
