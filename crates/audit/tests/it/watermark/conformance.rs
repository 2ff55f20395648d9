//! Scores and vectors that others made, and where they come from: `data/audit/README.md` of the shared test data.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;
use stillwatch_audit::watermark::{Content, GreenList, Seeding, SynthId};

use super::detector;
use crate::shared::shared;

fn lines(path: PathBuf) -> impl Iterator<Item = Value> {
    let reader = BufReader::new(GzDecoder::new(File::open(path).unwrap()));
    reader.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

fn ids(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|id| id.as_u64().unwrap().try_into().unwrap()).collect()
}

fn bits(mask: &[bool]) -> String {
    mask.iter().map(|&bit| if bit { '1' } else { '0' }).collect()
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn kgw_equals_the_published_scores_of_radioactive_watermarking() {
    let fields = "vocabulary = 32000\nkgw = { seeding = 'window-hash', key = 3, window = 2, gamma = 0.25 }";
    let mut detector = detector(fields);
    let list = GreenList::new(Seeding::WindowHash, 3, 2, 0.25, 32_000);
    let (mut rows, mut undefined) = (0, 0);
    for row in lines(shared("audit/kgw/kgw_first400.jsonl.gz")) {
        let (tokens, expected) = (ids(&row["token_ids"]), &row["expected"]);
        let ngrams = detector.read(Content::Ids(&tokens), None).unwrap();
        let score = detector.score(&ngrams).unwrap();
        assert_eq!(score.scored, expected["num_token"].as_u64().unwrap());
        let green: Vec<bool> = ngrams.iter().map(|ngram| list.is_green(ngram)).collect();
        assert_eq!(bits(&green), row["green_bits"].as_str().unwrap());
        assert!((score.statistic - expected["score"].as_f64().unwrap()).abs() < 1e-9);
        // Nothing green: P(X ≥ 0) is one, where the reference has NaN.
        let p = expected["pvalue"].as_f64().unwrap_or_else(|| {
            undefined += 1;
            1.0
        });
        assert!((score.nominal_p - p).abs() < 1e-9, "row {}: {} and {p}", row["i"], score.nominal_p);
        if let Some(log10) = expected["log10_pvalue"].as_f64() {
            assert!((score.log10_p - log10).abs() < 1e-9);
        }
        rows += 1;
    }
    assert_eq!((rows, undefined), (400, 1));
}

fn synthid(config: &Value) -> SynthId {
    let keys = config["keys"].as_array().unwrap().iter().map(|key| key.as_i64().unwrap()).collect();
    let size = |name: &str| usize::try_from(config[name].as_u64().unwrap()).unwrap();
    SynthId::google_lcg(keys, size("ngram_len"), size("context_history_size"))
}

fn g(synthid: &SynthId, ngram: &[u32]) -> String {
    let values = synthid.g_values(ngram);
    (0..synthid.ngram_keys(ngram).len()).map(|layer| if values >> layer & 1 == 1 { '1' } else { '0' }).collect()
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn synthid_equals_the_vectors_of_google_deepmind_synthid_text() {
    let configs: Value = serde_json::from_reader(File::open(shared("audit/synthid/configs.json")).unwrap()).unwrap();
    let config = |row: &Value| synthid(&configs["configs"][row["config"].as_str().unwrap()]);
    let mut compared = 0;
    for row in lines(shared("audit/synthid/ngrams.jsonl.gz")) {
        let (synthid, ngram) = (config(&row), ids(&row["ngram"]));
        let keys: Vec<i64> = row["ngram_keys"].as_array().unwrap().iter().map(|key| key.as_i64().unwrap()).collect();
        assert_eq!(synthid.ngram_keys(&ngram), keys);
        assert_eq!(g(&synthid, &ngram), row["g"].as_str().unwrap());
        compared += 1;
    }
    for row in lines(shared("audit/synthid/sequences.jsonl.gz")) {
        let eos = row["eos_token"].as_u64().map(|eos| u32::try_from(eos).unwrap());
        let synthid = config(&row).with_eos(eos);
        let tokens = ids(&row["tokens"]);
        let expected: Vec<&str> = row["g"].as_array().unwrap().iter().map(|g| g.as_str().unwrap()).collect();
        let length = tokens.len() + 1 - expected.len();
        assert_eq!(tokens.windows(length).map(|ngram| g(&synthid, ngram)).collect::<Vec<_>>(), expected);
        assert_eq!(bits(&synthid.context_mask(&tokens)), row["context_mask"].as_str().unwrap());
        assert_eq!(bits(&synthid.eos_mask(&tokens)), row["eos_mask"].as_str().unwrap());
        match (synthid.scores(&tokens), row["mean_score"].as_f64(), row["weighted_mean_score"].as_f64()) {
            (Some(scores), Some(mean), Some(weighted)) => {
                assert!((scores.mean - mean).abs() < 1e-6 && (scores.weighted_mean - weighted).abs() < 1e-6);
            }
            (None, None, None) => {}
            other => panic!("{other:?}"),
        }
        compared += 1;
    }
    assert_eq!(compared, 2_015 + 90);
}

#[test]
fn synthid_g_values_of_random_ngrams_average_one_half() {
    let synthid = SynthId::google_lcg((1..=30).collect(), 5, 1_024);
    let mut random = stillwatch_core::Random::new(1, 1);
    let rounds = 100_000;
    let ones: u32 = (0..rounds)
        .map(|_| {
            let ngram: Vec<u32> = (0..5).map(|_| u32::try_from(random.below(256_000)).unwrap()).collect();
            synthid.g_values(&ngram).count_ones()
        })
        .sum();
    let mean = f64::from(ones) / f64::from(30 * rounds);
    assert!((mean - 0.5).abs() < 0.001, "{mean}");
}
