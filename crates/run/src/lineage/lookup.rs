use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{EntityId, Graph, NodeKey};

use crate::error::{Fault, RunError};

/// Keys that are listed where a name means several things.
const LISTED: usize = 8;

/// Why a name means no one thing of a graph.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    #[error("the graph knows nothing called {0}")]
    Unknown(String),
    #[error("several are called {name}")]
    Ambiguous {
        name: String,
        /// Some of them.
        keys: Vec<NodeKey>,
    },
}

impl RunError for LookupError {
    fn fault(&self) -> Fault {
        Fault::Request
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unknown(_) => "`stillwatch lineage show` lists what it holds".into(),
            Self::Ambiguous { keys, .. } => {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                format!("give a key: {}", keys.join(", "))
            }
        })
    }
}

/// The one thing of this name or key, if no other is called so in another spelling, with an owner in front, or as another
/// sort of thing. A key means what it says.
pub fn find_only(graph: &Graph<'_>, name: &str) -> Result<EntityId, LookupError> {
    if NodeKey::from(name).parts().is_some() {
        return find(graph, name);
    }
    let folded = fold(name);
    let is_called = |whole: &str| {
        whole == name || fold(whole) == folded || whole.rsplit('/').next().is_some_and(|last| fold(last) == folded)
    };
    let found: Vec<EntityId> = graph.ids().filter(|id| is_called(graph.name(*id))).collect();
    match found.as_slice() {
        [] => find(graph, name),
        [only] => Ok(*only),
        several => {
            let keys = several.iter().take(LISTED).map(|id| graph.key(*id)).collect();
            Err(LookupError::Ambiguous { name: name.into(), keys })
        }
    }
}

/// The one thing of this name or key. `tiny-7b` finds `example/tiny-7b`, if nothing else is called so.
pub fn find(graph: &Graph<'_>, name: &str) -> Result<EntityId, LookupError> {
    let mut found = graph.find(name);
    if found.is_empty() {
        let last = |whole: &str| whole.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
        found = graph.ids().filter(|id| last(graph.name(*id))).collect();
    }
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(LookupError::Unknown(name.into())),
        several => {
            let keys = several.iter().take(LISTED).map(|id| graph.key(*id)).collect();
            Err(LookupError::Ambiguous { name: name.into(), keys })
        }
    }
}
