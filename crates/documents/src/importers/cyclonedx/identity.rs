use stillwatch_json::Value;
use stillwatch_lineage::{NodeKind, NodeRef, Scheme};

use crate::importers::sink::Sink;

/// What a component, a service or a piece of data is, and how it is named.
pub(super) fn identity(value: Value<'_>, sink: &mut Sink<'_>) -> NodeRef {
    let kind = kind(value);
    let name = value.text_of("name").or_else(|| value.get("name").and_then(Value::number).map(Into::into));
    let group = value.text_of("group").filter(|group| !group.is_empty());
    let whole = match (&group, &name) {
        (Some(group), Some(name)) => format!("{group}/{name}"),
        (None, Some(name)) => name.to_string(),
        _ => String::new(),
    };
    let path = value.path();
    let mut node = NodeRef::new(kind, sink.name(&whole, &format!("{path}/name")));
    for (key, scheme) in [("purl", Scheme::Purl), ("cpe", Scheme::Cpe)] {
        if let Some(id) = value.text_of(key).filter(|id| !id.trim().is_empty()) {
            node = sink.identified(node, scheme, &id, &format!("{path}/{key}"));
        }
    }
    if let Some(tag) = value.at(&["swid", "tagId"]).and_then(Value::text) {
        node = sink.identified(node, Scheme::Swid, &tag, &format!("{path}/swid/tagId"));
    }
    for hash in value.get("hashes").into_iter().flat_map(Value::items) {
        if let (Some(algorithm), Some(content)) = (hash.text_of("alg"), hash.text_of("content")) {
            node = sink.digest(node, &algorithm, &content, &format!("{}/content", hash.path()));
        }
    }
    // A model's page names it; a library's web site is shared by all that its maker publishes.
    if matches!(kind, NodeKind::Model | NodeKind::DataSet) {
        for reference in value.get("externalReferences").into_iter().flat_map(Value::items) {
            if let Some(url) = reference.text_of("url").filter(|url| is_hub_page(url)) {
                node = sink.identified(node, Scheme::Url, &url, &format!("{}/url", reference.path()));
            }
        }
    }
    if let Some(url) = value.at(&["contents", "url"]).and_then(Value::text).filter(|url| url.contains("://")) {
        node = sink.identified(node, Scheme::Url, &url, &format!("{path}/contents/url"));
    }
    node
}

/// A page that is about one model or one data set.
fn is_hub_page(url: &str) -> bool {
    url.strip_prefix("https://huggingface.co/").is_some_and(|path| {
        let path = path.strip_prefix("datasets/").unwrap_or(path);
        path.trim_end_matches('/').matches('/').count() == 1
    })
}

fn kind(value: Value<'_>) -> NodeKind {
    let kinds = value.text_of("type");
    match kinds.as_deref() {
        Some("machine-learning-model") => NodeKind::Model,
        Some("data") => {
            let kinds: Vec<_> =
                value.get("data").into_iter().flat_map(Value::each).filter_map(|data| data.text_of("type")).collect();
            let is_data = kinds.is_empty() || kinds.iter().any(|kind| kind == "dataset" || kind == "other");
            if is_data { NodeKind::DataSet } else { NodeKind::Software }
        }
        Some("dataset") => NodeKind::DataSet,
        _ if value.get("modelCard").is_some() => NodeKind::Model,
        // Parties have no type: an organisation has addresses and contacts, a person an email.
        None if value.get("contact").is_some()
            || value.get("address").is_some()
            || value.get("thirdParty").is_some() =>
        {
            NodeKind::Organisation
        }
        None if value.get("email").is_some() || value.get("phone").is_some() => NodeKind::Person,
        None if value.get("url").is_some_and(Value::is_array) => NodeKind::Organisation,
        _ => NodeKind::Software,
    }
}
