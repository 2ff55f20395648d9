use std::collections::BTreeMap;

use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, NodeKind, NodeRef, Object, Predicate, Statement};

use super::{Creation, SpdxReader, Special, is_a};
use crate::importers::cyclonedx::PREFIX;
use crate::importers::sink::{end, object_kind};

/// Which way a relationship reads as an edge.
enum Edge {
    Forth(EdgeKind),
    Back(EdgeKind),
    /// `to` descends from `from`.
    Ancestor,
    /// `from` descends from `to`.
    Descendant,
    Generates,
    Licence(&'static str),
    Other,
}

fn edge(kind: &str) -> Edge {
    match kind {
        "trainedOn" => Edge::Forth(EdgeKind::TrainedOn),
        "testedOn" => Edge::Forth(EdgeKind::EvaluatedOn),
        "dependsOn"
        | "hasDataFile"
        | "hasStaticLink"
        | "hasDynamicLink"
        | "hasOptionalDependency"
        | "hasProvidedDependency"
        | "hasPrerequisite"
        | "usesTool"
        | "hasInput"
        | "hasOptionalComponent" => Edge::Forth(EdgeKind::Uses),
        "contains" => Edge::Back(EdgeKind::PartOf),
        "packagedBy" | "publishedBy" | "availableFrom" => Edge::Forth(EdgeKind::SuppliedBy),
        "describes" => Edge::Back(EdgeKind::DescribedBy),
        "hasDocumentation" => Edge::Forth(EdgeKind::DescribedBy),
        "hasOutput" => Edge::Back(EdgeKind::ProducedBy),
        "generates" | "expandsTo" => Edge::Generates,
        "ancestorOf" => Edge::Ancestor,
        "descendantOf" => Edge::Descendant,
        "hasDeclaredLicense" => Edge::Licence("declared"),
        "hasConcludedLicense" => Edge::Licence("concluded"),
        _ => Edge::Other,
    }
}

/// A file that was trained is a model, and what it was trained on is data, whatever their classes say.
pub(super) fn kinds_told(class: &str, value: Value<'_>, kinds: &mut BTreeMap<String, NodeKind>) {
    if !is_a(class, "Relationship") {
        return;
    }
    if !matches!(value.text_of("relationshipType").as_deref(), Some("trainedOn" | "testedOn")) {
        return;
    }
    for (key, kind) in [("from", NodeKind::Model), ("to", NodeKind::DataSet)] {
        for end in value.get(key).into_iter().flat_map(Value::each) {
            let id = if end.is_object() { super::identifier(end) } else { end.text() };
            if let Some(id) = id {
                kinds.entry(id.into_owned()).or_insert(kind);
            }
        }
    }
}

impl SpdxReader<'_, '_, '_> {
    pub(super) fn relationship(&mut self, value: Value<'_>, creation: &Creation) {
        let Some(kind) = self.sink.text_of(value, "relationshipType") else { return };
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        let Some(from) = value.get("from") else { return };
        let Some(Ok(from)) = self.target(from, NodeKind::Software) else { return };
        let own = value.text_of("comment").and_then(|comment| {
            let word = comment.strip_prefix(PREFIX)?;
            let (word, denied) = word.strip_prefix('!').map_or((word, false), |word| (word, true));
            Some((EdgeKind::parse(word)?, denied))
        });
        for to in value.get("to").into_iter().flat_map(Value::each) {
            if let Some((edge, denied)) = own {
                self.ours(&from, edge, denied, to, creation);
                continue;
            }
            let edge = edge(&kind);
            let otherwise = match edge {
                Edge::Forth(edge) => object_kind(edge, from.kind),
                Edge::Licence(_) => NodeKind::Licence,
                _ => from.kind,
            };
            match self.target(to, otherwise) {
                Some(Ok(target)) => self.related(&from, &target, &kind, &edge, value, to, creation),
                Some(Err(special)) => self.unrelated(&from, &edge, special, value, to, creation),
                None => {}
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one relationship")]
    fn related(
        &mut self,
        from: &NodeRef,
        to: &NodeRef,
        kind: &str,
        edge: &Edge,
        value: Value<'_>,
        at: Value<'_>,
        creation: &Creation,
    ) {
        let (subject, object, edge) = match edge {
            Edge::Forth(edge) => (from, to, *edge),
            Edge::Back(edge) => (to, from, *edge),
            Edge::Ancestor => (to, from, descent(to.kind, from.kind)),
            Edge::Descendant => (from, to, descent(from.kind, to.kind)),
            Edge::Generates => (to, from, generated(from.kind)),
            Edge::Licence(how) => return self.licence(from, to.clone(), how, &at.path()),
            Edge::Other => {
                let predicate = Predicate::Attribute(Attribute::new(&format!("relation:{kind}")));
                let words = if to.name.is_empty() { at.text().unwrap_or_default() } else { to.name.as_str().into() };
                return self.say(from, predicate, Object::Value(words.as_ref().into()), at, creation);
            }
        };
        let mut statement = Statement::new(subject.clone(), edge, end(object.clone()), at.path());
        if matches!(kind, "ancestorOf" | "descendantOf") && edge == EdgeKind::FineTunedFrom {
            statement.qualifiers.insert("relation".into(), "ancestor".into());
        }
        for key in ["scope", "completeness"] {
            if let Some(word) = value.text_of(key) {
                statement.qualifiers.insert(key.into(), word.as_ref().into());
            }
        }
        statement.said_by.clone_from(&creation.by);
        statement.said_on = creation.on;
        self.sink.push(statement);
    }

    /// A relation that our export names in the comment.
    fn ours(&mut self, from: &NodeRef, edge: EdgeKind, denied: bool, at: Value<'_>, creation: &Creation) {
        let Some(Ok(target)) = self.target(at, object_kind(edge, from.kind)) else { return };
        let mut statement = Statement::new(from.clone(), edge, end(target), at.path());
        statement.denied = denied;
        statement.said_by.clone_from(&creation.by);
        statement.said_on = creation.on;
        self.sink.push(statement);
    }

    /// `NoneElement` says that there is nothing; `NoAssertionElement` says nothing.
    fn unrelated(
        &mut self,
        from: &NodeRef,
        edge: &Edge,
        special: Special,
        value: Value<'_>,
        at: Value<'_>,
        creation: &Creation,
    ) {
        let edge = match edge {
            Edge::Forth(edge) => *edge,
            Edge::Descendant => descent(from.kind, from.kind),
            Edge::Licence(_) => EdgeKind::LicensedUnder,
            _ => return,
        };
        let (object, denied) = match special {
            Special::Nothing => (Object::Any, true),
            Special::NoAssertion => (Object::Value("no assertion".into()), false),
        };
        let mut statement = Statement::new(from.clone(), edge, object, at.path());
        statement.denied = denied;
        if let Some(word) = value.text_of("completeness") {
            statement.qualifiers.insert("completeness".into(), word.as_ref().into());
        }
        statement.said_by.clone_from(&creation.by);
        statement.said_on = creation.on;
        self.sink.push(statement);
    }

    /// `stillwatch:lineage:<word> <value>` is what our export could not say otherwise; the rest are claims.
    pub(super) fn annotation(&mut self, value: Value<'_>, creation: &Creation) {
        let Some(subject) = value.get("subject") else { return };
        let Some(Ok(subject)) = self.target(subject, NodeKind::Software) else { return };
        let Some(at) = value.get("statement") else { return };
        let Some(text) = self.sink.words(at) else { return };
        let Some((word, rest)) = text.strip_prefix(PREFIX).and_then(|own| own.split_once(' ')) else {
            return self.say(&subject, Attribute::CLAIM, Object::Value(text.as_ref().into()), at, creation);
        };
        let (word, denied) = word.strip_prefix('!').map_or((word, false), |word| (word, true));
        let predicate = Predicate::parse(word);
        let object = match (&predicate, self.elements.nodes.get(rest)) {
            (Predicate::Edge(_), Some(node)) => Object::Node(node.clone()),
            (Predicate::Edge(_), None) if rest == "NONE" => Object::Any,
            (Predicate::Edge(edge), None) => {
                let name = self.sink.name(rest, &at.path());
                end(NodeRef::new(object_kind(*edge, subject.kind), name))
            }
            (Predicate::Attribute(_), _) => Object::Value(match rest {
                "true" => true.into(),
                "false" => false.into(),
                _ if rest.parse::<f64>().is_ok_and(f64::is_finite) => {
                    stillwatch_lineage::Value::Number(rest.to_owned())
                }
                _ => rest.into(),
            }),
        };
        let mut statement = Statement::new(subject, predicate, object, at.path());
        statement.denied = denied;
        statement.said_by.clone_from(&creation.by);
        statement.said_on = creation.on;
        self.sink.push(statement);
    }
}

fn descent(child: NodeKind, parent: NodeKind) -> EdgeKind {
    match (child, parent) {
        (NodeKind::Model, NodeKind::Model) => EdgeKind::FineTunedFrom,
        (NodeKind::Model, NodeKind::DataSet) => EdgeKind::TrainedOn,
        (NodeKind::DataSet, NodeKind::Model) => EdgeKind::GeneratedBy,
        _ => EdgeKind::DerivedFrom,
    }
}

fn generated(maker: NodeKind) -> EdgeKind {
    match maker {
        NodeKind::Model => EdgeKind::GeneratedBy,
        NodeKind::Run => EdgeKind::ProducedBy,
        _ => EdgeKind::DerivedFrom,
    }
}
