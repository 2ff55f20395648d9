//! RSA signatures of certificates, PKCS #1 v1.5 (RFC 8017, section 8.2.2). Verification only: nothing here is secret.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{Decode, Reader, SliceReader};

/// Bits of a modulus. Below, keys can be broken; above, a certificate could keep a reader busy.
const BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

#[derive(Clone, Copy, Debug)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// DER of `DigestInfo` up to the digest (RFC 8017, section 9.2, note 1).
    fn prefix(self) -> [u8; 19] {
        let (oid, length) = match self {
            Self::Sha256 => (1, 32),
            Self::Sha384 => (2, 48),
            Self::Sha512 => (3, 64),
        };
        [
            0x30,
            17 + length,
            0x30,
            0x0d,
            0x06,
            0x09,
            0x60,
            0x86,
            0x48,
            0x01,
            0x65,
            0x03,
            0x04,
            0x02,
            oid,
            0x05,
            0x00,
            0x04,
            length,
        ]
    }
}

/// Whether a signature is that of an `RSAPublicKey` in DER. The expected encoding is built and compared whole, so that
/// no lenient reading of a padding can be forged.
pub(super) fn verifies(key: &[u8], message: &[u8], signature: &[u8], hash: Hash) -> bool {
    let Some((modulus, exponent)) = parse(key) else { return false };
    let size = modulus.len();
    if !BITS.contains(&(size * 8)) || signature.len() != size || exponent.len() > 8 {
        return false;
    }
    let Ok(bits) = u32::try_from(size * 8) else { return false };
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, bits).ok();
    let (Some(n), Some(s), Some(e)) = (number(&modulus), number(signature), number(&exponent)) else { return false };
    if s >= n {
        return false;
    }
    let Some(odd) = Odd::new(n).into_option() else { return false };
    let parameters = BoxedMontyParams::new_vartime(odd);
    let opened = BoxedMontyForm::new(s, &parameters).pow_bounded_exp(&e, 64).retrieve().to_be_bytes();
    let digest = hash.digest(message);
    let mut expected = vec![0x00, 0x01];
    let filling = size.saturating_sub(3 + hash.prefix().len() + digest.len());
    expected.resize(2 + filling, 0xff);
    expected.push(0x00);
    expected.extend_from_slice(&hash.prefix());
    expected.extend_from_slice(&digest);
    filling >= 8 && *opened == *expected
}

fn parse(key: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut reader = SliceReader::new(key).ok()?;
    let parts: x509_cert::der::Result<(Vec<u8>, Vec<u8>)> = reader.sequence(|reader| {
        let modulus = UintRef::decode(reader)?;
        let exponent = UintRef::decode(reader)?;
        Ok((modulus.as_bytes().to_vec(), exponent.as_bytes().to_vec()))
    });
    parts.ok()
}
