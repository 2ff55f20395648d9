//! Files that appear whole or not at all, and that an interruption removes while they are written.

use std::io;
use std::path::Path;

use crate::interrupt;

pub(crate) fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    stillwatch_run::atomic::write(target, bytes, &interrupt::context().temporaries)
}

pub(crate) fn check(target: &Path) -> io::Result<()> {
    stillwatch_run::atomic::check(target, &interrupt::context().temporaries)
}
