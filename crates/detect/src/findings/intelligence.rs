//! What a watch-list adds: sightings, and evidence for campaigns that exist without it. It is somebody else's word, so it
//! begins no campaign and moves no tier; it inherits the family of what it was taken from; and what many here have in
//! common weighs nothing.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{CampaignId, Evidence, Family, IndicatorKind, Micros, Millibits, Source, Tier, WatchedIndicator};

use crate::findings::evidence::likelihood_ratio;
use crate::findings::watch::{Matches, Watch};
use crate::parameters::{COMMON_OWNERS, COMMON_SHARE, FAMILY_CAP_BITS, INTELLIGENCE_CAP_BITS};
use crate::report::{Campaign, Permitted, SightedAccount, Sighting, WatchlistSummary};

/// Sources that a statement names.
const NAMED_SOURCES: usize = 3;

/// Adds evidence to the campaigns, and tells what was sighted.
pub(crate) fn intelligence(
    watch: &Watch,
    matches: &Matches,
    campaigns: &mut [Campaign],
    permitted: &[Permitted],
    input: &str,
) -> (WatchlistSummary, Vec<Sighting>) {
    let setting = Setting::new(watch, matches, campaigns, permitted);
    let source = Source::current(input, format!("watch-list of {} indicators", watch.indicators.len()));
    for (at, campaign) in campaigns.iter_mut().enumerate() {
        add(&setting, at, campaign, &source);
    }
    let mut sightings: Vec<Sighting> = setting.matched().map(|number| setting.sighting(number, campaigns)).collect();
    // Stable, so that equals stay in the order of the list.
    sightings.sort_by_key(|sighting| (sighting.common, -sighting.bits.0));
    (setting.summary(&sightings), sightings)
}

struct Setting<'a> {
    watch: &'a Watch,
    matches: &'a Matches,
    /// Per account, the campaign that tells of it.
    campaign: Vec<Option<usize>>,
    permitted: Vec<bool>,
    /// Per indicator.
    common: Vec<bool>,
    /// Per campaign, the indicators that members match, ascending.
    of_campaign: Vec<Vec<usize>>,
}

impl<'a> Setting<'a> {
    fn new(watch: &'a Watch, matches: &'a Matches, campaigns: &[Campaign], permitted: &[Permitted]) -> Self {
        let accounts = &matches.accounts;
        let position = |account| accounts.binary_search_by(|(id, _)| id.cmp(account)).ok();
        let mut campaign = vec![None; accounts.len()];
        for (at, told) in campaigns.iter().enumerate() {
            for place in told.accounts.iter().filter_map(|member| position(&member.account)) {
                campaign[place].get_or_insert(at);
            }
        }
        let mut covered = vec![false; accounts.len()];
        for place in permitted.iter().flat_map(|permit| &permit.accounts).filter_map(position) {
            covered[place] = true;
        }
        // A crowd that is only watched is a crowd like any other.
        let outside = |at: usize| campaign[at].is_none_or(|told| campaigns[told].tier == Tier::Watch);
        let everybody =
            owners(accounts.iter().enumerate().filter(|(at, _)| outside(*at)).map(|(_, account)| account.1));
        #[expect(clippy::cast_precision_loss, reason = "numbers of owners")]
        let is_common = |holders: &Vec<u32>| {
            let places = holders.iter().map(|&at| at as usize).filter(|&at| outside(at));
            let elsewhere = owners(places.map(|at| accounts[at].1));
            elsewhere > COMMON_OWNERS && elsewhere as f64 > COMMON_SHARE * everybody as f64
        };
        let common = matches.holders.iter().map(is_common).collect();
        let mut of_campaign = vec![Vec::new(); campaigns.len()];
        for (number, holders) in matches.holders.iter().enumerate() {
            let told: BTreeSet<usize> = holders.iter().filter_map(|&holder| campaign[holder as usize]).collect();
            for at in told {
                of_campaign[at].push(number);
            }
        }
        Self { watch, matches, campaign, permitted: covered, common, of_campaign }
    }

