//! What a question asks for, read from its words, its notes and its example.

use std::collections::BTreeSet;

use super::Asked;
use super::said::Said;
use super::words::{Reading, Sentence, is_negation, stem};

/// What is asked for. A part that the asker left empty is `None`: it counts for what is usual.
pub(super) struct Wanted {
    pub(super) question: BTreeSet<String>,
    pub(super) notes: Option<BTreeSet<String>>,
    pub(super) example: Option<BTreeSet<String>>,
    /// An amount, a share, a number of something.
    pub(super) quantity: bool,
    /// Shares of a whole, so that per cent is a unit.
    pub(super) shares: bool,
    /// Money, so that a currency is a unit.
    pub(super) money: bool,
    /// "Is the size disclosed?", "Does the vendor…?"
    pub(super) yes_or_no: bool,
    /// Who or which: names.
    pub(super) names: bool,
    /// The question, the notes or the example speak of a link or of a document to be shown.
    pub(super) link: bool,
    /// The notes or the example take "no" for an answer.
    pub(super) accepts_no: Option<bool>,
    /// Words that ask for all of it, in a hundred words.
    pub(super) strict: f64,
    /// Words that ask for some of it, in a hundred words.
    pub(super) lenient: f64,
    /// Numbers of the question and its notes as written, so that a pasted one is known.
    pub(super) numbers: BTreeSet<String>,
    /// Numbered requirements: (i), (ii), (iii).
    pub(super) requirements: usize,
}

impl Wanted {
    pub(super) fn of(asked: &Asked<'_>) -> Self {
        let question = Reading::of(asked.question);
        let notes = Some(Reading::of(asked.notes)).filter(|reading| !reading.sentences.is_empty());
        let example = Some(Reading::of(asked.example)).filter(|reading| !reading.sentences.is_empty());
        let asking = || question.sentences.iter().chain(notes.iter().flat_map(|notes| &notes.sentences));
        let all = || asking().flat_map(|sentence| &sentence.words);
        let length = all().count().max(FEW) as f64;
        let share = |list: &[&str]| {
            all().filter(|word| list.contains(&word.lower.as_str())).count() as f64 * 100.0 / length
        };
        let (strict, lenient) = (share(STRICT), share(LENIENT));
        let says = |reading: &Reading, list: &[&str]| {
            reading.words().any(|word| word.link || list.contains(&word.lower.as_str()))
        };
        let denies = |example: &Reading| {
            example.sentences[0].words.iter().take(4).any(|word| is_negation(&word.lower))
        };
        Self {
            quantity: says(&question, QUANTITY)
                || notes.as_ref().is_some_and(|notes| says_pair(notes, "significant")),
            shares: all().any(|word| word.signed || SHARES.contains(&word.lower.as_str())),
            money: all().any(|word| MONEY.contains(&word.lower.as_str())),
            yes_or_no: question.words().next().is_some_and(|word| YES_OR_NO.contains(&word.lower.as_str())),
            names: says(&question, NAMES),
            link: [Some(&question), notes.as_ref(), example.as_ref()].into_iter().flatten().any(|part| says(part, LINK)),
            accepts_no: (notes.is_some() || example.is_some()).then(|| {
                notes.as_ref().is_some_and(|notes| notes.sentences.iter().any(accepts_no))
                    || example.as_ref().is_some_and(denies)
            }),
            strict,
            lenient,
            numbers: all().filter(|word| word.number()).map(|word| word.lower.clone()).collect(),
            requirements: notes.as_ref().map_or(0, |notes| notes.markers) + question.markers,
            question: content(&question),
            notes: notes.as_ref().map(content),
            example: example.as_ref().map(content),
        }
    }

    /// Whether an answer holds the kind of thing that was asked for, where that is a quantity or names.
    pub(super) fn given_kind(&self, said: &Said) -> bool {
        (self.quantity && self.fitting(said))
            || (self.names && !self.quantity && said.names.iter().any(|name| !name.split(' ').all(|word| self.asks_with(stem(word)))))
    }

    /// Whether an answer has a quantity of what was asked for. A question alone seldom names the unit.
    pub(super) fn fitting(&self, said: &Said) -> bool {
        (self.alone() && !said.quantities.is_empty()) || said.quantities.values().flatten().any(|unit| self.measures_in(unit))
    }

