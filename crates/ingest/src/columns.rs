use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StructArray, make_array, new_null_array};
use arrow::buffer::NullBuffer;
use arrow::compute::filter_record_batch;
use arrow::datatypes::TimestampMicrosecondType;
use stillwatch_core::Micros;

use crate::IngestError;
use crate::arrays::{Converted, from_array, from_values, raw_at, readable};
use crate::column_tree::ColumnTree;
use crate::messages::Messages;
use crate::moment;
use crate::plan::Plan;
use crate::raw::{Raw, Row, descend};
use crate::schema::arrow_type;
use crate::tally::{Reason, Tally};

/// Turns batches of a foreign schema into batches of the canonical one. Arrays that are canonical already are passed on
/// without a copy.
pub(crate) struct Canonical {
    plan: Plan,
    /// Columns that the source holds as lists or structures: unusable in every row.
    nested: Vec<usize>,
    source: Arc<str>,
    /// Null arrays by column, as long as the longest batch so far.
    nulls: Vec<Option<ArrayRef>>,
    previous: i64,
}

/// Where the values of one column come from.
#[derive(Clone)]
enum Found {
    Array(ArrayRef),
    Values(Vec<Raw<'static>>),
}

impl Canonical {
    pub(crate) fn new(plan: Plan, nested: Vec<usize>, source: Arc<str>) -> Self {
        let nulls = vec![None; plan.fields.len()];
        Self { plan, nested, source, nulls, previous: i64::MIN }
    }

    /// `nodes` says what is wanted of each column of the batch, `numbers` which rows of the file they are: first number
    /// and count.
    pub(crate) fn convert(
        &mut self,
        batch: &RecordBatch,
        nodes: &[ColumnTree],
        numbers: &[(u64, u64)],
        tally: &mut Tally,
    ) -> Result<RecordBatch, IngestError> {
        let rows = batch.num_rows();
        let mut found: Vec<Option<Found>> = vec![None; self.plan.fields.len()];
        for (node, array) in nodes.iter().zip(batch.columns()) {
            spread(node, array, &mut found)?;
        }
        self.split_prompts(rows, &mut found)?;

        let mut columns = Vec::with_capacity(found.len());
        for (index, found) in found.into_iter().enumerate() {
            let field = &self.plan.fields[index];
            columns.push(match (found, &self.plan.hive[index]) {
                (Some(Found::Array(array)), _) => from_array(field, &array)?,
                (Some(Found::Values(values)), _) => from_values(field, values.into_iter()),
                (None, Some(value)) => from_values(field, std::iter::repeat_n(value.clone(), rows)),
                (None, None) => Converted::clean(self.nulls(index, rows)),
            });
        }

        let keep = self.judge(rows, &columns, numbers, tally);
        for (field, column) in self.plan.fields.iter().zip(&columns) {
            let unusable = column.unusable.iter().filter(|row| keep.value(**row)).count();
            tally.note_field_errors(field.column.name, unusable as u64);
            tally.nul_bytes += column.nul_bytes;
        }
        for index in &self.nested {
            tally.note_field_errors(self.plan.fields[*index].column.name, keep.true_count() as u64);
        }
        if keep.true_count() == rows {
            let arrays = columns.into_iter().map(|column| column.array).collect();
            let batch = RecordBatch::try_new(self.plan.table.schema(), arrays).map_err(IngestError::Arrow)?;
            tally.accept(&batch);
            return Ok(batch);
        }
        if keep.true_count() == 0 {
            return Ok(RecordBatch::new_empty(self.plan.table.schema()));
        }
        // Nulls of required columns go with their rows; until then the schema does not hold.
        let named = self.plan.fields.iter().zip(columns).map(|(field, column)| (field.column.name, column.array, true));
        let loose = RecordBatch::try_from_iter_with_nullable(named).map_err(IngestError::Arrow)?;
        let kept = filter_record_batch(&loose, &keep).map_err(IngestError::Arrow)?;
        let batch =
            RecordBatch::try_new(self.plan.table.schema(), kept.columns().to_vec()).map_err(IngestError::Arrow)?;
        tally.accept(&batch);
        Ok(batch)
    }

