//! Whether the weights of two models were made independently.

use std::fs::File;
use std::path::{Path, PathBuf};

use stillwatch_documents::exporters::kinship::KinshipReport;
use stillwatch_lineage::NodeRef;
use stillwatch_report::lineage as told;
use stillwatch_weights::kinship::{KinshipVerdict, Weights, kinship, parts_of_index};

use super::tell;
use crate::cli::LineageKinship;
use crate::error::{Code, Failure};
use crate::inputs;

const SINGLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

pub(super) fn run(arguments: &LineageKinship) -> Result<Code, Failure> {
    let (mut left, mut right) = (open(&arguments.left)?, open(&arguments.right)?);
    let [left_name, right_name] = match arguments.names.as_slice() {
        [left, right] => [left.clone(), right.clone()],
        _ => [name(&arguments.left), name(&arguments.right)],
    };
    if left_name == right_name {
        return Err(Failure::usage(format!("both models are called {left_name}")).help("name them with --names"));
    }
    let found = kinship(&mut left, &mut right, arguments.alpha)
        .map_err(|error| Failure::runtime("the weights cannot be compared").because(error))?;
    let is_dependent = found.verdict == KinshipVerdict::NotIndependent;
    let report = KinshipReport::new(NodeRef::model(left_name), NodeRef::model(right_name), found);
    tell(&arguments.told, &report, |report| told::kinship(&report.left.name, &report.right.name, &report.kinship))?;
    Ok(if is_dependent && arguments.fail_on_dependence { Code::Found } else { Code::Done })
}

/// All parts of a model.
fn open(path: &Path) -> Result<Weights<File>, Failure> {
    let refuse = |error| Failure::usage(format!("the weights {} cannot be used", path.display())).because(error);
    let files: Result<Vec<File>, Failure> = parts(path)?.iter().map(|part| inputs::open(part)).collect();
    Weights::open(files?).map_err(refuse)
}

fn parts(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let index = if path.is_dir() {
        let single = path.join(SINGLE);
        if single.exists() {
            return Ok(vec![single]);
        }
        let index = path.join(INDEX);
        if !index.exists() {
            return gguf_of(path);
        }
        index
    } else if path.extension().is_some_and(|extension| extension == "json") {
        path.to_owned()
    } else {
        return Ok(vec![path.to_owned()]);
    };
    let text = inputs::configuration(&index)?;
    let names = parts_of_index(text.as_bytes())
        .map_err(|error| Failure::usage(format!("the index {} cannot be used", index.display())).because(error))?;
    Ok(names.iter().map(|name| index.with_file_name(name)).collect())
}

/// The one GGUF file of a folder, or all parts of one that is split.
fn gguf_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error| Failure::runtime(format!("{} cannot be listed", folder.display())).because(error);
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let is_gguf = |path: &PathBuf| path.extension().is_some_and(|own| own.eq_ignore_ascii_case("gguf"));
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_gguf).collect();
    files.sort();
    let are_parts = || files.iter().all(|path| path.to_string_lossy().contains("-of-"));
    match files.len() {
        0 => Err(Failure::usage(format!("{} holds neither {SINGLE} nor {INDEX} nor a GGUF file", folder.display()))),
        1 => Ok(files),
        _ if are_parts() => Ok(files),
        _ => Err(Failure::usage(format!("{} holds several GGUF files", folder.display())).help("name one of them")),
    }
}

/// The folder of files that are called alike everywhere; otherwise the file.
fn name(path: &Path) -> String {
    // `.` has no name of its own, and `model.safetensors` no folder; links keep the names they have here.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let file = called(&path);
    match path.parent().map(called) {
        Some(folder) if (file == SINGLE || file == INDEX) && !folder.is_empty() => folder,
        _ => [".safetensors", ".gguf"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(&file).to_owned(),
    }
}

/// The last part of a path, or of where it leads: `..` says nothing.
fn called(path: &Path) -> String {
    let of = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    of(path).or_else(|| of(&path.canonicalize().ok()?)).unwrap_or_default()
}
