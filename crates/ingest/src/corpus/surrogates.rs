/// Replaces surrogates that stand alone, each by as many bytes of another escape, and counts them. `None` when there
/// are none.
pub(crate) fn mend(json: &str) -> Option<(String, u64)> {
    let bytes = json.as_bytes();
    let mut mended: Option<Vec<u8>> = None;
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        at += found;
        let Some(unit) = surrogate(&bytes[at..]) else {
            at = (at + 2).min(bytes.len());
            continue;
        };
        let low = bytes.get(at + 6..).and_then(surrogate);
        if unit < 0xdc00 && low.is_some_and(|low| low >= 0xdc00) {
            at += 12;
            continue;
        }
        let copy = mended.get_or_insert_with(|| bytes.to_vec());
        copy[at..at + 6].copy_from_slice(b"\\ufffd");
        count += 1;
        at += 6;
    }
    let text = String::from_utf8(mended?).ok()?;
    Some((text, count))
}

/// The surrogate whose escape begins here.
fn surrogate(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    let unit = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..0xe000).contains(&unit).then_some(unit)
}
