//! `config.json` of transformers, and `adapter_config.json` of PEFT: what a model says of its own shape.
//!
//! Field names differ by family; those read here are the ones of `PretrainedConfig` and its `attribute_map`s
//! (huggingface/transformers, `configuration_*.py`).

use stillwatch_core::Severity;
use stillwatch_json::Value as Node;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Statement, StrictVerdict,
    Value,
};

use crate::importers::{Importer, Input, Sign, prose};

const SIZES: &[(&str, &[&str])] = &[
    (Attribute::HIDDEN_SIZE, &["hidden_size", "n_embd", "d_model", "dim", "model_dim"]),
    (Attribute::LAYERS, &["num_hidden_layers", "n_layer", "n_layers", "num_layers"]),
    (Attribute::VOCABULARY_SIZE, &["vocab_size"]),
    (
        Attribute::CONTEXT_LENGTH,
        &["max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length", "seq_length"],
    ),
];

pub const IMPORTER: Importer = Importer { format: "model configuration", sign: Sign::Json(recognises), import };

fn recognises(root: Node<'_>, input: &Input<'_>) -> bool {
    let has = |key: &str| root.get(key).is_some();
    has("architectures") || has("model_type") || input.name() == "config.json"
}

/// Reads a configuration. The subject is the origin's.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let origin = input.origin;
    let (mut draft, json) = input.json_draft(DocumentKind::Config);
    let Some(root) = json.root().filter(|root| root.is_object()) else {
        draft.tell(Severity::Error, "", "wrong-type", "a configuration is an object");
        let errors = draft.errors();
        return draft.finish(StrictVerdict::Invalid { against: "JSON".into(), errors });
    };
    let subject = origin.subject.clone().unwrap_or_else(|| NodeRef::model(prose::stem(&origin.name)));
    if root.get("peft_type").is_some() {
        adapter(&mut draft, &subject, root);
    } else {
        model(&mut draft, &subject, root);
    }
    let strict = match draft.errors() {
        0 => StrictVerdict::NotChecked { why: "configurations have no schema; every model adds its own fields".into() },
        errors => StrictVerdict::Invalid { against: "JSON".into(), errors },
    };
    draft.finish(strict)
}

fn model(draft: &mut Draft, subject: &NodeRef, root: Node<'_>) {
    for architecture in root.get("architectures").into_iter().flat_map(Node::each) {
        if let Some(text) = architecture.text() {
            draft.text(subject.clone(), Attribute::ARCHITECTURE, &text, architecture.path());
        }
    }
    text(draft, subject, root, "model_type", "model-type");
    text(draft, subject, root, "tokenizer_class", Attribute::TOKENIZER);
    text(draft, subject, root, "transformers_version", "transformers-version");
    // Models that also see or hear keep the sizes of the language part apart.
    let nested = ["text_config", "llm_config", "language_config"].iter().find_map(|key| root.get(key));
    for (attribute, keys) in SIZES {
        let found = [Some(root), nested].into_iter().flatten().find_map(|at| keys.iter().find_map(|key| at.get(key)));
        let Some(value) = found else { continue };
        match value.number() {
            Some(number) => draft.value(subject.clone(), *attribute, Value::Number(number.to_owned()), value.path()),
            None if value.is_null() => {}
            None => {
                let message = format!("{}, not a number", value.kind_name());
                draft.tell(Severity::Error, value.path(), "wrong-type", message);
            }
        }
    }
    quantisation(draft, subject, root);
    if let Some(value) = root.get("_name_or_path")
        && let Some(name) = value.text()
        && placeholder(&name).is_none()
        && prose::is_repository(&name)
    {
        // The checkpoint that was loaded before this one was saved: often the parent, sometimes the model itself.
        let parent = prose::reference(NodeKind::Model, &name, None);
        if !parent.identifiers.iter().any(|id| subject.identifiers.contains(id)) {
            let mut loaded =
                Statement::new(subject.clone(), EdgeKind::FineTunedFrom, Object::Node(parent), value.path());
            loaded.quote = Some(format!("\"_name_or_path\": {}", value.raw()));
            loaded.proposed = true;
            draft.push(loaded);
        }
    }
}

fn adapter(draft: &mut Draft, subject: &NodeRef, root: Node<'_>) {
    text(draft, subject, root, "peft_type", "adapter-type");
    if let Some(value) = root.get("base_model_name_or_path")
        && let Some(name) = value.text().filter(|name| placeholder(name).is_none())
    {
        let base = prose::reference(NodeKind::Model, &name, None);
        draft.node(subject.clone(), EdgeKind::AdapterOf, base, value.path());
    }
}

/// `GPTQ 4 bit` of a quantised model, else the type of its weights in the words of safetensors.
fn quantisation(draft: &mut Draft, subject: &NodeRef, root: Node<'_>) {
    if let Some(own) = root.get("quantization_config").filter(|own| own.is_object()) {
        let method = own.text_of("quant_method").unwrap_or("a method that is not named".into());
        let bits = own.get("bits").and_then(Node::number);
        let flag = |key: &str| own.get(key).and_then(Node::flag) == Some(true);
        let bits = bits.or_else(|| flag("load_in_4bit").then_some("4")).or_else(|| flag("load_in_8bit").then_some("8"));
        let words = bits.map_or_else(|| method.to_string(), |bits| format!("{method} {bits} bit"));
        draft.text(subject.clone(), Attribute::QUANTISATION, &words, own.path());
        return;
    }
    let Some(value) = root.get("torch_dtype").or_else(|| root.get("dtype")) else { return };
    let Some(word) = value.text() else { return };
    let kind = match word.trim_start_matches("torch.") {
        "bfloat16" => "BF16",
        "float16" | "half" => "F16",
        "float32" | "float" => "F32",
        "float8_e4m3fn" => "F8_E4M3",
        other => other,
    };
    draft.text(subject.clone(), Attribute::QUANTISATION, kind, value.path());
}

fn text(draft: &mut Draft, subject: &NodeRef, root: Node<'_>, key: &str, attribute: &str) {
    if let Some(value) = root.get(key)
        && let Some(text) = value.text().filter(|text| placeholder(text).is_none())
    {
        draft.text(subject.clone(), attribute, &text, value.path());
    }
}
