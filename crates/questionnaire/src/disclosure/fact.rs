//! Kinds of fact, and which of them a sentence holds.
//!
//! A kind is told by how English says such a thing (a number with its unit, a month with a year, a capital inside a
//! sentence, "because"), whatever the subject is, so that nothing here depends on who answers or what was asked.

use std::collections::BTreeSet;

use stillwatch_lineage::agree::{head, is_month};
use stillwatch_lineage::words;

use super::mark::{is_hedge, is_name, is_quantity};
use super::sentence::{Sentence, Word, is_grammar};

words! {
    /// A kind of fact that an item can ask for.
    FactKind {
        /// A number with its unit or with what it counts, or a share.
        Amount = "amount",
        /// How long, how often, or within which time.
        Duration = "duration",
        /// A day, a month or a year.
        Date = "date",
        /// Somebody or something by name.
        Name = "name",
        /// A country, a union of countries or a continent.
        Place = "place",
        /// A licence, terms or a contract.
        Licence = "licence",
        /// What is done, and how.
        Process = "process",
        /// Why, or for what.
        Reason = "reason",
        /// A digest, a revision, or a version by its number.
        Identifier = "identifier",
        /// Where something can be read or had: an address, or a document that is named.
        Document = "document",
    }
}

impl FactKind {
    /// Whether it is told by a mark of its own and not by words that may be vague.
    pub(super) fn is_firm(self) -> bool {
        !matches!(self, Self::Licence | Self::Process | Self::Reason)
    }

    /// In a sentence: "names no amount".
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Amount => "an amount",
            Self::Duration => "a duration",
            Self::Date => "a date",
            Self::Name => "a name",
            Self::Place => "a place",
            Self::Licence => "a licence or contract",
            Self::Process => "what is done",
            Self::Reason => "a reason",
            Self::Identifier => "an identifier",
            Self::Document => "a document or an address",
        }
    }
}

/// The kinds of fact in a sentence. What is said in words that leave it open ("under appropriate agreements", "we use robust
/// filters"), with no name, number or address beside it, is none.
pub(super) fn facts(sentence: &Sentence) -> BTreeSet<FactKind> {
    let mut found = held(sentence);
    let is_open = sentence.words.iter().any(|word| is_hedge(&word.lower));
    if is_open && !found.iter().any(|kind| kind.is_firm()) {
        found.clear();
    }
    found
}

fn held(sentence: &Sentence) -> BTreeSet<FactKind> {
    let words = &sentence.words;
    let mut found = BTreeSet::new();
    for (place, word) in words.iter().enumerate() {
        if word.link {
            found.insert(FactKind::Document);
            continue;
        }
        if is_identifier(words, place) {
            found.insert(FactKind::Identifier);
        }
        if word.number() {
            found.extend(number(words, place));
            continue;
        }
        let lower = word.lower.as_str();
        if counts(words, place) {
            found.insert(if is_time(words.get(place + 1)) { FactKind::Duration } else { FactKind::Amount });
        }
        if HOW_OFTEN.contains(&lower) {
            found.insert(FactKind::Duration);
        }
        if is_name(word, place == 0) || names_alone(words, place) {
            found.insert(FactKind::Name);
        }
        if is_place(words, place) {
            found.insert(FactKind::Place);
        }
        if is_licence(words, place) {
            found.insert(FactKind::Licence);
        }
        if is_reason(words, place) {
            found.insert(FactKind::Reason);
        }
        if is_document(words, place) {
            found.insert(FactKind::Document);
        }
    }
    if is_process(words) {
        found.insert(FactKind::Process);
    }
    found
}

/// A digest or a revision in hexadecimal, "v2.1", "version 3", "revision a91f03c".
fn is_identifier(words: &[Word], place: usize) -> bool {
    let lower = words[place].lower.as_str();
    let is_hexadecimal = lower.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_digit = lower.bytes().any(|byte| byte.is_ascii_digit());
    let before = place.checked_sub(1).map(|at| words[at].lower.as_str()).unwrap_or_default();
    let is_version = lower.strip_prefix('v').is_some_and(|rest| rest.starts_with(|own: char| own.is_ascii_digit()));
    (is_hexadecimal && has_digit && lower.len() >= 16)
        || is_version
        || (matches!(before, "version" | "revision" | "commit" | "release") && has_digit)
}

