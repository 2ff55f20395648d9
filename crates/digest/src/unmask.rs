use stillwatch_core::confusable::{latin, latin_in_either_case};
use unicode_normalization::UnicodeNormalization;

use crate::reading::is_invisible;

/// A text as it looks: without what is not seen, letters that look Latin being Latin.
///
/// For searches by name alone, and never written anywhere. A Russian word has no meaning in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Unmasked {
    text: String,
    /// For each byte, where its character starts in the text that it is made of; one more for the end.
    places: Vec<u32>,
}

impl Unmasked {
    /// Reads a text in place of the one before.
    pub fn read(&mut self, text: &str) -> &str {
        self.text.clear();
        self.places.clear();
        let text = text.get(..text.floor_char_boundary(u32::MAX as usize)).unwrap_or_default();
        for (at, c) in text.char_indices() {
            let place = stillwatch_core::at_most_u32(at);
            if c.is_ascii() {
                self.push(c, place);
            } else if !is_invisible(c) {
                match looks_like(c) {
                    Some(latin) => self.push(latin, place),
                    None => std::iter::once(c).nfkc().for_each(|plain| self.push(plain, place)),
                }
            }
        }
        self.places.push(stillwatch_core::at_most_u32(text.len()));
        &self.text
    }

    /// The text that was read last.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a place of this text is in the one that it is made of.
    pub fn place(&self, at: usize) -> usize {
        self.places.get(at).or(self.places.last()).map_or(0, |place| *place as usize)
    }

    fn push(&mut self, c: char, place: u32) {
        self.text.push(c);
        self.places.resize(self.text.len(), place);
    }
}

/// The Latin letter that a letter passes for, in its own case.
fn looks_like(c: char) -> Option<char> {
    let in_case = |letter: char| if c.is_lowercase() { letter.to_ascii_lowercase() } else { letter };
    latin(c).or_else(|| latin_in_either_case(c).map(in_case))
}

#[cfg(test)]
mod tests {
    use super::Unmasked;

    #[test]
    fn what_deceives_the_eye_is_undone_and_places_are_kept() {
        let mut unmasked = Unmasked::default();
        let text = "I am Cha\u{200b}tG\u{420}T, 𝐧𝐨𝐭 a man";
        let seen = unmasked.read(text).to_owned();
        assert_eq!(seen, "I am ChatGPT, not a man");
        let name = seen.find("ChatGPT").unwrap();
        assert_eq!(&text[unmasked.place(name)..unmasked.place(name + 7)], "Cha\u{200b}tG\u{420}T");
        assert_eq!(unmasked.place(seen.len()), text.len());
        assert_eq!(unmasked.read("Cha\u{442}G\u{420}\u{422}"), "ChatGPT");
    }
}
