//! What each test needs of the logs and of the account table, and what is lost without it: one table, from which
//! reports, the doctor and the documentation take what they promise.

use stillwatch_core::{Account, Family};
use stillwatch_digest::Kind;

use crate::profile::Profile;

/// A test, and the columns that it needs.
pub struct Need {
    /// What is tested, as reports and the doctor call it.
    pub name: &'static str,
    pub family: Family,
    pub input: Input,
    /// Columns of which one is enough.
    pub columns: &'static [&'static str],
    /// What to do so that it is there.
    pub help: &'static str,
    /// What is lost without it.
    pub without: &'static str,
    /// Whether an account has what the test needs; nothing where a report does not tell it missing by that.
    pub(crate) held: Option<fn(&Profile) -> bool>,
}

/// Where columns are.
#[derive(Clone, Copy)]
pub enum Input {
    Log,
    /// The account table, with whether a row has what the test needs.
    Table(fn(&Account) -> bool),
}

impl Need {
    /// Tests of which no account has what they need.
    pub(crate) fn missing(profiles: &[Profile]) -> impl Iterator<Item = &'static Self> {
        NEEDS.iter().filter(|need| need.held.is_some_and(|held| !profiles.iter().any(held)))
    }
}

/// Every test, in the order in which they are told.
pub fn needs() -> &'static [Need] {
    NEEDS
}

const NEEDS: &[Need] = &[
    Need {
        name: "accounts to compare",
        family: Family::Lifecycle,
        input: Input::Log,
        columns: &["account"],
        help: "log who is billed as `account`",
        without: "nothing can be detected",
        held: None,
    },
    Need {
        name: "repeated passages and templates",
        family: Family::Content,
        input: Input::Log,
        columns: &["prompt"],
        help: "log `prompt`, with a retention class of at least fingerprint_only",
        without: "campaigns are sought by declared owners and by time alone",
        held: None,
    },
    Need {
        name: "shared system prompts",
        family: Family::Content,
        input: Input::Log,
        columns: &["system", "prompt"],
        help: "log `system`, or whole messages as `prompt`",
        without: "a common system prompt is not told",
        held: None,
    },
    Need {
        name: "shared tool definitions",
        family: Family::Content,
        input: Input::Log,
        columns: &["tools"],
        help: "log `tools`",
        without: "common tool definitions are not told",
        held: None,
    },
    Need {
        name: "shared networks",
        family: Family::Infrastructure,
        input: Input::Log,
        columns: &["ip"],
        help: "log `ip`, or join an edge log with --edge",
        without: "accounts behind one address are not linked, and shared egress cannot be rejected",
        held: Some(|profile| !profile.features(Kind::Network).is_empty()),
    },
    Need {
        name: "carrier concentration",
        family: Family::Infrastructure,
        input: Input::Log,
        columns: &["asn"],
        help: "log `asn`, or join an edge log with --edge",
        without: "accounts on one rare carrier are not told",
        held: Some(|profile| !profile.features(Kind::AutonomousSystem).is_empty()),
    },
    Need {
        name: "client fingerprints",
        family: Family::Infrastructure,
        input: Input::Log,
        columns: &["ja4"],
        help: "log `ja4`, or join an edge log with --edge",
        without: "accounts that connect with one TLS client are not told, and relays are seen by user agents alone",
        held: Some(|profile| !profile.features(Kind::Ja4).is_empty()),
    },
    Need {
        name: "client software",
        family: Family::Infrastructure,
        input: Input::Log,
        columns: &["user_agent"],
        help: "log `user_agent`, or join an edge log with --edge",
        without: "relays are seen by TLS clients and end users alone",
        held: None,
    },
    Need {
        name: "sampling parameters",
        family: Family::Content,
        input: Input::Log,
        columns: &["temperature", "top_p", "n", "max_tokens"],
        help: "log `temperature`, `top_p`, `n` and `max_tokens`",
        without: "one generator cannot be told from many users of one template",
        held: Some(|profile| !profile.features(Kind::Parameters).is_empty()),
    },
    Need {
        name: "synchrony and daily rhythm",
        family: Family::Timing,
        input: Input::Log,
        columns: &["time"],
        help: "log `time`",
        without: "nothing can be detected",
        held: None,
    },
    Need {
        name: "single turns",
        family: Family::Timing,
        input: Input::Log,
        columns: &["conversation"],
        help: "log `conversation`",
        without: "whoever never follows up is not told",
        held: Some(|profile| profile.conversations > 0),
    },
    Need {
        name: "volume in tokens",
        family: Family::Timing,
        input: Input::Log,
        columns: &["input_tokens", "output_tokens"],
        help: "log `input_tokens` and `output_tokens`",
        without: "grading cannot be told by the length of answers",
        held: None,
    },
    Need {
        name: "refusals and limits",
        family: Family::Timing,
        input: Input::Log,
        columns: &["status"],
        help: "log `status`",
        without: "accounts that take over from each other at the limit are not told",
        held: None,
    },
    Need {
        name: "end users of resellers",
        family: Family::Infrastructure,
        input: Input::Log,
        columns: &["end_user"],
        help: "ask resellers for `safety_identifier` or `user` in each request",
        without: "an action on a reseller's account hits all of its customers",
        held: None,
    },
    Need {
        name: "owners, so that one customer's accounts are not held against it",
        family: Family::Lifecycle,
        input: Input::Log,
        columns: &["organization"],
        help: "log `organization`",
        without: "seats of one enterprise cannot be told from strangers",
        held: None,
    },
    Need {
        name: "shared payment and contact",
        family: Family::Infrastructure,
        input: Input::Table(|account| {
            account.payment_hmac.is_some() || account.phone_hmac.is_some() || account.email_hmac.is_some()
        }),
        columns: &["payment_hmac", "phone_hmac", "email_hmac"],
        help: "add `payment_hmac`",
        without: "accounts paid with one instrument are not linked",
        held: None,
    },
    Need {
        name: "mail domains",
        family: Family::Infrastructure,
        input: Input::Table(|account| account.email_domain.is_some()),
        columns: &["email_domain"],
        help: "add `email_domain`",
        without: "accounts of one company cannot be told from strangers",
        held: None,
    },
    Need {
        name: "age of accounts",
        family: Family::Lifecycle,
        input: Input::Table(|account| account.created_at.is_some()),
        columns: &["created_at"],
        help: "add `created_at`",
        without: "an event with new accounts cannot be rejected",
        held: None,
    },
    Need {
        name: "strata by country, so that a local carrier does not look shared",
        family: Family::Infrastructure,
        input: Input::Table(|account| account.signup_country.is_some()),
        columns: &["signup_country"],
        help: "add `signup_country`",
        without: "carriers common in one country may look shared",
        held: None,
    },
];

#[cfg(test)]
mod tests {
    use stillwatch_core::{ACCOUNT_COLUMNS, EXCHANGE_COLUMNS};

    use super::{Input, needs};

    #[test]
    fn every_column_exists_where_it_is_looked_for() {
        for need in needs() {
            let columns = match need.input {
                Input::Log => EXCHANGE_COLUMNS,
                Input::Table(_) => ACCOUNT_COLUMNS,
            };
            for column in need.columns {
                assert!(columns.iter().any(|known| known.name == *column), "{}: {column}", need.name);
            }
            assert!(need.without.len() > 10 && need.help.len() > 8, "{}", need.name);
        }
    }
}
