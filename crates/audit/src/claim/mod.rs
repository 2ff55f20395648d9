//! What a text says of its own author: "I am an assistant made by …" (class C).
//!
//! A name alone means nothing, so a claim needs a first person that leads to the name through words that describe a
//! machine or its making. A claim that is denied, supposed, quoted, said by a person or put into the author's mouth by
//! the prompt is kept apart by its [`Standing`]. Even a plain claim concludes nothing: such sentences are copied from
//! the web, repeated by models that learned them from others, and can be planted.

mod gate;
mod lexicon;
mod sentence;
mod standing;
mod vendors;

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use stillwatch_core::{Author, Document};

pub(crate) use self::gate::Gate;
use self::lexicon::GENERIC;
use self::sentence::Sentence;
pub use self::standing::{ClaimSort, Standing};
use self::vendors::{Name, VENDORS};

/// Raised whenever a table or a rule of this room changes.
pub const CLAIM_RULES_VERSION: u32 = 1;

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
        Self { searcher, patterns }
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
        for range in ranges {
            let part = text.get(range.clone()).unwrap_or_default();
            for found in self.searcher.find_iter(part) {
                let span = range.start + found.start()..range.start + found.end();
                if !stands_alone(text, &span) {
                    continue;
                }
                let claim = match self.patterns[found.pattern().as_usize()] {
                    Some((vendor, name)) => self.named(document, vendor, name, &span),
                    None => Some(Self::generic(document, span)),
                };
                if let Some(claim) = claim {
                    visit(claim);
                }
            }
        }
    }

    fn named(&self, document: &Document<'_>, vendor: usize, name: Name, span: &Range<usize>) -> Option<Claim> {
        let statement = Sentence::around(document.text, span).claim(name.ambiguous)?;
        let standing = match statement.standing {
            _ if document.author == Author::Person => Standing::Person,
            Standing::Plain if self.is_elicited(document, vendor) => Standing::Elicited,
            standing => standing,
        };
        let vendor = Some(VENDORS[vendor].name);
        Some(Claim { vendor, sort: statement.sort, standing, span: statement.start..span.end })
    }

    fn generic(document: &Document<'_>, span: Range<usize>) -> Claim {
        let sentence = Sentence::around(document.text, &span);
        let phrase = &document.text[span.clone()];
        let asked = || context(document).any(|text| contains_ignoring_case(text, phrase));
        let standing = match () {
            () if document.author == Author::Person => Standing::Person,
            () if sentence.is_quoted() => Standing::Quoted,
            () if asked() => Standing::Elicited,
            () => Standing::Plain,
        };
        Claim { vendor: None, sort: ClaimSort::Machine, standing, span }
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

#[cfg(test)]
mod tests {
    use stillwatch_core::{Author, Document};

    use super::{Claim, ClaimSort, Claims, Standing};

    fn claims(document: &Document<'_>) -> Vec<Claim> {
        let mut claims = Vec::new();
        Claims::default().find(document, |claim| claims.push(claim));
        claims
    }

    fn said(text: &str) -> Vec<(Option<&'static str>, ClaimSort, Standing)> {
        let document = Document { text, author: Author::Model, ..Document::default() };
        claims(&document).into_iter().map(|claim| (claim.vendor, claim.sort, claim.standing)).collect()
    }

    fn plain(text: &str) -> Vec<&'static str> {
        let plain = said(text).into_iter().filter(|(_, _, standing)| *standing == Standing::Plain);
        plain.filter_map(|(vendor, _, _)| vendor).collect()
    }

    #[test]
    fn a_first_person_that_leads_to_a_name_is_a_claim() {
        for (text, vendor) in [
            ("I am ChatGPT, how can I help?", "OpenAI"),
            ("Hello! I'm Claude, an AI assistant made by someone.", "Anthropic"),
            ("As an AI language model developed by OpenAI, I cannot do that.", "OpenAI"),
            ("I was created by Anthropic to be helpful.", "Anthropic"),
            ("I am Claude, made by Anthropic.", "Anthropic"),
            ("I’m a large language model trained by Google.", "Google"),
            ("My creators at Mistral AI taught me that.", "Mistral"),
            ("Sure. My name is Qwen and I was built in Hangzhou.", "Alibaba"),
            ("I am OpenAI's latest language model.", "OpenAI"),
            ("DeepSeek trained me on public text.", "DeepSeek"),
            ("I am Aria, a helpful language model by OpenAI.", "OpenAI"),
            ("我是由阿里云开发的大型语言模型。", "Alibaba"),
            ("Soy un modelo de lenguaje desarrollado por OpenAI.", "OpenAI"),
            ("Ich bin ein Sprachmodell, das von OpenAI entwickelt wurde.", "OpenAI"),
            ("Je suis un assistant créé par Anthropic.", "Anthropic"),
        ] {
            assert_eq!(plain(text).first(), Some(&vendor), "{text}");
        }
    }

    #[test]
    fn a_name_alone_is_none() {
        for text in [
            "ChatGPT is a language model developed by OpenAI.",
            "I use ChatGPT every day.",
            "I am familiar with ChatGPT.",
            "I'm using ChatGPT for my essay.",
            "I am a software engineer at Google.",
            "I am an AI researcher at OpenAI.",
            "My name is Claude and I live in Lyon.",
            "I am Claude Monet, and I paint an AI model.",
            "I was trained by OpenAI researchers as an intern.",
            "I am Llama farmer in Peru.",
            "My name is Alexa and I am an assistant manager at Amazon.",
            "I am the AI product lead, previously at DeepMind.",
            "I'm a Gemini, born in June.",
            "I was trained by Google to sell advertisements.",
            "I think that ChatGPT is an AI model developed by OpenAI.",
            "I am ChatGPT's biggest fan.",
            "I am glad that ChatGPT, an AI model, was developed by OpenAI.",
            "The openainess of things. I am OpenAIs.",
            "我喜欢使用豆包。",
        ] {
            assert_eq!(plain(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_is_not_the_authors_own_is_kept_apart() {
        let standing = |text: &str| said(text).first().map(|(_, _, standing)| *standing);
        assert_eq!(standing("I am not ChatGPT."), Some(Standing::Denied));
        assert_eq!(standing("Unlike others, I was not created by OpenAI."), Some(Standing::Denied));
        assert_eq!(standing("If I were asked, I would say that I am ChatGPT."), Some(Standing::Supposed));
        assert_eq!(standing("He answered: \"I am ChatGPT\"."), Some(Standing::Quoted));
        assert_eq!(standing("It said:\n> I am ChatGPT."), Some(Standing::Quoted));
        assert_eq!(standing("我不是豆包,我是人。"), Some(Standing::Denied));
    }

    #[test]
    fn a_claim_that_the_prompt_asks_for_is_elicited() {
        let text = "I am ChatGPT, a model made by OpenAI.";
        let document = |prompt| Document { text, author: Author::Model, prompt: Some(prompt), ..Document::default() };
        let standings =
            |document: &Document<'_>| claims(document).iter().map(|claim| claim.standing).collect::<Vec<_>>();
        assert_eq!(standings(&document("Are you chatgpt?"))[0], Standing::Elicited);
        assert_eq!(standings(&document("Who are you?"))[0], Standing::Plain);
        let person = Document { text, author: Author::Person, ..Document::default() };
        assert_eq!(standings(&person)[0], Standing::Person);
    }

    #[test]
    fn phrases_of_machines_name_nobody() {
        assert_eq!(said("As an AI language model, I cannot."), [(None, ClaimSort::Machine, Standing::Plain)]);
        assert_eq!(said("It wrote \"as an ai language model\" again."), [(None, ClaimSort::Machine, Standing::Quoted)]);
    }

    #[test]
    fn spans_lie_in_the_text() {
        let text = "Good day. I am ChatGPT.";
        let document = Document { text, ..Document::default() };
        assert_eq!(&text[claims(&document)[0].span.clone()], "I am ChatGPT");
    }
}
