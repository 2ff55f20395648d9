use std::ops::Range;

use rustc_hash::FxHashSet;
use stillwatch_digest::{ServedReader, Word};

use super::language::GENERIC;
use super::vendors::VENDORS;

/// Words that are too frequent to stand for a name or a phrase that has another one.
const FREQUENT: &[&str] = &[
    "a",
    "ai",
    "am",
    "an",
    "as",
    "bot",
    "chat",
    "chatting",
    "cloud",
    "command",
    "core",
    "do",
    "don",
    "flash",
    "have",
    "i",
    "instant",
    "institute",
    "just",
    "labs",
    "language",
    "large",
    "last",
    "le",
    "m",
    "model",
    "my",
    "not",
    "of",
    "only",
    "open",
    "organization",
    "pro",
    "r",
    "research",
    "services",
    "stable",
    "systems",
    "t",
    "technology",
    "to",
    "update",
    "web",
];
/// Bytes at each side of a word: no name and no phrase is longer.
const REACH: usize = 64;
const BITS: usize = 1 << 16;

/// Where texts have to be searched: around words without which there is no name and no phrase. Reading words is needed
/// for other things anyway, and most of a text is dismissed by it.
#[derive(Debug)]
pub(crate) struct Gate {
    /// One bit for each word, so that nearly every word is dismissed by one look.
    bits: Vec<u64>,
    words: FxHashSet<u64>,
}

impl Gate {
    /// For texts that are read by this reader.
    pub(crate) fn new(reader: &ServedReader) -> Self {
        let mut reader = reader.clone();
        let names = VENDORS.iter().flat_map(|vendor| vendor.names).map(|name| name.text);
        let mut gate = Self { bits: vec![0; BITS / 64], words: FxHashSet::default() };
        for text in names.chain(GENERIC.iter().copied()) {
            reader.read(text);
            let word = |word: &&Word| text.get(word.start as usize..word.end as usize).unwrap_or_default();
            let rare = reader.words().iter().filter(|at| !FREQUENT.contains(&word(at).to_lowercase().as_str()));
            let length = |at: &&Word| at.end - at.start;
            let longest = rare.max_by_key(length).or_else(|| reader.words().iter().max_by_key(length));
            if let Some(chosen) = longest {
                let (number, bit) = place(chosen.hash);
                gate.bits[number] |= bit;
                gate.words.insert(chosen.hash);
            }
        }
        gate
    }

    /// Where in a text of these words a name or phrase may stand: ranges of bytes that ascend and do not meet.
    pub(crate) fn places(&self, text: &str, words: &[Word], places: &mut Vec<Range<usize>>) {
        places.clear();
        for word in words {
            let (number, bit) = place(word.hash);
            if self.bits[number] & bit == 0 || !self.words.contains(&word.hash) {
                continue;
            }
            let start = text.floor_char_boundary((word.start as usize).saturating_sub(REACH));
            let end = text.ceil_char_boundary((word.end as usize + REACH).min(text.len()));
            match places.last_mut().filter(|last| start <= last.end) {
                Some(last) => last.end = last.end.max(end),
                None => places.push(start..end),
            }
        }
    }
}

fn place(hash: u64) -> (usize, u64) {
    let bit = hash >> (u64::BITS - BITS.trailing_zeros());
    (stillwatch_core::place(bit / 64), 1 << (bit % 64))
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Document, Key};
    use stillwatch_digest::ServedReader;

    use super::super::Claims;
    use super::{GENERIC, Gate, REACH, VENDORS};

    #[test]
    fn every_name_and_phrase_passes_wherever_it_stands() {
        let mut reader = ServedReader::new(&Key::from_bytes([7; 32]));
        let gate = Gate::new(&reader);
        let claims = Claims::default();
        let names = VENDORS.iter().flat_map(|vendor| vendor.names).map(|name| name.text);
        let mut places = Vec::new();
        for name in names.chain(GENERIC.iter().copied()) {
            assert!(name.len() < REACH);
            for text in
                [format!("I am {name}."), format!("«{}», said the", name.to_uppercase()), format!("我是{name}的模型")]
            {
                let text = format!("{}{text}{}", "Ça dépend ".repeat(40), " and é so on".repeat(40));
                reader.read(&text);
                let document = Document { text: &text, ..Document::default() };
                let (mut all, mut near) = (Vec::new(), Vec::new());
                claims.find(&document, |claim| all.push(claim));
                gate.places(&text, reader.words(), &mut places);
                claims.find_in(&document, &places, |claim| near.push(claim));
                assert_eq!(all, near, "{name}");
            }
        }
        let text = "The weather is fine today, and the sea is calm.";
        reader.read(text);
        gate.places(text, reader.words(), &mut places);
        assert!(places.is_empty());
    }
}
