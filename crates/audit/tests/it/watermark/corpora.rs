//! Toy generators with and without a mark.

use std::num::NonZeroUsize;

use proptest::prelude::{any, prop};
use proptest::proptest;
use stillwatch_audit::watermark::{
    Calibration, Content, CorpusSample, CorpusTest, Detector, GreenList, Gumbel, KeyedGreenList, Scheme, Seeding,
    SynthId, WatermarkError,
};
use stillwatch_core::{Cancel, Cancelled, Key, Random};

use super::detector;

const VOCABULARY: u32 = 2_000;
const GREEN_LIST: &str = "vocabulary = 2000\nkgw = { seeding = 'window-hash', key = 42, window = 2, gamma = 0.25 }";
const SIMPLE: &str = "vocabulary = 2000\nkgw = { seeding = 'simple-1', key = 15485863, window = 1, gamma = 0.5 }";
const KEYED: &str = "keyed-green-list = { window = 3, gamma = 0.25, \
                     key = '0101010101010101010101010101010101010101010101010101010101010101' }";
const SYNTHID: &str =
    "synthid = { variant = 'google-lcg', keys = [5, 6, 7, 8, 9, 10], ngram-length = 4, context-history = 1024 }";
const GUMBEL: &str = "gumbel = { generator = 'keyed-hash', window = 2, \
                      key = '0202020202020202020202020202020202020202020202020202020202020202' }";
const TORCH_GUMBEL: &str =
    "vocabulary = 2000\ngumbel = { generator = 'torch', seeding = 'window-hash', key = 9, window = 2 }";
const ALL: [&str; 6] = [GREEN_LIST, SIMPLE, KEYED, SYNTHID, GUMBEL, TORCH_GUMBEL];

/// Few tokens are frequent and most are rare, as in language.
fn token(random: &mut Random) -> u32 {
    let unit = random.unit();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the vocabulary")]
    let token = (f64::from(VOCABULARY) * unit * unit * unit) as u32;
    token.min(VOCABULARY - 1)
}

fn plain(random: &mut Random, length: usize) -> Vec<u32> {
    (0..length).map(|_| token(random)).collect()
}

/// How strongly a generator wants a token after its context.
fn preference(scheme: &Scheme, ngram: &[u32]) -> f64 {
    match scheme {
        Scheme::GreenList(list) => f64::from(u8::from(list.is_green(ngram))),
        Scheme::KeyedGreenList(list) => f64::from(u8::from(list.is_green(ngram))),
        Scheme::SynthId(synthid) => f64::from(synthid.g_values(ngram).count_ones()),
        Scheme::Gumbel(gumbel) => gumbel.uniform(ngram),
    }
}

/// Takes the preferred one of two candidates each time.
fn marked(scheme: &Scheme, random: &mut Random, length: usize) -> Vec<u32> {
    let context = scheme.ngram_length() - 1;
    let mut ids = plain(random, context);
    while ids.len() < length {
        let (mut first, mut second) = (ids[ids.len() - context..].to_vec(), ids[ids.len() - context..].to_vec());
        first.push(token(random));
        second.push(token(random));
        let chosen = if preference(scheme, &second) > preference(scheme, &first) { second } else { first };
        ids.push(chosen[context]);
    }
    ids
}

fn calibration() -> Calibration {
    Calibration { keys: 200, ngrams: Some(512), ..Calibration::default() }
}

fn test_corpus(detector: &Detector, documents: &[Vec<u32>]) -> CorpusTest {
    test_corpus_with(detector, documents, &calibration())
}

fn test_corpus_with(detector: &Detector, documents: &[Vec<u32>], calibration: &Calibration) -> CorpusTest {
    let mut sample = CorpusSample::new(detector.scheme());
    for document in documents {
        sample.add(&detector.read(Content::Ids(document), None).unwrap()).unwrap();
    }
    detector.test(&sample, calibration).unwrap()
}

#[test]
fn marked_texts_are_found_by_every_scheme() {
    for fields in ALL {
        let mut detector = detector(fields);
        let mut random = Random::new(7, 7);
        let documents: Vec<_> = (0..30).map(|_| marked(detector.scheme(), &mut random, 150)).collect();
        let score = detector.score_document(Content::Ids(&documents[0]), None).unwrap().unwrap();
        assert!(score.nominal_p < 1e-3 && score.statistic > score.expected, "{fields}: {score:?}");
        let test = test_corpus(&detector, &documents);
        assert!(test.log10_nominal_p < -20.0, "{}", test.statement);
        assert!((test.calibrated_p - test.smallest_p).abs() < 1e-12, "{}", test.statement);
        assert!((test.calibrated_p_same_ngrams - 1.0 / 201.0).abs() < 1e-12, "{}", test.statement);
    }
}

