//! Reads a part of a sentence as words that a language knows.

use super::language::{Language, Role};
use super::vendors::VENDORS;

/// More words than this between an opening and a name are no statement.
const MOST_TOKENS: usize = 28;
/// What may follow the name of a model and belongs to it.
const VERSIONS: &[&str] = &[
    "base", "chat", "coder", "flash", "haiku", "instruct", "large", "lite", "max", "medium", "mini", "nano", "next",
    "omni", "opus", "oss", "plus", "preview", "pro", "reasoner", "small", "sonnet", "thinking", "turbo", "ultra",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(Role),
    /// The name of a maker or a model, with the maker's number.
    Name(usize),
    /// A word in capitals or with digits that nothing is known of.
    Unknown,
    Comma,
    /// "'s"
    Possessive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The part ends, or the sentence.
    End,
    /// A word that the language does not know starts here.
    Word(usize),
}

pub(super) struct Tokens {
    pub(super) kinds: Vec<Kind>,
    pub(super) stop: Stop,
}

impl Tokens {
    pub(super) fn has(&self, role: Role) -> bool {
        self.kinds.contains(&Kind::Word(role))
    }

    pub(super) fn position(&self, role: Role) -> Option<usize> {
        self.kinds.iter().position(|kind| *kind == Kind::Word(role))
    }
}

/// Reads a part that begins or ends at a name. `names`: words in capitals that are not known may be names.
pub(super) fn read(part: &str, language: &Language, names: bool) -> Tokens {
    let (mut kinds, mut at) = (Vec::new(), 0);
    let mut after_name = false;
    loop {
        let rest = &part[at..];
        let Some(c) = rest.chars().next() else { return Tokens { kinds, stop: Stop::End } };
        if kinds.len() > MOST_TOKENS {
            return Tokens { kinds, stop: Stop::Word(at) };
        }
        if c.is_whitespace() || matches!(c, '*' | '_' | '™' | '®' | '"' | '“' | '”') {
            at += c.len_utf8();
            continue;
        }
        if let Some(length) = possessive(rest).filter(|_| at == 0 || after_name) {
            kinds.push(Kind::Possessive);
            at += length;
            after_name = false;
            continue;
        }
        if matches!(c, ',' | '，' | '、' | '،' | '(' | '[' | ')' | ']' | '—' | '–' | '-' | '\'' | '’') {
            if kinds.last() != Some(&Kind::Comma) {
                kinds.push(Kind::Comma);
            }
            at += c.len_utf8();
            continue;
        }
        if matches!(c, '.' | '!' | '?' | ';' | ':' | '。' | '！' | '？' | '；' | '：' | '।' | '؟' | '؛' | '…')
        {
            return Tokens { kinds, stop: Stop::End };
        }
        if !c.is_alphanumeric() && !is_letter(c) {
            return Tokens { kinds, stop: Stop::End };
        }
        after_name = false;
        if let Some((role, length)) = word(rest, language) {
            kinds.push(Kind::Word(role));
            at += length;
        } else if let Some((vendor, length)) = name(rest, language.unspaced) {
            kinds.push(Kind::Name(vendor));
            at += length + version(&rest[length..]);
            after_name = true;
        } else if let Some(length) = unknown(rest, language).filter(|_| names) {
            kinds.push(Kind::Unknown);
            at += length;
        } else {
            return Tokens { kinds, stop: Stop::Word(at) };
        }
    }
}

fn possessive(rest: &str) -> Option<usize> {
    ["'s", "’s"].iter().find(|own| rest.starts_with(**own) && ends_word(rest, own.len())).map(|own| own.len())
}

/// The longest entry of the language that the text begins with.
fn word(rest: &str, language: &Language) -> Option<(Role, usize)> {
    let lengths = language.words.iter().flat_map(|(role, entries)| {
        entries.iter().filter_map(|entry| starts(rest, entry, language.unspaced).map(|length| (*role, length)))
    });
    // Of entries as long, the role that stands first.
    lengths.fold(None, |best: Option<(Role, usize)>, found| match best {
        Some(best) if best.1 >= found.1 => Some(best),
        _ => Some(found),
    })
}

/// The length of an entry at the beginning of a text, whatever the case.
pub(super) fn starts(text: &str, entry: &str, unspaced: bool) -> Option<usize> {
    let (entry, stem) = entry.strip_suffix('*').map_or((entry, false), |stem| (stem, true));
    let mut rest = text.char_indices();
    let mut length = 0;
    for own in entry.chars() {
        let (at, c) = rest.next()?;
        let same = c == own
            || (own == '\'' && c == '’')
            || (own == ' ' && c.is_whitespace())
            || c.to_lowercase().eq(own.to_lowercase());
        if !same {
            return None;
        }
        length = at + c.len_utf8();
    }
    if stem {
        let more = text[length..].find(|c: char| !c.is_alphabetic()).unwrap_or(text.len() - length);
        return Some(length + more);
    }
    let latin = entry.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    ((unspaced && !latin) || ends_word(text, length) || entry.ends_with(['\'', '’', '-', '—', '–', ',']))
        .then_some(length)
}

/// Whether no word goes on here. A hyphen joins words, and marks of vowels belong to theirs.
pub(super) fn ends_word(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    match rest.next() {
        Some('-') => !rest.next().is_some_and(char::is_alphanumeric),
        Some(c) => !is_letter(c),
        None => true,
    }
}

/// Letters, digits and the marks that Indian scripts write beside letters, of scripts that set words apart.
pub(super) fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() && !matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'))
        || matches!(c, '\u{900}'..='\u{963}')
}

/// The longest name of a maker or a model that the text begins with.
pub(super) fn name(rest: &str, unspaced: bool) -> Option<(usize, usize)> {
    let names = VENDORS
        .iter()
        .enumerate()
        .flat_map(|(number, vendor)| vendor.names.iter().map(move |name| (number, name.text)));
    let found = names.filter_map(|(number, name)| {
        let (part, behind) = rest.split_at_checked(name.len())?;
        let joined = behind.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || (!unspaced && is_letter(c)));
        (part.eq_ignore_ascii_case(name) && !joined).then_some((number, name.len()))
    });
    found.max_by_key(|(_, length)| *length)
}

/// How much of the text behind a name belongs to it: "-V3", " 7B", " Sonnet 4".
pub(super) fn version(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let gap = rest.chars().next().filter(|c| matches!(c, ' ' | '-' | '‑' | '.')).map_or(0, char::len_utf8);
        let body = &rest[gap..];
        let length = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(body.len());
        let word = body[..length].trim_end_matches('.');
        let known = VERSIONS.contains(&word.to_ascii_lowercase().as_str());
        let digits = word.len() <= 8 && word.bytes().any(|byte| byte.is_ascii_digit());
        if word.is_empty() || (gap == 0 && at == 0 && !digits) || !(known || digits) {
            return at;
        }
        at += gap + word.len();
    }
}

/// A word in capitals or with digits.
fn unknown(rest: &str, language: &Language) -> Option<usize> {
    let length = rest
        .find(|c: char| !(is_letter(c) || matches!(c, '-' | '.')) || (language.unspaced && !c.is_ascii()))
        .unwrap_or(rest.len());
    let word = rest[..length].trim_end_matches(['-', '.']);
    let capital = word.chars().next().is_some_and(char::is_uppercase) && !language.capital_nouns;
    let digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let latin = word.is_ascii() && language.unspaced;
    (!word.is_empty() && (capital || digit || latin)).then_some(word.len())
}
