//! Written policies restrict whom they say, and change nothing else.

use std::collections::BTreeSet;

use stillwatch_core::{
    Account, AccountId, AccountType, Basis, Day, Exceptions, Exchange, Indirect, Key, Micros, Permit, PermitScope,
    Policy, Region, RegionField, Restriction, Rule, Share, Stake, Threshold,
};
use stillwatch_detect::{Category, DetectionReport, Detector, Options};
use stillwatch_digest::{AccountWindow, DigestBuilder, Fingerprinter, Names};

use crate::traffic::{Case, at_least, mixed, mixed_case, mixed_report, run, windows};

const KEY: u8 = 1;

fn rule(restricts: Restriction) -> Rule {
    Rule {
        id: "rule".into(),
        title: "a rule".into(),
        basis: Basis { rule: "Rules, 1".into(), source: "https://example.org".into(), effective: Day(0), until: None },
        restricts,
        exceptions: Exceptions::default(),
        action: "ask".into(),
    }
}

fn regions(codes: &[&str], fields: &[RegionField]) -> Rule {
    rule(Restriction::Regions {
        regions: codes.iter().map(|code| Region::parse(code).unwrap()).collect(),
        fields: fields.to_vec(),
        request_share: Some(Threshold::AtLeast(Share::from_percent(60.0).unwrap())),
    })
}

fn owners(names: &[&str]) -> Rule {
    rule(Restriction::Owners {
        owners: names.iter().map(ToString::to_string).collect(),
        threshold: Threshold::AtLeast(Share::from_percent(50.0).unwrap()),
        indirect: Indirect::Multiplied,
    })
}

fn detect(case: &Case, rules: Vec<Rule>, ownership: Vec<Stake>) -> DetectionReport {
    let options = Options { threads: 2, ..Options::default() };
    let mut detector = Detector::new(case.accounts.clone(), case.permits.clone(), &case.names, options)
        .with_policy(Policy { rules, ownership }, &case.names);
    for (account, window) in &case.windows {
        detector.add(account.clone(), window);
    }
    run(detector)
}

fn named(category: &Category) -> BTreeSet<&str> {
    category.accounts.iter().map(|restricted| restricted.account.as_str()).collect()
}

/// Every country that the simulated world has.
fn everywhere() -> Vec<Rule> {
    let countries: BTreeSet<&str> = mixed().accounts.iter().filter_map(|account| account.signup_country).collect();
    let codes: Vec<&str> = countries.into_iter().collect();
    vec![regions(&codes, &RegionField::ALL), owners(&["Example Group"])]
}

#[test]
fn no_campaign_depends_on_a_policy() {
    let without = mixed_report();
    let mut with = detect(mixed_case(), everywhere(), Vec::new());
    assert!(!at_least(without, stillwatch_core::Tier::Act).is_empty());
    assert!(with.categories[0].accounts.len() > 1_000, "nearly everybody is restricted");
    with.categories.clear();
    assert_eq!(&with, without);
}

/// Countries change places: what people did stays the same, so do all scores, and the policy follows the names.
#[test]
fn relabelling_countries_changes_no_score() {
    let renamed = |country: &str| match country {
        "DE" => "US".to_owned(),
        "US" => "DE".to_owned(),
        other => other.to_owned(),
    };
    let fields = RegionField::ALL;
    let before = detect(mixed_case(), vec![regions(&["DE"], &fields)], Vec::new());
    let mut relabelled = mixed_case().clone();
    for account in &mut relabelled.accounts {
        for place in [&mut account.signup_country, &mut account.payment_country, &mut account.declared_region] {
            *place = place.take().map(|country| renamed(&country));
        }
    }
    let mut exchanges = mixed().exchanges.clone();
    for exchange in &mut exchanges {
        exchange.country = match exchange.country {
            Some("DE") => Some("US"),
            Some("US") => Some("DE"),
            other => other,
        };
    }
    relabelled.windows = windows(&exchanges, KEY);
    let after = detect(&relabelled, vec![regions(&["US"], &fields)], Vec::new());
    assert_eq!(after.campaigns, before.campaigns);
    assert_eq!(after.nulls, before.nulls);
    assert!(!named(&before.categories[0]).is_empty());
    assert_eq!(named(&after.categories[0]), named(&before.categories[0]));
}

/// Accounts with a row in the table and requests from some countries.
struct Place {
    accounts: Vec<Account>,
    windows: Vec<(AccountId, AccountWindow)>,
    permits: Vec<Permit>,
}

impl Place {
    fn new() -> Self {
        Self { accounts: Vec::new(), windows: Vec::new(), permits: Vec::new() }
    }

    fn add(&mut self, name: &str, countries: &[(&str, u32)], fill: impl FnOnce(&mut Account)) {
        let mut account = Account::unknown(name.into());
        fill(&mut account);
        let mut fingerprinter = Fingerprinter::new(&Key::from_bytes([KEY; 32]));
        let mut day = DigestBuilder::default();
        let mut second = 0;
        for &(country, requests) in countries {
            for _ in 0..requests {
                second += 1;
                let country = Some(country).filter(|country| !country.is_empty());
                let time = Micros::from_seconds(second);
                let exchange = Exchange { time, account: name, country, ..Exchange::default() };
                day.add(fingerprinter.fingerprint(&exchange)).unwrap();
            }
        }
        self.accounts.push(account);
        let window = AccountWindow::unite([(Day(0), day.finish().unwrap())]).unwrap();
        self.windows.push((name.into(), window));
    }

    fn category(&self, rule: Rule, ownership: Vec<Stake>) -> Category {
        let case = Case {
            windows: self.windows.clone(),
            accounts: self.accounts.clone(),
            permits: self.permits.clone(),
            names: Names::new(&Key::from_bytes([KEY; 32])),
            without: Vec::new(),
        };
        detect(&case, vec![rule], ownership).categories.remove(0)
    }
}

