//! The tables of `docs/exit-codes.md`, cell by cell: each is a run of the command.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::sandbox::{Run, Sandbox, file, report};

const DOCUMENT: &str = include_str!("../../../../docs/exit-codes.md");

/// Command and code by row, in the order of the document.
type Row = (String, Vec<(String, i32)>);

/// The rows of the tables of commands; the first table says what the codes mean.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut commands: Vec<String> = Vec::new();
    for line in DOCUMENT.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" |").map(str::trim).collect();
        match (line.starts_with("| "), cells.first()) {
            (true, Some(&"input")) => {
                commands = cells[1..].iter().map(|cell| cell.trim_matches('`').to_owned()).collect();
            }
            (true, Some(label)) if !commands.is_empty() => {
                let codes = cells[1..].iter().zip(&commands).filter(|(cell, _)| !cell.is_empty());
                rows.push((
                    (*label).to_owned(),
                    codes.map(|(cell, name)| (name.clone(), cell.parse().unwrap())).collect(),
                ));
            }
            _ => {}
        }
    }
    rows
}

fn row(account: &str, second: u32, answer: &str) -> String {
    format!(
        "{{\"time\":\"2026-09-07T00:00:{second:02}Z\",\"account\":\"{account}\",\"prompt\":\"a question\"{answer}}}\n"
    )
}

/// Files of every kind that the tables name, and the id of a campaign.
struct Inputs {
    sandbox: Sandbox,
    campaign: String,
    canary: String,
    runs: AtomicU32,
}

