//! What was read on both sides of a name, and whether it names the author's maker or the author.

use super::language::{Language, PEOPLE, Role};
use super::standing::ClaimSort;
use super::tokens::{Kind, Stop, Tokens, is_letter, read, starts};
use super::words::{follows, has_first_person};

/// Words after an apposition among which the first person stands.
const FIRST_PERSON: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// "I am"
    Is,
    /// "I was"
    Was,
    /// "made me"
    Made,
    /// "as"
    As,
}

/// What was read on both sides of a name.
#[expect(clippy::struct_excessive_bools, reason = "facts of the name, the author and the opening, each of its own")]
pub(super) struct Reading<'t> {
    pub(super) language: &'static Language,
    pub(super) opening: Opening,
    pub(super) before: &'t Tokens,
    pub(super) after: &'t Tokens,
    /// What stands behind the name and its version.
    pub(super) rest: &'t str,
    /// The name means something else too.
    pub(super) ambiguous: bool,
    /// A machine is spoken of nearby, or a model is known to be the author.
    pub(super) certain: bool,
    /// The opening itself names no one but a machine: "my creators at".
    pub(super) own_creator: bool,
    /// The opening is a word of other languages too.
    pub(super) weak: bool,
    /// People say the opening as often of others: "you are talking to".
    pub(super) open_to_people: bool,
}

