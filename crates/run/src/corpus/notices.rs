use stillwatch_ingest::CorpusTally;

use crate::context::Context;
use crate::notice::{Notice, Rejection};
use crate::reading::DEFAULT_MAX_REJECTED;

/// Tells what was rejected; true when it was more than allowed.
pub(crate) fn notify_of_rows(tally: &CorpusTally, max_rejected: Option<u64>, context: &Context) -> bool {
    for (reason, rejected) in &tally.rejected {
        let samples = rejected.samples.iter().map(|sample| (sample.source.to_string(), sample.row));
        let rejection = Rejection { reason: reason.clone(), rows: rejected.count, samples: samples.collect() };
        context.notify(&Notice::RowsRejected(rejection));
    }
    if tally.replaced > 0 {
        context.notify(&Notice::Replaced(tally.replaced));
    }
    if let Some(advice) = tally.advice() {
        context.notify(&Notice::TextElsewhere(advice));
    } else if tally.without_text.count > 0 {
        context.notify(&Notice::RowsWithoutText(tally.without_text.count));
    }
    if tally.rows == 0 {
        context.notify(&Notice::EmptyCorpus);
    }
    let (rejected, rows) = (tally.rejected_rows(), tally.rows);
    let without = tally.without_text.count;
    let allowed = max_rejected.unwrap_or_else(|| DEFAULT_MAX_REJECTED.max(rows / 100));
    // Of rows without text one in a hundred is usual; more are rows that were not read.
    let silent = max_rejected.unwrap_or(rows / 100);
    let nothing = rejected + without == rows;
    if rejected > allowed && !nothing {
        context.notify(&Notice::TooManyRejected { rejected, rows, allowed });
    }
    nothing || rejected > allowed || without > silent || tally.truncated > 0
}
