//! Signed reports on a site, and whether one found there is as it was published.

use std::path::{Path, PathBuf};

use serde::Serialize;
use stillwatch_core::Limits;
use stillwatch_documents::exporters::Export;
use stillwatch_documents::exporters::prov::{self, Published};
use stillwatch_lineage::NodeKey;
use stillwatch_report::lineage as told;
use stillwatch_run::lineage::{bytes, find, trust};
use stillwatch_seal::{Options, Trust, Verification, seal, verify as verify_files};

use super::custody::private_key;
use super::{json, profile, tell, today, vendor, with_graph};
use crate::cli::{LineagePublish, LineageVerify};
use crate::error::{Code, Failure};
use crate::message::note;
use crate::output;

/// Where reports stand below the root of a site (RFC 8615).
const WELL_KNOWN: [&str; 2] = [".well-known", "model-provenance"];
const REPORT: &str = "report.json";
const PAGE: &str = "report.html";
const LINKED: &str = "provenance.jsonld";
const SEAL: &str = "model.sig";

pub(super) fn publish(arguments: &LineagePublish) -> Result<Code, Failure> {
    let profile = profile(None)?;
    let forms = vendor::forms(&arguments.forms)?;
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        let report = told::Report::of(graph, entity, &profile, &forms, Some(arguments.audience));
        let export = Export { created: arguments.source.on.or_else(|| today().ok()), author: None };
        let text = json(&report)?;
        let linked = prov::write(graph, entity, text.as_bytes(), &export);
        let folder = well_known(&arguments.site).join(folder_name(graph.name(entity), &graph.key(entity)));
        let refuse = || Failure::runtime(format!("{} cannot be written", folder.display()));
        std::fs::create_dir_all(&folder).map_err(|error| refuse().because(error))?;
        if let Some(other) = others(&folder).map_err(|error| refuse().because(error))? {
            let what =
                format!("{} holds something that is no part of a publication: {}", folder.display(), other.display());
            return Err(Failure::usage(what).help("take it away: everything in the folder is signed"));
        }
        // Two names of the same letters would share a folder.
        if let Some(other) = subject_of(&folder).filter(|other| other != graph.key(entity).as_str()) {
            let what = format!("{} holds the publication of {}", folder.display(), stillwatch_core::shown(&other));
            return Err(Failure::usage(what).help("publish to another site, or take the folder away"));
        }
        let private = private_key(&arguments.key)?;
        for (name, text) in [(REPORT, &text), (PAGE, &told::html(&report)), (LINKED, &linked)] {
            output::write(text, Some(&folder.join(name)))?;
        }
        let bundle = seal(&folder, &private, &options(), &mut |_| {})
            .map_err(|error| Failure::runtime(format!("{} cannot be sealed", folder.display())).because(error))?;
        output::write(&bundle, Some(&folder.join(SEAL)))?;
        note("published; give readers the public key by another way than the site");
        output::print(&format!("{}\n", folder.display()))?;
        Ok(Code::Done)
    })
}

/// What is found of one publication.
#[derive(Debug, Serialize)]
struct Found {
    folder: String,
    /// What it is about, as the linked data say.
    subject: Option<String>,
    seal: Verification,
    /// Why the parts are not of one publication.
    problems: Vec<String>,
}

pub(super) fn verify(arguments: &LineageVerify) -> Result<Code, Failure> {
    let trust = trust(&arguments.trust)?;
    let folders = publications(&arguments.path)?;
    let found: Vec<Found> = folders.iter().map(|folder| one(folder, &trust)).collect::<Result<_, _>>()?;
    tell(&arguments.told, &found, |found| {
        let each =
            found.iter().map(|own| told::publication(&own.folder, own.subject.as_deref(), &own.seal, &own.problems));
        each.collect::<Vec<_>>().join("\n")
    })?;
    let holds = found.iter().all(|own| own.seal.holds() && own.problems.is_empty());
    Ok(if holds { Code::Done } else { Code::Found })
}

