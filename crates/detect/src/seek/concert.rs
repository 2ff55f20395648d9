//! Accounts that act in concert, whatever they say: sought by time, where wording and infrastructure give nothing.
//!
//! Two accounts that meet in the same minutes more often than their half-hours explain are linked, and communities of
//! such links are candidates. Whatever is sought in noise is found, so the days are divided: the even ones choose the
//! candidates, the odd ones test them. Only what holds on the odd days is then completed from all of them.

use stillwatch_core::poisson_upper_tail;

use crate::parameters::{
    CHANCE_NATS, CONCERT_DENSITY, LEAST_ACCOUNTS, LEAST_MEETINGS, LEAST_REPEATS, MEETING_FLOOR, MEMBER_LEVEL,
    MOST_LINKS, MOST_MEETINGS, STRANGERS,
};
use crate::seek::candidate::{Candidate, Origin, overlap};
use crate::seek::community::communities;
use crate::seek::graph::Graph;
use crate::signal::timing::Activity;

/// Accounts linked by meetings, with the minutes in which they meet.
pub(crate) struct Concert<'a> {
    activity: &'a Activity,
    groups: Vec<Vec<u32>>,
}

impl<'a> Concert<'a> {
    /// Nothing where so many accounts are active in each minute that everybody meets everybody.
    pub(crate) fn new(activity: &'a Activity) -> Option<Self> {
        let graph = meetings(activity)?;
        let mut groups = communities(&graph, CONCERT_DENSITY);
        groups.retain(|group| group.len() >= LEAST_ACCOUNTS);
        Some(Self { activity, groups })
    }

    pub(crate) fn candidates(self) -> Vec<Candidate> {
        self.groups.into_iter().map(|accounts| Candidate { accounts, origin: Origin::Concert }).collect()
    }

