/// What a sentence says to a question of yes or no, by the word at its head; `None` where it says neither.
///
/// "No. None of the data was generated" denies, "no information is kept" does not.
pub fn head(text: &str) -> Option<bool> {
    let text = text.trim().to_lowercase();
    let word = |text: &str| text.find(|own: char| !own.is_alphanumeric()).unwrap_or(text.len());
    let (first, rest) = text.split_at(word(&text));
    match first {
        "true" | "yes" | "ja" | "oui" => Some(true),
        "si" | "sí" if ends(rest) => Some(true),
        "y" | "1" if rest.is_empty() => Some(true),
        "false" if ends(rest) => Some(false),
        "n" | "0" if rest.is_empty() => Some(false),
        "none" | "never" | "neither" | "nein" | "non" => Some(false),
        "no" => {
            let next = rest.trim_start_matches(|own: char| !own.is_alphanumeric());
            let next = &next[..word(next)];
            // "No. of examples", "no information", "no one knows".
            let is_number = rest.starts_with('.') && next == "of";
            (ends(rest) && !is_number || !SAYS_NOTHING.contains(&next)).then_some(false)
        }
        _ => None,
    }
}

/// Whether nothing follows, or a mark of punctuation.
fn ends(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|own| matches!(own, '.' | ',' | ';' | ':' | '!' | '—' | '–' | '-'))
}

/// After "no", these words do not deny.
const SAYS_NOTHING: &[&str] = &[
    "of",
    "one",
    "information",
    "details",
    "detail",
    "comment",
    "data",
    "record",
    "records",
    "answer",
    "idea",
    "knowledge",
    "statement",
    "documentation",
    "figures",
    "figure",
    "longer",
    "further",
    "disclosure",
    "public",
];

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn a_sentence_answers_by_its_head() {
        for text in ["yes", "Yes: 30 % are written by a model", "true", "Ja, zum Teil", "1"] {
            assert_eq!(head(text), Some(true), "{text}");
        }
        for text in ["no", "No. None of the data was generated.", "none", "Neither the model nor its parents", "false"]
        {
            assert_eq!(head(text), Some(false), "{text}");
        }
        for text in ["No information is kept", "No. of examples: 3", "30 % of it", "", "1,000 examples", "not one"] {
            assert_eq!(head(text), None, "{text}");
        }
    }
}
