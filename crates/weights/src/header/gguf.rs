//! The header of GGUF 2 and 3: magic, counts, metadata, tensor infos (ggml-org/ggml, `docs/gguf.md`).

use std::collections::BTreeMap;

use stillwatch_core::{Diagnostic, Diagnostics, Limits, Severity, shown};

use super::cursor::{Cursor, Ended};
use super::ggml::tensor_kind;
use crate::Tensor;

/// Arrays within arrays; ggml itself writes none.
const MOST_DEPTH: usize = 4;
/// Elements of an array of texts that are kept; tokens are only counted.
const MOST_KEPT: usize = 256;
/// Bytes of a key or a name, by the specification.
const MOST_KEY: usize = 65_535;
/// Bytes of a value that is kept.
const MOST_VALUE: usize = 16 << 10;

/// What a key holds.
#[derive(Clone, Debug, PartialEq)]
pub enum GgufValue {
    Number(String),
    Flag(bool),
    Text(String),
    /// How many elements, and the first texts.
    Array(u64, Vec<String>),
}

/// The header of a GGUF file, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Gguf {
    /// The key's value and the byte it begins at.
    pub metadata: BTreeMap<String, (GgufValue, usize)>,
    pub tensors: Vec<Tensor>,
    pub diagnostics: Vec<Diagnostic>,
    /// Bytes of the header; what follows belongs to the weights.
    pub size: usize,
}

impl Gguf {
    /// Reads the beginning of a file of `length` bytes, or all of it.
    pub fn read(bytes: &[u8], length: u64, limits: &Limits) -> Self {
        let kept = &bytes[..bytes.len().min(limits.bytes)];
        let mut diagnostics = Diagnostics::new(limits.diagnostics);
        let mut header = Self::default();
        header.size = parse(&mut diagnostics, kept, length, limits, &mut header).min(kept.len());
        header.diagnostics = diagnostics.finish();
        header
    }

    /// The byte of the file at which the data of tensors begins.
    pub fn data(&self) -> u64 {
        (self.size as u64).next_multiple_of(self.alignment().unwrap_or(DEFAULT_ALIGNMENT))
    }

    /// What offsets are multiples of, where the file says it and it can be one.
    fn alignment(&self) -> Option<u64> {
        let (GgufValue::Number(number), _) = self.metadata.get("general.alignment")? else { return None };
        number.parse::<u64>().ok().filter(|own| *own > 0 && own % 8 == 0)
    }
}

const DEFAULT_ALIGNMENT: u64 = 32;

/// Where the header ends.
fn parse(diagnostics: &mut Diagnostics, bytes: &[u8], length: u64, limits: &Limits, header: &mut Gguf) -> usize {
    let mut cursor = Cursor::new(bytes);
    if let Err(Ended(at)) = header_of(diagnostics, &mut cursor, length, limits, header) {
        let (code, message) = if (bytes.len() as u64) < length {
            ("too-large", format!("the header goes on beyond the {} bytes that may be read", bytes.len()))
        } else {
            ("truncated", "the file ends within the header, or a length leads beyond its end".to_owned())
        };
        diagnostics.tell(Severity::Error, format!("byte {at}"), code, message);
        return bytes.len();
    }
    cursor.place()
}

fn header_of(
    diagnostics: &mut Diagnostics,
    cursor: &mut Cursor<'_>,
    length: u64,
    limits: &Limits,
    header: &mut Gguf,
) -> Result<(), Ended> {
    if cursor.take(4)? != b"GGUF" {
        diagnostics.tell(Severity::Error, "byte 0", "magic", "the file does not begin with `GGUF`");
        return Ok(());
    }
    let mut version = cursor.u32()?;
    if version.trailing_zeros() >= 16 && version != 0 {
        version = version.swap_bytes();
        cursor.set_big_endian();
    }
    if !matches!(version, 2 | 3) {
        diagnostics.tell(Severity::Error, "byte 4", "version", format!("version {version}; 2 and 3 are read"));
        return Ok(());
    }
    let tensors = cursor.u64()?;
    let pairs = cursor.u64()?;
    // A key takes 13 bytes at least and a tensor 24: more of them than that cannot be in the file.
    for (count, least, at, what) in [(tensors, 24, 8, "tensors"), (pairs, 13, 16, "metadata")] {
        if count.saturating_mul(least) > length {
            let message = format!("{count} {what} in a file of {length} bytes");
            diagnostics.tell(Severity::Error, format!("byte {at}"), "absurd-length", message);
        }
    }
    let most = limits.values as u64;
    if tensors.saturating_add(pairs) > most {
        diagnostics.tell(
            Severity::Error,
            "byte 8",
            "too-many",
            format!("more than {most} entries; the rest is not read"),
        );
    }
    for _ in 0..pairs.min(most) {
        let at = cursor.place();
        let key = name(diagnostics, cursor, "key")?;
        let kind = cursor.u32()?;
        let Some(held) = value(diagnostics, cursor, kind, 0)? else {
            diagnostics.tell(
                Severity::Error,
                format!("byte {at}"),
                "value-type",
                format!("`{}` has type {kind}", shown(&key)),
            );
            // Its length is unknown, and so is where the next one begins.
            return Ok(());
        };
        if header.metadata.insert(key.clone(), (held, at)).is_some() {
            diagnostics.tell(
                Severity::Error,
                format!("byte {at}"),
                "duplicate-key",
                format!("`{}` stands twice", shown(&key)),
            );
        }
    }
    for _ in 0..tensors.min(most) {
        if let Some(tensor) = tensor(diagnostics, cursor)? {
            header.tensors.push(tensor);
        }
    }
    layout(diagnostics, header, cursor.place(), length);
    Ok(())
}

