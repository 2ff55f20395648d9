//! What a sentence says of its own author: an opening, known words, a name, known words.

use std::ops::Range;

use super::fixed::fixed_sentence;
use super::frame::{is_reported, leads};
use super::language::{GENERIC_FOLLOWERS, Language, Role, languages};
use super::quotation::Quotation;
use super::reading::{Opening, Reading, is_machine, is_own_clause};
use super::sentence::Sentence;
use super::standing::{ClaimSort, Standing};
use super::tokens::{Kind, Stop, Tokens, is_letter, read, starts, version};
use super::words::{contains_word, ends_with_word, follows, has_first_person};

/// Openings before a name that are tried, from the nearest.
const MOST_OPENINGS: usize = 4;

/// A sentence that names its own author.
pub(super) struct Statement {
    pub(super) sort: ClaimSort,
    pub(super) standing: Standing,
    /// First byte in the whole text.
    pub(super) start: usize,
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
            let words = before[place.clone()].to_lowercase().replace('’', "'");
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
                open_to_people: language.open_to_people.contains(&words.as_str()),
            };
            let sort = (tokens.stop == Stop::End).then(|| reading.sort()).flatten()?;
            let denied = tokens.has(Role::Not)
                || (language.verb_last && after.has(Role::Not))
                || is_denied(&before[..place.start], &before[place.clone()], language);
            Some((language, sort, denied, place.start, by_model && words.starts_with("my creator")))
        });
        let backward = || backward(before, rest, &after, language, ambiguous, by_model);
        forward.or_else(|| backward().map(|(language, sort, denied, start)| (language, sort, denied, start, false)))
    });
    let fixed = || {
        let found = fixed_sentence(sentence, rest, ambiguous, by_model);
        found.map(|(language, sort, denied, start)| (language, sort, denied, start, false))
    };
    // A model that speaks of its creators does so anywhere in a sentence.
    let (language, sort, denied, start, anywhere) = found.or_else(fixed)?;
    let standing = match () {
        () if quotation.covers(sentence.name_start()) => Standing::Quoted,
        () if denied => Standing::Denied,
        () if !(anywhere || leads(&before[..start], language, by_model)) || is_reported(rest, language) => {
            Standing::Supposed
        }
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
    if joined && phrase.is_ascii() && !GENERIC_FOLLOWERS.contains(&next.as_str()) {
        return None;
    }
    if lower.starts_with("as a") && !phrase.starts_with("as of") {
        let part = rest.split([',', ':', ';']).next().unwrap_or_default();
        let main = rest.get(part.len()..).unwrap_or_default();
        let others = contains_word(part, "would", false) || !is_own_clause(main, language);
        if others || !has_first_person(rest, language, 24) {
            return None;
        }
    }
    if !phrase.is_ascii() {
        return Some(Standing::Plain);
    }
    Some(if leads(before, language, false) { Standing::Plain } else { Standing::Supposed })
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
    by_model: bool,
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
    // "NAME built me a demo", "NAME made me very happy", "NAME built me and my team a demo".
    let causes = contains_word(rest, "made me", false);
    let ends = match (behind.first(), after.stop) {
        (Some(Kind::Word(Role::Article)), _) => false,
        (Some(Kind::Comma), _) | (_, Stop::End) => true,
        (Some(_), _) if by_model && !causes => true,
        (_, Stop::Word(at)) => follows(&rest[at..], language),
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

/// "Claude Monet": an ambiguous name before another word in capitals that describes no machine.
fn is_persons_name(rest: &str) -> bool {
    let next =
        rest.strip_prefix(' ').unwrap_or_default().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let capital = next.chars().next().is_some_and(char::is_uppercase) && next.chars().skip(1).any(char::is_lowercase);
    capital
        && read(next, &super::language::ENGLISH, false).kinds.is_empty()
        && super::tokens::name(next, false).is_none()
}
