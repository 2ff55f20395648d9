//! Accounts that act in concert, whatever they say: sought by time, where wording and infrastructure give nothing.
//!
//! Two accounts that meet in the same minutes more often than their half-hours explain are linked, and communities of
//! such links are candidates. Whatever is sought in noise is found, so the days are divided: the even ones choose the
//! candidates, the odd ones test them. Only what holds on the odd days is then completed from all of them.

use std::cmp::Reverse;

use stillwatch_core::{Cancelled, Tier, count, float, poisson_upper_tail};

use crate::account::{AccountIndex, AccountSet, PerAccount};
use crate::coverage::too_busy_to_seek;
use crate::parameters::{
    CHANCE_NATS, CONCERT_DENSITY, LEAST_ACCOUNTS, LEAST_MEETINGS, LEAST_REPEATS, MEETING_FLOOR, MEMBER_LEVEL,
    MOST_LINKS, MOST_MEETINGS, STRANGERS,
};
use crate::seek::choice::{Choice, Choices};
use crate::seek::community::communities;
use crate::seek::graph::Graph;
use crate::seek::way::{Candidate, Finish, Part, Way};
use crate::signal::timing::Activity;
use crate::work::Work;

pub(super) static WAY: Way = Way {
    name: "minutes of activity",
    chosen_by: Choices::of(&[Choice::EvenDays]),
    level: None,
    confirmed_by: Some(|tested| tested.synchrony()),
    most: Tier::Review,
    is_declared: false,
    finish: Finish::Meetings,
    seek: |scene| Ok(Concert::new(scene.even_days, scene.work)?.map(Concert::candidates)),
    unsought: Some(too_busy_to_seek),
};

/// Accounts linked by meetings, with the minutes in which they meet.
pub(crate) struct Concert<'a> {
    activity: &'a Activity,
    groups: Vec<AccountSet>,
}

impl<'a> Concert<'a> {
    /// Nothing where so many accounts are active in each minute that everybody meets everybody.
    pub(crate) fn new(activity: &'a Activity, work: Work<'_>) -> Result<Option<Self>, Cancelled> {
        let Some(graph) = meetings(activity, work)? else { return Ok(None) };
        let mut groups = communities(&graph, CONCERT_DENSITY, work)?;
        groups.retain(|group| group.len() >= LEAST_ACCOUNTS);
        Ok(Some(Self { activity, groups }))
    }

    fn candidates(self) -> Vec<Candidate> {
        let candidate =
            |accounts| Candidate { accounts, way: &WAY, part: Part::Whole, chosen_by: WAY.chosen_by, keys: Vec::new() };
        self.groups.into_iter().map(candidate).collect()
    }

    /// The group that holds most of these accounts, with those who come to its meetings more often than chance explains;
    /// nothing where the accounts are not together in one.
    pub(crate) fn complete(&self, core: &AccountSet) -> Option<AccountSet> {
        let group = self.groups.iter().max_by_key(|group| (group.overlap(core), Reverse(group.len())))?;
        if 2 * group.overlap(core) <= core.len() {
            return None;
        }
        // A stranger who was there by chance met all who were there: whoever does not come again and again is left out.
        let mut accounts = group.clone();
        for _ in 0..PURGES {
            let stays = |&account: &AccountIndex| {
                let others = accounts.iter().filter(|other| *other != account);
                self.attends(account, &self.meetings(others), MEMBER_LEVEL)
            };
            let staying: AccountSet = accounts.iter().filter(stays).collect();
            if staying.len() == accounts.len() {
                break;
            }
            accounts = staying;
        }
        let strangers = STRANGERS * float(accounts.len()) / float(self.activity.len().max(1));
        let meetings = self.meetings(accounts.iter());
        let joining = self.activity.accounts().filter(|&account| !accounts.contains(account));
        let joining: AccountSet = joining.filter(|&account| self.attends(account, &meetings, strangers)).collect();
        let accounts = accounts.union(&joining);
        (accounts.len() >= LEAST_ACCOUNTS).then_some(accounts)
    }

    /// Whether an account comes to meetings more often than its half-hours explain, at this level.
    fn attends(&self, account: AccountIndex, meetings: &[u32], level: f64) -> bool {
        let (came, expected) = self.activity.attendance(account, meetings);
        came >= u64::from(LEAST_MEETINGS) && poisson_upper_tail(came, expected) <= level
    }

