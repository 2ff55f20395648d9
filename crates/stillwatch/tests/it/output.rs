//! Results appear whole or not at all, and the exit code tells what happened.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Stdio;

use crate::sandbox::{BINARY, KEY, Sandbox, file, report};

#[test]
fn a_full_disk_leaves_nothing() {
    let sandbox = Sandbox::new();
    let log = file("exchanges.parquet");
    for arguments in [&["detect", &log, "-o", "/dev/full"][..], &["schema"]] {
        let mut command = sandbox.command(arguments);
        command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let run = sandbox.finish(command);
        assert_eq!(run.code, Some(1), "{}", run.all());
        assert!(run.err.contains("cause: No space left on device"), "{}", run.err);
    }
    // The size of a file is limited, so that writing fails half-way; the signal that would kill is ignored.
    for arguments in
        ["detect {} --format json -o report.txt", "digest {} -o digests", "simulate -o set --exchanges 6000"]
    {
        let script = format!("trap '' XFSZ; ulimit -f 2; exec {BINARY} {}", arguments.replace("{}", &log));
        let run = sandbox.finish(sandbox.wrapped("bash", &["-c", &script]));
        assert_eq!(run.code, Some(1), "{script} {}", run.all());
        assert!(run.err.starts_with("error: ") && run.err.contains("cause: "), "{}", run.err);
        assert!(["report.txt", "digests", "set"].iter().all(|name| !sandbox.path(name).exists()));
    }
}

#[test]
fn a_place_that_cannot_be_written_to_is_told_before_anything_is_read() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["detect", "nowhere.jsonl", "-o", "/proc/report.txt"]);
    assert!(run.code == Some(1) && run.err.contains("cannot be written to /proc/report.txt"), "{}", run.all());
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let sandbox = Sandbox::new();
    let log = file("exchanges.parquet");
    let mut command = sandbox.command(&["detect", &log, "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn exit_codes_tell_what_was_found() {
    let sandbox = Sandbox::new();
    let log = file("exchanges.parquet");
    let accounts = file("accounts.parquet");
    let run = |rest: &[&str]| sandbox.run(&[&["detect", &log, "--accounts", &accounts], rest].concat()).code;
    assert_eq!(run(&["--fail-on", "watch"]), Some(10));
    assert_eq!(run(&["--fail-on", "watch", "-o", "report.txt"]), Some(10));
    assert!(sandbox.path("report.txt").exists());
    assert_eq!(sandbox.run(&["detect", &log, "--until", "2026-09-08", "--fail-on", "act"]).code, Some(0));
}

#[test]
fn reports_of_two_days_are_compared() {
    let sandbox = Sandbox::new();
    let (log, accounts) = (file("exchanges.parquet"), file("accounts.parquet"));
    let detect = ["detect", &log, "--accounts", &accounts, "--format", "json"];
    sandbox.write("after.json", report());
    sandbox.run(&[&detect[..], &["-o", "before.json", "--until", "2026-09-08"]].concat()).ok();
    let tier = ["--tier", "watch"];
    let run = sandbox.run(&[&["diff", "before.json", "after.json", "--fail-on", "watch"][..], &tier].concat());
    assert!(run.code == Some(10) && run.out.contains("\nnew c-"), "{}", run.all());
    let same = sandbox.run(&[&["diff", "after.json", "after.json", "--fail-on", "watch"][..], &tier].concat()).ok();
    assert!(same.out.starts_with("0 new, 0 grown, 0 changed, 0 in another tier, 0 gone, "), "{}", same.out);
    let json = sandbox.run(&["diff", "before.json", "after.json", "--format", "json"]).ok();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json.out).unwrap()["schema"], "stillwatch.diff/1");
    sandbox.write("other.json", "{\"schema\": \"stillwatch.digest/1\"}");
    let other = sandbox.run(&["diff", "before.json", "other.json"]);
    assert!(
        other.code == Some(2) && other.err.starts_with("error: other.json is not a report of detect\n"),
        "{}",
        other.err
    );
}

#[test]
fn an_older_report_survives_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.write("report.txt", "old");
    sandbox.write("log.parquet", "PAR1 but no more");
    assert_eq!(sandbox.run(&["detect", "log.parquet", "-o", "report.txt"]).code, Some(1));
    assert_eq!(std::fs::read_to_string(sandbox.path("report.txt")).unwrap(), "old");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("full")).unwrap();
    sandbox.write("full/mine", "precious");
    let log = file("exchanges.parquet");
    for arguments in [&["digest", &log, "-o", "full"][..], &["simulate", "-o", "full"]] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, Some(2));
        assert!(run.err.starts_with("error: the folder full is not empty\n"), "{}", run.err);
    }
    assert_eq!(std::fs::read_dir(sandbox.path("full")).unwrap().count(), 1);
}

#[test]
fn the_key_is_made_once_for_its_owner_alone() {
    let sandbox = Sandbox::without_key();
    sandbox.write("log.jsonl", "{\"time\":\"2026-09-07\",\"account\":\"a\"}\n");
    let first = sandbox.run(&["detect", "log.jsonl"]).ok();
    assert!(first.err.starts_with("note: created the key file [SANDBOX]/home/key"), "{}", first.err);
    let key = std::fs::read_to_string(sandbox.path("home/key")).unwrap();
    assert_eq!((key.trim().len(), sandbox.path("home/key").metadata().unwrap().mode() & 0o777), (64, 0o600));
    let second = sandbox.run(&["detect", "log.jsonl"]).ok();
    assert_eq!((second.err.as_str(), std::fs::read_to_string(sandbox.path("home/key")).unwrap()), ("", key.clone()));
    assert!(!first.all().contains(key.trim()));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("log.jsonl", "");
    sandbox.write("open", KEY);
    std::fs::set_permissions(sandbox.path("open"), PermissionsExt::from_mode(0o640)).unwrap();
    sandbox.write("short", "0011");
    std::fs::set_permissions(sandbox.path("short"), PermissionsExt::from_mode(0o600)).unwrap();
    let mut all = String::new();
    for key in ["open", "short", "missing"] {
        let run = sandbox.run(&["detect", "log.jsonl", "--key-file", key]);
        assert_eq!(run.code, Some(2));
        assert!(!run.all().contains(KEY));
        all += &run.err;
    }
    insta::assert_snapshot!(all);
}
