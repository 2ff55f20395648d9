//! Normalising, tokenising and winnowing.
//!
//! Text is put into Unicode NFKC and lower case; runs of letters are words; a run of letters and digits that holds a
//! digit (a number, an identifier, a hash, a UUID's parts) becomes one masked word, as does a URL; ideographs and
//! kana, which are written without spaces, are words one by one. Punctuation and layout do not count.
//!
//! Winnowing follows Schleimer, Wilkerson and Aiken (SIGMOD 2003): of every [`WINDOW`] consecutive runs of [`RUN`]
//! words the one with the lowest hash is kept, so any shared stretch of `WINDOW + RUN − 1` words is found, and two
//! runs in five are kept. The selection does not depend on the key, so that the same passages are kept under any.

use unicode_normalization::UnicodeNormalization;

use crate::threshold::fold;

/// Words in a passage.
pub(crate) const RUN: usize = 4;
/// Consecutive runs of which one is kept.
pub(crate) const WINDOW: usize = 4;
/// Words at each end of a prompt that make its skeleton.
const SKELETON: usize = 12;
/// Words of one text that are looked at.
const MOST_WORDS: usize = 65_536;

pub(crate) const MASKED: u64 = 0x5b1c_3f0a_9d27_e613;
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
const MIX: u64 = 0x9e6c_63d0_876a_3f6b;

/// Hashes of the words of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    pub(crate) hashes: Vec<u64>,
    normalised: String,
}

impl Words {
    /// Text is normalised only where it has to be: between ASCII characters that end a word, nothing outside a stretch
    /// can change what is inside.
    pub(crate) fn read(&mut self, text: &str) {
        self.hashes.clear();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(first) = bytes.get(at).filter(|_| self.hashes.len() < MOST_WORDS) {
            if ends_word(*first) {
                at += 1;
                continue;
            }
            let (word, end) = read_ascii_word(bytes, at);
            let stretch = end + bytes[end..].iter().position(|byte| ends_word(*byte)).unwrap_or(bytes.len() - end);
            let in_word = if stretch == end {
                self.hashes.push(word);
                true
            } else {
                self.read_normalised(&text[at..stretch])
            };
            at = stretch;
            if in_word && bytes[at..].starts_with(SCHEME) {
                self.hashes.pop();
                self.hashes.push(MASKED);
                at += text[at..].find(char::is_whitespace).unwrap_or(bytes.len() - at);
            }
        }
    }

    /// Whether the stretch ends in a word that a scheme may belong to.
    fn read_normalised(&mut self, stretch: &str) -> bool {
        self.normalised.clear();
        self.normalised.extend(stretch.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase));
        read_unicode(&self.normalised, &mut self.hashes);
        self.normalised.chars().next_back().is_some_and(|last| last.is_alphanumeric() && !stands_alone(last))
    }

    /// Calls `keep` with the hash of every winnowed run; a run may come more than once.
    pub(crate) fn winnow(&self, mut keep: impl FnMut(u64)) {
        let mut window = [u64::MAX; WINDOW];
        let mut last = usize::MAX;
        for (index, run) in self.hashes.windows(RUN).enumerate() {
            window[index % WINDOW] = hash_run(run);
            if index + 1 < WINDOW {
                continue;
            }
            // Rightmost minimum, so that a constant stretch gives one passage a window and not one a word.
            let (lowest, at) = (index + 1 - WINDOW..=index).fold((u64::MAX, index), |best, position| {
                let hash = window[position % WINDOW];
                if hash <= best.0 { (hash, position) } else { best }
            });
            if at != last {
                keep(lowest);
                last = at;
            }
        }
        let runs = (self.hashes.len() + 1).saturating_sub(RUN);
        if (1..WINDOW).contains(&runs) {
            keep(window[..runs].iter().copied().fold(u64::MAX, u64::min));
        }
    }

    /// The hash of all words; `None` of none.
    pub(crate) fn whole(&self) -> Option<u64> {
        (!self.hashes.is_empty()).then(|| hash_run(&self.hashes))
    }

    /// The hashes of the first and of the last twelve words, for a text of at least twice as many.
    pub(crate) fn skeleton(&self) -> Option<[u64; 2]> {
        let (first, last) = (self.hashes.first_chunk::<SKELETON>()?, self.hashes.last_chunk::<SKELETON>()?);
        (self.hashes.len() >= 2 * SKELETON).then(|| [hash_run(first), fold(hash_run(last), MIX)])
    }
}

/// The text pass alone, which benchmarks take as the floor of the whole path.
#[derive(Debug, Default)]
pub struct Passages(Words);

impl Passages {
    /// Calls `keep` with the unkeyed hash of every winnowed run of a text.
    pub fn winnow(&mut self, text: &str, keep: impl FnMut(u64)) {
        self.0.read(text);
        self.0.winnow(keep);
    }
}

