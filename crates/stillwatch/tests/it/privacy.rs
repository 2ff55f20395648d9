//! Text stops at the digest: what is planted in a log comes out nowhere.

use std::fs::{File, read, read_dir};

use stillwatch_core::{ACCOUNT_COLUMNS, ColumnType, EXCHANGE_COLUMNS, Key};
use stillwatch_engine::DigestReader;
use stillwatch_ingest::EDGE_COLUMNS;

use crate::sandbox::{KEY, Sandbox};

/// 24 characters for a column.
fn token(column: &str) -> String {
    let mut token = format!("zqx{}", column.replace('_', "")).to_lowercase();
    while token.len() < 24 {
        token.push_str("jkvwpbfmh");
    }
    token.truncate(24);
    token
}

/// Columns of text whose values are not names of accounts or organisations, which reports are about.
fn planted() -> Vec<&'static str> {
    let text = |column: &&stillwatch_core::Column| column.kind == ColumnType::Text;
    let columns = EXCHANGE_COLUMNS.iter().chain(ACCOUNT_COLUMNS).chain(EDGE_COLUMNS).filter(text);
    let mut names: Vec<&str> = columns.map(|column| column.name).collect();
    names.retain(|name| !["account", "organization", "request_id"].contains(name));
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn planted_text_comes_out_nowhere() {
    let sandbox = Sandbox::new();
    let fields = |columns: &[stillwatch_core::Column]| -> String {
        let planted = planted();
        let own = columns.iter().filter(|column| planted.contains(&column.name) && column.name != "retention");
        own.map(|column| format!(",\"{0}\":\"{1} {1} {1} {1}\"", column.name, token(column.name))).collect()
    };
    let mut log = String::new();
    for second in 0..60 {
        let account = second % 6;
        let time = format!("2026-09-07T00:00:{second:02}Z");
        let id = token("request_id");
        let own = fields(EXCHANGE_COLUMNS);
        log += &format!("{{\"time\":\"{time}\",\"account\":\"a{account}\",\"request_id\":\"{id}{second}\"{own}}}\n");
    }
    // Rows that are rejected, and values that are.
    log += &format!("{} is not json\n{{\"time\":\"{}\",\"account\":\"a\"}}\n", token("rejected"), token("time"));
    log +=
        &format!("{{\"time\":\"2026-09-07\",\"account\":\"a\",\"n\":\"{0}\",\"retention\":\"{0}\"}}\n", token("value"));
    sandbox.write("log.jsonl", log);
    let accounts: String =
        (0..6).map(|account| format!("{{\"account\":\"a{account}\"{}}}\n", fields(ACCOUNT_COLUMNS))).collect();
    sandbox.write("accounts.jsonl", accounts);
    let edge = format!("{{\"request_id\":\"{}1\"{}}}\n", token("request_id"), fields(EDGE_COLUMNS));
    sandbox.write("edge.jsonl", edge);

    let tables = ["--accounts", "accounts.jsonl", "--edge", "edge.jsonl"];
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for format in ["table", "json", "html", "markdown", "ocsf"] {
        let run = sandbox.run(&[&["detect", "log.jsonl", "--format", format][..], &tables].concat()).ok();
        seen.push(run.all().into_bytes());
    }
    seen.push(sandbox.run(&["digest", "log.jsonl", "--edge", "edge.jsonl", "-o", "digests"]).ok().all().into_bytes());
    for entry in read_dir(sandbox.path("digests")).unwrap() {
        let path = entry.unwrap().path();
        seen.push(read(&path).unwrap());
        // Compression may hide what is there.
        if path.extension().is_some_and(|extension| extension == "parquet") {
            let digests = DigestReader::new(File::open(path).unwrap(), Key::from_hex(KEY).unwrap().id()).unwrap();
            for digest in digests {
                let digest = digest.unwrap();
                seen.push(digest.digest);
                seen.push(digest.account.as_str().into());
            }
        }
    }
    let columns = planted().into_iter().chain(["request_id", "rejected", "time", "value"]);
    for column in columns {
        let token = token(column);
        for bytes in &seen {
            let found = bytes.windows(token.len()).any(|window| window.eq_ignore_ascii_case(token.as_bytes()));
            assert!(!found, "the text of {column} came out: {}", String::from_utf8_lossy(bytes));
        }
    }
    assert!(seen.len() > 11);
}
