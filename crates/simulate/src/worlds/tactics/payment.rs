//! What the accounts pay with.

use std::sync::Arc;

use super::{Operation, Subject, nothing, tactic};
use crate::account::{Seat, card};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "payment",
    tactics: &[
        tactic("few_cards", 2, |operation, random| cards(operation, random.between(8, 40), random)),
        tactic("card_per_few", 3, |operation, random| cards(operation, random.between(2, 5), random)),
        // One virtual card an account, from one issuer.
        tactic("virtual_cards", 4, |operation, _| {
            let country = operation.region.country;
            Box::new(move |seat, _, random| pay(seat, card(random), country))
        }),
        // Free credits, without an instrument.
        tactic("credits", 2, |_, _| {
            Box::new(|seat, _, _| {
                seat.row.payment_hmac = None;
                seat.row.payment_country = None;
            })
        }),
        tactic("like_anyone", 2, nothing),
    ],
};

/// One card for so many accounts.
fn cards(operation: &Operation, accounts: usize, random: &mut stillwatch_core::Random) -> super::Hand {
    let cards: Vec<Arc<str>> = (0..operation.accounts.div_ceil(accounts).max(1)).map(|_| card(random)).collect();
    let country = operation.region.country;
    Box::new(move |seat, member, _| pay(seat, cards[member.index % cards.len()].clone(), country))
}

fn pay(seat: &mut Seat, token: Arc<str>, country: &'static str) {
    seat.row.payment_hmac = Some(token);
    seat.row.payment_country = Some(country);
}
