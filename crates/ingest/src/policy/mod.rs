//! Category policies, written in TOML.

mod section;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use stillwatch_core::{
    Basis, Day, Exceptions, Indirect, Policy, Region, RegionField, Restriction, Rule, Share, Stake, Threshold,
    compared_name,
};
use toml::de::DeTable;

use self::section::{Placed, Section};
use crate::IngestError;
use crate::mistake::{Mistake, near, read_text, shown};

/// Reads a policy: tables `[[rule]]` and, where rules are about owners, `[[ownership]]`.
///
/// ```
/// let policy = stillwatch_ingest::read_policy(&br#"
///     [[rule]]
///     id = "majority-owned"
///     title = "Owned by a restricted group"
///     action = "ask the customer for a register extract"
///     basis = { rule = "Supported customers, 2", source = "https://example.org/rules", effective = 2026-01-01 }
///     owners = ["Example Group"]
///     threshold = { more_than = 50 }
///
///     [[ownership]]
///     owner = "Example Group"
///     entity = "Example Labs"
///     share = 60
///     since = 2020-05-01
///     source = "register extract of 2026-01-15"
/// "#[..])?;
/// assert_eq!((policy.rules.len(), policy.ownership.len()), (1, 1));
/// # Ok::<(), stillwatch_ingest::IngestError>(())
/// ```
///
/// One mistake makes the whole file an error: a rule that is half read restricts the wrong accounts.
pub fn read_policy(reader: impl Read) -> Result<Policy, IngestError> {
    let text = read_text(reader, FILE, MOST_BYTES)?;
    parse(&text).map_err(|mistake| mistake.of(FILE, &text))
}

const FILE: &str = "policy";
const MOST_BYTES: u64 = 16 << 20;
/// Rules and stakes that a policy may hold.
const MOST_RULES: usize = 1_000;
const MOST_STAKES: usize = 20_000;

fn parse(text: &str) -> Result<Policy, Mistake> {
    let document = DeTable::parse(text).map_err(|error| {
        let help = "a policy is TOML, with tables [[rule]] and [[ownership]]";
        Mistake::new(error.span().map_or(0, |span| span.start), error.message(), help)
    })?;
    let root = Section::new("policy", 0, document.get_ref(), &["rule", "ownership"])?;
    let rules = root.sections("rule", RULE, MOST_RULES)?;
    if rules.is_empty() {
        return Err(Mistake::new(
            0,
            "the policy has no rule",
            "begin a rule with [[rule]]; to apply none, leave --policy out",
        ));
    }
    let mut ids = BTreeSet::new();
    let rules = rules.iter().map(|section| rule(section, &mut ids)).collect::<Result<_, _>>()?;
    let stakes = root.sections("ownership", STAKE, MOST_STAKES)?;
    let stakes = stakes.iter().map(|section| Ok((stake(section)?, section.at))).collect::<Result<Vec<_>, Mistake>>()?;
    overlaps(&stakes)?;
    sums(&stakes)?;
    Ok(Policy { rules, ownership: stakes.into_iter().map(|(stake, _)| stake).collect() })
}

const RULE: &[&str] = &[
    "id",
    "title",
    "action",
    "basis",
    "owners",
    "threshold",
    "indirect",
    "regions",
    "fields",
    "request_share",
    "exceptions",
];
const BASIS: &[&str] = &["rule", "source", "effective", "until"];
const EXCEPTIONS: &[&str] = &["accounts", "organizations", "permits"];
const STAKE: &[&str] = &["owner", "entity", "share", "since", "until", "source"];

fn rule(section: &Section<'_>, ids: &mut BTreeSet<String>) -> Result<Rule, Mistake> {
    let id = section.required_text("id")?;
    if !ids.insert(id.value.clone()) {
        return Err(id.mistake(
            format!("there are two rules {}", shown(&id.value)),
            "give each rule a name of its own, and keep it: reports are compared by it",
        ));
    }
    Ok(Rule {
        title: section.required_text("title")?.value,
        action: section.required_text("action")?.value,
        basis: basis(section)?,
        restricts: restriction(section)?,
        exceptions: exceptions(section)?,
        id: id.value,
    })
}

fn basis(rule: &Section<'_>) -> Result<Basis, Mistake> {
    let how = "write basis = { rule = \"name and section\", source = \"https://…\", effective = 2026-01-01 }, and until = \
               where it ends";
    let section = rule.section("basis", BASIS, how)?.ok_or_else(|| rule.missing("basis", how))?;
    let source = section.required_text("source")?;
    if !["https://", "http://"]
        .iter()
        .any(|scheme| source.value.len() > scheme.len() && source.value.starts_with(scheme))
    {
        return Err(source.mistake("`source` is no web address", "say where the written rule can be read: https://…"));
    }
    let effective = section.required_day("effective")?;
    let until = section.day("until")?;
    in_order("effective", effective.value, until.as_ref())?;
    Ok(Basis {
        rule: section.required_text("rule")?.value,
        source: source.value,
        effective: effective.value,
        until: until.map(|until| until.value),
    })
}

