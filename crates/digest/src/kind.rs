use crate::threshold::Sampling;

/// Served k-grams that the digest of an account and day keeps: 4 MiB of them. Beyond it, a keyed sample.
pub(crate) const SERVED_A_DAY: usize = 1 << 19;

/// What a fingerprint stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A winnowed run of words of the system prompt or the prompt.
    Passage,
    /// The whole normalised prompt.
    Prompt,
    /// The first or the last twelve words of a prompt, with numbers and identifiers masked.
    Skeleton,
    /// The whole normalised system prompt.
    System,
    /// The tool definitions.
    Tools,
    /// Temperature, top-p, n, output limit and log-probabilities, as one vector.
    Parameters,
    Address,
    /// The /24 or /48 of the address.
    Network,
    AutonomousSystem,
    Ja4,
    UserAgent,
    ApiKey,
    EndUser,
    Conversation,
    Model,
    Endpoint,
    Organization,
    /// What a prompt seems to be after; see [`Intent`](crate::Intent).
    Intent,
    /// Country of the address; for written policies alone.
    Country,
    /// A winnowed k-gram of a response, when asked for; see [`ServedReader`](crate::ServedReader). It serves the index of
    /// served outputs, which reads days, so windows of accounts do without.
    Served,
    /// A content word of a prompt, one of the few that are kept. Digests of format 1 have none.
    Word,
}

impl Kind {
    pub const ALL: [Self; 21] = [
        Self::Passage,
        Self::Prompt,
        Self::Skeleton,
        Self::System,
        Self::Tools,
        Self::Parameters,
        Self::Address,
        Self::Network,
        Self::AutonomousSystem,
        Self::Ja4,
        Self::UserAgent,
        Self::ApiKey,
        Self::EndUser,
        Self::Conversation,
        Self::Model,
        Self::Endpoint,
        Self::Organization,
        Self::Intent,
        Self::Country,
        Self::Served,
        Self::Word,
    ];

    pub const COUNT: usize = Self::ALL.len();

    pub fn index(self) -> usize {
        usize::from(self as u8)
    }

    /// How many fingerprints of this kind the digest of a day keeps.
    pub fn day_capacity(self) -> usize {
        match self {
            Self::Passage | Self::Word => 8_192,
            // Three million words of answers to one account on one day.
            Self::Served => SERVED_A_DAY,
            _ => 4_096,
        }
    }

    /// What sets of this kind are sampled by when they grow too large.
    pub(crate) fn sampling(self) -> Sampling {
        match self {
            Self::Passage | Self::Prompt | Self::Skeleton | Self::Word => Sampling::Slots,
            _ => Sampling::Fingerprints,
        }
    }

    /// Whether 32 bits of the fingerprint are kept in place of 58: a vocabulary is small, and words are many.
    pub(crate) fn is_short(self) -> bool {
        self == Self::Word
    }

    /// How many fingerprints of this kind the window of an account keeps.
    pub fn window_capacity(self) -> usize {
        match self {
            Self::Passage => 65_536,
            Self::Served => 0,
            _ => 32_768,
        }
    }
}
