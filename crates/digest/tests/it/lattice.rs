//! A digest is a set: order, grouping and repetition change nothing.

use proptest::prelude::*;
use stillwatch_core::{Exchange, Key, Micros};
use stillwatch_digest::{AccountWindow, DayDigest, DigestBuilder, DigestError, Fingerprinter, Kind};

fn encoded(seed: u32) -> Vec<u8> {
    let prompt =
        format!("word{} of the common template is followed by {} and {}", seed % 7, letters(seed), letters(seed / 3));
    let exchange = Exchange {
        time: Micros::from_seconds(i64::from(seed % 86_400)),
        account: "account",
        prompt: Some(&prompt),
        ip: Some("192.0.2.1"),
        input_tokens: Some(i64::from(seed)),
        ..Exchange::default()
    };
    Fingerprinter::new(&Key::from_bytes([9; 32])).fingerprint(&exchange).to_vec()
}

fn letters(number: u32) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect::<String>() + " tail words here"
}

fn united<'a>(parts: impl IntoIterator<Item = &'a Vec<u8>>) -> DayDigest {
    let mut builder = DigestBuilder::default();
    parts.into_iter().for_each(|part| builder.add(part).unwrap());
    builder.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_grouping_and_repetition_do_not_matter(seeds in prop::collection::vec(0_u32..5_000, 1..60), cut in 0_usize..60) {
        let parts: Vec<Vec<u8>> = seeds.iter().map(|&seed| encoded(seed)).collect();
        let whole = united(&parts);
        let reversed: Vec<_> = parts.iter().rev().cloned().collect();
        prop_assert_eq!(&united(&reversed), &whole);
        let (left, right) = parts.split_at(cut.min(parts.len()));
        let grouped = [united(right).encode(), united(left).encode(), united(left).encode()];
        prop_assert_eq!(&united(&grouped), &whole);
        prop_assert_eq!(DayDigest::decode(&whole.encode()).unwrap(), whole);
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(digest) = DayDigest::decode(&bytes) {
            prop_assert_eq!(digest.encode(), bytes);
        }
    }

    #[test]
    fn a_damaged_digest_is_refused(seed in 0_u32..5_000, at in any::<prop::sample::Index>()) {
        let mut bytes = encoded(seed);
        let length = at.index(bytes.len());
        bytes.truncate(length);
        prop_assert!(DayDigest::decode(&bytes).is_err());
    }
}

#[test]
fn a_full_day_is_sampled_the_same_in_any_order() {
    let parts: Vec<Vec<u8>> = (0..9_000).map(|seed| encoded(seed * 7 + 1)).collect();
    let whole = united(&parts);
    let reversed: Vec<_> = parts.iter().rev().cloned().collect();
    assert!(whole.is_sampled());
    assert_eq!(united(&reversed), whole);
    let estimate = whole.exchanges();
    assert!((8_500..9_500).contains(&estimate), "{estimate} exchanges estimated of 9,000");
}

#[test]
fn a_passage_is_counted_once_an_exchange() {
    let parts: Vec<Vec<u8>> = (0..20).map(encoded).collect();
    let twice: Vec<_> = parts.iter().chain(&parts).cloned().collect();
    let window = AccountWindow::unite([(Micros(0).day(), united(&twice))]).unwrap();
    assert_eq!(window.exchanges.len(), 20);
    assert!(window.counts(Kind::Passage).all(|(_, slots)| slots <= 20));
    assert!(window.counts(Kind::Passage).any(|(_, slots)| slots >= 15));
}

/// An exchange under an id that the client chose, at one second.
fn under_one_id(prompt: &str, status: i64, output_tokens: Option<i64>) -> Vec<u8> {
    let exchange = Exchange {
        time: Micros::from_seconds(60),
        account: "account",
        request_id: Some("always-the-same"),
        prompt: Some(prompt),
        status: Some(status),
        output_tokens,
        ..Exchange::default()
    };
    Fingerprinter::new(&Key::from_bytes([9; 32])).fingerprint(&exchange).to_vec()
}

