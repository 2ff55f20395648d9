//! What an audit promises, from the command line.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;

use arrow::array::AsArray;
use arrow::datatypes::UInt64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, report as detected};

/// A text of its own for every number: sentences of made-up words, 60 of them.
fn answer(number: u64) -> String {
    const PARTS: [&str; 12] = ["ka", "lo", "mi", "ne", "ru", "sa", "to", "ve", "wi", "zo", "pa", "du"];
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678;
    let mut next = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % most).unwrap()
    };
    let mut text = String::new();
    for word in 0..60 {
        if word > 0 {
            text.push_str(if word % 12 == 0 { ". " } else { " " });
        }
        for _ in 0..2 + next(2) {
            text.push_str(PARTS[next(12)]);
        }
    }
    text + "."
}

fn line(fields: &Value) -> String {
    format!("{fields}\n")
}

/// A log of answers, and the index of it.
fn index(sandbox: &Sandbox, answers: std::ops::Range<u64>) {
    let exchange = |number: u64| {
        line(&json!({
            "time": "2026-03-02T10:00:00Z", "account": "a", "request_id": number.to_string(),
            "prompt": format!("question number {number} about {}", answer(number + 1_000_000)), "response": answer(number), "model": "lab-1",
        }))
    };
    sandbox.write("served.jsonl", answers.map(exchange).collect::<String>());
    sandbox.run(&["index", "build", "served.jsonl", "--vendor", "Example Lab", "-o", "served.swx"]).ok();
}

/// Rows of a corpus: text of the corpus's own, and answers that were served in these rows.
fn corpus(rows: u64, copied: &[(u64, u64)]) -> String {
    (1..=rows)
        .map(|row| {
            let served = copied.iter().find(|(at, _)| *at == row).map(|(_, number)| answer(*number));
            line(&json!({"text": served.unwrap_or_else(|| answer(500_000 + row)), "source": format!("site-{}", row % 3)}))
        })
        .collect()
}

/// Texts by people that are certainly not the vendor's.
fn reference(sandbox: &Sandbox) {
    std::fs::create_dir_all(sandbox.path("reference/human")).unwrap();
    let texts: String = (0..400).map(|number| line(&json!({"text": answer(700_000 + number)}))).collect();
    sandbox.write("reference/human/letters.jsonl", texts);
}

fn report(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let run = sandbox.run(&[&["audit"], arguments, &["--format", "json"]].concat());
    assert!(matches!(run.code, Some(0 | 10 | 11)), "{}", run.all());
    serde_json::from_str(&run.out).unwrap()
}

fn finding<'a>(report: &'a Value, class: &str) -> Vec<&'a Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["class"] == class).collect()
}

const COPIES: [(u64, u64); 12] = [
    (7, 1),
    (19, 2),
    (40, 3),
    (41, 4),
    (77, 5),
    (80, 6),
    (111, 7),
    (150, 8),
    (151, 9),
    (180, 10),
    (190, 11),
    (199, 12),
];

#[test]
fn copied_answers_are_found_with_their_rows() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    sandbox.write("corpus.jsonl", corpus(200, &COPIES));
    // Without a background nothing is concluded.
    let alone = report(&sandbox, &["corpus.jsonl", "--index", "served.swx"]);
    assert_eq!(finding(&alone, "exact")[0]["verdict"], "isolated");
    assert_eq!(alone["evidence"][0]["millibits"], 0);
    reference(&sandbox);
    let arguments = ["corpus.jsonl", "--index", "served.swx", "--ledger", "hits.parquet", "--reference", "reference"];
    let report = report(&sandbox, &arguments);
    let exact = finding(&report, "exact");
    assert_eq!(exact.len(), 1, "{report:#}");
    assert_eq!((&exact[0]["verdict"], &exact[0]["vendor"]), (&json!("contains"), &json!("Example Lab")));
    let rows: Vec<u64> = exact[0]["rows"].as_array().unwrap().iter().map(|row| row["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, COPIES.map(|(row, _)| row));
    let ledger = ParquetRecordBatchReaderBuilder::try_new(File::open(sandbox.path("hits.parquet")).unwrap()).unwrap();
    let ledger = ledger.build().unwrap().map(Result::unwrap).collect::<Vec<_>>();
    let in_ledger: Vec<u64> = ledger
        .iter()
        .flat_map(|batch| batch.column_by_name("row").unwrap().as_primitive::<UInt64Type>().values().to_vec())
        .collect();
    assert_eq!(in_ledger, rows);
    assert!(ledger.iter().all(|batch| batch.column_by_name("text").is_none()));
    assert_eq!(report["schema"], "stillwatch.audit/1");
    assert_eq!(report["evidence"].as_array().unwrap().len(), report["findings"].as_array().unwrap().len());
}

#[test]
fn an_innocent_corpus_has_no_finding() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    sandbox.write("corpus.jsonl", corpus(300, &[]));
    let run = sandbox.run(&["audit", "corpus.jsonl", "--index", "served.swx", "--fail-on", "exact"]).ok();
    assert!(
        run.out.contains("No rows were shown") && run.out.contains("Absence of hits is not absence of use"),
        "{}",
        run.out
    );
}

