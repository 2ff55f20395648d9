//! From findings to the campaigns of a report.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{AccountId, CampaignId, Evidence, Family, Measure, Micros, Millibits, Tier, Unit, count};
use stillwatch_digest::Kind;

use crate::account::{AccountIndex, AccountSet};
use crate::answers::Answers;
use crate::findings::evidence::{Provenance, evidence, score};
use crate::findings::intermediary::{Behind, behind};
use crate::findings::sign::Sign;
use crate::judge::answers::answers;
use crate::judge::explanation::rounded;
use crate::judge::setting::Setting;
use crate::judge::single::Single;
use crate::judge::succession::{Succession, closing};
use crate::judge::told::Finding;
use crate::parameters::{ACT_LEVEL, SEVERAL_PEOPLE, SUCCESSION_DAYS};
use crate::report::{
    BlastRadius, Campaign, CampaignKind, EvidenceGraph, Indicator, IndicatorClass, Member, Predecessor, Recommendation,
    Role, Rung, Timeline,
};
use crate::signal::channel::{Channel, Scratch};

const INDICATORS: usize = 12;

/// Writes a finding as a campaign.
pub(crate) fn campaign(setting: &Setting<'_>, finding: &Finding, provenance: &Provenance) -> Campaign {
    let accounts = &finding.set.accounts;
    let (evidence, counter_evidence) = evidence(setting, finding, provenance);
    let score = score(&evidence) + counter_evidence.iter().map(|item| item.bits).sum();
    let totals = Totals::new(setting, accounts);
    let blast_radius = blast_radius(setting, accounts);
    Campaign {
        id: id(setting, accounts),
        continues: None,
        kind: kind(finding),
        tier: finding.tier,
        q_value: finding.q,
        score_bits: score.bits(),
        families: finding.families.clone(),
        accounts: members(setting, finding),
        organizations: count(finding.set.owners),
        first_seen: totals.first.to_rfc3339(),
        last_seen: totals.last.to_rfc3339(),
        exchanges: totals.exchanges,
        input_tokens: totals.input_tokens,
        output_tokens: totals.output_tokens,
        indicators: indicators(setting, finding),
        atlas: atlas(finding),
        benign_hypotheses: finding.judgement.hypotheses(),
        answers: answers(&finding.judgement, coordination(finding)),
        margin_bits: rounded(finding.judgement.facts.margin),
        strength_bits: rounded(finding.judgement.facts.strength),
        balance_bits: rounded(finding.judgement.facts.balance()),
        counterfactuals: finding.counterfactuals.clone(),
        predecessors: predecessors(setting, finding),
        recommended: recommendation(finding, blast_radius),
        timeline: Timeline::default(),
        graph: EvidenceGraph::default(),
        evidence,
        counter_evidence,
    }
}

