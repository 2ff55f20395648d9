use std::collections::BTreeMap;

use stillwatch_core::{Key, Purpose};
use stillwatch_digest::{Disguise, ServedReader, Word, WordReader};

use super::Registry;
use super::phrase::{PHRASE_BITS, PHRASE_WORDS};

/// A canary in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub id: String,
    /// Whose answers it marks.
    pub vendor: String,
    pub campaign: String,
    /// Bytes `start` up to but without `end` of the document, on character boundaries.
    pub start: usize,
    pub end: usize,
}

/// Finds the canaries of a registry. Each thread has its own.
#[derive(Clone)]
pub struct Checker {
    reader: WordReader,
    words: Vec<Word>,
    disguise: Disguise,
    /// Positions at which a phrase could have begun.
    positions: u64,
    /// By the hash of the phrase's first word.
    phrases: BTreeMap<u64, Vec<Phrase>>,
    /// One bit for each first word, so that nearly every word of a corpus is dismissed by one look.
    first_words: Vec<u64>,
    canaries: usize,
}

#[derive(Clone)]
struct Phrase {
    words: [u64; PHRASE_WORDS],
    id: String,
    vendor: String,
    campaign: String,
}

const FIRST_BITS: usize = 1 << 16;

impl Checker {
    pub fn new(registry: &Registry) -> Self {
        // The phrases themselves key the word hashes: who does not know them cannot prepare words of equal hash.
        let mut hasher = blake3::Hasher::new_derive_key("stillwatch 2026-11 canary check");
        registry.canaries().iter().for_each(|canary| {
            hasher.update(canary.phrase().as_bytes());
        });
        let secret = Key::from_bytes(*hasher.finalize().as_bytes()).derive(Purpose::Served);
        let mut seed = [0; 16];
        seed.copy_from_slice(&secret.expose()[..16]);
        let mut reader = WordReader::new(&seed);
        Self::hashed(registry, reader.clone(), &mut |text, words| {
            reader.read(text, words);
        })
    }

    /// For texts that something else reads: `read` gives the words of a text as that does.
    pub fn under(registry: &Registry, served: &ServedReader) -> Self {
        let mut served = served.clone();
        let unused = WordReader::new(&[0; 16]);
        Self::hashed(registry, unused, &mut |text, words| {
            served.read(text);
            words.clear();
            words.extend_from_slice(served.words());
        })
    }

    fn hashed(registry: &Registry, reader: WordReader, read: &mut dyn FnMut(&str, &mut Vec<Word>)) -> Self {
        let mut checker = Self {
            reader,
            words: Vec::new(),
            disguise: Disguise::default(),
            positions: 0,
            phrases: BTreeMap::new(),
            first_words: vec![0; FIRST_BITS / 64],
            canaries: registry.canaries().len(),
        };
        for canary in registry.canaries() {
            read(canary.phrase(), &mut checker.words);
            let mut words = [0; PHRASE_WORDS];
            words.iter_mut().zip(&checker.words).for_each(|(hash, word)| *hash = word.hash);
            let phrase = Phrase {
                words,
                id: canary.id.clone(),
                vendor: canary.vendor.clone(),
                campaign: canary.campaign.clone(),
            };
            let (number, bit) = place(words[0]);
            checker.first_words[number] |= bit;
            checker.phrases.entry(words[0]).or_default().push(phrase);
        }
        checker
    }

    /// Every canary of a text, in order. All five words have to stand one after the other; part of a canary is nothing.
    pub fn find(&mut self, text: &str) -> Vec<Sighting> {
        let mut words = std::mem::take(&mut self.words);
        self.disguise = self.reader.read(text, &mut words);
        let sightings = self.find_words(&words);
        self.words = words;
        sightings
    }

    /// Every canary among words that were read as this checker was told.
    pub fn find_words(&mut self, words: &[Word]) -> Vec<Sighting> {
        self.positions += (words.len() + 1).saturating_sub(PHRASE_WORDS) as u64;
        let mut sightings = Vec::new();
        for words in words.windows(PHRASE_WORDS) {
            let (number, bit) = place(words[0].hash);
            if self.first_words[number] & bit == 0 {
                continue;
            }
            for phrase in self.phrases.get(&words[0].hash).into_iter().flatten() {
                if words.iter().map(|word| word.hash).eq(phrase.words) {
                    sightings.push(Sighting {
                        id: phrase.id.clone(),
                        vendor: phrase.vendor.clone(),
                        campaign: phrase.campaign.clone(),
                        start: words[0].start as usize,
                        end: words[PHRASE_WORDS - 1].end as usize,
                    });
                }
            }
        }
        sightings
    }

    /// Of the text that was read last.
    pub fn disguise(&self) -> Disguise {
        self.disguise
    }

    /// Word positions compared so far.
    pub fn positions(&self) -> u64 {
        self.positions
    }

    /// An upper bound for the probability that any of so many word positions holds any of the canaries by chance.
    #[expect(clippy::cast_precision_loss, reason = "an upper bound")]
    pub fn chance(&self, positions: u64) -> f64 {
        (positions as f64 * self.canaries as f64 * (-f64::from(PHRASE_BITS)).exp2()).min(1.0)
    }
}

fn place(hash: u64) -> (usize, u64) {
    let bit = hash >> (u64::BITS - FIRST_BITS.trailing_zeros());
    (stillwatch_core::place(bit / 64), 1 << (bit % 64))
}
