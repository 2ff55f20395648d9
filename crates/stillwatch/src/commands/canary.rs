//! `stillwatch canary`

use std::io::{Read, stdin};

use stillwatch_report::{count, counted};
use stillwatch_run::canary::{Check, Issue, Sighted, place as placed, placeable};

use crate::cli::{Canary, CanaryCheck, CanaryIssue, CanaryPlace, CanaryTask};
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::message::note;
use crate::output;

/// An answer of a model is far below it.
const MOST_ANSWER: u64 = 16 << 20;

pub(crate) fn run(arguments: &Canary) -> Result<Code, Failure> {
    match &arguments.task {
        CanaryTask::Issue(arguments) => issue(arguments),
        CanaryTask::Place(arguments) => place(arguments),
        CanaryTask::Check(arguments) => check(arguments),
    }
}

fn issue(arguments: &CanaryIssue) -> Result<Code, Failure> {
    let issue = Issue {
        report: arguments.report.clone(),
        campaign: arguments.campaign.clone(),
        vendor: arguments.vendor.clone(),
        approver: arguments.approver.clone(),
        expires: arguments.expires,
        template: arguments.template.clone(),
        registry: arguments.registry.clone(),
    };
    let issued = issue.run(&Running::new())?;
    let canary = &issued.canary;
    output::print(&format!("{}\n", canary.id))?;
    note(&format!(
        "canary {} for campaign {}, approved by {}, to be placed until {}; it has {} bits, so that 10^12 words of text hold \
         it by chance with a probability of {:.0e}",
        canary.id, canary.campaign, canary.approver, canary.expires, canary.bits, issued.chance
    ));
    Ok(Code::Done)
}

fn place(arguments: &CanaryPlace) -> Result<Code, Failure> {
    let canary = placeable(&arguments.registry, &arguments.id)?;
    let mut answer = String::new();
    stdin()
        .take(MOST_ANSWER)
        .read_to_string(&mut answer)
        .map_err(|error| Failure::runtime("the answer cannot be read from standard input").because(error))?;
    output::print(&placed(&canary, &answer)?)?;
    Ok(Code::Done)
}

fn check(arguments: &CanaryCheck) -> Result<Code, Failure> {
    let check = Check {
        corpus: arguments.corpus.corpus(),
        registry: arguments.registry.clone(),
        threads: arguments.corpus.threads,
    };
    let checked = check.run(&Running::new(), |found: &Sighted<'_>| {
        output::print(&format!(
            "{}\t{}\t{}-{}\t{}\t{}\n",
            stillwatch_report::escape(found.file),
            found.row,
            found.start,
            found.end,
            found.canary,
            found.campaign
        ))
    })?;
    note(&format!(
        "{} of {} looked for in {} word positions: {} found; the probability that any was found by chance is at most {:.1e}",
        counted(checked.canaries, "canary"),
        arguments.registry.display(),
        count(checked.positions),
        count(checked.found),
        checked.chance
    ));
    Ok(match () {
        () if checked.found > 0 && arguments.fail => Code::Found,
        () if checked.is_partial => Code::Partial,
        () => Code::Done,
    })
}
