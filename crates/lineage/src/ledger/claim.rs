use super::strings::Text;
use crate::EvidenceKind;

/// "No mention", "no qualifiers".
pub(crate) const NONE: u32 = u32::MAX;

/// A place in one of the lists of a ledger, all of which are shorter than [`NONE`]: the limits of a ledger's file allow
/// twenty million statements.
pub(crate) fn position(at: usize) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "it is at most the largest")]
    let position = at.min(NONE as usize) as u32;
    position
}
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
