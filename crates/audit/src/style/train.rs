//! Training: labelled texts in, a calibrated model out.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use stillwatch_core::{Cancel, Cancelled};
use thiserror::Error;

use super::calibration::{Calibration, Regime, Unit};
use super::card::{Card, FamilyCard, MakerCard, NamedCount};
use super::family::{HUMAN, MOST_FAMILIES, OTHER};
use super::feature::{FEATURE_VERSION, Known, Scratch};
use super::folds::{Fold, folds, selection};
use super::model::{StyleModel, Table};
use super::parallel::each;
use super::sample::{Label, Sample};
use super::temperature;

/// Documents of one maker in one domain that are learnt from: more would drown the others.
pub const MOST_DOCUMENTS: usize = 5000;
/// Documents that a family needs.
pub const LEAST_DOCUMENTS: usize = 20;
const MOST_NAMES: usize = 4096;
const LONGEST_NAME: usize = 128;

/// Strengths of the penalty that are compared, for the sum of losses: λ is one of them over the number of documents, so that
/// what suits a part of the documents suits all.
const PENALTIES: [f32; 3] = [0.6, 0.2, 0.06];
/// Passes over the documents in a fit.
const PASSES: usize = 10;

/// A text whose author is known.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    pub text: &'a str,
    /// The vendor family, [`HUMAN`] or [`OTHER`].
    pub family: &'a str,
    /// The model within the family. Of [`OTHER`] the laboratory, of [`HUMAN`] the source: what may be new next time.
    pub maker: &'a str,
    /// When the maker's texts are from, as it is to be printed.
    pub date: Option<&'a str>,
    /// The data set or topic.
    pub domain: &'a str,
    /// The prompt or pair: texts of one group stay on one side of every split.
    pub group: &'a str,
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum TrainError {
    #[error("no text of the family `{HUMAN}`: without texts by people every corpus would look like some model's")]
    NoHuman,
    #[error("only one family: at least one family of models is needed beside `{HUMAN}`")]
    OneFamily,
    #[error("family `{family}` has {documents} documents, at least {LEAST_DOCUMENTS} are needed")]
    TooFew { family: String, documents: usize },
    #[error("more than {MOST_FAMILIES} families")]
    TooManyFamilies,
    #[error("more than {MOST_NAMES} makers or domains")]
    TooManyNames,
    #[error("a name is empty, longer than {LONGEST_NAME} bytes or holds control characters")]
    Name,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Takes labelled texts one by one and keeps hashes of them.
pub struct Trainer {
    sample: Sample,
    scratch: Scratch,
    everything: Known,
    families: Names,
    makers: Names,
    domains: Names,
    dates: BTreeMap<u16, String>,
    taken: BTreeMap<(u8, u16, u16), usize>,
    left_out: usize,
    languages: Vec<String>,
    cancel: Cancel,
}

impl Default for Trainer {
    fn default() -> Self {
        Self::new(["en"])
    }
}

impl Trainer {
    /// `languages` are those of the texts, as they are to be printed.
    pub fn new<L: Into<String>>(languages: impl IntoIterator<Item = L>) -> Self {
        Self {
            sample: Sample::new(),
            scratch: Scratch::default(),
            everything: Known::all(),
            families: Names::default(),
            makers: Names::default(),
            domains: Names::default(),
            dates: BTreeMap::new(),
            taken: BTreeMap::new(),
            left_out: 0,
            languages: languages.into_iter().map(Into::into).collect(),
            cancel: Cancel::default(),
        }
    }

    /// Ends the training early once the token is cancelled.
    #[must_use]
    pub fn with_cancel(self, cancel: Cancel) -> Self {
        Self { cancel, ..self }
    }

    /// Reads a text. After [`MOST_DOCUMENTS`] of one maker in one domain the rest is counted and left out.
    pub fn add(&mut self, labelled: &Labelled<'_>) -> Result<(), TrainError> {
        let family = u8::try_from(self.families.number(labelled.family)?).map_err(|_| TrainError::TooManyFamilies)?;
        if usize::from(family) >= MOST_FAMILIES {
            return Err(TrainError::TooManyFamilies);
        }
        // A maker is one of its family: two families may use the same name.
        let maker = self.makers.number(&format!("{}/{}", labelled.family, labelled.maker))?;
        let domain = self.domains.number(labelled.domain)?;
        if let Some(date) = labelled.date {
            check(date)?;
            let known = self.dates.entry(maker).or_insert_with(|| date.to_owned());
            if known.as_str() < date {
                date.clone_into(known);
            }
        }
        let taken = self.taken.entry((family, maker, domain)).or_default();
        if *taken >= MOST_DOCUMENTS {
            self.left_out += 1;
            return Ok(());
        }
        *taken += 1;
        let label = Label { family, maker, domain, group: hash(labelled.group) };
        self.sample.push(label, labelled.text, &mut self.scratch, &self.everything);
        Ok(())
    }

    /// Fits the model and, once for every maker, family and domain left out in turn, what calibrates it. The result does
    /// not depend on the order of the texts nor on the number of threads.
    pub fn train(&self, threads: NonZeroUsize) -> Result<StyleModel, TrainError> {
        let families = self.ordered_families()?;
        match families.len().div_ceil(8) {
            1 => self.train_wide::<8>(&families, threads.get()),
            2 => self.train_wide::<16>(&families, threads.get()),
            3 => self.train_wide::<24>(&families, threads.get()),
            _ => self.train_wide::<32>(&families, threads.get()),
        }
    }

    /// Vendors by name, then people, then others.
    fn ordered_families(&self) -> Result<Vec<String>, TrainError> {
        if !self.families.holds(HUMAN) {
            return Err(TrainError::NoHuman);
        }
        if self.families.0.len() < 2 {
            return Err(TrainError::OneFamily);
        }
        let counts = self.sample.count(|label| label.family);
        for (name, &number) in &self.families.0 {
            let documents = u8::try_from(number).ok().and_then(|number| counts.get(&number)).copied().unwrap_or(0);
            if documents < LEAST_DOCUMENTS {
                return Err(TrainError::TooFew { family: name.clone(), documents });
            }
        }
        let named = self.families.0.keys().filter(|name| ![HUMAN, OTHER].contains(&name.as_str()));
        let last = [HUMAN, OTHER].into_iter().filter(|name| self.families.holds(name)).map(str::to_owned);
        Ok(named.cloned().chain(last).collect())
    }

    fn train_wide<const W: usize>(&self, families: &[String], threads: usize) -> Result<StyleModel, TrainError> {
        let place = |name: &str| families.iter().position(|family| family == name).unwrap_or(0);
        let family_order: Vec<u8> = self.families.by_number().iter().map(|name| narrow(place(name))).collect();
        let (makers, maker_order) = self.makers.ordered();
        let (domains, domain_order) = self.domains.ordered();
        let sample = self.sample.sorted(|label| Label {
            family: family_order[usize::from(label.family)],
            maker: maker_order[usize::from(label.maker)],
            domain: domain_order[usize::from(label.domain)],
            ..label
        });
        let classes = families.len();
        let vendors = families.iter().filter(|name| ![HUMAN, OTHER].contains(&name.as_str())).count();

        let trials = selection(&sample);
        let cancel = &self.cancel;
        let losses = each(trials.len() * PENALTIES.len(), threads, cancel, |index| {
            let (trial, penalty) = (&trials[index % trials.len()], PENALTIES[index / trials.len()]);
            let fit = sample.fit::<W>(&trial.train, classes, over(penalty, trial.train.len()), PASSES, cancel);
            (sample.scores(&fit, &trial.test), trial)
        })?;
        let penalty = losses
            .chunks(trials.len().max(1))
            .zip(PENALTIES)
            .map(|(chunk, penalty)| {
                let pairs = chunk.iter().flat_map(|(scores, trial)| {
                    scores.iter().zip(trial.test.iter().map(|&index| sample.labels[index].family))
                });
                (temperature::fit(&pairs.collect::<Vec<_>>(), classes).1, penalty)
            })
            .min_by(|left, right| left.0.total_cmp(&right.0))
            .map_or(PENALTIES[0], |(_, penalty)| penalty);
        let lambda = |documents| over(penalty, documents);

        let folds = folds(&sample, vendors, place(HUMAN));
        let mut fitted = each(folds.len() + 1, threads, cancel, |index| {
            // The last one is of everything: the model itself.
            let Some(fold) = folds.get(index) else {
                let all = sample.select(|_| true);
                return (Some(sample.fit::<W>(&all, classes, lambda(all.len()), PASSES, cancel)), Vec::new());
            };
            let fit = sample.fit::<W>(&fold.train, classes, lambda(fold.train.len()), PASSES, cancel);
            (None, sample.scores(&fit, &fold.test))
        })?;
        let fit = fitted.pop().and_then(|(fit, _)| fit).ok_or(TrainError::OneFamily)?;
        let held_out: Vec<(&Fold, Vec<[f32; W]>)> =
            folds.iter().zip(fitted.into_iter().map(|(_, scores)| scores)).collect();
        let pairs: Vec<(&[f32; W], u8)> = held_out
            .iter()
            .filter(|(fold, _)| fold.regime != Regime::Family)
            .flat_map(|(fold, scores)| scores.iter().zip(fold.test.iter().map(|&index| sample.labels[index].family)))
            .collect();
        let (temperature, loss) = temperature::fit(&pairs, classes);
        let units = units(&sample, &held_out, classes, temperature);

        let counts = sample.count(|label| label.family);
        let by_maker = sample.count(|label| (label.family, label.maker));
        #[expect(clippy::cast_precision_loss, reason = "shares of documents")]
        let prior =
            (0..classes).map(|family| *counts.get(&narrow(family)).unwrap_or(&0) as f32 / sample.labels.len() as f32);
        let card = Card {
            feature_version: FEATURE_VERSION,
            languages: self.languages.clone(),
            families: families
                .iter()
                .enumerate()
                .map(|(family, name)| FamilyCard {
                    name: name.clone(),
                    makers: by_maker
                        .range((narrow(family), 0)..=(narrow(family), u16::MAX))
                        .map(|(&(_, maker), &documents)| MakerCard {
                            name: makers[usize::from(maker)].split_once('/').map_or("", |(_, name)| name).to_owned(),
                            date: self.dates.get(&position(&maker_order, maker)).cloned(),
                            documents,
                        })
                        .collect(),
                })
                .collect(),
            domains: sample
                .count(|label| label.domain)
                .into_iter()
                .map(|(domain, documents)| NamedCount { name: domains[usize::from(domain)].clone(), documents })
                .collect(),
            left_out: self.left_out,
            lambda: lambda(sample.labels.len()),
            temperature,
            held_out_loss: loss,
            prior: prior.collect(),
        };
        let names = |unit: RawUnit| Unit {
            regime: unit.regime,
            family: unit.family,
            maker: makers[usize::from(unit.maker)].split_once('/').map_or("", |(_, name)| name).to_owned(),
            domain: domains[usize::from(unit.domain)].clone(),
            rows: unit.rows,
        };
        let calibration = Calibration { classes, units: units.into_iter().map(names).collect() };
        Ok(StyleModel::new(card, Table::quantised(&fit, classes), calibration))
    }
}

/// Held-out scores of one maker in one domain.
struct RawUnit {
    regime: Regime,
    family: u8,
    maker: u16,
    domain: u16,
    rows: Vec<u16>,
}

fn units<const W: usize>(
    sample: &Sample,
    held_out: &[(&Fold, Vec<[f32; W]>)],
    classes: usize,
    temperature: f32,
) -> Vec<RawUnit> {
    let mut units: BTreeMap<(Regime, u8, u16, u16), Vec<u16>> = BTreeMap::new();
    for (fold, scores) in held_out {
        for (&index, scores) in fold.test.iter().zip(scores) {
            let label = sample.labels[index];
            let rows = units.entry((fold.regime, label.family, label.maker, label.domain)).or_default();
            if rows.len() < super::calibration::MOST_ROWS * classes {
                rows.extend(
                    temperature::log_probabilities(scores, classes, temperature)
                        .take(classes)
                        .map(super::calibration::pack),
                );
            }
        }
    }
    let unit = |((regime, family, maker, domain), rows)| RawUnit { regime, family, maker, domain, rows };
    units.into_iter().map(unit).collect()
}

/// Names in the order of their first use, each with its number.
#[derive(Default)]
struct Names(BTreeMap<String, u16>);

impl Names {
    fn number(&mut self, name: &str) -> Result<u16, TrainError> {
        if let Some(&number) = self.0.get(name) {
            return Ok(number);
        }
        check(name)?;
        let number = u16::try_from(self.0.len()).map_err(|_| TrainError::TooManyNames)?;
        if usize::from(number) >= MOST_NAMES {
            return Err(TrainError::TooManyNames);
        }
        self.0.insert(name.to_owned(), number);
        Ok(number)
    }

    fn holds(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn by_number(&self) -> Vec<&str> {
        let mut names: Vec<(u16, &str)> = self.0.iter().map(|(name, &number)| (number, name.as_str())).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// The names in order, and the place of each number among them.
    fn ordered(&self) -> (Vec<String>, Vec<u16>) {
        let mut places = vec![0; self.0.len()];
        for (place, &number) in (0_u16..).zip(self.0.values()) {
            places[usize::from(number)] = place;
        }
        (self.0.keys().cloned().collect(), places)
    }
}

fn check(name: &str) -> Result<(), TrainError> {
    let bad = name.is_empty() || name.len() > 2 * LONGEST_NAME || name.chars().any(char::is_control);
    if bad { Err(TrainError::Name) } else { Ok(()) }
}

fn position(places: &[u16], place: u16) -> u16 {
    (0_u16..).zip(places).find(|(_, at)| **at == place).map_or(0, |(number, _)| number)
}

fn narrow(value: usize) -> u8 {
    stillwatch_core::at_most_u8(value)
}

fn hash(group: &str) -> u64 {
    let digest = blake3::hash(group.as_bytes());
    digest.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[expect(clippy::cast_precision_loss, reason = "a count of documents")]
fn over(penalty: f32, documents: usize) -> f32 {
    penalty / documents.max(1) as f32
}
