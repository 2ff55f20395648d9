//! What could not be looked at. Unknown is not clean.

use stillwatch_core::{AccountType, Family, NotEvaluated};

use crate::needs::Need;
use crate::parameters::{LEAST_ACCOUNTS, LEAST_REPEATS, MOST_MEETINGS};
use crate::population::Population;
use crate::profile::Profile;

/// What is said where time could not choose candidates.
pub(crate) fn too_busy_to_seek() -> NotEvaluated {
    NotEvaluated {
        what: "campaigns sought by time alone".into(),
        why: format!("more than {MOST_MEETINGS} times two accounts were active in the same minute"),
        help: "give a shorter window; candidates by wording are tested on time all the same".into(),
    }
}

/// Lists tests that lacked a field or data, in a fixed order.
pub(crate) fn not_evaluated(population: &Population, has_table: bool, without: &[Family]) -> Vec<NotEvaluated> {
    let mut list = Vec::new();
    let mut note =
        |what: &str, why: String, help: &str| list.push(NotEvaluated { what: what.into(), why, help: help.into() });
    for family in without {
        note(&format!("the family {family}"), "it was left out of the tests".into(), "run without --without");
    }
    let profiles = population.profiles();
    let count = |test: &dyn Fn(&Profile) -> bool| profiles.iter().filter(|profile| test(profile)).count();
    if profiles.len() < LEAST_ACCOUNTS {
        note(
            "campaigns",
            format!("the log has {} accounts; a campaign has at least {LEAST_ACCOUNTS}", profiles.len()),
            "give a longer window or more logs",
        );
    }
    let without_text = count(&|profile| profile.with_text == 0);
    if without_text > 0 {
        note(
            "content",
            format!("{without_text} of {} accounts have no prompt that may be fingerprinted", profiles.len()),
            "log `prompt` and `system`, with a retention class of at least fingerprint_only",
        );
    }
    let few = count(&|profile| profile.with_text > 0 && profile.with_text < u64::from(LEAST_REPEATS));
    if few > 0 {
        note(
            "repeated passages",
            format!("{few} of {} accounts have fewer than {LEAST_REPEATS} exchanges with text", profiles.len()),
            "give a longer window",
        );
    }
    for need in Need::missing(profiles) {
        note(need.name, "no account has the field".into(), need.help);
    }
    if !has_table {
        note(
            "payment, mail domain, contracts and account age",
            "no account table was given".into(),
            "give one with --accounts",
        );
    } else if profiles.iter().all(|profile| {
        profile.account.payment_hmac.is_none()
            && profile.account.phone_hmac.is_none()
            && profile.account.email_hmac.is_none()
    }) {
        note(
            "shared payment",
            "the account table has no payment, telephone or e-mail token".into(),
            "add `payment_hmac`",
        );
    }
    if has_table && profiles.iter().all(|profile| profile.account.status_changed_at.is_none()) {
        note(
            "successors of closed accounts",
            "no account has the field".into(),
            "add `status` and `status_changed_at` to the account table",
        );
    }
    if has_table && profiles.iter().all(|profile| profile.account.owner.is_none()) {
        note("declared owners", "no account has the field".into(), "add `owner` to the account table");
    }
    if has_table && profiles.iter().all(|profile| profile.account.signup_country.is_none()) {
        note(
            "strata by country",
            "the account table has no `signup_country`, so carriers common in one country may look shared".into(),
            "add `signup_country`",
        );
    }
    let aggregators = count(&|profile| profile.account.account_type == AccountType::Aggregator);
    if aggregators > 0 {
        note(
            "aggregators",
            format!(
                "accounts with an aggregator's contract: {aggregators}; their traffic is other people's and was not compared"
            ),
            "look at their end users",
        );
    }
    let internal = count(&|profile| profile.account.account_type == AccountType::Internal);
    if internal > 0 {
        note(
            "internal accounts",
            format!("accounts of the provider's own: {internal}; they were not compared"),
            "none needed",
        );
    }
    list
}
