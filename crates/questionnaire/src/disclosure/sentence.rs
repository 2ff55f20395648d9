//! A text as sentences of words, in linear time and bounded.

use unicode_normalization::UnicodeNormalization;

/// Of a text this many characters are read. The longest answer of the index that the weights were learnt from has
/// 10,428.
pub(super) const MOST_CHARACTERS: usize = 20_000;

/// What was read of a text.
pub(super) struct Reading {
    pub(super) sentences: Vec<Sentence>,
    /// The text is longer than what is read.
    pub(super) cut: bool,
}

pub(super) struct Sentence {
    pub(super) words: Vec<Word>,
    /// It ends in a question mark.
    pub(super) asks: bool,
}

pub(super) struct Word {
    pub(super) text: String,
    pub(super) lower: String,
    pub(super) link: bool,
    /// A sign of currency stands before this number, or a per cent sign after it.
    pub(super) sign: Option<Sign>,
    /// A comma or the like stands after it.
    pub(super) closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Currency,
    PerCent,
}

impl Word {
    pub(super) fn number(&self) -> bool {
        self.text.starts_with(|character: char| character.is_ascii_digit())
    }

    pub(super) fn capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Says something of its own: no link, no number, no word of grammar, longer than a letter.
    pub(super) fn content(&self) -> bool {
        !self.link && !self.number() && (self.text.len() > 1) && !is_grammar(&self.lower)
    }
}

impl Reading {
    pub(super) fn of(text: &str) -> Self {
        let mut characters = text.chars();
        let read: String = characters.by_ref().take(MOST_CHARACTERS).filter(|&character| visible(character)).collect();
        // Compatibility form can make eighteen characters of one.
        let plain: String = read.nfkc().take(2 * MOST_CHARACTERS).collect();
        let mut reading = Self { sentences: Vec::new(), cut: characters.next().is_some() };
        for line in plain.lines() {
            reading.line(line);
        }
        reading
    }

    fn line(&mut self, line: &str) {
        let mut sentence = Sentence::empty();
        for (place, chunk) in line.split_whitespace().enumerate() {
            if marker(chunk, place == 0) {
                continue;
            }
            sentence.read(chunk);
            let last = chunk.trim_end_matches(['"', '\'', '”', '’', ')', ']', '*']).chars().next_back();
            sentence.asks = matches!(last, Some('?' | '？'));
            if matches!(last, Some('.' | '!' | '?' | ';' | '。' | '！' | '？')) {
                self.close(&mut sentence);
            }
        }
        self.close(&mut sentence);
    }

    fn close(&mut self, sentence: &mut Sentence) {
        let whole = std::mem::replace(sentence, Sentence::empty());
        if !whole.words.is_empty() {
            self.sentences.push(whole);
        }
    }

    /// Whether it is written in another language than English: in other letters, or with the words of grammar of another
    /// language that uses these.
    pub(super) fn is_foreign(&self) -> bool {
        let own = || self.words().filter(|word| !word.link && !word.number());
        let all = own().count();
        let other_letters = |word: &&Word| word.text.chars().any(|own| own.is_alphabetic() && !is_latin(own));
        let foreign = own().filter(|word| FOREIGN.contains(&word.lower.as_str())).count();
        let english = own().filter(|word| is_grammar(&word.lower)).count();
        all > 0
            && (own().filter(other_letters).count() * 3 > all
                || (foreign > 1 && foreign * 10 >= all && foreign > english))
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &Word> {
        self.sentences.iter().flat_map(|sentence| &sentence.words)
    }
}

impl Sentence {
    fn empty() -> Self {
        Self { words: Vec::new(), asks: false }
    }

    /// A run without spaces: a link, or words with signs between them.
    fn read(&mut self, chunk: &str) {
        if let Some(start) = ["http://", "https://", "www."].iter().filter_map(|scheme| chunk.find(scheme)).min() {
            self.split(&chunk[..start]);
            let text = &chunk[start..];
            self.words.push(Word {
                text: text.to_owned(),
                lower: text.to_lowercase(),
                link: true,
                sign: None,
                closed: true,
            });
        } else {
            self.split(chunk);
        }
    }

    fn split(&mut self, chunk: &str) {
        let mut word = String::new();
        let mut currency = false;
        let mut rest = chunk.chars().peekable();
        while let Some(character) = rest.next() {
            let inside = match character {
                '\'' | '’' => !word.is_empty() && rest.peek().is_some_and(|next| next.is_alphabetic()),
                '.' | ',' => {
                    word.starts_with(|first: char| first.is_ascii_digit())
                        && rest.peek().is_some_and(char::is_ascii_digit)
                }
                _ => character.is_alphanumeric(),
            };
            if inside && !ideograph(character) {
                word.push(if character == '’' { '\'' } else { character });
                continue;
            }
            self.end(&mut word, &mut currency);
            if ideograph(character) {
                word.push(character);
                self.end(&mut word, &mut currency);
                continue;
            }
            match character {
                '$' | '€' | '£' | '¥' => currency = true,
                '%' => {
                    if let Some(last) = self.words.last_mut() {
                        last.sign = last.number().then_some(Sign::PerCent);
                    }
                }
                ',' | ';' | ':' | '、' | '，' | '(' | ')' | '/' => {
                    if let Some(last) = self.words.last_mut() {
                        last.closed = true;
                    }
                }
                _ => {}
            }
        }
        self.end(&mut word, &mut currency);
    }

