//! One pass over a corpus with all that is cheap, beside its floor, in one run.
//!
//! ```text
//! cargo bench -p stillwatch-audit --bench pass -- CORPUS.jsonl[.gz] [MIB] [ROUNDS] [TEXT-FIELD]
//! ```
//!
//! The corpus is repeated to MIB (64 unless said) and compressed with zstd at level 3 in memory. The floor decompresses,
//! cuts lines and parses two fields with `serde_json`. An index of four million k-grams and a registry of a hundred
//! canaries are looked up; where texts have a `model`, a style model of them and of invented people is
//! applied to a sample of ten thousand documents, as the command does. MB are
//! uncompressed bytes, seconds those of the one thread's processor.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "its output is its result")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::num::NonZeroUsize;

use serde::Deserialize;
use stillwatch_audit::canary::{Registry, Request};
use stillwatch_audit::index::{About, IndexBuilder, Served, ServedIndex};
use stillwatch_audit::style::{HUMAN, Labelled, StyleModel, Trainer};
use stillwatch_audit::{Collector, Instruments, NamedIndex, Spot};
use stillwatch_core::{Key, Micros, Random, Tier};
use stillwatch_ingest::{CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally};

const INDEXED_OUTPUTS: usize = 60_000;
const WORDS_AN_OUTPUT: usize = 400;
/// What `stillwatch audit` scores unless told otherwise.
const STYLE_SAMPLE: usize = 10_000;

#[derive(Deserialize)]
struct Floor<'a> {
    #[serde(borrow, alias = "text")]
    output: Option<Cow<'a, str>>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some(path) = arguments.first() else {
        println!("skipped: name a corpus of JSON lines");
        return;
    };
    let number = |at: usize, default: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (mebibytes, rounds) = (number(1, 64), number(2, 3));
    let options = CorpusOptions { text: arguments.get(3).cloned(), ..CorpusOptions::default() };
    let once = read(path);
    let mut plain = Vec::new();
    while plain.len() < mebibytes << 20 {
        plain.extend_from_slice(&once);
    }
    let packed = zstd::bulk::compress(&plain, 3).unwrap();
    let key = Key::from_bytes([7; 32]);
    let (index, registry, style) = (index(&key), registry(), style(&once));
    let bare = Instruments::<Vec<u8>>::new(&key, Vec::new());
    let named = |index| NamedIndex { name: "index".into(), vendor: "Example".into(), index };
    let full = Instruments::new(&key, vec![named(index)]).with_canaries(&registry);
    let mut styled = Instruments::<Vec<u8>>::new(&key, Vec::new());
    styled.style = style;
    let mut all = Instruments::new(&key, vec![named(self::index(&key))]).with_canaries(&registry);
    all.style.clone_from(&styled.style);

    let runs: [(&str, &dyn Fn()); 5] = [
        ("floor: zstd, lines, serde_json", &|| floor(&packed)),
        ("self-claims, uniformity", &|| pass(&packed, &options, &bare)),
        ("+ index, canaries", &|| pass(&packed, &options, &full)),
        ("self-claims, uniformity, style", &|| pass(&packed, &options, &styled)),
        ("+ index, canaries, style", &|| pass(&packed, &options, &all)),
    ];
    let mut best = [f64::MAX; 5];
    for _ in 0..rounds {
        for ((_, run), best) in runs.iter().zip(&mut best) {
            let before = cpu_seconds();
            run();
            *best = best.min(cpu_seconds() - before);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let megabytes = plain.len() as f64 / 1e6;
    for ((name, _), seconds) in runs.iter().zip(best) {
        println!("{name:>34} {:8.0} MB/s {:6.2} of the floor", megabytes / seconds, best[0] / seconds);
    }
    println!(
        "{:>34} {:8} MiB, of which {} are the corpus itself",
        "peak of memory",
        peak_rss_kib() >> 10,
        (plain.len() + packed.len()) >> 20
    );
}

fn floor(packed: &[u8]) {
    let mut reader = BufReader::with_capacity(1 << 20, zstd::stream::read::Decoder::new(packed).unwrap());
    let (mut line, mut bytes) = (Vec::new(), 0);
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        let row: Floor<'_> = serde_json::from_slice(&line).unwrap();
        bytes += row.output.map_or(0, |text| text.len()) + row.model.map_or(0, |text| text.len());
        line.clear();
    }
    black_box(bytes);
}

