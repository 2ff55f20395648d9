//! The same input gives the same campaigns: at any number of threads, from digests, under any key.

use crate::sandbox::{Sandbox, campaigns, file};

fn detect(sandbox: &Sandbox, rest: &[&str]) -> String {
    campaigns(&run(sandbox, rest))
}

fn run(sandbox: &Sandbox, rest: &[&str]) -> crate::sandbox::Run {
    let (accounts, permits) = (file("accounts.parquet"), file("permits.json"));
    sandbox.run(&[&["detect", "--format", "json", "--accounts", &accounts, "--permits", &permits], rest].concat()).ok()
}

#[test]
fn one_and_two_threads_give_the_same_bytes() {
    let sandbox = Sandbox::new();
    let log = file("exchanges.parquet");
    assert!(run(&sandbox, &[&log, "--threads", "1"]).out == run(&sandbox, &[&log, "--threads", "2"]).out);
}

#[test]
fn digests_give_the_campaigns_of_their_logs() {
    let sandbox = Sandbox::new();
    let log = file("exchanges.parquet");
    let whole = run(&sandbox, &[&log]);
    sandbox.run(&["digest", &log, "-o", "whole"]).ok();
    assert!(run(&sandbox, &["whole"]).out == whole.out);

    let day = "2026-09-20";
    sandbox.run(&["digest", &log, "--until", day, "-o", "early"]).ok();
    sandbox.run(&["digest", &log, "--since", day, "-o", "late"]).ok();
    // Both were made of one file, which no manifest can tell from a file that was read twice.
    let refused = sandbox.run(&["detect", "early", "late"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("is part of both digests"), "{}", refused.err);
    assert!(detect(&sandbox, &["whole", "--until", day]) == detect(&sandbox, &[&log, "--until", day]));
}

#[test]
fn parts_of_digests_give_the_bytes_of_the_whole() {
    let sandbox = Sandbox::new();
    let mut inputs = vec![file("exchanges.parquet")];
    for (name, account) in [("early.jsonl", "newcomer"), ("late.jsonl", "latecomer")] {
        let line = |second| format!("{{\"time\":\"2026-09-08T10:00:{second}Z\",\"account\":\"{account}\"}}\n");
        sandbox.write(name, (10..60).map(line).collect::<String>());
        inputs.push(name.to_owned());
    }
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let whole = run(&sandbox, &inputs);
    for of in [2, 3] {
        let parts: Vec<String> = (1..=of).map(|number| format!("part-{number}-of-{of}")).collect();
        for (number, part) in (1..).zip(&parts) {
            let shard = format!("{number}/{of}");
            sandbox.run(&[&["digest", "--shard", &shard, "-o", part], &inputs[..]].concat()).ok();
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        assert!(run(&sandbox, &parts).out == whole.out, "{of} parts");
        // Whoever leaves a part out has fewer rows, so that equality says something.
        assert!(run(&sandbox, &parts[1..]).out != whole.out, "{of} parts");
    }
}

#[test]
fn logs_and_digests_are_united() {
    let sandbox = Sandbox::new();
    // Two halves of one log as files of their own.
    let whole = file("exchanges.parquet");
    let bytes = std::fs::read(&whole).unwrap();
    sandbox.write("copy.parquet", bytes);
    sandbox.run(&["digest", "copy.parquet", "-o", "digests"]).ok();
    let overlapping = sandbox.run(&["detect", "copy.parquet", "digests"]);
    assert_eq!(overlapping.code, Some(2));
    insta::assert_snapshot!(overlapping.err.replace(&hash(&overlapping.err), "[HASH]"));

    sandbox.write("more.jsonl", "{\"time\":\"2026-09-08\",\"account\":\"newcomer\"}\n");
    let united = run(&sandbox, &["more.jsonl", "digests"]);
    let report: serde_json::Value = serde_json::from_str(&united.out).unwrap();
    let alone: serde_json::Value = serde_json::from_str(&run(&sandbox, &["digests"]).out).unwrap();
    let number = |report: &serde_json::Value, name: &str| report["inputs"][name].as_u64().unwrap();
    assert_eq!(number(&report, "accounts"), number(&alone, "accounts") + 1);
    assert_eq!((number(&report, "files"), number(&report, "duplicates")), (2, 0));
    sandbox.run(&["digest", "more.jsonl", "digests", "-o", "merged"]).ok();
    assert!(campaigns(&run(&sandbox, &["merged"])) == campaigns(&united));
}

#[test]
fn digests_of_another_key_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("log.jsonl", "{\"time\":\"2026-09-08\",\"account\":\"a\"}\n");
    sandbox.run(&["digest", "log.jsonl", "-o", "digests"]).ok();
    let other = Sandbox::without_key();
    let refused = other.run(&["detect", sandbox.path("digests").to_str().unwrap()]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("were made under key"), "{}", refused.err);
    assert_eq!(sandbox.run(&["detect", "digests", "--since", "2026-09-08T10:00:00Z"]).code, Some(2));
}

#[test]
fn five_keys_find_the_same_campaigns() {
    let log = file("exchanges.parquet");
    let found: Vec<String> = (0..5)
        .map(|_| {
            let run = run(&Sandbox::without_key(), &[&log]);
            let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
            let campaigns = report["campaigns"].as_array().unwrap();
            assert!(!campaigns.is_empty());
            let members = |campaign: &serde_json::Value| {
                let accounts = campaign["accounts"].as_array().unwrap().iter();
                let accounts: Vec<&str> = accounts.map(|member| member["account"].as_str().unwrap()).collect();
                format!("{} {} {accounts:?}", campaign["id"], campaign["tier"])
            };
            campaigns.iter().map(members).collect::<Vec<_>>().join("\n")
        })
        .collect();
    assert!(found.iter().all(|campaigns| *campaigns == found[0]), "{}", found.join("\n\n"));
}

#[test]
fn formats_and_folders_give_the_same() {
    let sandbox = Sandbox::new();
    let rows = ["a", "b", "a"].map(|account| format!("{{\"time\":\"2026-09-08\",\"account\":\"{account}\"}}\n"));
    std::fs::create_dir_all(sandbox.path("logs/day=2026-09-08")).unwrap();
    sandbox.write("logs/day=2026-09-08/1.jsonl", rows[..2].concat());
    sandbox.write("logs/day=2026-09-08/2.csv", "time,account\n2026-09-08,a\n");
    sandbox.write("logs/_SUCCESS", "");
    sandbox.write("all.jsonl", rows.concat());
    let exchanges = |logs: &str| {
        let run = sandbox.run(&["detect", logs, "--format", "json"]).ok();
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        (report["inputs"]["rows"].clone(), report["inputs"]["exchanges"].clone())
    };
    assert_eq!(exchanges("logs"), exchanges("all.jsonl"));
    assert_eq!(exchanges("logs/*/*"), exchanges("all.jsonl"));
}

fn hash(text: &str) -> String {
    let start = text.find("BLAKE3 ").unwrap() + 7;
    text[start..start + 64].to_owned()
}
