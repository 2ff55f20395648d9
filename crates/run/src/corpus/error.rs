use std::path::PathBuf;

use stillwatch_core::Cancelled;
use stillwatch_ingest::IngestError;

use crate::error::{Fault, InputError, RunError};
use crate::inputs::InputsError;

/// Why a corpus cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    #[error(transparent)]
    Inputs(#[from] InputsError),
    #[error("the fields of the corpus cannot be read so")]
    Fields(#[source] IngestError),
    #[error("{} holds day digests, not a corpus", .0.display())]
    Digests(PathBuf),
    /// No file could be read; this is what was wrong with the first.
    #[error(transparent)]
    Input(InputError),
    #[error("{name} cannot be read")]
    Block { name: String, source: IngestError },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl RunError for CorpusError {
    fn fault(&self) -> Fault {
        match self {
            Self::Inputs(error) => error.fault(),
            Self::Fields(_) | Self::Digests(_) => Fault::Request,
            Self::Input(_) => Fault::Unread,
            Self::Block { .. } => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Inputs(error) => error.help(),
            Self::Digests(_) => Some("make an index of served outputs from them with `stillwatch index build`".into()),
            Self::Fields(_) | Self::Input(_) | Self::Block { .. } | Self::Cancelled(_) => None,
        }
    }
}