fn stake(owner: &str, entity: &str, percent: f64) -> Stake {
    Stake {
        owner: owner.into(),
        entity: entity.into(),
        share: Share::from_percent(percent).unwrap(),
        since: Day(-10),
        until: None,
        source: "register".into(),
    }
}

#[test]
fn an_unknown_owner_is_not_restricted() {
    let mut place = Place::new();
    let owner = |name: &str| {
        let name = name.to_owned();
        move |account: &mut Account| account.owner = Some(name)
    };
    place.add("itself", &[("", 1)], owner("example group"));
    place.add("majority", &[("", 1)], owner("Example Labs"));
    place.add("minority", &[("", 1)], owner("Other Labs"));
    place.add("stranger", &[("", 1)], owner("Stranger"));
    place.add("nobody", &[("", 1)], |_| {});
    place.add("own", &[("", 1)], |account| {
        account.owner = Some("Example Group".into());
        account.account_type = AccountType::Internal;
    });
    let stakes = vec![
        stake("Example Group", "Middle", 80.0),
        stake("Middle", "Example Labs", 75.0),
        stake("Middle", "Other Labs", 40.0),
        stake("Founders", "Other Labs", 60.0),
    ];
    let category = place.category(owners(&["Example Group"]), stakes);
    assert_eq!(named(&category), BTreeSet::from(["itself", "majority"]));
    let majority = &category.accounts[1];
    assert_eq!(majority.share_percent, Some(60.0));
    let steps: Vec<&str> = majority.chains[0].steps.iter().map(|step| step.owner.as_str()).collect();
    assert_eq!((steps, majority.chains.len()), (vec!["Example Group", "Middle"], 1));
    assert!(majority.ground.contains("60 %") && majority.ground.contains("1970-01-01"), "{}", majority.ground);
    let counts = &category.unrestricted;
    assert_eq!((counts.unknown, counts.others, counts.internal), (2, 1, 1));
}

#[test]
fn regions_count_in_the_named_fields_alone() {
    let mut place = Place::new();
    place.add("declared", &[("XB", 1)], |account| account.declared_region = Some(" xa-7 ".into()));
    place.add("paid", &[("XB", 1)], |account| {
        account.declared_region = Some("XB".into());
        account.payment_country = Some("XA".into());
    });
    place.add("signed_up", &[("XA", 1)], |account| {
        account.declared_region = Some("XB".into());
        account.signup_country = Some("XA".into());
    });
    place.add("unreadable", &[("XA", 1)], |account| account.declared_region = Some("the east".into()));
    let category =
        place.category(regions(&["XA"], &[RegionField::DeclaredRegion, RegionField::PaymentCountry]), vec![]);
    assert_eq!(named(&category), BTreeSet::from(["declared", "paid"]));
    assert_eq!(category.accounts[0].regions[0].region.as_deref(), Some("XA-7"));
    assert_eq!((category.unrestricted.others, category.unrestricted.unknown), (1, 1));
}

#[test]
fn countries_of_requests_count_by_their_share() {
    let mut place = Place::new();
    place.add("travels", &[("XA", 5), ("XB", 15)], |_| {});
    place.add("lives", &[("XA", 15), ("XB", 3), ("", 40)], |_| {});
    place.add("busy", &[("XA", 3_000)], |_| {});
    // Of two countries that both fill all slots, no more than 266 of 8,000 are certain.
    place.add("uncertain", &[("XA", 6_000), ("XB", 2_000)], |_| {});
    place.add("silent", &[("", 5)], |_| {});
    let category = place.category(regions(&["XA"], &[RegionField::RequestCountry]), vec![]);
    assert_eq!(named(&category), BTreeSet::from(["lives", "busy"]));
    assert_eq!(category.accounts[0].regions[0].share_percent, Some(100.0));
    assert_eq!((category.unrestricted.others, category.unrestricted.unknown), (2, 1));
}

#[test]
fn exceptions_permits_and_days() {
    let mut place = Place::new();
    for name in ["a", "excepted", "partner", "licensed"] {
        place.add(name, &[("XA", 1)], |account| account.organization = Some(format!("org of {name}").as_str().into()));
    }
    let permit = |id: &str, account: &str| Permit {
        id: Some(id.into()),
        organization: None,
        account: Some(account.into()),
        scope: PermitScope::Distillation,
        holder: format!("holder {id}"),
        issuer: None,
        valid_from: "1960-01-01".into(),
        valid_until: "1980-01-01".into(),
        models: vec![],
        revoked_at: None,
        signature: None,
    };
    place.permits = vec![permit("p1", "partner"), permit("p2", "licensed")];
    let mut written = regions(&["XA"], &[RegionField::RequestCountry]);
    written.exceptions.organizations = vec!["org of excepted".into()];
    written.exceptions.permits = vec!["p2".into()];
    let category = place.category(written.clone(), vec![]);
    assert_eq!(named(&category), BTreeSet::from(["a", "partner"]));
    // A permit to distil lifts no other rule, unless the rule says so.
    assert_eq!(category.accounts[1].permit.as_deref(), Some("holder p1"));
    let excepted: Vec<&str> = category.excepted.iter().map(|excepted| excepted.account.as_str()).collect();
    assert_eq!(excepted, ["excepted", "licensed"]);

    written.basis.effective = Day(1);
    let later = place.category(written.clone(), vec![]);
    assert_eq!((later.accounts.len(), later.unrestricted.not_in_force), (0, 4));
    written.basis.effective = Day(-5);
    written.basis.until = Some(Day(0));
    assert_eq!(place.category(written, vec![]).unrestricted.not_in_force, 4);
}