#[test]
fn five_per_cent_of_marked_documents_are_found() {
    let detector = detector(KEYED);
    let mut random = Random::new(8, 8);
    let document = |i: u32, random: &mut Random| {
        if i.is_multiple_of(20) { marked(detector.scheme(), random, 200) } else { plain(random, 200) }
    };
    let documents: Vec<_> = (0..4_000).map(|i| document(i, &mut random)).collect();
    let test = test_corpus(&detector, &documents);
    assert!(test.nominal_p < 1e-6 && test.calibrated_p < 0.01, "{}", test.statement);
}

#[test]
fn unmarked_texts_are_significant_as_often_as_the_level_says() {
    let mut random = Random::new(9, 9);
    let mut low = 0;
    for key in 0_u8..60 {
        let fields = KEYED.replace("key = '01", &format!("key = '{:02x}", key + 1));
        let documents: Vec<_> = (0..5).map(|_| plain(&mut random, 100)).collect();
        let test = test_corpus(&detector(&fields), &documents);
        assert!(test.calibrated_p > test.smallest_p / 2.0 && test.dispersion < 1.4, "{test:?}");
        low += usize::from(test.calibrated_p <= 0.05);
    }
    // 60 keys at one in twenty: more than nine have a chance of 0.2 %.
    assert!(low <= 9, "{low} of 60");
}

/// Green throughout under the key of [`GREEN_LIST`].
fn green_text(random: &mut Random) -> Vec<u32> {
    let list = GreenList::new(Seeding::WindowHash, 42, 2, 0.25, VOCABULARY);
    let mut ids = plain(random, 3);
    while ids.len() < 40 {
        let ngram = [ids[ids.len() - 2], ids[ids.len() - 1], token(random)];
        if list.is_green(&ngram) {
            ids.push(ngram[2]);
        }
    }
    ids
}

/// A licence text, a signature, a template: copied everywhere and, by chance or by intent, all green.
#[test]
fn boilerplate_that_is_green_by_chance_does_not_convict_a_corpus() {
    let mut detector = detector(GREEN_LIST);
    let mut z = 0.0;
    for seed in 0..10 {
        let mut random = Random::new(seed, 10);
        let boilerplate = green_text(&mut random);
        let score = detector.score_document(Content::Ids(&boilerplate.repeat(50)), None).unwrap().unwrap();
        assert!(score.scored <= 43, "each n-gram once: {score:?}");

        let documents: Vec<_> = (0..500).map(|_| [boilerplate.clone(), plain(&mut random, 40)].concat()).collect();
        let test = test_corpus_with(&detector, &documents, &Calibration { keys: 9, ..calibration() });
        assert!(test.occurrences > test.ngrams + 15_000, "{test:?}");
        assert!(test.nominal_p > 1e-4, "{}", test.statement);
        z += test.z / 10.0;
    }
    // The 37 green n-grams among 20,000 are worth half a standard deviation; 500 copies would be worth a hundred.
    assert!(z < 1.5, "{z}");
}

#[test]
fn ngrams_of_the_prompt_are_not_scored() {
    let detector = detector(GREEN_LIST);
    let mut random = Random::new(11, 11);
    let prompt = marked(detector.scheme(), &mut random, 60);
    let answer = [&prompt[..50], &plain(&mut random, 30)[..]].concat();
    let alone = detector.read(Content::Ids(&answer), None).unwrap();
    let ngrams = detector.read(Content::Ids(&answer), Some(Content::Ids(&prompt))).unwrap();
    assert_eq!(ngrams.prompted + ngrams.len() as u64, alone.len() as u64);
    assert!(ngrams.prompted >= 47 && ngrams.len() <= 30, "{ngrams:?}");
}

#[test]
fn the_result_depends_neither_on_order_nor_on_threads() {
    for fields in [GREEN_LIST, SYNTHID, GUMBEL] {
        let detector = detector(fields);
        let mut random = Random::new(12, 12);
        let documents: Vec<_> = (0..60).map(|_| plain(&mut random, 120)).collect();
        let whole = |capacity: usize, parts: usize, threads: usize, backwards: bool| {
            let mut samples = vec![CorpusSample::with_capacity(detector.scheme(), capacity); parts];
            for (index, document) in documents.iter().enumerate() {
                let ngrams = detector.read(Content::Ids(document), None).unwrap();
                samples[index * 7 % parts].add(&ngrams).unwrap();
            }
            if backwards {
                samples.reverse();
            }
            let mut all = samples.pop().unwrap();
            for sample in samples {
                all.merge(sample).unwrap();
            }
            let threads = NonZeroUsize::new(threads).unwrap();
            detector.test(&all, &Calibration { threads, keys: 20, ..calibration() }).unwrap()
        };
        for capacity in [1, 700, 100_000] {
            let test = whole(capacity, 1, 1, false);
            assert!((1..=capacity as u64).contains(&test.ngrams));
            assert_eq!(test, whole(capacity, 5, 3, true));
            assert_eq!(test, whole(capacity, 3, 2, false));
        }
    }
}

