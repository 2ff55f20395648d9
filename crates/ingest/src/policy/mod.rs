//! Category policies, written in TOML.

mod file;
mod ownership;

use std::collections::BTreeSet;
use std::io::Read;

use stillwatch_core::{
    Basis, Exceptions, Indirect, Policy, Region, RegionField, Restriction, Rule, Share, Stake, Threshold, compared_name,
};
use toml::Spanned;

use self::file::{
    BasisFile, ExceptionsFile, Percent, PolicyFile, RuleFile, StakeFile, Text, ThresholdFile, WrittenDay,
};
use self::ownership::{overlaps, sums};
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
    let document = toml::Deserializer::parse(text).map_err(|error| mistake_of(&error, ""))?;
    let file: PolicyFile = serde_path_to_error::deserialize(document)
        .map_err(|error| mistake_of(error.inner(), &key_path(error.path())))?;
    if file.rule.is_empty() {
        return Err(Mistake::new(
            0,
            "the policy has no rule",
            "begin a rule with [[rule]]; to apply none, leave --policy out",
        ));
    }
    at_most(&file.rule, "rule", MOST_RULES)?;
    at_most(&file.ownership, "ownership", MOST_STAKES)?;
    let mut ids = BTreeSet::new();
    let rules = file.rule.into_iter().enumerate().map(|(number, written)| {
        let path = format!("rule[{number}]");
        rule(written, text, &mut ids).map_err(|mistake| mistake.within(&path))
    });
    let rules = rules.collect::<Result<_, _>>()?;
    let stakes = file.ownership.into_iter().enumerate().map(|(number, written)| {
        let at = written.span().start;
        let path = format!("ownership[{number}]");
        Ok((stake(written.into_inner(), text).map_err(|mistake| mistake.within(&path))?, at))
    });
    let stakes = stakes.collect::<Result<Vec<_>, Mistake>>()?;
    overlaps(&stakes)?;
    sums(&stakes)?;
    Ok(Policy { rules, ownership: stakes.into_iter().map(|(stake, _)| stake).collect() })
}

/// What serde or the syntax refuses.
fn mistake_of(error: &toml::de::Error, path: &str) -> Mistake {
    let help = if path.is_empty() {
        "a policy is TOML, with tables [[rule]] and [[ownership]]"
    } else {
        "give each part the name and the kind of value that a policy has for it"
    };
    // A message may repeat what people wrote, at any length.
    let message: String = error.message().chars().take(LONGEST_MESSAGE).collect();
    let mistake = Mistake::new(error.span().map_or(0, |span| span.start), message, help);
    if path.is_empty() { mistake } else { mistake.within(path) }
}

/// `rule[0].basis.effective`, without the names by which spans are passed on.
fn key_path(path: &serde_path_to_error::Path) -> String {
    let segments = path
        .iter()
        .map(|segment| segment.to_string().chars().take(LONGEST_KEY).collect::<String>())
        .filter(|segment| !segment.contains(SPAN_KEY));
    segments.fold(String::new(), |path, segment| {
        let joined = segment.starts_with('[') || path.is_empty();
        if joined { path + &segment } else { path + "." + &segment }
    })
}

const SPAN_KEY: &str = "$__";
const LONGEST_KEY: usize = 64;
const LONGEST_MESSAGE: usize = 400;

fn at_most<T>(list: &[Spanned<T>], name: &str, most: usize) -> Result<(), Mistake> {
    match list.get(most) {
        Some(beyond) => Err(Mistake::new(
            beyond.span().start,
            format!("there are {} tables `{name}`", list.len()),
            format!("a policy holds at most {most} of them"),
        )),
        None => Ok(()),
    }
}

fn rule(written: Spanned<RuleFile>, text: &str, ids: &mut BTreeSet<String>) -> Result<Rule, Mistake> {
    let at = written.span().start;
    let mut rule = written.into_inner();
    if !ids.insert(rule.id.get_ref().0.clone()) {
        return Err(mistake(
            &rule.id,
            format!("there are two rules {}", shown(&rule.id.get_ref().0)),
            "give each rule a name of its own, and keep it: reports are compared by it",
        ));
    }
    Ok(Rule {
        restricts: restriction(&mut rule, at, text)?,
        id: rule.id.into_inner().0,
        title: rule.title.0,
        action: rule.action.0,
        basis: basis(rule.basis)?,
        exceptions: exceptions(rule.exceptions)?,
    })
}

fn basis(basis: BasisFile) -> Result<Basis, Mistake> {
    let source = &basis.source.get_ref().0;
    if !["https://", "http://"].iter().any(|scheme| source.len() > scheme.len() && source.starts_with(scheme)) {
        return Err(mistake(
            &basis.source,
            "`source` is not a web address",
            "say where the written rule can be read: https://…",
        ));
    }
    in_order("effective", basis.effective, basis.until.as_ref())?;
    Ok(Basis {
        rule: basis.rule.0,
        source: basis.source.into_inner().0,
        effective: basis.effective.0,
        until: basis.until.map(|until| until.into_inner().0),
    })
}

