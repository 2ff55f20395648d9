//! Letters that look like others, by Unicode's own table: `confusables.txt` of Unicode Technical Standard 39, of the version
//! [`UNICODE_VERSION`], as the `unicode-security` crate is generated from it. No other table of such letters stands anywhere
//! in Stillwatch.
//!
//! [`skeleton`] tells that two names look alike, and serves warnings alone: in it `I` is `l`, `0` is `O` and `m` is `rn`.
//! [`latin`] undoes a disguise: of the same table it takes what stands for one letter of ASCII.

use std::sync::{LazyLock, OnceLock};

pub use unicode_security::UNICODE_VERSION;

/// A text as it looks (UTS #39, section 4). Different texts with one skeleton look alike; nothing else may be concluded.
pub fn skeleton(text: &str) -> String {
    unicode_security::skeleton(text).collect()
}

/// The letter of ASCII that another letter looks like: the one with its skeleton, and of `I` and `l`, which share theirs, the
/// one in its case.
///
/// Only letters that have case are looked up. Arabic, Hebrew and the scripts of India have letters that are drawn like `o`
/// or `l`, and their words would lose the difference between them.
pub fn latin(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    let code = c as usize;
    let page = PAGES.get(code / PAGE)?.get_or_init(|| page(code / PAGE));
    page.get(code % PAGE).filter(|letter| **letter > 0).map(|letter| char::from(*letter))
}

/// The letter of ASCII that a letter stands for whichever of its cases is written: `т` is drawn like a small `Т`, which looks
/// like `T`. Both cases give the same letter, but for its case, so that text can be put into upper case and back.
pub fn latin_in_either_case(c: char) -> Option<char> {
    // A final sigma is a sigma too, and has no capital of its own.
    let c = if c == 'ς' { 'σ' } else { c };
    single(c.to_uppercase()).and_then(latin).or_else(|| single(c.to_lowercase()).and_then(latin))
}

fn single(mut cases: impl Iterator<Item = char>) -> Option<char> {
    cases.next().filter(|_| cases.next().is_none())
}

/// Characters of a page: a page is looked up when the first of them is met, since a search of the table takes longer than
/// reading the text.
const PAGE: usize = 256;
/// Both planes that hold letters with case.
static PAGES: [OnceLock<[u8; PAGE]>; 0x200] = [const { OnceLock::new() }; 0x200];

/// The letters of ASCII, or zeros, for the characters of a page.
fn page(number: usize) -> [u8; PAGE] {
    std::array::from_fn(|low| {
        let code = u32::try_from(number * PAGE + low).ok();
        code.and_then(char::from_u32).and_then(look_up).unwrap_or_default()
    })
}

fn look_up(c: char) -> Option<u8> {
    if !(c.is_lowercase() || c.is_uppercase()) {
        return None;
    }
    let seen = skeleton(c.encode_utf8(&mut [0; 4]));
    let mut alike = ASCII.iter().filter(|(_, letter)| *letter == seen).map(|(letter, _)| *letter);
    let first = alike.next()?;
    match alike.next() {
        Some(second) => [first, second].into_iter().find(|letter| letter.is_ascii_uppercase() == c.is_uppercase()),
        None => Some(first),
    }
}

/// The letters of ASCII, each with its skeleton.
static ASCII: LazyLock<Vec<(u8, String)>> = LazyLock::new(|| {
    let letters = (b'A'..=b'Z').chain(b'a'..=b'z');
    letters.map(|letter| (letter, skeleton(char::from(letter).encode_utf8(&mut [0; 4])))).collect()
});

#[cfg(test)]
mod tests {
    use super::{UNICODE_VERSION, latin, latin_in_either_case, skeleton};

    #[test]
    fn names_that_look_alike_have_one_skeleton() {
        assert_eq!(skeleton("raypal"), skeleton("raураl"));
        assert_eq!(skeleton("Il1"), skeleton("lll"));
        assert_ne!(skeleton("gpt-4"), skeleton("gpt-5"));
        assert!(UNICODE_VERSION >= (16, 0, 0));
    }

    #[test]
    fn letters_stand_for_those_that_they_look_like() {
        for (c, letter) in [
            ('а', Some('a')),
            ('О', Some('O')),
            ('ο', Some('o')),
            ('І', Some('I')),
            ('ӏ', Some('l')),
            ('Ӏ', Some('I')),
            ('𝐈', Some('I')),
            ('𝐥', Some('l')),
            ('𝐦', Some('m')),
            ('ｇ', Some('g')),
            ('Ꭺ', Some('A')),
            // Letters of their own, marks on letters, and letters that stand for two.
            ('ж', None),
            ('é', None),
            ('ø', None),
            ('æ', None),
            // Scripts without case, and ASCII itself.
            ('ו', None),
            ('ه', None),
            ('〇', None),
            ('l', None),
            ('0', None),
        ] {
            assert_eq!(latin(c), letter, "{c}");
        }
    }

    #[test]
    fn all_that_it_gives_is_in_the_table_of_unicode() {
        let mut found = 0;
        for c in ('\u{80}'..='\u{1ffff}').chain('\u{e0000}'..='\u{e0fff}') {
            if let Some(letter) = latin(c) {
                let [own, other] = [c, letter].map(|c| skeleton(&c.to_string()));
                assert_eq!(own, other, "{c} {letter}");
                assert!(letter.is_ascii_alphabetic() && (c.is_lowercase() || c.is_uppercase()), "{c}");
                found += 1;
            }
        }
        assert!(found > 900, "{found}");
    }

    #[test]
    fn both_cases_stand_for_the_same_letter() {
        for c in ('\u{370}'..='\u{58f}').chain('\u{10a0}'..='\u{10ff}').chain('\u{13a0}'..='\u{13ff}') {
            let upper = c.to_uppercase().next().unwrap();
            if upper.to_lowercase().next() == Some(c) {
                let [a, b] = [c, upper].map(|c| latin_in_either_case(c).map(|c| c.to_ascii_lowercase()));
                assert_eq!(a, b, "{c} {upper}");
            }
        }
        assert_eq!((latin('ν'), latin_in_either_case('ν')), (Some('v'), Some('N')));
        assert_eq!((latin('т'), latin_in_either_case('т')), (None, Some('T')));
        assert_eq!(latin_in_either_case('ς'), latin_in_either_case('Σ'));
    }
}
