//! Seals of what is kept, and what became of it since.

use std::path::{Path, PathBuf};

use stillwatch_report::lineage as told;
use stillwatch_run::key::write_private;
use stillwatch_run::lineage::trust;
use stillwatch_seal::{Options, PrivateKey, seal as seal_files, verify as verify_files};

use super::tell;
use crate::cli::{LineageSeal, LineageVerify};
use crate::error::{Code, Failure};
use crate::message::note;
use crate::{atomic, inputs, key, output};

pub(super) fn seal(arguments: &LineageSeal) -> Result<Code, Failure> {
    let target = arguments.output.clone().unwrap_or_else(|| signature(&arguments.path));
    output::check(Some(&target))?;
    let stands = arguments.output.is_none() && target.symlink_metadata().is_ok();
    let other = || {
        Failure::usage(format!("there is another seal already: {}", target.display()))
            .help(format!("to write over it, give --output {}", target.display()))
    };
    // A key that is still to be made signs no seal that stands.
    if stands && !arguments.key.exists() {
        return Err(other());
    }
    let private = private_key(&arguments.key)?;
    let options = options(&target);
    let bundle = seal_files(&arguments.path, &private, &options, &mut |_| {})
        .map_err(|error| Failure::runtime(format!("{} cannot be sealed", arguments.path.display())).because(error))?;
    if stands && !holds(&target, bundle.as_bytes()) {
        return Err(other());
    }
    output::write(&bundle, Some(&target))?;
    let public = public_name(&arguments.key);
    let pem = private.public().pem().unwrap_or_default();
    // A file of that name may be of another key.
    note(&if holds(&public, pem.as_bytes()) {
        format!("sealed; verify with the public key in {}", public.display())
    } else {
        "sealed; verify with the public key that belongs to the private one".to_owned()
    });
    output::print(&format!("{}\n", target.display()))?;
    Ok(Code::Done)
}

/// The key to sign with, which its owner alone can read; made if there is none.
pub(super) fn private_key(path: &Path) -> Result<PrivateKey, Failure> {
    if !path.exists() {
        return create_key(path);
    }
    let refuse = |what: &str| Failure::usage(format!("the key {} {what}", path.display()));
    key::check_owner(&inputs::open(path)?).map_err(|mode| {
        refuse(&format!("can be read or changed by others (mode {mode:04o})"))
            .help(format!("chmod 600 {}", path.display()))
    })?;
    PrivateKey::read(&inputs::configuration(path)?).map_err(|error| refuse("cannot be used").because(error))
}

/// Whether a file is there and has these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() == bytes.len() as u64)
        && std::fs::read(path).is_ok_and(|own| own == bytes)
}

/// Makes a private key that its owner alone can read, and its public key beside it.
fn create_key(path: &Path) -> Result<PrivateKey, Failure> {
    let refuse = || Failure::runtime(format!("the key {} cannot be created", path.display()));
    let beside = public_name(path);
    if beside.symlink_metadata().is_ok() {
        let what = format!("{} is there already, of another key", beside.display());
        return Err(Failure::usage(what).help("give the new key another name"));
    }
    let private = PrivateKey::generate().map_err(|error| refuse().because(error))?;
    let pem = private.pem().map_err(|error| refuse().because(error))?;
    let public = private.public().pem().map_err(|error| refuse().because(error))?;
    write_private(path, pem.as_bytes()).map_err(|error| refuse().because(error))?;
    atomic::write(&beside, public.as_bytes()).map_err(|error| refuse().because(error))?;
    note(&format!(
        "created the key {} and {}; give the public one to whoever verifies",
        path.display(),
        beside.display()
    ));
    Ok(private)
}

pub(super) fn verify(arguments: &LineageVerify) -> Result<Code, Failure> {
    let path = arguments.seal.clone().unwrap_or_else(|| existing(&arguments.path));
    let trust = trust(&arguments.trust)?;
    let told = verify_files(
        &arguments.path,
        &bytes(&path)?,
        &trust,
        &Options { ignore: ignored(&arguments.ignore)?, ..options(&path) },
        &mut |_| {},
    )
    .map_err(|error| Failure::usage(format!("the seal {} does not verify", path.display())).because(error))?;
    tell(&arguments.told, &told, told::verification)?;
    Ok(if told.holds() { Code::Done } else { Code::Found })
}

/// Paths below the folder as a seal writes them.
fn ignored(paths: &[String]) -> Result<Vec<String>, Failure> {
    let plain = |path: &String| -> Result<String, Failure> {
        let own = path.trim_start_matches("./").trim_end_matches('/');
        let leads_out = own.starts_with('/') || own.split('/').any(|part| matches!(part, "" | "." | ".."));
        if leads_out {
            return Err(Failure::usage(format!("`{path}` is no path below what is verified"))
                .help("give a path as the finding names it, such as `notes/todo.txt`"));
        }
        Ok(own.to_owned())
    };
    paths.iter().map(plain).collect()
}

fn options(signature: &Path) -> Options {
    let name = signature.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Options { signature: name, ..Options::default() }
}

/// In a folder, or beside a file under its whole name: `m.gguf.sig` is not the seal of `m.safetensors`.
fn signature(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.join("model.sig");
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    name.into()
}

/// The seal to verify; before seals had the whole name of their file, `m.gguf` had `m.sig`.
fn existing(path: &Path) -> PathBuf {
    let (now, before) = (signature(path), path.with_extension("sig"));
    if !now.exists() && !path.is_dir() && before.exists() { before } else { now }
}

fn public_name(key: &Path) -> PathBuf {
    let mut name = key.file_stem().unwrap_or_default().to_owned();
    name.push(".pub.pem");
    key.with_file_name(name)
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    drop(inputs::open(path)?);
    std::fs::read(path).map_err(|error| Failure::runtime(format!("{} cannot be read", path.display())).because(error))
}
