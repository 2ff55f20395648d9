use stillwatch_core::Cancelled;

use super::calibration::{Calibration, calibrate};
use super::corpus::{CorpusSample, CorpusTest};
use super::document::{Content, DocumentScore, Ngrams};
use super::key_file::{PromptHandling, Spec};
use super::parallel::in_parallel;
use super::permutation::Lists;
use super::{Scheme, Tokenizer, WatermarkError};

/// Looks for one watermark. Clone it for each thread: it keeps recently used green lists, at most 9 MB.
#[derive(Clone)]
pub struct Detector {
    scheme: Scheme,
    tokenizer: Option<Tokenizer>,
    prompt: PromptHandling,
    lists: Lists,
}

/// Tokens of a document that are read; a longer one is cut there and says so.
pub const MAX_TOKENS: usize = 1 << 21;
/// A longer text is tokenised in pieces, cut before white space, so that memory stays bounded. Some tokens beside a cut
/// may differ from those of the whole.
const PIECE_BYTES: usize = 256 << 10;

impl Detector {
    /// Refuses a tokenizer that is not the one of the key file, or has more tokens than the watermark's vocabulary.
    /// Without a tokenizer only token ids can be scored.
    pub fn new(spec: &Spec, tokenizer: Option<Tokenizer>) -> Result<Self, WatermarkError> {
        if let (Some(file), Some(tokenizer)) = (&spec.tokenizer, &tokenizer)
            && file.sha256 != tokenizer.sha256()
        {
            let found = tokenizer.sha256().to_owned();
            return Err(WatermarkError::TokenizerHash { expected: file.sha256.clone(), found });
        }
        if let (Some(vocabulary), Some(tokenizer)) = (spec.scheme.vocabulary(), &tokenizer)
            && tokenizer.vocabulary() > vocabulary as usize
        {
            return Err(WatermarkError::Vocabulary { vocabulary, found: tokenizer.vocabulary() });
        }
        Ok(Self { scheme: spec.scheme.clone(), tokenizer, prompt: spec.prompt, lists: Lists::default() })
    }

    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// Whether the two read any text alike, so that one reading and one sample serve both.
    pub fn reads_like(&self, other: &Self) -> bool {
        let tokenizer = |detector: &Self| detector.tokenizer.as_ref().map(|own| own.sha256().to_owned());
        self.prompt == other.prompt && tokenizer(self) == tokenizer(other) && self.scheme.reads_like(&other.scheme)
    }

    /// Tokenises a document and finds the n-grams to score.
    pub fn read(&self, content: Content<'_>, prompt: Option<Content<'_>>) -> Result<Ngrams, WatermarkError> {
        let prompt = prompt.filter(|_| self.prompt == PromptHandling::Exclude);
        let (mut ids, mut prompt_ids) = (Vec::new(), Vec::new());
        let (ids, truncated) = self.ids(content, &mut ids)?;
        let prompt = match prompt {
            Some(prompt) => self.ids(prompt, &mut prompt_ids)?.0,
            None => &[],
        };
        Ok(Ngrams::read(&self.scheme, ids, prompt, truncated))
    }

    /// The score of one document; `None` where it has nothing to score.
    pub fn score(&mut self, ngrams: &Ngrams) -> Option<DocumentScore> {
        let total = ngrams.iter().map(|ngram| self.scheme.score_by(&mut self.lists, ngram)).sum();
        let (law, scored) = (self.scheme.law(), ngrams.len() as u64);
        let ln_p = law.ln_p(scored, total);
        (scored > 0).then(|| DocumentScore {
            tokens: ngrams.tokens,
            scored,
            statistic: law.statistic(scored, total),
            expected: law.expected(),
            nominal_p: ln_p.exp(),
            log10_p: ln_p / std::f64::consts::LN_10,
            truncated: ngrams.truncated,
        })
    }

    /// [`read`](Self::read), then [`score`](Self::score).
    pub fn score_document(
        &mut self,
        content: Content<'_>,
        prompt: Option<Content<'_>>,
    ) -> Result<Option<DocumentScore>, WatermarkError> {
        let ngrams = self.read(content, prompt)?;
        Ok(self.score(&ngrams))
    }

    /// The share of keys, the right one among them, under which these n-grams score at least as high: an exact p-value
    /// for a text that knows nothing of the key, whatever the text repeats. Of a long document only the first n-grams are
    /// ranked, as many as the calibration tries.
    pub fn calibrate_document(&self, ngrams: &Ngrams, calibration: &Calibration) -> Result<f64, Cancelled> {
        let tried = calibration.ngrams.unwrap_or_else(|| self.scheme.calibration_ngrams());
        let ngrams: Vec<&[u32]> = ngrams.iter().take(tried).collect();
        let total = ngrams.iter().map(|ngram| self.scheme.score(ngram)).sum();
        let n = ngrams.len() as u64;
        let null = calibrate(&self.scheme, &ngrams, calibration)?;
        Ok(null.p(self.scheme.law().z(n, total)))
    }

    /// Tests a whole corpus by its sample of n-grams.
    pub fn test(&self, sample: &CorpusSample, calibration: &Calibration) -> Result<CorpusTest, WatermarkError> {
        let (expected, found) = (self.scheme.ngram_length(), sample.ngram_length());
        if expected != found {
            return Err(WatermarkError::NgramLength { expected, found });
        }
        let ngrams = sample.ngrams();
        let score = |lists: &mut Lists, index: usize| self.scheme.score_by(lists, ngrams[index]);
        let scores = in_parallel(calibration.threads, ngrams.len(), &calibration.cancel, Lists::default, score)?;
        Ok(CorpusTest::new(&self.scheme, sample, &ngrams, &scores, calibration)?)
    }

    fn ids<'a>(&self, content: Content<'a>, buffer: &'a mut Vec<u32>) -> Result<(&'a [u32], bool), WatermarkError> {
        let (ids, mut truncated): (&[u32], bool) = match content {
            Content::Ids(ids) => (ids, false),
            Content::Text(text) => {
                let tokenizer = self.tokenizer.as_ref().ok_or(WatermarkError::NoTokenizer)?;
                let mut rest = text;
                while !rest.is_empty() && buffer.len() < MAX_TOKENS {
                    let (piece, after) = rest.split_at(piece(rest));
                    buffer.extend(tokenizer.encode(piece)?);
                    rest = after;
                }
                (buffer, !rest.is_empty())
            }
        };
        let read = &ids[..ids.len().min(MAX_TOKENS)];
        truncated |= read.len() < ids.len();
        Ok((read, truncated))
    }
}

/// Bytes of the first piece.
fn piece(text: &str) -> usize {
    if text.len() <= PIECE_BYTES {
        return text.len();
    }
    let most = text.floor_char_boundary(PIECE_BYTES);
    let space = text[..most].char_indices().rev().take(1_000).find(|(_, character)| character.is_whitespace());
    space.map_or(most, |(start, _)| start).max(text.ceil_char_boundary(1))
}
