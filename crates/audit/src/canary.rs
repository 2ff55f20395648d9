//! Canaries: exact marks in the answers to a campaign, to be looked for in corpora later.
//!
//! A [`Canary`] is five made-up words drawn from 2^90 such phrases, in a sentence around them. It is issued for a
//! campaign of tier `act`, to a named approver, until a date ([`Registry::issue`]); [`placement`] says where in an
//! answer it may stand, which is between paragraphs of prose and nowhere else; a [`Checker`] finds the five words in
//! documents, whatever their case, spacing, punctuation and disguise. Four of the five are not a find.
//!
//! # Why the registry holds the text
//! Whoever checks has to know the words, and whoever decides an appeal has to see what was found; a fingerprint serves
//! neither. The text is ours, names nobody, and is worth something only to who wants to remove it. So the registry is
//! one file that its owner alone may read ([`REGISTRY_MODE`]), the words are redacted wherever the program prints, and
//! nothing else (ledger, report, store) holds more than the id of a canary.
//!
//! # Chance
//! The words are drawn without regard to any corpus, so the chance that a given place of a given corpus holds a given
//! canary without having it from an answer is at most 2^-90, whatever the corpus ([`Checker::chance`]). It is a mark of
//! who was answered, not of who published: an answer can be quoted by others.
//!
//! ```
//! use stillwatch_audit::canary::{Checker, Registry, Request, placement};
//! use stillwatch_core::{Micros, Tier};
//!
//! let mut registry = Registry::default();
//! let canary = registry.issue(
//!     Request {
//!         vendor: "Example".into(),
//!         campaign: "c-17".into(),
//!         tier: Tier::Act,
//!         approver: "Head of Trust and Safety".into(),
//!         issued: Micros::parse("2026-11-01").unwrap_or_default(),
//!         expires: Micros::parse("2027-11-01").unwrap_or_default(),
//!         template: "This note is filed under {}.".into(),
//!     },
//!     [0x5a; 16], // from the system's generator
//! )?;
//! let answer = "The moon pulls at the near side of the sea more than at the far side of it.\n\n\
//!               Because the earth turns below, each coast goes through two high waters every day.";
//! let at = placement(answer).unwrap_or_default();
//! let marked = format!("{}{}\n\n{}", &answer[..at], canary.text().expose(), &answer[at..]);
//! let mut checker = Checker::new(&registry);
//! assert_eq!(checker.find(&marked.to_uppercase())[0].id, canary.id);
//! assert!(checker.find(answer).is_empty());
//! # Ok::<(), stillwatch_audit::canary::CanaryError>(())
//! ```

mod check;
mod phrase;
mod placement;
mod registry;

pub use check::{Checker, Sighting};
pub use phrase::{PHRASE_BITS, PHRASE_WORDS};
pub use placement::placement;
pub use registry::{Canary, CanaryError, REGISTRY_MODE, Registry, Request, SCHEMA};
