/// "No mention", "no qualifiers".
pub(crate) const NONE: u32 = u32::MAX;

/// A place in one of the lists of a ledger, all of which are shorter than [`NONE`]: the limits of a ledger's file allow
/// twenty million statements.
pub(crate) fn position(at: usize) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "it is at most the largest")]
    let position = at.min(NONE as usize) as u32;
    position
}
