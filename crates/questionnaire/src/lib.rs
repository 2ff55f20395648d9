//! What somebody wants to know of a model, and what the answers are worth.
//!
//! A [`Questionnaire`] is a file: it names who asks, by which text, and when that text was read; each of its items names
//! the statements that answer it. Eleven of them come with the program ([`BUILT_IN`]). Data passes through the crate like
//! this:
//!
//! 1. [`Filled::of`] answers a questionnaire from what documents say of a subject, each sentence with its places.
//! 2. [`Request::of`] asks a vendor what is left open, as a [`table`] that a spreadsheet can fill in.
//! 3. [`Answered::judge`] reads the table that comes back: whether each answer says what was asked ([`disclosure`]), and
//!    what the graph says with the answers and without them.
//!
//! Items name edges and attributes of the graph's vocabulary and are no program: a form of an authority is added as a
//! file, and a mistake in it is an error with its line.
//!
//! ```
//! use stillwatch_questionnaire::Questionnaire;
//!
//! let buyer = Questionnaire::built_in("buyer").ok_or("no such questionnaire")??;
//! assert!(buyer.items().all(|item| item.ask.ends_with('?')));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod disclosure;
pub mod table;

mod answered;
mod filled;
mod form;
mod request;

pub use answered::{Answered, JudgedAnswer};
pub use filled::{Filled, FilledItem, FilledSection, ITEM, Sentence, Status};
pub use form::{Audience, BUILT_IN, Item, Kind, Questionnaire, QuestionnaireError, Section, known};
pub use request::{Request, Wish, visible};
