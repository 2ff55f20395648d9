use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Write;

use super::file::{IndexWriter, Row};
use super::open::Rows;
use super::{IndexError, Manifest, ReadAt, ServedIndex};

/// Unites indexes in one pass over all of them, a block of each in memory, and returns the manifest of the result.
///
/// The order of the inputs does not matter. Where no origin (prompt or exchange) is in two inputs, the result is the
/// index that would have been built of all outputs together, byte for byte; an origin that is in two counts twice.
/// Indexes of different keys, vendors or excluded text, or with an input in common, are refused.
pub fn merge<R: ReadAt>(inputs: &[ServedIndex<R>], out: impl Write) -> Result<Manifest, IndexError> {
    let (first, rest) = inputs.split_first().ok_or(IndexError::Nothing)?;
    let mut manifest = first.manifest().clone();
    rest.iter().try_for_each(|input| manifest.unite(input.manifest()))?;

    let mut writer = IndexWriter::new(out);
    unite(inputs.iter().map(ServedIndex::rows).collect(), &mut writer)?;
    let shorter: Vec<_> = inputs.iter().filter_map(ServedIndex::shorter_rows).collect();
    if !shorter.is_empty() {
        writer.begin_shorter();
        unite(shorter, &mut writer)?;
    }
    writer.finish(manifest)
}

/// The rows of one layer of all inputs, in order.
fn unite<R: ReadAt, W: Write>(mut inputs: Vec<Rows<'_, R>>, writer: &mut IndexWriter<W>) -> Result<(), IndexError> {
    let mut heap = BinaryHeap::with_capacity(inputs.len());
    for (number, rows) in inputs.iter_mut().enumerate() {
        heap.extend(rows.next(|_| ())?.map(|row| Reverse((row.fingerprint, number, row.origins, row.origin))));
    }
    let mut pending: Option<Row> = None;
    while let Some(Reverse((fingerprint, number, origins, origin))) = heap.pop() {
        let next = inputs[number].next(|_| ())?;
        heap.extend(next.map(|row| Reverse((row.fingerprint, number, row.origins, row.origin))));
        let row = Row { fingerprint, origins, origin };
        pending = match pending {
            Some(before) if before.fingerprint == fingerprint => Some(before.unite(row)),
            Some(before) => {
                writer.push(before)?;
                Some(row)
            }
            None => Some(row),
        };
    }
    if let Some(last) = pending {
        writer.push(last)?;
    }
    Ok(())
}
