//! OpenSSF Model Signing: the published vectors, and what a seal tells of changed files.

use std::fs;
use std::path::Path;

use stillwatch_core::Limits;
use stillwatch_seal::{
    FileState, Manifest, Options, PrivateKey, SealError, Trust, VerifyError, seal, verify, verify_signature,
};

use crate::shared::shared;

/// Signature, what it covers, key or roots, and what is left out.
fn vectors(root: &Path) -> Vec<(std::path::PathBuf, std::path::PathBuf, &'static str)> {
    let mut all: Vec<_> = fs::read_dir(root.join("vectors")).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all.into_iter()
        .map(|folder| {
            let name = folder.file_name().unwrap().to_str().unwrap();
            let material = if name.ends_with("key") { "keys/signing-key-pub.pem" } else { "keys/ca-cert.pem" };
            // These two sign the file and not its folder.
            let single = matches!(name, "v0.3.1-elliptic-key" | "v1.0.0-elliptic-key");
            let path = if single { folder.join("signme-1") } else { folder.clone() };
            (folder.join("model.sig"), path, material)
        })
        .collect()
}

fn ignoring() -> Options {
    Options { ignore: vec!["ignore-me".into()], ..Options::default() }
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn the_published_vectors_verify_and_one_changed_byte_is_refused() {
    let root = shared("provenance/model-signing");
    let mut verified = 0;
    for (signature, path, material) in vectors(&root) {
        let bundle = fs::read(&signature).unwrap();
        let trust = Trust::read(&fs::read(root.join(material)).unwrap()).unwrap();
        let told = verify(&path, &bundle, &trust, &ignoring(), &mut |_| {}).unwrap();
        assert!(told.holds(), "{}: {:?}", signature.display(), told.files);
        verified += 1;

        let copy = tempfile::tempdir().unwrap();
        let target = if path.is_dir() {
            for entry in fs::read_dir(&path).unwrap() {
                let entry = entry.unwrap();
                fs::write(copy.path().join(entry.file_name()), fs::read(entry.path()).unwrap()).unwrap();
            }
            copy.path().to_owned()
        } else {
            copy.path().join("signme-1")
        };
        let mut bytes = fs::read(path.parent().unwrap().join(path.file_name().unwrap()).join("signme-1"))
            .or_else(|_| fs::read(&path))
            .unwrap();
        bytes[0] ^= 1;
        fs::write(copy.path().join("signme-1"), bytes).unwrap();
        let told = verify(&target, &bundle, &trust, &ignoring(), &mut |_| {}).unwrap();
        assert_eq!(told.files.len(), 1, "{:?}", told.files);
        assert_eq!(told.files[0].state, FileState::Altered);
    }
    assert_eq!(verified, 9);
}

#[test]
fn no_changed_byte_of_a_seal_verifies_as_another_manifest() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.bin"), "a").unwrap();
    let key = PrivateKey::generate().unwrap();
    let bundle = seal(folder.path(), &key, &Options::default(), &mut |_| {}).unwrap();
    no_change_verifies(bundle.as_bytes(), &Trust::Key(key.public()), "a seal of our own");
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn no_changed_byte_of_a_published_bundle_verifies_as_another_manifest() {
    let root = shared("provenance/model-signing");
    for (signature, _, material) in vectors(&root) {
        let trust = Trust::read(&fs::read(root.join(material)).unwrap()).unwrap();
        no_change_verifies(&fs::read(&signature).unwrap(), &trust, &signature.display().to_string());
    }
}

fn no_change_verifies(bundle: &[u8], trust: &Trust, name: &str) {
    let limits = Limits::default();
    let own = verify_signature(bundle, trust, &limits).unwrap().manifest;
    // Every 53rd byte, two bits of it: some hundred changes a bundle.
    for at in (0..bundle.len()).step_by(53) {
        for bit in [1, 4] {
            let mut changed = bundle.to_vec();
            changed[at] ^= bit;
            if let Ok(told) = verify_signature(&changed, trust, &limits) {
                assert_eq!(told.manifest, own, "byte {at} of {name}");
            }
        }
    }
}

#[test]
fn a_seal_says_file_by_file_what_became_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for name in ["a.bin", "b/c.bin", "b/d.bin", "b-e.bin"] {
        write(name, name);
    }
    let key = PrivateKey::generate().unwrap();
    let mut steps = Vec::new();
    let bundle = seal(folder.path(), &key, &Options::default(), &mut |progress| {
        steps.push((progress.file.to_owned(), progress.bytes, progress.of));
    })
    .unwrap();
    assert_eq!(steps.len(), 4);
    assert_eq!(steps.last().map(|(_, bytes, of)| bytes == of), Some(true));
    write("model.sig", &bundle);
    let trust = Trust::Key(key.public());
    let check = || verify(folder.path(), bundle.as_bytes(), &trust, &Options::default(), &mut |_| {}).unwrap();
    assert!(check().holds());

    fs::remove_file(folder.path().join("a.bin")).unwrap();
    write("b/c.bin", "b/C.bin");
    write("new.bin", "new");
    let told = check();
    let lines: Vec<String> = told.files.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["b/c.bin: altered", "a.bin: missing", "new.bin: not sealed"]);
    let other = Trust::Key(PrivateKey::generate().unwrap().public());
    assert!(matches!(verify_signature(bundle.as_bytes(), &other, &Limits::default()), Err(VerifyError::OtherKey)));
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_names_that_lead_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "a").unwrap();
    let key = PrivateKey::generate().unwrap();
    let options = Options::default();
    let bundle = seal(folder.path(), &key, &options, &mut |_| {}).unwrap();
    fs::remove_file(folder.path().join("a")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("a")).unwrap();
    let trust = Trust::Key(key.public());
    let told = verify(folder.path(), bundle.as_bytes(), &trust, &options, &mut |_| {}).unwrap();
    assert_eq!(told.files[0].state, FileState::Refused);
    assert!(matches!(seal(folder.path(), &key, &options, &mut |_| {}), Err(SealError::Files(_))));

    for name in ["../a", "/etc/passwd", "a/../../b", "a//b", "a\\b", ""] {
        let resource = serde_json::json!({"name": name, "algorithm": "sha256", "digest": "0".repeat(64)});
        // SHA-256 of 32 zero bytes.
        let root = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
        let statement = serde_json::json!({
            "_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "m", "digest": {"sha256": root}}],
            "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {"serialization": {"method": "files", "hash_type": "sha256"}, "resources": [resource]},
        });
        let error = Manifest::parse(statement.to_string().as_bytes(), &Limits::default());
        assert!(error.unwrap_err().to_string().contains("no name of a file"), "{name}");
    }
}

#[test]
fn keys_are_read_as_they_are_written_and_never_printed() {
    let key = PrivateKey::generate().unwrap();
    let again = PrivateKey::read(&key.pem().unwrap()).unwrap();
    assert_eq!(key.public(), again.public());
    assert_eq!(format!("{key:?}"), "PrivateKey(…)");
    assert!(PrivateKey::read("-----BEGIN ENCRYPTED PRIVATE KEY-----").unwrap_err().to_string().contains("encrypted"));
}
