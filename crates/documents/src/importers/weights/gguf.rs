//! What the metadata of GGUF says and what its tensors are.

use stillwatch_core::{Severity, shown};
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, EvidenceKind, Import, NodeKind, NodeRef, Object, Origin, Scheme,
    Statement, Value,
};
use stillwatch_weights::{Gguf, GgufValue, Shapes, gguf_file_kind};

use super::shapes::{is_shard, state as state_shapes};
use crate::importers::prose;

/// Parents and data sets of one header that are read.
const MOST_PARENTS: u64 = 256;

/// Reads a whole file, or as much of one as there is.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    read_prefix(bytes, bytes.len() as u64, origin)
}

/// Reads the beginning of a file of `length` bytes.
pub fn read_prefix(bytes: &[u8], length: u64, origin: &Origin) -> Import {
    let header = Gguf::read(bytes, length, &origin.limits);
    // What follows the header belongs to the weights and not to the document, wherever the header ends.
    let mut draft = Draft::new(&bytes[..header.size], origin, DocumentKind::Gguf);
    draft.tell_all(&header.diagnostics);
    state(&mut draft, &header, origin);
    super::finish(draft, "GGUF")
}

fn state(draft: &mut Draft, header: &Gguf, origin: &Origin) {
    if header.metadata.is_empty() && header.tensors.is_empty() {
        return;
    }
    let metadata = Metadata { header };
    let name = metadata.text("general.name").map(|(name, _)| name);
    if let Some(name) = name {
        draft.title(name);
    }
    let subject =
        origin.subject.clone().unwrap_or_else(|| NodeRef::model(name.unwrap_or_else(|| prose::stem(&origin.name))));
    for (key, attribute) in [
        ("general.version", Attribute::VERSION),
        ("general.description", Attribute::DESCRIPTION),
        ("general.quantized_by", "quantised-by"),
        ("general.finetune", "fine-tune"),
        ("general.size_label", "size-label"),
        ("general.basename", "base-name"),
        ("tokenizer.ggml.model", Attribute::TOKENIZER),
    ] {
        if let Some((text, path)) = metadata.text(key) {
            draft.text(subject.clone(), attribute, text, path);
        }
    }
    for key in ["general.author", "general.organization"] {
        if let Some((text, path)) = metadata.text(key) {
            draft.node(subject.clone(), EdgeKind::OwnedBy, NodeRef::organisation(text), path);
        }
    }
    for (text, path) in metadata.texts("general.languages") {
        draft.text(subject.clone(), Attribute::LANGUAGE, text, path);
    }
    licence(draft, &subject, &metadata);
    parents(draft, &subject, &metadata);
    data_sets(draft, &subject, &metadata);
    architecture(draft, &subject, &metadata);
    let shapes = Shapes::of(&header.tensors);
    quantisation(draft, &subject, &metadata, &shapes);
    state_shapes(draft, &subject, &shapes, is_shard(&origin.name));
    if let Some((GgufValue::Array(count, _), at)) = header.metadata.get("tokenizer.ggml.tokens")
        && shapes.vocabulary.is_none()
    {
        let value = Object::Value(Value::Number(count.to_string()));
        let mut tokens = Statement::new(subject, Attribute::VOCABULARY_SIZE, value, path("tokenizer.ggml.tokens", *at));
        tokens.kind = EvidenceKind::Recomputed;
        draft.push(tokens);
    }
}

struct Metadata<'h> {
    header: &'h Gguf,
}

impl<'h> Metadata<'h> {
    /// A text and where it stands; blank ones are none.
    fn text(&self, key: &str) -> Option<(&'h str, String)> {
        match self.header.metadata.get(key)? {
            (GgufValue::Text(text), at) if !text.trim().is_empty() => Some((text.trim(), path(key, *at))),
            _ => None,
        }
    }

    fn number(&self, key: &str) -> Option<(&'h str, String)> {
        match self.header.metadata.get(key)? {
            (GgufValue::Number(number), at) => Some((number, path(key, *at))),
            _ => None,
        }
    }

