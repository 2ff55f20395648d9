//! Winnowed k-grams of served outputs.
//!
//! A k-gram is [`SERVED_WORDS`] consecutive words. Of every [`SERVED_WINDOW`] consecutive k-grams one is kept (robust
//! winnowing: Schleimer, Wilkerson and Aiken, SIGMOD 2003), so that any stretch of 30 words that two texts share gives
//! them a k-gram in common, and about one k-gram in six is kept.
//!
//! Twenty words: on answers to the same prompts, 0.3 to 0.4 % of the documents of unrelated models share a fifth of
//! such k-grams with a model, against 4 to 5 % of five words. A text of fewer words has none: what is that short, two
//! writers say alike without having copied. One of 20 to 29 words has one k-gram, the same in each of its copies.
//!
//! The k-gram rolls over the keyed word hashes as a polynomial modulo 2^64 with a secret odd multiplier. Two different
//! k-grams meet with a probability of 2^-58 or less: an exchange of two words sixteen places apart, for which the
//! difference of the two powers has the most factors of two, is the worst case. What is stored is SipHash-1-3 of that
//! sum under another part of the subkey, for a multiplier could be computed from sums.

use siphasher::sip::{SipHasher13, SipHasher24};
use stillwatch_core::{Key, Purpose};

use crate::reading::{Disguise, Word, WordReader};
use crate::threshold::{SLOTS, fold};

/// Words in a k-gram.
pub const SERVED_WORDS: usize = 20;
/// Consecutive k-grams of which one is kept.
pub const SERVED_WINDOW: usize = 11;
/// Words in a k-gram of the shorter layer of an index, for passages that are short or broken. Of eight words, 1.8 to 1.9 %
/// of the documents of unrelated models share a fifth with a model that answers the same prompts, so it has a background of
/// its own and is never counted together with the longer one.
pub const SHORT_WORDS: usize = 8;
/// Consecutive k-grams of the shorter layer of which one is kept: a stretch of eleven words gives one for certain.
pub const SHORT_WINDOW: usize = 4;
/// Bits of a fingerprint that differ; the rest, the lowest, are zero, as digests need them for other things.
pub const FINGERPRINT_BITS: u32 = 64 - SLOTS.trailing_zeros();

/// A k-gram of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KGram {
    /// Under the key. The lowest six bits are zero.
    pub fingerprint: u64,
    /// Which word of the text it starts with.
    pub first: u32,
}

/// Reads texts as words and as winnowed k-grams.
///
/// ```
/// use stillwatch_core::Key;
/// use stillwatch_digest::ServedReader;
///
/// let text = "a stretch of at least thirty words is found wherever it stands because of any eleven runs of twenty \
///             words in a row one is always kept and it is the same one everywhere";
/// let mut reader = ServedReader::new(&Key::from_bytes([7; 32]));
/// let mut kept = |text: &str| {
///     reader.read(text);
///     let mut fingerprints = Vec::new();
///     reader.winnow(|k_gram| fingerprints.push(k_gram.fingerprint));
///     fingerprints
/// };
/// let served = kept(text);
/// let page = kept(&format!("Somebody wrote: “{}” And so on.", text.to_uppercase().replace(' ', "\n")));
/// assert!(page.iter().any(|fingerprint| served.contains(fingerprint)));
/// ```
#[derive(Clone)]
pub struct ServedReader {
    reader: WordReader,
    words: Vec<Word>,
    /// K-grams of a prompt, in ascending order.
    prompted: Vec<u64>,
    rolling: Rolling,
    /// Of the shorter layer.
    short: Rolling,
    fingerprints: SipHasher13,
}

impl ServedReader {
    pub fn new(key: &Key) -> Self {
        let subkey = key.derive(Purpose::Served);
        let (mut first, mut second) = ([0; 16], [0; 16]);
        first.copy_from_slice(&subkey.expose()[..16]);
        second.copy_from_slice(&subkey.expose()[16..]);
        let seeds = SipHasher24::new_with_key(&second);
        Self {
            reader: WordReader::new(&second),
            words: Vec::new(),
            prompted: Vec::new(),
            rolling: Rolling::new(seeds.hash(b"multiplier"), seeds.hash(b"order"), SERVED_WORDS),
            short: Rolling::new(seeds.hash(b"short multiplier"), seeds.hash(b"short order"), SHORT_WORDS),
            fingerprints: SipHasher13::new_with_key(&first),
        }
    }

    /// Reads a text in place of the one before.
    pub fn read(&mut self, text: &str) -> Disguise {
        self.reader.read(text, &mut self.words)
    }

