use std::collections::BTreeMap;

use stillwatch_core::{
    Account, AccountId, AccountType, Cancel, Cancelled, Family, Micros, NotEvaluated, Permit, Policy, Progress, Source,
    WatchedIndicator, Window, count,
};
use stillwatch_digest::{AccountWindow, Kind, Names};

use crate::account::AccountSet;
use crate::answers::Crowd;
use crate::census::Census;
use crate::coverage::not_evaluated;
use crate::findings::campaign::{campaign, single};
use crate::findings::category::Categories;
use crate::findings::crowd::crowd;
use crate::findings::evidence::Provenance;
use crate::findings::exhibit::exhibit;
use crate::findings::intelligence::intelligence;
use crate::findings::watch::Watch;
use crate::judge::background::Background;
use crate::judge::finding::{Sought, findings};
use crate::judge::setting::Setting;
use crate::judge::single::singles;
use crate::judge::told::Means;
use crate::null::{Null, smallest_p};
use crate::parameters::{ACT_LEVEL, RESOLUTIONS, REVIEW_LEVEL};
use crate::population::Population;
use crate::profile::{Organization, Profile};
use crate::report::{Campaign, Category, DetectionReport, Inputs, Nulls, Permitted, ReportWindow, SCHEMA};
use crate::seek::WAYS;
use crate::seek::concert::Concert;
use crate::seek::content::ContentIndex;
use crate::seek::densities::Communities;
use crate::seek::way::{Candidate, Finish, Scene, Way};
use crate::signal::channel::{Channel, Holdings};
use crate::signal::timing::Activity;
use crate::work::Work;

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

