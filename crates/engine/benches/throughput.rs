//! The whole path from Parquet to sorted day digests, beside two floors measured in the same run.
//!
//! `cargo bench -p stillwatch-engine --bench throughput -- EXCHANGES.parquet [ROWS] [THREADS] [MIB]`
//!
//! The file is repeated under new account names until it has as many rows as asked for (two million). Floor (a) reads
//! and hashes every byte of every column once; floor (b) reads, tokenises and winnows system prompts and prompts.
//! With one thread, the whole path must cost at most 8 times (a) and 2.5 times (b), in CPU seconds.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and fails by panicking")]

use std::fs::{File, read_to_string, write};
use std::hash::{DefaultHasher, Hasher};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use stillwatch_core::Key;
use stillwatch_digest::Passages;
use stillwatch_engine::{Batches, Engine, EngineOptions, Meter, Source, SourceError, Unit};
use stillwatch_ingest::{ParquetSource, ReadOptions, exchange_schema};

const MEMORY_MIB: usize = 1 << 10;
const TICKS_A_SECOND: f64 = 100.0;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(input) = arguments.next() else {
        println!("no file of exchanges given; nothing is measured");
        return;
    };
    let rows = arguments.next().map_or(2_000_000, |rows| rows.parse().unwrap());
    let threads: usize = arguments.next().map_or(1, |threads| threads.parse().unwrap());
    let memory = arguments.next().map_or(MEMORY_MIB, |memory| memory.parse().unwrap()) << 20;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("exchanges.parquet");
    let rows = repeat(Path::new(&input), rows, &log);
    println!("{rows} exchanges, {} MB of Parquet, {threads} thread(s)", log.metadata().unwrap().len() / 1_000_000);

    write("/proc/self/clear_refs", "5").unwrap();
    let path = measure("whole path", rows, || digest(&log, threads, memory, folder.path()));
    println!("{:>22} peak RSS {} MB", "", peak_rss_kib() * 1_024 / 1_000_000);
    let hashed = measure("(a) read and hash", rows, || hash(&log));
    let winnowed = measure("(b) read and winnow", rows, || winnow(&log));
    println!("whole path / (a) = {:.2} (at most 8)", path / hashed);
    println!("whole path / (b) = {:.2} (at most 2.5)", path / winnowed);
}

fn digest(log: &Path, threads: usize, memory_bytes: usize, folder: &Path) {
    let engine = Engine::new(EngineOptions {
        threads: threads.try_into().unwrap(),
        memory_bytes,
        spill_dir: folder.into(),
        key: key(),
        settings: Vec::new(),
        runtime: None,
    })
    .unwrap();
    let (mut days, mut bytes, meter) = (0, 0, Meter::default());
    for day in engine.digest(source(log), &meter).unwrap() {
        days += 1;
        bytes += day.unwrap().digest.len();
    }
    let spilled = meter.spilled() / 1_000_000;
    println!("{:>22} {days} day digests, {} MB; {spilled} MB spilled", "", bytes / 1_000_000);
}

fn hash(log: &Path) {
    let mut hasher = DefaultHasher::new();
    for batch in batches(log) {
        for column in batch.unwrap().columns() {
            match column.as_string_opt::<i32>() {
                Some(text) => hasher.write(text.value_data()),
                None => column.to_data().buffers().iter().for_each(|buffer| hasher.write(buffer)),
            }
        }
    }
    black_box(hasher.finish());
}

fn winnow(log: &Path) {
    let (mut passages, mut sum) = (Passages::default(), 0_u64);
    for batch in batches(log) {
        let batch = batch.unwrap();
        for column in ["system", "prompt"] {
            for text in batch.column_by_name(column).unwrap().as_string::<i32>().iter().flatten() {
                passages.winnow(text, |passage| sum = sum.wrapping_add(passage));
            }
        }
    }
    black_box(sum);
}

/// One unit a row group.
fn source(log: &Path) -> Source {
    let units: Vec<Unit> = (0..row_groups(log)).map(|group| Unit::digests(group.to_string(), key().id())).collect();
    let log = PathBuf::from(log);
    Source::new(units, Arc::new(move |unit: &Unit| open(&log, unit.name().parse()?)))
}

fn batches(log: &Path) -> impl Iterator<Item = Result<RecordBatch, SourceError>> {
    (0..row_groups(log)).flat_map(|group| open(log, group).unwrap())
}

fn row_groups(log: &Path) -> usize {
    ParquetSource::open(File::open(log).unwrap(), "log").unwrap().row_groups()
}

fn open(log: &Path, group: usize) -> Result<Batches, SourceError> {
    let source = ParquetSource::open(File::open(log)?, "log")?;
    let batches = source.read(&[group], &ReadOptions::default())?;
    Ok(Box::new(batches.map(|batch| Ok(batch?))))
}

/// Writes the file again and again, each time under other account names; returns the rows written.
fn repeat(input: &Path, rows: usize, output: &Path) -> usize {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
        .set_max_row_group_row_count(Some(100_000))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(output).unwrap(), exchange_schema(), Some(properties)).unwrap();
    let mut written = 0;
    for round in 0.. {
        for batch in batches(input) {
            let batch = batch.unwrap();
            let accounts = batch.column_by_name("account").unwrap().as_string::<i32>();
            let renamed: ArrayRef = Arc::new(StringArray::from_iter_values(
                accounts.iter().map(|account| format!("{}-{round}", account.unwrap())),
            ));
            let mut columns = batch.columns().to_vec();
            columns[1] = renamed;
            let batch = RecordBatch::try_new(exchange_schema(), columns).unwrap();
            let batch = batch.slice(0, batch.num_rows().min(rows - written));
            written += batch.num_rows();
            writer.write(&batch).unwrap();
            if written == rows {
                writer.close().unwrap();
                return written;
            }
        }
    }
    written
}

fn key() -> Key {
    Key::from_bytes([7; 32])
}

/// Runs and prints; returns CPU seconds.
fn measure(name: &str, rows: usize, run: impl FnOnce()) -> f64 {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    run();
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    #[expect(clippy::cast_precision_loss, reason = "a few million")]
    let rate = rows as f64 / cpu;
    println!("{name:>22} {cpu:7.2} CPU s {wall:7.2} s {rate:9.0} exchanges a CPU second");
    cpu
}

/// User and system time of this process, in which the kernel counts hundredths of a second.
fn cpu_seconds() -> f64 {
    let status = read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = status.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / TICKS_A_SECOND
}

fn peak_rss_kib() -> u64 {
    let status = read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
