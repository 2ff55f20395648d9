//! From arguments to files: paths, globs, directories with Hive partitions, digest folders, standard input.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use stillwatch_core::{Cancel, Cancelled};
use stillwatch_digest::{Manifest, SourceFile};
use stillwatch_engine::{Location, UnitFile};

use crate::counts::{self, Counts};
use crate::error::{Fault, InputError, RunError};
use crate::files::FileError;

/// What is in a folder of digests beside the digests: under which rules they were made, and of what.
pub const MANIFEST: &str = "manifest.json";
pub const COUNTS: &str = counts::FILE;
const DIGEST_SCHEMA: &str = "stillwatch.digest/";
const MOST_MANIFEST_BYTES: u64 = 64 << 20;
const DEEPEST: usize = 32;
/// Bytes between two looks at whether the run is cancelled.
const HASHED_AT_ONCE: u64 = 64 << 20;
const LOG_ENDINGS: [&str; 8] = ["parquet", "jsonl", "ndjson", "json", "csv", "tsv", "log", "txt"];

const HIDDEN: &str = "hidden files and those that start with _ are skipped";

/// Why the inputs of a run cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum InputsError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("there is no file in {0}")]
    Nothing(String),
    #[error("{} lies more than {DEEPEST} folders deep", .0.display())]
    TooDeep(PathBuf),
    #[error("the pattern {pattern} cannot be read")]
    Pattern { pattern: String, source: glob::PatternError },
    #[error("the pattern {pattern} leads to a folder that cannot be read")]
    PatternFolder { pattern: String, source: glob::GlobError },
    #[error("the pattern {0} matches no file")]
    NoMatch(String),
    #[error("the digest folder {} cannot be used", .path.display())]
    Digests { path: PathBuf, source: InputError },
}

impl RunError for InputsError {
    fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            _ => Fault::Request,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::File(error) => error.help(),
            Self::Nothing(_) | Self::NoMatch(_) => Some(HIDDEN.into()),
            Self::Digests { .. } => Some("write the digests again from the logs".into()),
            Self::TooDeep(_) | Self::Pattern { .. } | Self::PatternFolder { .. } => None,
        }
    }
}

/// Why a file has no hash.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What is to be read, in a stable order.
#[derive(Debug, Default)]
pub struct Inputs {
    pub logs: Vec<LogFile>,
    pub digests: Vec<DigestFolder>,
    /// Files in folders that are no logs.
    pub skipped: u64,
}

/// One log.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// None for standard input.
    pub path: Option<PathBuf>,
    /// As it is called in messages.
    pub name: String,
    /// Partition columns that the path gives.
    pub hive: Vec<(String, String)>,
    /// Zero where it is not known.
    pub bytes: u64,
    /// It was found in a folder or by a pattern, and not given by its name.
    pub is_found: bool,
}

/// A folder of day digests.
#[derive(Debug)]
pub struct DigestFolder {
    pub path: PathBuf,
    pub manifest: Manifest,
    pub counts: Counts,
}

impl Inputs {
    /// `others` are files that are given as something else, and are no logs where they lie in a folder of logs.
    pub fn find(arguments: &[PathBuf], others: &[&Path]) -> Result<Self, InputsError> {
        Self::find_called(arguments, others, &LOG_ENDINGS)
    }

    /// The same for files that have other endings than logs where they lie in folders.
    pub fn find_called(arguments: &[PathBuf], others: &[&Path], endings: &[&str]) -> Result<Self, InputsError> {
        let mut inputs = Self::default();
        let mut seen = BTreeSet::new();
        let others: BTreeSet<PathBuf> = others.iter().filter_map(|path| path.canonicalize().ok()).collect();
        for argument in arguments {
            for path in expand(argument)? {
                // What a pattern happens to match is not meant as what it names.
                let matched = path != *argument && path.canonicalize().is_ok_and(|real| others.contains(&real));
                if matched {
                    inputs.skipped += 1;
                } else {
                    let before = inputs.logs.len();
                    inputs.add(&path, (&others, endings), &mut seen, 0)?;
                    let by_pattern = path != *argument;
                    inputs.logs.iter_mut().skip(before).for_each(|log| log.is_found |= by_pattern);
                }
            }
        }
        if inputs.logs.is_empty() && inputs.digests.is_empty() {
            let names: Vec<String> = arguments.iter().map(|path| path.display().to_string()).collect();
            return Err(InputsError::Nothing(names.join(", ")));
        }
        Ok(inputs)
    }