/// What a word of digits is: part of a date, a duration, or an amount.
fn number(words: &[Word], place: usize) -> Option<FactKind> {
    let word = &words[place];
    let before = place.checked_sub(1).map(|at| words[at].lower.as_str()).unwrap_or_default();
    let after = words.get(place + 1).map(|next| next.lower.as_str()).unwrap_or_default();
    if [before, after].iter().any(|own| is_month(own) || QUARTERS.contains(own)) {
        return Some(FactKind::Date);
    }
    if is_time(words.get(place + 1)) && !word.closed {
        return Some(FactKind::Duration);
    }
    let is_year = word.lower.len() == 4 && word.sign.is_none() && matches!(word.lower.parse(), Ok(1990_u32..=2049));
    if is_year {
        return Some(FactKind::Date);
    }
    is_quantity(words, place).then_some(FactKind::Amount)
}

/// "three reviewers", "half of the pairs".
fn counts(words: &[Word], place: usize) -> bool {
    let lower = words[place].lower.as_str();
    let after = words.get(place + 1);
    let is_counted = after.is_some_and(|next| next.content() && next.text.starts_with(char::is_lowercase));
    (NUMBER_WORDS.contains(&lower) && is_counted && !words[place].closed)
        || (matches!(lower, "half" | "third" | "quarter") && after.is_some_and(|next| next.lower == "of"))
}

fn is_time(word: Option<&Word>) -> bool {
    word.is_some_and(|word| TIMES.contains(&word.lower.trim_end_matches('s')))
}

/// A sentence or a part of a list that is one word with a capital: "Wikipedia, GitHub and arXiv".
fn names_alone(words: &[Word], place: usize) -> bool {
    let word = &words[place];
    place == 0 && word.capital() && word.content() && !word.link && (word.closed || words.len() == 1)
}

fn is_place(words: &[Word], place: usize) -> bool {
    let word = &words[place];
    let lower = word.lower.as_str();
    if !word.capital() {
        // "eu-west-1"
        return REGION_CODES.contains(&lower)
            && words.get(place + 1).is_some_and(|next| COMPASS.contains(&next.lower.as_str()));
    }
    if PLACES.contains(&lower) || matches!(word.text.as_str(), "EU" | "US" | "UK" | "USA" | "UAE" | "EEA") {
        return true;
    }
    let next = words.get(place + 1).map(|next| next.lower.as_str()).unwrap_or_default();
    matches!(
        (lower, next),
        ("united", "states" | "kingdom" | "arab")
            | ("european", "union" | "economic")
            | ("new", "zealand")
            | ("south", "africa" | "korea" | "america")
            | ("north", "america")
            | ("saudi", "arabia")
            | ("hong", "kong")
            | ("sri", "lanka")
            | ("costa", "rica")
            | ("czech", "republic")
    )
}

fn is_licence(words: &[Word], place: usize) -> bool {
    let lower = words[place].lower.as_str();
    let before = place.checked_sub(1).map(|at| &words[at]);
    let next = words.get(place + 1).map(|next| next.lower.as_str()).unwrap_or_default();
    LICENCES.contains(&lower)
        || (lower == "cc" && matches!(next, "by" | "0"))
        || (lower.starts_with("licen")
            && before.is_some_and(|word| word.capital() || word.number() || word.lower == "under"))
        || (lower == "terms" && next == "of")
        || matches!(lower, "agreement" | "agreements" | "contract" | "contracts" | "permit" | "permits")
}

fn is_reason(words: &[Word], place: usize) -> bool {
    let lower = words[place].lower.as_str();
    let next = words.get(place + 1);
    match lower {
        "because" | "since" | "therefore" | "thus" | "hence" | "purpose" | "purposes" | "reason" | "reasons" => true,
        "due" => next.is_some_and(|next| next.lower == "to"),
        "so" => next.is_some_and(|next| next.lower == "that"),
        // "kept apart to tell", and not "according to plan".
        "to" => {
            place > 0
                && words[place - 1].content()
                && !matches!(words[place - 1].lower.as_str(), "according" | "access" | "related" | "due" | "similar")
                && next.is_some_and(|next| next.content() && next.text.starts_with(char::is_lowercase))
        }
        _ => false,
    }
}

