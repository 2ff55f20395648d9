//! Logs of every kind with seeded damage: no reader panics, every row is counted once, and two readings are the same.

use bytes::Bytes;
use stillwatch_ingest::{FieldSurvey, ParquetSource, ReadOptions, SessionLimits, Tally, TextReader};

/// Kinds of logs, one small example each.
fn examples() -> Vec<Vec<u8>> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let record = r#"{"time":"2026-03-02T12:00:00Z","account":"a","prompt":"p {\"x\": [1]}","asn":"AS64500","ip":"1.2.3.4, 10.0.0.1"}"#;
    let quoted = serde_json::to_string(record).unwrap();
    let mut all: Vec<Vec<u8>> = [
        format!("{record}{record}\n{record}\n"),
        format!("[{record},\n{record}]"),
        format!(r#"{{"messageType":"DATA_MESSAGE","logEvents":[{{"id":"1","timestamp":1,"message":{quoted}}}]}}"#),
        format!("{{\"log\":{quoted},\"stream\":\"stdout\",\"time\":\"2026-03-02T12:00:09Z\"}}\n"),
        format!("2026-03-02T12:00:09.1Z stdout P {}\n2026-03-02T12:00:09.1Z stdout F {}\n", &record[..30], &record[30..]),
        format!("data: {record}\n\ndata: [DONE]\n"),
        format!("{{\"hits\":{{\"hits\":[{{\"_source\":{record}}}]}}}}"),
        format!("{{\"streams\":[{{\"values\":[[\"1\",{quoted}]]}}]}}"),
        "time=2026-03-02T12:00:00Z account=a prompt=\"two \\\"words\\\"\"\n".to_owned(),
        "sep=;\ntime;account;prompt\n1772452800;a;\"p \\\" q\"\n02/Mar/2026:12:00:00 +0000;b;c\n".to_owned(),
        "# note\nts\tuser_id\tclient_ip\n2026-03-02 12:00:00+00\tu\t192.0.2.1\n".to_owned(),
        "{\"ts\":\"2026-03-02 12:00:00,5 +0100\",\"usr\":{\"id\":7},\"req\":\"{\\\"messages\\\": []}\"}\n".to_owned(),
        "id,trace_id,type,start_time,usage_details\no,t,GENERATION,2026-03-02 12:00:00,\"{\"\"input\"\":7}\"\n".to_owned(),
        "DEBUG 03-02 12:00:00 [l.py:1] Request chatcmpl-a details: prompt: 'x', prompt_token_ids: None\nINFO 03-02 12:00:00 [l.py:1] Received request chatcmpl-a: params: SamplingParams(n=1)\n".to_owned(),
    ]
    .map(String::into_bytes)
    .into();
    all.push(utf16(&format!("\u{feff}{record}\n")));
    all.push(utf16("time,account\n1772452800,a\n"));
    for golden in [
        &include_bytes!("../golden/portkey.jsonl")[..],
        include_bytes!("../golden/openrouter.csv"),
        include_bytes!("../golden/openrouter.json"),
        include_bytes!("../golden/vercel_ai_gateway.json"),
        include_bytes!("../golden/langsmith.jsonl"),
        include_bytes!("../golden/traceloop.json"),
        include_bytes!("../golden/phoenix.jsonl"),
        include_bytes!("../golden/phoenix.json"),
    ] {
        all.push(golden.to_vec());
    }
    all
}

/// The generator of Marsaglia's `xorshift64`.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }

    fn damage(&mut self, bytes: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                1 => bytes.truncate(at),
                2 => bytes.insert(at, b"{}[]\",:\\\n;\t= \0\x1e\xff"[self.below(16)]),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                4 => {
                    let other = &others[self.below(others.len())];
                    let cut = self.below(other.len());
                    bytes.splice(at..at, other[cut..].iter().copied());
                }
                5 => bytes.splice(at..at, "9".repeat(self.below(40)).into_bytes()).for_each(drop),
                _ => bytes.splice(at..at, "[{\"a\":".repeat(self.below(60)).into_bytes()).for_each(drop),
            }
        }
        bytes
    }
}

fn read(bytes: &[u8]) -> Option<(usize, Tally)> {
    let options = ReadOptions {
        max_line_bytes: 1 << 14,
        batch_rows: 3,
        keep_unattributed: true,
        limits: SessionLimits { budget: 1 << 14, latest: 1_798_761_600_000_000 },
        ..ReadOptions::default()
    };
    let mut reader = TextReader::new(bytes, None, &options, "log").ok()?;
    let rows = reader.by_ref().map_while(Result::ok).map(|batch| batch.num_rows()).sum();
    let tally = reader.into_tally();
    let survey = FieldSurvey::of_text(bytes, &options).unwrap();
    assert!(survey.fields.iter().all(|field| (0.0..=1.0).contains(&field.filled)));
    assert!(survey.map.is_empty() || stillwatch_ingest::FieldMap::parse(&survey.map).is_ok(), "{}", survey.map);
    Some((rows, tally))
}

#[test]
fn no_damage_makes_a_reader_panic_or_lose_count() {
    let examples = examples();
    let mut random = Random(0x5eed_0bad_cafe);
    for round in 0..ROUNDS {
        let damaged = random.damage(&examples[round % examples.len()], &examples);
        let once = read(&damaged);
        assert_eq!(once, read(&damaged), "two readings differ: {:?}", String::from_utf8_lossy(&damaged));
        if let Some((rows, tally)) = once {
            assert_eq!(rows as u64, tally.accepted);
            assert_eq!(tally.rows, tally.accepted + tally.outside_window + tally.rejected_rows());
        }
    }
}

/// A minute finds what a reader forgot; `STILLWATCH_ROUNDS` asks for more.
const ROUNDS: usize = 2_000;

#[test]
#[ignore = "takes minutes"]
fn no_more_damage_makes_a_reader_panic() {
    let examples = examples();
    let rounds = std::env::var("STILLWATCH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10_000_u64);
    let mut random = Random(rounds | 1);
    for _ in 0..rounds {
        let example = random.below(examples.len());
        let damaged = random.damage(&examples[example], &examples);
        let once = read(&damaged);
        assert_eq!(once, read(&damaged), "{:?}", String::from_utf8_lossy(&damaged));
    }
}

#[test]
fn no_damage_to_a_parquet_file_of_a_known_log_makes_a_reader_panic() {
    use crate::fixtures::{array, parquet_file};
    use arrow::array::StringArray;
    let file = parquet_file([
        ("trace_id", array(StringArray::from(vec!["t"; 20]))),
        ("start_time", array(StringArray::from(vec!["2026-03-02 12:00:00"; 20]))),
        ("usage_details", array(StringArray::from(vec!["{\"input\": 7}"; 20]))),
        ("input", array(StringArray::from(vec!["[{\"role\":\"user\",\"content\":\"p\"}]"; 20]))),
    ]);
    let mut random = Random(0x5eed);
    let options = ReadOptions { keep_unattributed: true, ..ReadOptions::default() };
    for _ in 0..500 {
        let damaged = random.damage(&file, std::slice::from_ref(&file));
        let Ok(source) = ParquetSource::open(Bytes::from(damaged), "log.parquet") else { continue };
        let recognised = source.recognise(&options);
        let _ = FieldSurvey::of_parquet(&source, &options);
        if recognised.source.is_some()
            && let Ok(mut reader) = TextReader::of_parquet(&source, recognised, &options, "log.parquet")
        {
            reader.by_ref().map_while(Result::ok).for_each(drop);
        }
    }
}