/// The campaigns, how much the nulls can say, and what could not be sought.
type Found = (Vec<Campaign>, Vec<Crowd>, Nulls, Vec<NotEvaluated>);

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
    ///
    /// Between two pieces of bounded size (a round of the nulls, a level of a community search, a campaign) it looks whether
    /// the work is still wanted.
    pub fn detect(
        mut self,
        window: Window,
        mut inputs: Inputs,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<DetectionReport, Cancelled> {
        self.population.sort();
        let profiles = self.population.profiles();
        inputs.accounts = count(profiles.len());
        inputs.exchanges = profiles.iter().map(|profile| profile.exchanges).sum();
        inputs.accounts_without_row =
            if self.has_table { count(profiles.iter().filter(|profile| !profile.in_table).count()) } else { 0 };
        let first = profiles.iter().map(|profile| profile.first).min().map(Micros::to_rfc3339);
        let last = profiles.iter().map(|profile| profile.last).max().map(Micros::to_rfc3339);
        let input = self.input_digest();
        let mut not_evaluated = not_evaluated(&self.population, self.has_table, &self.options.without);
        let categories = self.categories.as_ref().map(|categories| self.restricted(categories)).unwrap_or_default();
        let matches = self.watch.as_ref().map(|watch| watch.look(&self.population));
        let (permitted, intermediaries) = self.set_aside();
        self.population.sort_by_conduct();
        let (mut campaigns, crowds, nulls, unsought) =
            self.campaigns(&input, &intermediaries, Work::new(cancel, progress))?;
        not_evaluated.extend(unsought);
        let looked_up = self.watch.as_ref().zip(matches.as_ref());
        let (watchlist, sightings) =
            looked_up.map(|(watch, matches)| intelligence(watch, matches, &mut campaigns, &permitted, &input)).unzip();
        Ok(DetectionReport {
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
            crowds,
            categories,
            permitted,
            watchlist,
            sightings: sightings.unwrap_or_default(),
        })
    }

    /// Names what was looked at, by numbers that depend neither on the key nor on how the log was cut into files.
    fn input_digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for profile in self.population.profiles() {
            hasher.update(profile.account.account.as_str().as_bytes()).update(&[0]);
            for number in [profile.exchanges, profile.answered, profile.input_tokens, profile.output_tokens] {
                hasher.update(&number.to_le_bytes());
            }
            hasher.update(&profile.first.0.to_le_bytes()).update(&profile.last.0.to_le_bytes());
        }
        hasher.finalize().to_hex().chars().take(32).collect()
    }

    /// Applies the written rules to all accounts, those that are set aside afterwards included.
    fn restricted(&self, categories: &Categories) -> Vec<Category> {
        categories.apply(self.population.profiles(), |profile| {
            let holding = self.permits.iter().filter(|known| known.names(profile) && known.covers(profile));
            holding.map(|known| &known.permit).collect()
        })
    }

    /// Takes out accounts under a permit, which are told; the provider's own; and aggregators, whose traffic is other
    /// people's. Those aggregators that name their end users are given back, to see who is behind them.
    fn set_aside(&mut self) -> (Vec<Permitted>, Vec<Profile>) {
        let mut intermediaries = Vec::new();
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
        self.population.retain(|profile| {
            let holding =
                permits.iter().zip(&mut told).find(|(known, _)| known.names(profile) && known.covers(profile));
            let is_held = holding.is_some();
            if let Some((_, permitted)) = holding {
                permitted.accounts.push(profile.account.account.clone());
                permitted.exchanges += profile.exchanges;
            }
            profile.named_by_permit = !is_held && permits.iter().any(|known| known.names(profile));
            let kind = profile.account.account_type;
            if !is_held && kind == AccountType::Aggregator && !profile.end_users.is_empty() {
                intermediaries.push(profile.clone());
            }
            !is_held && !matches!(kind, AccountType::Internal | AccountType::Aggregator)
        });
        told.retain(|permitted| !permitted.accounts.is_empty());
        (told, intermediaries)
    }

    fn campaigns(&self, input: &str, intermediaries: &[Profile], work: Work<'_>) -> Result<Found, Cancelled> {
        let population = &self.population;
        let owners = population.owners();
        let content = ContentIndex::new(population, &owners).graph();
        let communities = Communities::new(population, &owners, &content, work)?;
        let without = |family| self.options.without.contains(&family);
        let holdings = Channel::ALL.map(|channel| Holdings::new(population, channel, without(channel.family())));
        let activity = Activity::new(population.profiles(), without(Family::Timing));
        let scene = Scene {
            population,
            owners: &owners,
            communities: &communities,
            holdings: &holdings,
            even_days: &activity.half(false),
            without: &self.options.without,
            work,
        };
        let mut unsought = Vec::new();
        let mut found: Vec<(&'static Way, Vec<Candidate>)> = Vec::new();
        for way in WAYS {
            match (way.seek)(&scene)? {
                Some(candidates) => found.push((way, candidates)),
                None => unsought.extend(way.unsought.map(|tell| tell())),
            }
        }
        let all: Vec<Candidate> = found.iter().flat_map(|(_, candidates)| candidates.iter().cloned()).collect();
        // What a search with a level of its own has chosen does not change with whom the others are compared.
        let tested: Vec<Candidate> = all.iter().filter(|candidate| candidate.way.level.is_none()).cloned().collect();
        let null =
            Null::new(population, &tested, (&owners, &content), (&holdings, &activity), self.options.threads, work);
        let mut sought = Vec::new();
        for (way, candidates) in found {
            sought.push(Sought { way, outcome: null.test(&candidates)?, candidates });
        }
        let rounds = sought.iter().map(|sought| sought.outcome.rounds).max().unwrap_or_default();
        let in_concert = sought.iter().any(|sought| {
            sought.way.finish == Finish::Meetings && sought.outcome.tested.iter().any(|tested| tested.q <= REVIEW_LEVEL)
        });
        let nulls = Nulls {
            candidates: count(all.len()),
            rounds: count(rounds),
            smallest_q: smallest_p(rounds),
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
            background: Background::new(population),
            sets: all.len(),
            intermediaries,
            without: &self.options.without,
        };
        let concert = if in_concert { Concert::new(&activity, work)? } else { None };
        let means = Means { content: &content, growth: &communities.growth, concert: concert.as_ref() };
        let findings = findings(&setting, &null, &means, &sought)?;
        let (innocent, findings): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.is_crowd);
        let mut crowds: Vec<Crowd> = innocent.iter().map(|finding| crowd(&setting, finding)).collect();
        crowds.sort_by(Crowd::order);
        let mut campaigns: Vec<Campaign> =
            findings.iter().map(|finding| campaign(&setting, finding, &provenance)).collect();
        let told: AccountSet =
            findings.iter().chain(&innocent).flat_map(|finding| finding.set.accounts.iter()).collect();
        let alone = singles(population).into_iter().filter(|one| !told.contains(one.account));
        campaigns.extend(alone.map(|one| single(&setting, &one, &provenance)));
        campaigns.sort_by(Campaign::order);
        exhibit(population, &owners, &self.names, &self.options.without, &mut campaigns, work)?;
        Ok((campaigns, crowds, nulls, unsought))
    }
}