fn pass(packed: &[u8], options: &CorpusOptions, instruments: &Instruments<Vec<u8>>) {
    let plan = CorpusPlan::new(options).unwrap();
    let mut reader = CorpusReader::new(packed, Some(CorpusFormat::Json), options, "corpus").unwrap();
    let mut parser = CorpusParser::new(&plan);
    let mut scanner = instruments.scanner();
    let (mut tally, mut collector, mut number) = (CorpusTally::default(), Collector::default(), 0);
    while let Some(block) = reader.next().transpose().unwrap() {
        scanner.begin(0, number);
        number += 1;
        parser
            .documents(&block, &mut tally, &mut |place, document| {
                scanner.look(Spot { row: place.row, turn: place.turn }, document).unwrap();
            })
            .unwrap();
        collector.add(0, "corpus", scanner.finish(), None, STYLE_SAMPLE);
        instruments.limit_style(&collector, STYLE_SAMPLE);
        reader.recycle(block);
    }
    black_box(&collector);
    assert!(tally.documents > 0, "no text was found: {:?}", tally.advice());
}

/// Outputs of random words: about four million k-grams that no corpus holds.
fn index(key: &Key) -> ServedIndex<Vec<u8>> {
    let about = About { vendor: "Example".into(), models: vec![] };
    let mut builder = IndexBuilder::new(key, about, || Ok(Cursor::new(Vec::new())));
    let mut random = Random::new(1, 0);
    for number in 0..INDEXED_OUTPUTS {
        let words: Vec<String> = (0..WORDS_AN_OUTPUT).map(|_| format!("w{}", random.below(50_000))).collect();
        let text = words.join(" ");
        builder.add(&Served { text: &text, prompt: None, exchange: &number.to_string(), day: None }).unwrap();
    }
    let mut file = Vec::new();
    builder.write(&mut file).unwrap();
    ServedIndex::open(file, key).unwrap()
}

fn registry() -> Registry {
    let mut registry = Registry::default();
    for number in 0..100_u8 {
        let request = Request {
            vendor: "Example".into(),
            campaign: "c-1".into(),
            tier: Tier::Act,
            approver: "A. Person".into(),
            issued: Micros::from_seconds(0),
            expires: Micros::from_seconds(1),
            template: "This note is filed under {}.".into(),
        };
        let random = std::array::from_fn(|at| number.wrapping_mul(31).wrapping_add(u8::try_from(at).unwrap() * 17 + 1));
        registry.issue(request, random).unwrap();
    }
    registry
}

/// Families of the corpus's own models, and people who write in random words.
fn style(corpus: &[u8]) -> Option<StyleModel> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in corpus.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let row: Floor<'_> = serde_json::from_slice(line).unwrap();
        let (Some(text), Some(model)) = (row.output, row.model) else { continue };
        texts.entry(model.into_owned()).or_default().push(text.into_owned());
    }
    let mut trainer = Trainer::default();
    let mut random = Random::new(2, 0);
    for number in 0..200 {
        let words: Vec<String> = (0..150).map(|_| format!("word{}", random.below(3_000))).collect();
        let (text, group) = (words.join(" "), format!("h{number}"));
        let labelled =
            Labelled { text: &text, family: HUMAN, maker: "people", date: None, domain: "words", group: &group };
        trainer.add(&labelled).unwrap();
    }
    for (model, texts) in texts.iter().take(7) {
        for (number, text) in texts.iter().take(60).enumerate() {
            let group = number.to_string();
            let labelled = Labelled { text, family: model, maker: model, date: None, domain: "answers", group: &group };
            trainer.add(&labelled).unwrap();
        }
    }
    trainer.train(NonZeroUsize::MIN).ok()
}

fn read(path: &str) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    plain
}

/// Processor seconds of this thread.
fn cpu_seconds() -> f64 {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    status.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn peak_rss_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
