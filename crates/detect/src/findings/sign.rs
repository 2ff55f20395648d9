use stillwatch_core::{IndicatorKind, Observation};

use crate::signal::channel::Channel;

/// The kinds of evidence that detection finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    SharedPassages,
    RotatingWording,
    SystemPrompt,
    ToolSchema,
    PromptSkeleton,
    PayloadSharding,
    RepeatedSampling,
    CommonWording,
    SharedNetwork,
    SharedPayment,
    DeclaredOwner,
    CarrierConcentration,
    MailDomainConcentration,
    SignupBurst,
    ReleasePivot,
    ClientFingerprint,
    SamplingParameters,
    Synchrony,
    LoadBalancing,
    QuotaHandover,
    Intent,
    CoverageGrowth,
    PooledAccounts,
    Successors,
    VolumeAndClock,
    /// Indicators of a watch-list, by what they are the value of.
    Watchlist(IndicatorKind),
    /// Indicators of a watch-list that are too common here to weigh anything.
    WatchlistCommon,
}

impl Sign {
    /// The word that reports use for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SharedPassages => "shared_passages",
            Self::RotatingWording => "rotating_wording",
            Self::SystemPrompt => "system_prompt",
            Self::ToolSchema => "tool_schema",
            Self::PromptSkeleton => "prompt_skeleton",
            Self::PayloadSharding => "payload_sharding",
            Self::RepeatedSampling => "repeated_sampling",
            Self::CommonWording => "common_wording",
            Self::SharedNetwork => "shared_network",
            Self::SharedPayment => "shared_payment",
            Self::DeclaredOwner => "declared_owner",
            Self::CarrierConcentration => "carrier_concentration",
            Self::MailDomainConcentration => "mail_domain_concentration",
            Self::SignupBurst => "signup_burst",
            Self::ReleasePivot => "release_pivot",
            Self::ClientFingerprint => "client_fingerprint",
            Self::SamplingParameters => "sampling_parameters",
            Self::Synchrony => "synchrony",
            Self::LoadBalancing => "load_balancing",
            Self::QuotaHandover => "quota_handover",
            Self::Intent => "intent",
            Self::CoverageGrowth => "coverage_growth",
            Self::PooledAccounts => "pooled_accounts",
            Self::Successors => "successors",
            Self::VolumeAndClock => "volume_and_clock",
            Self::Watchlist(kind) => watchlist(kind),
            Self::WatchlistCommon => "watchlist_common",
        }
    }
}

impl From<Sign> for Observation {
    fn from(sign: Sign) -> Self {
        Self::new(sign.name())
    }
}

impl From<Channel> for Sign {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Network => Self::SharedNetwork,
            Channel::Payment => Self::SharedPayment,
            Channel::Owner => Self::DeclaredOwner,
            Channel::Carrier => Self::CarrierConcentration,
            Channel::Domain => Self::MailDomainConcentration,
            Channel::Signup => Self::SignupBurst,
            Channel::Adoption => Self::ReleasePivot,
            Channel::Client => Self::ClientFingerprint,
            Channel::Parameters => Self::SamplingParameters,
        }
    }
}

fn watchlist(kind: IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::Account => "watchlist_account",
        IndicatorKind::Organization => "watchlist_organization",
        IndicatorKind::Ip => "watchlist_ip",
        IndicatorKind::Network => "watchlist_network",
        IndicatorKind::Asn => "watchlist_asn",
        IndicatorKind::Ja4 => "watchlist_ja4",
        IndicatorKind::UserAgent => "watchlist_user_agent",
        IndicatorKind::ApiKey => "watchlist_api_key",
        IndicatorKind::Payment => "watchlist_payment",
        IndicatorKind::Email => "watchlist_email",
        IndicatorKind::Phone => "watchlist_phone",
        IndicatorKind::EmailDomain => "watchlist_email_domain",
        IndicatorKind::Passage => "watchlist_passage",
        IndicatorKind::Skeleton => "watchlist_skeleton",
        IndicatorKind::System => "watchlist_system",
        IndicatorKind::Tools => "watchlist_tools",
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_core::IndicatorKind;

    use super::Sign;

    #[test]
    fn matches_are_named_after_what_matched() {
        for kind in IndicatorKind::ALL {
            assert_eq!(Sign::Watchlist(kind).name(), format!("watchlist_{kind}"));
        }
    }
}
