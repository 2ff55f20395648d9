//! A crate imports only crates on lower floors, and ARCHITECTURE.md says what is.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The floors of ARCHITECTURE.md.
fn floor(package: &str) -> Option<usize> {
    const FLOORS: [&[&str]; 8] = [
        &["core"],
        &["digest", "ingest", "json", "pdf", "store", "server"],
        &["detect", "audit", "probe", "lineage", "seal", "weights", "engine", "simulate"],
        &["questionnaire", "guard", "share"],
        &["documents", "report"],
        &["run"],
        &["console", "gateway", "forum", "cluster"],
        &["stillwatch"],
    ];
    let name = package.strip_prefix("stillwatch-").unwrap_or(package);
    FLOORS.iter().position(|floor| floor.contains(&name))
}

// `cargo metadata` is asked directly: the crate of that name would switch on a feature of serde_json, and everything
// that uses it would be built twice, once for the tests and once for the program.
#[test]
fn every_import_leads_downstairs() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path", manifest];
    let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() >= 8);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        // Fuzz targets are no part of the house.
        if name == "stillwatch-fuzz" {
            continue;
        }
        let own = floor(name).unwrap_or_else(|| panic!("{name} stands on no floor"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let (import, development) = (dependency["name"].as_str().unwrap(), dependency["kind"] == "dev");
            if let Some(below) = floor(import).filter(|_| !development && dependency["path"].is_string()) {
                assert!(below < own, "{name} (floor {own}) imports {import} (floor {below})");
            }
        }
    }
}

const ARCHITECTURE: &str = include_str!("../../../../ARCHITECTURE.md");

/// The names between backticks in a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn architecture_puts_every_crate_on_its_floor() {
    let crates = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
    let mut crates: Vec<String> = crates.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    crates.sort();
    let mut listed = Vec::new();
    for row in ARCHITECTURE.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let Ok(level) = cells[1].parse::<usize>() else { continue };
        for name in quoted(cells[2]) {
            assert_eq!(floor(name), Some(level), "{row}");
            listed.push(name.to_owned());
        }
    }
    listed.sort();
    assert_eq!(listed, crates);
}

#[test]
fn architecture_names_tests_that_are_there() {
    let tests: Vec<&str> = quoted(ARCHITECTURE).filter(|name| name.contains("/tests/it/")).collect();
    assert!(tests.len() > 20);
    for test in tests {
        let path = format!("{}/../{test}", env!("CARGO_MANIFEST_DIR"));
        assert!(Path::new(&path).exists(), "ARCHITECTURE.md names {test}");
    }
}

/// Tests may do what they like: they run where the tools are.
#[test]
fn one_module_knows_the_operating_system() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.split("#[cfg(test)]").next().is_some_and(|code| code.contains("std::os::")) {
                    found.push(path.display().to_string());
                }
            }
        }
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap() {
        look(&entry.unwrap().path().join("src"), &mut found);
    }
    assert!(matches!(&found[..], [only] if only.ends_with("run/src/platform.rs")), "{found:?}");
}