#[test]
fn nothing_to_score_is_no_finding() {
    for fields in ALL {
        let mut detector = detector(fields);
        assert_eq!(detector.score_document(Content::Ids(&[]), None).unwrap(), None);
        assert_eq!(detector.score_document(Content::Ids(&[1]), None).unwrap(), None);
        let test = test_corpus(&detector, &[vec![], vec![1]]);
        assert_eq!((test.ngrams, test.documents), (0, 2));
        assert!((test.nominal_p - 1.0).abs() < 1e-12 && (test.calibrated_p - 1.0).abs() < 1e-12, "{test:?}");
        assert!(test.statement.contains("no n-gram"));
    }
}

#[test]
fn a_document_is_ranked_among_wrong_keys() {
    let detector = detector(KEYED);
    let mut random = Random::new(13, 13);
    let rank = |ids: &[u32]| {
        detector.calibrate_document(&detector.read(Content::Ids(ids), None).unwrap(), &Calibration::default()).unwrap()
    };
    let marked = marked(detector.scheme(), &mut random, 300);
    assert!((rank(&marked) - 1.0 / 1_001.0).abs() < 1e-12);
    assert!(rank(&plain(&mut random, 300)) > 0.01);
}

/// With so many wrong keys the test would go on for years.
#[test]
fn a_cancelled_test_ends() {
    let (detector, cancel) = (detector(KEYED), Cancel::default());
    let mut sample = CorpusSample::new(detector.scheme());
    let document = plain(&mut Random::new(14, 14), 300);
    sample.add(&detector.read(Content::Ids(&document), None).unwrap()).unwrap();
    let threads = NonZeroUsize::new(2).unwrap();
    let calibration = Calibration { keys: 1 << 40, threads, cancel: cancel.clone(), ..calibration() };
    let test = std::thread::spawn(move || detector.test(&sample, &calibration));
    std::thread::sleep(std::time::Duration::from_millis(20));
    cancel.cancel();
    assert_eq!(test.join().unwrap(), Err(WatermarkError::Cancelled(Cancelled)));
}

#[test]
fn samples_of_other_watermarks_are_refused() {
    let (two, four) = (detector(GREEN_LIST), detector(SYNTHID));
    let mut sample = CorpusSample::new(two.scheme());
    assert!(four.test(&sample, &calibration()).unwrap_err().to_string().contains('4'));
    assert!(sample.add(&four.read(Content::Ids(&[1, 2, 3, 4, 5]), None).unwrap()).is_err());
    assert!(sample.merge(CorpusSample::with_capacity(two.scheme(), 5)).is_err());
}

proptest! {
    #[test]
    fn hostile_ids_are_counted_or_scored(ids in prop::collection::vec(any::<u32>(), 0..40), prompt in prop::collection::vec(any::<u32>(), 0..9)) {
        let huge = "vocabulary = 5\nkgw = { seeding = 'window-hash', key = 1, window = 15, gamma = 0.99 }";
        for fields in [GREEN_LIST, SIMPLE, KEYED, SYNTHID, GUMBEL, TORCH_GUMBEL, huge] {
            let mut detector = detector(fields);
            let ngrams = detector.read(Content::Ids(&ids), Some(Content::Ids(&prompt))).unwrap();
            if let Some(score) = detector.score(&ngrams) {
                assert!((0.0..=1.0).contains(&score.nominal_p) && score.statistic.is_finite());
            }
        }
        let _ = SynthId::huggingface_table(vec![1, -2], 2, 0, vec![true, false]).scores(&ids);
        let _ = Gumbel::torch(Seeding::Simple1, u64::MAX, 1, u32::MAX).uniform(&[7, 600]);
        let _ = KeyedGreenList::new(&Key::from_bytes([1; 32]), 1, 0.5).is_green(&ids);
        let _ = GreenList::new(Seeding::Simple1, u64::MAX, 1, 0.5, 10).is_green(&ids);
    }
}