impl Inputs {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let words = "the tide follows the moon around the earth and each coast has two high waters on every day because of \
                     the pull that the moon has on the sea";
        let answer = format!(",\"response\":\"{words}\"");
        sandbox.write("clean.jsonl", row("a", 1, &answer) + &row("b", 2, &answer));
        sandbox.write("other.jsonl", row("c", 3, &answer.replace("tide", "flood")));
        sandbox.write("silent.jsonl", row("a", 1, ""));
        sandbox.write("bad.jsonl", row("a", 1, &answer) + "{oops\n{oops\n");
        sandbox.write("noone.jsonl", "{\"time\":\"2026-09-07T00:00:01Z\",\"prompt\":\"one\",\"response\":\"two\"}\n");
        sandbox.write("unknown.jsonl", "{\"ts\":\"2026-09-07T00:00:01Z\",\"user_id\":\"u\"}\n");
        sandbox.write("times.csv", "time,account\n9/7/2026 10:05 PM,a\n");
        sandbox.write("store.log", [&b"SQLite format 3\0"[..], &[0; 84]].concat());
        sandbox.write("sealed.parquet", b"PARE\x15\x04\x00\x00PARE");
        sandbox.write("empty.jsonl", "");
        sandbox.write("accounts.csv", "account,payment_hmac\na,00\n");
        sandbox.write("permits.json", "{\"permits\":[]}");
        for folder in ["bare", "mixed", "full"] {
            std::fs::create_dir(sandbox.path(folder)).unwrap();
        }
        sandbox.write("mixed/log.jsonl", row("a", 1, &answer));
        sandbox.write("mixed/accounts.csv", "account,payment_hmac\na,00\n");
        sandbox.write("full/file", "x");
        let mut whole: Value = serde_json::from_str(report()).unwrap();
        whole["campaigns"][0]["tier"] = json!("act");
        let campaign = whole["campaigns"][0]["id"].as_str().unwrap().to_owned();
        sandbox.write("report.json", whole.to_string());
        sandbox.write("cut.json", &whole.to_string()[..200]);
        let altered = |name: &str, path: &str, value: Value| {
            let mut other = whole.clone();
            *other.pointer_mut(path).unwrap() = value;
            sandbox.write(name, other.to_string());
        };
        altered("unread.json", "/inputs/read", json!("nothing"));
        altered("partly.json", "/inputs/read", json!("partly"));
        altered("without.json", "/campaigns", json!([]));
        altered("review.json", "/campaigns/0/tier", json!("review"));
        sandbox.run(&["index", "build", "clean.jsonl", "--vendor", "v", "-o", "one.swx"]).ok();
        sandbox.run(&["index", "build", "other.jsonl", "--vendor", "v", "-o", "two.swx"]).ok();
        let issued = sandbox.run(&issue("report.json", &campaign, "canaries.json")).ok();
        let canary = issued.out.trim().to_owned();
        sandbox.write("answer.txt", format!("{words}.\n\n{words}.\n"));
        sandbox.write("code.txt", "```\nlet x = 1;\n```\n");
        let inputs = Self { sandbox, campaign, canary, runs: AtomicU32::new(0) };
        let marked = inputs.place("answer.txt", "canaries.json").ok().out;
        let text = |text: &str| json!({"text": text}).to_string() + "\n";
        inputs.sandbox.write("corpus.jsonl", text(words));
        inputs.sandbox.write("marked.jsonl", text(&marked));
        inputs.sandbox.write("wordless.jsonl", "{\"other\":1}\n");
        inputs
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.sandbox.run(arguments)
    }

    fn place(&self, answer: &str, registry: &str) -> Run {
        let mut command = self.sandbox.command(&["canary", "place", &self.canary, "--registry", registry]);
        command.stdin(File::open(self.sandbox.path(answer)).unwrap());
        self.sandbox.finish(command)
    }

    /// A command that reads logs, over some of them.
    fn logs(&self, command: &str, arguments: &[&str]) -> Run {
        let output = format!("out-{}", self.runs.fetch_add(1, Ordering::Relaxed));
        let result = ["-o", output.as_str()];
        match command {
            "digest" => self.run(&[&["digest"][..], arguments, &result].concat()),
            "index build" => self.run(&[&["index", "build", "--vendor", "v"][..], arguments, &result].concat()),
            _ => self.run(&[&[command][..], arguments].concat()),
        }
    }

    /// The runs that a row means for a command; all of them end alike.
    fn of_logs(&self, label: &str, command: &str) -> Vec<Run> {
        let (traffic, accounts) = (file("exchanges.parquet"), file("accounts.parquet"));
        let all = |inputs: &[&[&str]]| inputs.iter().map(|arguments| self.logs(command, arguments)).collect();
        let found = if matches!(command, "detect" | "doctor") {
            vec![traffic.as_str(), "--accounts", &accounts]
        } else {
            vec![traffic.as_str()]
        };
        match label {
            "all read, nothing found" => all(&[&["clean.jsonl"]]),
            "all read, campaigns found, without `--fail-on`" => all(&[&found]),
            "all read, campaigns found, with `--fail-on`" => all(&[&[&found[..], &["--fail-on", "watch"]].concat()]),
            "no file that is a log: another container, encrypted, empty" => {
                all(&[&["store.log"], &["sealed.parquet"], &["empty.jsonl"]])
            }
            "a log that is not recognised" => all(&[&["unknown.jsonl"]]),
            "every row rejected" => all(&[&["times.csv"]]),
            "no account in any row" => all(&[&["noone.jsonl"]]),
            "all rows outside `--since` and `--until`" => all(&[&["clean.jsonl", "--since", "2026-10-01"]]),
            "one of two files not read" => all(&[&["clean.jsonl", "store.log"], &["clean.jsonl", "unknown.jsonl"]]),
            "more rows rejected than `--max-rejected`" => all(&[&["bad.jsonl", "--max-rejected", "1"]]),
            "a file of `--common` not read" => {
                all(&[&["clean.jsonl", "--common", "corpus.jsonl", "--common", "store.log"]])
            }
            "no answer in any row" => all(&[&["silent.jsonl"]]),
            "an account table, permits or a report given as a log" => {
                all(&[&["accounts.csv"], &["permits.json"], &["report.json"]])
            }
            "the same found in a folder beside a log: left out with a warning that names the option" => {
                let runs: Vec<Run> = all(&[&["mixed"]]);
                assert!(runs.iter().all(|run| run.err.contains("--accounts")), "{}", runs[0].all());
                runs
            }
            "a request log given as `--accounts`" => all(&[&["clean.jsonl", "--accounts", "clean.jsonl"]]),
            "another file given as `--permits`, `--policy`, `--watchlist` or `--previous`" => all(&[
                &["clean.jsonl", "--permits", "accounts.csv"],
                &["clean.jsonl", "--policy", "permits.json"],
                &["clean.jsonl", "--watchlist", "store.log"],
                &["clean.jsonl", "--previous", "clean.jsonl"],
            ]),
            "no such file" => all(&[&["nowhere.jsonl"], &["nowhere/*.jsonl"]]),
            "a folder without files" => all(&[&["bare"]]),
            "an unknown option or value" => {
                all(&[&["clean.jsonl", "--colour"], &["clean.jsonl", "--max-rejected", "few"]])
            }
            other => unreachable!("the tests do not know the row `{other}`"),
        }
    }

    fn of_reports(&self, label: &str, command: &str) -> Vec<Run> {
        let id = self.campaign.as_str();
        let one = |report: &str, name: &str| match command {
            "explain" => self.run(&["explain", report, name]),
            "diff" => self.run(&["diff", report, "report.json"]),
            _ => self.run(&issue(report, name, "more.json")),
        };
        match label {
            "all read: a campaign, no change, a campaign of tier act" => vec![one("report.json", id)],
            "an account that is in no campaign" => vec![one("report.json", "nobody")],
            "a new campaign, without `--fail-on`" => vec![one("without.json", id)],
            "a new campaign, with `--fail-on`" => {
                vec![self.run(&["diff", "without.json", "report.json", "--fail-on", "act"])]
            }
            "a report for which nothing was read" => vec![one("unread.json", id)],
            "a report for which a part was not read" => vec![one("partly.json", id)],
            "no report: a log, permits, cut off" => {
                vec![one("clean.jsonl", id), one("permits.json", id), one("cut.json", id)]
            }
            "a campaign that the report does not have, or below tier act" if command == "explain" => {
                vec![one("report.json", "c-000000000000")]
            }
            "a campaign that the report does not have, or below tier act" => {
                vec![one("report.json", "c-000000000000"), one("review.json", id)]
            }
            "no such file" => vec![one("nowhere.json", id)],
            other => unreachable!("the tests do not know the row `{other}`"),
        }
    }

    fn of_others(&self, label: &str, command: &str) -> Vec<Run> {
        let output = format!("out-{}", self.runs.fetch_add(1, Ordering::Relaxed));
        let check = |corpora: &[&str], registry: &str, more: &[&str]| {
            self.run(&[&["canary", "check"][..], corpora, &["--registry", registry], more].concat())
        };
        match (label, command) {
            ("all read, nothing found", "index info") => vec![self.run(&["index", "info", "one.swx"])],
            ("all read, nothing found", "index merge") => {
                vec![self.run(&["index", "merge", "one.swx", "two.swx", "-o", &output])]
            }
            ("all read, nothing found", "canary place") => vec![self.place("answer.txt", "canaries.json")],
            ("all read, nothing found", "canary check") => vec![check(&["corpus.jsonl"], "canaries.json", &[])],
            ("all read, nothing found", "simulate") => {
                vec![self.run(&["simulate", "-o", &output, "--exchanges", "1000"])]
            }
            ("all read, nothing found", _) => vec![self.run(&["schema"]), self.run(&["schema", "report"])],
            ("found, without `--fail`", _) => vec![check(&["marked.jsonl"], "canaries.json", &[])],
            ("found, with `--fail`", _) => vec![check(&["marked.jsonl"], "canaries.json", &["--fail"])],
            ("nothing read: a corpus without text", _) => {
                vec![check(&["wordless.jsonl"], "canaries.json", &[]), check(&["empty.jsonl"], "canaries.json", &[])]
            }
            ("one of two files not read", _) => vec![check(&["corpus.jsonl", "store.log"], "canaries.json", &[])],
            ("another file given as the index or the registry", "index info") => {
                vec![self.run(&["index", "info", "clean.jsonl"])]
            }
            ("another file given as the index or the registry", "index merge") => {
                vec![self.run(&["index", "merge", "one.swx", "clean.jsonl", "-o", &output])]
            }
            ("another file given as the index or the registry", "canary place") => {
                vec![self.place("answer.txt", "secret.jsonl")]
            }
            ("another file given as the index or the registry", _) => {
                vec![check(&["corpus.jsonl"], "secret.jsonl", &[])]
            }
            ("no such file", "index info") => vec![self.run(&["index", "info", "nowhere.swx"])],
            ("no such file", "index merge") => {
                vec![self.run(&["index", "merge", "one.swx", "nowhere.swx", "-o", &output])]
            }
            ("no such file", "canary place") => vec![self.place("answer.txt", "nowhere.json")],
            ("no such file", _) => {
                vec![check(&["nowhere"], "canaries.json", &[]), check(&["corpus.jsonl"], "nowhere.json", &[])]
            }
            ("an answer without a place for a canary", _) => vec![self.place("code.txt", "canaries.json")],
            ("a folder that is not empty", _) => vec![self.run(&["simulate", "-o", "full"])],
            ("an unknown option or value", command) => {
                let words: Vec<&str> = command.split(' ').collect();
                vec![self.run(&[&words[..], &["--colour"]].concat())]
            }
            (other, _) => unreachable!("the tests do not know the row `{other}`"),
        }
    }
}

