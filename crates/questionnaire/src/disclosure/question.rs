//! What a question asks for, read from its words, its notes and its example.

use std::collections::BTreeSet;

use super::Asked;
use super::answer::AnswerContent;
use super::mark::{CURRENCY, PER_CENT};
use super::need::{Need, declared, needs};
use super::sentence::{Reading, Sentence, Sign, Word, is_negation, stem};

/// What is asked for. A part that the asker left empty is `None`: it counts for what is usual.
#[expect(clippy::struct_excessive_bools, reason = "what is asked for does not exclude anything else")]
pub(super) struct QuestionContent {
    pub(super) question: BTreeSet<String>,
    pub(super) notes: Option<BTreeSet<String>>,
    pub(super) example: Option<BTreeSet<String>>,
    /// An amount, a share, a number of something.
    pub(super) quantity: bool,
    /// The question, the notes or the example speak of a link or of a document to be shown.
    pub(super) link: bool,
    /// "Is the size disclosed?", "Does the vendor…?"
    pub(super) yes_or_no: bool,
    /// The notes or the example take "no" for an answer.
    pub(super) accepts_no: Option<bool>,
    /// The item declares itself which kinds of fact it wants.
    pub(super) declares: bool,
    /// Kinds of fact that the item declares, or else that the question asks for.
    pub(super) needs: Vec<Need>,
    /// Kinds of fact that the notes speak of.
    pub(super) needs_of_notes: Vec<Need>,
    /// Signs that are units of what is asked for: per cent, currencies.
    signs: Vec<&'static str>,
    /// Numbers as written, in the question with its notes and in the example.
    numbers: [BTreeSet<String>; 2],
}

impl QuestionContent {
    pub(super) fn of(asked: &Asked<'_>) -> Self {
        let question = Reading::of(asked.question);
        let notes = Some(Reading::of(asked.notes)).filter(|reading| !reading.sentences.is_empty());
        let example = Some(Reading::of(asked.example)).filter(|reading| !reading.sentences.is_empty());
        let asking = || question.words().chain(notes.iter().flat_map(Reading::words));
        let speaks = |list: &[&str]| asking().any(|word| list.contains(&word.lower.as_str()));
        let denies = |example: &Reading| example.sentences[0].words.iter().take(4).any(|word| is_negation(&word.lower));
        let mut signs = Vec::new();
        if speaks(SHARES) || asking().any(|word| word.sign == Some(Sign::PerCent)) {
            signs.push(PER_CENT);
        }
        if speaks(MONEY) || asking().any(|word| word.sign == Some(Sign::Currency)) {
            signs.push(CURRENCY);
        }
        let needs = if asked.wants.is_empty() { needs(&question) } else { declared(asked.wants) };
        Self {
            needs,
            declares: !asked.wants.is_empty(),
            needs_of_notes: notes.as_ref().map(super::need::needs).unwrap_or_default(),
            quantity: asks_amount(&question) || notes.as_ref().is_some_and(speaks_of_significant_figures),
            link: asking()
                .chain(example.iter().flat_map(Reading::words))
                .any(|word| word.link || LINK.contains(&word.lower.as_str())),
            yes_or_no: question.words().next().is_some_and(|word| YES_OR_NO.contains(&word.lower.as_str())),
            accepts_no: (notes.is_some() || example.is_some()).then(|| {
                notes.as_ref().is_some_and(|notes| notes.sentences.iter().any(accepts_no))
                    || example.as_ref().is_some_and(denies)
            }),
            signs,
            numbers: [numbers(asking()), numbers(example.iter().flat_map(Reading::words))],
            question: content(&question),
            notes: notes.as_ref().map(content),
            example: example.as_ref().map(content),
        }
    }

    /// Whether an answer has a quantity of what was asked for. A question alone seldom names the unit.
    pub(super) fn fitting(&self, said: &AnswerContent) -> bool {
        (self.alone() && !said.quantities.is_empty())
            || said.quantities.values().flatten().any(|unit| self.measures_in(unit))
    }

