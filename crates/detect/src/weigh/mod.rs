//! What a set is: three questions with their evidence, and every explanation held against one hidden operator.

pub(crate) mod background;
pub(crate) mod crowds;
pub(crate) mod explanation;
pub(crate) mod observe;
pub(crate) mod sign;
pub(crate) mod verdict;