#[test]
fn planted_copies_of_one_answer_convict_nobody() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    let planted: Vec<(u64, u64)> = (1..=60).map(|row| (row * 3, 5)).collect();
    let claims: String = (0..40)
        .map(|_| line(&json!({"text": "As an AI language model developed by Example, I am ChatGPT, made by OpenAI."})))
        .collect();
    sandbox.write("corpus.jsonl", corpus(200, &planted) + &claims);
    let report = report(&sandbox, &["corpus.jsonl", "--index", "served.swx"]);
    assert_eq!(finding(&report, "exact")[0]["verdict"], "isolated");
    assert!(finding(&report, "self-claim").iter().all(|finding| finding["verdict"] == "corroborates"), "{report:#}");
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["verdict"] != "contains"));
    assert!(report["evidence"].as_array().unwrap().iter().all(|evidence| evidence["millibits"] == 0));
}

#[test]
fn the_result_is_the_same_at_any_number_of_threads_and_in_any_form() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    sandbox.write("corpus.jsonl", corpus(3000, &COPIES));
    let at = |threads: &str| report(&sandbox, &["corpus.jsonl", "--index", "served.swx", "--threads", threads]);
    let one = at("1");
    assert_eq!(one, at("4"));
    let whole: Vec<Value> = corpus(3000, &COPIES).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    sandbox.write("array.json", serde_json::to_string_pretty(&whole).unwrap());
    let array = report(&sandbox, &["array.json", "--index", "served.swx"]);
    let documents = |report: &Value| finding(report, "exact")[0]["documents"].clone();
    assert_eq!(documents(&one), documents(&array));
}

#[test]
fn disguises_are_seen_through() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    let disguised: String = (1..30)
        .map(|number| {
            let text = answer(number).replace('o', "\u{43e}").replace("ka", "k\u{200b}a").to_uppercase();
            line(&json!({"text": text}))
        })
        .collect();
    sandbox.write("corpus.jsonl", disguised + &line(&json!({"text": "I am Ch\u{430}t\u{200b}GPT."})));
    let report = report(&sandbox, &["corpus.jsonl", "--index", "served.swx"]);
    assert_eq!(finding(&report, "exact")[0]["documents"], 29);
    assert_eq!(report["corpus"]["disguised"], 30);
    assert!(finding(&report, "self-claim").iter().any(|finding| finding["vendor"] == "OpenAI"), "{report:#}");
}