fn restriction(rule: &Section<'_>) -> Result<Restriction, Mistake> {
    let (owners, regions) = (rule.texts("owners")?, rule.texts("regions")?);
    match (owners, regions) {
        (Some(owners), None) => restricted_owners(rule, owners),
        (None, Some(regions)) => restricted_regions(rule, &regions),
        (Some(_), Some(_)) => Err(Mistake::new(
            rule.at,
            "the rule restricts both owners and regions",
            "write two rules, so that each account is told the one that applies to it",
        )),
        (None, None) => Err(Mistake::new(
            rule.at,
            "the rule restricts nobody",
            "write owners = [\"name\"] with a threshold, or regions = [\"XX\"] with fields",
        )),
    }
}

fn restricted_owners(rule: &Section<'_>, owners: Vec<Placed<String>>) -> Result<Restriction, Mistake> {
    rule.unwanted(&["fields", "request_share"], "a rule about owners")?;
    once(&owners, |owner| compared_name(owner))?;
    let threshold = rule.threshold("threshold")?.ok_or_else(|| rule.missing("threshold", section::THRESHOLD))?;
    let indirect = rule.text("indirect")?.map_or(Ok(Indirect::Multiplied), |word| {
        let found = Indirect::ALL.into_iter().find(|way| way.name() == word.value);
        found.ok_or_else(|| {
            word.mistake(
                format!("{} is no way to count indirect stakes", shown(&word.value)),
                near(&word.value, &Indirect::ALL.map(Indirect::name), "the ways are"),
            )
        })
    })?;
    Ok(Restriction::Owners { owners: values(owners), threshold, indirect })
}

fn restricted_regions(rule: &Section<'_>, codes: &[Placed<String>]) -> Result<Restriction, Mistake> {
    rule.unwanted(&["threshold", "indirect"], "a rule about regions")?;
    let region = |code: &Placed<String>| {
        Region::parse(&code.value).ok_or_else(|| {
            code.mistake(
                format!("{} is no code of ISO 3166", shown(&code.value)),
                "a country is two letters, such as DE, and a part of one follows behind a hyphen, such as DE-BY",
            )
        })
    };
    let regions = codes.iter().map(region).collect::<Result<Vec<_>, _>>()?;
    once(codes, |code| code.trim().to_ascii_uppercase())?;
    let names = rule.texts("fields")?.ok_or_else(|| {
        rule.missing(
            "fields",
            "say which fields of an account count: fields = [\"declared_region\", \"payment_country\"]",
        )
    })?;
    let field = |name: &Placed<String>| {
        RegionField::ALL.into_iter().find(|field| field.name() == name.value).ok_or_else(|| {
            name.mistake(
                format!("{} is no field that tells a region", shown(&name.value)),
                near(&name.value, &RegionField::ALL.map(RegionField::name), "the fields are"),
            )
        })
    };
    let fields = names.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    once(&names, Clone::clone)?;
    let request_share = rule.threshold("request_share")?;
    let by_requests = names.iter().find(|name| name.value == RegionField::RequestCountry.name());
    match (by_requests, request_share) {
        (Some(name), None) => {
            return Err(name.mistake(
                "the rule looks at the countries of requests without saying which share of them counts",
                "write request_share = { more_than = 50 }",
            ));
        }
        (None, Some(_)) => {
            return Err(rule.misplaced("request_share", "it counts with \"request_country\" among the fields alone"));
        }
        _ => {}
    }
    if let (Some(_), Some(code)) = (by_requests, codes.iter().zip(&regions).find(|(_, region)| region.is_part())) {
        return Err(code.0.mistake(
            "requests are known by country, not by its parts",
            "leave request_country out of the fields, or name the country",
        ));
    }
    Ok(Restriction::Regions { regions, fields, request_share })
}

fn exceptions(rule: &Section<'_>) -> Result<Exceptions, Mistake> {
    let how = "write exceptions = { accounts = [\"…\"], organizations = [\"…\"], permits = [\"id of a permit\"] }";
    let Some(section) = rule.section("exceptions", EXCEPTIONS, how)? else {
        return Ok(Exceptions::default());
    };
    let names = |name| Ok::<_, Mistake>(values(section.texts(name)?.unwrap_or_default()));
    Ok(Exceptions {
        accounts: names("accounts")?.into_iter().map(Into::into).collect(),
        organizations: names("organizations")?.into_iter().map(Into::into).collect(),
        permits: names("permits")?,
    })
}

fn stake(section: &Section<'_>) -> Result<Stake, Mistake> {
    let (owner, entity) = (section.required_text("owner")?, section.required_text("entity")?);
    if compared_name(&owner.value) == compared_name(&entity.value) {
        return Err(entity.mistake(
            format!("{} would own itself", shown(&entity.value)),
            "leave out shares that an entity holds in itself",
        ));
    }
    let (since, until) = (section.required_day("since")?, section.day("until")?);
    in_order("since", since.value, until.as_ref())?;
    Ok(Stake {
        owner: owner.value,
        entity: entity.value,
        share: section.required_share("share")?,
        since: since.value,
        until: until.map(|until| until.value),
        source: section.required_text("source")?.value,
    })
}

