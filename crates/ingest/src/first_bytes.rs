//! What the first bytes of a file tell, before anything is read of it.

/// The window that the first frame of a zstd stream needs, in bytes (RFC 8878, section 3.1.1.1), where it is longer than
/// is read.
pub(crate) fn long_window(first: &[u8]) -> Option<u64> {
    let frame = first.strip_prefix(&[0x28, 0xb5, 0x2f, 0xfd])?;
    let (&descriptor, rest) = frame.split_first()?;
    // A single segment is decoded into a buffer of its own size.
    let window = if descriptor & 0b10_0000 == 0 {
        let byte = u64::from(*rest.first()?);
        let base = 1_u64 << (10 + (byte >> 3));
        base + base / 8 * (byte & 7)
    } else {
        let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
        let size = [1, 2, 4, 8][usize::from(descriptor >> 6)];
        let field = rest.get(dictionary..dictionary + size)?;
        field.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
    };
    (window > 1 << ZSTD_WINDOW_LOG).then_some(window)
}

pub(crate) fn first_character(first_bytes: &[u8]) -> Option<u8> {
    let text = first_bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first_bytes);
    let text = text.trim_ascii_start();
    text.strip_prefix(RECORD_MARK).unwrap_or(text).first().copied()
}

/// Whether a text begins as records of JSON do: with an object, or a list of what may be records. `[INFO] …` and
/// `[2026-03-02 …` begin lines of a log.
pub(crate) fn begins_json(first_bytes: &[u8]) -> bool {
    match first_character(first_bytes) {
        Some(b'{') => true,
        Some(b'[') => {
            let inside = first_bytes.iter().skip_while(|byte| **byte != b'[').skip(1);
            let next = inside.copied().find(|byte| !byte.is_ascii_whitespace());
            next.is_none_or(|byte| matches!(byte, b'{' | b'[' | b'"' | b']'))
        }
        _ => false,
    }
}

/// Begins each record of a JSON text sequence (RFC 7464).
pub(crate) const RECORD_MARK: &[u8] = &[0x1e];
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// 128 MiB, the most that `zstd` itself accepts without being told to.
pub(crate) const ZSTD_WINDOW_LOG: u32 = 27;

#[cfg(test)]
mod tests {
    use super::begins_json;

    #[test]
    fn lists_of_records_are_told_from_lines_in_brackets() {
        for (text, is) in [
            ("{", true),
            (" [\n {\"a\": 1}", true),
            ("[[1, 2]]", true),
            ("[\"a\", \"b\"]", true),
            ("\u{feff}[]", true),
            ("[", true),
            ("[INFO] started", false),
            ("[2026-03-02 12:00:00] {\"a\": 1}", false),
            ("a [{", false),
            ("", false),
        ] {
            assert_eq!(begins_json(text.as_bytes()), is, "{text}");
        }
    }
}
