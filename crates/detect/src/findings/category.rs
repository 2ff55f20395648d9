//! Accounts that a written policy restricts. What is told here is no suspicion: it rests on a rule, not on behaviour,
//! looks at nothing that detection finds, and changes nothing that detection tells.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::{
    AccountType, Day, Permit, Policy, Region, RegionField, Restriction, Rule, Share, Threshold, compared_name,
};
use stillwatch_digest::{Kind, Names, SLOTS, estimated_count};

use crate::findings::ownership::{Holding, Owners, Ownership, Standing};
use crate::profile::Profile;
use crate::report::{Category, CategoryBasis, Excepted, RegionGround, Restricted, Unrestricted};

/// A policy, ready to be asked.
pub(crate) struct Categories {
    rules: Vec<Prepared>,
    ownership: Ownership,
}

struct Prepared {
    rule: Rule,
    owners: Option<Owners>,
    /// Fingerprints of the countries that the rule names.
    countries: Vec<u64>,
}

/// What a rule says of an account.
enum Verdict {
    Restricted(Box<Restricted>),
    Excepted(String),
    Unknown,
    Other,
    NotInForce,
}

impl Categories {
    pub(crate) fn new(policy: Policy, names: &Names) -> Self {
        let ownership = Ownership::new(policy.ownership);
        let prepare = |rule: Rule| {
            let (mut owners, mut countries) = (None, Vec::new());
            match &rule.restricts {
                Restriction::Owners { owners: listed, threshold, indirect } => {
                    owners = Some(ownership.owners(listed, *threshold, *indirect));
                }
                Restriction::Regions { regions, .. } => {
                    countries = regions.iter().filter_map(|region| names.country(region.country())).collect();
                }
            }
            Prepared { rule, owners, countries }
        };
        let rules = policy.rules.into_iter().map(prepare).collect();
        Self { rules, ownership }
    }

    /// Applies every rule to every account, in the order of the policy. `permits` are those that hold for an account.
    pub(crate) fn apply<'a>(
        &self,
        profiles: &[Profile],
        permits: impl Fn(&Profile) -> Vec<&'a Permit>,
    ) -> Vec<Category> {
        self.rules.iter().map(|rule| self.category(rule, profiles, &permits)).collect()
    }

    fn category<'a>(
        &self,
        prepared: &Prepared,
        profiles: &[Profile],
        permits: &impl Fn(&Profile) -> Vec<&'a Permit>,
    ) -> Category {
        let rule = &prepared.rule;
        let mut category = Category {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            basis: CategoryBasis {
                rule: rule.basis.rule.clone(),
                source: rule.basis.source.clone(),
                effective: rule.basis.effective.to_string(),
                until: rule.basis.until.map(|day| day.to_string()),
            },
            restricts: restricts(&rule.restricts),
            action: rule.action.clone(),
            accounts: Vec::new(),
            excepted: Vec::new(),
            unrestricted: Unrestricted::default(),
        };
        let mut judge =
            Judge { prepared, ownership: &self.ownership, holdings: BTreeMap::new(), standings: BTreeMap::new() };
        for profile in profiles {
            if profile.account.account_type == AccountType::Internal {
                category.unrestricted.internal += 1;
                continue;
            }
            let permits = permits(profile);
            match judge.verdict(profile, &permits) {
                Verdict::Restricted(mut restricted) => {
                    restricted.permit = permits.first().map(|permit| permit.holder.clone());
                    category.accounts.push(*restricted);
                }
                Verdict::Excepted(why) => {
                    category.excepted.push(Excepted { account: profile.account.account.clone(), why });
                }
                Verdict::Unknown => category.unrestricted.unknown += 1,
                Verdict::Other => category.unrestricted.others += 1,
                Verdict::NotInForce => category.unrestricted.not_in_force += 1,
            }
        }
        category
    }
}

struct Judge<'a> {
    prepared: &'a Prepared,
    ownership: &'a Ownership,
    /// Between two changes of ownership, what the owners hold stays the same, and so does what is said of an owner.
    holdings: BTreeMap<usize, Holding>,
    standings: BTreeMap<(usize, String), Standing>,
}

