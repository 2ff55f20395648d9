//! What a finding is told with: sentences that carry their numbers.

use stillwatch_core::{Evidence, Family, Micros, Millibits, PValue, Source, median, poisson_lower_tail};
use stillwatch_digest::{Intent, Kind};

use crate::census::repeated;
use crate::judge::finding::Finding;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::succession::Succession;
use crate::null::{FAMILIES, Test};
use crate::parameters::{
    COUNTER_CAP_BITS, FAMILY_CAP_BITS, HANDOVER_SECONDS, INTENT_SHARE, LEAST_ACCOUNTS, LEAST_EXPECTED_PAIRS,
    LEAST_ROTATION, MOST_PAYLOAD_HOLDERS, MOST_TESTED, REVIEW_LEVEL, SEVERAL_PEOPLE, SHARDING_LEVEL, SINGLE_EXCHANGES,
    SUCCESSION_DAYS,
};
use crate::profile::shortened;
use crate::signal::channel::{Channel, Holdings};

/// How findings name where they come from.
pub(crate) struct Provenance {
    pub(crate) source: Source,
    pub(crate) rounds: usize,
}

/// Evidence and counter-evidence of a finding, by family, strongest first.
pub(crate) fn evidence(
    setting: &Setting<'_>,
    finding: &Finding,
    provenance: &Provenance,
) -> (Vec<Evidence>, Vec<Evidence>) {
    let writer = Writer { setting, set: &finding.set, provenance, observed: last_seen(setting, &finding.set) };
    let mut all = writer.content();
    all.extend(
        Channel::ALL.iter().zip(setting.holdings).filter_map(|(&channel, holdings)| writer.likeness(channel, holdings)),
    );
    all.push(writer.synchrony());
    all.extend(writer.content_test());
    all.extend(writer.handover());
    all.extend(writer.intent());
    all.extend(writer.coverage());
    all.extend(writer.pool());
    all.extend(finding.succession.as_ref().and_then(|succession| writer.succession(succession)));
    all.extend(writer.behaviour());
    let (mut evidence, mut counter): (Vec<_>, Vec<_>) = all.into_iter().partition(|item| item.for_it);
    for list in [&mut evidence, &mut counter] {
        list.sort_by(|a, b| {
            (a.evidence.family, b.evidence.bits.0.abs()).cmp(&(b.evidence.family, a.evidence.bits.0.abs()))
        });
    }
    let plain = |list: Vec<Item>| list.into_iter().map(|item| item.evidence).collect();
    (plain(evidence), plain(counter))
}

/// The sum of the families' evidence, each capped, content and intent counted as one.
pub(crate) fn score(evidence: &[Evidence]) -> Millibits {
    let cap = Millibits::from_bits(FAMILY_CAP_BITS);
    let of = |family: Family| -> Millibits {
        evidence.iter().filter(|e| e.family.independent() == family).map(|e| e.bits).sum()
    };
    [Family::Content, Family::Infrastructure, Family::Timing, Family::Lifecycle, Family::Intelligence]
        .into_iter()
        .map(|family| of(family).capped(cap))
        .sum()
}

struct Item {
    evidence: Evidence,
    for_it: bool,
}

struct Writer<'a> {
    setting: &'a Setting<'a>,
    set: &'a Measured,
    provenance: &'a Provenance,
    observed: String,
}