/// Writes a single account that stands out.
pub(crate) fn single(setting: &Setting<'_>, single: &Single, provenance: &Provenance) -> Campaign {
    let accounts = AccountSet::from_iter([single.account]);
    let profile = setting.population.profile(single.account);
    let totals = Totals::new(setting, &accounts);
    let evidence = vec![Evidence {
        family: Family::Timing,
        kind: Sign::VolumeAndClock.into(),
        statement: format!(
            "{:.1} requests on an active day, {:.1} robust deviations above {} accounts of its plan; {:.0} % single turns; the clock has a mean direction of {:.2} (0 is flat)",
            profile.daily(),
            single.deviations,
            single.peers,
            100.0 * single.single_turns,
            single.clock
        ),
        measures: vec![
            Measure::real("requests", profile.daily(), Unit::ExchangesPerDay),
            Measure::real("deviations", single.deviations, Unit::Deviations),
            Measure::count("peers", single.peers, Unit::Accounts),
            Measure::share("single_turns", single.single_turns),
            Measure::real("clock", single.clock, Unit::Ratio),
        ],
        bits: Millibits::ZERO,
        p_value: None,
        subjects: vec![profile.account.account.to_string()],
        source: provenance.source.clone(),
        observed: Some(totals.last.to_rfc3339()),
        expires: None,
    }];
    Campaign {
        id: id(setting, &accounts),
        continues: None,
        kind: CampaignKind::Single,
        tier: Tier::Watch,
        q_value: 1.0,
        score_bits: 0.0,
        families: vec![Family::Timing],
        accounts: vec![Member {
            account: profile.account.account.clone(),
            probability: 0.0,
            role: Role::Core,
            exchanges: profile.exchanges,
        }],
        organizations: 1,
        first_seen: totals.first.to_rfc3339(),
        last_seen: totals.last.to_rfc3339(),
        exchanges: totals.exchanges,
        input_tokens: totals.input_tokens,
        output_tokens: totals.output_tokens,
        evidence,
        counter_evidence: Vec::new(),
        benign_hypotheses: Vec::new(),
        answers: Answers::default(),
        margin_bits: 0.0,
        strength_bits: 0.0,
        balance_bits: 0.0,
        counterfactuals: Vec::new(),
        predecessors: Vec::new(),
        indicators: Vec::new(),
        recommended: Recommendation {
            rung: Rung::Observe,
            blast_radius: blast_radius(setting, &accounts),
            why: "volume and habits of one account cannot tell a harvest from a batch job".into(),
        },
        atlas: vec!["AML.T0034".into()],
        timeline: Timeline::default(),
        graph: EvidenceGraph::default(),
    }
}

/// Why the accounts are taken to act as one, in a sentence.
pub(crate) fn coordination(finding: &Finding) -> String {
    let set = &finding.set;
    let families: Vec<String> = finding.families.iter().map(ToString::to_string).collect();
    format!(
        "{} accounts of {} owners have more in common than chance explains, in {} (q = {:.3}); {:.0} % of them are linked one by one",
        set.accounts.len(),
        set.owners,
        if families.is_empty() { "no test at the level of tier `act`".to_owned() } else { families.join(", ") },
        finding.q,
        100.0 * set.implicated
    )
}

fn kind(finding: &Finding) -> CampaignKind {
    if finding.set.is_relay() {
        CampaignKind::Relay
    } else if finding.succession.as_ref().is_some_and(Succession::is_succession) {
        CampaignKind::Successor
    } else {
        CampaignKind::Ring
    }
}

/// The closed accounts whose places were taken.
fn predecessors(setting: &Setting<'_>, finding: &Finding) -> Vec<Predecessor> {
    let Some(succession) = finding.succession.as_ref().filter(|succession| succession.is_succession()) else {
        return Vec::new();
    };
    let one = |(&closed, successors): (&AccountIndex, &Vec<AccountIndex>)| {
        let moment = closing(setting.population.profile(closed))?;
        let closed_at = Micros::from_seconds(moment).to_rfc3339();
        let member = if finding.set.accounts.contains(closed) { "a member" } else { "outside the campaign" };
        Some(Predecessor {
            account: name(setting, closed).clone(),
            successors: successors.iter().map(|&at| name(setting, at).clone()).collect(),
            statement: format!(
                "closed on {closed_at} ({member}); {} accounts came within {SUCCESSION_DAYS} days",
                successors.len()
            ),
            closed: closed_at,
        })
    };
    succession.followed.iter().filter_map(one).collect()
}

/// Named after the members, so that the same accounts have the same name in every run.
fn id(setting: &Setting<'_>, accounts: &AccountSet) -> CampaignId {
    let mut names: Vec<&AccountId> = accounts.iter().map(|account| name(setting, account)).collect();
    names.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for name in names {
        hasher.update(name.as_str().as_bytes()).update(&[0]);
    }
    let name: String = hasher.finalize().to_hex().chars().take(12).collect();
    CampaignId::from(format!("c-{name}"))
}

fn name<'a>(setting: &Setting<'a>, account: AccountIndex) -> &'a AccountId {
    &setting.population.profile(account).account.account
}

struct Totals {
    first: Micros,
    last: Micros,
    exchanges: u64,
    input_tokens: u64,
    output_tokens: u64,
}

