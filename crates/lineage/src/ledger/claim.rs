use super::strings::Text;
use crate::EvidenceKind;

/// "No date."
pub(crate) const NO_DAY: i32 = i32::MIN;

/// What stands at the far end of a compact claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    Mention(u32),
    Text(Text),
    Number(Text),
    Flag(bool),
    Any,
}

/// A statement in 52 bytes: millions of them fit into memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) subject: u32,
    pub(crate) target: Target,
    pub(crate) predicate: u16,
    pub(crate) kind: EvidenceKind,
    pub(crate) denied: bool,
    pub(crate) proposed: bool,
    pub(crate) document: u32,
    /// Place among the statements of its document.
    pub(crate) number: u32,
    pub(crate) path: Text,
    pub(crate) quote: Text,
    pub(crate) said_by: u32,
    pub(crate) said_on: i32,
    pub(crate) expires: i32,
    pub(crate) qualifiers: u32,
}