impl Judge<'_> {
    /// An account is judged as of the last day on which it was active.
    fn verdict(&mut self, profile: &Profile, permits: &[&Permit]) -> Verdict {
        let rule = &self.prepared.rule;
        let day = profile.last.day();
        if !rule.basis.holds(day) {
            return Verdict::NotInForce;
        }
        let verdict = match &rule.restricts {
            Restriction::Owners { threshold, .. } => self.by_owner(profile, *threshold, day),
            Restriction::Regions { regions, fields, request_share } => {
                self.by_region(profile, regions, fields, *request_share)
            }
        };
        match (&verdict, excepted(rule, profile, permits)) {
            (Verdict::Restricted(_), Some(why)) => Verdict::Excepted(why),
            _ => verdict,
        }
    }

    fn by_owner(&mut self, profile: &Profile, threshold: Threshold, day: Day) -> Verdict {
        let (Some(owner), Some(owners)) = (&profile.account.owner, &self.prepared.owners) else {
            return Verdict::Unknown;
        };
        let ownership = self.ownership;
        let period = ownership.period(day);
        let holding = self.holdings.entry(period).or_insert_with(|| ownership.holding(owners, day));
        let name = compared_name(owner);
        let standing = self.standings.entry((period, name));
        let standing = standing.or_insert_with_key(|(_, name)| ownership.standing(owners, holding, name, day));
        match standing.clone() {
            Standing::Restricted(share, chains) => {
                let ground = if chains.is_empty() {
                    format!("the owner is {owner}, which the rule names")
                } else {
                    format!("restricted owners hold {share} of the owner, {owner}, as of {day}; {threshold} counts")
                };
                let mut restricted = restricted(profile, ground);
                restricted.share_percent = Some(share.percent());
                restricted.chains = chains;
                Verdict::Restricted(Box::new(restricted))
            }
            Standing::Unknown => Verdict::Unknown,
            Standing::Other => Verdict::Other,
        }
    }

    fn by_region(
        &self,
        profile: &Profile,
        regions: &[Region],
        fields: &[RegionField],
        request_share: Option<Threshold>,
    ) -> Verdict {
        let mut grounds = Vec::new();
        let mut known = false;
        for &field in fields {
            let account = &profile.account;
            let written = match field {
                RegionField::DeclaredRegion => account.declared_region.as_deref(),
                RegionField::SignupCountry => account.signup_country.as_deref(),
                RegionField::PaymentCountry => account.payment_country.as_deref(),
                RegionField::RequestCountry => {
                    let share = share_of_requests(profile, &self.prepared.countries);
                    known |= share.is_some();
                    let met = |share: &Share| request_share.is_some_and(|threshold| threshold.is_met(*share));
                    let percent = share.filter(met).map(Share::percent);
                    grounds.extend(percent.map(|percent| RegionGround {
                        field: field.name().into(),
                        region: None,
                        share_percent: Some(percent),
                    }));
                    continue;
                }
            };
            let Some(region) = written.and_then(Region::parse) else {
                continue;
            };
            known = true;
            if regions.iter().any(|restricted| restricted.holds(&region)) {
                let region = Some(region.to_string());
                grounds.push(RegionGround { field: field.name().into(), region, share_percent: None });
            }
        }
        if grounds.is_empty() {
            return if known { Verdict::Other } else { Verdict::Unknown };
        }
        let said: Vec<String> = grounds.iter().map(|ground| said(ground, request_share)).collect();
        let mut restricted = restricted(profile, said.join("; "));
        restricted.regions = grounds;
        Verdict::Restricted(Box::new(restricted))
    }
}

fn said(ground: &RegionGround, request_share: Option<Threshold>) -> String {
    match (&ground.region, ground.share_percent, request_share) {
        (None, Some(percent), Some(threshold)) => format!(
            "about {percent:.0} % of the requests whose country is known came from the regions of the rule; {threshold} \
             counts"
        ),
        (region, ..) => format!("{} is {}", ground.field, region.as_deref().unwrap_or_default()),
    }
}

fn restricted(profile: &Profile, ground: String) -> Restricted {
    Restricted {
        account: profile.account.account.clone(),
        exchanges: profile.exchanges,
        ground,
        share_percent: None,
        chains: Vec::new(),
        regions: Vec::new(),
        permit: None,
    }
}

fn excepted(rule: &Rule, profile: &Profile, permits: &[&Permit]) -> Option<String> {
    let exceptions = &rule.exceptions;
    let account = &profile.account;
    if exceptions.accounts.contains(&account.account) {
        return Some("the rule excepts the account".into());
    }
    let organization = account.organization.as_ref();
    if let Some(name) = organization.filter(|name| exceptions.organizations.contains(name)) {
        return Some(format!("the rule excepts the organisation {name}"));
    }
    let ids: BTreeSet<&str> = permits.iter().filter_map(|permit| permit.id.as_deref()).collect();
    let permit = exceptions.permits.iter().find(|id| ids.contains(id.as_str()))?;
    Some(format!("the rule excepts holders of the permit {permit}"))
}

/// At least how much of the requests with a country came from these countries. Digests hold up to 64 slots of a country,
/// of which all 64 stand for "266 or more", so that of a busy account with several countries little more than a lower
/// bound is known; it is what counts. `None` where no country is known.
fn share_of_requests(profile: &Profile, countries: &[u64]) -> Option<Share> {
    let all = profile.features(Kind::Country);
    let (mut inside, mut outside, mut uncertain) = (0.0, 0.0, false);
    for &(country, slots) in all {
        let estimate = estimated_count(slots);
        if countries.contains(&country) {
            inside += estimate;
        } else {
            outside += estimate;
            uncertain |= slots >= SLOTS;
        }
    }
    if all.is_empty() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "numbers of exchanges")]
    let total = profile.exchanges as f64;
    let inside = f64::min(inside, total);
    let outside = if uncertain { f64::max(outside, total - inside) } else { outside };
    Share::from_percent((100.0 * inside / (inside + outside)).clamp(0.0, 100.0))
}

fn restricts(restriction: &Restriction) -> String {
    match restriction {
        Restriction::Owners { owners, threshold, indirect } => format!(
            "accounts of {}, and of entities in which they hold {threshold}, indirect stakes {}",
            owners.join(", "),
            indirect.name()
        ),
        Restriction::Regions { regions, fields, request_share } => {
            let regions: Vec<&str> = regions.iter().map(Region::as_str).collect();
            let fields: Vec<&str> = fields.iter().map(|field| field.name()).collect();
            let share = request_share.map_or_else(String::new, |threshold| format!(" ({threshold} of requests)"));
            format!("accounts of which {}{share} names {}", fields.join(" or "), regions.join(", "))
        }
    }
}
