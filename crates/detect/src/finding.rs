//! What is known of a candidate, and which candidates are told.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use stillwatch_core::{Family, Tier, median};

use crate::benign::hypotheses;
use crate::candidate::{Candidate, Origin, overlap, rests};
use crate::census::Census;
use crate::channel::{Channel, Holdings, Scratch};
use crate::concert::Concert;
use crate::content::Wording;
use crate::counterfactual::counterfactuals;
use crate::graph::Graph;
use crate::growth::Growth;
use crate::handover::Handover;
use crate::null::{Cut, Null, Outcome, Test, Tested, few};
use crate::parameters::{ACT_LEVEL, LEAST_ACCOUNTS, MOST_MEMBERS, REVIEW_LEVEL, STRAY_SHARE};
use crate::population::Population;
use crate::relay::Pool;
use crate::report::{BenignHypothesis, Counterfactual};
use crate::succession::Succession;

/// Parts by which a candidate is cut to see whether it holds together, largest first.
const MOST_CUTS: usize = 4;

/// What every measurement looks into.
pub(crate) struct Setting<'a> {
    pub(crate) population: &'a Population,
    pub(crate) owners: &'a [u32],
    pub(crate) holdings: &'a [Holdings],
    pub(crate) census: Census,
    pub(crate) background: crate::weigh::background::Background,
    /// How many candidates there are.
    pub(crate) sets: usize,
    /// Families that are left out.
    pub(crate) without: &'a [Family],
}

impl Setting<'_> {
    fn has(&self, family: Family) -> bool {
        !self.without.contains(&family)
    }

    /// Hand-overs among these accounts, where timing is looked at.
    pub(crate) fn handover(&self, accounts: &[u32]) -> Option<Handover> {
        self.has(Family::Timing).then(|| Handover::new(self.population, accounts, self.sets))
    }
}

/// Candidates that were sought in one way, tested together.
pub(crate) struct Sought {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) outcome: Outcome,
}

/// What completes a candidate, or cuts it down.
pub(crate) struct Means<'a> {
    pub(crate) content: &'a Graph,
    pub(crate) growth: &'a Growth,
    pub(crate) concert: Option<&'a Concert<'a>>,
}

/// A candidate with everything measured on it.
#[derive(Clone)]
pub(crate) struct Measured {
    pub(crate) accounts: Vec<u32>,
    pub(crate) origin: Origin,
    pub(crate) tested: Tested,
    pub(crate) wording: Wording,
    pub(crate) owners: usize,
    pub(crate) largest_owner_share: f64,
    /// Share of distinct prompts, counted per owner, that another owner of the set asks too.
    pub(crate) shared_prompts: f64,
    /// Accounts outside that repeat half as much of the wording as a member does.
    pub(crate) outside: usize,
    /// Share of the accounts that hold significant evidence themselves.
    pub(crate) implicated: f64,
    pub(crate) pool: Pool,
}

/// A candidate that is told.
pub(crate) struct Finding {
    pub(crate) set: Measured,
    pub(crate) tier: Tier,
    pub(crate) q: f64,
    pub(crate) families: Vec<Family>,
    pub(crate) hypotheses: Vec<BenignHypothesis>,
    pub(crate) succession: Option<Succession>,
    /// Whether it is at `review` only because its accounts follow closed ones.
    pub(crate) raised: bool,
    pub(crate) counterfactuals: Vec<Counterfactual>,
}

