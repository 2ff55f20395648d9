use stillwatch_lineage::{Action, DocumentId, Graph, Ledger, NodeKey};

use crate::error::{Fault, RunError};

/// Why a decision is refused.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error("no document names {0}")]
    UnknownKey(NodeKey),
    #[error("{0} and {1} are things of different kinds")]
    Kinds(NodeKey, NodeKey),
    #[error("the graph has no document {0}")]
    NoDocument(DocumentId),
    #[error("the graph has no decision {0}")]
    NoDecision(String),
    #[error("the graph has a decision {0} already")]
    Repeated(String),
}

impl RunError for DecideError {
    fn fault(&self) -> Fault {
        Fault::Request
    }

    fn help(&self) -> Option<String> {
        let is_told = !matches!(self, Self::Repeated(_));
        is_told.then(|| "`stillwatch lineage resolve` prints what can be decided".into())
    }
}

/// Refuses a decision on what the graph does not hold.
pub fn check(ledger: &Ledger, action: &Action) -> Result<(), DecideError> {
    match action {
        Action::Same { left, right } | Action::Different { left, right } => {
            let graph = Graph::of(ledger, None);
            if let Some(unknown) = [left, right].into_iter().find(|key| !graph.holds(key)) {
                return Err(DecideError::UnknownKey(unknown.clone()));
            }
            let kind = |key: &NodeKey| key.parts().map(|(kind, ..)| kind);
            if kind(left) != kind(right) {
                return Err(DecideError::Kinds(left.clone(), right.clone()));
            }
        }
        Action::Confirm { document, .. } | Action::Reject { document, .. } => {
            if !ledger.documents().iter().any(|read| read.document.id == *document) {
                return Err(DecideError::NoDocument(document.clone()));
            }
        }
        Action::Undo { decision } => {
            if !ledger.decisions().iter().any(|earlier| earlier.id == *decision) {
                return Err(DecideError::NoDecision(decision.clone()));
            }
        }
    }
    Ok(())
}
