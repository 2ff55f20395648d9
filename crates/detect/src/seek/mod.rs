//! Ways to seek sets of accounts worth testing: by what accounts say, by the minutes in which they meet, by whoever owns
//! them, by the rare keys in which they agree. None of them says that a set is more than chance; that is for the nulls.
//!
//! To add a way, write its file with a [`Way`] in it, and its line in [`WAYS`].

mod agreement;
pub(crate) mod choice;
pub(crate) mod community;
pub(crate) mod concert;
pub(crate) mod content;
pub(crate) mod densities;
pub(crate) mod graph;
pub(crate) mod growth;
mod keys;
mod owner;
pub(crate) mod way;
pub(crate) mod wording;

use way::Way;

/// All ways to seek. Where two of them find the same set, the first one tells it.
pub(crate) static WAYS: [&Way; 4] = [&wording::WAY, &owner::WAY, &concert::WAY, &agreement::WAY];
