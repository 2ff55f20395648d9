pub(crate) mod demo;
pub(crate) mod detect;
pub(crate) mod diff;
pub(crate) mod digest;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod schema;
pub(crate) mod simulate;
