//! Looks at the documents of a block with all means at once.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use stillwatch_core::{Document, Key, Purpose, Redacted};
use stillwatch_digest::{Disguise, ServedReader, Unmasked, Word};
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::Class;
use crate::canary::{Checker, Registry};
use crate::claim::{CLAIM_RULES_VERSION, Claim, ClaimSort, Claims, Gate};
use crate::collector::{BlockFindings, Collector};
use crate::hit::{
    CANARY_RULE, CANARY_RULE_VERSION, FRAGMENT_RULE, FRAGMENT_RULE_VERSION, Hit, Rule, SERVED_RULE,
    SERVED_RULE_VERSION, Spot, WATERMARK_RULE, WATERMARK_RULE_VERSION,
};
use crate::index::{Fragments, IndexError, Matcher, Overlap, ReadAt, Reading, Repeats, ServedIndex};
use crate::recycling::{CommonWords, Gauge};
use crate::sketch::SKETCH;
use crate::style::{self, StyleModel};
use crate::watermark::{Content, CorpusSample, Detector, Ngrams, WatermarkError};

/// A document is named when chance would mark one in a million so.
const MARKED: f64 = 1e-6;
/// Of fewer n-grams, no document is marked so.
const LEAST_NGRAMS: usize = 20;

/// What a corpus is looked at with; shared by all threads.
pub struct Instruments<R> {
    pub claims: Claims,
    pub indexes: Vec<NamedIndex<R>>,
    canaries: Option<Checker>,
    pub watermarks: Vec<NamedWatermark>,
    pub style: Option<StyleModel>,
    /// Documents whose place has a greater key are not scored. It falls once the sample is full.
    style_limit: AtomicU64,
    /// For each way of reading the level of the n-grams of the corpus so far. It rises once the sample is full.
    sample_levels: RwLock<Vec<u32>>,
    /// The share of documents, chosen by a hash of their text, of which n-grams are taken where a watermark is tested over
    /// the corpus as a whole and no document by itself. It depends on no key, so the test holds for any share.
    pub marked_share: f64,
    /// The human reference's common words.
    pub common: Option<CommonWords>,
    /// Keep the text of each hit.
    pub show_text: bool,
    /// Passages of documents of which a smaller share was served are no hits, 0 to 1.
    pub min_overlap: f64,
    /// For hashes of whole documents.
    seed: u64,
    served: ServedReader,
    gate: Gate,
}

/// An index and how it is called.
pub struct NamedIndex<R> {
    pub name: Arc<str>,
    pub vendor: Arc<str>,
    pub index: ServedIndex<R>,
}

/// A watermark under its key, and whose it is.
pub struct NamedWatermark {
    pub name: Arc<str>,
    pub vendor: Arc<str>,
    pub detector: Detector,
}

/// One thread's eyes.
pub struct Scanner<'i, R> {
    instruments: &'i Instruments<R>,
    matchers: Vec<Matcher<'i, R>>,
    canaries: Option<Checker>,
    detectors: Vec<Detector>,
    /// For each detector the number of its reading.
    readings: Vec<usize>,
    /// For each reading whether documents are scored by themselves, so that all are read.
    each: Vec<bool>,
    repeats: Repeats,
    style: style::Scratch,
    reading: Reading,
    /// Where a text may hold a claim.
    places: Vec<Range<usize>>,
    unmasked: Unmasked,
    gauge: Gauge,
    /// Whether this block is one whose uniformity is measured.
    measuring: bool,
    file: u32,
    found: BlockFindings,
}

impl<R: ReadAt> Instruments<R> {
    pub fn new(key: &Key, indexes: Vec<NamedIndex<R>>) -> Self {
        let subkey = key.derive(Purpose::Sampling);
        let seed = u64::from_le_bytes(std::array::from_fn(|at| subkey.expose()[16 + at]));
        let served = ServedReader::new(key);
        let gate = Gate::new(&served);
        Self {
            claims: Claims::default(),
            indexes,
            canaries: None,
            watermarks: Vec::new(),
            style: None,
            style_limit: AtomicU64::new(u64::MAX),
            sample_levels: RwLock::default(),
            marked_share: 1.0,
            common: None,
            show_text: false,
            min_overlap: 0.0,
            seed,
            served,
            gate,
        }
    }

