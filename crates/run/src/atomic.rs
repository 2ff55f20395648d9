//! Files and folders that appear whole or not at all: written under a temporary name beside the target, synced,
//! renamed, and the folder synced. What is not committed is removed, on errors and on interruption alike.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stillwatch_core::Cancel;
use tempfile::{NamedTempFile, TempDir};

use crate::platform;

const PREFIX: &str = ".stillwatch-";
/// Before the user's mask.
const FILE_MODE: u32 = 0o666;
const FOLDER_MODE: u32 = 0o777;
const SCRATCH_MODE: u32 = 0o700;

/// A folder may grow while it is removed.
const ATTEMPTS: usize = 5;

/// Writes a file as a whole. Where the target is a device or a pipe, there is nothing to rename and it is written to.
pub fn write(target: &Path, bytes: &[u8], temporaries: &Temporaries) -> io::Result<()> {
    // A link stays a link.
    let target = target.canonicalize().unwrap_or_else(|_| target.into());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return File::options().write(true).open(target)?.write_all(bytes);
    }
    let folder = parent(&target);
    let mut file: NamedTempFile = platform::temporary(PREFIX, FILE_MODE).tempfile_in(folder)?;
    let _temporary = temporaries.hold(file.path());
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    platform::sync_folder(folder)
}

/// Tries whether a file could be written, so that nobody waits for a result that has no place. Nothing is left of it.
pub fn check(target: &Path, temporaries: &Temporaries) -> io::Result<()> {
    let target = target.canonicalize().unwrap_or_else(|_| target.into());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Ok(());
    }
    let file: NamedTempFile = platform::temporary(PREFIX, FILE_MODE).tempfile_in(parent(&target))?;
    let _temporary = temporaries.hold(file.path());
    file.close()
}

/// Writes a file as a whole through a writer of its own.
pub fn write_with(
    target: &Path,
    temporaries: &Temporaries,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let target = target.canonicalize().unwrap_or_else(|_| target.into());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is there and is no regular file"));
    }
    let folder = parent(&target);
    let mut file: NamedTempFile = platform::temporary(PREFIX, FILE_MODE).tempfile_in(folder)?;
    let _temporary = temporaries.hold(file.path());
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    platform::sync_folder(folder)
}

/// A folder in the making.
#[derive(Debug)]
pub struct Folder {
    making: TempDir,
    target: PathBuf,
    _temporary: Temporary,
}

impl Folder {
    /// The target must not exist or be an empty folder.
    pub fn new(target: &Path, temporaries: &Temporaries) -> io::Result<Self> {
        match target.read_dir() {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(io::ErrorKind::DirectoryNotEmpty.into());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        std::fs::create_dir_all(parent(target))?;
        let making = platform::temporary(PREFIX, FOLDER_MODE).tempdir_in(parent(target))?;
        let temporary = temporaries.hold(making.path());
        Ok(Self { making, target: target.into(), _temporary: temporary })
    }

    /// Where the files go.
    pub fn path(&self) -> &Path {
        self.making.path()
    }

    /// Writes one file of the folder and syncs it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create_new(self.path().join(name))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Gives the folder its name. Its files have been synced by their writers.
    pub fn commit(self) -> io::Result<()> {
        platform::sync_folder(self.making.path())?;
        std::fs::rename(self.making.path(), &self.target)?;
        platform::sync_folder(parent(&self.target))
        // What is dropped here has been renamed, so nothing is found to remove.
    }
}

/// A folder for spilled digests, that only its owner can read and that goes away by itself.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    _temporary: Temporary,
}

impl Scratch {
    pub fn new(temporaries: &Temporaries) -> io::Result<Self> {
        let folder = platform::temporary("stillwatch-", SCRATCH_MODE).tempdir()?;
        let temporary = temporaries.hold(folder.path());
        Ok(Self { folder, _temporary: temporary })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Temporary files and folders that exist at this moment. Each goes away with what made it; a process that ends without
/// unwinding removes them through this list. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Temporaries(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Temporaries {
    /// Removes all that is there. As long as the answer is held, nothing new is added.
    pub fn remove_all(&self) -> Removed<'_> {
        let paths = self.lock();
        for path in paths.iter() {
            for _ in 0..ATTEMPTS {
                let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
                if removed.is_ok() || !path.exists() {
                    break;
                }
            }
        }
        Removed(paths)
    }

    fn hold(&self, path: &Path) -> Temporary {
        self.lock().insert(path.into());
        Temporary { path: path.into(), all: self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps new temporary files from being added.
#[derive(Debug)]
pub struct Removed<'a>(#[expect(dead_code, reason = "held for its lock")] MutexGuard<'a, BTreeSet<PathBuf>>);

/// Keeps a path on the list until it is dropped.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
    all: Temporaries,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.all.lock().remove(&self.path);
    }
}

/// A writer that fails once the run is cancelled, so that whatever is being written ends there.
pub(crate) struct Cancellable<'a, W> {
    inner: W,
    cancel: &'a Cancel,
}

impl<'a, W> Cancellable<'a, W> {
    pub(crate) fn new(inner: W, cancel: &'a Cancel) -> Self {
        Self { inner, cancel }
    }
}

impl<W: Write> Write for Cancellable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cancel.check().map_err(io::Error::other)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs::{read, read_dir, write as put};

    use super::{Folder, Scratch, Temporaries, write};

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("report.json");
        put(&target, b"old").unwrap();
        write(&target, b"new", &Temporaries::default()).unwrap();
        assert_eq!((read(&target).unwrap(), read_dir(folder.path()).unwrap().count()), (b"new".to_vec(), 1));
        assert!(write(folder.path(), b"over a folder", &Temporaries::default()).is_err());
        assert_eq!(read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_committed_was_never_there() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("digests");
        let folder = Folder::new(&target, &Temporaries::default()).unwrap();
        folder.write("part", b"1").unwrap();
        drop(folder);
        assert_eq!(read_dir(place.path()).unwrap().count(), 0);
        let folder = Folder::new(&target, &Temporaries::default()).unwrap();
        folder.write("part", b"1").unwrap();
        folder.commit().unwrap();
        assert_eq!(read(target.join("part")).unwrap(), b"1");
        assert_eq!(
            Folder::new(&target, &Temporaries::default()).unwrap_err().kind(),
            std::io::ErrorKind::DirectoryNotEmpty
        );
        assert_eq!(read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_under_way_can_be_removed_at_once() {
        let place = tempfile::tempdir().unwrap();
        let temporaries = Temporaries::default();
        let folder = Folder::new(&place.path().join("digests"), &temporaries).unwrap();
        folder.write("part", b"1").unwrap();
        let scratch = Scratch::new(&temporaries).unwrap();
        drop(temporaries.remove_all());
        assert!(!scratch.path().exists());
        assert_eq!(read_dir(place.path()).unwrap().count(), 0);
        drop((folder, scratch));
        assert!(temporaries.lock().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        put(&target, b"old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&link, b"new", &Temporaries::default()).unwrap();
        assert!(link.is_symlink());
        assert_eq!(read(&target).unwrap(), b"new");
    }
}
