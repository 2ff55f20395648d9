//! Text as words with their places.
//!
//! Unlike the words of prompts, which recognise a template whatever was filled in, these recognise a text that was
//! copied: numbers stay, and every word knows where it stands.
//!
//! Words are runs of letters and digits without their case; ideographs are words one by one; punctuation and layout do
//! not count. Outside ASCII, text is put into NFKC with full case folding of `ß` and `ς`; characters that are not seen
//! and marks that compose with nothing are removed; letters that look Latin become Latin *everywhere*, as in the
//! skeletons of UTS #39 (`core::confusable`). Deciding that by the surroundings would let the surroundings hide a copy: a Russian answer
//! has to read the same inside an English page. How many letters were there to deceive is counted by context.
//!
//! Words are hashed under a key (a multiply-and-fold of 64-bit blocks, as in wyhash, with secret seeds), so that words
//! of equal hash cannot be prepared. The hashes are not secret-preserving by themselves and are not stored.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use stillwatch_core::confusable::{latin, latin_in_either_case};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::text::stands_alone;
use crate::threshold::fold;

/// The version of the rules in this module. Readings of different versions do not compare.
pub const READING_VERSION: u32 = 2;

/// A word and where it stands: bytes `start` up to but without `end` of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub hash: u64,
    pub start: u32,
    pub end: u32,
}

/// Signs that a text was altered to escape comparison. All of them are undone by reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disguise {
    /// Characters that are not seen, within a word or at its end, in scripts that do not need them.
    pub invisible: u64,
    /// Letters that look Latin, in words that mix scripts, or in words made of such letters alone amid Latin text.
    pub homoglyphs: u64,
}

/// Reads texts as words under one key.
#[derive(Clone)]
pub struct WordReader {
    seeds: [u64; 3],
    stretch: Stretch,
}

impl WordReader {
    /// `secret` seeds the word hashes.
    pub fn new(secret: &[u8; 16]) -> Self {
        let hasher = SipHasher24::new_with_key(secret);
        Self { seeds: [0_u8, 1, 2].map(|seed| hasher.hash(&[seed])), stretch: Stretch::default() }
    }

    /// Replaces `words` by those of `text`. Of a text of more than 4 GiB, the first 4 GiB are read.
    pub fn read(&mut self, text: &str, words: &mut Vec<Word>) -> Disguise {
        words.clear();
        self.stretch.counts = Counts::default();
        let text = text.get(..text.floor_char_boundary(u32::MAX as usize)).unwrap_or_default();
        let (bytes, mut at) = (text.as_bytes(), 0);
        while at < bytes.len() {
            at = self.ascii_words(bytes, at, words);
            at = self.one(text, at, words);
        }
        self.stretch.counts.disguise(words.len())
    }

    /// Reads words that end within the next 64 bytes and before anything that is not ASCII; returns where the rest
    /// begins.
    #[inline]
    fn ascii_words(&self, bytes: &[u8], mut at: usize, words: &mut Vec<Word>) -> usize {
        while let Some(Ok(block)) = bytes.get(at..at + BLOCK).map(<&[u8; BLOCK]>::try_from) {
            let (mut inside, outside_ascii) = classes(block);
            // A word that reaches this far may go on.
            let limit = outside_ascii.trailing_zeros().min(63);
            let mut done = limit;
            while inside != 0 {
                let start = inside.trailing_zeros();
                let end = start + (!(inside >> start)).trailing_zeros();
                if end >= limit {
                    done = start.min(limit);
                    break;
                }
                let hash = self.ascii_hash(bytes, at + start as usize, (end - start) as usize);
                words.push(Word { hash, start: place(at + start as usize), end: place(at + end as usize) });
                inside &= u64::MAX << end;
            }
            at += done as usize;
            if done == 0 || outside_ascii != 0 {
                break;
            }
        }
        at
    }