impl Reading<'_> {
    pub(super) fn sort(&self) -> Option<ClaimSort> {
        if self.opening == Opening::As && !self.leads_to_first_person() {
            return None;
        }
        if self.open_to_people && !self.certain {
            return None;
        }
        if self.weak && !(self.machine_before() || self.described_after()) {
            return None;
        }
        if self.is_made() {
            return Some(ClaimSort::Maker);
        }
        (self.is_named() || self.is_described()).then_some(ClaimSort::Identity)
    }

    /// "a language model developed by NAME", "I was built by NAME", "NAME tarafından geliştirilen bir modelim".
    fn is_made(&self) -> bool {
        let machine = self.machine_before();
        let before = &self.before.kinds;
        let last = before.iter().rposition(|kind| {
            !matches!(kind, Kind::Word(Role::Filler | Role::Article) | Kind::Possessive | Kind::Name(_))
        });
        let last = last.map(|last| before[last]);
        let known = !self.ambiguous || machine || self.machine_after() || self.certain;
        match self.opening {
            Opening::Made => {
                let plain = |kind: &Kind| matches!(kind, Kind::Word(Role::Filler | Role::Link | Role::Article));
                return known && before.iter().all(plain) && self.ends();
            }
            _ if last == Some(Kind::Word(Role::Link)) => {
                if machine {
                    return !self.is_before_people();
                }
                if self.made_after() {
                    let behind = self.language.verb_last || before.iter().all(|kind| !matches!(kind, Kind::Unknown));
                    return behind && known && self.ends_behind();
                }
                let named = matches!(before.first(), Some(Kind::Unknown | Kind::Name(_)));
                let made = self.before.has(Role::Made) || (self.opening == Opening::Was && self.is_trained());
                return made && (named || self.opening == Opening::Was) && known && self.ends();
            }
            _ if last == Some(Kind::Word(Role::Made)) => {
                if machine {
                    return !self.is_before_people();
                }
                let bare = self.language.bare_maker && self.opening == Opening::Was;
                return bare && known && self.ends();
            }
            _ => {}
        }
        let open = before.iter().all(|kind| !matches!(kind, Kind::Word(Role::And)));
        if self.language.verb_last && open && self.made_after() {
            let whose = self.machine_after() || machine || self.names_after() || self.ends_with_verb();
            return whose && known && self.ends_behind();
        }
        false
    }

    /// "I was trained by NAME": people are trained, hosted and introduced by companies too, so where nobody says that the
    /// author is a model, a machine is named, or nothing else is said to have happened.
    fn is_trained(&self) -> bool {
        let machine = self.certain || matches!(self.before.kinds.first(), Some(Kind::Name(_)));
        // "… and left", "… as a contractor".
        let goes_on = || match (self.after.kinds.first(), self.after.stop) {
            (Some(Kind::Word(Role::And)), _) => true,
            (None, Stop::Word(at)) => {
                let part = self.rest[at..].strip_prefix("as ");
                part.is_some_and(|part| !is_machine(&read(part, self.language, false).kinds))
            }
            _ => false,
        };
        let trained = self.before.has(Role::Trained) && (machine || !goes_on());
        !self.ambiguous && (trained || (machine && self.before.has(Role::Provided)))
    }

    /// "I am NAME", "my name is NAME", "I am an assistant called NAME".
    fn is_named(&self) -> bool {
        let kinds = &self.before.kinds;
        if self.own_creator {
            let plain = |kind: &Kind| matches!(kind, Kind::Word(Role::Filler | Role::Article | Role::Link));
            let known = !self.ambiguous || self.certain;
            return known && kinds.iter().all(plain) && !self.is_before_people();
        }
        // "a model (MAKER's NAME)".
        let owned = matches!(kinds.as_slice(), [.., Kind::Comma, Kind::Name(_), Kind::Possessive]);
        let introduced = owned
            || matches!(
                kinds.last(),
                Some(Kind::Comma | Kind::Word(Role::Called | Role::Machine | Role::Helper | Role::Artificial))
            );
        if self.machine_before() && introduced && !self.is_possessive() && self.ends() {
            return true;
        }
        let plain = kinds.iter().all(|kind| matches!(kind, Kind::Word(Role::Filler | Role::Called | Role::Not)));
        let article = self.language.article_before_name || (self.certain && !self.ambiguous);
        let article = article && kinds == &[Kind::Word(Role::Article)];
        if matches!(self.opening, Opening::Was | Opening::Made) || !(plain || article) || self.is_possessive() {
            return false;
        }
        if self.opening == Opening::As && self.after.kinds.first() != Some(&Kind::Comma) {
            return false;
        }
        (!self.ambiguous || self.described_after()) && self.ends()
    }

    /// "I am NAME's language model", "a NAME model".
    fn is_described(&self) -> bool {
        let kinds = &self.before.kinds;
        let known = |kind: &Kind| match kind {
            Kind::Word(role) => {
                matches!(role, Role::Filler | Role::Article | Role::Not | Role::Artificial | Role::Called)
            }
            Kind::Comma | Kind::Unknown | Kind::Name(_) => true,
            Kind::Possessive => false,
        };
        if matches!(self.opening, Opening::Was | Opening::Made) || !kinds.iter().all(known) {
            return false;
        }
        let named = kinds.iter().any(|kind| matches!(kind, Kind::Unknown | Kind::Name(_)));
        if named && !self.is_possessive() && !self.language.verb_last {
            return false;
        }
        let article = kinds.contains(&Kind::Word(Role::Article));
        let belongs = self.is_possessive()
            || (self.language.verb_last && self.after.kinds.first() == Some(&Kind::Word(Role::Link)));
        let open = article || belongs || self.language.unspaced || self.opening == Opening::As;
        open && self.machine_after() && self.ends_behind()
    }

    fn is_possessive(&self) -> bool {
        self.after.kinds.first() == Some(&Kind::Possessive)
    }

    /// A machine is named before the name.
    fn machine_before(&self) -> bool {
        is_machine(&self.before.kinds)
    }

    /// What stands behind the name, up to a comma.
    fn behind(&self) -> &[Kind] {
        self.after.kinds.split(|kind| *kind == Kind::Comma).next().unwrap_or_default()
    }

    /// A machine is named behind the name, before the next comma.
    fn machine_after(&self) -> bool {
        is_machine(self.behind())
    }

    /// A machine, or who made it, is named behind the name, after a comma too.
    fn described_after(&self) -> bool {
        let kinds = &self.after.kinds;
        let by = [Role::Made, Role::Link].map(Kind::Word);
        if kinds.windows(2).any(|pair| pair == by) || (self.language.unspaced && self.after.has(Role::Called)) {
            return true;
        }
        let goes_on = match self.after.stop {
            Stop::End => false,
            Stop::Word(at) => {
                let next = &self.rest[at..];
                if kinds.last().is_some_and(|last| matches!(last, Kind::Comma | Kind::Word(Role::And))) {
                    // "NAME, and I'm an assistant."
                    let own = self.language.selves.iter().find_map(|own| starts(next, own, self.language.unspaced));
                    let more = own.map(|length| (length, read(&next[length..], self.language, false)));
                    let machine = |length: usize, tokens: &Tokens| {
                        let part = tokens.kinds.split(|kind| *kind == Kind::Comma).next().unwrap_or_default();
                        let ends = match tokens.stop {
                            Stop::Word(at) if part.len() == tokens.kinds.len() => {
                                follows(&next[length + at..], self.language)
                            }
                            _ => true,
                        };
                        is_machine(part) && ends
                    };
                    if more.is_some_and(|(length, tokens)| machine(length, &tokens)) {
                        return true;
                    }
                    false
                } else {
                    !follows(next, self.language)
                }
            }
        };
        is_machine(kinds) && !goes_on
    }

    /// The participle follows the name, or in languages whose verb comes last, stands behind it.
    fn made_after(&self) -> bool {
        let made = |kind: &Kind| matches!(kind, Kind::Word(Role::Made | Role::Trained | Role::Provided));
        let behind = self.behind();
        behind.first().is_some_and(made) || (self.language.verb_last && behind.iter().any(made))
    }

    fn names_after(&self) -> bool {
        self.after.kinds.iter().any(|kind| matches!(kind, Kind::Name(_)))
    }

    /// The sentence ends with the verb: it was made.
    fn ends_with_verb(&self) -> bool {
        matches!(self.after.kinds.last(), Some(Kind::Word(Role::Made | Role::Trained | Role::Provided)))
    }

    /// Nothing goes on behind the name that would make it a part of something else.
    fn ends(&self) -> bool {
        if self.is_before_people() {
            return false;
        }
        let behind = self.behind();
        let comma = behind.len() < self.after.kinds.len();
        match (behind.first(), self.after.stop) {
            (Some(Kind::Possessive), _) => self.machine_after(),
            (Some(_), stop) if self.language.verb_last => {
                let closes = |kind: &Kind| {
                    matches!(
                        kind,
                        Kind::Word(Role::Filler | Role::Called | Role::Not | Role::Machine | Role::Artificial)
                    )
                };
                // A word that joins the name to what is not known: the name of something else.
                (comma || stop == Stop::End)
                    && (behind.iter().all(closes) || self.machine_after() || self.names_after())
            }
            (Some(Kind::Word(Role::And)), _) => self.certain || self.goes_on_about_itself(),
            // "NAME from marketing", "NAME by my students": of a maker's model a maker follows.
            (Some(Kind::Word(Role::Link)), _) if !self.certain => self.names_after() || self.machine_after(),
            (None, Stop::Word(at)) if !comma => {
                let next = &self.rest[at..];
                follows(next, self.language) && (self.certain || !next.starts_with("with "))
            }
            _ => true,
        }
    }

    /// What "and" joins to the name is said of the author again: "NAME and I can help", but not "NAME and coffee".
    fn goes_on_about_itself(&self) -> bool {
        let joined = self.behind().get(1..).unwrap_or_default();
        match self.after.stop {
            Stop::End => joined.is_empty() || joined.iter().any(|kind| !matches!(kind, Kind::Word(Role::Filler))),
            Stop::Word(_) if !joined.is_empty() => {
                is_machine(joined) || joined.iter().any(|kind| matches!(kind, Kind::Word(Role::Made | Role::Trained)))
            }
            Stop::Word(at) => {
                let next = &self.rest[at..];
                let more = self.language.continuations;
                more.is_empty()
                    || more.iter().chain(self.language.firsts).any(|word| starts(next, word, false).is_some())
            }
        }
    }

    /// What was read behind the name runs to the end of the part.
    fn ends_behind(&self) -> bool {
        let behind = self.behind();
        match self.after.stop {
            _ if behind.len() < self.after.kinds.len() => {
                let made = [Role::Made, Role::Trained, Role::Provided].map(Kind::Word);
                is_machine(behind) || behind.iter().any(|kind| made.contains(kind))
            }
            Stop::End => true,
            Stop::Word(at) => {
                let next = &self.rest[at..];
                let own = || self.opening == Opening::As && has_first_person(next, self.language, 2);
                (!self.language.unspaced && follows(next, self.language)) || own()
            }
        }
    }

    fn is_before_people(&self) -> bool {
        let rest = self.rest.trim_start_matches(['\'', '’']);
        let rest = if rest.len() < self.rest.len() { rest.trim_start_matches('s') } else { rest };
        let mut words =
            rest.trim_start_matches([' ', '-']).split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        rest.starts_with([' ', '-']) && words.next().is_some_and(|word| PEOPLE.contains(&word.as_str()))
    }

    /// "As a model made by NAME, I".
    fn leads_to_first_person(&self) -> bool {
        if !(self.machine_before() || self.machine_after()) {
            // "As NAME, I": the name alone, and the first person at once.
            let next = self.rest.trim_start().strip_prefix([',', '，']);
            let own = next.is_some_and(|next| has_first_person(next, self.language, 1));
            return self.before.kinds.is_empty() && !self.ambiguous && own;
        }
        // "As a model of NAME, OTHER helps me."
        let other = self.after.kinds.windows(2).any(|pair| matches!(pair, [Kind::Comma, Kind::Name(_)]));
        if other || !has_first_person(self.rest, self.language, FIRST_PERSON) {
            return false;
        }
        if self.certain || self.language.others.is_empty() {
            return true;
        }
        // "As a model of NAME would say, I …", "As a model of NAME, it helps my students": the main clause is the author's.
        let part = self.rest.split([',', ':', ';']).next().unwrap_or_default();
        let closed = match self.after.stop {
            _ if self.behind().len() < self.after.kinds.len() => true,
            Stop::End => true,
            Stop::Word(at) => {
                at >= part.len()
                    || follows(&self.rest[at..], self.language)
                    || has_first_person(&self.rest[at..], self.language, 2)
            }
        };
        let main = self.rest.get(part.len()..).filter(|main| !main.is_empty());
        closed && main.is_none_or(|main| is_own_clause(main, self.language))
    }
}

