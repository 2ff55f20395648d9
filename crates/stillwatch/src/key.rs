//! The key file: created once, readable by its owner alone, never printed.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use stillwatch_core::{Key, Redacted};

use crate::error::Failure;
use crate::message::note;

const HOME: &str = "STILLWATCH_HOME";
const OTHERS: u32 = 0o077;
/// More than a key file ever holds.
const MOST_BYTES: u64 = 4096;

/// The key of `--key-file`, or the default one, which is created when there is none yet.
pub(crate) fn load(given: Option<&Path>) -> Result<Key, Failure> {
    match given {
        Some(path) if !path.exists() => Err(Failure::usage(format!("there is no key file {}", path.display())).help(
            "create one with (umask 077; openssl rand -hex 32 > FILE), or leave --key-file out to use your own key",
        )),
        Some(path) => read(path),
        None => {
            let path = default_path()?;
            if !path.exists() {
                create(&path)?;
            }
            read(&path)
        }
    }
}

fn default_path() -> Result<PathBuf, Failure> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set(HOME)
        .or_else(|| set("XDG_DATA_HOME").filter(|path| path.is_absolute()).map(|path| path.join("stillwatch")))
        .or_else(|| set("HOME").map(|path| path.join(".local/share/stillwatch")));
    folder.map(|folder| folder.join("key")).ok_or_else(|| {
        Failure::usage("there is no place for the key: neither $STILLWATCH_HOME nor $HOME is set")
            .help("set $STILLWATCH_HOME, or give a key with --key-file")
    })
}

fn read(path: &Path) -> Result<Key, Failure> {
    let refuse = |what: &str| Failure::usage(format!("the key file {} {what}", path.display()));
    let file = File::open(path).map_err(|error| refuse("cannot be read").because(error))?;
    check_owner(&file).map_err(|mode| {
        refuse(&format!("can be read or changed by others (mode {mode:04o})"))
            .help(format!("chmod 600 {}; if others may have read it, make a new key", path.display()))
    })?;
    let mut text = String::new();
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(|error| refuse("cannot be read").because(error))?;
    let text = Redacted::new(text);
    Key::from_hex(text.expose()).map_err(|error| {
        refuse("does not hold a key")
            .because(error)
            .help("a key is 64 hexadecimal digits, such as `openssl rand -hex 32` prints")
    })
}

/// Refuses a secret file that others can read or change, with its mode.
pub(crate) fn check_owner(file: &File) -> Result<(), u32> {
    // What has no mode is not refused for it; reading it will fail.
    let mode = file.metadata().map_or(0, |metadata| metadata.mode());
    if mode & OTHERS == 0 { Ok(()) } else { Err(mode & 0o7777) }
}

/// Writes a new key under a temporary name (O_EXCL, mode 0600) and links it to its place unless there is one already:
/// of two runs that start together, both use the same key.
fn create(path: &Path) -> Result<(), Failure> {
    let refuse = |error: io::Error| {
        Failure::runtime(format!("the key file {} cannot be created", path.display()))
            .because(error)
            .help("set $STILLWATCH_HOME to a folder that you can write to, or give a key with --key-file")
    };
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::runtime("the system gives no random numbers").because(error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(refuse)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refuse)?;
    writeln!(file, "{}", Key::from_bytes(bytes).to_hex().expose()).map_err(refuse)?;
    file.as_file().sync_all().map_err(refuse)?;
    match file.persist_noclobber(path) {
        Ok(_) => note(&format!(
            "created the key file {}; keep it, fingerprints under different keys do not compare",
            path.display()
        )),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(refuse(error.error)),
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(refuse)
}
