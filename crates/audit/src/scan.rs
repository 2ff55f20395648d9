//! Looks at the documents of a block with all means at once.

use std::sync::Arc;

use stillwatch_core::{Document, Key, Purpose, Redacted};
use stillwatch_digest::{Disguise, Reader, Unmasked, Word};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::Class;
use crate::claim::{CLAIM_RULES_VERSION, Claim, ClaimSort, Claims};
use crate::collector::{BlockFindings, SKETCH};
use crate::hit::{Hit, Rule, Spot};
use crate::index::{IndexError, Matcher, Overlap, ReadAt, ServedIndex};
use crate::recycling::{CommonWords, Gauge};

/// Rule of passages found in an index.
pub const SERVED_RULE: &str = "served-passage";
const SERVED_RULE_VERSION: u32 = 1;
/// Rule of canaries.
pub const CANARY_RULE: &str = "canary";

/// What a corpus is looked at with; shared by all threads.
pub struct Instruments<R> {
    pub claims: Claims,
    pub indexes: Vec<NamedIndex<R>>,
    /// The human reference's common words.
    pub common: Option<CommonWords>,
    /// Keep the text of each hit.
    pub show_text: bool,
    /// For hashes of whole documents.
    seed: u64,
    reader: Reader,
}

/// An index and how it is called.
pub struct NamedIndex<R> {
    pub name: Arc<str>,
    pub vendor: Arc<str>,
    pub index: ServedIndex<R>,
}

/// One thread's eyes.
pub struct Scanner<'i, R> {
    instruments: &'i Instruments<R>,
    matchers: Vec<Matcher<'i, R>>,
    reader: Reader,
    words: Vec<Word>,
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
        let mut secret = [0; 16];
        secret.copy_from_slice(&subkey.expose()[..16]);
        let seed = u64::from_le_bytes(std::array::from_fn(|at| subkey.expose()[16 + at]));
        let reader = Reader::new(&secret);
        Self { claims: Claims::default(), indexes, common: None, show_text: false, seed, reader }
    }

    pub fn scanner(&self) -> Scanner<'_, R> {
        Scanner {
            instruments: self,
            matchers: self.indexes.iter().map(|named| Matcher::new(&named.index)).collect(),
            reader: self.reader.clone(),
            words: Vec::new(),
            unmasked: Unmasked::default(),
            gauge: Gauge::default(),
            measuring: false,
            file: 0,
            found: BlockFindings::new(self.indexes.len()),
        }
    }
}

impl<R: ReadAt> Scanner<'_, R> {
    /// Begins a block of a file, both by number. Uniformity is measured at the start of the first sixteen and of
    /// one in sixteen of the others.
    pub fn begin(&mut self, file: u32, block: u64) {
        self.file = file;
        self.measuring = block < 16 || block.is_multiple_of(16);
    }

    /// Looks at one document.
    pub fn look(&mut self, spot: Spot, document: &Document<'_>) -> Result<(), IndexError> {
        let text = document.text;
        self.found.documents += 1;
        self.found.text_bytes += text.len() as u64;
        if self.measuring && self.gauge.add(text, self.instruments.common.as_ref()) {
            self.measuring = false;
        }
        self.found.sketch.push(xxh3_64_with_seed(text.as_bytes(), self.instruments.seed));
        let first = self.found.hits.len();
        let disguise = self.passages(spot, text)?;
        let disguise = match disguise {
            Some(disguise) => disguise,
            None if text.is_ascii() => Disguise::default(),
            None => self.reader.read(text, &mut self.words),
        };
        self.claims(spot, document, disguise);
        self.found.invisible_characters += disguise.invisible;
        self.found.lookalike_letters += disguise.homoglyphs;
        self.found.disguised += u64::from(disguise != Disguise::default());
        if self.instruments.show_text {
            for hit in &mut self.found.hits[first..] {
                let range = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
                hit.text =
                    text.get(range(hit.span.start)..range(hit.span.end)).map(|text| Redacted::new(text.to_owned()));
            }
        }
        if let Some(source) = document.source.filter(|_| self.found.hits.len() > first) {
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
        std::mem::replace(&mut self.found, BlockFindings::new(self.matchers.len()))
    }

    /// Passages that were served. `None` where there is no index, and so no reading.
    fn passages(&mut self, spot: Spot, text: &str) -> Result<Option<Disguise>, IndexError> {
        let mut disguise = None;
        for (number, matcher) in self.matchers.iter_mut().enumerate() {
            let overlap = matcher.read(text)?;
            disguise = Some(overlap.disguise);
            let named = &self.instruments.indexes[number];
            for hit in passages(spot, &overlap, &named.name, &named.vendor) {
                self.found.hits.push(hit);
            }
            self.found.overlaps[number].add(self.file, &overlap);
        }
        Ok(disguise)
    }

    fn claims(&mut self, spot: Spot, document: &Document<'_>, disguise: Disguise) {
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
            claims.find(document, |claim| keep(claim, document.text, &|at| at as u64));
            return;
        }
        let mut unmasked = std::mem::take(&mut self.unmasked);
        unmasked.read(document.text);
        let seen = Document { text: unmasked.text(), ..*document };
        claims.find(&seen, |claim| keep(claim, seen.text, &|at| unmasked.place(at) as u64));
        self.unmasked = unmasked;
    }
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
