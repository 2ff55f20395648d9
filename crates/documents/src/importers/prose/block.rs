use std::ops::Range;

/// Text that stands alone: a heading, a paragraph, a list item, a table cell.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The page it stands on, from one; 0 in documents without pages.
    pub(super) page: usize,
    /// The line it begins on, from one.
    pub(super) line: usize,
    /// 1 to 6 for a heading, 0 for the rest.
    pub(super) level: u8,
    /// A cell of a table.
    pub(super) cell: bool,
    /// With single spaces.
    pub(super) text: String,
    /// Where in the text a link stands, and where it leads.
    pub(super) links: Vec<(Range<usize>, String)>,
}

/// Links of one block that are kept.
const MOST_LINKS: usize = 256;

impl From<stillwatch_pdf::Block> for Block {
    fn from(block: stillwatch_pdf::Block) -> Self {
        let stillwatch_pdf::Block { page, line, level, text } = block;
        Self { page, line, level, text, ..Self::default() }
    }
}

impl Block {
    pub(super) fn at(line: usize, level: u8) -> Self {
        Self { line, level, ..Self::default() }
    }

    /// Where it stands: `line 12`, or `page 3, line 12`.
    pub(super) fn place(&self) -> String {
        if self.page == 0 { format!("line {}", self.line) } else { format!("page {}, line {}", self.page, self.line) }
    }

    /// Adds words with single spaces between them.
    pub(super) fn add(&mut self, words: &str) {
        for character in words.chars() {
            if !character.is_whitespace() {
                self.text.push(character);
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }

    /// Closes a link that began at `start`.
    pub(super) fn link(&mut self, start: usize, target: String) {
        if self.links.len() < MOST_LINKS && start < self.text.len() {
            self.links.push((start..self.text.len(), target));
        }
    }
}

/// Line numbers of places in ascending order, in one pass over the text.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, first: usize) -> Self {
        Self { text: text.as_bytes(), at: 0, line: first }
    }

    /// The line of a place; one that lies before the last place asked for is told that one's line.
    #[expect(clippy::naive_bytecount, reason = "a document is at most some megabytes")]
    pub(super) fn of(&mut self, place: usize) -> usize {
        let place = place.min(self.text.len());
        if place > self.at {
            self.line += self.text[self.at..place].iter().filter(|&&byte| byte == b'\n').count();
            self.at = place;
        }
        self.line
    }
}
