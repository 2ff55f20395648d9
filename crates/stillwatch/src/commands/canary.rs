//! `stillwatch canary`

use std::fs::{File, Permissions};
use std::io::{Read, Write, stdin};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use stillwatch_audit::canary::{Checker, REGISTRY_MODE, Registry, Request, placement};
use stillwatch_core::Micros;
use stillwatch_ingest::{CorpusParser, CorpusTally};
use stillwatch_report::{count, counted};
use stillwatch_run::saved_report;

use super::audit::{now, tell};
use crate::cli::{Canary, CanaryCheck, CanaryIssue, CanaryPlace, CanaryTask};
use crate::corpus::{Files, Outcome, Pipeline};
use crate::error::{Code, Failure};
use crate::message::note;
use crate::{inputs, key, output};

/// More than a registry ever holds.
const MOST_BYTES: u64 = 64 << 20;
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
    let report = saved_report::read(&arguments.report)?;
    let found: Vec<_> =
        report.campaigns.iter().filter(|campaign| campaign.id.as_str().starts_with(&arguments.campaign)).collect();
    let [campaign] = found.as_slice() else {
        let what = if found.is_empty() { "has no campaign" } else { "has several campaigns that begin with" };
        return Err(Failure::usage(format!("the report {what} {}", arguments.campaign))
            .help("`stillwatch detect` lists the campaigns; give the whole id"));
    };
    let mut registry = if arguments.registry.exists() { read(&arguments.registry)? } else { Registry::default() };
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::runtime("the system gives no random numbers").because(error))?;
    let request = Request {
        vendor: arguments.vendor.clone(),
        campaign: campaign.id.clone(),
        tier: campaign.tier,
        approver: arguments.approver.clone(),
        issued: now(),
        expires: arguments.expires,
        template: arguments.template.clone(),
    };
    let canary =
        registry.issue(request, random).map_err(|error| Failure::usage("no canary was issued").because(error))?;
    write(&arguments.registry, &registry)?;
    output::print(&format!("{}\n", canary.id))?;
    note(&format!(
        "canary {} for campaign {}, approved by {}, to be placed until {}; it has {} bits, so that 10^12 words of text hold \
         it by chance with a probability of {:.0e}",
        canary.id,
        canary.campaign,
        canary.approver,
        canary.expires,
        canary.bits,
        Checker::new(&registry).chance(1_000_000_000_000)
    ));
    Ok(Code::Done)
}

fn place(arguments: &CanaryPlace) -> Result<Code, Failure> {
    let registry = read(&arguments.registry)?;
    let Some(canary) = registry.canaries().iter().find(|canary| canary.id == arguments.id) else {
        return Err(Failure::usage(format!("the registry has no canary {}", arguments.id)));
    };
    if !canary.is_current(now()) {
        return Err(Failure::usage(format!("canary {} expired on {}", canary.id, canary.expires))
            .help("issue another; this one is still looked for"));
    }
    let mut answer = String::new();
    stdin()
        .take(MOST_ANSWER)
        .read_to_string(&mut answer)
        .map_err(|error| Failure::runtime("the answer cannot be read from standard input").because(error))?;
    let Some(at) = placement(&answer) else {
        return Err(Failure::usage("the answer has no place for a canary").help(
            "a canary stands between two paragraphs of prose, never in code, tables, lists, quotations or calls",
        ));
    };
    output::print(&format!("{}{}\n\n{}", &answer[..at], canary.text().expose(), &answer[at..]))?;
    Ok(Code::Done)
}

fn check(arguments: &CanaryCheck) -> Result<Code, Failure> {
    let registry = read(&arguments.registry)?;
    let files = Files::find(&arguments.corpus, &[arguments.registry.as_path()])?;
    let names = files.names();
    let checker = Checker::new(&registry);
    let (mut found, mut positions, mut tally) = (0_u64, 0, CorpusTally::default());
    Pipeline::new(&files, arguments.corpus.threads).run(
        || Ok((CorpusParser::new(&files.plan), checker.clone())),
        |(parser, checker), job, tally| {
            let before = checker.positions();
            let mut sightings = Vec::new();
            let read = parser.documents(&job.block, tally, &mut |place, document| {
                sightings.extend(checker.find(document.text).into_iter().map(|sighting| (place.row, sighting)));
            });
            read.map_err(|error| Failure::runtime(format!("{} cannot be read", job.block.source())).because(error))?;
            Ok((sightings, checker.positions() - before))
        },
        |outcome: Outcome<_>| {
            let (sightings, looked_at) = outcome.result;
            positions += looked_at;
            tally.merge(&outcome.tally);
            for (row, sighting) in sightings {
                found += 1;
                output::print(&format!(
                    "{}\t{row}\t{}-{}\t{}\t{}\n",
                    stillwatch_report::escape(&names[outcome.file]),
                    sighting.start,
                    sighting.end,
                    sighting.id,
                    sighting.campaign
                ))?;
            }
            Ok(())
        },
    )?;
    let partial = tell(&tally, arguments.corpus.max_rejected);
    note(&format!(
        "{} of {} looked for in {} word positions: {} found; the probability that any was found by chance is at most {:.1e}",
        counted(registry.canaries().len() as u64, "canary"),
        arguments.registry.display(),
        count(positions),
        count(found),
        checker.chance(positions)
    ));
    Ok(match () {
        () if found > 0 && arguments.fail => Code::Found,
        () if partial => Code::Partial,
        () => Code::Done,
    })
}

/// Reads a registry that its owner alone can read.
pub(crate) fn read(path: &Path) -> Result<Registry, Failure> {
    let refuse = |what: &str| Failure::usage(format!("the registry of canaries {} {what}", path.display()));
    let file = inputs::open(path)?;
    key::check_owner(&file).map_err(|mode| {
        refuse(&format!("can be read or changed by others (mode {mode:04o})"))
            .help(format!("chmod 600 {}; whoever has read it can remove or plant the canaries", path.display()))
    })?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| refuse("cannot be read").because(error))?;
    Registry::read(&bytes).map_err(|error| refuse("cannot be used").because(error))
}

fn write(path: &Path, registry: &Registry) -> Result<(), Failure> {
    let refuse = |error: std::io::Error| {
        Failure::runtime(format!("the registry of canaries {} cannot be written", path.display())).because(error)
    };
    let text = registry.to_json().map_err(|error| Failure::runtime("the registry cannot be written").because(error))?;
    crate::atomic::write_with(path, |file: &mut File| {
        file.set_permissions(Permissions::from_mode(REGISTRY_MODE))?;
        file.write_all(text.expose().as_bytes())
    })
    .map_err(refuse)
}

/// Reads a day or moment that lies ahead.
pub(crate) fn future(text: &str) -> Result<Micros, String> {
    let moment = Micros::parse(text).ok_or("a day is written 2027-01-31")?;
    if moment > now() { Ok(moment) } else { Err("it lies in the past".into()) }
}