    fn texts(&self, key: &str) -> Vec<(&'h str, String)> {
        match self.header.metadata.get(key) {
            Some((GgufValue::Array(_, texts), at)) => {
                texts.iter().map(|text| (text.as_str(), path(key, *at))).collect()
            }
            Some((GgufValue::Text(text), at)) => vec![(text.as_str(), path(key, *at))],
            _ => Vec::new(),
        }
    }
}

fn path(key: &str, at: usize) -> String {
    format!("byte {at} {}", shown(key))
}

fn licence(draft: &mut Draft, subject: &NodeRef, metadata: &Metadata<'_>) {
    let link = metadata.text("general.license.link").map(|(link, _)| link).unwrap_or_default();
    let named = metadata.text("general.license.name");
    let found = match (metadata.text("general.license"), named) {
        (Some(("other", _)) | None, Some(named)) => Some(named),
        (id, _) => id,
    };
    let Some((name, path)) = found.filter(|(name, _)| placeholder(name).is_none() && *name != "other") else { return };
    let spdx = crate::importers::hugging_face::spdx(name).flatten();
    let node = NodeRef::licence(spdx.unwrap_or(name)).with(Scheme::Spdx, spdx.unwrap_or_default());
    draft.node(subject.clone(), EdgeKind::LicensedUnder, node.with(Scheme::Url, link), path);
}

/// `general.base_model.{n}`: the models that this one was made from. The header does not say how; several are a merge.
fn parents(draft: &mut Draft, subject: &NodeRef, metadata: &Metadata<'_>) {
    let count = numbered(draft, metadata, "general.base_model");
    let edge = if count > 1 { EdgeKind::MergedFrom } else { EdgeKind::FineTunedFrom };
    for (node, path) in named(metadata, "general.base_model", count, NodeKind::Model) {
        let mut statement = Statement::new(subject.clone(), edge, Object::Node(node), path);
        statement.qualifiers.insert("inferred".into(), "the header names a base model and no relation".into());
        draft.push(statement);
    }
    let source = ["general.source.repo_url", "general.source.huggingface.repository", "general.source.url"]
        .iter()
        .find_map(|key| metadata.text(key));
    if let Some((address, path)) = source {
        let name = prose::address_name(address);
        let node = prose::reference(NodeKind::Model, &name, Some(address));
        let same = node.identifiers.iter().any(|id| subject.identifiers.contains(id)) || node.name == subject.name;
        if !same {
            let mut statement = Statement::new(subject.clone(), EdgeKind::QuantisedFrom, Object::Node(node), path);
            statement.qualifiers.insert("inferred".into(), "the source of a converted file".into());
            draft.push(statement);
        }
    }
}

fn data_sets(draft: &mut Draft, subject: &NodeRef, metadata: &Metadata<'_>) {
    let count = numbered(draft, metadata, "general.dataset");
    for (node, path) in named(metadata, "general.dataset", count, NodeKind::DataSet) {
        draft.node(subject.clone(), EdgeKind::TrainedOn, node, path);
    }
    for (id, path) in metadata.texts("general.datasets") {
        if placeholder(id).is_none() {
            let node = prose::reference(NodeKind::DataSet, id, None);
            draft.node(subject.clone(), EdgeKind::TrainedOn, node, path);
        }
    }
}

fn numbered(draft: &mut Draft, metadata: &Metadata<'_>, key: &str) -> u64 {
    let Some((count, path)) = metadata.number(&format!("{key}.count")) else { return 0 };
    let count = count.parse().unwrap_or(0);
    if count > MOST_PARENTS {
        draft.tell(Severity::Error, path, "too-many", format!("{count} entries, of which {MOST_PARENTS} are read"));
    }
    count.min(MOST_PARENTS)
}

