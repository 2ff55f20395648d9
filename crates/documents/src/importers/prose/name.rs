use stillwatch_lineage::{NodeKind, NodeRef, Scheme};

/// What a link on the Hub leads to is known by its repository id.
pub(crate) fn reference(kind: NodeKind, name: &str, target: Option<&str>) -> NodeRef {
    let node = NodeRef::new(kind, name);
    let Some(target) = target.filter(|target| target.starts_with("http")) else {
        return if is_repository(name) { node.with(Scheme::HuggingFace, name) } else { node };
    };
    let address = target.split_once("://").map_or(target, |(_, rest)| rest);
    let mut parts = address.split(['/', '?', '#']);
    let host = parts.next().unwrap_or_default();
    if !matches!(host, "huggingface.co" | "www.huggingface.co" | "hf.co") {
        return node.with(Scheme::Url, target);
    }
    let mut parts: Vec<&str> = parts.filter(|part| !part.is_empty()).take(3).collect();
    let expects_data = parts.first() == Some(&"datasets");
    if expects_data {
        parts.remove(0);
    }
    match parts.as_slice() {
        [owner, name, ..] if expects_data == (kind == NodeKind::DataSet) => {
            node.with(Scheme::HuggingFace, format!("{owner}/{name}"))
        }
        _ => node.with(Scheme::Url, target),
    }
}

/// `organisation/name` as the Hub allows it.
pub(crate) fn is_repository(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.len() <= 96
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !part.starts_with(['-', '.'])
            && !part.ends_with(['-', '.'])
    };
    id.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// `organisation/name` of an address, or its last part.
pub(crate) fn address_name(address: &str) -> String {
    let path =
        address.split_once("://").map_or(address, |(_, rest)| rest.split_once('/').map_or(rest, |(_, path)| path));
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_prefix("datasets/").unwrap_or(path);
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).take(2).collect();
    if parts.is_empty() {
        parts.push(address);
    }
    parts.join("/")
}