impl Writer<'_> {
    fn item(&self, family: Family, kind: &str, statement: String, bits: f64, p_value: Option<PValue>) -> Item {
        let cap = if bits < 0.0 { COUNTER_CAP_BITS } else { FAMILY_CAP_BITS };
        Item {
            for_it: bits >= 0.0,
            evidence: Evidence {
                family,
                kind: kind.into(),
                statement,
                bits: Millibits::from_bits(bits).capped(Millibits::from_bits(cap)),
                p_value,
                subjects: Vec::new(),
                source: self.provenance.source.clone(),
                observed: Some(self.observed.clone()),
                expires: None,
            },
        }
    }

    fn content(&self) -> Vec<Item> {
        let (wording, accounts) = (&self.set.wording, self.set.accounts.len());
        let mut items = Vec::new();
        let everyone = self.setting.population.profiles.len();
        let outside = self.set.outside;
        let inside = wording.affinity.iter().filter(|share| **share > 0.0).count();
        items.push(self.item(
            Family::Content,
            "shared_passages",
            format!(
                "{inside} of {accounts} accounts ({} organisations) repeat passages out of {} that they have in common; the median account repeats {:.0} of them, in {:.0} % of its exchanges; {} of {} other accounts repeat half as many",
                self.set.owners,
                wording.shared.len(),
                wording.repeated,
                100.0 * wording.coverage,
                outside,
                everyone - accounts
            ),
            likelihood_ratio(inside, accounts, outside, everyone - accounts),
            None,
        ));
        if wording.rotation > LEAST_ROTATION {
            items.push(self.item(
                Family::Content,
                "rotating_wording",
                format!(
                    "the wording changes from request to request: {:.1} exchanges hold some shared passage for each that holds a given one, where a fixed template has 1.0; {:.0} % of the accounts that say enough to tell draw their wording from what all have in common",
                    wording.rotation,
                    100.0 * wording.drawn
                ),
                0.0,
                None,
            ));
        }
        for (kind, name, noun) in [
            (Kind::System, "system_prompt", "system prompt"),
            (Kind::Tools, "tool_schema", "set of tool definitions"),
            (Kind::Skeleton, "prompt_skeleton", "opening or closing of prompts"),
        ] {
            items.extend(self.identity(kind, name, noun));
        }
        items.extend(self.sharding());
        items.extend(self.repeated_sampling());
        items
    }

    /// The fingerprint that most accounts of the set repeat.
    fn identity(&self, kind: Kind, name: &str, noun: &str) -> Option<Item> {
        let profiles = &self.setting.population.profiles;
        let mut held: Vec<u64> =
            self.set.accounts.iter().flat_map(|&at| repeated(&profiles[at as usize], kind)).collect();
        held.sort_unstable();
        let inside = held.chunk_by(|a, b| a == b).map(<[u64]>::len).max()?;
        if inside < 3 {
            return None;
        }
        // Among equals, the one that fewest others repeat.
        let ties = held.chunk_by(|a, b| a == b).filter(|chunk| chunk.len() == inside);
        let outside = ties.map(|chunk| self.setting.census.repeating(kind, chunk[0]) as usize - inside).min()?;
        let (accounts, others) = (self.set.accounts.len(), profiles.len() - self.set.accounts.len());
        let bits = likelihood_ratio(inside, accounts, outside, others);
        (bits > 0.0).then(|| {
            let statement = format!(
                "{inside} of {accounts} accounts repeat the same {noun}; {outside} of {others} other accounts do"
            );
            self.item(Family::Content, name, statement, bits, None)
        })
    }

    /// Do members avoid each other's payloads? A payload passage is one that nobody repeats; passages that many members
    /// hold are pieces of their wording. The expectation comes from what members share with everybody else.
    fn sharding(&self) -> Option<Item> {
        let profiles = &self.setting.population.profiles;
        let mut repeated: Vec<u32> = self
            .set
            .accounts
            .iter()
            .flat_map(|&at| profiles[at as usize].passages.iter().map(|held| shortened(held.0)))
            .collect();
        repeated.sort_unstable();
        repeated.dedup();
        let of = |at: u32| {
            let once = profiles[at as usize].once.passages().iter().copied();
            once.filter(|passage| repeated.binary_search(passage).is_err())
        };
        let mut own: Vec<u32> = self.set.accounts.iter().flat_map(|&at| of(at)).collect();
        own.sort_unstable();
        let own: Vec<(u32, usize)> = own
            .chunk_by(|a, b| a == b)
            .filter(|chunk| chunk.len() <= MOST_PAYLOAD_HOLDERS)
            .map(|chunk| (chunk[0], chunk.len()))
            .collect();
        let total: usize = own.iter().map(|held| held.1).sum();
        let within: usize = own.iter().map(|held| held.1 * (held.1 - 1) / 2).sum();
        let census = &self.setting.census;
        let outside: usize =
            own.iter().map(|&(payload, inside)| inside * (census.payload(payload) as usize - inside)).sum();
        let others = census.payloads().saturating_sub(total as u64);
        #[expect(clippy::cast_precision_loss, reason = "counts of passages")]
        let expected = outside as f64 * total as f64 / (2.0 * others.max(1) as f64);
        let p = poisson_lower_tail(within as u64, expected);
        if expected < LEAST_EXPECTED_PAIRS || p > SHARDING_LEVEL {
            return None;
        }
        let statement = format!(
            "the work was divided: of {total} sampled payload passages, {within} pairs of accounts share one where {expected:.1} would if members chose as others do"
        );
        let p_value =
            PValue { value: p, smallest: 0.0, null: "Poisson, at the rate of sharing with accounts outside".into() };
        Some(self.item(Family::Content, "payload_sharding", statement, -p.max(1e-6).log2(), Some(p_value)))
    }

    fn repeated_sampling(&self) -> Option<Item> {
        let of = |at: &u32| &self.setting.population.profiles[*at as usize];
        let sampling = self.set.accounts.iter().map(of).filter(|profile| profile.resamples).count();
        (2 * sampling >= self.set.accounts.len()).then(|| {
            let statement = format!(
                "{sampling} of {} accounts ask for several answers to the same prompt",
                self.set.accounts.len()
            );
            self.item(Family::Content, "repeated_sampling", statement, 0.0, None)
        })
    }

    fn likeness(&self, channel: Channel, holdings: &Holdings) -> Option<Item> {
        if holdings.known(&self.set.accounts) == 0 {
            return None;
        }
        let test = self.set.tested.channel(channel);
        let noun = channel.noun();
        let kind = match channel {
            Channel::Network => "shared_network",
            Channel::Payment => "shared_payment",
            Channel::Owner => "declared_owner",
            Channel::Carrier => "carrier_concentration",
            Channel::Domain => "mail_domain_concentration",
            Channel::Signup => "signup_burst",
            Channel::Adoption => "release_pivot",
            Channel::Client => "client_fingerprint",
            Channel::Parameters => "sampling_parameters",
        };
        let significant = test.p <= REVIEW_LEVEL;
        let p_value = Some(self.p_value(test, "stratified permutation of accounts, maximum over all candidates"));
        if !significant {
            let statement =
                format!("{noun} are shared no more than chance explains (z = {:.1}, p = {:.3})", test.z, test.p);
            let bits = if test.z < 0.0 { -loss(test.z) } else { 0.0 };
            let mut item = self.item(channel.family(), kind, statement, bits, p_value);
            item.for_it = false;
            return Some(item);
        }
        let commonest = holdings.commonest(&self.set.accounts).map_or_else(String::new, |(_, inside, anywhere)| {
            format!("; the commonest is held by {inside} of {} owners inside and {anywhere} anywhere", self.set.owners)
        });
        let note = match channel {
            Channel::Client | Channel::Adoption => {
                "; not counted as independent, since what runs a template also makes the connection and chooses the model"
            }
            _ => "",
        };
        let linked = match channel {
            Channel::Network | Channel::Payment | Channel::Owner => {
                let mut scratch = crate::signal::channel::Scratch::default();
                let linked =
                    holdings.links(&self.set.accounts, &mut scratch).into_iter().filter(|linked| *linked).count();
                format!("{linked} of {} accounts share {noun} with another owner of the set", self.set.accounts.len())
            }
            _ => format!("{noun} agree across owners"),
        };
        let statement = format!(
            "{linked} (z = {:.1} against accounts of the same strata, p = {:.3}){commonest}{note}{}",
            test.z,
            test.p,
            self.sampled()
        );
        let bits = if matches!(channel, Channel::Client | Channel::Adoption) { 0.0 } else { gain(test) };
        Some(self.item(channel.family(), kind, statement, bits, p_value))
    }

    fn synchrony(&self) -> Item {
        let test = self.set.tested.synchrony();
        let p_value = Some(self.p_value(test, "activity moved within its half-hours, maximum over all candidates"));
        let (pairs, expected) = (test.observed, test.mean);
        if test.p > REVIEW_LEVEL {
            let statement = format!(
                "accounts share minutes as half-hours and habits explain ({pairs:.0} pairs, {expected:.0} expected, p = {:.3})",
                test.p
            );
            let mut item = self.item(Family::Timing, "synchrony", statement, 0.0, p_value);
            item.for_it = false;
            return item;
        }
        let (kind, what) = if test.z < 0.0 {
            ("load_balancing", "accounts avoid each other's minutes, as workers on one queue do, and their sum is flat")
        } else {
            ("synchrony", "accounts are active in the same minutes")
        };
        let statement = format!(
            "{what}: {pairs:.0} pairs where {expected:.0} are expected from the half-hours they were active in (z = {:.1}, p = {:.3})",
            test.z, test.p
        );
        self.item(Family::Timing, kind, statement + self.sampled(), gain(test), p_value)
    }

    /// What the accounts say, where it was tested because it did not choose them.
    fn content_test(&self) -> Option<Item> {
        let test = self.set.tested.content();
        if self.set.origin.is_by_content() || test.p > REVIEW_LEVEL {
            return None;
        }
        let statement = format!(
            "accounts that were not chosen by what they say have wording in common (z = {:.1} against accounts of the same strata, p = {:.3})",
            test.z, test.p
        );
        let p_value = self.p_value(test, "stratified permutation of accounts, maximum over all candidates");
        Some(self.item(Family::Content, "common_wording", statement, gain(test), Some(p_value)))
    }

    /// Whether accounts keep asking for what they have not asked before, as whoever works off a list does. Told without
    /// weight: crawlers and classifiers do so too.
    fn coverage(&self) -> Option<Item> {
        let share = |profile: &crate::profile::Profile| {
            #[expect(clippy::cast_precision_loss, reason = "numbers of prompts")]
            let share = profile.prompts.len() as f64 / profile.with_text as f64;
            share.min(1.0)
        };
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (at, profile) in (0_u32..).zip(&self.setting.population.profiles) {
            if profile.with_text >= SINGLE_EXCHANGES / 2 {
                let member = self.set.accounts.binary_search(&at).is_ok();
                (if member { &mut inside } else { &mut outside }).push(share(profile));
            }
        }
        if inside.len() < LEAST_ACCOUNTS || outside.len() < LEAST_ACCOUNTS {
            return None;
        }
        let statement = format!(
            "of the prompts of the median account, {:.0} % are new each time ({:.0} % among others), over {} accounts with enough of them",
            100.0 * median(&mut inside),
            100.0 * median(&mut outside),
            inside.len()
        );
        Some(self.item(Family::Intent, "coverage_growth", statement, 0.0, None))
    }

    /// One account begins when another stops at its limit.
    fn handover(&self) -> Option<Item> {
        let handover = self.setting.handover(&self.set.accounts)?;
        (handover.p <= REVIEW_LEVEL).then(|| {
            let statement = format!(
                "{} of {} stops at the rate limit are followed by another account of the set within {HANDOVER_SECONDS} seconds, where {:.1} would be by chance; a common timetable may do the same, so it is not counted",
                handover.followed, handover.stops, handover.expected
            );
            let null = "Poisson, at the rate of beginnings in the hour before, times the candidates".into();
            let p_value = PValue { value: handover.p, smallest: 0.0, null };
            self.item(Family::Timing, "quota_handover", statement, 0.0, Some(p_value))
        })
    }

    /// What the prompts seem to be after, where most accounts are after the same and others are not.
    fn intent(&self) -> Vec<Item> {
        let profiles = &self.setting.population.profiles;
        let mut items = Vec::new();
        for intent in Intent::ALL {
            let (mut inside, mut outside) = (0, 0);
            for (at, profile) in (0_u32..).zip(profiles) {
                if profile.share_of(intent) >= INTENT_SHARE {
                    let member = self.set.accounts.binary_search(&at).is_ok();
                    *(if member { &mut inside } else { &mut outside }) += 1;
                }
            }
            let (accounts, others) = (self.set.accounts.len(), profiles.len() - self.set.accounts.len());
            let bits = likelihood_ratio(inside, accounts, outside, others);
            if 2 * inside >= accounts && bits > 0.0 {
                let statement = format!(
                    "{inside} of {accounts} accounts ask in at least half of their prompts for {}, as far as a lexicon tells; {outside} of {others} other accounts do",
                    intent.describe()
                );
                items.push(self.item(Family::Intent, "intent", statement, bits, None));
            }
        }
        items
    }

    /// Many people behind each account.
    fn pool(&self) -> Option<Item> {
        let pool = &self.set.pool;
        self.set.is_relay().then(|| {
            let statement = format!(
                "{:.0} % of the accounts show at least {SEVERAL_PEOPLE} clients or end users each ({:.1} % elsewhere), through addresses that {} accounts outside use: many people behind a pool of accounts",
                100.0 * pool.several,
                100.0 * pool.elsewhere,
                pool.bystanders
            );
            let p_value = PValue { value: pool.p, smallest: 0.0, null: "Poisson, at the rate of accounts outside".into() };
            self.item(Family::Infrastructure, "pooled_accounts", statement, 0.0, Some(p_value))
        })
    }

    /// Accounts that came after others were closed.
    fn succession(&self, succession: &Succession) -> Option<Item> {
        succession.is_succession().then(|| {
            let statement = format!(
                "{} of {} accounts came within {SUCCESSION_DAYS} days after one of {} accounts that say or pay or connect alike was closed; {:.1} would have at the rate of all others",
                succession.came,
                self.set.accounts.len(),
                succession.followed.len(),
                succession.expected
            );
            let p_value = PValue { value: succession.p, smallest: 0.0, null: "Poisson, at the rate of arrivals of all other accounts, times the candidates".into() };
            self.item(Family::Lifecycle, "successors", statement, -succession.p.max(1e-6).log2(), Some(p_value))
        })
    }

    /// What is said of a set so large that the tests looked at a part of it.
    fn sampled(&self) -> &'static str {
        if self.set.accounts.len() > MOST_TESTED { "; tested on 400 accounts drawn from the set" } else { "" }
    }

    /// Volume, turns and clock beside accounts of the same plan and contract. Told without weight.
    fn behaviour(&self) -> Option<Item> {
        let profiles = &self.setting.population.profiles;
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let (mut turns, mut clock) = (Vec::new(), [0_u64; 24]);
        let plans: std::collections::BTreeSet<_> =
            self.set.accounts.iter().map(|&at| profiles[at as usize].account.plan.as_deref()).collect();
        for (at, profile) in profiles.iter().enumerate() {
            let member = u32::try_from(at).is_ok_and(|at| self.set.accounts.binary_search(&at).is_ok());
            if member {
                inside.push(profile.daily());
                turns.push(profile.single_turns());
                profile.hours.iter().zip(&mut clock).for_each(|(count, sum)| *sum += u64::from(*count));
            } else if plans.contains(&profile.account.plan.as_deref()) {
                outside.push(profile.daily());
            }
        }
        let (quietest, busiest) = (clock.iter().min()?, clock.iter().max()?);
        let statement = format!(
            "the median account makes {:.1} requests on an active day ({:.1} among others of its plan); {:.0} % of its requests are single turns; the busiest hour has {} requests and the quietest {}",
            median(&mut inside),
            median(&mut outside),
            100.0 * median(&mut turns),
            busiest,
            quietest
        );
        Some(self.item(Family::Timing, "volume_and_clock", statement, 0.0, None))
    }

    fn p_value(&self, test: &Test, null: &str) -> PValue {
        #[expect(clippy::cast_precision_loss, reason = "few rounds")]
        let smallest = FAMILIES / (self.provenance.rounds + 1) as f64;
        PValue { value: test.p, smallest, null: null.into() }
    }
}

/// How surprising a test is under its null, in bits: −log2 p. No more than the rounds can show.
fn gain(test: &Test) -> f64 {
    -test.p.log2()
}

/// log2 of the largest likelihood ratio that a normal shift of the observed size gives: z² / (2 ln 2).
fn loss(z: f64) -> f64 {
    z * z / (2.0 * std::f64::consts::LN_2)
}

/// log2 of how much likelier a member is to show it than anybody else, half a count added to each (Jeffreys).
pub(crate) fn likelihood_ratio(inside: usize, accounts: usize, outside: usize, others: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
    let rate = |count: usize, of: usize| (count as f64 + 0.5) / (of as f64 + 1.0);
    (rate(inside, accounts) / rate(outside, others)).log2()
}

fn last_seen(setting: &Setting<'_>, set: &Measured) -> String {
    let last = set.accounts.iter().map(|&at| setting.population.profiles[at as usize].last).max();
    last.map_or_else(String::new, Micros::to_rfc3339)
}
