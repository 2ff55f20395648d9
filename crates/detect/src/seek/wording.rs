//! Sets of accounts that say the same: communities of the graph of repeated passages at several densities, and the
//! accounts that speak their idiom.

use stillwatch_core::{Cancelled, Tier};

use crate::account::{AccountSet, Owners};
use crate::parameters::{LEAST_ACCOUNTS, RESOLUTIONS};
use crate::population::Population;
use crate::seek::candidate::{Candidate, Part, order};
use crate::seek::community::communities;
use crate::seek::graph::Graph;
use crate::seek::growth::Growth;
use crate::seek::way::{Choice, Choices, Finish, Way};
use crate::work::Work;

pub(super) static WAY: Way = Way {
    name: "wording",
    chosen_by: Choices::of(&[Choice::Wording]),
    level: None,
    confirmed_by: None,
    most: Tier::Act,
    sharing: 1.0,
    is_declared: false,
    finish: Finish::Strays,
    seek: |scene| Ok(Some(scene.communities.candidates())),
    unsought: None,
};

/// Communities by wording at each density, and those of the finest as they have grown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Communities {
    levels: Vec<Vec<AccountSet>>,
    pub(crate) growth: Growth,
}

impl Communities {
    pub(crate) fn new(
        population: &Population,
        owners: &Owners,
        content: &Graph,
        work: Work<'_>,
    ) -> Result<Self, Cancelled> {
        let mut levels = Vec::new();
        for resolution in RESOLUTIONS {
            let mut level = communities(content, resolution, work)?;
            level.retain(|accounts| accounts.len() >= LEAST_ACCOUNTS);
            levels.push(level);
        }
        let finest = levels.last().map(Vec::as_slice).unwrap_or_default();
        let growth = Growth::new(population, owners, finest, work)?;
        Ok(Self { levels, growth })
    }

    /// The communities of every density.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &AccountSet> {
        self.levels.iter().flatten().chain(self.growth.grown())
    }

    fn candidates(&self) -> Vec<Candidate> {
        let chosen_by = WAY.chosen_by;
        let of = |accounts: &AccountSet, part| Candidate {
            accounts: accounts.clone(),
            way: &WAY,
            part,
            chosen_by,
            keys: Vec::new(),
        };
        let found = self.levels.iter().flatten().map(|accounts| of(accounts, Part::Whole));
        let mut all: Vec<Candidate> =
            found.chain(self.growth.grown().map(|accounts| of(accounts, Part::Grown))).collect();
        order(&mut all);
        all
    }
}
