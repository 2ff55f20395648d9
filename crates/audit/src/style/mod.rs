//! Shares of families by wording (class D).

mod calibration;
mod card;
mod columns;
mod conformal;
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
mod temperature;
mod train;

pub use calibration::Regime;
pub use card::{Card, FamilyCard, MakerCard, NamedCount};
pub use conformal::{VendorTest, conformal, holm, vendor_tests};
pub use feature::{FEATURE_VERSION, LONGEST_TEXT, Scratch};
pub use file::{FORMAT_VERSION, FileError, LARGEST_FILE};
pub use model::{HeldOut, StyleModel};
pub use share::{FamilyShare, LEAST_SCORED, ShareEstimate, Shares, WIDEST_INTERVAL};
pub use train::{HUMAN, LEAST_DOCUMENTS, Labelled, MOST_DOCUMENTS, MOST_FAMILIES, OTHER, TrainError, Trainer};
