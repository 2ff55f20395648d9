use super::mersenne::{Mt19937, WORDS};

/// Which tokens stand among the first `taken` of torch's `randperm(size)` on the CPU, for any seed.
///
/// Torch swaps `r[i]` with `r[i + random32 mod (size - i)]` for rising `i`, so the first `taken` places are final after
/// `taken` swaps. One token is followed through them without the array ([`contains`](Self::contains)); the whole list is
/// a set of bits ([`list`](Self::list)), 4 KB for 32,000 tokens.
#[derive(Clone)]
pub(crate) struct FirstOfPermutation {
    size: u32,
    taken: u32,
    /// ⌈2⁶⁴ / (size - i)⌉ for each swap: `n` is a multiple of the divisor if and only if `n` times it, modulo 2⁶⁴, is
    /// smaller than it (Lemire, Kaser and Kurz, Software: Practice and Experience 49, 2019).
    inverses: Vec<u64>,
}

impl FirstOfPermutation {
    pub(crate) fn new(size: u32, taken: u32) -> Self {
        // The last of all places needs no swap.
        let swaps = taken.min(size.saturating_sub(1));
        let inverses = (0..swaps).map(|i| (u64::MAX / u64::from(size - i)).wrapping_add(1)).collect();
        Self { size, taken, inverses }
    }

    pub(crate) fn size(&self) -> u32 {
        self.size
    }

    /// Whether the token is among the first; `false` for a token outside the permutation.
    pub(crate) fn contains(&self, seed: u32, token: u32) -> bool {
        if token >= self.size || self.taken == 0 {
            return false;
        }
        if self.taken == self.size {
            return true;
        }
        let (mut generator, mut block) = (Mt19937::new(seed), [0; WORDS]);
        let mut place = token;
        let mut start = 0_u32;
        for inverses in self.inverses.chunks(WORDS) {
            generator.next_block(&mut block);
            let end = start + stillwatch_core::at_most_u32(inverses.len());
            // Up to the swap that starts at its place, the token moves only by being fetched: then it is final.
            let fetched = |from: u32, to: u32, place: u32| {
                let range = (from - start) as usize..(to - start) as usize;
                let pairs = block[range.clone()].iter().zip(&inverses[range]);
                (from..to).zip(pairs).fold(false, |found, (i, (&random, &inverse))| {
                    let (below, underflow) = random.overflowing_sub(place - i);
                    found | (!underflow & (u64::from(below).wrapping_mul(inverse) <= inverse.wrapping_sub(1)))
                })
            };
            let mut from = start;
            while place < end {
                if fetched(from, place, place) {
                    return true;
                }
                let moved = block[(place - start) as usize] % (self.size - place);
                if moved == 0 {
                    return true;
                }
                from = place + 1;
                place += moved;
            }
            if fetched(from, end, place) {
                return true;
            }
            start = end;
        }
        false
    }

    /// All the first tokens, one bit each, lowest bit first.
    pub(crate) fn list(&self, seed: u32) -> Box<[u64]> {
        let mut places: Vec<u32> = (0..self.size).collect();
        let (mut generator, mut block) = (Mt19937::new(seed), [0; WORDS]);
        let mut i = 0;
        for inverses in self.inverses.chunks(WORDS) {
            generator.next_block(&mut block);
            for &random in &block[..inverses.len()] {
                places.swap(i, i + random as usize % (self.size as usize - i));
                i += 1;
            }
        }
        let mut bits = vec![0_u64; (self.size as usize).div_ceil(64)];
        for &token in &places[..self.taken as usize] {
            bits[token as usize / 64] |= 1 << (token % 64);
        }
        bits.into()
    }
}

/// Recently used lists. A list is kept from the second time its seed is asked for, because most contexts occur once.
///
/// Memory is taken at first use: of hundreds of keys that share a reading most ask for no list while a corpus is read.
#[derive(Clone, Default)]
pub(crate) struct Lists {
    seen: Vec<Option<u32>>,
    kept: Vec<Option<(u32, Box<[u64]>)>>,
}

const SEEN: usize = 1 << 16;
const KEPT: usize = 1 << 11;

impl Lists {
    pub(crate) fn contains(&mut self, first: &FirstOfPermutation, seed: u32, token: u32) -> bool {
        if self.kept.is_empty() {
            (self.seen, self.kept) = (vec![None; SEEN], vec![None; KEPT]);
        }
        let slot = &mut self.kept[seed as usize % KEPT];
        if slot.as_ref().is_none_or(|(kept, _)| *kept != seed) {
            if self.seen[seed as usize % SEEN].replace(seed) != Some(seed) {
                return first.contains(seed, token);
            }
            *slot = Some((seed, first.list(seed)));
        }
        let word = slot.as_ref().and_then(|(_, bits)| bits.get(token as usize / 64));
        word.is_some_and(|word| word >> (token % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{FirstOfPermutation, Lists};

    #[test]
    fn following_one_token_agrees_with_the_whole_list() {
        for (size, taken) in [(1, 0), (1, 1), (2, 1), (7, 6), (7, 7), (700, 630), (2_000, 500), (2_000, 1)] {
            let first = FirstOfPermutation::new(size, taken);
            for seed in 0..20 {
                let list = first.list(seed);
                let members: Vec<u32> = (0..size).filter(|&t| list[t as usize / 64] >> (t % 64) & 1 == 1).collect();
                assert_eq!(members.len(), taken as usize);
                let followed: Vec<u32> = (0..size + 70).filter(|&token| first.contains(seed, token)).collect();
                assert_eq!(followed, members, "{taken} of {size}, seed {seed}");
            }
        }
    }

    #[test]
    fn a_kept_list_answers_as_a_new_one() {
        let first = FirstOfPermutation::new(300, 75);
        let mut lists = Lists::default();
        for round in 0..3 {
            for seed in [5, 5 + 2_048, 9] {
                for token in (0..400).step_by(7) {
                    assert_eq!(lists.contains(&first, seed, token), first.contains(seed, token), "{round}");
                }
            }
        }
    }
}
