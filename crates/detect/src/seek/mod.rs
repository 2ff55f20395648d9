//! Ways to seek sets of accounts worth testing: by what accounts say, by the minutes in which they meet, by whoever owns
//! them. None of them says that a set is more than chance; that is for the nulls.

pub(crate) mod candidate;
pub(crate) mod community;
pub(crate) mod concert;
pub(crate) mod content;
pub(crate) mod graph;
pub(crate) mod growth;
