use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use parquet::errors::ParquetError;
use stillwatch_core::{AccountId, Day};
use stillwatch_digest::DigestError;
use thiserror::Error;

/// What a reader of batches reports.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// Why a run of the engine ended early. No message repeats a value of a log.
#[derive(Debug, Error)]
pub enum EngineError {
    #[error("the memory limit is too low for this input")]
    OutOfMemory(#[source] Box<DataFusionError>),
    #[error("the disk that holds the spill folder is full")]
    DiskFull(#[source] io::Error),
    #[error("the run was cancelled")]
    Cancelled,
    #[error("a digest is damaged")]
    Digest(#[from] DigestError),
    #[error("the digest of account {account} on day {} is damaged", .day.0)]
    StoredDigest { account: AccountId, day: Day, source: DigestError },
    #[error("a digest file cannot be used: {0}")]
    DigestFile(&'static str),
    #[error("a digest file cannot be read or written")]
    Parquet(#[source] Box<ParquetError>),
    #[error("the input cannot be read")]
    Source(#[source] Arc<dyn Error + Send + Sync>),
    #[error("a batch does not have the columns of its table")]
    Schema,
    #[error("the plan is refused: column {column} would pass through {node}")]
    TextAboveScan { node: String, column: String },
    #[error("the engine cannot start")]
    Start(#[source] io::Error),
    #[error("the engine failed")]
    Other(#[source] Box<DataFusionError>),
}

impl EngineError {
    /// What the user can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::OutOfMemory(_) => Some("raise --memory"),
            Self::DiskFull(_) => Some("free some space, or choose a larger disk for the spill folder"),
            Self::Digest(_) | Self::StoredDigest { .. } | Self::DigestFile(_) | Self::Parquet(_) => {
                Some("write the digests again from the logs")
            }
            Self::TextAboveScan { .. } | Self::Schema => Some("this is a defect of stillwatch; please report it"),
            Self::Cancelled | Self::Source(_) | Self::Start(_) | Self::Other(_) => None,
        }
    }

    /// The same error once more, where several partitions fail together; of those only that can begin below a plan.
    fn share(&self) -> Option<Self> {
        Some(match self {
            Self::Cancelled => Self::Cancelled,
            Self::Digest(error) => Self::Digest(*error),
            Self::StoredDigest { account, day, source } => {
                Self::StoredDigest { account: account.clone(), day: *day, source: *source }
            }
            Self::DigestFile(why) => Self::DigestFile(why),
            Self::Source(error) => Self::Source(Arc::clone(error)),
            Self::Schema => Self::Schema,
            _ => return None,
        })
    }
}

impl From<SourceError> for EngineError {
    fn from(error: SourceError) -> Self {
        error.downcast().map_or_else(|other| Self::Source(other.into()), |own| *own)
    }
}

impl From<ParquetError> for EngineError {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(Box::new(error))
    }
}

impl From<ArrowError> for EngineError {
    fn from(error: ArrowError) -> Self {
        DataFusionError::from(error).into()
    }
}

impl From<EngineError> for DataFusionError {
    fn from(error: EngineError) -> Self {
        Self::External(Box::new(error))
    }
}

impl From<DataFusionError> for EngineError {
    fn from(error: DataFusionError) -> Self {
        match error {
            DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => (*inner).into(),
            // An error that several partitions share.
            DataFusionError::Shared(shared) => match Arc::try_unwrap(shared) {
                Ok(inner) => inner.into(),
                Err(shared) => classify(DataFusionError::Shared(shared)),
            },
            DataFusionError::External(inner) => match inner.downcast::<Self>() {
                Ok(own) => *own,
                Err(inner) => match inner.downcast::<DataFusionError>() {
                    Ok(nested) => (*nested).into(),
                    Err(inner) => classify(DataFusionError::External(inner)),
                },
            },
            DataFusionError::ArrowError(arrow, backtrace) => match *arrow {
                ArrowError::ExternalError(inner) => DataFusionError::External(inner).into(),
                other => classify(DataFusionError::ArrowError(Box::new(other), backtrace)),
            },
            other => classify(other),
        }
    }
}

/// Sorts an error by what stands at the end of its chain.
fn classify(error: DataFusionError) -> EngineError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(this) = cause {
        if let Some(full) = this.downcast_ref::<io::Error>().filter(|io| is_full(io)) {
            return EngineError::DiskFull(io::Error::from(full.kind()));
        }
        if let Some(ArrowError::IoError(_, io)) = this.downcast_ref::<ArrowError>()
            && is_full(io)
        {
            return EngineError::DiskFull(io::Error::from(io.kind()));
        }
        if let Some(own) = this.downcast_ref::<EngineError>().and_then(EngineError::share) {
            return own;
        }
        cause = this.source();
    }
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => EngineError::OutOfMemory(Box::new(error)),
        _ => EngineError::Other(Box::new(error)),
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use arrow::error::ArrowError;
    use datafusion::error::DataFusionError;

    use super::EngineError;

    #[test]
    fn causes_are_told_apart_however_deep_they_lie() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let exhausted = DataFusionError::ResourcesExhausted("pool".into()).context("while sorting");
        assert!(matches!(exhausted.into(), EngineError::OutOfMemory(_)));
        let shared = Arc::new(DataFusionError::from(EngineError::Cancelled));
        let _other_partition = Arc::clone(&shared);
        assert!(matches!(DataFusionError::Shared(shared).into(), EngineError::Cancelled));
        for error in [
            DataFusionError::IoError(full()),
            DataFusionError::from(ArrowError::IoError("write".into(), full())).context("spill"),
            DataFusionError::from(ArrowError::ExternalError(Box::new(DataFusionError::IoError(full())))),
        ] {
            assert!(matches!(error.into(), EngineError::DiskFull(_)));
        }
        assert_eq!(
            EngineError::from(DataFusionError::ResourcesExhausted(String::new())).help(),
            Some("raise --memory")
        );
    }
}
