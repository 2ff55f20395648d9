//! Category policies: written rules that restrict owners or regions, and what is known of ownership.

use std::fmt;

use crate::{AccountId, Day, OrganizationId, Region};

/// Written rules, and the stakes by which ownership is judged. Nobody is suspected by a policy: whom it restricts is told
/// apart from campaigns and with the rule that says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub rules: Vec<Rule>,
    pub ownership: Vec<Stake>,
}

/// One written rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: String,
    pub title: String,
    pub basis: Basis,
    pub restricts: Restriction,
    pub exceptions: Exceptions,
    /// What is to be done, in words; nothing is done by itself.
    pub action: String,
}

/// The text that a rule rests on. It holds from the start of `effective` up to the start of `until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The written rule, by name and section.
    pub rule: String,
    /// Where it can be read: an http or https address.
    pub source: String,
    pub effective: Day,
    pub until: Option<Day>,
}

/// Whom a rule restricts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// Accounts whose owner is one of these, or is owned by them up to a threshold.
    Owners { owners: Vec<String>, threshold: Threshold, indirect: Indirect },
    /// Accounts of which one of these fields names one of these regions.
    Regions { regions: Vec<Region>, fields: Vec<RegionField>, request_share: Option<Threshold> },
}

/// How stakes that are held through other entities count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indirect {
    /// Shares multiply along a chain and add up over chains: integrated ownership (Brioschi, Buzzacchi and Colombo,
    /// Journal of Banking and Finance 13, 1989). Sixty per cent of sixty per cent are thirty-six.
    Multiplied,
    /// An entity that reaches the threshold counts as the restricted owner itself, so its stakes count in full. That is how
    /// rules about blocked property count (OFAC, guidance on entities owned by blocked persons, 13 August 2014).
    Controlled,
}

impl Indirect {
    pub const ALL: [Self; 2] = [Self::Multiplied, Self::Controlled];

    pub fn name(self) -> &'static str {
        match self {
            Self::Multiplied => "multiplied",
            Self::Controlled => "controlled",
        }
    }
}

/// What is known of an account's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegionField {
    DeclaredRegion,
    SignupCountry,
    PaymentCountry,
    /// Countries from which the requests of the window came, by share.
    RequestCountry,
}

impl RegionField {
    pub const ALL: [Self; 4] = [Self::DeclaredRegion, Self::SignupCountry, Self::PaymentCountry, Self::RequestCountry];

    pub fn name(self) -> &'static str {
        match self {
            Self::DeclaredRegion => "declared_region",
            Self::SignupCountry => "signup_country",
            Self::PaymentCountry => "payment_country",
            Self::RequestCountry => "request_country",
        }
    }
}

/// Whom a rule leaves out. A permit is named by its `id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exceptions {
    pub accounts: Vec<AccountId>,
    pub organizations: Vec<OrganizationId>,
    pub permits: Vec<String>,
}

/// Who holds how much of whom, from when until when, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stake {
    pub owner: String,
    pub entity: String,
    pub share: Share,
    pub since: Day,
    pub until: Option<Day>,
    pub source: String,
}

impl Stake {
    /// Whether it is held on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

impl Basis {
    /// Whether it is in force on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.effective <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A share of a whole, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    pub const WHOLE: Self = Self(1_000_000);

    /// From millionths; more than the whole is cut off.
    pub fn from_millionths(millionths: u64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "no more than a million")]
        Self(millionths.min(Self::WHOLE.0.into()) as u32)
    }

    /// From per cent, rounded to a ten-thousandth; `None` for what is no share.
    pub fn from_percent(percent: f64) -> Option<Self> {
        if !(0.0..=100.0).contains(&percent) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000,000")]
        Some(Self((percent * 10_000.0).round() as u32))
    }

    pub fn millionths(self) -> u64 {
        self.0.into()
    }

    pub fn percent(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.percent())
    }
}

/// A share from which on a rule applies. Whether exactly that much is enough is always said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    AtLeast(Share),
    MoreThan(Share),
}

impl Threshold {
    pub fn is_met(self, share: Share) -> bool {
        match self {
            Self::AtLeast(least) => share >= least,
            Self::MoreThan(limit) => share > limit,
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(share) => write!(f, "at least {share}"),
            Self::MoreThan(share) => write!(f, "more than {share}"),
        }
    }
}

/// A name as names are compared: lower case, single spaces.
pub fn compared_name(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Share, Threshold, compared_name};

    #[test]
    fn shares_are_read_in_per_cent_and_printed_so() {
        assert_eq!(Share::from_percent(100.0 / 3.0).unwrap().to_string(), "33.3333 %");
        assert_eq!(Share::from_percent(50.0).unwrap().millionths(), 500_000);
        for percent in [-1.0, 100.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Share::from_percent(percent), None);
        }
        assert_eq!(Share::from_millionths(u64::MAX), Share::WHOLE);
    }

    #[test]
    fn exactly_the_threshold_is_enough_only_where_it_says_so() {
        let half = Share::from_percent(50.0).unwrap();
        assert!(Threshold::AtLeast(half).is_met(half) && !Threshold::MoreThan(half).is_met(half));
        assert!(Threshold::MoreThan(half).is_met(Share::from_percent(50.0001).unwrap()));
    }

    #[test]
    fn names_are_compared_without_case_and_layout() {
        assert_eq!(compared_name("  Harbour\tHOLDING  Ltd"), "harbour holding ltd");
    }
}
