/// Where a document stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowPlace {
    /// From 1; what a row is depends on the format ([`Block`](crate::Block)).
    pub row: u64,
    /// The turn of a chat, from 0, counting all turns. The rejected answer comes after the chosen one, a prompt that is
    /// visited itself after its answers.
    pub turn: u32,
}
