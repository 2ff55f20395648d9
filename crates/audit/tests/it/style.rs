//! Promises about style, on texts of small grammars.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use stillwatch_audit::style::{
    HUMAN, Labelled, OTHER, Scratch, ShareEstimate, Shares, StyleModel, TrainError, Trainer, vendor_tests,
};
use stillwatch_core::{Cancel, Cancelled, Random};

/// A way of writing: words it likes, how it opens and how it breaks lines.
struct Voice {
    family: &'static str,
    maker: &'static str,
    domain: &'static str,
    opening: &'static str,
    habits: &'static [&'static str],
    joint: &'static str,
}

const TOPICS: [&str; 12] =
    ["rivers", "bread", "taxes", "chess", "moss", "wool", "trains", "maps", "salt", "bees", "glass", "drums"];

const fn voice(
    family: &'static str,
    maker: &'static str,
    domain: &'static str,
    opening: &'static str,
    habits: &'static [&'static str],
    joint: &'static str,
) -> Voice {
    Voice { family, maker, domain, opening, habits, joint }
}

const ACME: &[&str] = &["notably", "in summary", "let us consider", "a key aspect"];
const BOLT: &[&str] = &["happy to help", "here goes", "you might try", "feel free"];
const PLAIN: &[&str] = &["i think", "my uncle said", "back then", "we used to"];
const LOOSE: &[&str] = &["the answer is", "it is known", "one may say", "as follows"];
const STRANGE: &[&str] = &["verily", "henceforth", "whereas", "in summary"];

static VOICES: [Voice; 11] = [
    voice("acme", "acme-1", "answers", "Certainly!", ACME, "\n\n- "),
    voice("acme", "acme-2", "answers", "Certainly.", ACME, "\n- "),
    voice("acme", "acme-3", "letters", "Of course!", ACME, "\n\n- "),
    voice("bolt", "bolt-1", "answers", "Sure thing,", BOLT, "; "),
    voice("bolt", "bolt-2", "answers", "Sure,", BOLT, ", "),
    voice("bolt", "bolt-3", "letters", "Yes,", BOLT, "; "),
    voice(HUMAN, "pupils", "essays", "well", PLAIN, " "),
    voice(HUMAN, "writers", "stories", "so", PLAIN, ". "),
    voice(HUMAN, "clerks", "letters", "dear all", PLAIN, ". "),
    voice(OTHER, "cove", "answers", "Answer:", LOOSE, "\n"),
    voice(OTHER, "dune", "letters", "Reply:", LOOSE, ". "),
];

fn write(voice: &Voice, number: usize) -> String {
    let mut random = Random::new(number as u64, voice.maker.len() as u64 + voice.family.len() as u64 * 100);
    let topic = TOPICS[number % TOPICS.len()];
    let mut text = voice.opening.to_owned();
    for _ in 0..8 {
        let habit = voice.habits[random.below(voice.habits.len())];
        let filler = TOPICS[random.below(TOPICS.len())];
        text.extend([voice.joint, habit, " ", topic, " and ", filler]);
    }
    text
}

fn trainer<'a>(voices: impl Iterator<Item = &'a Voice>, documents: usize) -> Trainer {
    let mut trainer = Trainer::default();
    for voice in voices {
        for number in 0..documents {
            let (text, group) = (write(voice, number), format!("prompt {number}"));
            let Voice { family, maker, domain, .. } = voice;
            trainer
                .add(&Labelled { text: &text, family, maker, date: Some("2026-01"), domain, group: &group })
                .unwrap();
        }
    }
    trainer
}

fn threads(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

static MODEL: LazyLock<StyleModel> = LazyLock::new(|| trainer(VOICES.iter(), 40).train(threads(2)).unwrap());

fn bytes(model: &StyleModel) -> Vec<u8> {
    let mut bytes = Vec::new();
    model.write(&mut bytes).unwrap();
    bytes
}

fn shares<'a>(parts: impl IntoIterator<Item = (&'a Voice, usize)>) -> Shares {
    let (mut shares, mut scratch) = (Shares::new(&MODEL), Scratch::default());
    let mut scores = vec![0.0; MODEL.families().len()];
    for (voice, documents) in parts {
        for number in 1000..1000 + documents {
            MODEL.score(&write(voice, number), &mut scratch, &mut scores);
            shares.push(&scores);
        }
    }
    shares
}

fn of<'a>(family: &str, maker: &str) -> &'a Voice {
    VOICES.iter().find(|voice| voice.family == family && voice.maker == maker).unwrap()
}

#[test]
fn people_are_needed() {
    let models = || VOICES.iter().filter(|voice| voice.family != HUMAN);
    assert_eq!(trainer(models(), 40).train(threads(1)).unwrap_err(), TrainError::NoHuman);
    let people = VOICES.iter().filter(|voice| voice.family == HUMAN);
    assert_eq!(trainer(people, 40).train(threads(1)).unwrap_err(), TrainError::OneFamily);
    let few = trainer(VOICES.iter(), 4).train(threads(1)).unwrap_err();
    assert!(matches!(few, TrainError::TooFew { documents: 8 | 12, .. }), "{few}");
}

#[test]
fn cancelled_training_gives_no_model() {
    let cancel = Cancel::default();
    let trainer = trainer(VOICES.iter(), 40).with_cancel(cancel.clone());
    cancel.cancel();
    assert_eq!(trainer.train(threads(2)).unwrap_err(), TrainError::Cancelled(Cancelled));
}

