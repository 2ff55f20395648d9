use stillwatch_core::ratio;
use stillwatch_digest::{Disguise, KGram, SERVED_WORDS, ServedReader, Word};

use super::file::{BOILERPLATE_ORIGINS, Row};
use super::filter::BucketRange;
use super::fragments::is_specific;
use super::{Fragments, IndexError, ReadAt, ServedIndex};

/// A stretch of a document of which every word lies in a k-gram that was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes `start` up to but without `end` of the document, on character boundaries.
    pub start: usize,
    pub end: usize,
    pub words: u32,
    /// Winnowed k-grams that lie within it, and how many of them were found.
    pub looked_up: u32,
    pub found: u32,
    /// Found ones that were served to [`BOILERPLATE_ORIGINS`] prompts or more.
    pub boilerplate: u32,
    /// The k-grams that were found, in the order of the text.
    pub hits: Vec<Row>,
}

impl Span {
    /// Whether any of it was served to few prompts.
    pub fn is_specific(&self) -> bool {
        self.boilerplate < self.found
    }
}

/// How much of a document was served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    pub words: u32,
    /// Winnowed k-grams of the document; none of a document of fewer than 20 words, which cannot be judged.
    pub looked_up: u32,
    pub found: u32,
    pub boilerplate: u32,
    pub disguise: Disguise,
    /// In the order of the document, apart from each other.
    pub spans: Vec<Span>,
    /// What the shorter layer says; none where the index has no such layer.
    pub fragments: Option<Fragments>,
}

impl Overlap {
    /// The share of the k-grams that were found, 0 to 1.
    pub fn share(&self) -> f64 {
        ratio(self.found, self.looked_up)
    }

    /// Sets spans aside, and what was found in them.
    pub(crate) fn leave_out(&mut self, mut which: impl FnMut(&Span) -> bool) {
        let (found, boilerplate) = (&mut self.found, &mut self.boilerplate);
        self.spans.retain(|span| {
            let left_out = which(span);
            if left_out {
                *found = found.saturating_sub(span.found);
                *boilerplate = boilerplate.saturating_sub(span.boilerplate);
            }
            !left_out
        });
    }

    /// The same without boilerplate.
    pub fn specific_share(&self) -> f64 {
        ratio(self.found - self.boilerplate, self.looked_up)
    }
}

/// A text as words and winnowed k-grams, read once for all indexes of a key and for canaries.
pub struct Reading {
    reader: ServedReader,
    k_grams: Vec<KGram>,
    /// Of the shorter layer, where an index has one.
    shorter: Option<Vec<KGram>>,
    disguise: Disguise,
}

impl Reading {
    pub fn new(reader: ServedReader) -> Self {
        Self { reader, k_grams: Vec::new(), shorter: None, disguise: Disguise::default() }
    }

    /// Reads texts for the shorter layer too.
    #[must_use]
    pub fn with_shorter(self, shorter: bool) -> Self {
        Self { shorter: shorter.then(Vec::new), ..self }
    }

    /// Reads a text as words alone.
    pub fn read_words(&mut self, text: &str) {
        self.disguise = self.reader.read(text);
        self.k_grams.clear();
        self.shorter.iter_mut().for_each(Vec::clear);
    }

    /// Reads a text as words and k-grams.
    pub fn read(&mut self, text: &str) {
        self.read_words(text);
        let k_grams = &mut self.k_grams;
        self.reader.winnow(|k_gram| k_grams.push(k_gram));
        if let Some(shorter) = &mut self.shorter {
            self.reader.winnow_short(|k_gram| shorter.push(k_gram));
        }
    }

    pub fn words(&self) -> &[Word] {
        self.reader.words()
    }

    /// What was undone in the text.
    pub fn disguise(&self) -> Disguise {
        self.disguise
    }
}

/// What a document repeats of the prompt that it answers.
pub(crate) struct Repeats {
    reader: ServedReader,
    prompt: Vec<u64>,
}

impl Repeats {
    pub(crate) fn new(reader: ServedReader) -> Self {
        Self { reader, prompt: Vec::new() }
    }

    pub(crate) fn read(&mut self, prompt: &str) {
        self.reader.read(prompt);
        self.prompt.clear();
        self.prompt.extend(self.reader.words().iter().map(|word| word.hash));
    }

    /// Whether the words at these bytes stand in the prompt, one after the other.
    pub(crate) fn hold(&self, words: &[Word], bytes: std::ops::Range<usize>) -> bool {
        let within = |word: &&Word| word.start as usize >= bytes.start && word.end as usize <= bytes.end;
        self.hold_words(words.iter().filter(within))
    }

