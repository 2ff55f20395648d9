//! in-toto statements (ITE-6, Statement v1), bare or in a DSSE envelope or Sigstore bundle: what was made from what, by
//! whom. SLSA provenance (v1 and v0.2) is read further; other predicates are kept as claims.
//!
//! What a statement says is a self-claim until its signature is verified with a key or certificates that the reader
//! received by another way: see [`read_signed`].

use std::error::Error;

use stillwatch_core::{Severity, shown};
use stillwatch_json::{Json, Value as Node};
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, EvidenceKind, Import, NodeKind, NodeRef, Object, Origin, Scheme,
    Statement, StrictVerdict, Value,
};
use stillwatch_seal::{Envelope, Signer, Trust, base64, verify_envelope};

use crate::importers::{Importer, Input, Sign, prose};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const OLD_STATEMENT: &str = "https://in-toto.io/Statement/v0.1";
const AGAINST: &str = "in-toto Statement v1";

pub const IMPORTER: Importer = Importer { format: "in-toto", sign: Sign::Json(|root, _| recognises(root)), import };

fn recognises(root: Node<'_>) -> bool {
    root.get("_type").is_some() || root.get("payloadType").is_some()
}

/// Reads a statement without verifying its signature.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    read_signed(bytes, origin, &[])
}

/// Reads a statement and verifies its signature. Only what is signed by one of the trusted counts as signed, and its
/// signer as the speaker; a signature that does not verify is told, and the statement stays what it was: a claim.
pub fn read_signed(bytes: &[u8], origin: &Origin, trusted: &[Trust]) -> Import {
    import(&Input::trusting(bytes, origin, trusted))
}

pub(super) fn import(input: &Input<'_>) -> Import {
    match lines(input) {
        Some(lines) => several(input, &lines, one),
        None => one(input),
    }
}

/// The lines of a file that holds one JSON object a line, with their numbers; `None` for a single object. Attestations are
/// kept so (in-toto bundles, `cosign download attestation`).
pub(super) fn lines<'a>(input: &Input<'a>) -> Option<Vec<(usize, &'a [u8])>> {
    let kept = &input.bytes[..input.bytes.len().min(input.origin.limits.bytes)];
    let lines = kept.split(|&byte| byte == b'\n').zip(1..).map(|(line, number)| (number, line.trim_ascii()));
    let lines: Vec<(usize, &[u8])> =
        lines.filter(|(_, line)| !line.is_empty()).take(input.origin.limits.values).collect();
    let is_object = |(_, line): &(usize, &[u8])| line.starts_with(b"{") && line.ends_with(b"}");
    (lines.len() > 1 && lines.iter().all(is_object)).then_some(lines)
}

/// Reads every line as a document of its own, into one import with the number of the line before each place.
pub(super) fn several(input: &Input<'_>, lines: &[(usize, &[u8])], read: fn(&Input<'_>) -> Import) -> Import {
    let mut draft = Draft::new(input.bytes, input.origin, DocumentKind::InToto);
    draft.title("attestations, one a line");
    for &(number, line) in lines {
        let import = read(&Input::trusting(line, input.origin, input.trusted));
        let at = |path: &str| if path.is_empty() { format!("line {number}") } else { format!("line {number} {path}") };
        for found in import.diagnostics {
            draft.tell(found.severity, at(&found.path), found.code, found.message);
        }
        // Each line may be signed by somebody else.
        let speaker = import.document.said_by.filter(|own| input.origin.said_by.as_ref() != Some(own));
        for mut statement in import.statements {
            statement.path = at(&statement.path);
            statement.said_by = statement.said_by.or_else(|| speaker.clone());
            draft.push(statement);
        }
    }
    finish(draft)
}

