//! JSON as programs and people read it.

use serde::Serialize;

/// The value as indented JSON in a stable order, with a newline at its end. Lists of numbers, and lists of small objects
/// of numbers, take a line each.
pub(crate) fn indented(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = compact(&serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(text)
}

/// Puts elements of lists that hold nothing but numbers on one line, and so lists of numbers. In indented JSON a line
/// break is never part of a string.
fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut waiting: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        let (inner, opens) = (line.trim(), line.ends_with(['[', '{']));
        let is_list = inner.ends_with('[') || inner == "{";
        match waiting.first() {
            Some(_) if is_number(inner) => waiting.push(inner),
            Some(first) if waiting.len() > 1 && matches!(inner.trim_end_matches(','), "]" | "}") => {
                out.push_str(first);
                out.push_str(&waiting[1..].join(" "));
                out.push_str(inner);
                out.push('\n');
                waiting.clear();
            }
            _ => {
                waiting.drain(..).for_each(|line| {
                    out.push_str(line);
                    out.push('\n');
                });
                if opens && is_list {
                    waiting.push(line);
                } else {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
    }
    for line in waiting {
        out.push_str(line);
        out.push('\n');
    }
    out.pop();
    out
}

/// `12,` or `"name": 12,`.
fn is_number(line: &str) -> bool {
    let value = line.strip_prefix('"').map_or(Some(line), |rest| rest.split_once("\": ").map(|(_, value)| value));
    let digits = value.map(|value| value.trim_end_matches(','));
    digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn lists_of_numbers_take_a_line() {
        let value = serde_json::json!({
            "a": [1, 2, 3], "b": ["1", 2], "c": [{"x": 1, "y": -2.5e-3}, {"x": "1"}], "d": {"x": 1}, "e": [], "f": [[1], []],
            "\": 1": ["\": 1", "\n1"],
        });
        let text = compact(&serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.contains("\"a\": [1, 2, 3],\n") && text.contains("{\"x\": 1, \"y\": -0.0025},\n"), "{text}");
    }
}
