//! Written rules are read whole or refused with the place of the mistake.

use std::fmt::Write;

use stillwatch_core::{Indirect, Micros, Region, RegionField, Restriction, Share, Threshold};
use stillwatch_ingest::read_policy;

const OWNERS: &str = r#"[[rule]]
id = "group"
title = "Owned by a restricted group"
action = "ask for a register extract"
basis = { rule = "Rules, 2", source = "https://example.org/rules", effective = 2026-01-01 }
owners = ["Example Group"]
threshold = { at_least = 50 }
"#;

const REGIONS: &str = r#"[[rule]]
id = "region"
title = "Unsupported regions"
action = "no new keys"
basis = { rule = "Rules, 3", source = "https://example.org/rules", effective = "2026-02-01", until = 2027-02-01 }
regions = ["xa", "XB-1"]
fields = ["declared_region", "payment_country"]
exceptions = { accounts = ["a1"], permits = ["p-17"] }
"#;

const STAKE: &str = r#"[[ownership]]
owner = "Example Group"
entity = "Example Labs"
share = 33.3333
since = 2020-05-01
source = "register"
"#;

fn refused(text: &str) -> (String, String) {
    let error = read_policy(text.as_bytes()).unwrap_err();
    (error.to_string(), error.help().unwrap_or_default())
}

#[test]
fn rules_and_stakes_are_read() {
    let policy = read_policy(format!("\u{feff}{OWNERS}{REGIONS}{STAKE}").as_bytes()).unwrap();
    let Restriction::Owners { owners, threshold, indirect } = &policy.rules[0].restricts else { panic!("no owners") };
    assert_eq!((owners.len(), *indirect), (1, Indirect::Multiplied));
    assert_eq!(*threshold, Threshold::AtLeast(Share::from_percent(50.0).unwrap()));
    let Restriction::Regions { regions, fields, request_share } = &policy.rules[1].restricts else {
        panic!("no regions")
    };
    assert_eq!(regions.iter().map(Region::as_str).collect::<Vec<_>>(), ["XA", "XB-1"]);
    assert_eq!(
        (fields.as_slice(), request_share),
        (&[RegionField::DeclaredRegion, RegionField::PaymentCountry][..], &None)
    );
    let day = |text| Micros::parse(text).unwrap().day();
    assert_eq!(policy.rules[1].basis.until, Some(day("2027-02-01")));
    assert_eq!(policy.rules[1].exceptions.permits, ["p-17"]);
    assert_eq!((policy.ownership[0].share.millionths(), policy.ownership[0].until), (333_333, None));
    assert!(policy.ownership[0].holds(day("2020-05-01")) && !policy.ownership[0].holds(day("2020-04-30")));
}

