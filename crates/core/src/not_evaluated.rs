use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that was not looked at, why, and what would change that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotEvaluated {
    pub what: String,
    pub why: String,
    pub help: String,
}
