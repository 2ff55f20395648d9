use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::WatermarkError;

/// The tokenizer of the model whose watermark is looked for, from a Hugging Face `tokenizer.json`.
///
/// A SentencePiece `tokenizer.model` is not read: convert it, or give token ids.
#[derive(Clone)]
pub struct Tokenizer {
    inner: Arc<tokenizers::Tokenizer>,
    sha256: String,
}

impl Tokenizer {
    /// Reads the bytes of a `tokenizer.json`. Its truncation and padding are ignored: they would hide the end of a text.
    pub fn from_json(bytes: &[u8]) -> Result<Self, WatermarkError> {
        let unreadable = |error: tokenizers::Error| WatermarkError::Tokenizer(error.to_string());
        let mut inner = tokenizers::Tokenizer::from_bytes(bytes).map_err(unreadable)?;
        inner.with_truncation(None).map_err(unreadable)?;
        inner.with_padding(None);
        let sha256 = hex::encode(Sha256::digest(bytes));
        Ok(Self { inner: Arc::new(inner), sha256 })
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
        let encoding = self.inner.encode_fast(text, false).map_err(|error| WatermarkError::Text(error.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokenizer({} tokens, sha256 {})", self.vocabulary(), self.sha256)
    }
}
