//! What a passage is about, by the heading above it or the words before its colon.

use stillwatch_lineage::Attribute;

use super::block::Block;
use super::word::words;

/// Words of a heading, or before a colon, and what stands below it.
const TOPICS: &[(&[&str], &str)] = &[
    (&["training", "data"], Attribute::TRAINING_DATA),
    (&["training", "dataset"], Attribute::TRAINING_DATA),
    (&["training", "datasets"], Attribute::TRAINING_DATA),
    (&["training", "corpus"], Attribute::TRAINING_DATA),
    (&["pretraining", "data"], Attribute::TRAINING_DATA),
    (&["pre-training", "data"], Attribute::TRAINING_DATA),
    (&["data", "sources"], Attribute::TRAINING_DATA),
    (&["data", "collection"], Attribute::DATA_COLLECTION),
    (&["curation", "rationale"], Attribute::DATA_COLLECTION),
    (&["source", "data"], Attribute::DATA_COLLECTION),
    (&["preprocessing"], Attribute::DATA_PROCESSING),
    (&["personal", "and", "sensitive"], Attribute::PERSONAL_DATA),
    (&["personal", "data"], Attribute::PERSONAL_DATA),
    (&["third-party", "data"], Attribute::VENDOR_DATA),
    (&["vendor", "data"], Attribute::VENDOR_DATA),
    (&["limitation"], Attribute::LIMITATIONS),
    (&["limitations"], Attribute::LIMITATIONS),
    (&["bias"], Attribute::LIMITATIONS),
    (&["biases"], Attribute::LIMITATIONS),
    (&["intended", "use"], Attribute::INTENDED_USE),
    (&["intended", "uses"], Attribute::INTENDED_USE),
    (&["direct", "use"], Attribute::INTENDED_USE),
    (&["out-of-scope"], Attribute::INTENDED_USE),
    (&["evaluation"], Attribute::EVALUATION),
    (&["environmental"], Attribute::ENERGY),
    (&["carbon"], Attribute::ENERGY),
    (&["hardware"], Attribute::HARDWARE),
    (&["compute"], Attribute::HARDWARE),
    (&["safety"], Attribute::SAFETY),
    (&["governance"], Attribute::GOVERNANCE),
    (&["residency"], Attribute::RESIDENCY),
    (&["export", "control"], Attribute::EXPORT),
    (&["export", "controls"], Attribute::EXPORT),
    (&["export", "restrictions"], Attribute::EXPORT),
    (&["export"], Attribute::EXPORT),
    (&["consent"], Attribute::CONSENT),
    (&["copyright"], Attribute::COPYRIGHT),
    (&["retention"], Attribute::RETENTION),
    (&["license"], Attribute::LICENCE_TEXT),
    (&["licence"], Attribute::LICENCE_TEXT),
    (&["licensing"], Attribute::LICENCE_TEXT),
    (&["contact"], Attribute::CONTACT),
];

/// The attribute of the innermost heading that names one, or of the words before a colon. Cells of tables, numbers and
/// scraps are no passages.
pub(super) fn topic(headings: &[(u8, &str)], block: &Block) -> Option<&'static str> {
    let of = |text: &str| {
        let words = words(text);
        let holds = |topic: &[&str]| {
            words.windows(topic.len()).any(|part| part.iter().zip(topic).all(|(word, wanted)| word.lower == *wanted))
        };
        TOPICS.iter().find(|(topic, _)| holds(topic)).map(|(_, attribute)| *attribute)
    };
    let text = &block.text;
    let label = text.split_once(':').filter(|(label, rest)| label.len() <= 40 && !rest.trim().is_empty());
    if let Some(attribute) = label.and_then(|(label, _)| of(label)) {
        return Some(attribute);
    }
    let attribute = headings.iter().rev().find_map(|(_, heading)| of(heading))?;
    let words = words(text);
    let of_letters = words
        .iter()
        .filter(|word| word.text.chars().all(|own| own.is_alphabetic() || matches!(own, '-' | '\'' | '’')))
        .count();
    // Results are read from tables by nobody: a passage on how they were had is one.
    let least = if attribute == Attribute::EVALUATION { 8 } else { 4 };
    let is_passage = !block.cell && words.len() >= least && 2 * of_letters >= words.len();
    let is_named = matches!(attribute, Attribute::LICENCE_TEXT | Attribute::HARDWARE | Attribute::CONTACT)
        && !block.cell
        && !words.is_empty();
    (is_passage || is_named).then_some(attribute)
}
