use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Micros, OrganizationId, Redacted};

/// The contract that an account is held under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccountType {
    #[default]
    Direct,
    /// Resells to end users of its own.
    Aggregator,
    /// A research contract. It is not a permit to distill.
    Research,
    /// The provider's own.
    Internal,
}

impl AccountType {
    /// Reads a contract type; `None` for a word that is not one.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "direct" => Some(Self::Direct),
            "aggregator" => Some(Self::Aggregator),
            "research" => Some(Self::Research),
            "internal" => Some(Self::Internal),
            _ => None,
        }
    }
}

/// One row of the account table. Countries and regions have no weight in detection: a written policy alone looks at them.
#[derive(Clone, Debug)]
pub struct Account {
    pub account: AccountId,
    pub organization: Option<OrganizationId>,
    pub created_at: Option<Micros>,
    pub signup_ip: Option<Redacted<String>>,
    /// Used only to compare accounts that signed up alike; its value has no weight.
    pub signup_country: Option<String>,
    pub email_domain: Option<String>,
    pub email_hmac: Option<Redacted<String>>,
    pub phone_hmac: Option<Redacted<String>>,
    pub payment_hmac: Option<Redacted<String>>,
    /// For written policies alone.
    pub payment_country: Option<String>,
    /// For written policies alone.
    pub declared_region: Option<String>,
    pub owner: Option<String>,
    pub account_type: AccountType,
    pub plan: Option<String>,
    pub status: Option<String>,
    pub status_changed_at: Option<Micros>,
}

impl Account {
    /// An account of which nothing but the id is known.
    pub fn unknown(account: AccountId) -> Self {
        Self {
            account,
            organization: None,
            created_at: None,
            signup_ip: None,
            signup_country: None,
            email_domain: None,
            email_hmac: None,
            phone_hmac: None,
            payment_hmac: None,
            payment_country: None,
            declared_region: None,
            owner: None,
            account_type: AccountType::Direct,
            plan: None,
            status: None,
            status_changed_at: None,
        }
    }
}
