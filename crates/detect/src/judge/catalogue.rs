//! The signs and their weights for whoever fits them, explains them or prints them.

use crate::judge::additive::Direction;
use crate::judge::sign::Level;
use crate::judge::weights::START;

/// One level of a sign, and what it adds to the strength of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct WeighedLevel {
    /// The sign, in words.
    pub sign: &'static str,
    /// The stable name that reports give the level.
    pub level: String,
    /// Its name in the source.
    pub variant: String,
    /// What it says of the accounts, as a clause.
    pub statement: &'static str,
    /// 1 where it may speak for one hidden operator, −1 where it may speak for an innocent crowd, 0 for neither.
    pub direction: i8,
    /// What it adds, in bits.
    pub bits: f64,
}

/// All levels of all signs, and the bits at which the sum starts.
pub fn weighed_levels() -> (f64, Vec<WeighedLevel>) {
    let of = |level: Level| WeighedLevel {
        sign: level.sign().name(),
        level: level.name(),
        variant: format!("{level:?}"),
        statement: level.words(),
        direction: match level.direction() {
            Direction::For => 1,
            Direction::Against => -1,
            Direction::Neither => 0,
        },
        bits: level.weight(),
    };
    (START, Level::ALL.into_iter().map(of).collect())
}
