//! Adds up what the blocks of a corpus gave, in the order of the corpus, so that the result is the same at any number
//! of threads. It holds no text and can be written down between two blocks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::hit::{CANARY_RULE, Hit, SELF_CLAIM_RULE, Spot};
use crate::index::Overlaps;
use crate::recycling::UniformitySum;
use crate::sketch::SKETCH;
use crate::watermark::CorpusSample;
use crate::{ClaimSort, Class, Standing, TrainingPolicy};

/// Rows named in a report for each finding; the ledger has all.
const MOST_ROWS: usize = 20;
/// Passages that are counted apart; beyond, the number of distinct ones is a lower bound.
const MOST_PASSAGES: usize = 65_536;

/// What one block of a corpus gave.
#[derive(Clone, Debug, Default)]
pub struct BlockFindings {
    pub documents: u64,
    pub text_bytes: u64,
    pub disguised: u64,
    pub invisible_characters: u64,
    pub lookalike_letters: u64,
    /// For each index what was found in it.
    pub overlaps: Vec<Overlaps>,
    /// Documents of which the prompt or the turns before are known.
    pub with_prompt: u64,
    /// For each way of reading among the watermarks ([`Instruments::readings`](crate::Instruments::readings)) the n-grams of the block. They are as good as text, so no sum of them is written down.
    pub samples: Vec<CorpusSample>,
    /// In the order of the block.
    pub hits: Vec<Hit>,
    pub uniformity: UniformitySum,
    /// Keyed hashes of whole documents, at most [`SKETCH`], the smallest.
    pub sketch: Vec<u64>,
    /// Class log-probabilities of sampled documents under the key of their sample.
    pub style: Vec<(u64, Vec<f32>)>,
}

impl BlockFindings {
    /// Of no document yet, with this many indexes.
    pub fn new(indexes: usize) -> Self {
        Self { overlaps: vec![Overlaps::default(); indexes], ..Self::default() }
    }
}

/// The sum over all blocks so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Collector {
    pub documents: u64,
    pub text_bytes: u64,
    pub disguised: u64,
    pub invisible_characters: u64,
    pub lookalike_letters: u64,
    /// Files with documents.
    pub files: u64,
    last_file: Option<u32>,
    /// Documents with evidence of a class that concludes.
    pub shown_generated: u64,
    /// Documents of which the prompt or the turns before are known.
    #[serde(default)]
    pub with_prompt: u64,
    pub uniformity: UniformitySum,
    /// For each index what was found in it.
    pub overlaps: Vec<Overlaps>,
    #[serde(with = "pairs")]
    pub groups: BTreeMap<GroupName, Group>,
    #[serde(with = "pairs")]
    pub set_aside: BTreeMap<(Option<String>, ClaimSort, Standing), u64>,
    /// Outputs of a vendor outside the sources that are declared to hold them.
    pub undeclared: BTreeMap<String, Group>,
    pub sketch: BTreeSet<u64>,
    #[serde(with = "pairs")]
    pub style: BTreeMap<u64, Vec<f32>>,
}

/// What hits are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupName {
    pub class: Class,
    pub vendor: Option<String>,
    pub rule: String,
    pub version: u32,
    /// The index that passages were found in.
    pub means: Option<String>,
}

/// The hits of a rule for a vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub documents: u64,
    pub hits: u64,
    /// File number and documents.
    #[serde(with = "pairs")]
    pub files: BTreeMap<u32, u64>,
    /// Documents by passage.
    #[serde(with = "pairs")]
    pub passages: BTreeMap<u64, u64>,
    /// Documents by what was matched: canaries, indexes.
    pub matched: BTreeMap<String, u64>,
    /// File number and row, and of rows that an index matched how many of their runs in a hundred were served.
    pub rows: Vec<(u32, u64, Option<u8>)>,
    /// Documents by that percentage.
    #[serde(with = "pairs", default)]
    pub by_percent: BTreeMap<u8, u64>,
    last: Option<(u32, u64, u32)>,
}