fn restriction(rule: &mut RuleFile, at: usize, text: &str) -> Result<Restriction, Mistake> {
    match (listed("owners", rule.owners.take())?, listed("regions", rule.regions.take())?) {
        (Some(owners), None) => restricted_owners(rule, owners, at, text),
        (None, Some(regions)) => restricted_regions(rule, &regions, at, text),
        (Some(_), Some(_)) => Err(Mistake::new(
            at,
            "the rule restricts both owners and regions",
            "write two rules, so that each account is told the one that applies to it",
        )),
        (None, None) => Err(Mistake::new(
            at,
            "the rule restricts nobody",
            "write owners = [\"name\"] with a threshold, or regions = [\"XX\"] with fields",
        )),
    }
}

fn restricted_owners(
    rule: &RuleFile,
    owners: Vec<Spanned<Text>>,
    at: usize,
    text: &str,
) -> Result<Restriction, Mistake> {
    let elsewhere = "a rule about owners has no such part; leave it out";
    unwanted("fields", rule.fields.as_ref(), elsewhere)?;
    unwanted("request_share", rule.request_share.as_ref(), elsewhere)?;
    once(&owners, compared_name)?;
    let Some(written) = &rule.threshold else {
        return Err(Mistake::new(at, "a rule about owners has no `threshold`", THRESHOLD));
    };
    let threshold = threshold("threshold", written, text)?;
    let indirect = rule.indirect.as_ref().map_or(Ok(Indirect::Multiplied), |word| {
        let name = &word.get_ref().0;
        Indirect::ALL.into_iter().find(|way| way.name() == name).ok_or_else(|| {
            mistake(
                word,
                format!("invalid `indirect` {}", shown(name)),
                near(name, &Indirect::ALL.map(Indirect::name), "indirect stakes are"),
            )
        })
    })?;
    Ok(Restriction::Owners { owners: texts(owners), threshold, indirect })
}

fn restricted_regions(rule: &RuleFile, codes: &[Spanned<Text>], at: usize, text: &str) -> Result<Restriction, Mistake> {
    let elsewhere = "a rule about regions has no such part; leave it out";
    unwanted("threshold", rule.threshold.as_ref(), elsewhere)?;
    unwanted("indirect", rule.indirect.as_ref(), elsewhere)?;
    let region = |code: &Spanned<Text>| {
        Region::parse(&code.get_ref().0).ok_or_else(|| {
            mistake(
                code,
                format!("{} is not a code of ISO 3166", shown(&code.get_ref().0)),
                "a country is two letters, such as DE, and a part of one follows behind a hyphen, such as DE-BY",
            )
        })
    };
    let regions = codes.iter().map(region).collect::<Result<Vec<_>, _>>()?;
    once(codes, |code| code.trim().to_ascii_uppercase())?;
    let names = listed("fields", rule.fields.clone())?.ok_or_else(|| {
        Mistake::new(
            at,
            "a rule about regions has no `fields`",
            "say which fields of an account count: fields = [\"declared_region\", \"payment_country\"]",
        )
    })?;
    let field = |name: &Spanned<Text>| {
        let written = &name.get_ref().0;
        RegionField::ALL.into_iter().find(|field| field.name() == written).ok_or_else(|| {
            mistake(
                name,
                format!("{} is not a field that tells a region", shown(written)),
                near(written, &RegionField::ALL.map(RegionField::name), "the fields are"),
            )
        })
    };
    let fields = names.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    once(&names, str::to_owned)?;
    let request_share =
        rule.request_share.as_ref().map(|written| threshold("request_share", written, text)).transpose()?;
    let by_requests = names.iter().find(|name| name.get_ref().0 == RegionField::RequestCountry.name());
    match (by_requests, &rule.request_share) {
        (Some(name), None) => {
            return Err(mistake(
                name,
                "the rule looks at the countries of requests without saying which share of them counts",
                "write request_share = { more_than = 50 }",
            ));
        }
        (None, Some(_)) => {
            let why = "it counts with \"request_country\" among the fields alone";
            unwanted("request_share", rule.request_share.as_ref(), why)?;
        }
        _ => {}
    }
    if let (Some(_), Some((code, _))) = (by_requests, codes.iter().zip(&regions).find(|(_, region)| region.is_part())) {
        return Err(mistake(
            code,
            "requests are known by country, not by its parts",
            "leave request_country out of the fields, or name the country",
        ));
    }
    Ok(Restriction::Regions { regions, fields, request_share })
}