fn one(folder: &Path, trust: &Trust) -> Result<Found, Failure> {
    let seal = bytes(&folder.join(SEAL))?;
    let seal = verify_files(folder, &seal, trust, &options(), &mut |_| {})
        .map_err(|error| Failure::usage(format!("the seal of {} does not verify", folder.display())).because(error))?;
    let mut problems = Vec::new();
    for name in [REPORT, LINKED] {
        if !seal.manifest.resources.iter().any(|own| own.name == name) {
            problems.push(format!("the seal does not cover {name}"));
        }
    }
    let mut subject = None;
    if problems.is_empty() && seal.holds() {
        let (report, linked) = (bytes(&folder.join(REPORT))?, bytes(&folder.join(LINKED))?);
        match Published::read(&linked, &Limits::default()) {
            Ok(published) => {
                if !published.is_of(&report) {
                    problems.push(format!("{LINKED} was published with another {REPORT}"));
                }
                match key_of(&report) {
                    Some(key) if key.as_str() == published.subject => {}
                    Some(key) => {
                        problems.push(format!("{REPORT} is about {key}, {LINKED} about {}", published.subject));
                    }
                    None => problems.push(format!("{REPORT} is no report of a lineage")),
                }
                subject = Some(published.subject);
            }
            Err(error) => problems.push(format!("{LINKED}: {error}")),
        }
    }
    Ok(Found { folder: folder.display().to_string(), subject, seal, problems })
}

/// What the publication in a folder is about, if there is one that can be read.
fn subject_of(folder: &Path) -> Option<String> {
    let linked = bytes(&folder.join(LINKED)).ok()?;
    Published::read(&linked, &Limits::default()).ok().map(|published| published.subject)
}

/// What a report is about.
fn key_of(report: &[u8]) -> Option<NodeKey> {
    let report: serde_json::Value = serde_json::from_slice(report).ok()?;
    if report["schema"].as_str()? != told::REPORT_SCHEMA {
        return None;
    }
    serde_json::from_value(report["entity"]["key"].clone()).ok()
}

/// The publications of a site, or the one in a folder.
fn publications(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let below = well_known(path);
    if !below.is_dir() {
        if path.join(SEAL).exists() {
            return Ok(vec![path.to_owned()]);
        }
        return Err(Failure::usage(format!("nothing is published in {}", path.display()))
            .help(format!("give the root of a site that has {}, or a folder with {SEAL}", WELL_KNOWN.join("/"))));
    }
    let entries = std::fs::read_dir(&below)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| Failure::runtime(format!("{} cannot be read", below.display())).because(error))?;
    let mut folders: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(|own| own.is_dir()).collect();
    folders.sort();
    if folders.is_empty() {
        return Err(Failure::usage(format!("nothing is published in {}", below.display())));
    }
    Ok(folders)
}

fn well_known(site: &Path) -> PathBuf {
    site.join(WELL_KNOWN[0]).join(WELL_KNOWN[1])
}

/// The name in small letters and figures, and what tells it from other things with the same letters.
fn folder_name(name: &str, key: &NodeKey) -> String {
    let mut plain = String::new();
    for own in name.chars().take(MOST_LETTERS) {
        if own.is_ascii_alphanumeric() || own == '.' && !plain.is_empty() {
            plain.push(own.to_ascii_lowercase());
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let plain = plain.trim_end_matches(['-', '.']);
    if plain.is_empty() {
        stillwatch_core::hexadecimal(key.as_str().as_bytes()).chars().take(MOST_LETTERS).collect()
    } else {
        plain.to_owned()
    }
}

const MOST_LETTERS: usize = 80;

/// Something in the folder that a publication does not hold.
fn others(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if ![REPORT, PAGE, LINKED, SEAL].iter().any(|own| entry.file_name() == *own) {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

fn options() -> Options {
    Options { signature: SEAL.into(), ..Options::default() }
}
