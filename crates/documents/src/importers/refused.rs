//! Formats that are known and not read: a document of one is named, with what to do, and never taken for another.

use stillwatch_core::Severity;
use stillwatch_lineage::{DocumentKind, Draft, Import, StrictVerdict};

use super::{Importer, Input, Sign};

pub const IMPORTER: Importer =
    Importer { format: "formats that are not read", sign: Sign::Bytes(|input| of(input).is_some()), import };

/// What a document is, and what to do about it.
struct Refused {
    kind: DocumentKind,
    format: &'static str,
    help: &'static str,
}

fn import(input: &Input<'_>) -> Import {
    let found = of(input);
    let kind = found.as_ref().map_or(DocumentKind::Other, |found| found.kind);
    let mut draft = Draft::new(input.bytes, input.origin, kind);
    let Some(Refused { format, help, .. }) = found else {
        return draft.finish(StrictVerdict::NotChecked { why: "the format is not known".into() });
    };
    draft.tell(Severity::Error, "", "not-read", format!("the document is {format}, which is not read: {help}"));
    draft.finish(StrictVerdict::NotChecked { why: format!("{format} is not read") })
}

fn of(input: &Input<'_>) -> Option<Refused> {
    let head = &input.bytes[..input.bytes.len().min(HEAD)];
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_markup = text.starts_with('<');
    let refused = |kind, format, help| Some(Refused { kind, format, help });
    if is_markup && text.contains("cyclonedx.org/schema/bom") {
        let help = "convert it with `cyclonedx convert --input-format xml --output-format json`";
        return refused(DocumentKind::CycloneDx, "CycloneDX in XML", help);
    }
    if is_markup && text.contains("spdx.org/rdf") {
        return refused(DocumentKind::Spdx, "SPDX in RDF/XML", "convert it to JSON with the SPDX tools");
    }
    if text.lines().take(40).any(|line| line.trim_start().starts_with("SPDXVersion:")) {
        return refused(DocumentKind::Spdx, "SPDX 2 in tag-value form", "convert it to JSON with the SPDX tools");
    }
    if text.lines().take(40).any(|line| line.starts_with("spdxVersion:")) {
        return refused(DocumentKind::Spdx, "SPDX 2 in YAML", "convert it to JSON with the SPDX tools");
    }
    if text.lines().next().is_some_and(|line| line.contains("\"stillwatch.lineage/")) {
        return refused(DocumentKind::Stillwatch, "a graph of Stillwatch and no document", "name it with --graph");
    }
    // Protocol buffers of CycloneDX begin with the version as field 1.
    if head.starts_with(b"\x0a\x031.") && input.ends_with(&[".cdx", ".cdx.bin", ".proto"]) {
        return refused(
            DocumentKind::CycloneDx,
            "CycloneDX as protocol buffers",
            "convert it to JSON with `cyclonedx convert`",
        );
    }
    None
}

/// Bytes in which a document says what it is.
const HEAD: usize = 8 << 10;
