//! Test data that is not part of the repository, for tests that are ignored unless asked for.

use std::path::{Path, PathBuf};

/// A file or folder below `$STILLWATCH_SHARED/data`; `.cargo/config.toml` sets the variable to `../shared` beside the
/// checkout.
pub(crate) fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("STILLWATCH_SHARED").expect("STILLWATCH_SHARED names the folder of test data");
    let path = PathBuf::from(root).join("data").join(path);
    assert!(path.exists(), "{} is absent", path.display());
    path
}

/// The JSON files of a folder by name.
pub(crate) fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}
