use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EdgeKind, NodeKind, NodeRef};

use super::BomReader;
use super::component::{is_for_evaluation, jurisdiction};
use super::identity::identity;
use super::party::named_party;

impl<'v> BomReader<'_, '_> {
    /// `modelCard`: parameters, measurements, considerations.
    pub(super) fn card(&mut self, model: &NodeRef, card: Value<'v>) {
        if !card.is_object() {
            self.sink.wrong_type(card, "an object");
            return;
        }
        if let Some(parameters) = card.get("modelParameters") {
            self.parameters(model, parameters);
        }
        if let Some(analysis) = card.get("quantitativeAnalysis") {
            for metric in self.sink.list(analysis, "performanceMetrics") {
                let part = |key: &str| {
                    metric.get(key).and_then(|value| value.text().or_else(|| value.number().map(Into::into)))
                };
                let (Some(kind), value) = (part("type"), part("value").unwrap_or_default()) else { continue };
                let slice = part("slice").map(|slice| format!(" ({slice})")).unwrap_or_default();
                let text = format!("{kind}: {value}{slice}");
                // What fills both fields with placeholders says nothing, whatever the colon between them.
                let empty =
                    [&kind, &value].iter().all(|part| stillwatch_lineage::placeholder::placeholder(part).is_some());
                let text = if empty { value.to_string() } else { text };
                self.sink.text(model, Attribute::EVALUATION, &text, &metric.path());
            }
        }
        if let Some(considerations) = card.get("considerations") {
            self.considerations(model, considerations);
        }
        self.properties(model, card);
    }

    fn parameters(&mut self, model: &NodeRef, parameters: Value<'v>) {
        self.sink.member(model, Attribute::TASK, parameters, "task");
        // The architecture itself, not its family, is what a configuration or a header can be held against.
        let key =
            if parameters.get("modelArchitecture").is_some() { "modelArchitecture" } else { "architectureFamily" };
        self.sink.member(model, Attribute::ARCHITECTURE, parameters, key);
        self.sink.member(model, "architecture-family", parameters, "architectureFamily");
        if let Some(approach) = parameters.get("approach") {
            self.sink.member(model, "approach", approach, "type");
        }
        for (key, attribute) in [("inputs", "input-format"), ("outputs", "output-format")] {
            for format in self.sink.list(parameters, key) {
                self.sink.member(model, attribute, format, "format");
            }
        }
        for data in self.sink.list(parameters, "datasets") {
            self.training_data(model, data);
        }
    }

    /// A data set in place, or a reference to one.
    fn training_data(&mut self, model: &NodeRef, data: Value<'v>) {
        let path = data.path();
        let reference = if data.is_object() { data.get("ref") } else { Some(data) };
        if let Some(reference) = reference {
            let is_measured_on = reference.text().is_some_and(|own| self.references.is_for_evaluation(&own));
            let edge = if is_measured_on { EdgeKind::EvaluatedOn } else { EdgeKind::TrainedOn };
            if let Some(node) = self.reference(reference, NodeKind::DataSet) {
                self.sink.edge(model, edge, node, &path);
            }
            return;
        }
        let node = match data.text_of("bom-ref").and_then(|own| self.references.node(&own)) {
            Some(node) => node.clone(),
            None => identity(data, self.sink),
        };
        if node.name.is_empty() && node.identifiers.is_empty() {
            self.sink.member(model, Attribute::TRAINING_DATA, data, "description");
            return;
        }
        // `"type": "configuration"` among the data sets is not trained on.
        let is_data = data.text_of("type").is_none_or(|kind| kind == "dataset" || kind == "other");
        let node = NodeRef { kind: if is_data { NodeKind::DataSet } else { NodeKind::Software }, ..node };
        let edge = match is_data {
            true if is_for_evaluation(data) => EdgeKind::EvaluatedOn,
            true => EdgeKind::TrainedOn,
            false => EdgeKind::Uses,
        };
        self.sink.edge(model, edge, node.clone(), &path);
        self.describe_data(&node, data);
    }

    fn considerations(&mut self, model: &NodeRef, considerations: Value<'v>) {
        let plain = [
            ("users", Attribute::INTENDED_USE),
            ("useCases", Attribute::INTENDED_USE),
            ("technicalLimitations", Attribute::LIMITATIONS),
            ("performanceTradeoffs", Attribute::LIMITATIONS),
        ];
        for (key, attribute) in plain {
            self.sink.member(model, attribute, considerations, key);
        }
        for (key, parts) in [
            ("ethicalConsiderations", &["name", "mitigationStrategy"][..]),
            ("fairnessAssessments", &["groupAtRisk", "benefits", "harms", "mitigationStrategy"][..]),
        ] {
            for item in self.sink.list(considerations, key) {
                for part in parts {
                    self.sink.member(model, Attribute::SAFETY, item, part);
                }
            }
        }
        let Some(environment) = considerations.get("environmentalConsiderations") else { return };
        for energy in self.sink.list(environment, "energyConsumptions") {
            self.energy(model, energy);
        }
        self.properties(model, environment);
    }

    fn energy(&mut self, model: &NodeRef, energy: Value<'v>) {
        let activity = energy.text_of("activity").unwrap_or_default();
        for (key, what) in
            [("activityEnergyCost", ""), ("co2CostEquivalent", " emissions"), ("co2CostOffset", " offset")]
        {
            let Some(cost) = energy.get(key) else { continue };
            if let Some(value) = cost.get("value").and_then(Value::number) {
                let unit = cost.text_of("unit").unwrap_or_default();
                let text = format!("{activity}{what}: {value} {unit}");
                self.sink.text(model, Attribute::ENERGY, text.trim_end(), &cost.path());
            }
        }
        for provider in self.sink.list(energy, "energyProviders") {
            self.sink.member(model, "energy-provider", provider, "description");
            let Some(organisation) = provider.get("organization") else { continue };
            let Some(node) = named_party(organisation, NodeKind::Organisation) else { continue };
            if let Some(country) = organisation.at(&["address", "country"]).and_then(Value::text) {
                let path = format!("{}/address/country", organisation.path());
                self.sink.edge(&node, EdgeKind::LocatedIn, jurisdiction(&country), &path);
            }
            self.sink.text(model, "energy-provider", &node.name, &organisation.path());
        }
        self.properties(model, energy);
    }
}