/// Whether the subject of a clause is the first person, as far as its first words tell.
pub(super) fn is_own_clause(clause: &str, language: &Language) -> bool {
    let words = clause.split(|c: char| !(is_letter(c) || c == '\'' || c == '’')).filter(|word| !word.is_empty());
    let mut words = words.take(FIRST_PERSON).map(|word| word.to_lowercase().replace('’', "'")).peekable();
    while let Some(word) = words.next() {
        if word == "my" || word == "our" {
            return words.peek().is_some_and(|noun| language.own_nouns.contains(&noun.as_str()));
        }
        if language.firsts.contains(&word.as_str()) {
            return true;
        }
        // "it is not for me to say", but not "it helps my students".
        let verb = |next: &String| ["is", "was", "would", "may", "might", "isn't", "can"].contains(&next.as_str());
        if language.others.contains(&word.as_str()) && !(word == "it" && words.peek().is_some_and(verb)) {
            return false;
        }
    }
    true
}

/// A machine is among these words: by a noun of its own, or an assistant that is artificial or was made.
pub(super) fn is_machine(kinds: &[Kind]) -> bool {
    let has = |role| kinds.contains(&Kind::Word(role));
    has(Role::Machine)
        || (has(Role::Helper) && (has(Role::Artificial) || has(Role::Made)))
        || kinds.iter().enumerate().any(|(at, kind)| {
            // "an AI", as a noun.
            *kind == Kind::Word(Role::Artificial)
                && kinds.get(at + 1).is_none_or(|next| {
                    matches!(
                        next,
                        Kind::Comma
                            | Kind::Word(
                                Role::Made
                                    | Role::Trained
                                    | Role::Provided
                                    | Role::Link
                                    | Role::Called
                                    | Role::And
                                    | Role::Filler
                            )
                    )
                })
        })
}
