//! Which kinds of fact an item asks for, read from how it asks.

use super::FactKind;
use super::sentence::{Reading, Sentence, Word};

/// One thing that is wanted: a fact of any of these kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) any_of: Vec<FactKind>,
}

/// The needs of a text that asks, each once, in the order of [`FactKind`]. A text that asks for nothing that is known has
/// none.
pub(super) fn needs(reading: &Reading) -> Vec<Need> {
    let mut kinds = Vec::new();
    for sentence in &reading.sentences {
        for place in 0..sentence.words.len() {
            kinds.extend(asked_by(sentence, place));
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(need).collect()
}

/// Needs that an item declares itself.
pub(super) fn declared(wants: &[FactKind]) -> Vec<Need> {
    wants.iter().map(|kind| need(*kind)).collect()
}

/// A day may be told as a time span, and a place by the name of a site.
fn need(kind: FactKind) -> Need {
    let any_of = match kind {
        FactKind::Duration => vec![FactKind::Duration, FactKind::Date],
        FactKind::Date => vec![FactKind::Date, FactKind::Duration],
        own => vec![own],
    };
    Need { any_of }
}

fn asked_by(sentence: &Sentence, place: usize) -> Option<FactKind> {
    let words = &sentence.words;
    let lower = words[place].lower.as_str();
    let next = words.get(place + 1);
    let is_next = |list: &[&str]| next.is_some_and(|next| list.contains(&next.lower.as_str()));
    let is_ranked = place > 0 && words[place - 1].lower == "by";
    match lower {
        "how" if is_next(&["many", "much"]) => Some(FactKind::Amount),
        "how" if is_next(&["long", "often", "soon", "fast"]) => Some(FactKind::Duration),
        "how" => Some(FactKind::Process),
        "when" if place == 0 || words[place - 1].closed || words[place - 1].lower == "and" => Some(FactKind::Date),
        "where" if place == 0 || words[place - 1].closed || words[place - 1].lower == "and" => Some(FactKind::Place),
        "which" | "what" if next.is_some_and(is_place_word) => Some(FactKind::Place),
        "why" => Some(FactKind::Reason),
        "who" | "whose" | "whom" | "which" => Some(FactKind::Name),
        _ if lower.starts_with("licen") && !lower.ends_with("ed") => Some(FactKind::Licence),
        "terms" | "permit" | "contracts" => Some(FactKind::Licence),
        _ if AMOUNTS.contains(&lower) && !is_ranked => Some(FactKind::Amount),
        _ if DURATIONS.contains(&lower) => Some(FactKind::Duration),
        _ if DATES.contains(&lower) => Some(FactKind::Date),
        _ if NAMES.contains(&lower) && !is_ranked => Some(FactKind::Name),
        _ if is_place_word(&words[place]) => Some(FactKind::Place),
        _ if PROCESSES.contains(&lower) => Some(FactKind::Process),
        _ if REASONS.contains(&lower) => Some(FactKind::Reason),
        "digest" | "digests" | "hash" | "hashes" | "checksum" | "identifier" | "identifiers" | "version" => {
            Some(FactKind::Identifier)
        }
        _ if DOCUMENTS.contains(&lower) => Some(FactKind::Document),
        _ => None,
    }
}

fn is_place_word(word: &Word) -> bool {
    PLACES.contains(&word.lower.as_str())
}

const AMOUNTS: &[&str] = &[
    "amount",
    "amounts",
    "size",
    "number",
    "numbers",
    "statistics",
    "percent",
    "percentage",
    "percentages",
    "proportion",
    "proportions",
    "portion",
    "share",
    "shares",
    "cost",
    "costs",
    "price",
    "quantity",
    "rate",
    "composition",
    "allocated",
    "volume",
    "count",
];
const DURATIONS: &[&str] = &["duration", "frequency", "period", "retention", "notice"];
const DATES: &[&str] = &["date", "dates", "day", "month", "months"];
const NAMES: &[&str] = &[
    "name",
    "names",
    "named",
    "entities",
    "parties",
    "provider",
    "providers",
    "supplier",
    "suppliers",
    "vendor",
    "vendors",
    "source",
    "sources",
    "operators",
    "owners",
];
const PLACES: &[&str] = &[
    "country",
    "countries",
    "location",
    "locations",
    "located",
    "geographies",
    "geographic",
    "jurisdiction",
    "jurisdictions",
    "residency",
];
const PROCESSES: &[&str] = &[
    "method",
    "methods",
    "methodology",
    "process",
    "processes",
    "procedure",
    "procedures",
    "protocol",
    "mechanism",
    "mechanisms",
    "measures",
    "mitigations",
    "steps",
    "stages",
    "practices",
    "instructions",
    "description",
    "described",
    "describe",
    "techniques",
    "filters",
    "safeguards",
    "controls",
];
const REASONS: &[&str] = &["purpose", "purposes", "reason", "reasons", "rationale", "justification"];
const DOCUMENTS: &[&str] = &["documentation", "policy", "policies", "address", "link", "url"];

#[cfg(test)]
mod tests {
    use super::needs;
    use crate::disclosure::FactKind::{self, Amount, Duration, Name, Place, Process, Reason};
    use crate::disclosure::sentence::Reading;

    #[test]
    fn questions_ask_for_kinds() {
        let asked = |text: &str| -> Vec<FactKind> {
            needs(&Reading::of(text)).into_iter().map(|need| need.any_of[0]).collect()
        };
        assert_eq!(asked("How much water did it take?"), [Amount]);
        assert_eq!(asked("How long are logs kept, and why?"), [Duration, Reason]);
        assert_eq!(asked("Who supplies data, and in which countries?"), [Name, Place]);
        assert_eq!(asked("How are pages chosen?"), [Process]);
        assert_eq!(asked("What are the top sources by volume?"), [Name]);
        assert!(asked("Is it good?").is_empty());
    }
}
