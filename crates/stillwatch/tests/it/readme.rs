//! The files that the README shows are read by the commands that it shows them for.

use std::os::unix::fs::PermissionsExt;

use crate::sandbox::{Sandbox, file};

const README: &str = include_str!("../../../../README.md");

/// The blocks of a language, in the order of the text.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_files_of_the_readme_are_read() {
    let sandbox = Sandbox::new();
    let [map, policy, gate, watermark] = blocks("toml")[..] else { panic!("four files of TOML") };
    let (logs, accounts) = (file("exchanges.parquet"), file("accounts.parquet"));

    sandbox.write("map.toml", map);
    sandbox.write(
        "gateway.jsonl",
        r#"{"timestamp":"2026-09-07T00:00:01Z","user":{"id":"u1"},"request":{"body":{"messages":[{"role":"user","content":"Name a river"}]}},"tls":{"ja4":"t13d1516h2_8daaf6152771_b0da82dd1658"}}"#,
    );
    let examined = sandbox.run(&["doctor", "gateway.jsonl", "--map", "map.toml", "--format", "json"]).ok();
    let examined: serde_json::Value = serde_json::from_str(&examined.out).unwrap();
    for column in ["time", "account", "prompt", "ja4"] {
        assert_eq!(examined["logs"][0]["coverage"][column], 1.0, "{column}");
    }

    sandbox.write("permits.json", blocks("json")[0]);
    sandbox.write("policy.toml", policy);
    sandbox.write("watchlist.csv", blocks("csv")[0]);
    for (option, name) in [("--permits", "permits.json"), ("--policy", "policy.toml"), ("--watchlist", "watchlist.csv")]
    {
        sandbox.run(&["detect", &logs, "--accounts", &accounts, option, name]).ok();
    }

    sandbox.write("training.toml", gate);
    sandbox.run(&["index", "build", &logs, "--vendor", "Example Lab", "-o", "served.swx"]).ok();
    sandbox.write("corpus.jsonl", "{\"text\":\"the river flows to the sea\"}\n");
    let audited = sandbox.run(&["audit", "corpus.jsonl", "--index", "served.swx", "--policy", "training.toml"]);
    assert!(matches!(audited.code, Some(0 | 10 | 11)), "{}", audited.all());

    // The key names a tokenizer that is not there; everything before that is read.
    sandbox.write("key.toml", watermark.replace("\u{2026}", &"0".repeat(64)));
    std::fs::set_permissions(sandbox.path("key.toml"), PermissionsExt::from_mode(0o600)).unwrap();
    let audited = sandbox.run(&["audit", "corpus.jsonl", "--watermark", "key.toml"]);
    assert!(audited.code == Some(2) && audited.err.contains("tokenizer.json"), "{}", audited.all());
}
