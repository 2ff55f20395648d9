//! What an answer holds, counted.

use std::collections::{BTreeMap, BTreeSet};

use super::Disclosure;
use super::fact::{FactKind, facts, is_none};
use super::sentence::{Reading, Sentence, Sign, Word, is_grammar, is_negation, stem};

/// An answer, counted. A sentence that only says that it will not be said is left out of everything but `withheld`.
#[derive(Default)]
pub(super) struct AnswerContent {
    /// Words without links.
    pub(super) words: usize,
    /// Words without links in sentences that withhold.
    pub(super) withheld: usize,
    pub(super) links: usize,
    /// Numbers with a unit or a thing counted, as written, once each, and the words that may be their unit.
    pub(super) quantities: BTreeMap<String, Vec<String>>,
    /// Proper names, once each.
    pub(super) names: BTreeSet<String>,
    /// Stems of the words that say something, once each.
    pub(super) content: BTreeSet<String>,
    pub(super) hedges: usize,
    /// The first sentence denies: "No third party has access."
    pub(super) denies: bool,
    /// The first sentence says that there is none: "None of the examples was written by a model."
    pub(super) none: bool,
    /// The first sentence asks: "What is the size?"
    pub(super) asks: bool,
    /// Words in long runs without a word of grammar, a number, a name or a comma.
    pub(super) strung: usize,
    /// Sentence by sentence, without those that withhold.
    pub(super) sentences: Vec<SentenceContent>,
}

/// What one sentence holds.
pub(super) struct SentenceContent {
    pub(super) kinds: BTreeSet<FactKind>,
    /// Stems of the words that say something.
    pub(super) content: BTreeSet<String>,
}

impl AnswerContent {
    pub(super) fn of(reading: &Reading) -> Self {
        let mut said = Self::default();
        let mut first = true;
        for sentence in &reading.sentences {
            let words = sentence.words.iter().filter(|word| !word.link).count();
            said.links += sentence.words.len() - words;
            if withholds(sentence) {
                said.withheld += words;
                continue;
            }
            said.words += words;
            if first && words > 0 {
                said.denies = sentence.words.iter().take(FAR).any(|word| is_negation(&word.lower));
                said.none = is_none(sentence);
                said.asks = sentence.asks;
                first = false;
            }
            said.count(sentence);
            let content = sentence.words.iter().filter(|word| word.content());
            said.sentences.push(SentenceContent {
                kinds: facts(sentence),
                content: content.map(|word| stem(&word.lower).to_owned()).collect(),
            });
        }
        said
    }

    /// What an answer is that does not disclose what was asked.
    pub(super) fn lacking(&self) -> Disclosure {
        if self.withheld > 0 {
            Disclosure::Withheld
        } else if self.points_elsewhere() {
            Disclosure::Elsewhere
        } else {
            Disclosure::Vague
        }
    }

    /// Whether it holds a fact of this kind.
    pub(super) fn holds(&self, kind: FactKind) -> bool {
        self.sentences.iter().any(|sentence| sentence.kinds.contains(&kind))
    }

    /// Neither a link nor a denial, and too few words.
    pub(super) fn says_scarcely_anything(&self) -> bool {
        self.content.len() < SCARCE && self.links == 0 && !self.denies
    }

    /// A link with few words beside it.
    pub(super) fn points_elsewhere(&self) -> bool {
        self.links > 0 && self.words < LONG
    }

    fn count(&mut self, sentence: &Sentence) {
        let words = &sentence.words;
        let mut run = 0;
        let mut name: Vec<&str> = Vec::new();
        for (place, word) in words.iter().enumerate() {
            if word.link {
                run = 0;
                continue;
            }
            if is_quantity(words, place) {
                self.quantities.entry(word.lower.clone()).or_default().extend(units(words, place));
            }
            let named = is_name(word, place == 0);
            if named {
                name.push(&word.lower);
            }
            if !named || word.closed || place + 1 == words.len() {
                if !name.is_empty() {
                    self.names.insert(name.join(" "));
                }
                name.clear();
            }
            let grammar = is_grammar(&word.lower);
            self.hedges += usize::from(is_hedge(&word.lower));
            if word.content() {
                self.content.insert(stem(&word.lower).to_owned());
            }
            run = if grammar || named || word.number() { 0 } else { run + 1 };
            if run >= LONG {
                self.strung += if run == LONG { LONG } else { 1 };
            }
            if word.closed {
                run = 0;
            }
        }
    }
}