    /// Looks for the canaries of a registry too.
    pub fn with_canaries(mut self, registry: &Registry) -> Self {
        self.canaries = Some(Checker::under(registry, &self.served));
        self
    }

    /// Once so many documents are sampled, those that would not be kept are not scored any more.
    pub fn limit_style(&self, collector: &Collector, sample: usize) {
        let full = collector.style.len() >= sample;
        if let Some((last, _)) = collector.style.last_key_value().filter(|_| full) {
            self.style_limit.store(*last, Ordering::Relaxed);
        }
    }

    /// Once so many n-grams are sampled, those that would not be kept are not taken in any more. The sample of the whole
    /// corpus is the same as without.
    pub fn limit_samples(&self, samples: &[CorpusSample]) {
        let levels = samples.iter().map(CorpusSample::level).collect();
        *self.sample_levels.write().unwrap_or_else(PoisonError::into_inner) = levels;
    }

    /// For each watermark the number of the way in which it reads texts: keys of one model share their n-grams.
    pub fn readings(&self) -> Vec<usize> {
        let mut firsts: Vec<usize> = Vec::new();
        let reading = |number: usize| {
            let like = |first: &usize| self.watermarks[*first].detector.reads_like(&self.watermarks[number].detector);
            firsts.iter().position(like).unwrap_or_else(|| {
                firsts.push(number);
                firsts.len() - 1
            })
        };
        (0..self.watermarks.len()).map(reading).collect()
    }

    /// An empty sample for each way of reading.
    pub fn samples(&self) -> Vec<CorpusSample> {
        let readings = self.readings();
        let mut samples: Vec<CorpusSample> = Vec::new();
        for (named, reading) in self.watermarks.iter().zip(readings) {
            if reading == samples.len() {
                samples.push(CorpusSample::new(named.detector.scheme()));
            }
        }
        samples
    }

    /// Findings of no document yet.
    fn nothing(&self) -> BlockFindings {
        let levels = self.sample_levels.read().unwrap_or_else(PoisonError::into_inner);
        let levels = levels.iter().copied().chain(std::iter::repeat(0));
        let samples = self.samples().into_iter().zip(levels).map(|(sample, level)| sample.with_level(level));
        BlockFindings { samples: samples.collect(), ..BlockFindings::new(self.indexes.len()) }
    }

    pub fn scanner(&self) -> Scanner<'_, R> {
        let readings = self.readings();
        let mut each = vec![false; readings.iter().max().map_or(0, |last| last + 1)];
        for (named, reading) in self.watermarks.iter().zip(&readings) {
            each[*reading] |= named.detector.scheme().is_quick();
        }
        Scanner {
            instruments: self,
            matchers: self.indexes.iter().map(|named| Matcher::new(&named.index)).collect(),
            canaries: self.canaries.clone(),
            detectors: self.watermarks.iter().map(|named| named.detector.clone()).collect(),
            readings,
            each,
            repeats: Repeats::new(self.served.clone()),
            style: style::Scratch::default(),
            reading: Reading::new(self.served.clone())
                .with_shorter(self.indexes.iter().any(|named| named.index.manifest().shorter.is_some())),
            places: Vec::new(),
            unmasked: Unmasked::default(),
            gauge: Gauge::default(),
            measuring: false,
            file: 0,
            found: self.nothing(),
        }
    }
}

