//! Accounts with one declared owner, where they belong to several organisations.

use std::collections::BTreeMap;

use stillwatch_core::Tier;

use crate::account::{AccountIndex, Owners};
use crate::parameters::LEAST_ACCOUNTS;
use crate::population::Population;
use crate::seek::choice::{Choice, Choices};
use crate::seek::way::{Candidate, Finish, Part, Scene, Way};
use crate::signal::channel::Channel;

pub(super) static WAY: Way = Way {
    name: "declared owner",
    chosen_by: Choices::of(&[Choice::Likeness(Channel::Owner)]),
    // An owner may have unrelated businesses.
    level: None,
    confirmed_by: Some(|tested| tested.content()),
    most: Tier::Review,
    is_declared: true,
    finish: Finish::Strays,
    seek: |scene| Ok(Some(sought(scene))),
    unsought: None,
};

fn sought(scene: &Scene<'_>) -> Vec<Candidate> {
    // Where the family is left out, no owner is held.
    let held = scene.holdings.iter().any(|holdings| holdings.channel == Channel::Owner && !holdings.is_empty());
    if held { owned(scene.population, scene.owners) } else { Vec::new() }
}

fn owned(population: &Population, owners: &Owners) -> Vec<Candidate> {
    let mut by_owner: BTreeMap<&str, Vec<AccountIndex>> = BTreeMap::new();
    for (account, profile) in population.iter() {
        if let Some(owner) = profile.account.owner.as_deref() {
            by_owner.entry(owner).or_default().push(account);
        }
    }
    by_owner.retain(|_, accounts| owners.distinct(accounts.iter().copied()) >= LEAST_ACCOUNTS);
    let candidate = |accounts: Vec<AccountIndex>| Candidate {
        accounts: accounts.into_iter().collect(),
        way: &WAY,
        part: Part::Whole,
        chosen_by: WAY.chosen_by,
        keys: Vec::new(),
    };
    by_owner.into_values().map(candidate).collect()
}
