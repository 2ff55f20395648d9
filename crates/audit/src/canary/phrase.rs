//! Phrases of made-up words that can be spoken and mean nothing.

/// Words in a phrase.
pub const PHRASE_WORDS: usize = 5;
/// Random bits in a phrase: five words of three syllables of a consonant (4 bits) and a vowel (2 bits).
pub const PHRASE_BITS: u32 = 90;

const SYLLABLES: usize = 3;
const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aeio";

/// The phrase that the lowest 90 bits say. Different bits give different phrases.
pub(super) fn phrase(random: [u8; 16]) -> String {
    let mut bits = u128::from_le_bytes(random);
    let mut take = |letters: &[u8]| {
        let letter = letters[(bits % letters.len() as u128) as usize];
        bits /= letters.len() as u128;
        char::from(letter)
    };
    let mut phrase = String::with_capacity(PHRASE_WORDS * (2 * SYLLABLES + 1));
    for word in 0..PHRASE_WORDS {
        if word > 0 {
            phrase.push(' ');
        }
        for _ in 0..SYLLABLES {
            phrase.push(take(CONSONANTS));
            phrase.push(take(VOWELS));
        }
    }
    phrase
}

/// Whether a text could have come from here.
pub(super) fn is_phrase(text: &str) -> bool {
    let spoken = |word: &str| {
        let pairs = word.as_bytes().chunks_exact(2);
        word.len() == 2 * SYLLABLES
            && pairs.into_iter().all(|pair| CONSONANTS.contains(&pair[0]) && VOWELS.contains(&pair[1]))
    };
    text.split(' ').count() == PHRASE_WORDS && text.split(' ').all(spoken)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CONSONANTS, PHRASE_BITS, PHRASE_WORDS, SYLLABLES, VOWELS, is_phrase, phrase};

    #[test]
    fn every_bit_counts_and_no_more_than_are_claimed() {
        let bits = (CONSONANTS.len() * VOWELS.len()).ilog2() as usize * SYLLABLES * PHRASE_WORDS;
        assert_eq!(bits, PHRASE_BITS as usize);
        let phrases: BTreeSet<String> = (0..PHRASE_BITS).map(|bit| phrase((1_u128 << bit).to_le_bytes())).collect();
        assert_eq!(phrases.len(), PHRASE_BITS as usize);
        assert!(phrases.iter().all(|text| is_phrase(text)));
        assert_eq!(phrase([0; 16]), phrase((1_u128 << PHRASE_BITS).to_le_bytes()));
        assert!(!is_phrase("bababa bababa bababa bababa") && !is_phrase("bababa bababa bababa bababa babab\u{e1}"));
    }
}
