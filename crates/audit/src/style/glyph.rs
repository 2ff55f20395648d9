//! What a character outside ASCII stands for.

use stillwatch_core::confusable::latin;

/// How a character is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// A letter that looks like this ASCII letter.
    Latin(u8),
    Letter,
    /// Of a script that is written without spaces: a word by itself.
    Ideograph,
    /// Punctuation with an ASCII form.
    Punctuation(u8),
    Symbol,
    Space,
    Break,
    /// Not seen, or a mark on the letter before it.
    Invisible,
}

pub(super) fn glyph(c: char) -> Glyph {
    match c {
        '\u{00ad}'
        | '\u{034f}'
        | '\u{061c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}'
        | '\u{0300}'..='\u{036f}' => Glyph::Invisible,
        '\u{2028}' | '\u{2029}' | '\u{0085}' => Glyph::Break,
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{02bc}' | '\u{ff07}' => Glyph::Punctuation(b'\''),
        '\u{201c}'..='\u{201f}' | '\u{ff02}' => Glyph::Punctuation(b'"'),
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{ff0d}' => Glyph::Punctuation(b'-'),
        '\u{3002}' => Glyph::Punctuation(b'.'),
        '\u{ff01}'..='\u{ff5e}' => ascii(c, 0xfee0),
        '\u{0400}'..='\u{04ff}' | '\u{0370}'..='\u{03ff}' | '\u{1d400}'..='\u{1d6a3}' => look_alike(c),
        '\u{0e00}'..='\u{0eff}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Glyph::Ideograph,
        _ if c.is_alphabetic() => Glyph::Letter,
        _ if c.is_whitespace() => Glyph::Space,
        _ => Glyph::Symbol,
    }
}

/// A full-width form, which lies `distance` above ASCII.
fn ascii(c: char, distance: u32) -> Glyph {
    match u8::try_from(u32::from(c) - distance) {
        Ok(byte) if byte.is_ascii_alphabetic() => Glyph::Latin(byte),
        Ok(byte) if byte.is_ascii_punctuation() => Glyph::Punctuation(byte),
        _ => Glyph::Symbol,
    }
}

/// Letters that are drawn like Latin ones. A text that is Cyrillic or Greek throughout is read consistently, if oddly.
fn look_alike(c: char) -> Glyph {
    match latin(c).map(u8::try_from) {
        Some(Ok(letter)) => Glyph::Latin(letter),
        _ if c.is_alphabetic() => Glyph::Letter,
        _ => Glyph::Symbol,
    }
}

#[cfg(test)]
mod tests {
    use super::{Glyph, glyph};

    #[test]
    fn look_alikes_are_latin() {
        assert_eq!(glyph('а'), Glyph::Latin(b'a'));
        assert_eq!(glyph('\u{1d41a}'), Glyph::Latin(b'a'));
        assert_eq!(glyph('ж'), Glyph::Letter);
        assert_eq!(glyph('Ａ'), Glyph::Latin(b'A'));
        assert_eq!(glyph('é'), Glyph::Letter);
        assert_eq!(glyph('译'), Glyph::Ideograph);
        assert_eq!(glyph('\u{a0}'), Glyph::Space);
        assert_eq!(glyph('—'), Glyph::Symbol);
    }
}