fn is_document(words: &[Word], place: usize) -> bool {
    let lower = words[place].lower.as_str();
    DOCUMENTS.contains(&lower)
        && place > 0
        && words.iter().any(|word| SHOWN.contains(&word.lower.as_str()))
        && words[..place].iter().rev().take(4).any(|word| {
            matches!(word.lower.as_str(), "our" | "its" | "the" | "a" | "this" | "in")
                || (word.capital() && !word.number())
        })
}

/// A verb of doing in a sentence that says more than that something is done: an ending in "-ed" or "-ing", or a word after
/// "we", "they", "to", "must".
fn is_process(words: &[Word]) -> bool {
    let content = words.iter().filter(|word| word.content()).count();
    if content < FEW {
        return false;
    }
    words.iter().enumerate().any(|(place, word)| {
        let lower = word.lower.as_str();
        if !word.content() || (word.capital() && place > 0) || EMPTY_VERBS.iter().any(|own| lower.starts_with(own)) {
            return false;
        }
        let before = place.checked_sub(1).map(|at| words[at].lower.as_str()).unwrap_or_default();
        let ends = lower.len() > 5 && (lower.ends_with("ed") || lower.ends_with("ing"));
        let follows = ACTORS.contains(&before) && !is_grammar(lower);
        ends || follows || matches!(lower, "using" | "via")
    })
}

/// Whether a sentence says at its head that there is none: "None of it", "Neither …", "No.", "Nothing".
pub(super) fn is_none(sentence: &Sentence) -> bool {
    let first = sentence.words.first().map(|word| word.lower.as_str()).unwrap_or_default();
    let whole: Vec<&str> = sentence.words.iter().map(|word| word.text.as_str()).collect();
    head(&whole.join(" ")) == Some(false) || matches!(first, "none" | "neither" | "nothing" | "nobody" | "zero")
}

/// A sentence with fewer words that say something tells no process.
const FEW: usize = 4;

/// Verbs of aims and of speech: "we strive to", "we are committed to".
const EMPTY_VERBS: &[&str] = &[
    "striv",
    "commit",
    "aim",
    "believ",
    "dedicat",
    "endeavo",
    "seek",
    "intend",
    "hope",
    "disclos",
    "according",
    "includ",
    "regard",
    "leading",
    "relat",
    "existing",
    "ongoing",
    "following",
    "expect",
    "support",
    "need",
    "leverag",
    "ensur",
];
const ACTORS: &[&str] = &["we", "they", "must", "can", "then", "users", "it", "who", "team", "staff"];
const NUMBER_WORDS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "hundred",
    "dozen",
];
const TIMES: &[&str] = &["day", "week", "month", "quarter", "year", "hour", "minute", "second"];
const HOW_OFTEN: &[&str] = &[
    "hourly",
    "daily",
    "weekly",
    "biweekly",
    "monthly",
    "quarterly",
    "annually",
    "annual",
    "yearly",
    "indefinitely",
    "continuously",
    "immediately",
];
const QUARTERS: &[&str] = &["q1", "q2", "q3", "q4"];
const LICENCES: &[&str] = &[
    "mit",
    "apache",
    "bsd",
    "gpl",
    "lgpl",
    "agpl",
    "mpl",
    "cc0",
    "openrail",
    "rail",
    "odbl",
    "odc",
    "cdla",
    "unlicense",
];
const DOCUMENTS: &[&str] = &[
    "policy",
    "policies",
    "report",
    "reports",
    "card",
    "cards",
    "paper",
    "documentation",
    "website",
    "page",
    "repository",
    "notice",
    "appendix",
    "annex",
    "guide",
    "specification",
    "manifest",
    "register",
    "portal",
    "form",
];
const SHOWN: &[&str] = &[
    "published",
    "publish",
    "publishes",
    "available",
    "see",
    "described",
    "documented",
    "released",
    "release",
    "released",
    "listed",
    "stated",
    "found",
    "linked",
    "open",
    "public",
    "outlined",
    "attached",
    "enclosed",
];
const REGION_CODES: &[&str] = &["eu", "us", "ap", "uk", "ca", "sa", "me", "af"];
const COMPASS: &[&str] =
    &["north", "south", "east", "west", "central", "northeast", "southeast", "northwest", "southwest", "region"];
