//! What each level adds to the strength of a set, in bits: learnt, and printed by `cargo bench -p stillwatch-detect --bench
//! worlds -- --fit FILE`. Levels that are not named add nothing.

use crate::judge::sign::Level;

/// Where the sum starts.
pub(crate) const START: f64 = -0.97;

/// In the order of the levels.
pub(crate) const WEIGHTS: &[(Level, f64)] = &[
    (Level::MostlyNew, 1.35),
    (Level::Established, -0.27),
    (Level::JoinedTogether, 0.07),
    (Level::JoinedApart, -0.46),
    (Level::StrangersPay, 1.98),
    (Level::NoOrganisation, 1.50),
    (Level::OneOrganisation, -0.34),
    (Level::OwnOrganisations, -0.06),
    (Level::PublicMail, 0.08),
    (Level::OneMail, -1.25),
    (Level::PooledAddresses, 0.10),
    (Level::Rotating, 1.48),
    (Level::Steady, -0.24),
    (Level::OwnClient, 0.36),
    (Level::SeveralClients, -1.22),
    (Level::FlatClock, 2.00),
    (Level::HumanClock, -0.51),
    (Level::FollowUps, -0.58),
    (Level::GeneratedWording, 1.67),
    (Level::LooseWording, -0.18),
    (Level::OwnWording, -0.63),
    (Level::SameTasks, -0.38),
    (Level::DividedTasks, 0.25),
    (Level::EvenVolume, 1.00),
    (Level::SpreadVolume, -0.59),
    (Level::OneSetting, 0.18),
    (Level::OwnSettings, -0.18),
    (Level::MinutesDivided, 0.07),
    (Level::OneEvent, -1.04),
    (Level::LongUse, 1.04),
    (Level::Pretends, 1.95),
    (Level::Openly, -1.79),
    (Level::NoClaim, -1.97),
    (Level::Woken, 0.18),
    (Level::InUse, -0.57),
    (Level::NewEachTime, 1.67),
    (Level::AsksAgain, -1.57),
    (Level::LongAnswers, 1.66),
    (Level::ShortAnswers, -1.05),
    (Level::Busy, 2.00),
    (Level::MostLinked, 0.21),
    (Level::ChangedApart, -1.82),
];