    /// Which rows are accepted; the others are counted.
    fn judge(&mut self, rows: usize, columns: &[Converted], numbers: &[(u64, u64)], tally: &mut Tally) -> BooleanArray {
        let mut number = numbers.iter().flat_map(|(first, count)| *first..first.saturating_add(*count));
        let required: Vec<(usize, &'static str)> = self
            .plan
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.column.required)
            .map(|(index, field)| (index, field.column.name))
            .collect();
        let times = self.plan.time.map(|time| columns[time].array.as_primitive::<TimestampMicrosecondType>());
        (0..rows)
            .map(|row| {
                let number = number.next().unwrap_or_default();
                let fault = required.iter().find_map(|&(index, name)| fault(&columns[index], name, row));
                if let Some(reason) = fault {
                    tally.reject(reason, &self.source, number);
                    return Some(false);
                }
                let Some(micros) = times.map(|times| times.value(row)) else {
                    return Some(true);
                };
                tally.disordered += u64::from(micros < self.previous);
                self.previous = micros;
                let inside = self.plan.window.contains(Micros(micros));
                tally.outside_window += u64::from(!inside);
                tally.rows += u64::from(!inside);
                Some(inside)
            })
            .collect()
    }

    /// Prompts that are lists of messages give their text, and their system messages where there is no system prompt.
    fn split_prompts(&self, rows: usize, found: &mut [Option<Found>]) -> Result<(), IngestError> {
        let (Some(prompt), Some(system)) = (self.plan.prompt, self.plan.system) else {
            return Ok(());
        };
        let Some(prompts) = &found[prompt] else {
            return Ok(());
        };
        let prompts = ColumnValues::new(prompts)?;
        if !(0..rows).any(|row| match prompts.at(row) {
            Raw::Nested(_) => true,
            Raw::Text(text) => Messages::begins(&text),
            _ => false,
        }) {
            return Ok(());
        }
        let systems = found[system].as_ref().map(ColumnValues::new).transpose()?;
        let mut values = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for number in 0..rows {
            let mut row: Row<'_> = self.plan.row();
            row[prompt] = Some(prompts.at(number));
            row[system] = systems.as_ref().map(|systems| systems.at(number));
            self.plan.split_prompt(&mut row);
            let mut take = |index: usize| row[index].take().map_or(Raw::Null, Raw::into_owned);
            values.0.push(take(prompt));
            values.1.push(take(system));
        }
        found[prompt] = Some(Found::Values(values.0));
        found[system] = Some(Found::Values(values.1));
        Ok(())
    }

    fn nulls(&mut self, index: usize, rows: usize) -> ArrayRef {
        let kept = self.nulls[index].take().filter(|array| array.len() >= rows);
        let array = kept.unwrap_or_else(|| new_null_array(&arrow_type(self.plan.fields[index].kind()), rows));
        self.nulls[index] = Some(Arc::clone(&array));
        array.slice(0, rows)
    }
}

/// Why a row cannot do without this column's value.
fn fault(column: &Converted, name: &'static str, row: usize) -> Option<Reason> {
    if column.array.is_null(row) {
        let unreadable = column.unusable.binary_search(&row).is_ok();
        return Some(if unreadable { Reason::Unreadable(name) } else { Reason::Missing(name) });
    }
    if let Some(text) = column.array.as_string_opt::<i32>() {
        return text.value(row).is_empty().then_some(Reason::Missing(name));
    }
    let times = column.array.as_primitive_opt::<TimestampMicrosecondType>()?;
    (!moment::plausible(times.value(row))).then_some(Reason::TimeOutOfRange)
}

/// A found column whose values are taken one by one.
enum ColumnValues<'a> {
    Array(ArrayRef),
    Values(&'a [Raw<'static>]),
}

