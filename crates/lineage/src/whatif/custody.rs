use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Date;

use crate::EdgeKind;
use crate::graph::{Cited, Graph};
use crate::import::Value;
use crate::ledger::NodeKey;
use crate::resolve::EntityId;

/// Who keeps a data set or model, and whether it would come back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Custody {
    pub node: NodeKey,
    pub name: String,
    pub copies: Vec<Copy>,
}

/// One place where it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Copy {
    pub place: String,
    /// Whether it is a second one: the qualifier `copy` is `true`, or anything but `false` and `primary`.
    pub second: bool,
    pub restore_tested: Option<Date>,
    pub retention: Option<String>,
    pub cited: Vec<Cited>,
}

impl Custody {
    /// Whether a deletion where it is first kept can be undone: a second copy whose restore was tested.
    pub fn survives(&self) -> bool {
        self.copies.iter().any(|copy| copy.second && copy.restore_tested.is_some())
    }
}

/// The custody of an entity. A copy whose statement has expired, or that is denied, is none.
pub fn custody(graph: &Graph<'_>, entity: EntityId) -> Vec<Custody> {
    let copies: Vec<Copy> = graph
        .objects(entity, EdgeKind::HeldAt)
        .filter(|edge| edge.verdict >= crate::Verdict::Disclosed)
        .map(|edge| {
            let cited = graph.cite_edge(edge);
            let found = |name: &str| cited.iter().rev().find_map(|cited| cited.qualifiers.get(name));
            let text = |name| found(name).map(Value::to_string);
            Copy {
                place: graph.name(edge.object).to_owned(),
                second: text("copy").is_some_and(|copy| copy != "false" && copy != "primary"),
                restore_tested: text("restore-tested").and_then(|day| Date::parse(&day)),
                retention: text("retention"),
                cited,
            }
        })
        .collect();
    if copies.is_empty() {
        return Vec::new();
    }
    vec![Custody { node: graph.key(entity), name: graph.name(entity).to_owned(), copies }]
}
