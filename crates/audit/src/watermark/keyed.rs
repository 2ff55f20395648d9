//! Pseudo-random functions of an n-gram: a window's seed for torch's generator, and our own keyed hash.

use std::hash::Hasher;

use siphasher::sip::{SipHasher13, SipHasher24};
use stillwatch_core::{Random, Redacted};

/// How a window of tokens becomes a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeding {
    /// `s = (s · 35317 + id) mod (2⁶⁴ − 1)` over the window, starting from the key: the published scores of
    /// Sander et al. (Watermarking Makes Language Models Radioactive, NeurIPS 2024). They leave out the first position
    /// that has a whole window.
    WindowHash,
    /// The key times the last id: `simple_1`, also called `lefthash`, of Kirchenbauer et al. (ICML 2023), whose usual
    /// key is 15485863. The window is one token.
    Simple1,
}

impl Seeding {
    /// The low 32 bits of the seed: all that torch's CPU generator takes.
    pub(crate) fn seed(self, key: u64, context: &[u32]) -> u32 {
        let modulus = u128::from(u64::MAX);
        let seed = match self {
            Self::WindowHash => {
                context.iter().fold(u128::from(key), |seed, &id| (seed * 35_317 + u128::from(id)) % modulus)
            }
            Self::Simple1 => u128::from(key) * u128::from(context.last().copied().unwrap_or(0)) % modulus,
        };
        #[expect(clippy::cast_possible_truncation, reason = "torch truncates too")]
        let low = seed as u32;
        low
    }

    /// The first position whose token is scored.
    pub(crate) fn first(self, window: usize) -> usize {
        match self {
            Self::WindowHash => window + 1,
            Self::Simple1 => window,
        }
    }

    /// A key of the kind that the scheme has.
    pub(crate) fn random_key(self, random: &mut Random) -> Redacted<u64> {
        Redacted::new(match self {
            Self::WindowHash => random.next_u64(),
            // Odd and of 31 bits, so that products with ids stay below the modulus, as they do for the usual key.
            Self::Simple1 => random.next_u64() >> 33 | 1 << 30 | 1,
        })
    }
}

/// SipHash-2-4 under 128 bits of a BLAKE3-derived key, over the ids of context and token as little-endian 32-bit words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyedHash(Redacted<[u8; 16]>);

impl KeyedHash {
    /// `purpose` keeps one secret from serving two schemes alike.
    pub(crate) fn new(purpose: &str, secret: &[u8]) -> Self {
        let derived = blake3::derive_key(purpose, secret);
        let mut half = [0; 16];
        half.copy_from_slice(&derived[..16]);
        Self(Redacted::new(half))
    }

    pub(crate) fn random(random: &mut Random) -> Self {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&random.next_u64().to_le_bytes());
        key[8..].copy_from_slice(&random.next_u64().to_le_bytes());
        Self(Redacted::new(key))
    }

    pub(crate) fn hash(&self, ngram: &[u32]) -> u64 {
        let mut hasher = SipHasher24::new_with_key(self.0.expose());
        for id in ngram {
            hasher.write_u32(id.to_le());
        }
        hasher.finish()
    }
}

/// By what a sample of n-grams is chosen: it depends on no key.
pub(crate) fn public_hash(ngram: &[u32]) -> u64 {
    let mut hasher = SipHasher13::new();
    for id in ngram {
        hasher.write_u32(id.to_le());
    }
    hasher.finish()
}
