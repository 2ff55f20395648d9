use stillwatch_core::{Key, Random, Redacted};

use super::keyed::{KeyedHash, Seeding};
use super::law::ONE;
use super::mersenne::{Mt19937, WORDS};

/// The exponential (Gumbel) watermark of Aaronson (2022): the generator picks the token with the largest
/// r^(1/p), so its r is close to one. The score is −ln(1 − r); over `n` distinct n-grams its sum S has p = Q(n, S).
#[derive(Clone)]
pub struct Gumbel {
    generator: Generator,
    window: usize,
}

#[derive(Clone)]
enum Generator {
    Torch { seeding: Seeding, key: Redacted<u64>, vocabulary: u32 },
    KeyedHash(KeyedHash),
}

impl Gumbel {
    /// r is the token's entry of `torch.rand(vocabulary)` on the CPU: 24 bits of one MT19937 output, over 2²⁴.
    pub fn torch(seeding: Seeding, key: u64, window: usize, vocabulary: u32) -> Self {
        Self { generator: Generator::Torch { seeding, key: Redacted::new(key), vocabulary }, window }
    }

    /// r is the upper 53 bits of a keyed hash of the n-gram, over 2⁵³: our own, one hash a token.
    pub fn keyed_hash(key: &Key, window: usize) -> Self {
        let hash = KeyedHash::new("stillwatch 2026-11 watermark gumbel", key.to_hex().expose().as_bytes());
        Self { generator: Generator::KeyedHash(hash), window }
    }

    /// The token's r in [0, 1).
    pub fn uniform(&self, ngram: &[u32]) -> f64 {
        match &self.generator {
            Generator::KeyedHash(hash) => {
                #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
                let bits = (hash.hash(ngram) >> 11) as f64;
                bits / 9_007_199_254_740_992.0
            }
            Generator::Torch { seeding, key, .. } => ngram
                .split_last()
                .map_or(0.0, |(&token, context)| torch_rand(seeding.seed(*key.expose(), context), token)),
        }
    }

    /// −ln(1 − r) in units of 2⁻³².
    pub(crate) fn score(&self, ngram: &[u32]) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 37 · 2^32")]
        let score = (-(-self.uniform(ngram)).ln_1p() * ONE).round() as u64;
        score
    }

    pub(crate) fn window(&self) -> usize {
        self.window
    }

    pub(crate) fn first_position(&self) -> usize {
        match &self.generator {
            Generator::Torch { seeding, .. } => seeding.first(self.window),
            Generator::KeyedHash(_) => self.window,
        }
    }

    pub(crate) fn vocabulary(&self) -> Option<u32> {
        match &self.generator {
            Generator::Torch { vocabulary, .. } => Some(*vocabulary),
            Generator::KeyedHash(_) => None,
        }
    }

    pub(crate) fn wrong(&self, random: &mut Random) -> Self {
        let generator = match &self.generator {
            Generator::Torch { seeding, vocabulary, .. } => {
                Generator::Torch { seeding: *seeding, key: seeding.random_key(random), vocabulary: *vocabulary }
            }
            Generator::KeyedHash(_) => Generator::KeyedHash(KeyedHash::random(random)),
        };
        Self { generator, window: self.window }
    }
}

/// Entry `index` of `torch.rand` in single precision.
fn torch_rand(seed: u32, index: u32) -> f64 {
    let (mut generator, mut block) = (Mt19937::new(seed), [0; WORDS]);
    let index = index as usize;
    for _ in 0..=index / WORDS {
        generator.next_block(&mut block);
    }
    f64::from(block[index % WORDS] & 0x00ff_ffff) / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::torch_rand;

    /// From the published outputs of MT19937 for its default seed.
    #[test]
    fn uniform_numbers_are_24_bits_of_one_output() {
        let expected = |output: u32| f64::from(output % (1 << 24)) / f64::from(1 << 24);
        assert!((torch_rand(5489, 0) - expected(3_499_211_612)).abs() < f64::EPSILON);
        assert!((torch_rand(5489, 9_999) - expected(4_123_659_995)).abs() < f64::EPSILON);
    }
}
