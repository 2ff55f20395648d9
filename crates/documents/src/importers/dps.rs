//! The Data Provenance Standard 1.0.0 of the Data & Trust Alliance in its JSON encoding
//! (`data-standard-1.0.0.schema.json`): source, provenance and use of one data set.

use stillwatch_core::{Date, Severity, shown};
use stillwatch_json::Value as Node;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Scheme, Statement,
    StrictVerdict, Value,
};

use crate::importers::{Importer, Input, Sign, prose};

const AGAINST: &str = "Data Provenance Standard 1.0.0";

/// Fields that the schema requires.
const REQUIRED: &[&[&str]] = &[
    &["source", "version"],
    &["source", "title"],
    &["source", "id"],
    &["source", "issuer"],
    &["source", "description"],
    &["provenance", "origin-geography"],
    &["provenance", "date"],
    &["provenance", "generation-method"],
    &["use"],
];

/// Geographies of use, the qualifier that narrows them and whether they are denied.
const PLACES: &[(&str, &str, bool)] = &[
    ("processing-included", "processing", false),
    ("processing-excluded", "processing", true),
    ("storage-allowed", "storage", false),
    ("storage-forbidden", "storage", true),
];

pub const IMPORTER: Importer = Importer {
    format: "Data Provenance Standard",
    sign: Sign::Json(|_, input| input.name().contains("provenance")),
    import,
};

/// Reads a record.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let origin = input.origin;
    let (mut draft, json) = input.json_draft(DocumentKind::Dps);
    match json.root().filter(|root| root.is_object()) {
        Some(root) => whole(&mut draft, root, origin),
        None => draft.tell(Severity::Error, "", "wrong-type", "a record is an object"),
    }
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against: AGAINST.into() },
        errors => StrictVerdict::Invalid { against: AGAINST.into(), errors },
    };
    draft.finish(strict)
}

fn whole(draft: &mut Draft, root: Node<'_>, origin: &Origin) {
    for way in REQUIRED {
        if root.at(way).is_none() {
            draft.tell(Severity::Error, format!("/{}", way.join("/")), "missing", "the standard requires this field");
        }
    }
    let text = |way: &[&str]| root.at(way).and_then(|value| Some((value.text()?.into_owned(), value.path())));
    let title = text(&["source", "title"]).map_or_else(|| prose::stem(&origin.name).to_owned(), |(title, _)| title);
    draft.title(&title);
    let subject = origin.subject.clone().unwrap_or_else(|| {
        let id = text(&["source", "id"]).map(|(id, _)| id).unwrap_or_default();
        let address = text(&["source", "location"]).map(|(address, _)| address).unwrap_or_default();
        NodeRef::data_set(title.as_str()).with(Scheme::Other, id).with(Scheme::Url, address)
    });
    if let Some((day, path)) = text(&["provenance", "date"]) {
        draft.said_on(&day, &path);
        draft.text(subject.clone(), Attribute::RELEASED, &day, path);
    }
    for (way, attribute) in [
        (["source", "description"], Attribute::DESCRIPTION),
        (["provenance", "source"], "source-metadata"),
        (["use", "license"], Attribute::LICENCE_TEXT),
    ] {
        if let Some((text, path)) = text(&way) {
            draft.text(subject.clone(), attribute, &text, path);
        }
    }
    parties(draft, &subject, root, &["source", "issuer"], EdgeKind::OwnedBy);
    parties(draft, &subject, root, &["provenance", "origin"], EdgeKind::SuppliedBy);
    methods(draft, &subject, root);
    if let Some((address, path)) = text(&["provenance", "source"])
        && placeholder(&address).is_none()
    {
        let source = NodeRef::data_set(prose::address_name(&address)).with(Scheme::Url, address);
        draft.node(subject.clone(), EdgeKind::DerivedFrom, source, path);
    }
    if let Some((licence, path)) = text(&["use", "license"])
        && placeholder(&licence).is_none()
    {
        let address = if licence.starts_with("http") { licence.as_str() } else { "" };
        draft.node(
            subject.clone(),
            EdgeKind::LicensedUnder,
            NodeRef::licence(licence.as_str()).with(Scheme::Url, address),
            path,
        );
    }
    places(draft, &subject, root);
    used(draft, &subject, root);
}

fn parties(draft: &mut Draft, subject: &NodeRef, root: Node<'_>, way: &[&str], edge: EdgeKind) {
    for party in root.at(way).into_iter().flat_map(Node::each) {
        match party.text_of("name") {
            Some(name) if placeholder(&name).is_none() => {
                draft.node(subject.clone(), edge, NodeRef::organisation(name), party.path());
            }
            Some(_) => {}
            None => draft.tell(Severity::Error, party.path(), "missing", "a party has a `name`"),
        }
    }
}

