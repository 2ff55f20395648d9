//! From arguments to what a corpus is looked at with.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use stillwatch_audit::index::{Overlaps, ServedIndex};
use stillwatch_audit::style::StyleModel;
use stillwatch_audit::watermark::{Detector, KeyRing, Tokenizer};
use stillwatch_audit::{Instruments, LookedFor, Means, NamedIndex, NamedWatermark};
use stillwatch_core::{Key, NotEvaluated};
use stillwatch_report::{count, counted};
use stillwatch_run::key;

use super::PositionedFile;
use super::reference::{self, HUMAN_FILE, HumanReference, STYLE_FILE};
use crate::commands::canary;
use crate::error::Failure;
use crate::{cli, inputs, interrupt};

/// Instruments, what to say of them, and what is missing.
pub(crate) struct Equipment {
    pub(crate) instruments: Instruments<PositionedFile>,
    pub(crate) key: Key,
    pub(crate) means: Vec<Means>,
    pub(crate) not_evaluated: Vec<NotEvaluated>,
    /// For each index what the reference has in common with it.
    pub(crate) backgrounds: Vec<Option<Overlaps>>,
    pub(crate) human: Option<HumanReference>,
    /// Whose outputs could have been shown.
    pub(crate) looked: LookedFor,
}

pub(crate) fn equip(
    arguments: &cli::Means,
    key_file: Option<&Path>,
    threads: Option<NonZeroUsize>,
) -> Result<Equipment, Failure> {
    let key = key::load(key_file, interrupt::context())?;
    let mut means = vec![Means {
        name: "self-claims".into(),
        version: stillwatch_audit::CLAIM_RULES_VERSION,
        what: format!("names of {} makers", stillwatch_audit::Claims::vendors().count()),
    }];
    let indexes: Vec<_> = arguments.index.iter().map(|path| index(path, &key, &mut means)).collect::<Result<_, _>>()?;
    let mut not_evaluated = Vec::new();
    let mut missing = |what: &str, why: &str, help: &str| {
        not_evaluated.push(NotEvaluated { what: what.into(), why: why.into(), help: help.into() });
    };
    let mut backgrounds: Vec<Option<Overlaps>> = indexes.iter().map(|_| None).collect();
    let (mut style, mut human) = (None, None);
    if let Some(folder) = &arguments.reference {
        reference::check(folder)?;
        if !indexes.is_empty() {
            let (texts, _) = reference::read(folder, None, threads)?;
            for (named, background) in indexes.iter().zip(&mut backgrounds) {
                *background = Some(reference::background(&texts, &named.vendor, &named.index)?);
            }
        }
        let (model, people) = (folder.join(STYLE_FILE), folder.join(HUMAN_FILE));
        if model.exists() {
            style = Some(style_model(&model, &mut means)?);
        } else {
            let help = format!("run `stillwatch audit train --reference {}`", folder.display());
            missing("D: shares by style", "the reference folder has no style.model", &help);
        }
        human = people.exists().then(|| HumanReference::read(&people)).transpose()?;
    } else {
        let help = "give a folder of labelled texts with --reference, after `stillwatch audit train`";
        missing("D: shares by style", "no reference was given", help);
    }
    if human.is_none() {
        let help = "texts by people in the reference folder, and `stillwatch audit train`";
        missing("uniformity beside people's texts, and tail words", "there is no human reference", help);
    }
    if indexes.is_empty() {
        let help = "a provider makes one with `stillwatch index build`; give it with --index";
        missing("A: passages of served outputs", "no index was given", help);
    }
    if arguments.canaries.is_none() {
        let help = "a provider issues them with `stillwatch canary issue`; give the registry with --canaries";
        missing("A: canaries", "no registry was given", help);
    }
    if arguments.watermark.is_empty() {
        let help = "the provider's key file is needed; give it with --watermark";
        missing("B: watermarks", "no key was given", help);
    }
    let mut looked = LookedFor::default();
    for named in &indexes {
        let models = looked.indexed.entry(named.vendor.to_string()).or_default();
        models.extend(named.index.manifest().models.iter().cloned());
    }
    let mut instruments = Instruments::new(&key, indexes);
    if let Some(path) = &arguments.canaries {
        let registry = canary::read(path)?;
        means.push(Means {
            name: format!("canaries {}", path.display()),
            version: 1,
            what: counted(registry.canaries().len() as u64, "canary"),
        });
        looked.marked.extend(registry.canaries().iter().map(|canary| canary.vendor.clone()));
        instruments = instruments.with_canaries(&registry);
    }
    for path in &arguments.watermark {
        let found = watermarks(path, &mut means)?;
        looked.keyed.extend(found.iter().map(|named| named.vendor.to_string()));
        instruments.watermarks.extend(found);
    }
    if instruments.watermarks.iter().any(|named| !named.detector.scheme().is_quick()) {
        missing(
            "rows marked by a green list of permutations",
            "a document takes a fraction of a second, so the corpus is tested as a whole",
            "score single documents by themselves",
        );
    }
    instruments.common = human.as_ref().map(|human: &HumanReference| human.common.iter().copied().collect());
    instruments.style = style;
    Ok(Equipment { instruments, key, means, not_evaluated, backgrounds, human, looked })
}