#[test]
fn rules_are_held_and_permits_lift_them() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    sandbox.write("generated.jsonl", corpus(200, &COPIES));
    sandbox.write("policy.toml", "[[deny]]\nid = \"no-lab\"\noutputs_of = \"Example Lab\"\nunless_permit = \"P-1\"\n");
    let audit = |more: &[&str]| {
        let base =
            ["audit", "generated.jsonl", "--index", "served.swx", "--policy", "policy.toml", "--on", "2026-06-01"];
        sandbox.run(&[&base, more].concat())
    };
    let denied = audit(&[]);
    assert_eq!(denied.code, Some(10), "{}", denied.all());
    assert!(denied.out.contains("violated") && denied.out.contains("generated.jsonl row 7"), "{}", denied.out);
    let permit = |until: &str| {
        json!({"permits": [{"id": "P-1", "organization": "org", "scope": "distillation", "holder": "us", "issuer": "Example Lab",
            "valid_from": "2026-01-01", "valid_until": until}]})
    };
    sandbox.write("permits.json", permit("2026-12-31").to_string());
    let lifted = audit(&["--permits", "permits.json"]).ok();
    assert!(lifted.out.contains("permitted to us by P-1"), "{}", lifted.out);
    sandbox.write("permits.json", permit("2026-02-01").to_string());
    assert_eq!(audit(&["--permits", "permits.json"]).code, Some(10));

    sandbox
        .write("policy.toml", "[separation]\nrequired = true\n[[source]]\nname = \"generated.*\"\nholds = [\"*\"]\n");
    assert_eq!(audit(&[]).code, Some(0));
    sandbox.write("policy.toml", "[separation]\nrequired = true\n");
    assert_eq!(audit(&[]).code, Some(10));
    reference(&sandbox);
    sandbox.write("policy.toml", "[synthetic]\nmax_share = 0.01\n");
    assert_eq!(audit(&["--reference", "reference"]).code, Some(10));
    sandbox.write("policy.toml", "[synthetic]\nmax_share = 0.5\n");
    let undecided = audit(&[]);
    assert!(undecided.code == Some(11) && undecided.out.contains("undecided"), "{}", undecided.all());
    // A vendor whose outputs nothing here could show, and one whom nobody knows.
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\noutputs_of = \"Open AI\"\n");
    let undecided = audit(&[]);
    assert!(undecided.code == Some(11) && undecided.out.contains("undecided"), "{}", undecided.all());
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\noutputs_of = \"OpenAI\"\nwhen_undecided = \"fail\"\n");
    assert_eq!(audit(&[]).code, Some(10));
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\noutputs_of = \"OpenAI\"\nwhen_undecided = \"pass\"\n");
    assert_eq!(audit(&[]).code, Some(0));
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\noutputs_of = \"Exmaple Lab\"\n");
    let unknown = audit(&[]);
    assert!(unknown.code == Some(2) && unknown.err.contains("did you mean Example Lab"), "{}", unknown.all());
    // Isolated rows break a rule, unless it asks for more, and the headline says so too.
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\noutputs_of = \"*\"\nat_least = \"contains\"\n");
    let isolated = audit(&[]);
    assert!(isolated.code == Some(11) && isolated.out.contains("isolated"), "{}", isolated.all());
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\n");
    let broken = audit(&[]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.err.contains("policy.toml cannot be used") && broken.err.contains("outputs_of"), "{}", broken.err);
}

#[test]
fn a_split_loses_no_row_and_changes_none() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    let whole = corpus(200, &COPIES);
    sandbox.write("corpus.jsonl", &whole);
    sandbox.run(&["audit", "split", "corpus.jsonl", "--index", "served.swx", "-o", "out"]).ok();
    let read = |path: &str| std::fs::read_to_string(sandbox.path(path)).unwrap();
    let found = read("out/verdict=exact/vendor=Example Lab/00001-corpus.jsonl");
    let rest = read("out/verdict=none/00001-corpus.jsonl");
    let lines: Vec<&str> = whole.lines().collect();
    let expected: Vec<&str> = COPIES.iter().map(|(row, _)| lines[usize::try_from(row - 1).unwrap()]).collect();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
    let mut all: Vec<&str> = found.lines().chain(rest.lines()).collect();
    let mut before = lines.clone();
    all.sort_unstable();
    before.sort_unstable();
    assert_eq!(all, before);
    let again = sandbox.run(&["audit", "split", "corpus.jsonl", "-o", "out"]);
    assert_eq!(again.code, Some(1), "{}", again.all());
}

#[test]
fn tables_keep_their_rows_and_results_never_replace_what_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write("c.csv", "id,text\n1,a\n2,\"I am ChatGPT, a model\nby OpenAI.\"\n3,c\n");
    sandbox.run(&["audit", "split", "c.csv", "-o", "out"]).ok();
    let read = |path: &str| std::fs::read_to_string(sandbox.path(path)).unwrap();
    assert_eq!(read("out/verdict=none/00001-c.csv"), "id,text\n1,a\n3,c\n");
    assert!(read("out/verdict=self-claim/vendor=OpenAI/00001-c.csv").starts_with("id,text\n2,"));
    for result in ["-o", "--ledger"] {
        let run = sandbox.run(&["audit", "c.csv", result, "./c.csv"]);
        assert!(run.code == Some(2) && run.err.contains("is read by this run"), "{}", run.all());
    }
    assert!(read("c.csv").starts_with("id,text\n1,a\n"));
}

