//! Files that must be their owner's alone.

pub(crate) use stillwatch_run::key::check_owner;
