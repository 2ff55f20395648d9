//! How uniform the texts are: inputs for judging the risk of training on generated text again and again.
//!
//! What repeated training on outputs does depends on what is replaced and what is kept. Loss grows over generations when
//! generated text replaces earlier text and stays bounded when it is added to it (Gerstgrasser et al., arXiv
//! 2404.01413). No scalar is accepted for the risk, so the measures stand side by side and beside those of a human
//! reference, and no score is made of them.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::ratio;

/// Bytes of consecutive texts that are measured together, so that measures of different corpora are comparable: shares
/// of distinct n-grams fall and compression grows with length.
pub const STRETCH: usize = 64 << 10;
/// Words of the human reference that are common; the rest is its tail.
pub const COMMON_WORDS: usize = 5_000;
/// Of each stretch, which n-grams are told apart.
const ORDERS: usize = 3;

/// Means over stretches of [`STRETCH`] bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Uniformity {
    pub stretches: u64,
    /// Distinct words, word pairs and word triples over all of them, 0 to 1.
    pub distinct: [f64; ORDERS],
    /// Bytes of text per byte after DEFLATE at level 6; more is more uniform.
    pub compression: f64,
    /// Share of words that are not among the most common of the human reference; `None` without one.
    pub tail: Option<f64>,
}

/// Adds up stretches in integers, so that any order gives the same means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniformitySum {
    stretches: u64,
    /// In millionths.
    distinct: [u64; ORDERS],
    compression: u64,
    tail: u64,
    with_tail: bool,
}

/// The words that a human reference uses most, as hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonWords(FxHashSet<u64>);

/// Gathers consecutive texts and measures them a stretch at a time.
#[derive(Debug, Default)]
pub struct Gauge {
    stretch: Vec<u8>,
    words: Vec<u64>,
    seen: FxHashSet<u64>,
    sum: UniformitySum,
}

impl CommonWords {
    /// From words with their counts: the [`COMMON_WORDS`] most frequent; ties go to the smaller hash.
    pub fn most_frequent(counts: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut counts: Vec<_> = counts.into_iter().map(|(word, count)| (std::cmp::Reverse(count), word)).collect();
        counts.sort_unstable();
        Self(counts.into_iter().take(COMMON_WORDS).map(|(_, word)| word).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In ascending order.
    pub fn to_vec(&self) -> Vec<u64> {
        let mut words: Vec<_> = self.0.iter().copied().collect();
        words.sort_unstable();
        words
    }
}

impl FromIterator<u64> for CommonWords {
    fn from_iter<I: IntoIterator<Item = u64>>(words: I) -> Self {
        Self(words.into_iter().take(COMMON_WORDS).collect())
    }
}

impl Gauge {
    /// Adds a text; `true` once enough for a stretch has been gathered and measured.
    pub fn add(&mut self, text: &str, common: Option<&CommonWords>) -> bool {
        let room = STRETCH - self.stretch.len();
        let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.stretch.extend_from_slice(&text.as_bytes()[..end]);
        self.stretch.push(b'\n');
        if self.stretch.len() + 4 <= STRETCH {
            return false;
        }
        self.measure(common);
        true
    }

    /// Drops what is too short for a stretch, and gives the sum.
    pub fn finish(&mut self) -> UniformitySum {
        self.stretch.clear();
        std::mem::take(&mut self.sum)
    }

    fn measure(&mut self, common: Option<&CommonWords>) {
        self.words.clear();
        self.words.extend(words(&self.stretch));
        let mut distinct = [0; ORDERS];
        for (order, share) in distinct.iter_mut().enumerate() {
            self.seen.clear();
            let runs = self.words.windows(order + 1);
            let total = runs.len();
            self.seen.extend(runs.map(|run| run.iter().fold(0x9e37_79b9_7f4a_7c15, |hash, word| mix(hash ^ word))));
            *share = millionths(self.seen.len(), total);
        }
        let compressed = compressed_length(&self.stretch).unwrap_or(self.stretch.len());
        let tail = common.map(|common| self.words.iter().filter(|word| !common.0.contains(word)).count());
        self.sum += UniformitySum {
            stretches: 1,
            distinct,
            compression: millionths(self.stretch.len(), compressed),
            tail: tail.map_or(0, |tail| millionths(tail, self.words.len())),
            with_tail: tail.is_some(),
        };
        self.stretch.clear();
    }
}

impl std::ops::AddAssign for UniformitySum {
    fn add_assign(&mut self, other: Self) {
        self.stretches += other.stretches;
        for (sum, share) in self.distinct.iter_mut().zip(other.distinct) {
            *sum += share;
        }
        self.compression += other.compression;
        self.tail += other.tail;
        self.with_tail |= other.with_tail;
    }
}

impl UniformitySum {
    /// `None` of no stretch: a shorter corpus cannot be compared.
    pub fn mean(&self) -> Option<Uniformity> {
        let mean = |sum: u64| ratio(sum, self.stretches) / 1e6;
        (self.stretches > 0).then(|| Uniformity {
            stretches: self.stretches,
            distinct: self.distinct.map(mean),
            compression: mean(self.compression),
            tail: self.with_tail.then(|| mean(self.tail)),
        })
    }
}

/// Hashes of the lower-cased words of a text. Letters and digits beyond ASCII count as letters.
pub fn words(text: &[u8]) -> impl Iterator<Item = u64> {
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    text.split(move |byte| !in_word(byte)).filter(|word| !word.is_empty()).map(|word| {
        word.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
        })
    })
}

fn compressed_length(bytes: &[u8]) -> io::Result<usize> {
    let mut encoder = DeflateEncoder::new(Counter(0), Compression::new(6));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.0.max(1))
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value ^ (value >> 29)
}

fn millionths(part: usize, whole: usize) -> u64 {
    (part as u64).saturating_mul(1_000_000) / (whole as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::{CommonWords, Gauge, Uniformity, words};

    fn measure(text: impl Fn(usize) -> String, common: Option<&CommonWords>) -> Uniformity {
        let mut gauge = Gauge::default();
        let mut index = 0;
        while !gauge.add(&text(index), common) {
            index += 1;
        }
        gauge.finish().mean().unwrap()
    }

    #[test]
    fn repeated_text_is_more_uniform() {
        let same = measure(|_| "the same sentence comes again and again".into(), None);
        let varied = measure(|index| format!("sentence {} has word {} in it", index * 7919, index * 104_729), None);
        assert!(same.distinct[1] < varied.distinct[1] && same.compression > 2.0 * varied.compression);
        assert_eq!(same.tail, None);
    }

    #[test]
    fn the_tail_is_what_the_reference_does_not_often_say() {
        let common = CommonWords::most_frequent(words(b"common words here").map(|word| (word, 1)));
        let uniform = measure(|_| "common words".into(), Some(&common));
        let rare = measure(|_| "common words rarely".into(), Some(&common));
        assert_eq!(uniform.tail, Some(0.0));
        assert!((rare.tail.unwrap() - 1.0 / 3.0).abs() < 0.01);
    }

    #[test]
    fn too_little_text_is_not_measured() {
        let mut gauge = Gauge::default();
        assert!(!gauge.add("short", None));
        assert_eq!(gauge.finish().mean(), None);
    }
}