    /// The words of the text that was read.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Calls `keep` with every winnowed k-gram, in the order of the text.
    pub fn winnow(&self, keep: impl FnMut(KGram)) {
        self.winnow_by::<SERVED_WINDOW>(&self.rolling, keep);
    }

    /// Calls `keep` with every winnowed k-gram of the shorter layer, in the order of the text.
    pub fn winnow_short(&self, keep: impl FnMut(KGram)) {
        self.winnow_by::<SHORT_WINDOW>(&self.short, keep);
    }

    #[inline]
    fn winnow_by<const LENGTH: usize>(&self, rolling: &Rolling, mut keep: impl FnMut(KGram)) {
        let mut window = Window::<LENGTH>::default();
        rolling.roll(&self.words, |first, sum, order| {
            if let Some((first, sum)) = window.push(first, sum, order) {
                keep(KGram { fingerprint: self.fingerprint(sum), first });
            }
        });
        if let Some((first, sum)) = window.only() {
            keep(KGram { fingerprint: self.fingerprint(sum), first });
        }
    }

    /// Reads a response and calls `keep` with its winnowed k-grams, without those that are in the prompt too: what a
    /// response repeats of its prompt, the model did not write. Returns the hash of the whole prompt, if there is one.
    pub fn served(&mut self, prompt: Option<&str>, response: &str, mut keep: impl FnMut(KGram)) -> Option<u64> {
        let mut prompted = std::mem::take(&mut self.prompted);
        prompted.clear();
        let whole = prompt.and_then(|prompt| {
            self.read(prompt);
            self.each(|k_gram| prompted.push(k_gram.fingerprint));
            prompted.sort_unstable();
            self.whole()
        });
        self.read(response);
        self.winnow(|k_gram| {
            if prompted.binary_search(&k_gram.fingerprint).is_err() {
                keep(k_gram);
            }
        });
        self.prompted = prompted;
        whole
    }

    /// Calls `keep` with every k-gram, winnowed or not.
    pub fn each(&self, mut keep: impl FnMut(KGram)) {
        self.rolling.roll(&self.words, |first, sum, _| keep(KGram { fingerprint: self.fingerprint(sum), first }));
    }

    /// Calls `keep` with every k-gram of the shorter layer, winnowed or not.
    pub fn each_short(&self, mut keep: impl FnMut(KGram)) {
        self.short.roll(&self.words, |first, sum, _| keep(KGram { fingerprint: self.fingerprint(sum), first }));
    }

    /// A keyed hash of anything that names where a text came from.
    pub fn origin(&self, name: &[u8]) -> u64 {
        self.fingerprints.hash(name)
    }

    /// A keyed hash of all words that were read; `None` of none.
    pub fn whole(&self) -> Option<u64> {
        let sum = self.words.iter().fold(0, |sum: u64, word| self.rolling.append(sum, word.hash));
        (!self.words.is_empty()).then(|| self.fingerprints.hash(&[sum.to_le_bytes(), [0; 8]].concat()))
    }

    #[inline]
    fn fingerprint(&self, sum: u64) -> u64 {
        self.fingerprints.hash(&sum.to_le_bytes()) >> SLOTS.trailing_zeros() << SLOTS.trailing_zeros()
    }
}

#[derive(Clone, Copy)]
struct Rolling {
    multiplier: u64,
    /// What the word that leaves has been multiplied by.
    leaving: u64,
    order: u64,
    /// Words in a k-gram.
    words: usize,
}

impl Rolling {
    fn new(secret: u64, order: u64, words: usize) -> Self {
        let multiplier = secret | 1;
        let leaving = (0..words).fold(1_u64, |power, _| power.wrapping_mul(multiplier));
        Self { multiplier, leaving, order, words }
    }

    fn append(&self, sum: u64, word: u64) -> u64 {
        sum.wrapping_mul(self.multiplier).wrapping_add(word)
    }

    /// Calls `each` with the first word, the sum and the place in the keyed order of every k-gram.
    #[inline]
    fn roll(&self, words: &[Word], mut each: impl FnMut(u32, u64, u64)) {
        let (head, tail) = words.split_at(words.len().min(self.words - 1));
        let mut sum = head.iter().fold(0, |sum, word| self.append(sum, word.hash));
        let mut leaving = 0;
        for (first, (word, next_leaving)) in (0..).zip(tail.iter().zip(words)) {
            sum = self.append(sum, word.hash).wrapping_sub(leaving);
            leaving = next_leaving.hash.wrapping_mul(self.leaving);
            each(first, sum, fold(sum ^ self.order, self.leaving ^ self.order));
        }
    }
}