impl Collector {
    /// Adds a block of the file with this number and name. Blocks come in the order of the corpus.
    pub fn add(&mut self, file: u32, name: &str, block: BlockFindings, policy: Option<&TrainingPolicy>, sample: usize) {
        if block.documents > 0 && self.last_file != Some(file) {
            self.files += 1;
            self.last_file = Some(file);
        }
        self.documents += block.documents;
        self.text_bytes += block.text_bytes;
        self.with_prompt += block.with_prompt;
        self.disguised += block.disguised;
        self.invisible_characters += block.invisible_characters;
        self.lookalike_letters += block.lookalike_letters;
        self.uniformity += block.uniformity;
        self.overlaps.resize(block.overlaps.len(), Overlaps::default());
        for (sum, overlaps) in self.overlaps.iter_mut().zip(block.overlaps) {
            sum.unite(overlaps);
        }
        self.sketch.extend(&block.sketch);
        while self.sketch.len() > SKETCH {
            self.sketch.pop_last();
        }
        for (key, row) in block.style {
            self.style.insert(key, row);
            while self.style.len() > sample {
                self.style.pop_last();
            }
        }
        let mut shown: Option<Spot> = None;
        for hit in &block.hits {
            self.hit(file, name, hit, policy);
            if hit.class.concludes() && shown != Some(hit.spot) {
                shown = Some(hit.spot);
                self.shown_generated += 1;
            }
        }
    }

    fn hit(&mut self, file: u32, name: &str, hit: &Hit, policy: Option<&TrainingPolicy>) {
        let vendor = hit.vendor.as_deref().map(str::to_owned);
        if let Some((sort, standing)) = hit.claim.filter(|(_, standing)| *standing != Standing::Plain) {
            *self.set_aside.entry((vendor, sort, standing)).or_default() += 1;
            return;
        }
        if let (Some(policy), Some(vendor)) = (policy, &hit.vendor)
            && hit.class.concludes()
            && !policy.declares(name, hit.source.as_deref(), vendor)
        {
            self.undeclared.entry(vendor.to_string()).or_default().add(file, hit);
        }
        let means = hit.matched.as_deref().filter(|_| hit.rule.name != CANARY_RULE).map(str::to_owned);
        // In a report, all that texts say of one maker is one finding.
        let rule = if hit.class == Class::SelfClaim { SELF_CLAIM_RULE } else { hit.rule.name };
        let name = GroupName { class: hit.class, vendor, rule: rule.to_owned(), version: hit.rule.version, means };
        self.groups.entry(name).or_default().add(file, hit);
    }
}

impl Group {
    fn add(&mut self, file: u32, hit: &Hit) {
        self.hits += 1;
        let here = (file, hit.spot.row, hit.spot.turn);
        let another = self.last != Some(here);
        if another {
            self.documents += 1;
            *self.files.entry(file).or_default() += 1;
            let percent = hit.served_percent();
            if let Some(percent) = percent {
                *self.by_percent.entry(percent).or_default() += 1;
            }
            let named = self.rows.last().is_some_and(|(last, row, _)| (*last, *row) == (file, hit.spot.row));
            if self.rows.len() < MOST_ROWS && !named {
                self.rows.push((file, hit.spot.row, percent));
            }
        }
        self.last = Some(here);
        if self.passages.len() < MOST_PASSAGES || self.passages.contains_key(&hit.passage) {
            *self.passages.entry(hit.passage).or_default() += 1;
        }
        if let Some(matched) = &hit.matched {
            *self.matched.entry(matched.to_string()).or_default() += u64::from(another);
        }
    }

    /// Documents of which at least this share, 0 to 1, was served. What no index matched has no share and counts whole.
    pub fn documents_from(&self, share: f64) -> u64 {
        if self.by_percent.is_empty() {
            return self.documents;
        }
        let enough = self.by_percent.iter().filter(|(percent, _)| f64::from(**percent) >= 100.0 * share);
        enough.map(|(_, documents)| documents).sum()
    }

    /// Distinct passages among the hits.
    pub fn distinct(&self) -> u64 {
        self.passages.len() as u64
    }

    /// Hits of the passage that is found most.
    pub fn most_repeated(&self) -> u64 {
        self.passages.values().copied().max().unwrap_or(0)
    }
}

/// Maps whose keys are no strings, as lists of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Vec::<(K, V)>::deserialize(deserializer).map(|pairs| pairs.into_iter().collect())
    }
}
