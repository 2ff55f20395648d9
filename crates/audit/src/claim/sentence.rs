use std::ops::Range;

use super::lexicon::{
    APPOSITIONS, BUILT, FILLERS, HYPOTHETICAL, LANGUAGES, MACHINES, MADE, NEGATIONS, OPENINGS, PEOPLE,
};
use super::standing::{ClaimSort, Standing};

/// Bytes at each side of a name that are looked at.
const REACH: usize = 240;
/// Words between an opening and a name.
const MOST_BETWEEN: usize = 16;
/// Unknown words, such as a name of its own, that a description of a machine may hold.
const MOST_UNKNOWN: usize = 3;
/// Words before an opening in which it may be turned into somebody else's.
const BEFORE: usize = 8;
/// Words at each side of an ambiguous name that may speak of a person.
const NEAR: usize = 8;
/// Words after a possessive name in which the machine has to be named.
const AFTER: usize = 5;

/// The sentence in which a name stands.
pub(super) struct Sentence<'a> {
    text: &'a str,
    /// Where it starts in the whole text.
    start: usize,
    name: Range<usize>,
}

/// A sentence that names its own author.
pub(super) struct Statement {
    pub(super) sort: ClaimSort,
    pub(super) standing: Standing,
    /// First byte in the whole text.
    pub(super) start: usize,
}

struct Word {
    text: String,
    start: usize,
    /// It begins with a capital.
    capital: bool,
}

impl<'a> Sentence<'a> {
    pub(super) fn around(whole: &'a str, name: &Range<usize>) -> Self {
        let from = boundary(whole, name.start.saturating_sub(REACH));
        let to = boundary(whole, (name.end + REACH).min(whole.len()));
        let start = from + last_end(&whole[from..name.start]);
        let end = name.end + first_end(&whole[name.end..to]);
        Self { text: &whole[start..end], start, name: name.start - start..name.end - start }
    }

    /// Within quotation marks or code that the sentence opens before the name.
    pub(super) fn is_quoted(&self) -> bool {
        let before = &self.text[..self.name.start];
        let count = |mark| before.matches(mark).count();
        // A line of a quotation in Markdown or mail.
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.trim_start().starts_with('>')
            || count('"') % 2 == 1
            || count('`') % 2 == 1
            || count('“') > count('”')
            || count('「') > count('」')
            || count('«') > count('»')
    }

    /// The statement that the name belongs to; `None` if the sentence does not speak of its author.
    pub(super) fn claim(&self, ambiguous: bool) -> Option<Statement> {
        let before = words(&self.text[..self.name.start]);
        let after = words(&self.text[self.name.end..]);
        let near = || before.iter().rev().take(NEAR).chain(after.iter().take(NEAR));
        let person = || near().any(|word| PEOPLE.contains(&word.text.as_str()));
        if ambiguous && (self.is_persons_name() || person()) {
            return None;
        }
        let openings = [last_opening(&before), last_apposition(&before, &after)];
        let forward = openings.into_iter().flatten().find_map(|opening| self.forward(&before, opening, &after));
        let statement = forward.or_else(|| self.backward(&after)).or_else(|| self.foreign())?;
        (!ambiguous || self.speaks_of_machines(&before, &after)).then_some(statement)
    }

    /// "I am … NAME", "as … NAME, I".
    fn forward(&self, before: &[Word], opening: Range<usize>, after: &[Word]) -> Option<Statement> {
        let between = &before[opening.end..];
        let is = |list: &[&str], word: &Word| list.contains(&word.text.as_str());
        if between.len() > MOST_BETWEEN || between.iter().any(|word| is(PEOPLE, word)) {
            return None;
        }
        // "I am learning …" is what a person does; "I am based on …" is what a machine is.
        if between.first().is_some_and(|word| word.text.ends_with("ing") && word.text != "being") {
            return None;
        }
        let known = |word: &Word| [FILLERS, MACHINES, MADE, NEGATIONS].iter().any(|list| is(list, word));
        let machine = between.iter().position(|word| is(MACHINES, word));
        let made =
            between.iter().position(|word| is(MADE, word)).filter(|_| between.iter().any(|word| word.text == "by"));
        let machine = machine.or(made);
        let described = machine.is_some() && opening.len() > 1 || is(APPOSITIONS, &before[opening.start]);
        // "… by NAME researchers" speaks of people.
        if after.first().is_some_and(|word| is(PEOPLE, word) || is(&["engineers", "researchers", "scientists"], word)) {
            return None;
        }
        // Before a machine is named, a word that is not known can only be a name.
        let names = between[..machine.unwrap_or(0)].iter().filter(|word| !known(word)).all(|word| word.capital);
        if !names || between.iter().filter(|word| !known(word)).count() > if described { MOST_UNKNOWN } else { 0 } {
            return None;
        }
        if self.is_possessive() && !after.iter().take(AFTER).any(|word| is(MACHINES, word)) {
            return None;
        }
        let sort = if between.iter().any(|word| is(MADE, word)) { ClaimSort::Maker } else { ClaimSort::Identity };
        let denied = between.iter().any(|word| is(NEGATIONS, word));
        let supposed =
            before[opening.start.saturating_sub(BEFORE)..opening.start].iter().any(|word| is(HYPOTHETICAL, word));
        let start = self.start + before[opening.start].start;
        Some(Statement { sort, standing: self.standing(denied, supposed), start })
    }

