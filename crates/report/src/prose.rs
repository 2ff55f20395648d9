//! Wrapped lines of text.

use std::fmt::Write;

use crate::escape;
use crate::number::count;

/// What a report is written into: lines no wider than the terminal.
pub(crate) struct Page {
    text: String,
    width: usize,
    colour: bool,
}

/// How a heading stands out, where colours are wanted.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    Bold,
    Red,
    Yellow,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Red => "1;31",
            Self::Yellow => "1;33",
        }
    }
}

impl Page {
    pub(crate) fn new(width: usize, colour: bool) -> Self {
        Self { text: String::new(), width: width.max(NARROWEST), colour }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn colour(&self) -> bool {
        self.colour
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(crate) fn heading(&mut self, style: Style, text: &str) {
        self.blank();
        let text = escape(text);
        // Writing to a string does not fail.
        let _ = if self.colour {
            writeln!(self.text, "\x1b[{}m{text}\x1b[0m", style.code())
        } else {
            writeln!(self.text, "{text}")
        };
    }

    /// Text that is safe already and has its own lines.
    pub(crate) fn block(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A paragraph behind a label; its further lines are indented as far as its first.
    pub(crate) fn item(&mut self, label: &str, text: &str) {
        let indent = label.chars().count();
        let room = self.width.saturating_sub(indent).max(NARROWEST / 2);
        let text = escape(text);
        let mut line = String::new();
        let mut length = 0;
        let mut first = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let letters = word.chars().count();
            if length > 0 && length + 1 + letters > room {
                self.line(label, indent, &line, first);
                (line, length, first) = (String::new(), 0, false);
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += letters;
        }
        self.line(label, indent, &line, first);
    }

    fn line(&mut self, label: &str, indent: usize, line: &str, first: bool) {
        if first {
            self.text.push_str(label);
        } else {
            self.text.extend(std::iter::repeat_n(' ', indent));
        }
        self.text.push_str(line);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }
}

/// Says how many of a list are not shown.
pub(crate) fn more(page: &mut Page, label: &str, length: usize, shown: usize) {
    if let Some(more) = length.checked_sub(shown).filter(|more| *more > 0) {
        page.item(label, &format!("{} more in the JSON report", count(more as u64)));
    }
}

const NARROWEST: usize = 40;
