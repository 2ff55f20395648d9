use std::io;

use stillwatch_core::Cancelled;
use thiserror::Error;

/// Why an index cannot be written, read or united.
#[derive(Debug, Error)]
pub enum IndexError {
    #[error("cannot read or write the index of served outputs")]
    Io(#[from] io::Error),
    #[error("the file is no index of served outputs")]
    NotAnIndex,
    #[error("the index is cut short: {0}")]
    Truncated(&'static str),
    #[error("the index is damaged: {0}")]
    Damaged(&'static str),
    #[error("the manifest of the index cannot be read")]
    Manifest(#[source] serde_json::Error),
    #[error("the index has {field} {found}, and this version reads {expected}; build it anew")]
    Version { field: &'static str, found: String, expected: String },
    #[error("the index was built with key {found}, and the key given is {given}")]
    Key { found: String, given: String },
    #[error("the indexes differ in {field}: {ours} and {theirs}")]
    Differ { field: &'static str, ours: String, theirs: String },
    #[error("the same input (BLAKE3 {hash}) is part of more than one index")]
    Overlap { hash: String },
    #[error("an index does not say what it was made of, so outputs could be counted twice")]
    Unsourced,
    #[error("there is nothing to merge")]
    Nothing,
    #[error("more than {most} fingerprints in one index; build one for each period or model instead")]
    TooLarge { most: u64 },
    #[error("rows were not written in order")]
    Order,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
