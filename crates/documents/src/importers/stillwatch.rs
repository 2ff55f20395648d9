//! Stillwatch's own evidence: a detection report (`stillwatch.detect/2`), or any report or list that holds evidence in
//! the shape of [`stillwatch_core::Evidence`] under `evidence` (audit, probe, kinship of weights, or a plain array).
//!
//! A piece of evidence may say in `about` which statement it speaks for or against:
//! `{"subject": {"kind": "data-set", "name": "…"}, "predicate": "generated-by", "object": {"kind": "model", "name": "…"}}`.
//! Evidence with fewer than zero bits speaks against it. Without `about` it becomes a sentence about its subject.

use stillwatch_core::{Date, Severity};
use stillwatch_core::{Evidence, Family};
use stillwatch_json::{Json, Value as Node};
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EvidenceKind, Import, NodeKind, NodeRef, Object, Origin, Predicate, Statement,
    StrictVerdict, Value,
};

use crate::importers::{Importer, Input, Sign};

pub const IMPORTER: Importer =
    Importer { format: "report of Stillwatch", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    root.text_of("schema").is_some_and(|schema| schema.starts_with("stillwatch.")) || root.get("evidence").is_some()
}

/// Reads a report or a list of evidence.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let origin = input.origin;
    let (mut draft, json) = input.json_draft(DocumentKind::Stillwatch);
    let strict = match json.root() {
        Some(root) => whole(&mut draft, origin, json, root),
        None => StrictVerdict::NotChecked { why: "there is nothing to read".into() },
    };
    draft.finish(strict)
}

fn whole(draft: &mut Draft, origin: &Origin, json: &Json<'_>, root: Node<'_>) -> StrictVerdict {
    let schema = root.text_of("schema").unwrap_or_default().into_owned();
    let tool = match root.get("tool") {
        Some(tool) if tool.is_object() => tool.text_of("version").map(|version| format!("stillwatch {version}")),
        Some(tool) => tool.text().map(std::borrow::Cow::into_owned),
        None => None,
    };
    draft.said_by(NodeRef::new(NodeKind::Software, tool.unwrap_or_else(|| "stillwatch".into())));
    if !schema.is_empty() {
        draft.title(&schema);
    }
    if let Some(until) = root.at(&["window", "until"]).and_then(Node::text) {
        draft.said_on(&until, "/window/until");
    }
    let before = draft.errors();
    let mut read = 0;
    if root.is_array() {
        read += list(draft, origin, root, None);
    }
    if let Some(evidence) = root.get("evidence") {
        read += list(draft, origin, evidence, None);
    }
    for holder in ["campaigns", "findings", "tests"] {
        for item in root.get(holder).into_iter().flat_map(Node::items) {
            let name = ["id", "name"].iter().find_map(|key| item.text_of(key)).unwrap_or_default().into_owned();
            for field in ["evidence", "counter_evidence"] {
                if let Some(evidence) = item.get(field) {
                    read += list(draft, origin, evidence, Some(&name));
                }
            }
        }
    }
    if read == 0 {
        draft.tell(Severity::Note, "", "no-evidence", "the report holds no evidence");
    }
    let errors = draft.errors() - before;
    let against = if schema.is_empty() { "a list of evidence".to_owned() } else { schema };
    if json.is_sound() && errors == 0 {
        StrictVerdict::Valid { against }
    } else {
        StrictVerdict::Invalid { against, errors }
    }
}

/// Reads a list of evidence; the number of pieces that could be read.
fn list(draft: &mut Draft, origin: &Origin, evidence: Node<'_>, holder: Option<&str>) -> usize {
    let mut read = 0;
    for item in evidence.items() {
        match serde_json::from_value::<Evidence>(item.to_serde()) {
            Ok(evidence) => {
                read += 1;
                piece(draft, origin, &evidence, item, holder);
            }
            Err(error) => {
                let message = format!("no evidence: {}", stillwatch_core::shown(&error.to_string()));
                draft.tell(Severity::Error, item.path(), "evidence", message);
            }
        }
    }
    read
}

