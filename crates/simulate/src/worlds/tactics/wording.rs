//! How the requests are worded.

use std::sync::Arc;

use super::{Hand, Operation, Subject, Tactic, tactic};
use crate::account::Wording;
use crate::draw::Draw;
use crate::grammar::{Family, Meaning, Template, harvest_sentences};

pub(super) const SUBJECT: Subject = Subject {
    name: "wording",
    tactics: &[
        // L0: one template, verbatim.
        of(
            "fixed",
            tactic("verbatim", 2, |operation, random| {
                let demands = random.between(2, 8);
                shared(each(operation, |family| Template::harvest(family, demands, random)))
            }),
        ),
        // L1: words of the template are filled anew in each request.
        of(
            "fixed",
            tactic("slots", 3, |operation, random| {
                let demands = random.between(2, 7);
                shared(each(operation, |family| Template::harvest(family, demands, random).with_open_slots(random)))
            }),
        ),
        // L2: sentences in another order, words replaced, in each account.
        of(
            "shuffled",
            tactic("shuffled", 3, |operation, random| {
                let (demands, percent) = (random.between(3, 7), random.between(5, 20));
                let templates = each(operation, |family| Template::harvest(family, demands, random));
                Box::new(move |seat, _, random| {
                    let variants = random.between(1, 3);
                    let own = templates.iter().map(|template| {
                        let reworded =
                            (0..variants).map(|_| Wording::Template(Arc::new(template.reworded(percent, random))));
                        reworded.collect()
                    });
                    set(seat, own.collect());
                })
            }),
        ),
        // Each account has its own selection from sentences that the campaign shares.
        of(
            "shuffled",
            tactic("own_selection", 2, |operation, random| {
                let banks: Vec<Vec<String>> = each(operation, |family| {
                    (0..random.between(3, 6)).flat_map(|_| harvest_sentences(family, 4, random)).collect()
                });
                Box::new(move |seat, _, random| {
                    let own = banks.iter().map(|bank| {
                        let count = random.between(4, 7);
                        vec![Wording::Template(Arc::new(Template::selection(bank, count, random)))]
                    });
                    set(seat, own.collect());
                })
            }),
        ),
        // L3: worded anew in each request; no sentence is kept.
        of(
            "anew",
            tactic("paraphrased", 3, |operation, random| {
                let demands = random.between(2, 6);
                let meanings = each(operation, |family| Arc::new(Meaning::draw(family, demands, random)));
                let wordings: Vec<Vec<Wording>> =
                    meanings.into_iter().map(|meaning| vec![Wording::Meaning(meaning)]).collect();
                Box::new(move |seat, _, _| set(seat, wordings.clone()))
            }),
        ),
        // And each account asks for something a little different.
        of(
            "anew",
            tactic("own_meanings", 1, |operation, _| {
                let targets = operation.targets.to_vec();
                Box::new(move |seat, _, random| {
                    let demands = random.between(1, 5);
                    let own = targets
                        .iter()
                        .map(|family| vec![Wording::Meaning(Arc::new(Meaning::draw(*family, demands, random)))]);
                    set(seat, own.collect());
                })
            }),
        ),
        // L4: a template of its own in each account.
        of(
            "private",
            tactic("private", 3, |operation, _| {
                let targets = operation.targets.to_vec();
                Box::new(move |seat, _, random| {
                    let own = targets.iter().map(|family| {
                        let demands = random.between(1, 5);
                        vec![Wording::Template(Arc::new(Template::harvest(*family, demands, random)))]
                    });
                    set(seat, own.collect());
                })
            }),
        ),
        // The items of the work list alone, without an instruction.
        of(
            "private",
            tactic("bare", 2, |operation, _| {
                let count = operation.targets.len();
                Box::new(move |seat, _, _| set(seat, vec![vec![Wording::Bare]; count]))
            }),
        ),
    ],
};

const fn of(family: &'static str, tactic: Tactic) -> Tactic {
    Tactic { family: Some(family), ..tactic }
}

fn each<T>(operation: &Operation, wording: impl FnMut(Family) -> T) -> Vec<T> {
    operation.targets.iter().copied().map(wording).collect()
}

/// The same templates for all accounts, by family.
fn shared(templates: Vec<Template>) -> Hand {
    let wordings: Vec<Vec<Wording>> =
        templates.into_iter().map(|template| vec![Wording::Template(Arc::new(template))]).collect();
    Box::new(move |seat, _, _| set(seat, wordings.clone()))
}

fn set(seat: &mut crate::account::Seat, wordings: Vec<Vec<Wording>>) {
    if let Some(harvest) = &mut seat.harvest {
        harvest.wordings = wordings;
    }
}
