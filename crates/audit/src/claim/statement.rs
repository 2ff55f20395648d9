//! What a sentence says of its own author: an opening, known words, a name, known words.

use std::ops::Range;

use super::language::{Language, PEOPLE, Role, languages};
use super::quotation::Quotation;
use super::sentence::Sentence;
use super::standing::{ClaimSort, Standing};
use super::tokens::{Kind, Stop, Tokens, ends_word, is_letter, read, starts, version};

/// Openings before a name that are tried, from the nearest.
const MOST_OPENINGS: usize = 4;
/// Words after an apposition among which the first person stands.
const FIRST_PERSON: usize = 16;

/// A sentence that names its own author.
pub(super) struct Statement {
    pub(super) sort: ClaimSort,
    pub(super) standing: Standing,
    /// First byte in the whole text.
    pub(super) start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
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
struct Reading<'t> {
    language: &'static Language,
    opening: Opening,
    before: &'t Tokens,
    after: &'t Tokens,
    /// What stands behind the name and its version.
    rest: &'t str,
    /// The name means something else too.
    ambiguous: bool,
    /// A machine is spoken of nearby, or a model is known to be the author.
    certain: bool,
    /// The opening itself names no one but a machine: "my creators at".
    own_creator: bool,
    /// The opening is a word of other languages too.
    weak: bool,
}

/// The statement that a name belongs to; `None` if the sentence does not speak of its author.
///
/// `by_model`: the author is known to be a model.
pub(super) fn statement(
    sentence: &Sentence<'_>,
    ambiguous: bool,
    by_model: bool,
    quotation: &Quotation,
) -> Option<Statement> {
    let (before, mut rest) = (sentence.before(), sentence.after());
    rest = &rest[version(rest)..];
    if ambiguous && is_persons_name(rest) {
        return None;
    }
    let found = languages().find_map(|language| {
        let after = read(rest, language, false);
        let forward = openings(before, language).into_iter().take(MOST_OPENINGS).find_map(|(opening, place)| {
            let tokens = read(&before[place.end..], language, true);
            let words = before[place.clone()].to_lowercase();
            let reading = Reading {
                language,
                opening,
                before: &tokens,
                after: &after,
                rest,
                ambiguous,
                certain: by_model,
                own_creator: words.starts_with("my creator"),
                weak: words == "im",
            };
            let sort = (tokens.stop == Stop::End).then(|| reading.sort()).flatten()?;
            let denied = tokens.has(Role::Not)
                || (language.verb_last && after.has(Role::Not))
                || is_denied(&before[..place.start], &before[place.clone()], language);
            Some((language, sort, denied, place.start))
        });
        forward.or_else(|| backward(before, rest, &after, language, ambiguous))
    });
    let fixed = || fixed_sentence(sentence, rest, ambiguous);
    let (language, sort, denied, start) = found.or_else(fixed)?;
    let standing = match () {
        () if quotation.covers(sentence.name_start()) => Standing::Quoted,
        () if denied => Standing::Denied,
        () if !leads(&before[..start], language, by_model) || is_reported(rest, language) => Standing::Supposed,
        () => Standing::Plain,
    };
    Some(Statement { sort, standing, start: sentence.start + start })
}

/// Whether a generic phrase of machines is a statement of the author's own.
pub(super) fn phrase(sentence: &Sentence<'_>, quotation: &Quotation) -> Option<Standing> {
    let language = languages().next()?;
    let (before, rest, phrase) = (sentence.before(), sentence.after(), sentence.name());
    let lower = phrase.to_ascii_lowercase();
    let next = rest.trim_start().split(|c: char| !is_letter(c) && c != '\'').next().unwrap_or_default().to_lowercase();
    let joined = rest.starts_with(' ') && !next.is_empty();
    if quotation.covers(sentence.name_start()) {
        return Some(Standing::Quoted);
    }
    if joined && phrase.is_ascii() && !super::language::GENERIC_FOLLOWERS.contains(&next.as_str()) {
        return None;
    }
    if lower.starts_with("as a") && !phrase.starts_with("as of") && !has_first_person(rest, language, 24) {
        return None;
    }
    if !phrase.is_ascii() {
        return Some(Standing::Plain);
    }
    Some(if leads(before, language, false) { Standing::Plain } else { Standing::Supposed })
}