/// How the data came to be. Codes of machine generation say that they are synthetic, those of collection say nothing
/// of it.
fn methods(draft: &mut Draft, subject: &NodeRef, root: Node<'_>) {
    for method in root.at(&["provenance", "generation-method"]).into_iter().flat_map(Node::each) {
        let Some(code) = method.text_of("code") else {
            draft.tell(Severity::Error, method.path(), "missing", "a method has a `code`");
            continue;
        };
        let description = method.text_of("description").unwrap_or_default();
        let words = if description.is_empty() { code.to_string() } else { format!("{code}: {description}") };
        draft.text(subject.clone(), Attribute::DATA_COLLECTION, &words, method.path());
        if code.to_lowercase().contains("synthetic") {
            draft.value(subject.clone(), Attribute::SYNTHETIC, Value::Flag(true), method.path());
        }
    }
    for place in root.at(&["provenance", "origin-geography"]).into_iter().flat_map(Node::each) {
        located(draft, subject, place, "origin", false);
    }
}

fn places(draft: &mut Draft, subject: &NodeRef, root: Node<'_>) {
    for (field, use_of, denied) in PLACES {
        for place in root.at(&["use", field]).into_iter().flat_map(Node::each) {
            located(draft, subject, place, use_of, *denied);
        }
    }
}

fn located(draft: &mut Draft, subject: &NodeRef, place: Node<'_>, use_of: &str, denied: bool) {
    let Some(country) = place.text_of("country").or_else(|| place.text()) else {
        draft.tell(Severity::Error, place.path(), "missing", "a place has a `country`");
        return;
    };
    if placeholder(&country).is_some() {
        draft.tell(Severity::Warning, place.path(), "placeholder", format!("`{}` names no country", shown(&country)));
        return;
    }
    let code = country.to_ascii_uppercase();
    let code = if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) { code } else { String::new() };
    let node = NodeRef::new(NodeKind::Jurisdiction, country.as_ref()).with(Scheme::Country, code);
    let mut statement = Statement::new(subject.clone(), EdgeKind::LocatedIn, Object::Node(node), place.path());
    statement.denied = denied;
    statement.qualifiers.insert("use".into(), use_of.into());
    if let Some(state) = place.text_of("state") {
        statement.qualifiers.insert("state".into(), Value::Text(state.into_owned()));
    }
    draft.push(statement);
}

fn used(draft: &mut Draft, subject: &NodeRef, root: Node<'_>) {
    for (field, attribute) in [
        ("consents", Attribute::CONSENT),
        ("copyright", Attribute::COPYRIGHT),
        ("patent", "patent"),
        ("trademark", "trademark"),
    ] {
        for value in root.at(&["use", field]).into_iter().flat_map(Node::each) {
            if let Some(text) = value.text() {
                draft.text(subject.clone(), attribute, &text, value.path());
            }
        }
    }
    for purpose in root.at(&["use", "intended-purpose"]).into_iter().flat_map(Node::each) {
        let code = purpose.text_of("code").unwrap_or_default();
        let words = purpose.text_of("description").unwrap_or_default();
        draft.text(subject.clone(), Attribute::INTENDED_USE, format!("{code} {words}").trim(), purpose.path());
    }
    for class in root.at(&["use", "classification"]).into_iter().flat_map(Node::each) {
        let code = class.at(&["regulation", "code"]).and_then(Node::text).unwrap_or_default();
        let evaluated = class.get("evaluated").and_then(Node::flag);
        let words = match evaluated {
            Some(true) => format!("{code}: evaluated"),
            Some(false) => format!("{code}: not evaluated"),
            None => format!("{code}: not said"),
        };
        draft.text(subject.clone(), Attribute::PERSONAL_DATA, &words, class.path());
    }
    for tool in root.at(&["use", "privacy-indicators"]).into_iter().flat_map(Node::each) {
        let code = tool.at(&["tool", "code"]).and_then(Node::text).unwrap_or_default();
        let result = tool.text_of("result").unwrap_or_default();
        draft.text(subject.clone(), Attribute::PERSONAL_DATA, format!("{code} {result}").trim(), tool.path());
    }
    // Checked where it is: a date that is none is told.
    if let Some(period) = root.at(&["provenance", "generation-period"]) {
        let day = |key: &str| period.text_of(key).unwrap_or_default().into_owned();
        let (start, end) = (day("start"), day("end"));
        for text in [&start, &end] {
            if !text.is_empty() && Date::parse(text).is_none() {
                draft.tell(Severity::Warning, period.path(), "date", format!("`{}` is no date", shown(text)));
            }
        }
        draft.text(
            subject.clone(),
            Attribute::DATA_COLLECTION,
            &format!("collected from {start} to {end}"),
            period.path(),
        );
    }
}
