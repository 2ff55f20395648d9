use std::io::Read;

use serde::Deserialize;
use stillwatch_core::Permit;

use crate::IngestError;
use crate::appearance::Appearance;
use crate::utf16::decoded;

/// Reads `{"permits": [...]}`. One that does not hold up makes the whole file an error: a permit that is skipped is a
/// partner who is accused. For the same reason an empty file is an error; `{"permits": []}` says that there are none.
pub fn read_permits(reader: impl Read) -> Result<Vec<Permit>, IngestError> {
    let mut bytes = Vec::new();
    reader.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(IngestError::Io)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(IngestError::TooLarge { limit: MOST_BYTES });
    }
    if let Some(appearance) = Appearance::container(&bytes) {
        return Err(IngestError::Container(appearance));
    }
    let bytes = decoded(bytes).map_err(IngestError::Io)?;
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let file: File = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        refuse(path, error.inner())
    })?;
    deserializer.end().map_err(|error| refuse(String::new(), &error))?;
    for (index, permit) in file.permits.iter().enumerate() {
        permit.validate().map_err(|reason| IngestError::Permit { index, reason })?;
    }
    Ok(file.permits)
}

const MOST_BYTES: u64 = 16 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    permits: Vec<Permit>,
}

fn refuse(path: String, error: &serde_json::Error) -> IngestError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    // The place is told apart from the reason.
    let reason = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message).to_owned();
    IngestError::PermitSyntax { path, line, column, reason }
}
