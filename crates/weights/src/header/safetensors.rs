//! The header of safetensors: eight bytes of length, little-endian, then JSON.
//!
//! Format: huggingface/safetensors, `README.md`, "Format". Its reference reader refuses headers above 100 MB, holes,
//! overlaps, duplicate names, and a size that is not what shape and type make; so does this one.

use std::borrow::Cow;

use stillwatch_core::{Diagnostic, Diagnostics, Limits, Severity, shown};
use stillwatch_json::{Json, Value};

use crate::Tensor;

/// What the reference reader allows.
const MOST_HEADER: u64 = 100_000_000;

/// The header of a safetensors file, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Safetensors {
    /// The texts under `__metadata__`.
    pub metadata: Vec<SafetensorsText>,
    pub tensors: Vec<Tensor>,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the header is JSON, so that its metadata and tensors could be looked for.
    pub is_json: bool,
    /// Bytes of the header with its length; what follows belongs to the weights.
    pub size: usize,
}

/// A text that whoever wrote the file put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetensorsText {
    pub key: String,
    pub text: String,
    /// JSON Pointer into the header.
    pub path: String,
}

impl Safetensors {
    /// Reads the beginning of a file of `length` bytes, or all of it.
    pub fn read(bytes: &[u8], length: u64, limits: &Limits) -> Self {
        let mut diagnostics = Diagnostics::new(limits.diagnostics);
        let mut header = parse(bytes, length, limits, &mut diagnostics);
        header.diagnostics = diagnostics.finish();
        header
    }
}

fn parse(bytes: &[u8], length: u64, limits: &Limits, diagnostics: &mut Diagnostics) -> Safetensors {
    let claimed = bytes.first_chunk::<8>().map(|start| u64::from_le_bytes(*start));
    let end = claimed.and_then(|claimed| usize::try_from(claimed.checked_add(8)?).ok());
    let most = limits.bytes.min(bytes.len());
    let document = &bytes[..end.unwrap_or(8).min(most)];
    let mut header = Safetensors { size: document.len(), ..Safetensors::default() };
    match (claimed, end) {
        (None, _) => {
            diagnostics.tell(Severity::Error, "byte 0", "truncated", "fewer than the eight bytes of the length");
        }
        (Some(claimed), _) if claimed > MOST_HEADER => {
            let message = format!("a header of {claimed} bytes; at most {MOST_HEADER} are allowed");
            diagnostics.tell(Severity::Error, "byte 0", "absurd-length", message);
        }
        (Some(claimed), Some(end)) => {
            if claimed.saturating_add(8) > length {
                let message = format!("a header of {claimed} bytes in a file of {length}");
                diagnostics.tell(Severity::Error, "byte 0", "truncated", message);
            } else if end > most {
                let message = format!("a header of {claimed} bytes, of which {} may be read", most.saturating_sub(8));
                diagnostics.tell(Severity::Error, "byte 8", "too-large", message);
            }
            let json = Json::read(document.get(8..).unwrap_or_default(), limits);
            for diagnostic in json.diagnostics() {
                diagnostics.push(diagnostic.clone());
            }
            if document.get(8) != Some(&b'{') {
                diagnostics.tell(Severity::Error, "byte 8", "json", "the header does not begin with `{`");
            }
            if let Some(root) = json.root() {
                header.is_json = true;
                let data = length.saturating_sub(claimed.saturating_add(8));
                whole(diagnostics, root, data, &mut header);
            }
        }
        (Some(_), None) => diagnostics.tell(Severity::Error, "byte 0", "absurd-length", "the length cannot be"),
    }
    header
}

fn whole(diagnostics: &mut Diagnostics, root: Value<'_>, data: u64, header: &mut Safetensors) {
    for (name, entry) in root.entries() {
        if name == "__metadata__" {
            metadata(diagnostics, entry, &mut header.metadata);
        } else if let Some(tensor) = tensor(diagnostics, name, entry) {
            header.tensors.push(tensor);
        }
    }
    layout(diagnostics, &header.tensors, data);
}

fn metadata(diagnostics: &mut Diagnostics, entry: Value<'_>, found: &mut Vec<SafetensorsText>) {
    if !entry.is_object() {
        let message = format!("`__metadata__` is {}, not an object", entry.kind_name());
        diagnostics.tell(Severity::Error, entry.path(), "wrong-type", message);
    }
    for (key, value) in entry.entries() {
        match value.text() {
            Some(text) => {
                found.push(SafetensorsText { key: key.into_owned(), text: text.into_owned(), path: value.path() });
            }
            None => diagnostics.tell(Severity::Error, value.path(), "wrong-type", "metadata are texts"),
        }
    }
}

fn tensor(diagnostics: &mut Diagnostics, name: Cow<'_, str>, entry: Value<'_>) -> Option<Tensor> {
    let path = || entry.path();
    let numbers = |key: &str| -> Option<Vec<u64>> {
        let value = entry.get(key)?;
        value.is_array().then_some(())?;
        value.items().map(|item| item.number()?.parse().ok()).collect()
    };
    let kind = entry.text_of("dtype").map(Cow::into_owned);
    let (Some(kind), Some(shape), Some(offsets)) = (kind, numbers("shape"), numbers("data_offsets")) else {
        diagnostics.tell(Severity::Error, path(), "tensor", "a tensor has `dtype`, `shape` and `data_offsets`");
        return None;
    };
    let [begin, end] = offsets[..] else {
        diagnostics.tell(Severity::Error, path(), "tensor", "`data_offsets` are two numbers");
        return None;
    };
    let tensor = Tensor { name: name.into_owned(), kind, shape, begin, end };
    if begin > end {
        diagnostics.tell(Severity::Error, path(), "offsets", format!("begins at {begin} and ends at {end}"));
        return None;
    }
    let Some(bits) = bits(&tensor.kind) else {
        diagnostics.tell(
            Severity::Error,
            path(),
            "dtype",
            format!("`{}` is no type of safetensors", shown(&tensor.kind)),
        );
        return Some(tensor);
    };
    let size = tensor.shape.iter().try_fold(bits, |product, &side| product.checked_mul(side));
    if size.is_none_or(|bits| bits % 8 != 0 || bits / 8 != end - begin) {
        let message = format!("{} bytes, which is not what shape and type make", end - begin);
        diagnostics.tell(Severity::Error, path(), "size", message);
    }
    Some(tensor)
}

/// Data without holes and overlaps that end where the file ends.
fn layout(diagnostics: &mut Diagnostics, tensors: &[Tensor], data: u64) {
    let mut order: Vec<&Tensor> = tensors.iter().collect();
    order.sort_by_key(|tensor| (tensor.begin, tensor.end));
    let mut at = 0_u64;
    for tensor in order {
        let name = shown(&tensor.name);
        if tensor.begin < at {
            diagnostics.tell(
                Severity::Error,
                format!("/{name}"),
                "overlap",
                format!("begins at {} within another", tensor.begin),
            );
        } else if tensor.begin > at {
            diagnostics.tell(
                Severity::Error,
                format!("/{name}"),
                "hole",
                format!("bytes {at} to {} are no tensor's", tensor.begin),
            );
        }
        at = at.max(tensor.end);
    }
    if at > data {
        diagnostics.tell(
            Severity::Error,
            "",
            "truncated",
            format!("{at} bytes of data in the header, {data} in the file"),
        );
    } else if at < data {
        diagnostics.tell(Severity::Error, "", "trailing-bytes", format!("{} bytes behind the last tensor", data - at));
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