impl Totals {
    fn new(setting: &Setting<'_>, accounts: &AccountSet) -> Self {
        let profiles = || setting.population.of(accounts);
        Self {
            first: profiles().map(|profile| profile.first).min().unwrap_or_default(),
            last: profiles().map(|profile| profile.last).max().unwrap_or_default(),
            exchanges: profiles().map(|profile| profile.exchanges).sum(),
            input_tokens: profiles().map(|profile| profile.input_tokens).sum(),
            output_tokens: profiles().map(|profile| profile.output_tokens).sum(),
        }
    }
}

fn members(setting: &Setting<'_>, finding: &Finding) -> Vec<Member> {
    let accounts = &finding.set.accounts;
    let mut scratch = Scratch::default();
    let mut linked = vec![false; accounts.len()];
    for holdings in setting.holdings {
        let significant = finding.set.tested.channel(holdings.channel).p <= ACT_LEVEL;
        if significant && holdings.channel.is_linked() {
            linked.iter_mut().zip(holdings.links(accounts, &mut scratch)).for_each(|(all, link)| *all |= link);
        }
    }
    let timed = finding.set.tested.synchrony().p <= ACT_LEVEL;
    let one = |((account, &affinity), linked): ((AccountIndex, &f64), bool)| {
        let beside = linked || timed && affinity > 0.0 && affinity >= finding.set.wording.coverage;
        let probability = if beside { 1.0 - (1.0 - affinity) / 2.0 } else { affinity };
        Member {
            account: name(setting, account).clone(),
            probability: (probability * 1_000.0).round() / 1_000.0,
            role: if beside { Role::Core } else { Role::Peripheral },
            exchanges: setting.population.profile(account).exchanges,
        }
    };
    let mut members: Vec<Member> = accounts.iter().zip(&finding.set.wording.affinity).zip(linked).map(one).collect();
    members.sort_by(|a, b| a.account.cmp(&b.account));
    members
}

fn blast_radius(setting: &Setting<'_>, accounts: &AccountSet) -> BlastRadius {
    let mut scratch = Scratch::default();
    let network = setting.holdings.iter().find(|holdings| holdings.channel == Channel::Network);
    let profiles = || setting.population.of(accounts);
    let end_users: BTreeSet<u64> =
        profiles().flat_map(|profile| profile.features(Kind::EndUser).iter().map(|user| user.0)).collect();
    BlastRadius {
        accounts: count(accounts.len()),
        organizations: count(setting.owners.distinct(accounts.iter())),
        with_end_users: count(profiles().filter(|profile| !profile.features(Kind::EndUser).is_empty()).count()),
        end_users: count(end_users.len()),
        bystanders_on_networks: network.map_or(0, |holdings| holdings.bystanders(accounts, &mut scratch)),
    }
}

fn recommendation(finding: &Finding, blast_radius: BlastRadius) -> Recommendation {
    let (rung, why) = match finding.tier {
        Tier::Act | Tier::Review if finding.set.is_relay() && blast_radius.with_end_users > 0 => (
            Rung::Limit,
            "many people behind pooled accounts: ask the holders who they are, limit the end users that the log names, never terminate the accounts",
        ),
        Tier::Act | Tier::Review if finding.set.is_relay() => (
            Rung::Verify,
            "many people behind pooled accounts: ask the holders who they are, and for end-user ids; never terminate the accounts",
        ),
        Tier::Act if 2 * blast_radius.with_end_users >= blast_radius.accounts => (
            Rung::Verify,
            "the accounts carry end users of their own: contact the customers and act on end users, not on accounts",
        ),
        Tier::Act => (
            Rung::Suspend,
            "they act as one, harvest and hide it, and no innocent crowd explains them; a named person must confirm it",
        ),
        Tier::Review if finding.families == [Family::Content] => {
            (Rung::Verify, "seen in the requests alone: ask who the customers are before anything else")
        }
        Tier::Review => (
            Rung::Verify,
            "evidence that is not about most of the accounts, or too little to act upon: ask who the customers are before anything else",
        ),
        Tier::Watch if finding.judgement.facts.balance() <= 0.0 => {
            (Rung::Observe, "an innocent crowd is as likely as one hidden operator, or likelier")
        }
        Tier::Watch => (Rung::Observe, "the evidence beside the requests is too weak to go on"),
    };
    Recommendation { rung, blast_radius, why: why.into() }
}

