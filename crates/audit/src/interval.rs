use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An interval of shares, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}
