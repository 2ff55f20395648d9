//! The rule that text does not reach an operator that may spill.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::physical_expr::ScalarFunctionExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::prelude::DataFrame;
use stillwatch_core::EXCHANGE_COLUMNS;

use crate::EngineError;
use crate::columns::{ACCOUNT, DIGEST};
use crate::fingerprint::{FINGERPRINT, UTC_DAY};

/// Operators that pass batches on one by one and hold none back.
const STREAMING: [&str; 3] = ["StreamingTableExec", "ProjectionExec", "CooperativeExec"];

/// The physical plan of a query, unless it would carry text further than it may go.
pub(crate) async fn physical_plan(frame: &DataFrame) -> Result<Arc<dyn ExecutionPlan>, EngineError> {
    let plan = frame.clone().create_physical_plan().await?;
    text_columns_stay_below(plan.as_ref())?;
    Ok(plan)
}

/// Refuses a plan in which a text column reaches any operator other than the scan and the projections above it.
///
/// Every join, sort, repartition, aggregation and coalescing operator may hold batches back and write them to the
/// spill folder, so the rule names the few that cannot, and holds for what it has never heard of.
pub fn text_columns_stay_below(plan: &dyn ExecutionPlan) -> Result<(), EngineError> {
    if STREAMING.contains(&plan.name()) {
        if let Some(projection) = plan.downcast_ref::<ProjectionExec>() {
            keeps_names(projection)?;
        }
    } else {
        let inputs = plan.children().into_iter().map(|child| child.schema());
        for schema in inputs.chain([plan.schema()]) {
            if let Some(field) = schema.fields().iter().find(|field| is_text(field)) {
                return Err(refusal(plan, field.name()));
            }
        }
    }
    plan.children().into_iter().try_for_each(|child| text_columns_stay_below(child.as_ref()))
}

/// What a projection over text gives must bear the name under which it is judged further up.
fn keeps_names(projection: &ProjectionExec) -> Result<(), EngineError> {
    let input = projection.input().schema();
    if !input.fields().iter().any(|field| is_text(field)) {
        return Ok(());
    }
    let keeps = |output: &ProjectionExpr| {
        if let Some(column) = output.expr.downcast_ref::<Column>() {
            return input.fields().get(column.index()).is_some_and(|field| *field.name() == output.alias);
        }
        output
            .expr
            .downcast_ref::<ScalarFunctionExpr>()
            .is_some_and(|call| [FINGERPRINT, UTC_DAY].contains(&call.name()))
    };
    match projection.expr().iter().find(|output| !keeps(output)) {
        Some(output) => Err(refusal(projection, &output.alias)),
        None => Ok(()),
    }
}

fn refusal(plan: &dyn ExecutionPlan, column: &str) -> EngineError {
    EngineError::TextAboveScan { node: plan.name().into(), column: column.into() }
}

/// Canonical columns other than the account, and anything else that could hold text.
fn is_text(field: &Field) -> bool {
    let name = field.name().as_str();
    match field.data_type() {
        _ if name == ACCOUNT => false,
        _ if EXCHANGE_COLUMNS.iter().any(|column| column.name == name) => true,
        DataType::LargeBinary => name != DIGEST && !name.starts_with(&format!("{DIGEST}[")),
        DataType::Date32 => false,
        _ => true,
    }
}
