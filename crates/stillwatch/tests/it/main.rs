//! What the command promises, checked by running it.

mod bad_input;
mod floors;
mod interrupt;
mod output;
mod place;
mod privacy;
mod same;
mod words;
