//! Accounts that take the place of closed ones.
//!
//! A ban ends accounts, not the work that they did. Its successor says the same, or pays or connects alike, and comes in
//! the days after. How many come then is compared with how many accounts of everybody else came in the same days, so that
//! a busy week is no evidence.

use std::collections::BTreeMap;

use stillwatch_core::{Micros, SECONDS_PER_DAY, count, float, poisson_upper_tail};

use crate::account::{AccountIndex, AccountSet, OwnerIndex};
use crate::judge::setting::Setting;
use crate::parameters::{ACT_LEVEL, LEAST_ACCOUNTS, MOST_MEMBERS, SUCCESSION_DAYS, SUCCESSION_SIMILARITY};
use crate::profile::Profile;
use crate::seek::graph::Graph;
use crate::signal::channel::Scratch;

/// Who took whose place.
pub(crate) struct Succession {
    /// Closed accounts with the members that followed each.
    pub(crate) followed: BTreeMap<AccountIndex, Vec<AccountIndex>>,
    /// Members that came within days after such a closing.
    pub(crate) came: usize,
    /// As many as would have come at the rate of all other accounts that arrived in this time.
    pub(crate) expected: f64,
    /// Probability of so many, times the number of candidates.
    pub(crate) p: f64,
    /// Members that are not closed themselves.
    pub(crate) open: usize,
}

impl Succession {
    /// Nothing where no account that belongs with the members was closed.
    pub(crate) fn new(setting: &Setting<'_>, content: &Graph, members: &AccountSet) -> Option<Self> {
        let population = setting.population;
        let mut scratch = Scratch::default();
        let mut closed: Vec<(i64, AccountIndex)> = Vec::new();
        for (at, profile) in population.iter() {
            if let Some(moment) = closing(profile)
                && (members.contains(at) || belongs(setting, content, at, members, &mut scratch))
            {
                closed.push((moment, at));
            }
        }
        if closed.is_empty() {
            return None;
        }
        closed.sort_unstable();
        let window = SUCCESSION_DAYS * SECONDS_PER_DAY;
        let beginning = population.profiles().iter().map(|profile| profile.first.seconds()).min().unwrap_or(0);
        // A customer that moves to a new account of its own is nobody's successor.
        let before = |moment: i64, owner: OwnerIndex| {
            let end = closed.partition_point(|(closing, _)| *closing < moment);
            let earlier = closed.iter().rev().skip(closed.len() - end);
            let recent = earlier.take_while(move |(closing, _)| moment - closing <= window);
            recent.filter(move |(_, one)| setting.owners.of(*one) != owner)
        };
        let mut followed: BTreeMap<AccountIndex, Vec<AccountIndex>> = BTreeMap::new();
        let (mut came, mut arrived, mut open, mut others, mut others_came) = (0, 0_u64, 0, 0_u64, 0_u64);
        for (at, profile) in population.iter() {
            let owner = setting.owners.of(at);
            let moment = arrival(profile, beginning);
            let follows = moment.is_some_and(|moment| before(moment, owner).next().is_some());
            if !members.contains(at) {
                others += u64::from(moment.is_some());
                others_came += u64::from(follows);
                continue;
            }
            open += usize::from(closing(profile).is_none());
            arrived += u64::from(moment.is_some());
            came += usize::from(follows);
            for &(_, one) in moment.into_iter().flat_map(|moment| before(moment, owner)) {
                followed.entry(one).or_default().push(at);
            }
        }
        let expected = (float(others_came) + 1.0) / (float(others) + 1.0) * float(arrived);
        let p = (poisson_upper_tail(count(came), expected) * float(setting.sets)).min(1.0);
        Some(Self { followed, came, expected, p, open })
    }

    /// Whether they come after accounts that the service itself has closed: most of those whose places were taken.
    pub(crate) fn breaks_a_ban(&self, setting: &Setting<'_>) -> bool {
        let banned = self.followed.keys().filter(|&&closed| is_banned(setting.population.profile(closed))).count();
        self.is_succession() && 2 * banned > self.followed.len()
    }

    /// Whether most of the open members are followers, beyond what the days explain.
    pub(crate) fn is_succession(&self) -> bool {
        let most = float(self.came) >= MOST_MEMBERS * float(self.open.max(1));
        self.p <= ACT_LEVEL && self.came >= LEAST_ACCOUNTS && most && !self.followed.is_empty()
    }
}

/// When an account was closed, if its status says so and it was used before and not after.
pub(crate) fn closing(profile: &Profile) -> Option<i64> {
    let status = profile.account.status.as_deref()?.to_lowercase();
    let moment = profile.account.status_changed_at.map(Micros::seconds)?;
    let used_before = profile.first.seconds() < moment && profile.last.seconds() <= moment + SECONDS_PER_DAY;
    (CLOSED.iter().chain(&BANNED).any(|word| status.contains(word)) && used_before).then_some(moment)
}

/// What a status says of an account that was closed by its holder, perhaps.
const CLOSED: [&str; 3] = ["closed", "deactivat", "deleted"];

/// What it says of one that was closed by whoever runs the service.
const BANNED: [&str; 6] = ["banned", "suspend", "terminat", "disabled", "blocked", "revoked"];

/// Whether whoever runs the service has closed the account.
fn is_banned(profile: &Profile) -> bool {
    let status = profile.account.status.as_deref().unwrap_or_default().to_lowercase();
    BANNED.iter().any(|word| status.contains(word))
}

/// When an account appeared after the log's beginning: when it was opened, or when one that is older awoke. An old account
/// that takes over is no less a successor than a new one; one that was there from the first days is none.
fn arrival(profile: &Profile, beginning: i64) -> Option<i64> {
    let opened = profile.account.created_at.map(Micros::seconds).filter(|opened| *opened >= beginning);
    let awoke = Some(profile.first.seconds()).filter(|first| *first >= beginning + SUCCESSION_DAYS * SECONDS_PER_DAY);
    opened.or(awoke)
}

/// Whether an account outside says what members say, or pays or connects as one of them does.
fn belongs(
    setting: &Setting<'_>,
    content: &Graph,
    at: AccountIndex,
    members: &AccountSet,
    scratch: &mut Scratch,
) -> bool {
    let near = content.neighbours(at).iter().filter(|(other, _)| members.contains(*other));
    let near: u64 = near.map(|&(_, weight)| u64::from(weight)).sum();
    near >= SUCCESSION_SIMILARITY * count(members.len())
        || setting
            .holdings
            .iter()
            .filter(|holdings| holdings.channel.is_linked())
            .any(|holdings| holdings.holds_key_of(at, members, scratch))
}
