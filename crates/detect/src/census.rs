//! How many accounts of the whole population hold a fingerprint.

use stillwatch_core::count;
use stillwatch_digest::Kind;

use crate::parameters::LEAST_REPEATS;
use crate::population::Population;
use crate::profile::Profile;

/// Counts over all accounts, made once and looked up for every finding.
pub(crate) struct Census {
    payloads: Counts,
    repeated: [(Kind, Counts); 3],
}

/// Fingerprints in ascending order with the number of accounts that hold each.
struct Counts(Vec<(u64, usize)>);

impl Census {
    pub(crate) fn new(population: &Population) -> Self {
        let of =
            |held: &dyn Fn(&Profile) -> Vec<u64>| Counts::new(population.profiles().iter().flat_map(held).collect());
        Self {
            payloads: of(&|profile| profile.once.passages().iter().map(|&passage| u64::from(passage)).collect()),
            repeated: [Kind::System, Kind::Tools, Kind::Skeleton]
                .map(|kind| (kind, of(&|profile| repeated(profile, kind).collect()))),
        }
    }

    /// Accounts that say a passage once, as far as these are kept.
    pub(crate) fn payload(&self, passage: u32) -> usize {
        self.payloads.of(passage.into())
    }

    /// Passages that are said once, account by account.
    pub(crate) fn payloads(&self) -> u64 {
        self.payloads.0.iter().map(|held| count(held.1)).sum()
    }

    /// Accounts that repeat a system prompt, tool definition or skeleton.
    pub(crate) fn repeating(&self, kind: Kind, fingerprint: u64) -> usize {
        self.repeated.iter().find(|counts| counts.0 == kind).map_or(0, |counts| counts.1.of(fingerprint))
    }
}

/// The fingerprints of a kind that an account repeats.
pub(crate) fn repeated(profile: &Profile, kind: Kind) -> impl Iterator<Item = u64> {
    profile.features(kind).iter().filter(|(_, slots)| *slots >= LEAST_REPEATS).map(|&(fingerprint, _)| fingerprint)
}

impl Counts {
    fn new(mut held: Vec<u64>) -> Self {
        held.sort_unstable();
        Self(held.chunk_by(|a, b| a == b).filter_map(|chunk| Some((*chunk.first()?, chunk.len()))).collect())
    }

    fn of(&self, fingerprint: u64) -> usize {
        let at = self.0.partition_point(|held| held.0 < fingerprint);
        self.0.get(at).filter(|held| held.0 == fingerprint).map_or(0, |held| held.1)
    }
}
