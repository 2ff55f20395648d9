use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Grade;
use crate::ask::{Of, Question};

/// What a buyer weighs, and how much: a TOML file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub name: String,
    pub credit: Credit,
    pub grade: Grades,
    #[serde(rename = "layer")]
    pub layers: Vec<Layer>,
}

/// What a verdict is worth, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    pub disclosed: f64,
    pub evidenced: f64,
    pub contradicted: f64,
}

/// The low end that a grade needs, and what caps it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grades {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    /// The best grade with any contradiction.
    pub contradicted: Grade,
    /// The best grade with a contradiction, or nothing known, in a critical layer.
    pub critical: Grade,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    pub id: String,
    pub title: String,
    pub weight: f64,
    #[serde(default)]
    pub critical: bool,
    #[serde(rename = "requirement")]
    pub requirements: Vec<Requirement>,
}

/// One thing that is wanted: the answer to a question, or any of some statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub id: String,
    pub title: String,
    #[serde(default = "one")]
    pub weight: f64,
    pub question: Option<Question>,
    #[serde(default)]
    pub any_of: Vec<String>,
    #[serde(default)]
    pub of: Of,
}

/// Why a text is no profile.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProfileError {
    #[error("the profile is larger than 1 MiB")]
    TooLarge,
    #[error("the profile cannot be read{}: {message}", line.map(|line| format!(" at line {line}")).unwrap_or_default())]
    Malformed { line: Option<usize>, message: String },
    #[error("`{0}` is not a number from 0 to 1")]
    Share(&'static str),
    #[error("a weight of `{0}` is not a number above 0 and at most 1,000,000")]
    Weight(String),
    #[error("requirement `{0}` needs a question or `any_of`, and not both")]
    Empty(String),
    #[error("the profile has no requirement")]
    NoRequirement,
}

impl Profile {
    /// The profile that is used unless another is given.
    pub fn standard() -> Result<Self, ProfileError> {
        Self::parse(Self::STANDARD)
    }

    /// Its text, to be copied and changed.
    pub const STANDARD: &'static str = include_str!("../../profiles/default.toml");

    /// Reads a profile. One mistake makes the whole file an error: a weight that is half read is not visible.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        if text.len() > MOST_BYTES {
            return Err(ProfileError::TooLarge);
        }
        let profile: Self = toml::from_str(text).map_err(|error| ProfileError::Malformed {
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        profile.validate()?;
        Ok(profile)
    }

    fn validate(&self) -> Result<(), ProfileError> {
        let Credit { disclosed, evidenced, contradicted } = self.credit;
        let Grades { a, b, c, d, .. } = self.grade;
        let shares = [
            ("disclosed", disclosed),
            ("evidenced", evidenced),
            ("contradicted", contradicted),
            ("a", a),
            ("b", b),
            ("c", c),
            ("d", d),
        ];
        if let Some((name, _)) = shares.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            return Err(ProfileError::Share(name));
        }
        if self.layers.iter().all(|layer| layer.requirements.is_empty()) {
            return Err(ProfileError::NoRequirement);
        }
        let bad = |weight: f64| !(weight > 0.0 && weight <= 1e6);
        for layer in &self.layers {
            if bad(layer.weight) {
                return Err(ProfileError::Weight(layer.id.clone()));
            }
            for requirement in &layer.requirements {
                if bad(requirement.weight) {
                    return Err(ProfileError::Weight(requirement.id.clone()));
                }
                if requirement.question.is_some() != requirement.any_of.is_empty() {
                    return Err(ProfileError::Empty(requirement.id.clone()));
                }
            }
        }
        Ok(())
    }
}

const MOST_BYTES: usize = 1 << 20;

fn one() -> f64 {
    1.0
}
