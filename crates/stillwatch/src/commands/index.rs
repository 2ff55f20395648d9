//! `stillwatch index`

use std::fmt::Write;

use stillwatch_audit::index::Manifest;
use stillwatch_core::Day;
use stillwatch_report::{count, counted};
use stillwatch_run::index::{Build, Fields, Merge, manifest_of};
use stillwatch_run::reading::KeyChoice;

use crate::cli::{Format, Index, IndexBuild, IndexInfo, IndexMerge, IndexTask};
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::output;

pub(crate) fn run(arguments: &Index) -> Result<Code, Failure> {
    match &arguments.task {
        IndexTask::Build(arguments) => build(arguments),
        IndexTask::Merge(arguments) => unite(arguments),
        IndexTask::Info(arguments) => describe(arguments),
    }
}

fn build(arguments: &IndexBuild) -> Result<Code, Failure> {
    output::check(Some(&arguments.output))?;
    let build = Build {
        logs: arguments.reading.options(),
        vendor: arguments.vendor.clone(),
        common: arguments.common.clone(),
        short_passages: arguments.short_passages,
        data_set: arguments.data_set.then(|| Fields { text: arguments.text.clone(), prompt: arguments.prompt.clone() }),
        output: arguments.output.clone(),
    };
    let built = build.run(&Running::new())?;
    output::print(&summary(&built.manifest))?;
    Ok(if built.is_partial { Code::Partial } else { Code::Done })
}

fn unite(arguments: &IndexMerge) -> Result<Code, Failure> {
    output::check(Some(&arguments.output))?;
    let merge = Merge {
        indexes: arguments.indexes.clone(),
        key: KeyChoice::file(arguments.key_file.clone()),
        output: arguments.output.clone(),
    };
    output::print(&summary(&merge.run(&Running::new())?))?;
    Ok(Code::Done)
}

fn describe(arguments: &IndexInfo) -> Result<Code, Failure> {
    let (manifest, bytes) = manifest_of(&arguments.index)?;
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&manifest)
            .map(|text| text + "\n")
            .map_err(|error| Failure::runtime("the manifest cannot be written as JSON").because(error))?,
        Format::Table => format!("{}{:16}{} bytes\n", summary(&manifest), "file", count(bytes)),
    };
    output::print(&text)?;
    Ok(Code::Done)
}

fn summary(manifest: &Manifest) -> String {
    let day = |day: Option<Day>| day.map_or_else(|| "unknown".into(), |day| day.to_string());
    let lines = [
        ("vendor", manifest.vendor.clone()),
        ("models", if manifest.models.is_empty() { "unknown".into() } else { manifest.models.join(", ") }),
        ("served", format!("{} to {}", day(manifest.first_day), day(manifest.last_day))),
        ("outputs", format!("{}, of which {} too short to be found", count(manifest.outputs), count(manifest.short))),
        ("words", count(manifest.words)),
        ("fingerprints", format!("{} of {} words", count(manifest.fingerprints), manifest.k)),
        (
            "short passages",
            manifest.shorter.map_or_else(
                || "not indexed (--short-passages)".into(),
                |shorter| format!("{} of {} words", count(shorter.fingerprints), shorter.k),
            ),
        ),
        ("key", manifest.key.clone()),
        ("sources", counted(manifest.sources.len() as u64, "file")),
        (
            "left out",
            if manifest.common.is_empty() {
                "nothing".into()
            } else {
                counted(manifest.common.len() as u64, "file of public text")
            },
        ),
    ];
    let mut text = String::new();
    for (name, value) in lines {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:16}{value}");
    }
    text
}