    /// Whether these words stand in the prompt, one after the other.
    pub(crate) fn hold_words<'w>(&self, words: impl Iterator<Item = &'w Word>) -> bool {
        let wanted: Vec<u64> = words.map(|word| word.hash).collect();
        let Some(first) = wanted.first() else { return false };
        let starts = self.prompt.iter().enumerate().filter(|(_, word)| *word == first).map(|(at, _)| at);
        // A prompt of one word over and over has as many starts as words.
        starts.take(MOST_STARTS).any(|at| self.prompt[at..].starts_with(&wanted))
    }
}

/// Places in a prompt at which a passage is compared.
const MOST_STARTS: usize = 1 << 12;

/// Finds what a corpus repeats of an index. Each thread has its own.
///
/// A stretch of 30 words or more that was served is always found, and at least 20 of its words are in a span; at either
/// end up to ten more may be left out, because only what was verified is claimed.
pub struct Matcher<'i, R> {
    index: &'i ServedIndex<R>,
    places: Vec<BucketRange>,
    admitted: Vec<usize>,
}

impl<'i, R: ReadAt> Matcher<'i, R> {
    pub fn new(index: &'i ServedIndex<R>) -> Self {
        Self { index, places: Vec::new(), admitted: Vec::new() }
    }

    /// Reads a text and compares it.
    pub fn read(&mut self, text: &str) -> Result<Overlap, IndexError> {
        let mut reading = Reading::new(self.index.reader()).with_shorter(self.index.shorter().is_some());
        reading.read(text);
        self.compare(&reading)
    }

    /// Compares a text that was read under the key of the index.
    pub fn compare(&mut self, reading: &Reading) -> Result<Overlap, IndexError> {
        let k_grams = &reading.k_grams;
        self.index.admit(k_grams, &mut self.places, &mut self.admitted);
        let count = |number: usize| stillwatch_core::at_most_u32(number);
        let mut overlap = Overlap {
            words: count(reading.words().len()),
            looked_up: count(k_grams.len()),
            disguise: reading.disguise,
            ..Overlap::default()
        };
        let mut open: Option<Open> = None;
        for &number in &self.admitted {
            let k_gram = &k_grams[number];
            let Some(row) = self.index.lookup(k_gram.fingerprint)? else {
                continue;
            };
            let boilerplate = u32::from(row.origins >= BOILERPLATE_ORIGINS);
            overlap.found += 1;
            overlap.boilerplate += boilerplate;
            if let Some(before) = open.take_if(|open| k_gram.first as usize > open.last_word) {
                overlap.spans.push(close(reading.words(), before));
            }
            let open = open.get_or_insert_with(|| Open::new(k_gram, number));
            open.last_word = k_gram.first as usize + SERVED_WORDS;
            open.last_k_gram = number;
            open.boilerplate += boilerplate;
            open.hits.push(row);
        }
        if let Some(last) = open {
            overlap.spans.push(close(reading.words(), last));
        }
        overlap.fragments = self.fragments(reading)?;
        Ok(overlap)
    }

    fn fragments(&mut self, reading: &Reading) -> Result<Option<Fragments>, IndexError> {
        let (Some(layer), Some(k_grams)) = (self.index.shorter(), &reading.shorter) else { return Ok(None) };
        layer.admit(k_grams, &mut self.places, &mut self.admitted);
        let looked_up = stillwatch_core::at_most_u32(k_grams.len());
        let mut fragments = Fragments { looked_up, hits: Vec::new() };
        for &number in &self.admitted {
            let k_gram = &k_grams[number];
            let row = self.index.lookup_in(layer, k_gram.fingerprint)?;
            fragments.hits.extend(row.filter(is_specific).map(|row| (k_gram.first, row)));
        }
        Ok(Some(fragments))
    }
}

fn close(words: &[Word], open: Open) -> Span {
    let of = words.get(open.first_word..open.last_word).unwrap_or_default();
    let count = |number: usize| stillwatch_core::at_most_u32(number);
    Span {
        start: of.first().map_or(0, |word| word.start as usize),
        // Letters of one compatibility character may be several words, so ends need not ascend.
        end: of.iter().map(|word| word.end as usize).max().unwrap_or(0),
        words: count(of.len()),
        looked_up: count(open.last_k_gram - open.first_k_gram + 1),
        found: count(open.hits.len()),
        boilerplate: open.boilerplate,
        hits: open.hits,
    }
}

/// A span that may go on.
struct Open {
    first_word: usize,
    /// The word after it.
    last_word: usize,
    first_k_gram: usize,
    last_k_gram: usize,
    boilerplate: u32,
    hits: Vec<Row>,
}

impl Open {
    fn new(k_gram: &KGram, number: usize) -> Self {
        let first_word = k_gram.first as usize;
        Self {
            first_word,
            last_word: first_word,
            first_k_gram: number,
            last_k_gram: number,
            boilerplate: 0,
            hits: Vec::new(),
        }
    }
}
