//! Data of others that tests are held against; not part of the repository.

use std::path::PathBuf;

/// A folder below `$STILLWATCH_SHARED/data`, or below `../shared/data` beside the checkout. Absent, the test says so.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("STILLWATCH_SHARED").map_or_else(beside, PathBuf::from);
    let found = root.join("data").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: {} is not there", found.display());
    None
}