/// Reads one statement, envelope or bundle.
pub(super) fn one(input: &Input<'_>) -> Import {
    let trusted = input.trusted;
    let envelope = input.json().root().filter(|root| root.is_object()).and_then(Envelope::find);
    let limits = &input.origin.limits;
    let payload = match &envelope {
        Some(Ok(envelope)) => Some(Json::read(&envelope.payload, limits)),
        _ => None,
    };
    let verified = match (&envelope, &payload) {
        (Some(Ok(envelope)), Some(payload)) if !trusted.is_empty() => {
            Some(verified(input.json(), payload, envelope, trusted))
        }
        _ => None,
    };
    let mut origin = input.origin.clone();
    if let Some(Ok(signer)) = &verified {
        origin.kind = origin.kind.max(Some(EvidenceKind::Signed));
        origin.said_by = Some(node(signer));
    }
    let (mut draft, json) = input.json_draft_of(&origin, DocumentKind::InToto);
    let Some(root) = json.root().filter(|root| root.is_object()) else {
        draft.tell(Severity::Error, "", "wrong-type", "a statement is an object");
        return finish(draft);
    };
    let path = root.get("dsseEnvelope").unwrap_or(root).path();
    match &envelope {
        None => {
            if !trusted.is_empty() {
                draft.tell(Severity::Warning, "", "not-verified", "the statement is not signed");
            }
            statement(&mut draft, root, &origin, "");
        }
        Some(Err(error)) => {
            draft.tell(Severity::Error, path.clone(), "envelope", error.to_string());
            let payload = root.get("dsseEnvelope").unwrap_or(root).text_of("payload").unwrap_or_default();
            if let Some(payload) = base64(&payload)
                && let Some(root) = Json::read(&payload, &origin.limits).root()
            {
                statement(&mut draft, root, &origin, &format!("{path}/payload"));
            }
        }
        Some(Ok(_)) => {
            let signer = match &verified {
                None => {
                    draft.tell(Severity::Note, path.clone(), "not-verified", "the signature was not verified");
                    None
                }
                Some(Err(why)) => {
                    let message = format!("the signature was not verified: {why}");
                    draft.tell(Severity::Warning, path.clone(), "not-verified", message);
                    None
                }
                Some(Ok(signer)) => {
                    for what in &signer.unchecked {
                        draft.tell(Severity::Note, path.clone(), "not-checked", format!("not checked: {what}"));
                    }
                    Some(node(signer))
                }
            };
            let inside = format!("{path}/payload");
            for found in payload.iter().flat_map(Json::diagnostics) {
                let place = format!("{inside}{}", found.path);
                draft.tell(found.severity, place, found.code.clone(), found.message.clone());
            }
            if let Some(root) = payload.as_ref().and_then(Json::root) {
                let subjects = statement(&mut draft, root, &origin, &inside);
                for subject in signer.iter().flat_map(|signer| subjects.iter().map(move |subject| (subject, signer))) {
                    let (subject, signer) = (subject.0.clone(), subject.1.clone());
                    draft.node(subject, EdgeKind::SignedBy, signer, format!("{path}/signatures"));
                }
            }
        }
    }
    finish(draft)
}

/// The signer in a graph.
fn node(signer: &Signer) -> NodeRef {
    let name = if signer.root.is_some() { signer.name.as_str() } else { "the holder of a key" };
    NodeRef::organisation(name).with(Scheme::Key, signer.name.as_str())
}

/// Who signed; or why that is not known, in words.
fn verified(json: &Json<'_>, payload: &Json<'_>, envelope: &Envelope, trusted: &[Trust]) -> Result<Signer, String> {
    // With two equal keys, two readers could see two statements.
    if !json.is_sound() || !payload.is_sound() {
        return Err("the document is no JSON with unique keys".into());
    }
    if !(envelope.kind.starts_with("application/vnd.in-toto") && envelope.kind.ends_with("+json")) {
        return Err(format!("a payload of type `{}` was signed, and no statement", shown(&envelope.kind)));
    }
    verify_envelope(envelope, trusted).map_err(|error| {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(own) = cause {
            words = format!("{words}: {own}");
            cause = own.source();
        }
        words
    })
}

fn finish(draft: Draft) -> Import {
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against: AGAINST.into() },
        errors => StrictVerdict::Invalid { against: AGAINST.into(), errors },
    };
    draft.finish(strict)
}

