use stillwatch_core::Severity;
use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, EvidenceKind, NodeKind, NodeRef, Object, Scheme, Statement};

use super::BomReader;
use super::identity::identity;
use super::party::named_party;
use crate::importers::sink::licence_expression;

/// Where a component stands.
pub(super) enum ComponentRole {
    Top,
    /// Among the `components` of another one.
    Inside(NodeRef),
    /// Among the ancestors, descendants or variants of another one.
    Pedigree,
}

impl<'v> BomReader<'_, '_> {
    /// Everything that a component says; the node that it is.
    pub(super) fn component(&mut self, value: Value<'v>, place: &ComponentRole) -> NodeRef {
        let path = value.path();
        let known = value.text_of("bom-ref").filter(|reference| self.references.is_first(reference, value));
        let node = match known.and_then(|reference| self.references.node(&reference)) {
            Some(node) => node.clone(),
            None => identity(value, self.sink),
        };
        if node.name.is_empty() && node.identifiers.is_empty() {
            self.sink.draft.tell(Severity::Warning, path.clone(), "nameless", "a component without a name");
        }
        if let ComponentRole::Inside(whole) = place {
            // What a model was measured on is no part of it.
            if whole.kind == NodeKind::Model && node.kind == NodeKind::DataSet && is_for_evaluation(value) {
                self.sink.edge(whole, EdgeKind::EvaluatedOn, node.clone(), &path);
            } else {
                self.sink.edge(&node, EdgeKind::PartOf, whole.clone(), &path);
            }
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
            self.component(part, &ComponentRole::Inside(node.clone()));
        }
        node
    }

    /// A service: software that somebody provides.
    pub(super) fn service(&mut self, value: Value<'v>) {
        let known = value.text_of("bom-ref").filter(|reference| self.references.is_first(reference, value));
        let node = match known.and_then(|reference| self.references.node(&reference)) {
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

/// Whether a component or a piece of data says that it serves to measure and not to train: in a property that says what it
/// is used for, in its description, or in its type.
pub(super) fn is_for_evaluation(value: Value<'_>) -> bool {
    let about_use = |name: &str| {
        let last = name.rsplit([':', '.', '/']).next().unwrap_or(name).to_lowercase();
        [
            "usage",
            "use",
            "used",
            "used-for",
            "usedfor",
            "purpose",
            "role",
            "stage",
            "split",
            "phase",
            "description",
            "type",
        ]
        .contains(&last.replace(['_', ' '], "-").as_str())
    };
    let properties = value.get("properties").into_iter().flat_map(Value::items);
    let nested = value.at(&["contents", "properties"]).into_iter().flat_map(Value::items);
    let of_properties = properties.chain(nested).any(|property| {
        let name = property.text_of("name").unwrap_or_default();
        about_use(&name) && property.text_of("value").is_some_and(|value| speaks_of_evaluation(&value))
    });
    let described = || value.text_of("description").is_some_and(|text| speaks_of_evaluation(&text));
    let of_data = || {
        let mut data = value.get("data").into_iter().flat_map(Value::items).peekable();
        data.peek().is_some()
            && data.all(|data| data.text_of("description").is_some_and(|text| speaks_of_evaluation(&text)))
    };
    of_properties || described() || of_data()
}

/// Words of measuring, and none of training: "10-shot, used for evaluation", "benchmarking", "held-out test set".
fn speaks_of_evaluation(text: &str) -> bool {
    const MEASURES: &[&str] = &[
        "evaluation",
        "evaluate",
        "evaluated",
        "evaluating",
        "eval",
        "benchmark",
        "benchmarks",
        "benchmarking",
        "test",
        "testing",
        "tested",
        "validation",
        "leaderboard",
    ];
    const TRAINS: &[&str] =
        &["train", "training", "trained", "pretraining", "finetuning", "tuning", "tuned", "learning", "sft"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|own: char| !own.is_alphanumeric()).collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    any(MEASURES) && !any(TRAINS)
}

/// A country by its code or its name.
pub(super) fn jurisdiction(text: &str) -> NodeRef {
    let text = &text[..text.floor_char_boundary(1024)];
    let node = NodeRef::new(NodeKind::Jurisdiction, text);
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_code { node.with(Scheme::Country, text.to_ascii_uppercase()) } else { node }
}
