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
    for kind in [Kind::Passage, Kind::Prompt, Kind::Skeleton, Kind::System, Kind::Tools, Kind::Word] {
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

/// Words in the manner of a language, from a seed.
fn vocabulary() -> Vec<String> {
    let syllables = ["ka", "lor", "min", "te", "vas", "dro", "pel", "shu", "gra", "non", "bi", "fer"];
    let word = |at: usize| [at % 12, at / 12 % 12, at / 144 % 12].map(|of| syllables[of]).concat();
    (0..1_728).map(word).collect()
}

fn prompt_of(seed: usize) -> String {
    let words = vocabulary();
    (0..40_usize).map(|at| words[(seed * 7_919 + at * at * 31 + at) % words.len()].clone() + " ").collect()
}

fn sketch(key: u8, prompt: &str) -> Vec<u64> {
    let exchange =
        Exchange { time: Micros::from_seconds(5), account: "a", prompt: Some(prompt), ..Exchange::default() };
    let digest = Fingerprinter::new(&Key::from_bytes([key; 32])).fingerprint(&exchange).to_vec();
    let window = AccountWindow::unite([(Micros(0).day(), DayDigest::decode(&digest).unwrap())]).unwrap();
    window.counts(Kind::Word).map(|(word, _)| word).collect()
}

/// Whoever guesses has a list of a hundred prompts of which one is right, and sees the words of a digest.
#[test]
fn with_the_key_a_guess_is_confirmed_and_without_it_guessing_is_chance() {
    let seen =
        |own: u8, guess: &str, secret: &[u64]| sketch(own, guess).iter().filter(|of| secret.contains(of)).count();
    let (mut with_key, mut without) = (0, 0);
    let rounds = 60;
    for round in 0..rounds {
        let list: Vec<String> = (0..100).map(|at| prompt_of(round * 1_000 + at)).collect();
        let right = round * 37 % 100;
        let secret = sketch(1, &list[right]);
        assert!(secret.len() > 5, "{}", secret.len());
        // The guess whose words come up most; the first of the list among equals.
        let best = |key: u8| {
            let scores: Vec<usize> = list.iter().map(|guess| seen(key, guess, &secret)).collect();
            let most = scores.iter().max().copied().unwrap();
            (scores.iter().position(|&score| score == most).unwrap(), most)
        };
        with_key += usize::from(best(1).0 == right);
        // Another key is as good as none: nothing of any guess comes up.
        let (guess, most) = best(2 + u8::try_from(round % 50).unwrap());
        without += usize::from(guess == right);
        assert!(most == 0, "a fingerprint of another key came up");
    }
    assert_eq!(with_key, rounds, "the key confirms: that is what it must not be given away for");
    assert!(without <= 2, "{without} of {rounds} at one in a hundred");
}

/// What can be seen without the key: how many words were kept, and which exchanges share one.
#[test]
fn without_the_key_numbers_and_repetition_are_seen_and_nothing_else() {
    let (one, other) = (sketch(1, &prompt_of(1)), sketch(2, &prompt_of(1)));
    assert_eq!(one.len(), other.len(), "the same words are kept under any key");
    assert!(one.iter().all(|word| !other.contains(word)));
    // The order of keyed hashes tells nothing of the order of the words: ranks under two keys are unrelated.
    let (left, right) = (sketch(1, &prompt_of(9)), sketch(2, &prompt_of(9)));
    assert!(left.len() == right.len() && left != right);
}