impl Measured {
    fn new(setting: &Setting<'_>, candidate: Candidate, mut tested: Tested) -> Self {
        let accounts = candidate.accounts;
        discount_few_links(setting, &accounts, &mut tested);
        let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
        for &account in &accounts {
            *sizes.entry(setting.owners[account as usize]).or_default() += 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let largest_owner_share = sizes.values().max().copied().unwrap_or(0) as f64 / accounts.len() as f64;
        let wording = Wording::new(setting.population, setting.owners, &accounts);
        Self {
            outside: wording.outside(setting.population, &accounts),
            implicated: implicated(setting, &accounts, &tested),
            pool: Pool::new(setting.population, setting.holdings, &accounts),
            wording,
            owners: sizes.len(),
            largest_owner_share,
            shared_prompts: shared_prompts(setting, &accounts),
            origin: candidate.origin,
            tested,
            accounts,
        }
    }

    /// The strongest link beside what the accounts say, in words. Carriers and mail domains are no links.
    pub(crate) fn strongest(&self) -> &'static str {
        let (channel, synchrony) = (|channel| self.tested.channel(channel), self.tested.synchrony());
        let minutes =
            if synchrony.z < 0.0 { "dividing their minutes among each other" } else { "active in the same minutes" };
        let strength = |test: &Test| if test.p <= ACT_LEVEL { test.strength } else { 0.0 };
        let links = [
            (synchrony, minutes),
            (channel(Channel::Owner), "under one declared owner"),
            (channel(Channel::Network), "linked by addresses"),
            (channel(Channel::Payment), "linked by payment instruments"),
        ];
        let stronger = |a: &(&Test, &str), b: &(&Test, &str)| strength(a.0).total_cmp(&strength(b.0));
        links.into_iter().max_by(stronger).map_or("", |link| link.1)
    }

    /// The same with some tests taken back, and whom the others implicate.
    pub(crate) fn without(&self, setting: &Setting<'_>, take_back: impl FnOnce(&mut Tested)) -> Self {
        let mut set = self.clone();
        take_back(&mut set.tested);
        set.implicated = implicated(setting, &set.accounts, &set.tested);
        set
    }

    /// Whether the evidence holds, whatever innocent explanations there are: what chose the accounts, and something of
    /// another family that was tested.
    fn holds(&self) -> bool {
        let tested = &self.tested;
        let linked = match self.origin {
            Origin::Owned => tested.content().p <= ACT_LEVEL,
            Origin::Concert => tested.synchrony().p <= ACT_LEVEL,
            // Carriers and mail domains follow from where and when a product is used; they support, but carry nothing
            // alone. Days of sign-up follow from when it became known, unless one generator speaks.
            _ => {
                tested.links() <= ACT_LEVEL
                    || tested.channel(Channel::Signup).p <= ACT_LEVEL && self.has_one_generator()
            }
        };
        linked && self.says_its_own() && self.families(ACT_LEVEL).len() >= 2 && self.owners >= LEAST_ACCOUNTS
    }

    /// Whether what they say is their own: more of them than of others say it, or a generator does.
    fn says_its_own(&self) -> bool {
        !self.origin.is_by_content() || self.outside <= self.accounts.len() || self.wording.is_generated()
    }

    /// Whether the evidence is about most of the accounts, so that none is carried by a few others.
    fn is_about_most(&self) -> bool {
        self.implicated > MOST_MEMBERS || self.tested.synchrony().p <= ACT_LEVEL || self.origin == Origin::Owned
    }

    /// Whether one hand runs the accounts: of a pool, whoever pays.
    fn is_run_by_one(&self) -> bool {
        !self.is_relay() || self.tested.channel(Channel::Payment).p <= ACT_LEVEL
    }

    /// Whether the accounts are a pool that many people use through addresses of its own.
    pub(crate) fn is_relay(&self) -> bool {
        self.tested.channel(Channel::Network).p <= ACT_LEVEL && self.pool.is_relay()
    }

    /// Whether one generator words the requests and sets their parameters: seen in the requests alone.
    pub(crate) fn has_one_generator(&self) -> bool {
        self.tested.channel(Channel::Parameters).p <= ACT_LEVEL && self.wording.is_generated()
    }

    fn families(&self, level: f64) -> Vec<Family> {
        let of = |family: Family| {
            Channel::ALL
                .iter()
                .filter(|channel| channel.is_independent() && channel.family() == family)
                .any(|&channel| self.tested.channel(channel).p <= level)
        };
        let says_the_same = if self.origin.is_by_content() {
            !self.wording.shared.is_empty()
        } else {
            self.tested.content().p <= level
        };
        let all = [
            (Family::Content, says_the_same || self.tested.channel(Channel::Parameters).p <= level),
            (Family::Infrastructure, of(Family::Infrastructure) || self.origin == Origin::Owned),
            (Family::Timing, self.tested.synchrony().p <= level),
            (Family::Lifecycle, of(Family::Lifecycle)),
        ];
        all.into_iter().filter(|(_, speaks)| *speaks).map(|(family, _)| family).collect()
    }
}

