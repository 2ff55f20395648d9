//! Simulated exchanges in several files and forms.

use std::fs::{File, create_dir, write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use stillwatch_core::Key;
use stillwatch_detect::DetectionReport;
use stillwatch_ingest::{ParquetSource, ReadOptions};
use stillwatch_run::Context;
use stillwatch_run::detect::Detect;
use stillwatch_run::reading::{KeyChoice, LogOptions, Means};
use stillwatch_run::simulation::{ACCOUNTS, EXCHANGES, Simulate};
use stillwatch_simulate::Plan;
use tempfile::TempDir;

/// Rows of a group of the Parquet file.
const GROUP_ROWS: usize = 400;

/// A folder of logs: Parquet of many row groups, JSON lines long enough to be divided, CSV, and two halves of a
/// foreign log.
pub(crate) struct Traffic {
    folder: TempDir,
}

impl Traffic {
    pub(crate) fn shared() -> &'static Self {
        static TRAFFIC: OnceLock<Traffic> = OnceLock::new();
        TRAFFIC.get_or_init(Self::new)
    }

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let set = folder.path().join("set");
        let plan = Plan::demo(3).with_exchanges(4000);
        Simulate { plan, output: set.clone() }.run(&Context::default()).unwrap();
        let logs = folder.path().join("logs");
        create_dir(&logs).unwrap();
        regroup(&set.join(EXCHANGES), &logs.join("exchanges.parquet"));
        let filler = "a sentence that stands in every prompt of this log and says nothing at all. ".repeat(20);
        let line = |row: u32| {
            format!(
                "{{\"time\":{},\"account\":\"line-{}\",\"ip\":\"192.0.2.{}\",\"prompt\":\"question {row}: {filler}\"}}\n",
                1_788_739_200 + row,
                row % 40,
                row % 200
            )
        };
        write(logs.join("lines.jsonl"), (0..7000).map(line).collect::<String>() + "no json\n").unwrap();
        let cells: String = (0..50).map(|row| format!("{},cell-{}\n", 1_788_739_200 + row, row % 5)).collect();
        write(logs.join("cells.csv"), format!("time,account\n{cells}")).unwrap();
        write(
            logs.join("traces.jsonl"),
            "{\"id\":\"t1\",\"timestamp\":\"2026-09-07T12:00:00Z\",\"user_id\":\"u1\",\"session_id\":\"s\",\"metadata\":{},\
             \"tags\":[]}\n",
        )
        .unwrap();
        write(
            logs.join("observations.jsonl"),
            "{\"id\":\"o1\",\"trace_id\":\"t1\",\"type\":\"GENERATION\",\"level\":\"DEFAULT\",\"start_time\":\
             \"2026-09-07T12:00:00Z\",\"provided_model_name\":\"m\",\"input\":\"[]\",\"usage_details\":{\"input\":5}}\n",
        )
        .unwrap();
        Self { folder }
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }

    /// The Parquet file among the logs.
    pub(crate) fn parquet(&self) -> PathBuf {
        self.logs().join("exchanges.parquet")
    }

    pub(crate) fn accounts(&self) -> PathBuf {
        self.folder.path().join("set").join(ACCOUNTS)
    }
}

/// Options that read these inputs under a fixed key.
pub(crate) fn options(inputs: &[PathBuf]) -> LogOptions {
    LogOptions {
        logs: inputs.to_vec(),
        means: Means {
            key: KeyChoice::Given(Key::from_bytes([7; 32])),
            threads: Some(2.try_into().unwrap()),
            ..Means::default()
        },
        ..LogOptions::default()
    }
}

/// Detection over these inputs.
pub(crate) fn detect(inputs: &[PathBuf]) -> Detect {
    Detect { logs: options(inputs), accounts: Some(Traffic::shared().accounts()), ..Detect::default() }
}

pub(crate) fn json(report: &DetectionReport) -> String {
    serde_json::to_string_pretty(report).unwrap()
}

/// Writes a Parquet file again in small row groups.
fn regroup(from: &Path, to: &Path) {
    let source = ParquetSource::open(File::open(from).unwrap(), "set").unwrap();
    let groups: Vec<usize> = (0..source.row_groups()).collect();
    let batches: Vec<RecordBatch> =
        source.read(&groups, &ReadOptions::default()).unwrap().collect::<Result<_, _>>().unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(GROUP_ROWS)).build();
    let schema = Arc::clone(batches[0].schema_ref());
    let mut writer = ArrowWriter::try_new(File::create(to).unwrap(), schema, Some(properties)).unwrap();
    for batch in &batches {
        writer.write(batch).unwrap();
    }
    writer.close().unwrap();
    assert!(ParquetSource::open(File::open(to).unwrap(), "log").unwrap().row_groups() > 5);
}
