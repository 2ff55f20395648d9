//! From tested candidates to findings: what is measured on each, which innocent explanations stand, and the tier that
//! both give.

pub(crate) mod additive;
pub(crate) mod answers;
pub(crate) mod background;
pub(crate) mod catalogue;
pub(crate) mod counterfactual;
pub(crate) mod crowds;
pub(crate) mod explanation;
pub(crate) mod finding;
mod hands;
pub(crate) mod judgement;
pub(crate) mod measured;
pub(crate) mod observe;
pub(crate) mod operator;
pub(crate) mod setting;
pub(crate) mod sign;
pub(crate) mod single;
pub(crate) mod succession;
pub(crate) mod told;
pub(crate) mod verdict;
pub(crate) mod weights;