    /// The minutes in which several of these accounts are active.
    fn meetings(&self, accounts: impl Iterator<Item = AccountIndex>) -> Vec<u32> {
        let mut present: Vec<u32> = accounts.flat_map(|account| self.activity.minutes_of(account)).collect();
        present.sort_unstable();
        let several = |chunk: &&[u32]| chunk.len() >= LEAST_REPEATS as usize;
        present.chunk_by(|a, b| a == b).filter(several).filter_map(|chunk| chunk.first().copied()).collect()
    }
}

/// Times that those who do not attend are left out.
const PURGES: usize = 3;
const MILLION: f64 = 1_000_000.0;

/// Links between accounts that meet at least twice: how much better their own rate of meeting explains the meetings than
/// chance, in millionths of a nat (the logarithm of the ratio of Poisson likelihoods), less what the best of chance gives
/// one pair in twelve: otherwise the noise of accounts that meet often would add up.
fn meetings(activity: &Activity, work: Work<'_>) -> Result<Option<Graph>, Cancelled> {
    let mut present: Vec<(u32, AccountIndex)> = Vec::new();
    for account in activity.accounts() {
        present.extend(activity.minutes_of(account).map(|minute| (minute, account)));
    }
    present.sort_unstable();
    // Per account, where in the list it is present.
    let mut places: PerAccount<Vec<usize>> = PerAccount::filled(Vec::new(), activity.len());
    for (place, &(_, account)) in present.iter().enumerate() {
        places.of_mut(account).push(place);
    }
    let in_a_minute = present.chunk_by(|a, b| a.0 == b.0).map(|chunk| count(chunk.len()));
    let pairs: u64 = in_a_minute.map(|present| present * (present - 1) / 2).sum();
    if pairs > MOST_MEETINGS {
        return Ok(None);
    }
    let mut edges = Vec::new();
    let mut meetings: PerAccount<u32> = PerAccount::filled(0, activity.len());
    let mut met: Vec<AccountIndex> = Vec::new();
    for (account, places) in places.iter() {
        work.check()?;
        for (&(minute, _), behind) in places.iter().filter_map(|&place| present.get(place..)?.split_first()) {
            for &(_, other) in behind.iter().take_while(|behind| behind.0 == minute) {
                let times = meetings.of_mut(other);
                if *times == 0 {
                    met.push(other);
                }
                *times += 1;
            }
        }
        for other in met.drain(..) {
            let times = std::mem::take(meetings.of_mut(other));
            if times >= LEAST_MEETINGS {
                let expected = activity.expected_meetings(account, other).max(MEETING_FLOOR);
                let times = f64::from(times);
                let better = times * (times / expected).ln() - (times - expected) - CHANCE_NATS;
                if times > expected && better > 0.0 {
                    if edges.len() == MOST_LINKS {
                        return Ok(None);
                    }
                    edges.push((account, other, millionths(better)));
                }
            }
        }
    }
    Ok(Some(Graph::new(activity.len(), edges)))
}

fn millionths(nats: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float to integer casts saturate")]
    let scaled = (nats * MILLION).round() as u64;
    scaled
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Cancel, Random, Silent};

    use super::Concert;
    use crate::account::{AccountIndex, AccountSet};
    use crate::index::Place;
    use crate::signal::timing::Activity;
    use crate::work::Work;

    const DAY: u16 = 1_440;

    /// Three hundred accounts with twelve minutes of their own a day; the first eight also act in two common minutes a day.
    fn minutes(account: u32) -> Vec<i32> {
        let minute = |random: &mut Random| i32::try_from(random.below(DAY.into())).unwrap();
        let mut all = Vec::new();
        for day in 0..20_u16 {
            let stream = u64::from(day);
            let (mut own, mut common) = (Random::new(account.into(), stream), Random::new(u64::MAX, stream));
            let midnight = i32::from(day) * i32::from(DAY);
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
        let cancel = Cancel::default();
        let concert = Concert::new(&activity, Work::new(&cancel, &Silent)).unwrap().unwrap();
        let found = concert.complete(&AccountSet::from([0, 1, 2, 3])).unwrap_or_default();
        // Of accounts that are active in every half-hour, some meet by chance.
        assert!((0..8).map(AccountIndex::new).all(|account| found.contains(account)) && found.len() < 24, "{found:?}");
        assert_eq!(concert.complete(&AccountSet::from([20, 21, 22, 23])), None);
    }
}
