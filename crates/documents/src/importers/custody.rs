//! Custody records: where copies of a data set or model are kept, what keeps them from deletion, and when a copy was
//! last restored. One JSON object, or one a line (the format is Stillwatch's own, `stillwatch.custody/1`):
//!
//! ```json
//! {"schema": "stillwatch.custody/1", "subject": {"kind": "data-set", "name": "corpus"},
//!  "digest": "sha256:…", "copies": [
//!   {"at": "vault", "copy": "second", "region": "DE", "digest": "sha256:…",
//!    "retention": {"until": "2030-01-01", "lock": "compliance", "evidence": "bucket policy export"},
//!    "restored": {"on": "2026-10-01", "digest": "sha256:…", "by": "storage team"}}]}
//! ```
//!
//! A restore test counts only if what came back has the digest of what was stored, where both are given.

use stillwatch_core::{Date, Severity, shown};
use stillwatch_json::Value as Node;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Scheme, Statement,
    StrictVerdict, Value,
};

use crate::importers::records::records;
use crate::importers::{Importer, Input, Sign};

const SCHEMA: &str = "stillwatch.custody/1";

pub const IMPORTER: Importer =
    Importer { format: "custody record", sign: Sign::Json(|root, _| recognises(root)), import };

/// Records without a schema, which a name alone tells.
pub const BY_NAME: Importer =
    Importer { format: "custody record", sign: Sign::Json(|_, input| input.name().contains("custody")), import };

fn recognises(root: Node<'_>) -> bool {
    root.text_of("schema").is_some_and(|schema| schema.starts_with("stillwatch.custody"))
}

/// Reads a record, or several on lines of their own.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let origin = input.origin;
    let mut draft = Draft::new(input.bytes, origin, DocumentKind::Custody);
    records(input, &mut draft, |draft, record, prefix| self::record(draft, record, origin, prefix));
    let against = SCHEMA.to_owned();
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against },
        errors => StrictVerdict::Invalid { against, errors },
    };
    draft.finish(strict)
}

fn record(draft: &mut Draft, record: Node<'_>, origin: &Origin, prefix: &str) {
    let at = |node: Node<'_>| format!("{prefix}{}", node.path());
    if record.text_of("schema").as_deref() != Some(SCHEMA) {
        draft.tell(Severity::Error, at(record), "schema", format!("`schema` is not `{SCHEMA}`"));
    }
    let named = record.get("subject").and_then(|subject| {
        let name = subject.text_of("name").or_else(|| subject.text())?.into_owned();
        let kind = subject.text_of("kind").and_then(|kind| NodeKind::parse(&kind)).unwrap_or(NodeKind::DataSet);
        let hub = subject.text_of("hf").unwrap_or_default();
        Some(NodeRef::new(kind, name).with(Scheme::HuggingFace, hub))
    });
    let Some(subject) = named.or_else(|| origin.subject.clone()) else {
        draft.tell(Severity::Error, at(record), "subject", "the record does not say what is kept");
        return;
    };
    let digest = digest_of(draft, record, &at);
    if let Some((digest, path)) = &digest {
        draft.text(subject.clone(), Attribute::DIGEST, digest, path.clone());
    }
    for copy in record.get("copies").into_iter().flat_map(Node::each) {
        self::copy(draft, &subject, copy, digest.as_ref().map(|(digest, _)| digest.as_str()), &at);
    }
}

