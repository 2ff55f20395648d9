//! The vocabulary of a prompt: which of its words a digest keeps, so that requests on the same matter can be told alike
//! though no two are worded the same.
//!
//! Numbers, identifiers and the function words of English do not count. Of every [`WINDOW`] consecutive words that are
//! left, the one whose hash is lowest is kept, as in winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): about two in
//! seven, and a word put in front cannot displace those behind it. The order does not depend on the key, so the same words
//! are kept under any; what is kept of them is a keyed hash. Of other languages the function words are kept too; everybody
//! uses them, so they weigh nothing.

use crate::text::{MASKED, word_hash};
use crate::threshold::fold;

/// Consecutive words of which one is kept.
pub(crate) const WINDOW: usize = 6;

/// Chooses the words that are kept.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    /// Words that do not count, by hash, ascending.
    passed_over: Vec<u64>,
    /// Which low bits occur among them, so that most words need not be looked up.
    sieve: [u64; SIEVE],
    /// The words of the prompt at hand, each after its place in the order.
    ranked: Vec<(u64, u64)>,
}

const SIEVE: usize = 64;
const ORDER: u64 = 0x8f1b_bcdc_bfa5_3e0b;
const MIX: u64 = 0xd1b5_4a32_d192_ed03;

impl Default for Vocabulary {
    fn default() -> Self {
        let mut passed_over: Vec<u64> = FUNCTION_WORDS.iter().map(|word| word_hash(word)).chain([MASKED]).collect();
        passed_over.sort_unstable();
        let mut sieve = [0; SIEVE];
        for hash in &passed_over {
            sieve[place(*hash)] |= bit(*hash);
        }
        Self { passed_over, sieve, ranked: Vec::new() }
    }
}

impl Vocabulary {
    /// Calls `keep` with the hash of every word that is kept, given those of a text; a word may come more than once.
    pub(crate) fn winnow(&mut self, hashes: &[u64], mut keep: impl FnMut(u64)) {
        let mut ranked = std::mem::take(&mut self.ranked);
        ranked.clear();
        ranked.extend(hashes.iter().filter(|hash| self.counts(**hash)).map(|&hash| (fold(hash ^ ORDER, MIX), hash)));
        let mut last = None;
        let size = WINDOW.min(ranked.len()).max(1);
        for window in ranked.windows(size) {
            let lowest = window.iter().min().copied();
            if let Some((_, hash)) = lowest.filter(|_| lowest != last) {
                keep(hash);
                last = lowest;
            }
        }
        self.ranked = ranked;
    }

    fn counts(&self, hash: u64) -> bool {
        self.sieve[place(hash)] & bit(hash) == 0 || self.passed_over.binary_search(&hash).is_err()
    }
}

fn place(hash: u64) -> usize {
    stillwatch_core::place(hash >> 6) % SIEVE
}

fn bit(hash: u64) -> u64 {
    1 << (hash % 64)
}

/// Articles, pronouns, prepositions, conjunctions, auxiliaries and the like, which say nothing of a matter; and what is left
/// of their contractions.
#[rustfmt::skip]
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "above", "after", "again", "against", "ain", "all", "also", "am", "an", "and", "any", "are", "aren",
    "as", "at", "b", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "c", "can",
    "cannot", "could", "couldn", "d", "did", "didn", "do", "does", "doesn", "doing", "don", "down", "during", "e", "each",
    "either", "else", "every", "f", "few", "for", "from", "further", "g", "h", "had", "hadn", "has", "hasn", "have",
    "haven", "having", "he", "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into",
    "is", "isn", "it", "its", "itself", "j", "just", "k", "l", "let", "ll", "m", "many", "may", "me", "might", "more",
    "most", "much", "must", "my", "myself", "n", "neither", "no", "nor", "not", "now", "o", "of", "off", "on", "once",
    "one", "only", "or", "other", "others", "our", "ours", "ourselves", "out", "over", "own", "p", "q", "r", "re", "s",
    "same", "shall", "she", "should", "shouldn", "so", "some", "such", "t", "than", "that", "the", "their", "theirs",
    "them", "themselves", "then", "there", "these", "they", "this", "those", "through", "to", "too", "two", "u", "under",
    "until", "up", "upon", "us", "v", "ve", "very", "w", "was", "wasn", "we", "were", "weren", "what", "when", "where",
    "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "won", "would",
    "wouldn", "x", "y", "yet", "you", "your", "yours", "yourself", "yourselves", "z",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{FUNCTION_WORDS, Vocabulary};
    use crate::text::{Words, word_hash};

    fn kept(text: &str) -> BTreeSet<u64> {
        let mut words = Words::default();
        words.read(text);
        let mut kept = BTreeSet::new();
        Vocabulary::default().winnow(&words.hashes, |word| {
            kept.insert(word);
        });
        kept
    }

    const MATTER: &str = "derive heat conduction along copper rods given boundary conditions without skipping algebra";

    #[test]
    fn numbers_and_function_words_do_not_count() {
        assert!(kept("What is it that you would have of 12 and x1 in 1999?").is_empty());
        assert!(FUNCTION_WORDS.iter().all(|word| kept(word).is_empty()));
        assert_eq!(kept("the piano").into_iter().collect::<Vec<_>>(), [word_hash("piano")]);
        assert!(FUNCTION_WORDS.is_sorted());
    }

    #[test]
    fn another_wording_of_the_same_matter_keeps_words_in_common() {
        let other = "Given copper rods and boundary conditions, please show each line of algebra when you derive how heat \
                     moves by conduction";
        let (left, right) = (kept(MATTER), kept(other));
        assert!(left.intersection(&right).count() >= 2, "{left:?} {right:?}");
    }

    #[test]
    fn what_stands_in_front_displaces_little() {
        let junk = "zvel quom brint plosk drane fumb yelk torv snib grash wexel clund";
        let (plain, behind) = (kept(MATTER), kept(&format!("{junk} {MATTER}")));
        assert!(plain.difference(&behind).count() <= 1, "at most the word at the seam");
    }

    #[test]
    fn about_two_in_seven_words_are_kept() {
        let text: String = (0..7_000_u32)
            .map(|at| at.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect::<String>() + "q ")
            .collect();
        let kept = kept(&text).len();
        assert!((1_800..2_200).contains(&kept), "{kept}");
    }
}
