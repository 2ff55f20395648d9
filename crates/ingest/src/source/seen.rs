use std::collections::{HashSet, VecDeque};

use rustc_hash::FxBuildHasher;

/// The last ids of many, in bounded memory.
#[derive(Default)]
pub(crate) struct Seen {
    ids: HashSet<String, FxBuildHasher>,
    order: VecDeque<String>,
}

impl Seen {
    pub(crate) fn note(&mut self, id: String) {
        if self.ids.insert(id.clone()) {
            self.order.push_back(id);
            if self.order.len() > MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.ids.remove(&oldest);
            }
        }
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

/// A span ends, and is written, within minutes after those in it.
const MOST: usize = 1 << 16;