/// Weighs every candidate and tells those that hold, each account in one of them.
pub(crate) fn findings(
    setting: &Setting<'_>,
    null: &Null<'_>,
    means: &Means<'_>,
    by_content: Sought,
    otherwise: &[Sought; 2],
) -> Vec<Finding> {
    let (mut candidates, outcome) = (by_content.candidates, by_content.outcome);
    let mut tested = outcome.tested.clone();
    let promising = |tested: &Tested| tested.q <= REVIEW_LEVEL || tested.channel(Channel::Parameters).p <= ACT_LEVEL;
    let wholes: Vec<&Candidate> = candidates
        .iter()
        .zip(&tested)
        .filter(|(_, tested)| promising(tested))
        .map(|(candidate, _)| candidate)
        .collect();
    let rests = rests(&wholes, &candidates);
    tested.extend(null.test_again(&rests, &outcome));
    candidates.extend(rests);
    let mixed = mixtures(null, &candidates, &tested, &outcome);
    let pure =
        candidates.into_iter().zip(tested).zip(mixed).filter(|(_, mixed)| !mixed).map(|(candidate, _)| candidate);
    let beside =
        otherwise.iter().flat_map(|sought| sought.candidates.iter().cloned().zip(sought.outcome.tested.clone()));
    let mut weighed: Vec<Finding> =
        pure.chain(beside).filter_map(|(candidate, tested)| weigh(setting, candidate, tested)).collect();
    order(&mut weighed);
    let (mut told, mut verdicts): (Vec<Candidate>, Vec<(Tier, f64)>) = Default::default();
    for Finding { set, tier, q, .. } in weighed {
        if let Some(accounts) = unless_told(&told, set.accounts) {
            told.push(Candidate { accounts: completed(means, set.origin, accounts), origin: set.origin });
            verdicts.push((tier, q));
        }
    }
    let told: Vec<Candidate> =
        divide(means.content, told).into_iter().map(|set| without_strays(setting, means, set)).collect();
    let earlier = |set: &Candidate| {
        let same = |sought: &&Sought| sought.candidates.first().is_some_and(|other| other.origin == set.origin);
        otherwise.iter().find(same).map_or(&outcome, |sought| &sought.outcome)
    };
    let tested = told.iter().flat_map(|set| null.test_again(std::slice::from_ref(set), earlier(set)));
    // Those who are left out lack the very links that are tested, so leaving them out must not raise a verdict; nor
    // must those who come in.
    let tested: Vec<Tested> = tested.collect();
    let again = told.into_iter().zip(tested).zip(verdicts).filter_map(|((candidate, tested), (tier, q))| {
        let finding = weigh(setting, candidate, tested)?;
        Some(Finding { tier: finding.tier.min(tier), q: finding.q.max(q), ..finding })
    });
    let mut findings: Vec<Finding> = again.collect();
    for finding in &mut findings {
        if setting.has(Family::Lifecycle) {
            finding.succession = Succession::new(setting, means, finding);
        }
        succeed(finding);
        finding.counterfactuals = counterfactuals(setting, finding);
    }
    order(&mut findings);
    findings
}

/// Users of one product come when they hear of it; that they come when others were closed is for a person to look at.
fn succeed(finding: &mut Finding) {
    let Some(succession) = finding.succession.as_ref().filter(|succession| succession.is_succession()) else {
        return;
    };
    if finding.tier > Tier::Watch || finding.set.owners < LEAST_ACCOUNTS {
        return;
    }
    let why = format!("; but {} accounts came within days after others that say the same were closed", succession.came);
    for hypothesis in &mut finding.hypotheses {
        if matches!(hypothesis.name.as_str(), "popular_template" | "joined_together" | "release_rush") {
            hypothesis.rejected = true;
            hypothesis.why.push_str(&why);
        }
    }
    if finding.hypotheses.iter().all(|hypothesis| hypothesis.rejected || !hypothesis.tested) {
        (finding.tier, finding.raised) = (Tier::Review, true);
    }
}

