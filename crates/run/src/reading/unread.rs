//! What was not read, why, and the next step: the same words for every command.

use std::collections::BTreeSet;
use std::sync::Arc;

use stillwatch_core::{Micros, NotEvaluated, counted};
use stillwatch_ingest::{Appearance, Reason, TIME_FORMS, Tally};

/// What a tally says was not read. Where some rows were read, only whole files are told; rejected rows have their limit.
pub(crate) fn unread(tally: &Tally) -> Vec<NotEvaluated> {
    let nothing_read = tally.accepted == 0;
    let mut gaps = Vec::new();
    for (appearance, unread) in &tally.unread {
        match appearance {
            // A log that has just been rotated holds nothing, which is no fault where others hold something.
            Appearance::Empty if !nothing_read => continue,
            // Told below, with the reasons.
            Appearance::Rows if nothing_read => continue,
            _ => {}
        }
        let why = if unread.files == 1 { format!("it is {appearance}") } else { format!("each is {appearance}") };
        gaps.push(gap(files(&unread.names, unread.files), why, appearance.help()));
    }
    if !nothing_read {
        return gaps;
    }
    let named = tally.unread.keys().any(|appearance| *appearance != Appearance::Rows);
    let by_value = tally.rejected.keys().any(|reason| !matches!(reason, Reason::Missing("time") | Reason::NoHeader));
    if tally.rejected_rows() > 0 && (by_value || !named) {
        let reasons: Vec<String> =
            tally.rejected.iter().map(|(reason, rejected)| format!("{reason} ({})", rejected.count)).collect();
        let rows = tally.rejected_rows();
        let what = if rows == tally.rows && !named {
            format!("all of {}", counted(rows, "row"))
        } else {
            counted(rows, "row")
        };
        gaps.push(gap(what, format!("rejected: {}", reasons.join(", ")), help_of(tally)));
    }
    if tally.outside_window > 0 {
        let span = tally.outside_span.map(|(first, last)| {
            format!("; they lie from {} to {}", Micros(first).to_rfc3339(), Micros(last).to_rfc3339())
        });
        let why = format!("outside the window{}", span.unwrap_or_default());
        let help = "give --since and --until around these moments, or leave them out";
        gaps.push(gap(counted(tally.outside_window, "row"), why, help.into()));
    }
    let aside: u64 = tally.set_aside.values().sum();
    if aside > 0 {
        let kinds: Vec<String> = tally.set_aside.iter().map(|(what, count)| format!("{what} ({count})")).collect();
        let help = "give the log that holds the requests and their answers";
        gaps.push(gap(counted(aside, "record"), format!("set aside: {}", kinds.join(", ")), help.into()));
    }
    if gaps.is_empty() {
        let help = "give logs that hold records; of a log in several files, give all of them";
        gaps.push(gap("the logs".into(), "they hold no rows".into(), help.into()));
    }
    gaps
}

pub(crate) fn gap(what: String, why: String, help: String) -> NotEvaluated {
    NotEvaluated { what, why, help }
}

/// Files by name, as many as are kept.
fn files(names: &BTreeSet<Arc<str>>, count: u64) -> String {
    let named: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match count.saturating_sub(named.len() as u64) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// What to do about the reason for which most rows were rejected.
fn help_of(tally: &Tally) -> String {
    let most = tally.rejected.iter().max_by_key(|(_, rejected)| rejected.count).map(|(reason, _)| reason);
    match most {
        Some(Reason::Missing("account")) => {
            "rows without an account cannot be compared; `stillwatch doctor` says what to log, and a field map (--map) where to \
             find it"
                .into()
        }
        Some(Reason::Unreadable("time")) => {
            let shapes: Vec<String> =
                tally.shapes.get("time").into_iter().flatten().map(|shape| format!("`{shape}`")).collect();
            format!("the times are written like {} (9 for a digit, a for a letter); times that are read: {TIME_FORMS}", shapes.join(", "))
        }
        Some(Reason::TimeOutOfRange) => "times from 1990 up to 2100 are read; check the unit of the times".into(),
        Some(Reason::Truncated(_) | Reason::Damaged(_)) => "copy the file again: it is damaged, or was cut".into(),
        Some(Reason::LongWindow(_)) => "decompress it first: zstd -d --long=31 FILE".into(),
        Some(Reason::LineTooLong(_)) => "write one record a line".into(),
        Some(Reason::MalformedJson | Reason::NotAnObject | Reason::NotUtf8 | Reason::TooDeep) => {
            "give JSON objects, one a line or in an array, or a table with a header".into()
        }
        _ => "`stillwatch doctor` prints a field map for the log; save it and give it with --map".into(),
    }
}