    /// Reads one word, one separator or one stretch that is not all ASCII.
    #[inline]
    fn one(&mut self, text: &str, at: usize, words: &mut Vec<Word>) -> usize {
        let bytes = text.as_bytes();
        let Some(&first) = bytes.get(at) else { return at };
        if CLASS[usize::from(first)] == WORD {
            let (hash, end) = self.ascii_word(bytes, at);
            if bytes.get(end).is_none_or(u8::is_ascii) || separator(&bytes[end..]).is_some() {
                words.push(Word { hash, start: place(at), end: place(end) });
                return end;
            }
        } else if let Some(width) = separator(&bytes[at..]) {
            return at + width;
        }
        self.slow(text, at, words)
    }

    /// The hash of a word of which the length is known.
    #[inline]
    fn ascii_hash(&self, bytes: &[u8], mut at: usize, mut length: usize) -> u64 {
        let mut hash = self.seeds[0];
        while length >= 8 {
            hash = fold(hash ^ (block(bytes, at) | CASE), self.seeds[2]);
            at += 8;
            length -= 8;
        }
        let tail = (block(bytes, at) | CASE) & ((1 << (8 * length)) - 1);
        fold(hash ^ tail, self.seeds[1])
    }

    /// The hash of the ASCII letters and digits that start at `at`, and where they end.
    #[inline]
    fn ascii_word(&self, bytes: &[u8], mut at: usize) -> (u64, usize) {
        let mut hash = self.seeds[0];
        loop {
            let block = block(bytes, at);
            let ends = word_ends(block);
            let folded = block | CASE;
            if ends != 0 {
                let bits = ends.trailing_zeros() & !7;
                let tail = folded & ((1 << bits) - 1);
                return (fold(hash ^ tail, self.seeds[1]), at + (bits / 8) as usize);
            }
            hash = fold(hash ^ folded, self.seeds[2]);
            at += 8;
        }
    }

    /// The same hash of a word that is already folded.
    fn folded_word(&self, word: &[u8]) -> u64 {
        let blocks = word.chunks_exact(8);
        let tail = block(blocks.remainder(), 0);
        let hash = blocks.fold(self.seeds[0], |hash, bytes| fold(hash ^ block(bytes, 0), self.seeds[2]));
        fold(hash ^ tail, self.seeds[1])
    }

    /// Reads up to where an ASCII character or a common mark of punctuation ends all words: nothing beyond can change
    /// what is before.
    #[cold]
    fn slow(&mut self, text: &str, start: usize, words: &mut Vec<Word>) -> usize {
        let bytes = text.as_bytes();
        let length =
            (start..bytes.len()).find(|&at| CLASS[usize::from(bytes[at])] != WORD && separator(&bytes[at..]).is_some());
        let end = length.unwrap_or(bytes.len());
        let mut stretch = std::mem::take(&mut self.stretch);
        stretch.read(&text[start..end], |folded, from, to| {
            let hash = self.folded_word(folded.as_bytes());
            words.push(Word { hash, start: place(start + from), end: place(start + to) });
        });
        self.stretch = stretch;
        end
    }
}

/// Text is cut at 4 GiB.
fn place(at: usize) -> u32 {
    stillwatch_core::at_most_u32(at)
}

/// A stretch of text that is not all ASCII, and room to read it in.
#[derive(Clone, Default)]
struct Stretch {
    word: Vec<char>,
    range: (usize, usize),
    folded: String,
    cluster: String,
    counts: Counts,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    invisible: u64,
    mixed: u64,
    /// Letters of words made of look-alikes alone.
    alike: u64,
    /// Words with letters that look like no Latin ones.
    foreign: usize,
}

/// Words in other scripts that a text may have for each five words and still be Latin text.
const LATIN_TEXT: usize = 5;

impl Counts {
    fn disguise(&self, words: usize) -> Disguise {
        let latin = self.foreign.saturating_mul(LATIN_TEXT) <= words;
        Disguise { invisible: self.invisible, homoglyphs: self.mixed + if latin { self.alike } else { 0 } }
    }
}