/// The accounts, if they are not mostly told already; without those of a smaller set that was told before and is mostly
/// among them. What is left has to hold by itself.
fn unless_told(told: &[Candidate], mut accounts: Vec<u32>) -> Option<Vec<u32>> {
    for other in told {
        let common = overlap(&other.accounts, &accounts);
        if 2 * common > accounts.len() {
            return None;
        }
        if 2 * common > other.accounts.len() {
            accounts.retain(|account| other.accounts.binary_search(account).is_err());
        }
    }
    Some(accounts)
}

/// Those who were sought by time on half of the days, as all days show them.
fn completed(means: &Means<'_>, origin: Origin, accounts: Vec<u32>) -> Vec<u32> {
    let concert = means.concert.filter(|_| origin == Origin::Concert);
    concert.and_then(|concert| concert.complete(&accounts)).unwrap_or(accounts)
}

/// Which candidates are a community that holds by itself, put together with a rest that wording alone connects to it.
fn mixtures(null: &Null<'_>, candidates: &[Candidate], tested: &[Tested], outcome: &Outcome) -> Vec<bool> {
    let mut holding: Vec<usize> = (0..candidates.len()).filter(|&at| tested[at].q <= ACT_LEVEL).collect();
    holding.sort_by_key(|&at| Reverse(candidates[at].accounts.len()));
    let (mut wholes, mut cuts) = (Vec::new(), Vec::new());
    for &whole in &holding {
        let all = &candidates[whole].accounts;
        let parts = holding
            .iter()
            .filter(|&&part| candidates[part].origin != Origin::Rest)
            .map(|&part| &candidates[part].accounts)
            .filter(|part| part.len() < all.len() && 10 * overlap(part, all) >= 9 * part.len());
        for part in parts.take(MOST_CUTS) {
            let (part, rest): (Vec<u32>, Vec<u32>) =
                all.iter().partition(|account| part.binary_search(account).is_ok());
            if rest.len() >= LEAST_ACCOUNTS {
                wholes.push(whole);
                cuts.push(Cut { part, rest });
            }
        }
    }
    let mut mixed = vec![false; candidates.len()];
    for (whole, linked) in wholes.into_iter().zip(null.are_linked(&cuts, outcome)) {
        mixed[whole] |= !linked;
    }
    mixed
}

/// Act before review, and within a tier the largest first: what was put together wrongly has been left out before.
/// Where only the requests speak, what speaks one idiom goes before what was put together. A common owner is declared and
/// not computed, so it goes before all.
fn order(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let rank = |finding: &Finding| {
            let by_requests = finding.set.tested.q > ACT_LEVEL;
            let owned = finding.set.origin == Origin::Owned && finding.tier >= Tier::Review;
            (!owned, Reverse(finding.tier), by_requests, by_requests && finding.set.origin != Origin::Grown)
        };
        rank(a)
            .cmp(&rank(b))
            .then(b.set.accounts.len().cmp(&a.set.accounts.len()))
            .then(a.set.accounts.cmp(&b.set.accounts))
    });
}

/// Gives each account that several sets claim to the one whose members say more of the same, pair by pair; but to those
/// with the same declared owner first.
fn divide(content: &Graph, mut sets: Vec<Candidate>) -> Vec<Candidate> {
    let mut claims: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, set) in sets.iter().enumerate() {
        set.accounts.iter().for_each(|&account| claims.entry(account).or_default().push(at));
    }
    let claimed: Vec<(u32, usize)> = claims
        .into_iter()
        .filter(|(_, of)| of.len() > 1)
        .filter_map(|(account, of)| {
            Some((
                account,
                of.into_iter().max_by_key(|&at| {
                    let owned = sets[at].origin == Origin::Owned;
                    (owned, closeness(content, account, &sets[at].accounts), Reverse(at))
                })?,
            ))
        })
        .collect();
    for (account, kept) in claimed {
        for (_, set) in sets.iter_mut().enumerate().filter(|(at, _)| *at != kept) {
            if let Ok(place) = set.accounts.binary_search(&account) {
                set.accounts.remove(place);
            }
        }
    }
    sets
}

