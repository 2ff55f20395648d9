//! Texts as hashed counts of words, word pairs, punctuation and layout.
//!
//! One pass over the bytes. A run of letters is a word, a run of digits one masked word of its length, a run of one
//! punctuation character one token, a line break or a blank line one token; other white space only separates. Of these come
//! words in lower case, words that start with a capital as written, pairs of neighbours (with the start and the end of the
//! text as neighbours), openings of the text, and runs of three and five of the outline that is left when each run of words is
//! drawn together.
//!
//! Characters that are not seen are passed over, and letters of other scripts that look like Latin ones are read as those, so
//! that neither changes a score.

use super::glyph::{Glyph, glyph};

/// Raised whenever a text would give other features than before: weights of another version mean nothing.
pub const FEATURE_VERSION: u16 = 2;
/// Rows of the table that features are hashed into. A bit a row is 32 KiB and stays in the first-level cache; eight
/// weights of a byte a row are 2 MiB.
pub(crate) const ROWS: usize = 1 << BITS;
const BITS: u32 = 18;
/// Bytes of a text that are read: a longer one is no better evidence, and a document may be a gigabyte.
pub const LONGEST_TEXT: usize = 65_536;
/// Tokens of the longest opening. Openings of one, two, three and five tokens are features.
const OPENING: usize = 5;
/// Counts weigh 1 + ln(count), in sixteenths, so that sums are integers and do not depend on their order.
pub(crate) const COUNT_WEIGHT: [u8; 256] = count_weights();

/// Room for the features of one text, to be reused: scoring allocates nothing once it is warm.
///
/// It may hold the text that was read last, so it implements no `Debug`.
#[derive(Clone)]
pub struct Scratch {
    counts: Vec<u8>,
    rows: Vec<u32>,
    seen: String,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { counts: vec![0; ROWS], rows: Vec::new(), seen: String::new() }
    }
}

impl Scratch {
    /// Calls `each` with every distinct row that `known` holds and with the weight of its count.
    pub(crate) fn read(&mut self, text: &str, known: &Known, mut each: impl FnMut(u32, u8)) {
        let (counts, rows) = (&mut self.counts, &mut self.rows);
        rows.clear();
        features(visible(text, &mut self.seen), |row| {
            if known.holds(row) {
                let count = &mut counts[row as usize % ROWS];
                if *count == 0 {
                    rows.push(row);
                }
                *count = count.saturating_add(1);
            }
        });
        for &row in rows.iter() {
            let count = &mut counts[row as usize % ROWS];
            each(row, COUNT_WEIGHT[usize::from(*count)]);
            *count = 0;
        }
    }
}

/// The rows that training saw often enough, a bit each. Features outside have no say, not even in the length of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known(Vec<u64>);

impl Known {
    pub(crate) fn none() -> Self {
        Self(vec![0; ROWS / 64])
    }

    pub(crate) fn all() -> Self {
        Self(vec![u64::MAX; ROWS / 64])
    }

    pub(crate) fn insert(&mut self, row: u32) {
        self.0[row as usize / 64 % (ROWS / 64)] |= 1 << (row % 64);
    }

    pub(crate) fn holds(&self, row: u32) -> bool {
        self.0[row as usize / 64 % (ROWS / 64)] >> (row % 64) & 1 == 1
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }

    pub(crate) fn from_words(words: Vec<u64>) -> Option<Self> {
        (words.len() == ROWS / 64).then_some(Self(words))
    }
}

/// The beginning of a text without what is not seen; copied only where there is such a thing.
fn visible<'t>(text: &'t str, copy: &'t mut String) -> &'t str {
    let text = &text[..text.floor_char_boundary(LONGEST_TEXT)];
    let invisible = |c: char| !c.is_ascii() && glyph(c) == Glyph::Invisible;
    if text.is_ascii() || !text.contains(invisible) {
        return text.trim_end();
    }
    copy.clear();
    copy.extend(text.chars().filter(|c| !invisible(*c)));
    copy.trim_end()
}

