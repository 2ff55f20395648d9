//! What is known of a candidate, and which candidates are told.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{Cancelled, Family, Tier, count, float, median};
use stillwatch_digest::Kind;

use crate::account::{AccountIndex, AccountSet, OwnerIndex};
use crate::judge::counterfactual::counterfactuals;
use crate::judge::hands::Hands;
use crate::judge::judgement::Judgement;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::succession::Succession;
use crate::judge::told::{Finding, Means};
use crate::null::{Cut, Null, Outcome, Tested};
use crate::parameters::{ACT_LEVEL, LEAST_ACCOUNTS, REVIEW_LEVEL, STRAY_SHARE};
use crate::seek::graph::Graph;
use crate::seek::way::{Candidate, Finish, Part, Way, rests};
use crate::signal::channel::{Channel, Scratch};
use crate::signal::wording::Wording;

/// Parts by which a candidate is cut to see whether it holds together, largest first.
const MOST_CUTS: usize = 4;

/// Of a set's accounts, the share that must have one program before those with another are taken for strays.
const ONE_PROGRAM: f64 = 0.7;

/// Candidates that were sought in one way, tested together.
pub(crate) struct Sought {
    pub(crate) way: &'static Way,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) outcome: Outcome,
}

/// A set that is going to be told, with its first verdict.
struct Told {
    set: Candidate,
    tier: Tier,
    q: f64,
    is_crowd: bool,
    /// The highest tier that its last form may have.
    most: Tier,
}

/// Weighs every candidate and tells those that hold, each account in one of them.
pub(crate) fn findings(
    setting: &Setting<'_>,
    null: &Null<'_>,
    means: &Means<'_>,
    sought: &[Sought],
) -> Result<Vec<Finding>, Cancelled> {
    let mut weighed: Vec<Finding> = Vec::new();
    let agreeing = || sought.iter().flat_map(|sought| sought.candidates.iter().zip(&sought.outcome.tested));
    let parts: Vec<&Candidate> = agreeing()
        .filter(|(part, tested)| !part.keys.is_empty() && is_promising(part, tested))
        .map(|(part, _)| part)
        .collect();
    for sought in sought {
        let pure = with_rests(null, sought, &parts)?.into_iter();
        weighed.extend(pure.filter_map(|(candidate, tested)| weigh(setting, candidate, tested)));
    }
    order(&mut weighed);
    let mut told: Vec<Told> = Vec::new();
    for Finding { set, tier, q, is_crowd, .. } in weighed {
        let whole = set.accounts.len();
        if let Some(accounts) = unless_told(&told, set.accounts) {
            let (way, chosen_by) = (set.way, set.chosen_by);
            // What is left has to be tested: the search did not choose it.
            let is_left = way.level.is_some() && accounts.len() < whole;
            let part = if is_left { Part::Rest } else { set.part };
            let set = Candidate { accounts: completed(means, way, accounts), way, part, chosen_by, keys: Vec::new() };
            // Those who are left out lack the very links that are tested, so leaving them out must not raise a verdict to
            // `act`; nor must those who come in.
            told.push(Told { set, tier, q, is_crowd, most: tier.max(Tier::Review) });
        }
    }
    let (told, verdicts): (Vec<Candidate>, Vec<(Tier, f64, bool)>) =
        parted(setting, null, sought, united(setting, told))?
            .into_iter()
            .map(|told| (told.set, (told.most, told.q, told.is_crowd)))
            .unzip();
    let is_crowd: Vec<bool> = verdicts.iter().map(|of| of.2).collect();
    let told: Vec<Candidate> =
        divide(means.content, told, &is_crowd).into_iter().map(|set| without_strays(setting, means, set)).collect();
    let mut tested: Vec<Tested> = Vec::new();
    for set in &told {
        for earlier in sought.iter().filter(|sought| sought.way == set.way) {
            tested.extend(null.test_again(std::slice::from_ref(set), &earlier.outcome)?);
        }
    }
    let again = told.into_iter().zip(tested).zip(verdicts).filter_map(|((candidate, tested), (most, q, _))| {
        let finding = weigh(setting, candidate, tested)?;
        Some(Finding { tier: finding.tier.min(most), q: finding.q.max(q), ..finding })
    });
    let mut findings: Vec<Finding> = again.collect();
    for finding in &mut findings {
        if setting.has(Family::Lifecycle) {
            finding.succession = Succession::new(setting, means.content, &finding.set.accounts);
        }
        succeed(finding, setting);
        finding.counterfactuals = counterfactuals(setting, finding);
    }
    order(&mut findings);
    Ok(findings)
}

