//! Watermark detectors against published scores, and what they cost.
//!
//! `cargo bench -p stillwatch-audit --bench watermark -- ../shared/data/audit [THREADS]`
//!
//! Prints how many KGW texts and SynthID vectors agree, the mean g-value over random n-grams, how often unmarked texts
//! look marked under wrong keys, tokens per CPU second and scheme, and the CPU seconds of
//! 1,000 wrong keys. CPU seconds, because a wall clock also measures the neighbours.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and fails by panicking")]
#![expect(clippy::cast_precision_loss, reason = "counts are small")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use stillwatch_audit::watermark::{Calibration, Content, CorpusSample, Detector, KeyRing, SynthId};
use stillwatch_core::Random;

const KGW: &str = "vocabulary = 32000\nkgw = { seeding = 'window-hash', key = 3, window = 2, gamma = 0.25 }";
const SCHEMES: [(&str, &str); 6] = [
    ("KGW, window hash", KGW),
    ("KGW, simple-1", "vocabulary = 32000\nkgw = { seeding = 'simple-1', key = 15485863, window = 1, gamma = 0.25 }"),
    (
        "keyed green list",
        "keyed-green-list = { window = 2, gamma = 0.25, \
         key = '0101010101010101010101010101010101010101010101010101010101010101' }",
    ),
    (
        "SynthID, 30 layers",
        "synthid = { variant = 'google-lcg', ngram-length = 5, context-history = 1024, keys = [654, 400, 836, 123, 340, \
         443, 597, 160, 57, 29, 590, 639, 13, 715, 468, 990, 966, 226, 324, 585, 118, 504, 421, 521, 129, 669, 732, \
         225, 90, 960] }",
    ),
    (
        "Gumbel, keyed hash",
        "gumbel = { generator = 'keyed-hash', window = 2, \
         key = '0202020202020202020202020202020202020202020202020202020202020202' }",
    ),
    (
        "Gumbel, torch",
        "vocabulary = 32000\ngumbel = { generator = 'torch', seeding = 'window-hash', key = 3, window = 2 }",
    ),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(folder) = arguments.next() else {
        println!("no folder of vectors given; nothing is measured");
        return;
    };
    let threads = arguments.next().map_or(NonZeroUsize::MIN, |threads| threads.parse().unwrap());
    let folder = Path::new(&folder);
    let texts = lines(&folder.join("kgw/kgw_first400.jsonl.gz"));
    kgw(&texts);
    synthid(&folder.join("synthid"));
    let texts: Vec<Vec<u32>> = texts.iter().map(|row| ids(&row["token_ids"])).collect();
    wrong_keys_on_texts(&texts, threads);
    for (name, fields) in SCHEMES {
        speed(name, fields, &texts, threads);
    }
}

fn kgw(rows: &[Value]) {
    let mut detector = detector(KGW);
    let (mut equal, mut finite, mut furthest) = (0, 0, 0.0_f64);
    for row in rows {
        let score = detector.score_document(Content::Ids(&ids(&row["token_ids"])), None).unwrap().unwrap();
        let expected = &row["expected"];
        equal += usize::from(
            Some(score.scored) == expected["num_token"].as_u64()
                && (score.statistic * score.scored as f64 - expected["green"].as_f64().unwrap()).abs() < 1e-6,
        );
        if let Some(p) = expected["pvalue"].as_f64() {
            finite += 1;
            furthest = furthest.max((score.nominal_p - p).abs());
        } else {
            println!("KGW: text {} has no published p (nothing green); ours is {}", row["i"], score.nominal_p);
        }
    }
    println!(
        "KGW: tokens and green equal on {equal} of {}; max |dp| over {finite} finite p-values {furthest:.1e}",
        rows.len()
    );
}

