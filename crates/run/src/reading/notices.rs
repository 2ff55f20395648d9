//! What is told of the logs beside the result.

use std::collections::BTreeMap;

use stillwatch_ingest::{LogSource, Reason, Tally};

use crate::context::Context;
use crate::counts::Counts;
use crate::logs::Log;
use crate::notice::{Notice, Rejection};

/// Rejected rows that are always allowed.
pub(crate) const DEFAULT_MAX_REJECTED: u64 = 1000;

/// Tells what was rejected and repaired; true when it was more than allowed.
pub(super) fn notify_of_rows(
    tally: &Tally,
    counts: &Counts,
    has_logs: bool,
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
    let nothing_read = has_logs && !tally.has_read();
    if tally.rows == 0 && nothing_read {
        context.notify(&Notice::NoRows);
    }
    if nothing_read {
        for (&appearance, &files) in &tally.unread {
            context.notify(&Notice::NothingRead { files, appearance });
        }
    }
    let (rejected, rows) = (counts.rejected(), counts.rows);
    let allowed = max_rejected.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(rows / 100));
    let all = rows > 0 && rejected == rows;
    if all {
        context.notify(&Notice::EveryRowRejected);
    } else if rejected > allowed {
        context.notify(&Notice::TooManyRejected { rejected, rows, allowed });
    }
    nothing_read || all || rejected > allowed
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
    if nameless > 0 {
        context.notify(&Notice::RowsWithoutAccount);
    }
}
