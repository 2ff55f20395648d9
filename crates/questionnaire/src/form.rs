use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use stillwatch_core::Date;
use stillwatch_lineage::{Attribute, EdgeKind, IDENTIFIER, Of, Question, words};
use thiserror::Error;

use crate::disclosure::FactKind;

/// Who wants to know what: a TOML file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// The word that names it on the command line.
    pub id: String,
    pub title: String,
    pub kind: Kind,
    /// Who issued the text, and where it holds.
    pub issuer: String,
    /// The version or day of the text, as its issuer gives it.
    pub version: String,
    /// Where the text can be read.
    pub source: Vec<String>,
    /// The day on which it was read. What changed since is not in the file.
    pub read_on: Date,
    /// Who has to answer, what the file leaves out, and what it does not decide.
    pub notes: String,
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    /// The day on which it is asked, for a graph that is not held to a day: what does not apply then is not asked.
    #[serde(skip)]
    pub asked_on: Option<Date>,
}

words! {
    /// What stands behind a questionnaire.
    Kind {
        /// Asked by whoever buys.
        Buyer = "buyer",
        /// A form or a list of an authority that nobody has to fill in.
        Voluntary = "voluntary",
        /// A form that serves a duty under law.
        Form = "form",
        /// Rules of law or of a supervisor, with the days from which they apply.
        Law = "law",
    }
}

words! {
    /// Who may see an answer.
    Audience {
        AiOffice = "ai-office",
        Authorities = "authorities",
        Downstream = "downstream",
        Public = "public",
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: String,
    pub title: String,
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// One thing that is wanted: the answer to a question, any of some statements, or what no document can answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The place in the text where there is one, such as `XI.1.2(c)`.
    pub id: String,
    /// What is wanted, in words of our own.
    pub title: String,
    /// The question for a vendor.
    pub ask: String,
    /// What counts as an answer.
    #[serde(default)]
    pub counts: String,
    /// Kinds of fact that an answer must contain; read from how the question asks, if none is named.
    #[serde(default)]
    pub wants: Vec<FactKind>,
    /// Who may see the answer; everybody if nobody is named.
    #[serde(default)]
    pub audience: Vec<Audience>,
    pub question: Option<Question>,
    /// Edges and attributes of which any answers it; `identifier` for anything but a name.
    #[serde(default)]
    pub any_of: Vec<String>,
    #[serde(default)]
    pub of: Of,
    /// The attribute that keeps an answer in words, if not the one that [`Item::attribute`] takes by itself.
    pub answer: Option<String>,
    /// Answered by the vendor alone: no statement of the vocabulary stands for it.
    #[serde(default)]
    pub by_hand: bool,
    /// The first day on which it applies; always, if none is given.
    pub from: Option<Date>,
    /// The last day on which it applies.
    pub until: Option<Date>,
    /// Where this item stands, if not in the source of the whole.
    pub source: Option<String>,
}

impl Item {
    /// The attribute that an answer in words is read into: the one it names, else the first of `any_of` that may have
    /// several values. Never one with a single value: two items that ask for different sides of it ("which digest",
    /// "by which algorithm") would contradict each other.
    pub fn attribute(&self) -> Attribute {
        let has_many =
            |word: &&str| *word != IDENTIFIER && EdgeKind::parse(word).is_none() && !Attribute::is_single(word);
        let of_question = self.question.map(|question| match question {
            Question::VendorOutputs | Question::Synthetic => Attribute::CLAIM,
            Question::DataSources => Attribute::TRAINING_DATA,
            Question::Traceable => Attribute::DESCRIPTION,
            Question::ThirdParty => Attribute::VENDOR_DATA,
            Question::Compute => Attribute::HARDWARE,
            Question::Governance => Attribute::GOVERNANCE,
        });
        let named = self.any_of.iter().map(String::as_str).find(has_many);
        Attribute::new(self.answer.as_deref().or(named).or(of_question).unwrap_or(Attribute::CLAIM))
    }

    fn check(&self) -> Result<(), QuestionnaireError> {
        let id = || self.id.clone();
        if self.ask.trim().is_empty() {
            return Err(QuestionnaireError::NoAsk(id()));
        }
        if self.source.as_ref().is_some_and(|source| source.trim().is_empty()) {
            return Err(QuestionnaireError::NoSource(id()));
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| from > until) {
            return Err(QuestionnaireError::Days(id()));
        }
        let is_kept = |word: &&String| Attribute::KNOWN.contains(&word.as_str()) && !Attribute::is_single(word);
        match self.answer.as_ref().filter(|word| !is_kept(word)) {
            Some(word) => Err(QuestionnaireError::NoAnswer(id(), word.clone())),
            None => Ok(()),
        }
    }

    /// Whether it applies on a day. Without a day everything does.
    pub fn applies(&self, on: Option<Date>) -> bool {
        on.is_none_or(|on| self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until))
    }

    /// Whether one answer serves both.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        !self.by_hand && (self.question, &self.any_of, self.of) == (other.question, &other.any_of, other.of)
    }

    pub fn is_for(&self, audience: Option<Audience>) -> bool {
        audience.is_none_or(|audience| self.audience.is_empty() || self.audience.contains(&audience))
    }
}