fn named(metadata: &Metadata<'_>, key: &str, count: u64, kind: NodeKind) -> Vec<(NodeRef, String)> {
    let entry = |number: u64| {
        let of = |part: &str| metadata.text(&format!("{key}.{number}.{part}"));
        let name = of("name").filter(|(name, _)| placeholder(name).is_none());
        let address = of("repo_url").or_else(|| of("url"));
        let path = name.as_ref().or(address.as_ref())?.1.clone();
        let name = match &name {
            Some((name, _)) => (*name).to_owned(),
            None => prose::address_name(address.as_ref()?.0),
        };
        let node = prose::reference(kind, &name, address.as_ref().map(|(address, _)| *address));
        let doi = of("doi").map(|(doi, _)| doi).unwrap_or_default();
        Some((node.with(Scheme::Doi, doi), path))
    };
    (0..count).filter_map(entry).collect()
}

fn architecture(draft: &mut Draft, subject: &NodeRef, metadata: &Metadata<'_>) {
    let Some((architecture, place)) = metadata.text("general.architecture") else {
        draft.tell(Severity::Warning, "", "missing", "`general.architecture` is required and missing");
        return;
    };
    // GGUF files of several families (Mistral, Mixtral, Yi) say `llama`: it contradicts none of them.
    let attribute = if architecture == "llama" { "gguf.architecture" } else { Attribute::ARCHITECTURE };
    draft.text(subject.clone(), attribute, architecture, place);
    for (key, attribute) in [
        ("context_length", Attribute::CONTEXT_LENGTH),
        ("embedding_length", Attribute::HIDDEN_SIZE),
        ("block_count", Attribute::LAYERS),
        ("vocab_size", Attribute::VOCABULARY_SIZE),
    ] {
        if let Some((number, path)) = metadata.number(&format!("{architecture}.{key}")) {
            draft.value(subject.clone(), attribute, Value::Number(number.to_owned()), path);
        }
    }
    if let Some((number, path)) = metadata.number("general.parameter_count") {
        draft.value(subject.clone(), Attribute::PARAMETERS, Value::Number(number.to_owned()), path);
    }
}

/// The file's own word for its quantisation, borne out by its weights, or contradicted where no matrix is of a kind that such
/// a file has. Which kind most of them have says nothing: files mix kinds, tensor by tensor.
fn quantisation(draft: &mut Draft, subject: &NodeRef, metadata: &Metadata<'_>, shapes: &Shapes) {
    let most = shapes.kind.as_deref();
    let word = metadata.number("general.file_type").and_then(|(number, path)| {
        let known = gguf_file_kind(number.parse().ok()?);
        if known.is_none() {
            let message = format!("file type {number} is not known to this version");
            draft.tell(Severity::Note, path.clone(), "file-type", message);
        }
        known.map(|(word, kinds)| (word, kinds, path))
    });
    let found = |value: &str, path: &str, denied: bool| {
        let value = Object::Value(value.into());
        let mut statement = Statement::new(subject.clone(), Attribute::QUANTISATION, value, path);
        statement.kind = EvidenceKind::Recomputed;
        statement.denied = denied;
        if let Some(most) = most {
            statement.qualifiers.insert("tensor-type".into(), most.into());
        }
        statement
    };
    match (word, most) {
        (Some((word, kinds, path)), Some(_)) if shapes.kinds.iter().any(|own| kinds.contains(&own.as_str())) => {
            draft.push(found(word, &path, false));
        }
        (Some((word, _, path)), Some(most)) => {
            draft.push(found(most, "tensor types", false));
            draft.text(subject.clone(), Attribute::QUANTISATION, word, path.clone());
            draft.push(found(word, "tensor types", true));
            let kinds = shapes.kinds.join(", ");
            let message = format!("the header says {word}, and no matrix is of a kind that it stands for: {kinds}");
            draft.tell(Severity::Warning, path, "contradiction", message);
        }
        (Some((word, _, path)), None) => draft.text(subject.clone(), Attribute::QUANTISATION, word, path),
        (None, Some(most)) => draft.push(found(most, "tensor types", false)),
        (None, None) => {}
    }
}
