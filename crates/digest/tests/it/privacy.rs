//! No text leaves the digest, and nothing in it can be guessed without the key.

use stillwatch_core::{Exchange, Key, Micros, Retention};
use stillwatch_digest::{AccountWindow, DayDigest, Fingerprinter, Kind, Manifest, ManifestError};

const PLANTED: &str = "zqxjkvwpbfmhzqxjkvwpbfmh";

fn planted(retention: Retention) -> Exchange<'static> {
    Exchange {
        time: Micros::from_seconds(5),
        account: "account",
        request_id: Some(PLANTED),
        api_key: Some(PLANTED),
        end_user: Some(PLANTED),
        ip: Some("192.0.2.1"),
        user_agent: Some(PLANTED),
        ja4: Some(PLANTED),
        system: Some("zqxjkvwpbfmhzqxjkvwpbfmh and some words around it"),
        prompt: Some("zqxjkvwpbfmhzqxjkvwpbfmh and other words around it"),
        tools: Some("[\"zqxjkvwpbfmhzqxjkvwpbfmh\"]"),
        conversation: Some(PLANTED),
        retention,
        ..Exchange::default()
    }
}

fn digest(key: u8, retention: Retention) -> Vec<u8> {
    Fingerprinter::new(&Key::from_bytes([key; 32])).fingerprint(&planted(retention)).to_vec()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn planted_tokens_do_not_leave() {
    let bytes = digest(1, Retention::Full);
    assert!(!holds(&bytes, &PLANTED.as_bytes()[..6]));
    assert!(!holds(&bytes, b"192.0") && !holds(&bytes, &[192, 0, 2, 1]));
}

#[test]
fn another_key_shares_no_fingerprint() {
    let entries = |key| {
        let day = DayDigest::decode(&digest(key, Retention::Full)).unwrap();
        let window = AccountWindow::unite([(Micros(0).day(), day)]).unwrap();
        Kind::ALL.iter().flat_map(|&kind| window.counts(kind).collect::<Vec<_>>()).map(|(f, _)| f).collect::<Vec<_>>()
    };
    let (ours, theirs) = (entries(1), entries(2));
    assert!(ours.len() > 10 && ours.iter().all(|fingerprint| !theirs.contains(fingerprint)));
}

#[test]
fn metadata_only_leaves_no_fingerprint_of_text() {
    let day = DayDigest::decode(&digest(1, Retention::MetadataOnly)).unwrap();
    let window = AccountWindow::unite([(Micros(0).day(), day)]).unwrap();
    for kind in [Kind::Passage, Kind::Prompt, Kind::Skeleton, Kind::System, Kind::Tools] {
        assert_eq!(window.counts(kind).count(), 0, "{kind:?}");
    }
    assert_eq!(window.counts(Kind::Ja4).count(), 1);
    assert_eq!(window.exchanges.len(), 1);
}

#[test]
fn responses_leave_k_grams_only_when_asked_and_allowed() {
    let key = Key::from_bytes([1; 32]);
    let response = "zqxjkvwpbfmhzqxjkvwpbfmh ".repeat(40);
    let exchange = |retention| Exchange { response: Some(&response), ..planted(retention) };
    let served = |fingerprinter: Fingerprinter, retention| {
        let mut fingerprinter = fingerprinter;
        let bytes = fingerprinter.fingerprint(&exchange(retention)).to_vec();
        assert!(!holds(&bytes, &PLANTED.as_bytes()[..6]));
        let day = DayDigest::decode(&bytes).unwrap();
        let (k_grams, level) = day.served();
        (k_grams.count(), level)
    };
    let asked = || Fingerprinter::new(&key).with_served(&key);
    assert_eq!(served(asked(), Retention::Full), (1, 0));
    assert_eq!(served(asked(), Retention::FingerprintOnly), (1, 0));
    assert_eq!(served(asked(), Retention::MetadataOnly), (0, 0));
    assert_eq!(served(Fingerprinter::new(&key), Retention::Full), (0, 0));
    // What was not asked for changes nothing.
    assert_eq!(Fingerprinter::new(&key).fingerprint(&exchange(Retention::Full)), digest(1, Retention::Full));
}

#[test]
fn manifests_say_whether_responses_were_fingerprinted() {
    let key = Key::from_bytes([1; 32]).id();
    let (plain, served) = (Manifest::new(key), Manifest::new(key).with_served());
    assert!(matches!(plain.check_merge(&served), Err(ManifestError::Differ { field: "served k-grams", .. })));
    assert!(served.check_merge(&served.clone()).is_ok());
}
