use stillwatch_json::Value;
use stillwatch_lineage::{NodeKind, NodeRef, Scheme};

/// A person, an organisation or a tool, by name. Nothing that is no name.
pub(super) fn named_party(party: Value<'_>, kind: NodeKind) -> Option<NodeRef> {
    if let Some(text) = party.text() {
        return (!text.is_empty() && text.len() <= 1024).then(|| NodeRef::new(kind, text));
    }
    let name = party.text_of("name").or_else(|| party.text_of("email")).unwrap_or_default();
    let end = name.floor_char_boundary(1024);
    let mut node = NodeRef::new(kind, &name[..end]);
    for url in party.get("url").into_iter().flat_map(Value::each).take(4) {
        if let Some(url) = url.text().filter(|url| url.len() <= 1024) {
            node = node.with(Scheme::Url, url);
        }
    }
    (!node.name.is_empty() || !node.identifiers.is_empty()).then_some(node)
}
