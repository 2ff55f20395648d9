//! Where a mistake stands in a configuration file, and what was probably meant.

use strsim::levenshtein;

use crate::IngestError;

/// Line and column of a byte, both from 1; columns count bytes.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// `near names: …`, or all names where none is near.
pub(crate) fn near(name: &str, names: &[&str], all: &str) -> String {
    // Of a long name only the beginning counts.
    let start = &name[..name.floor_char_boundary(MOST_NAME_BYTES)];
    let mut far: Vec<(usize, &str)> = names.iter().map(|known| (levenshtein(start, known), *known)).collect();
    far.sort_unstable();
    let close: Vec<&str> = far.iter().filter(|(far, known)| *far <= known.len() / 2).map(|(_, name)| *name).collect();
    if close.is_empty() {
        return format!("{all} {}", names.join(", "));
    }
    format!("near names: {}", close[..close.len().min(NEAR)].join(", "))
}

const NEAR: usize = 3;
const MOST_NAME_BYTES: usize = 64;

/// What people wrote, as far as an error may repeat it.
pub(crate) fn shown(text: &str) -> String {
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    if start.len() < text.len() { format!("`{start}…`") } else { format!("`{start}`") }
}

const LONGEST_SHOWN: usize = 48;

/// A mistake at a byte of a written file.
pub(crate) struct Mistake {
    pub(crate) at: usize,
    pub(crate) reason: String,
    pub(crate) help: String,
}

impl Mistake {
    pub(crate) fn new(at: usize, reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, reason: reason.into(), help: help.into() }
    }

    /// The same, with the path of the key in front.
    pub(crate) fn within(self, path: &str) -> Self {
        Self { reason: format!("{path}: {}", self.reason), ..self }
    }

    /// As an error of a file, which is called by its kind.
    pub(crate) fn of(self, file: &'static str, text: &str) -> IngestError {
        let (line, column) = position(text, self.at);
        IngestError::Written { file, line, column, reason: self.reason, help: self.help }
    }
}

/// Reads a whole text of at most `most` bytes. A byte order mark is left out.
pub(crate) fn read_text(reader: impl std::io::Read, file: &'static str, most: u64) -> Result<String, IngestError> {
    use std::io::Read;
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes).map_err(IngestError::Io)?;
    if bytes.len() as u64 > most {
        return Err(IngestError::TooLarge { limit: most });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        Mistake::new(valid, "the text is not UTF-8", "save the file as UTF-8").of(file, &before)
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::{near, position, read_text, shown};

    #[test]
    fn positions_count_from_one() {
        assert_eq!([0, 2, 3, 5, 99].map(|at| position("ab\ncd", at)), [(1, 1), (1, 3), (2, 1), (2, 3), (2, 3)]);
    }

    #[test]
    fn near_names_come_first() {
        assert_eq!(near("shar", &["since", "share"], "the names are"), "near names: share");
        assert_eq!(near("colour", &["since", "share"], "the names are"), "the names are since, share");
        assert_eq!(near(&"é".repeat(1000), &["since"], "the names are"), "the names are since");
    }

    #[test]
    fn long_words_are_cut() {
        assert!(shown(&"é".repeat(1000)).chars().count() < 60);
    }

    #[test]
    fn a_byte_that_is_no_text_is_placed() {
        let error = read_text(&b"one\ntw\xffo"[..], "policy", 100).unwrap_err().to_string();
        assert_eq!(error, "line 2, column 3 of the policy: the text is not UTF-8");
        assert!(read_text(&b"0123456789"[..], "policy", 9).is_err());
    }
}
