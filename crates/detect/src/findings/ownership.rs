//! Who owns how much of whom on a day, through others too.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{Day, Indirect, Share, Stake, Threshold, compared_name};

use crate::index::{Per, Place, place};
use crate::report::{OwnershipChain, OwnershipStep};

/// The whole, in the units of the arithmetic: 10^18 parts hold six stakes of whole per cents without rounding.
const ONE: u128 = 1_000_000_000_000_000_000;
const MILLIONTH: u128 = ONE / 1_000_000;
/// What a round may change before another one is made.
const UNCHANGED: u128 = ONE / 1_000_000_000;
/// Rounds until stakes in a circle have settled; where they have not, too little is counted, never too much.
const MOST_ROUNDS: usize = 1_000;
/// Chains that are told.
const MOST_CHAINS: usize = 5;
const LONGEST_CHAIN: usize = 32;
/// Stakes that are followed in search of them.
const MOST_BEGUN: usize = 2_000;

place! {
    /// The place of a name in the policy: an owner, an entity, or both.
    Party
}

place! {
    /// The place of a stake in the policy.
    StakeIndex
}

/// All stakes of a policy.
pub(crate) struct Ownership {
    stakes: Per<StakeIndex, Holder>,
    names: BTreeMap<String, Party>,
    /// Stakes in each entity.
    into: Per<Party, Vec<StakeIndex>>,
    /// Days on which some stake begins or ends, ascending.
    changes: Vec<Day>,
}

/// A stake, by the numbers of the names in it.
struct Holder {
    stake: Stake,
    owner: Party,
    entity: Party,
}

/// A rule about owners, by the numbers of their names.
pub(crate) struct Owners {
    listed: BTreeSet<String>,
    named: Per<Party, bool>,
    threshold: Threshold,
    indirect: Indirect,
}

/// What the restricted owners hold of every entity on the days between two changes.
pub(crate) struct Holding {
    held: Per<Party, u128>,
    /// The same if they held all that the policy does not describe.
    possible: Per<Party, u128>,
    /// Whether the entity counts as a restricted owner in chains.
    passes_on: Per<Party, bool>,
}

/// What a rule says of an owner.
#[derive(Clone)]
pub(crate) enum Standing {
    /// Restricted: as one of the owners themselves where there are no chains.
    Restricted(Share, Vec<OwnershipChain>),
    /// Too little is known of who owns it.
    Unknown,
    Other,
}

impl Ownership {
    pub(crate) fn new(stakes: Vec<Stake>) -> Self {
        let mut names: BTreeMap<String, Party> = BTreeMap::new();
        let mut number = |name: &str| {
            let next = Party::new(names.len());
            *names.entry(compared_name(name)).or_insert(next)
        };
        let mut changes: Vec<Day> =
            stakes.iter().flat_map(|stake| [Some(stake.since), stake.until]).flatten().collect();
        changes.sort_unstable();
        changes.dedup();
        let stakes: Per<StakeIndex, Holder> = stakes
            .into_iter()
            .map(|stake| {
                let (owner, entity) = (number(&stake.owner), number(&stake.entity));
                Holder { stake, owner, entity }
            })
            .collect();
        let mut into = Per::filled(Vec::new(), names.len());
        for (at, held) in stakes.iter() {
            into.of_mut(held.entity).push(at);
        }
        Self { stakes, names, into, changes }
    }

    pub(crate) fn owners(&self, owners: &[String], threshold: Threshold, indirect: Indirect) -> Owners {
        let listed: BTreeSet<String> = owners.iter().map(|owner| compared_name(owner)).collect();
        let mut named = Per::filled(false, self.names.len());
        for &party in listed.iter().filter_map(|owner| self.names.get(owner)) {
            *named.of_mut(party) = true;
        }
        Owners { listed, named, threshold, indirect }
    }

    /// Numbers the times between changes: all stakes are the same on days with the same number.
    pub(crate) fn period(&self, day: Day) -> usize {
        self.changes.partition_point(|change| *change <= day)
    }

