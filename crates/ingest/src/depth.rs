/// Levels of arrays and objects that serde_json follows.
const MOST_LEVELS: usize = 127;

/// Whether reading JSON ended because it nests deeper than serde_json follows. The library has no kind of error for it,
/// so the brackets that are open where it stopped are counted.
pub(crate) fn is_too_deep(text: &str, error: &serde_json::Error) -> bool {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let end = (before + error.column()).min(text.len());
    levels(&text.as_bytes()[..end]) > MOST_LEVELS
}

/// Arrays and objects that are open at the end of the beginning of a document.
fn levels(json: &[u8]) -> usize {
    let (mut levels, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => levels += 1,
            b']' | b'}' if !in_string => levels = levels.saturating_sub(1),
            _ => {}
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::is_too_deep;

    fn told(text: &str) -> bool {
        is_too_deep(text, &serde_json::from_str::<serde_json::Value>(text).unwrap_err())
    }

    #[test]
    fn the_limit_is_that_of_the_library() {
        let nested = |levels: usize| format!("\n{{\"[\\\"[\":\n{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(serde_json::from_str::<serde_json::Value>(&nested(126)).is_ok());
        assert!(told(&nested(127)));
        assert!(told(&"[".repeat(200_000)));
        assert!(!told(&format!("{}x", "[".repeat(127))), "a mistake that is not too deep");
        assert!(!told("[[1], x"));
        assert!(!told(""));
    }
}