    /// "NAME made me".
    fn backward(&self, after: &[Word]) -> Option<Statement> {
        let verb = after.iter().take(4).position(|word| MADE.contains(&word.text.as_str()))?;
        let object = after.get(verb + 1)?;
        if object.text != "me" {
            return None;
        }
        let known = |word: &Word| {
            FILLERS.contains(&word.text.as_str()) || ["has", "have", "who", "that", "ai"].contains(&word.text.as_str())
        };
        let denied = after[..verb].iter().any(|word| NEGATIONS.contains(&word.text.as_str()) || word.text == "didn't");
        (denied || after[..verb].iter().all(known)).then(|| Statement {
            sort: ClaimSort::Maker,
            standing: self.standing(denied, false),
            start: self.start + self.name.start,
        })
    }

    /// The same in languages other than English: a first person before the name, and a word of making or of machines.
    fn foreign(&self) -> Option<Statement> {
        let lower = self.text.to_lowercase();
        // Lower case may have another length; what stands before the name is searched by itself.
        let before = self.text[..self.name.start].to_lowercase();
        let language = LANGUAGES.iter().find(|language| {
            let own = language.selves.iter().any(|own| has_word(&before, own));
            let negated = language.negations.iter().any(|word| before.contains(word));
            (own || negated) && language.machines.iter().any(|word| has_word(&lower, word))
                || own && before.chars().count() <= 6
                || negated && before.chars().count() <= 6
        })?;
        let denied = language.negations.iter().any(|word| lower.contains(word));
        Some(Statement { sort: ClaimSort::Maker, standing: self.standing(denied, false), start: self.start })
    }

    fn standing(&self, denied: bool, supposed: bool) -> Standing {
        match () {
            () if self.is_quoted() => Standing::Quoted,
            () if denied => Standing::Denied,
            () if supposed => Standing::Supposed,
            () => Standing::Plain,
        }
    }

    /// "Claude Monet": an ambiguous name before another word in capitals that describes no machine.
    fn is_persons_name(&self) -> bool {
        let rest = self.text[self.name.end..].strip_prefix(' ').unwrap_or_default();
        let next = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let capital =
            next.chars().next().is_some_and(char::is_uppercase) && next.chars().skip(1).any(char::is_lowercase);
        capital && !MACHINES.contains(&next.to_lowercase().as_str())
    }

    fn is_possessive(&self) -> bool {
        let rest = &self.text[self.name.end..];
        rest.starts_with("'s") || rest.starts_with("’s")
    }

    fn speaks_of_machines(&self, before: &[Word], after: &[Word]) -> bool {
        let words = || before.iter().chain(after).map(|word| word.text.as_str());
        let made = words().zip(words().skip(1)).any(|(first, second)| BUILT.contains(&first) && second == "by");
        let english = made || words().any(|word| MACHINES.contains(&word));
        let lower = self.text.to_lowercase();
        english || LANGUAGES.iter().any(|language| language.machines.iter().any(|word| has_word(&lower, word)))
    }
}

/// The words of the last opening before the name.
fn last_opening(before: &[Word]) -> Option<Range<usize>> {
    let at = |start: usize, opening: &[&str]| {
        let end = start + opening.len();
        let matches = before.get(start..end)?.iter().zip(opening).all(|(word, own)| word.text == *own);
        matches.then_some(start..end)
    };
    (0..before.len())
        .rev()
        .find_map(|start| OPENINGS.iter().filter_map(|opening| at(start, opening)).max_by_key(|words| words.end))
}

/// "As a model made by NAME, I": the first person comes after the name.
fn last_apposition(before: &[Word], after: &[Word]) -> Option<Range<usize>> {
    let first_person = |word: &Word| matches!(word.text.as_str(), "i" | "i'm" | "my" | "me" | "i've" | "i'd" | "i'll");
    let start = before.iter().rposition(|word| APPOSITIONS.contains(&word.text.as_str()))?;
    after.iter().any(first_person).then_some(start..start + 1)
}

/// Words in lower case with their places; apostrophes and hyphens belong to words.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let c = if c == '’' { '\'' } else { c };
        if c.is_alphanumeric() || (open && matches!(c, '\'' | '-')) {
            if !open {
                words.push(Word { text: String::new(), start: at, capital: c.is_uppercase() });
                open = true;
            }
            if let Some(word) = words.last_mut() {
                word.text.extend(c.to_lowercase());
            }
        } else {
            open = false;
        }
    }
    for word in &mut words {
        let kept = word.text.trim_end_matches(['\'', '-']).len();
        word.text.truncate(kept);
    }
    words
}

/// A word of a script with spaces is not a part of another.
fn has_word(text: &str, word: &str) -> bool {
    let own = word.chars().next().is_some_and(|c| c < '\u{2e80}');
    let joined = |before: char| before.is_alphanumeric() && before < '\u{2e80}';
    text.match_indices(word).any(|(at, _)| !own || !text[..at].chars().next_back().is_some_and(joined))
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the part after the last end of a sentence starts.
fn last_end(text: &str) -> usize {
    let ends = |(at, c): (usize, char)| {
        let after = &text[at + c.len_utf8()..];
        is_end(c, after.chars().next()).then_some(at + c.len_utf8())
    };
    text.char_indices().filter_map(ends).next_back().unwrap_or(0)
}

/// Where the first sentence ends.
fn first_end(text: &str) -> usize {
    let mut ends = text.char_indices().filter(|&(at, c)| is_end(c, text[at + c.len_utf8()..].chars().next()));
    ends.next().map_or(text.len(), |(at, _)| at)
}

/// A full stop within a version number or an abbreviation ends nothing.
fn is_end(c: char, next: Option<char>) -> bool {
    match c {
        '\n' | '。' | '！' | '？' => true,
        '.' | '!' | '?' => next.is_none_or(char::is_whitespace),
        _ => false,
    }
}
