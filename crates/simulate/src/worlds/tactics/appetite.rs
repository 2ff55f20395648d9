//! How much each request asks for.

use super::{Subject, nothing, tactic};
use crate::account::{Harvest, Seat};
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "appetite",
    tactics: &[
        tactic("ordinary", 3, nothing),
        // Long answers to short prompts.
        tactic("long_answers", 3, |_, random| {
            let length = random.between(2, 4);
            Box::new(move |seat, _, _| {
                change(seat, |harvest| {
                    harvest.dress.length = length;
                    harvest.sampling.iter_mut().for_each(|sampling| sampling.max_tokens = Some(8192));
                });
            })
        }),
        // Several answers to each.
        tactic("many_answers", 1, |_, random| {
            let n = *random.pick(&[2, 4, 8]);
            Box::new(move |seat, _, _| {
                change(seat, |harvest| {
                    for sampling in &mut harvest.sampling {
                        sampling.n = n;
                        sampling.temperature = Some(sampling.temperature.unwrap_or(1.0).max(0.7));
                    }
                });
            })
        }),
        // The probabilities of each word.
        tactic("probabilities", 1, |_, _| {
            Box::new(|seat, _, _| {
                change(seat, |harvest| {
                    harvest.sampling.iter_mut().for_each(|sampling| sampling.logprobs = Some(true));
                });
            })
        }),
    ],
};

fn change(seat: &mut Seat, how: impl FnOnce(&mut Harvest)) {
    if let Some(harvest) = &mut seat.harvest {
        how(harvest);
    }
}