/// Why a text is no questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QuestionnaireError {
    #[error("the questionnaire is larger than 1 MiB")]
    TooLarge,
    #[error("the questionnaire cannot be read{}: {message}", line.map(|line| format!(" at line {line}")).unwrap_or_default())]
    Malformed { line: Option<usize>, message: String },
    #[error("item `{0}` needs exactly one of `question`, `any_of` and `by_hand`")]
    Conditions(String),
    #[error("item `{0}` names `{1}`, which is no edge and no attribute")]
    NoPredicate(String, String),
    #[error("two items are called `{0}`")]
    Twice(String),
    #[error("the questionnaire has no item")]
    NoItem,
    #[error("item `{0}` asks nothing")]
    NoAsk(String),
    #[error("the source of `{0}` is empty")]
    NoSource(String),
    #[error("item `{0}` applies from a day after its last")]
    Days(String),
    #[error("item `{0}` keeps its answer in `{1}`, which is no attribute or has one value only")]
    NoAnswer(String, String),
}

impl Questionnaire {
    /// One of those in [`BUILT_IN`].
    pub fn built_in(id: &str) -> Option<Result<Self, QuestionnaireError>> {
        BUILT_IN.iter().find(|(own, _)| *own == id).map(|(_, text)| Self::parse(text))
    }

    /// Reads a questionnaire. One mistake makes the whole file an error: a question that is half read is not asked.
    pub fn parse(text: &str) -> Result<Self, QuestionnaireError> {
        if text.len() > MOST_BYTES {
            return Err(QuestionnaireError::TooLarge);
        }
        let read: Self = toml::from_str(text).map_err(|error| QuestionnaireError::Malformed {
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        let is_empty = |source: &String| source.trim().is_empty();
        if read.source.is_empty() || read.source.iter().any(is_empty) {
            return Err(QuestionnaireError::NoSource(read.id.clone()));
        }
        let mut seen: Vec<&str> = Vec::new();
        for item in read.items() {
            if seen.contains(&item.id.as_str()) {
                return Err(QuestionnaireError::Twice(item.id.clone()));
            }
            seen.push(&item.id);
            let ways =
                usize::from(item.question.is_some()) + usize::from(!item.any_of.is_empty()) + usize::from(item.by_hand);
            if ways != 1 {
                return Err(QuestionnaireError::Conditions(item.id.clone()));
            }
            let is_known = |word: &&String| {
                **word == IDENTIFIER || EdgeKind::parse(word).is_some() || Attribute::KNOWN.contains(&word.as_str())
            };
            if let Some(word) = item.any_of.iter().find(|word| !is_known(word)) {
                return Err(QuestionnaireError::NoPredicate(item.id.clone(), word.clone()));
            }
            item.check()?;
        }
        if seen.is_empty() { Err(QuestionnaireError::NoItem) } else { Ok(read) }
    }

    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| &section.items)
    }
}

/// An item of a questionnaire that comes with the program, by the id that a table gives it: `buyer/1.1`.
pub fn known(id: &str) -> Option<&'static Item> {
    static ITEMS: LazyLock<BTreeMap<String, Item>> = LazyLock::new(|| {
        let forms = BUILT_IN.iter().filter_map(|(_, text)| Questionnaire::parse(text).ok());
        let items = forms.flat_map(|form| {
            let of = form.id;
            let items = form.sections.into_iter().flat_map(|section| section.items);
            items.map(move |item| (format!("{of}/{}", item.id), item)).collect::<Vec<_>>()
        });
        items.collect()
    });
    ITEMS.get(id)
}

const MOST_BYTES: usize = 1 << 20;

/// Name and text of every questionnaire that comes with the program.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("buyer", include_str!("../questionnaires/buyer.toml")),
    ("eu-gpai-form", include_str!("../questionnaires/eu-gpai-form.toml")),
    ("eu-annex-xi", include_str!("../questionnaires/eu-annex-xi.toml")),
    ("eu-annex-xii", include_str!("../questionnaires/eu-annex-xii.toml")),
    ("eu-training-content", include_str!("../questionnaires/eu-training-content.toml")),
    ("g7-sbom-for-ai", include_str!("../questionnaires/g7-sbom-for-ai.toml")),
    ("eu-ai-act", include_str!("../questionnaires/laws/eu-ai-act.toml")),
    ("uk", include_str!("../questionnaires/laws/uk.toml")),
    ("us-ftc", include_str!("../questionnaires/laws/us-ftc.toml")),
    ("india", include_str!("../questionnaires/laws/india.toml")),
    ("brazil", include_str!("../questionnaires/laws/brazil.toml")),
];