/// The sets of one search with their tests, and what they leave when their parts are taken out; without those that are
/// mixtures of a part and a rest. `parts` agree in keys.
fn with_rests(null: &Null<'_>, sought: &Sought, parts: &[&Candidate]) -> Result<Vec<(Candidate, Tested)>, Cancelled> {
    let Sought { way, candidates, outcome } = sought;
    let (mut candidates, mut tested) = (candidates.clone(), outcome.tested.clone());
    if way.is_declared || way.finish == Finish::Meetings {
        return Ok(candidates.into_iter().zip(tested).collect());
    }
    let wholes: Vec<&Candidate> = candidates
        .iter()
        .zip(&tested)
        .filter(|(candidate, tested)| is_promising(candidate, tested))
        .map(|(candidate, _)| candidate)
        .collect();
    let mut rests = if way.chosen_by.is_by_wording() { rests(&wholes, &candidates) } else { Vec::new() };
    for whole in wholes {
        let apart = apart(whole, parts);
        let all = apart.iter().fold(AccountSet::default(), |all, part| all.union(&part.accounts));
        for part in apart.iter().map(|part| &part.accounts).chain([&all]) {
            let accounts = whole.accounts.difference(part);
            let is_set = accounts.len() >= LEAST_ACCOUNTS && accounts.len() < whole.accounts.len();
            if is_set && candidates.iter().chain(&rests).all(|other| other.accounts != accounts) {
                rests.push(Candidate { accounts, part: Part::Rest, ..whole.clone() });
            }
        }
    }
    tested.extend(null.test_again(&rests, outcome)?);
    candidates.extend(rests);
    let mixed = mixtures(null, sought, &candidates, &tested, parts)?;
    let pure = candidates.into_iter().zip(tested).zip(mixed).filter(|(_, mixed)| !mixed);
    Ok(pure.map(|(of, _)| of).collect())
}

/// The parts of a set that agree among themselves in keys which the rest does not hold, largest first. Sets that wording
/// chose are not divided so: their parts would only perhaps act as one.
fn apart<'a>(whole: &Candidate, parts: &[&'a Candidate]) -> Vec<&'a Candidate> {
    let all = &whole.accounts;
    let is_part = |part: &&&Candidate| {
        let rest = all.difference(&part.accounts);
        whole.way.level.is_some()
            && part.accounts.len() < all.len()
            && rest.len() >= LEAST_ACCOUNTS
            && 10 * all.overlap(&part.accounts) >= 9 * part.accounts.len()
            && part.is_apart_from(&rest)
    };
    let mut apart: Vec<&Candidate> = parts.iter().filter(is_part).copied().collect();
    apart.sort_by_key(|part| (Reverse(part.accounts.len()), part.accounts.first()));
    apart.truncate(MOST_CUTS);
    apart
}

/// Whether a set is worth telling: a test says that it is more than chance, or the search that chose it does, by something
/// beside the requests.
fn is_promising(candidate: &Candidate, tested: &Tested) -> bool {
    let way = candidate.way;
    tested.q <= REVIEW_LEVEL
        || tested.channel(Channel::Parameters).p <= ACT_LEVEL
        || way.level.is_some() && candidate.part == Part::Whole && candidate.chosen_by.independent() > 0
}

/// Accounts that come within days after others like them were closed: at `watch` that is for a person to look at, and
/// raises to `review`. Where the service itself had closed the others they break a rule that was written down, which stands
/// in for concealment at `act`.
fn succeed(finding: &mut Finding, setting: &Setting<'_>) {
    let Some(succession) = finding.succession.as_ref().filter(|succession| succession.is_succession()) else {
        return;
    };
    if finding.set.owners < LEAST_ACCOUNTS {
        return;
    }
    // A verdict that was lowered for another reason is not raised by this one.
    let banned = succession.breaks_a_ban(setting) && finding.judgement.tier() != Some(Tier::Act);
    let judgement = Judgement::new(setting, &finding.set).breaking_a_rule();
    let most = finding.set.way.most;
    if let Some(tier) = raised(finding.tier, judgement.tier().map(|tier| tier.min(most)), banned) {
        (finding.tier, finding.raised, finding.is_crowd) = (tier, true, false);
    }
    finding.judgement = judgement;
}

/// The tier that a broken rule raises to: by one step, and to `act` only after the service has closed accounts.
fn raised(before: Tier, with_rule: Option<Tier>, banned: bool) -> Option<Tier> {
    match (before, with_rule?) {
        (Tier::Watch, Tier::Review | Tier::Act) => Some(Tier::Review),
        (Tier::Review, Tier::Act) if banned => Some(Tier::Act),
        _ => None,
    }
}