    /// What the owners hold on a day.
    pub(crate) fn holding(&self, owners: &Owners, day: Day) -> Holding {
        let current: Vec<&Holder> = self.stakes.values().iter().filter(|held| held.stake.holds(day)).collect();
        let mut described: Per<Party, u128> = Per::filled(0, self.names.len());
        for held in &current {
            *described.of_mut(held.entity) += parts(held.stake.share);
        }
        // An owner of whom no stakes are ever listed is taken for its own master.
        let missing: Per<Party, u128> = described
            .values()
            .iter()
            .zip(self.into.values())
            .map(|(held, into)| if into.is_empty() { 0 } else { ONE.saturating_sub(*held) })
            .collect();
        let nothing = Per::filled(0, self.names.len());
        let (held, passes_on) = settle(owners, &current, &nothing);
        let (possible, _) = settle(owners, &current, &missing);
        Holding { held, possible, passes_on }
    }

    /// What a rule says of an owner, whose name is given as names are compared.
    pub(crate) fn standing(&self, owners: &Owners, holding: &Holding, name: &str, day: Day) -> Standing {
        if owners.listed.contains(name) {
            return Standing::Restricted(Share::WHOLE, Vec::new());
        }
        let Some(&entity) = self.names.get(name) else {
            return Standing::Unknown;
        };
        let held = share(*holding.held.of(entity));
        if owners.threshold.is_met(held) {
            return Standing::Restricted(held, self.chains(owners, holding, entity, day));
        }
        let possible = share(*holding.possible.of(entity));
        if owners.threshold.is_met(possible) { Standing::Unknown } else { Standing::Other }
    }

    /// Some chains from a restricted owner down to an entity, through the greatest stakes first; in none of them does
    /// anybody stand twice.
    fn chains(&self, owners: &Owners, holding: &Holding, entity: Party, day: Day) -> Vec<OwnershipChain> {
        let (mut chains, mut begun) = (Vec::new(), 0);
        let mut open = vec![Upward { share: ONE, top: entity, stakes: Vec::new() }];
        while let Some(way) = open.pop() {
            if *owners.named.of(way.top) {
                chains.push(self.told(owners, &way));
                if chains.len() == MOST_CHAINS {
                    break;
                }
                continue;
            }
            let mut further = Vec::new();
            for &at in self.into.of(way.top) {
                let Holder { stake, owner, .. } = self.stakes.of(at);
                let again = *owner == entity || way.stakes.iter().any(|&held| self.stakes.of(held).owner == *owner);
                if again || !stake.holds(day) || !*holding.passes_on.of(*owner) {
                    continue;
                }
                let of_owner = if *owners.named.of(*owner) { ONE } else { *holding.held.of(*owner) };
                further.push((times(of_owner, stake.share), at, *owner));
            }
            begun += further.len();
            if begun > MOST_BEGUN || way.stakes.len() == LONGEST_CHAIN {
                continue;
            }
            // What is pushed last is looked at first.
            further.sort_unstable();
            open.extend(further.into_iter().map(|(_, at, owner)| {
                let stakes = way.stakes.iter().copied().chain([at]).collect();
                Upward { share: times(way.share, self.stakes.of(at).stake.share), top: owner, stakes }
            }));
        }
        chains.sort_by(|a: &OwnershipChain, b| b.share_percent.total_cmp(&a.share_percent));
        chains
    }

    fn told(&self, owners: &Owners, way: &Upward) -> OwnershipChain {
        let steps: Vec<OwnershipStep> = way
            .stakes
            .iter()
            .rev()
            .map(|&at| &self.stakes.of(at).stake)
            .map(|stake| OwnershipStep {
                owner: stake.owner.clone(),
                entity: stake.entity.clone(),
                share_percent: stake.share.percent(),
                since: stake.since.to_string(),
                source: stake.source.clone(),
            })
            .collect();
        let share_percent = match owners.indirect {
            Indirect::Multiplied => share(way.share).percent(),
            Indirect::Controlled => steps.last().map_or(100.0, |step| step.share_percent),
        };
        OwnershipChain { share_percent, steps }
    }
}

