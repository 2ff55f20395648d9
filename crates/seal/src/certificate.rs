//! Chains of certificates, as far as signatures of models need them (RFC 5280, section 6, reduced).
//!
//! Checked: every signature up to a given root, the names that link them, that issuers may issue, path lengths, that
//! all are valid at the signer's first moment, that the signer may sign, and that no critical extension is unknown.
//! The signatures are verified by `rustls-webpki` with `ring`. Its path building is not used: it refuses a signer whose
//! certificate says that it may issue others, and the signer of the published test vectors says so.
//!
//! Not checked: revocation, name constraints (a certificate that has them is refused), certificate policies.

use std::time::Duration;

use rustls_pki_types::SignatureVerificationAlgorithm;
use webpki::ring;
use x509_cert::Certificate;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::key::PublicKey;

/// Certificates between the signer and a root.
const MOST_LINKS: usize = 8;
const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";

/// Why a chain is not trusted.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    #[error("no certificate in PEM")]
    Pem,
    #[error("certificate {0} of the bundle is no DER")]
    Der(usize),
    #[error("the bundle holds no certificate")]
    Empty,
    #[error("`{0}` leads to none of the given roots")]
    NoRoot(String),
    #[error("`{0}` is not valid at the first moment of the signer's certificate")]
    Time(String),
    #[error("`{0}` may not issue certificates")]
    NotIssuer(String),
    #[error("`{0}` has a critical extension that is not understood: {1}")]
    Critical(String, String),
    #[error("`{0}` may not sign")]
    NotSigner(String),
    #[error("the signer's key is not of the curve P-256 or P-384")]
    Key,
}

/// Reads the roots that a buyer trusts.
pub(super) fn roots(pem: &[u8]) -> Result<Vec<Certificate>, ChainError> {
    Certificate::load_pem_chain(pem).ok().filter(|all| !all.is_empty()).ok_or(ChainError::Pem)
}

/// The certificates of a signature in PEM, as DER.
pub(super) fn chain(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    let all = Certificate::load_pem_chain(pem).ok().filter(|all| !all.is_empty())?;
    all.iter().take(MOST_LINKS).map(|own| own.to_der().ok()).collect()
}

/// What a chain that holds says of its signer.
pub(super) struct Signer {
    pub(super) key: PublicKey,
    pub(super) name: String,
    /// The root that it leads to.
    pub(super) root: String,
}

/// Follows a chain to one of the roots.
pub(super) fn verify(chain: &[Vec<u8>], roots: &[Certificate]) -> Result<Signer, ChainError> {
    let chain = chain
        .iter()
        .enumerate()
        .map(|(at, der)| Certificate::from_der(der).map_err(|_| ChainError::Der(at)))
        .collect::<Result<Vec<_>, _>>()?;
    let signer = chain.first().ok_or(ChainError::Empty)?;
    let moment = signer.tbs_certificate().validity().not_before.to_unix_duration();
    may_sign(signer)?;
    let key = spki(signer).and_then(|der| PublicKey::read(&der).ok()).ok_or(ChainError::Key)?;
    let mut at = signer;
    for link in 0..=MOST_LINKS {
        sound(at, moment)?;
        if link > 0 {
            may_issue(at, link - 1)?;
        }
        if roots.contains(at) {
            return Ok(Signer { key, name: name(signer), root: name(at) });
        }
        if let Some(root) = roots.iter().find(|root| issued(root, at)) {
            sound(root, moment)?;
            may_issue(root, link)?;
            return Ok(Signer { key, name: name(signer), root: name(root) });
        }
        // A certificate that signed itself and is no root ends here.
        at = chain
            .iter()
            .find(|issuer| *issuer != at && issued(issuer, at))
            .ok_or_else(|| ChainError::NoRoot(name(at)))?;
    }
    Err(ChainError::NoRoot(name(at)))
}

fn name(certificate: &Certificate) -> String {
    stillwatch_core::shown(&certificate.tbs_certificate().subject().to_string())
}

fn spki(certificate: &Certificate) -> Option<Vec<u8>> {
    certificate.tbs_certificate().subject_public_key_info().to_der().ok()
}

/// Whether one certificate's key signed another.
fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let (own, theirs) = (issuer.tbs_certificate(), certificate.tbs_certificate());
    if own.subject() != theirs.issuer() || certificate.signature_algorithm() != theirs.signature() {
        return false;
    }
    let key = own.subject_public_key_info();
    let (Ok(message), Some(signature)) = (theirs.to_der(), certificate.signature().as_bytes()) else { return false };
    let (Some(kind), Some(how)) = (parameters(&key.algorithm), parameters(certificate.signature_algorithm())) else {
        return false;
    };
    let key = key.subject_public_key.as_bytes().unwrap_or_default();
    let fits = |algorithm: &&&dyn SignatureVerificationAlgorithm| {
        algorithm.signature_alg_id().as_ref() == how && algorithm.public_key_alg_id().as_ref() == kind
    };
    ALGORITHMS.iter().filter(fits).any(|algorithm| algorithm.verify_signature(key, &message, signature).is_ok())
}

/// An algorithm identifier in DER without its outermost tag and length.
fn parameters(algorithm: &AlgorithmIdentifierOwned) -> Option<Vec<u8>> {
    let whole = algorithm.to_der().ok()?;
    Some(AnyRef::from_der(&whole).ok()?.value().to_vec())
}

/// Signatures of certificates that are verified. RSA keys have 2,048 to 8,192 bits: below, keys can be broken; above, a
/// certificate could keep a reader busy.
static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
];

/// Valid at a moment and without critical extensions that nobody here understands.
fn sound(certificate: &Certificate, moment: Duration) -> Result<(), ChainError> {
    let validity = certificate.tbs_certificate().validity();
    if moment < validity.not_before.to_unix_duration() || moment > validity.not_after.to_unix_duration() {
        return Err(ChainError::Time(name(certificate)));
    }
    let known = [BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID];
    let mut extensions = certificate.tbs_certificate().extensions().into_iter().flatten();
    match extensions.find(|extension| extension.critical && !known.contains(&extension.extn_id)) {
        Some(unknown) => Err(ChainError::Critical(name(certificate), unknown.extn_id.to_string())),
        None => Ok(()),
    }
}

/// `below`: issuers between this one and the signer.
fn may_issue(certificate: &Certificate, below: usize) -> Result<(), ChainError> {
    let tbs = certificate.tbs_certificate();
    let refused = || ChainError::NotIssuer(name(certificate));
    let (_, constraints) = tbs.get_extension::<BasicConstraints>().ok().flatten().ok_or_else(refused)?;
    let usage = tbs.get_extension::<KeyUsage>().map_err(|_| refused())?;
    let short = constraints.path_len_constraint.is_some_and(|most| below > usize::from(most));
    if !constraints.ca || short || usage.is_some_and(|(_, usage)| !usage.key_cert_sign()) {
        return Err(refused());
    }
    Ok(())
}

fn may_sign(certificate: &Certificate) -> Result<(), ChainError> {
    let tbs = certificate.tbs_certificate();
    let usage = tbs.get_extension::<KeyUsage>().ok().flatten();
    let extended = tbs.get_extension::<ExtendedKeyUsage>().ok().flatten();
    let code = extended.is_some_and(|(_, usage)| usage.0.iter().any(|oid| oid.to_string() == CODE_SIGNING));
    if usage.is_some_and(|(_, usage)| usage.digital_signature()) || code {
        Ok(())
    } else {
        Err(ChainError::NotSigner(name(certificate)))
    }
}