impl<'a> ColumnValues<'a> {
    fn new(found: &'a Found) -> Result<Self, IngestError> {
        Ok(match found {
            Found::Array(array) => Self::Array(readable(array)?),
            Found::Values(values) => Self::Values(values),
        })
    }

    fn at(&self, row: usize) -> Raw<'_> {
        match self {
            Self::Array(array) => raw_at(array, row),
            Self::Values(values) => values.get(row).cloned().unwrap_or(Raw::Null),
        }
    }
}

/// Takes from an array what is wanted of it and, through structures and JSON text, of what lies below.
fn spread(node: &ColumnTree, array: &ArrayRef, found: &mut [Option<Found>]) -> Result<(), IngestError> {
    for &target in &node.targets {
        found[target] = Some(Found::Array(Arc::clone(array)));
    }
    if node.children.is_empty() {
        return Ok(());
    }
    if let Some(structure) = array.as_struct_opt() {
        for (name, child) in &node.children {
            if let Some(array) = member(structure, name)? {
                spread(child, &array, found)?;
            }
        }
        return Ok(());
    }
    let mut below = Vec::new();
    targets_below(node, &mut below);
    let array = readable(array)?;
    let mut values: Vec<Vec<Raw<'static>>> = vec![Vec::with_capacity(array.len()); below.len()];
    for number in 0..array.len() {
        let mut row: Row<'static> = vec![None; found.len()];
        if let Raw::Text(text) = raw_at(&array, number) {
            descend(node, &text, &mut row);
        }
        for (values, &target) in values.iter_mut().zip(&below) {
            values.push(row[target].take().unwrap_or(Raw::Null));
        }
    }
    for (values, target) in values.into_iter().zip(below) {
        found[target] = Some(Found::Values(values));
    }
    Ok(())
}

/// A member of a structure, null where the structure is.
fn member(structure: &StructArray, name: &str) -> Result<Option<ArrayRef>, IngestError> {
    let Some(member) = structure.column_by_name(name) else {
        return Ok(None);
    };
    let Some(nulls) = NullBuffer::union(structure.nulls(), member.nulls()) else {
        return Ok(Some(Arc::clone(member)));
    };
    let data = member.to_data().into_builder().nulls(Some(nulls)).build().map_err(IngestError::Arrow)?;
    Ok(Some(make_array(data)))
}

fn targets_below(node: &ColumnTree, targets: &mut Vec<usize>) {
    for child in node.children.values() {
        targets.extend_from_slice(&child.targets);
        targets_below(child, targets);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, TimestampMicrosecondArray};

    use super::Canonical;
    use crate::options::ReadOptions;
    use crate::plan::Plan;
    use crate::tally::Tally;

    #[test]
    fn canonical_arrays_are_passed_on_without_a_copy() {
        let times = TimestampMicrosecondArray::from(vec![1_772_452_800_000_000; 2]).with_timezone("UTC");
        let columns: [(&str, ArrayRef); 4] = [
            ("time", Arc::new(times)),
            ("account", Arc::new(StringArray::from(vec!["a", "b"]))),
            ("prompt", Arc::new(StringArray::from(vec![Some("one"), None]))),
            ("ip", Arc::new(StringArray::from(vec!["1.2.3.4", "2001:db8::1"]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let plan = Plan::new(&ReadOptions::default());
        let nodes =
            batch.schema().fields().iter().map(|field| plan.root.children[field.name()].clone()).collect::<Vec<_>>();
        let mut canonical = Canonical::new(plan, Vec::new(), "f".into());
        let out = canonical.convert(&batch, &nodes, &[(1, 2)], &mut Tally::default()).unwrap();
        for name in ["account", "prompt", "ip"] {
            let bytes =
                |batch: &RecordBatch| batch.column_by_name(name).unwrap().as_string::<i32>().value_data().as_ptr();
            assert_eq!(bytes(&batch), bytes(&out), "{name}");
        }
    }
}
