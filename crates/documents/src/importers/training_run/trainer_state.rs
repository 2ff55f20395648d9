//! `trainer_state.json`, which the Trainer of transformers keeps beside each checkpoint (huggingface/transformers,
//! `TrainerState` in `trainer_callback.py`): steps, epochs, operations. It names neither model nor data.

use stillwatch_core::Severity;
use stillwatch_json::Value as Node;
use stillwatch_lineage::{Attribute, DocumentKind, Import, Origin, StrictVerdict};

use super::{Recorded, plain, run};
use crate::importers::{Importer, Input, Sign};

pub const IMPORTER: Importer =
    Importer { format: "state of a trainer", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    ["log_history", "global_step", "is_world_process_zero"].iter().all(|key| root.get(key).is_some())
}

/// Reads the state of a trainer. The model is the origin's subject.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let (mut draft, json) = input.json_draft(DocumentKind::TrainingRun);
    match json.root().filter(|root| root.is_object()) {
        Some(root) => whole(&mut Recorded::new(&mut draft, input.origin, "transformers", run("Trainer", "", "")), root),
        None => draft.tell(Severity::Error, "", "wrong-type", "the state of a trainer is an object"),
    }
    draft.finish(StrictVerdict::NotChecked { why: "states of trainers have no schema".into() })
}

fn whole(record: &mut Recorded<'_>, root: Node<'_>) {
    // The record has no name of its own: its last step and its operations tell it from others.
    let number = |key: &str| root.get(key).and_then(Node::number);
    let step = number("global_step").unwrap_or("?");
    record.run.name = match &record.model {
        Some(model) => format!("run of {}, {step} steps", model.name),
        None => format!("Trainer run, {step} steps"),
    };
    record.produced("");
    let of = number("max_steps").filter(|most| *most != step).map(|most| format!(" of {most}")).unwrap_or_default();
    let epochs = number("epoch").map(|epoch| format!(", {epoch} epochs")).unwrap_or_default();
    record.text(Attribute::TRAINING_PROCESS, &format!("{step} steps{of}{epochs}"), "/global_step");
    if let Some(operations) = root.get("total_flos").filter(|own| own.number().is_some_and(|own| own != "0")) {
        record.number(Attribute::TRAINING_COMPUTE, operations.number().unwrap_or_default(), &operations.path());
    }
    for key in ["train_batch_size", "num_train_epochs"] {
        if let Some(value) = root.get(key)
            && let Some(text) = plain(value)
        {
            record.setting(key, &text, &value.path());
        }
    }
    for (key, value) in root.get("trial_params").into_iter().flat_map(Node::entries).take(MOST_SETTINGS) {
        if let Some(text) = plain(value) {
            record.setting(&key, &text, &value.path());
        }
    }
}

const MOST_SETTINGS: usize = 1_000;