impl Reading<'_> {
    fn sort(&self) -> Option<ClaimSort> {
        if self.opening == Opening::As && !self.leads_to_first_person() {
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
                let made = self.before.has(Role::Made)
                    || (self.opening == Opening::Was && self.before.has(Role::Trained) && !self.ambiguous);
                let named =
                    self.opening == Opening::Was || matches!(before.first(), Some(Kind::Unknown | Kind::Name(_)));
                return made && named && known && self.ends();
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

    /// "I am NAME", "my name is NAME", "I am an assistant called NAME".
    fn is_named(&self) -> bool {
        let kinds = &self.before.kinds;
        if self.own_creator {
            let plain = |kind: &Kind| matches!(kind, Kind::Word(Role::Filler | Role::Article | Role::Link));
            let known = !self.ambiguous || self.certain;
            return known && kinds.iter().all(plain) && !self.is_before_people();
        }
        let introduced = matches!(
            kinds.last(),
            Some(Kind::Comma | Kind::Word(Role::Called | Role::Machine | Role::Helper | Role::Artificial))
        );
        if self.machine_before() && introduced && !self.is_possessive() && self.ends() {
            return true;
        }
        let plain = kinds.iter().all(|kind| matches!(kind, Kind::Word(Role::Filler | Role::Called | Role::Not)));
        let article = self.language.article_before_name && kinds == &[Kind::Word(Role::Article)];
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
        let made = |kind: &Kind| matches!(kind, Kind::Word(Role::Made | Role::Trained));
        let behind = self.behind();
        behind.first().is_some_and(made) || (self.language.verb_last && behind.iter().any(made))
    }

    fn names_after(&self) -> bool {
        self.after.kinds.iter().any(|kind| matches!(kind, Kind::Name(_)))
    }

    /// The sentence ends with the verb: it was made.
    fn ends_with_verb(&self) -> bool {
        matches!(self.after.kinds.last(), Some(Kind::Word(Role::Made | Role::Trained)))
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
            (None, Stop::Word(at)) if !comma => follows(&self.rest[at..], self.language),
            _ => true,
        }
    }

    /// What was read behind the name runs to the end of the part.
    fn ends_behind(&self) -> bool {
        let behind = self.behind();
        match self.after.stop {
            _ if behind.len() < self.after.kinds.len() => {
                is_machine(behind) || behind.iter().any(|kind| matches!(kind, Kind::Word(Role::Made | Role::Trained)))
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
        !other && has_first_person(self.rest, self.language, FIRST_PERSON)
    }
}

/// A machine is among these words: by a noun of its own, or an assistant that is artificial or was made.
fn is_machine(kinds: &[Kind]) -> bool {
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
                                Role::Made | Role::Trained | Role::Link | Role::Called | Role::And | Role::Filler
                            )
                    )
                })
        })
}

/// The openings before a name, from the nearest, with where they stand.
fn openings(before: &str, language: &'static Language) -> Vec<(Opening, Range<usize>)> {
    let sorts = [
        (Opening::Is, language.selves),
        (Opening::Was, language.made_selves),
        (Opening::Made, language.verbs),
        (Opening::As, language.appositions),
    ];
    let mut found: Vec<(Opening, Range<usize>)> = Vec::new();
    let mut last = None;
    for (at, c) in before.char_indices() {
        let begins = !is_letter(c) || !last.is_some_and(is_letter);
        last = Some(c);
        if !begins || c.is_whitespace() {
            continue;
        }
        for (opening, entries) in sorts {
            let longest = entries.iter().filter_map(|entry| starts(&before[at..], entry, language.unspaced)).max();
            found.extend(longest.map(|length| (opening, at..at + length)));
        }
    }
    found.sort_by_key(|(_, place)| (std::cmp::Reverse(place.start), std::cmp::Reverse(place.end)));
    found
}