impl Stretch {
    /// Calls `keep` with each word, folded, and its place in the stretch.
    fn read(&mut self, text: &str, mut keep: impl FnMut(&str, usize, usize)) {
        let mut characters = text.char_indices().peekable();
        let mut last = None;
        while let Some((from, base)) = characters.next() {
            if is_plain(base) && characters.peek().is_none_or(|(_, next)| is_plain(*next)) {
                self.push(base, from, from + base.len_utf8(), &mut keep);
                last = Some(base);
                continue;
            }
            if is_invisible(base) {
                self.counts.invisible += u64::from(last.is_some_and(needs_no_joiner));
                continue;
            }
            let mut to = from + base.len_utf8();
            self.cluster.clear();
            self.cluster.push(base);
            // Nothing but marks and the later letters of a Korean syllable can compose with what is before.
            while let Some((at, next)) = characters.next_if(|(_, c)| is_invisible(*c) || joins(*c)) {
                if is_invisible(next) {
                    self.counts.invisible += u64::from(needs_no_joiner(base));
                } else {
                    self.cluster.push(next);
                    to = at + next.len_utf8();
                }
            }
            last = Some(base);
            let cluster = std::mem::take(&mut self.cluster);
            if is_nfkc_quick(cluster.chars()) == IsNormalized::Yes {
                cluster.chars().for_each(|c| self.push(c, from, to, &mut keep));
            } else {
                cluster.nfkc().for_each(|c| self.push(c, from, to, &mut keep));
            }
            self.cluster = cluster;
        }
        self.flush(&mut keep);
    }

    fn push(&mut self, c: char, from: usize, to: usize, keep: &mut impl FnMut(&str, usize, usize)) {
        if c.is_alphanumeric() {
            let alone = stands_alone(c);
            if alone {
                self.flush(keep);
            }
            if self.word.is_empty() {
                self.range.0 = from;
            }
            self.word.push(c);
            self.range.1 = to;
            if alone {
                self.flush(keep);
            }
        } else if is_combining_mark(c) {
            self.range.1 = to;
        } else {
            self.flush(keep);
        }
    }

    fn flush(&mut self, keep: &mut impl FnMut(&str, usize, usize)) {
        if self.word.is_empty() {
            return;
        }
        let mixed = self.word.iter().any(|c| is_latin(*c));
        let (mut alike, mut foreign) = (0, false);
        self.folded.clear();
        for &c in &self.word {
            if let Some(letter) =
                (c as usize).checked_sub(LETTERS_FROM).and_then(|at| LETTERS.get(at)).filter(|_| !mixed)
                && let Some(folded) = letter.folded
            {
                alike += u64::from(letter.alike);
                foreign |= letter.foreign;
                self.folded.push(folded);
                continue;
            }
            let exact = if mixed { latin(c) } else { None };
            let latin = exact.or_else(|| latin_in_either_case(c)).filter(|_| !c.is_ascii());
            // Letters of Latin alphabets look Latin without a disguise: `ı`, `þ`.
            alike += u64::from(!is_latin(c) && if mixed { exact.is_some() } else { latin.is_some() });
            foreign |= latin.is_none() && !is_latin(c) && c.is_alphabetic();
            push_folded(latin.unwrap_or(c), &mut self.folded);
        }
        match (mixed, foreign) {
            (true, _) => self.counts.mixed += alike,
            (false, true) => self.counts.foreign += 1,
            (false, false) => self.counts.alike += alike,
        }
        self.word.clear();
        keep(&self.folded, self.range.0, self.range.1);
    }
}

/// What a letter is in a word of one script.
struct Letter {
    /// `None` when it becomes more than one character.
    folded: Option<char>,
    alike: bool,
    foreign: bool,
}

const LETTERS_FROM: usize = 0xc0;

/// Letters of Latin, Greek, Cyrillic and Armenian, looked up once: their cases take longer than all else.
static LETTERS: LazyLock<Vec<Letter>> = LazyLock::new(|| {
    let letter = |c: char| {
        let latin = latin_in_either_case(c);
        let mut folded = String::new();
        push_folded(latin.unwrap_or(c), &mut folded);
        let mut characters = folded.chars();
        Letter {
            folded: characters.next().filter(|_| characters.next().is_none()),
            alike: latin.is_some() && !is_latin(c),
            foreign: latin.is_none() && !is_latin(c) && c.is_alphabetic(),
        }
    };
    ('\u{c0}'..='\u{58f}').map(letter).collect()
});

