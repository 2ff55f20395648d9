use std::sync::Arc;

use stillwatch_core::{Key, Random, Redacted};

use super::keyed::{KeyedHash, Seeding};
use super::law::Law;
use super::permutation::{FirstOfPermutation, Lists};

/// The green list of Kirchenbauer et al. (A Watermark for Large Language Models, ICML 2023): the first γ·V tokens of
/// torch's `randperm`, seeded by the window before the token.
#[derive(Clone)]
pub struct GreenList {
    seeding: Seeding,
    key: Redacted<u64>,
    window: usize,
    /// Shared by all wrong keys.
    first: Arc<FirstOfPermutation>,
    share: f64,
}

impl GreenList {
    /// `gamma` in (0, 1) is the share of green tokens; the list has ⌊γ·`vocabulary`⌋ of them.
    pub fn new(seeding: Seeding, key: u64, window: usize, gamma: f64, vocabulary: u32) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "truncated as the reference does")]
        let green = ((f64::from(vocabulary) * gamma) as u32).min(vocabulary);
        Self {
            seeding,
            key: Redacted::new(key),
            window,
            first: Arc::new(FirstOfPermutation::new(vocabulary, green)),
            share: f64::from(green) / f64::from(vocabulary.max(1)),
        }
    }

    pub(crate) fn window(&self) -> usize {
        self.window
    }

    pub(crate) fn first_position(&self) -> usize {
        self.seeding.first(self.window)
    }

    pub(crate) fn vocabulary(&self) -> u32 {
        self.first.size()
    }

    pub(crate) fn law(&self) -> Law {
        Law::Binomial { draws: 1, probability: self.share }
    }

    /// Whether the last id of the n-gram is green after the ids before it.
    pub fn is_green(&self, ngram: &[u32]) -> bool {
        self.seeded(ngram).is_some_and(|(seed, token)| self.first.contains(seed, token))
    }

    pub(crate) fn is_green_by(&self, lists: &mut Lists, ngram: &[u32]) -> bool {
        self.seeded(ngram).is_some_and(|(seed, token)| lists.contains(&self.first, seed, token))
    }

    pub(crate) fn wrong(&self, random: &mut Random) -> Self {
        Self { key: self.seeding.random_key(random), ..self.clone() }
    }

    fn seeded(&self, ngram: &[u32]) -> Option<(u32, u32)> {
        let (&token, context) = ngram.split_last()?;
        Some((self.seeding.seed(*self.key.expose(), context), token))
    }
}

/// Our own green list, for providers that want membership at the price of one hash: a token is green if the keyed hash
/// of the n-gram, as a share of 2⁶⁴, is below γ. Needs no vocabulary and no list.
#[derive(Clone)]
pub struct KeyedGreenList {
    hash: KeyedHash,
    window: usize,
    gamma: f64,
    limit: u64,
}

impl KeyedGreenList {
    pub fn new(key: &Key, window: usize, gamma: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        let limit = (gamma * 18_446_744_073_709_551_616.0) as u64;
        let hash = KeyedHash::new("stillwatch 2026-11 watermark green list", key.to_hex().expose().as_bytes());
        Self { hash, window, gamma, limit }
    }

    pub(crate) fn window(&self) -> usize {
        self.window
    }

    pub(crate) fn law(&self) -> Law {
        Law::Binomial { draws: 1, probability: self.gamma }
    }

    /// Whether the last id of the n-gram is green after the ids before it.
    pub fn is_green(&self, ngram: &[u32]) -> bool {
        self.hash.hash(ngram) < self.limit
    }

    pub(crate) fn wrong(&self, random: &mut Random) -> Self {
        Self { hash: KeyedHash::random(random), ..self.clone() }
    }
}
