//! What stands beside the campaigns: written policies and watch-lists.

use std::fmt::Write;

use serde_json::Value;

use crate::sandbox::{Sandbox, campaigns, file, report};

const POLICY: &str = r#"
[[rule]]
id = "group-owned"
title = "Owned by a restricted group"
action = "ask for an extract of the register within 14 days"
basis = { rule = "Supported customers, 2", source = "https://example.org/rules", effective = 2026-01-01 }
owners = ["Example Group"]
threshold = { more_than = 50 }

[[rule]]
id = "region"
title = "Regions without service"
action = "no new keys"
basis = { rule = "Supported regions", source = "https://example.org/regions", effective = 2026-01-01 }
regions = ["XA"]
fields = ["declared_region", "request_country"]
request_share = { at_least = 80 }
exceptions = { accounts = ["embassy"] }

[[ownership]]
owner = "Example Group"
entity = "Harbour Holding"
share = 80
since = 2020-05-01
source = "register extract of 2026-01-15"

[[ownership]]
owner = "Harbour Holding"
entity = "Example Labs"
share = 75
since = 2021-01-01
source = "annual report 2025"
"#;

const ACCOUNTS: &str = "account,owner,declared_region,payment_hmac\n\
                        labs,example labs,XB,card-1\n\
                        embassy,Founders,XA,card-2\n\
                        visitor,,XB,card-3\n\
                        settled,,XA,card-4\n";

/// Requests of four accounts; `settled` always asks from XA, and `visitor` did once.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut log = String::new();
    for second in 0..12 {
        for (account, ip) in
            [("labs", "192.0.2.1"), ("embassy", "192.0.2.2"), ("visitor", "198.51.100.3"), ("settled", "203.0.113.4")]
        {
            let country = if account == "settled" || (account == "visitor" && second == 0) { "xa" } else { "XB" };
            let _ = writeln!(
                log,
                "{{\"time\":\"2026-09-07T00:00:{second:02}Z\",\"account\":\"{account}\",\"ip\":\"{ip}\",\"country\":\"{country}\"}}"
            );
        }
    }
    sandbox.write("log.jsonl", log);
    sandbox.write("accounts.csv", ACCOUNTS);
    sandbox.write("policy.toml", POLICY);
    sandbox
}

const LIST: &str = "id,kind,value,confidence,valid_from,valid_until,marking,source,context\n\
                    pool,network,192.0.2.0/24,80,2026-08-01,2026-10-01,TLP:AMBER,forum,\"proxy pool, seen in a ring\"\n\
                    card,payment,card-4,100,2026-08-01,2026-10-01,TLP:GREEN,forum,pays for a ring\n\
                    old,network,203.0.113.0/24,90,2025-08-01,2025-10-01,TLP:RED,forum,an older pool\n\
                    soon,ip,203.0.113.4,90,2027-08-01,2027-10-01,TLP:RED,forum,from the future\n\
                    hello,ja4,t13d,90,2026-08-01,2026-10-01,TLP:RED,forum,a client\n\
                    stranger,account,nobody,90,2026-08-01,2026-10-01,TLP:RED,forum,an account\n";

#[test]
fn a_policy_is_told_apart_from_campaigns() {
    let sandbox = sandbox();
    let arguments = ["detect", "log.jsonl", "--accounts", "accounts.csv", "--policy", "policy.toml"];
    insta::assert_snapshot!(sandbox.run(&arguments).ok().out);
    let json = sandbox.run(&[&arguments[..], &["--format", "json", "--fail-on", "watch"]].concat()).ok();
    let report: Value = serde_json::from_str(&json.out).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&report["categories"]).unwrap());
    // Digests know the countries of requests too.
    sandbox.run(&["digest", "log.jsonl", "-o", "digests"]).ok();
    let digests = sandbox.run(&["detect", "digests", "--accounts", "accounts.csv", "--policy", "policy.toml"]).ok();
    assert_eq!(digests.out, sandbox.run(&arguments).out);
}

