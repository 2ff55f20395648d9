//! `stillwatch detect`

use stillwatch_core::Family;
use stillwatch_detect::DetectionReport;
use stillwatch_report::Terminal;

use crate::cli::{Detect, Without};
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::output;

pub(crate) fn run(arguments: &Detect) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let detection = options(arguments).run(&Running::new())?;
    let text = render(&detection.report, arguments)?;
    output::write(&text, arguments.output.as_deref())?;
    let found = |tier| detection.report.campaigns.iter().any(|campaign| campaign.tier >= tier);
    Ok(match arguments.fail_on {
        Some(tier) if found(tier) => Code::Found,
        _ if detection.is_partial => Code::Partial,
        _ => Code::Done,
    })
}

fn options(arguments: &Detect) -> stillwatch_run::detect::Detect {
    let family = |family: &Without| match family {
        Without::Infrastructure => Family::Infrastructure,
        Without::Timing => Family::Timing,
        Without::Lifecycle => Family::Lifecycle,
    };
    stillwatch_run::detect::Detect {
        logs: arguments.reading.options(),
        accounts: arguments.accounts.clone(),
        permits: arguments.permits.clone(),
        policy: arguments.policy.clone(),
        watchlist: arguments.watchlist.clone(),
        previous: arguments.previous.clone(),
        without: arguments.without.iter().map(family).collect(),
    }
}

fn render(report: &DetectionReport, arguments: &Detect) -> Result<String, Failure> {
    let refuse = |error: serde_json::Error| Failure::runtime("the report cannot be written as JSON").because(error);
    let (width, colour) = output::terminal();
    let terminal = Terminal { width, colour: colour && arguments.output.is_none() };
    arguments.format.render(report, terminal).map_err(refuse)
}
