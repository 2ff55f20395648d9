use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stillwatch_digest::Disguise;

use super::fragments::FragmentSum;
use super::sample::{Sample, spread};
use super::{Overlap, Rate};

/// The share of its k-grams from which on a document counts as overlapping. At a fifth of 20-word k-grams, 0.3 to
/// 0.4 % of the answers of unrelated models to the same prompts do.
pub const SHARE: f64 = 0.2;
/// Copies of fewer different answers than this can be collected and planted by hand, so they say nothing of a corpus.
pub const FEW_ORIGINS: f64 = 10.0;

/// What the documents of a corpus have in common with an index.
///
/// It is a sum: the order of documents, and how they are spread over threads, do not count. Memory is bounded, for
/// different k-grams and origins are counted by threshold sampling (exactly up to 16,384, to within 2 % beyond).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlaps {
    pub documents: u64,
    /// Documents of 20 words or more: the others cannot be judged.
    pub judged: u64,
    /// Documents of whose k-grams a share of [`SHARE`] or more was served, boilerplate aside.
    pub matched: u64,
    /// Documents with a span that is not all boilerplate.
    pub with_span: u64,
    pub looked_up: u64,
    pub found: u64,
    pub boilerplate: u64,
    pub disguise: Disguise,
    k_grams: Sample,
    origins: Sample,
    /// The lowest k-gram that each matched document shares: copies of one text have the same.
    signatures: Sample,
    /// What the shorter layer says of documents without a longer passage.
    #[serde(default)]
    pub fragments: FragmentSum,
    matched_of_file: BTreeMap<u32, u64>,
}

/// How far a finding rests on few outputs or few files. A corpus can be framed with copies of a few outputs; a harvest
/// repeats many different ones, about once each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// Matched documents that are not copies of each other.
    pub distinct_documents: f64,
    /// Different k-grams that were found, boilerplate aside.
    pub distinct_k_grams: f64,
    /// Different prompts (or exchanges) whose answers they are from.
    pub origins: f64,
    /// Documents in which a found k-gram stands, on average.
    pub documents_per_k_gram: f64,
    /// Of the matched documents, the share that is in the file with the most of them.
    pub largest_file: f64,
    pub files: usize,
}

impl Concentration {
    /// Whether the finding rests on so few outputs that anyone could have planted them.
    pub fn few_origins(&self) -> bool {
        self.origins < FEW_ORIGINS
    }
}

impl Overlaps {
    /// Takes in a document of the file with this number.
    pub fn add(&mut self, file: u32, overlap: &Overlap) {
        self.documents += 1;
        self.judged += u64::from(overlap.looked_up > 0);
        self.looked_up += u64::from(overlap.looked_up);
        self.found += u64::from(overlap.found);
        self.boilerplate += u64::from(overlap.boilerplate);
        self.disguise.invisible += overlap.disguise.invisible;
        self.disguise.homoglyphs += overlap.disguise.homoglyphs;
        let with_span = overlap.spans.iter().any(super::Span::is_specific);
        self.with_span += u64::from(with_span);
        if let Some(fragments) = overlap.fragments.as_ref().filter(|_| !with_span) {
            self.fragments.add(fragments);
        }
        let mut hits: Vec<(u64, u32)> = overlap
            .spans
            .iter()
            .flat_map(|span| &span.hits)
            .filter(|row| row.origins < super::BOILERPLATE_ORIGINS)
            .map(|row| (row.fingerprint, row.origin))
            .collect();
        hits.sort_unstable();
        hits.dedup();
        for &(fingerprint, origin) in &hits {
            self.k_grams.add(fingerprint, 1);
            self.origins.add(u64::from(origin) << u32::BITS, 1);
        }
        if let Some((lowest, _)) = hits.first().filter(|_| overlap.specific_share() >= SHARE) {
            self.matched += 1;
            self.signatures.add(spread(*lowest), 1);
            *self.matched_of_file.entry(file).or_default() += 1;
        }
    }

    /// Takes in what another thread added up.
    pub fn unite(&mut self, other: Self) {
        self.documents += other.documents;
        self.judged += other.judged;
        self.matched += other.matched;
        self.with_span += other.with_span;
        self.looked_up += other.looked_up;
        self.found += other.found;
        self.boilerplate += other.boilerplate;
        self.disguise.invisible += other.disguise.invisible;
        self.disguise.homoglyphs += other.disguise.homoglyphs;
        self.k_grams.unite(other.k_grams);
        self.origins.unite(other.origins);
        self.signatures.unite(other.signatures);
        self.fragments.unite(other.fragments);
        for (file, matched) in other.matched_of_file {
            *self.matched_of_file.entry(file).or_default() += matched;
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of documents")]
    pub fn concentration(&self) -> Concentration {
        let largest = self.matched_of_file.values().max().copied().unwrap_or(0);
        let of = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        Concentration {
            distinct_documents: self.signatures.distinct(),
            distinct_k_grams: self.k_grams.distinct(),
            origins: self.origins.distinct(),
            documents_per_k_gram: self.k_grams.mean(),
            largest_file: of(largest as f64, self.matched as f64),
            files: self.matched_of_file.len(),
        }
    }

    /// Matched documents among those that could be judged, copies of one text counted once, for
    /// [`excess`](super::excess) over a reference.
    pub fn rate(&self) -> Rate {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded count")]
        let distinct = self.signatures.distinct().round() as u64;
        Rate { matched: distinct.min(self.matched), documents: self.judged }
    }
}

impl Overlaps {
    /// Documents with a passage among those that could be judged; where several repeat one answer, the answers count.
    pub fn span_rate(&self) -> Rate {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded count")]
        let origins = self.origins.distinct().round() as u64;
        Rate { matched: self.with_span.min(origins), documents: self.judged }
    }
}
