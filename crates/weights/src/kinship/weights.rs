use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};

use half::{bf16, f16};
use sha2::{Digest, Sha256};
use stillwatch_core::{Limits, Severity, hexadecimal, place, shown};
use stillwatch_json::Json;
use thiserror::Error;

use super::blocks::{block_of, unpack};
use crate::{Gguf, Safetensors, Tensor};

/// Why weights cannot be read.
#[derive(Debug, Error)]
pub enum WeightsError {
    #[error("part {part} is no sound file of safetensors or GGUF: {what}")]
    Header { part: usize, what: String },
    #[error("the tensor `{0}` stands in two parts")]
    Twice(String),
    #[error("part {part} cannot be read")]
    Read {
        part: usize,
        #[source]
        source: io::Error,
    },
    #[error("the index of the parts is not sound: {0}")]
    Index(String),
}

/// The weights of one model, in one or several parts. The headers are kept; weights are read when they are needed.
#[derive(Debug)]
pub struct Weights<R> {
    parts: Vec<Part<R>>,
    tensors: Vec<Tensor>,
    names: BTreeMap<String, usize>,
    /// The part of each tensor.
    of: Vec<usize>,
    read: Sha256,
    pub(super) start: [u8; 32],
}

#[derive(Debug)]
struct Part<R> {
    reader: R,
    data: u64,
}

impl<R: Read + Seek> Weights<R> {
    /// Reads the headers of all parts of a model, in any order.
    pub fn open(readers: impl IntoIterator<Item = R>) -> Result<Self, WeightsError> {
        let mut weights = Self {
            parts: vec![],
            tensors: vec![],
            names: BTreeMap::new(),
            of: vec![],
            read: Sha256::new(),
            start: [0; 32],
        };
        let limits = Limits::default();
        for (part, mut reader) in readers.into_iter().enumerate() {
            let (bytes, length) = header(&mut reader, &limits).map_err(|source| WeightsError::Read { part, source })?;
            let (tensors, diagnostics, data) = if bytes.starts_with(b"GGUF") {
                let header = Gguf::read(&bytes, length, &limits);
                let data = header.data();
                (header.tensors, header.diagnostics, data)
            } else {
                let header = Safetensors::read(&bytes, length, &limits);
                (header.tensors, header.diagnostics, bytes.len() as u64)
            };
            if let Some(wrong) = diagnostics.iter().find(|found| found.severity >= Severity::Error) {
                return Err(WeightsError::Header { part, what: wrong.message.clone() });
            }
            let mut first = Vec::new();
            let begun = reader
                .seek(SeekFrom::Start(data))
                .and_then(|_| (&mut reader).take(FIRST_BYTES).read_to_end(&mut first));
            begun.map_err(|source| WeightsError::Read { part, source })?;
            weights.read.update(&bytes[..bytes.len().min(usize::try_from(data).unwrap_or(usize::MAX))]);
            weights.read.update(&first);
            weights.of.extend(tensors.iter().map(|_| part));
            weights.tensors.extend(tensors);
            weights.parts.push(Part { reader, data });
        }
        for (at, tensor) in weights.tensors.iter().enumerate() {
            if weights.names.insert(tensor.name.clone(), at).is_some() {
                return Err(WeightsError::Twice(shown(&tensor.name)));
            }
        }
        weights.start = weights.read.clone().finalize().into();
        Ok(weights)
    }

    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// SHA-256, in hexadecimal, of all bytes read so far: headers, the beginning of the data, and what was compared.
    pub fn digest(&self) -> String {
        hexadecimal(&self.read.clone().finalize())
    }

    /// Those elements of a matrix that stand in both a row and a column asked for, row by row. Memory: the result, and
    /// one row of the file. Quantised numbers are multiplied with their scale where one stands beside them.
    pub(super) fn gather(
        &mut self,
        tensor: usize,
        rows: &[usize],
        columns: &[usize],
    ) -> Result<Vec<f32>, WeightsError> {
        let (kind, width) = (self.tensors[tensor].kind.clone(), side(&self.tensors[tensor], 1));
        let scale = self.scale(tensor)?;
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        if let Some((elements, bytes)) = block_of(&kind) {
            let mut line = vec![0; width / elements * bytes];
            for &row in rows {
                self.line(tensor, (row * line.len()) as u64, &mut line)?;
                let unpacked = unpack(&kind, &line);
                values.extend(columns.iter().map(|&column| unpacked.get(column).copied().unwrap_or(f32::NAN)));
            }
            return Ok(values);
        }
        let size = bytes_of(&kind);
        let mut line = vec![0; width * size];
        for &row in rows {
            self.line(tensor, (row * width * size) as u64, &mut line)?;
            values.extend(columns.iter().map(|&column| {
                let value = number(&kind, &line[column * size..(column + 1) * size]);
                scale.as_ref().map_or(value, |scale| value * scale.at(row, column))
            }));
        }
        Ok(values)
    }

