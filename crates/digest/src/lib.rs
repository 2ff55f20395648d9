//! Exchanges to mergeable, text-free state.
//!
//! A [`Fingerprinter`] turns one [`Exchange`](stillwatch_core::Exchange) into the digest of that exchange; digests of
//! the same account and day are united by a [`DigestBuilder`]; the days of an account are united into an
//! [`AccountWindow`]. Text goes in at the first step and never comes out of it: what remains are keyed fingerprints,
//! times and numbers.
//!
//! # One operation
//! A digest is a set and merging is set union, so it is commutative, associative and idempotent: the order of
//! arrival, the number of partitions, a spill to disk, a retry logged twice or a file read twice change nothing.
//! Counting is made idempotent too: an occurrence of a fingerprint is stored as the pair *(fingerprint, slot)*, where
//! the slot is one of 64 and depends on the moment and the tokens. The number of filled slots never overstates the number of
//! exchanges that logs tell alike, and [`estimated_count`] turns it into an estimate (linear counting: Whang, Vander-Zanden and Taylor,
//! TODS 15, 1990).
//!
//! # Bounded
//! Each set keeps at most a fixed number of fingerprints. What is said is sampled by whole slots, so that what is kept
//! follows from moments and tokens and is the same under any key; identities, and what does not fit even so, are sampled by
//! keyed thresholds: kept are those below 2^(64 − level). A level rises only when it must, and the level of a union is the
//! same in whatever order it is formed.
//!
//! ```
//! use stillwatch_core::{Exchange, Key, Micros};
//! use stillwatch_digest::{AccountWindow, DigestBuilder, Fingerprinter, Kind};
//!
//! let mut fingerprinter = Fingerprinter::new(&Key::from_bytes([7; 32]));
//! let mut day = DigestBuilder::default();
//! for second in 0..3 {
//!     let exchange = Exchange {
//!         time: Micros::from_seconds(second),
//!         account: "a",
//!         prompt: Some("translate the sentence below into formal Welsh"),
//!         ..Exchange::default()
//!     };
//!     day.add(fingerprinter.fingerprint(&exchange))?;
//! }
//! let window = AccountWindow::unite([(exchange_day(), day.finish()?)])?;
//! assert_eq!(window.exchanges.len(), 3);
//! assert!(window.counts(Kind::Passage).any(|(_, slots)| slots == 3));
//! # fn exchange_day() -> stillwatch_core::Day { Micros(0).day() }
//! # Ok::<(), stillwatch_digest::DigestError>(())
//! ```

mod builder;
mod digest;
mod fingerprint;
mod identity;
mod intent;
mod kind;
mod manifest;
mod reading;
mod record;
mod served;
mod text;
mod threshold;
mod unmask;
mod vocabulary;
mod window;

pub use builder::{DigestBuilder, Workspace};
pub use digest::{DayDigest, DigestError};
pub use fingerprint::{Fingerprinter, Names};
pub use intent::Intent;
pub use kind::Kind;
pub use manifest::{Capacity, Manifest, ManifestError, NORMALISER_VERSION, Part, ServedRules, SourceFile};
pub use reading::{Disguise, READING_VERSION, Word, WordReader};
pub use record::{Outcome, Record};
pub use served::{FINGERPRINT_BITS, KGram, SERVED_WINDOW, SERVED_WORDS, SHORT_WINDOW, SHORT_WORDS, ServedReader};
#[doc(hidden)]
pub use text::Passages;
pub use threshold::{SLOTS, estimated_count};
pub use unmask::Unmasked;
pub use window::{AccountWindow, TimedRecord};