/// Leaves out accounts that say little of what the linked ones say (of what all say, where few are linked), and those
/// that share neither address nor payment with any other and repeat few of the common passages: they came in by a
/// chance phrase.
fn without_strays(setting: &Setting<'_>, means: &Means<'_>, mut set: Candidate) -> Candidate {
    if set.origin == Origin::Concert {
        return set;
    }
    let mut scratch = Scratch::default();
    let mut linked = vec![false; set.accounts.len()];
    for holdings in setting.holdings.iter().filter(|holdings| holdings.channel.is_linked()) {
        linked.iter_mut().zip(holdings.links(&set.accounts, &mut scratch)).for_each(|(any, link)| *any |= link);
    }
    let core: Vec<u32> =
        set.accounts.iter().zip(&linked).filter(|(_, linked)| **linked).map(|(&account, _)| account).collect();
    let core = if 2 * core.len() >= set.accounts.len() { core } else { set.accounts.clone() };
    #[expect(clippy::cast_precision_loss, reason = "millionths of similarity")]
    let near: Vec<f64> = set.accounts.iter().map(|&account| closeness(means.content, account, &core) as f64).collect();
    let counts = Wording::new(setting.population, setting.owners, &set.accounts).counts;
    let usual = |values: &[f64]| {
        let of_core = set.accounts.iter().zip(values).filter(|(account, _)| core.binary_search(account).is_ok());
        median(&mut of_core.map(|(_, &value)| value).collect::<Vec<_>>())
    };
    let (usual_near, usual_count) = (usual(&near), usual(&counts));
    let fluent = means.growth.fluent(&set.accounts);
    let stays = |at: usize| {
        let near = near[at] >= STRAY_SHARE * usual_near;
        match fluent[at] {
            Some(fluent) => fluent || near && linked[at],
            None => near && (linked[at] || counts[at] >= STRAY_SHARE * usual_count),
        }
    };
    let mut keep: Vec<bool> = (0..set.accounts.len()).map(stays).collect();
    keep.reverse();
    set.accounts.retain(|_| keep.pop().unwrap_or(true));
    set
}

/// Mean similarity of an account to the members of a set, in thousandths of millionths.
fn closeness(content: &Graph, account: u32, members: &[u32]) -> u64 {
    let within = content.neighbours(account).iter().filter(|(other, _)| members.binary_search(other).is_ok());
    within.map(|&(_, weight)| u64::from(weight)).sum::<u64>() * 1_000 / members.len().max(1) as u64
}

fn weigh(setting: &Setting<'_>, candidate: Candidate, tested: Tested) -> Option<Finding> {
    if candidate.accounts.len() < LEAST_ACCOUNTS {
        return None;
    }
    let promising = tested.q <= REVIEW_LEVEL || tested.channel(Channel::Parameters).p <= ACT_LEVEL;
    if !promising {
        return None;
    }
    let set = Measured::new(setting, candidate, tested);
    let (tier, hypotheses) = judged(setting, &set)?;
    let families = set.families(ACT_LEVEL);
    let q = if set.tested.q <= REVIEW_LEVEL { set.tested.q } else { set.tested.channel(Channel::Parameters).p };
    Some(Finding { set, tier, q, families, hypotheses, succession: None, raised: false, counterfactuals: Vec::new() })
}

/// The tier by the three questions, and the explanations that were held against one hidden operator.
pub(crate) fn judged(setting: &Setting<'_>, set: &Measured) -> Option<(Tier, Vec<BenignHypothesis>)> {
    use crate::weigh::{observe::observe, sign::Question, verdict as weigh};
    if std::env::var_os("STILLWATCH_OLD").is_some() {
        let hypotheses = hypotheses(setting, set);
        return Some((verdict(set, &hypotheses)?, hypotheses));
    }
    let judgement = weigh::Judgement::new(observe(setting, &setting.background, set));
    let (nearest, margin) = judgement.nearest();
    let facts = weigh::Facts {
        coordinated: set.holds() && set.is_about_most() && set.is_run_by_one(),
        perhaps_coordinated: set.holds() || set.has_one_generator(),
        extraction: judgement.answer(Question::Extraction),
        concealment: judgement.answer(Question::Concealment),
        broke_a_rule: false,
        margin,
    };
    let mut list: Vec<BenignHypothesis> = judgement
        .against
        .iter()
        .map(|(crowd, terms, bits)| BenignHypothesis {
            name: crowd.name.into(),
            tested: true,
            rejected: *bits > 0.0,
            why: format!("{bits:.1} bits: {}", terms.iter().filter(|t| t.bits.abs() > 0.5).map(|t| format!("{:?} {:+.1}", t.level, t.bits)).collect::<Vec<_>>().join(", ")),
        })
        .collect();
    list.push(BenignHypothesis { name: "FACTS".into(), tested: true, rejected: true, why: format!("{facts:?} nearest {} seen {:?}", nearest.name, judgement.seen) });
    let tier = weigh::verdict(&facts);
    if tier.is_none() { return Some((Tier::Watch, list)); }
    Some((tier?, list))
}

