//! Records of training runs, as the program kept them that ran or watched the training: `trainer_state.json` of
//! transformers, runs of MLflow and of Weights & Biases, events of OpenLineage.
//!
//! Such a record was written while the model was made and by a program, so it counts as the word of a third party and its
//! edges as evidence. Where whoever imports it says that the maker handed it over (`--said-by`), it is the maker's word
//! again: an unsigned file could have been written by hand. Wrapped in a signed attestation it counts as signed. Who
//! started a run, on which host and from which folder is not read.

mod mlflow;
mod open_lineage;
mod trainer_state;
mod wandb;

pub use mlflow::{IMPORTER as MLFLOW, read as read_mlflow};
pub use open_lineage::{IMPORTER as OPEN_LINEAGE, read as read_open_lineage};
pub use trainer_state::{IMPORTER as TRAINER_STATE, read as read_trainer_state};
pub use wandb::{IMPORTER as WANDB, read as read_wandb};

use std::collections::BTreeSet;

use stillwatch_core::{Date, Severity, shown};
use stillwatch_json::Value as Node;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, Draft, EdgeKind, EvidenceKind, NodeKind, NodeRef, Object, Origin, Predicate, Scheme, Statement, Value,
};

use crate::importers::prose;

/// A run whose record is read, and the model that it made where that is known.
struct Recorded<'d> {
    draft: &'d mut Draft,
    run: NodeRef,
    model: Option<NodeRef>,
    /// The program that kept the record.
    program: NodeRef,
    kind: EvidenceKind,
    on: Option<Date>,
    said: BTreeSet<(EdgeKind, NodeRef)>,
}

impl<'d> Recorded<'d> {
    fn new(draft: &'d mut Draft, origin: &Origin, program: &str, run: NodeRef) -> Self {
        let kind = if origin.said_by.is_some() { EvidenceKind::SelfClaim } else { EvidenceKind::ThirdParty };
        Self {
            draft,
            run,
            model: origin.subject.clone().filter(|subject| subject.kind == NodeKind::Model),
            program: NodeRef::new(NodeKind::Software, program),
            kind,
            on: None,
            said: BTreeSet::new(),
        }
    }

    /// What the edges of the run are said of: the model where it is known, else the run.
    fn made(&self) -> NodeRef {
        self.model.clone().unwrap_or_else(|| self.run.clone())
    }

    /// Says that the run made the model, or that no model is named.
    fn produced(&mut self, path: &str) {
        match self.model.clone() {
            Some(model) => {
                let run = self.run.clone();
                self.edge(model, EdgeKind::ProducedBy, run, path);
            }
            None => self.draft.tell(
                Severity::Warning,
                path,
                "subject",
                "the record does not say which model the run made; name it when importing (`--about`)",
            ),
        }
    }

    fn edge(&mut self, subject: NodeRef, edge: EdgeKind, object: NodeRef, path: &str) {
        if self.said.insert((edge, object.clone())) {
            self.push(subject, edge.into(), Object::Node(object), path);
        }
    }

    fn text(&mut self, attribute: &str, text: &str, path: &str) {
        if placeholder(text).is_none() {
            let of = self.run.clone();
            self.push(of, attribute.into(), Object::Value(Value::Text(text.to_owned())), path);
        }
    }

    fn number(&mut self, attribute: &str, number: &str, path: &str) {
        let of = self.run.clone();
        self.push(of, attribute.into(), Object::Value(Value::Number(number.to_owned())), path);
    }

    fn push(&mut self, subject: NodeRef, predicate: Predicate, object: Object, path: &str) {
        let mut statement = Statement::new(subject, predicate, object, path);
        statement.kind = self.kind;
        statement.said_on = self.on;
        if self.kind > EvidenceKind::SelfClaim {
            statement.said_by = Some(self.program.clone());
        }
        self.draft.push(statement);
    }

    /// Says something that a rule takes from a setting whose name does not tell for certain: it waits for a reviewer.
    fn propose(&mut self, subject: NodeRef, edge: EdgeKind, object: NodeRef, path: &str, quote: String) {
        let mut statement = Statement::new(subject, edge, Object::Node(object), path);
        statement.said_on = self.on;
        statement.quote = Some(quote);
        statement.proposed = true;
        self.draft.push(statement);
    }

