use stillwatch_core::Cancelled;
use thiserror::Error;

/// Why a watermark cannot be tested. No message repeats a key.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum WatermarkError {
    #[error("line {line} of the key file: {message}")]
    Syntax { line: usize, message: String },
    #[error("watermark {number} of the key file: `{field}` {message}")]
    Field { number: usize, field: &'static str, message: String },
    #[error("the key file has no [[watermark]]")]
    Empty,
    #[error("not a tokenizer.json: {0}")]
    Tokenizer(String),
    #[error("wrong tokenizer: its SHA-256 is {found}, the key file asks for {expected}")]
    TokenizerHash { expected: String, found: String },
    #[error("wrong tokenizer: it has {found} tokens, the watermark's vocabulary has {vocabulary}")]
    Vocabulary { vocabulary: u32, found: usize },
    #[error("the text cannot be tokenised: {0}")]
    Text(String),
    #[error("texts need the watermark's tokenizer; without it only token ids can be scored")]
    NoTokenizer,
    #[error("a sample of n-grams of {found} tokens does not fit a watermark over {expected}")]
    NgramLength { expected: usize, found: usize },
    #[error("samples of {0} and {1} n-grams cannot be merged")]
    Capacity(usize, usize),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
