//! Spans have names and numbers, and nothing of what is read.

use std::fmt::{self, Debug, Write};
use std::sync::{Mutex, OnceLock};

use stillwatch_run::Context;
use stillwatch_run::audit::{Audit, Search};
use stillwatch_run::corpus::Corpus;
use stillwatch_run::digest::Digest;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::traffic::{detect, options};

static SEEN: Mutex<String> = Mutex::new(String::new());

/// Writes down every span and event of every level, with all values.
struct Everything;

struct Values;

impl Visit for Values {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        note(format_args!(" {field}={value:?}"));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        note(format_args!("\n{} {}", span.metadata().target(), span.metadata().name()));
        span.record(&mut Values);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Values);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        note(format_args!("\n{}", event.metadata().target()));
        event.record(&mut Values);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn note(text: fmt::Arguments<'_>) {
    SEEN.lock().unwrap().write_fmt(text).unwrap();
}

/// All threads of this process write down from here on; the other tests' spans do no harm.
fn listen() {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| tracing::subscriber::set_global_default(Everything).unwrap());
}

#[test]
fn no_planted_text_is_in_any_span_or_event() {
    const PLANTED: &str = "zqxjkvwpbfmhzqxjkvwpbfmh";
    listen();
    let place = tempfile::tempdir().unwrap();
    let log = place.path().join(format!("{PLANTED}.jsonl"));
    let row = |second: u32| {
        format!(
            "{{\"time\":\"2026-09-07T00:00:{second:02}Z\",\"account\":\"{PLANTED}{}\",\"ip\":\"192.0.2.77\",\
             \"prompt\":\"{PLANTED} {PLANTED}\",\"response\":\"{PLANTED}\",\"user_agent\":\"{PLANTED}\"}}\n",
            second % 6
        )
    };
    std::fs::write(&log, (0..60).map(row).collect::<String>() + PLANTED).unwrap();
    detect(std::slice::from_ref(&log)).run(&Context::default()).unwrap();
    let output = place.path().join("digests");
    let digest = Digest { logs: options(std::slice::from_ref(&log)), output: output.clone(), shard: None };
    digest.run(&Context::default()).unwrap();
    detect(&[output]).run(&Context::default()).unwrap();
    let audit = Audit {
        corpus: Corpus { paths: vec![log], ..Corpus::default() },
        search: Search { key: options(&[]).means.key, ..Search::default() },
        ..Audit::default()
    };
    audit.run(&Context::default()).unwrap();
    let seen = SEEN.lock().unwrap();
    for span in [
        "stillwatch_run::detect detect inputs=1",
        "stillwatch_run::digest digest_folder inputs=1",
        "stillwatch_run::audit audit inputs=1",
        "stillwatch_engine::session digest units=1",
        "stillwatch_engine::session unite units=1",
    ] {
        assert!(seen.contains(span), "{span} is missing in {seen}");
    }
    for planted in [PLANTED, "192.0.2.77"] {
        assert!(!seen.contains(planted), "{planted} came out: {seen}");
    }
}
