//! Shares of families by wording (class D): "consistent with", "not shown" or "not estimable", never a conclusion.
//!
//! A [`Trainer`] takes [`Labelled`] texts and gives a [`StyleModel`]: a multinomial logistic regression over hashed words and
//! punctuation, with the scores of every maker, family and domain by models that had been trained without it. The model scores
//! documents; [`Shares`] of a corpus collects the scores and estimates how much is whose, [`vendor_tests`] asks whether the
//! corpus is more like a vendor than corpora are that are not the vendor's.
//!
//! ```
//! use stillwatch_audit::style::{Labelled, TrainError, Trainer};
//!
//! let mut trainer = Trainer::new(["en"]);
//! for number in 0..40 {
//!     let (text, group) = (format!("Certainly! Here are {number} ideas:"), number.to_string());
//!     trainer.add(&Labelled { text: &text, family: "acme", maker: "acme-1", date: None, domain: "chat", group: &group })?;
//! }
//! assert_eq!(trainer.train(std::num::NonZeroUsize::MIN).unwrap_err(), TrainError::NoHuman);
//! # Ok::<(), TrainError>(())
//! ```

mod calibration;
mod card;
mod columns;
mod conformal;
mod family;
mod feature;
mod file;
mod folds;
mod glyph;
mod matrix;
mod model;
mod parallel;
mod regression;
mod sample;
mod share;
mod simplex;
mod source;
mod temperature;
mod train;

pub use calibration::Regime;
pub use card::{Card, FamilyCard, MakerCard, NamedCount};
pub use conformal::{VendorTest, vendor_tests};
pub use family::{HUMAN, MOST_FAMILIES, OTHER};
pub use feature::{FEATURE_VERSION, LONGEST_TEXT, Scratch};
pub use file::{FORMAT_VERSION, FileError, LARGEST_FILE};
pub use model::{HeldOut, StyleModel};
pub use share::{FamilyShare, LEAST_SCORED, ShareEstimate, Shares, WIDEST_INTERVAL};
pub use source::likeliest_source;
pub use train::{LEAST_DOCUMENTS, Labelled, MOST_DOCUMENTS, TrainError, Trainer};
