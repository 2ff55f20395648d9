//! Test data that is not part of the repository, for tests that are ignored unless asked for.

use std::path::PathBuf;

/// A file or folder below `$STILLWATCH_SHARED/data`; `.cargo/config.toml` sets the variable to `../shared` beside the
/// checkout.
pub(crate) fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("STILLWATCH_SHARED").expect("STILLWATCH_SHARED names the folder of test data");
    let path = PathBuf::from(root).join("data").join(path);
    assert!(path.exists(), "{} is absent", path.display());
    path
}