/// What is changed in a good policy, and what is said of it.
#[test]
fn mistakes_are_placed_and_explained() {
    let both = format!("{OWNERS}{STAKE}");
    let cases = [
        ("empty", String::new()),
        ("no toml", "[[rule]]\nid = \n".into()),
        ("an unknown table", format!("{OWNERS}[[ownrship]]\n")),
        ("an unknown part", OWNERS.replace("threshold", "treshold")),
        ("no part of a basis", OWNERS.replace("effective", "efective")),
        ("a rule without an id", OWNERS.replace("id = \"group\"\n", "")),
        ("an id of another type", OWNERS.replace("\"group\"", "7")),
        ("two rules of one id", format!("{OWNERS}{OWNERS}")),
        ("a rule of both kinds", format!("{OWNERS}regions = [\"XA\"]\n")),
        ("a rule of no kind", OWNERS.replace("owners = [\"Example Group\"]\n", "")),
        ("no owners", OWNERS.replace("[\"Example Group\"]", "[]")),
        ("an owner twice", OWNERS.replace("[\"Example Group\"]", "[\"Example Group\", \"example  group\"]")),
        ("no threshold", OWNERS.replace("threshold = { at_least = 50 }\n", "")),
        ("a bare threshold", OWNERS.replace("{ at_least = 50 }", "50")),
        ("two thresholds", OWNERS.replace("at_least = 50", "at_least = 50, more_than = 50")),
        ("a threshold that all meet", OWNERS.replace("at_least = 50", "at_least = 0")),
        ("a threshold that nobody meets", OWNERS.replace("at_least = 50", "more_than = 100")),
        ("a way of counting", format!("{OWNERS}indirect = \"multiply\"\n")),
        ("fields of an owner rule", format!("{OWNERS}fields = [\"declared_region\"]\n")),
        ("no web address", OWNERS.replace("https://example.org/rules", "our handbook")),
        ("a day that is none", OWNERS.replace("2026-01-01", "\"2026-02-30\"")),
        ("a moment for a day", OWNERS.replace("2026-01-01", "2026-01-01T10:00:00Z")),
        ("a year for a day", OWNERS.replace("2026-01-01", "2026")),
        ("an end before the beginning", REGIONS.replace("2027-02-01", "2026-02-01")),
        ("no code of a region", REGIONS.replace("\"xa\"", "\"Atlantis\"")),
        ("a region twice", REGIONS.replace("XB-1", "XA")),
        ("an unknown field", REGIONS.replace("payment_country", "payment_contry")),
        ("no fields", REGIONS.replace("fields = [\"declared_region\", \"payment_country\"]\n", "")),
        ("requests without a share", REGIONS.replace("\"payment_country\"", "\"request_country\"")),
        ("a share without requests", format!("{REGIONS}request_share = {{ at_least = 50 }}\n")),
        (
            "requests by parts of a country",
            format!(
                "{}request_share = {{ at_least = 50 }}\n",
                REGIONS.replace("\"payment_country\"", "\"request_country\"")
            ),
        ),
        ("an exception of no kind", REGIONS.replace("permits =", "permit =")),
        ("a share above the whole", both.replace("33.3333", "133")),
        ("a share of nothing", both.replace("33.3333", "0")),
        ("a share in words", both.replace("33.3333", "\"a third\"")),
        ("a share that is no number", both.replace("33.3333", "nan")),
        ("an owner of itself", both.replace("\"Example Labs\"", "\"example group\"")),
        ("no source of a stake", both.replace("source = \"register\"\n", "")),
        ("overlapping stakes", format!("{both}{}", STAKE.replace("2020-05-01", "2021-05-01"))),
        (
            "more than the whole",
            format!("{both}{}", STAKE.replace("Example Group", "Others").replace("33.3333", "66.6668")),
        ),
        ("a table that is a list", "rule = 7\n".into()),
    ];
    let mut all = String::new();
    for (what, text) in cases {
        let (error, help) = refused(&text);
        let _ = writeln!(all, "{what}\n  {error}\n  {help}");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn stakes_that_follow_each_other_do_not_overlap() {
    let sold = STAKE.replace("since", "until = 2021-05-01\nsince");
    let bought = STAKE.replace("2020-05-01", "2021-05-01").replace("33.3333", "100");
    assert_eq!(read_policy(format!("{OWNERS}{sold}{bought}").as_bytes()).unwrap().ownership.len(), 2);
    let whole = STAKE.replace("Example Group", "Others").replace("33.3333", "66.6667");
    assert_eq!(read_policy(format!("{OWNERS}{STAKE}{whole}").as_bytes()).unwrap().ownership.len(), 2);
}

#[test]
fn hostile_files_are_bounded() {
    assert!(refused(&"x".repeat((16 << 20) + 1)).0.contains("more than"));
    assert!(refused(&format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000))).0.starts_with("line 1"));
    assert!(refused(&"[[rule]]\n".repeat(1_000)).0.contains("missing field `id`"));
    let rule = |n: usize| OWNERS.replace("\"group\"", &format!("\"{n}\""));
    assert!(refused(&(0..1_001).map(rule).collect::<String>()).0.contains("there are 1001 tables"));
    assert!(refused("[[rule]]\nid = \"\u{0}\"").0.starts_with("line 2"));
    let error = read_policy(&b"[[rule]]\ntitle = \"\xff\""[..]).unwrap_err().to_string();
    assert_eq!(error, "line 2, column 10 of the policy: the text is not UTF-8");
}

#[test]
fn twenty_thousand_stakes_are_read_at_once() {
    let stakes: String = (0..20_000).map(|n| STAKE.replace("Example Labs", &format!("E{n}"))).collect();
    assert_eq!(read_policy(format!("{OWNERS}{stakes}").as_bytes()).unwrap().ownership.len(), 20_000);
}