fn piece(draft: &mut Draft, origin: &Origin, evidence: &Evidence, item: Node<'_>, holder: Option<&str>) {
    let path = item.path();
    let about = item.get("about").map(|about| (about, statement(about)));
    if let Some((about, None)) = &about {
        draft.tell(
            Severity::Error,
            about.path(),
            "about",
            "neither subject, predicate and object nor a subject and a value",
        );
    }
    let subject = about.as_ref().and_then(|(_, statement)| statement.as_ref()).map(|(subject, ..)| subject.clone());
    let subject = subject.or_else(|| origin.subject.clone()).unwrap_or_else(|| {
        NodeRef::new(
            NodeKind::Document,
            draft.document().title.clone().unwrap_or_else(|| draft.document().name.clone()),
        )
    });
    let mut sentence = Statement::new(
        subject,
        Attribute::EVIDENCE,
        Object::Value(Value::Text(match holder {
            Some(holder) if !holder.is_empty() => format!("{holder}: {}", evidence.statement),
            _ => evidence.statement.clone(),
        })),
        path.clone(),
    );
    // Whoever hands over a report may have written it himself: that the bytes were computed on is then his word.
    let most = if origin.said_by.is_some() { EvidenceKind::ThirdParty } else { EvidenceKind::Recomputed };
    sentence.kind = kind(evidence.family).min(most);
    sentence.said_on = evidence.observed.as_deref().and_then(Date::parse);
    sentence.expires = evidence.expires.as_deref().and_then(Date::parse);
    sentence.said_by = Some(NodeRef::new(NodeKind::Software, evidence.source.tool.clone()));
    let mut with = |name: &str, value: Value| sentence.qualifiers.insert(name.to_owned(), value);
    with("family", Value::Text(evidence.family.to_string()));
    with("kind", Value::Text(evidence.kind.to_string()));
    with("millibits", Value::Number(evidence.bits.0.to_string()));
    if let Some(p) = &evidence.p_value {
        with("p-value", Value::Number(p.value.to_string()));
        with("null", Value::Text(p.null.clone()));
    }
    if let Some((_, Some((_, predicate, object)))) = about {
        let claim = Statement {
            predicate,
            object,
            denied: evidence.bits.0 < 0,
            quote: Some(evidence.statement.clone()),
            ..sentence.clone()
        };
        draft.push(claim);
    }
    draft.push(sentence);
}

/// What a text says of its own author is a self-claim however it was found; the rest is computed from the bytes.
fn kind(family: Family) -> EvidenceKind {
    match family {
        Family::SelfClaim => EvidenceKind::SelfClaim,
        Family::Intelligence => EvidenceKind::ThirdParty,
        _ => EvidenceKind::Recomputed,
    }
}

fn statement(about: Node<'_>) -> Option<(NodeRef, Predicate, Object)> {
    let subject = node(about.get("subject")?)?;
    let predicate = Predicate::parse(&about.text_of("predicate")?);
    let object = match (about.get("object"), about.get("value")) {
        (Some(object), _) => Object::Node(node(object)?),
        (None, Some(value)) => Object::Value(match (value.text(), value.flag(), value.number()) {
            (Some(text), ..) => Value::Text(text.into_owned()),
            (_, Some(flag), _) => Value::Flag(flag),
            (.., Some(number)) => Value::Number(number.to_owned()),
            _ => return None,
        }),
        (None, None) => Object::Any,
    };
    Some((subject, predicate, object))
}

fn node(value: Node<'_>) -> Option<NodeRef> {
    let reference: NodeRef = serde_json::from_value(value.to_serde()).ok()?;
    let plain = NodeRef::new(reference.kind, reference.name);
    Some(reference.identifiers.into_iter().fold(plain, |node, id| node.with(id.scheme, id.value)))
}
