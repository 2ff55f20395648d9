//! Figures of what is read from bytes, on the data of others:
//! `cargo bench -p stillwatch-documents --bench bytes -- ../shared/data/provenance`
//!
//! Verdicts on Croissant against those of its reference validator, OpenSSF Model Signing vectors with and without a
//! changed byte, and how fast a seal is made and headers are read.
#![expect(clippy::print_stdout, reason = "the figures are the output of a bench")]

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{fs, io};

use stillwatch_documents::importers::{croissant, hugging_face, weights};
use stillwatch_lineage::{NodeRef, Origin};
use stillwatch_seal::{Options, PrivateKey, Trust, seal, verify};

/// Bytes of the file that is sealed.
const SEALED: usize = 256 << 20;
/// Tensors of the header that is read.
const TENSORS: usize = 100_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    match path.map(PathBuf::from).filter(|path| path.is_dir()) {
        Some(root) => {
            croissant_verdicts(&root.join("croissant"))?;
            signing_vectors(&root.join("model-signing"))?;
        }
        None => println!("no folder of provenance data was given; conformance is not measured"),
    }
    speed()
}

fn croissant_verdicts(root: &Path) -> io::Result<()> {
    for (folder, valid) in [("datasets", true), ("negative", false)] {
        let (mut equal, mut all, mut statements) = (0, 0, 0);
        let mut open = vec![root.join(folder)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.file_name().is_some_and(|name| name == "metadata.json") {
                    let import = croissant::read(&fs::read(&path)?, &Origin::named("metadata.json"));
                    all += 1;
                    equal += usize::from(import.strict.is_valid() == valid);
                    statements += import.statements.len();
                }
            }
        }
        let verdict = if valid { "accepted" } else { "refused" };
        println!(
            "Croissant {folder}: {equal} of {all} {verdict} as by the reference validator, {statements} statements"
        );
    }
    Ok(())
}

fn signing_vectors(root: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let options = Options { ignore: vec!["ignore-me".into()], ..Options::default() };
    let (mut verified, mut refused, mut all) = (0, 0, 0);
    for entry in fs::read_dir(root.join("vectors"))? {
        let folder = entry?.path();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let material = if name.ends_with("key") { "keys/signing-key-pub.pem" } else { "keys/ca-cert.pem" };
        let trust = Trust::read(&fs::read(root.join(material))?)?;
        let single = matches!(name.as_str(), "v0.3.1-elliptic-key" | "v1.0.0-elliptic-key");
        let bundle = fs::read(folder.join("model.sig"))?;
        let target = if single { folder.join("signme-1") } else { folder.clone() };
        all += 1;
        verified += usize::from(verify(&target, &bundle, &trust, &options, &mut |_| {})?.holds());

        let copy = std::env::temp_dir().join(format!("stillwatch-bytes-{}-{name}", std::process::id()));
        fs::create_dir_all(&copy)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            fs::write(copy.join(entry.file_name()), fs::read(entry.path())?)?;
        }
        let mut bytes = fs::read(copy.join("signme-1"))?;
        if let Some(first) = bytes.first_mut() {
            *first ^= 1;
        }
        fs::write(copy.join("signme-1"), bytes)?;
        let target = if single { copy.join("signme-1") } else { copy.clone() };
        refused += usize::from(!verify(&target, &bundle, &trust, &options, &mut |_| {})?.holds());
        fs::remove_dir_all(&copy)?;
    }
    println!(
        "OpenSSF Model Signing: {verified} of {all} vectors verify offline; with one changed byte {refused} of {all} are refused"
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn speed() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("stillwatch-bytes-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("weights.bin"), vec![7_u8; SEALED])?;
    let key = PrivateKey::generate()?;
    let start = Instant::now();
    let bundle = seal(&folder, &key, &Options::default(), &mut |_| {})?;
    let took = start.elapsed().as_secs_f64();
    println!("seal: {:.0} MB/s with 1 MiB of buffer, {} bytes of signature", SEALED as f64 / 1e6 / took, bundle.len());
    fs::remove_dir_all(&folder)?;

    let mut header = String::from("{");
    for number in 0..TENSORS {
        let comma = if number == 0 { "" } else { "," };
        let (begin, end) = (number * 32, number * 32 + 32);
        header += comma;
        let range = format!("[{begin},{end}]");
        header += &[
            r#""model.layers."#,
            &number.to_string(),
            r#".w":{"dtype":"BF16","shape":[4,4],"data_offsets":"#,
            &range,
            "}",
        ]
        .concat();
    }
    header.push('}');
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    let length = (bytes.len() + TENSORS * 32) as u64;
    let start = Instant::now();
    let import = weights::safetensors::read_prefix(&bytes, length, &Origin::named("model.safetensors"));
    let took = start.elapsed();
    println!(
        "safetensors: header of {TENSORS} tensors ({} bytes) in {took:.0?}, valid: {}",
        bytes.len(),
        import.strict.is_valid()
    );

    let card = "---\nlicense: mit\n---\n".to_owned()
        + &"This model was fine-tuned from Llama-2 and trained on C4.\n\n".repeat(20_000);
    let start = Instant::now();
    let origin = Origin { subject: Some(NodeRef::model("m")), ..Origin::named("README.md") };
    let import = hugging_face::read(card.as_bytes(), &origin);
    let took = start.elapsed();
    println!(
        "card: {} bytes in {took:.0?}, {} claims proposed",
        card.len(),
        import.statements.iter().filter(|s| s.proposed).count()
    );
    Ok(())
}
