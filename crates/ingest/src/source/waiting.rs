use std::collections::BTreeMap;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::draft::Draft;

/// The roles of the two halves.
pub(crate) const FIRST: u8 = 1;
pub(crate) const SECOND: u8 = 2;
pub(crate) const BOTH: u8 = FIRST | SECOND;

/// Drafts by key, in the order in which the keys came.
#[derive(Default)]
pub(crate) struct Waiting {
    by_key: HashMap<String, Waited, FxBuildHasher>,
    order: BTreeMap<u64, String>,
    serial: u64,
    pub(crate) bytes: usize,
}

pub(crate) struct Waited {
    /// Its place in the order.
    serial: u64,
    pub(crate) roles: u8,
    pub(crate) drafts: Vec<(u64, Draft)>,
    pub(crate) bytes: usize,
}

impl Waiting {
    /// Unites a draft with the one that waits under the key.
    pub(crate) fn add(&mut self, key: &str, number: u64, role: u8, draft: Draft) {
        let bytes = draft.bytes();
        let waited = self.place(key);
        waited.roles |= role;
        waited.bytes += bytes;
        match waited.drafts.first_mut() {
            // The first half leads where both say something.
            Some((_, before)) if role == FIRST => {
                let later = std::mem::replace(before, draft);
                before.fill(later);
            }
            Some((_, before)) => before.fill(draft),
            None => waited.drafts.push((number, draft)),
        }
        self.bytes += bytes;
    }

    /// Lets a draft wait beside others of its key.
    pub(crate) fn add_beside(&mut self, key: &str, number: u64, draft: Draft) {
        let bytes = draft.bytes();
        let waited = self.place(key);
        waited.bytes += bytes;
        waited.drafts.push((number, draft));
        self.bytes += bytes;
    }

    fn place(&mut self, key: &str) -> &mut Waited {
        if !self.by_key.contains_key(key) {
            self.serial += 1;
            self.bytes += KEY_BYTES + 2 * key.len();
            self.order.insert(self.serial, key.to_owned());
        }
        let serial = self.serial;
        self.by_key.entry_ref(key).or_insert_with(|| Waited {
            serial,
            roles: 0,
            drafts: Vec::new(),
            bytes: KEY_BYTES + 2 * key.len(),
        })
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Waited> {
        let waited = self.by_key.remove(key)?;
        self.order.remove(&waited.serial);
        self.bytes = self.bytes.saturating_sub(waited.bytes);
        Some(waited)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Draft> {
        self.by_key.get(key)?.drafts.first().map(|(_, draft)| draft)
    }

    pub(crate) fn roles(&self, key: &str) -> u8 {
        self.by_key.get(key).map_or(0, |waited| waited.roles)
    }

    pub(crate) fn oldest(&self) -> Option<String> {
        self.order.first_key_value().map(|(_, key)| key.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }
}

/// What a key takes beside its text.
const KEY_BYTES: usize = 160;