    /// Whether a quantity in this unit is one that was asked for: the question, its notes or its example speak of it.
    fn measures_in(&self, unit: &str) -> bool {
        match unit {
            "%" => self.shares,
            "$" => self.money,
            _ => self.speaks_of(stem(unit)),
        }
    }

    /// There are neither notes nor an example.
    pub(super) fn alone(&self) -> bool {
        self.notes.is_none() && self.example.is_none()
    }

    /// Whether the question, its notes or its example hold a word.
    pub(super) fn speaks_of(&self, stem: &str) -> bool {
        self.asks_with(stem) || self.example.as_ref().is_some_and(|example| example.contains(stem))
    }

    /// Whether the question or its notes hold a word.
    pub(super) fn asks_with(&self, stem: &str) -> bool {
        self.question.contains(stem) || self.notes.as_ref().is_some_and(|notes| notes.contains(stem))
    }
}

/// Shorter questions are counted as if they had so many words, so that one word does not make them strict.
const FEW: usize = 20;

fn content(reading: &Reading) -> BTreeSet<String> {
    reading.words().filter(|word| word.content()).map(|word| stem(&word.lower).to_owned()).collect()
}

fn says_pair(reading: &Reading, first: &str) -> bool {
    reading.sentences.iter().any(|sentence| {
        sentence.words.windows(2).any(|pair| pair[0].lower == first && pair[1].lower.starts_with("figure"))
    })
}

/// "…or states that it has none", "alternatively, say why it is not known": a denial beside a word of saying, and not
/// "we do not accept…".
fn accepts_no(sentence: &Sentence) -> bool {
    let words = &sentence.words;
    let refuses = words.windows(2).any(|pair| {
        is_negation(&pair[0].lower)
            && ["award", "accept", "count", "suffic", "enough", "need", "necessar", "requir", "have"].iter().any(|stem| {
                pair[1].lower.starts_with(stem) && (*stem != "have" || !sentence_says(sentence))
            })
    });
    !refuses && sentence_says(sentence) && words.iter().any(|word| is_negation(&word.lower) || word.lower == "prohibited")
}

fn sentence_says(sentence: &Sentence) -> bool {
    ["disclos", "stat", "report", "indicat", "say", "explain", "justif", "confirm", "award", "accept"]
        .iter()
        .any(|stem| sentence.words.iter().any(|word| word.lower.starts_with(stem)))
}

const QUANTITY: &[&str] = &[
    "amount", "size", "many", "much", "number", "numbers", "statistics", "percent", "percentage", "percentages",
    "proportion", "proportions", "portion", "share", "cost", "costs", "price", "duration", "frequency", "long", "often",
    "quantity", "rate", "composition", "allocation", "allocated", "volume",
];
const SHARES: &[&str] = &[
    "percent", "percentage", "percentages", "proportion", "proportions", "portion", "portions", "share", "shares",
    "composition", "rate", "rates", "fraction",
];
const MONEY: &[&str] =
    &["usd", "eur", "dollar", "dollars", "euro", "euros", "currency", "monetary", "cost", "costs", "price", "compensation"];
const YES_OR_NO: &[&str] =
    &["is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "can", "could", "will", "would", "may", "should"];
const NAMES: &[&str] =
    &["which", "who", "name", "names", "named", "list", "top", "largest", "entities", "parties", "providers", "provider", "suppliers", "supplier", "vendors", "vendor", "sources", "contracts"];
const LINK: &[&str] = &["url", "urls", "link", "links", "website", "page", "pointer", "published"];
const STRICT: &[&str] = &[
    "must", "should", "all", "each", "every", "both", "require", "requires", "required", "need", "needs", "exhaustive",
    "complete", "precise", "precision", "precisely", "exact", "exactly", "verbatim", "enough", "sufficient",
];
const LENIENT: &[&str] = &[
    "any", "may", "might", "some", "or", "either", "alternatively", "rough", "roughly", "general", "generally",
    "potentially", "incomplete", "partial", "partially", "reasonable", "approximate", "approximately", "vague",
    "example", "examples",
];
