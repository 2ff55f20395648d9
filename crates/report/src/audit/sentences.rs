//! Sentences about an audit that its forms share.

use stillwatch_audit::{AuditReport, CorpusFacts, Finding, Verdict};

use crate::number::{count, counted, probability};

/// What the whole says: what was not read, then what the strongest class of evidence says, then the policy.
pub(super) fn verdict(report: &AuditReport) -> String {
    let corpus = &report.corpus;
    let unread = corpus.rejected + corpus.without_text + corpus.failed_files;
    let mut parts = not_read(corpus);
    if corpus.documents > 0 {
        parts.push(strongest(report));
    }
    if let Some(gate) = &report.gate {
        parts.push(match (gate.violations.len(), gate.undecided.len()) {
            (0, _) if corpus.documents == 0 => "No rule of the policy could be judged.".to_owned(),
            (0, 0) if unread > 0 => "No rule of the policy is broken by what was read.".to_owned(),
            (0, 0) => "No rule of the policy is broken.".to_owned(),
            (0, undecided) => format!("{} of the policy undecided.", counted(undecided as u64, "rule")),
            (violations, _) => format!("{} of the policy.", counted(violations as u64, "violation")),
        });
    }
    parts.join(" ")
}

/// What of the corpus was not read, and why: nothing of it, files that failed or broke off, single rows.
fn not_read(corpus: &CorpusFacts) -> Vec<String> {
    let mut parts = Vec::new();
    let failed = counted(corpus.failed_files, "file");
    if corpus.documents == 0 {
        parts.push(match () {
            () if corpus.failed_files > 0 => {
                format!("Nothing was read, so nothing is said of this corpus: {failed} failed.")
            }
            () if corpus.rows == 0 => "Nothing was read, so nothing is said of this corpus: it has no rows.".to_owned(),
            () if corpus.rejected == 0 => {
                format!(
                    "Nothing was read, so nothing is said of this corpus: {} without text.",
                    counted(corpus.rows, "row")
                )
            }
            () => format!(
                "Nothing was read, so nothing is said of this corpus: of {} {} rejected and {} without text.",
                counted(corpus.rows, "row"),
                count(corpus.rejected),
                count(corpus.without_text)
            ),
        });
        return parts;
    }
    if corpus.failed_files > 0 {
        parts.push(format!("{failed} of {} could not be read to the end.", count(corpus.files.len() as u64)));
    }
    if corpus.broken_off > 0 {
        let broken = counted(corpus.broken_off, "file");
        let verb = if corpus.broken_off == 1 { "breaks" } else { "break" };
        parts.push(format!("{broken} {verb} off early, and what is missing was not read."));
    }
    let rows = (corpus.rejected + corpus.without_text).saturating_sub(corpus.broken_off);
    if rows > 0 {
        let verb = if rows == 1 { "was" } else { "were" };
        parts.push(format!("{} of {} rows {verb} not read.", count(rows), count(corpus.rows)));
    }
    parts
}

/// What the strongest class of evidence says of whom.
fn strongest(report: &AuditReport) -> String {
    let whose = |verdict: Verdict| {
        let own = report.findings.iter().filter(|finding| finding.verdict == verdict);
        let mut vendors: Vec<&str> = own.filter_map(|finding| finding.vendor.as_deref()).collect();
        vendors.sort_unstable();
        vendors.dedup();
        (!vendors.is_empty()).then(|| vendors.join(", "))
    };
    if let Some(vendors) = whose(Verdict::Contains) {
        return format!("Rows contain outputs of {vendors}.");
    }
    if let Some(vendors) = whose(Verdict::Isolated) {
        return format!(
            "Some rows match outputs of {vendors}, which a quotation, a copy or planted rows would explain as well."
        );
    }
    if let Some(vendors) = whose(Verdict::Corroborates) {
        return format!("Some texts say that a model of {vendors} wrote them, which proves nothing by itself.");
    }
    if let Some(vendors) = whose(Verdict::ConsistentWith) {
        return format!(
            "The wording of the corpus as a whole is consistent with {vendors}. No rows were shown to be outputs of a model."
        );
    }
    let looked = report.means.iter().any(|means| {
        let name = means.name.as_str();
        name.starts_with("index ") || name.starts_with("canaries ") || name.contains(" watermark ")
    });
    if looked {
        return "No rows were shown to be outputs of a model.".to_owned();
    }
    "Cannot tell: without an index, canaries or a watermark key, only self-claims were examined.".to_owned()
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
        (corpus.disguised, "with invisible or look-alike characters, which were normalised"),
        (corpus.replaced_characters, "bytes that are not valid characters"),
    ];
    let noted = notes.into_iter().filter(|(number, _)| *number > 0);
    parts.extend(noted.map(|(number, note)| format!("{} {note}", count(number))));
    if !corpus.unread_fields.is_empty() {
        parts.push(format!("text fields that were not read: {}", corpus.unread_fields.join(", ")));
    }
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
    finding.p_value.as_ref().map(|p| {
        format!("p = {} (smallest possible here {}); null: {}", probability(p.value), probability(p.smallest), p.null)
    })
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
        "generated documents: at least {} ({}), at most {} ({})",
        percent(recycling.synthetic_share.low),
        recycling.synthetic_by[0],
        percent(recycling.synthetic_share.high),
        recycling.synthetic_by[1]
    )
}
