//! The explanations, one constant each. To add a crowd, add a constant to the file of its kind and its name to [`CROWDS`].

mod holders;
mod occasions;
mod tools;

use crate::judge::explanation::Explanation;
use crate::judge::operator::ANYBODY;
use holders::{COMPANY_GROUP, ENTERPRISE, KEY_MIGRATION, PIPELINES};
use occasions::{BENCHMARK, CLASSROOM, CONSORTIUM, EVENT, RELEASE, SHARED_EGRESS};
use tools::{CUSTOMERS_KEYS, FRAMEWORK, PRODUCT_USERS, SERVICE_PROVIDER, TUTORING};

/// Innocent explanations, in the order in which they are told.
pub(crate) const CROWDS: [&Explanation; 16] = [
    &ANYBODY,
    &PRODUCT_USERS,
    &CUSTOMERS_KEYS,
    &SERVICE_PROVIDER,
    &ENTERPRISE,
    &COMPANY_GROUP,
    &CLASSROOM,
    &EVENT,
    &BENCHMARK,
    &FRAMEWORK,
    &CONSORTIUM,
    &RELEASE,
    &SHARED_EGRESS,
    &PIPELINES,
    &KEY_MIGRATION,
    &TUTORING,
];