/// The tier that the evidence and the innocent explanations give.
pub(crate) fn verdict(set: &Measured, hypotheses: &[BenignHypothesis]) -> Option<Tier> {
    let by_requests = set.tested.channel(Channel::Parameters).p <= ACT_LEVEL;
    if set.tested.q > REVIEW_LEVEL && !by_requests {
        return None;
    }
    let innocent = hypotheses.iter().any(|hypothesis| hypothesis.tested && !hypothesis.rejected);
    let open = hypotheses.iter().any(|hypothesis| !hypothesis.tested);
    let holds = set.holds();
    if holds && !innocent && !open && set.origin.is_by_content() && set.is_about_most() && set.is_run_by_one() {
        Some(Tier::Act)
    } else if !innocent && (holds || set.origin.is_by_content() && set.has_one_generator()) {
        Some(Tier::Review)
    } else if set.tested.q <= REVIEW_LEVEL && (holds || set.origin.is_by_content()) {
        Some(Tier::Watch)
    } else {
        None
    }
}

/// The share of the accounts that hold evidence of a significant channel themselves: a link, or a rare carrier, mail domain
/// or day of sign-up in common with several owners.
fn implicated(setting: &Setting<'_>, accounts: &[u32], tested: &Tested) -> f64 {
    let mut scratch = Scratch::default();
    let mut implicated = vec![false; accounts.len()];
    let significant =
        |holdings: &&Holdings| holdings.channel.is_independent() && tested.channel(holdings.channel).p <= ACT_LEVEL;
    for holdings in setting.holdings.iter().filter(significant) {
        let of_channel = if holdings.channel.is_linked() {
            holdings.links(accounts, &mut scratch)
        } else {
            holdings.gathered(accounts)
        };
        implicated.iter_mut().zip(of_channel).for_each(|(any, one)| *any |= one);
    }
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
    let share = implicated.iter().filter(|one| **one).count() as f64 / accounts.len().max(1) as f64;
    share
}

/// A link between a few of the accounts says nothing about the others.
fn discount_few_links(setting: &Setting<'_>, accounts: &[u32], tested: &mut Tested) {
    let mut scratch = Scratch::default();
    for holdings in setting.holdings.iter().filter(|holdings| holdings.channel.is_linked()) {
        if tested.channel(holdings.channel).p <= REVIEW_LEVEL {
            let linked = holdings.links(accounts, &mut scratch).into_iter().filter(|linked| *linked).count();
            if linked <= few(accounts.len()) {
                tested.discount(holdings.channel);
            }
        }
    }
}

fn shared_prompts(setting: &Setting<'_>, accounts: &[u32]) -> f64 {
    let mut asked: Vec<(u32, u32)> = Vec::new();
    for &account in accounts {
        let prompts = &setting.population.profiles[account as usize].prompts;
        asked.extend(prompts.iter().map(|&prompt| (prompt, setting.owners[account as usize])));
    }
    asked.sort_unstable();
    asked.dedup();
    let shared: usize = asked.chunk_by(|a, b| a.0 == b.0).map(|of| if of.len() > 1 { of.len() } else { 0 }).sum();
    #[expect(clippy::cast_precision_loss, reason = "numbers of prompts")]
    let share = shared as f64 / asked.len().max(1) as f64;
    share
}
