use std::ops::Range;

/// Bytes at each side of a name that are looked at.
const REACH: usize = 320;

/// The sentence in which a name stands.
pub(super) struct Sentence<'a> {
    whole: &'a str,
    text: &'a str,
    /// Where it starts in the whole text.
    pub(super) start: usize,
    name: Range<usize>,
}

impl<'a> Sentence<'a> {
    pub(super) fn around(whole: &'a str, name: &Range<usize>) -> Self {
        let from = whole.floor_char_boundary(name.start.saturating_sub(REACH));
        let to = whole.ceil_char_boundary((name.end + REACH).min(whole.len()));
        let start = from + last_end(&whole[from..name.start]);
        let end = name.end + first_end(&whole[name.end..to]);
        Self { whole, text: &whole[start..end], start, name: name.start - start..name.end - start }
    }

    pub(super) fn before(&self) -> &'a str {
        &self.text[..self.name.start]
    }

    pub(super) fn name(&self) -> &'a str {
        &self.text[self.name.clone()]
    }

    pub(super) fn after(&self) -> &'a str {
        &self.text[self.name.end..]
    }

    /// What stands before the sentence.
    pub(super) fn earlier(&self) -> &'a str {
        let from = self.whole.floor_char_boundary(self.start.saturating_sub(REACH));
        &self.whole[from..self.start]
    }

    /// First byte of the name in the whole text.
    pub(super) fn name_start(&self) -> usize {
        self.start + self.name.start
    }
}

/// Where the part after the last end of a sentence starts.
fn last_end(text: &str) -> usize {
    let ends = |(at, c): (usize, char)| {
        let after = &text[at + c.len_utf8()..];
        is_end(&text[..at], c, after).then_some(at + c.len_utf8())
    };
    text.char_indices().filter_map(ends).next_back().unwrap_or(0)
}

/// Where the first sentence ends.
fn first_end(text: &str) -> usize {
    let mut ends = text.char_indices().filter(|&(at, c)| is_end(&text[..at], c, &text[at + c.len_utf8()..]));
    ends.next().map_or(text.len(), |(at, _)| at)
}

/// A full stop within a version number or an abbreviation ends nothing, and neither does the break of a line that goes
/// on in small letters.
fn is_end(before: &str, c: char, after: &str) -> bool {
    match c {
        '\n' => {
            let breaks = before
                .trim_end_matches([' ', '\r'])
                .chars()
                .next_back()
                .is_none_or(|c| matches!(c, '.' | '!' | '?' | ':' | '\n'));
            breaks || !after.trim_start_matches([' ', '\t']).chars().next().is_some_and(char::is_lowercase)
        }
        '。' | '！' | '？' | '।' => true,
        '.' | '!' | '?' | '؟' => after
            .chars()
            .next()
            .is_none_or(|next| next.is_whitespace() || matches!(next, '"' | '”' | '*' | ')' | '\'' | '’' | '»')),
        _ => false,
    }
}
