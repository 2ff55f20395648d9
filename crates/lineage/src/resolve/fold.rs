use unicode_normalization::UnicodeNormalization;

/// A name without case, compatibility form, accents' composition and punctuation: "LLaMA 2" and "Llama-2" fold alike.
pub fn fold(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|character| character.is_alphanumeric()).collect()
}

/// A name as a reader sees it: letters of other scripts that look alike are one (Unicode Technical Standard 39,
/// section 4), and case and punctuation do not count. Two different names with one skeleton may be an attempt to pass
/// for another.
pub fn skeleton(name: &str) -> String {
    // First without case: a capital Greek letter may look like a Latin one that its small form does not resemble.
    let seen: String = unicode_security::confusable_detection::skeleton(name).collect();
    let folded = fold(&seen);
    unicode_security::confusable_detection::skeleton(&folded).collect()
}

/// The words for a legal form at the end of an organisation's name are left out.
pub(crate) fn without_legal_form(name: &str) -> String {
    const FORMS: &[&str] = &[
        "inc",
        "incorporated",
        "ltd",
        "limited",
        "llc",
        "lp",
        "llp",
        "corp",
        "corporation",
        "co",
        "company",
        "gmbh",
        "ag",
        "sa",
        "sas",
        "sarl",
        "bv",
        "nv",
        "plc",
        "pbc",
        "ab",
        "oy",
        "srl",
        "spa",
        "kk",
        "pte",
        "pvt",
        "pty",
        "opco",
    ];
    let lower = name.nfkc().flat_map(char::to_lowercase).collect::<String>();
    let mut words: Vec<&str> =
        lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| FORMS.contains(word)) {
        words.pop();
    }
    words.concat()
}

/// The digits of a name in order: "Llama 2" and "Llama 3" are near and never the same.
pub(super) fn digits(folded: &str) -> String {
    let mut digits = String::new();
    let mut within = false;
    for character in folded.chars() {
        if character.is_numeric() {
            if !within && !digits.is_empty() {
                digits.push(' ');
            }
            digits.push(character);
        }
        within = character.is_numeric();
    }
    digits
}

/// Names that so many things go by that they join nothing across documents.
pub(super) fn is_generic(name: &str) -> bool {
    const GENERIC: &[&str] = &[
        "",
        "model",
        "models",
        "basemodel",
        "dataset",
        "datasets",
        "data",
        "train",
        "training",
        "trainingdata",
        "test",
        "validation",
        "main",
        "default",
        "base",
        "output",
        "outputs",
        "synthetic",
        "syntheticdata",
        "weights",
        "tokenizer",
        "config",
        "filter",
        "custom",
        "internal",
        "untitled",
        "generator",
        "teacher",
        "student",
        "parent",
        "checkpoint",
        "vendor",
        "other",
    ];
    // Long names and names with digits are not in the list, and folding a million names costs.
    name.len() <= 24
        && !name.bytes().any(|byte| byte.is_ascii_digit())
        && (GENERIC.contains(&fold(name).as_str()) || crate::placeholder::placeholder(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::{digits, fold, is_generic, skeleton, without_legal_form};

    #[test]
    fn near_names_fold_alike() {
        assert_eq!(fold("LLaMA 2"), fold("Llama-2"));
        assert_eq!(fold("Common Crawl"), fold("CommonCrawl"));
        assert_eq!(fold("ＧＰＴ－４"), fold("gpt-4"));
        assert_ne!(fold("Llama 2"), fold("Llama 3"));
        assert_eq!((digits("llama27b").as_str(), digits("a1b22").as_str()), ("27", "1 22"));
        assert_eq!(without_legal_form("Example Labs, Inc."), without_legal_form("example labs"));
    }

    #[test]
    fn letters_of_another_script_have_the_same_skeleton() {
        assert_eq!(skeleton("meta-llama/Llama-2"), skeleton("meta-llаma/Llama-2")); // the second has a Cyrillic а
        assert_ne!(skeleton("gpt-4"), skeleton("gpt-5"));
    }

    #[test]
    fn names_that_say_nothing_join_nothing() {
        assert!(is_generic("Model") && is_generic("N/A") && is_generic("proprietary") && !is_generic("C4"));
    }
}