fn hash_run(words: &[u64]) -> u64 {
    words.iter().fold(MIX ^ words.len() as u64, |hash, &word| fold(hash ^ word, FNV_OFFSET).wrapping_add(word))
}

/// The hash of the ASCII letters and digits that start at `start`, and where they end.
fn read_ascii_word(text: &[u8], start: usize) -> (u64, usize) {
    let (mut hash, mut seen, mut at) = (FNV_OFFSET, 0, start);
    while let Some(&class) = text.get(at).map(|byte| &ASCII[usize::from(*byte)])
        && class != 0
    {
        hash = (hash ^ u64::from(class & !DIGIT)).wrapping_mul(FNV_PRIME);
        seen |= class;
        at += 1;
    }
    (if seen & DIGIT == 0 { hash } else { MASKED }, at)
}

/// ASCII characters other than letters and digits.
fn ends_word(byte: u8) -> bool {
    byte.is_ascii() && ASCII[usize::from(byte)] == 0
}

const DIGIT: u8 = 0x80;
const SCHEME: &[u8] = b"://";

/// Letters as lower case, digits with a mark, zero for the rest.
static ASCII: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        classes[byte as usize] = match byte {
            b'0'..=b'9' => byte | DIGIT,
            _ if byte.is_ascii_alphabetic() => byte.to_ascii_lowercase(),
            _ => 0,
        };
        byte += 1;
    }
    classes
};

fn read_unicode(text: &str, words: &mut Vec<u64>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next().filter(|_| words.len() < MOST_WORDS) {
        if !first.is_alphanumeric() {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        if stands_alone(first) {
            let (word, tail) = rest.split_at(first.len_utf8());
            words.push(hash_bytes(word.as_bytes()));
            rest = tail;
            continue;
        }
        let length = rest.find(|c: char| !c.is_alphanumeric() || stands_alone(c)).unwrap_or(rest.len());
        let (word, mut tail) = rest.split_at(length);
        let mut masked = word.contains(char::is_numeric);
        if tail.starts_with("://") {
            tail = &tail[tail.find(char::is_whitespace).unwrap_or(tail.len())..];
            masked = true;
        }
        words.push(if masked { MASKED } else { hash_bytes(word.as_bytes()) });
        rest = tail;
    }
}

/// The hash that a word of lower-case letters has among those of a text.
pub(crate) fn word_hash(word: &str) -> u64 {
    hash_bytes(word.as_bytes())
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(FNV_OFFSET, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME))
}

/// Scripts written without spaces between words.
pub(crate) fn stands_alone(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Characters that are not seen and could split a word unnoticed.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{RUN, WINDOW, Words};

    fn words(text: &str) -> Words {
        let mut words = Words::default();
        words.read(text);
        words
    }

    fn passages(text: &str) -> BTreeSet<u64> {
        let mut passages = BTreeSet::new();
        words(text).winnow(|passage| {
            passages.insert(passage);
        });
        passages
    }

    #[test]
    fn case_layout_numbers_and_addresses_do_not_count() {
        let plain = words("See item 12 at https://example.org/a?b=1 now").hashes;
        assert_eq!(plain, words("see ITEM 9000,\n at http://other.example now!").hashes);
        assert_eq!(plain.len(), 6);
    }

    #[test]
    fn compatibility_forms_and_invisible_characters_do_not_count() {
        assert_eq!(words("ﬁne words").hashes, words("fi\u{200b}ne words").hashes);
        assert_eq!(words("ﬁne words").hashes, words("fine words").hashes);
    }

    #[test]
    fn marks_stay_with_their_letters() {
        assert_eq!(words("caf\u{e9}, na\u{ef}ve\u{2014}yes").hashes, words("cafe\u{301} nai\u{308}ve yes").hashes);
        assert_eq!(words("\u{2018}quoted\u{2019} text\u{2026} ends").hashes, words("quoted text ends").hashes);
        assert_eq!(words("caf\u{e9}://a.example/\u{e9}t\u{e9} now").hashes, words("http://b.example now").hashes);
    }

    #[test]
    fn ideographs_are_words() {
        assert_eq!(words("请翻译 this").hashes.len(), 4);
    }

    #[test]
    fn a_shared_stretch_is_found_wherever_it_stands() {
        let stretch = "alpha beta gamma delta epsilon zeta eta";
        assert_eq!(stretch.split(' ').count(), WINDOW + RUN - 1);
        let left = passages(&format!("one two three {stretch} four five six"));
        let right = passages(&format!("{stretch} seven eight nine ten"));
        assert!(!left.is_disjoint(&right));
    }

    #[test]
    fn short_texts_give_one_passage_or_none() {
        assert_eq!(passages("one two three").len(), 0);
        assert_eq!(passages("one two three four").len(), 1);
        assert_eq!(passages("one two three four five six").len(), 1);
    }
}
