//! What a finding is told with: sentences that carry their numbers.

use std::collections::BTreeSet;

use stillwatch_core::statistics::jeffreys_bits;
use stillwatch_core::{
    Evidence, Family, Measure, Micros, Millibits, PValue, Source, Unit, count, float, median, poisson_lower_tail, ratio,
};
use stillwatch_digest::{Intent, Kind};

use crate::census::repeated;
use crate::findings::sign::Sign;
use crate::judge::finding::Finding;
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::succession::Succession;
use crate::null::{Test, smallest_p};
use crate::parameters::{
    COUNTER_CAP_BITS, FAMILY_CAP_BITS, HANDOVER_SECONDS, INTENT_SHARE, LEAST_ACCOUNTS, LEAST_EXPECTED_PAIRS,
    LEAST_ROTATION, MOST_PAYLOAD_HOLDERS, MOST_TESTED, REVIEW_LEVEL, SEVERAL_PEOPLE, SHARDING_LEVEL, SINGLE_EXCHANGES,
    SUCCESSION_DAYS,
};
use crate::profile::{Profile, shortened};
use crate::signal::channel::{Channel, Holdings, Scratch};

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

impl Item {
    fn measured(mut self, measures: impl IntoIterator<Item = Measure>) -> Self {
        self.evidence.measures.extend(measures);
        self
    }
}

struct Writer<'a> {
    setting: &'a Setting<'a>,
    set: &'a Measured,
    provenance: &'a Provenance,
    observed: String,
}

