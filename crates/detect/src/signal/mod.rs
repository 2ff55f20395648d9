//! What can be measured on a set of accounts, each signal by itself and without a verdict.

pub(crate) mod channel;
pub(crate) mod handover;
pub(crate) mod pool;
pub(crate) mod timing;
pub(crate) mod wording;