/// The passages that the members share, and the end users of a relay, as fingerprints under the local key.
fn indicators(setting: &Setting<'_>, finding: &Finding) -> Vec<Indicator> {
    if finding.tier == Tier::Watch {
        return Vec::new();
    }
    let indicator = |kind: IndicatorClass, fingerprint: u64, accounts: usize, context: &str| Indicator {
        kind,
        fingerprint: format!("{fingerprint:015x}"),
        accounts: count(accounts),
        context: context.into(),
    };
    let shared = finding.set.wording.most_shared.iter().take(INDICATORS);
    let passage = "passage repeated by members, fingerprint under the local key";
    let mut list: Vec<Indicator> = shared
        .map(|&(fingerprint, accounts)| indicator(IndicatorClass::Passage, fingerprint, accounts, passage))
        .collect();
    if finding.set.is_relay() {
        let mut users: BTreeMap<u64, (usize, u32)> = BTreeMap::new();
        for profile in setting.population.of(&finding.set.accounts) {
            for &(user, slots) in profile.features(Kind::EndUser) {
                let entry = users.entry(user).or_default();
                *entry = (entry.0 + 1, entry.1 + slots);
            }
        }
        let mut busiest: Vec<(u32, u64, usize)> =
            users.into_iter().map(|(user, (of, slots))| (slots, user, of)).collect();
        busiest.sort_unstable_by(|a, b| b.cmp(a));
        let context = "end user of the pooled accounts, busiest first, fingerprint under the local key";
        list.extend(
            busiest
                .into_iter()
                .take(INDICATORS)
                .map(|(_, user, accounts)| indicator(IndicatorClass::EndUser, user, accounts, context)),
        );
    }
    list.extend(behind_intermediaries(setting, finding));
    list
}

/// End users of others who say what the campaign says: for whoever they are customers of to look at.
fn behind_intermediaries(setting: &Setting<'_>, finding: &Finding) -> Vec<Indicator> {
    let wording = &finding.set.wording;
    let others = setting
        .population
        .iter()
        .filter(|(at, profile)| profile.end_users.len() >= SEVERAL_PEOPLE && !finding.set.accounts.contains(*at));
    let profiles = setting.intermediaries.iter().chain(others.map(|of| of.1));
    let mut named: Vec<Behind<'_>> =
        profiles.flat_map(|profile| behind(profile, &wording.shared, wording.repeated)).collect();
    named.sort_by(|a, b| a.p.total_cmp(&b.p).then(a.end_user.cmp(&b.end_user)));
    let one = |of: &Behind<'_>| Indicator {
        kind: IndicatorClass::EndUser,
        fingerprint: format!("{:015x}", of.end_user),
        accounts: 1,
        context: format!(
            "end user of {}, who says what the campaign says ({} of 64 slots, p = {:.1e}); the account itself is not part of it",
            of.intermediary, of.slots, of.p
        ),
    };
    named.iter().take(INDICATORS).map(one).collect()
}

/// Techniques of MITRE ATLAS 5.6 that the evidence speaks of.
fn atlas(finding: &Finding) -> Vec<String> {
    if finding.tier == Tier::Watch {
        return Vec::new();
    }
    let mut techniques = vec!["AML.T0024.002", "AML.T0040"];
    if finding.set.chosen_by.is_by_wording() {
        techniques.push("AML.T0065");
    }
    if finding.families.contains(&Family::Infrastructure) {
        techniques.push("AML.T0021");
    }
    techniques.sort_unstable();
    techniques.into_iter().map(String::from).collect()
}
