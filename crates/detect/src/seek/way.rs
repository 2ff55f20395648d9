//! What a way to seek is: how it finds sets, and what may be said of them because of that; and the sets that it finds.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use stillwatch_core::{Cancelled, Family, NotEvaluated, Random, Tier};

use crate::account::{AccountIndex, AccountSet, Owners};
use crate::null::{Test, Tested};
use crate::parameters::{LEAST_ACCOUNTS, MOST_TESTED, few};
use crate::population::Population;
use crate::seek::choice::Choices;
use crate::seek::densities::Communities;
use crate::signal::channel::Holdings;
use crate::signal::timing::Activity;
use crate::work::Work;

const SAMPLE_SEED: u64 = 0x511a;

/// Parts of a whole that are taken out of it.
const MOST_PARTS: usize = 4;

/// A way to seek sets of accounts. Its sets are tested together, against a null of their own.
pub(crate) struct Way {
    /// After "sought by".
    pub(crate) name: &'static str,
    /// What chose all of its sets, and is no evidence for them; each set may add to it.
    pub(crate) chosen_by: Choices,
    /// The family-wise error of the search itself, where it has one; otherwise only tests speak.
    pub(crate) level: Option<f64>,
    /// The test without which its sets are not taken to act as one; nothing where what chose them is enough.
    pub(crate) confirmed_by: Option<fn(&Tested) -> &Test>,
    /// The highest tier of its sets. The error of tier `act` is that of one search.
    pub(crate) most: Tier,
    /// Whether what chose its sets is true of each member, by the member's own declaration.
    pub(crate) is_declared: bool,
    /// How its sets are brought to their last form.
    pub(crate) finish: Finish,
    /// Its sets, in ascending order; nothing where this log cannot be searched so.
    pub(crate) seek: fn(&Scene<'_>) -> Result<Option<Vec<Candidate>>, Cancelled>,
    /// What to tell where it cannot.
    pub(crate) unsought: Option<fn() -> NotEvaluated>,
}

/// How a set is brought to its last form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Accounts that came in by a chance phrase are left out.
    Strays,
    /// It is completed by those who come to its meetings on all days, and loses those who do not.
    Meetings,
}

/// What is looked at to seek.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) population: &'a Population,
    pub(crate) owners: &'a Owners,
    pub(crate) communities: &'a Communities,
    pub(crate) holdings: &'a [Holdings],
    pub(crate) even_days: &'a Activity,
    /// Families that are left out.
    pub(crate) without: &'a [Family],
    pub(crate) work: Work<'a>,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Way {}

/// A set of accounts that was sought, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) accounts: AccountSet,
    pub(crate) way: &'static Way,
    pub(crate) part: Part,
    /// What chose it, and is not tested on it.
    pub(crate) chosen_by: Choices,
    /// The keys in which its accounts agree, as all who hold each; none where it was chosen otherwise.
    pub(crate) keys: Vec<Arc<AccountSet>>,
}

impl Candidate {
    /// Whether hardly any of these others holds what its accounts agree in: they have neither key in common with them.
    pub(crate) fn is_apart_from(&self, others: &AccountSet) -> bool {
        let rare = |key: &Arc<AccountSet>| key.overlap(others) <= few(others.len());
        !self.keys.is_empty() && self.keys.iter().all(rare)
    }

    /// The accounts that tests look at: of a very large set a sample, drawn without looking at anything they did, so that
    /// cost does not grow with its size. What such a set has in common shows in hundreds.
    pub(crate) fn sample(&self) -> Cow<'_, AccountSet> {
        if self.accounts.len() <= MOST_TESTED {
            return Cow::Borrowed(&self.accounts);
        }
        let draw = |account: AccountIndex| (Random::new(SAMPLE_SEED, account.stream()).next_u64(), account);
        let mut drawn: Vec<(u64, AccountIndex)> = self.accounts.iter().map(draw).collect();
        drawn.sort_unstable();
        Cow::Owned(drawn.into_iter().take(MOST_TESTED).map(|drawn| drawn.1).collect())
    }
}

/// Which part of a search gave a set. Of equal sets the first stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// A set as it was found.
    Whole,
    /// A community with the accounts that speak its idiom.
    Grown,
    /// What a set leaves when its largest parts are taken out.
    Rest,
}

/// What each of these wholes leaves when its largest parts among them are taken out.
pub(crate) fn rests(wholes: &[&Candidate], candidates: &[Candidate]) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = wholes
        .iter()
        .flat_map(|whole| {
            let rests = rests_of(&whole.accounts, wholes).into_iter();
            rests.map(|accounts| Candidate { accounts, part: Part::Rest, ..(*whole).clone() })
        })
        .collect();
    order(&mut all);
    all.retain(|rest| candidates.iter().all(|other| other.accounts != rest.accounts));
    all
}

/// Puts sets in ascending order, each once.
pub(super) fn order(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| a.accounts.cmp(&b.accounts).then(a.part.cmp(&b.part)));
    candidates.dedup_by(|later, earlier| later.accounts == earlier.accounts);
}

/// The whole without its largest part, without its second largest, and without both; at each resolution.
fn rests_of(whole: &AccountSet, candidates: &[&Candidate]) -> Vec<AccountSet> {
    let mut parts: Vec<&AccountSet> = candidates
        .iter()
        .map(|candidate| &candidate.accounts)
        .filter(|part| {
            part.len() < whole.len() && 5 * part.len() >= whole.len() && 2 * whole.overlap(part) > part.len()
        })
        .collect();
    parts.sort_by_key(|part| (Reverse(part.len()), part.first()));
    parts.truncate(MOST_PARTS);
    let mut rests: Vec<AccountSet> = parts.iter().map(|part| whole.difference(part)).collect();
    for (at, part) in parts.iter().enumerate() {
        let apart = parts.iter().skip(at + 1).filter(|other| part.overlap(other) == 0);
        rests.extend(apart.map(|other| whole.difference(part).difference(other)));
    }
    rests.retain(|rest| rest.len() >= LEAST_ACCOUNTS);
    rests
}