#[test]
fn one_id_is_not_one_act() {
    let acts = ["derive the area of a circle", "derive the area of a square", "derive the area of a cone"]
        .map(|prompt| under_one_id(prompt, 200, Some(9)));
    let refused = under_one_id("derive the area of a cone", 429, None);
    let day = united(acts.iter().chain([&refused]));
    assert_eq!(day.exchanges(), 4, "other words and another outcome are other acts");
}

#[test]
fn the_same_act_in_two_logs_is_one() {
    let (whole, partial) = (under_one_id("derive it", 200, Some(9)), under_one_id("derive it", 200, None));
    let day = united([&whole, &partial, &whole]);
    assert_eq!(day.exchanges(), 1);
    let window = AccountWindow::unite([(Micros(0).day(), day)]).unwrap();
    assert_eq!(window.exchanges[0].record.output_tokens, 9, "what one of them lacks is taken from the other");
}

#[test]
fn names_have_no_part_in_counts() {
    let counts = |account: &str, id: &str, key: u8| {
        let mut fingerprinter = Fingerprinter::new(&Key::from_bytes([key; 32]));
        let mut builder = DigestBuilder::default();
        for second in 0..200_u32 {
            let prompt = format!("the template has a word{} and is followed by {}", second % 7, letters(second));
            let exchange = Exchange {
                time: Micros::from_seconds(second.into()),
                account,
                request_id: Some(id),
                prompt: Some(&prompt),
                ..Exchange::default()
            };
            builder.add(fingerprinter.fingerprint(&exchange)).unwrap();
        }
        let window = AccountWindow::unite([(Micros(0).day(), builder.finish().unwrap())]).unwrap();
        let of = |kind| {
            let mut slots: Vec<u64> = window.slots(kind).map(|(_, slots)| slots).collect();
            slots.sort_unstable();
            slots
        };
        [Kind::Passage, Kind::Prompt, Kind::Word].map(of)
    };
    assert_eq!(counts("one", "first", 1), counts("another", "second", 2));
}

/// A digest as versions before words wrote it: format 1, of what format 2 holds without the second byte and words.
fn without_words(encoded: &[u8]) -> Vec<u8> {
    let records = u32::from_le_bytes(encoded[3..7].try_into().unwrap()) as usize;
    let (mut at, mut kinds, mut sets) = (8 + records * 26, 0, Vec::new());
    while at < encoded.len() {
        let entries = u32::from_le_bytes(encoded[at + 2..at + 6].try_into().unwrap()) as usize;
        let is_word = encoded[at] == Kind::Word as u8;
        let end = at + 6 + entries * if is_word { 5 } else { 8 };
        if !is_word {
            sets.extend_from_slice(&encoded[at..end]);
            kinds += 1;
        }
        at = end;
    }
    [&[1], &encoded[2..7 + records * 26], &[kinds], &sets].concat()
}

#[test]
fn digests_without_words_are_read_and_say_so() {
    let new = encoded(1);
    let old = without_words(&encoded(2));
    let read = DayDigest::decode(&old).unwrap();
    assert!(!read.is_sketched() && DayDigest::decode(&new).unwrap().is_sketched());
    let both = united([&new, &old]);
    assert_eq!((both.exchanges(), both.is_sketched()), (2, false));
    assert_eq!(DayDigest::decode(&both.encode()).unwrap(), both, "it is written in the format of today");
    // A word cannot come in the old format, nor with a slot that there is not.
    let (mut smuggled, mut outside) = (old, new);
    smuggled[0] = 2;
    assert!(DayDigest::decode(&smuggled).is_err());
    *outside.last_mut().unwrap() = 64;
    assert_eq!(DayDigest::decode(&outside).unwrap_err(), DigestError::Range);
}

#[test]
fn the_same_day_twice_is_refused() {
    let day = (Micros(0).day(), united(&[encoded(1)]));
    assert_eq!(AccountWindow::unite([day.clone(), day]).unwrap_err(), DigestError::Overlap);
}
