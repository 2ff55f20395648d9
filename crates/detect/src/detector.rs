use std::collections::BTreeMap;

use stillwatch_core::{
    Account, AccountId, AccountType, Family, Micros, NotEvaluated, Permit, Policy, Source, WatchedIndicator, Window,
};
use stillwatch_digest::{AccountWindow, Kind, Names};

use crate::census::Census;
use crate::coverage::{not_evaluated, too_busy_to_seek};
use crate::findings::campaign::{campaign, single};
use crate::findings::category::Categories;
use crate::findings::evidence::Provenance;
use crate::findings::exhibit::exhibit;
use crate::findings::intelligence::intelligence;
use crate::findings::watch::Watch;
use crate::judge::finding::{Means, Sought, findings};
use crate::judge::setting::Setting;
use crate::judge::single::singles;
use crate::null::{FAMILIES, Null};
use crate::parameters::{ACT_LEVEL, RESOLUTIONS, REVIEW_LEVEL};
use crate::population::Population;
use crate::profile::{Organization, Profile};
use crate::report::{Campaign, Category, DetectionReport, Inputs, Nulls, Permitted, ReportWindow, SCHEMA};
use crate::seek::candidate::{Candidate, candidates, owned};
use crate::seek::concert::Concert;
use crate::seek::content::ContentIndex;
use crate::signal::channel::{Channel, Holdings};
use crate::signal::timing::Activity;

/// How to detect.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Threads to use; zero means one. The result is the same for any number.
    pub threads: usize,
    /// Families of evidence that are left out of the tests, to see what the others carry: infrastructure, timing or
    /// lifecycle.
    /// Content cannot be left out, since it gives the candidates.
    pub without: Vec<Family>,
}

impl Known {
    fn new(permit: Permit, names: &Names) -> Self {
        let organization =
            permit.organization.as_ref().map(|name| names.fingerprint(Kind::Organization, name.as_str()));
        let models = permit.models.iter().map(|model| names.fingerprint(Kind::Model, model)).collect();
        Self { permit, organization, models }
    }

    fn names(&self, profile: &Profile) -> bool {
        let account = &profile.account;
        self.permit.names(&account.account, account.organization.as_ref())
            || self.organization.is_some_and(|name| profile.organization() == Some(Organization::Logged(name)))
    }

    /// Whether it covers all that the account did.
    fn covers(&self, profile: &Profile) -> bool {
        self.permit.covers(profile.first.day(), profile.last.day()) && profile.uses_only(&self.models)
    }
}

/// Takes the window of every account, then finds the campaigns among them.
pub struct Detector {
    table: BTreeMap<AccountId, Account>,
    has_table: bool,
    population: Population,
    permits: Vec<Known>,
    names: Names,
    options: Options,
    categories: Option<Categories>,
    watch: Option<Watch>,
}

/// A permit, with the fingerprints of the names in it.
struct Known {
    permit: Permit,
    organization: Option<u64>,
    models: Vec<u64>,
}

impl Detector {
    /// `accounts` is the account table, empty where there is none; `names` are those of the key that the digests were
    /// made under.
    pub fn new(accounts: Vec<Account>, permits: Vec<Permit>, names: &Names, options: Options) -> Self {
        let permits = permits.into_iter().map(|permit| Known::new(permit, names)).collect();
        let table: BTreeMap<_, _> = accounts.into_iter().map(|account| (account.account.clone(), account)).collect();
        Self {
            has_table: !table.is_empty(),
            table,
            population: Population::default(),
            permits,
            names: *names,
            options,
            categories: None,
            watch: None,
        }
    }

