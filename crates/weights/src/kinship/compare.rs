use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use stillwatch_core::Random;

use super::anatomy::{Anatomy, Block, BlockKey, View};
use super::result::{Alignment, Method, Trial, UnitKind};
use super::statistic::{Score, agreeing, coincidences, coins, mutual, order, swap};
use super::units::{Directions, Units, sample};
use super::weights::{Weights, WeightsError};

/// The trials of two models, and what could not be tried.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) trials: Vec<Trial>,
    /// Trials that were planned and not needed; they count when the p-value is corrected.
    pub(super) spared: usize,
    pub(super) not_tested: Vec<String>,
}

pub(super) struct Side<'w, R> {
    pub(super) weights: &'w mut Weights<R>,
    pub(super) anatomy: Anatomy,
}

/// Which dimension of the one's residual stream is taken for which of the other's.
struct Basis {
    alignment: Alignment,
    left: Vec<usize>,
    right: Vec<usize>,
}

pub(super) fn compare<R: Read + Seek, S: Read + Seek>(
    left: &mut Side<'_, R>,
    right: &mut Side<'_, S>,
) -> Result<Comparison, WeightsError> {
    let mut found = Comparison::default();
    let (width, other_width) = (left.anatomy.width, right.anatomy.width);
    let mut bases = Vec::new();
    if width == other_width && width > 0 {
        let all: Vec<usize> = (0..width).collect();
        bases.push(Basis { alignment: Alignment::InPlace, left: all.clone(), right: all });
    }
    match found.residual(left, right)? {
        Some(matches) if matches.len() >= LEAST_UNITS => {
            let same = matches.iter().filter(|(own, others)| own == others).count();
            // Where the tables agree that nothing was moved, a second look through them shows nothing new.
            if width != other_width || same * 10 < matches.len() * 9 {
                let (own, others) = matches.into_iter().unzip();
                bases.push(Basis { alignment: Alignment::ByVocabulary, left: own, right: others });
            }
        }
        Some(_) => {
            found.not_tested.push("units in a moved residual stream: the vocabulary matches too few dimensions".into());
        }
        None => {}
    }
    let groups = correspondence(&left.anatomy, &right.anatomy, &mut found.not_tested);
    for group in &groups {
        let before = found.trials.len();
        match group {
            Group::InOrder(pairs) => found.in_order(left, right, pairs, &bases)?,
            Group::All(lefts, rights) => found.crosswise(left, right, lefts, rights, &bases)?,
        }
        let added = found.trials.len() - before;
        if bases.len() == 1 && bases[0].alignment == Alignment::InPlace {
            found.spared += added;
        }
    }
    Ok(found)
}

impl Comparison {
    /// Dimensions of the residual stream, each with its column of the tables over the vocabulary. Tokens are shared between
    /// strangers who learn from the same text, but which dimension carries what is not: it is a matter of the
    /// initialisation. Gives the dimensions that match.
    fn residual<R: Read + Seek, S: Read + Seek>(
        &mut self,
        left: &mut Side<'_, R>,
        right: &mut Side<'_, S>,
    ) -> Result<Option<Vec<(usize, usize)>>, WeightsError> {
        let (own, others) = (&left.anatomy, &right.anatomy);
        let (views, other_views) = shared(&own.tables, &others.tables);
        let tokens = own.vocabulary.min(others.vocabulary);
        if views.is_empty()
            || tokens < LEAST_UNITS
            || (own.width != others.width && own.vocabulary != others.vocabulary)
        {
            self.not_tested
                .push("dimensions of the residual stream: the two have no tables over one vocabulary".into());
            return Ok(None);
        }
        let tokens = sample(tokens, MOST_TOKENS);
        let (units, other_units) = (sample(own.width, MOST_DIMENSIONS), sample(others.width, MOST_DIMENSIONS));
        let same = own.width == others.width;
        let views: Vec<&View> = views.into_iter().collect();
        let one = Units::read(left.weights, &views, &units, &tokens)?;
        let two = Units::read(right.weights, &other_views, &other_units, &tokens)?;
        let all: Vec<usize> = (0..tokens.len()).collect();
        let (one, two) = (one.directions(&all), two.directions(&all));
        let trial = |method, score: Score, roles: usize| {
            Trial::new(method, UnitKind::Residual, Alignment::InPlace, ["vocabulary", "vocabulary"], roles, score)
        };
        let matches = mutual(&summed(&one, &two), two.count);
        if same {
            let (wins, decided) = swap(&one, &two, 0);
            self.trials.push(trial(Method::Swap, coins(wins, decided, units.len() as u64 / 2), views.len()));
        }
        let most = units.len().min(other_units.len());
        self.trials.push(trial(Method::Order, order(&matches, most), views.len()));
        Ok(Some(matches.into_iter().map(|(row, column)| (units[row], other_units[column])).collect()))
    }

