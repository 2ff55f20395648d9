//! Files and folders that appear whole or not at all: written under a temporary name beside the target, synced,
//! renamed, and the folder synced. What is not committed is removed, on errors and on interruption alike.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::interrupt::Temporary;

const PREFIX: &str = ".stillwatch-";
/// Before the user's mask.
const FILE_MODE: u32 = 0o666;
const FOLDER_MODE: u32 = 0o777;

/// Writes a file as a whole. Where the target is a device or a pipe, there is nothing to rename and it is written to.
pub(crate) fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let target = target.canonicalize().unwrap_or_else(|_| target.into());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return File::options().write(true).open(target)?.write_all(bytes);
    }
    let folder = parent(&target);
    let mut file: NamedTempFile =
        Builder::new().prefix(PREFIX).permissions(Permissions::from_mode(FILE_MODE)).tempfile_in(folder)?;
    let _temporary = Temporary::new(file.path());
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

/// Writes a file as a whole through a writer of its own.
pub(crate) fn write_with(target: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let target = target.canonicalize().unwrap_or_else(|_| target.into());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is there and is no regular file"));
    }
    let folder = parent(&target);
    let mut file: NamedTempFile =
        Builder::new().prefix(PREFIX).permissions(Permissions::from_mode(FILE_MODE)).tempfile_in(folder)?;
    let _temporary = Temporary::new(file.path());
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

/// A folder in the making.
#[derive(Debug)]
pub(crate) struct Folder {
    making: TempDir,
    target: PathBuf,
    _temporary: Temporary,
}

impl Folder {
    /// The target must not exist or be an empty folder.
    pub(crate) fn new(target: &Path) -> io::Result<Self> {
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
        let making = Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(FOLDER_MODE))
            .tempdir_in(parent(target))?;
        let temporary = Temporary::new(making.path());
        Ok(Self { making, target: target.into(), _temporary: temporary })
    }

    /// Where the files go.
    pub(crate) fn path(&self) -> &Path {
        self.making.path()
    }

    /// Writes one file of the folder and syncs it.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create_new(self.path().join(name))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Gives the folder its name. Its files have been synced by their writers.
    pub(crate) fn commit(self) -> io::Result<()> {
        File::open(self.making.path())?.sync_all()?;
        std::fs::rename(self.making.path(), &self.target)?;
        File::open(parent(&self.target))?.sync_all()
        // What is dropped here has been renamed, so nothing is found to remove.
    }
}

/// A folder for spilled digests, that only its owner can read and that goes away by itself.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: TempDir,
    _temporary: Temporary,
}

impl Scratch {
    pub(crate) fn new() -> io::Result<Self> {
        let folder = Builder::new().prefix("stillwatch-").permissions(Permissions::from_mode(0o700)).tempdir()?;
        let temporary = Temporary::new(folder.path());
        Ok(Self { folder, _temporary: temporary })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs::{read, read_dir, write as put};

    use super::{Folder, write};

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("report.json");
        put(&target, b"old").unwrap();
        write(&target, b"new").unwrap();
        assert_eq!((read(&target).unwrap(), read_dir(folder.path()).unwrap().count()), (b"new".to_vec(), 1));
        assert!(write(folder.path(), b"over a folder").is_err());
        assert_eq!(read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_committed_was_never_there() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("digests");
        let folder = Folder::new(&target).unwrap();
        folder.write("part", b"1").unwrap();
        drop(folder);
        assert_eq!(read_dir(place.path()).unwrap().count(), 0);
        let folder = Folder::new(&target).unwrap();
        folder.write("part", b"1").unwrap();
        folder.commit().unwrap();
        assert_eq!(read(target.join("part")).unwrap(), b"1");
        assert_eq!(Folder::new(&target).unwrap_err().kind(), std::io::ErrorKind::DirectoryNotEmpty);
        assert_eq!(read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        put(&target, b"old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(read(&target).unwrap(), b"new");
    }
}