    /// A setting of the run: a parent, a teacher, data, or one of the numbers by which the run could be made again.
    fn setting(&mut self, name: &str, text: &str, path: &str) {
        if placeholder(text).is_some() || text.len() > MOST_NAME {
            return;
        }
        let name = name.rsplit(['/', '.']).next().unwrap_or(name).to_ascii_lowercase();
        let made = self.made();
        let named = |kind| named(kind, text);
        match name.as_str() {
            "model_name_or_path" | "base_model_name_or_path" | "pretrained_model_name_or_path" | "base_model" => {
                let parent = named(NodeKind::Model);
                // A run that goes on from its own checkpoint names itself.
                if !self.is_own(&parent) {
                    self.edge(made, EdgeKind::FineTunedFrom, parent, path);
                }
            }
            "model_name" | "_name_or_path" | "init_from" => {
                let parent = named(NodeKind::Model);
                if !self.is_own(&parent) {
                    self.propose(made, EdgeKind::FineTunedFrom, parent, path, format!("{name}: {text}"));
                }
            }
            "teacher_model" | "teacher_model_name_or_path" | "teacher_name_or_path" => {
                let teacher = named(NodeKind::Model);
                self.edge(made, EdgeKind::DistilledFrom, teacher, path);
            }
            "dataset_name" | "dataset_id" | "train_dataset" | "train_dataset_name" | "dataset_mixture_name" => {
                let data = named(NodeKind::DataSet);
                self.edge(made, EdgeKind::TrainedOn, data, path);
            }
            "eval_dataset" | "eval_dataset_name" => {
                let data = named(NodeKind::DataSet);
                self.edge(made, EdgeKind::EvaluatedOn, data, path);
            }
            _ if SETTINGS.contains(&name.as_str()) => {
                self.text(Attribute::HYPERPARAMETER, &format!("{name} {text}"), path);
            }
            _ => {}
        }
    }

    fn is_own(&self, other: &NodeRef) -> bool {
        self.model.as_ref().is_some_and(|model| {
            model.name == other.name || model.identifiers.iter().any(|own| other.identifiers.contains(own))
        })
    }

    /// The day on which the run ended, for all that is said after it.
    fn ended(&mut self, day: Option<Date>) {
        self.on = day;
    }
}

/// A longer name is text.
const MOST_NAME: usize = 400;

/// Settings by which a run could be made again.
const SETTINGS: &[&str] = &[
    "learning_rate",
    "lr",
    "num_train_epochs",
    "num_epochs",
    "max_steps",
    "per_device_train_batch_size",
    "train_batch_size",
    "gradient_accumulation_steps",
    "seed",
    "warmup_ratio",
    "warmup_steps",
    "weight_decay",
    "optim",
    "lr_scheduler_type",
    "max_seq_length",
    "lora_r",
    "lora_alpha",
];

/// A thing by a name, a repository on the Hub, or the last part of a path: folders of somebody's machine say nothing.
fn named(kind: NodeKind, text: &str) -> NodeRef {
    if prose::is_repository(text) {
        return prose::reference(kind, text, None);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return prose::reference(kind, &prose::address_name(text), Some(text));
    }
    let is_path = text.contains(['/', '\\']);
    let last = text.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(text);
    NodeRef::new(kind, if is_path && !last.is_empty() { last } else { text })
}

/// Text or a number as it stands, for settings.
fn plain(value: Node<'_>) -> Option<String> {
    value.text().map(std::borrow::Cow::into_owned).or_else(|| value.number().map(str::to_owned))
}

/// The day of a time in milliseconds since 1970, as a number or as text.
fn day_of_milliseconds(text: &str) -> Option<Date> {
    let milliseconds: i64 = text.parse().ok()?;
    let days = milliseconds.div_euclid(24 * 60 * 60 * 1000);
    (0..=MOST_DAYS).contains(&days).then(|| i32::try_from(days).ok().map(Date::from_days)).flatten()
}

/// The year 2200.
const MOST_DAYS: i64 = 84_000;

/// The day of an ISO 8601 time; what is none is told.
fn day_of(draft: &mut Draft, text: &str, path: &str) -> Option<Date> {
    let day = text.get(..10).and_then(Date::parse).or_else(|| Date::parse(text));
    if day.is_none() {
        draft.tell(Severity::Warning, path, "date", format!("`{}` is no date", shown(text)));
    }
    day
}

/// A run by its name and its identifier in the program that kept the record.
fn run(program: &str, name: &str, id: &str) -> NodeRef {
    let name = match (name.trim(), id.trim()) {
        ("", "") => format!("{program} run"),
        ("", id) => format!("{program} run {id}"),
        (name, _) => name.to_owned(),
    };
    let local =
        if id.is_empty() { String::new() } else { format!("{}:{id}", program.to_lowercase().replace(' ', "-")) };
    NodeRef::new(NodeKind::Run, name).with(Scheme::Other, local)
}