impl Writer<'_> {
    fn item(&self, family: Family, sign: Sign, statement: String, bits: f64, p_value: Option<PValue>) -> Item {
        let cap = if bits < 0.0 { COUNTER_CAP_BITS } else { FAMILY_CAP_BITS };
        Item {
            for_it: bits >= 0.0,
            evidence: Evidence {
                family,
                kind: sign.into(),
                statement,
                measures: Vec::new(),
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
        let everyone = self.setting.population.len();
        let outside = self.set.outside;
        let inside = wording.affinity.iter().filter(|share| **share > 0.0).count();
        items.push(self.item(
            Family::Content,
            Sign::SharedPassages,
            format!(
                "{inside} of {accounts} accounts ({} organisations) repeat passages out of {} that they have in common; the median account repeats {:.0} of them, in {:.0} % of its exchanges; {} of {} other accounts repeat half as many",
                self.set.owners,
                wording.shared.len(),
                wording.repeated,
                100.0 * wording.coverage,
                outside,
                everyone - accounts
            ),
            jeffreys_bits(inside, accounts, outside, everyone - accounts),
            None,
        )
        .measured(beside(inside, accounts, outside, everyone - accounts))
        .measured([
            Measure::count("organizations", self.set.owners, Unit::Organizations),
            Measure::count("passages", wording.shared.len(), Unit::Passages),
            Measure::real("passages_median", wording.repeated, Unit::Passages),
            Measure::share("exchanges_median", wording.coverage),
        ]));
        if wording.rotation > LEAST_ROTATION {
            items.push(self.item(
                Family::Content,
                Sign::RotatingWording,
                format!(
                    "the wording changes from request to request: {:.1} exchanges hold some shared passage for each that holds a given one, where a fixed template has 1.0; {:.0} % of the accounts that say enough to tell draw their wording from what all have in common",
                    wording.rotation,
                    100.0 * wording.drawn
                ),
                0.0,
                None,
            )
            .measured([
                Measure::real("rotation", wording.rotation, Unit::Ratio),
                Measure::share("accounts_drawing", wording.drawn),
            ]));
        }
        for (kind, sign, noun) in [
            (Kind::System, Sign::SystemPrompt, "system prompt"),
            (Kind::Tools, Sign::ToolSchema, "set of tool definitions"),
            (Kind::Skeleton, Sign::PromptSkeleton, "opening or closing of prompts"),
        ] {
            items.extend(self.identity(kind, sign, noun));
        }
        items.extend(self.sharding());
        items.extend(self.repeated_sampling());
        items
    }

    /// The fingerprint that most accounts of the set repeat.
    fn identity(&self, kind: Kind, sign: Sign, noun: &str) -> Option<Item> {
        let population = self.setting.population;
        let mut held: Vec<u64> =
            population.of(&self.set.accounts).flat_map(|profile| repeated(profile, kind)).collect();
        held.sort_unstable();
        let inside = held.chunk_by(|a, b| a == b).map(<[u64]>::len).max()?;
        if inside < 3 {
            return None;
        }
        // Among equals, the one that fewest others repeat.
        let ties = held.chunk_by(|a, b| a == b).filter(|chunk| chunk.len() == inside);
        let anywhere = ties.filter_map(<[u64]>::first).map(|&held| self.setting.census.repeating(kind, held));
        let outside = anywhere.min()? - inside;
        let (accounts, others) = (self.set.accounts.len(), population.len() - self.set.accounts.len());
        let bits = jeffreys_bits(inside, accounts, outside, others);
        (bits > 0.0).then(|| {
            let statement = format!(
                "{inside} of {accounts} accounts repeat the same {noun}; {outside} of {others} other accounts do"
            );
            self.item(Family::Content, sign, statement, bits, None).measured(beside(inside, accounts, outside, others))
        })
    }

    /// Do members avoid each other's payloads? A payload passage is one that nobody repeats; passages that many members
    /// hold are pieces of their wording. The expectation comes from what members share with everybody else.
    fn sharding(&self) -> Option<Item> {
        let profiles = || self.setting.population.of(&self.set.accounts);
        let mut repeated: Vec<u32> =
            profiles().flat_map(|profile| profile.passages.iter().map(|held| shortened(held.0))).collect();
        repeated.sort_unstable();
        repeated.dedup();
        let once = profiles().flat_map(|profile| profile.once.passages().iter().copied());
        let mut own: Vec<u32> = once.filter(|passage| repeated.binary_search(passage).is_err()).collect();
        own.sort_unstable();
        let own: Vec<(u32, usize)> = own
            .chunk_by(|a, b| a == b)
            .filter(|chunk| chunk.len() <= MOST_PAYLOAD_HOLDERS)
            .filter_map(|chunk| Some((*chunk.first()?, chunk.len())))
            .collect();
        let total: usize = own.iter().map(|held| held.1).sum();
        let within: usize = own.iter().map(|held| held.1 * (held.1 - 1) / 2).sum();
        let census = &self.setting.census;
        let outside: usize = own.iter().map(|&(payload, inside)| inside * (census.payload(payload) - inside)).sum();
        let others = census.payloads().saturating_sub(count(total));
        let expected = float(outside) * float(total) / (2.0 * float(others.max(1)));
        let p = poisson_lower_tail(count(within), expected);
        if expected < LEAST_EXPECTED_PAIRS || p > SHARDING_LEVEL {
            return None;
        }
        let statement = format!(
            "the work was divided: of {total} sampled payload passages, {within} pairs of accounts share one where {expected:.1} would if members chose as others do"
        );
        let p_value =
            PValue { value: p, smallest: 0.0, null: "Poisson, at the rate of sharing with accounts outside".into() };
        let item = self.item(Family::Content, Sign::PayloadSharding, statement, -p.max(1e-6).log2(), Some(p_value));
        Some(item.measured([
            Measure::count("passages", total, Unit::Passages),
            Measure::count("pairs", within, Unit::Pairs),
            Measure::real("pairs_expected", expected, Unit::Pairs),
        ]))
    }

    fn repeated_sampling(&self) -> Option<Item> {
        let sampling = self.setting.population.of(&self.set.accounts).filter(|profile| profile.resamples).count();
        (2 * sampling >= self.set.accounts.len()).then(|| {
            let statement = format!(
                "{sampling} of {} accounts ask for several answers to the same prompt",
                self.set.accounts.len()
            );
            self.item(Family::Content, Sign::RepeatedSampling, statement, 0.0, None).measured([
                Measure::count("accounts_sampling", sampling, Unit::Accounts),
                Measure::count("accounts", self.set.accounts.len(), Unit::Accounts),
            ])
        })
    }

    fn likeness(&self, channel: Channel, holdings: &Holdings) -> Option<Item> {
        if holdings.known(&self.set.accounts) == 0 {
            return None;
        }
        let test = self.set.tested.channel(channel);
        let noun = channel.noun();
        let sign = Sign::from(channel);
        let significant = test.p <= REVIEW_LEVEL;
        let p_value = Some(self.p_value(test, "stratified permutation of accounts, maximum over all candidates"));
        if !significant {
            let statement =
                format!("{noun} are shared no more than chance explains (z = {:.1}, p = {:.3})", test.z, test.p);
            let bits = if test.z < 0.0 { -loss(test.z) } else { 0.0 };
            let mut item = self.item(channel.family(), sign, statement, bits, p_value).measured([deviations(test)]);
            item.for_it = false;
            return Some(item);
        }
        let mut measures = vec![deviations(test)];
        let commonest = holdings.commonest(&self.set.accounts).map_or_else(String::new, |(inside, anywhere)| {
            measures.extend([
                Measure::count("owners_of_commonest", inside, Unit::Owners),
                Measure::count("owners", self.set.owners, Unit::Owners),
                Measure::count("owners_of_commonest_anywhere", anywhere, Unit::Owners),
            ]);
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
                let mut scratch = Scratch::default();
                let linked =
                    holdings.links(&self.set.accounts, &mut scratch).into_iter().filter(|linked| *linked).count();
                measures.extend([
                    Measure::count("accounts_linked", linked, Unit::Accounts),
                    Measure::count("accounts", self.set.accounts.len(), Unit::Accounts),
                ]);
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
        Some(self.item(channel.family(), sign, statement, bits, p_value).measured(measures))
    }

    fn synchrony(&self) -> Item {
        let test = self.set.tested.synchrony();
        let p_value = Some(self.p_value(test, "activity moved within its half-hours, maximum over all candidates"));
        let (pairs, expected) = (test.observed, test.mean);
        let measures = [
            deviations(test),
            Measure::real("pairs", pairs, Unit::Pairs),
            Measure::real("pairs_expected", expected, Unit::Pairs),
        ];
        if test.p > REVIEW_LEVEL {
            let statement = format!(
                "accounts share minutes as half-hours and habits explain ({pairs:.0} pairs, {expected:.0} expected, p = {:.3})",
                test.p
            );
            let mut item = self.item(Family::Timing, Sign::Synchrony, statement, 0.0, p_value).measured(measures);
            item.for_it = false;
            return item;
        }
        let (sign, what) = if test.z < 0.0 {
            (
                Sign::LoadBalancing,
                "accounts avoid each other's minutes, as workers on one queue do, and their sum is flat",
            )
        } else {
            (Sign::Synchrony, "accounts are active in the same minutes")
        };
        let statement = format!(
            "{what}: {pairs:.0} pairs where {expected:.0} are expected from the half-hours they were active in (z = {:.1}, p = {:.3})",
            test.z, test.p
        );
        self.item(Family::Timing, sign, statement + self.sampled(), gain(test), p_value).measured(measures)
    }

    /// What the accounts say, where it was tested because it did not choose them.
    fn content_test(&self) -> Option<Item> {
        let test = self.set.tested.content();
        if self.set.chosen_by.is_by_wording() || test.p > REVIEW_LEVEL {
            return None;
        }
        let statement = format!(
            "accounts that were not chosen by what they say have wording in common (z = {:.1} against accounts of the same strata, p = {:.3})",
            test.z, test.p
        );
        let p_value = self.p_value(test, "stratified permutation of accounts, maximum over all candidates");
        let item = self.item(Family::Content, Sign::CommonWording, statement, gain(test), Some(p_value));
        Some(item.measured([deviations(test)]))
    }

    /// Whether accounts keep asking for what they have not asked before, as whoever works off a list does. Told without
    /// weight: crawlers and classifiers do so too.
    fn coverage(&self) -> Option<Item> {
        let share = |profile: &Profile| ratio(profile.prompts.len(), profile.with_text).min(1.0);
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (at, profile) in self.setting.population.iter() {
            if profile.with_text >= SINGLE_EXCHANGES / 2 {
                let member = self.set.accounts.contains(at);
                (if member { &mut inside } else { &mut outside }).push(share(profile));
            }
        }
        if inside.len() < LEAST_ACCOUNTS || outside.len() < LEAST_ACCOUNTS {
            return None;
        }
        let (own, others) = (median(&mut inside), median(&mut outside));
        let statement = format!(
            "of the prompts of the median account, {:.0} % are new each time ({:.0} % among others), over {} accounts with enough of them",
            100.0 * own,
            100.0 * others,
            inside.len()
        );
        Some(self.item(Family::Intent, Sign::CoverageGrowth, statement, 0.0, None).measured([
            Measure::share("new_median", own),
            Measure::share("new_median_of_others", others),
            Measure::count("accounts", inside.len(), Unit::Accounts),
        ]))
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
            self.item(Family::Timing, Sign::QuotaHandover, statement, 0.0, Some(p_value)).measured([
                Measure::count("stops_followed", handover.followed, Unit::Stops),
                Measure::count("stops", handover.stops, Unit::Stops),
                Measure::real("stops_expected", handover.expected, Unit::Stops),
            ])
        })
    }

    /// What the prompts seem to be after, where most accounts are after the same and others are not.
    fn intent(&self) -> Vec<Item> {
        let population = self.setting.population;
        let mut items = Vec::new();
        for intent in Intent::ALL {
            let (mut inside, mut outside) = (0, 0);
            for (at, profile) in population.iter() {
                if profile.share_of(intent) >= INTENT_SHARE {
                    let member = self.set.accounts.contains(at);
                    *(if member { &mut inside } else { &mut outside }) += 1;
                }
            }
            let (accounts, others) = (self.set.accounts.len(), population.len() - self.set.accounts.len());
            let bits = jeffreys_bits(inside, accounts, outside, others);
            if 2 * inside >= accounts && bits > 0.0 {
                let statement = format!(
                    "{inside} of {accounts} accounts ask in at least half of their prompts for {}, as far as a lexicon tells; {outside} of {others} other accounts do",
                    intent.describe()
                );
                let item = self.item(Family::Intent, Sign::Intent, statement, bits, None);
                items.push(item.measured(beside(inside, accounts, outside, others)));
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
            self.item(Family::Infrastructure, Sign::PooledAccounts, statement, 0.0, Some(p_value)).measured([
                Measure::share("accounts_with_several", pool.several),
                Measure::share("others_with_several", pool.elsewhere),
                Measure::count("bystanders", pool.bystanders, Unit::Accounts),
            ])
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
            self.item(Family::Lifecycle, Sign::Successors, statement, -succession.p.max(1e-6).log2(), Some(p_value)).measured([
                Measure::count("accounts_that_came", succession.came, Unit::Accounts),
                Measure::count("accounts", self.set.accounts.len(), Unit::Accounts),
                Measure::real("accounts_expected", succession.expected, Unit::Accounts),
                Measure::count("accounts_closed", succession.followed.len(), Unit::Accounts),
            ])
        })
    }

    /// What is said of a set so large that the tests looked at a part of it.
    fn sampled(&self) -> &'static str {
        if self.set.accounts.len() > MOST_TESTED { "; tested on 400 accounts drawn from the set" } else { "" }
    }

    /// Volume, turns and clock beside accounts of the same plan and contract. Told without weight.
    fn behaviour(&self) -> Option<Item> {
        let population = self.setting.population;
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let (mut turns, mut clock) = (Vec::new(), [0_u64; 24]);
        let plans: BTreeSet<_> =
            population.of(&self.set.accounts).map(|profile| profile.account.plan.as_deref()).collect();
        for (at, profile) in population.iter() {
            if self.set.accounts.contains(at) {
                inside.push(profile.daily());
                turns.push(profile.single_turns());
                profile.hours.iter().zip(&mut clock).for_each(|(count, sum)| *sum += u64::from(*count));
            } else if plans.contains(&profile.account.plan.as_deref()) {
                outside.push(profile.daily());
            }
        }
        let (quietest, busiest) = (clock.iter().min()?, clock.iter().max()?);
        let (own, others, turns) = (median(&mut inside), median(&mut outside), median(&mut turns));
        let statement = format!(
            "the median account makes {own:.1} requests on an active day ({others:.1} among others of its plan); {:.0} % of its requests are single turns; the busiest hour has {busiest} requests and the quietest {quietest}",
            100.0 * turns
        );
        Some(self.item(Family::Timing, Sign::VolumeAndClock, statement, 0.0, None).measured([
            Measure::real("requests_median", own, Unit::ExchangesPerDay),
            Measure::real("requests_median_of_others", others, Unit::ExchangesPerDay),
            Measure::share("single_turns_median", turns),
            Measure::count("requests_in_busiest_hour", *busiest, Unit::Exchanges),
            Measure::count("requests_in_quietest_hour", *quietest, Unit::Exchanges),
        ]))
    }

    fn p_value(&self, test: &Test, null: &str) -> PValue {
        PValue { value: test.p, smallest: smallest_p(self.provenance.rounds), null: null.into() }
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

/// Accounts that show something, inside a set and outside.
fn beside(inside: usize, accounts: usize, outside: usize, others: usize) -> [Measure; 4] {
    [
        Measure::count("accounts_showing", inside, Unit::Accounts),
        Measure::count("accounts", accounts, Unit::Accounts),
        Measure::count("others_showing", outside, Unit::Accounts),
        Measure::count("others", others, Unit::Accounts),
    ]
}

fn deviations(test: &Test) -> Measure {
    Measure::real("z", test.z, Unit::Deviations)
}

fn last_seen(setting: &Setting<'_>, set: &Measured) -> String {
    let last = setting.population.of(&set.accounts).map(|profile| profile.last).max();
    last.map_or_else(String::new, Micros::to_rfc3339)
}
