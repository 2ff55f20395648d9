//! Sentences about an audit that its forms share.

use stillwatch_audit::{AuditReport, Finding, Verdict};

use crate::number::{count, counted, probability};

/// What the whole says in a sentence.
pub(super) fn verdict(report: &AuditReport) -> String {
    let mut vendors: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Contains)
        .filter_map(|finding| finding.vendor.as_deref())
        .collect();
    vendors.sort_unstable();
    vendors.dedup();
    let violations = report.gate.as_ref().map_or(0, |gate| gate.violations.len());
    let mut text = if report.corpus.documents == 0 {
        "Nothing was read.".to_owned()
    } else if vendors.is_empty() {
        "No rows were shown to be outputs of a model.".to_owned()
    } else {
        format!("Rows hold outputs of {}.", vendors.join(", "))
    };
    if report.gate.is_some() {
        let rules = if violations == 0 {
            "No rule of the policy is broken.".to_owned()
        } else {
            format!("{} of the policy.", counted(violations as u64, "violation"))
        };
        text = format!("{text} {rules}");
    }
    text
}

/// What was read.
pub(super) fn input(report: &AuditReport) -> String {
    let corpus = &report.corpus;
    let mut parts = vec![format!(
        "{} in {} of {}, {} of text",
        counted(corpus.documents, "document"),
        counted(corpus.rows, "row"),
        counted(corpus.files.len() as u64, "file"),
        bytes(corpus.text_bytes)
    )];
    let notes = [
        (corpus.rejected, "rejected"),
        (corpus.without_text, "without text"),
        (corpus.disguised, "with invisible or look-alike characters, which were set right"),
        (corpus.replaced_characters, "bytes that are no characters"),
    ];
    let noted = notes.into_iter().filter(|(number, _)| *number > 0);
    parts.extend(noted.map(|(number, note)| format!("{} {note}", count(number))));
    parts.join("; ") + "."
}

fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{number} bytes") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// The p-value with its smallest and its null, where there is one.
pub(super) fn chance(finding: &Finding) -> Option<String> {
    finding
        .p_value
        .as_ref()
        .map(|p| format!("p = {} (at least {} here); null: {}", probability(p.value), probability(p.smallest), p.null))
}

/// The first rows, as a person would name them.
pub(super) fn rows(finding: &Finding) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> =
        finding.rows.iter().take(SHOWN).map(|row| format!("{} row {}", row.file, count(row.row))).collect();
    let more = if finding.documents > shown.len() as u64 { ", …" } else { "" };
    shown.join(", ") + more
}

fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if share > 0.0 && value < 0.1 { format!("{value:.3} %") } else { format!("{value:.1} %") }
}

/// Measures of uniformity in words; one line for the corpus and one for the reference.
pub(super) fn uniformity(report: &AuditReport) -> Vec<String> {
    let line = |name: &str, of: &stillwatch_audit::recycling::Uniformity| {
        let tail = of.tail.map_or_else(String::new, |tail| {
            format!(", {} of words outside the reference's common ones", percent(tail))
        });
        format!(
            "{name}: {} of words, {} of word pairs and {} of triples are distinct, text compresses {:.2} times{tail} (means of {} of 64 kB)",
            percent(of.distinct[0]),
            percent(of.distinct[1]),
            percent(of.distinct[2]),
            of.compression,
            counted(of.stretches, "piece")
        )
    };
    let recycling = &report.recycling;
    let both = [("corpus", &recycling.corpus), ("human reference", &recycling.human)];
    both.into_iter().filter_map(|(name, of)| of.as_ref().map(|of| line(name, of))).collect()
}

/// The interval of generated documents and where its ends come from.
pub(super) fn synthetic(report: &AuditReport) -> String {
    let recycling = &report.recycling;
    format!(
        "generated documents: between {} ({}) and {} ({})",
        percent(recycling.synthetic_share.low),
        recycling.synthetic_by[0],
        percent(recycling.synthetic_share.high),
        recycling.synthetic_by[1]
    )
}
