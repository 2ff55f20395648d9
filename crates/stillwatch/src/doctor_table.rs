//! The examination for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use stillwatch_ingest::FieldSurvey;
use stillwatch_report::{counted, escape, unread_cause, unread_headline};
use stillwatch_run::doctor::{Examination, LogReport, Runs};

/// Prints an examination as text. Names from the logs are escaped.
pub(crate) fn table(examination: &Examination) -> String {
    let mut text = String::new();
    if let Some(headline) = unread_headline(examination.read) {
        let _ = writeln!(text, "{headline}");
        for gap in &examination.not_read {
            let _ = writeln!(text, "  - {}\n    -> {}", escape(&unread_cause(gap)), escape(&gap.help));
        }
        let _ = writeln!(text);
    }
    for log in &examination.logs {
        // Writing to a string does not fail.
        let _ = write_log(&mut text, log);
    }
    let _ = write_detectors(&mut text, examination);
    text
}

fn write_log(text: &mut String, log: &LogReport) -> std::fmt::Result {
    let files: Vec<String> = log.files.iter().map(|file| escape(file).to_string()).collect();
    writeln!(text, "{}", files.join(" + "))?;
    writeln!(text, "  is        {} ({})", log.source, log.title)?;
    if !log.parts.is_empty() {
        let missing = if log.missing_parts.is_empty() {
            String::new()
        } else {
            format!("; missing: {}", log.missing_parts.join(", "))
        };
        writeln!(text, "  parts     {}{missing}", log.parts.join(", "))?;
    }
    let rejected: u64 = log.rejected.values().sum();
    writeln!(text, "  rows      {} accepted, {rejected} rejected{}", log.accepted, list(&log.rejected))?;
    for gap in &log.not_read {
        writeln!(text, "  unread    {}", escape(&unread_cause(gap)))?;
        writeln!(text, "            -> {}", escape(&gap.help))?;
    }
    for (what, count) in &log.repaired {
        writeln!(text, "  repaired  {}: {what}", counted(*count, "value"))?;
    }
    for (what, count) in &log.set_aside {
        writeln!(text, "  set aside {}: {what}", counted(*count, "record"))?;
    }
    for (what, count) in &log.unjoined {
        writeln!(text, "  unjoined  {}: {what}", counted(*count, "exchange"))?;
    }
    if let (Some(first), Some(last)) = (&log.first, &log.last) {
        writeln!(text, "  time      {first} to {last}")?;
        writeln!(text, "  accounts  {}, {} without one", log.accounts, counted(log.unattributed, "row"))?;
        let tokens = &log.tokens;
        writeln!(text, "  tokens    {} in ({} from a cache), {} out", tokens.input, tokens.cached, tokens.output)?;
        writeln!(text, "  repeated  {}, {}", counted(log.duplicates, "duplicate"), counted_retries(log.retries))?;
        if log.repeated_ids > 0 {
            let rows = counted(log.repeated_ids, "exchange");
            writeln!(text, "            {rows} under the id of another one shortly before")?;
        }
        write_clock(text, log)?;
        match &log.sampling {
            Some(sampling) => writeln!(text, "  sampling  {} to {} of the traffic", sampling.least, sampling.most)?,
            None => writeln!(text, "  sampling  not told (`sample_rate`): taken as the whole traffic")?,
        }
        writeln!(text, "  retention {}", inline(&log.retention))?;
        let columns = log.coverage.iter().filter(|(_, share)| **share > 0.0);
        let columns: Vec<String> = columns.map(|(name, share)| format!("{name} {}", percent(*share))).collect();
        writeln!(text, "  columns   {}", columns.join(", "))?;
        let absent: Vec<&str> =
            log.coverage.iter().filter(|(_, share)| **share <= 0.0).map(|(name, _)| name.as_str()).collect();
        writeln!(text, "  absent    {}", if absent.is_empty() { "none".into() } else { absent.join(", ") })?;
    }
    if !log.field_errors.is_empty() {
        writeln!(text, "  unusable  {}", inline(&log.field_errors))?;
    }
    for (column, shapes) in &log.shapes {
        let shapes: Vec<String> = shapes.iter().map(|shape| format!("`{}`", escape(shape))).collect();
        writeln!(text, "  written   {column}: {} (9 for a digit, a for a letter)", shapes.join(", "))?;
    }
    if !log.unknown_columns.is_empty() {
        let names: Vec<String> = log.unknown_columns.iter().map(|name| escape(name).to_string()).collect();
        writeln!(text, "  unknown   {}", names.join(", "))?;
    }
    if log.untold_names > 0 {
        writeln!(text, "            {} not shown, since they may be data", counted(log.untold_names, "name"))?;
    }
    if let Some(survey) = &log.fields {
        write_fields(text, log, survey)?;
    }
    writeln!(text)
}