    /// The group that holds most of these accounts, with those who come to its meetings more often than chance explains;
    /// nothing where the accounts are not together in one.
    pub(crate) fn complete(&self, core: &[u32]) -> Option<Vec<u32>> {
        let group = self.groups.iter().max_by_key(|group| (overlap(group, core), std::cmp::Reverse(group.len())))?;
        if 2 * overlap(group, core) <= core.len() {
            return None;
        }
        // A stranger who was there by chance met all who were there: whoever does not come again and again is left out.
        let (mut accounts, everyone) = (group.clone(), u32::try_from(self.activity.accounts()).unwrap_or(0));
        for _ in 0..PURGES {
            let stays = |account: &u32| {
                let others: Vec<u32> = accounts.iter().copied().filter(|other| other != account).collect();
                self.attends(*account, &self.meetings(&others), MEMBER_LEVEL)
            };
            let staying: Vec<u32> = accounts.iter().copied().filter(stays).collect();
            if staying.len() == accounts.len() {
                break;
            }
            accounts = staying;
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let strangers = STRANGERS * accounts.len() as f64 / f64::from(everyone.max(1));
        let meetings = self.meetings(&accounts);
        let outside = |account: &u32| accounts.binary_search(account).is_err();
        let joining: Vec<u32> =
            (0..everyone).filter(outside).filter(|account| self.attends(*account, &meetings, strangers)).collect();
        accounts.extend(joining);
        accounts.sort_unstable();
        (accounts.len() >= LEAST_ACCOUNTS).then_some(accounts)
    }

    /// Whether an account comes to meetings more often than its half-hours explain, at this level.
    fn attends(&self, account: u32, meetings: &[u32], level: f64) -> bool {
        let (came, expected) = self.activity.attendance(account, meetings);
        came >= u64::from(LEAST_MEETINGS) && poisson_upper_tail(came, expected) <= level
    }

    /// The minutes in which several of these accounts are active.
    fn meetings(&self, accounts: &[u32]) -> Vec<u32> {
        let mut present: Vec<u32> = accounts.iter().flat_map(|&account| self.activity.minutes_of(account)).collect();
        present.sort_unstable();
        let several = |chunk: &&[u32]| chunk.len() >= LEAST_REPEATS as usize;
        present.chunk_by(|a, b| a == b).filter(several).map(|chunk| chunk[0]).collect()
    }
}

/// Times that those who do not attend are left out.
const PURGES: usize = 3;
const MILLION: f64 = 1_000_000.0;

/// Links between accounts that meet at least twice: how much better their own rate of meeting explains the meetings than
/// chance, in millionths of a nat (the logarithm of the ratio of Poisson likelihoods), less what the best of chance gives
/// one pair in twelve: otherwise the noise of accounts that meet often would add up.
fn meetings(activity: &Activity) -> Option<Graph> {
    let accounts = activity.accounts();
    let mut present: Vec<(u32, u32)> = Vec::new();
    for account in 0..u32::try_from(accounts).unwrap_or(0) {
        present.extend(activity.minutes_of(account).map(|minute| (minute, account)));
    }
    present.sort_unstable();
    // Per account, where in the list it is present.
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); accounts];
    let mut ends: Vec<u32> = Vec::with_capacity(present.len());
    let (mut at, mut pairs) = (0_u64, 0_u64);
    for chunk in present.chunk_by(|a, b| a.0 == b.0) {
        let count = chunk.len() as u64;
        pairs += count * (count - 1) / 2;
        for (place, &(_, account)) in (at..).zip(chunk) {
            places[account as usize].push(u32::try_from(place).unwrap_or(u32::MAX));
            ends.push(u32::try_from(at + count).unwrap_or(u32::MAX));
        }
        at += count;
    }
    if pairs > MOST_MEETINGS {
        return None;
    }
    let mut edges = Vec::new();
    let mut counts = vec![0_u32; accounts];
    let mut met: Vec<u32> = Vec::new();
    for (account, places) in (0_u32..).zip(&places) {
        for &place in places {
            for &(_, other) in &present[place as usize + 1..ends[place as usize] as usize] {
                if counts[other as usize] == 0 {
                    met.push(other);
                }
                counts[other as usize] += 1;
            }
        }
        for other in met.drain(..) {
            let count = std::mem::take(&mut counts[other as usize]);
            if count >= LEAST_MEETINGS {
                let expected = activity.expected_meetings(account, other).max(MEETING_FLOOR);
                let count = f64::from(count);
                let better = count * (count / expected).ln() - (count - expected) - CHANCE_NATS;
                if count > expected && better > 0.0 {
                    if edges.len() == MOST_LINKS {
                        return None;
                    }
                    edges.push((account, other, millionths(better)));
                }
            }
        }
    }
    Some(Graph::new(accounts, edges))
}

fn millionths(nats: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to integer casts saturate")]
    let scaled = (nats * MILLION).round() as u64;
    scaled
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Random;

    use super::Concert;
    use crate::signal::timing::Activity;

    const DAY: usize = 1_440;

    /// Three hundred accounts with twelve minutes of their own a day; the first eight also act in two common minutes a day.
    fn minutes(account: u32) -> Vec<i32> {
        let minute = |random: &mut Random| i32::try_from(random.below(DAY)).unwrap_or(0);
        let mut all = Vec::new();
        for day in 0..20 {
            let (mut own, mut common) = (Random::new(u64::from(account), day), Random::new(u64::MAX, day));
            let midnight = i32::try_from(day).unwrap_or(0) * i32::try_from(DAY).unwrap_or(0);
            all.extend((0..12).map(|_| midnight + minute(&mut own)));
            all.extend((0..2).map(|_| midnight + minute(&mut common)).filter(|_| account < 8));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    #[test]
    fn those_who_meet_are_found_by_time_alone() {
        let lists: Vec<Vec<i32>> = (0..300).map(minutes).collect();
        let activity = Activity::of_minutes(&lists.iter().map(Vec::as_slice), false);
        let concert = Concert::new(&activity).unwrap();
        let found = concert.complete(&[0, 1, 2, 3]).unwrap_or_default();
        // Of accounts that are active in every half-hour, some meet by chance.
        assert!((0..8).all(|account| found.contains(&account)) && found.len() < 24, "{found:?}");
        assert_eq!(concert.complete(&[20, 21, 22, 23]), None);
    }
}
