//! Small tables that are given beside the logs.

use std::path::Path;

use stillwatch_ingest::{EdgeLog, FieldMap, Tally};

use super::ReadError;
use crate::context::Context;
use crate::files;
use crate::notice::{Notice, Rejection};

pub(crate) fn read_edge(
    path: &Path,
    map: &FieldMap,
    memory_bytes: usize,
    context: &Context,
) -> Result<EdgeLog, ReadError> {
    let mut tally = Tally::default();
    let name = path.display().to_string();
    let log = EdgeLog::read(files::open(path)?, None, map, &name, memory_bytes, &mut tally)
        .map_err(|source| ReadError::Edge { name, source })?;
    notify_of_table("edge log", &tally, context);
    Ok(log)
}

/// Tells what was rejected of a small table.
pub(crate) fn notify_of_table(table: &'static str, tally: &Tally, context: &Context) {
    for (reason, rejected) in &tally.rejected {
        let samples = rejected.samples.iter().map(|sample| (sample.source.to_string(), sample.row));
        let rejection = Rejection { reason: reason.to_string(), rows: rejected.count, samples: samples.collect() };
        context.notify(&Notice::TableRowsRejected { table, rejection });
    }
}
