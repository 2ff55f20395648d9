//! Bundles of OpenSSF Model Signing: what one claims to cover as long as nobody has verified it ([`read`]), and what a
//! verified one says ([`statements`]).

use stillwatch_core::Severity;
use stillwatch_json::Value as Node;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, EvidenceKind, Import, NodeKind, NodeRef, Object, Origin, Predicate,
    Scheme, Statement, StrictVerdict, Value,
};
use stillwatch_seal::{Bundle, FileState, Manifest, ManifestError, Verification, verify_bundle};

use crate::importers::in_toto;
use crate::importers::{Importer, Input, Sign};

pub const IMPORTER: Importer =
    Importer { format: "OpenSSF Model Signing", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    root.text_of("mediaType").is_some_and(|media| media.contains("sigstore"))
        || root.get("verificationMaterial").is_some()
}

/// Reads a bundle without believing it. One that holds another statement than of model signing is read as such.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    match in_toto::lines(input) {
        Some(lines) => in_toto::several(input, &lines, one),
        None => one(input),
    }
}

fn one(input: &Input<'_>) -> Import {
    let (bytes, origin) = (input.bytes, input.origin);
    let bundle = Bundle::of(input.json());
    if let Ok(bundle) = &bundle {
        let mut verified = input.trusted.iter().map(|trust| verify_bundle(bundle, trust, &origin.limits));
        if let Some(found) = verified.find_map(Result::ok) {
            return statements(bytes, &found, false, origin);
        }
        if matches!(Manifest::parse(bundle.payload(), &origin.limits), Err(ManifestError::Predicate(_))) {
            return in_toto::one(input);
        }
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

/// What a verified seal says, for the graph: who signed the subject (signed), and whether its bytes are those that were
/// signed (recomputed). `files` says whether the files were looked at; without, nothing is said of the bytes.
pub fn statements(bundle: &[u8], told: &Verification, files: bool, origin: &Origin) -> Import {
    let mut draft = Draft::new(bundle, origin, DocumentKind::ModelSigning);
    let subject = origin.subject.clone().unwrap_or_else(|| NodeRef::model(told.manifest.name.as_str()));
    let kind = if told.root.is_some() { NodeKind::Organisation } else { NodeKind::Software };
    let signer = match &told.root {
        Some(_) => NodeRef::new(kind, told.signer.as_str()),
        None => NodeRef::new(NodeKind::Organisation, "the holder of a key"),
    }
    .with(Scheme::Key, told.signer.as_str());
    let mut signed = |predicate: Predicate, object: Object, path: &str| {
        let mut statement = Statement::new(subject.clone(), predicate, object, path);
        statement.kind = EvidenceKind::Signed;
        statement.said_by = Some(signer.clone());
        draft.push(statement);
    };
    signed(EdgeKind::SignedBy.into(), Object::Node(signer.clone()), "/dsseEnvelope/signatures/0");
    let digest = format!("sha256:{}", told.manifest.digest());
    signed(Attribute::DIGEST.into(), Object::Value(Value::Text(digest.clone())), "/dsseEnvelope/payload");
    if files {
        let state = if told.holds() {
            format!("all {} sealed files are as they were signed", told.intact)
        } else {
            let count = |state| told.files.iter().filter(|file| file.state == state).count();
            format!(
                "{} of {} sealed files are as they were signed; altered {}, missing {}, not sealed {}, refused {}",
                told.intact,
                told.manifest.resources.len(),
                count(FileState::Altered),
                count(FileState::Missing),
                count(FileState::Unsealed),
                count(FileState::Refused),
            )
        };
        let mut statement = Statement::new(
            subject.clone(),
            Attribute::EVIDENCE,
            Object::Value(Value::Text(state)),
            "/dsseEnvelope/payload",
        );
        statement.kind = EvidenceKind::Recomputed;
        draft.push(statement);
        let mut bytes =
            Statement::new(subject, Attribute::DIGEST, Object::Value(Value::Text(digest)), "/dsseEnvelope/payload");
        bytes.kind = EvidenceKind::Recomputed;
        bytes.denied = !told.holds();
        draft.push(bytes);
    }
    for file in &told.files {
        let severity = if file.state == FileState::Unsealed { Severity::Warning } else { Severity::Error };
        draft.tell(severity, file.name.clone(), "sealed-file", file.to_string());
    }
    for what in &told.unchecked {
        draft.tell(Severity::Note, "", "not-checked", format!("not checked: {what}"));
    }
    draft.finish(StrictVerdict::Valid { against: "OpenSSF Model Signing 1.0".into() })
}
