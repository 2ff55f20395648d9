//! The nouns of Stillwatch: ids, columns, rows, keys, permits, policies, indicators, evidence and tiers.
//!
//! Every other crate stands on this one, so it does no I/O and knows no file format. Data passes through it as
//! [`Exchange`] and [`Account`] rows on the way in and as [`Evidence`] on the way out.
//!
//! ```
//! use stillwatch_core::{Evidence, Family, Measure, Millibits, Source, Unit};
//!
//! let evidence = Evidence {
//!     family: Family::Content,
//!     kind: "shared_passages".into(),
//!     statement: "12 accounts repeat 31 passages that 3 accounts outside repeat".into(),
//!     measures: vec![Measure::count("accounts", 12_u64, Unit::Accounts), Measure::count("passages", 31_u64, Unit::Passages)],
//!     bits: Millibits::from_bits(14.5),
//!     p_value: None,
//!     subjects: vec!["account-1".into()],
//!     source: Source::current("0f3c", "alpha=0.01"),
//!     observed: None,
//!     expires: None,
//! };
//! assert_eq!(evidence.bits.to_string(), "14.5");
//! ```

mod account;
mod column;
pub mod confusable;
mod count;
mod date;
mod diagnostic;
mod document;
mod evidence;
mod exchange;
mod hexadecimal;
mod id;
mod indicator;
mod key;
mod limits;
mod measure;
mod not_evaluated;
pub mod number;
mod permit;
mod policy;
mod random;
mod redacted;
mod region;
pub mod statistics;
mod tier;
mod time;
mod work;

pub use account::{Account, AccountType};
pub use column::{ACCOUNT_COLUMNS, Column, ColumnType, EXCHANGE_COLUMNS};
pub use count::{Count, at_most_u8, at_most_u16, at_most_u32, count, float, place, signed};
pub use date::Date;
pub use diagnostic::{Diagnostic, Diagnostics, Severity, shown};
pub use document::{Author, Document};
pub use evidence::{Evidence, Family, Millibits, PValue, Source};
pub use exchange::{Exchange, Retention};
pub use hexadecimal::hexadecimal;
pub use id::{AccountId, CampaignId, OrganizationId};
pub use indicator::{IndicatorKind, IndicatorValue, Marking, WatchedIndicator};
pub use key::{Key, KeyError, KeyId, Purpose};
pub use limits::Limits;
pub use measure::{Amount, Measure, Observation, Unit};
pub use not_evaluated::NotEvaluated;
pub use number::counted;
pub use permit::{Permit, PermitScope};
pub use policy::{
    Basis, Exceptions, Indirect, Policy, RegionField, Restriction, Rule, Share, Stake, Threshold, compared_name,
};
pub use random::Random;
pub use redacted::Redacted;
pub use region::Region;
pub use statistics::{median, poisson_lower_tail, poisson_upper_tail, ratio};
pub use tier::Tier;
pub use time::{Day, Micros, SECONDS_PER_DAY, Window};
pub use work::{Cancel, Cancelled, Progress, Silent, Stage};
