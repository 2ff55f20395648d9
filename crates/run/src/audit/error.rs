use std::error::Error;
use std::io;
use std::path::PathBuf;

use stillwatch_audit::index::IndexError;
use stillwatch_audit::watermark::WatermarkError;
use stillwatch_core::Cancelled;

use crate::canary::CanaryError;
use crate::corpus::CorpusError;
use crate::detect::DetectError;
use crate::error::{Fault, RunError};
use crate::files::FileError;
use crate::key::KeyFileError;

pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Why what a corpus is looked at with cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InstrumentError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    #[error(transparent)]
    Canaries(#[from] CanaryError),
    #[error("the index {name} cannot be used")]
    Index { name: String, source: IndexError },
    #[error("an index cannot be read")]
    IndexRead(#[source] Cause),
    #[error("the model of style {} cannot be used", .path.display())]
    StyleModel { path: PathBuf, source: Cause },
    #[error("the watermark keys {} {problem}", .path.display())]
    KeyRing { path: PathBuf, problem: KeyRingProblem, source: Option<Cause> },
    #[error("the human reference {} cannot be used", .path.display())]
    HumanReference { path: PathBuf, source: serde_json::Error },
    #[error("the human reference {} cannot be used", .0.display())]
    OtherHumanReference(PathBuf),
    #[error("there is no folder {}", .0.display())]
    NoFolder(PathBuf),
    #[error("{} cannot be written", .path.display())]
    NotWritten { path: PathBuf, source: io::Error },
}

/// What is wrong with a file of watermark keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingProblem {
    #[error("can be read or changed by others (mode {mode:04o})")]
    Open { mode: u32 },
    #[error("cannot be used")]
    Unusable,
    #[error("name a tokenizer {0} that cannot be read")]
    TokenizerUnreadable(String),
    #[error("name a tokenizer that cannot be used")]
    TokenizerUnusable,
    #[error("cannot be used")]
    OtherTokenizer,
    #[error("name no tokenizer")]
    NoTokenizer,
}

impl RunError for InstrumentError {
    fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            Self::Key(error) => error.fault(),
            Self::Corpus(error) => error.fault(),
            Self::Canaries(error) => error.fault(),
            Self::Index { .. }
            | Self::StyleModel { .. }
            | Self::KeyRing { .. }
            | Self::HumanReference { .. }
            | Self::OtherHumanReference(_)
            | Self::NoFolder(_) => Fault::Request,
            Self::IndexRead(_) | Self::NotWritten { .. } => Fault::Run,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => return error.help(),
            Self::Key(error) => return error.help(),
            Self::Corpus(error) => return error.help(),
            Self::Canaries(error) => return error.help(),
            Self::KeyRing { path, problem: KeyRingProblem::Open { .. }, .. } => {
                format!("chmod 600 {}; if others may have read it, the watermark is not secret", path.display())
            }
            Self::KeyRing { problem: KeyRingProblem::OtherTokenizer, .. } => {
                "give the tokenizer with which the outputs were made".into()
            }
            Self::KeyRing { problem: KeyRingProblem::NoTokenizer, .. } => {
                "add tokenizer = { path = \"tokenizer.json\", sha256 = \"…\" } to [[watermark]]".into()
            }
            Self::OtherHumanReference(_) => "write it again with `stillwatch audit train`".into(),
            Self::NoFolder(_) => {
                "a reference is a folder of labelled texts, such as human/essays.jsonl and example-lab/model-1.jsonl"
                    .into()
            }
            _ => return None,
        })
    }
}

/// Why there is no report on a corpus.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Instrument(#[from] InstrumentError),
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Permits(#[from] DetectError),
    #[error("the policy {} cannot be used", .path.display())]
    Policy { path: PathBuf, source: Cause },
    #[error("the earlier report {} cannot be used", .path.display())]
    EarlierReport { path: PathBuf, source: serde_json::Error },
    #[error("{} is read by this run", .0.display())]
    InPlaceOfInput(PathBuf),
    #[error("no temporary folder can be created")]
    Scratch(#[source] io::Error),
    #[error("a watermark cannot be looked for")]
    WatermarkSample(#[source] WatermarkError),
    #[error("a watermark cannot be tested")]
    WatermarkTest(#[source] WatermarkError),
    #[error("the ledger cannot be written")]
    Ledger(#[source] Cause),
    #[error("the checkpoints of {} cannot be used", .path.display())]
    Checkpoints { path: PathBuf, source: io::Error },
    #[error("the checkpoint in {} cannot be read", .path.display())]
    CheckpointUnreadable { path: PathBuf, source: serde_json::Error },
    #[error("{} holds the place of another audit", .0.display())]
    OtherAudit(PathBuf),
    #[error("no checkpoint can be written to {}", .path.display())]
    CheckpointNotWritten { path: PathBuf, source: io::Error },
    #[error("the corpus cannot be written to {}", .path.display())]
    CorpusNotWritten { path: PathBuf, source: io::Error },
    #[error("style cannot be learned from these texts")]
    Style(#[source] Cause),
    #[error("a text has no family")]
    NoFamily,
    #[error("the model cannot be written to {}", .path.display())]
    ModelNotWritten { path: PathBuf, source: Cause },
    #[error("the corpus has more files than can be numbered")]
    TooManyFiles,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl RunError for AuditError {
    fn fault(&self) -> Fault {
        match self {
            Self::Instrument(error) => error.fault(),
            Self::Corpus(error) => error.fault(),
            Self::File(error) => error.fault(),
            Self::Permits(error) => error.fault(),
            Self::Policy { .. }
            | Self::EarlierReport { .. }
            | Self::InPlaceOfInput(_)
            | Self::Checkpoints { .. }
            | Self::CheckpointUnreadable { .. }
            | Self::OtherAudit(_)
            | Self::Style(_)
            | Self::NoFamily
            | Self::TooManyFiles => Fault::Request,
            Self::Scratch(_)
            | Self::WatermarkSample(_)
            | Self::WatermarkTest(_)
            | Self::Ledger(_)
            | Self::CheckpointNotWritten { .. }
            | Self::CorpusNotWritten { .. }
            | Self::ModelNotWritten { .. } => Fault::Run,
            Self::Cancelled(_) => Fault::Cancelled,
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Instrument(error) => return error.help(),
            Self::Corpus(error) => return error.help(),
            Self::File(error) => return error.help(),
            Self::Permits(error) => return error.help(),
            Self::InPlaceOfInput(_) => "give another place for the result",
            Self::Ledger(_) => "free some space or choose another place; nothing half-written was left",
            Self::CheckpointUnreadable { .. } => "remove the folder to begin anew",
            Self::OtherAudit(_) => "give the same corpus and the same options as before, or another folder",
            Self::CorpusNotWritten { .. } => {
                "the folder must not exist or be empty, and there must be room; nothing half-written was left"
            }
            Self::Style(_) => {
                "label each record with `family` (a vendor, human or other) or put it below a folder of that name; \
                 texts by people are mandatory"
            }
            Self::NoFamily => {
                "label each record with `family`, or put files into a folder named after it: human/, other/, \
                 example-lab/"
            }
            _ => return None,
        };
        Some(text.into())
    }
}
