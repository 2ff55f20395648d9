//! Accounts that one holder answers for, or several that openly belong together, and their machines.

use crate::hypothesis::Hypothesis;
use crate::judge::explanation::Explanation;
use crate::judge::explanation::Often::{Hardly, Mostly, Nearly, Seldom, Sometimes};
use crate::judge::sign::Level::{
    Elicits, EvenVolume, FixedWording, FlatClock, FollowUps, GeneratedWording, HumanClock, JoinedTogether,
    MinutesDivided, MinutesTogether, MostlyNew, NoOrganisation, OneAddress, OneEvent, OneMail, OneOrganisation,
    OneOwner, OnePayer, OneSetting, Openly, OwnAddresses, OwnClient, OwnMail, OwnOrganisations, OwnWording,
    PooledAddresses, Pretends, PublicMail, Rotating, SeparatePayers, SingleTurns, SpreadVolume, Steady, StrangersPay,
};

/// Seats of one enterprise.
pub(crate) const ENTERPRISE: Explanation = Explanation {
    name: Hypothesis::EnterpriseSeats,
    noun: "seats of one enterprise",
    expects: &[
        (MostlyNew, Seldom),
        (OneOrganisation, Nearly),
        (OnePayer, Mostly),
        (SeparatePayers, Sometimes),
        (StrangersPay, Hardly),
        (OneMail, Nearly),
        (OwnAddresses, Sometimes),
        (PooledAddresses, Sometimes),
        (OneAddress, Mostly),
        (FlatClock, Hardly),
        (HumanClock, Nearly),
        (FollowUps, Mostly),
        (GeneratedWording, Hardly),
        (SpreadVolume, Mostly),
        (MinutesDivided, Hardly),
        (OneEvent, Hardly),
        (Openly, Nearly),
    ],
};

/// Companies of one group, or teams of one company, each with its own organisation.
pub(crate) const COMPANY_GROUP: Explanation = Explanation {
    name: Hypothesis::OneCompany,
    noun: "companies or teams of one group",
    expects: &[
        (MostlyNew, Hardly),
        (JoinedTogether, Seldom),
        (OwnOrganisations, Mostly),
        (OneOrganisation, Sometimes),
        (NoOrganisation, Hardly),
        (OneMail, Mostly),
        (OwnMail, Sometimes),
        (PublicMail, Hardly),
        (Rotating, Hardly),
        (FlatClock, Seldom),
        (HumanClock, Mostly),
        (GeneratedWording, Seldom),
        (FixedWording, Mostly),
        (SpreadVolume, Mostly),
        (OneSetting, Sometimes),
        (MinutesTogether, Seldom),
        (OneEvent, Hardly),
        (Openly, Mostly),
        (Pretends, Seldom),
        (OneOwner, Mostly),
    ],
};

/// Nightly jobs and pipelines of unrelated companies: flat or timed, each with its own text.
pub(crate) const PIPELINES: Explanation = Explanation {
    name: Hypothesis::ScheduledJobs,
    noun: "automatic jobs of unrelated companies",
    expects: &[
        (MostlyNew, Seldom),
        (JoinedTogether, Hardly),
        (StrangersPay, Hardly),
        (OwnOrganisations, Mostly),
        (OwnMail, Mostly),
        (OwnAddresses, Nearly),
        (PooledAddresses, Hardly),
        (Rotating, Hardly),
        (Steady, Mostly),
        (OwnClient, Hardly),
        (FlatClock, Mostly),
        (SingleTurns, Nearly),
        (FollowUps, Hardly),
        (GeneratedWording, Hardly),
        (FixedWording, Sometimes),
        (OwnWording, Mostly),
        (EvenVolume, Seldom),
        (SpreadVolume, Mostly),
        (OneSetting, Seldom),
        (MinutesTogether, Sometimes),
        (OneEvent, Hardly),
        (Elicits, Hardly),
        (Openly, Hardly),
        (Pretends, Seldom),
    ],
};

/// A customer who moves from old keys to new ones.
pub(crate) const KEY_MIGRATION: Explanation = Explanation {
    name: Hypothesis::KeyMigration,
    noun: "customers who moved to new accounts",
    expects: &[
        (MostlyNew, Mostly),
        (JoinedTogether, Sometimes),
        (StrangersPay, Sometimes),
        (OwnOrganisations, Mostly),
        (NoOrganisation, Seldom),
        (PooledAddresses, Seldom),
        (Rotating, Hardly),
        (GeneratedWording, Hardly),
        (FixedWording, Mostly),
        (SpreadVolume, Mostly),
        (OneSetting, Seldom),
        (MinutesTogether, Hardly),
        (MinutesDivided, Hardly),
        (Openly, Sometimes),
        (Pretends, Sometimes),
        (OneOwner, Seldom),
    ],
};
