//! The header of safetensors: eight bytes of length, little-endian, then JSON.
//!
//! Format: huggingface/safetensors, `README.md`, "Format". Its reference reader refuses headers above 100 MB, holes,
//! overlaps, duplicate names, and a size that is not what shape and type make; so does this one.

use std::borrow::Cow;

use super::tensors::{Tensor, facts, is_shard, state};
use crate::import::{DocumentKind, Draft, Import, NodeRef, Object, Origin, Severity, Statement, StrictVerdict};
use crate::importers::prose;
use crate::json::{Json, Value as Node};
use crate::{Attribute, EvidenceKind};

/// What the reference reader allows.
const MOST_HEADER: u64 = 100_000_000;
const AGAINST: &str = "safetensors";

/// Reads a whole file, or as much of one as there is.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    read_prefix(bytes, bytes.len() as u64, origin)
}

/// Reads the beginning of a file of `length` bytes.
pub fn read_prefix(bytes: &[u8], length: u64, origin: &Origin) -> Import {
    parse(bytes, length, origin).0
}

/// The tensors of a header, as far as they can be read.
pub fn tensors(bytes: &[u8], length: u64, origin: &Origin) -> Vec<Tensor> {
    parse(bytes, length, origin).1
}

pub(crate) fn parse(bytes: &[u8], length: u64, origin: &Origin) -> (Import, Vec<Tensor>) {
    let header = bytes.first_chunk::<8>().map(|start| u64::from_le_bytes(*start));
    let end = header.and_then(|header| usize::try_from(header.checked_add(8)?).ok());
    let most = origin.limits.bytes.min(bytes.len());
    let document = &bytes[..end.unwrap_or(8).min(most)];
    let mut draft = Draft::new(document, origin, DocumentKind::Safetensors);
    let mut found = Vec::new();
    match (header, end) {
        (None, _) => draft.tell(Severity::Error, "byte 0", "truncated", "fewer than the eight bytes of the length"),
        (Some(header), _) if header > MOST_HEADER => {
            let message = format!("a header of {header} bytes; at most {MOST_HEADER} are allowed");
            draft.tell(Severity::Error, "byte 0", "absurd-length", message);
        }
        (Some(header), Some(end)) => {
            if header.saturating_add(8) > length {
                let message = format!("a header of {header} bytes in a file of {length}");
                draft.tell(Severity::Error, "byte 0", "truncated", message);
            } else if end > most {
                let message = format!("a header of {header} bytes, of which {} may be read", most.saturating_sub(8));
                draft.tell(Severity::Error, "byte 8", "too-large", message);
            }
            let json = Json::read(document.get(8..).unwrap_or_default(), &origin.limits);
            for diagnostic in json.diagnostics() {
                draft.tell(
                    diagnostic.severity,
                    diagnostic.path.clone(),
                    diagnostic.code.clone(),
                    diagnostic.message.clone(),
                );
            }
            if document.get(8) != Some(&b'{') {
                draft.tell(Severity::Error, "byte 8", "json", "the header does not begin with `{`");
            }
            if let Some(root) = json.root() {
                let data = length.saturating_sub(header.saturating_add(8));
                whole(&mut draft, root, data, origin, &mut found);
            }
        }
        (Some(_), None) => draft.tell(Severity::Error, "byte 0", "absurd-length", "the length cannot be"),
    }
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against: AGAINST.into() },
        errors => StrictVerdict::Invalid { against: AGAINST.into(), errors },
    };
    (draft.finish(strict), found)
}

fn whole(draft: &mut Draft, root: Node<'_>, data: u64, origin: &Origin, found: &mut Vec<Tensor>) {
    let subject = origin.subject.clone().unwrap_or_else(|| NodeRef::model(prose::stem(&origin.name)));
    for (name, entry) in root.entries() {
        if name == "__metadata__" {
            metadata(draft, &subject, entry);
        } else if let Some(tensor) = tensor(draft, name, entry) {
            found.push(tensor);
        }
    }
    layout(draft, found, data);
    let facts = facts(found);
    state(draft, &subject, &facts, is_shard(&origin.name));
    if facts.adapter {
        draft.text(subject.clone(), "weights", "an adapter: differences to another model's weights", "tensor names");
    } else if let (Some(kind), false) = (&facts.kind, facts.packed) {
        let mut statement =
            Statement::new(subject, Attribute::QUANTISATION, Object::Value(kind.as_str().into()), "tensor types");
        statement.kind = EvidenceKind::Recomputed;
        draft.push(statement);
    }
}

