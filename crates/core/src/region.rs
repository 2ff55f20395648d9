use std::fmt;

/// A country of ISO 3166-1 (alpha-2), or one of its parts as in ISO 3166-2: `DE`, `DE-BY`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

impl Region {
    /// Reads a code in either case. User-assigned codes (`AA`, `QM` to `QZ`, `XA` to `XZ`, `ZZ`) are codes too. `None` for
    /// anything else, names and three-letter codes included.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.trim();
        if code.len() > LONGEST || !code.is_ascii() {
            return None;
        }
        let code = code.to_ascii_uppercase();
        let (country, part) = code.split_once('-').map_or((&*code, None), |(country, part)| (country, Some(part)));
        let is_part =
            |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_country(country) && part.is_none_or(is_part)).then_some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two letters of the country.
    pub fn country(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// Whether the code names a part of a country.
    pub fn is_part(&self) -> bool {
        self.0.len() > 2
    }

    /// Whether the other is the same, or a part of this country.
    pub fn holds(&self, other: &Self) -> bool {
        self == other || (!self.is_part() && self.country() == other.country())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const LONGEST: usize = 16;

fn is_country(code: &str) -> bool {
    let user_assigned = matches!(code.as_bytes(), b"AA" | b"ZZ" | [b'X', b'A'..=b'Z'] | [b'Q', b'M'..=b'Z']);
    user_assigned || (code.len() == 2 && COUNTRIES.split(' ').any(|country| country == code))
}

/// The officially assigned codes of ISO 3166-1.
const COUNTRIES: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD \
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF \
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN \
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI \
SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI \
VN VU WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use super::{COUNTRIES, Region};

    #[test]
    fn codes_are_read_and_names_are_not() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        for (given, read) in [("de", Some("DE")), (" DE-by ", Some("DE-BY")), ("XA", Some("XA")), ("QZ", Some("QZ"))] {
            assert_eq!(Region::parse(given).as_ref().map(Region::as_str), read);
        }
        for given in ["", "D", "DEU", "Germany", "UK", "XX1", "DE-", "DE-BAVA", "DÉ", "QA-\u{e9}"] {
            assert_eq!(Region::parse(given), None, "{given}");
        }
    }

    #[test]
    fn a_country_holds_its_parts_and_not_the_other_way_round() {
        let region = |code| Region::parse(code).unwrap();
        assert!(region("XA").holds(&region("XA-1")) && region("XA").holds(&region("XA")));
        assert!(!region("XA-1").holds(&region("XA")) && !region("XA").holds(&region("XB")));
    }
}
