//! From arguments to what a corpus is looked at with.

use std::path::Path;
use std::sync::Arc;

use stillwatch_audit::index::ServedIndex;
use stillwatch_audit::{Instruments, Means, NamedIndex};
use stillwatch_core::{Key, NotEvaluated};
use stillwatch_report::count;

use super::PositionedFile;
use crate::error::Failure;
use crate::{cli, inputs, key};

/// Instruments, what to say of them, and what is missing.
pub(crate) struct Equipment {
    pub(crate) instruments: Instruments<PositionedFile>,
    pub(crate) key: Key,
    pub(crate) means: Vec<Means>,
    pub(crate) not_evaluated: Vec<NotEvaluated>,
}

pub(crate) fn equip(arguments: &cli::Means, key_file: Option<&Path>) -> Result<Equipment, Failure> {
    let key = key::load(key_file)?;
    let mut means = vec![Means {
        name: "self-claims".into(),
        version: stillwatch_audit::CLAIM_RULES_VERSION,
        what: format!("names of {} makers", stillwatch_audit::Claims::vendors().count()),
    }];
    let indexes = arguments.index.iter().map(|path| index(path, &key, &mut means)).collect::<Result<_, _>>()?;
    let mut not_evaluated = Vec::new();
    let mut missing = |what: &str, why: &str, help: &str| {
        not_evaluated.push(NotEvaluated { what: what.into(), why: why.into(), help: help.into() });
    };
    if arguments.index.is_empty() {
        missing(
            "A: passages of served outputs",
            "no index was given",
            "a provider makes one with `stillwatch index build`; give it with --index",
        );
    }
    let instruments = Instruments::new(&key, indexes);
    Ok(Equipment { instruments, key, means, not_evaluated })
}

/// Opens an index and checks it from its first to its last byte.
pub(crate) fn index(path: &Path, key: &Key, means: &mut Vec<Means>) -> Result<NamedIndex<PositionedFile>, Failure> {
    let name = path.display().to_string();
    // Says first whether there is such a file.
    drop(inputs::open(path)?);
    let refuse = |error: stillwatch_audit::index::IndexError| {
        Failure::usage(format!("the index {name} cannot be used")).because(error)
    };
    let file = PositionedFile::open(path).map_err(|error| refuse(error.into()))?;
    let index = ServedIndex::open(file, key).map_err(refuse)?;
    let manifest = index.manifest();
    means.push(Means {
        name: format!("index {name}"),
        version: manifest.normaliser,
        what: format!(
            "{} k-grams of {} words from {} outputs of {}, under key {}",
            count(manifest.fingerprints),
            manifest.k,
            count(manifest.outputs),
            manifest.vendor,
            manifest.key
        ),
    });
    let vendor: Arc<str> = manifest.vendor.as_str().into();
    let short = path.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
    Ok(NamedIndex { name: short.into(), vendor, index })
}