/// "NAME made me", "NAME によって開発されたモデルとして、私は": the maker begins its sentence.
fn backward(
    before: &str,
    rest: &str,
    after: &Tokens,
    language: &'static Language,
    ambiguous: bool,
) -> Option<(&'static Language, ClaimSort, bool, usize)> {
    let start = before.len() - before.trim_start().len();
    let begins = || {
        let company = ["the company", "the team at", "the people at", "the folks at"];
        let own = before.trim().to_lowercase();
        own.is_empty() || company.contains(&own.as_str()) || leads(before, language, false)
    };
    if let Some(at) = after.position(Role::As) {
        let is = is_machine(&after.kinds[..at]) && has_first_person(rest, language, 12);
        return (is && begins()).then_some((language, ClaimSort::Maker, false, start));
    }
    let made = after.position(Role::MadeMe)?;
    let (between, behind) = (&after.kinds[..made], &after.kinds[made + 1..]);
    let plain = |kind: &Kind| match kind {
        Kind::Word(role) => {
            matches!(role, Role::Filler | Role::Article | Role::Link | Role::Called | Role::Not | Role::Artificial)
        }
        Kind::Possessive | Kind::Name(_) => true,
        Kind::Unknown | Kind::Comma => false,
    };
    // "NAME built me a demo."
    let ends = match (behind.first(), after.stop) {
        (Some(Kind::Word(Role::Article)), _) => false,
        (Some(_), _) | (None, Stop::End) => true,
        (None, Stop::Word(at)) => follows(&rest[at..], language),
    };
    let certain = !ambiguous || is_machine(behind);
    let identity = ["who i am", "what i am"].iter().any(|own| contains_word(rest, own, false));
    let sort = if identity { ClaimSort::Identity } else { ClaimSort::Maker };
    let denied = between.contains(&Kind::Word(Role::Not));
    (between.iter().all(plain) && ends && certain && begins()).then_some((language, sort, denied, start))
}

/// "No soy", "我不是": the opening denies, or a word right before it.
fn is_denied(lead: &str, opening: &str, language: &Language) -> bool {
    let mut negations =
        language.words.iter().filter(|(role, _)| *role == Role::Not).flat_map(|(_, entries)| entries.iter());
    let lead = lead.trim_end();
    negations.any(|not| ends_with_word(lead, not, language.unspaced) || (language.unspaced && opening.contains(not)))
}