fn style_model(path: &Path, means: &mut Vec<Means>) -> Result<StyleModel, Failure> {
    let model = StyleModel::read(std::io::BufReader::new(inputs::open(path)?)).map_err(|error| {
        Failure::usage(format!("the model of style {} cannot be used", path.display())).because(error)
    })?;
    let families: Vec<&str> = model.families().collect();
    means.push(Means {
        name: format!("style {}", path.display()),
        version: u32::from(model.card().feature_version),
        what: format!(
            "{}; languages: {}; calibrated on makers and domains left out",
            families.join(", "),
            model.card().languages.join(", ")
        ),
    });
    Ok(model)
}

/// The watermarks of a key file that its owner alone can read.
fn watermarks(path: &Path, means: &mut Vec<Means>) -> Result<Vec<NamedWatermark>, Failure> {
    let refuse = |what: &str| Failure::usage(format!("the watermark keys {} {what}", path.display()));
    key::check_owner(&inputs::open(path)?).map_err(|mode| {
        refuse(&format!("can be read or changed by others (mode {mode:04o})"))
            .help(format!("chmod 600 {}; if others may have read it, the watermark is not secret", path.display()))
    })?;
    let ring =
        KeyRing::parse(&inputs::configuration(path)?).map_err(|error| refuse("cannot be used").because(error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut detectors = Vec::new();
    for (number, spec) in ring.watermarks.iter().enumerate() {
        let tokenizer = spec.tokenizer.as_ref().map(|file| {
            let bytes = std::fs::read(folder.join(&file.path)).map_err(|error| {
                refuse(&format!("name a tokenizer {} that cannot be read", file.path)).because(error)
            })?;
            Tokenizer::from_json(&bytes).map_err(|error| refuse("name a tokenizer that cannot be used").because(error))
        });
        let detector = Detector::new(spec, tokenizer.transpose()?).map_err(|error| {
            refuse("cannot be used").because(error).help("give the tokenizer with which the outputs were made")
        })?;
        if spec.tokenizer.is_none() {
            return Err(refuse("name no tokenizer")
                .help("add tokenizer = { path = \"tokenizer.json\", sha256 = \"…\" } to [[watermark]]"));
        }
        let name = format!("{} watermark {} of {}", spec.scheme.name(), number + 1, path.display());
        means.push(Means { name: name.clone(), version: 1, what: format!("of {}", spec.vendor) });
        detectors.push(NamedWatermark { name: name.into(), vendor: spec.vendor.as_str().into(), detector });
    }
    Ok(detectors)
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
