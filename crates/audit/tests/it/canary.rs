use proptest::prelude::*;
use stillwatch_audit::canary::{Canary, CanaryError, Checker, PHRASE_BITS, Registry, Request, placement};
use stillwatch_core::{Micros, Random, Tier};

const FIRST: &str = "The moon pulls at the near side of the sea more than at the far side of it.";
const SECOND: &str = "Because the earth turns below, each coast goes through two high waters every day.";

fn request() -> Request {
    Request {
        vendor: "Example".into(),
        campaign: "c-17".into(),
        tier: Tier::Act,
        approver: "Head of Trust and Safety".into(),
        issued: Micros::parse("2026-11-01").unwrap(),
        expires: Micros::parse("2027-11-01").unwrap(),
        template: "This note is filed under {}.".into(),
    }
}

fn random(number: u64) -> [u8; 16] {
    let mut random = Random::new(3, number);
    let mut bytes = [0; 16];
    bytes.chunks_exact_mut(8).for_each(|half| half.copy_from_slice(&random.next_u64().to_le_bytes()));
    bytes
}

fn issued() -> (Registry, Canary) {
    let mut registry = Registry::default();
    for number in 0..50 {
        registry.issue(request(), random(number)).unwrap();
    }
    let canary = registry.issue(request(), random(100)).unwrap();
    (registry, canary)
}

fn words(canary: &Canary) -> String {
    let text = canary.text().expose().clone();
    text.strip_prefix("This note is filed under ").unwrap().trim_end_matches('.').into()
}

#[test]
fn only_campaigns_to_act_on_get_one() {
    let refused = |change: fn(&mut Request)| {
        let mut request = request();
        change(&mut request);
        Registry::default().issue(request, random(1)).unwrap_err()
    };
    assert_eq!(refused(|request| request.tier = Tier::Review), CanaryError::Tier(Tier::Review));
    assert_eq!(refused(|request| request.tier = Tier::Watch), CanaryError::Tier(Tier::Watch));
    assert_eq!(refused(|request| request.approver = " - ".into()), CanaryError::Approver);
    assert_eq!(refused(|request| request.campaign = "".into()), CanaryError::Campaign);
    assert_eq!(refused(|request| request.expires = request.issued), CanaryError::Expiry);
    for template in
        ["no place.", "{} and {}.", "in 1969 {}.", "call({});", "see http://{}.", "\"{}\".", "x{}.", "{}", "a {}"]
    {
        let mut request = request();
        request.template = template.into();
        let refused = Registry::default().issue(request, random(1));
        assert!(matches!(refused, Err(CanaryError::Template(_))), "{template}");
    }
    let mut registry = Registry::default();
    registry.issue(request(), random(1)).unwrap();
    assert_eq!(registry.issue(request(), random(1)).unwrap_err(), CanaryError::Random);
    assert_eq!(registry.issue(request(), [0; 16]).unwrap_err(), CanaryError::Random);
}

#[test]
fn the_registry_is_read_back_and_its_words_are_not_printed() {
    let (registry, canary) = issued();
    let json = registry.to_json().unwrap();
    assert_eq!(Registry::read(json.expose().as_bytes()).unwrap(), registry);
    let printed = format!("{registry:?} {canary:?} {:?} {json:?}", canary.text());
    assert!(words(&canary).split(' ').all(|word| !printed.contains(word)));
    assert!(
        canary.is_current(Micros::parse("2026-12-01").unwrap())
            && !canary.is_current(Micros::parse("2027-11-01").unwrap())
    );

    let altered = |from: &str, to: &str| Registry::read(json.expose().replacen(from, to, 1).as_bytes()).unwrap_err();
    assert!(matches!(altered("stillwatch.canaries/1", "stillwatch.canaries/2"), CanaryError::Schema { .. }));
    assert!(matches!(altered(&words(&canary), "the quick brown fox jumps"), CanaryError::NoPhrase { .. }));
    let other = words(&registry.canaries()[0]);
    assert!(matches!(altered(&words(&canary), &other), CanaryError::Twice { .. }));
    assert!(matches!(Registry::read(b"{"), Err(CanaryError::Unreadable { .. })));
}

#[test]
fn a_canary_is_found_in_any_dress() {
    let (registry, canary) = issued();
    let (mut checker, words) = (Checker::new(&registry), words(&canary));
    let joined = |between: &str| words.split(' ').collect::<Vec<_>>().join(between);
    let dresses = [
        words.clone(),
        words.to_uppercase(),
        joined(", "),
        joined("\r\n\t"),
        joined("\u{a0}— “"),
        joined("\u{200b} "),
        words.chars().map(|c| format!("{c}\u{200d}")).collect(),
        words.replace('a', "а").replace('e', "е").replace('o', "ο").replace('i', "і"),
    ];
    for dress in dresses {
        let page = format!("{FIRST} ({dress}) {SECOND}");
        let [sighting] = checker.find(&page).try_into().unwrap();
        assert_eq!((sighting.id, sighting.campaign), (canary.id.clone(), "c-17".into()), "{dress}");
        assert!(dress.starts_with(&page[sighting.start..sighting.end]), "{dress}");
    }
}