/// Sentences of machines of another shape, in English.
fn fixed_sentence(
    sentence: &Sentence<'_>,
    rest: &str,
    ambiguous: bool,
) -> Option<(&'static Language, ClaimSort, bool, usize)> {
    let language = languages().next()?;
    let before = sentence.before().to_lowercase().replace('’', "'");
    let after = rest.to_lowercase().replace('’', "'");
    let (before_trimmed, after_trimmed) = (before.trim(), after.trim());
    let ends = after_trimmed.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '\'');
    let helps = [
        "happy to help",
        "how can i help",
        "how may i help",
        "how can i assist",
        "how may i assist",
        "ready to help",
        "here to help",
        "at your service",
    ];
    let refuses = [
        "i can't",
        "i cannot",
        "i must",
        "i am not able",
        "i'm not able",
        "i am unable",
        "i'm unable",
        "i am not allowed",
        "i'm not allowed",
        "i have to",
    ];
    let services = [
        "help", "assist", "refuse", "comply", "decline", "answer", "respond", "provide", "generate", "create", "write",
        "produce", "discuss", "engage", "fulfill", ".",
    ];
    let declines = |text: &str| {
        refuses.iter().any(|refusal| {
            let next = text.split_once(refusal).map(|(_, next)| next.trim_start());
            next.is_some_and(|next| {
                next.trim_end_matches(['.', '!']).is_empty() || services.iter().any(|service| next.starts_with(service))
            })
        })
    };
    let rules = [
        "policy",
        "policies",
        "guidelines",
        "rules",
        "usage policy",
        "content policy",
        "usage policies",
        "content policies",
        "usage guidelines",
        "use case policy",
        "'s policy",
        "'s policies",
        "'s guidelines",
        "'s content policy",
        "'s usage policies",
        "'s usage policy",
        "'s rules",
    ];
    let product = matches!(before_trimmed, "") && !ambiguous;
    let speaks = after_trimmed.starts_with("speaking") && before_trimmed.ends_with("this is") && !ambiguous;
    let here = after_trimmed.strip_prefix("here").is_some_and(|next| {
        helps.iter().any(|help| next.trim_start_matches([',', ' ', '!', '.', ';', '—', '-']).starts_with(help))
    });
    let asked = product && ends && after_trimmed.is_empty() && {
        let earlier = sentence.earlier().to_lowercase();
        earlier.trim_end().ends_with("my name?") || earlier.trim_end().ends_with("who am i?")
    };
    let comes =
        !ambiguous && after_trimmed.is_empty() && matches!(before_trimmed, "i come from" | "i am from the team at");
    let policy = (before_trimmed.ends_with("according to")
        || before_trimmed.ends_with("per")
        || before_trimmed.ends_with("under")
        || before_trimmed.ends_with("due to"))
        && rules.iter().any(|rule| after_trimmed.starts_with(rule))
        && declines(after_trimmed);
    let set = [
        "guidelines from",
        "guidelines of",
        "rules from",
        "policies of",
        "policies from",
        "policy of",
        "guidelines set by",
        "rules set by",
    ]
    .iter()
    .any(|rule| before_trimmed.ends_with(rule))
        && declines(after_trimmed);
    let company =
        ["is the company that", "is the organization that", "is the team that", "is the lab that", "is the one who"]
            .iter()
            .any(|own| after_trimmed.starts_with(own))
            && ["trained me", "built me", "created me", "made me", "developed me", "designed me"]
                .iter()
                .any(|own| after_trimmed.trim_end_matches(['.', '!']).ends_with(own))
            && before_trimmed.is_empty()
            && !ambiguous;
    let sort = if speaks || here || asked { ClaimSort::Identity } else { ClaimSort::Maker };
    (speaks || (here && before_trimmed.is_empty()) || asked || comes || ((policy || set) && !ambiguous) || company)
        .then_some((language, sort, false, 0))
}

/// Whether what stands before an opening leaves the statement the author's own.
fn leads(lead: &str, language: &Language, by_model: bool) -> bool {
    let lead =
        lead.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '"' | '“' | '(' | '['));
    let lead = lead.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '-' | '•'));
    let Some(last) = lead.chars().next_back() else { return true };
    let reported = || language.reports.iter().any(|report| contains_word(lead, report, language.unspaced));
    match last {
        ':' | '：' => is_role(lead) || (by_model && !reported()),
        ',' | '，' | '、' | '،' | ';' | '；' | ')' | '—' | '–' | '-' | '…' | '.' | '!' | '?' | '。' | '！' | '？'
        | '|' => !reported(),
        _ => {
            let ends = |words: &[&str]| words.iter().any(|word| ends_with_word(lead, word, language.unspaced));
            if ends(language.that) {
                return !reported() && speaks_of_itself(lead, language);
            }
            ends(language.leads) && !reported()
        }
    }
}

/// "I should say that …", "please note that …".
fn speaks_of_itself(lead: &str, language: &Language) -> bool {
    language.firsts.iter().any(|first| contains_word(lead, first, language.unspaced))
        || ["note", "remember", "mind", "aware", "important", "worth"]
            .iter()
            .any(|word| contains_word(lead, word, false))
}

