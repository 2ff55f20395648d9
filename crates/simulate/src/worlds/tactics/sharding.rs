//! How the work list is dealt out.

use super::{Subject, tactic};
use crate::account::{Item, Seat};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "sharding",
    tactics: &[
        // No item goes to two accounts.
        tactic("disjoint", 4, |operation, _| {
            let items: Vec<Item> = operation.items.to_vec();
            let (accounts, most) = (operation.accounts.max(1), items.len() / operation.accounts.max(1));
            Box::new(move |seat, member, _| {
                // Every n-th item from its own place on.
                let own = (0..member.exchanges.min(most)).map(|turn| items[turn * accounts + member.index]);
                deal(seat, own.collect());
            })
        }),
        // Each account draws from the whole list, so that a part is done twice.
        tactic("overlapping", 2, |operation, _| {
            let items: Vec<Item> = operation.items.to_vec();
            Box::new(move |seat, member, random| {
                let own = (0..member.exchanges).map(|_| *random.pick(&items));
                deal(seat, own.collect());
            })
        }),
        // Several accounts ask the same, for as many answers to choose from.
        tactic("resampled", 1, |operation, random| {
            let items: Vec<Item> = operation.items.to_vec();
            let (together, mean) = (random.between(2, 6), operation.exchanges);
            Box::new(move |seat, member, _| {
                let first = member.index / together * mean;
                let own = (0..member.exchanges).map(|turn| items[(first + turn) % items.len()]);
                deal(seat, own.collect());
            })
        }),
    ],
};

fn deal(seat: &mut Seat, items: Vec<Item>) {
    if let Some(harvest) = &mut seat.harvest {
        harvest.items = items;
    }
}