    /// Whether a quantity in this unit is one that was asked for: the question, its notes or its example speak of it.
    fn measures_in(&self, unit: &str) -> bool {
        self.signs.contains(&unit) || self.speaks_of(stem(unit))
    }

    /// Whether the question or its notes hold a number, as written.
    pub(super) fn asks_with_number(&self, number: &str) -> bool {
        self.numbers[0].contains(number)
    }

    /// Whether the question, its notes or its example hold a number, as written.
    pub(super) fn gives_number(&self, number: &str) -> bool {
        self.numbers.iter().any(|numbers| numbers.contains(number))
    }

    /// It asks for one thing that is told by a mark of its own: a name, an amount, a day, a place.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.needs.as_slice(), [only] if only.any_of.iter().all(|kind| kind.is_firm()))
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

fn content(reading: &Reading) -> BTreeSet<String> {
    reading.words().filter(|word| word.content()).map(|word| stem(&word.lower).to_owned()).collect()
}

fn numbers<'a>(words: impl Iterator<Item = &'a Word>) -> BTreeSet<String> {
    words.filter(|word| word.number()).map(|word| word.lower.clone()).collect()
}

/// "to one significant figure".
fn speaks_of_significant_figures(notes: &Reading) -> bool {
    notes.sentences.iter().any(|sentence| {
        sentence.words.windows(2).any(|pair| pair[0].lower == "significant" && pair[1].lower.starts_with("figure"))
    })
}

/// "…or states that it has none", "alternatively, say why it is not known": a denial beside a word of saying. Not "we
/// will not accept…", "even if it is not disclosed", "need not be published" or "not only".
fn accepts_no(sentence: &Sentence) -> bool {
    let words = &sentence.words;
    let starts = |word: &Word, list: &[&str]| list.iter().any(|start| word.lower.starts_with(start));
    let says = |word: &Word| starts(word, SAYING) && !word.lower.starts_with("indicator");
    let about_the_rules = words.windows(2).any(|pair| {
        (is_negation(&pair[0].lower) && (starts(&pair[1], RULING) || says(&pair[1])))
            || (pair[0].lower == "need" && is_negation(&pair[1].lower))
    });
    !about_the_rules
        && words.iter().any(says)
        && words.iter().any(|word| is_negation(&word.lower) || word.lower == "prohibited")
}

const SAYING: &[&str] =
    &["disclos", "state", "stating", "report", "indicat", "say", "explain", "justif", "confirm", "award", "accept"];
const RULING: &[&str] = &["count", "suffic", "enough", "need", "necessar", "requir", "just", "only"];

/// Words of amount, but for "ranked by volume".
fn asks_amount(question: &Reading) -> bool {
    question.sentences.iter().any(|sentence| {
        sentence.words.iter().enumerate().any(|(place, word)| {
            QUANTITY.contains(&word.lower.as_str()) && (place == 0 || sentence.words[place - 1].lower != "by")
        })
    })
}

const QUANTITY: &[&str] = &[
    "amount",
    "size",
    "many",
    "much",
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
    "cost",
    "costs",
    "price",
    "duration",
    "frequency",
    "long",
    "often",
    "quantity",
    "rate",
    "composition",
    "allocation",
    "allocated",
    "volume",
];
const SHARES: &[&str] = &[
    "percent",
    "percentage",
    "percentages",
    "proportion",
    "proportions",
    "portion",
    "portions",
    "share",
    "shares",
    "composition",
    "rate",
    "rates",
    "fraction",
];
const MONEY: &[&str] = &[
    "usd",
    "eur",
    "dollar",
    "dollars",
    "euro",
    "euros",
    "currency",
    "monetary",
    "cost",
    "costs",
    "price",
    "compensation",
];
const YES_OR_NO: &[&str] = &[
    "is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "can", "could", "will", "would", "may",
    "should",
];
const LINK: &[&str] = &["url", "urls", "link", "links", "website", "page", "pointer", "published"];
