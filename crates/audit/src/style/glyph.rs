//! What a character outside ASCII stands for.

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

/// Cyrillic and Greek letters that are drawn like Latin ones, and mathematical alphabets (Unicode confusables, UTS #39).
/// A text that is Cyrillic or Greek throughout is read consistently, if oddly.
fn look_alike(c: char) -> Glyph {
    let latin = match c {
        '\u{1d400}'..='\u{1d6a3}' => {
            let letter = (u32::from(c) - 0x1d400) % 52;
            let base = if letter < 26 { u32::from('A') } else { u32::from('a') - 26 };
            return u8::try_from(base + letter).map_or(Glyph::Letter, Glyph::Latin);
        }
        'а' => b'a',
        'е' | 'ё' => b'e',
        'о' | 'ο' => b'o',
        'р' | 'ρ' => b'p',
        'с' => b'c',
        'у' => b'y',
        'х' => b'x',
        'і' | 'ι' => b'i',
        'ј' => b'j',
        'ѕ' => b's',
        'ԁ' => b'd',
        'һ' => b'h',
        'ν' => b'v',
        'А' | 'Α' => b'A',
        'В' | 'Β' => b'B',
        'Е' | 'Ε' => b'E',
        'К' | 'Κ' => b'K',
        'М' | 'Μ' => b'M',
        'Н' | 'Η' => b'H',
        'О' | 'Ο' => b'O',
        'Р' | 'Ρ' => b'P',
        'С' => b'C',
        'Т' | 'Τ' => b'T',
        'У' | 'Υ' => b'Y',
        'Х' | 'Χ' => b'X',
        'І' | 'Ι' => b'I',
        'Ј' => b'J',
        'Ѕ' => b'S',
        'Ζ' => b'Z',
        'Ν' => b'N',
        _ if c.is_alphabetic() => return Glyph::Letter,
        _ => return Glyph::Symbol,
    };
    Glyph::Latin(latin)
}

#[cfg(test)]
mod tests {
    use super::{Glyph, glyph};

    #[test]
    fn look_alikes_are_latin() {
        assert_eq!(glyph('а'), Glyph::Latin(b'a'));
        assert_eq!(glyph('\u{1d41a}'), Glyph::Latin(b'a'));
        assert_eq!(glyph('Ａ'), Glyph::Latin(b'A'));
        assert_eq!(glyph('é'), Glyph::Letter);
        assert_eq!(glyph('译'), Glyph::Ideograph);
        assert_eq!(glyph('\u{a0}'), Glyph::Space);
        assert_eq!(glyph('—'), Glyph::Symbol);
    }
}