/// Fewer words that say something are scarcely anything.
const SCARCE: usize = 4;

/// English sentences have no such run of words, and fewer words beside a link are its title.
const LONG: usize = 12;

/// A denial stands among the first words.
const FAR: usize = 12;

/// Whether a sentence says that it will not be said: "we do not publicly disclose this", "no information is given",
/// "details are confidential". "We do not keep such data" says something and withholds nothing.
pub(super) fn withholds(sentence: &Sentence) -> bool {
    let words = &sentence.words;
    let denied = |place: usize, reach: usize| {
        words[place.saturating_sub(reach)..place].iter().any(|word| is_negation(&word.lower))
    };
    let before = |place: usize, list: &[&str]| place > 0 && list.contains(&words[place - 1].lower.as_str());
    words.iter().enumerate().any(|(place, word)| {
        let lower = word.lower.as_str();
        if ["disclos", "reveal", "divulg", "publici", "publish"].iter().any(|stem| lower.starts_with(stem)) {
            return denied(place, 5);
        }
        match lower {
            "undisclosed" | "withheld" | "withhold" | "unspecified" => true,
            "confidential" | "proprietary" | "secret" => {
                place + 1 == words.len()
                    && (place < 4
                        || before(place, &["is", "are", "remain", "remains", "strictly", "considered", "kept"]))
            }
            "share" | "shared" => {
                denied(place, 5)
                    && words.get(place + 1).is_none_or(|next| {
                        matches!(
                            next.lower.as_str(),
                            "this"
                                | "these"
                                | "that"
                                | "it"
                                | "such"
                                | "details"
                                | "information"
                                | "specifics"
                                | "numbers"
                                | "figures"
                                | "publicly"
                                | "any"
                        )
                    })
            }
            "information" | "details" | "detail" => {
                denied(place, 3) && (before(place, &["no", "any", "specific", "further", "such", "provide"]))
            }
            "available" | "known" | "specified" | "stated" | "found" | "reported" | "public" => {
                place > 0
                    && (is_negation(&words[place - 1].lower) && words[place - 1].lower != "no"
                        || (before(place, &["publicly", "yet", "currently"]) && denied(place, 3)))
            }
            _ => false,
        }
    })
}

/// A number that counts or measures something: "40%", "$2 million", "14.8T tokens", "1,500 processors". Neither
/// "GPT-4", "Section 3.4" nor the year 2023.
pub(super) fn is_quantity(words: &[Word], place: usize) -> bool {
    let word = &words[place];
    if !word.number() {
        return false;
    }
    if word.sign.is_some() {
        return true;
    }
    let digits = word.lower.trim_end_matches(|character: char| character.is_alphabetic());
    let suffix = &word.lower[digits.len()..];
    if !suffix.is_empty() {
        return UNITS.contains(&suffix);
    }
    let previous = place.checked_sub(1).map(|before| &words[before]);
    if let Some(previous) = previous
        && !previous.closed
        && ((previous.capital() && place > 1)
            || matches!(
                previous.lower.as_str(),
                "section"
                    | "version"
                    | "v"
                    | "figure"
                    | "table"
                    | "chapter"
                    | "article"
                    | "page"
                    | "no"
                    | "item"
                    | "step"
                    | "stage"
                    | "phase"
                    | "level"
            ))
    {
        return false;
    }
    if word.closed {
        return false;
    }
    // Powers: "5 x 10^25 FLOPs".
    let mut next = words.get(place + 1);
    if let Some(after) = next
        && matches!(after.lower.as_str(), "x" | "×")
    {
        next = words.get(place + 2);
        return next.is_some_and(Word::number);
    }
    next.is_some_and(|next| {
        UNITS.contains(&next.lower.as_str())
            || (next.content() && next.text.starts_with(char::is_lowercase) && !next.lower.ends_with("ed"))
            || (next.capital() && next.text.ends_with('s') && next.text.len() > 2)
    })
}

/// The words that may say what a number counts: "%", "$", its own suffix, and the words after it up to a comma.
fn units(words: &[Word], place: usize) -> Vec<String> {
    let number = &words[place];
    let mut units = Vec::new();
    match number.sign {
        Some(Sign::PerCent) => units.push(PER_CENT.to_owned()),
        Some(Sign::Currency) => units.push(CURRENCY.to_owned()),
        None => {}
    }
    let digits = number.lower.trim_end_matches(|character: char| character.is_alphabetic());
    units.push(number.lower[digits.len()..].to_owned());
    if number.closed {
        return units;
    }
    for word in words[place + 1..].iter().take(NEAR) {
        if word.content() {
            units.push(word.lower.clone());
        }
        if word.closed {
            break;
        }
    }
    units
}

