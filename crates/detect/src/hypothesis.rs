//! What a set of accounts may be, and what a counterfactual supposes: closed lists, written in reports as text.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::Family;

use crate::signal::channel::Channel;

macro_rules! hypotheses {
    ($($variant:ident: $name:literal,)*) => {
        /// What a set of accounts may be: one hidden operator, or an innocent crowd.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Hypothesis {
            $($variant,)*
        }

        impl Hypothesis {
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// The name that reports use, in snake case.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

hypotheses! {
    HiddenOperator: "hidden_operator",
    Unrelated: "unrelated",
    PopularTemplate: "popular_template",
    CustomersOwnKeys: "customers_own_keys",
    ServiceProvider: "service_provider",
    EnterpriseSeats: "enterprise_seats",
    OneCompany: "one_company",
    Classroom: "classroom",
    Hackathon: "hackathon",
    PublicBenchmark: "public_benchmark",
    FrameworkCustomers: "framework_customers",
    ResearchConsortium: "research_consortium",
    ReleaseRush: "release_rush",
    SharedEgress: "shared_egress",
    ScheduledJobs: "scheduled_jobs",
    KeyMigration: "key_migration",
    TutoringProduct: "tutoring_product",
}

impl fmt::Display for Hypothesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A hypothesis of a report; one that only an earlier version knew keeps its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum HypothesisName {
    Known(Hypothesis),
    Earlier(String),
}

impl HypothesisName {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(hypothesis) => hypothesis.name(),
            Self::Earlier(name) => name,
        }
    }
}

impl From<Hypothesis> for HypothesisName {
    fn from(hypothesis: Hypothesis) -> Self {
        Self::Known(hypothesis)
    }
}

impl From<String> for HypothesisName {
    fn from(name: String) -> Self {
        let known = Hypothesis::ALL.into_iter().find(|hypothesis| hypothesis.name() == name);
        known.map_or(Self::Earlier(name), Self::Known)
    }
}

impl From<HypothesisName> for String {
    fn from(name: HypothesisName) -> Self {
        name.as_str().to_owned()
    }
}

/// Families that detection can do without.
const FAMILIES: [Family; 4] = [Family::Content, Family::Infrastructure, Family::Timing, Family::Lifecycle];

/// What a counterfactual supposes, as a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Supposition {
    /// No evidence of a family.
    WithoutFamily(Family),
    /// One test taken back.
    WithoutTest(TestName),
    /// Only the requests speak.
    RequestsAlone,
    /// Nobody follows on closed accounts.
    WithoutSuccessors,
    /// An innocent explanation is shown to be false.
    RuledOut(Hypothesis),
    /// Some innocent explanation is shown to be true.
    OneIsTrue,
    /// What only another version supposes.
    Other(String),
}

/// A test that compares accounts in one respect, such as payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestName(pub(crate) Channel);

impl Supposition {
    /// All but those of other versions.
    fn known() -> impl Iterator<Item = Self> {
        let families = FAMILIES.into_iter().map(Self::WithoutFamily);
        let tests = Channel::ALL.into_iter().map(|channel| Self::WithoutTest(TestName(channel)));
        let doubts = Hypothesis::ALL.into_iter().map(Self::RuledOut);
        families.chain(tests).chain(doubts).chain([Self::RequestsAlone, Self::WithoutSuccessors, Self::OneIsTrue])
    }

    /// Whether a doubt is settled, rather than a part of the evidence taken away.
    pub fn settles_a_doubt(&self) -> bool {
        matches!(self, Self::RuledOut(_) | Self::OneIsTrue)
    }
}

impl fmt::Display for Supposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WithoutFamily(family) => write!(f, "without the family {family}"),
            Self::WithoutTest(TestName(channel)) => write!(f, "without {}", channel.noun()),
            Self::RequestsAlone => f.write_str("without all evidence beside the requests"),
            Self::WithoutSuccessors => f.write_str("without successors of closed accounts"),
            Self::RuledOut(hypothesis) => write!(f, "if {hypothesis} were ruled out"),
            Self::OneIsTrue => f.write_str("if one innocent explanation were shown to be true"),
            Self::Other(clause) => f.write_str(clause),
        }
    }
}

impl From<String> for Supposition {
    fn from(clause: String) -> Self {
        Self::known().find(|known| known.to_string() == clause).unwrap_or(Self::Other(clause))
    }
}

impl From<Supposition> for String {
    fn from(supposition: Supposition) -> Self {
        supposition.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{HypothesisName, Supposition};

    #[test]
    fn what_is_written_is_read_back() {
        for known in Supposition::known() {
            assert_eq!(Supposition::from(known.to_string()), known);
        }
        let other = Supposition::from("without the moon".to_owned());
        assert_eq!((other.to_string().as_str(), matches!(other, Supposition::Other(_))), ("without the moon", true));
        assert!(matches!(HypothesisName::from("joined_together".to_owned()), HypothesisName::Earlier(_)));
        assert_eq!(HypothesisName::from("classroom".to_owned()).as_str(), "classroom");
    }
}