fn in_order(first: &str, from: Day, until: Option<&Placed<Day>>) -> Result<(), Mistake> {
    match until {
        Some(until) if until.value <= from => Err(until.mistake(
            format!("`{first}` is not before `until`"),
            format!("it holds from `{first}` up to, but without, `until`; leave `until` out where no end is known"),
        )),
        _ => Ok(()),
    }
}

fn once(list: &[Placed<String>], key: impl Fn(&String) -> String) -> Result<(), Mistake> {
    let mut seen = BTreeSet::new();
    match list.iter().find(|item| !seen.insert(key(&item.value))) {
        Some(again) => {
            Err(again.mistake(format!("{} is listed twice", shown(&again.value)), "leave the second one out"))
        }
        None => Ok(()),
    }
}

fn values(list: Vec<Placed<String>>) -> Vec<String> {
    list.into_iter().map(|item| item.value).collect()
}

/// Of one owner in one entity there is one stake at a time.
fn overlaps(stakes: &[(Stake, usize)]) -> Result<(), Mistake> {
    let mut by_pair: BTreeMap<(String, String), Vec<&(Stake, usize)>> = BTreeMap::new();
    for held in stakes {
        by_pair.entry((compared_name(&held.0.owner), compared_name(&held.0.entity))).or_default().push(held);
    }
    for held in by_pair.values_mut() {
        held.sort_by_key(|(stake, at)| (stake.since, *at));
        for pair in held.windows(2) {
            let ((earlier, _), (later, at)) = (pair[0], pair[1]);
            if earlier.until.is_none_or(|until| later.since < until) {
                return Err(Mistake::new(
                    *at,
                    format!("two stakes of {} in {} overlap in time", shown(&later.owner), shown(&later.entity)),
                    "end the earlier one with `until` on the day on which the later one begins",
                ));
            }
        }
    }
    Ok(())
}

/// At no time are more than 100 % of an entity held.
fn sums(stakes: &[(Stake, usize)]) -> Result<(), Mistake> {
    let mut by_entity: BTreeMap<String, Vec<(Day, bool, u64, usize)>> = BTreeMap::new();
    for (stake, at) in stakes {
        let changes = by_entity.entry(compared_name(&stake.entity)).or_default();
        changes.push((stake.since, true, stake.share.millionths(), *at));
        changes.extend(stake.until.map(|until| (until, false, stake.share.millionths(), *at)));
    }
    for (entity, changes) in &mut by_entity {
        // On one day, what ends goes before what begins.
        changes.sort_unstable();
        let mut sum = 0;
        for (_, begins, share, at) in changes.iter() {
            if !begins {
                sum -= share;
                continue;
            }
            sum += share;
            if sum > Share::WHOLE.millionths() {
                #[expect(clippy::cast_precision_loss, reason = "a few hundred millions at most")]
                let percent = sum as f64 / 10_000.0;
                return Err(Mistake::new(
                    *at,
                    format!("with this stake {percent} % of {} are held at one time", shown(entity)),
                    "the shares in an entity add up to 100 % at most; end stakes that were sold with `until`",
                ));
            }
        }
    }
    Ok(())
}

impl Section<'_> {
    fn required_share(&self, name: &'static str) -> Result<Share, Mistake> {
        let how = "write the share in per cent: share = 33.5";
        let percent = self.percent(name)?.ok_or_else(|| self.missing(name, how))?;
        match Share::from_percent(percent.value).filter(|share| share.millionths() > 0) {
            Some(share) => Ok(share),
            None => Err(percent.mistake(format!("`{name}` lies outside 0 to 100 %"), how)),
        }
    }

    fn threshold(&self, name: &'static str) -> Result<Option<Threshold>, Mistake> {
        let Some(section) = self.section(name, &["at_least", "more_than"], section::THRESHOLD)? else {
            return Ok(None);
        };
        let share = |name| section.percent(name);
        let (percent, threshold): (_, fn(Share) -> Threshold) = match (share("at_least")?, share("more_than")?) {
            (Some(percent), None) => (percent, Threshold::AtLeast),
            (None, Some(percent)) => (percent, Threshold::MoreThan),
            _ => {
                let reason = format!("`{name}` needs one of `at_least` and `more_than`");
                return Err(Mistake::new(section.at, reason, section::THRESHOLD));
            }
        };
        let threshold = Share::from_percent(percent.value).map(threshold);
        let met_by_all = threshold.is_some_and(|threshold| threshold.is_met(Share::default()));
        let met_by_none = threshold.is_some_and(|threshold| !threshold.is_met(Share::WHOLE));
        match threshold.filter(|_| !met_by_all && !met_by_none) {
            Some(threshold) => Ok(Some(threshold)),
            None => Err(percent.mistake(
                format!("no share, or every share, would meet this `{name}`"),
                "a threshold lies above 0 % and is met by 100 %",
            )),
        }
    }
}