impl<R: ReadAt> Scanner<'_, R> {
    /// Begins a block of a file, both by number. Uniformity is measured at the start of the first sixteen and of
    /// one in 64 of the others.
    pub fn begin(&mut self, file: u32, block: u64) {
        self.file = file;
        self.measuring = block < 16 || block.is_multiple_of(64);
    }

    /// Looks at one document.
    pub fn look(&mut self, spot: Spot, document: &Document<'_>) -> Result<(), ScanError> {
        let text = document.text;
        self.found.documents += 1;
        self.found.text_bytes += text.len() as u64;
        self.found.with_prompt += u64::from(document.prompt.is_some());
        if self.measuring && self.gauge.add(text, self.instruments.common.as_ref()) {
            self.measuring = false;
        }
        self.found.sketch.push(xxh3_64_with_seed(text.as_bytes(), self.instruments.seed));
        let first = self.found.hits.len();
        let disguise = self.read(text);
        self.passages(spot, document)?;
        self.canaries(spot);
        self.style(spot, text);
        self.watermarks(spot, document)?;
        let mut places = std::mem::take(&mut self.places);
        self.instruments.gate.places(text, self.reading.words(), &mut places);
        if !places.is_empty() {
            self.claims(spot, document, &places, disguise);
        }
        self.places = places;
        self.found.invisible_characters += disguise.invisible;
        self.found.lookalike_letters += disguise.homoglyphs;
        self.found.disguised += u64::from(disguise != Disguise::default());
        if self.instruments.show_text {
            for hit in &mut self.found.hits[first..] {
                let range = stillwatch_core::place;
                hit.text =
                    text.get(range(hit.span.start)..range(hit.span.end)).map(|text| Redacted::new(text.to_owned()));
            }
        }
        if let Some(source) = document.source.filter(|source| self.found.hits.len() > first && is_name(source)) {
            let source: Arc<str> = source.into();
            self.found.hits[first..].iter_mut().for_each(|hit| hit.source = Some(Arc::clone(&source)));
        }
        Ok(())
    }

    /// What the block gave.
    pub fn finish(&mut self) -> BlockFindings {
        self.found.uniformity = self.gauge.finish();
        self.found.sketch.sort_unstable();
        self.found.sketch.truncate(SKETCH);
        std::mem::replace(&mut self.found, self.instruments.nothing())
    }

    /// Reads a text, with k-grams where an index asks for them.
    fn read(&mut self, text: &str) -> Disguise {
        if self.matchers.is_empty() {
            self.reading.read_words(text);
        } else {
            self.reading.read(text);
        }
        self.reading.disguise()
    }

    /// Passages that were served. What stands wholly in the document's own prompt, the document did not add.
    fn passages(&mut self, spot: Spot, document: &Document<'_>) -> Result<(), IndexError> {
        for (number, matcher) in self.matchers.iter_mut().enumerate() {
            let mut overlap = matcher.compare(&self.reading)?;
            let found = !overlap.spans.is_empty() || overlap.fragments.as_ref().is_some_and(Fragments::is_match);
            if let Some(prompt) = document.prompt.filter(|_| found) {
                self.repeats.read(prompt);
                let words = self.reading.words();
                overlap.leave_out(|span| self.repeats.hold(words, span.start..span.end));
                if let Some(fragments) = &mut overlap.fragments {
                    fragments.leave_out(|run| self.repeats.hold_words(words.get(run).unwrap_or_default().iter()));
                }
            }
            let named = &self.instruments.indexes[number];
            let (least, before) = (self.instruments.min_overlap, self.found.hits.len());
            if overlap.specific_share() >= least {
                self.found.hits.extend(passages(spot, &overlap, &named.name, &named.vendor));
            }
            if self.found.hits.len() == before {
                let found = fragments(spot, &overlap, self.reading.words(), &named.name, &named.vendor);
                self.found.hits.extend(found.filter(|hit| hit.strength.is_some_and(|share| share >= least)));
            }
            self.found.overlaps[number].add(self.file, &overlap);
        }
        Ok(())
    }

    /// Scores a document, unless its key is beyond those of a full sample.
    fn style(&mut self, spot: Spot, text: &str) {
        let Some(model) = &self.instruments.style else { return };
        let place = [u64::from(self.file).to_le_bytes(), spot.row.to_le_bytes(), u64::from(spot.turn).to_le_bytes()];
        let key = xxh3_64_with_seed(place.as_flattened(), self.instruments.seed);
        if key > self.instruments.style_limit.load(Ordering::Relaxed) {
            return;
        }
        let mut scores = vec![0.0; model.families().len()];
        model.score(text, &mut self.style, &mut scores);
        self.found.style.push((key, scores));
    }

    fn canaries(&mut self, spot: Spot) {
        let Some(checker) = &mut self.canaries else { return };
        let hits = checker.find_words(self.reading.words()).into_iter().map(|sighting| Hit {
            spot,
            span: sighting.start as u64..sighting.end as u64,
            class: Class::Exact,
            rule: Rule { name: CANARY_RULE, version: CANARY_RULE_VERSION },
            vendor: Some(sighting.vendor.into()),
            claim: None,
            source: None,
            passage: xxh3_64_with_seed(sighting.id.as_bytes(), self.instruments.seed),
            matched: Some(format!("{} (campaign {})", sighting.id, sighting.campaign).into()),
            strength: None,
            text: None,
        });
        self.found.hits.extend(hits);
    }

    /// Takes the n-grams of a document that was looked at before, and nothing else of it.
    pub fn sample(&mut self, document: &Document<'_>) -> Result<(), ScanError> {
        Ok(self.ngrams(document).map(drop)?)
    }

    /// The n-grams of a document, once for each way of reading it.
    fn ngrams(&mut self, document: &Document<'_>) -> Result<Vec<Ngrams>, WatermarkError> {
        let mut read: Vec<Ngrams> = Vec::new();
        let share = self.instruments.marked_share;
        let chosen = share >= 1.0 || {
            let hash = xxh3_64_with_seed(document.text.as_bytes(), !self.instruments.seed);
            #[expect(clippy::cast_precision_loss, reason = "a share of 2^64")]
            let place = hash as f64 / 18_446_744_073_709_551_616.0;
            place < share
        };
        for (detector, reading) in self.detectors.iter().zip(&self.readings) {
            if *reading == read.len() && !chosen && !self.each[*reading] {
                read.push(Ngrams::default());
            } else if *reading == read.len() {
                let ngrams = detector.read(Content::Text(document.text), document.prompt.map(Content::Text))?;
                self.found.samples[*reading].add(&ngrams)?;
                read.push(ngrams);
            }
        }
        Ok(read)
    }

    fn watermarks(&mut self, spot: Spot, document: &Document<'_>) -> Result<(), WatermarkError> {
        let read = self.ngrams(document)?;
        for (number, detector) in self.detectors.iter_mut().enumerate() {
            let named = &self.instruments.watermarks[number];
            let ngrams = &read[self.readings[number]];
            if !detector.scheme().is_quick() || ngrams.len() < LEAST_NGRAMS {
                continue;
            }
            // Of several keys each is one more chance to mark a row.
            #[expect(clippy::cast_precision_loss, reason = "a few keys")]
            let most = MARKED / self.readings.len() as f64;
            let Some(score) = detector.score(ngrams).filter(|score| score.nominal_p <= most) else { continue };
            self.found.hits.push(Hit {
                spot,
                span: 0..document.text.len() as u64,
                class: Class::Watermark,
                rule: Rule { name: WATERMARK_RULE, version: WATERMARK_RULE_VERSION },
                vendor: Some(Arc::clone(&named.vendor)),
                claim: None,
                source: None,
                matched: Some(Arc::clone(&named.name)),
                passage: xxh3_64_with_seed(document.text.as_bytes(), self.instruments.seed),
                strength: Some(score.nominal_p),
                text: None,
            });
        }
        Ok(())
    }

    fn claims(&mut self, spot: Spot, document: &Document<'_>, places: &[Range<usize>], disguise: Disguise) {
        let (claims, hits, seed) = (&self.instruments.claims, &mut self.found.hits, self.instruments.seed);
        let mut keep = |claim: Claim, text: &str, place: &dyn Fn(usize) -> u64| {
            hits.push(Hit {
                spot,
                span: place(claim.span.start)..place(claim.span.end),
                class: Class::SelfClaim,
                rule: Rule { name: claim_rule(claim.sort), version: CLAIM_RULES_VERSION },
                vendor: claim.vendor.map(Arc::from),
                claim: Some((claim.sort, claim.standing)),
                source: None,
                matched: None,
                passage: xxh3_64_with_seed(text[claim.span].to_lowercase().as_bytes(), seed),
                strength: None,
                text: None,
            });
        };
        if disguise == Disguise::default() {
            claims.find_in(document, places, |claim| keep(claim, document.text, &|at| at as u64));
            return;
        }
        let mut unmasked = std::mem::take(&mut self.unmasked);
        unmasked.read(document.text);
        let seen = Document { text: unmasked.text(), ..*document };
        claims.find(&seen, |claim| keep(claim, seen.text, &|at| unmasked.place(at) as u64));
        self.unmasked = unmasked;
    }
}

