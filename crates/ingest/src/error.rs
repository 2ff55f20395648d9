use std::io;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use thiserror::Error;

use crate::appearance::Appearance;

/// Why an input could not be read. What can be skipped is no error: it is counted in the [`Tally`](crate::Tally).
///
/// No message holds the content of a row.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    #[error("reading failed")]
    Io(#[source] io::Error),

    #[error("{0} compression is not supported")]
    Compression(&'static str),

    #[error("it is {0}")]
    Container(Appearance),

    #[error("{}", .0)]
    NotThisTable(String, String),

    #[error("parquet found where text was expected")]
    ParquetAsText,

    #[error("the text is {0}, not UTF-8")]
    Encoding(&'static str),

    #[error("`{0}` names no field")]
    FieldName(String),

    #[error("the parquet file cannot be decoded")]
    Parquet(#[source] ParquetError),

    #[error("the parquet file cannot be decoded: {0}")]
    ParquetDamaged(&'static str),

    #[error("there is no row group {wanted}, the file has {present}")]
    RowGroup { wanted: usize, present: usize },

    #[error("a batch of rows cannot be built")]
    Arrow(#[source] ArrowError),

    #[error("the input holds more than {limit} bytes")]
    TooLarge { limit: u64 },

    #[error("line {line}, column {column} of the {file}: {reason}")]
    Written { file: &'static str, line: usize, column: usize, reason: String, help: String },

    #[error("the edge log has no `request_id` column")]
    EdgeRequestId,

    #[error("the edge log needs more than {budget} bytes of memory")]
    EdgeBudget { budget: usize },

    #[error("line {line}, column {column} of the permits{}: {reason}", at(path))]
    PermitSyntax { path: String, line: usize, column: usize, reason: String },

    #[error("permits[{index}]: {reason}")]
    Permit { index: usize, reason: String },
}

impl IngestError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::Io(_) | Self::Arrow(_) => return None,
            Self::Compression(_) => "decompress the file, or compress it with gzip or zstd",
            Self::Container(appearance) => return Some(appearance.help()),
            Self::ParquetAsText => {
                "a parquet file is read as it is, neither compressed nor through a pipe; decompress it to a file"
            }
            Self::Encoding(name) => return Some(format!("convert it first: iconv -f {name} -t UTF-8")),
            Self::FieldName(_) => "give the name of a field, or a JSON pointer to it, such as /message/text",
            Self::Parquet(_) | Self::ParquetDamaged(_) => {
                "check that the file was written completely, or write it again with zstd, snappy, lz4, gzip or no \
                 compression"
            }
            Self::RowGroup { .. } => "the file changed while it was read; run again",
            Self::TooLarge { .. } => "split the file",
            Self::NotThisTable(_, help) | Self::Written { help, .. } => return Some(help.clone()),
            Self::EdgeRequestId => {
                "name the column that holds it in the field map: under [edge], request_id = \"its name\""
            }
            Self::EdgeBudget { .. } => "raise --memory, or keep only the edge rows of the window",
            Self::PermitSyntax { .. } | Self::Permit { .. } => {
                "a permit has organization or account, scope (distillation or evaluation), holder, valid_from and \
                 valid_until (YYYY-MM-DD), and may have id, issuer, models, revoked_at and signature"
            }
        };
        Some(text.into())
    }
}

fn at(path: &str) -> String {
    if path.is_empty() || path == "." { String::new() } else { format!(" at `{path}`") }
}
