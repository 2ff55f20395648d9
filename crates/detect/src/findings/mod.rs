//! From findings to the report: sentences, numbers, timelines and graphs, and what is told beside the campaigns.

pub(crate) mod campaign;
pub(crate) mod category;
pub(crate) mod crowd;
pub(crate) mod evidence;
pub(crate) mod exhibit;
pub(crate) mod intelligence;
pub(crate) mod intermediary;
mod ownership;
pub(crate) mod sign;
pub(crate) mod watch;
