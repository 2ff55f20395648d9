use stillwatch_core::Window;

use crate::column_tree::ColumnTree;
use crate::convert::convert;
use crate::messages::Messages;
use crate::options::ReadOptions;
use crate::raw::{Raw, Row};
use crate::schema::{Field, Rule, Table};

/// The options worked out for one file: which names of the source lead to which columns.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) table: Table,
    pub(crate) fields: Vec<Field>,
    pub(crate) root: ColumnTree,
    /// For each column, the value that the path gives.
    pub(crate) hive: Vec<Option<Raw<'static>>>,
    pub(crate) window: Window,
    pub(crate) keep_unattributed: bool,
    /// Positions of the columns that rows are ordered by and whose system messages move.
    pub(crate) time: Option<usize>,
    pub(crate) prompt: Option<usize>,
    pub(crate) system: Option<usize>,
}

impl Plan {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        let table = options.table;
        let fields: Vec<Field> =
            table.columns().iter().map(|column| Field { column, rule: Rule::of(column) }).collect();
        let mut root = ColumnTree::default();
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

    /// Takes the text out of a prompt that is a list of messages. Its system messages become the system prompt where there
    /// is none.
    pub(crate) fn split_prompt(&self, row: &mut Row<'_>) {
        let (Some(prompt), Some(system)) = (self.prompt, self.system) else {
            return;
        };
        let messages = match &row[prompt] {
            Some(Raw::Nested(json)) => Messages::parse(json),
            Some(Raw::Text(text)) if Messages::begins(text) => Messages::parse(text),
            _ => None,
        };
        let Some(messages) = messages else {
            return;
        };
        if matches!(row[system], None | Some(Raw::Null)) && !messages.system.is_empty() {
            row[system] = Some(Raw::Text(messages.system.into()));
        }
        row[prompt] = Some(Raw::Text(messages.text.into()));
    }

    /// A row without any value.
    pub(crate) fn row<'a>(&self) -> Vec<Option<Raw<'a>>> {
        vec![None; self.fields.len()]
    }
}

/// What Hive writes for a null.
const NO_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";
