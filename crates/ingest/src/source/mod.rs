//! Logs of gateways, providers and serving engines, reduced to exchanges: what all sources share.
//!
//! A [`LogSource`](log_source::LogSource) is a table of places and the little code that a table cannot say.
//! [`recognise`](recognise::recognise) tells the source of a log from the names in its first records. A
//! [`Session`](session::Session) reads the records of one log, which may be several files, and gives out drafts of
//! exchanges; these become rows and take the same way as every other row, so that bad records are counted, unknown names
//! told and batches bounded. The sources themselves stand in the [registry](crate::registry).

pub(crate) mod answer;
pub(crate) mod assembly;
mod attempt;
pub(crate) mod body;
pub(crate) mod draft;
pub(crate) mod envelope;
pub(crate) mod foreign;
pub(crate) mod joining;
pub(crate) mod json;
pub(crate) mod log_source;
mod pieces;
pub(crate) mod recognise;
mod seen;
pub(crate) mod session;
pub(crate) mod spelling;
pub(crate) mod table;
pub(crate) mod usage;
mod waiting;
