//! What `audit`, `index` and `canary` share: instruments and their files, the ledger, checkpoints.

mod checkpoint;
mod instruments;
mod ledger;
mod positioned;
pub(crate) mod reference;

pub(crate) use checkpoint::{Checkpoint, Place};
pub(crate) use instruments::{Equipment, equip};
pub(crate) use ledger::Ledger;
pub(crate) use positioned::PositionedFile;
pub(crate) use reference::{HUMAN_FILE, HumanReference, STYLE_FILE};
