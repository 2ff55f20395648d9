use stillwatch_core::Severity;
use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, EvidenceKind, NodeKind, NodeRef, Object, Scheme, Statement};

use super::Reader;
use super::names::named_party;
use crate::importers::sink::{Sink, licence_expression};

/// Where a component stands.
pub(super) enum Place {
    Top,
    /// Among the `components` of another one.
    Inside(NodeRef),
    /// Among the ancestors, descendants or variants of another one.
    Pedigree,
}

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

impl<'v> Reader<'_, '_> {
    /// Everything that a component says; the node that it is.
    pub(super) fn component(&mut self, value: Value<'v>, place: &Place) -> NodeRef {
        let path = value.path();
        let known = value.text_of("bom-ref").filter(|reference| self.names.is_first(reference, value));
        let node = match known.and_then(|reference| self.names.node(&reference)) {
            Some(node) => node.clone(),
            None => identity(value, self.sink),
        };
        if node.name.is_empty() && node.identifiers.is_empty() {
            self.sink.draft.tell(Severity::Warning, path.clone(), "nameless", "a component without a name");
        }
        if let Place::Inside(whole) = place {
            self.sink.edge(&node, EdgeKind::PartOf, whole.clone(), &path);
        }
        self.sink.member(&node, Attribute::VERSION, value, "version");
        self.sink.member(&node, Attribute::DESCRIPTION, value, "description");
        self.sink.member(&node, Attribute::COPYRIGHT, value, "copyright");
        self.sink.member(&node, "author", value, "author");
        for author in value.get("authors").into_iter().flat_map(Value::items) {
            self.sink.member(&node, "author", author, "name");
        }
        self.strongest_digest(&node, value);
        let parties = [
            ("supplier", EdgeKind::SuppliedBy),
            ("publisher", EdgeKind::SuppliedBy),
            ("manufacturer", EdgeKind::OwnedBy),
        ];
        for (key, edge) in parties {
            self.party(&node, edge, value.get(key));
        }
        self.licences(&node, value);
        self.pedigree(&node, value);
        if let Some(card) = value.get("modelCard") {
            self.card(&node, card);
        }
        for data in self.sink.list(value, "data") {
            self.data_of(&node, data);
        }
        self.properties(&node, value);
        for part in self.sink.list(value, "components").into_iter().filter(|part| part.is_object()) {
            self.component(part, &Place::Inside(node.clone()));
        }
        node
    }

    /// A service: software that somebody provides.
    pub(super) fn service(&mut self, value: Value<'v>) {
        let known = value.text_of("bom-ref").filter(|reference| self.names.is_first(reference, value));
        let node = match known.and_then(|reference| self.names.node(&reference)) {
            Some(node) => node.clone(),
            None => identity(value, self.sink),
        };
        self.sink.member(&node, Attribute::VERSION, value, "version");
        self.sink.member(&node, Attribute::DESCRIPTION, value, "description");
        self.party(&node, EdgeKind::SuppliedBy, value.get("provider"));
        self.licences(&node, value);
        self.properties(&node, value);
        for data in self.sink.list(value, "data") {
            self.sink.member(&node, "data-classification", data, "classification");
            self.governance(&node, data);
        }
        for part in self.sink.list(value, "services") {
            if part.is_object() {
                self.service(part);
            }
        }
    }

    /// A party as the end of an edge, and the country of its address.
    pub(super) fn party(&mut self, subject: &NodeRef, edge: EdgeKind, party: Option<Value<'v>>) {
        let Some(party) = party else { return };
        let Some(node) = named_party(party, NodeKind::Organisation) else { return };
        if let Some(country) = party.at(&["address", "country"]).and_then(Value::text) {
            let path = format!("{}/address/country", party.path());
            self.sink.edge(&node, EdgeKind::LocatedIn, jurisdiction(&country), &path);
        }
        self.sink.edge(subject, edge, node, &party.path());
    }

    pub(super) fn licences(&mut self, node: &NodeRef, value: Value<'v>) {
        for choice in self.sink.list(value, "licenses") {
            let path = choice.path();
            let how = choice.text_of("acknowledgement");
            if let Some(expression) = choice.text_of("expression") {
                licence_expression(self.sink, node, &expression, EvidenceKind::SelfClaim, how.as_deref(), &path);
            }
            let Some(licence) = choice.get("license") else { continue };
            let how = licence.text_of("acknowledgement").or(how);
            let url = licence.text_of("url");
            let object = match (licence.text_of("id"), licence.text_of("name"), &url) {
                (Some(id), ..) => {
                    NodeRef::licence(self.sink.name(&id, &path)).with(Scheme::Spdx, self.sink.name(&id, &path))
                }
                (None, Some(name), _) => NodeRef::licence(self.sink.name(&name, &path)),
                (None, None, Some(_)) => NodeRef::licence(""),
                _ => {
                    self.sink.draft.tell(Severity::Warning, path, "nameless", "a licence without an id or a name");
                    continue;
                }
            };
            let object = match url.filter(|url| url.contains("://")) {
                Some(url) if object.identifiers.is_empty() => self.sink.identified(object, Scheme::Url, &url, &path),
                _ => object,
            };
            let object = crate::importers::sink::end(object);
            let mut statement = Statement::new(node.clone(), EdgeKind::LicensedUnder, object, path);
            if let Some(how) = how {
                statement.qualifiers.insert("acknowledgement".into(), how.as_ref().into());
            }
            self.sink.push(statement);
        }
    }

    fn strongest_digest(&mut self, node: &NodeRef, value: Value<'v>) {
        for scheme in [Scheme::Sha256, Scheme::Sha512, Scheme::Sha384, Scheme::Blake3] {
            let mut own = node.identifiers.iter().filter(|id| id.scheme == scheme);
            if let (Some(id), None) = (own.next(), own.next()) {
                let digest = Object::Value(format!("{scheme}:{}", id.value).as_str().into());
                self.sink.push(Statement::new(
                    node.clone(),
                    Attribute::DIGEST,
                    digest,
                    format!("{}/hashes", value.path()),
                ));
                return;
            }
        }
    }
}

/// A country by its code or its name.
pub(super) fn jurisdiction(text: &str) -> NodeRef {
    let text = &text[..text.floor_char_boundary(1024)];
    let node = NodeRef::new(NodeKind::Jurisdiction, text);
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_code { node.with(Scheme::Country, text.to_ascii_uppercase()) } else { node }
}
