/// How the records of a source become exchanges.
pub(crate) struct Joining {
    /// What is missing when the first, or the second, half of an exchange is not there.
    pub(crate) halves: &'static [&'static str],
    /// An exchange is whole when both halves are there, without waiting for more.
    pub(crate) closes: bool,
    /// A first half begins an exchange: under a key that waits for its other half, it is another exchange.
    pub(crate) opens: bool,
    /// What records with one id are.
    pub(crate) ids: Ids,
}

/// What several records with one id are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Exchanges of their own.
    Apart,
    /// Attempts at one exchange, where they say the same shortly after each other. Clients choose such ids, so an id alone
    /// unites nothing.
    Attempts,
    /// One act: the gateway gives the id, and no client can.
    Acts,
}

impl Joining {
    /// A record is an exchange.
    pub(crate) const PLAIN: Self = Self { halves: &[], closes: true, opens: false, ids: Ids::Attempts };
}
