//! What is executed, and what is refused.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::physical_plan::{EmptyRecordBatchStream, SendableRecordBatchStream};
use datafusion::prelude::{DataFrame, SessionContext, col};
use futures::executor::block_on;
use stillwatch_engine::{EngineError, text_columns_stay_below};
use stillwatch_ingest::exchange_schema;

use crate::traffic::engine;

#[test]
fn text_is_fingerprinted_once_and_directly_above_the_scan() {
    let spill = tempfile::tempdir().unwrap();
    let plan = engine(2, 1 << 30, spill.path()).explain().unwrap();
    insta::assert_snapshot!(plan, @"
    SortPreservingMergeExec: [account@0 ASC NULLS LAST, day@1 ASC NULLS LAST]
      SortExec: expr=[account@0 ASC NULLS LAST, day@1 ASC NULLS LAST], preserve_partitioning=[true]
        AggregateExec: mode=FinalPartitioned, gby=[account@0 as account, day@1 as day], aggr=[account_digest(digest) as digest]
          RepartitionExec: partitioning=Hash([account@0, day@1], 2), input_partitions=2
            AggregateExec: mode=Partial, gby=[account@0 as account, day@1 as day], aggr=[account_digest(digest) as digest]
              ProjectionExec: expr=[account@1 as account, utc_day(time@0) as day, fingerprint(time@0, account@1, retention@26, request_id@2, organization@3, api_key@4, end_user@5, ip@6, asn@7, country@8, user_agent@9, ja4@10, model@11, endpoint@12, system@13, prompt@14, tools@15, temperature@16, top_p@17, n@18, max_tokens@19, logprobs@20, input_tokens@21, output_tokens@22, cached_tokens@23, status@24, conversation@25) as digest]
                StreamingTableExec: partition_sizes=2, projection=[time, account, request_id, organization, api_key, end_user, ip, asn, country, user_agent, ja4, model, endpoint, system, prompt, tools, temperature, top_p, n, max_tokens, logprobs, input_tokens, output_tokens, cached_tokens, status, conversation, retention]
    ");
}

#[test]
fn a_plan_that_carries_text_further_is_refused() {
    let ascending = |column| vec![col(column).sort(true, false)];
    refused(scan().sort(ascending("account")).unwrap(), "SortExec");
    refused(
        scan().select(vec![col("prompt").alias("account")]).unwrap().sort(ascending("account")).unwrap(),
        "ProjectionExec",
    );
    refused(scan().aggregate(vec![col("prompt")], vec![]).unwrap(), "AggregateExec");
    refused(scan().distinct().unwrap(), "AggregateExec");
}

#[test]
fn a_plan_without_text_passes() {
    let accounts = scan().select_columns(&["account"]).unwrap().distinct().unwrap();
    let plan = block_on(accounts.create_physical_plan()).unwrap();
    text_columns_stay_below(plan.as_ref()).unwrap();
}

fn refused(frame: DataFrame, operator: &str) {
    let plan = block_on(frame.create_physical_plan()).unwrap();
    match text_columns_stay_below(plan.as_ref()) {
        Err(EngineError::TextAboveScan { node, .. }) => assert_eq!(node, operator),
        other => panic!("not refused: {other:?}"),
    }
}

fn scan() -> DataFrame {
    let table = StreamingTable::try_new(exchange_schema(), vec![Arc::new(Empty(exchange_schema()))]).unwrap();
    SessionContext::new().read_table(Arc::new(table)).unwrap()
}

#[derive(Debug)]
struct Empty(SchemaRef);

impl PartitionStream for Empty {
    fn schema(&self) -> &SchemaRef {
        &self.0
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        Box::pin(EmptyRecordBatchStream::new(exchange_schema()))
    }
}