    /// Layers of two equally deep stacks, each with its counterpart.
    fn in_order<R: Read + Seek, S: Read + Seek>(
        &mut self,
        left: &mut Side<'_, R>,
        right: &mut Side<'_, S>,
        pairs: &[(BlockKey, BlockKey)],
        bases: &[Basis],
    ) -> Result<(), WeightsError> {
        let searched: BTreeSet<usize> = spread(pairs.len(), MOST_SEARCHED).into_iter().collect();
        if searched.len() < pairs.len() {
            let message = format!("units in another order: looked for in {} of {} layers", searched.len(), pairs.len());
            self.not_tested.push(message);
        }
        let mut totals: Vec<Totals> = bases.iter().map(|_| Totals::default()).collect();
        for (at, (own, others)) in pairs.iter().enumerate() {
            let Some(two) = Two::read(left, right, own, others)? else {
                self.not_tested.push(format!("{own} and {others}: their matrices do not correspond"));
                continue;
            };
            for (basis, total) in bases.iter().zip(&mut totals) {
                self.block(&two, basis, total, [own, others], searched.contains(&at), at as u64);
            }
        }
        for (basis, mut total) in bases.iter().zip(totals) {
            if total.is_worth_a_background() {
                for (at, (own, others)) in pairs.iter().enumerate().filter(|(at, _)| searched.contains(at)) {
                    if let Some(two) = Two::read(left, right, own, others)? {
                        total.background += background(&two, basis, at as u64);
                    }
                }
            }
            let layers = format!("{} layers", total.layers);
            let mut push = |method, score| {
                self.trials.push(Trial::new(
                    method,
                    UnitKind::Units,
                    basis.alignment,
                    [&layers; 2],
                    total.roles,
                    score,
                ));
            };
            if total.pairs > 0 {
                push(Method::Swap, coins(total.wins, total.decided, total.pairs));
            }
            if total.searched > 0 {
                push(Method::Coincidence, total.coincidences());
            }
        }
        Ok(())
    }

    /// One block of the one with one of the other.
    fn block(
        &mut self,
        two: &Two,
        basis: &Basis,
        total: &mut Totals,
        names: [&BlockKey; 2],
        search: bool,
        stream: u64,
    ) {
        let (one, other) = (two.left.directions(&basis.left), two.right.directions(&basis.right));
        let names = names.map(ToString::to_string);
        let names = [names[0].as_str(), names[1].as_str()];
        let roles = one.roles.len();
        total.layers += 1;
        total.roles = total.roles.max(roles);
        if two.in_place {
            let (wins, decided) = swap(&one, &other, stream + 1);
            let pairs = one.count as u64 / 2;
            total.wins += wins;
            total.decided += decided;
            total.pairs += pairs;
            self.trials.push(Trial::new(
                Method::Swap,
                UnitKind::Units,
                basis.alignment,
                names,
                roles,
                coins(wins, decided, pairs),
            ));
        }
        if !search {
            return;
        }
        let most = one.count.min(other.count);
        let matches = mutual(&summed(&one, &other), other.count);
        self.trials.push(Trial::new(
            Method::Order,
            UnitKind::Units,
            basis.alignment,
            names,
            roles,
            order(&matches, most),
        ));
        if roles > 1 {
            let hits = agreeing(&one, &other, two.gate);
            total.agreeing += hits;
            total.searched += most as u64;
        }
    }

