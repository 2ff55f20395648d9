use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Day, Micros, OrganizationId};

/// What a permit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PermitScope {
    /// Training a model on the answers.
    Distillation,
    /// Measuring the model with automated queries.
    Evaluation,
}

/// A recorded permission. It names an organisation or an account, has a first and a last day, and can be revoked.
///
/// Days are written `YYYY-MM-DD` in UTC; a permit holds from the start of `valid_from` up to the start of
/// `valid_until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    /// The permit's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    pub scope: PermitScope,
    /// Who may.
    pub holder: String,
    /// Who permits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    pub valid_from: String,
    pub valid_until: String,
    /// Models that it covers; none named means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// The day on which it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// Detached signature over the permit without this field, for permits that travel between parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl Permit {
    /// Checks what the type cannot: someone is named and the days are days, in order.
    pub fn validate(&self) -> Result<(), String> {
        if self.organization.is_none() && self.account.is_none() {
            return Err("a permit names an `organization` or an `account`".into());
        }
        let from = parse_day("valid_from", &self.valid_from)?;
        let until = parse_day("valid_until", &self.valid_until)?;
        if from >= until {
            return Err(format!("`valid_from` {} is not before `valid_until` {}", self.valid_from, self.valid_until));
        }
        if let Some(revoked) = &self.revoked_at {
            parse_day("revoked_at", revoked)?;
        }
        Ok(())
    }

    /// Whether it names this account or its organisation.
    pub fn names(&self, account: &AccountId, organization: Option<&OrganizationId>) -> bool {
        self.account.as_ref() == Some(account)
            || (self.organization.is_some() && self.organization.as_ref() == organization)
    }

    /// Whether it holds on every day from `first` to `last`.
    pub fn covers(&self, first: Day, last: Day) -> bool {
        let day = |text: &str| Micros::parse(text).map(Micros::day);
        let (Some(from), Some(until)) = (day(&self.valid_from), day(&self.valid_until)) else {
            return false;
        };
        let end = self.revoked_at.as_deref().and_then(day).map_or(until, |revoked| revoked.min(until));
        from <= first && last < end
    }
}

fn parse_day(field: &str, text: &str) -> Result<Day, String> {
    Micros::parse(text).map(Micros::day).ok_or_else(|| format!("`{field}` is `{text}`, not a day such as 2026-03-02"))
}

#[cfg(test)]
mod tests {
    use super::{Permit, PermitScope};
    use crate::{Day, Micros};

    fn permit() -> Permit {
        Permit {
            id: None,
            organization: Some("org".into()),
            account: None,
            scope: PermitScope::Distillation,
            holder: "partner".into(),
            issuer: None,
            valid_from: "2026-01-01".into(),
            valid_until: "2026-02-01".into(),
            models: vec![],
            revoked_at: None,
            signature: None,
        }
    }

    fn day(text: &str) -> Day {
        Micros::parse(text).unwrap().day()
    }

    #[test]
    fn it_holds_on_its_days_only() {
        assert!(permit().covers(day("2026-01-01"), day("2026-01-31")));
        assert!(!permit().covers(day("2025-12-31"), day("2026-01-31")));
        assert!(!permit().covers(day("2026-01-01"), day("2026-02-01")));
    }

    #[test]
    fn a_revoked_permit_ends_on_that_day() {
        let revoked = Permit { revoked_at: Some("2026-01-15".into()), ..permit() };
        assert!(revoked.covers(day("2026-01-01"), day("2026-01-14")));
        assert!(!revoked.covers(day("2026-01-01"), day("2026-01-15")));
    }

    #[test]
    fn nobody_is_named_by_an_absent_organization() {
        let open = Permit { organization: None, account: Some("a".into()), ..permit() };
        assert!(!open.names(&"b".into(), None));
        assert!(open.names(&"a".into(), None));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(Permit { organization: None, ..permit() }.validate().unwrap_err().contains("`organization`"));
        assert!(Permit { valid_until: "soon".into(), ..permit() }.validate().unwrap_err().contains("valid_until"));
        assert!(Permit { valid_until: "2026-01-01".into(), ..permit() }.validate().unwrap_err().contains("not before"));
    }
}
