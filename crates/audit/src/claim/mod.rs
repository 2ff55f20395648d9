//! What a text says of its own author: "I am an assistant made by …" (class C).
//!
//! A name alone means nothing, so a claim needs a first person that leads to the name through words that describe a
//! machine or its making. A claim that is denied, supposed, quoted, said by a person or put into the author's mouth by
//! the prompt is kept apart by its [`Standing`]. Even a plain claim concludes nothing: such sentences are copied from
//! the web, repeated by models that learned them from others, and can be planted.

mod fixed;
mod frame;
mod gate;
mod language;
mod quotation;
mod reading;
mod sentence;
mod setting;
mod standing;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;
mod vendors;
mod words;

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use stillwatch_core::{Author, Document};

pub(crate) use self::gate::Gate;
use self::language::GENERIC;
use self::quotation::Quotation;
use self::sentence::Sentence;
use self::setting::Setting;
pub use self::standing::{ClaimSort, Standing};
use self::vendors::{Name, VENDORS};
pub(crate) use self::vendors::{same_vendor, vendor_names};

/// Raised whenever a table or a rule of this room changes.
pub const CLAIM_RULES_VERSION: u32 = 3;

/// A place where a text speaks of its own author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The maker that is named; `None` where the text only says that it is a machine's.
    pub vendor: Option<&'static str>,
    pub sort: ClaimSort,
    pub standing: Standing,
    /// Bytes of the text from the start of the statement to the end of the name.
    pub span: Range<usize>,
}

/// Finds claims. It is built once and shared by all threads.
#[derive(Debug)]
pub struct Claims {
    searcher: AhoCorasick,
    /// For each pattern the vendor's number and the name; `None` for a generic phrase.
    patterns: Vec<Option<(usize, Name)>>,
    setting: Setting,
}

impl Default for Claims {
    fn default() -> Self {
        let named =
            VENDORS.iter().enumerate().flat_map(|(vendor, maker)| maker.names.iter().map(move |name| (vendor, *name)));
        let (mut patterns, mut texts) = (Vec::new(), Vec::new());
        for (vendor, name) in named {
            texts.push(name.text);
            patterns.push(Some((vendor, name)));
        }
        texts.extend(GENERIC);
        patterns.resize(texts.len(), None);
        let searcher = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&texts)
            .unwrap_or_else(|error| unreachable!("the table of names is constant: {error}"));
        Self { searcher, patterns, setting: Setting::default() }
    }
}

impl Claims {
    /// The names of all makers that can be recognised, in order.
    pub fn vendors() -> impl Iterator<Item = &'static str> {
        VENDORS.iter().map(|vendor| vendor.name)
    }

    /// The claims of a text in the order in which they stand.
    pub fn find(&self, document: &Document<'_>, visit: impl FnMut(Claim)) {
        self.find_in(document, std::slice::from_ref(&(0..document.text.len())), visit);
    }

    /// The claims whose name or phrase lies in one of these ranges of the text, which ascend and do not meet.
    pub(crate) fn find_in(&self, document: &Document<'_>, ranges: &[Range<usize>], mut visit: impl FnMut(Claim)) {
        let text = document.text;
        // Read once a name is found, and then once.
        let mut quotation = None;
        for range in ranges {
            let part = text.get(range.clone()).unwrap_or_default();
            for found in self.searcher.find_iter(part) {
                let span = range.start + found.start()..range.start + found.end();
                if !stands_alone(text, &span) {
                    continue;
                }
                let quotation = quotation.get_or_insert_with(|| Quotation::of(text));
                let claim = match self.patterns[found.pattern().as_usize()] {
                    Some((vendor, name)) => self.named(document, vendor, name, &span, quotation),
                    None => self.generic(document, span, quotation),
                };
                if let Some(claim) = claim {
                    visit(claim);
                }
            }
        }
    }

    fn named(
        &self,
        document: &Document<'_>,
        vendor: usize,
        name: Name,
        span: &Range<usize>,
        quotation: &Quotation,
    ) -> Option<Claim> {
        let statement = {
            let sentence = Sentence::around(document.text, span);
            statement::statement(&sentence, name.ambiguous, document.author == Author::Model, quotation)?
        };
        let standing = match statement.standing {
            _ if document.author == Author::Person => Standing::Person,
            Standing::Plain if self.is_elicited(document, vendor) => Standing::Elicited,
            Standing::Plain if self.is_instructed(document, span.start) => Standing::Supposed,
            standing => standing,
        };
        let vendor = Some(VENDORS[vendor].name);
        Some(Claim { vendor, sort: statement.sort, standing, span: statement.start..span.end })
    }

    fn generic(&self, document: &Document<'_>, span: Range<usize>, quotation: &Quotation) -> Option<Claim> {
        let standing = statement::phrase(&Sentence::around(document.text, &span), quotation)?;
        let phrase = &document.text[span.clone()];
        let asked = || context(document).any(|text| contains_ignoring_case(text, phrase));
        let standing = match standing {
            _ if document.author == Author::Person => Standing::Person,
            Standing::Plain if asked() => Standing::Elicited,
            Standing::Plain if self.is_instructed(document, span.start) => Standing::Supposed,
            standing => standing,
        };
        Some(Claim { vendor: None, sort: ClaimSort::Machine, standing, span })
    }

    /// Whether a text, of which nobody says that a model wrote it, tells a model what to say.
    fn is_instructed(&self, document: &Document<'_>, at: usize) -> bool {
        document.author == Author::Unknown && self.setting.instructs(document.text, at)
    }

    /// Whether the text answers something that names the maker.
    fn is_elicited(&self, document: &Document<'_>, vendor: usize) -> bool {
        context(document).any(|text| {
            let mut names = self.searcher.find_iter(text).filter(|found| stands_alone(text, &found.range()));
            names.any(|found| self.patterns[found.pattern().as_usize()].is_some_and(|(named, _)| named == vendor))
        })
    }
}

fn context<'a>(document: &Document<'a>) -> impl Iterator<Item = &'a str> {
    [document.prompt, document.system].into_iter().flatten()
}

/// Whether a name is not a part of a longer word. Scripts without spaces have no such parts.
fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let joins = |inner: Option<char>, outer: Option<char>| {
        let latin = |c: char| c.is_ascii_alphanumeric() || (c.is_alphabetic() && c < '\u{2000}');
        inner.is_some_and(latin) && outer.is_some_and(latin)
    };
    let name = &text[span.clone()];
    !joins(name.chars().next(), text[..span.start].chars().next_back())
        && !joins(name.chars().next_back(), text[span.end..].chars().next())
}

fn contains_ignoring_case(text: &str, phrase: &str) -> bool {
    text.as_bytes().windows(phrase.len()).any(|window| window.eq_ignore_ascii_case(phrase.as_bytes()))
}
