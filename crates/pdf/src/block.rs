/// Text that stands alone: a heading, a paragraph, a list item, a table cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The page it stands on, from one.
    pub page: usize,
    /// The line of the page that it begins on, from one.
    pub line: usize,
    /// 1 to 6 for a heading, 0 for the rest.
    pub level: u8,
    /// With single spaces.
    pub text: String,
}

impl Block {
    /// Adds words with single spaces between them.
    pub(crate) fn add(&mut self, words: &str) {
        for character in words.chars() {
            if !character.is_whitespace() {
                self.text.push(character);
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }
}
