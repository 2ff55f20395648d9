use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::position::position;

/// A text of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Text(pub(crate) u32);

impl Text {
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// Texts in one heap: names once each, places and quotes as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strings {
    heap: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
}

impl Strings {
    /// The text's number; equal texts have one.
    pub(crate) fn intern(&mut self, text: &str) -> Text {
        let hash = FxBuildHasher.hash_one(text);
        let Self { heap, ends, table } = self;
        if let Some(&found) = table.find(hash, |&at| slice(heap, ends, at) == text) {
            return Text(found);
        }
        let at = push(heap, ends, text);
        table.insert_unique(hash, at.0, |&other| FxBuildHasher.hash_one(slice(heap, ends, other)));
        at
    }

    /// The text's number, a new one each time: for texts that are hardly ever equal.
    pub(crate) fn keep(&mut self, text: &str) -> Text {
        push(&mut self.heap, &mut self.ends, text)
    }

    pub(crate) fn find(&self, text: &str) -> Option<Text> {
        let hash = FxBuildHasher.hash_one(text);
        self.table.find(hash, |&at| slice(&self.heap, &self.ends, at) == text).map(|&at| Text(at))
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        if text.is_none() { "" } else { slice(&self.heap, &self.ends, text.0) }
    }
}

fn push(heap: &mut String, ends: &mut Vec<usize>, text: &str) -> Text {
    let at = Text(position(ends.len()));
    heap.push_str(text);
    ends.push(heap.len());
    at
}

fn slice<'s>(heap: &'s str, ends: &[usize], at: u32) -> &'s str {
    let start = if at == 0 { 0 } else { ends[at as usize - 1] };
    &heap[start..ends[at as usize]]
}
