//! A corpus from zstd to documents on one thread, beside its floor measured in the same run.
//!
//! `cargo bench -p stillwatch-ingest --bench corpus -- ANSWERS.jsonl.gz [MIB] [ROUNDS]`
//!
//! The file, of objects with `output` and `model`, is repeated to 256 MiB and compressed with zstd at level 3. The floor
//! decompresses it, finds lines and parses the two fields with `serde_json`, borrowed where they can be. The corpus must
//! come to at least 0.8 of the floor's speed. Rates are of uncompressed bytes and CPU seconds, the best of the rounds.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and fails by panicking")]

use std::borrow::Cow;
use std::fs::{File, read_to_string};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;
use stillwatch_ingest::{CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally};

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    output: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(input) = arguments.next() else {
        println!("no file of answers given; nothing is measured");
        return;
    };
    let mut number = |default: usize| arguments.next().map_or(default, |argument| argument.parse().unwrap());
    let (mebibytes, rounds) = (number(256), number(5));
    let plain = repeat(&input, mebibytes << 20);
    let packed = zstd::encode_all(&plain[..], 3).unwrap();
    println!("{} MiB of lines, {} MiB compressed", plain.len() >> 20, packed.len() >> 20);

    let runs: [(&str, &dyn Fn() -> u64); 6] = [
        ("zstd", &|| std::io::copy(&mut decoder(&packed), &mut std::io::sink()).unwrap()),
        ("floor", &|| floor(decoder(&packed))),
        ("corpus", &|| corpus(&packed)),
        ("floor, not compressed", &|| floor(&plain[..])),
        ("corpus, not compressed", &|| corpus(&plain)),
        ("cutting alone", &|| cut(&plain)),
    ];
    let mut best = [f64::INFINITY; 6];
    for _ in 0..rounds {
        for ((_, run), best) in runs.iter().zip(&mut best) {
            let before = cpu_seconds();
            black_box(run());
            *best = best.min(cpu_seconds() - before);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let bytes = plain.len() as f64 / 1e6;
    for ((name, _), seconds) in runs.iter().zip(best) {
        println!("{name:>24} {:8.0} MB/s", bytes / seconds);
    }
    println!("{:>24} {:8.2} of the floor", "corpus", best[1] / best[2]);
    println!("{:>24} {:8.2} of the floor, not compressed", "corpus", best[3] / best[4]);
    println!("{:>24} {:8} MiB", "peak of memory", peak_rss_kib() >> 10);
}

fn decoder(packed: &[u8]) -> impl Read + '_ {
    zstd::stream::read::Decoder::new(packed).unwrap()
}

fn floor(reader: impl Read) -> u64 {
    let mut reader = BufReader::with_capacity(1 << 20, reader);
    let mut line = Vec::new();
    let mut bytes = 0;
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        let answer: Answer<'_> = serde_json::from_slice(&line).unwrap();
        bytes += (answer.output.len() + answer.model.len()) as u64;
        line.clear();
    }
    bytes
}

fn corpus(bytes: &[u8]) -> u64 {
    let options = CorpusOptions::default();
    let mut reader = CorpusReader::new(bytes, Some(CorpusFormat::Json), &options, "corpus").unwrap();
    let mut parser = CorpusParser::new(&CorpusPlan::new(&options).unwrap());
    let (mut tally, mut bytes) = (CorpusTally::default(), 0);
    while let Some(block) = reader.next() {
        let block = block.unwrap();
        let mut visit = |_, document: &stillwatch_core::Document<'_>| {
            bytes += (document.text.len() + document.source.map_or(0, str::len)) as u64;
        };
        parser.documents(&block, &mut tally, &mut visit).unwrap();
        reader.recycle(block);
    }
    assert_eq!(tally.rejected_rows(), 0);
    bytes
}

fn cut(bytes: &[u8]) -> u64 {
    let options = CorpusOptions::default();
    let mut reader = CorpusReader::new(bytes, Some(CorpusFormat::Json), &options, "corpus").unwrap();
    let mut rows = 0;
    while let Some(block) = reader.next() {
        let block = block.unwrap();
        rows += block.len() as u64;
        reader.recycle(block);
    }
    rows
}

fn repeat(input: &str, bytes: usize) -> Vec<u8> {
    let mut file = BufReader::new(File::open(input).unwrap());
    let mut once = Vec::new();
    if file.fill_buf().unwrap().starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut once).unwrap();
    } else {
        file.read_to_end(&mut once).unwrap();
    }
    let mut all = Vec::with_capacity(bytes + once.len());
    while all.len() < bytes {
        all.extend_from_slice(&once);
    }
    all
}

/// User and system time of this process, in which the kernel counts nanoseconds.
fn cpu_seconds() -> f64 {
    let status = read_to_string("/proc/self/schedstat").unwrap();
    status.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn peak_rss_kib() -> u64 {
    let status = read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