#[test]
fn a_watchlist_is_told_without_its_values() {
    let sandbox = sandbox();
    sandbox.write("list.csv", LIST);
    let arguments = ["detect", "log.jsonl", "--accounts", "accounts.csv", "--watchlist", "list.csv"];
    let table = sandbox.run(&arguments).ok();
    insta::assert_snapshot!(table.out);
    let json = sandbox.run(&[&arguments[..], &["--format", "json", "--fail-on", "watch"]].concat()).ok();
    for value in ["192.0.2", "203.0.113", "card-4", "t13d"] {
        assert!(!table.all().contains(value) && !json.all().contains(value), "{value} came out");
    }
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["campaigns"], Value::Array(Vec::new()));
    let names: Vec<&str> = report["sightings"][0]["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| seen["account"].as_str().unwrap())
        .collect();
    assert_eq!((&report["sightings"][0]["indicator"], names), (&"card".into(), vec!["settled"]));
}

/// On simulated traffic with campaigns in it: the same campaigns at the same tiers, whatever is given beside them.
#[test]
fn campaigns_depend_on_neither() {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", POLICY.replace("\"XA\"", "\"US\", \"DE\", \"IN\", \"GB\", \"JP\""));
    let alone: Value = serde_json::from_str(report()).unwrap();
    let with_policy = detect(&sandbox, &["--policy", "policy.toml"]);
    assert!(!with_policy["categories"][1]["accounts"].as_array().unwrap().is_empty());
    assert_eq!(with_policy["campaigns"], alone["campaigns"]);

    let list: String = alone["campaigns"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|campaign| campaign["accounts"].as_array().unwrap())
        .map(|member| {
            format!(
                "{{\"kind\":\"account\",\"value\":{},\"confidence\":100,\"valid_from\":\"2026-01-01\",\"valid_until\":\
                 \"2027-01-01\",\"marking\":\"TLP:GREEN\",\"source\":\"forum\",\"context\":\"a ring\"}}\n",
                member["account"]
            )
        })
        .collect();
    sandbox.write("list.jsonl", &list);
    let watched = detect(&sandbox, &["--watchlist", "list.jsonl"]);
    assert_eq!(watched["sightings"].as_array().unwrap().len(), list.lines().count());
    let verdicts = |report: &Value| -> Vec<Value> {
        let campaigns = report["campaigns"].as_array().unwrap().iter();
        campaigns
            .map(|campaign| {
                ["id", "tier", "q_value", "families", "recommended"].map(|of| campaign[of].clone()).to_vec().into()
            })
            .collect()
    };
    assert_eq!(verdicts(&watched), verdicts(&alone));
    assert!(watched["campaigns"][0]["score_bits"].as_f64() > alone["campaigns"][0]["score_bits"].as_f64());
}

fn detect(sandbox: &Sandbox, rest: &[&str]) -> Value {
    let (log, accounts) = (file("exchanges.parquet"), file("accounts.parquet"));
    let arguments = [&["detect", &log, "--accounts", &accounts, "--format", "json"], rest].concat();
    let run = sandbox.run(&arguments).ok();
    serde_json::from_str(&campaigns(&run)).unwrap()
}

#[test]
fn files_that_do_not_hold_up_are_refused_with_the_place() {
    let sandbox = sandbox();
    let mut all = String::new();
    let mut refuse = |option: &str, name: &str, bytes: &[u8]| {
        sandbox.write(name, bytes);
        let run = sandbox.run(&["detect", "log.jsonl", option, name, "-o", "report.txt"]);
        assert_eq!((run.code, sandbox.path("report.txt").exists()), (Some(2), false), "{}", run.all());
        let _ = writeln!(all, "{option} {name}\n{}", run.err);
    };
    refuse("--policy", "empty.toml", b"");
    refuse("--policy", "typo.toml", POLICY.replace("threshold", "treshold").as_bytes());
    refuse("--policy", "share.toml", POLICY.replace("share = 75", "share = 175").as_bytes());
    refuse("--policy", "latin.toml", b"[[rule]]\ntitle = \"caf\xe9\"\n");
    refuse("--watchlist", "empty.json", b"");
    refuse("--watchlist", "kind.csv", LIST.replace("pool,network", "pool,netwrok").as_bytes());
    refuse("--watchlist", "wide.csv", LIST.replace("192.0.2.0/24", "192.0.0.0/8").as_bytes());
    refuse("--watchlist", "broken.json", b"{\"indicators\": [\n  {\"kind\": \"ip\",\n  }]}");
    let missing = sandbox.run(&["detect", "log.jsonl", "--watchlist", "nowhere.csv"]);
    assert_eq!(missing.code, Some(2));
    insta::assert_snapshot!(all + &missing.err);
}
