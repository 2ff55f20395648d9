//! Folders of digests: which fit each other, and which of their days are read.

use std::sync::{Arc, PoisonError};

use stillwatch_core::{Day, Key, Micros, Window};
use stillwatch_digest::{DayDigest, Manifest};
use stillwatch_engine::{AccountDay, DigestStream, EngineError};

use super::{ReadError, Reading};
use crate::inputs::DigestFolder;

/// Digest folders must be of this key, fit each other, and be cut at midnight if at all.
pub(super) fn check(digests: &[DigestFolder], key: &Key, window: Window) -> Result<(), ReadError> {
    let Some(first) = digests.first() else {
        return Ok(());
    };
    if [window.since, window.until].into_iter().flatten().any(|moment| moment != moment.day().start()) {
        return Err(ReadError::CutWithinDay);
    }
    if first.manifest.key != key.id().to_string() {
        let (theirs, ours) = (first.manifest.key.clone(), key.id().to_string());
        return Err(ReadError::OtherKey { path: first.path.clone(), theirs, ours });
    }
    let own = Manifest::new(key.id());
    for (index, folder) in digests.iter().enumerate() {
        check_pair(&own, "this version", folder)?;
        for before in &digests[..index] {
            check_pair(&before.manifest, &before.path.display().to_string(), folder)?;
        }
    }
    Ok(())
}

pub(super) fn check_pair(one: &Manifest, name: &str, folder: &DigestFolder) -> Result<(), ReadError> {
    let refuse = |source| ReadError::Merge { one: name.to_owned(), path: folder.path.clone(), source };
    one.check_merge(&folder.manifest).map_err(refuse)
}

impl Reading {
    /// Leaves out days outside the window and counts their exchanges.
    pub(super) fn inside_window(
        &self,
        days: DigestStream,
    ) -> impl Iterator<Item = Result<AccountDay, EngineError>> + use<> {
        let (since, until) = (self.window.since.map(Micros::day), self.window.until.map(Micros::day));
        let inside = move |day: Day| since.is_none_or(|since| day >= since) && until.is_none_or(|until| day < until);
        let outside = Arc::clone(&self.outside);
        days.filter(move |day| match day {
            Ok(day) if !inside(day.day) => {
                let exchanges = DayDigest::decode(&day.digest).map_or(0, |digest| digest.exchanges());
                *outside.lock().unwrap_or_else(PoisonError::into_inner) += exchanges;
                false
            }
            _ => true,
        })
    }
}