    fn end(&mut self, word: &mut String, currency: &mut bool) {
        if word.is_empty() {
            return;
        }
        let text = std::mem::take(word);
        let counted = std::mem::take(currency) && text.starts_with(|first: char| first.is_ascii_digit());
        let sign = counted.then_some(Sign::Currency);
        self.words.push(Word { lower: text.to_lowercase(), text, link: false, sign, closed: false });
    }
}

/// A mark of a list, whole: `-`, `•`, `3.` or `b)` at the start of a line, `(iv)` anywhere.
fn marker(chunk: &str, first: bool) -> bool {
    if first && matches!(chunk, "-" | "–" | "—" | "•" | "*" | "·" | "●" | "▪" | "+") {
        return true;
    }
    let Some(open) = chunk.strip_suffix([')', '.']) else { return false };
    let (inner, bracket) = open.strip_prefix('(').map_or((open, false), |inner| (inner, chunk.ends_with(')')));
    let short = matches!(inner.len(), 1..=4) && inner.is_ascii();
    let counted = inner.bytes().all(|byte| byte.is_ascii_digit())
        || inner.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x'))
        || (inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_alphabetic()));
    short && counted && (bracket || first)
}

/// Not one of the characters that are not seen: soft hyphen, zero width, direction, tags.
fn visible(character: char) -> bool {
    !matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}')
}

/// Written without spaces, so that a character stands for a word.
fn ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Letters of the Latin script as far as European languages use them (Unicode blocks up to Latin Extended-B, and Latin
/// Extended Additional).
fn is_latin(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Frequent words of grammar of German, French, Spanish, Portuguese, Italian and Dutch that are no English words.
const FOREIGN: &[&str] = &[
    "auf", "aus", "aux", "avec", "bei", "che", "dans", "das", "de", "degli", "dei", "del", "della", "dem", "den",
    "der", "di", "du", "ein", "eine", "el", "en", "es", "für", "gli", "het", "il", "ist", "la", "las", "le", "les",
    "los", "não", "nel", "nicht", "nous", "niet", "ou", "para", "pas", "por", "que", "qui", "sind", "sont", "sono",
    "sur", "uit", "um", "una", "und", "une", "uno", "von", "voor", "werden", "wij", "wir", "wurde", "wurden", "zijn",
    "zu", "zum", "zur",
];

/// The word without its English ending, so that "collects" is "collection".
pub(super) fn stem(lower: &str) -> &str {
    for ending in [
        "ational", "ations", "ation", "ings", "ing", "ions", "ion", "ies", "ied", "ers", "er", "ed", "es", "s", "ly",
        "e",
    ] {
        if let Some(stem) = lower.strip_suffix(ending)
            && stem.len() >= 4
        {
            return stem;
        }
    }
    lower
}

/// Words of grammar, which every English sentence has whatever it is about.
pub(super) fn is_grammar(lower: &str) -> bool {
    GRAMMAR.binary_search(&lower).is_ok()
}

/// "not", "none", "cannot", "doesn't", "unable".
pub(super) fn is_negation(lower: &str) -> bool {
    lower.ends_with("n't")
        || matches!(
            lower,
            "no" | "not"
                | "never"
                | "none"
                | "neither"
                | "nor"
                | "cannot"
                | "cant"
                | "without"
                | "nothing"
                | "unable"
                | "lack"
                | "lacks"
        )
}

/// In the order of the alphabet.
const GRAMMAR: &[&str] = &[
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren't", "as", "at",
    "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "can't", "cannot",
    "could", "did", "didn't", "do", "does", "doesn't", "don't", "during", "each", "few", "for", "from", "further",
    "had", "has", "have", "he", "her", "here", "his", "how", "i", "if", "in", "into", "is", "isn't", "it", "it's",
    "its", "itself", "may", "me", "might", "more", "most", "must", "my", "no", "nor", "not", "now", "of", "off", "on",
    "once", "one", "only", "or", "other", "our", "ours", "out", "over", "own", "same", "she", "should", "so", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to",
    "too", "under", "until", "up", "us", "very", "via", "was", "wasn't", "we", "we're", "we've", "were", "weren't",
    "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "won't", "would", "yes",
    "you", "your", "yours",
];

#[cfg(test)]
mod tests {
    use super::{GRAMMAR, Reading};

    #[test]
    fn words_of_grammar_can_be_searched() {
        assert!(GRAMMAR.is_sorted());
    }

    #[test]
    fn what_is_not_seen_is_not_read() {
        let reading = Reading::of("con\u{200b}fid\u{ad}ential \u{202e}\u{feff}");
        assert_eq!(reading.words().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["confidential"]);
    }

    #[test]
    fn other_languages_are_told() {
        for text in [
            "Die Daten stammen aus Archiven, die wir von der Stadt bekommen haben.",
            "Les données viennent des archives de la ville et du port.",
            "Los datos vienen de los archivos de la ciudad.",
            "データは市の記録から来ています",
            "Данные получены из архива города.",
        ] {
            assert!(Reading::of(text).is_foreign(), "{text}");
        }
        for text in
            ["The data come from the archives of the city of Los Angeles.", "40 %", "We do not ask.", "C4, Dolma"]
        {
            assert!(!Reading::of(text).is_foreign(), "{text}");
        }
    }

    #[test]
    fn lists_links_and_numbers_are_kept_whole() {
        let reading = Reading::of("(1) 1,500 GPUs, see [here](https://example.org/a.b).\n- $2.5 million; 40%");
        let words: Vec<_> = reading.words().map(|word| (word.text.as_str(), word.link, word.sign.is_some())).collect();
        assert!(words.iter().all(|(text, ..)| *text != "1"), "a mark of a list is no number: {words:?}");
        assert!(words.contains(&("1,500", false, false)), "{words:?}");
        assert!(words.contains(&("https://example.org/a.b).", true, false)), "{words:?}");
        assert!(words.contains(&("2.5", false, true)) && words.contains(&("40", false, true)), "{words:?}");
    }
}
