/// The family of texts written by people. Nothing is trained without it.
pub const HUMAN: &str = "human";
/// The family of models that are told from the named families and not from each other.
pub const OTHER: &str = "other";

/// Families that a model may tell apart.
pub const MOST_FAMILIES: usize = 32;