#[test]
fn part_of_a_canary_is_nothing() {
    let (registry, canary) = issued();
    let mut checker = Checker::new(&registry);
    let words = words(&canary);
    let mut parts: Vec<&str> = words.split(' ').collect();
    assert!(checker.find(&parts[..4].join(" ")).is_empty());
    assert!(checker.find(&parts[1..].join(" ")).is_empty());
    parts.insert(3, "and");
    assert!(checker.find(&parts.join(" ")).is_empty());
    parts.remove(3);
    parts.swap(0, 1);
    assert!(checker.find(&parts.join(" ")).is_empty());
    assert_eq!(checker.positions(), 3);
}

#[test]
fn chance_is_positions_times_canaries_over_two_to_the_bits() {
    let (registry, _) = issued();
    let chance = Checker::new(&registry).chance(1 << 40);
    assert!((chance - 51.0 * (40.0 - f64::from(PHRASE_BITS)).exp2()).abs() < 1e-30);
    assert!(Checker::new(&Registry::default()).chance(u64::MAX).abs() < f64::MIN_POSITIVE);
}

#[test]
fn it_goes_between_paragraphs_of_prose() {
    let two = format!("{FIRST}\n\n{SECOND}");
    assert_eq!(placement(&two), Some(two.find(SECOND).unwrap()));
    let code = format!("{FIRST}\n\n```rust\nlet a = 1;\n\nlet b = 2;\n```\n\n{FIRST}\n\n{SECOND}\n");
    assert_eq!(placement(&code), Some(code.find(SECOND).unwrap()));
}

#[test]
fn it_goes_nowhere_else() {
    let refused = [
        String::new(),
        FIRST.into(),
        format!("{FIRST}\n{SECOND}"),
        format!("{FIRST}\n\n```\n{SECOND}\n\n{FIRST}\n\n{SECOND}"),
        format!("```\n{FIRST}\n\n{SECOND}\n```"),
        format!("~~~text\n{FIRST}\n\n```\n\n{SECOND}\n~~~"),
        format!("{{\"answer\": \"{FIRST}\n\n{SECOND}\"}}"),
        format!("{FIRST}\n\n- {SECOND}"),
        format!("{FIRST}\n\n1. {SECOND}"),
        format!("{FIRST}\n\n| a | b |\n|---|---|\n| {SECOND} | 2 |"),
        format!("> {FIRST}\n>\n> {SECOND}"),
        format!("He said: \"{FIRST}\n\n{SECOND}\""),
        format!("He said: “{FIRST}\n\n{SECOND}”"),
        format!("{FIRST}\n\n    {SECOND}"),
        format!("{FIRST}\n\nSee https://example.org/tides for more about how this works in practice."),
        format!("{FIRST}\n\nIn 1969, 1970, 1971, 1972 and 1974 it was 12.5, 13.5, 14.5 and 15.5 metres."),
        format!("{FIRST}\n\nUse `sea` for the whole of the sea and for all of the coasts."),
        format!("{FIRST}\n\nThe whole of the recipe for the cake is given in these steps:"),
        format!("$$\n\n{FIRST}\n\n{SECOND}\n\n$$"),
        format!("{FIRST}\n\n{SECOND}\n\n<tool_call>{{}}</tool_call>"),
    ];
    for answer in refused {
        assert_eq!(placement(&answer), None, "{answer}");
    }
}

proptest! {
    #[test]
    fn a_place_is_always_at_the_start_of_a_line_after_an_empty_one(
        parts in proptest::collection::vec(prop_oneof![
            Just(FIRST.to_owned()), Just(SECOND.to_owned()), Just("```".to_owned()), Just("- item".to_owned()), "\\PC{0,40}",
        ], 0..12),
    ) {
        let answer = parts.join("\n\n");
        if let Some(at) = placement(&answer) {
            prop_assert!(answer[..at].ends_with("\n\n"));
            let fences = answer[..at].lines().filter(|line| line.trim_start().starts_with("```")).count();
            prop_assert_eq!(fences % 2, 0);
        }
    }

    #[test]
    fn texts_without_it_never_show_it(text in "\\PC*") {
        let (registry, _) = issued();
        prop_assert!(Checker::new(&registry).find(&text).is_empty());
    }
}
