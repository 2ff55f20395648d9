//! Bad input is counted and sampled, or refused with what failed, why, and what to do.

use std::fmt::Write;

use crate::sandbox::{Sandbox, file};

macro_rules! snapshot {
    ($text:expr) => {
        insta::assert_snapshot!($text)
    };
}

fn row(account: &str, second: u32, rest: &str) -> String {
    format!("{{\"time\":\"2026-09-07T00:00:{second:02}Z\",\"account\":\"{account}\"{rest}}}\n")
}

#[test]
fn a_missing_file() {
    snapshot!(Sandbox::new().run(&["detect", "logs.parquet"]).all());
}

#[test]
fn a_pattern_without_a_match() {
    snapshot!(Sandbox::new().run(&["detect", "logs/*.parquet"]).all());
}

#[test]
fn an_empty_file() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.jsonl", "");
    snapshot!(sandbox.run(&["detect", "empty.jsonl"]).all());
}

#[test]
fn truncated_parquet() {
    let sandbox = Sandbox::new();
    let whole = std::fs::read(file("exchanges.parquet")).unwrap();
    sandbox.write("log.parquet", &whole[..whole.len() / 2]);
    let run = sandbox.run(&["detect", "log.parquet", "-o", "report.txt"]);
    assert!(!sandbox.path("report.txt").exists());
    snapshot!(run.all());
}

#[test]
fn a_damaged_page_inside_parquet() {
    let sandbox = Sandbox::new();
    let mut bytes = std::fs::read(file("exchanges.parquet")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4000].fill(0xee);
    sandbox.write("log.parquet", &bytes);
    let run = sandbox.run(&["detect", "log.parquet", "-o", "report.txt"]);
    assert_eq!((run.code, sandbox.path("report.txt").exists()), (Some(1), false), "{}", run.all());
    assert!(run.err.starts_with("error: log.parquet cannot be read\ncause: "), "{}", run.err);
}

#[test]
fn lines_of_every_bad_kind() {
    let sandbox = Sandbox::new();
    let mut log: Vec<u8> = row("a", 1, ",\"prompt\":\"one\"").into();
    log.extend_from_slice(b"not json\n[1, 2]\n{\"time\": 1}\n{\"account\": \"a\"}\n");
    log.extend_from_slice(b"{\"time\":\"yesterday\",\"account\":\"a\"}\n");
    log.extend_from_slice(b"{\"time\":\"2026-09-07\",\"account\":\"\xff\xfe\"}\n");
    log.extend_from_slice(b"{\"time\":\"9999-01-01T00:00:00Z\",\"account\":\"a\"}\n");
    log.extend_from_slice(row("a", 2, ",\"temperature\":\"warm\",\"n\":\"many\",\"logprobs\":7").as_bytes());
    log.extend_from_slice(row("a", 3, ",\"prompt\":\"one\\u0000two\"").as_bytes());
    log.extend_from_slice(row("a", 1, ",\"colour\":\"red\"").as_bytes());
    sandbox.write("log.jsonl", &log);
    snapshot!(sandbox.run(&["detect", "log.jsonl"]).all());
    assert_eq!(sandbox.run(&["detect", "log.jsonl", "--max-rejected", "5"]).code, Some(3));
    assert_eq!(sandbox.run(&["detect", "log.jsonl", "--max-rejected", "6"]).code, Some(0));
}

#[test]
fn nothing_but_bad_lines() {
    let sandbox = Sandbox::new();
    sandbox.write("log.csv", "when,who\n2026-09-07,a\n");
    snapshot!(sandbox.run(&["detect", "log.csv"]).all());
}

#[test]
fn a_huge_line() {
    let sandbox = Sandbox::new();
    let huge = row("a", 1, &format!(",\"prompt\":\"{}\"", "x".repeat(20 << 20)));
    sandbox.write("log.jsonl", huge + &row("a", 2, ""));
    let run = sandbox.run(&["detect", "log.jsonl", "--memory", "64M"]).ok();
    assert_eq!(run.err, "warning: 1 row rejected, line over 16 MiB: log.jsonl:1\n");
}

#[test]
fn times_out_of_order_and_in_the_future() {
    let sandbox = Sandbox::new();
    let future = row("a", 9, "").replace("2026", "2093");
    sandbox.write("log.jsonl", row("a", 5, "") + &row("a", 3, "") + &future + &row("a", 4, ""));
    snapshot!(sandbox.run(&["detect", "log.jsonl"]).ok().all());
}

