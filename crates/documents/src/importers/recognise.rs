//! Which importer reads a document, by what it is called and how it begins.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use stillwatch_json::{Json, Value};
use stillwatch_lineage::{Import, Origin};
use stillwatch_seal::{Trust, verify_signature};

use super::model_signing::statements;
use super::{
    answers, config, croissant, custody, cyclonedx, dpi, dps, hugging_face, in_toto, model_signing, permits, prose,
    spdx, stillwatch, weights,
};

/// How a document is read.
pub type Importer = fn(&[u8], &Origin) -> Import;

/// Reads a document in whatever format it is; `None` for one that is not known.
pub fn read(bytes: &[u8], origin: &Origin) -> Option<Import> {
    recognise(bytes, origin).map(|importer| importer(bytes, origin))
}

/// Reads a document; in-toto statements and model signatures are verified with keys or certificates that the reader
/// received by another way, and count as signed if one of them made the signature.
pub fn read_trusting(bytes: &[u8], origin: &Origin, trusted: &[Trust]) -> Option<Import> {
    let json = (!trusted.is_empty()).then(|| Json::read(bytes, &origin.limits));
    let root = json.as_ref().and_then(Json::root).filter(|root| root.is_object());
    let has = |key: &str| root.is_some_and(|root| root.get(key).is_some());
    if has("verificationMaterial") {
        let verified = trusted.iter().find_map(|trust| verify_signature(bytes, trust, &origin.limits).ok());
        if let Some(told) = verified {
            return Some(statements(bytes, &told, false, origin));
        }
    }
    if has("_type") || has("payloadType") {
        return Some(in_toto::read_signed(bytes, origin, trusted));
    }
    read(bytes, origin)
}

/// Reads a file; of weights only the header. Signatures are verified as [`read_trusting`] does.
pub fn read_path(path: &Path, origin: &Origin, trusted: &[Trust]) -> io::Result<Option<Import>> {
    if ends_with(&origin.name, &[".gguf", ".safetensors"]) {
        return weights::read_path(path, origin).map(Some);
    }
    let length = path.metadata()?.len();
    if length > origin.limits.bytes as u64 {
        return Err(io::Error::other(format!("the document has {length} bytes, {} are read", origin.limits.bytes)));
    }
    Ok(read_trusting(&std::fs::read(path)?, origin, trusted))
}

/// The importer of a document that is no weight file.
pub fn recognise(bytes: &[u8], origin: &Origin) -> Option<Importer> {
    let name = origin.name.to_ascii_lowercase();
    if bytes.starts_with(b"%PDF-") || (ends_with(&name, &[".pdf"]) && prose::is_pdf(bytes)) {
        return Some(prose::read);
    }
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    if matches!(first, Some(b'{' | b'[')) {
        let json = Json::read(bytes, &origin.limits);
        // What is no JSON after all is told by the reader of vendor answers.
        return Some(json.root().map_or(answers::read as Importer, |root| of_json(root, &name)));
    }
    if ends_with(&name, &[".csv"]) {
        return Some(answers::read);
    }
    if ends_with(&name, &[".md", ".markdown"]) && bytes.trim_ascii_start().starts_with(b"---") {
        return Some(hugging_face::read);
    }
    ends_with(&name, &[".md", ".markdown", ".html", ".htm", ".txt"]).then_some(prose::read as Importer)
}

fn of_json(root: Value<'_>, name: &str) -> Importer {
    let has = |key: &str| root.get(key).is_some();
    let text = |key: &str| root.text_of(key).map(Cow::into_owned).unwrap_or_default();
    let context = root.get("@context").is_some() && !spdx::recognises(root);
    match () {
        () if cyclonedx::recognises(root) => cyclonedx::read,
        () if spdx::recognises(root) => spdx::read,
        () if permits::recognises(root) => permits::read,
        () if text("schema").starts_with("stillwatch.custody") => custody::read,
        () if text("schema").starts_with("stillwatch.") || has("evidence") => stillwatch::read,
        () if text("mediaType").contains("sigstore") || has("verificationMaterial") => model_signing::read,
        () if has("_type") || has("payloadType") => in_toto::read,
        () if context => croissant::read,
        () if dpi::recognises(root) => dpi::read,
        () if has("architectures") || has("model_type") || name == "config.json" => config::read,
        () if name.contains("custody") => custody::read,
        () if name.contains("provenance") => dps::read,
        () => answers::read,
    }
}

fn ends_with(name: &str, endings: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}
