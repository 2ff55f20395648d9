//! Where objects of JSON begin and end, found without parsing them.

use memchr::{memchr, memchr_iter, memchr2};

use crate::first_bytes::BYTE_ORDER_MARK;

/// Where in an element the scan stands.
#[derive(Default)]
pub(crate) struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Bytes of the element have been seen, so that a chunk may add none.
    begun: bool,
}

impl Scan {
    /// How many bytes of the chunk belong to the element, and whether it ends with them.
    pub(crate) fn measure(&mut self, chunk: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(&byte) = chunk.get(at) {
            if self.escaped {
                self.escaped = false;
            } else if self.in_string {
                let Some(skipped) = memchr2(b'"', b'\\', &chunk[at..]) else { break };
                at += skipped;
                self.escaped = chunk[at] == b'\\';
                self.in_string = self.escaped;
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b']' | b'}' if self.depth > 1 => self.depth -= 1,
                    b']' | b'}' if self.depth == 1 => return (at + 1, true),
                    b'}' => return (at + 1, true),
                    b',' | b']' | b'\n' if self.depth == 0 => return (at.max(usize::from(!self.begun)), true),
                    _ => {}
                }
            }
            at += 1;
        }
        self.begun |= !chunk.is_empty();
        (chunk.len(), false)
    }
}

/// Whether a text is a document over several lines: its first line opens a structure, or ends in the midst of one and
/// is not followed by another record, as a damaged line would be.
pub(crate) fn is_document(first: &[u8]) -> bool {
    let text = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first).trim_ascii_start();
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(line), Some(next)) = (lines.next(), lines.next()) else {
        return false;
    };
    let whole = |line: &[u8]| Scan::default().measure(line) == (line.len(), true);
    match line.last() {
        _ if line.first() != Some(&b'{') => false,
        Some(b'{' | b'[') => !whole(line),
        Some(b',' | b':') => !whole(line) && !next.starts_with(b"{\""),
        _ => false,
    }
}

/// Whether a line holds several objects, as streams that are delivered without line feeds do.
pub(crate) fn several(line: &[u8]) -> bool {
    if !has_seam(line) {
        return false;
    }
    let text = line.trim_ascii_start();
    let (length, whole) = Scan::default().measure(text);
    let rest = text.get(length..).unwrap_or_default();
    let next = rest.iter().find(|byte| !is_between(**byte));
    text.first() == Some(&b'{') && whole && next == Some(&b'{')
}

/// Whether a brace opens right behind one that closes. Within one object that happens in strings alone, so that hardly any
/// line has to be measured; every line of a log is asked, and the search stops at its few opening braces.
fn has_seam(line: &[u8]) -> bool {
    let before = |at: usize| line.get(..at)?.iter().rev().find(|byte| !is_between(**byte)).copied();
    memchr_iter(b'{', line).any(|at| before(at) == Some(b'}'))
}

/// White space, and the mark that begins a record of a JSON text sequence (RFC 7464).
pub(crate) fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)
}

/// Whether there is no line feed between objects: then lines would be too long to be read.
pub(crate) fn is_concatenated(first: &[u8]) -> bool {
    let text = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first).trim_ascii();
    // Where there are lines, a broken object loses no more than its own.
    memchr(b'\n', text).is_none() && several(text)
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn objects_behind_each_other_are_several() {
        for (line, are) in [
            (r#"{"a":1}{"a":2}"#, true),
            (r#" {"a":1}  {"a":2}"#, true),
            ("{\"a\":1}\t\u{1e}{\"a\":2}", true),
            (r#"{"a":"}{"}"#, false),
            (r#"{"a":"} {"}{"b":1}"#, true),
            (r#"{"a":[{},{}]}"#, false),
            (r#"{"a":1} {"#, true),
            (r#"{"a":1}, {"b":1}"#, false),
            ("x } {", false),
            ("", false),
        ] {
            assert_eq!(several(line.as_bytes()), are, "{line}");
        }
    }
}
