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

#[test]
fn the_same_day_twice_is_refused() {
    let day = (Micros(0).day(), united(&[encoded(1)]));
    assert_eq!(AccountWindow::unite([day.clone(), day]).unwrap_err(), DigestError::Overlap);
}
