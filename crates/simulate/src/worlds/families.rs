//! Families of worlds: what is left out when levels are chosen, and kept for judging them.
//!
//! Every world has one value in each [`Dimension`]. Rules and levels are chosen on *development* worlds, in which one
//! value never occurs, and judged on the worlds that have it. Nothing of the other generators or of labelled sets is
//! used for either. Worlds of one seed take the values of a dimension in turn, in an order that the seed shuffles, so
//! that each value has nearly the same number of worlds.

use serde::Serialize;
use stillwatch_core::place;

use crate::draw::stream;

/// What worlds differ in as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Where the requests of campaigns come from.
    Infrastructure,
    /// How campaigns word their requests.
    Wording,
    /// What the innocent crowds have in common.
    Crowds,
    /// Which fields the provider's logs and account table have.
    Coverage,
}

impl Dimension {
    pub const ALL: [Self; 4] = [Self::Infrastructure, Self::Wording, Self::Crowds, Self::Coverage];

    pub fn name(self) -> &'static str {
        match self {
            Self::Infrastructure => "infrastructure",
            Self::Wording => "wording",
            Self::Crowds => "crowds",
            Self::Coverage => "coverage",
        }
    }

    /// The names of its families.
    pub fn families(self) -> &'static [&'static str] {
        match self {
            Self::Infrastructure => &["rented", "proxied", "residential"],
            Self::Wording => &["fixed", "shuffled", "anew", "private"],
            Self::Crowds => &["openly_one", "shared_tool", "occasion", "bulk"],
            Self::Coverage => &["everything", "companies", "thin_edge", "thin_accounts", "coarse"],
        }
    }
}

/// The families that a world belongs to, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Families {
    /// `rented` hosts; `proxied` through VPN exits, proxies or rotating residential addresses; `residential`: an
    /// ordinary line an account.
    pub infrastructure: &'static str,
    /// `fixed` templates, verbatim or with slots; `shuffled` sentences or an account's own selection of them; `anew` in
    /// each request; `private` templates or none.
    pub wording: &'static str,
    /// Crowds that are `openly_one` holder's; that use a `shared_tool`; that share an `occasion`; that work in `bulk`.
    pub crowds: &'static str,
    /// `everything` is filled; only `companies` have an organisation; a `thin_edge` log without addresses or
    /// handshakes; `thin_accounts` without payment or sign-up facts; `coarse` times, clients or conversations.
    pub coverage: &'static str,
}

impl Families {
    /// Those of world `number` (from 1) of a seed.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let value = |dimension: Dimension| {
            let families = dimension.families();
            let count = families.len() as u64;
            let before = number.saturating_sub(1);
            let mut order: Vec<&'static str> = families.to_vec();
            stream(seed, &format!("families:{}", dimension.name()), before / count).shuffle(&mut order);
            order[place(before % count)]
        };
        Self {
            infrastructure: value(Dimension::Infrastructure),
            wording: value(Dimension::Wording),
            crowds: value(Dimension::Crowds),
            coverage: value(Dimension::Coverage),
        }
    }

    pub fn value(&self, dimension: Dimension) -> &'static str {
        match dimension {
            Dimension::Infrastructure => self.infrastructure,
            Dimension::Wording => self.wording,
            Dimension::Crowds => self.crowds,
            Dimension::Coverage => self.coverage,
        }
    }

    /// Whether a world of these families judges what was chosen without `family`; the others are development worlds.
    pub fn judges(&self, left_out: &str) -> bool {
        Dimension::ALL.iter().any(|dimension| self.value(*dimension) == left_out)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Dimension, Families};

    #[test]
    fn every_family_has_its_share_of_the_worlds() {
        for dimension in Dimension::ALL {
            let mut worlds: BTreeMap<&str, usize> = BTreeMap::new();
            for number in 1..=60 {
                *worlds.entry(Families::of(5, number).value(dimension)).or_default() += 1;
            }
            let share = 60 / dimension.families().len();
            assert!(worlds.values().all(|count| *count == share), "{worlds:?}");
        }
    }

    #[test]
    fn the_seed_decides_which_families_meet() {
        let pairs = |seed| -> Vec<Families> { (1..=8).map(|number| Families::of(seed, number)).collect() };
        assert_eq!(pairs(1), pairs(1));
        assert_ne!(pairs(1), pairs(2));
    }

    #[test]
    fn names_are_unique_among_all_dimensions() {
        let names: Vec<&str> = Dimension::ALL.iter().flat_map(|dimension| dimension.families()).copied().collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        let world = Families::of(1, 1);
        assert!(world.judges(world.wording) && !world.judges("nothing"));
    }
}