/// Calls `emit` with the row of every feature of a visible text.
fn features(text: &str, emit: impl FnMut(u32)) {
    let mut stream = Stream { emit, last: START, opening: START, tokens: 0, outline: [START; 4], in_words: false };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match KIND[usize::from(byte)] {
            SPACE => at += 1,
            LOWER | UPPER => at = stream.word(text, at),
            DIGIT => {
                let length = run(&bytes[at..], |next| next.is_ascii_digit());
                stream.token(NUMBER.wrapping_add(length.min(4) as u64));
                at += length;
            }
            BREAK => {
                let length = run(&bytes[at..], |next| matches!(KIND[usize::from(next)], SPACE | BREAK));
                let breaks = text[at..at + length].matches('\n').count();
                stream.token(LINE.wrapping_add(breaks.min(2) as u64));
                at += length;
            }
            MARK => {
                let length = run(&bytes[at..], |next| next == byte);
                stream.token(PUNCTUATION.wrapping_add(u64::from(byte) << 3).wrapping_add(length.min(6) as u64));
                at += length;
            }
            _ => at = stream.other(text, at),
        }
    }
    stream.finish();
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len())
}

struct Stream<F> {
    emit: F,
    last: u64,
    opening: u64,
    tokens: usize,
    outline: [u64; 4],
    in_words: bool,
}

impl<F: FnMut(u32)> Stream<F> {
    /// Reads the word that starts at `at` and returns where it ends.
    fn word(&mut self, text: &str, mut at: usize) -> usize {
        let bytes = text.as_bytes();
        let capital = KIND[usize::from(bytes[at])] != LOWER && first_is_upper(text, at);
        let mut hash = WORD;
        while let Some(&byte) = bytes.get(at) {
            let kind = KIND[usize::from(byte)];
            if kind <= UPPER {
                hash = step(hash, byte | 0x20);
                at += 1;
            } else if kind == WIDE {
                let Some(c) = text[at..].chars().next() else { break };
                match glyph(c) {
                    Glyph::Latin(letter) => hash = step(hash, letter.to_ascii_lowercase()),
                    Glyph::Letter => hash = c.to_lowercase().fold(hash, |hash, c| fold(hash, u64::from(u32::from(c)))),
                    Glyph::Invisible => {}
                    _ => break,
                }
                at += c.len_utf8();
            } else {
                break;
            }
        }
        self.emit(hash);
        if capital {
            self.emit(hash ^ CAPITAL);
        }
        self.pair(hash);
        if !self.in_words {
            self.draw(if capital { CAPITAL } else { WORD });
            self.in_words = true;
        }
        at
    }

    /// Reads a character outside ASCII that starts no ASCII word, or the word that it starts.
    fn other(&mut self, text: &str, at: usize) -> usize {
        let Some(c) = text[at..].chars().next() else { return text.len() };
        match glyph(c) {
            Glyph::Latin(_) | Glyph::Letter => return self.word(text, at),
            Glyph::Ideograph => self.token(fold(WORD, u64::from(u32::from(c)))),
            Glyph::Break => self.token(LINE.wrapping_add(1)),
            Glyph::Punctuation(byte) => self.token(PUNCTUATION.wrapping_add(u64::from(byte) << 3).wrapping_add(1)),
            Glyph::Symbol => self.token(fold(PUNCTUATION, u64::from(u32::from(c)))),
            Glyph::Invisible | Glyph::Space => {}
        }
        at + c.len_utf8()
    }

    /// A token that is no word.
    fn token(&mut self, hash: u64) {
        self.emit(hash);
        self.pair(hash);
        self.draw(hash);
        self.in_words = false;
    }

    fn pair(&mut self, hash: u64) {
        self.emit(fold(self.last, hash));
        self.last = hash;
        if self.tokens < OPENING {
            self.tokens += 1;
            self.opening = fold(self.opening, hash);
            if self.tokens != OPENING - 1 {
                self.emit(self.opening);
            }
        }
    }

    fn draw(&mut self, hash: u64) {
        let [first, second, third, fourth] = self.outline;
        let triple = fold(fold(OUTLINE ^ third, fourth), hash);
        self.emit(triple);
        self.emit(fold(fold(triple, second), first));
        self.outline = [second, third, fourth, hash];
    }

    fn finish(mut self) {
        self.pair(END);
        self.draw(END);
    }

    fn emit(&mut self, hash: u64) {
        let row = (hash.wrapping_mul(SPREAD) >> (64 - BITS)) as u32;
        (self.emit)(row);
    }
}

