//! Seals of what is kept, and what became of it since.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use stillwatch_lineage::custody::{Options, PrivateKey, Trust, seal as seal_files, verify as verify_files};
use stillwatch_report::lineage as told;

use super::tell;
use crate::cli::{LineageSeal, LineageVerify};
use crate::error::{Code, Failure};
use crate::message::note;
use crate::{atomic, inputs, key, output};

pub(super) fn seal(arguments: &LineageSeal) -> Result<Code, Failure> {
    let target = arguments.output.clone().unwrap_or_else(|| signature(&arguments.path));
    output::check(Some(&target))?;
    let refuse = |what: &str| Failure::usage(format!("the key {} {what}", arguments.key.display()));
    let private = if arguments.key.exists() {
        let file = inputs::open(&arguments.key)?;
        key::check_owner(&file).map_err(|mode| {
            refuse(&format!("can be read or changed by others (mode {mode:04o})"))
                .help(format!("chmod 600 {}", arguments.key.display()))
        })?;
        PrivateKey::read(&inputs::configuration(&arguments.key)?)
            .map_err(|error| refuse("cannot be used").because(error))?
    } else {
        create_key(&arguments.key)?
    };
    let options = options(&target);
    let bundle = seal_files(&arguments.path, &private, &options, &mut |_| {})
        .map_err(|error| Failure::runtime(format!("{} cannot be sealed", arguments.path.display())).because(error))?;
    output::write(&bundle, Some(&target))?;
    note(&format!("sealed; verify with the public key in {}", public_name(&arguments.key).display()));
    output::print(&format!("{}\n", target.display()))?;
    Ok(Code::Done)
}

/// Makes a private key that its owner alone can read, and its public key beside it.
fn create_key(path: &Path) -> Result<PrivateKey, Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let refuse = || Failure::runtime(format!("the key {} cannot be created", path.display()));
    let private = PrivateKey::generate().map_err(|error| refuse().because(error))?;
    let pem = private.pem().map_err(|error| refuse().because(error))?;
    let public = private.public().pem().map_err(|error| refuse().because(error))?;
    let mut file =
        File::options().write(true).create_new(true).mode(0o600).open(path).map_err(|error| refuse().because(error))?;
    file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| refuse().because(error))?;
    atomic::write(&public_name(path), public.as_bytes()).map_err(|error| refuse().because(error))?;
    note(&format!(
        "created the key {} and {}; give the public one to whoever verifies",
        path.display(),
        public_name(path).display()
    ));
    Ok(private)
}

pub(super) fn verify(arguments: &LineageVerify) -> Result<Code, Failure> {
    let path = arguments.seal.clone().unwrap_or_else(|| signature(&arguments.path));
    let trust = trust(&arguments.trust)?;
    let told = verify_files(&arguments.path, &bytes(&path)?, &trust, &options(&path), &mut |_| {})
        .map_err(|error| Failure::usage(format!("the seal {} does not verify", path.display())).because(error))?;
    tell(&arguments.told, &told, told::verification)?;
    Ok(if told.holds() { Code::Done } else { Code::Found })
}

fn options(signature: &Path) -> Options {
    let name = signature.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Options { signature: name, ..Options::default() }
}

fn signature(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("model.sig") } else { path.with_extension("sig") }
}

fn public_name(key: &Path) -> PathBuf {
    let mut name = key.file_stem().unwrap_or_default().to_owned();
    name.push(".pub.pem");
    key.with_file_name(name)
}

/// Keys or certificates that were received by another way than what they signed.
pub(super) fn trust(path: &Path) -> Result<Trust, Failure> {
    Trust::read(&bytes(path)?).map_err(|error| {
        Failure::usage(format!("{} holds no public key and no certificate", path.display())).because(error)
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    drop(inputs::open(path)?);
    std::fs::read(path).map_err(|error| Failure::runtime(format!("{} cannot be read", path.display())).because(error))
}