/// The accounts, if they are not mostly told already; without those of a smaller set that was told before and is mostly
/// among them. What is left has to hold by itself.
fn unless_told(told: &[Told], mut accounts: AccountSet) -> Option<AccountSet> {
    for Told { set: other, .. } in told {
        let common = other.accounts.overlap(&accounts);
        if 2 * common > accounts.len() {
            return None;
        }
        if 2 * common > other.accounts.len() {
            accounts = accounts.difference(&other.accounts);
        }
    }
    Some(accounts)
}

/// Puts sets together that one purse pays for: half of the instruments of the smaller pay in the larger too, at least two,
/// each for several owners, so that no household or company is meant. Wording tells the jobs of one operator apart; the
/// operator is one. Crowds are left as they are.
fn united(setting: &Setting<'_>, sets: Vec<Told>) -> Vec<Told> {
    let mut owners: BTreeMap<&str, BTreeSet<OwnerIndex>> = BTreeMap::new();
    for (account, profile) in setting.population.iter() {
        if let Some(token) = &profile.account.payment_hmac {
            owners.entry(token.expose().as_str()).or_default().insert(setting.owners.of(account));
        }
    }
    let payers = |accounts: &AccountSet| -> BTreeSet<String> {
        let tokens = setting.population.of(accounts).filter_map(|profile| profile.account.payment_hmac.as_ref());
        let shared = tokens.filter(|token| owners.get(token.expose().as_str()).is_some_and(|of| of.len() > 1));
        shared.map(|token| token.expose().clone()).collect()
    };
    let mut united: Vec<Told> = Vec::new();
    for told in sets {
        let apart = |other: &AccountSet| payers(&told.set.accounts.difference(other));
        let one_purse = |other: &AccountSet| {
            let (own, theirs) = (apart(other), payers(other));
            let common = own.intersection(&theirs).count();
            common >= 2 && 2 * common >= own.len().min(theirs.len())
        };
        let same = united.iter_mut().find(|other| {
            told.set.way.most > Tier::Watch
                && !told.is_crowd
                && !other.is_crowd
                && other.tier > Tier::Watch
                && one_purse(&other.set.accounts)
        });
        match same {
            Some(other) => {
                other.set.accounts = other.set.accounts.union(&told.set.accounts);
                other.q = other.q.max(told.q);
            }
            None => united.push(told),
        }
    }
    united
}

/// Divides what several hands run, where each part holds by itself as the whole does; what is declared is left as it is.
fn parted(setting: &Setting<'_>, null: &Null<'_>, sought: &[Sought], sets: Vec<Told>) -> Result<Vec<Told>, Cancelled> {
    let may_be_several = |told: &Told| !told.set.way.is_declared && !told.is_crowd;
    let all = Hands::new(setting, sets.iter().filter(|told| may_be_several(told)).map(|told| &told.set.accounts));
    let mut parted = Vec::new();
    for told in sets {
        let hands = if may_be_several(&told) { all.of(&told.set.accounts) } else { Vec::new() };
        let part = |accounts| Candidate { accounts, part: Part::Rest, ..told.set.clone() };
        let parts: Vec<Candidate> = hands.into_iter().map(part).collect();
        let mut holding = 0;
        for earlier in sought.iter().filter(|sought| parts.len() > 1 && sought.way == told.set.way) {
            let tested = null.test_again(&parts, &earlier.outcome)?;
            let weighed = parts.iter().zip(tested).filter_map(|(part, tested)| weigh(setting, part.clone(), tested));
            holding = weighed.filter(|part| !part.is_crowd && part.tier >= told.tier).count();
        }
        if parts.len() > 1 && holding == parts.len() {
            // Keys chose the parts, so what is tested on them must not raise them.
            let (tier, q, is_crowd) = (told.tier, told.q, told.is_crowd);
            parted.extend(parts.into_iter().map(|set| Told { set, tier, q, is_crowd, most: tier }));
        } else {
            parted.push(told);
        }
    }
    Ok(parted)
}

/// Those who were sought by time on half of the days, as all days show them.
fn completed(means: &Means<'_>, way: &Way, accounts: AccountSet) -> AccountSet {
    let concert = means.concert.filter(|_| way.finish == Finish::Meetings);
    concert.and_then(|concert| concert.complete(&accounts)).unwrap_or(accounts)
}