/// The least shares that agree with all stakes, found from nothing upwards; with stakes in a circle, each round adds
/// what went round once more.
fn settle(owners: &Owners, current: &[&Holder], base: &Per<Party, u128>) -> (Per<Party, u128>, Per<Party, bool>) {
    let mut held = base.clone();
    let mut passes_on = owners.named.clone();
    for _ in 0..MOST_ROUNDS {
        let mut next = base.clone();
        for Holder { stake, owner, entity } in current {
            let of_owner = match owners.indirect {
                _ if *owners.named.of(*owner) => ONE,
                Indirect::Multiplied => *held.of(*owner),
                Indirect::Controlled => u128::from(*passes_on.of(*owner)) * ONE,
            };
            let sum = next.of_mut(*entity);
            *sum = (*sum + times(of_owner, stake.share)).min(ONE);
        }
        let settled = next.values().iter().zip(held.values()).all(|(new, old)| new.abs_diff(*old) <= UNCHANGED);
        held = next;
        let before = passes_on.clone();
        for (entity, passes) in passes_on.iter_mut() {
            *passes |= match owners.indirect {
                Indirect::Multiplied => *held.of(entity) > 0,
                Indirect::Controlled => owners.threshold.is_met(share(*held.of(entity))),
            };
        }
        if settled && before == passes_on {
            break;
        }
    }
    (held, passes_on)
}

/// A way from an entity up to some owner of it.
struct Upward {
    share: u128,
    top: Party,
    stakes: Vec<StakeIndex>,
}

fn times(parts: u128, share: Share) -> u128 {
    parts * u128::from(share.millionths()) / 1_000_000
}

fn parts(share: Share) -> u128 {
    u128::from(share.millionths()) * MILLIONTH
}

