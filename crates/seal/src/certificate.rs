//! Chains of certificates, as far as signatures of models need them (RFC 5280, section 6, reduced).
//!
//! Checked: every signature up to a given root, the names that link them, that issuers may issue, path lengths, that
//! all are valid at the signer's first moment, that the signer may sign, and that no critical extension is unknown.
//! Not checked: revocation, name constraints (a certificate that has them is refused), certificate policies.

use std::time::Duration;

use x509_cert::Certificate;
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use crate::key::PublicKey;
use crate::rsa::{self, Hash};

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
    let (Ok(message), Some(signature)) = (theirs.to_der(), certificate.signature().as_bytes()) else { return false };
    let algorithm = certificate.signature_algorithm().oid.to_string();
    let hash = match algorithm.as_str() {
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Hash::Sha256,
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Hash::Sha384,
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => Hash::Sha512,
        _ => return false,
    };
    if algorithm.starts_with("1.2.840.113549") {
        let key = own.subject_public_key_info().subject_public_key.as_bytes();
        return key.is_some_and(|key| rsa::verifies(key, &message, signature, hash));
    }
    let key = spki(issuer).and_then(|der| PublicKey::read(&der).ok());
    key.is_some_and(|key| key.verifies_digest(&hash.digest(&message), signature))
}

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