fn name(diagnostics: &mut Diagnostics, cursor: &mut Cursor<'_>, what: &str) -> Result<String, Ended> {
    let at = cursor.place();
    let bytes = cursor.text()?;
    if bytes.len() > MOST_KEY {
        diagnostics.tell(
            Severity::Error,
            format!("byte {at}"),
            "long-text",
            format!("a {what} of {} bytes", bytes.len()),
        );
    }
    Ok(cut(diagnostics, bytes, at, MOST_KEY))
}

fn cut(diagnostics: &mut Diagnostics, bytes: &[u8], at: usize, most: usize) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(most)]);
    if matches!(text, std::borrow::Cow::Owned(_)) && bytes.len() <= most {
        diagnostics.tell(Severity::Warning, format!("byte {at}"), "utf-8", "bytes that are not UTF-8 were replaced");
    }
    text.into_owned()
}

/// `None` for a type that GGUF does not have.
fn value(
    diagnostics: &mut Diagnostics,
    cursor: &mut Cursor<'_>,
    kind: u32,
    depth: usize,
) -> Result<Option<GgufValue>, Ended> {
    let at = cursor.place();
    let bits = |cursor: &mut Cursor<'_>, bytes: u64| cursor.unsigned(bytes);
    Ok(Some(match kind {
        0 => GgufValue::Number(bits(cursor, 1)?.to_string()),
        1 => GgufValue::Number(bits(cursor, 1)?.to_le_bytes()[0].cast_signed().to_string()),
        2 => GgufValue::Number(bits(cursor, 2)?.to_string()),
        3 => {
            let low = bits(cursor, 2)?.to_le_bytes();
            GgufValue::Number(i16::from_le_bytes([low[0], low[1]]).to_string())
        }
        4 => GgufValue::Number(cursor.u32()?.to_string()),
        5 => GgufValue::Number(cursor.u32()?.cast_signed().to_string()),
        6 => GgufValue::Number(f32::from_bits(cursor.u32()?).to_string()),
        7 => {
            let byte = bits(cursor, 1)?;
            if byte > 1 {
                diagnostics.tell(
                    Severity::Error,
                    format!("byte {at}"),
                    "boolean",
                    format!("{byte} is neither 0 nor 1"),
                );
            }
            GgufValue::Flag(byte != 0)
        }
        8 => {
            let bytes = cursor.text()?;
            GgufValue::Text(cut(diagnostics, bytes, at, MOST_VALUE))
        }
        9 => {
            let element = cursor.u32()?;
            let count = cursor.u64()?;
            return array(diagnostics, cursor, element, count, depth);
        }
        10 => GgufValue::Number(cursor.u64()?.to_string()),
        11 => GgufValue::Number(cursor.u64()?.cast_signed().to_string()),
        12 => GgufValue::Number(f64::from_bits(cursor.u64()?).to_string()),
        _ => return Ok(None),
    }))
}

