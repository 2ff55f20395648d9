use stillwatch_json::Value;
use stillwatch_lineage::{EdgeKind, NodeKind, NodeRef, Object, Statement};

use super::BomReader;
use super::component::ComponentRole;
use super::property::relation_of;

impl<'v> BomReader<'_, '_> {
    /// `pedigree`: the place that CycloneDX's maintainers name for parent models (issues 284 and 342).
    pub(super) fn pedigree(&mut self, node: &NodeRef, value: Value<'v>) {
        let Some(pedigree) = value.get("pedigree").filter(|pedigree| pedigree.is_object()) else { return };
        let own = relation_of(value);
        for ancestor in self.sink.list(pedigree, "ancestors").into_iter().filter(|item| item.is_object()) {
            let object = self.component(ancestor, &ComponentRole::Pedigree);
            let told = relation_of(ancestor).or(own);
            self.descent(node, object, told, &ancestor.path());
        }
        for descendant in self.sink.list(pedigree, "descendants").into_iter().filter(|item| item.is_object()) {
            let child = self.component(descendant, &ComponentRole::Pedigree);
            self.descent(&child, node.clone(), relation_of(descendant), &descendant.path());
        }
        // A variant shares an ancestor; it is no parent.
        for variant in self.sink.list(pedigree, "variants").into_iter().filter(|item| item.is_object()) {
            let variant_node = self.component(variant, &ComponentRole::Pedigree);
            self.sink.text(node, "variant", &variant_node.name, &variant.path());
        }
        for commit in self.sink.list(pedigree, "commits") {
            let uid = commit.text_of("uid").unwrap_or_default();
            let url = commit.text_of("url").unwrap_or_default();
            let text = format!("{uid} {url}");
            self.sink.text(node, "commit", text.trim(), &commit.path());
        }
        for patch in self.sink.list(pedigree, "patches") {
            self.sink.member(node, "patch", patch, "type");
        }
        self.sink.member(node, "pedigree", pedigree, "notes");
    }

    /// The edge of descent. Where no relation is told, a model is taken to start from its ancestor's weights, which is
    /// what `pedigree` says of a component that was "derived or modified" from another; a qualifier keeps that in sight.
    fn descent(&mut self, child: &NodeRef, parent: NodeRef, told: Option<EdgeKind>, path: &str) {
        let plain = match (child.kind, parent.kind) {
            (NodeKind::Model, NodeKind::Model) => EdgeKind::FineTunedFrom,
            (NodeKind::Model, NodeKind::DataSet) => EdgeKind::TrainedOn,
            (NodeKind::DataSet, NodeKind::Model) => EdgeKind::GeneratedBy,
            _ => EdgeKind::DerivedFrom,
        };
        let both_models = child.kind == NodeKind::Model && parent.kind == NodeKind::Model;
        let edge = told.filter(|_| both_models).unwrap_or(plain);
        let mut statement = Statement::new(child.clone(), edge, Object::Node(parent), path);
        if told.is_none() && both_models {
            statement.qualifiers.insert("relation".into(), "ancestor".into());
        }
        self.sink.push(statement);
    }
}
