use stillwatch_core::Window;

use crate::map::FieldMap;
use crate::schema::Table;
use crate::source::assembly::SessionLimits;
use crate::source::recognise::Recognised;
use crate::source::session::Session;

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub table: Table,
    pub map: FieldMap,
    /// Names and values that the file's path gives (`model=m4/`). They fill columns that the file lacks.
    pub hive: Vec<(String, String)>,
    /// Rows outside are skipped.
    pub window: Window,
    /// A longer line is rejected without being held in memory. At most 256 MiB.
    pub max_line_bytes: usize,
    /// Rows in a batch, at most.
    pub batch_rows: usize,
    /// What the log is, where that is known. Otherwise its first bytes tell.
    pub source: Option<Recognised>,
    /// What it has in common with the other files of the log.
    pub session: Option<Session>,
    /// It is the last file of its session.
    pub last: bool,
    /// The bounds of a session of its own.
    pub limits: SessionLimits,
    /// Keep rows of foreign logs without an account, under [`UNATTRIBUTED`](crate::UNATTRIBUTED).
    pub keep_unattributed: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            table: Table::Exchange,
            map: FieldMap::default(),
            hive: Vec::new(),
            window: Window::default(),
            max_line_bytes: 16 << 20,
            batch_rows: 8192,
            source: None,
            session: None,
            last: true,
            limits: SessionLimits { budget: 64 << 20, latest: chrono::Utc::now().timestamp_micros() + DAY },
            keep_unattributed: false,
        }
    }
}

/// Clocks differ, and zones by half a day: microseconds.
const DAY: i64 = 86_400_000_000;
