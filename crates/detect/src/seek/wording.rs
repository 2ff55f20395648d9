//! Sets of accounts that say the same: communities of the graph of repeated passages at several densities, and the
//! accounts that speak their idiom.

use stillwatch_core::Tier;

use crate::account::AccountSet;
use crate::seek::choice::{Choice, Choices};
use crate::seek::densities::Communities;
use crate::seek::way::{Candidate, Finish, Part, Way, order};

pub(super) static WAY: Way = Way {
    name: "wording",
    chosen_by: Choices::of(&[Choice::Wording]),
    level: None,
    confirmed_by: None,
    most: Tier::Act,
    is_declared: false,
    finish: Finish::Strays,
    seek: |scene| Ok(Some(candidates(scene.communities))),
    unsought: None,
};

fn candidates(communities: &Communities) -> Vec<Candidate> {
    let chosen_by = WAY.chosen_by;
    let of = |accounts: &AccountSet, part| Candidate {
        accounts: accounts.clone(),
        way: &WAY,
        part,
        chosen_by,
        keys: Vec::new(),
    };
    let found = communities.levels.iter().flatten().map(|accounts| of(accounts, Part::Whole));
    let mut all: Vec<Candidate> =
        found.chain(communities.growth.grown().map(|accounts| of(accounts, Part::Grown))).collect();
    order(&mut all);
    all
}
