//! Seals a folder, or verifies one:
//! `cargo run -p stillwatch-seal --example seal -- seal FOLDER PRIVATE_KEY.pem`,
//! `… -- verify FOLDER SIGNATURE KEY_OR_ROOTS.pem [IGNORED…]`.
#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use std::path::Path;

use stillwatch_seal::{Options, PrivateKey, Trust, seal, verify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["seal", folder, key] => {
            let key = PrivateKey::read(&std::fs::read_to_string(key)?)?;
            let options = Options::default();
            let bundle = seal(Path::new(folder), &key, &options, &mut |_| {})?;
            std::fs::write(Path::new(folder).join(&options.signature), bundle)?;
            println!("sealed {folder}");
        }
        ["verify", folder, signature, trust, ref ignored @ ..] => {
            let trust = Trust::read(&std::fs::read(trust)?)?;
            let ignore = ignored.iter().map(|&path| path.to_owned()).collect();
            let options = Options { ignore, ..Options::default() };
            let told = verify(Path::new(folder), &std::fs::read(signature)?, &trust, &options, &mut |_| {})?;
            println!("{} files as sealed, signed by {}", told.intact, told.signer);
            for file in &told.files {
                println!("{file}");
            }
            for what in &told.unchecked {
                println!("not checked: {what}");
            }
            if !told.holds() {
                return Err("the folder is not as it was sealed".into());
            }
        }
        _ => return Err("seal FOLDER KEY, or verify FOLDER SIGNATURE TRUST [IGNORED…]".into()),
    }
    Ok(())
}
