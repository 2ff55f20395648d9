//! Nothing read is never "nothing found": every command says first what it did not read, and ends with 3.

use serde_json::Value;

use crate::sandbox::{Sandbox, file};

const GOOD: &str =
    "{\"time\":\"2026-09-07T00:00:01Z\",\"account\":\"a\",\"prompt\":\"one\",\"response\":\"an answer\"}\n";

/// What a log may be of which nothing is read: its name, its bytes, and words of the reason.
fn unread_logs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    vec![
        ("db.sqlite.log", [&b"SQLite format 3\0"[..], &[0; 84]].concat(), "an SQLite database"),
        ("log.orc", b"ORC\x08\x03\x10\x01\x00\x01".to_vec(), "an ORC file"),
        ("sealed.parquet", b"PARE\x15\x04\x00\x00PARE".to_vec(), "an encrypted Parquet file"),
        ("log.zip", b"PK\x03\x04\x14\0\x08\0".to_vec(), "a ZIP archive"),
        ("accounts.csv", b"account,payment_hmac\na,00\n".to_vec(), "an account table"),
        ("times.csv", b"time,account\n9/7/2026 10:05 PM,a\n".to_vec(), "unreadable time (1)"),
        ("broken.jsonl", b"{oops\n".to_vec(), "malformed JSON (1)"),
        ("noone.jsonl", b"{\"time\":\"2026-09-07T00:00:01Z\",\"prompt\":\"one\"}\n".to_vec(), "no account (1)"),
        ("unknown.jsonl", b"{\"ts\":\"2026-09-07T00:00:01Z\",\"user_id\":\"u\"}\n".to_vec(), "names that are not read"),
        ("empty.jsonl", Vec::new(), "a file without records"),
        ("header.csv", b"time,account\n".to_vec(), "a file without records"),
    ]
}

