//! Test data that is given and not part of the repository.

use std::path::{Path, PathBuf};

/// A folder of the given data: below `$STILLWATCH_SHARED`, or below `../shared` beside the checkout. Where it is absent the
/// test says so and passes.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("STILLWATCH_SHARED").map(PathBuf::from).or_else(|| {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        Some(checkout.parent()?.join("shared"))
    })?;
    let folder = root.join("data/provenance").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    skipped(&folder);
    None
}

/// The JSON files of a folder by name.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[expect(clippy::print_stderr, reason = "a skipped test has to say so")]
fn skipped(folder: &Path) {
    eprintln!("skipped: {} is not there", folder.display());
}
