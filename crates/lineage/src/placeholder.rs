//! Words that fill a field and say nothing.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

/// Why a text is no disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// Nothing is said: "unknown", "N/A", "TBD", "-", "lorem ipsum".
    Empty,
    /// It is said that it will not be said: "proprietary", "confidential".
    Withheld,
    /// It is said to stand somewhere else: "see website".
    Elsewhere,
}

/// Whether a text is a placeholder: one of the words below with at most some words of filling around it. A text that
/// also says something is none: "proprietary data of 3 TB from Example Corp." has a size and a name.
pub fn placeholder(text: &str) -> Option<Placeholder> {
    let words = words(text);
    if words.is_empty() {
        return Some(Placeholder::Empty);
    }
    if words.len() > MOST_WORDS {
        return None;
    }
    // A word that stands in none of the lists says something, and most texts have one.
    if !words.iter().all(|word| KNOWN.contains(word.as_str())) {
        return None;
    }
    let joined = words.join(" ");
    for (phrases, kind) in
        [(EMPTY, Placeholder::Empty), (WITHHELD, Placeholder::Withheld), (ELSEWHERE, Placeholder::Elsewhere)]
    {
        if phrases.contains(&joined.as_str()) {
            return Some(kind);
        }
    }
    // "The training data is currently not publicly disclosed": every word is filling or part of such a phrase.
    let mut rest = format!(" {joined} ");
    let mut kind = None;
    for (phrases, found) in
        [(WITHHELD, Placeholder::Withheld), (EMPTY, Placeholder::Empty), (ELSEWHERE, Placeholder::Elsewhere)]
    {
        for phrase in phrases {
            let padded = format!(" {phrase} ");
            if phrase.len() > 2 && rest.contains(&padded) {
                rest = rest.replace(&padded, "  ");
                kind = kind.or(Some(found));
            }
        }
    }
    kind.filter(|_| rest.split_whitespace().all(|word| FILLING.contains(&word)))
}

/// Every word of the lists.
static KNOWN: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let phrases = [EMPTY, WITHHELD, ELSEWHERE, FILLING].into_iter().flatten();
    phrases.flat_map(|phrase| phrase.split(' ')).collect()
});