#[test]
fn nothing_of_a_text_is_written_unless_it_is_asked_for() {
    let sandbox = Sandbox::new();
    let token = "zqxsecrettokenjkvwpbfmhz";
    let text = |number: u64| format!("{} {token} I am ChatGPT, {token} made by OpenAI. {token}", answer(number));
    let exchange = |number: u64| {
        line(
            &json!({"time": "2026-03-02T10:00:00Z", "account": "a", "request_id": number.to_string(), "response": text(number)}),
        )
    };
    sandbox.write("served.jsonl", (0..50).map(exchange).collect::<String>());
    sandbox.run(&["index", "build", "served.jsonl", "--vendor", "Example Lab", "-o", "served.swx"]).ok();
    sandbox.write(
        "corpus.jsonl",
        (0..50).map(|number| line(&json!({"text": text(number), "prompt": token, "source": format!("{token} told us all of this once")}))).collect::<String>(),
    );
    let mut seen: Vec<Vec<u8>> = vec![std::fs::read(sandbox.path("served.swx")).unwrap()];
    for format in ["table", "json", "sarif", "markdown"] {
        let run = sandbox
            .run(&["audit", "corpus.jsonl", "--index", "served.swx", "--format", format, "--ledger", "hits.parquet"])
            .ok();
        seen.push(run.out.into_bytes());
        seen.push(run.err.into_bytes());
        seen.push(std::fs::read(sandbox.path("hits.parquet")).unwrap());
    }
    for bytes in seen {
        assert!(!bytes.windows(token.len()).any(|window| window.eq_ignore_ascii_case(token.as_bytes())));
    }
    sandbox.run(&["audit", "corpus.jsonl", "--ledger", "hits.parquet", "--show-text"]).ok();
    let ledger = ParquetRecordBatchReaderBuilder::try_new(File::open(sandbox.path("hits.parquet")).unwrap()).unwrap();
    let batch = ledger.build().unwrap().next().unwrap().unwrap();
    assert!(batch.column_by_name("text").unwrap().as_string::<i32>().value(0).starts_with("I am ChatGPT"));
}

#[test]
fn bad_input_is_refused_with_what_to_do() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..20);
    sandbox.write("corpus.jsonl", corpus(5, &[]));
    let refused = |arguments: &[&str], what: &str| {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, Some(2), "{}", run.all());
        assert!(run.err.contains(what) && run.err.contains("error:"), "{}", run.err);
    };
    refused(&["audit", "missing.jsonl"], "there is no file");
    refused(&["audit", "corpus.jsonl", "--index", "corpus.jsonl"], "cannot be used");
    let mut damaged = std::fs::read(sandbox.path("served.swx")).unwrap();
    damaged[100] ^= 1;
    sandbox.write("damaged.swx", &damaged);
    refused(&["audit", "corpus.jsonl", "--index", "damaged.swx"], "cannot be used");
    sandbox.write("short.swx", &damaged[..damaged.len() / 2]);
    refused(&["audit", "corpus.jsonl", "--index", "short.swx"], "cannot be used");
    sandbox.write("other.key", "11".repeat(32));
    std::fs::set_permissions(sandbox.path("other.key"), PermissionsExt::from_mode(0o600)).unwrap();
    refused(&["audit", "corpus.jsonl", "--index", "served.swx", "--key-file", "other.key"], "key");
    sandbox.write("keys.toml", "");
    std::fs::set_permissions(sandbox.path("keys.toml"), PermissionsExt::from_mode(0o644)).unwrap();
    refused(&["audit", "corpus.jsonl", "--watermark", "keys.toml"], "others");
    std::fs::set_permissions(sandbox.path("keys.toml"), PermissionsExt::from_mode(0o600)).unwrap();
    refused(&["audit", "corpus.jsonl", "--watermark", "keys.toml"], "no [[watermark]]");
    refused(&["audit", "corpus.jsonl", "--reference", "nowhere"], "no folder");
    refused(&["audit", "train", "--reference", "home"], "family");
}