/// The last k-grams, `LENGTH` of them and at most 16, and the lowest.
#[derive(Default)]
struct Window<const LENGTH: usize> {
    /// By their number modulo the length, which is at least that of the window.
    sums: [(u64, u64); 16],
    lowest: Option<(u32, u64)>,
    pushed: u32,
}

impl<const LENGTH: usize> Window<LENGTH> {
    #[expect(clippy::cast_possible_truncation, reason = "at most 16")]
    const LENGTH: u32 = LENGTH as u32;

    /// The number and the sum of a k-gram that has become the lowest.
    #[inline]
    fn push(&mut self, number: u32, sum: u64, order: u64) -> Option<(u32, u64)> {
        self.sums[number as usize % 16] = (order, sum);
        self.pushed = number + 1;
        let full = number + 1 >= Self::LENGTH;
        match self.lowest {
            // Of equal ones the earlier stays for as long as it is in the window, so that repetitions are kept once.
            Some((at, lowest)) if number - at < Self::LENGTH && order >= lowest => {
                return (number + 1 == Self::LENGTH).then(|| (at, self.sums[at as usize % 16].1));
            }
            Some((at, _)) if number - at >= Self::LENGTH => {
                let rest = number + 1 - Self::LENGTH..number;
                self.lowest = Some(rest.fold((number, order), |best, at| {
                    let order = self.sums[at as usize % 16].0;
                    if order < best.1 { (at, order) } else { best }
                }));
            }
            _ => self.lowest = Some((number, order)),
        }
        self.lowest.filter(|_| full).map(|(at, _)| (at, self.sums[at as usize % 16].1))
    }

    /// The lowest of a text that does not fill the window.
    fn only(&self) -> Option<(u32, u64)> {
        let (at, _) = self.lowest.filter(|_| self.pushed < Self::LENGTH)?;
        Some((at, self.sums[at as usize % 16].1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use stillwatch_core::Key;

    use super::{SERVED_WINDOW, SERVED_WORDS, ServedReader};

    fn kept(text: &str) -> Vec<u64> {
        let mut reader = ServedReader::new(&Key::from_bytes([7; 32]));
        reader.read(text);
        let mut kept = Vec::new();
        reader.winnow(|k_gram| kept.push(k_gram.fingerprint));
        kept
    }

    fn numbers(range: std::ops::Range<usize>) -> String {
        range.map(|number| format!("word{number} ")).collect()
    }

    #[test]
    fn short_texts_give_one_k_gram_or_none() {
        assert_eq!(kept(&numbers(0..SERVED_WORDS - 1)).len(), 0);
        assert_eq!(kept(&numbers(0..SERVED_WORDS)).len(), 1);
        assert_eq!(kept(&numbers(0..SERVED_WORDS + SERVED_WINDOW - 2)).len(), 1);
        assert_eq!(kept(&"again ".repeat(1_000)).into_iter().collect::<BTreeSet<_>>().len(), 1);
    }

    #[test]
    fn winnowed_k_grams_are_the_lowest_of_every_window() {
        let mut reader = ServedReader::new(&Key::from_bytes([7; 32]));
        reader.read(&numbers(0..3_000));
        let (mut every, mut kept) = (Vec::new(), BTreeSet::new());
        reader.rolling.roll(&reader.words, |first, _, order| every.push((order, first)));
        reader.winnow(|k_gram| {
            assert!(kept.insert(k_gram.first), "each once");
        });
        let lowest: BTreeSet<u32> = every.windows(SERVED_WINDOW).map(|window| window.iter().min().unwrap().1).collect();
        assert_eq!(kept, lowest);
        assert!((450..550).contains(&kept.len()), "one in six, {}", kept.len());
    }

    #[test]
    fn fingerprints_depend_on_the_key() {
        let mut other = ServedReader::new(&Key::from_bytes([8; 32]));
        other.read(&numbers(0..40));
        other.each(|k_gram| assert!(!kept(&numbers(0..40)).contains(&k_gram.fingerprint)));
    }

    proptest! {
        #[test]
        fn a_stretch_of_thirty_words_is_found_whatever_surrounds_it(
            before in "([a-c]{1,2} ){0,60}", after in "( [a-c]{1,2}){0,60}",
            stretch in proptest::collection::vec("[a-d]{1,2}", 30..60), upper: bool,
        ) {
            let served = kept(&stretch.join(" "));
            let copy = stretch.join(",\n\t");
            let copy = if upper { copy.to_uppercase() } else { copy };
            let page = kept(&format!("{before} {copy} {after}"));
            prop_assert!(served.iter().any(|fingerprint| page.contains(fingerprint)));
        }
    }
}