/// The fields of a log of which nothing was read, and a field map to paste.
fn write_fields(text: &mut String, log: &LogReport, survey: &FieldSurvey) -> std::fmt::Result {
    writeln!(text, "  fields    of the first {}:", counted(survey.records, "record"))?;
    let shown = &survey.fields[..survey.fields.len().min(MOST_FIELDS)];
    let width = shown.iter().map(|field| field.path.chars().count()).max().unwrap_or(0).min(LONGEST_PATH);
    for field in shown {
        let looks = field.looks_like.map_or(String::new(), |kind| format!("; {}", kind.name()));
        let path = escape(&field.path).to_string();
        writeln!(text, "            {path:width$}  {:>5}  {}{looks}", percent(field.filled), field.types.join(", "))?;
    }
    if let Some(more) = survey.fields.len().checked_sub(shown.len()).filter(|more| *more > 0) {
        writeln!(text, "            and {more} more, with --format json")?;
    }
    if survey.map.is_empty() {
        writeln!(text, "  map       no field has a usual name; `stillwatch schema` lists the columns that are read")?;
        return Ok(());
    }
    let file = log.files.first().map_or("LOG", String::as_str);
    writeln!(text, "  map       save this as map.toml, mend it where it is wrong, and run:")?;
    writeln!(text, "            stillwatch doctor {} --map map.toml", escape(file))?;
    writeln!(text)?;
    for line in survey.map.lines() {
        writeln!(text, "{}", escape(line))?;
    }
    for column in &survey.missing {
        let what = match *column {
            "account" => "who is billed: a user, a customer, a key",
            _ => "when the request was made",
        };
        writeln!(text, "# {column} = \"...\"  no field looks like it; name the one that says {what}")?;
    }
    Ok(())
}

/// Fields that are listed; JSON has all.
const MOST_FIELDS: usize = 80;
const LONGEST_PATH: usize = 48;

fn write_clock(text: &mut String, log: &LogReport) -> std::fmt::Result {
    let order = match log.disordered {
        0 => "in order".into(),
        rows => format!("{} out of order", counted(rows, "row")),
    };
    let future = match log.future {
        0 => String::new(),
        rows => format!("; {} of the future: check the clock and the unit of the times", counted(rows, "row")),
    };
    writeln!(text, "  clock     {order}{future}")?;
    if let Some(skew) = &log.clock {
        let zone = skew.zone_minutes.map(|minutes| format!(" ({:+.2} h)", f64_of(minutes) / 60.0)).unwrap_or_default();
        writeln!(
            text,
            "            {} at the proxy too: {:+.1} s ({:+.1} to {:+.1}); {}{zone}",
            counted(skew.compared as u64, "request"),
            skew.median_s,
            skew.p5_s,
            skew.p95_s,
            skew.finding
        )?;
    }
    Ok(())
}

fn write_detectors(text: &mut String, examination: &Examination) -> std::fmt::Result {
    if let Some(accounts) = examination.accounts {
        writeln!(text, "Account table: {}", counted(accounts, "account"))?;
    }
    if let Some(requests) = examination.edge_requests {
        writeln!(text, "Edge log: {}", counted(requests, "request"))?;
    }
    writeln!(text, "Detectors")?;
    let width = examination.detectors.iter().map(|detector| detector.name.chars().count()).max().unwrap_or(0);
    for detector in &examination.detectors {
        let word = match detector.runs {
            Runs::Yes => "yes",
            Runs::Partly => "partly",
            Runs::No => "no",
        };
        writeln!(text, "  {:width$}  {word:6} {:>5}", detector.name, percent(detector.share))?;
        for enable in &detector.enable {
            writeln!(text, "    -> {enable}")?;
        }
    }
    Ok(())
}

fn counted_retries(retries: u64) -> String {
    format!("{retries} further attempts at a request")
}

fn list(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() { String::new() } else { format!(" ({})", inline(counts)) }
}

fn inline(counts: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = counts.iter().map(|(name, count)| format!("{name}: {count}")).collect();
    if parts.is_empty() { "none".into() } else { parts.join(", ") }
}

/// A share that is small but not nothing does not look like nothing.
fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent > 0.0 && percent < 1.0 => "<1 %".into(),
        percent if percent < 100.0 && percent > 99.0 => ">99 %".into(),
        percent => format!("{percent:.0} %"),
    }
}

fn f64_of(minutes: i64) -> f64 {
    i32::try_from(minutes).map_or(0.0, f64::from)
}
