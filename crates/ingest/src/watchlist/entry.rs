//! One indicator of a watch-list.

use ipnet::IpNet;
use stillwatch_core::{IndicatorKind, IndicatorValue, Marking, Micros, Redacted, WatchedIndicator};

use super::records::{Cell, Record};
use crate::address;
use crate::mistake::{Mistake, near, shown};

const NAMES: [&str; 10] =
    ["kind", "value", "form", "confidence", "valid_from", "valid_until", "marking", "source", "context", "id"];
const LONGEST_TEXT: usize = 2_000;
/// Fingerprints of digests have 58 bits, written as 15 hexadecimal digits.
const FINGERPRINT_DIGITS: usize = 15;
const FINGERPRINT_BITS: u32 = 58;

/// Reads the indicator of a record, the `number`th of the list.
pub(super) fn indicator(record: &Record<'_>, number: usize) -> Result<WatchedIndicator, Mistake> {
    if let Some(unknown) = record.names().into_iter().find(|name| !NAMES.contains(name)) {
        let reason = format!("{} is no field of an indicator", shown(unknown));
        return Err(Mistake::new(record.place(unknown), reason, near(unknown, &NAMES, "the fields are")));
    }
    let kind = kind(record)?;
    let valid_from = moment(record, "valid_from")?;
    let valid_until = moment(record, "valid_until")?;
    if valid_until <= valid_from {
        return Err(Mistake::new(
            record.place("valid_until"),
            "`valid_from` is not before `valid_until`",
            "an indicator holds from `valid_from` up to, but without, `valid_until`",
        ));
    }
    Ok(WatchedIndicator {
        id: optional_text(record, "id")?.unwrap_or_else(|| format!("indicator {number}")),
        kind,
        value: value(record, kind)?,
        confidence: confidence(record)?,
        valid_from,
        valid_until,
        marking: marking(record)?,
        source: text(record, "source", "say who saw it")?,
        context: text(record, "context", "say what was seen; an indicator without context says nothing")?,
    })
}

fn kind(record: &Record<'_>) -> Result<IndicatorKind, Mistake> {
    let word = text(record, "kind", "say what the value is: ip, ja4, payment, …")?;
    IndicatorKind::ALL.into_iter().find(|kind| kind.name() == word).ok_or_else(|| {
        let reason = format!("{} is no kind of indicator", shown(&word));
        Mistake::new(record.place("kind"), reason, near(&word, &IndicatorKind::ALL.map(IndicatorKind::name), KINDS))
    })
}

const KINDS: &str = "the kinds are";

fn marking(record: &Record<'_>) -> Result<Marking, Mistake> {
    let word = text(record, "marking", "say how far it may be passed on, such as TLP:AMBER")?;
    Marking::parse(&word).ok_or_else(|| {
        let names = Marking::ALL.map(Marking::name).join(", ");
        let reason = format!("{} is no marking of TLP 2.0", shown(&word));
        Mistake::new(record.place("marking"), reason, format!("the markings are {names} (WHITE is now CLEAR)"))
    })
}

