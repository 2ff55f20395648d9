use std::collections::BTreeMap;

use serde::Serialize;

/// What a detector has to find out. Serialised, it is the truth file that the scoring tool reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Campaign of each harvesting account.
    pub campaign: BTreeMap<String, String>,
    /// Class of each account; `campaign` for those that harvest.
    pub klass: BTreeMap<String, String>,
    /// Actor of the campaigns that share one; every other campaign is its own actor.
    pub actor: BTreeMap<String, String>,
    /// What each campaign is: `ring`, `relay` or `successor`.
    pub kind: BTreeMap<String, String>,
    /// Campaign of each end user who harvests through an innocent intermediary, as `account/end user`. The accounts
    /// themselves are none of the campaign.
    pub end_user: BTreeMap<String, String>,
}

/// The class of harvesting accounts.
pub(crate) const CAMPAIGN_CLASS: &str = "campaign";
