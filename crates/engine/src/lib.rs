//! placeholder while the house is built
pub async fn count() -> datafusion::error::Result<usize> {
    use datafusion::prelude::*;
    let ctx = SessionContext::new();
    let df = ctx.read_empty()?;
    df.aggregate(vec![], vec![datafusion::functions_aggregate::count::count(lit(1))])?.count().await
}