/// Countries and continents in one word.
const PLACES: &[&str] = &[
    "africa",
    "algeria",
    "america",
    "argentina",
    "asia",
    "australia",
    "austria",
    "bahrain",
    "bangladesh",
    "belgium",
    "brazil",
    "britain",
    "bulgaria",
    "cambodia",
    "canada",
    "chile",
    "china",
    "colombia",
    "croatia",
    "cyprus",
    "czechia",
    "denmark",
    "ecuador",
    "egypt",
    "england",
    "estonia",
    "ethiopia",
    "europe",
    "finland",
    "france",
    "georgia",
    "germany",
    "ghana",
    "greece",
    "hungary",
    "iceland",
    "india",
    "indonesia",
    "iran",
    "iraq",
    "ireland",
    "israel",
    "italy",
    "japan",
    "jordan",
    "kazakhstan",
    "kenya",
    "korea",
    "kuwait",
    "latvia",
    "lebanon",
    "liechtenstein",
    "lithuania",
    "luxembourg",
    "malaysia",
    "malta",
    "mexico",
    "moldova",
    "monaco",
    "morocco",
    "nepal",
    "netherlands",
    "nigeria",
    "norway",
    "oceania",
    "oman",
    "pakistan",
    "panama",
    "peru",
    "philippines",
    "poland",
    "portugal",
    "qatar",
    "romania",
    "russia",
    "rwanda",
    "scotland",
    "senegal",
    "serbia",
    "singapore",
    "slovakia",
    "slovenia",
    "spain",
    "sweden",
    "switzerland",
    "taiwan",
    "tanzania",
    "thailand",
    "tunisia",
    "turkey",
    "türkiye",
    "uganda",
    "ukraine",
    "uruguay",
    "venezuela",
    "vietnam",
    "wales",
    "zambia",
    "zimbabwe",
];

#[cfg(test)]
mod tests {
    use super::{FactKind, facts};
    use crate::disclosure::sentence::Reading;

    fn kinds(text: &str) -> Vec<&'static str> {
        let reading = Reading::of(text);
        let all = reading.sentences.iter().flat_map(facts);
        all.collect::<std::collections::BTreeSet<FactKind>>().into_iter().map(FactKind::as_str).collect()
    }

    #[test]
    fn kinds_are_told_by_how_they_are_said() {
        for (text, wanted) in [
            ("It took 40 tonnes of steel.", FactKind::Amount),
            ("About half of the pairs are ours.", FactKind::Amount),
            ("Copies are kept for 90 days.", FactKind::Duration),
            ("The list is reviewed quarterly.", FactKind::Duration),
            ("It was opened in March 2024.", FactKind::Date),
            ("The bridge belongs to Aldous Ferries.", FactKind::Name),
            ("Wikipedia, and nothing else.", FactKind::Name),
            ("They are kept in Norway.", FactKind::Place),
            ("It runs in eu-north-1 alone.", FactKind::Place),
            ("All of it is under CC-BY-4.0.", FactKind::Licence),
            ("We hash each page and drop pages whose hash was seen before.", FactKind::Process),
            ("It is left out because nobody counted it.", FactKind::Reason),
            ("It is revision a91f03c of the file.", FactKind::Identifier),
            ("sha256:9f86d081884c7d659a2feaa0c55ad015", FactKind::Identifier),
            ("The rules are published in our handling policy.", FactKind::Document),
            ("https://example.org/rules", FactKind::Document),
        ] {
            assert!(kinds(text).contains(&wanted.as_str()), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn words_of_aims_hold_no_fact() {
        for text in [
            "We are deeply committed to quality and continuously strive for more of it.",
            "Various high-quality sources.",
            "It depends on many things.",
        ] {
            let found = kinds(text);
            assert!(found.iter().all(|kind| matches!(*kind, "reason" | "duration")), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_kind_is_not_found_where_there_is_none() {
        for (text, kind) in [
            ("GPT-4 and Section 3.4 are named.", FactKind::Amount),
            ("We may say so later.", FactKind::Date),
            ("We turn to the next question.", FactKind::Place),
            ("Quality matters.", FactKind::Process),
        ] {
            assert!(!kinds(text).contains(&kind.as_str()), "{text}: {:?}", kinds(text));
        }
    }
}
