use std::collections::BTreeSet;

use stillwatch_core::Random;

use crate::account::Item;
use crate::draw::{hash, stream};
use crate::grammar::Family;

/// `count` items of an actor's work list, from place `skipped` on; no two of them read the same.
pub(super) fn items(seed: u64, actor: &str, families: &[Family], skipped: usize, count: usize) -> Vec<Item> {
    let purpose = format!("work list:{actor}");
    let mut seen = BTreeSet::new();
    let mut items = Vec::with_capacity(count);
    let mut place = skipped;
    while items.len() < count && place < skipped + 20 * count {
        let seed = stream(seed, &purpose, place as u64).next_u64();
        let family = place % families.len().max(1);
        place += 1;
        let Some(kind) = families.get(family) else {
            break;
        };
        if seen.insert(hash(&kind.item(&mut Random::new(seed, 0)))) {
            items.push(Item { family, seed });
        }
    }
    items
}
