//! Lists of what somebody wants to know of a model: a buyer, an authority, a law. Each is a file that names who asks, by
//! which text, and when it was read; each of its items names the statements that answer it.
//!
//! ```
//! use stillwatch_lineage::questionnaire::Questionnaire;
//!
//! let buyer = Questionnaire::built_in("buyer").ok_or("no such questionnaire")??;
//! assert!(buyer.items().all(|item| item.ask.ends_with('?')));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answered;
mod filled;
mod form;
mod request;

pub(crate) use filled::ITEM;
pub(crate) use form::known;

pub use answered::{Answered, JudgedAnswer};
pub use filled::{Filled, FilledItem, FilledSection, Sentence, Status};
pub use form::{Audience, BUILT_IN, Item, Kind, Questionnaire, QuestionnaireError, Section};
pub use request::{Request, Wish};