    /// Whether the numbers of a tensor are of a kind that is read, and its rows are of a size that is read at once.
    pub(super) fn is_readable(&self, tensor: usize) -> bool {
        let tensor = &self.tensors[tensor];
        let in_blocks = block_of(&tensor.kind).is_some_and(|(elements, _)| side(tensor, 1).is_multiple_of(elements));
        (bytes_of(&tensor.kind) > 0 || in_blocks)
            && tensor.shape.len() == 2
            && tensor.shape.iter().all(|&side| side <= MOST_SIDE)
    }

    fn line(&mut self, tensor: usize, from: u64, line: &mut [u8]) -> Result<(), WeightsError> {
        let part = self.of[tensor];
        let Part { reader, data } = &mut self.parts[part];
        let at = data.saturating_add(self.tensors[tensor].begin).saturating_add(from);
        reader
            .seek(SeekFrom::Start(at))
            .and_then(|_| reader.read_exact(line))
            .map_err(|source| WeightsError::Read { part, source })?;
        self.read.update(&*line);
        Ok(())
    }

    /// The scale of a quantised matrix: a tensor of the same stem with `scale` in its name, or `SCB` as bitsandbytes
    /// calls it; one number in all, one a row, one a column, or one a group of columns.
    fn scale(&mut self, tensor: usize) -> Result<Option<Scale>, WeightsError> {
        let own = &self.tensors[tensor];
        if !matches!(own.kind.as_str(), "I8" | "U8" | "F8_E4M3" | "F8_E5M2") {
            return Ok(None);
        }
        let (rows, columns) = (side(own, 0), side(own, 1));
        let stem = own.name.strip_suffix(".weight").unwrap_or(&own.name);
        let beside = self.names.range(stem.to_owned()..).take(BESIDE).find(|(name, at)| {
            let rest = name.strip_prefix(stem).filter(|rest| rest.starts_with(['.', '_']));
            rest.is_some_and(|rest| rest.contains("scale") || rest.ends_with("SCB"))
                && matches!(self.tensors[**at].kind.as_str(), "F64" | "F32" | "F16" | "BF16")
        });
        let found = beside.map(|(_, &at)| at);
        let Some(found) = found else { return Ok(None) };
        let Ok(count) = usize::try_from(self.tensors[found].elements()) else { return Ok(None) };
        let by_column = count == columns && count != rows;
        let groups = if by_column || rows == 0 { 1 } else { count / rows };
        if !(by_column || groups > 0 && groups * rows == count && columns.is_multiple_of(groups)) {
            return Ok(None);
        }
        let kind = self.tensors[found].kind.clone();
        let mut line = vec![0; count * bytes_of(&kind)];
        self.line(found, 0, &mut line)?;
        let values = line.chunks_exact(bytes_of(&kind)).map(|bytes| number(&kind, bytes)).collect();
        Ok(Some(Scale { values, by_column, groups, group: columns / groups }))
    }
}

#[derive(Debug)]
struct Scale {
    values: Vec<f32>,
    by_column: bool,
    groups: usize,
    group: usize,
}

impl Scale {
    fn at(&self, row: usize, column: usize) -> f32 {
        let at = if self.by_column { column } else { row * self.groups + column / self.group.max(1) };
        self.values.get(at).copied().unwrap_or(1.0)
    }
}

/// The names of the parts that a `model.safetensors.index.json` lists, each once and sorted. A name with a folder in it
/// is refused.
pub fn parts_of_index(bytes: &[u8]) -> Result<Vec<String>, WeightsError> {
    let json = Json::read(bytes, &Limits::default());
    let wrong = |what: &str| WeightsError::Index(what.to_owned());
    if let Some(error) = json.diagnostics().iter().find(|found| found.severity >= Severity::Error) {
        return Err(wrong(&error.message));
    }
    let map = json.root().and_then(|root| root.get("weight_map")).filter(|map| map.is_object());
    let mut names = BTreeSet::new();
    for (_, file) in map.ok_or_else(|| wrong("it has no `weight_map`"))?.entries() {
        let name = file.text().ok_or_else(|| wrong("a part is named by a text"))?;
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
            return Err(wrong("a part stands in another folder"));
        }
        names.insert(name.into_owned());
    }
    Ok(names.into_iter().collect())
}