#[test]
fn the_model_does_not_depend_on_threads_or_order() {
    let expected = bytes(&MODEL);
    assert_eq!(expected, bytes(&trainer(VOICES.iter(), 40).train(threads(5)).unwrap()));
    assert_eq!(expected, bytes(&trainer(VOICES.iter().rev(), 40).train(threads(1)).unwrap()));
}

#[test]
fn a_model_is_read_as_it_was_written_and_holds_no_text() {
    let written = bytes(&MODEL);
    let read = StyleModel::read(written.as_slice()).unwrap();
    assert_eq!(read, *MODEL);
    assert_eq!(bytes(&read), written);
    for text in ["Certainly", "my uncle", "prompt 1", "rivers"] {
        assert!(!written.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
}

#[test]
fn hostile_models_are_errors() {
    let written = bytes(&MODEL);
    assert!(StyleModel::read([].as_slice()).is_err());
    for length in [4, 8, 12, 16, 40, 1000, written.len() - 1] {
        assert!(StyleModel::read(&written[..length]).is_err(), "{length} bytes");
    }
    let mut random = Random::new(7, 7);
    for _ in 0..60 {
        let mut damaged = written.clone();
        let at = random.below(damaged.len());
        damaged[at] ^= 1 << random.below(8);
        assert!(StyleModel::read(damaged.as_slice()).is_err(), "bit at {at}");
    }
    // A forger also makes the checksum fit.
    for _ in 0..60 {
        let mut forged = written[..written.len() - 32].to_vec();
        let at = random.below(6000);
        forged[at] = forged[at].wrapping_add(1 + u8::try_from(random.below(255)).unwrap());
        forged.extend(blake3::hash(&forged).as_bytes().to_vec());
        let _ = StyleModel::read(forged.as_slice());
    }
}

#[test]
fn families_are_told_apart_and_hidden_characters_do_not_matter() {
    let (mut scratch, families) = (Scratch::default(), MODEL.families().collect::<Vec<_>>());
    let mut call = |text: &str| {
        let mut scores = vec![0.0; families.len()];
        MODEL.score(text, &mut scratch, &mut scores);
        assert!((scores.iter().map(|score| score.exp()).sum::<f32>() - 1.0).abs() < 1e-4);
        scores
    };
    let mut right = 0;
    for voice in &VOICES {
        let text = write(voice, 2000);
        let scores = call(&text);
        let best = (0..families.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
        right += usize::from(families[best] == voice.family);
        let hidden: String = text.chars().flat_map(|c| [c, '\u{200b}']).collect();
        assert_eq!(scores, call(&hidden.replace('a', "\u{430}").replace('o', "\u{43e}")));
    }
    assert!(right >= 10, "{right} of 11");
}

#[test]
fn a_known_mixture_is_recovered_or_not_estimated() {
    let shares = shares([
        (of("acme", "acme-1"), 60),
        (of("acme", "acme-2"), 60),
        (of("bolt", "bolt-1"), 180),
        (of(HUMAN, "pupils"), 150),
        (of(HUMAN, "writers"), 150),
    ]);
    let truth = |family: &str| match family {
        "acme" => 0.2,
        "bolt" => 0.3,
        HUMAN => 0.5,
        _ => 0.0,
    };
    for (estimate, em) in shares.estimate(&MODEL).iter().zip(shares.em(&MODEL)) {
        assert!((em - truth(&estimate.family)).abs() < 0.06, "EM of {}: {em}", estimate.family);
        if let ShareEstimate::Estimated { pacc, interval: [low, high], .. } = estimate.share {
            assert!((pacc - truth(&estimate.family)).abs() < 0.1, "{estimate:?}");
            assert!(low <= truth(&estimate.family) && truth(&estimate.family) <= high, "{estimate:?}");
        }
    }
}

#[test]
fn few_documents_strangers_and_new_people_give_no_vendor_share() {
    let few = shares([(of("acme", "acme-1"), 99)]).estimate(&MODEL);
    assert!(few.iter().all(|estimate| matches!(estimate.share, ShareEstimate::NotEstimable { .. })));
    let laboratory = voice("new", "new-1", "answers", "Certainly!", STRANGE, "\n");
    let people = voice(HUMAN, "sailors", "logbooks", "Sure", &["aye", "the wind was", "we hauled"], "\n\n");
    for stranger in [laboratory, people] {
        for estimate in shares([(&stranger, 300)]).estimate(&MODEL) {
            let claimed = estimate.share.wording() == "consistent with";
            assert!(!claimed || [HUMAN, OTHER].contains(&estimate.family.as_str()), "{estimate:?}");
        }
    }
}

#[test]
fn vendor_tests_name_the_smallest_p() {
    let tests = vendor_tests(&MODEL, &shares([(of("acme", "acme-1"), 200)]));
    assert_eq!(tests.iter().map(|test| test.family.as_str()).collect::<Vec<_>>(), ["acme", "bolt"]);
    for test in &tests {
        assert_eq!(test.nulls, 8);
        assert!((test.smallest_p - 1.0 / 9.0).abs() < 1e-12);
        assert!(test.smallest_p <= test.p && test.p <= test.p_holm && test.p_holm <= 1.0);
    }
    assert!(tests[0].p < tests[1].p, "{tests:?}");
}

#[test]
fn held_out_calls_cover_every_maker() {
    let held_out = MODEL.held_out();
    for voice in &VOICES {
        assert!(held_out.iter().any(|row| row.maker == voice.maker && row.calls.iter().sum::<usize>() > 0));
    }
}
