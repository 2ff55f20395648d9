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

/// Begins each record of a JSON text sequence (RFC 7464).
pub(crate) const RECORD_MARK: &[u8] = &[0x1e];
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// 128 MiB, the most that `zstd` itself accepts without being told to.
pub(crate) const ZSTD_WINDOW_LOG: u32 = 27;