fn array(
    diagnostics: &mut Diagnostics,
    cursor: &mut Cursor<'_>,
    element: u32,
    count: u64,
    depth: usize,
) -> Result<Option<GgufValue>, Ended> {
    let at = cursor.place();
    let width = match element {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        10..=12 => 8,
        8 => {
            let mut texts = Vec::new();
            for _ in 0..count {
                let place = cursor.place();
                let bytes = cursor.text()?;
                if texts.len() < MOST_KEPT {
                    texts.push(cut(diagnostics, bytes, place, MOST_VALUE));
                }
            }
            return Ok(Some(GgufValue::Array(count, texts)));
        }
        9 if depth >= MOST_DEPTH => {
            diagnostics.tell(Severity::Error, format!("byte {at}"), "too-deep", "arrays within arrays");
            return Ok(None);
        }
        9 => {
            for _ in 0..count {
                if value(diagnostics, cursor, 9, depth + 1)?.is_none() {
                    return Ok(None);
                }
            }
            return Ok(Some(GgufValue::Array(count, Vec::new())));
        }
        _ => return Ok(None),
    };
    cursor.take(count.checked_mul(width).ok_or(Ended(at))?)?;
    Ok(Some(GgufValue::Array(count, Vec::new())))
}

fn tensor(diagnostics: &mut Diagnostics, cursor: &mut Cursor<'_>) -> Result<Option<Tensor>, Ended> {
    let at = cursor.place();
    let name = name(diagnostics, cursor, "name")?;
    let dimensions = cursor.u32()?;
    if dimensions > 8 {
        diagnostics.tell(Severity::Error, format!("byte {at}"), "dimensions", format!("{dimensions} dimensions"));
        return Err(Ended(at));
    }
    if dimensions > 4 {
        diagnostics.tell(
            Severity::Error,
            format!("byte {at}"),
            "dimensions",
            format!("{dimensions} dimensions; ggml has 4"),
        );
    }
    let mut shape = (0..dimensions).map(|_| cursor.u64()).collect::<Result<Vec<_>, _>>()?;
    // ggml writes the fastest dimension first.
    let fastest = shape.first().copied().unwrap_or(1);
    shape.reverse();
    let kind = cursor.u32()?;
    let begin = cursor.u64()?;
    let mut tensor = Tensor { name, kind: format!("type {kind}"), shape, begin, end: begin };
    let path = format!("byte {at}");
    let Some((word, block, bytes)) = tensor_kind(kind) else {
        // Forks have kinds of their own, and tables lag behind: no mistake of the file. Its bytes are not checked.
        let message = format!("tensor type {kind} is not known to this version; its size is not checked");
        diagnostics.tell(Severity::Note, path, "tensor-type", message);
        return Ok(Some(tensor));
    };
    word.clone_into(&mut tensor.kind);
    let elements = tensor.shape.iter().try_fold(1_u64, |product, &side| product.checked_mul(side));
    let end = elements.and_then(|elements| begin.checked_add((elements / block).checked_mul(bytes)?));
    match end {
        Some(end) if fastest % block == 0 => tensor.end = end,
        Some(end) => {
            diagnostics.tell(
                Severity::Error,
                path,
                "size",
                format!("{fastest} elements are no whole blocks of {block}"),
            );
            tensor.end = end;
        }
        None => diagnostics.tell(Severity::Error, path, "absurd-length", "more bytes than a file can have"),
    }
    Ok(Some(tensor))
}

/// Offsets that are aligned, in order of the data without overlap, and end within the file.
fn layout(diagnostics: &mut Diagnostics, header: &Gguf, end: usize, length: u64) {
    if let (Some((GgufValue::Number(_), at)), None) = (header.metadata.get("general.alignment"), header.alignment()) {
        diagnostics.tell(Severity::Error, format!("byte {at}"), "alignment", "no multiple of eight");
    }
    let alignment = header.alignment().unwrap_or(DEFAULT_ALIGNMENT);
    let start = (end as u64).next_multiple_of(alignment);
    let mut order: Vec<&Tensor> = header.tensors.iter().collect();
    order.sort_by_key(|tensor| (tensor.begin, tensor.end));
    let mut at = 0_u64;
    for tensor in order {
        let name = shown(&tensor.name);
        if tensor.begin % alignment != 0 {
            diagnostics.tell(
                Severity::Error,
                format!("/{name}"),
                "alignment",
                format!("offset {} is not aligned", tensor.begin),
            );
        }
        if tensor.begin < at {
            diagnostics.tell(
                Severity::Error,
                format!("/{name}"),
                "overlap",
                format!("offset {} lies within another", tensor.begin),
            );
        }
        at = at.max(tensor.end);
    }
    if !header.tensors.is_empty() && start.saturating_add(at) > length {
        let message = format!("the data would end at byte {}, the file has {length}", start.saturating_add(at));
        diagnostics.tell(Severity::Error, "", "truncated", message);
    }
}
