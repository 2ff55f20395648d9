//! in-toto statements in DSSE envelopes: only a signature that verifies makes them more than claims.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::{EncodePublicKey, LineEnding};
use stillwatch_documents::importers::{in_toto, recognise};
use stillwatch_lineage::{EvidenceKind, Import, Origin};
use stillwatch_seal::Trust;

use crate::lines::{diagnostics, statements};

const TYPE: &str = "application/vnd.in-toto+json";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn trust(key: &SigningKey) -> Trust {
    let pem = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
    Trust::read(pem.as_bytes()).unwrap()
}

fn statement() -> String {
    let digest = "ab".repeat(32);
    format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"tiny","digest":{{"sha256":"{digest}"}}}}],"predicateType":"https://example.org/evaluated/v1","predicate":{{"score":1}}}}"#
    )
}

fn sign(key: &SigningKey, kind: &str, payload: &str) -> String {
    let message = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
    let signature: Signature = key.sign(message.as_bytes());
    STANDARD.encode(signature.to_der().as_bytes())
}

fn envelope(kind: &str, payload: &str, signatures: &[String]) -> String {
    let signatures: Vec<String> = signatures.iter().map(|own| format!(r#"{{"keyid":"any","sig":"{own}"}}"#)).collect();
    format!(
        r#"{{"payloadType":"{kind}","payload":"{}","signatures":[{}]}}"#,
        STANDARD.encode(payload),
        signatures.join(",")
    )
}

fn read(text: &str, trusted: &[Trust]) -> Import {
    in_toto::read_signed(text.as_bytes(), &Origin::named("tiny.intoto.jsonl"), trusted)
}

fn kinds(import: &Import) -> Vec<EvidenceKind> {
    let mut kinds: Vec<EvidenceKind> = import.statements.iter().map(|statement| statement.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_signature_of_a_trusted_key_makes_a_statement_signed() {
    let (ours, other) = (key(1), key(2));
    let signed = envelope(TYPE, &statement(), &[sign(&other, TYPE, &statement()), sign(&ours, TYPE, &statement())]);
    let import = read(&signed, &[trust(&ours)]);
    assert!(import.strict.is_valid(), "{:?}", import.diagnostics);
    assert_eq!(kinds(&import), [EvidenceKind::Signed]);
    let hint = import.document.said_by.as_ref().unwrap().identifiers[0].value.clone();
    let digest = "ab".repeat(32);
    assert_eq!(
        statements(&import),
        [
            format!("/payload/subject/0: tiny digest \"sha256:{digest}\" (signed)"),
            "/payload/predicate: tiny claim \"https://example.org/evaluated/v1 is attested\" (signed)".into(),
            format!("/signatures: tiny signed-by organisation `the holder of a key` <key:{hint}> (signed)"),
        ]
    );
    assert_eq!(diagnostics(&import), ["note  not-checked"]);
}

#[test]
fn what_does_not_verify_is_told_and_stays_a_claim() {
    let (ours, other) = (key(1), key(2));
    let good = sign(&ours, TYPE, &statement());
    let claim = |text: &str, trusted: &[Trust], code: &str, words: &str| {
        let import = read(text, trusted);
        assert!(kinds(&import).iter().all(|kind| *kind == EvidenceKind::SelfClaim), "{code}: {:?}", import.statements);
        assert!(import.document.said_by.is_none());
        let told = import.diagnostics.iter().find(|found| found.code == code);
        assert!(told.is_some_and(|told| told.message.contains(words)), "{words}: {:?}", import.diagnostics);
    };
    let signed = envelope(TYPE, &statement(), std::slice::from_ref(&good));
    claim(&signed, &[], "not-verified", "the signature was not verified");
    claim(&signed, &[trust(&other)], "not-verified", "the signature is not that of the signed statement");
    claim(&statement(), &[trust(&ours)], "not-verified", "the statement is not signed");

    let altered = statement().replace("\"score\":1", "\"score\":2");
    claim(&envelope(TYPE, &altered, std::slice::from_ref(&good)), &[trust(&ours)], "not-verified", "is not that of");
    // The type is signed with the payload, and a signature over another type vouches for no statement.
    claim(&envelope("text/plain", &statement(), &[good]), &[trust(&ours)], "not-verified", "text/plain");
    let plain = envelope("text/plain", &statement(), &[sign(&ours, "text/plain", &statement())]);
    claim(&plain, &[trust(&ours)], "not-verified", "and no statement");
    // Two readers could see two statements.
    let twice = statement().replace("\"predicate\":", "\"subject\":[],\"predicate\":");
    let signed = envelope(TYPE, &twice, &[sign(&ours, TYPE, &twice)]);
    claim(&signed, &[trust(&ours)], "not-verified", "unique keys");
    claim(&envelope(TYPE, &statement(), &[]), &[trust(&ours)], "envelope", "`signatures` is missing");
    claim(&envelope(TYPE, &statement(), &["!".into()]), &[trust(&ours)], "envelope", "`sig` is no base64");
}

#[test]
fn a_bundle_is_verified_like_a_bare_envelope_and_needs_its_own_key() {
    let ours = key(1);
    let bundle = |hint: &str| {
        let inside = envelope(TYPE, &statement(), &[sign(&ours, TYPE, &statement())]);
        format!(
            r#"{{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{{"publicKey":{{"hint":"{hint}"}}}},"dsseEnvelope":{inside}}}"#
        )
    };
    let import = read(&bundle(""), &[trust(&ours)]);
    assert_eq!(kinds(&import), [EvidenceKind::Signed], "{:?}", import.diagnostics);
    assert!(import.statements[0].path.starts_with("/dsseEnvelope/payload/subject/0"));
    let import = read(&bundle("another"), &[trust(&ours)]);
    assert_eq!(kinds(&import), [EvidenceKind::SelfClaim]);
    // Not one of model signing, and so not refused for being none.
    let import = recognise::read(bundle("").as_bytes(), &Origin::named("tiny.sigstore.json")).unwrap();
    assert_eq!((import.document.kind.as_str(), import.statements.len()), ("in-toto", 2));
}
