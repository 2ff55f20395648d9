//! Collections of the Data Provenance Initiative: one JSON object a collection, one data set a key, with what people
//! found out about it. The fields read here are those of the Initiative's template; unknown ones are passed over.
//!
//! What is said is said by the Initiative, of data sets of others: a third party's word.

use stillwatch_core::Severity;
use stillwatch_json::Value as Node;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, EvidenceKind, Import, NodeKind, NodeRef, Object, Origin, Scheme,
    Statement, StrictVerdict, Value,
};

use crate::importers::{Importer, Input, Sign, prose};

/// The key by which a data set's object is known.
const IDENTIFIER: &str = "Unique Dataset Identifier";
/// Entries of `Model Generated` that name no model.
const NO_MODEL: &[&str] = &["other", "templates"];

pub(super) fn recognises(root: Node<'_>) -> bool {
    root.entries().next().is_some_and(|(_, set)| set.get(IDENTIFIER).is_some())
}

pub const IMPORTER: Importer =
    Importer { format: "Data Provenance Initiative", sign: Sign::Json(|root, _| recognises(root)), import };

/// Reads a collection.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let (mut draft, json) = input.json_draft(DocumentKind::Card);
    draft.said_by(NodeRef::organisation("Data Provenance Initiative"));
    match json.root().filter(|root| root.is_object()) {
        None => draft.tell(Severity::Error, "", "wrong-type", "a collection is an object"),
        Some(root) => {
            for (key, set) in root.entries() {
                if set.is_object() {
                    data_set(&mut draft, &key, set);
                } else {
                    draft.tell(Severity::Error, set.path(), "wrong-type", "a data set is an object");
                }
            }
        }
    }
    draft.finish(StrictVerdict::NotChecked { why: "the Initiative's template is no schema".into() })
}

fn data_set(draft: &mut Draft, key: &str, set: Node<'_>) {
    let id = set.text_of(IDENTIFIER).unwrap_or_else(|| {
        draft.tell(Severity::Warning, set.path(), "missing", format!("no `{IDENTIFIER}`"));
        key.into()
    });
    // Parts of a collection share one repository, so that its id does not name the part.
    let subject = NodeRef::data_set(id.as_ref()).with(Scheme::Other, id.as_ref());
    let mut say = |statement: Statement| draft.push(Statement { kind: EvidenceKind::ThirdParty, ..statement });
    let node = |edge: EdgeKind, object: NodeRef, at: Node<'_>| {
        Statement::new(subject.clone(), edge, Object::Node(object), at.path())
    };
    for model in named(set, "Model Generated") {
        let name = model.text().unwrap_or_default();
        if NO_MODEL.contains(&name.to_lowercase().as_str()) {
            continue;
        }
        say(node(EdgeKind::GeneratedBy, NodeRef::model(name), model));
        say(Statement::new(subject.clone(), Attribute::SYNTHETIC, Object::Value(Value::Flag(true)), model.path()));
    }
    for source in named(set, "Derived from Datasets") {
        say(node(EdgeKind::DerivedFrom, NodeRef::data_set(source.text().unwrap_or_default()), source));
    }
    for licence in set.get("Licenses").into_iter().flat_map(Node::each) {
        let Some(name) = licence.text_of("License").filter(|name| placeholder(name).is_none()) else { continue };
        let address = licence.text_of("License URL").unwrap_or_default();
        let address = if address.starts_with("http") { address.as_ref() } else { "" };
        say(node(EdgeKind::LicensedUnder, NodeRef::licence(name).with(Scheme::Url, address), licence));
    }
    for creator in named(set, "Creators") {
        say(node(EdgeKind::OwnedBy, NodeRef::organisation(creator.text().unwrap_or_default()), creator));
    }
    if let Some(collection) = set.get("Collection")
        && let Some(name) = collection.text().filter(|name| placeholder(name).is_none())
    {
        let address = set.text_of("Collection URL").unwrap_or_default();
        let whole = prose::reference(NodeKind::DataSet, &name, Some(address.as_ref()));
        say(node(EdgeKind::PartOf, whole, collection));
    }
    for (key, attribute) in [
        ("License Notes", Attribute::LICENCE_TEXT),
        ("Text Sources", Attribute::DATA_COLLECTION),
        ("Languages", Attribute::LANGUAGE),
        ("Human Annotation", "human-annotation"),
    ] {
        for value in named(set, key) {
            let text = Object::Value(Value::Text(value.text().unwrap_or_default().into_owned()));
            say(Statement::new(subject.clone(), attribute, text, value.path()));
        }
    }
}

/// The texts of a field that say something.
fn named<'v>(set: Node<'v>, key: &str) -> impl Iterator<Item = Node<'v>> {
    let values = set.get(key).into_iter().flat_map(Node::each);
    values.filter(|value| value.text().is_some_and(|text| placeholder(&text).is_none()))
}