/// Rounded to the precision in which shares are written.
fn share(parts: u128) -> Share {
    #[expect(clippy::cast_possible_truncation, reason = "no more than the whole, which has a million of them")]
    let millionths = ((parts + MILLIONTH / 2) / MILLIONTH) as u64;
    Share::from_millionths(millionths)
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Day, Indirect, Share, Stake, Threshold, compared_name};

    use super::{Ownership, Standing};

    fn stake(owner: &str, entity: &str, percent: f64) -> Stake {
        Stake {
            owner: owner.into(),
            entity: entity.into(),
            share: Share::from_percent(percent).unwrap(),
            since: Day(0),
            until: None,
            source: "register".into(),
        }
    }

    fn half() -> Threshold {
        Threshold::AtLeast(Share::from_percent(50.0).unwrap())
    }

    fn judge(stakes: Vec<Stake>, indirect: Indirect, name: &str, day: i32) -> Standing {
        let ownership = Ownership::new(stakes);
        let listed = ["Group".to_owned()];
        let owners = ownership.owners(&listed, half(), indirect);
        let holding = ownership.holding(&owners, Day(day));
        ownership.standing(&owners, &holding, &compared_name(name), Day(day))
    }

    fn millionths(stakes: Vec<Stake>, name: &str) -> Option<(u64, usize)> {
        match judge(stakes, Indirect::Multiplied, name, 1) {
            Standing::Restricted(share, chains) => Some((share.millionths(), chains.len())),
            _ => None,
        }
    }

    #[test]
    fn shares_multiply_along_a_chain_and_add_up_over_chains() {
        let two = vec![
            stake("Group", "East", 60.0),
            stake("Group", "West", 80.0),
            stake("East", "Labs", 40.0),
            stake("West", "Labs", 50.0),
        ];
        assert_eq!(millionths(two, "labs"), Some((640_000, 2)));
        let one = vec![stake("Group", "East", 70.0), stake("East", "Labs", 70.0), stake("Other", "Labs", 30.0)];
        assert_eq!(millionths(one, "Labs"), None);
        assert_eq!(
            millionths(vec![stake("Group", "East", 100.0), stake("East", "Labs", 50.0)], "Labs"),
            Some((500_000, 1))
        );
    }

    #[test]
    fn the_owner_itself_needs_no_chain() {
        assert_eq!(millionths(vec![], " GROUP "), Some((1_000_000, 0)));
    }

    #[test]
    fn control_passes_on_in_full_where_the_rule_says_so() {
        let chain = || vec![stake("Group", "East", 50.0), stake("East", "Labs", 50.0), stake("X", "Labs", 50.0)];
        assert!(matches!(judge(chain(), Indirect::Multiplied, "Labs", 1), Standing::Unknown));
        let Standing::Restricted(share, chains) = judge(chain(), Indirect::Controlled, "Labs", 1) else {
            panic!("not restricted");
        };
        assert_eq!((share.percent(), chains.len(), chains[0].steps.len()), (50.0, 1, 2));
    }

    /// East and West hold half of each other. Of East, Group holds 40 % and, through the circle, a quarter of that again
    /// and again: 40 / (1 − 0.25) %.
    #[test]
    fn circles_settle() {
        let circle =
            |group| vec![stake("Group", "East", group), stake("West", "East", 50.0), stake("East", "West", 50.0)];
        assert_eq!(millionths(circle(40.0), "East").unwrap().0, 533_333);
        assert_eq!(millionths(circle(37.5), "East").unwrap().0, 500_000);
        let closed = vec![stake("East", "West", 100.0), stake("West", "East", 100.0)];
        assert!(matches!(judge(closed, Indirect::Multiplied, "East", 1), Standing::Other));
        let nearly = vec![stake("East", "West", 99.99), stake("West", "East", 99.99), stake("Group", "East", 0.01)];
        judge(nearly, Indirect::Multiplied, "East", 1);
    }

    #[test]
    fn what_is_not_described_is_unknown_and_not_restricted() {
        let known = |rest| vec![stake("Group", "Labs", 30.0), stake("Founders", "Labs", rest)];
        assert!(matches!(judge(known(30.0), Indirect::Multiplied, "Labs", 1), Standing::Unknown));
        assert!(matches!(judge(known(60.0), Indirect::Multiplied, "Labs", 1), Standing::Other));
        assert!(matches!(judge(known(60.0), Indirect::Multiplied, "Founders", 1), Standing::Other));
        assert!(matches!(judge(known(60.0), Indirect::Multiplied, "Nobody knows", 1), Standing::Unknown));
    }

    #[test]
    fn stakes_count_on_their_days() {
        let sold = || {
            vec![
                Stake { until: Some(Day(10)), ..stake("Group", "Labs", 60.0) },
                Stake { since: Day(10), ..stake("Founders", "Labs", 60.0) },
            ]
        };
        assert!(matches!(judge(sold(), Indirect::Multiplied, "Labs", 9), Standing::Restricted(..)));
        assert!(matches!(judge(sold(), Indirect::Multiplied, "Labs", 10), Standing::Other));
        assert!(matches!(judge(sold(), Indirect::Multiplied, "Labs", -1), Standing::Unknown));
    }

    /// Ten layers of ten entities that own a tenth of each of the next: ten thousand million chains.
    #[test]
    fn many_chains_take_no_time() {
        let mut stakes = Vec::new();
        for (layer, from, to) in (0..10).flat_map(|l| (0..10).flat_map(move |f| (0..10).map(move |t| (l, f, t)))) {
            stakes.push(stake(&format!("{layer}-{from}"), &format!("{}-{to}", layer + 1), 10.0));
        }
        stakes.extend((0..10).map(|first| stake("Group", &format!("0-{first}"), 90.0)));
        let (share, chains) = millionths(stakes, "10-3").unwrap();
        assert_eq!(share, 900_000);
        assert_eq!(chains, 5);
    }
}
