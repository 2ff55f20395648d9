//! What a watch-list adds: sightings, and evidence for campaigns that exist without it. It is somebody else's word, so it
//! begins no campaign and moves no tier; it inherits the family of what it was taken from; and what many here have in
//! common weighs nothing.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::statistics::jeffreys_bits;
use stillwatch_core::{
    AccountId, CampaignId, Evidence, Family, IndicatorKind, Measure, Micros, Millibits, Source, Tier, Unit,
    WatchedIndicator, count, float, ratio,
};

use crate::findings::sign::Sign;
use crate::findings::watch::{IndicatorIndex, LookedUp, Matches, Watch};
use crate::index::{Per, Place, place};
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
    for (at, campaign) in setting.of_campaign.places().zip(campaigns.iter_mut()) {
        add(&setting, at, campaign, &source);
    }
    let mut sightings: Vec<Sighting> = setting.matched().map(|number| setting.sighting(number)).collect();
    // Stable, so that equals stay in the order of the list.
    sightings.sort_by_key(|sighting| (sighting.common, -sighting.bits.0));
    (setting.summary(&sightings), sightings)
}

place! {
    /// The place of a campaign in the report.
    CampaignIndex
}

struct Setting<'a> {
    watch: &'a Watch,
    matches: &'a Matches,
    /// Per account, the campaign that tells of it.
    campaign: Per<LookedUp, Option<CampaignIndex>>,
    permitted: Per<LookedUp, bool>,
    common: Per<IndicatorIndex, bool>,
    /// Per campaign, the indicators that members match, ascending.
    of_campaign: Per<CampaignIndex, Vec<IndicatorIndex>>,
    names: Per<CampaignIndex, CampaignId>,
}

impl<'a> Setting<'a> {
    fn new(watch: &'a Watch, matches: &'a Matches, campaigns: &[Campaign], permitted: &[Permitted]) -> Self {
        let accounts = &matches.accounts;
        let position =
            |account: &AccountId| accounts.values().binary_search_by(|(id, _)| id.cmp(account)).ok().map(LookedUp::new);
        let told: Per<CampaignIndex, &Campaign> = campaigns.iter().collect();
        let mut campaign = Per::filled(None, accounts.len());
        for (at, told) in told.iter() {
            for place in told.accounts.iter().filter_map(|member| position(&member.account)) {
                campaign.of_mut(place).get_or_insert(at);
            }
        }
        let mut covered = Per::filled(false, accounts.len());
        for place in permitted.iter().flat_map(|permit| &permit.accounts).filter_map(position) {
            *covered.of_mut(place) = true;
        }
        // A crowd that is only watched is a crowd like any other.
        let outside = |at: LookedUp| campaign.of(at).is_none_or(|of| told.of(of).tier == Tier::Watch);
        let owners_of = |accounts: &mut dyn Iterator<Item = LookedUp>| {
            accounts.filter(|&at| outside(at)).map(|at| matches.accounts.of(at).1).collect::<BTreeSet<_>>().len()
        };
        let everybody = owners_of(&mut accounts.places());
        let is_common = |holders: &Vec<LookedUp>| {
            let elsewhere = owners_of(&mut holders.iter().copied());
            elsewhere > COMMON_OWNERS && float(elsewhere) > COMMON_SHARE * float(everybody)
        };
        let common = matches.holders.values().iter().map(is_common).collect();
        let mut of_campaign: Per<CampaignIndex, Vec<IndicatorIndex>> = Per::filled(Vec::new(), campaigns.len());
        for (number, holders) in matches.holders.iter() {
            let told: BTreeSet<CampaignIndex> = holders.iter().filter_map(|&holder| *campaign.of(holder)).collect();
            for at in told {
                of_campaign.of_mut(at).push(number);
            }
        }
        let names = campaigns.iter().map(|campaign| campaign.id.clone()).collect();
        Self { watch, matches, campaign, permitted: covered, common, of_campaign, names }
    }