/// Lower case, compatibility form, letters and digits only.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    // A long text is no placeholder, however it goes on.
    for character in text.chars().take(MOST_CHARACTERS).nfkc().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || character == '\'' || character == '’' {
            if character.is_alphanumeric() {
                word.push(character);
            }
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

const MOST_WORDS: usize = 16;
const MOST_CHARACTERS: usize = 400;

/// In the order of the languages: English, German, French, Spanish, Portuguese, Italian, Chinese, Japanese, Russian.
const EMPTY: &[&str] = &[
    "unknown",
    "none given",
    "not known",
    "n a",
    "na",
    "nan",
    "null",
    "nil",
    "tbd",
    "tba",
    "tbc",
    "to be determined",
    "to be defined",
    "to be announced",
    "to be confirmed",
    "todo",
    "fixme",
    "xxx",
    "noassertion",
    "no assertion",
    "unspecified",
    "not specified",
    "undefined",
    "not applicable",
    "not available",
    "unavailable",
    "not provided",
    "not reported",
    "no information",
    "no information available",
    "no data",
    "more information needed",
    "needs more information",
    "pending",
    "placeholder",
    "lorem ipsum",
    "lorem ipsum dolor sit amet",
    "example",
    "test",
    "string",
    "other",
    "various",
    "misc",
    "miscellaneous",
    "several",
    "multiple sources",
    "various sources",
    "publicly available data",
    "public data",
    "coming soon",
    "missing",
    "empty",
    "blank",
    "unbekannt",
    "nicht bekannt",
    "keine angabe",
    "keine angaben",
    "k a",
    "nicht angegeben",
    "entfällt",
    "inconnu",
    "inconnue",
    "non spécifié",
    "non renseigné",
    "non disponible",
    "sans objet",
    "desconocido",
    "desconocida",
    "no especificado",
    "no disponible",
    "desconhecido",
    "não especificado",
    "não disponível",
    "sconosciuto",
    "non specificato",
    "未知",
    "不详",
    "无",
    "暂无",
    "待定",
    "不適用",
    "不适用",
    "不明",
    "未定",
    "該当なし",
    "неизвестно",
    "не указано",
    "нет данных",
];
const WITHHELD: &[&str] = &[
    "proprietary",
    "confidential",
    "secret",
    "trade secret",
    "internal",
    "internal data",
    "internal use only",
    "private",
    "redacted",
    "withheld",
    "undisclosed",
    "not disclosed",
    "not publicly disclosed",
    "do not disclose",
    "does not disclose",
    "not public",
    "not shared",
    "cannot be disclosed",
    "cant disclose",
    "will not be disclosed",
    "under nda",
    "nda",
    "commercially sensitive",
    "classified",
    "closed",
    "company confidential",
    "business secret",
    "restricted",
    "vertraulich",
    "geheim",
    "nicht offengelegt",
    "proprietär",
    "geschäftsgeheimnis",
    "confidentiel",
    "confidentielle",
    "non divulgué",
    "secret daffaires",
    "propriétaire",
    "confidencial",
    "no divulgado",
    "propietario",
    "não divulgado",
    "proprietário",
    "riservato",
    "non divulgato",
    "proprietario",
    "保密",
    "机密",
    "专有",
    "未公开",
    "非公开",
    "未披露",
    "非公開",
    "機密",
    "社外秘",
    "конфиденциально",
    "не раскрывается",
    "закрыто",
];
const ELSEWHERE: &[&str] = &[
    "see website",
    "see our website",
    "see the website",
    "see documentation",
    "see docs",
    "see above",
    "see below",
    "see paper",
    "see the paper",
    "see model card",
    "see card",
    "see readme",
    "see homepage",
    "refer to website",
    "refer to documentation",
    "refer to our website",
    "refer to the model card",
    "visit our website",
    "contact us",
    "contact vendor",
    "contact sales",
    "available on request",
    "available upon request",
    "on request",
    "upon request",
    "siehe website",
    "siehe webseite",
    "siehe dokumentation",
    "auf anfrage",
    "voir site web",
    "voir le site",
    "sur demande",
    "ver sitio web",
    "ver página web",
    "bajo petición",
    "sob consulta",
    "vedi sito",
    "su richiesta",
    "见官网",
    "请联系",
    "详见官网",
    "ウェブサイト参照",
    "см сайт",
    "по запросу",
];
/// Words that say nothing of their own beside a placeholder.
const FILLING: &[&str] = &[
    "a",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "available",
    "be",
    "been",
    "by",
    "company",
    "currently",
    "data",
    "dataset",
    "datasets",
    "data-set",
    "detail",
    "details",
    "for",
    "from",
    "further",
    "has",
    "have",
    "in",
    "information",
    "is",
    "it",
    "its",
    "licence",
    "license",
    "model",
    "more",
    "no",
    "not",
    "now",
    "of",
    "on",
    "or",
    "other",
    "our",
    "please",
    "publicly",
    "s",
    "set",
    "sets",
    "some",
    "source",
    "sources",
    "that",
    "the",
    "their",
    "these",
    "they",
    "this",
    "those",
    "time",
    "to",
    "training",
    "used",
    "very",
    "was",
    "we",
    "were",
    "which",
    "with",
    "yet",
];

#[cfg(test)]
mod tests {
    use super::{Placeholder, placeholder};

    #[test]
    fn empty_words_are_no_disclosure() {
        for text in [
            "unknown",
            "N/A",
            " n.a. ",
            "TBD",
            "-",
            "",
            "UNKNOWN!",
            "keine Angabe",
            "未知",
            "NOASSERTION",
            "Not Applicable",
        ] {
            assert_eq!(placeholder(text), Some(Placeholder::Empty), "{text}");
        }
        for text in [
            "Proprietary",
            "This information is confidential.",
            "The training data is not publicly disclosed",
            "ＣＯＮＦＩＤＥＮＴＩＡＬ",
            "保密",
            "vertraulich",
        ] {
            assert_eq!(placeholder(text), Some(Placeholder::Withheld), "{text}");
        }
        assert_eq!(placeholder("see website for more details"), Some(Placeholder::Elsewhere));
    }

    #[test]
    fn a_text_that_says_something_is_none() {
        for text in [
            "Common Crawl",
            "proprietary data of 3 TB bought from Example Corp",
            "MIT",
            "The Pile, and internal logs of 2023",
            "confidential computing on SEV-SNP",
            "Unknown Worlds Entertainment forum dump",
            "n",
            "12",
        ] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }
}
