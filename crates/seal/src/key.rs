use std::fmt;

use p256::ecdsa::signature::{Signer, Verifier};
use p256::elliptic_curve::Generate;
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use sha2::{Digest, Sha256};
use stillwatch_core::hexadecimal;

/// A public key of the curve P-256 (signs SHA-256) or P-384 (signs SHA-384).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Public);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Public {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

/// A private key of one of these curves. `Debug` does not print it.
pub struct PrivateKey(Private);

enum Private {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("no public key of the curve P-256 or P-384 in PEM or DER")]
    Public,
    #[error("no private key of the curve P-256 or P-384 in PEM")]
    Private,
    #[error("the private key is encrypted; decrypt it first, for instance with `openssl pkcs8`")]
    Encrypted,
    #[error("the system gives no random numbers")]
    Random,
    #[error("the key cannot be written as PEM")]
    Write,
}

impl PublicKey {
    /// Reads `SubjectPublicKeyInfo` as PEM or DER.
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN"));
        let p256 = match text {
            Some(pem) => p256::ecdsa::VerifyingKey::from_public_key_pem(pem.trim()),
            None => p256::ecdsa::VerifyingKey::from_public_key_der(bytes),
        };
        if let Ok(key) = p256 {
            return Ok(Self(Public::P256(key)));
        }
        let p384 = match text {
            Some(pem) => p384::ecdsa::VerifyingKey::from_public_key_pem(pem.trim()),
            None => p384::ecdsa::VerifyingKey::from_public_key_der(bytes),
        };
        p384.map(|key| Self(Public::P384(key))).map_err(|_| KeyError::Public)
    }

    /// The key in PEM, as OpenSSL writes it.
    pub fn pem(&self) -> Result<String, KeyError> {
        match &self.0 {
            Public::P256(key) => key.to_public_key_pem(LineEnding::LF),
            Public::P384(key) => key.to_public_key_pem(LineEnding::LF),
        }
        .map_err(|_| KeyError::Write)
    }

    /// SHA-256 of the PEM, by which a bundle names its key.
    pub fn hint(&self) -> Result<String, KeyError> {
        Ok(hexadecimal(&Sha256::digest(self.pem()?)))
    }

    /// Whether a DER signature is this key's. Any malformed signature is not.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Public::P256(key) => {
                p256::ecdsa::Signature::from_der(signature).is_ok_and(|own| key.verify(message, &own).is_ok())
            }
            Public::P384(key) => {
                p384::ecdsa::Signature::from_der(signature).is_ok_and(|own| key.verify(message, &own).is_ok())
            }
        }
    }

    /// The same over a digest that is already computed.
    pub(super) fn verifies_digest(&self, digest: &[u8], signature: &[u8]) -> bool {
        use p256::ecdsa::signature::hazmat::PrehashVerifier;
        match &self.0 {
            Public::P256(key) => {
                p256::ecdsa::Signature::from_der(signature).is_ok_and(|own| key.verify_prehash(digest, &own).is_ok())
            }
            Public::P384(key) => {
                p384::ecdsa::Signature::from_der(signature).is_ok_and(|own| key.verify_prehash(digest, &own).is_ok())
            }
        }
    }
}

impl PrivateKey {
    /// A new key of the curve P-256.
    pub fn generate() -> Result<Self, KeyError> {
        p256::ecdsa::SigningKey::try_generate().map(|key| Self(Private::P256(key))).map_err(|_| KeyError::Random)
    }

    /// Reads PKCS #8 or SEC 1 as PEM.
    pub fn read(pem: &str) -> Result<Self, KeyError> {
        let pem = pem.trim();
        if pem.contains("ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self(Private::P256(key)));
        }
        if let Ok(key) = p384::ecdsa::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self(Private::P384(key)));
        }
        if let Ok(key) = p256::SecretKey::from_sec1_pem(pem) {
            return Ok(Self(Private::P256(key.into())));
        }
        p384::SecretKey::from_sec1_pem(pem).map(|key| Self(Private::P384(key.into()))).map_err(|_| KeyError::Private)
    }

    /// The key as PKCS #8 in PEM. Whoever holds it can sign: write it where only its owner reads.
    pub fn pem(&self) -> Result<String, KeyError> {
        match &self.0 {
            Private::P256(key) => key.to_pkcs8_pem(LineEnding::LF),
            Private::P384(key) => key.to_pkcs8_pem(LineEnding::LF),
        }
        .map(|pem| pem.to_string())
        .map_err(|_| KeyError::Write)
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(match &self.0 {
            Private::P256(key) => Public::P256(*key.verifying_key()),
            Private::P384(key) => Public::P384(*key.verifying_key()),
        })
    }

    /// A DER signature with a nonce made from key and message (RFC 6979): no random numbers that could fail.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            Private::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Private::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}