    fn matched(&self) -> impl Iterator<Item = IndicatorIndex> {
        self.matches.holders.iter().filter(|(_, holders)| !holders.is_empty()).map(|(number, _)| number)
    }

    fn sighting(&self, number: IndicatorIndex) -> Sighting {
        let indicator = self.watch.indicators.of(number);
        let (holders, common) = (self.matches.holders.of(number), *self.common.of(number));
        let told = |at: LookedUp| self.campaign.of(at).map(|told| self.names.of(told).clone());
        let named = holders.iter().copied().filter(|&at| !common || self.campaign.of(at).is_some());
        let accounts: Vec<SightedAccount> = named
            .map(|at| SightedAccount {
                account: self.matches.accounts.of(at).0.clone(),
                campaign: told(at),
                permitted: *self.permitted.of(at),
            })
            .collect();
        let within: BTreeSet<&CampaignId> = accounts.iter().filter_map(|account| account.campaign.as_ref()).collect();
        let everybody = self.matches.accounts.len();
        let weight = if common {
            "it is so common here that a match weighs nothing"
        } else {
            "somebody else's word, which alone says nothing about anyone"
        };
        let rarity = ratio(everybody, holders.len()).log2();
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
            holders: count(holders.len()),
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
        let those = |test: &dyn Fn(&WatchedIndicator) -> bool| {
            count(self.watch.indicators.values().iter().filter(|indicator| test(indicator)).count())
        };
        WatchlistSummary {
            indicators: count(self.watch.indicators.len()),
            matched: count(sightings.len()),
            common: count(sightings.iter().filter(|sighting| sighting.common).count()),
            expired: those(&|indicator| indicator.valid_until <= first),
            not_yet_valid: those(&|indicator| indicator.valid_from > last),
            without_field: those(&|indicator| {
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
    inside: BTreeSet<LookedUp>,
    outside: BTreeSet<LookedUp>,
}

/// Adds a sentence for each kind of indicator that members match, and one for those that weigh nothing.
fn add(setting: &Setting<'_>, at: CampaignIndex, campaign: &mut Campaign, source: &Source) {
    let (mut rare, mut common) = (BTreeMap::<IndicatorKind, Hits<'_>>::new(), Hits::default());
    for &number in setting.of_campaign.of(at) {
        let indicator = setting.watch.indicators.of(number);
        let hits = if *setting.common.of(number) { &mut common } else { rare.entry(indicator.kind).or_default() };
        hits.indicators.push(indicator);
        for &holder in setting.matches.holders.of(number) {
            let inside = *setting.campaign.of(holder) == Some(at);
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
        added.push((family, hits.evidence(setting, campaign, Sign::Watchlist(kind), family, bits, source)));
    }
    if !common.indicators.is_empty() {
        let family = Family::Intelligence;
        added
            .push((family, common.evidence(setting, campaign, Sign::WatchlistCommon, family, Millibits::ZERO, source)));
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
        let bits = jeffreys_bits(self.inside.len(), accounts, self.outside.len(), others);
        weighed(bits, self.confidence())
    }

    fn confidence(&self) -> u8 {
        self.indicators.iter().map(|indicator| indicator.confidence).max().unwrap_or(0)
    }

    fn evidence(
        &self,
        setting: &Setting<'_>,
        campaign: &Campaign,
        sign: Sign,
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
            kind: sign.into(),
            statement,
            measures: vec![
                Measure::count("accounts_matching", self.inside.len(), Unit::Accounts),
                Measure::count("accounts", campaign.accounts.len(), Unit::Accounts),
                Measure::count("others_matching", self.outside.len(), Unit::Accounts),
                Measure::count("others", others, Unit::Accounts),
                Measure::count("indicators", self.indicators.len(), Unit::Indicators),
                Measure::count("confidence", u32::from(self.confidence()), Unit::Percent),
            ],
            bits,
            p_value: None,
            subjects: self.inside.iter().map(|&at| setting.matches.accounts.of(at).0.to_string()).collect(),
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
