//! The strength of a set: the sum of what its signs say, each with a weight that was learnt on random worlds.
//!
//! A weight may never speak against the direction that reasoning gives its level: what cannot be explained is not learnt.
//! Middle levels have no direction and no weight, nor does a sign that the log cannot show. `cargo bench -p
//! stillwatch-detect --bench worlds -- --fit` prints the table of `weights.rs`; `docs/detection.md` says how it is fitted.

use crate::judge::sign::{Level, Observed, Question};
use crate::judge::weights::{START, WEIGHTS};

/// For which side a level may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// One hidden operator.
    For,
    /// An innocent crowd.
    Against,
    Neither,
}

impl Level {
    /// For which side it may speak, fixed before anything was learnt.
    pub(crate) fn direction(self) -> Direction {
        let is_for = matches!(
            self,
            // Operators need many accounts soon, or buy old ones and keep them.
            Self::MostlyNew | Self::JoinedTogether | Self::Woken
            // Strangers have no common purse, and nobody answers for accounts without an organisation.
            | Self::StrangersPay | Self::NoOrganisation | Self::PublicMail
            // A pool of addresses that nobody else uses belongs to whoever runs it.
            | Self::PooledAddresses | Self::Rotating | Self::CommonCarriers | Self::MostLinked
            // One program with one setting, changed on one day, driven from one place.
            | Self::OwnClient | Self::OneSetting | Self::ChangedTogether | Self::MinutesTogether | Self::MinutesDivided
            // Machines have no night, never ask back and share the work out evenly, as long as it takes.
            | Self::FlatClock | Self::SingleTurns | Self::EvenVolume | Self::Busy | Self::LongUse
            // Wording from one stock that nobody else uses, each piece of work once.
            | Self::GeneratedWording | Self::OwnText | Self::DividedTasks | Self::NewEachTime
            // A harvest wants long answers, reasons, grades and traces.
            | Self::Elicits | Self::LongAnswers
            // Honest operators need not hide what is one.
            | Self::Pretends
        );
        let is_against = matches!(
            self,
            // People come when they come.
            Self::Established | Self::JoinedApart | Self::InUse
            // Who pays openly for all hides nothing; who pays for himself has no part in the others.
            | Self::OnePayer | Self::SeparatePayers
            // An organisation answers for what its accounts do, and a mail domain names one.
            | Self::OneOrganisation | Self::OwnOrganisations | Self::MixedStanding | Self::OwnMail | Self::OneMail
            // A crowded address belongs to a carrier.
            | Self::OwnAddresses | Self::CrowdedAddresses | Self::Steady | Self::OwnCarriers | Self::FewLinked
            | Self::SeveralClients | Self::OwnSettings | Self::ChangedApart | Self::OwnMinutes
            // People sleep, ask back and differ; an event ends.
            | Self::HumanClock | Self::FollowUps | Self::SpreadVolume | Self::OneEvent
            // What everybody says belongs to nobody.
            | Self::LooseWording | Self::OwnWording | Self::PublicText | Self::SameTasks | Self::AsksAgain
            | Self::PlainAppetite | Self::ShortAnswers
            | Self::Openly | Self::NoClaim
        );
        match (is_for, is_against) {
            (true, _) => Direction::For,
            (_, true) => Direction::Against,
            _ => Direction::Neither,
        }
    }

    /// What it adds to the strength, in bits.
    pub(crate) fn weight(self) -> f64 {
        WEIGHTS.iter().find(|(level, _)| *level == self).map_or(0.0, |(_, bits)| *bits)
    }
}

/// What all signs say for one hidden operator against the crowds of the random worlds, in bits.
pub(crate) fn strength(seen: &[Observed]) -> f64 {
    START + seen.iter().map(|of| of.level.weight()).sum::<f64>()
}

/// The part of it that the signs of one question give.
pub(crate) fn part(seen: &[Observed], question: Question) -> f64 {
    seen.iter().filter(|of| of.level.sign().question() == question).map(|of| of.level.weight()).sum()
}

#[cfg(test)]
mod tests {
    use super::{Direction, strength};
    use crate::judge::sign::{Level, Observed, Sign};
    use crate::judge::weights::WEIGHTS;

    fn seen(level: Level) -> Observed {
        Observed { level, why: String::new() }
    }

    #[test]
    fn no_weight_speaks_against_its_direction() {
        for (level, bits) in WEIGHTS {
            match level.direction() {
                Direction::For => assert!(*bits >= 0.0, "{level:?}"),
                Direction::Against => assert!(*bits <= 0.0, "{level:?}"),
                Direction::Neither => panic!("{level:?} has no direction and must have no weight"),
            }
        }
    }

    #[test]
    fn every_sign_can_speak() {
        let speaks = |sign: Sign| sign.levels().any(|level| level.direction() != Direction::Neither);
        assert!(Sign::ALL.into_iter().all(speaks));
    }

    #[test]
    fn a_sign_more_in_a_direction_never_turns_the_sum() {
        let base = [seen(Level::OneSetting)];
        for level in Level::ALL {
            let with = strength(&[base[0].clone(), seen(level)]) - strength(&base);
            match level.direction() {
                Direction::For => assert!(with >= 0.0),
                Direction::Against => assert!(with <= 0.0),
                Direction::Neither => assert!(with.abs() < 1e-12),
            }
        }
    }
}