fn confidence(record: &Record<'_>) -> Result<u8, Mistake> {
    let how = "write how sure the source is, a whole number from 0 to 100";
    let number = match record.get("confidence") {
        None => return Err(missing(record, "confidence", how)),
        Some(Cell::Number(number)) => Some(number),
        Some(Cell::Untyped(text)) => text.trim().parse().ok(),
        Some(other) => return Err(wrong(record, "confidence", "a number", &other, how)),
    };
    let whole = number.filter(|number: &f64| (0.0..=100.0).contains(number) && number.fract() == 0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 100")]
    let confidence = whole.map(|number| number as u8);
    confidence
        .ok_or_else(|| Mistake::new(record.place("confidence"), "`confidence` is no whole number from 0 to 100", how))
}

fn moment(record: &Record<'_>, name: &'static str) -> Result<Micros, Mistake> {
    let how = format!("write {name} as a day or moment in UTC: 2026-09-01 or 2026-09-01T10:00:00Z");
    let written = text(record, name, &how)?;
    Micros::parse(&written)
        .ok_or_else(|| Mistake::new(record.place(name), format!("`{name}` is {}, not a day", shown(&written)), how))
}

fn value(record: &Record<'_>, kind: IndicatorKind) -> Result<IndicatorValue, Mistake> {
    let mistake = |reason: String, help: &str| Mistake::new(record.place("value"), reason, help);
    let written = match record.get("value") {
        None => return Err(missing(record, "value", "write the value that is looked for")),
        Some(Cell::Text(text) | Cell::Untyped(text)) => text.trim().to_owned(),
        Some(Cell::Number(number)) if kind == IndicatorKind::Asn => number.to_string(),
        Some(other) => return Err(wrong(record, "value", "a text", &other, "put it in quotation marks")),
    };
    if written.is_empty() || written.len() > LONGEST_TEXT {
        return Err(mistake(format!("`value` is empty or longer than {LONGEST_TEXT} bytes"), "write the value itself"));
    }
    let form = optional_text(record, "form")?;
    match form.as_deref() {
        None | Some("plain") => {}
        Some("keyed") => return keyed(kind, &written).map_err(|(reason, help)| mistake(reason, help)),
        Some(word) => {
            let reason = format!("{} is no form of a value", shown(word));
            let help = "write \"plain\", or \"keyed\" for a fingerprint under the local key";
            return Err(Mistake::new(record.place("form"), reason, help));
        }
    }
    let plain = plain(kind, &written).map_err(|(reason, help)| mistake(reason, help))?;
    Ok(IndicatorValue::Plain(Redacted::new(plain)))
}

type Refused = (String, &'static str);

/// A fingerprint as a report's `indicators` give it.
fn keyed(kind: IndicatorKind, written: &str) -> Result<IndicatorValue, Refused> {
    if !kind.is_fingerprinted() {
        return Err((format!("digests hold no fingerprint of {kind}"), "give the value in the form plain"));
    }
    let is_hexadecimal = written.len() == FINGERPRINT_DIGITS && written.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fingerprint = u64::from_str_radix(written, 16).ok().filter(|_| is_hexadecimal);
    fingerprint.filter(|fingerprint| fingerprint >> FINGERPRINT_BITS == 0).map(IndicatorValue::Keyed).ok_or_else(|| {
        (
            "the value is no fingerprint under a local key".into(),
            "write the 15 hexadecimal digits that a report made under this key gives in `indicators`",
        )
    })
}

/// The value as a log or an account table would hold it.
fn plain(kind: IndicatorKind, written: &str) -> Result<String, Refused> {
    match kind {
        _ if kind.is_text() => Err((
            format!("of a {kind} there is no plain value"),
            "give its fingerprint under the local key and form = \"keyed\"",
        )),
        IndicatorKind::Ip => match address::normalise(written) {
            Some(address) if !address.contains('/') => Ok(address.into_owned()),
            Some(_) => Err(("the value is a network, not one address".into(), "write kind network")),
            None => Err(("the value is no address".into(), "write an address such as 192.0.2.1 or 2001:db8::1")),
        },
        IndicatorKind::Network => network(written),
        IndicatorKind::Asn => {
            let number = written.strip_prefix("AS").or(written.strip_prefix("as")).unwrap_or(written);
            number
                .parse::<u32>()
                .map(|number| number.to_string())
                .map_err(|_| ("the value is no number of an autonomous system".into(), "write it as 64496 or AS64496"))
        }
        IndicatorKind::Email if written.contains('@') => Err((
            "the value is an e-mail address, and not its keyed hash".into(),
            "give the token that the account table holds in `email_hmac`",
        )),
        IndicatorKind::Phone if is_number(written, 7, 15) => Err((
            "the value is a telephone number, and not its keyed hash".into(),
            "give the token that the account table holds in `phone_hmac`",
        )),
        IndicatorKind::Payment if is_number(written, 12, 19) => Err((
            "the value is a card number, and not its token".into(),
            "give the token that the account table holds in `payment_hmac`, and no card numbers",
        )),
        IndicatorKind::EmailDomain => {
            let domain = written.trim_start_matches('@').trim_end_matches('.').to_lowercase();
            let is_domain =
                domain.contains('.') && !domain.contains(['@', '/', ':']) && !domain.contains(char::is_whitespace);
            is_domain.then_some(domain).ok_or_else(|| ("the value is no domain".into(), "write it as mail.example"))
        }
        _ => Ok(written.to_owned()),
    }
}

/// Digests know addresses, the /24 of IPv4 and the /48 of IPv6. Other networks are looked up as a few of these.
fn network(written: &str) -> Result<String, Refused> {
    let how = "write it as 192.0.2.0/24 or 2001:db8:1::/48";
    let normal = address::normalise(written).ok_or_else(|| ("the value is no network".into(), how))?;
    let Ok(network) = normal.parse::<IpNet>() else {
        return Err(("the value is one address, not a network".into(), "write kind ip"));
    };
    match network {
        IpNet::V4(v4) if v4.prefix_len() < 16 => Err((
            format!("a /{} of IPv4 is too wide to say anything", v4.prefix_len()),
            "write networks from /16 to /31",
        )),
        IpNet::V6(v6) if !matches!(v6.prefix_len(), 40..=48 | 120..) => Err((
            format!("a /{} of IPv6 cannot be looked up", v6.prefix_len()),
            "digests know the /48 of an IPv6 address and the address itself: write a network from /40 to /48 or from \
             /120 to /127",
        )),
        _ => Ok(network.to_string()),
    }
}

fn is_number(text: &str, least: usize, most: usize) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (least..=most).contains(&digits)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b' ' | b'(' | b')' | b'.' | b'/'))
}

fn text(record: &Record<'_>, name: &str, how: &str) -> Result<String, Mistake> {
    optional_text(record, name)?.ok_or_else(|| missing(record, name, how))
}

fn optional_text(record: &Record<'_>, name: &str) -> Result<Option<String>, Mistake> {
    let text = match record.get(name) {
        None => return Ok(None),
        Some(Cell::Text(text) | Cell::Untyped(text)) => text.trim(),
        Some(other) => return Err(wrong(record, name, "a text", &other, "put it in quotation marks")),
    };
    if text.is_empty() || text.len() > LONGEST_TEXT {
        let reason = format!("`{name}` is empty or longer than {LONGEST_TEXT} bytes");
        return Err(Mistake::new(record.place(name), reason, "write it in a sentence"));
    }
    Ok(Some(text.to_owned()))
}

fn missing(record: &Record<'_>, name: &str, how: &str) -> Mistake {
    Mistake::new(record.at, format!("the indicator has no `{name}`"), how)
}

fn wrong(record: &Record<'_>, name: &str, wanted: &str, found: &Cell<'_>, how: &str) -> Mistake {
    let found = match found {
        Cell::Text(_) | Cell::Untyped(_) => "a text",
        Cell::Number(_) => "a number",
        Cell::Other(what) => what,
    };
    Mistake::new(record.place(name), format!("`{name}` is {found}, not {wanted}"), how)
}
