//! Watermark detectors: keyed statistical marks in the choice of tokens (class B).
//!
//! A provider's key file names the watermarks ([`KeyRing`]); a [`Detector`] reads documents as n-grams, scores each, and
//! tests the corpus by a sample of its distinct n-grams ([`CorpusSample`]). Nominal p-values come from the scheme's
//! formula. Beside them stands the rank of the right key among at least 1,000 wrong ones: where a text knows nothing of
//! the key, that rank is uniform whatever the text repeats.
//!
//! ```
//! use stillwatch_audit::watermark::{Calibration, Content, CorpusSample, Detector, KeyRing};
//!
//! let ring = KeyRing::parse(
//!     r#"
//!     [[watermark]]
//!     vendor = "Example"
//!     vocabulary = 1000
//!     kgw = { seeding = "simple-1", key = 15485863, window = 1, gamma = 0.25 }
//!     "#,
//! )?;
//! let mut detector = Detector::new(&ring.watermarks[0], None)?;
//! let mut sample = CorpusSample::new(detector.scheme());
//! let ngrams = detector.read(Content::Ids(&[5, 17, 400, 17, 400]), None)?;
//! let score = detector.score(&ngrams).map(|score| score.scored);
//! assert_eq!(score, Some(3)); // 17, 400 is scored once
//! sample.add(&ngrams)?;
//! let test = detector.test(&sample, &Calibration::default())?;
//! assert!(test.calibrated_p > 0.01);
//! # Ok::<(), stillwatch_audit::watermark::WatermarkError>(())
//! ```

mod calibration;
mod corpus;
mod detector;
mod document;
mod error;
mod green;
mod gumbel;
mod key_file;
mod keyed;
mod law;
mod mersenne;
mod parallel;
mod permutation;
#[cfg(feature = "tokenizers")]
mod pieces;
mod scheme;
mod synthid;
#[cfg(feature = "tokenizers")]
mod tokenizer;
#[cfg(not(feature = "tokenizers"))]
#[path = "no_tokenizer.rs"]
mod tokenizer;

pub use calibration::Calibration;
pub use corpus::{CorpusSample, CorpusTest, SAMPLE_CAPACITY};
pub use detector::{Detector, MAX_TOKENS};
pub use document::{Content, DocumentScore, Ngrams};
pub use error::WatermarkError;
pub use green::{GreenList, KeyedGreenList};
pub use gumbel::Gumbel;
pub use key_file::{KeyRing, PromptHandling, Spec, TokenizerFile};
pub use keyed::Seeding;
pub use scheme::Scheme;
pub use synthid::{Statistic, SynthId, SynthIdScores};
pub use tokenizer::Tokenizer;
