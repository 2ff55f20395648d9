use std::fs::File;
use std::io;
use std::path::Path;

use stillwatch_audit::index::ReadAt;

use crate::platform;

/// A file that is read by positions, from many threads at once.
pub(crate) struct PositionedFile(File);

impl PositionedFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        File::open(path).map(Self)
    }
}

impl ReadAt for PositionedFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        platform::read_exact_at(&self.0, buffer, offset)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}
