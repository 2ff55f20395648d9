//! From arguments to what a corpus is looked at with.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::Cause;
use super::reference::{self, HUMAN_FILE, HumanReference, STYLE_FILE};
use super::{InstrumentError, KeyRingProblem, PositionedFile};
use crate::canary;
use crate::context::Context;
use crate::reading::KeyChoice;
use crate::{files, key};
use stillwatch_audit::index::{IndexError, Overlaps, ServedIndex};
use stillwatch_audit::style::StyleModel;
use stillwatch_audit::watermark::{CorpusSample, Detector, KeyRing, Tokenizer};
use stillwatch_audit::{Instruments, LookedFor, Means, NamedIndex, NamedWatermark};
use stillwatch_core::number::count;
use stillwatch_core::{Key, NotEvaluated, counted};

/// What to look for in a corpus, and with what.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Indexes of served outputs.
    pub indexes: Vec<PathBuf>,
    /// A registry of canaries.
    pub canaries: Option<PathBuf>,
    /// Files of watermark keys, readable by their owner alone.
    pub watermarks: Vec<PathBuf>,
    /// A folder of labelled texts.
    pub reference: Option<PathBuf>,
    /// Documents that style is judged by at most.
    pub style_sample: usize,
    /// Passages of documents of which a smaller share was served are no hits, 0 to 1.
    pub min_overlap: f64,
    pub key: KeyChoice,
    /// Without it, one a processor.
    pub threads: Option<NonZeroUsize>,
}

impl Search {
    /// Files that are read beside the corpus.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.indexes.iter().chain(&self.watermarks).chain(&self.canaries).map(PathBuf::as_path)
    }
}

/// Instruments, what to say of them, and what is missing.
pub(crate) struct Equipment {
    pub(crate) instruments: Instruments<PositionedFile>,
    pub(crate) key: Key,
    pub(crate) means: Vec<Means>,
    pub(crate) not_evaluated: Vec<NotEvaluated>,
    /// For each index what the reference has in common with it.
    pub(crate) backgrounds: Vec<Option<Overlaps>>,
    pub(crate) human: Option<HumanReference>,
    /// For each way of reading among the watermarks the n-grams of the reference's texts by people.
    pub(crate) people: Vec<CorpusSample>,
    /// Whose outputs could have been shown.
    pub(crate) looked: LookedFor,
}

impl Equipment {
    /// Vendors whose outputs these means could show.
    pub(crate) fn vendors(&self) -> Vec<String> {
        let mut vendors = self.looked.vendors();
        if let Some(style) = &self.instruments.style {
            vendors.extend(style.families().map(str::to_owned));
        }
        vendors
    }
}

