use std::borrow::Cow;

/// The text between the quotes of a JSON string that was read before. A lone surrogate or an unknown escape becomes
/// U+FFFD.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut characters = rest.chars();
        let Some(escape) = characters.next() else { break };
        rest = characters.as_str();
        match escape {
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            '"' | '\\' | '/' => text.push(escape),
            'u' => {
                let (character, used) = unicode(rest);
                text.push(character);
                rest = &rest[used..];
            }
            _ => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character of `XXXX` or `XXXX\uXXXX`, and the bytes used.
fn unicode(rest: &str) -> (char, usize) {
    let Some(high) = hex(rest) else { return (char::REPLACEMENT_CHARACTER, 0) };
    if let Some(character) = char::from_u32(high) {
        return (character, 4);
    }
    if (0xd800..0xdc00).contains(&high)
        && let Some(low) = rest.get(4..).and_then(|more| more.strip_prefix("\\u")).and_then(hex)
        && (0xdc00..0xe000).contains(&low)
    {
        let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 10);
    }
    (char::REPLACEMENT_CHARACTER, 4)
}

fn hex(text: &str) -> Option<u32> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_read_and_broken_ones_replaced() {
        assert_eq!(unescape(r#"a\n\"\u00e9\ud83d\ude00"#), "a\n\"é😀");
        assert_eq!(unescape(r"\ud83d\u0041"), "\u{fffd}A");
        assert_eq!(unescape(r"\q\u12"), "\u{fffd}\u{fffd}12");
        assert_eq!(unescape(r"\u+123"), "\u{fffd}+123");
    }
}
