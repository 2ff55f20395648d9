//! What the header of safetensors says and what its tensors are.

use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, EvidenceKind, Import, NodeRef, Object, Origin, Statement,
};
use stillwatch_weights::{Safetensors, SafetensorsText, Shapes};

use super::shapes::{is_shard, state};
use crate::importers::prose;

/// Reads a whole file, or as much of one as there is.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    read_prefix(bytes, bytes.len() as u64, origin)
}

/// Reads the beginning of a file of `length` bytes.
pub fn read_prefix(bytes: &[u8], length: u64, origin: &Origin) -> Import {
    let header = Safetensors::read(bytes, length, &origin.limits);
    let mut draft = Draft::new(&bytes[..header.size], origin, DocumentKind::Safetensors);
    draft.tell_all(&header.diagnostics);
    if header.is_json {
        let subject = origin.subject.clone().unwrap_or_else(|| NodeRef::model(prose::stem(&origin.name)));
        for entry in &header.metadata {
            metadata(&mut draft, &subject, entry);
        }
        tensors(&mut draft, subject, &header, is_shard(&origin.name));
    }
    super::finish(draft, "safetensors")
}

fn metadata(draft: &mut Draft, subject: &NodeRef, entry: &SafetensorsText) {
    let SafetensorsText { key, text, path } = entry;
    let (subject, path) = (subject.clone(), path.clone());
    match key.as_str() {
        "modelspec.title" => draft.title(text),
        "modelspec.license" | "license" => {
            draft.node(subject, EdgeKind::LicensedUnder, NodeRef::licence(text), path);
        }
        "modelspec.author" => draft.node(subject, EdgeKind::OwnedBy, NodeRef::organisation(text), path),
        "ss_base_model_version" | "ss_sd_model_name" | "base_model" => {
            draft.node(subject, EdgeKind::FineTunedFrom, NodeRef::model(text), path);
        }
        "modelspec.architecture" => draft.text(subject, Attribute::ARCHITECTURE, text, path),
        _ => draft.text(subject, format!("safetensors.{key}"), text, path),
    }
}

fn tensors(draft: &mut Draft, subject: NodeRef, header: &Safetensors, shard: bool) {
    let shapes = Shapes::of(&header.tensors);
    state(draft, &subject, &shapes, shard);
    if shapes.adapter {
        draft.text(subject, "weights", "an adapter: differences to another model's weights", "tensor names");
    } else if let (Some(kind), false) = (&shapes.kind, shapes.packed) {
        let mut statement =
            Statement::new(subject, Attribute::QUANTISATION, Object::Value(kind.as_str().into()), "tensor types");
        statement.kind = EvidenceKind::Recomputed;
        draft.push(statement);
    }
}
