//! The parameters of the requests.

use super::{Subject, tactic};
use crate::account::Seat;
use crate::draw::Draw;
use crate::settings::Sampling;

pub(super) const SUBJECT: Subject = Subject {
    name: "settings",
    tactics: &[
        // One or two combinations for all accounts.
        tactic("shared", 3, |_, random| {
            let settings: Vec<Sampling> = (0..random.between(1, 2)).map(|_| Sampling::draw(random)).collect();
            Box::new(move |seat, _, _| set(seat, settings.clone()))
        }),
        tactic("own_each", 2, |_, _| {
            Box::new(|seat, _, random| {
                let own = Sampling::draw(random);
                set(seat, vec![own]);
            })
        }),
        // None at all, as most software leaves them.
        tactic("defaults", 1, |_, _| {
            Box::new(|seat, _, _| {
                let defaults = Sampling { temperature: None, top_p: None, n: 1, max_tokens: None, logprobs: None };
                set(seat, vec![defaults]);
            })
        }),
    ],
};

fn set(seat: &mut Seat, settings: Vec<Sampling>) {
    if let Some(harvest) = &mut seat.harvest {
        harvest.sampling = settings;
    }
}
