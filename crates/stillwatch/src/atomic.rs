//! Files that appear whole or not at all, and that an interruption removes while they are written.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::interrupt;

pub(crate) fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    stillwatch_run::atomic::write(target, bytes, &interrupt::context().temporaries)
}

/// Writes a file through a writer of its own.
pub(crate) fn write_with(target: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    stillwatch_run::atomic::write_with(target, &interrupt::context().temporaries, write)
}