pub(crate) fn equip(search: &Search, context: &Context) -> Result<Equipment, InstrumentError> {
    let key = search.key.load(context)?;
    let mut means = vec![Means {
        name: "self-claims".into(),
        version: stillwatch_audit::CLAIM_RULES_VERSION,
        what: format!("names of {} makers", stillwatch_audit::Claims::vendors().count()),
    }];
    let indexes: Vec<_> = search.indexes.iter().map(|path| index(path, &key, &mut means)).collect::<Result<_, _>>()?;
    let mut not_evaluated = Vec::new();
    let mut missing = |what: &str, why: &str, help: &str| {
        not_evaluated.push(NotEvaluated { what: what.into(), why: why.into(), help: help.into() });
    };
    let mut backgrounds: Vec<Option<Overlaps>> = indexes.iter().map(|_| None).collect();
    let (mut style, mut human) = (None, None);
    if let Some(folder) = &search.reference {
        reference::check(folder)?;
        if !indexes.is_empty() {
            let (texts, ..) = reference::read(folder, None, search.threads, context)?;
            for (named, background) in indexes.iter().zip(&mut backgrounds) {
                *background = Some(reference::background(&texts, &named.vendor, &named.index, context)?);
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
    if search.canaries.is_none() {
        let help = "a provider issues them with `stillwatch canary issue`; give the registry with --canaries";
        missing("A: canaries", "no registry was given", help);
    }
    if search.watermarks.is_empty() {
        let help = "the provider's key file is needed; give it with --watermark";
        missing("B: watermarks", "no key was given", help);
    }
    let mut looked = LookedFor::default();
    for named in &indexes {
        let models = looked.indexed.entry(named.vendor.to_string()).or_default();
        models.extend(named.index.manifest().models.iter().cloned());
    }
    let mut instruments = Instruments::new(&key, indexes);
    if let Some(path) = &search.canaries {
        let registry = canary::read(path)?;
        means.push(Means {
            name: format!("canaries {}", path.display()),
            version: 1,
            what: counted(registry.canaries().len() as u64, "canary"),
        });
        looked.marked.extend(registry.canaries().iter().map(|canary| canary.vendor.clone()));
        instruments = instruments.with_canaries(&registry);
    }
    for path in &search.watermarks {
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
    let mut people = Vec::new();
    if let Some(folder) = search.reference.as_ref().filter(|_| !instruments.watermarks.is_empty()) {
        let (texts, ..) = reference::read(folder, None, search.threads, context)?;
        people = reference::marks_of_people(&texts, &instruments, context)?;
    }
    instruments.min_overlap = search.min_overlap;
    instruments.common = human.as_ref().map(|human: &HumanReference| human.common.iter().copied().collect());
    instruments.style = style;
    Ok(Equipment { instruments, key, means, not_evaluated, backgrounds, human, people, looked })
}

fn style_model(path: &Path, means: &mut Vec<Means>) -> Result<StyleModel, InstrumentError> {
    let model = StyleModel::read(std::io::BufReader::new(files::open(path)?))
        .map_err(|error| InstrumentError::StyleModel { path: path.into(), source: error.into() })?;
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
fn watermarks(path: &Path, means: &mut Vec<Means>) -> Result<Vec<NamedWatermark>, InstrumentError> {
    let refuse = |problem: KeyRingProblem, source: Option<Cause>| InstrumentError::KeyRing {
        path: path.into(),
        problem,
        source,
    };
    key::check_owner(&files::open(path)?).map_err(|mode| refuse(KeyRingProblem::Open { mode }, None))?;
    let ring = KeyRing::parse(&files::read_text(path)?)
        .map_err(|error| refuse(KeyRingProblem::Unusable, Some(error.into())))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut detectors = Vec::new();
    // Keys of one model name one file, whose vocabulary takes tens of megabytes.
    let mut tokenizers = BTreeMap::<String, Tokenizer>::new();
    for (number, spec) in ring.watermarks.iter().enumerate() {
        let tokenizer = spec.tokenizer.as_ref().map(|file| -> Result<Tokenizer, InstrumentError> {
            if let Some(known) = tokenizers.get(&file.path) {
                return Ok(known.clone());
            }
            let bytes = std::fs::read(folder.join(&file.path))
                .map_err(|error| refuse(KeyRingProblem::TokenizerUnreadable(file.path.clone()), Some(error.into())))?;
            let read = Tokenizer::from_json(&bytes)
                .map_err(|error| refuse(KeyRingProblem::TokenizerUnusable, Some(error.into())))?;
            tokenizers.insert(file.path.clone(), read.clone());
            Ok(read)
        });
        let detector = Detector::new(spec, tokenizer.transpose()?)
            .map_err(|error| refuse(KeyRingProblem::OtherTokenizer, Some(error.into())))?;
        if spec.tokenizer.is_none() {
            return Err(refuse(KeyRingProblem::NoTokenizer, None));
        }
        let name = format!("{} watermark {} of {}", spec.scheme.name(), number + 1, path.display());
        means.push(Means { name: name.clone(), version: 1, what: format!("of {}", spec.vendor) });
        detectors.push(NamedWatermark { name: name.into(), vendor: spec.vendor.as_str().into(), detector });
    }
    Ok(detectors)
}

/// Opens an index and checks it from its first to its last byte.
pub(crate) fn index(
    path: &Path,
    key: &Key,
    means: &mut Vec<Means>,
) -> Result<NamedIndex<PositionedFile>, InstrumentError> {
    let name = path.display().to_string();
    // Says first whether there is such a file.
    drop(files::open(path)?);
    let refuse = |source: IndexError| InstrumentError::Index { name: name.clone(), source };
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