    /// Layers of stacks of different depth: every one with every one.
    fn crosswise<R: Read + Seek, S: Read + Seek>(
        &mut self,
        left: &mut Side<'_, R>,
        right: &mut Side<'_, S>,
        lefts: &[BlockKey],
        rights: &[BlockKey],
        bases: &[Basis],
    ) -> Result<(), WeightsError> {
        let (own_layers, other_layers) = (spread(lefts.len(), MOST_CROSSED), spread(rights.len(), MOST_CROSSED));
        if own_layers.len() < lefts.len() || other_layers.len() < rights.len() {
            let message = format!(
                "stacks of {} and {} layers: {} and {} of them were held against each other",
                lefts.len(),
                rights.len(),
                own_layers.len(),
                other_layers.len()
            );
            self.not_tested.push(message);
        }
        for &own in &own_layers {
            for &other in &other_layers {
                let (own_key, other_key) = (&lefts[own], &rights[other]);
                let Some(two) = Two::read(left, right, own_key, other_key)? else {
                    self.not_tested.push(format!("{own_key} and {other_key}: their matrices do not correspond"));
                    continue;
                };
                let stream = (own * MOST_CROSSED + other) as u64;
                for basis in bases {
                    let mut total = Totals::default();
                    self.block(&two, basis, &mut total, [own_key, other_key], true, stream);
                    if total.is_worth_a_background() {
                        total.background = background(&two, basis, stream);
                    }
                    if total.searched > 0 {
                        let names = [&*own_key.to_string(), &*other_key.to_string()];
                        let (alignment, score) = (basis.alignment, total.coincidences());
                        self.trials.push(Trial::new(
                            Method::Coincidence,
                            UnitKind::Units,
                            alignment,
                            names,
                            total.roles,
                            score,
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Totals {
    layers: usize,
    roles: usize,
    wins: u64,
    decided: u64,
    pairs: u64,
    agreeing: u64,
    searched: u64,
    background: u64,
}

impl Totals {
    /// A background costs eight times as much as the count. Few hits reject nothing whatever it is, and where an exact
    /// trial has already settled the matter an inexact one adds nothing. Without a background the p-value is 1, so that
    /// going without never makes a rejection.
    fn is_worth_a_background(&self) -> bool {
        self.agreeing >= LEAST_UNITS as u64 && coins(self.wins, self.decided, self.pairs).p > SETTLED
    }

    fn coincidences(&self) -> Score {
        let score = coincidences(self.agreeing, self.searched, self.background, BACKGROUNDS);
        if self.is_worth_a_background() { score } else { Score { p: 1.0, expected: None, ..score } }
    }
}

/// Corresponding blocks of two models.
struct Two {
    left: Units,
    right: Units,
    gate: Option<usize>,
    /// Whether both have as many units, so that a unit has a namesake.
    in_place: bool,
}

impl Two {
    fn read<R: Read + Seek, S: Read + Seek>(
        left: &mut Side<'_, R>,
        right: &mut Side<'_, S>,
        own: &BlockKey,
        others: &BlockKey,
    ) -> Result<Option<Self>, WeightsError> {
        let (Some(block), Some(other)) = (left.anatomy.blocks.get(own), right.anatomy.blocks.get(others)) else {
            return Ok(None);
        };
        let (views, other_views) = shared(&block.views, &other.views);
        if views.is_empty() || views.len() < block.views.len().max(other.views.len()) {
            return Ok(None);
        }
        let most = MOST_UNITS.min(MOST_NUMBERS / left.anatomy.width.max(right.anatomy.width).max(1));
        let units = |block: &Block| sample(block.units, most);
        let all = |anatomy: &Anatomy| -> Vec<usize> { (0..anatomy.width).collect() };
        Ok(Some(Self {
            left: Units::read(left.weights, &views, &units(block), &all(&left.anatomy))?,
            right: Units::read(right.weights, &other_views, &units(other), &all(&right.anatomy))?,
            gate: views.iter().position(|view| view.role == "gate"),
            in_place: block.units == other.units,
        }))
    }
}

/// Coincidences with the dimensions of the residual stream relabelled at random, all relabellings together.
fn background(two: &Two, basis: &Basis, stream: u64) -> u64 {
    let one = two.left.directions(&basis.left);
    let mut sum = 0;
    for turn in 0..BACKGROUNDS {
        let mut relabelled = basis.right.clone();
        Random::new(BACKGROUND_SEED, stream * BACKGROUNDS + turn).shuffle(&mut relabelled);
        sum += agreeing(&one, &two.right.directions(&relabelled), two.gate);
    }
    sum
}

fn summed(one: &Directions, other: &Directions) -> Vec<f32> {
    let mut sum = vec![0.0_f32; one.count * other.count];
    for role in 0..one.roles.len() {
        sum.iter_mut().zip(one.cosines(other, role)).for_each(|(sum, value)| *sum += value);
    }
    sum
}

/// Views of the same role, in one order.
fn shared<'v>(left: &'v [View], right: &'v [View]) -> (Vec<&'v View>, Vec<&'v View>) {
    left.iter().filter_map(|own| Some((own, right.iter().find(|other| other.role == own.role)?))).unzip()
}

enum Group {
    InOrder(Vec<(BlockKey, BlockKey)>),
    All(Vec<BlockKey>, Vec<BlockKey>),
}

/// Which blocks may correspond: stacks by their name, or by their order where names differ; experts by their number.
fn correspondence(left: &Anatomy, right: &Anatomy, not_tested: &mut Vec<String>) -> Vec<Group> {
    type Columns<'a> = BTreeMap<(&'a str, (bool, Option<u64>)), Vec<BlockKey>>;
    fn columns(anatomy: &Anatomy) -> Columns<'_> {
        let mut found = Columns::new();
        for key in anatomy.blocks.keys() {
            found.entry((key.stack.as_str(), key.expert)).or_default().push(key.clone());
        }
        found
    }
    let (own, mut others) = (columns(left), columns(right));
    if own.keys().ne(others.keys())
        && own.len() == others.len()
        && own.keys().map(|key| key.1).eq(others.keys().map(|key| key.1))
    {
        others = own.keys().copied().zip(others.into_values()).collect();
    }
    let mut groups = Vec::new();
    for (key, lefts) in own {
        match others.remove(&key) {
            Some(rights) if rights.len() == lefts.len() => {
                groups.push(Group::InOrder(lefts.into_iter().zip(rights).collect()));
            }
            Some(rights) => groups.push(Group::All(lefts, rights)),
            None => not_tested.push(format!(
                "{} layers of `{}`: the other has none like them",
                lefts.len(),
                stillwatch_core::shown(key.0)
            )),
        }
    }
    groups
}

/// At most so many of `count` places, evenly spread.
fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most { (0..count).collect() } else { (0..most).map(|at| at * count / most).collect() }
}

/// Fewer tell nothing at any level that is used.
const LEAST_UNITS: usize = 8;
/// Units of a block that are compared, and numbers of one matrix that are kept: 16 MiB.
const MOST_UNITS: usize = 1024;
const MOST_NUMBERS: usize = 1 << 22;
const MOST_DIMENSIONS: usize = 1024;
const MOST_TOKENS: usize = 4096;
/// Blocks in which units are looked for in another order; a search compares all with all.
const MOST_SEARCHED: usize = 8;
const MOST_CROSSED: usize = 8;
/// Relabellings that make the background of coincidences.
const BACKGROUNDS: u64 = 8;
/// Far below any level, after any correction.
const SETTLED: f64 = 1e-12;
const BACKGROUND_SEED: u64 = 0x6b69_6e73_6869_7003;
