//! Stakes that contradict each other.

use std::collections::BTreeMap;

use stillwatch_core::{Day, Share, Stake, compared_name};

use crate::mistake::{Mistake, shown};

/// Of one owner in one entity there is one stake at a time.
pub(super) fn overlaps(stakes: &[(Stake, usize)]) -> Result<(), Mistake> {
    let mut by_pair: BTreeMap<(String, String), Vec<&(Stake, usize)>> = BTreeMap::new();
    for held in stakes {
        by_pair.entry((compared_name(&held.0.owner), compared_name(&held.0.entity))).or_default().push(held);
    }
    for held in by_pair.values_mut() {
        held.sort_by_key(|(stake, at)| (stake.since, *at));
        for pair in held.windows(2) {
            let ((earlier, _), (later, at)) = (pair[0], pair[1]);
            if earlier.until.is_none_or(|until| later.since < until) {
                return Err(Mistake::new(
                    *at,
                    format!("two stakes of {} in {} overlap in time", shown(&later.owner), shown(&later.entity)),
                    "end the earlier one with `until` on the day on which the later one begins",
                ));
            }
        }
    }
    Ok(())
}

/// At no time are more than 100 % of an entity held.
pub(super) fn sums(stakes: &[(Stake, usize)]) -> Result<(), Mistake> {
    let mut by_entity: BTreeMap<String, Vec<(Day, bool, u64, usize)>> = BTreeMap::new();
    for (stake, at) in stakes {
        let changes = by_entity.entry(compared_name(&stake.entity)).or_default();
        changes.push((stake.since, true, stake.share.millionths(), *at));
        changes.extend(stake.until.map(|until| (until, false, stake.share.millionths(), *at)));
    }
    for (entity, changes) in &mut by_entity {
        // On one day, what ends goes before what begins.
        changes.sort_unstable();
        let mut sum = 0;
        for (_, begins, share, at) in changes.iter() {
            if !begins {
                sum -= share;
                continue;
            }
            sum += share;
            if sum > Share::WHOLE.millionths() {
                #[expect(clippy::cast_precision_loss, reason = "a few hundred millions at most")]
                let percent = sum as f64 / 10_000.0;
                return Err(Mistake::new(
                    *at,
                    format!("with this stake {percent} % of {} are held at one time", shown(entity)),
                    "the shares in an entity add up to 100 % at most; end stakes that were sold with `until`",
                ));
            }
        }
    }
    Ok(())
}
