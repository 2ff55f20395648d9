//! What is told of the logs beside the result.

use std::collections::BTreeMap;

use stillwatch_detect::Extent;
use stillwatch_ingest::{LogSource, Reason, Tally};

use crate::context::Context;
use crate::counts::Counts;
use crate::logs::Log;
use crate::notice::{Notice, Rejection};

/// Rejected rows that are always allowed.
pub(crate) const DEFAULT_MAX_REJECTED: u64 = 1000;

/// Tells what was rejected, repaired and not read; true when the result is of a part of the input alone. A part of a
/// divided input (not `is_whole`) may hold no rows.
pub(super) fn notify_of_rows(
    tally: &Tally,
    counts: &Counts,
    is_whole: bool,
    max_rejected: Option<u64>,
    context: &Context,
) -> bool {
    for (reason, rejected) in &tally.rejected {
        let samples = rejected.samples.iter().map(|sample| (sample.source.to_string(), sample.row));
        let rejection = Rejection { reason: reason.to_string(), rows: rejected.count, samples: samples.collect() };
        context.notify(&Notice::RowsRejected(rejection));
    }
    for (column, values) in &tally.field_errors {
        context.notify(&Notice::ValuesLeftOut { column: column.clone(), values: *values });
    }
    if tally.nul_bytes > 0 {
        context.notify(&Notice::NulBytes(tally.nul_bytes));
    }
    if tally.disordered > 0 {
        context.notify(&Notice::Disordered(tally.disordered));
    }
    notify_of_foreign(tally, context);
    for gap in &counts.not_read {
        context.notify(&Notice::NotRead(gap.clone()));
    }
    let (rejected, rows) = (counts.rejected(), counts.rows);
    let allowed = max_rejected.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(rows / 100));
    let nothing_read = is_whole && counts.extent(false) == Extent::Nothing;
    if rejected > allowed && !nothing_read {
        context.notify(&Notice::TooManyRejected { rejected, rows, allowed });
    }
    nothing_read || !counts.not_read.is_empty() || rejected > allowed
}

/// Tells which logs were recognised as something else than canonical, and which hold no requests.
pub(crate) fn notify_of_sources(logs: &[Log], context: &Context) {
    let mut told: BTreeMap<&str, (u64, &LogSource)> = BTreeMap::new();
    for source in logs.iter().filter_map(Log::source) {
        told.entry(source.name).or_insert((0, source)).0 += 1;
    }
    for (logs, source) in told.into_values() {
        context.notify(&Notice::SourceRecognised { logs, source: source.name, title: source.title });
        if !source.holds_requests {
            context.notify(&Notice::HoldsNoRequests(source.name));
        }
    }
}

/// Tells what a foreign log held beside whole exchanges.
fn notify_of_foreign(tally: &Tally, context: &Context) {
    for (what, values) in &tally.repaired {
        context.notify(&Notice::Repaired { what: what.clone(), values: *values });
    }
    if tally.repeated_ids > 0 {
        context.notify(&Notice::RepeatedIds(tally.repeated_ids));
    }
    if tally.untold_names > 0 {
        context.notify(&Notice::UntoldNames(tally.untold_names));
    }
    for (what, records) in &tally.set_aside {
        context.notify(&Notice::SetAside { what: what.clone(), records: *records });
    }
    for (what, exchanges) in &tally.unjoined {
        context.notify(&Notice::Incomplete { what: what.clone(), exchanges: *exchanges });
    }
    let nameless = tally.rejected.get(&Reason::Missing("account")).map_or(0, |rejected| rejected.count);
    if nameless > 0 && tally.accepted > 0 {
        context.notify(&Notice::RowsWithoutAccount);
    }
}
