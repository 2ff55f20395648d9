use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What a seal leaves out, and how much of a tree is walked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Paths below the sealed folder, with `/`; a folder leaves out all below it.
    pub ignore: Vec<String>,
    /// `.git`, `.gitattributes`, `.github` and `.gitignore` are left out, as the reference tool does by default.
    pub ignore_git: bool,
    /// The name of the signature within the folder.
    pub signature: String,
    /// Files and folders of one tree.
    pub most_files: usize,
    /// Folders within folders.
    pub most_depth: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ignore: Vec::new(),
            ignore_git: true,
            signature: "model.sig".into(),
            most_files: 4_000_000,
            most_depth: 128,
        }
    }
}

pub(super) const GIT: [&str; 4] = [".git", ".gitattributes", ".github", ".gitignore"];

impl Options {
    /// Everything that is left out, ascending.
    pub(super) fn ignored(&self) -> Vec<String> {
        let git = GIT.iter().filter(|_| self.ignore_git).map(|name| (*name).to_owned());
        let mut all: Vec<String> = self
            .ignore
            .iter()
            .cloned()
            .chain(git)
            .chain([self.signature.clone()])
            .filter(|path| is_plain(path))
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

/// How far hashing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'p> {
    /// The file at work, below the sealed folder.
    pub file: &'p str,
    /// Bytes of all files hashed so far.
    pub bytes: u64,
    pub of: u64,
}

/// Why a tree cannot be listed or hashed.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("`{}` cannot be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("`{0}` is a symbolic link; a seal covers what it names and follows nothing")]
    SymbolicLink(String),
    #[error("`{0}` is neither a file nor a folder")]
    Special(String),
    #[error("`{}` has a name that is not UTF-8 or holds a backslash or a control character", .0.display())]
    Name(PathBuf),
    #[error("the tree holds more than {0} files or folders")]
    TooMany(usize),
    #[error("folders are nested deeper than {0}")]
    TooDeep(usize),
    #[error("`{0}` changed while it was read")]
    Changed(String),
}

/// Whether a name leads to a place below a folder and nowhere else: no `..`, no root, no empty part, one spelling.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 4_096
        && !name.contains(['\\', '\0'])
        && !name.chars().any(char::is_control)
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
        // A drive of Windows: `c:`.
        && !(name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic() && cfg!(windows))
}

/// Whether a path or a folder above it is left out.
pub(super) fn is_ignored(name: &str, ignored: &[String]) -> bool {
    ignored
        .iter()
        .any(|path| name.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The files below a folder with their sizes, by name; for a file itself `.` and its size. Without recursion; what
/// cannot be listed goes to `refused`, and without a listener ends the walk.
pub(super) fn list(
    root: &Path,
    ignored: &[String],
    options: &Options,
    mut refused: Option<&mut Vec<(String, FilesError)>>,
) -> Result<BTreeMap<String, u64>, FilesError> {
    let read = |path: &Path, source: io::Error| FilesError::Read { path: path.to_owned(), source };
    let mut found = BTreeMap::new();
    let meta = fs::symlink_metadata(root).map_err(|error| read(root, error))?;
    if meta.is_file() {
        found.insert(".".to_owned(), meta.len());
        return Ok(found);
    }
    if meta.is_symlink() {
        return Err(FilesError::SymbolicLink(root.display().to_string()));
    }
    let mut seen = 0_usize;
    let mut open: Vec<(PathBuf, String, usize)> = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = open.pop() {
        if depth > options.most_depth {
            return Err(FilesError::TooDeep(options.most_depth));
        }
        for entry in fs::read_dir(&folder).map_err(|error| read(&folder, error))? {
            let entry = entry.map_err(|error| read(&folder, error))?;
            seen += 1;
            if seen > options.most_files {
                return Err(FilesError::TooMany(options.most_files));
            }
            let path = entry.path();
            let own = entry.file_name();
            let name = own.to_str().map(|own| format!("{prefix}{own}"));
            let Some(name) = name.filter(|name| is_plain(name)) else {
                let error = FilesError::Name(path.clone());
                match &mut refused {
                    Some(refused) => refused.push((path.display().to_string(), error)),
                    None => return Err(error),
                }
                continue;
            };
            if is_ignored(&name, ignored) {
                continue;
            }
            // Of the entry itself: a link is not followed.
            let meta = fs::symlink_metadata(&path).map_err(|error| read(&path, error))?;
            if meta.is_dir() {
                open.push((path, format!("{name}/"), depth + 1));
            } else if meta.is_file() {
                found.insert(name, meta.len());
            } else {
                let error = if meta.is_symlink() {
                    FilesError::SymbolicLink(name.clone())
                } else {
                    FilesError::Special(name.clone())
                };
                match &mut refused {
                    Some(refused) => refused.push((name, error)),
                    None => return Err(error),
                }
            }
        }
    }
    Ok(found)
}

/// Hashes files one after the other through one buffer.
pub(super) struct Hasher<'h> {
    root: &'h Path,
    of: u64,
    done: u64,
    buffer: Vec<u8>,
    progress: &'h mut dyn FnMut(Progress<'_>),
}

/// Bytes read at once, and the step of progress.
const BUFFER: usize = 1 << 20;

impl<'h> Hasher<'h> {
    pub(super) fn new(root: &'h Path, of: u64, progress: &'h mut dyn FnMut(Progress<'_>)) -> Self {
        Self { root, of, done: 0, buffer: vec![0; BUFFER], progress }
    }

    /// SHA-256 of a listed file. A file that has become longer than it was listed is an error, not an endless read.
    pub(super) fn hash(&mut self, name: &str, size: u64) -> Result<[u8; 32], FilesError> {
        let path = if name == "." { self.root.to_owned() } else { self.root.join(name) };
        let read = |source| FilesError::Read { path: path.clone(), source };
        let mut file = File::open(&path).map_err(read)?;
        let mut hash = Sha256::new();
        let mut length = 0_u64;
        loop {
            let count = file.read(&mut self.buffer).map_err(read)?;
            if count == 0 {
                break;
            }
            length += count as u64;
            if length > size {
                return Err(FilesError::Changed(name.to_owned()));
            }
            hash.update(&self.buffer[..count]);
            self.done += count as u64;
            (self.progress)(Progress { file: name, bytes: self.done, of: self.of });
        }
        if length < size {
            return Err(FilesError::Changed(name.to_owned()));
        }
        Ok(hash.finalize().into())
    }
}
