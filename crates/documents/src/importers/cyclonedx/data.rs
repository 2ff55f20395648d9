use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, NodeKind, NodeRef};

use super::BomReader;
use super::identity::identity;
use super::party::named_party;

impl<'v> BomReader<'_, '_> {
    /// One entry of a data component. The only one, or one without a name of its own, describes the component itself.
    pub(super) fn data_of(&mut self, component: &NodeRef, data: Value<'v>) {
        if !data.is_object() {
            return;
        }
        let own = match data.text_of("bom-ref").and_then(|reference| self.references.node(&reference)) {
            Some(node) => node.clone(),
            None => identity(data, self.sink),
        };
        let same = own.name.is_empty() || own.name == component.name;
        if same {
            let mut node = component.clone();
            for id in own.identifiers {
                node = self.sink.identified(node, id.scheme, &id.value, &data.path());
            }
            self.describe_data(&node, data);
            return;
        }
        self.sink.edge(&own, EdgeKind::PartOf, component.clone(), &data.path());
        self.describe_data(&own, data);
    }

    /// What an entry says of a data set.
    pub(super) fn describe_data(&mut self, node: &NodeRef, data: Value<'v>) {
        self.sink.member(node, Attribute::DESCRIPTION, data, "description");
        self.sink.member(node, "data-classification", data, "classification");
        self.sink.member(node, Attribute::PERSONAL_DATA, data, "sensitiveData");
        if let Some(contents) = data.get("contents") {
            self.properties(node, contents);
        }
        self.governance(node, data);
        self.properties(node, data);
    }

    /// Owners become edges. Who keeps or looks after data holds no copy that anybody counted, so that stays text.
    pub(super) fn governance(&mut self, node: &NodeRef, data: Value<'v>) {
        let Some(governance) = data.get("governance").filter(|governance| governance.is_object()) else { return };
        for role in ["owners", "custodians", "stewards"] {
            for party in self.sink.list(governance, role) {
                let (key, kind) = match party.get("organization") {
                    Some(_) => ("organization", NodeKind::Organisation),
                    None => ("contact", NodeKind::Person),
                };
                let Some(holder) = party.get(key) else { continue };
                let Some(person) = named_party(holder, kind) else { continue };
                if role == "owners" {
                    self.party_edge(node, EdgeKind::OwnedBy, person, holder);
                } else {
                    let text = format!("{}: {}", role.trim_end_matches('s'), person.name);
                    let empty = stillwatch_lineage::placeholder::placeholder(&person.name).is_some();
                    let text = if empty { person.name } else { text };
                    self.sink.text(node, Attribute::GOVERNANCE, &text, &holder.path());
                }
            }
        }
    }

    fn party_edge(&mut self, node: &NodeRef, edge: EdgeKind, party: NodeRef, at: Value<'v>) {
        if let Some(country) = at.at(&["address", "country"]).and_then(Value::text) {
            let path = format!("{}/address/country", at.path());
            self.sink.edge(&party, EdgeKind::LocatedIn, super::component::jurisdiction(&country), &path);
        }
        self.sink.edge(node, edge, party, &at.path());
    }
}