#[test]
fn odd_rows_are_counted_and_the_rest_is_looked_at() {
    let sandbox = Sandbox::new();
    let deep = format!("{{\"text\": {}1{}}}\n", "[".repeat(5000), "]".repeat(5000));
    let mut bytes = line(&json!({"text": "I am ChatGPT."})).into_bytes();
    bytes.extend_from_slice(b"not json\n{\"text\": \"broken \xff\xfe\"}\n{\"other\": 1}\n{\"text\": null}\n");
    bytes.extend_from_slice(deep.as_bytes());
    bytes.extend_from_slice(format!("{{\"text\": \"{}\"}}\n", "x".repeat(3 << 20)).as_bytes());
    bytes.extend_from_slice(line(&json!({"text": "I was made by OpenAI as a language model."})).as_bytes());
    sandbox.write("corpus.jsonl", &bytes);
    let run = sandbox.run(&["audit", "corpus.jsonl", "--max-record", "1M", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&report["corpus"]["documents"], &report["corpus"]["rows"]), (&json!(2), &json!(8)), "{}", run.all());
    let named = finding(&report, "self-claim").into_iter().find(|finding| finding["vendor"] == "OpenAI").unwrap();
    assert_eq!(named["documents"], 2);
    sandbox.write("empty.jsonl", "");
    let empty = sandbox.run(&["audit", "empty.jsonl"]);
    assert!(empty.code == Some(3) && empty.out.contains("Nothing was read"), "{}", empty.all());
    sandbox.write("fields.jsonl", "{\"body_of_text\": \"x\"}\n");
    let run = sandbox.run(&["audit", "fields.jsonl"]);
    assert!(run.err.contains("body_of_text") && run.err.contains("--text") && run.code == Some(3), "{}", run.all());
}

#[test]
fn canaries_are_for_campaigns_of_tier_act() {
    let sandbox = Sandbox::new();
    let mut report: Value = serde_json::from_str(detected()).unwrap();
    let id = report["campaigns"][0]["id"].as_str().unwrap().to_owned();
    let issue = |tier: &str, report: &mut Value| {
        report["campaigns"][0]["tier"] = json!(tier);
        sandbox.write("report.json", report.to_string());
        sandbox.run(&[
            "canary",
            "issue",
            "report.json",
            &id,
            "--vendor",
            "Example Lab",
            "--approver",
            "A. Person",
            "--expires",
            "2999-01-01",
            "--registry",
            "canaries.json",
        ])
    };
    let refused = issue("review", &mut report);
    assert!(refused.code == Some(2) && refused.err.contains("tier act"), "{}", refused.all());
    let canary = issue("act", &mut report).ok().out.trim().to_owned();
    assert_eq!(std::fs::metadata(sandbox.path("canaries.json")).unwrap().permissions().mode() & 0o777, 0o600);
    let mut command = sandbox.command(&["canary", "place", &canary, "--registry", "canaries.json"]);
    sandbox.write(
        "answer.txt",
        "The tide follows the moon around the earth.\n\nEach coast has two high waters a day because of it.\n",
    );
    command.stdin(File::open(sandbox.path("answer.txt")).unwrap());
    let marked = sandbox.finish(command).ok().out;
    sandbox.write("corpus.jsonl", corpus(50, &[]) + &line(&json!({"text": marked.to_uppercase()})));
    let run = sandbox.run(&["canary", "check", "corpus.jsonl", "--registry", "canaries.json", "--fail"]);
    assert!(run.code == Some(10) && run.out.contains(&canary) && run.err.contains("by chance"), "{}", run.all());
    let audited = sandbox.run(&["audit", "corpus.jsonl", "--canaries", "canaries.json", "--format", "json"]).ok();
    let audited: Value = serde_json::from_str(&audited.out).unwrap();
    assert_eq!(finding(&audited, "exact")[0]["verdict"], "isolated");
    sandbox.write("code.txt", "```\nlet x = 1;\n```\n");
    let mut command = sandbox.command(&["canary", "place", &canary, "--registry", "canaries.json"]);
    command.stdin(File::open(sandbox.path("code.txt")).unwrap());
    assert!(sandbox.finish(command).err.contains("no place"));
}

