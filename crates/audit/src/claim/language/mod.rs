//! The words by which a sentence is recognised as speaking of its own author, language by language.
//!
//! A statement is read word by word from its opening to the name and on behind it. Each word has to be one of these; any
//! other breaks it, so that what stands nearby says nothing. Words of a language count only beside an opening of it.
//!
//! An entry is a word or several. A `*` at its end stands for any further letters of the word.

mod asian;
mod english;
mod european;

pub(super) use self::english::{ENGLISH, GENERIC, GENERIC_FOLLOWERS, PEOPLE};

/// What a word does in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A noun of machines: "language model".
    Machine,
    /// A noun of machines and of people: "assistant". It counts beside [`Role::Artificial`] or [`Role::Made`].
    Helper,
    /// "AI", "virtual": by itself a machine, beside a helper what makes it one.
    Artificial,
    /// "developed", before or after who did it.
    Made,
    /// "trained", "powered": what is done to people and things too.
    Trained,
    /// "hosted", "published": what is done to people and things more often than to models.
    Provided,
    /// "developed me": the maker is the subject.
    MadeMe,
    /// "by", "from", "of".
    Link,
    /// "called".
    Called,
    /// Articles.
    Article,
    /// Words that change nothing.
    Filler,
    /// Connects two parts of a statement.
    And,
    /// "as", behind what it is said of: "として".
    As,
    Not,
}

/// The words of a language.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of a language's grammar")]
pub(super) struct Language {
    /// "I am", "my name is": who it is follows.
    pub(super) selves: &'static [&'static str],
    /// "I was": how it was made follows, or by whom.
    pub(super) made_selves: &'static [&'static str],
    /// "Made me": the maker follows, and nothing else.
    pub(super) verbs: &'static [&'static str],
    /// "as": what it is follows, and then the first person.
    pub(super) appositions: &'static [&'static str],
    /// The first person, or verbs in it, after an apposition.
    pub(super) firsts: &'static [&'static str],
    pub(super) words: &'static [(Role, &'static [&'static str])],
    /// What may follow a name that ends a statement.
    pub(super) followers: &'static [&'static str],
    /// Openings that people use of others too, so that they count only where a model is known to be the author.
    pub(super) open_to_people: &'static [&'static str],
    /// Verbs that go on about the author behind "NAME and"; of none, anything does.
    pub(super) continuations: &'static [&'static str],
    /// Pronouns of others: what they begin is no clause of the author's. Of none, no clause is looked at.
    pub(super) others: &'static [&'static str],
    /// What a machine calls its own behind "my".
    pub(super) own_nouns: &'static [&'static str],
    /// What may stand right before an opening.
    pub(super) leads: &'static [&'static str],
    /// "that": may stand before an opening where the first person says so, and no one else.
    pub(super) that: &'static [&'static str],
    /// What makes it somebody else's statement, or none.
    pub(super) reports: &'static [&'static str],
    /// Who made it stands before the verb: "OpenAI tarafından geliştirilen".
    pub(super) verb_last: bool,
    /// A verb that reports stands behind what it reports.
    pub(super) reports_behind: bool,
    /// A maker may follow the participle with no word between: "созданная OpenAI".
    pub(super) bare_maker: bool,
    /// An article may stand before the name of a model: "sou o ChatGPT".
    pub(super) article_before_name: bool,
    /// Words are not set apart by spaces.
    pub(super) unspaced: bool,
    /// Nouns begin with capitals, so that a capital shows no name.
    pub(super) capital_nouns: bool,
}

/// All of them; English first.
pub(super) fn languages() -> impl Iterator<Item = &'static Language> {
    std::iter::once(&ENGLISH).chain(european::LANGUAGES).chain(asian::LANGUAGES)
}
