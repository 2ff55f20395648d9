use rustc_hash::FxHashMap;
use stillwatch_core::{Column, ColumnType, Window};

use crate::convert::convert;
use crate::map::FieldMap;
use crate::raw::Raw;
use crate::schema::{Rule, Table};
use crate::sources::{Recognised, Session, SessionLimits};

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

/// A column to fill.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) column: &'static Column,
    pub(crate) rule: Rule,
}

impl Field {
    pub(crate) fn kind(&self) -> ColumnType {
        self.column.kind
    }
}

/// The options worked out for one file: which names of the source lead to which columns.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) table: Table,
    pub(crate) fields: Vec<Field>,
    pub(crate) root: Node,
    /// For each column, the value that the path gives.
    pub(crate) hive: Vec<Option<Raw<'static>>>,
    pub(crate) window: Window,
    pub(crate) keep_unattributed: bool,
    /// Positions of the columns that rows are ordered by and whose system messages move.
    pub(crate) time: Option<usize>,
    pub(crate) prompt: Option<usize>,
    pub(crate) system: Option<usize>,
}

/// A place in the source: the columns that are read here, and the names below.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) targets: Vec<usize>,
    pub(crate) children: FxHashMap<String, Node>,
}

impl Plan {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        let table = options.table;
        let fields: Vec<Field> =
            table.columns().iter().map(|column| Field { column, rule: Rule::of(column) }).collect();
        let mut root = Node::default();
        for (index, field) in fields.iter().enumerate() {
            let path = options.map.path(table, field.column.name);
            let place = path.into_iter().fold(&mut root, |node, segment| node.children.entry(segment).or_default());
            place.targets.push(index);
        }
        let mut hive = vec![None; fields.len()];
        for (name, value) in options.hive.iter().filter(|(_, value)| value != NO_PARTITION) {
            for &target in root.children.get(name).map_or(&[][..], |node| &node.targets) {
                let value = Raw::Text(value.clone().into());
                // A value that does not convert would fail once a row; it is left out.
                if convert(&fields[target], value.clone()).is_ok() {
                    hive[target] = Some(value);
                }
            }
        }
        let at = |name: &str| (table == Table::Exchange).then(|| table.index(name)).flatten();
        Self {
            table,
            fields,
            root,
            hive,
            window: options.window,
            keep_unattributed: options.keep_unattributed,
            time: at("time"),
            prompt: at("prompt"),
            system: at("system"),
        }
    }

    /// A row without any value.
    pub(crate) fn row<'a>(&self) -> Vec<Option<Raw<'a>>> {
        vec![None; self.fields.len()]
    }
}

/// Clocks differ, and zones by half a day: microseconds.
const DAY: i64 = 86_400_000_000;

/// What Hive writes for a null.
const NO_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";
