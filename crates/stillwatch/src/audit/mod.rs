//! What `audit`, `index` and `canary` share: instruments and their files, the ledger, checkpoints.

mod checkpoint;
mod instruments;
mod ledger;
mod positioned;

pub(crate) use checkpoint::{Checkpoint, Place};
pub(crate) use instruments::{Equipment, equip};
pub(crate) use ledger::Ledger;
pub(crate) use positioned::PositionedFile;
