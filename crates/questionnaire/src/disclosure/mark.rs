//! Marks by which a word is told to be a quantity, a name, or one that leaves open how much.

use super::sentence::{Sign, Word, is_grammar};

/// A number that counts or measures something: "40%", "$2 million", "14.8T tokens", "1,500 processors". Neither
/// "GPT-4", "Section 3.4" nor the year 2023.
pub(super) fn is_quantity(words: &[Word], place: usize) -> bool {
    let word = &words[place];
    if !word.number() {
        return false;
    }
    if word.sign.is_some() {
        return true;
    }
    let digits = word.lower.trim_end_matches(|character: char| character.is_alphabetic());
    let suffix = &word.lower[digits.len()..];
    if !suffix.is_empty() {
        return UNITS.contains(&suffix);
    }
    let previous = place.checked_sub(1).map(|before| &words[before]);
    if let Some(previous) = previous
        && !previous.closed
        && ((previous.capital() && place > 1)
            || matches!(
                previous.lower.as_str(),
                "section"
                    | "version"
                    | "v"
                    | "figure"
                    | "table"
                    | "chapter"
                    | "article"
                    | "page"
                    | "no"
                    | "item"
                    | "step"
                    | "stage"
                    | "phase"
                    | "level"
            ))
    {
        return false;
    }
    if word.closed {
        return false;
    }
    // Powers: "5 x 10^25 FLOPs".
    let mut next = words.get(place + 1);
    if let Some(after) = next
        && matches!(after.lower.as_str(), "x" | "×")
    {
        next = words.get(place + 2);
        return next.is_some_and(Word::number);
    }
    next.is_some_and(|next| {
        UNITS.contains(&next.lower.as_str())
            || (next.content() && next.text.starts_with(char::is_lowercase) && !next.lower.ends_with("ed"))
            || (next.capital() && next.text.ends_with('s') && next.text.len() > 2)
    })
}

/// The words that may say what a number counts: "%", "$", its own suffix, and the words after it up to a comma.
pub(super) fn units(words: &[Word], place: usize) -> Vec<String> {
    let number = &words[place];
    let mut units = Vec::new();
    match number.sign {
        Some(Sign::PerCent) => units.push(PER_CENT.to_owned()),
        Some(Sign::Currency) => units.push(CURRENCY.to_owned()),
        None => {}
    }
    let digits = number.lower.trim_end_matches(|character: char| character.is_alphabetic());
    units.push(number.lower[digits.len()..].to_owned());
    if number.closed {
        return units;
    }
    for word in words[place + 1..].iter().take(NEAR) {
        if word.content() {
            units.push(word.lower.clone());
        }
        if word.closed {
            break;
        }
    }
    units
}

pub(super) const PER_CENT: &str = "%";
pub(super) const CURRENCY: &str = "$";

/// "2.6 million H800 GPU hours": the unit stands among so many words.
const NEAR: usize = 5;

/// A capital inside a sentence, or a word of more than one capital or of letters and digits: "Amazon", "NVIDIA", "H100".
pub(super) fn is_name(word: &Word, first: bool) -> bool {
    if COMMON.contains(&word.text.as_str()) {
        return false;
    }
    if word.link || word.number() || is_grammar(&word.lower) || word.text.chars().nth(1).is_none() {
        return false;
    }
    let odd = word.text.chars().skip(1).any(|character| character.is_uppercase() || character.is_ascii_digit());
    (word.capital() && !first) || odd
}

/// Abbreviations of techniques and words with a capital that name nobody.
const COMMON: &[&str] = &[
    "AI", "API", "APIs", "CEO", "CPU", "CPUs", "DPO", "FAQ", "GPU", "GPUs", "ID", "IDs", "Internet", "LLM", "LLMs",
    "ML", "OK", "PDF", "PII", "RLHF", "SFT", "TPU", "TPUs", "UI", "URL", "Web",
];

/// Words that leave open how much, which or whether.
pub(super) fn is_hedge(lower: &str) -> bool {
    HEDGES.binary_search(&lower).is_ok()
}

/// In the order of the alphabet.
const HEDGES: &[&str] = &[
    "advanced",
    "aim",
    "appropriate",
    "best",
    "broad",
    "certain",
    "committed",
    "comprehensive",
    "could",
    "different",
    "diverse",
    "ensure",
    "ensures",
    "ensuring",
    "etc",
    "generally",
    "help",
    "helps",
    "high",
    "industry",
    "leading",
    "like",
    "many",
    "may",
    "might",
    "multiple",
    "numerous",
    "often",
    "possible",
    "possibly",
    "potential",
    "range",
    "relevant",
    "responsible",
    "responsibly",
    "rigorous",
    "robust",
    "several",
    "some",
    "standard",
    "strive",
    "such",
    "typically",
    "usually",
    "variety",
    "various",
    "wide",
];

const UNITS: &[&str] = &[
    "%", "percent", "k", "m", "b", "t", "bn", "mn", "kb", "mb", "gb", "tb", "pb", "kw", "mw", "gw", "w", "kwh", "mwh",
    "gwh", "h", "hr", "hrs", "s", "ms", "min", "kg", "t", "ml", "l", "usd", "eur", "gbp", "flop", "flops", "gpu",
    "gpus", "tpu", "tpus", "million", "billion", "trillion", "thousand", "hundred", "dozen", "tco2", "tco2e", "tco2eq",
    "bit", "bits", "x", "years", "year",
];

#[cfg(test)]
mod tests {
    use super::HEDGES;

    #[test]
    fn hedges_can_be_searched() {
        assert!(HEDGES.is_sorted());
    }
}