#[test]
fn duplicate_requests_are_counted_once() {
    let sandbox = Sandbox::new();
    let once = row("a", 1, ",\"request_id\":\"r1\"") + &row("a", 2, ",\"request_id\":\"r2\"");
    sandbox.write("log.jsonl", once.repeat(3));
    let run = sandbox.run(&["detect", "log.jsonl", "--format", "json"]).ok();
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&report["inputs"]["exchanges"], &report["inputs"]["duplicates"]), (&2.into(), &4.into()));
}

#[test]
fn accounts_that_the_table_does_not_hold() {
    let sandbox = Sandbox::new();
    sandbox.write("log.jsonl", row("known", 1, "") + &row("stranger", 2, ""));
    sandbox.write("accounts.csv", "account,payment_hmac\nknown,00\n");
    let run = sandbox.run(&["detect", "log.jsonl", "--accounts", "accounts.csv", "--format", "json"]).ok();
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["inputs"]["accounts_without_row"], 1);
}

#[test]
fn masked_and_invalid_addresses() {
    let sandbox = Sandbox::new();
    let addresses = ["203.0.113.xxx", "not an address", "999.1.1.1", "203.0.113.0/24", "2001:db8::1", ""];
    let log: String = (0..).zip(addresses).map(|(second, ip)| row("a", second, &format!(",\"ip\":\"{ip}\""))).collect();
    sandbox.write("log.jsonl", log);
    snapshot!(sandbox.run(&["detect", "log.jsonl"]).ok().all());
}

#[test]
fn columns_of_nothing_but_nulls() {
    let sandbox = Sandbox::new();
    sandbox.write("log.csv", "time,account,prompt,ip,temperature\n2026-09-07,a,,,\n2026-09-08,b,,,\n");
    let run = sandbox.run(&["detect", "log.csv", "--format", "json"]).ok();
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["inputs"]["field_coverage"]["temperature"], 0.0);
    assert!(!report["not_evaluated"].as_array().unwrap().is_empty());
}

#[test]
fn one_account_only() {
    let sandbox = Sandbox::new();
    let mut log = String::new();
    for second in 0..50 {
        log += &row("a", second, ",\"prompt\":\"translate the sentence below into formal Welsh\"");
    }
    sandbox.write("log.jsonl", log);
    snapshot!(sandbox.run(&["detect", "log.jsonl"]).ok().all());
}

#[test]
fn no_account_with_two_exchanges() {
    let sandbox = Sandbox::new();
    let mut log = String::new();
    for account in 0..50 {
        let _ = write!(log, "{}", row(&format!("a{account}"), account, ",\"prompt\":\"a common question\""));
    }
    sandbox.write("log.jsonl", log);
    snapshot!(sandbox.run(&["detect", "log.jsonl"]).ok().all());
}

#[test]
fn configuration_that_does_not_hold_up() {
    let sandbox = Sandbox::new();
    sandbox.write("log.jsonl", row("a", 1, ""));
    sandbox.write("map.toml", "[exchange]\nacount = \"user\"\n");
    sandbox.write("permits.json", r#"{"permits": [{"organization": "o", "holder": "h"}]}"#);
    sandbox.write("edge.csv", "ip\n203.0.113.9\n");
    let mut all = String::new();
    for arguments in [
        &["--map", "map.toml"][..],
        &["--permits", "permits.json"],
        &["--edge", "edge.csv"],
        &["--accounts", "nowhere.csv"],
        &["--memory", "much"],
        &["--memory", "1M"],
        &["--since", "yesterday"],
        &["--since", "2026-09-08", "--until", "2026-09-07"],
        &["--fail-on", "akt"],
        &["--formt", "json"],
        &["-o", "nowhere/report.json"],
        &["-o", "tmp"],
    ] {
        let run = sandbox.run(&[&["detect", "log.jsonl"], arguments].concat());
        assert_eq!(run.code, Some(2), "{}", run.all());
        let _ = writeln!(all, "{}\n{}", arguments.join(" "), run.err);
    }
    snapshot!(all);
}

#[test]
fn names_cannot_write_to_the_terminal() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["detect", "a\x1b]0;owned\x07.csv"]);
    assert!(!run.err.contains('\x1b'), "{:?}", run.err);
}