fn exceptions(written: ExceptionsFile) -> Result<Exceptions, Mistake> {
    let names = |name, list| Ok::<_, Mistake>(texts(listed(name, list)?.unwrap_or_default()));
    Ok(Exceptions {
        accounts: names("accounts", written.accounts)?.into_iter().map(Into::into).collect(),
        organizations: names("organizations", written.organizations)?.into_iter().map(Into::into).collect(),
        permits: names("permits", written.permits)?,
    })
}

fn stake(stake: StakeFile, text: &str) -> Result<Stake, Mistake> {
    let entity = &stake.entity.get_ref().0;
    if compared_name(&stake.owner.0) == compared_name(entity) {
        return Err(mistake(
            &stake.entity,
            format!("{} would own itself", shown(entity)),
            "leave out shares that an entity holds in itself",
        ));
    }
    in_order("since", stake.since, stake.until.as_ref())?;
    let how = "write the share in per cent: share = 33.5";
    let share = Share::from_percent(decimal(&stake.share, text, how)?).filter(|share| share.millionths() > 0);
    let share = share.ok_or_else(|| mistake(&stake.share, "`share` lies outside 0 to 100 %", how))?;
    Ok(Stake {
        owner: stake.owner.0,
        entity: stake.entity.into_inner().0,
        share,
        since: stake.since.0,
        until: stake.until.map(|until| until.into_inner().0),
        source: stake.source.0,
    })
}

const THRESHOLD: &str = "say whether exactly that share is enough: { at_least = 50 } or { more_than = 50 }";

fn threshold(name: &str, written: &Spanned<ThresholdFile>, text: &str) -> Result<Threshold, Mistake> {
    let (percent, threshold): (_, fn(Share) -> Threshold) = match written.get_ref() {
        ThresholdFile { at_least: Some(percent), more_than: None } => (percent, Threshold::AtLeast),
        ThresholdFile { at_least: None, more_than: Some(percent) } => (percent, Threshold::MoreThan),
        _ => return Err(mistake(written, format!("`{name}` needs one of `at_least` and `more_than`"), THRESHOLD)),
    };
    let threshold = Share::from_percent(decimal(percent, text, THRESHOLD)?).map(threshold);
    let met_by_all = threshold.is_some_and(|threshold| threshold.is_met(Share::default()));
    let met_by_none = threshold.is_some_and(|threshold| !threshold.is_met(Share::WHOLE));
    threshold.filter(|_| !met_by_all && !met_by_none).ok_or_else(|| {
        mistake(
            percent,
            format!("no share, or every share, would meet this `{name}`"),
            "a threshold lies above 0 % and is met by 100 %",
        )
    })
}

/// A share in hexadecimal is a slip.
fn decimal(percent: &Spanned<Percent>, text: &str, how: &str) -> Result<f64, Mistake> {
    let written = text.get(percent.span()).unwrap_or_default().trim_start_matches(['+', '-']);
    if ["0x", "0o", "0b"].iter().any(|prefix| written.starts_with(prefix)) {
        return Err(mistake(percent, format!("{} is not a decimal number", shown(written)), how));
    }
    Ok(percent.get_ref().0)
}

/// A list that is not empty.
fn listed(name: &str, list: Option<Spanned<Vec<Spanned<Text>>>>) -> Result<Option<Vec<Spanned<Text>>>, Mistake> {
    match list {
        Some(list) if list.get_ref().is_empty() => {
            Err(mistake(&list, format!("`{name}` is empty"), format!("write {name} = [\"…\", \"…\"]")))
        }
        list => Ok(list.map(Spanned::into_inner)),
    }
}

/// Refuses a part that has no meaning in a rule of this kind.
fn unwanted<T>(name: &str, part: Option<&Spanned<T>>, why: &str) -> Result<(), Mistake> {
    part.map_or(Ok(()), |part| Err(mistake(part, format!("`{name}` has no meaning here"), why)))
}

fn in_order(first: &str, from: WrittenDay, until: Option<&Spanned<WrittenDay>>) -> Result<(), Mistake> {
    match until {
        Some(until) if until.get_ref().0 <= from.0 => Err(mistake(
            until,
            format!("`{first}` is not before `until`"),
            format!("it holds from `{first}` up to, but without, `until`; leave `until` out where no end is known"),
        )),
        _ => Ok(()),
    }
}

fn once(list: &[Spanned<Text>], key: impl Fn(&str) -> String) -> Result<(), Mistake> {
    let mut seen = BTreeSet::new();
    match list.iter().find(|item| !seen.insert(key(&item.get_ref().0))) {
        Some(again) => {
            Err(mistake(again, format!("{} is listed twice", shown(&again.get_ref().0)), "leave the second one out"))
        }
        None => Ok(()),
    }
}

fn texts(list: Vec<Spanned<Text>>) -> Vec<String> {
    list.into_iter().map(|item| item.into_inner().0).collect()
}

fn mistake<T>(at: &Spanned<T>, reason: impl Into<String>, help: impl Into<String>) -> Mistake {
    Mistake::new(at.span().start, reason, help)
}