#[test]
fn an_audit_goes_on_only_where_it_was_the_same() {
    let sandbox = Sandbox::new();
    sandbox.write("corpus.jsonl", corpus(50, &[]));
    let first = report(&sandbox, &["corpus.jsonl"]);
    let resumed = report(&sandbox, &["corpus.jsonl", "--resume", "state"]);
    assert_eq!(first, resumed);
    assert!(!sandbox.path("state").exists());
    std::fs::create_dir(sandbox.path("state")).unwrap();
    sandbox.write("state/checkpoint.json", "{}");
    let run = sandbox.run(&["audit", "corpus.jsonl", "--resume", "state"]);
    assert!(run.code == Some(2) && run.err.contains("checkpoint"), "{}", run.all());
}

#[test]
fn an_earlier_corpus_that_is_still_there_accumulates() {
    let sandbox = Sandbox::new();
    sandbox.write("one.jsonl", corpus(400, &[]));
    let first = report(&sandbox, &["one.jsonl"]);
    sandbox.write("one.json", first.to_string());
    sandbox.write("two.jsonl", corpus(900, &[]));
    let grown = report(&sandbox, &["two.jsonl", "--previous", "one.json"]);
    assert_eq!(grown["recycling"]["kept"]["reading"], "accumulates", "{:#}", grown["recycling"]);
}

#[test]
fn a_gate_passes_nothing_that_was_not_read() {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", "[[deny]]\nid = \"x\"\noutputs_of = \"*\"\nevidence = [\"self-claim\"]\n");
    sandbox.write("whole.jsonl", line(&json!({"text": "rain"})).repeat(300));
    sandbox.write("half.jsonl", line(&json!({"text": "rain"})) + &line(&json!({"number": 7})));
    sandbox.write("empty.jsonl", "");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, corpus(300, &[]).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    sandbox.write("cut.jsonl.gz", &packed[..packed.len() - 200]);
    sandbox.write("broken.jsonl", line(&json!({"text": "rain"})) + "{\"text\": \n");
    let gate = |file: &str| sandbox.run(&["audit", file, "--policy", "policy.toml"]);
    assert_eq!(gate("whole.jsonl").code, Some(0));
    for file in ["half.jsonl", "empty.jsonl", "cut.jsonl.gz", "broken.jsonl"] {
        let run = gate(file);
        assert_eq!(run.code, Some(3), "{file}: {}", run.all());
    }
    assert!(gate("half.jsonl").out.contains("1 of 2 rows was not read"));
    assert!(gate("cut.jsonl.gz").out.starts_with("1 file breaks off early, and what is missing was not read."));
    assert!(gate("empty.jsonl").out.contains("Nothing was read") && !gate("empty.jsonl").out.contains("is broken"));
}

#[test]
fn what_is_no_corpus_is_told_first() {
    let sandbox = Sandbox::new();
    let member = |name: &str, body: &str| {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
        block[156] = b'0';
        block[257..262].copy_from_slice(b"ustar");
        block.extend_from_slice(body.as_bytes());
        block.resize(block.len().next_multiple_of(512), 0);
        block
    };
    let tar = [member("a.txt", "rain"), member("b.txt", "snow")].concat();
    let crawl = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 4\r\n\r\nrain\r\n\r\nWARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 900\r\n\r\nsno";
    let nothing = "Nothing was read, so nothing is said of this corpus";
    for (name, bytes, headline) in [
        ("accounts.csv", &b"account,organization,created_at\na,o,2026-01-01\nb,o,2026-02-01\n"[..], nothing),
        ("rows.jsonl", b"{}\n{}\n{\"text\": \"\"}\n", nothing),
        ("blank.txt", b"\n\n\n", nothing),
        ("cut.tar", &tar[..tar.len() - 511], "1 file breaks off early"),
        ("cut.warc", crawl.as_bytes(), "1 file breaks off early"),
    ] {
        sandbox.write(name, bytes);
        for format in ["table", "markdown"] {
            let run = sandbox.run(&["audit", name, "--format", format]);
            assert_eq!(run.code, Some(3), "{name}: {}", run.all());
            assert!(run.out.trim_start_matches("# ").starts_with(headline), "{name}: {}", run.all());
        }
        let sarif: Value = serde_json::from_str(&sandbox.run(&["audit", name, "--format", "sarif"]).out).unwrap();
        assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false, "{name}");
    }
}

