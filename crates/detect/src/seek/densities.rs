//! Communities of the graph of repeated passages at several densities, and the accounts that speak their idiom.

use stillwatch_core::Cancelled;

use crate::account::{AccountSet, Owners};
use crate::parameters::{LEAST_ACCOUNTS, RESOLUTIONS};
use crate::population::Population;
use crate::seek::community::communities;
use crate::seek::graph::Graph;
use crate::seek::growth::Growth;
use crate::work::Work;

/// Communities by wording at each density, and those of the finest as they have grown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Communities {
    /// Per density, from the coarsest.
    pub(super) levels: Vec<Vec<AccountSet>>,
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
}
