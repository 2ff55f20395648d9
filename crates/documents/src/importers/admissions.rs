//! Admissions: what a maker said against its own interest where it is held to it (the format is Stillwatch's own,
//! `stillwatch.admissions/1`):
//!
//! ```json
//! {"schema": "stillwatch.admissions/1", "admissions": [
//!   {"subject": {"kind": "model", "name": "tiny-7b"}, "predicate": "distilled-from",
//!    "object": {"kind": "model", "name": "big-70b"},
//!    "speaker": {"organisation": "Example Lab", "role": "counsel"},
//!    "forum": "court filing", "scope": "the release of March 2026", "date": "2026-04-14",
//!    "quote": "…", "source": "https://…"}]}
//! ```
//!
//! An admission needs a speaker who can bind the maker (by role, never by a person's name), a forum, a day and the words. It
//! proves what it admits: that something was learnt from, or that weights were taken. What a maker denies, or says in its own
//! favour, is no admission however solemn the forum is, and counts as its own word; so does what somebody says of another's
//! model.

use stillwatch_core::{Severity, shown};
use stillwatch_json::Value as Node;
use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EvidenceKind, Import, NodeRef, Object, Origin, Predicate, Statement, StrictVerdict,
    Value,
};

use crate::importers::{Importer, Input, Sign};

const SCHEMA: &str = "stillwatch.admissions/1";

pub const IMPORTER: Importer = Importer { format: "admissions", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    root.text_of("schema").is_some_and(|schema| schema.starts_with("stillwatch.admissions"))
}

/// Reads admissions; one that does not hold up is told and left out, and is no loss to the others.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let (mut draft, json) = input.json_draft(DocumentKind::Admissions);
    if let Some(root) = json.root() {
        if root.text_of("schema").as_deref() != Some(SCHEMA) {
            draft.tell(Severity::Error, "/schema", "schema", format!("`schema` is not `{SCHEMA}`"));
        }
        for admission in root.get("admissions").into_iter().flat_map(Node::items) {
            one(&mut draft, admission);
        }
    }
    let against = SCHEMA.to_owned();
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against },
        errors => StrictVerdict::Invalid { against, errors },
    };
    draft.finish(strict)
}

fn one(draft: &mut Draft, node: Node<'_>) {
    let path = node.path();
    let text = |key: &str| node.text_of(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let speaker = |key: &str| {
        let own = node.get("speaker").and_then(|speaker| speaker.text_of(key));
        own.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let subject = node.get("subject").and_then(reference);
    let object = node.get("object").and_then(reference);
    let predicate = text("predicate");
    let parts = [
        ("subject", subject.is_some()),
        ("predicate", predicate.is_some()),
        ("speaker/organisation", speaker("organisation").is_some()),
        ("speaker/role", speaker("role").is_some()),
        ("forum", text("forum").is_some()),
        ("date", text("date").is_some()),
        ("quote", text("quote").is_some()),
    ];
    let missing: Vec<&str> = parts.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
    let (Some(subject), Some(predicate)) = (subject, predicate.filter(|_| missing.is_empty())) else {
        let message = format!("an admission needs {}", missing.join(", "));
        return draft.tell(Severity::Error, path, "missing", message);
    };
    let Some(day) = text("date").as_deref().and_then(stillwatch_core::Date::parse) else {
        let message = format!("`{}` is no date", shown(&text("date").unwrap_or_default()));
        return draft.tell(Severity::Error, format!("{path}/date"), "date", message);
    };
    if node.get("speaker").is_some_and(|speaker| speaker.get("name").is_some()) {
        draft.tell(
            Severity::Note,
            format!("{path}/speaker/name"),
            "person",
            "a speaker's name is not read: the role binds",
        );
    }
    let organisation = NodeRef::organisation(speaker("organisation").unwrap_or_default());
    let predicate = Predicate::parse(&predicate);
    let denied = node.get("denied").and_then(Node::flag) == Some(true);
    let object = match object {
        Some(object) => Object::Node(object),
        None => node.get("value").map_or(Object::Any, value),
    };
    let mut statement = Statement::new(subject, predicate, object, path.clone());
    statement.denied = denied;
    statement.said_by = Some(organisation);
    statement.said_on = Some(day);
    statement.quote = text("quote");
    for key in ["forum", "scope", "source"] {
        if let Some(text) = text(key) {
            statement.qualifiers.insert(key.into(), Value::Text(text));
        }
    }
    if let Some(role) = speaker("role") {
        statement.qualifiers.insert("role".into(), Value::Text(role));
    }
    match refused(&statement, node) {
        None => statement.kind = EvidenceKind::Admission,
        Some(why) => {
            let message = format!("it counts as the speaker's own word: {why}");
            draft.tell(Severity::Warning, path, "no-admission", message);
        }
    }
    draft.push(statement);
}

/// Why a statement is no admission.
fn refused(statement: &Statement, node: Node<'_>) -> Option<&'static str> {
    if statement.denied || matches!(&statement.object, Object::Value(Value::Flag(false))) {
        return Some("it denies, which is in the speaker's favour");
    }
    let is_against = match &statement.predicate {
        Predicate::Edge(edge) => edge.is_learning() || edge.is_derivation(),
        Predicate::Attribute(name) => AGAINST.contains(&name.as_str()),
    };
    if !is_against {
        return Some("what it says is not against the speaker's interest by its kind");
    }
    // Whose model it is stands in the record, or the speaker's words would bind somebody else.
    let owner = node.at(&["subject", "owner"]).and_then(Node::text);
    let speaker = statement.said_by.as_ref().map(|by| fold(&by.name)).unwrap_or_default();
    match owner {
        Some(owner) if fold(&owner) == speaker => None,
        Some(_) => Some("the speaker is not the maker of what is spoken of"),
        None => Some("the record does not say whose it is (`subject/owner`)"),
    }
}

/// Attributes that speak against a maker where it affirms them.
const AGAINST: &[&str] = &[
    Attribute::SYNTHETIC,
    Attribute::SYNTHETIC_SHARE,
    Attribute::USER_DATA,
    Attribute::CUSTOMER_DATA,
    Attribute::RESTRICTED_SOURCE,
    Attribute::PERSONAL_DATA,
    Attribute::VULNERABILITIES,
];

fn reference(node: Node<'_>) -> Option<NodeRef> {
    let kind = stillwatch_lineage::NodeKind::parse(&node.text_of("kind")?)?;
    let name = node.text_of("name").filter(|name| !name.trim().is_empty())?;
    let hub = node.text_of("hf").unwrap_or_default().into_owned();
    Some(NodeRef::new(kind, name).with(stillwatch_lineage::Scheme::HuggingFace, hub))
}

fn value(node: Node<'_>) -> Object {
    match (node.text(), node.flag(), node.number()) {
        (Some(text), ..) => Object::Value(Value::Text(text.into_owned())),
        (_, Some(flag), _) => Object::Value(Value::Flag(flag)),
        (.., Some(number)) => Object::Value(Value::Number(number.to_owned())),
        _ => Object::Any,
    }
}