    fn matched(&self) -> impl Iterator<Item = usize> {
        (0..self.watch.indicators.len()).filter(|&number| !self.matches.holders[number].is_empty())
    }

    fn sighting(&self, number: usize, campaigns: &[Campaign]) -> Sighting {
        let indicator = &self.watch.indicators[number];
        let (holders, common) = (&self.matches.holders[number], self.common[number]);
        let told = |at: usize| self.campaign[at].map(|told| campaigns[told].id.clone());
        let named = holders.iter().map(|&at| at as usize).filter(|&at| !common || self.campaign[at].is_some());
        let accounts: Vec<SightedAccount> = named
            .map(|at| SightedAccount {
                account: self.matches.accounts[at].0.clone(),
                campaign: told(at),
                permitted: self.permitted[at],
            })
            .collect();
        let within: BTreeSet<&CampaignId> = accounts.iter().filter_map(|account| account.campaign.as_ref()).collect();
        let everybody = self.matches.accounts.len();
        let weight = if common {
            "it is so common here that a match weighs nothing"
        } else {
            "somebody else's word, which alone says nothing about anyone"
        };
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let rarity = (everybody as f64 / holders.len().max(1) as f64).log2();
        Sighting {
            indicator: indicator.id.clone(),
            kind: indicator.kind,
            family: indicator.kind.family(),
            confidence: indicator.confidence,
            valid_from: indicator.valid_from.to_rfc3339(),
            valid_until: indicator.valid_until.to_rfc3339(),
            marking: indicator.marking,
            source: indicator.source.clone(),
            context: indicator.context.clone(),
            holders: holders.len() as u64,
            common,
            bits: if common { Millibits::ZERO } else { weighed(rarity, indicator.confidence) },
            statement: format!(
                "{} of {everybody} accounts match, of {} campaigns; {weight}",
                holders.len(),
                within.len()
            ),
            accounts,
        }
    }

    fn summary(&self, sightings: &[Sighting]) -> WatchlistSummary {
        let (first, last) = self.matches.span;
        let count = |test: &dyn Fn(&WatchedIndicator) -> bool| {
            self.watch.indicators.iter().filter(|indicator| test(indicator)).count() as u64
        };
        WatchlistSummary {
            indicators: self.watch.indicators.len() as u64,
            matched: sightings.len() as u64,
            common: sightings.iter().filter(|sighting| sighting.common).count() as u64,
            expired: count(&|indicator| indicator.valid_until <= first),
            not_yet_valid: count(&|indicator| indicator.valid_from > last),
            without_field: count(&|indicator| {
                indicator.holds(first, last) && !self.matches.present.contains(&indicator.kind)
            }),
            marking: sightings.iter().map(|sighting| sighting.marking).max(),
        }
    }
}

/// Indicators of one kind that members of a campaign match.
#[derive(Default)]
struct Hits<'a> {
    indicators: Vec<&'a WatchedIndicator>,
    inside: BTreeSet<u32>,
    outside: BTreeSet<u32>,
}