    /// Tells in the report's `categories` whom the rules of a policy restrict. No campaign depends on it.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy, names: &Names) -> Self {
        self.categories = Some(Categories::new(policy, names));
        self
    }

    /// Tells in the report's `sightings` who matches a watch-list, and adds it to the evidence of campaigns. Neither which
    /// campaigns there are nor their tiers depend on it.
    #[must_use]
    pub fn with_watchlist(mut self, indicators: Vec<WatchedIndicator>, names: &Names) -> Self {
        self.watch = Some(Watch::new(indicators, names));
        self
    }

    /// Adds the window of one account. Each account is added once; the order does not matter.
    pub fn add(&mut self, account: AccountId, window: &AccountWindow) {
        self.population.add(self.table.remove(&account), account, window);
    }

    /// Finds the campaigns. `inputs` is what the reader counted; the fields that only detection can know
    /// (`exchanges`, `accounts`, `accounts_without_row`) are filled in here.
    pub fn detect(mut self, window: Window, mut inputs: Inputs) -> DetectionReport {
        self.population.sort();
        let profiles = &self.population.profiles;
        inputs.accounts = profiles.len() as u64;
        inputs.exchanges = profiles.iter().map(|profile| profile.exchanges).sum();
        inputs.accounts_without_row =
            if self.has_table { profiles.iter().filter(|profile| !profile.in_table).count() as u64 } else { 0 };
        let first = profiles.iter().map(|profile| profile.first).min().map(Micros::to_rfc3339);
        let last = profiles.iter().map(|profile| profile.last).max().map(Micros::to_rfc3339);
        let input = self.input_digest();
        let mut not_evaluated = not_evaluated(&self.population, self.has_table, &self.options.without);
        let categories = self.categories.as_ref().map(|categories| self.restricted(categories)).unwrap_or_default();
        let matches = self.watch.as_ref().map(|watch| watch.look(&self.population));
        let permitted = self.set_aside();
        let (mut campaigns, nulls, unsought) = self.campaigns(&input);
        not_evaluated.extend(unsought);
        let looked_up = self.watch.as_ref().zip(matches.as_ref());
        let (watchlist, sightings) =
            looked_up.map(|(watch, matches)| intelligence(watch, matches, &mut campaigns, &permitted, &input)).unzip();
        DetectionReport {
            schema: SCHEMA.into(),
            tool: concat!("stillwatch ", env!("CARGO_PKG_VERSION")).into(),
            window: ReportWindow {
                since: window.since.map(Micros::to_rfc3339),
                until: window.until.map(Micros::to_rfc3339),
                first,
                last,
            },
            inputs,
            nulls,
            not_evaluated,
            campaigns,
            categories,
            permitted,
            watchlist,
            sightings: sightings.unwrap_or_default(),
        }
    }

    /// Names what was looked at, by numbers that depend neither on the key nor on how the log was cut into files.
    fn input_digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for profile in &self.population.profiles {
            hasher.update(profile.account.account.as_str().as_bytes()).update(&[0]);
            for number in [profile.exchanges, profile.answered, profile.input_tokens, profile.output_tokens] {
                hasher.update(&number.to_le_bytes());
            }
            hasher.update(&profile.first.0.to_le_bytes()).update(&profile.last.0.to_le_bytes());
        }
        hasher.finalize().to_hex()[..32].to_string()
    }

    /// Applies the written rules to all accounts, those that are set aside afterwards included.
    fn restricted(&self, categories: &Categories) -> Vec<Category> {
        categories.apply(&self.population.profiles, |profile| {
            let holding = self.permits.iter().filter(|known| known.names(profile) && known.covers(profile));
            holding.map(|known| &known.permit).collect()
        })
    }

    /// Takes out accounts under a permit, which are told; the provider's own; and aggregators, whose traffic is other
    /// people's.
    fn set_aside(&mut self) -> Vec<Permitted> {
        let mut told: Vec<Permitted> = self
            .permits
            .iter()
            .map(|Known { permit, .. }| Permitted {
                holder: permit.holder.clone(),
                organization: permit.organization.clone(),
                valid_from: permit.valid_from.clone(),
                valid_until: permit.valid_until.clone(),
                accounts: Vec::new(),
                exchanges: 0,
            })
            .collect();
        let permits = &self.permits;
        self.population.profiles.retain_mut(|profile| {
            let holding = permits.iter().position(|known| known.names(profile) && known.covers(profile));
            if let Some(at) = holding {
                told[at].accounts.push(profile.account.account.clone());
                told[at].exchanges += profile.exchanges;
            }
            profile.named_by_permit = holding.is_none() && permits.iter().any(|known| known.names(profile));
            let kind = profile.account.account_type;
            holding.is_none() && !matches!(kind, AccountType::Internal | AccountType::Aggregator)
        });
        told.retain(|permitted| !permitted.accounts.is_empty());
        told
    }

    fn campaigns(&self, input: &str) -> (Vec<Campaign>, Nulls, Option<NotEvaluated>) {
        let population = &self.population;
        let content = ContentIndex::new(population).graph();
        let owners = population.owners();
        let (candidates, growth) = candidates(population, &owners, &content);
        let without = |family| self.options.without.contains(&family);
        let holdings = Channel::ALL.map(|channel| Holdings::new(population, channel, without(channel.family())));
        let activity = Activity::new(&population.profiles, without(Family::Timing));
        let owned = if without(Family::Infrastructure) { Vec::new() } else { owned(population, &owners) };
        let concerts = Concert::new(&activity.half(false)).map(Concert::candidates);
        let too_busy = concerts.is_none();
        let concerts = concerts.unwrap_or_default();
        let all: Vec<Candidate> = candidates.iter().chain(&owned).chain(&concerts).cloned().collect();
        let null = Null::new(population, &all, (&owners, &content), (&holdings, &activity), self.options.threads);
        let sought = |candidates: Vec<Candidate>| Sought { outcome: null.test(&candidates), candidates };
        let (by_content, otherwise) = (sought(candidates), [sought(owned), sought(concerts)]);
        let rounds = otherwise.iter().map(|sought| sought.outcome.rounds).fold(by_content.outcome.rounds, usize::max);
        #[expect(clippy::cast_precision_loss, reason = "few rounds")]
        let smallest_q = FAMILIES / (rounds + 1) as f64;
        let nulls = Nulls {
            candidates: all.len() as u64,
            rounds: rounds as u64,
            smallest_q,
            method: "stratified permutation of accounts and of minutes within half-hours; maximum statistic over all candidates sought in the same way".into(),
        };
        let provenance = Provenance {
            source: Source::current(
                input,
                format!("densities {RESOLUTIONS:?} millionths, act {ACT_LEVEL}, review {REVIEW_LEVEL}"),
            ),
            rounds,
        };
        let setting = Setting {
            population,
            owners: &owners,
            holdings: &holdings,
            census: Census::new(population),
            sets: all.len(),
            without: &self.options.without,
        };
        let in_concert = otherwise[1].outcome.tested.iter().any(|tested| tested.q <= REVIEW_LEVEL);
        let concert = in_concert.then(|| Concert::new(&activity)).flatten();
        let means = Means { content: &content, growth: &growth, concert: concert.as_ref() };
        let findings = findings(&setting, &null, &means, by_content, &otherwise);
        let mut campaigns: Vec<Campaign> =
            findings.iter().map(|finding| campaign(&setting, finding, &provenance)).collect();
        let told: Vec<u32> = findings.iter().flat_map(|finding| finding.set.accounts.iter().copied()).collect();
        let alone = singles(population).into_iter().filter(|one| !told.contains(&one.account));
        campaigns.extend(alone.map(|one| single(&setting, &one, &provenance)));
        campaigns.sort_by(|a, b| (b.tier, b.exchanges, &a.id).cmp(&(a.tier, a.exchanges, &b.id)));
        exhibit(population, &owners, &self.names, &self.options.without, &mut campaigns);
        (campaigns, nulls, too_busy.then(too_busy_to_seek))
    }
}
