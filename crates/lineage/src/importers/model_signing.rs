//! A bundle of OpenSSF Model Signing that nobody has verified: what it claims to cover. To verify it, and to turn what
//! was verified into signed statements, see [`crate::custody`].

use crate::Attribute;
use crate::custody::{Bundle, Manifest, ManifestError};
use crate::import::{DocumentKind, Draft, Import, NodeRef, Origin, Severity, StrictVerdict};
use crate::importers::in_toto;

/// Reads a bundle without believing it. One that holds another statement than of model signing is read as such.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    let bundle = Bundle::parse(bytes, &origin.limits);
    if let Ok(bundle) = &bundle
        && matches!(Manifest::parse(bundle.payload(), &origin.limits), Err(ManifestError::Predicate(_)))
    {
        return in_toto::read(bytes, origin);
    }
    let mut draft = Draft::new(bytes, origin, DocumentKind::ModelSigning);
    let against = "OpenSSF Model Signing 1.0".to_owned();
    let read = bundle.map_err(|error| ("bundle", error.to_string())).and_then(|bundle| {
        Manifest::parse(bundle.payload(), &origin.limits).map_err(|error| ("manifest", error.to_string()))
    });
    match read {
        Ok(manifest) => {
            let subject = origin.subject.clone().unwrap_or_else(|| NodeRef::model(manifest.name.as_str()));
            let digest = format!("sha256:{}", manifest.digest());
            draft.text(subject.clone(), Attribute::DIGEST, &digest, "/dsseEnvelope/payload");
            let words = format!("{} files are said to be sealed", manifest.resources.len());
            draft.text(subject, Attribute::CLAIM, &words, "/dsseEnvelope/payload");
            draft.tell(
                Severity::Note,
                "",
                "not-verified",
                "the signature was not verified; `seal` and `verify` do that",
            );
            draft.finish(StrictVerdict::Valid { against })
        }
        Err((code, message)) => {
            draft.tell(Severity::Error, "", code, message);
            draft.finish(StrictVerdict::Invalid { against, errors: 1 })
        }
    }
}