fn synthid(folder: &Path) {
    let configs: Value = serde_json::from_reader(File::open(folder.join("configs.json")).unwrap()).unwrap();
    let scheme = |row: &Value| {
        let config = &configs["configs"][row["config"].as_str().unwrap()];
        let size = |name: &str| usize::try_from(config[name].as_u64().unwrap()).unwrap();
        let keys: Vec<i64> = config["keys"].as_array().unwrap().iter().map(|key| key.as_i64().unwrap()).collect();
        (SynthId::google_lcg(keys, size("ngram_len"), size("context_history_size")), size("ngram_len"))
    };
    let g = |synthid: &SynthId, ngram: &[u32], layers: usize| -> String {
        let values = synthid.g_values(ngram);
        (0..layers).map(|layer| if values >> layer & 1 == 1 { '1' } else { '0' }).collect()
    };
    let (mut equal, mut total) = (0, 0);
    for row in lines(&folder.join("ngrams.jsonl.gz")) {
        let expected = row["g"].as_str().unwrap();
        let ngram = ids(&row["ngram"]);
        let keys: Vec<Option<i64>> = row["ngram_keys"].as_array().unwrap().iter().map(Value::as_i64).collect();
        let scheme = scheme(&row).0;
        let own: Vec<Option<i64>> = scheme.ngram_keys(&ngram).into_iter().map(Some).collect();
        equal += usize::from(g(&scheme, &ngram, expected.len()) == expected && own == keys);
        total += 1;
    }
    println!("SynthID google-lcg: n-gram keys and g-values equal on {equal} of {total} n-grams");
    let (mut equal, mut total, mut furthest) = (0, 0, 0.0_f64);
    let bits = |mask: &[bool]| mask.iter().map(|&bit| if bit { '1' } else { '0' }).collect::<String>();
    for row in lines(&folder.join("sequences.jsonl.gz")) {
        let (synthid, length) = scheme(&row);
        let synthid = synthid.with_eos(row["eos_token"].as_u64().map(|eos| u32::try_from(eos).unwrap()));
        let tokens = ids(&row["tokens"]);
        let expected = row["g"].as_array().unwrap();
        let same = tokens
            .windows(length)
            .zip(expected)
            .all(|(ngram, expected)| expected.as_str().is_some_and(|e| g(&synthid, ngram, e.len()) == e));
        let masks = Some(bits(&synthid.context_mask(&tokens)).as_str()) == row["context_mask"].as_str()
            && Some(bits(&synthid.eos_mask(&tokens)).as_str()) == row["eos_mask"].as_str();
        let scores = synthid.scores(&tokens);
        let defined = scores.is_some() == row["mean_score"].is_f64();
        if let (Some(scores), Some(mean), Some(weighted)) =
            (scores, row["mean_score"].as_f64(), row["weighted_mean_score"].as_f64())
        {
            furthest = furthest.max((scores.mean - mean).abs()).max((scores.weighted_mean - weighted).abs());
        }
        equal += usize::from(same && masks && defined);
        total += 1;
    }
    println!(
        "SynthID google-lcg: g-values and masks equal on {equal} of {total} sequences; max |d score| {furthest:.1e}"
    );
    let (scheme, rounds) = (SynthId::google_lcg((1..=30).collect(), 5, 1_024), 1_000_000);
    let mut random = Random::new(1, 1);
    let ngrams = (0..rounds).map(|_| [(); 5].map(|()| u32::try_from(random.below(256_000)).unwrap()));
    let ones: u32 = ngrams.map(|ngram| scheme.g_values(&ngram).count_ones()).sum();
    println!(
        "SynthID google-lcg: mean g {:.6} over {rounds} random n-grams of 30 layers",
        f64::from(ones) / 30.0 / f64::from(rounds)
    );
}

/// How often the texts look marked under keys that did not mark them, by the formula.
fn wrong_keys_on_texts(texts: &[Vec<u32>], threads: NonZeroUsize) {
    let mut random = Random::new(3, 3);
    let mut shares = Vec::new();
    for _ in 0..20 {
        let fields = KGW.replace("key = 3", &format!("key = {}", random.next_u64() >> 2));
        let mut detector = detector(&fields);
        let low = texts.iter().filter_map(|ids| detector.score_document(Content::Ids(ids), None).unwrap());
        shares.push(low.filter(|score| score.nominal_p < 0.01).count() as f64 / texts.len() as f64);
    }
    shares.sort_by(f64::total_cmp);
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    println!(
        "KGW, 20 wrong keys: nominal p under 1 % for {:.2} % of texts on average, {:.2} % to {:.2} % by key",
        mean * 100.0,
        shares[0] * 100.0,
        shares[19] * 100.0
    );
    let detector = detector(KGW);
    let mut sample = CorpusSample::new(detector.scheme());
    for ids in texts {
        sample.add(&detector.read(Content::Ids(ids), None).unwrap()).unwrap();
    }
    let calibration = Calibration { keys: 100, ngrams: Some(usize::MAX), threads, ..Calibration::default() };
    let test = detector.test(&sample, &calibration).unwrap();
    println!(
        "KGW, 100 wrong keys on all {} distinct n-grams: variance of z {:.2}; on an eighth {:.2}",
        test.calibration_ngrams, test.dispersion, test.dispersion_eighth
    );
}

fn speed(name: &str, fields: &str, texts: &[Vec<u32>], threads: NonZeroUsize) {
    let mut detector = detector(fields);
    let tokens: usize = texts.iter().map(Vec::len).sum();
    let start = cpu_seconds();
    let mut rounds = 0;
    while rounds == 0 || cpu_seconds() - start < 0.3 {
        for ids in texts {
            detector.score_document(Content::Ids(ids), None).unwrap();
        }
        rounds += 1;
    }
    let scored = (tokens * rounds) as f64 / (cpu_seconds() - start);
    let (start, mut sampled) = (cpu_seconds(), 0);
    let mut sample = CorpusSample::new(detector.scheme());
    while cpu_seconds() - start < 0.3 {
        for ids in texts {
            sample.add(&detector.read(Content::Ids(ids), None).unwrap()).unwrap();
        }
        sampled += tokens;
    }
    let sampled = sampled as f64 / (cpu_seconds() - start);
    let start = cpu_seconds();
    let test = detector.test(&sample, &Calibration { threads, ..Calibration::default() }).unwrap();
    println!(
        "{name:>20}: {scored:>10.0} tokens/s scored, {sampled:>9.0} tokens/s sampled; {} wrong keys on {} n-grams {:.1} CPU s, \
         dispersion {:.2}, on an eighth {:.2}, calibrated p {:.3}",
        test.keys,
        test.calibration_ngrams,
        cpu_seconds() - start,
        test.dispersion,
        test.dispersion_eighth,
        test.calibrated_p
    );
}

/// Of all threads, by the kernel's clock of a hundred ticks a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn detector(fields: &str) -> Detector {
    let ring = KeyRing::parse(&format!("[[watermark]]\nvendor = 'Example'\n{fields}")).unwrap();
    Detector::new(&ring.watermarks[0], None).unwrap()
}

fn lines(path: &Path) -> Vec<Value> {
    let reader = BufReader::new(GzDecoder::new(File::open(path).unwrap()));
    reader.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

fn ids(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|id| id.as_u64().unwrap().try_into().unwrap()).collect()
}
