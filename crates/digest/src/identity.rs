//! Fingerprints of identities. They are guessable (there are only four thousand million IPv4 addresses), so each is
//! made under the key.

use std::net::IpAddr;

use siphasher::sip::SipHasher24;
use stillwatch_core::{Key, Purpose};

/// A keyed hash of 64 bits.
#[derive(Clone, Copy)]
pub(crate) struct Keyed(SipHasher24);

impl Keyed {
    /// SipHash-2-4 under half of the purpose's subkey.
    pub(crate) fn new(key: &Key, purpose: Purpose) -> Self {
        let subkey = key.derive(purpose);
        let mut half = [0; 16];
        half.copy_from_slice(&subkey.expose()[..16]);
        Self(SipHasher24::new_with_key(&half))
    }

    pub(crate) fn bytes(&self, tag: u8, bytes: &[u8]) -> u64 {
        use std::hash::Hasher;
        let mut hasher = self.0;
        hasher.write(&[tag]);
        hasher.write(bytes);
        hasher.finish()
    }

    pub(crate) fn word(&self, word: u64) -> u64 {
        self.0.hash(&word.to_le_bytes())
    }
}

/// The /24 of an IPv4 or the /48 of an IPv6 address, and whether the text named a single host.
///
/// `None` for what is no address. A masked address (`192.0.2.0/24`) gives its network alone, and one of which less than
/// that is known gives nothing: half a continent is no network that two accounts share.
pub(crate) fn network(text: &str) -> Option<(Vec<u8>, bool)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address = address.parse().ok()?;
    let (least, whole) = if matches!(address, IpAddr::V4(_)) { (24, 32) } else { (48, 128) };
    let single = prefix.is_none_or(|prefix| prefix == whole);
    if prefix.is_some_and(|prefix| prefix < least) {
        return None;
    }
    Some(match address {
        IpAddr::V4(address) => (address.octets()[..3].to_vec(), single),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => (mapped.octets()[..3].to_vec(), single),
            None => (address.octets()[..6].to_vec(), single),
        },
    })
}

/// The two letters of a country in upper case, also of one of its parts (`de-by`); `None` for what is no such code.
pub(crate) fn country(text: &str) -> Option<[u8; 2]> {
    let code = text.trim().as_bytes();
    let letters: [u8; 2] = code.get(..2)?.try_into().ok()?;
    let ends = code.get(2).is_none_or(|byte| *byte == b'-');
    (ends && letters.iter().all(u8::is_ascii_alphabetic)).then(|| letters.map(|byte| byte.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::{country, network};

    #[test]
    fn networks_are_those_of_their_family() {
        assert_eq!(network("192.0.2.77"), Some((vec![192, 0, 2], true)));
        assert_eq!(network("192.0.2.0/24"), Some((vec![192, 0, 2], false)));
        assert_eq!(network("::ffff:192.0.2.77"), Some((vec![192, 0, 2], true)));
        assert_eq!(network("2001:db8:1::5").unwrap().0, [0x20, 0x01, 0x0d, 0xb8, 0, 1]);
        assert_eq!(network("2001:db8:1:2::/64").unwrap().0, [0x20, 0x01, 0x0d, 0xb8, 0, 1]);
        assert_eq!((network("unknown"), network("192.0.0.0/16"), network("2001:db8::/32")), (None, None, None));
    }

    #[test]
    fn countries_have_one_spelling() {
        assert_eq!((country("de"), country(" DE-by ")), (Some(*b"DE"), Some(*b"DE")));
        assert_eq!((country("DEU"), country("d"), country("1A"), country("\u{c9}A")), (None, None, None, None));
    }
}