#[test]
fn a_row_is_held_against_its_share_and_listed_for_exclusion() {
    let sandbox = Sandbox::new();
    index(&sandbox, 0..300);
    // A row that is an answer, and one that quotes a part of one.
    let part: String = answer(2).split(' ').take(34).collect::<Vec<_>>().join(" ");
    let quoting = format!("{} {part} {}", answer(900_001), answer(900_002));
    let rows = [answer(900_000), answer(1), quoting].map(|text| line(&json!({"text": text})));
    sandbox.write("corpus.jsonl", rows.concat());
    let audited = report(&sandbox, &["corpus.jsonl", "--index", "served.swx", "--exclusions", "out.csv"]);
    let rows = finding(&audited, "exact")[0]["rows"].as_array().unwrap();
    let percent: Vec<u64> = rows.iter().map(|row| row["served_percent"].as_u64().unwrap()).collect();
    assert!(percent[0] >= 90 && (5..60).contains(&percent[1]), "{rows:?}");
    let list = std::fs::read_to_string(sandbox.path("out.csv")).unwrap();
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines[0], "file,row,vendor,evidence,served_percent");
    assert_eq!(lines.len(), 3, "{list}");
    assert!(lines[1].starts_with("corpus.jsonl,2,Example Lab,served-passage,"), "{list}");
    assert!(lines[2].starts_with("corpus.jsonl,3,Example Lab,served-passage,"), "{list}");
    let gate = |share: &str| {
        let rule = format!("[[deny]]\nid = \"x\"\noutputs_of = \"Example Lab\"\nmin_share = {share}\nmore_than = 1\n");
        sandbox.write("policy.toml", rule);
        sandbox.run(&["audit", "corpus.jsonl", "--index", "served.swx", "--policy", "policy.toml"])
    };
    assert_eq!(gate("0.0").code, Some(10));
    assert_eq!(gate("0.8").code, Some(0), "one row alone holds so much");
    assert_eq!(gate("1.5").code, Some(2));
}

#[test]
fn an_index_of_a_data_set_finds_its_rows_and_pieces_of_them() {
    let sandbox = Sandbox::new();
    let rows: String = (0..300)
        .map(|number| {
            let prompt = format!("question {number}: {}", answer(number + 1_000_000));
            line(&json!({"prompt": prompt, "completion": format!("{} {}", answer(number + 1_000_000), answer(number))}))
        })
        .collect();
    sandbox.write("set.jsonl", &rows);
    let build = ["index", "build", "set.jsonl", "--data-set", "--vendor", "Example Set", "-o", "set.swx"];
    sandbox.run(&[&build[..], &["--short-passages"]].concat()).ok();
    let info = sandbox.run(&["index", "info", "set.swx"]).ok();
    assert!(info.out.contains("of 8 words"), "{}", info.out);
    // What an answer repeats of its prompt is no part of it.
    let prompts: String = (0..40).map(|number| line(&json!({"text": answer(number + 1_000_000)}))).collect();
    sandbox.write("prompts.jsonl", prompts);
    let innocent = report(&sandbox, &["prompts.jsonl", "--index", "set.swx"]);
    assert!(finding(&innocent, "exact").is_empty(), "{innocent:#}");
    // Eighteen words of each answer, and eighteen words twice with a gap: no run of twenty words is left.
    let words = |text: &str, from: usize| text.split(' ').skip(from).take(18).collect::<Vec<_>>().join(" ");
    let first = |text: &str| words(text, 0);
    let broken = |text: &str| format!("{} {}", words(text, 0), words(text, 36));
    let pieces = |cut: &dyn Fn(&str) -> String| {
        (0..40).map(|number| line(&json!({"text": cut(&answer(number))}))).collect::<String>()
    };
    reference(&sandbox);
    for (name, cut) in [("first.jsonl", &first as &dyn Fn(&str) -> String), ("broken.jsonl", &broken)] {
        sandbox.write(name, pieces(cut));
        let found = report(&sandbox, &[name, "--index", "set.swx", "--reference", "reference"]);
        let exact = finding(&found, "exact");
        assert_eq!(exact.len(), 1, "{found:#}");
        assert_eq!((&exact[0]["rule"], &exact[0]["documents"]), (&json!("served-fragments"), &json!(40)), "{found:#}");
        assert_eq!(exact[0]["verdict"], "contains", "{found:#}");
    }
    // Without the shorter layer they are out of reach, and the other rows of the corpus stay innocent with it.
    sandbox.run(&build).ok();
    let longer = report(&sandbox, &["first.jsonl", "--index", "set.swx"]);
    assert!(finding(&longer, "exact").is_empty(), "{longer:#}");
    sandbox.write("empty.jsonl", "");
    let empty = sandbox.run(&["index", "build", "empty.jsonl", "--data-set", "--vendor", "X", "-o", "empty.swx"]);
    assert_eq!(empty.code, Some(3), "{}", empty.all());
}