fn issue<'a>(report: &'a str, campaign: &'a str, registry: &'a str) -> Vec<&'a str> {
    let approved = ["--vendor", "v", "--approver", "A. Person", "--expires", "2999-01-01", "--registry"];
    [&["canary", "issue", report, campaign][..], &approved, &[registry]].concat()
}

#[test]
fn every_command_ends_as_the_tables_say() {
    let inputs = Inputs::new();
    // A registry that others can read is refused before it is looked into.
    inputs.sandbox.write("secret.jsonl", "{\"time\":1}\n");
    std::fs::set_permissions(inputs.sandbox.path("secret.jsonl"), PermissionsExt::from_mode(0o600)).unwrap();
    let (mut walked, mut wrong) = (BTreeMap::new(), Vec::new());
    for (label, codes) in rows() {
        for (command, code) in codes {
            let runs = match command.as_str() {
                "detect" | "doctor" | "digest" | "index build" => inputs.of_logs(&label, &command),
                "explain" | "diff" | "canary issue" => inputs.of_reports(&label, &command),
                _ => inputs.of_others(&label, &command),
            };
            assert!(!runs.is_empty());
            for run in runs.iter().filter(|run| run.code != Some(code)) {
                wrong.push(format!("{command}: {label}: expected {code}, {}", run.all()));
            }
            *walked.entry(command).or_insert(0) += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(walked.len(), 13, "{walked:?}");
}