fn push_folded(c: char, folded: &mut String) {
    match c {
        'ß' | 'ẞ' => folded.push_str("ss"),
        'ς' => folded.push('σ'),
        // Capital I with a dot becomes i with a mark.
        _ => folded.extend(c.to_lowercase().filter(|c| c.is_alphanumeric())),
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Scripts that are written without joiners: before the Arabic, Indic and other blocks.
fn needs_no_joiner(c: char) -> bool {
    c < '\u{590}' && c.is_alphanumeric()
}

/// Common characters that are seen, are no marks and are in NFKC already.
fn is_plain(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{c0}'..='\u{131}' | '\u{14a}'..='\u{17e}' | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}'
            | '\u{4e00}'..='\u{9fff}')
}

fn joins(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}')
}

/// Characters that are not seen and could split a word unnoticed: the default-ignorable ones (DerivedCoreProperties).
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

const CASE: u64 = 0x2020_2020_2020_2020;
const HIGH: u64 = 0x8080_8080_8080_8080;
const EACH: u64 = 0x0101_0101_0101_0101;

/// Eight bytes, with zeros beyond the end.
#[inline]
fn block(bytes: &[u8], at: usize) -> u64 {
    if let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        return u64::from_le_bytes(*block);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().rev().fold(0, |block, &byte| block << 8 | u64::from(byte))
}

/// The high bit of each byte that is neither an ASCII letter nor a digit.
#[inline]
fn word_ends(block: u64) -> u64 {
    let low = block & !HIGH;
    // Adding 0x80 − c sets the high bit of the bytes that are at least c; no sum carries, for both parts stay below 0x80.
    let at_least = |bytes: u64, c: u8| bytes + EACH * u64::from(0x80 - c);
    let folded = low | CASE;
    let letters = at_least(folded, b'a') & !at_least(folded, b'z' + 1);
    let digits = at_least(low, b'0') & !at_least(low, b'9' + 1);
    (block | !(letters | digits)) & HIGH
}

const BLOCK: usize = 64;

/// One bit for each byte that is an ASCII letter or digit, and one for each that is not ASCII.
#[inline]
fn classes(bytes: &[u8; BLOCK]) -> (u64, u64) {
    /// Gathers the high bit of each byte.
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let gather = |high: u64| (high >> 7).wrapping_mul(GATHER << 7) >> 56;
    let (mut inside, mut outside_ascii) = (0, 0);
    for (number, eight) in bytes.chunks_exact(8).enumerate() {
        let block = block(eight, 0);
        inside |= gather(!word_ends(block) & HIGH) << (8 * number);
        outside_ascii |= gather(block & HIGH) << (8 * number);
    }
    (inside, outside_ascii)
}

const WORD: u8 = 1;
const OUTSIDE_ASCII: u8 = 2;

static CLASS: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let c = byte as u8;
        classes[byte] = if !c.is_ascii() {
            OUTSIDE_ASCII
        } else if c.is_ascii_alphanumeric() {
            WORD
        } else {
            0
        };
        byte += 1;
    }
    classes
};

/// The width of the character at the start, if it ends words under every rule here: ASCII that is no word, no-break
/// space, and what word processors put for quotes, dashes, dots and bullets.
#[inline]
fn separator(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [byte, ..] if CLASS[usize::from(*byte)] == 0 => Some(1),
        [0xc2, 0xa0..=0xa7 | 0xa9 | 0xab | 0xac | 0xae | 0xb0 | 0xb1 | 0xb6 | 0xb7 | 0xbb | 0xbf, ..] => Some(2),
        [0xe2, 0x80, 0x80..=0x8a | 0x90..=0xa9 | 0xaf..=0xbf, ..] => Some(3),
        _ => None,
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