/// Which candidates are a set that holds by itself, put together with a rest that neither address nor payment nor minute
/// connects to it: a community inside a community, or accounts that agree in keys which the rest does not hold.
fn mixtures(
    null: &Null<'_>,
    sought: &Sought,
    candidates: &[Candidate],
    tested: &[Tested],
    parts: &[&Candidate],
) -> Result<Vec<bool>, Cancelled> {
    let mut mixed = vec![false; candidates.len()];
    let mut holding: Vec<(&Candidate, bool, usize)> = candidates
        .iter()
        .zip(tested)
        .enumerate()
        .filter(|(_, (candidate, tested))| is_promising(candidate, tested))
        .map(|(at, (candidate, tested))| (candidate, tested.q <= ACT_LEVEL, at))
        .collect();
    holding.sort_by_key(|(candidate, ..)| Reverse(candidate.accounts.len()));
    let is_nested = sought.way.chosen_by.is_by_wording();
    let (mut wholes, mut cuts) = (Vec::new(), Vec::new());
    for (whole, holds, at) in &holding {
        let all = &whole.accounts;
        let nested = holding
            .iter()
            .filter(|(part, part_holds, _)| is_nested && *holds && *part_holds && part.part != Part::Rest)
            .map(|(part, ..)| &part.accounts)
            .filter(|part| part.len() < all.len() && 10 * all.overlap(part) >= 9 * part.len());
        for part in nested.take(MOST_CUTS).chain(apart(whole, parts).iter().map(|part| &part.accounts)) {
            let (part, rest) = (all.intersection(part), all.difference(part));
            if rest.len() >= LEAST_ACCOUNTS {
                wholes.push(*at);
                cuts.push(Cut { part, rest });
            }
        }
    }
    for (whole, linked) in wholes.into_iter().zip(null.are_linked(sought.way, &cuts, &sought.outcome)?) {
        if let Some(mixed) = mixed.get_mut(whole) {
            *mixed |= !linked;
        }
    }
    Ok(mixed)
}

/// Act before review, and within a tier the largest first: what was put together wrongly has been left out before.
/// Where only the requests speak, what speaks one idiom goes before what was put together. A common owner is declared and
/// not computed, so it goes before all.
fn order(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let rank = |finding: &Finding| {
            let by_requests = finding.set.tested.q > ACT_LEVEL;
            // What tests say goes before what a search alone has chosen, which may hold several of them.
            let is_sought_alone = finding.set.way.level.is_some();
            let tier = if is_sought_alone { finding.tier.min(Tier::Review) } else { finding.tier };
            let owned = finding.set.way.is_declared && finding.tier >= Tier::Review;
            (
                !owned,
                Reverse(tier),
                finding.is_crowd,
                is_sought_alone,
                by_requests,
                by_requests && finding.set.part != Part::Grown,
            )
        };
        rank(a)
            .cmp(&rank(b))
            .then(b.set.accounts.len().cmp(&a.set.accounts.len()))
            .then(a.set.accounts.cmp(&b.set.accounts))
    });
}

/// Gives each account that several sets claim to the one whose members say more of the same, pair by pair; but to those
/// with the same declared owner first, and to a crowd only where nothing else claims it.
fn divide(content: &Graph, mut sets: Vec<Candidate>, is_crowd: &[bool]) -> Vec<Candidate> {
    let mut claims: BTreeMap<AccountIndex, Vec<(usize, &Candidate)>> = BTreeMap::new();
    for (at, set) in sets.iter().enumerate() {
        set.accounts.iter().for_each(|account| claims.entry(account).or_default().push((at, set)));
    }
    let claimed: Vec<(AccountIndex, usize)> = claims
        .into_iter()
        .filter(|(_, of)| of.len() > 1)
        .filter_map(|(account, of)| {
            let strongest = of.into_iter().max_by_key(|(at, set)| {
                let crowd = is_crowd.get(*at).copied().unwrap_or(false);
                (set.way.is_declared, !crowd, closeness(content, account, &set.accounts), Reverse(*at))
            });
            Some((account, strongest?.0))
        })
        .collect();
    for (account, kept) in claimed {
        for (_, set) in sets.iter_mut().enumerate().filter(|(at, _)| *at != kept) {
            set.accounts.remove(account);
        }
    }
    sets
}

