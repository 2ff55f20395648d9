use std::fmt;

use thiserror::Error;

use crate::Redacted;

const KEY_BYTES: usize = 32;
const HEX_DIGITS: usize = 2 * KEY_BYTES;

/// The secret under which everything is fingerprinted. Whoever lacks it cannot turn a guess into a fingerprint.
///
/// It is written as 64 hexadecimal digits. Each [`Purpose`] has a subkey of its own (BLAKE3 key derivation), so that
/// a fingerprint made for one purpose matches nothing in another.
#[derive(Clone)]
pub struct Key(Redacted<[u8; KEY_BYTES]>);

impl Key {
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Redacted::new(bytes))
    }

    /// Reads 64 hexadecimal digits; white space around them is ignored.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let digits = text.trim().as_bytes();
        if digits.len() != HEX_DIGITS {
            return Err(KeyError::Length(digits.len()));
        }
        let mut bytes = [0; KEY_BYTES];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| KeyError::Digit)?;
        if bytes == [0; KEY_BYTES] {
            return Err(KeyError::Zero);
        }
        Ok(Self::from_bytes(bytes))
    }

    /// The 64 hexadecimal digits, for the key file alone.
    pub fn to_hex(&self) -> Redacted<String> {
        Redacted::new(hex::encode(self.0.expose()))
    }

    /// The subkey for one purpose.
    pub fn derive(&self, purpose: Purpose) -> Redacted<[u8; KEY_BYTES]> {
        Redacted::new(blake3::derive_key(purpose.context(), self.0.expose()))
    }

    /// A public name for the key, by which digests made under different keys are told apart.
    pub fn id(&self) -> KeyId {
        let mut id = [0; 8];
        id.copy_from_slice(&self.derive(Purpose::KeyId).expose()[..8]);
        KeyId(id)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

/// What a subkey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Naming the key.
    KeyId,
    /// Passages, skeletons, prompts and other text.
    Text,
    /// Addresses, client fingerprints, payment tokens and other identities.
    Identity,
    /// Deciding which exchanges a full sample keeps.
    Sampling,
    /// Words and k-grams of served outputs, which corpora are compared with.
    Served,
}

impl Purpose {
    fn context(self) -> &'static str {
        match self {
            Self::KeyId => "stillwatch 2026-11 key id",
            Self::Text => "stillwatch 2026-11 text fingerprint",
            Self::Identity => "stillwatch 2026-11 identity fingerprint",
            Self::Sampling => "stillwatch 2026-11 sampling",
            Self::Served => "stillwatch 2026-11 served output",
        }
    }
}

/// A key's public name: 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a key. The text itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("a key has 64 hexadecimal digits, found {0} characters")]
    Length(usize),
    #[error("a key has hexadecimal digits only")]
    Digit,
    #[error("a key of zeros is no secret")]
    Zero,
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyError, Purpose};

    #[test]
    fn hexadecimal_is_read_back() {
        let key = Key::from_bytes(std::array::from_fn(|i| u8::try_from(i).unwrap() + 1));
        assert_eq!(Key::from_hex(key.to_hex().expose()).unwrap().id(), key.id());
        assert_eq!(Key::from_hex("abc").unwrap_err(), KeyError::Length(3));
        assert_eq!(Key::from_hex(&"zz".repeat(32)).unwrap_err(), KeyError::Digit);
        assert_eq!(Key::from_hex(&"00".repeat(32)).unwrap_err(), KeyError::Zero);
    }

    #[test]
    fn debug_shows_the_id_alone() {
        let key = Key::from_bytes([7; 32]);
        assert_eq!(format!("{key:?}"), format!("Key({})", key.id()));
        assert!(!format!("{key:?}").contains("0707"));
    }

    #[test]
    fn purposes_have_different_subkeys() {
        let key = Key::from_bytes([7; 32]);
        assert_ne!(key.derive(Purpose::Text).expose(), key.derive(Purpose::Identity).expose());
    }
}