fn copy(draft: &mut Draft, subject: &NodeRef, copy: Node<'_>, whole: Option<&str>, at: &impl Fn(Node<'_>) -> String) {
    let Some(place) = copy.text_of("at").filter(|place| !place.trim().is_empty()) else {
        draft.tell(Severity::Error, at(copy), "missing", "a copy is kept `at` a place");
        return;
    };
    let node = NodeRef::new(NodeKind::Compute, place.into_owned());
    let mut held = Statement::new(subject.clone(), EdgeKind::HeldAt, Object::Node(node.clone()), at(copy));
    if let Some(word) = copy.text_of("copy") {
        held.qualifiers.insert("copy".into(), Value::Text(word.into_owned()));
    } else if let Some(flag) = copy.get("copy").and_then(Node::flag) {
        held.qualifiers.insert("copy".into(), Value::Flag(flag));
    }
    let own = digest_of(draft, copy, at);
    if let (Some(whole), Some((own, path))) = (whole, &own)
        && whole != own
    {
        draft.tell(
            Severity::Error,
            path.clone(),
            "contradiction",
            "the copy has another digest than what it is a copy of",
        );
    }
    if let Some((own, _)) = &own {
        held.qualifiers.insert("digest".into(), Value::Text(own.clone()));
    }
    retention(draft, copy, &mut held, at);
    restored(draft, copy, own.as_ref().map(|(own, _)| own.as_str()).or(whole), &mut held, at);
    draft.push(held);
    if let Some(region) = copy.get("region")
        && let Some(name) = region.text()
    {
        let code = if name.len() == 2 { name.to_ascii_uppercase() } else { String::new() };
        let place = NodeRef::new(NodeKind::Jurisdiction, name.as_ref()).with(Scheme::Country, code);
        draft.node(node, EdgeKind::LocatedIn, place, at(region));
    }
}

/// What keeps a copy from deletion: until when, by which lock, and what shows it.
fn retention(draft: &mut Draft, copy: Node<'_>, held: &mut Statement, at: &impl Fn(Node<'_>) -> String) {
    let Some(retention) = copy.get("retention") else { return };
    if let Some(words) = retention.text() {
        held.qualifiers.insert("retention".into(), Value::Text(words.into_owned()));
        return;
    }
    let mut words = Vec::new();
    if let Some(until) = retention.text_of("until") {
        if Date::parse(&until).is_none() {
            draft.tell(Severity::Error, at(retention), "date", format!("`{}` is no date", shown(&until)));
        }
        words.push(format!("until {until}"));
    }
    for key in ["lock", "evidence"] {
        if let Some(text) = retention.text_of(key) {
            words.push(format!("{key}: {text}"));
        }
    }
    if !words.is_empty() {
        held.qualifiers.insert("retention".into(), Value::Text(words.join("; ")));
    }
}

/// The last restore test. One that brought back other bytes is told and does not count.
fn restored(
    draft: &mut Draft,
    copy: Node<'_>,
    stored: Option<&str>,
    held: &mut Statement,
    at: &impl Fn(Node<'_>) -> String,
) {
    let Some(test) = copy.get("restored").filter(|test| !test.is_null()) else { return };
    let day = test.text_of("on").or_else(|| test.text()).unwrap_or_default();
    let Some(day) = Date::parse(&day) else {
        draft.tell(Severity::Error, at(test), "date", format!("`{}` is no date of a restore test", shown(&day)));
        return;
    };
    if let (Some(stored), Some((back, path))) = (stored, digest_of(draft, test, at))
        && stored != back
    {
        draft.tell(
            Severity::Error,
            path,
            "restore-failed",
            "what was restored has another digest than what was stored",
        );
        held.qualifiers.insert("restore-failed".into(), Value::Text(day.to_string()));
        return;
    }
    held.qualifiers.insert("restore-tested".into(), Value::Text(day.to_string()));
    if let Some(by) = test.text_of("by") {
        held.qualifiers.insert("restored-by".into(), Value::Text(by.into_owned()));
    }
}

fn digest_of(draft: &mut Draft, node: Node<'_>, at: &impl Fn(Node<'_>) -> String) -> Option<(String, String)> {
    let value = node.get("digest")?;
    let text = value.text().unwrap_or_default().to_ascii_lowercase();
    let good = text
        .strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !good {
        draft.tell(Severity::Error, at(value), "digest", format!("`{}` is not `sha256:` and 64 digits", shown(&text)));
        return None;
    }
    Some((text, at(value)))
}