/// Leaves out accounts that say little of what the linked ones say (of what all say, where few are linked), and those
/// that share neither address nor payment with any other and repeat few of the common passages: they came in by a
/// chance phrase.
fn without_strays(setting: &Setting<'_>, means: &Means<'_>, mut set: Candidate) -> Candidate {
    if set.way.finish == Finish::Meetings {
        return set;
    }
    let mut scratch = Scratch::default();
    let mut linked = vec![false; set.accounts.len()];
    for holdings in setting.holdings.iter().filter(|holdings| holdings.channel.is_linked()) {
        linked.iter_mut().zip(holdings.links(&set.accounts, &mut scratch)).for_each(|(any, link)| *any |= link);
    }
    let core = set.accounts.marked(&linked);
    let core = if 2 * core.len() >= set.accounts.len() { core } else { set.accounts.clone() };
    let near: Vec<f64> = set.accounts.iter().map(|account| float(closeness(means.content, account, &core))).collect();
    let counts = Wording::new(setting.population, setting.owners, &set.accounts).counts;
    let usual = |values: &[f64]| {
        let of_core = set.accounts.iter().zip(values).filter(|(account, _)| core.contains(*account));
        median(&mut of_core.map(|(_, &value)| value).collect::<Vec<_>>())
    };
    let (usual_near, usual_count) = (usual(&near), usual(&counts));
    let fluent = means.growth.fluent(&set.accounts);
    let of_each = near.into_iter().zip(counts).zip(linked).zip(fluent);
    let stays: Vec<bool> = of_each
        .map(|(((near, count), linked), fluent)| {
            let near = near >= STRAY_SHARE * usual_near;
            match fluent {
                Some(fluent) => fluent || near && linked,
                None => near && (linked || count >= STRAY_SHARE * usual_count),
            }
        })
        .collect();
    set.accounts = set.accounts.marked(&stays);
    set.accounts = of_one_program(setting, &set.accounts);
    set
}

/// Leaves out accounts that never use the client or the sampling parameters that nearly all others use most: a ring that
/// wears the text of a product gathers some of the product's own users, whose program is another.
fn of_one_program(setting: &Setting<'_>, accounts: &AccountSet) -> AccountSet {
    let mut stays = vec![true; accounts.len()];
    for kind in setting.background.client_kind.into_iter().chain([Kind::Parameters]) {
        let mut mains: BTreeMap<u64, usize> = BTreeMap::new();
        for usual in setting.population.of(accounts).filter_map(|profile| profile.foremost(kind)) {
            *mains.entry(usual).or_default() += 1;
        }
        let Some((usual, most)) = mains.into_iter().max_by_key(|(usual, most)| (*most, Reverse(*usual))) else {
            continue;
        };
        if float(most) < ONE_PROGRAM * float(accounts.len()) {
            continue;
        }
        for (stays, profile) in stays.iter_mut().zip(setting.population.of(accounts)) {
            let known = profile.features(kind);
            *stays &= known.is_empty() || known.iter().any(|(used, _)| *used == usual);
        }
    }
    accounts.marked(&stays)
}

/// Mean similarity of an account to the members of a set, in thousandths of millionths.
fn closeness(content: &Graph, account: AccountIndex, members: &AccountSet) -> u64 {
    let within = content.neighbours(account).iter().filter(|(other, _)| members.contains(*other));
    within.map(|&(_, weight)| u64::from(weight)).sum::<u64>() * 1_000 / count(members.len().max(1))
}

fn weigh(setting: &Setting<'_>, candidate: Candidate, tested: Tested) -> Option<Finding> {
    if candidate.accounts.len() < LEAST_ACCOUNTS {
        return None;
    }
    if !is_promising(&candidate, &tested) {
        return None;
    }
    let set = Measured::new(setting, candidate, tested);
    let judgement = Judgement::new(setting, &set);
    let tier = judgement.tier().map(|tier| tier.min(set.way.most));
    let families = set.families(ACT_LEVEL);
    let tested = set.tested.q;
    let parameters = set.tested.channel(Channel::Parameters).p;
    let q =
        if tested <= REVIEW_LEVEL { tested } else { set.way.level.map_or(parameters, |level| level.min(parameters)) };
    Some(Finding {
        set,
        is_crowd: tier.is_none(),
        tier: tier.unwrap_or(Tier::Watch),
        q,
        families,
        judgement,
        succession: None,
        raised: false,
        counterfactuals: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Tier;

    use super::raised;

    #[test]
    fn a_broken_rule_raises_by_one_step_and_to_act_only_after_a_ban() {
        assert_eq!(raised(Tier::Watch, Some(Tier::Act), true), Some(Tier::Review));
        assert_eq!(raised(Tier::Review, Some(Tier::Act), true), Some(Tier::Act));
        assert_eq!(raised(Tier::Review, Some(Tier::Act), false), None);
        assert_eq!(raised(Tier::Review, Some(Tier::Review), true), None);
        assert_eq!(raised(Tier::Watch, None, true), None);
    }
}