#[test]
fn nothing_read_is_told_first_and_alike_in_every_command() {
    for (name, bytes, why) in unread_logs() {
        let sandbox = Sandbox::new();
        sandbox.write(name, bytes);
        let table = sandbox.run(&["detect", name]);
        assert_eq!(table.code, Some(3), "{name}: {}", table.all());
        let first: Vec<&str> = table.out.lines().take(2).collect();
        assert!(first[0].starts_with("Nothing was read"), "{name}: {}", table.all());
        assert!(!table.out.contains("No campaign found"), "{name}: {}", table.all());
        assert!(table.out.contains(why) && table.err.contains(why), "{name}: {}", table.all());
        assert!(table.err.contains("warning: not read: "), "{name}: {}", table.all());

        let json: Value = serde_json::from_str(&sandbox.run(&["detect", name, "--format", "json"]).out).unwrap();
        assert_eq!(json["inputs"]["read"], "nothing", "{name}");
        let gap = &json["inputs"]["not_read"][0];
        assert!(["what", "why", "help"].iter().all(|part| !gap[part].as_str().unwrap().is_empty()), "{name}: {gap}");
        for (format, headline) in
            [("markdown", "# Nothing was read"), ("html", "Nothing was read</h1>"), ("ocsf", "Nothing was read")]
        {
            let run = sandbox.run(&["detect", name, "--format", format]);
            assert_eq!(run.code, Some(3), "{name} {format}");
            assert!(run.out.contains(headline), "{name} {format}: {}", run.all());
        }

        let doctor = sandbox.run(&["doctor", name]);
        assert_eq!(doctor.code, Some(3), "{name}: {}", doctor.all());
        assert!(doctor.out.starts_with("Nothing was read"), "{name}: {}", doctor.all());
        let told = |out: &str| {
            out.lines().filter(|line| line.starts_with("warning: not read: ")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(told(&doctor.err), told(&table.err), "{name}");

        for arguments in
            [&["digest", name, "-o", "digests"][..], &["index", "build", name, "--vendor", "v", "-o", "served.index"]]
        {
            let run = sandbox.run(arguments);
            assert_eq!(run.code, Some(3), "{name} {arguments:?}: {}", run.all());
            assert!(run.err.contains(why), "{name} {arguments:?}: {}", run.all());
        }
        // Digests of nothing hold nothing, and say why.
        let run = sandbox.run(&["detect", "digests"]);
        assert_eq!(run.code, Some(3), "{name}: {}", run.all());
        assert!(run.out.starts_with("Nothing was read"), "{name}: {}", run.all());
    }
}

#[test]
fn what_lies_outside_the_window_was_not_read() {
    let sandbox = Sandbox::new();
    sandbox.write("log.jsonl", GOOD);
    let run = sandbox.run(&["detect", "log.jsonl", "--since", "2026-10-01"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.out.starts_with("Nothing was read") && run.out.contains("2026-09-07T00:00:01"), "{}", run.all());
}

#[test]
fn a_part_that_was_not_read_is_told_before_what_was_found() {
    for (name, bytes, why) in unread_logs() {
        let sandbox = Sandbox::new();
        sandbox.write("good.jsonl", GOOD);
        let is_refused =
            bytes.is_empty() || !matches!(name, "times.csv" | "broken.jsonl" | "noone.jsonl" | "header.csv");
        let is_empty = matches!(name, "empty.jsonl" | "header.csv");
        sandbox.write(name, bytes);
        let run = sandbox.run(&["detect", "good.jsonl", name]);
        // A log that has just begun is no fault beside others.
        assert_eq!(run.code, Some(if is_empty { 0 } else { 3 }), "{name}: {}", run.all());
        assert_eq!(run.out.starts_with("Part of the input was not read."), !is_empty, "{name}: {}", run.all());
        assert!(run.out.contains("1 exchange of 1 account"), "{name}: {}", run.all());
        if is_refused && !is_empty {
            assert!(run.out.contains(name) && run.out.contains(why), "{name}: {}", run.all());
        }
        assert_eq!(sandbox.run(&["doctor", "good.jsonl", name]).code, run.code, "{name}");
    }
}

#[test]
fn wrong_roles_are_noticed() {
    let sandbox = Sandbox::new();
    sandbox.write("good.jsonl", GOOD);
    let run = sandbox.run(&["detect", "good.jsonl", "--accounts", "good.jsonl"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.err.contains("it is a request log"), "{}", run.all());
    let run = sandbox.run(&["doctor", "good.jsonl", "--accounts", "good.jsonl"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    sandbox.write("permits.json", "{\"permits\": []}");
    for (option, given, is) in [
        ("--permits", file("accounts.parquet"), "it is an account table"),
        ("--permits", file("truth.json"), "it is the truth about simulated traffic"),
        ("--permits", file("exchanges.parquet"), "it is a Parquet file"),
        ("--policy", "permits.json".to_owned(), "it is a file of permits"),
        ("--watchlist", file("accounts.parquet"), "it is an account table"),
    ] {
        let run = sandbox.run(&["detect", "good.jsonl", option, &given]);
        assert_eq!(run.code, Some(2), "{option} {}", run.all());
        assert!(run.err.contains(is) && run.err.contains("help: "), "{option} {}", run.all());
    }
    sandbox.write("accounts.zip", b"PK\x03\x04\x14\0\x08\0");
    let run = sandbox.run(&["detect", "good.jsonl", "--accounts", "accounts.zip"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.err.contains("it is a ZIP archive") && run.err.contains("help: "), "{}", run.all());
}

#[test]
fn a_folder_of_simulated_traffic_is_its_log_and_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.run(&["simulate", "--exchanges", "1000", "-o", "traffic"]).ok();
    for command in ["detect", "doctor"] {
        let run = sandbox.run(&[command, "traffic"]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        for (file, option) in [
            ("accounts.parquet", "--accounts"),
            ("permits.json", "--permits"),
            ("truth.json", "results are compared with it"),
        ] {
            let told = run.err.lines().any(|line| line.contains(file) && line.contains(option));
            assert!(told, "{command} {file}: {}", run.all());
        }
    }
}

/// From a file that nobody knows to a right table, by what the tool prints alone.
#[test]
fn an_unknown_log_leads_to_a_field_map() {
    let nested = |n: u32| {
        format!(
            "{{\"ts\":\"2026-09-07 09:00:{n:02}+00\",\"usr\":{{\"id\":\"u{}\"}},\"http\":{{\"client_ip\":\"192.0.2.{n}\"}},\"req\":{{\"model\":\"m1\",\"messages\":[{{\"role\":\"user\",\"content\":\"tell me about number {n}\"}}]}},\"usage\":{{\"prompt_tokens\":{n},\"completion_tokens\":3}}}}\n",
            n % 3
        )
    };
    let nested: String = (0..30).map(nested).collect();
    let table: String = std::iter::once("created_at;user_id;client_ip;model_name;prompt_text;tokens_in\n".to_owned())
        .chain(
            (0..30)
                .map(|n| format!("2026-09-07 09:00:{n:02};u{};192.0.2.{n};m1;tell me, about number {n};{n}\n", n % 3)),
        )
        .collect();
    let elastic: String = (0..30)
        .map(|n| format!("{{\"_index\":\"logs\",\"_id\":\"{n}\",\"_source\":{{\"@timestamp\":\"2026-09-07T09:00:{n:02}.000Z\",\"user\":{{\"id\":\"u{}\"}},\"client\":{{\"ip\":\"192.0.2.{n}\"}},\"llm\":{{\"model\":\"m1\",\"prompt\":\"tell me about number {n}\",\"input_tokens\":{n}}}}}}}\n", n % 3))
        .collect();
    for (name, log) in [("app.jsonl", nested), ("export.csv", table), ("elastic.jsonl", elastic)] {
        let sandbox = Sandbox::new();
        sandbox.write(name, &log);
        let run = sandbox.run(&["doctor", name]);
        assert_eq!(run.code, Some(3), "{}", run.all());
        assert!(run.out.contains("not recognised"), "{}", run.all());
        assert!(!run.out.contains("tell me") && !run.err.contains("tell me"), "{}", run.all());
        let map = &run.out[run.out.find("[exchange]").unwrap_or_else(|| panic!("no map: {}", run.all()))..];
        let map = &map[..map.find("\n\n").unwrap_or(map.len())];
        sandbox.write("map.toml", map);
        let run = sandbox.run(&["doctor", name, "--map", "map.toml", "--format", "json"]);
        assert_eq!(run.code, Some(0), "{map}\n{}", run.all());
        let examined: Value = serde_json::from_str(&run.out).unwrap();
        let log = &examined["logs"][0];
        assert_eq!((&log["accepted"], &log["accounts"]), (&30.into(), &3.into()), "{map}");
        for column in ["time", "account", "ip", "model", "prompt", "input_tokens"] {
            assert_eq!(log["coverage"][column], 1.0, "{name} {column}\n{map}");
        }
        let run = sandbox.run(&["detect", name, "--map", "map.toml"]);
        assert_eq!(run.code, Some(0), "{}", run.all());
    }
}
