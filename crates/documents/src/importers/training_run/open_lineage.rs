//! Events of OpenLineage, one or an array of them or one a line (OpenLineage 2.0, `RunEvent`).
//!
//! Data sets are all that OpenLineage knows. What a completed run wrote is made from what it read: a data set derived from
//! data sets, or, where an output has the name of the model that the import is about, a model trained on them. Runs that
//! failed, or of which only the start is told, made nothing.

use stillwatch_core::{Severity, shown};
use stillwatch_json::Value as Node;
use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{DocumentKind, Draft, EdgeKind, Import, NodeRef, Origin, Scheme, StrictVerdict};

use super::{Recorded, day_of, run};
use crate::importers::records::records;
use crate::importers::{Importer, Input, Sign};

pub const IMPORTER: Importer =
    Importer { format: "events of OpenLineage", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    root.each().next().is_some_and(|event| {
        let of_run = event.at(&["run", "runId"]).is_some() && event.at(&["job", "name"]).is_some();
        of_run && (event.get("schemaURL").is_some() || event.get("eventType").is_some())
    })
}

/// Reads events.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let mut draft = Draft::new(input.bytes, input.origin, DocumentKind::TrainingRun);
    records(input, &mut draft, |draft, event, prefix| one(draft, input.origin, event, prefix));
    let against = "OpenLineage 2.0".to_owned();
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against },
        errors => StrictVerdict::Invalid { against, errors },
    };
    draft.finish(strict)
}

fn one(draft: &mut Draft, origin: &Origin, event: Node<'_>, prefix: &str) {
    let at = |node: Node<'_>| format!("{prefix}{}", node.path());
    for key in ["eventTime", "producer", "schemaURL", "run", "job"] {
        if event.get(key).is_none() {
            let message = format!("the standard requires `{key}`");
            draft.tell(Severity::Error, at(event), "missing", message);
        }
    }
    match event.text_of("eventType").as_deref() {
        Some("COMPLETE") => {}
        Some("START" | "RUNNING" | "OTHER") => return,
        Some("FAIL" | "ABORT") => {
            return draft.tell(Severity::Note, at(event), "unfinished", "a run that failed made nothing");
        }
        other => {
            let message = format!("`{}` is no type of event", shown(other.unwrap_or_default()));
            return draft.tell(Severity::Error, at(event), "event-type", message);
        }
    }
    let job = event.get("job");
    let text = |key: &str| job.and_then(|job| job.text_of(key)).unwrap_or_default().into_owned();
    let id = event.at(&["run", "runId"]).and_then(Node::text).unwrap_or_default();
    let node = run("OpenLineage", &text("name"), &id);
    let mut record = Recorded::new(draft, origin, "OpenLineage", node);
    if let Some(time) = event.get("eventTime")
        && let Some(text) = time.text()
    {
        let day = day_of(record.draft, &text, &at(time));
        record.ended(day);
    }
    let inputs: Vec<NodeRef> =
        event.get("inputs").into_iter().flat_map(Node::items).filter_map(data).take(MOST_SETS).collect();
    for output in event.get("outputs").into_iter().flat_map(Node::items).take(MOST_SETS) {
        let Some(set) = data(output) else {
            record.draft.tell(Severity::Error, at(output), "missing", "a data set has `namespace` and `name`");
            continue;
        };
        let path = at(output);
        let last = set.name.rsplit(['/', '.']).next().unwrap_or_default();
        let is_called = |model: &NodeRef| [set.name.as_str(), last].iter().any(|own| fold(&model.name) == fold(own));
        let model = record.model.clone().filter(is_called);
        let (made, edge) = match model {
            Some(model) => (model, EdgeKind::TrainedOn),
            None => (set, EdgeKind::DerivedFrom),
        };
        let run = record.run.clone();
        // One run writes several things, each from all that it read.
        record.said.clear();
        record.edge(made.clone(), EdgeKind::ProducedBy, run, &path);
        for input in inputs.iter().filter(|input| **input != made) {
            record.edge(made.clone(), edge, input.clone(), &path);
        }
    }
}

/// A data set by its namespace and name.
fn data(set: Node<'_>) -> Option<NodeRef> {
    let name = set.text_of("name").filter(|name| !name.trim().is_empty())?;
    let namespace = set.text_of("namespace").unwrap_or_default();
    let id = if namespace.is_empty() { String::new() } else { format!("{}/{name}", namespace.trim_end_matches('/')) };
    Some(NodeRef::data_set(name.as_ref()).with(Scheme::Other, id))
}

/// Every output is made from every input: more of either are left out.
const MOST_SETS: usize = 200;
