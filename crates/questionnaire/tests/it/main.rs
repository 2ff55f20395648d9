//! What questionnaires and the judgement of answers promise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disclosure;
mod made;
mod questionnaire;
mod shared;