/// Adds a sentence for each kind of indicator that members match, and one for those that weigh nothing.
fn add(setting: &Setting<'_>, at: usize, campaign: &mut Campaign, source: &Source) {
    let (mut rare, mut common) = (BTreeMap::<IndicatorKind, Hits<'_>>::new(), Hits::default());
    for &number in &setting.of_campaign[at] {
        let holders = &setting.matches.holders[number];
        let indicator = &setting.watch.indicators[number];
        let hits = if setting.common[number] { &mut common } else { rare.entry(indicator.kind).or_default() };
        hits.indicators.push(indicator);
        for &holder in holders {
            let inside = setting.campaign[holder as usize] == Some(at);
            if inside { &mut hits.inside } else { &mut hits.outside }.insert(holder);
        }
    }
    let mut room = Millibits::from_bits(INTELLIGENCE_CAP_BITS);
    let mut added = Vec::new();
    for (kind, hits) in rare {
        let family = kind.family();
        let bits = hits.bits(setting, campaign.accounts.len());
        // It fails together with the campaign's own evidence of that family, so the two share one cap.
        let left = Millibits::from_bits(FAMILY_CAP_BITS) - own(campaign, &added, family);
        let bits = bits.min(left).min(room).max(Millibits::ZERO);
        room = room - bits;
        added.push((family, hits.evidence(setting, campaign, format!("watchlist_{kind}"), family, bits, source)));
    }
    if !common.indicators.is_empty() {
        let family = Family::Intelligence;
        added.push((
            family,
            common.evidence(setting, campaign, "watchlist_common".into(), family, Millibits::ZERO, source),
        ));
    }
    let gained: Millibits = added.iter().map(|(_, evidence)| evidence.bits).sum();
    campaign.score_bits = (campaign.score() + gained).bits();
    campaign.evidence.extend(added.into_iter().map(|(_, evidence)| evidence));
}

/// What the campaign has of a family, inherited evidence included.
fn own(campaign: &Campaign, added: &[(Family, Evidence)], family: Family) -> Millibits {
    let own = campaign.evidence.iter().filter(|evidence| evidence.family.independent() == family.independent());
    let inherited = added.iter().filter(|(of, _)| of.independent() == family.independent());
    own.map(|evidence| evidence.bits).chain(inherited.map(|(_, evidence)| evidence.bits)).sum()
}

impl Hits<'_> {
    /// How much likelier a member is to match than anybody else, as far as the source is sure.
    fn bits(&self, setting: &Setting<'_>, accounts: usize) -> Millibits {
        let others = setting.matches.accounts.len().saturating_sub(accounts);
        let ratio = likelihood_ratio(self.inside.len(), accounts, self.outside.len(), others);
        weighed(ratio, self.confidence())
    }

    fn confidence(&self) -> u8 {
        self.indicators.iter().map(|indicator| indicator.confidence).max().unwrap_or(0)
    }

    fn evidence(
        &self,
        setting: &Setting<'_>,
        campaign: &Campaign,
        kind: String,
        family: Family,
        bits: Millibits,
        source: &Source,
    ) -> Evidence {
        let others = setting.matches.accounts.len().saturating_sub(campaign.accounts.len());
        let count = self.indicators.len();
        let sources: BTreeSet<&str> = self.indicators.iter().map(|indicator| indicator.source.as_str()).collect();
        let named: Vec<&str> = sources.iter().copied().take(NAMED_SOURCES).collect();
        let more = sources.len().checked_sub(NAMED_SOURCES).filter(|more| *more > 0);
        let more = more.map_or_else(String::new, |more| format!(" and {more} more"));
        let marking = self.indicators.iter().map(|indicator| indicator.marking.name()).max().unwrap_or_default();
        let note = if family == Family::Intelligence {
            "so common here that the match weighs nothing".into()
        } else {
            format!("inherits the family {family}, and moves no tier")
        };
        let kinds: BTreeSet<&str> = self.indicators.iter().map(|indicator| indicator.kind.name()).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let statement = format!(
            "{} of {} accounts match {count} {} of the watch-list, of kind {}, from {}{more} (confidence {} at most, \
             {marking}); {} of {others} other accounts do; {note}",
            self.inside.len(),
            campaign.accounts.len(),
            if count == 1 { "indicator" } else { "indicators" },
            kinds.join(", "),
            named.join(", "),
            self.confidence(),
            self.outside.len()
        );
        let until = self.indicators.iter().map(|indicator| indicator.valid_until).max();
        Evidence {
            family: Family::Intelligence,
            kind,
            statement,
            bits,
            p_value: None,
            subjects: self.inside.iter().map(|&at| setting.matches.accounts[at as usize].0.to_string()).collect(),
            source: source.clone(),
            observed: Some(campaign.last_seen.clone()),
            expires: until.map(Micros::to_rfc3339),
        }
    }
}

fn weighed(bits: f64, confidence: u8) -> Millibits {
    let bits = bits.max(0.0) * f64::from(confidence) / 100.0;
    Millibits::from_bits(bits.min(INTELLIGENCE_CAP_BITS))
}

fn owners(owners: impl Iterator<Item = u32>) -> usize {
    owners.collect::<BTreeSet<u32>>().len()
}