/// Whether what a corpus calls a source can be the name of one; a text must not get into a ledger by that field.
fn is_name(source: &str) -> bool {
    const LONGEST: usize = 80;
    const MOST_WORDS: usize = 4;
    source.len() <= LONGEST && source.split_whitespace().count() <= MOST_WORDS && !source.contains(char::is_control)
}

/// Why a document could not be looked at.
#[derive(Debug, Error)]
pub enum ScanError {
    #[error("an index cannot be read")]
    Index(#[from] IndexError),
    #[error("a watermark cannot be looked for")]
    Watermark(#[from] WatermarkError),
}

fn claim_rule(sort: ClaimSort) -> &'static str {
    match sort {
        ClaimSort::Identity => "self-claim-identity",
        ClaimSort::Maker => "self-claim-maker",
        ClaimSort::Machine => "self-claim-machine",
    }
}

/// The spans of a document that are more than manners of speaking.
fn passages<'a>(
    spot: Spot,
    overlap: &'a Overlap,
    name: &'a Arc<str>,
    vendor: &'a Arc<str>,
) -> impl Iterator<Item = Hit> + 'a {
    overlap.spans.iter().filter(|span| span.is_specific()).map(move |span| Hit {
        spot,
        span: span.start as u64..span.end as u64,
        class: Class::Exact,
        rule: Rule { name: SERVED_RULE, version: SERVED_RULE_VERSION },
        vendor: Some(Arc::clone(vendor)),
        claim: None,
        source: None,
        matched: Some(Arc::clone(name)),
        passage: span.hits.iter().map(|row| row.fingerprint).min().unwrap_or_default(),
        strength: Some(overlap.specific_share()),
        text: None,
    })
}

/// A document of which the shorter layer holds most.
fn fragments(spot: Spot, overlap: &Overlap, words: &[Word], name: &Arc<str>, vendor: &Arc<str>) -> Option<Hit> {
    let fragments = overlap.fragments.as_ref().filter(|fragments| fragments.is_match())?;
    let words = words.get(fragments.words()?)?;
    let end = words.iter().map(|word| u64::from(word.end)).max()?;
    Some(Hit {
        spot,
        span: u64::from(words.first()?.start)..end,
        class: Class::Exact,
        rule: Rule { name: FRAGMENT_RULE, version: FRAGMENT_RULE_VERSION },
        vendor: Some(Arc::clone(vendor)),
        claim: None,
        source: None,
        matched: Some(Arc::clone(name)),
        passage: fragments.signature(),
        strength: Some(fragments.share()),
        text: None,
    })
}
