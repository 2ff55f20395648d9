use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::WatermarkError;
use super::pieces::{is_cut_at_spaces, pieces};

/// The tokenizer of the model whose watermark is looked for, from a Hugging Face `tokenizer.json`.
///
/// A SentencePiece `tokenizer.model` is not read: convert it, or give token ids. Clone it for each thread: a clone has
/// recently seen words of its own.
pub struct Tokenizer {
    inner: Arc<tokenizers::Tokenizer>,
    sha256: Arc<str>,
    /// Tokens of words, where texts may be cut before words without changing a token. The library takes microseconds for
    /// each call and each word, and nearly all words of a text were seen before.
    words: Option<Mutex<Words>>,
}

/// The tokens of words.
type Words = FxHashMap<Box<str>, Box<[u32]>>;

/// Words that are kept. Beyond, all are forgotten and seen anew.
const MOST_WORDS: usize = 1 << 16;
/// Longer words are rare.
const LONGEST_WORD: usize = 64;

impl Tokenizer {
    /// Reads the bytes of a `tokenizer.json`. Its truncation and padding are ignored: they would hide the end of a text.
    pub fn from_json(bytes: &[u8]) -> Result<Self, WatermarkError> {
        let unreadable = |error: tokenizers::Error| WatermarkError::Tokenizer(error.to_string());
        let mut inner = tokenizers::Tokenizer::from_bytes(bytes).map_err(unreadable)?;
        inner.with_truncation(None).map_err(unreadable)?;
        inner.with_padding(None);
        let sha256 = hex::encode(Sha256::digest(bytes)).into();
        let words = is_cut_at_spaces(bytes).then(Mutex::default);
        Ok(Self { inner: Arc::new(inner), sha256, words })
    }

    /// Of the file, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Tokens, added ones included.
    pub fn vocabulary(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// Token ids, without the tokens that mark begin and end.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, WatermarkError> {
        let Some(words) = &self.words else { return self.whole(text) };
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ids = Vec::with_capacity(text.len() / 3);
        for piece in pieces(text) {
            if let Some(known) = words.get(piece) {
                ids.extend_from_slice(known);
                continue;
            }
            let read = self.whole(piece)?;
            ids.extend_from_slice(&read);
            if piece.len() <= LONGEST_WORD {
                if words.len() >= MOST_WORDS {
                    words.clear();
                }
                words.insert(piece.into(), read.into());
            }
        }
        Ok(ids)
    }

    fn whole(&self, text: &str) -> Result<Vec<u32>, WatermarkError> {
        let encoding = self.inner.encode_fast(text, false).map_err(|error| WatermarkError::Text(error.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }
}

impl Clone for Tokenizer {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            sha256: Arc::clone(&self.sha256),
            words: self.words.as_ref().map(|_| Mutex::default()),
        }
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokenizer({} tokens, sha256 {})", self.vocabulary(), self.sha256)
    }
}
