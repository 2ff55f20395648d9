//! What an answer holds, counted.

use std::collections::{BTreeMap, BTreeSet};

use super::Disclosure;
use super::fact::{FactKind, facts, is_none};
use super::mark::{is_hedge, is_name, is_quantity, units};
use super::sentence::{Reading, Sentence, is_grammar, is_negation, stem};

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

#[cfg(test)]
mod tests {
    use super::{AnswerContent, Reading};

    fn said(text: &str) -> AnswerContent {
        AnswerContent::of(&Reading::of(text))
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
