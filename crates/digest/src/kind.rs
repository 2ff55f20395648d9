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
}

impl Kind {
    pub const ALL: [Self; 19] = [
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
    ];

    pub const COUNT: usize = Self::ALL.len();

    pub fn index(self) -> usize {
        usize::from(self as u8)
    }

    /// How many fingerprints of this kind the digest of a day keeps.
    pub fn day_capacity(self) -> usize {
        match self {
            Self::Passage => 8_192,
            _ => 4_096,
        }
    }

    /// How many fingerprints of this kind the window of an account keeps.
    pub fn window_capacity(self) -> usize {
        match self {
            Self::Passage => 65_536,
            _ => 32_768,
        }
    }
}