/// "Answer:", "Assistant:".
fn is_role(lead: &str) -> bool {
    const ROLES: &[&str] = &[
        "a",
        "ai",
        "answer",
        "assistant",
        "bot",
        "chatbot",
        "gpt",
        "model",
        "response",
        "note",
        "output",
        "identity",
        "name",
        "about me",
        "disclaimer",
    ];
    let label = lead.trim_end_matches([':', '：', '*', ' ']).trim_start_matches(['*', '#', ' ']).to_lowercase();
    ROLES.contains(&label.as_str())
        || super::vendors::VENDORS
            .iter()
            .any(|vendor| vendor.names.iter().any(|name| name.text.eq_ignore_ascii_case(&label)))
}

/// "…, said the lamp."
fn is_reported(rest: &str, language: &Language) -> bool {
    // These say something only before a statement.
    const BEFORE_ONLY: &[&str] = &[
        "if", "would", "whether", "om", "se", "si", "так", "of", "text", "line", "words", "sentence", "phrase",
        "start", "type",
    ];
    let marks = [',', '"', '”', '“', '»', '—', '–', '」', '\'', '’', '，', '،'];
    let verbs = || language.reports.iter().filter(|report| !BEFORE_ONLY.contains(*report));
    if language.unspaced && !language.reports_behind {
        return false;
    }
    if language.reports_behind {
        return verbs().any(|report| contains_word(rest, report, language.unspaced));
    }
    let said = rest.split(marks).skip(1).any(|part| {
        let part = part.trim_start();
        verbs().any(|verb| {
            // A verb with its subject behind it.
            starts(part, verb, false).is_some_and(|length| part[length..].trim_start().starts_with(char::is_alphabetic))
        })
    });
    let subject_first = rest.split(marks).skip(1).any(|part| {
        part.split_whitespace()
            .take(5)
            .any(|word| matches!(word, "said" | "wrote" | "replied" | "answered" | "sagte" | "dijo" | "disse"))
    });
    said || subject_first || ["how else", "why else"].iter().any(|irony| contains_word(rest, irony, false))
}

/// Whether one of the next words is the first person.
fn has_first_person(text: &str, language: &Language, words: usize) -> bool {
    if language.unspaced {
        let part: String = text.chars().take(words * 4 + 8).collect();
        return language.firsts.iter().any(|first| part.contains(first));
    }
    let mut last = None;
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        let begins = is_letter(c) && !last.is_some_and(|last| is_letter(last) || last == '\'' || last == '’');
        last = Some(c);
        if begins {
            if language.firsts.iter().any(|first| starts(&text[at..], first, false).is_some()) {
                return true;
            }
            seen += 1;
            if seen >= words {
                return false;
            }
        }
    }
    false
}

/// Whether a text goes on with a word that may follow a name.
fn follows(text: &str, language: &Language) -> bool {
    language.followers.iter().any(|word| {
        starts(text, word, language.unspaced).is_some()
            || (word.len() > 3 && word.starts_with("in 20") && text.starts_with(word))
    })
}

fn contains_word(text: &str, word: &str, unspaced: bool) -> bool {
    let lower = text.to_lowercase();
    lower.match_indices(word).any(|(at, _)| {
        unspaced || (!lower[..at].chars().next_back().is_some_and(is_letter) && ends_word(&lower, at + word.len()))
    })
}

fn ends_with_word(text: &str, word: &str, unspaced: bool) -> bool {
    let lower = text.to_lowercase();
    lower.strip_suffix(word).is_some_and(|before| unspaced || !before.chars().next_back().is_some_and(is_letter))
}

/// "Claude Monet": an ambiguous name before another word in capitals that describes no machine.
fn is_persons_name(rest: &str) -> bool {
    let next =
        rest.strip_prefix(' ').unwrap_or_default().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let capital = next.chars().next().is_some_and(char::is_uppercase) && next.chars().skip(1).any(char::is_lowercase);
    capital
        && read(next, &super::language::ENGLISH, false).kinds.is_empty()
        && super::tokens::name(next, false).is_none()
}