fn metadata(draft: &mut Draft, subject: &NodeRef, entry: Node<'_>) {
    if !entry.is_object() {
        let message = format!("`__metadata__` is {}, not an object", entry.kind_name());
        draft.tell(Severity::Error, entry.path(), "wrong-type", message);
    }
    for (key, value) in entry.entries() {
        match value.text() {
            Some(text) => match key.as_ref() {
                "modelspec.title" => draft.title(&text),
                "modelspec.license" | "license" => {
                    draft.node(subject.clone(), crate::EdgeKind::LicensedUnder, NodeRef::licence(text), value.path());
                }
                "modelspec.author" => {
                    draft.node(subject.clone(), crate::EdgeKind::OwnedBy, NodeRef::organisation(text), value.path());
                }
                "ss_base_model_version" | "ss_sd_model_name" | "base_model" => {
                    draft.node(subject.clone(), crate::EdgeKind::FineTunedFrom, NodeRef::model(text), value.path());
                }
                "modelspec.architecture" => draft.text(subject.clone(), Attribute::ARCHITECTURE, &text, value.path()),
                _ => draft.text(subject.clone(), format!("safetensors.{key}"), &text, value.path()),
            },
            None => draft.tell(Severity::Error, value.path(), "wrong-type", "metadata are texts"),
        }
    }
}

fn tensor(draft: &mut Draft, name: Cow<'_, str>, entry: Node<'_>) -> Option<Tensor> {
    let path = || entry.path();
    let numbers = |key: &str| -> Option<Vec<u64>> {
        let value = entry.get(key)?;
        value.is_array().then_some(())?;
        value.items().map(|item| item.number()?.parse().ok()).collect()
    };
    let kind = entry.text_of("dtype").map(Cow::into_owned);
    let (Some(kind), Some(shape), Some(offsets)) = (kind, numbers("shape"), numbers("data_offsets")) else {
        draft.tell(Severity::Error, path(), "tensor", "a tensor has `dtype`, `shape` and `data_offsets`");
        return None;
    };
    let [begin, end] = offsets[..] else {
        draft.tell(Severity::Error, path(), "tensor", "`data_offsets` are two numbers");
        return None;
    };
    let tensor = Tensor { name: name.into_owned(), kind, shape, begin, end };
    if begin > end {
        draft.tell(Severity::Error, path(), "offsets", format!("begins at {begin} and ends at {end}"));
        return None;
    }
    let Some(bits) = bits(&tensor.kind) else {
        draft.tell(
            Severity::Error,
            path(),
            "dtype",
            format!("`{}` is no type of safetensors", crate::import::shown(&tensor.kind)),
        );
        return Some(tensor);
    };
    let size = tensor.shape.iter().try_fold(bits, |product, &side| product.checked_mul(side));
    if size.is_none_or(|bits| bits % 8 != 0 || bits / 8 != end - begin) {
        let message = format!("{} bytes, which is not what shape and type make", end - begin);
        draft.tell(Severity::Error, path(), "size", message);
    }
    Some(tensor)
}

/// Data without holes and overlaps that end where the file ends.
fn layout(draft: &mut Draft, tensors: &[Tensor], data: u64) {
    let mut order: Vec<&Tensor> = tensors.iter().collect();
    order.sort_by_key(|tensor| (tensor.begin, tensor.end));
    let mut at = 0_u64;
    for tensor in order {
        let name = crate::import::shown(&tensor.name);
        if tensor.begin < at {
            draft.tell(
                Severity::Error,
                format!("/{name}"),
                "overlap",
                format!("begins at {} within another", tensor.begin),
            );
        } else if tensor.begin > at {
            draft.tell(
                Severity::Error,
                format!("/{name}"),
                "hole",
                format!("bytes {at} to {} are no tensor's", tensor.begin),
            );
        }
        at = at.max(tensor.end);
    }
    if at > data {
        draft.tell(Severity::Error, "", "truncated", format!("{at} bytes of data in the header, {data} in the file"));
    } else if at < data {
        draft.tell(Severity::Error, "", "trailing-bytes", format!("{} bytes behind the last tensor", data - at));
    }
}

/// Bits of one element (`Dtype` of the reference reader, 0.8).
fn bits(kind: &str) -> Option<u64> {
    Some(match kind {
        "F4" => 4,
        "F6_E2M3" | "F6_E3M2" => 6,
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" | "F8_E4M3FNUZ" | "F8_E5M2FNUZ" => 8,
        "I16" | "U16" | "F16" | "BF16" => 16,
        "I32" | "U32" | "F32" => 32,
        "I64" | "U64" | "F64" | "C64" => 64,
        _ => return None,
    })
}
