use stillwatch_core::confusable;
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
    let seen = confusable::skeleton(name);
    let folded = fold(&seen);
    confusable::skeleton(&folded)
}

/// The words for a legal form at the end of an organisation's name are left out.
pub(crate) fn without_legal_form(name: &str) -> String {
    let lower = name.nfkc().flat_map(char::to_lowercase).collect::<String>();
    let mut words: Vec<&str> =
        lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_legal_form(word)) {
        words.pop();
    }
    words.concat()
}

/// Whether a word of small letters stands for a legal form.
pub(crate) fn is_legal_form(word: &str) -> bool {
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
    FORMS.contains(&word)
}

/// Whether two names that are not equal can be two spellings of one: their numbers are the same, and neither has a sign
/// at its end that makes another product of it (`Command R+`, `C4*`). "3.1" and "31" are two numbers, "3-1" is "3.1".
pub(crate) fn are_spellings(left: &str, right: &str) -> bool {
    let numbers = |name: &str| -> Vec<String> {
        let parts = name.split(|own: char| !own.is_ascii_digit()).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let sign =
        |name: &str| -> String { name.chars().filter(|own| matches!(own, '+' | '*' | '#' | '\'' | '′')).collect() };
    numbers(left) == numbers(right) && sign(left) == sign(right)
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
    use super::{are_spellings, fold, is_generic, skeleton, without_legal_form};

    #[test]
    fn near_names_fold_alike() {
        assert_eq!(fold("LLaMA 2"), fold("Llama-2"));
        assert_eq!(fold("Common Crawl"), fold("CommonCrawl"));
        assert_eq!(fold("ＧＰＴ－４"), fold("gpt-4"));
        assert_ne!(fold("Llama 2"), fold("Llama 3"));
        assert_eq!(without_legal_form("Example Labs, Inc."), without_legal_form("example labs"));
    }

    #[test]
    fn what_makes_another_product_makes_no_spelling() {
        assert!(are_spellings("LLaMA 2", "Llama-2") && are_spellings("Qwen2.5-7B", "qwen2_5 7b"));
        for (one, other) in [("Command R", "Command R+"), ("Llama-3.1-8B", "Llama-3-18B"), ("phi-1.5", "phi-15")] {
            assert!(!are_spellings(one, other), "{one} {other}");
        }
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