    fn add(
        &mut self,
        path: &Path,
        (others, endings): (&BTreeSet<PathBuf>, &[&str]),
        seen: &mut BTreeSet<PathBuf>,
        depth: usize,
    ) -> Result<(), InputsError> {
        let refuse = |error: io::Error| FileError::of(path, error);
        if path == Path::new("-") {
            if seen.insert("-".into()) {
                let name = "standard input".into();
                self.logs.push(LogFile { path: None, name, hive: Vec::new(), bytes: 0, is_found: false });
            }
            return Ok(());
        }
        let real = path.canonicalize().map_err(refuse)?;
        let metadata = path.metadata().map_err(refuse)?;
        if depth > 0 && !metadata.is_dir() && (others.contains(&real) || !is_called(path, endings)) {
            self.skipped += 1;
            return Ok(());
        }
        // The same file by two names is read once.
        if !seen.insert(real) {
            return Ok(());
        }
        if !metadata.is_dir() {
            self.logs.push(LogFile {
                path: Some(path.into()),
                name: path.display().to_string(),
                hive: partitions(path),
                bytes: if metadata.is_file() { metadata.len() } else { 0 },
                is_found: depth > 0,
            });
            return Ok(());
        }
        if let Some(folder) = DigestFolder::open(path)? {
            self.digests.push(folder);
            return Ok(());
        }
        if depth == DEEPEST {
            return Err(InputsError::TooDeep(path.into()));
        }
        let mut entries = Vec::new();
        for entry in path.read_dir().map_err(refuse)? {
            let entry = entry.map_err(refuse)?;
            let linked_folder = entry.path().is_symlink() && entry.path().is_dir();
            if !is_hidden(&entry.file_name()) && !linked_folder {
                entries.push(entry.path());
            }
        }
        entries.sort_unstable();
        entries.iter().try_for_each(|entry| self.add(entry, (others, endings), seen, depth + 1))
    }
}

impl LogFile {
    /// BLAKE3 of its content. Standard input is hashed while it is read instead.
    pub fn hash(&self, cancel: &Cancel) -> Result<Option<SourceFile>, HashError> {
        let Some(path) = &self.path else {
            return Ok(None);
        };
        let refuse = |error| FileError::of(path, error);
        let mut file = File::open(path).map_err(refuse)?;
        let mut hasher = blake3::Hasher::new();
        loop {
            cancel.check()?;
            let before = hasher.count();
            hasher.update_reader(file.by_ref().take(HASHED_AT_ONCE)).map_err(refuse)?;
            if hasher.count() == before {
                return Ok(Some(SourceFile::whole(hasher.finalize().to_string(), hasher.count())));
            }
        }
    }

    /// As a file of a unit of work.
    pub fn as_unit_file(&self) -> UnitFile {
        UnitFile {
            location: self.path.clone().map_or(Location::StandardInput, Location::Path),
            name: self.name.clone(),
            columns: self.hive.clone(),
        }
    }
}

impl DigestFolder {
    /// `None` when the folder has no manifest of digests.
    fn open(path: &Path) -> Result<Option<Self>, InputsError> {
        let file = path.join(MANIFEST);
        if !file.is_file() {
            return Ok(None);
        }
        let refuse = |error: Box<dyn std::error::Error + Send + Sync>| InputsError::Digests {
            path: path.into(),
            source: InputError::new(file.display(), error),
        };
        let text = read_text(&file).map_err(|error| refuse(error.into()))?;
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| refuse(error.into()))?;
        if !value["schema"].as_str().is_some_and(|schema| schema.starts_with(DIGEST_SCHEMA)) {
            return Ok(None);
        }
        let manifest: Manifest = serde_json::from_value(value).map_err(|error| refuse(error.into()))?;
        if let Some(name) = manifest.files.iter().find(|name| Path::new(name).file_name() != Some(OsStr::new(name))) {
            return Err(refuse(format!("`{name}` is not the name of a file in the folder").into()));
        }
        let counts = path.join(counts::FILE);
        let counts = match read_text(&counts) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| refuse(error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Counts::of_manifest(&manifest),
            Err(error) => return Err(refuse(error.into())),
        };
        Ok(Some(Self { path: path.into(), manifest, counts }))
    }
}

fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MOST_MANIFEST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// A path that exists stands for itself, whatever characters it has; otherwise it may be a pattern.
fn expand(argument: &Path) -> Result<Vec<PathBuf>, InputsError> {
    let pattern = argument.to_str().filter(|text| text.contains(['*', '?', '[']));
    let Some(pattern) = pattern.filter(|_| !argument.exists()) else {
        return Ok(vec![argument.into()]);
    };
    let pattern = pattern.to_owned();
    let matches = match glob::glob(&pattern) {
        Ok(matches) => matches,
        Err(source) => return Err(InputsError::Pattern { pattern, source }),
    };
    let mut paths = match matches.collect::<Result<Vec<PathBuf>, _>>() {
        Ok(paths) => paths,
        Err(source) => return Err(InputsError::PatternFolder { pattern, source }),
    };
    paths.retain(|path| !path.file_name().is_some_and(is_hidden));
    paths.sort_unstable();
    if paths.is_empty() {
        return Err(InputsError::NoMatch(pattern));
    }
    Ok(paths)
}

/// Whether a file of a folder has one of these endings, or none.
fn is_called(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().map(OsStr::to_ascii_lowercase).unwrap_or_default();
    let mut name = Path::new(&name);
    if matches!(name.extension().and_then(OsStr::to_str), Some("gz" | "zst")) {
        name = name.file_stem().map_or(name, Path::new);
    }
    // Systems that write folders of logs also write names without an ending.
    name.extension().and_then(OsStr::to_str).is_none_or(|ending| endings.contains(&ending))
}

fn is_hidden(name: &OsStr) -> bool {
    matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_'))
}

/// The `name=value` folders of a path. Hive writes special characters as `%` and two hexadecimal digits.
fn partitions(path: &Path) -> Vec<(String, String)> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    folders
        .filter_map(|folder| folder.as_os_str().to_str()?.split_once('='))
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (unescape(name), unescape(value)))
        .collect()
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir_all, write};
    use std::path::Path;

    use super::{Inputs, InputsError, partitions, unescape};

    #[test]
    fn folders_give_columns() {
        let pairs = partitions(Path::new("logs/model=m%2F4/day=2026-09-07/a=b.parquet"));
        assert_eq!(pairs, [("model".into(), "m/4".into()), ("day".into(), "2026-09-07".into())]);
        assert_eq!((unescape("100%"), unescape("%zz")), ("100%".into(), "%zz".into()));
    }

    #[test]
    fn directories_are_walked_in_order_and_hidden_files_skipped() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b/2.csv", "a.csv", "b/1.csv", "_SUCCESS", ".hidden.csv", "_temporary/x.csv"] {
            let path = folder.path().join(file);
            create_dir_all(path.parent().unwrap()).unwrap();
            write(path, "time,account\n").unwrap();
        }
        write(folder.path().join("notes.md"), "time,account\n").unwrap();
        write(folder.path().join("b/accounts.csv"), "account\n").unwrap();
        let accounts = folder.path().join("b/accounts.csv");
        let names = |arguments: &[&str]| -> Vec<String> {
            let paths: Vec<_> = arguments.iter().map(|argument| folder.path().join(argument)).collect();
            let base = format!("{}/", folder.path().display());
            let inputs = Inputs::find(&paths, &[&accounts]).unwrap();
            inputs.logs.into_iter().map(|log| log.name.strip_prefix(&base).unwrap().to_owned()).collect()
        };
        assert_eq!(names(&[""]), ["a.csv", "b/1.csv", "b/2.csv"]);
        assert_eq!(names(&["b/*.csv", "b/1.csv"]), ["b/1.csv", "b/2.csv"]);
        let find = |name: &str| Inputs::find(&[folder.path().join(name)], &[]);
        assert!(matches!(find("*.parquet"), Err(InputsError::NoMatch(_))));
        assert!(matches!(find("_temporary/.x"), Err(InputsError::File(_))));
    }
}
