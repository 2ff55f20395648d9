//! Watermarks: published scores, toy corpora with and without a mark, key files and tokenizers.

mod conformance;
mod corpora;
mod key_file;
#[cfg(feature = "tokenizers")]
mod tokenizer;

use stillwatch_audit::watermark::{Detector, KeyRing};

/// A detector for token ids from one `[[watermark]]` without its header.
fn detector(fields: &str) -> Detector {
    let ring = KeyRing::parse(&format!("[[watermark]]\nvendor = \"Example\"\n{fields}")).unwrap();
    Detector::new(&ring.watermarks[0], None).unwrap()
}