pub(super) const PER_CENT: &str = "%";
pub(super) const CURRENCY: &str = "$";

/// "2.6 million H800 GPU hours": the unit stands among so many words.
const NEAR: usize = 5;

/// A capital inside a sentence, or a word of more than one capital or of letters and digits: "Amazon", "NVIDIA", "H100".
pub(super) fn is_name(word: &Word, first: bool) -> bool {
    if COMMON.contains(&word.text.as_str()) {
        return false;
    }
    if word.link || word.number() || is_grammar(&word.lower) || word.text.chars().nth(1).is_none() {
        return false;
    }
    let odd = word.text.chars().skip(1).any(|character| character.is_uppercase() || character.is_ascii_digit());
    (word.capital() && !first) || odd
}

/// Abbreviations of techniques and words with a capital that name nobody.
const COMMON: &[&str] = &[
    "AI", "API", "APIs", "CEO", "CPU", "CPUs", "DPO", "FAQ", "GPU", "GPUs", "ID", "IDs", "Internet", "LLM", "LLMs",
    "ML", "OK", "PDF", "PII", "RLHF", "SFT", "TPU", "TPUs", "UI", "URL", "Web",
];

/// Words that leave open how much, which or whether.
pub(super) fn is_hedge(lower: &str) -> bool {
    HEDGES.binary_search(&lower).is_ok()
}

/// In the order of the alphabet.
const HEDGES: &[&str] = &[
    "advanced",
    "aim",
    "appropriate",
    "best",
    "broad",
    "certain",
    "committed",
    "comprehensive",
    "could",
    "different",
    "diverse",
    "ensure",
    "ensures",
    "ensuring",
    "etc",
    "generally",
    "help",
    "helps",
    "high",
    "industry",
    "leading",
    "like",
    "many",
    "may",
    "might",
    "multiple",
    "numerous",
    "often",
    "possible",
    "possibly",
    "potential",
    "range",
    "relevant",
    "responsible",
    "responsibly",
    "rigorous",
    "robust",
    "several",
    "some",
    "standard",
    "strive",
    "such",
    "typically",
    "usually",
    "variety",
    "various",
    "wide",
];

const UNITS: &[&str] = &[
    "%", "percent", "k", "m", "b", "t", "bn", "mn", "kb", "mb", "gb", "tb", "pb", "kw", "mw", "gw", "w", "kwh", "mwh",
    "gwh", "h", "hr", "hrs", "s", "ms", "min", "kg", "t", "ml", "l", "usd", "eur", "gbp", "flop", "flops", "gpu",
    "gpus", "tpu", "tpus", "million", "billion", "trillion", "thousand", "hundred", "dozen", "tco2", "tco2e", "tco2eq",
    "bit", "bits", "x", "years", "year",
];

#[cfg(test)]
mod tests {
    use super::{AnswerContent, HEDGES, Reading};

    fn said(text: &str) -> AnswerContent {
        AnswerContent::of(&Reading::of(text))
    }

    #[test]
    fn hedges_can_be_searched() {
        assert!(HEDGES.is_sorted());
    }

    #[test]
    fn quantities_are_numbers_of_something() {
        for (text, count) in [
            ("We trained on 14.8T tokens.", 1),
            ("It took 5 x 10^25 FLOPs.", 2),
            ("It cost $2.5 million, 40% of it for power.", 2),
            ("As Section 3.4 says, GPT-4 and Llama 2 were released in 2023.", 0),
            ("1,500 processors and 12 racks", 2),
        ] {
            assert_eq!(said(text).quantities.len(), count, "{text}: {:?}", said(text).quantities);
        }
    }

    #[test]
    fn withholding_is_told_from_denying() {
        for text in [
            "We do not publicly disclose this.",
            "No information was provided about energy.",
            "The figures remain undisclosed.",
            "This is strictly confidential.",
            "We can't share that.",
        ] {
            assert_eq!(said(text).words, 0, "{text}");
        }
        for text in
            ["We do not train on customer data.", "No third party has access.", "Confidential records are deleted."]
        {
            assert_eq!(said(text).withheld, 0, "{text}");
        }
    }

    #[test]
    fn names_of_several_words_are_one() {
        let names = said("We buy from Blue Heron Ltd, NVIDIA and Example Corp.").names;
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["blue heron ltd", "example corp", "nvidia"]);
    }
}
