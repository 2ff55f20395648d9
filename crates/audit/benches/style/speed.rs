//! Bytes a second and core, scoring alone.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use stillwatch_audit::style::Scratch;

use crate::corpus::{Text, half, train};

const ROUNDS: usize = 7;

pub(crate) fn measure(texts: &[Text], show: &mut impl FnMut(Value)) {
    let model = train(texts.iter().filter(|text| half(text) == 1));
    let (mut scratch, mut scores) = (Scratch::default(), vec![0.0; model.families().len()]);
    let bytes: usize = texts.iter().map(|text| text.text.len()).sum();
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = cpu_seconds();
            for text in texts {
                model.score(&text.text, &mut scratch, &mut scores);
            }
            bytes as f64 / 1e6 / (cpu_seconds() - started)
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    let mut file = Vec::new();
    model.write(&mut file).unwrap();
    show(json!({
        "measure": "speed", "megabytes": bytes as f64 / 1e6, "best_mb_per_s": rates[ROUNDS - 1], "median_mb_per_s": rates[ROUNDS / 2],
        "model_bytes": file.len(),
    }));
}

/// Seconds that this thread has run, where Linux tells; otherwise of the clock.
fn cpu_seconds() -> f64 {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|line| line.split(' ').next().and_then(|first| first.parse::<f64>().ok()));
    nanoseconds.map_or_else(
        || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64(),
        |nanoseconds| nanoseconds / 1e9,
    )
}
