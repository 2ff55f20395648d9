//! Simulated rows as Arrow tables with the canonical columns.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::SchemaRef;
use arrow::error::Result;
use stillwatch_core::Micros;
use stillwatch_ingest::Table;
use stillwatch_simulate::{SimulatedAccount, SimulatedExchange};

pub(super) fn exchange_schema() -> SchemaRef {
    stillwatch_ingest::exchange_schema()
}

pub(super) fn account_schema() -> SchemaRef {
    Table::Account.schema()
}

/// Exchanges in the order of the canonical columns.
pub(super) fn exchanges(rows: &[SimulatedExchange]) -> Result<RecordBatch> {
    let columns: Vec<ArrayRef> = vec![
        times(rows, |row| Some(row.time)),
        texts(rows, |row| Some(&row.account)),
        texts(rows, |row| Some(&row.request_id)),
        texts(rows, |row| row.organization.as_deref()),
        texts(rows, |row| row.api_key.as_deref()),
        texts(rows, |row| row.end_user.as_deref()),
        texts(rows, |row| row.ip.as_deref()),
        integers(rows, |row| row.asn),
        texts(rows, |row| row.country),
        texts(rows, |row| row.user_agent.as_deref()),
        texts(rows, |row| row.ja4.as_deref()),
        texts(rows, |row| Some(row.model)),
        texts(rows, |row| Some(row.endpoint)),
        texts(rows, |row| row.system.as_deref()),
        texts(rows, |row| Some(&row.prompt)),
        texts(rows, |row| row.response.as_deref()),
        texts(rows, |row| row.tools.as_deref()),
        floats(rows, |row| row.temperature),
        floats(rows, |row| row.top_p),
        integers(rows, |row| Some(row.n)),
        integers(rows, |row| row.max_tokens),
        Arc::new(rows.iter().map(|row| row.logprobs).collect::<BooleanArray>()),
        integers(rows, |row| Some(row.input_tokens)),
        integers(rows, |row| Some(row.output_tokens)),
        integers(rows, |row| Some(row.cached_tokens)),
        floats(rows, |row| Some(row.latency_ms)),
        integers(rows, |row| Some(row.status)),
        texts(rows, |row| row.stop_reason),
        texts(rows, |row| row.conversation.as_deref()),
        texts(rows, |row| Some(row.retention)),
        floats(rows, |row| Some(row.sample_rate)),
    ];
    RecordBatch::try_new(exchange_schema(), columns)
}

/// Accounts in the order of the canonical columns.
pub(super) fn accounts(rows: &[SimulatedAccount]) -> Result<RecordBatch> {
    let columns: Vec<ArrayRef> = vec![
        texts(rows, |row| Some(&row.account)),
        texts(rows, |row| row.organization.as_deref()),
        times(rows, |row| row.created_at),
        texts(rows, |row| row.signup_ip.as_deref()),
        texts(rows, |row| row.signup_country),
        texts(rows, |row| row.email_domain.as_deref()),
        texts(rows, |row| row.email_hmac.as_deref()),
        texts(rows, |row| row.phone_hmac.as_deref()),
        texts(rows, |row| row.payment_hmac.as_deref()),
        texts(rows, |row| row.payment_country),
        texts(rows, |row| row.declared_region),
        texts(rows, |row| row.owner.as_deref()),
        texts(rows, |row| Some(row.account_type_name())),
        texts(rows, |row| row.tier),
        texts(rows, |row| row.status),
        times(rows, |row| row.status_changed_at),
    ];
    RecordBatch::try_new(account_schema(), columns)
}

fn texts<'a, T>(rows: &'a [T], of: impl Fn(&'a T) -> Option<&'a str>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

fn integers<T>(rows: &[T], of: impl Fn(&T) -> Option<i64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Int64Array>())
}

fn floats<T>(rows: &[T], of: impl Fn(&T) -> Option<f64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Float64Array>())
}

fn times<T>(rows: &[T], of: impl Fn(&T) -> Option<Micros>) -> ArrayRef {
    let micros = rows.iter().map(|row| of(row).map(|Micros(micros)| micros));
    Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}
