//! Sentences that were found in the field, of people and of models.

use std::io::{BufRead, BufReader};

use stillwatch_audit::{Claims, Standing};
use stillwatch_core::Document;

use crate::shared::shared;

/// The sentences of a file that are attributed to a maker, and the number of all.
fn attributed(file: &str) -> (Vec<String>, usize) {
    let path = shared(&format!("field-cases/U01-people-writing-about-models/{file}"));
    let claims = Claims::default();
    let (mut named, mut all) = (Vec::new(), 0);
    for line in BufReader::new(std::fs::File::open(path).unwrap()).lines() {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = row["text"].as_str().unwrap();
        let mut plain = false;
        claims.find(&Document { text, ..Document::default() }, |claim| {
            plain |= claim.vendor.is_some() && claim.standing == Standing::Plain;
        });
        all += 1;
        named.extend(plain.then(|| text.to_owned()));
    }
    (named, all)
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn people_are_no_models_and_models_are_recognised() {
    for file in ["claims-human.jsonl", "claims-multilingual-human.jsonl"] {
        let (named, all) = attributed(file);
        assert!(named.is_empty() && all > 20, "{named:#?}");
    }
    let (named, all) = attributed("claims-model-missed.jsonl");
    assert_eq!(named.len(), all);
}
