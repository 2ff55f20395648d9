//! From tested candidates to findings: what is measured on each, which innocent explanations stand, and the tier that
//! both give.

pub(crate) mod benign;
pub(crate) mod counterfactual;
pub(crate) mod finding;
pub(crate) mod measured;
pub(crate) mod setting;
pub(crate) mod single;
pub(crate) mod succession;
pub(crate) mod verdict;