fn header<R: Read + Seek>(reader: &mut R, limits: &Limits) -> io::Result<(Vec<u8>, u64)> {
    let length = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    (&mut *reader).take(8).read_to_end(&mut bytes)?;
    // GGUF does not say how long its header is.
    let of_gguf = bytes.starts_with(b"GGUF").then_some(limits.bytes as u64);
    let size = of_gguf.or(bytes.first_chunk::<8>().map(|size| u64::from_le_bytes(*size))).unwrap_or(0);
    reader.take(size.min(limits.bytes as u64)).read_to_end(&mut bytes)?;
    Ok((bytes, length))
}

pub(super) fn side(tensor: &Tensor, axis: usize) -> usize {
    tensor.shape.get(axis).map_or(0, |&side| place(side))
}

/// Zero for kinds that are not read: packed ones, and integers that are no weights.
fn bytes_of(kind: &str) -> usize {
    match kind {
        "F64" => 8,
        "F32" => 4,
        "F16" | "BF16" => 2,
        "I8" | "U8" | "F8_E4M3" | "F8_E5M2" => 1,
        _ => 0,
    }
}

fn number(kind: &str, bytes: &[u8]) -> f32 {
    match (kind, bytes) {
        #[expect(clippy::cast_possible_truncation, reason = "directions are compared; single precision is enough")]
        ("F64", _) => bytes.first_chunk().map_or(f32::NAN, |&bytes| f64::from_le_bytes(bytes) as f32),
        ("F32", _) => bytes.first_chunk().map_or(f32::NAN, |&bytes| f32::from_le_bytes(bytes)),
        ("F16", &[a, b]) => f16::from_le_bytes([a, b]).to_f32(),
        ("BF16", &[a, b]) => bf16::from_le_bytes([a, b]).to_f32(),
        ("I8", &[a]) => f32::from(a.cast_signed()),
        // Where its zero lies is lost in the mean of the units, which is taken away.
        ("U8", &[a]) => f32::from(a),
        ("F8_E5M2", &[a]) => f16::from_le_bytes([0, a]).to_f32(),
        ("F8_E4M3", &[a]) => e4m3(a),
        _ => f32::NAN,
    }
}

/// Eight bits with four of exponent (bias 7) and three of fraction; all ones are no number (Micikevicius et al., 2022,
/// arXiv 2209.05433, table 1).
fn e4m3(bits: u8) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 3 & 15), f32::from(bits & 7));
    let size = match (exponent, bits & 7) {
        (15, 7) => f32::NAN,
        (0, _) => fraction / 512.0,
        _ => (1.0 + fraction / 8.0) * 2_f32.powi(exponent - 7),
    };
    if bits & 0x80 == 0 { size } else { -size }
}

/// Bytes of the data that name a model, beside its header, which all of one configuration share.
const FIRST_BYTES: u64 = 1 << 16;
/// A row is read at once: 8 MiB at most.
const MOST_SIDE: u64 = 1 << 20;
/// Tensors with names right after a matrix among which its scale is looked for.
const BESIDE: usize = 16;

#[cfg(test)]
mod tests {
    use super::{e4m3, number};

    #[test]
    fn small_numbers_are_those_of_the_formats() {
        let bits = [0x38, 0x7e, 0xb8, 0x01, 0x00].map(|byte| e4m3(byte).to_bits());
        assert_eq!(bits, [1.0_f32, 448.0, -1.0, 1.0 / 512.0, 0.0].map(f32::to_bits));
        assert!(e4m3(0x7f).is_nan() && number("Q4", &[1]).is_nan());
        assert!((number("F8_E5M2", &[0x3c]) - 1.0).abs() < f32::EPSILON);
        assert!((number("BF16", &[0x80, 0x3f]) - 1.0).abs() < f32::EPSILON);
        assert!((number("I8", &[0xff]) + 1.0).abs() < f32::EPSILON);
    }
}
