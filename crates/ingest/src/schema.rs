use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use stillwatch_core::{ACCOUNT_COLUMNS, Column, ColumnType, EXCHANGE_COLUMNS};

/// The schema of every batch of exchanges: all of [`EXCHANGE_COLUMNS`] in their order, all nullable except `time` and
/// `account`.
pub fn exchange_schema() -> SchemaRef {
    Table::Exchange.schema()
}

/// The columns of an edge log: what a proxy in front of the gateway knows of a request.
pub const EDGE_COLUMNS: &[Column] = &[
    edge("request_id", ColumnType::Text, "joins the request log"),
    edge("ip", ColumnType::Text, "client address, IPv4 or IPv6"),
    edge("asn", ColumnType::Integer, "autonomous system number of the address"),
    edge("ja4", ColumnType::Text, "TLS client fingerprint"),
    edge("user_agent", ColumnType::Text, "client's User-Agent header"),
    edge("country", ColumnType::Text, "country of the address; carries no weight"),
    edge("time", ColumnType::Timestamp, "when the proxy saw it; doctor compares the clocks"),
];

/// What a file's rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    #[default]
    Exchange,
    Account,
    Edge,
}

impl Table {
    pub const ALL: [Self; 3] = [Self::Exchange, Self::Account, Self::Edge];

    /// The name of its table in a field map.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Account => "account",
            Self::Edge => "edge",
        }
    }

    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Exchange => EXCHANGE_COLUMNS,
            Self::Account => ACCOUNT_COLUMNS,
            Self::Edge => EDGE_COLUMNS,
        }
    }

    /// The schema of the batches that it is read into.
    pub fn schema(self) -> SchemaRef {
        static SCHEMAS: LazyLock<[SchemaRef; 3]> = LazyLock::new(|| Table::ALL.map(|table| schema_of(table.columns())));
        Arc::clone(&SCHEMAS[self as usize])
    }

    /// The position of a column among its columns.
    pub(crate) fn index(self, column: &str) -> Option<usize> {
        self.columns().iter().position(|candidate| candidate.name == column)
    }
}

/// How the values of a column are checked beyond their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Plain,
    /// An id of an account or of what accounts belong to.
    Id,
    /// The number of a network, which is often written with `AS` in front.
    Network,
    /// An address or a network.
    Address,
    /// Text, or a list of messages whose contents are the text.
    Messages,
    /// Text, or any JSON.
    Json,
}

impl Rule {
    pub(crate) fn of(column: &Column) -> Self {
        match column.name {
            "ip" | "signup_ip" => Self::Address,
            "prompt" | "system" | "response" => Self::Messages,
            "tools" => Self::Json,
            "account" | "organization" | "api_key" | "end_user" | "conversation" => Self::Id,
            "asn" => Self::Network,
            _ => Self::Plain,
        }
    }

    /// Whether its values are names and ids rather than texts of people.
    pub(crate) fn is_word(self) -> bool {
        matches!(self, Self::Plain | Self::Id)
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

    /// Whether it may be told how a value is written that the column cannot hold: not of words of people.
    pub(crate) fn tells_shapes(&self) -> bool {
        self.kind() != ColumnType::Text || self.rule == Rule::Address
    }
}

pub(crate) fn arrow_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
    }
}

pub(crate) const UTC: &str = "UTC";

fn schema_of(columns: &[Column]) -> SchemaRef {
    let field = |column: &Column| ArrowField::new(column.name, arrow_type(column.kind), !column.required);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

const fn edge(name: &'static str, kind: ColumnType, meaning: &'static str) -> Column {
    Column { name, kind, required: matches!(name.as_bytes(), b"request_id"), meaning }
}
