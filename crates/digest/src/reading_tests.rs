use proptest::prelude::*;

use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::{Disguise, Word, WordReader, block, is_invisible, is_plain, joins, word_ends};

fn read(text: &str) -> (Vec<Word>, Disguise) {
    let mut words = Vec::new();
    let disguise = WordReader::new(&[7; 16]).read(text, &mut words);
    (words, disguise)
}

fn hashes(text: &str) -> Vec<u64> {
    read(text).0.iter().map(|word| word.hash).collect()
}

fn spelled(text: &str) -> Vec<&str> {
    read(text).0.iter().map(|word| &text[word.start as usize..word.end as usize]).collect()
}

#[test]
fn words_know_their_places() {
    assert_eq!(spelled("Item 12: don’t—stop “now”…"), ["Item", "12", "don", "t", "stop", "now"]);
    assert_eq!(spelled("cafe\u{301}! na\u{ef}ve\u{200b}ly"), ["cafe\u{301}", "na\u{ef}ve\u{200b}ly"]);
    assert_eq!(spelled("请翻译 this"), ["请", "翻", "译", "this"]);
    assert_eq!(spelled("extraordinarily12345678 x"), ["extraordinarily12345678", "x"]);
    assert_eq!(spelled(""), Vec::<&str>::new());
}

#[test]
fn numbers_count_and_case_and_layout_do_not() {
    assert_ne!(hashes("item 12"), hashes("item 13"));
    assert_eq!(hashes("See Item 12, NOW"), hashes("see\n\nitem   12 (now)"));
    assert_eq!(hashes("STRASSE ΟΔΟΣ НОС Québec"), hashes("straße οδος нос QUE\u{301}BEC"));
    assert_eq!(hashes("don't"), hashes("don’t"));
    assert_eq!(hashes("extraordinarily"), hashes("EXTRAORDINARILY"));
}

#[test]
fn compatibility_forms_are_their_letters() {
    assert_eq!(hashes("ﬁne 𝐛𝐨𝐥𝐝 ＷＩＤＥ"), hashes("fine bold wide"));
    assert_eq!(hashes("한국어"), hashes("\u{1112}\u{1161}\u{11ab}국어"));
}

#[test]
fn disguises_are_undone_and_counted() {
    let plain = "the cop has seen a paper about hope";
    let letters = "the cop has seen a pаper about hоpe";
    assert_eq!(hashes(letters), hashes(plain));
    assert_eq!(read(letters).1, Disguise { invisible: 0, homoglyphs: 2 });
    let whole = "the сор has seen а paper about hope";
    assert_eq!(hashes(whole), hashes(plain));
    assert_eq!(read(whole).1.homoglyphs, 4);
    let hidden = "the c\u{200b}o\u{ad}p has seen a pa\u{2060}per about\u{feff} ho\u{335}pe";
    assert_eq!(hashes(hidden), hashes(plain));
    assert_eq!(read(hidden).1.invisible, 4);
}

#[test]
fn other_scripts_are_no_disguise() {
    assert_eq!(read("а он сказал: привет, как дела?").1, Disguise::default());
    assert_eq!(read("❤\u{fe0f} 👩\u{200d}💻 می\u{200c}خواهم 5 μm").1, Disguise::default());
}

#[test]
fn plain_characters_need_no_normalising() {
    for c in (char::MIN..=char::MAX).filter(|c| is_plain(*c)) {
        assert!(!is_invisible(c) && !joins(c) && is_nfkc_quick([c].into_iter()) == IsNormalized::Yes, "{c}");
    }
}

#[test]
fn eight_bytes_are_classed_as_one() {
    for byte in 0..=u8::MAX {
        let ends = word_ends(u64::from_le_bytes([byte; 8]));
        assert_eq!(ends == 0, byte.is_ascii_alphanumeric(), "{byte}");
        assert!(ends == 0 || ends == super::HIGH);
    }
    assert_eq!(block(b"abc", 1), u64::from_le_bytes([b'b', b'c', 0, 0, 0, 0, 0, 0]));
}

proptest! {
    #[test]
    fn places_are_on_character_boundaries_and_in_order(text in "(\\PC|[a-zA-Zа-яα-ω0-9 \u{200b}\u{301}\u{1161}’…])*") {
        let mut last = 0;
        for word in read(&text).0 {
            let place = word.start as usize..word.end as usize;
            prop_assert!(!place.is_empty() && text.get(place).is_some());
            prop_assert!(word.start >= last);
            last = word.start;
        }
    }

    #[test]
    fn what_surrounds_words_does_not_change_them(a in "\\PC*", b in "[a-zA-Zа-я0-9 é]{0,40}", c in "\\PC*") {
        let inner = hashes(&b);
        let outer = hashes(&format!("{a} {b} {c}"));
        prop_assert!(inner.is_empty() || outer.windows(inner.len()).any(|words| words == inner));
    }

    #[test]
    fn the_fast_and_the_slow_path_agree(words in proptest::collection::vec("[a-zA-Z0-9]{1,20}", 1..8)) {
        let plain = words.join(" ");
        // A mark that composes with nothing sends each word down the slow path.
        let marked: String = words.iter().map(|word| format!("{word}\u{335} ")).collect();
        prop_assert_eq!(hashes(&plain), hashes(&marked));
    }
}