/// What a statement says, and of whom.
fn statement(draft: &mut Draft, root: Node<'_>, origin: &Origin, prefix: &str) -> Vec<NodeRef> {
    let at = |node: Node<'_>| format!("{prefix}{}", node.path());
    match root.text_of("_type").as_deref() {
        Some(STATEMENT) => {}
        Some(OLD_STATEMENT) => {
            let message = "an in-toto Statement v0.1, which v1 has taken the place of; it is read all the same";
            draft.tell(Severity::Note, at(root), "statement-type", message);
        }
        _ => draft.tell(Severity::Error, at(root), "statement-type", format!("`_type` is not `{STATEMENT}`")),
    }
    let predicate_type = root.text_of("predicateType").unwrap_or_default().into_owned();
    if predicate_type.is_empty() {
        draft.tell(Severity::Error, at(root), "missing", "`predicateType` is mandatory");
    }
    draft.title(&predicate_type);
    let mut subjects = Vec::new();
    for subject in root.get("subject").into_iter().flat_map(Node::items) {
        match artefact(subject, NodeKind::Model, origin) {
            Some(node) => subjects.push((node, at(subject))),
            None => draft.tell(Severity::Error, at(subject), "digest", "a subject has a `digest`"),
        }
    }
    if subjects.is_empty() {
        draft.tell(Severity::Error, at(root), "missing", "a statement has a subject");
    }
    let predicate = root.get("predicate");
    for (subject, path) in &subjects {
        for id in subject.identifiers.iter().filter(|id| id.scheme == Scheme::Sha256) {
            draft.text(subject.clone(), Attribute::DIGEST, &format!("sha256:{}", id.value), path.clone());
        }
        let Some(predicate) = predicate else { continue };
        if predicate_type.starts_with("https://slsa.dev/provenance/v") {
            slsa(draft, subject, predicate, &at);
        } else {
            let words = format!("{predicate_type} is attested");
            draft.text(subject.clone(), Attribute::CLAIM, &words, at(predicate));
        }
    }
    subjects.into_iter().map(|(subject, _)| subject).collect()
}

/// SLSA provenance, v1 and v0.2: the builder, and what went into the build.
fn slsa(draft: &mut Draft, subject: &NodeRef, predicate: Node<'_>, at: &impl Fn(Node<'_>) -> String) {
    let builder = predicate.at(&["runDetails", "builder", "id"]).or_else(|| predicate.at(&["builder", "id"]));
    if let Some(builder) = builder
        && let Some(id) = builder.text()
    {
        let run = NodeRef::new(NodeKind::Run, format!("build of {}", subject.name)).with(Scheme::Other, id.as_ref());
        draft.node(subject.clone(), EdgeKind::ProducedBy, run.clone(), at(builder));
        draft.node(
            run,
            EdgeKind::Uses,
            NodeRef::new(NodeKind::Software, prose::address_name(&id)).with(Scheme::Url, id),
            at(builder),
        );
    }
    let materials = predicate.at(&["buildDefinition", "resolvedDependencies"]).or_else(|| predicate.get("materials"));
    for material in materials.into_iter().flat_map(Node::items) {
        let words = material.text_of("uri").or_else(|| material.text_of("name")).unwrap_or_default().to_lowercase();
        let media = material.text_of("mediaType").unwrap_or_default();
        let (kind, edge) = if words.contains("/datasets/") || words.contains("dataset") || media.contains("parquet") {
            (NodeKind::DataSet, EdgeKind::TrainedOn)
        } else if words.contains("huggingface.co/")
            || words.starts_with("pkg:huggingface/")
            || words.ends_with(".safetensors")
        {
            (NodeKind::Model, EdgeKind::FineTunedFrom)
        } else {
            (NodeKind::Software, EdgeKind::Uses)
        };
        let Some(node) = artefact(material, kind, &Origin::default()) else { continue };
        let mut statement = Statement::new(subject.clone(), edge, Object::Node(node), at(material));
        statement.qualifiers.insert("inferred".into(), Value::Text("from the material's address".into()));
        // What a material was for is not said; a model or data set among them is a proposal.
        statement.proposed = edge != EdgeKind::Uses;
        statement.quote = statement.proposed.then(|| shown(material.raw()));
        draft.push(statement);
    }
}

/// A resource descriptor. `None` without digest, address and name.
fn artefact(node: Node<'_>, kind: NodeKind, origin: &Origin) -> Option<NodeRef> {
    let uri = node.text_of("uri").or_else(|| node.text_of("downloadLocation"));
    let name = node.text_of("name").or_else(|| uri.clone())?.into_owned();
    let mut artefact = match &origin.subject {
        Some(subject) if kind == NodeKind::Model => subject.clone(),
        _ if name.starts_with("http") => prose::reference(kind, &prose::address_name(&name), Some(&name)),
        _ => NodeRef::new(kind, name),
    };
    if let Some(uri) = uri {
        let scheme = if uri.starts_with("pkg:") { Scheme::Purl } else { Scheme::Url };
        artefact = artefact.with(scheme, uri.into_owned());
    }
    for (algorithm, digest) in node.get("digest").into_iter().flat_map(Node::entries) {
        let scheme = match algorithm.as_ref() {
            "sha256" => Scheme::Sha256,
            "sha384" => Scheme::Sha384,
            "sha512" => Scheme::Sha512,
            _ => continue,
        };
        let text = digest.text().unwrap_or_default().to_ascii_lowercase();
        if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            artefact = artefact.with(scheme, text);
        }
    }
    Some(artefact)
}