/// Words of a toy language as a tokenizer, and a key for a mark over them.
fn watermark(sandbox: &Sandbox) {
    let words: Vec<String> = (0..60).map(|id| format!("\"w{id}\": {}", id + 1)).collect();
    let tokenizer = format!(
        r#"{{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": {{"type": "Whitespace"}}, "post_processor": null, "decoder": null,
        "model": {{"type": "WordLevel", "vocab": {{"[UNK]": 0, {}}}, "unk_token": "[UNK]"}}}}"#,
        words.join(", ")
    );
    let read = stillwatch_audit::watermark::Tokenizer::from_json(tokenizer.as_bytes()).unwrap();
    let hash = read.sha256();
    sandbox.write("tokenizer.json", tokenizer);
    sandbox.write(
        "keys.toml",
        format!(
            "[[watermark]]\nvendor = 'Example Lab'\ntokenizer = {{ path = 'tokenizer.json', sha256 = '{hash}' }}\n\
             keyed-green-list = {{ window = 1, gamma = 0.5, key = '{}' }}\n",
            "01".repeat(32)
        ),
    );
    std::fs::set_permissions(sandbox.path("keys.toml"), PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn an_interrupted_audit_goes_on_to_the_same_bytes() {
    let sandbox = Sandbox::new();
    watermark(&sandbox);
    index(&sandbox, 0..50);
    let text = |row: u64| {
        let words: Vec<String> =
            (0..60).map(|at| format!("w{}", (row * 7_919 + at * (row % 13 + 1) * 31) % 60)).collect();
        if row.is_multiple_of(500) { answer(row / 500 % 50) } else { words.join(" ") }
    };
    let rows: String = (0..40_000).map(|row| line(&json!({"text": text(row)}))).collect();
    sandbox.write("corpus.jsonl", rows);
    let command = |more: &[&str]| {
        let base = ["audit", "corpus.jsonl", "--index", "served.swx", "--watermark", "keys.toml", "--threads", "1"];
        sandbox.command(&[&base[..], &["--format", "json"], more].concat())
    };
    let whole = ["--ledger", "whole.parquet", "-o", "whole.json"];
    let part = ["--ledger", "part.parquet", "-o", "part.json", "--resume", "state", "--checkpoint-every", "0"];
    sandbox.finish(command(&whole)).ok();
    // Stopped as soon as a position is written down.
    let mut child = command(&part).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let started = std::time::Instant::now();
    while !sandbox.path("state/checkpoint.json").exists() {
        assert!(started.elapsed() < std::time::Duration::from_mins(1) && child.try_wait().unwrap().is_none());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!sandbox.path("part.json").exists() && sandbox.path("state/checkpoint.json").exists());
    let resumed = sandbox.finish(command(&part)).ok();
    assert!(resumed.err.contains("going on after row"), "{}", resumed.all());
    let read = |name: &str| std::fs::read(sandbox.path(name)).unwrap();
    assert_eq!(String::from_utf8(read("part.json")).unwrap(), String::from_utf8(read("whole.json")).unwrap());
    let rows = |name: &str| {
        let file = ParquetRecordBatchReaderBuilder::try_new(File::open(sandbox.path(name)).unwrap()).unwrap();
        let batches: Vec<_> = file.build().unwrap().map(Result::unwrap).collect();
        let schema = batches[0].schema();
        format!("{:?}", arrow::compute::concat_batches(&schema, &batches).unwrap())
    };
    assert_eq!(rows("part.parquet"), rows("whole.parquet"));
    assert!(!sandbox.path("state").exists());
}
