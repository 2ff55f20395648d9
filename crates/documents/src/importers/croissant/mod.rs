//! Croissant 0.8, 1.0 and 1.1: data sets described in JSON-LD, with PROV and the fields for responsible AI.
//!
//! Specification: mlcommons/croissant, `docs/croissant-spec.md` and `docs/croissant-rai-spec.md`. The verdict is that of
//! its reference validator; what was read of a wrong document is kept.

mod check;
mod context;
mod nodes;
mod statements;

use context::{Context, Space, words};
use nodes::{Items, Version};
use stillwatch_core::Severity;
use stillwatch_json::Value as Node;
use stillwatch_lineage::{DocumentKind, Draft, Import, NodeKind, NodeRef, Origin, Scheme, StrictVerdict};

use crate::importers::{Importer, Input, Sign, prose};

/// The vocabularies in which the types of files, record sets and fields stand, by edition.
const CORE: [Space; 2] = [Space::Croissant, Space::Schema];

pub const IMPORTER: Importer =
    Importer { format: "Croissant", sign: Sign::Json(|root, _| root.get("@context").is_some()), import };

/// Reads a description.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let origin = input.origin;
    let (mut draft, json) = input.json_draft(DocumentKind::Croissant);
    let Some(root) = json.root().filter(|root| root.is_object()) else {
        draft.tell(Severity::Error, "", "wrong-type", "a description is an object");
        return finish(draft, "Croissant");
    };
    let context = Context::read(root);
    let root = graph_root(&context, root);
    let version = version(&mut draft, &context, root);
    let against = format!("Croissant {}", version.as_str());
    if !context.is_a(root, &[Space::Schema], "Dataset") {
        draft.tell(Severity::Error, root.path(), "node-type", "the description is not one of a schema.org Dataset");
    }
    let items = Items::read(&context, root, version);
    let live = context.own(root, "isLiveDataset").and_then(Node::flag) == Some(true);
    check::Check { context: &context, items: &items, draft: &mut draft, live }.run(root);
    let subject = subject(&context, root, origin);
    statements::state(&mut draft, &context, root, &items, &subject);
    finish(draft, &against)
}

fn finish(draft: Draft, against: &str) -> Import {
    let against = against.to_owned();
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against },
        errors => StrictVerdict::Invalid { against, errors },
    };
    draft.finish(strict)
}

/// The data set of a document that lists several nodes under `@graph`.
fn graph_root<'d>(context: &Context, root: Node<'d>) -> Node<'d> {
    let mut nodes = root.get("@graph").into_iter().flat_map(Node::items);
    nodes.find(|node| context.is_a(*node, &[Space::Schema], "Dataset")).unwrap_or(root)
}

fn version(draft: &mut Draft, context: &Context, root: Node<'_>) -> Version {
    let said = context.get(root, "conformsTo", &[Space::Terms, Space::Schema, Space::Croissant]);
    let mut found = None;
    for text in said.into_iter().flat_map(Node::each).filter_map(words) {
        found = match text
            .strip_prefix("http://mlcommons.org/croissant/")
            .or_else(|| text.strip_prefix("https://mlcommons.org/croissant/"))
        {
            Some("1.1") => Some(Version::V1_1),
            Some("1.0") => Some(Version::V1_0),
            Some("0.8") => Some(Version::V0_8),
            // Other conventions may stand beside it.
            _ => found,
        };
    }
    found.unwrap_or_else(|| {
        draft.tell(Severity::Note, root.path(), "version", "no edition is named in `conformsTo`; read as 0.8");
        Version::V0_8
    })
}

/// The data set by its name and address; the origin's subject goes before.
fn subject(context: &Context, root: Node<'_>, origin: &Origin) -> NodeRef {
    if let Some(subject) = &origin.subject {
        return subject.clone();
    }
    let name = context.own(root, "name").and_then(|name| words(name).or_else(|| name.items().find_map(words)));
    let name = name.unwrap_or_else(|| prose::stem(&origin.name).to_owned());
    match context.own(root, "url").and_then(words) {
        Some(address) => prose::reference(NodeKind::DataSet, &name, Some(&address)).with(Scheme::Url, address),
        None => NodeRef::data_set(name),
    }
}
