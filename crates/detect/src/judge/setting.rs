use stillwatch_core::Family;

use crate::account::{AccountSet, Owners};
use crate::census::Census;
use crate::judge::background::Background;
use crate::population::Population;
use crate::profile::Profile;
use crate::signal::channel::Holdings;
use crate::signal::handover::Handover;

/// What every measurement looks into.
pub(crate) struct Setting<'a> {
    pub(crate) population: &'a Population,
    pub(crate) owners: &'a Owners,
    pub(crate) holdings: &'a [Holdings],
    pub(crate) census: Census,
    pub(crate) background: Background,
    /// How many candidates there are.
    pub(crate) sets: usize,
    /// Aggregators that name end users. Their traffic is other people's, so they are in no candidate.
    pub(crate) intermediaries: &'a [Profile],
    /// Families that are left out.
    pub(crate) without: &'a [Family],
}

impl Setting<'_> {
    pub(crate) fn has(&self, family: Family) -> bool {
        !self.without.contains(&family)
    }

    /// Hand-overs among these accounts, where timing is looked at.
    pub(crate) fn handover(&self, accounts: &AccountSet) -> Option<Handover> {
        self.has(Family::Timing).then(|| Handover::new(self.population, accounts, self.sets))
    }
}
