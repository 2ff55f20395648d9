//! The key file: created once, readable by its owner alone, never printed.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use stillwatch_core::{Key, Redacted};

use crate::context::Context;
use crate::error::{Fault, RunError};
use crate::notice::Notice;
use crate::platform;

const HOME: &str = "STILLWATCH_HOME";
/// More than a key file ever holds.
const MOST_BYTES: u64 = 4096;
/// Readable and writable by the owner.
const PRIVATE_MODE: u32 = 0o600;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("there is no key file {}", .0.display())]
    Missing(PathBuf),
    #[error("there is no place for the key: neither $STILLWATCH_HOME nor $HOME is set")]
    Homeless,
    #[error("the key file {} cannot be read", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the key file {} can be read or changed by others (mode {mode:04o})", .path.display())]
    Open { path: PathBuf, mode: u32 },
    #[error("the key file {} does not hold a key", .path.display())]
    Invalid { path: PathBuf, source: stillwatch_core::KeyError },
    #[error("the key file {} cannot be created", .path.display())]
    NotCreated { path: PathBuf, source: io::Error },
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
}

impl RunError for KeyFileError {
    fn fault(&self) -> Fault {
        match self {
            Self::NotCreated { .. } | Self::Random(_) => Fault::Run,
            _ => Fault::Request,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Missing(_) => "create one with (umask 077; openssl rand -hex 32 > FILE), or leave --key-file out to \
                                 use your own key"
                .into(),
            Self::Homeless => "set $STILLWATCH_HOME, or give a key with --key-file".into(),
            Self::Open { path, .. } => {
                format!("chmod 600 {}; if others may have read it, make a new key", path.display())
            }
            Self::Invalid { .. } => "a key is 64 hexadecimal digits, such as `openssl rand -hex 32` prints".into(),
            Self::NotCreated { .. } => {
                "set $STILLWATCH_HOME to a folder that you can write to, or give a key with --key-file".into()
            }
            Self::Unreadable { .. } | Self::Random(_) => return None,
        })
    }
}

/// The key of a file, or the default one, which is created when there is none yet.
pub fn load(given: Option<&Path>, context: &Context) -> Result<Key, KeyFileError> {
    match given {
        Some(path) if !path.exists() => Err(KeyFileError::Missing(path.into())),
        Some(path) => read(path),
        None => {
            let path = default_path()?;
            if !path.exists() {
                create(&path, context)?;
            }
            read(&path)
        }
    }
}

fn default_path() -> Result<PathBuf, KeyFileError> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set(HOME)
        .or_else(|| set("XDG_DATA_HOME").filter(|path| path.is_absolute()).map(|path| path.join("stillwatch")))
        .or_else(|| set("HOME").map(|path| path.join(".local/share/stillwatch")));
    folder.map(|folder| folder.join("key")).ok_or(KeyFileError::Homeless)
}

fn read(path: &Path) -> Result<Key, KeyFileError> {
    let unreadable = |source| KeyFileError::Unreadable { path: path.into(), source };
    let file = File::open(path).map_err(unreadable)?;
    check_owner(&file).map_err(|mode| KeyFileError::Open { path: path.into(), mode })?;
    let mut text = String::new();
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    let text = Redacted::new(text);
    Key::from_hex(text.expose()).map_err(|source| KeyFileError::Invalid { path: path.into(), source })
}

/// Refuses a secret file that others can read or change, with its mode.
pub fn check_owner(file: &File) -> Result<(), u32> {
    // What has no mode is not refused for it; reading it will fail.
    match file.metadata().ok().and_then(|metadata| platform::mode_for_others(&metadata)) {
        Some(mode) => Err(mode),
        None => Ok(()),
    }
}

/// Writes a secret into a new file that its owner alone can read; refuses where there is a file already.
pub fn write_private(path: &Path, secret: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    let mut file = platform::with_mode(options.write(true).create_new(true), PRIVATE_MODE).open(path)?;
    file.write_all(secret)?;
    file.sync_all()
}

/// Writes a new key under a temporary name (O_EXCL, mode 0600) and links it to its place unless there is one already:
/// of two runs that start together, both use the same key.
fn create(path: &Path, context: &Context) -> Result<(), KeyFileError> {
    let refuse = |source: io::Error| KeyFileError::NotCreated { path: path.into(), source };
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(KeyFileError::Random)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    platform::create_private_folder(folder).map_err(refuse)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refuse)?;
    writeln!(file, "{}", Key::from_bytes(bytes).to_hex().expose()).map_err(refuse)?;
    file.as_file().sync_all().map_err(refuse)?;
    match file.persist_noclobber(path) {
        Ok(_) => context.notify(&Notice::KeyCreated(path.into())),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(refuse(error.error)),
    }
    platform::sync_folder(folder).map_err(refuse)
}
