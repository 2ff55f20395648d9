//! What operating systems do differently. Everything else in this crate is the same on all of them.
//!
//! Other systems than Unix have no modes: there, whether others can read a file is for its folder to say.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, read_to_string};
use std::io;
use std::path::Path;

/// Mode bits of everybody but the owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// The mode of a file, where others than its owner can read or change it.
#[cfg(unix)]
pub(crate) fn mode_for_others(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let mode = metadata.mode();
    (mode & OTHERS != 0).then_some(mode & 0o7777)
}

#[cfg(not(unix))]
pub(crate) fn mode_for_others(_: &Metadata) -> Option<u32> {
    None
}

/// Gives new files this mode before the user's mask.
#[cfg(unix)]
pub(crate) fn with_mode(options: &mut OpenOptions, mode: u32) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode)
}

#[cfg(not(unix))]
pub(crate) fn with_mode(options: &mut OpenOptions, _: u32) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
pub(crate) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// Temporary files or folders of this mode before the user's mask.
#[cfg(unix)]
pub(crate) fn temporary(prefix: &str, mode: u32) -> tempfile::Builder<'_, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).permissions(std::fs::Permissions::from_mode(mode));
    builder
}

#[cfg(not(unix))]
pub(crate) fn temporary(prefix: &str, _: u32) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    builder
}

/// Creates a folder and those above it; only its owner can enter.
#[cfg(unix)]
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

/// Makes the names in a folder durable, where a folder can be opened for that.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Fills the buffer from a position of the file, without moving a cursor that others use.
#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(buffer, offset)
}

#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        match file.seek_read(buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

/// Bytes of memory that the machine has, or that the control group allows of it; nothing where neither can be told.
pub(crate) fn installed_memory() -> Option<usize> {
    // These files exist on Linux alone.
    let total = read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        line.split_whitespace().next()?.parse::<usize>().ok()?.checked_mul(1024)
    });
    let allowed = read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    total.into_iter().chain(allowed).min()
}
