//! `account_digest(digest)`: the union of digests, as an aggregate function.
//!
//! Argument, state and result are the same thing, an encoded digest, so merging states is aggregating them.

use std::collections::VecDeque;
use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, LargeBinaryArray, LargeBinaryBuilder};
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;
use stillwatch_digest::{DigestBuilder, Workspace};

use crate::EngineError;
use crate::columns::DIGEST_TYPE;

pub(crate) const ACCOUNT_DIGEST: &str = "account_digest";

pub(crate) fn account_digest(digest: Expr) -> Expr {
    let signature = Signature::exact(vec![DIGEST_TYPE], Volatility::Immutable);
    AggregateUDF::from(AccountDigest { signature }).call(vec![digest])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct AccountDigest {
    signature: Signature,
}

impl AggregateUDFImpl for AccountDigest {
    fn name(&self) -> &'static str {
        ACCOUNT_DIGEST
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DIGEST_TYPE)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::<Union>::default())
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::<GroupedUnion>::default())
    }
}

/// One digest under way for each group.
#[derive(Default)]
struct GroupedUnion {
    groups: VecDeque<DigestBuilder>,
    /// Bytes held by `groups`, kept up to date so that asking for it costs nothing.
    bytes: usize,
    workspace: Workspace,
}

impl GroupedUnion {
    fn take(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let count = match emit_to {
            EmitTo::All => self.groups.len(),
            EmitTo::First(count) => count.min(self.groups.len()),
        };
        let mut digests = LargeBinaryBuilder::with_capacity(count, 0);
        for group in self.groups.drain(..count) {
            self.bytes -= group.size();
            digests.append_value(group.encode_in(&mut self.workspace).map_err(EngineError::from)?);
        }
        self.groups.shrink_to_fit();
        let mut digests = digests.finish();
        // The sort reserves what the array could hold.
        digests.shrink_to_fit();
        Ok(Arc::new(digests))
    }
}

impl GroupsAccumulator for GroupedUnion {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let digests = digests_of(values)?;
        if total_num_groups > self.groups.len() {
            self.bytes += (total_num_groups - self.groups.len()) * size_of::<DigestBuilder>();
            self.groups.resize_with(total_num_groups, DigestBuilder::default);
        }
        for (row, &index) in group_indices.iter().enumerate() {
            if digests.is_null(row) || filter.is_some_and(|filter| filter.is_null(row) || !filter.value(row)) {
                continue;
            }
            let group = &mut self.groups[index];
            let before = group.size();
            group.add_in(digests.value(row), &mut self.workspace).map_err(EngineError::from)?;
            self.bytes = self.bytes + group.size() - before;
        }
        Ok(())
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.update_batch(values, group_indices, None, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        self.take(emit_to)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.take(emit_to)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let digests = digests_of(values)?;
        let Some(filter) = filter else { return Ok(vec![Arc::new(digests.clone())]) };
        let passed: NullBuffer = filter.iter().map(|pass| pass == Some(true)).collect();
        let nulls = NullBuffer::union(digests.nulls(), Some(&passed));
        let (offsets, bytes, _) = digests.clone().into_parts();
        Ok(vec![Arc::new(LargeBinaryArray::try_new(offsets, bytes, nulls)?)])
    }

    /// Twice what is held, because the groups leave as one array. The sort reserves the whole of that array for each
    /// slice of it that it is given, on top of the slice, and must find as much as this aggregation was granted.
    fn size(&self) -> usize {
        2 * self.bytes + (self.groups.capacity() - self.groups.len()) * size_of::<DigestBuilder>()
    }
}

/// The union of a whole input.
#[derive(Debug, Default)]
struct Union(DigestBuilder);

impl Accumulator for Union {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for digest in digests_of(values)?.iter().flatten() {
            self.0.add(digest).map_err(EngineError::from)?;
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let digest = self.0.clone().finish().map_err(EngineError::from)?;
        Ok(ScalarValue::LargeBinary(Some(digest.encode())))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

fn digests_of(values: &[ArrayRef]) -> Result<&LargeBinaryArray> {
    Ok(values.first().and_then(|values| values.as_binary_opt::<i64>()).ok_or(EngineError::Schema)?)
}
