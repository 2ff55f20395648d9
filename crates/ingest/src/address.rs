use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// The one way to write an address: IPv4 in four decimal parts, IPv6 as in RFC 5952, IPv4-mapped IPv6 as IPv4, without
/// port, brackets and zone. A network (`1.2.3.0/24`) or a masked address (`1.2.3.x`) becomes the network.
/// `None` when it is no address.
pub(crate) fn normalise(text: &str) -> Option<Cow<'_, str>> {
    if text.len() > LONGEST {
        return None;
    }
    // The standard library accepts IPv4 only in its one canonical form.
    if text.parse::<Ipv4Addr>().is_ok() {
        return Some(text.into());
    }
    let text = text.trim();
    if text.contains([',', '=']) {
        return forwarded(text).map(Cow::Owned);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(plain(address.ip()).into());
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
    if let Ok(address) = bare.parse::<IpAddr>() {
        let written = plain(address);
        return Some(if written == text { text.into() } else { written.into() });
    }
    network(text).or_else(|| masked(text)).or_else(|| masked_v6(text)).or_else(|| port_v6(text)).map(Cow::Owned)
}

const LONGEST: usize = 1024;

/// The client in a list of hops, as `X-Forwarded-For` or `Forwarded` (RFC 7239) write it. The left end is whatever the
/// client writes, so the hops are followed from the right, past private ones, which are the operator's own.
fn forwarded(text: &str) -> Option<String> {
    let hop = |hop: &str| -> Option<String> {
        let hop = hop.trim();
        let own = if hop.contains('=') {
            let pair = hop.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                name.trim().eq_ignore_ascii_case("for").then_some(value)
            })?;
            pair.trim().trim_matches('"')
        } else {
            hop
        };
        if own.contains([',', '=']) { None } else { normalise(own).map(Cow::into_owned) }
    };
    let hops: Vec<String> = text.split(',').filter_map(hop).collect();
    let outside = hops.iter().rev().find(|hop| !is_private(hop));
    outside.or_else(|| hops.first()).cloned()
}

/// Whether an address is of a network that is not the public one.
pub(crate) fn is_private(hop: &str) -> bool {
    let Some(address) = normalise(hop).and_then(|address| address.parse::<IpAddr>().ok()) else {
        return false;
    };
    match address {
        // 100.64.0.0/10 is between carriers and their customers (RFC 6598).
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

fn plain(address: IpAddr) -> String {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| v6.to_string(), |v4| v4.to_string()),
        IpAddr::V4(v4) => v4.to_string(),
    }
}

fn network(text: &str) -> Option<String> {
    let network: IpNet = text.parse().ok()?;
    if network.prefix_len() == network.max_prefix_len() {
        return Some(plain(network.addr()));
    }
    Some(network.trunc().to_string())
}

/// `1.2.3.x`, `1.2.3.***`, `1.2.*.*`.
fn masked(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let hidden =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| matches!(b, b'x' | b'X' | b'*'));
    let known = parts.iter().position(hidden)?;
    if parts.len() != 4 || known == 0 || !parts[known..].iter().all(hidden) {
        return None;
    }
    let mut octets = [0_u8; 4];
    for (octet, part) in octets.iter_mut().zip(&parts[..known]) {
        *octet = part.parse().ok()?;
    }
    Some(format!("{}/{}", Ipv4Addr::from(octets), known * 8))
}

/// `2001:db8:***`: the groups before the mask.
fn masked_v6(text: &str) -> Option<String> {
    let known = text.trim_end_matches(['*', 'x', 'X', ':']);
    let mask = &text[known.len()..];
    let groups = known.split(':').count();
    if !mask.starts_with(':') || !mask.contains(['*', 'x', 'X']) || known.is_empty() || groups > 7 {
        return None;
    }
    let whole = if known.contains("::") { known.to_owned() } else { format!("{known}::") };
    let address: Ipv6Addr = whole.parse().ok()?;
    // Behind a `::` nobody knows how many groups there are.
    let prefix = if known.contains("::") { 16 } else { u8::try_from(groups * 16).ok()? };
    Some(ipnet::Ipv6Net::new(address, prefix).ok()?.trunc().to_string())
}

/// `2001:db8::23:50123`, as some servers write address and port: a last group of five digits is a port, for no group
/// is that long.
fn port_v6(text: &str) -> Option<String> {
    let (address, port) = text.rsplit_once(':')?;
    let is_port = port.len() == 5 && port.parse::<u16>().is_ok();
    let address: Ipv6Addr = address.parse().ok()?;
    is_port.then(|| plain(IpAddr::V6(address)))
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn every_spelling_has_one_form() {
        for (given, written) in [
            ("1.2.3.4", "1.2.3.4"),
            (" 1.2.3.4 ", "1.2.3.4"),
            ("1.2.3.4:5678", "1.2.3.4"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("[::ffff:1.2.3.4]:80", "1.2.3.4"),
            ("2001:DB8:0:0::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("1.2.3.x", "1.2.3.0/24"),
            ("81.2.69.***", "81.2.69.0/24"),
            ("1.2.*.*", "1.2.0.0/16"),
            ("1.2.3.7/24", "1.2.3.0/24"),
            ("1.2.3.7/32", "1.2.3.7"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("2001:db8:***", "2001:db8::/32"),
            ("2001:db8:1:2:*:*:*:*", "2001:db8:1:2::/64"),
            ("2001:db8::23:50123", "2001:db8::23"),
            ("1.2.3.4, 5.6.7.8", "5.6.7.8"),
            ("6.6.6.6, 198.51.100.7:41000, 10.0.0.1, 100.64.3.2", "198.51.100.7"),
            ("192.168.1.38, 10.0.0.1", "192.168.1.38"),
            ("unknown, 198.51.100.7", "198.51.100.7"),
            ("for=6.6.6.6;proto=https, for=\"[2001:db8::9]:443\"", "2001:db8::9"),
        ] {
            assert_eq!(normalise(given).as_deref(), Some(written), "{given}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for given in [
            "",
            "1.2.3",
            "1.2.3.256",
            "x.x.x.x",
            "1.x.3.4",
            "host",
            "a, b",
            "for=unknown",
            ",,",
            "01.2.3.4",
            "1.2.3.0/33",
        ] {
            assert_eq!(normalise(given), None, "{given}");
        }
    }
}
