use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a finding may be carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Worth keeping an eye on; says nothing about anyone.
    Watch,
    /// A person should look at it.
    Review,
    /// Five or more accounts act as one by two independent families, harvest, and hide it or broke a rule; no innocent
    /// explanation fits nearly as well.
    Act,
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Watch => "watch",
            Self::Review => "review",
            Self::Act => "act",
        })
    }
}

impl FromStr for Tier {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "watch" => Ok(Self::Watch),
            "review" => Ok(Self::Review),
            "act" => Ok(Self::Act),
            _ => Err(format!("`{word}` is no tier; the tiers are act, review and watch")),
        }
    }
}
