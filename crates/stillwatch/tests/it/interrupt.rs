//! Ctrl-C and SIGTERM end a run with nothing left behind.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;

#[test]
fn nothing_is_left_after_an_interruption() {
    for (signal, arguments) in
        [("INT", &["detect", "-", "-o", "report.txt"][..]), ("TERM", &["digest", "-", "-o", "digests"])]
    {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"{\"time\":\"2026-09-07\",\"account\":\"a\"}\n").unwrap();
        wait_until(|| !sandbox.leftovers().is_empty());
        sleep(Duration::from_millis(100));
        let killed = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let started = Instant::now();
        let code = child.wait().unwrap().code();
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(code, Some(130), "{err}");
        assert!(err.starts_with("interrupted: "), "{err}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        assert_eq!(sandbox.leftovers(), Vec::<std::path::PathBuf>::new());
        assert!(!sandbox.path("report.txt").exists() && !sandbox.path("digests").exists());
        drop(input);
    }
}

fn wait_until(done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(20));
        sleep(Duration::from_millis(20));
    }
}
