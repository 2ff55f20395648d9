//! Made-up exchanges, and the digests of them without the engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use stillwatch_core::{AccountId, ColumnType, Day, EXCHANGE_COLUMNS, Exchange, Key, Micros, SECONDS_PER_DAY};
use stillwatch_digest::{DigestBuilder, Fingerprinter};
use stillwatch_engine::{AccountDay, Engine, EngineError, EngineOptions, Meter, Source};
use stillwatch_ingest::exchange_schema;

/// Stands in every text column but the account.
pub(crate) const PLANTED: &str = "zqxjkvwpbfmhzqxjkvwpbfmh";
const ROWS_A_BATCH: usize = 500;

pub(crate) fn key() -> Key {
    Key::from_bytes([5; 32])
}

pub(crate) fn engine(threads: usize, memory_bytes: usize, spill_dir: &Path) -> Engine {
    engine_with(threads, memory_bytes, spill_dir, &[])
}

/// An engine that must spill for a few thousand exchanges.
pub(crate) fn starved(threads: usize, spill_dir: &Path) -> Engine {
    engine_with(threads, threads << 22, spill_dir, &[("datafusion.execution.batch_size", "16")])
}

pub(crate) fn engine_with(threads: usize, memory_bytes: usize, spill_dir: &Path, settings: &[(&str, &str)]) -> Engine {
    Engine::new(EngineOptions {
        threads: threads.try_into().unwrap(),
        memory_bytes,
        spill_dir: spill_dir.into(),
        key: key(),
        settings: settings.iter().map(|&(name, value)| (name.into(), value.into())).collect(),
        runtime: None,
    })
    .unwrap()
}

pub(crate) fn digests(engine: &Engine, batches: Vec<RecordBatch>) -> Vec<AccountDay> {
    let days: Result<Vec<AccountDay>, EngineError> =
        engine.digest(Source::from_batches(batches), &Meter::default()).unwrap().collect();
    days.unwrap()
}

/// Exchanges of three days by as many accounts as asked for.
pub(crate) fn traffic(rows: usize, accounts: usize) -> Vec<RecordBatch> {
    let rows: Vec<usize> = (0..rows).collect();
    rows.chunks(ROWS_A_BATCH).map(|chunk| batch(chunk, accounts, |_| None)).collect()
}

pub(crate) fn batch(rows: &[usize], accounts: usize, retention: impl Fn(usize) -> Option<&'static str>) -> RecordBatch {
    let columns = EXCHANGE_COLUMNS.iter().map(|column| -> ArrayRef {
        let text = |value: &dyn Fn(usize) -> String| {
            Arc::new(StringArray::from_iter_values(rows.iter().map(|&row| value(row))))
        };
        match column.name {
            "time" => Arc::new(
                TimestampMicrosecondArray::from_iter_values(rows.iter().map(|&row| time(row).0)).with_timezone("UTC"),
            ),
            "account" => text(&|row| account(row, accounts)),
            "retention" => Arc::new(StringArray::from_iter(rows.iter().map(|&row| retention(row)))),
            "request_id" => text(&request_id),
            "prompt" => text(&prompt),
            _ => match column.kind {
                ColumnType::Text | ColumnType::Timestamp => text(&|_| PLANTED.into()),
                ColumnType::Integer => Arc::new(Int64Array::from_iter_values(rows.iter().map(|_| 7))),
                ColumnType::Float => Arc::new(Float64Array::from_iter_values(rows.iter().map(|_| 0.5))),
                ColumnType::Boolean => Arc::new(BooleanArray::from_iter(rows.iter().map(|_| Some(true)))),
            },
        }
    });
    RecordBatch::try_new(exchange_schema(), columns.collect()).unwrap()
}

/// What `digests(_, traffic(rows, accounts))` must be.
pub(crate) fn expected(rows: usize, accounts: usize) -> Vec<AccountDay> {
    let mut fingerprinter = Fingerprinter::new(&key());
    let mut days: BTreeMap<(AccountId, Day), DigestBuilder> = BTreeMap::new();
    for row in 0..rows {
        let (account, request_id, prompt) = (account(row, accounts), request_id(row), prompt(row));
        let planted = Some(PLANTED);
        let exchange = Exchange {
            time: time(row),
            account: &account,
            request_id: Some(&request_id),
            organization: planted,
            api_key: planted,
            end_user: planted,
            ip: planted,
            asn: Some(7),
            user_agent: planted,
            ja4: planted,
            model: planted,
            endpoint: planted,
            system: planted,
            prompt: Some(&prompt),
            tools: planted,
            temperature: Some(0.5),
            top_p: Some(0.5),
            n: Some(7),
            max_tokens: Some(7),
            logprobs: Some(true),
            input_tokens: Some(7),
            output_tokens: Some(7),
            cached_tokens: Some(7),
            status: Some(7),
            conversation: planted,
            ..Exchange::default()
        };
        let day = days.entry((account.as_str().into(), exchange.time.day())).or_default();
        day.add(fingerprinter.fingerprint(&exchange)).unwrap();
    }
    days.into_iter()
        .map(|((account, day), digest)| AccountDay { account, day, digest: digest.finish().unwrap().encode() })
        .collect()
}

fn account(row: usize, accounts: usize) -> String {
    format!("account-{}", row * 31 % accounts)
}

fn time(row: usize) -> Micros {
    let second = i64::try_from(row).unwrap() * 977 % (3 * SECONDS_PER_DAY);
    Micros::from_seconds(20_000 * SECONDS_PER_DAY + second)
}

fn request_id(row: usize) -> String {
    format!("{PLANTED}{row}")
}

fn prompt(row: usize) -> String {
    let letters =
        |number: usize| -> String { number.to_string().bytes().map(|digit| char::from(digit + 49)).collect() };
    let words: Vec<String> = (0..20).map(|word| letters(row * 7_919 % 4_001 * (word + 3))).collect();
    format!("please answer {PLANTED} in one short sentence about {}", words.join(" "))
}