fn first_is_upper(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(|c| match glyph(c) {
        Glyph::Latin(letter) => letter.is_ascii_uppercase(),
        _ => c.is_uppercase(),
    })
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

fn fold(hash: u64, next: u64) -> u64 {
    (hash.rotate_left(23) ^ next).wrapping_mul(FOLD)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 256")]
const fn count_weights() -> [u8; 256] {
    // 16 (1 + ln count), rounded; the logarithm by its integral, since const code has no `ln`.
    let mut weights = [0; 256];
    let mut logarithm = 0.0;
    let mut count = 1;
    while count < 256 {
        if count > 1 {
            let mut part = 0;
            while part < 64 {
                logarithm += 1.0 / (64.0 * (count as f64 - 1.0) + part as f64 + 0.5);
                part += 1;
            }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 16 and 105")]
        {
            weights[count] = (16.0 * (1.0 + logarithm) + 0.5) as u8;
        }
        count += 1;
    }
    weights
}

const LOWER: u8 = 0;
const UPPER: u8 = 1;
const DIGIT: u8 = 2;
const MARK: u8 = 3;
const BREAK: u8 = 4;
const SPACE: u8 = 5;
const WIDE: u8 = 6;

static KIND: [u8; 256] = {
    let mut kinds = [SPACE; 256];
    let mut byte = 0_u8;
    loop {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'\n' => BREAK,
            0x80.. => WIDE,
            _ if byte.is_ascii_punctuation() => MARK,
            _ => SPACE,
        };
        if byte == u8::MAX {
            break kinds;
        }
        byte += 1;
    }
};

const WORD: u64 = 0xcbf2_9ce4_8422_2325;
const CAPITAL: u64 = 0x5b1c_3f0a_9d27_e613;
const NUMBER: u64 = 0x2545_f491_4f6c_dd1d;
const LINE: u64 = 0x8f1b_bcdc_bfa5_3e0b;
const PUNCTUATION: u64 = 0x6c62_272e_07bb_0142;
const OUTLINE: u64 = 0xd6e8_feb8_6659_fd93;
const START: u64 = 0x1656_67b1_9e37_79f9;
const END: u64 = 0x27d4_eb2f_1656_67c5;
const PRIME: u64 = 0x0000_0100_0000_01b3;
const FOLD: u64 = 0x9fb2_1c65_1e98_df25;
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::{COUNT_WEIGHT, Known, Scratch, features, visible};

    fn rows(text: &str) -> Vec<u32> {
        let mut rows = Vec::new();
        features(visible(text, &mut String::new()), |row| rows.push(row));
        rows
    }

    #[test]
    fn invisible_characters_and_look_alikes_change_nothing() {
        let plain = rows("Certainly! Here is a list:\n\n1. **One** - it's \"fine\"");
        assert_eq!(
            plain,
            rows(
                "Cert\u{200b}ainly\u{2060}! Here i\u{ad}s a list\u{200d}:\n\u{200b}\n1. *\u{200b}*One** - it's \"fine\""
            )
        );
        assert_eq!(
            plain,
            rows("\u{0421}\u{0435}rtainly! H\u{0435}re is \u{0430} list:\n\n1. **\u{041e}ne** - it’s “fine”")
        );
        assert_eq!(plain, rows("\u{ff23}ertainly! Here is a list:\r\n\r\n1. **One** - it\u{2019}s \"fine\"\n"));
    }

    #[test]
    fn case_layout_and_order_change_the_features() {
        assert_ne!(rows("Yes sir"), rows("yes sir"));
        assert_ne!(rows("one two"), rows("two one"));
        assert_ne!(rows("one\ntwo"), rows("one\n\ntwo"));
        assert_eq!(rows("one  two"), rows("one two"));
        assert_eq!(rows("in 1999"), rows("in 2024"));
    }

    #[test]
    fn counts_weigh_by_their_logarithm_and_scratch_is_left_clean() {
        assert_eq!(COUNT_WEIGHT[..4], [0, 16, 27, 34]);
        assert_eq!(COUNT_WEIGHT[255], 105);
        let (mut scratch, known) = (Scratch::default(), Known::all());
        let mut seen = [Vec::new(), Vec::new()];
        for seen in &mut seen {
            scratch.read("a b a b a", &known, |row, weight| seen.push((row, weight)));
        }
        assert_eq!(seen[0], seen[1]);
        scratch.read("a b", &Known::none(), |_, _| panic!("nothing is known"));
    }

    #[test]
    fn any_text_is_read_and_only_its_beginning() {
        for text in ["", "\u{200b}", "\u{301}", "請翻译", "Żółć", "🙂🙂", "\u{2028}"] {
            assert!(rows(text).len() >= 2);
        }
        assert!(rows(&"é ".repeat(100_000)).len() < 200_000);
    }
}
