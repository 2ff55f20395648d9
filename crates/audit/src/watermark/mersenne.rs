/// MT19937 (Matsumoto and Nishimura, ACM TOMACS 8, 1998), the generator behind torch's CPU generator.
///
/// Torch seeds it with the low 32 bits of the seed, by the 2002 initialisation (`init_genrand`).
#[derive(Clone)]
pub(crate) struct Mt19937 {
    state: [u32; WORDS],
}

/// Numbers made at a time.
pub(crate) const WORDS: usize = 624;

impl Mt19937 {
    pub(crate) fn new(seed: u32) -> Self {
        let mut state = [0; WORDS];
        let mut word = seed;
        state[0] = word;
        for (index, slot) in (0_u32..).zip(&mut state).skip(1) {
            word = 1_812_433_253_u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(index);
            *slot = word;
        }
        Self { state }
    }

    /// Fills a block with the next 624 numbers.
    pub(crate) fn next_block(&mut self, block: &mut [u32; WORDS]) {
        self.twist();
        for (output, &word) in block.iter_mut().zip(&self.state) {
            *output = temper(word);
        }
    }

    fn twist(&mut self) {
        let state = &mut self.state;
        for i in 0..WORDS - AHEAD {
            state[i] = state[i + AHEAD] ^ mix(state[i], state[i + 1]);
        }
        for i in WORDS - AHEAD..WORDS - 1 {
            state[i] = state[i + AHEAD - WORDS] ^ mix(state[i], state[i + 1]);
        }
        state[WORDS - 1] = state[AHEAD - 1] ^ mix(state[WORDS - 1], state[0]);
    }
}

const AHEAD: usize = 397;

fn mix(high: u32, low: u32) -> u32 {
    let word = (high & 0x8000_0000) | (low & 0x7fff_ffff);
    (word >> 1) ^ ((low & 1).wrapping_neg() & 0x9908_b0df)
}

fn temper(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    word ^ (word >> 18)
}

#[cfg(test)]
mod tests {
    use super::{Mt19937, WORDS};

    fn outputs(seed: u32, count: usize) -> Vec<u32> {
        let (mut generator, mut block) = (Mt19937::new(seed), [0; WORDS]);
        let mut all = Vec::new();
        while all.len() < count {
            generator.next_block(&mut block);
            all.extend_from_slice(&block);
        }
        all
    }

    /// The first five outputs, and the 10,000th, which C++ fixes for `std::mt19937` (ISO C++ [rand.predef]).
    #[test]
    fn the_published_outputs_of_the_default_seed() {
        let all = outputs(5489, 10_000);
        assert_eq!(all[..5], [3_499_211_612, 581_869_302, 3_890_346_734, 3_586_334_585, 545_404_204]);
        assert_eq!(all[9_999], 4_123_659_995);
    }
}
