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
    assert!(gate("half.jsonl").out.contains("1 of 2 rows were not read"));
    assert!(gate("empty.jsonl").out.contains("Nothing was read") && !gate("empty.jsonl").out.contains("is broken"));
}
