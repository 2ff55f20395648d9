//! What model and data-set cards have in common.

use stillwatch_core::{Severity, shown};
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{Draft, EdgeKind, NodeKind, NodeRef, Object, Scheme, Statement};

use super::licence::spdx;
use crate::importers::prose::is_repository;
use crate::importers::yaml::{Kind, Yaml};

/// `line 12 base_model`: where a field stands and what it is called.
pub(super) fn path(key: &str, value: &Yaml) -> String {
    format!("line {} {}", value.line, shown(key))
}

/// Texts of a field that is one or many; what is no text is told.
pub(super) fn texts<'y>(draft: &mut Draft, front: &'y Yaml, key: &str) -> Vec<(&'y str, String)> {
    let Some(field) = front.get(key) else { return Vec::new() };
    let mut found = Vec::new();
    for item in field.each() {
        match item.text() {
            Some(text) => found.push((text, path(key, item))),
            None if matches!(item.value, Kind::Scalar { .. }) => {}
            None => draft.tell(
                Severity::Error,
                path(key, item),
                "wrong-type",
                format!("`{key}` is {}, not a text", item.kind_name()),
            ),
        }
    }
    found
}

/// Texts of a field as values of one attribute.
pub(super) fn attribute(draft: &mut Draft, subject: &NodeRef, front: &Yaml, key: &str, attribute: &str) {
    for (text, path) in texts(draft, front, key) {
        draft.text(subject.clone(), attribute, text, path);
    }
}

/// A repository that a field names. A placeholder names none; an id of another form is told and kept as a name.
pub(super) fn repository(draft: &mut Draft, kind: NodeKind, id: &str, path: &str, strict: bool) -> Option<NodeRef> {
    if placeholder(id).is_some() {
        draft.tell(Severity::Warning, path, "placeholder", format!("`{}` names nothing", shown(id)));
        return None;
    }
    let id = id.strip_prefix("https://huggingface.co/").map_or(id, |id| id.trim_start_matches("datasets/"));
    let id = id.trim_end_matches('/');
    let node = NodeRef::new(kind, id);
    if is_repository(id) {
        return Some(node.with(Scheme::HuggingFace, id));
    }
    // Old repositories (`gpt2`, `squad`) have no owner.
    let bare = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if bare {
        return Some(node.with(Scheme::HuggingFace, id));
    }
    let severity = if strict { Severity::Error } else { Severity::Warning };
    draft.tell(severity, path, "repository-id", format!("`{}` is no repository id of the Hub", shown(id)));
    Some(node)
}

/// `license`, `license_name` and `license_link`.
pub(super) fn licences(draft: &mut Draft, subject: &NodeRef, front: &Yaml) {
    let own = front.get("license_name").and_then(Yaml::text).filter(|name| placeholder(name).is_none());
    let link = front.get("license_link").and_then(Yaml::text).filter(|link| link.starts_with("http"));
    let mut named = false;
    for (id, path) in texts(draft, front, "license") {
        if id == "other" {
            if let Some(name) = own {
                named = true;
                licence(draft, subject, with_link(NodeRef::licence(name), link), path);
            } else {
                draft.tell(
                    Severity::Error,
                    path,
                    "license-unnamed",
                    "`other` without `license_name` says nothing of the licence",
                );
            }
            continue;
        }
        if placeholder(id).is_some() {
            draft.tell(Severity::Warning, path, "placeholder", format!("`{}` is no licence", shown(id)));
            continue;
        }
        let node = match spdx(id) {
            Some(Some(expression)) => NodeRef::licence(expression).with(Scheme::Spdx, expression),
            // On the Hub's list and not on that of SPDX.
            Some(None) => NodeRef::licence(id),
            None => {
                let message = format!("`{}` is no licence identifier of the Hub", shown(id));
                draft.tell(Severity::Error, path.clone(), "license-unknown", message);
                NodeRef::licence(id)
            }
        };
        licence(draft, subject, with_link(node, link), path);
    }
    if let (false, Some(name), Some(field)) = (named, own, front.get("license_name")) {
        licence(draft, subject, with_link(NodeRef::licence(name), link), path("license_name", field));
    }
}

fn with_link(node: NodeRef, link: Option<&str>) -> NodeRef {
    node.with(Scheme::Url, link.unwrap_or_default())
}

fn licence(draft: &mut Draft, subject: &NodeRef, node: NodeRef, path: String) {
    draft.node(subject.clone(), EdgeKind::LicensedUnder, node, path);
}

/// A statement that a rule inferred from other fields. It says so, and counts once it is confirmed.
pub(super) fn inferred(subject: &NodeRef, edge: EdgeKind, object: NodeRef, path: String, because: &str) -> Statement {
    let mut statement = Statement::new(subject.clone(), edge, Object::Node(object), path);
    statement.said_by = Some(NodeRef::new(NodeKind::Software, "stillwatch"));
    statement.qualifiers.insert("inferred".into(), because.into());
    statement
}
