use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stillwatch_core::{CampaignId, Micros, Redacted, Tier};
use thiserror::Error;

use super::phrase::{PHRASE_BITS, is_phrase, phrase};

pub const SCHEMA: &str = "stillwatch.canaries/1";
/// Permissions of the registry's file: its owner reads and writes, nobody else does anything.
pub const REGISTRY_MODE: u32 = 0o600;
const PLACE: &str = "{}";
const MOST_TEMPLATE: usize = 200;
const LEAST_NAME: usize = 3;

/// What a canary is issued for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose answers are marked.
    pub vendor: String,
    pub campaign: CampaignId,
    /// Of the campaign, as the detection report has it.
    pub tier: Tier,
    /// The person who answers for it.
    pub approver: String,
    pub issued: Micros,
    /// After it, the canary is not to be placed any more. It is looked for without end.
    pub expires: Micros,
    /// One sentence with `{}` where the words go.
    pub template: String,
}

/// A mark and what it was issued for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// Names it in ledgers and reports, without its words.
    pub id: String,
    /// Whose answers it marks.
    pub vendor: String,
    pub campaign: String,
    pub approver: String,
    /// RFC 3339.
    pub issued: String,
    pub expires: String,
    pub bits: u32,
    template: String,
    phrase: String,
}

impl Canary {
    /// The sentence to be placed.
    pub fn text(&self) -> Redacted<String> {
        Redacted::new(self.template.replacen(PLACE, &self.phrase, 1))
    }

    pub(super) fn phrase(&self) -> &str {
        &self.phrase
    }

    /// Whether it may still be placed.
    pub fn is_current(&self, now: Micros) -> bool {
        Micros::parse(&self.expires).is_some_and(|expires| now < expires)
    }
}

impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canary")
            .field("id", &self.id)
            .field("campaign", &self.campaign)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// All canaries that were issued. See the [module](super) for why it holds their text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    schema: String,
    canaries: Vec<Canary>,
}

impl Default for Registry {
    fn default() -> Self {
        Self { schema: SCHEMA.into(), canaries: Vec::new() }
    }
}

impl Registry {
    /// Reads the file. No part of it is repeated in an error.
    pub fn read(json: &[u8]) -> Result<Self, CanaryError> {
        #[derive(Deserialize)]
        struct Schema {
            schema: String,
        }
        let unreadable =
            |error: serde_json::Error| CanaryError::Unreadable { line: error.line(), column: error.column() };
        let Schema { schema } = serde_json::from_slice(json).map_err(unreadable)?;
        if schema != SCHEMA {
            return Err(CanaryError::Schema { found: schema.chars().take(40).collect() });
        }
        let registry: Self = serde_json::from_slice(json).map_err(unreadable)?;
        for (number, canary) in registry.canaries.iter().enumerate() {
            if !is_phrase(&canary.phrase) || canary.bits != PHRASE_BITS {
                return Err(CanaryError::NoPhrase { id: canary.id.clone() });
            }
            let before = &registry.canaries[..number];
            if before.iter().any(|other| other.id == canary.id || other.phrase == canary.phrase) {
                return Err(CanaryError::Twice { id: canary.id.clone() });
            }
        }
        Ok(registry)
    }

    /// The file's content, to be written with [`REGISTRY_MODE`].
    pub fn to_json(&self) -> Result<Redacted<String>, CanaryError> {
        let unwritable =
            |error: serde_json::Error| CanaryError::Unreadable { line: error.line(), column: error.column() };
        serde_json::to_string_pretty(self).map(|json| Redacted::new(json + "\n")).map_err(unwritable)
    }

    pub fn canaries(&self) -> &[Canary] {
        &self.canaries
    }

    /// Issues a canary and adds it. `random` comes from a cryptographic generator.
    pub fn issue(&mut self, request: Request, random: [u8; 16]) -> Result<Canary, CanaryError> {
        if request.tier != Tier::Act {
            return Err(CanaryError::Tier(request.tier));
        }
        if request.campaign.as_str().trim().is_empty() {
            return Err(CanaryError::Campaign);
        }
        if request.vendor.trim().is_empty() {
            return Err(CanaryError::Vendor);
        }
        let approver = request.approver.trim();
        if approver.chars().filter(|c| c.is_alphabetic()).count() < LEAST_NAME {
            return Err(CanaryError::Approver);
        }
        if request.expires <= request.issued {
            return Err(CanaryError::Expiry);
        }
        check_template(&request.template)?;
        let phrase = phrase(random);
        // A generator that gives zeros, or the same again, is none.
        if random.iter().all(|byte| *byte == random[0] && (*byte == 0 || *byte == u8::MAX))
            || self.canaries.iter().any(|canary| canary.phrase == phrase)
        {
            return Err(CanaryError::Random);
        }
        let hash = blake3::derive_key("stillwatch 2026-11 canary id", phrase.as_bytes());
        let id = hex::encode(&hash[..8]);
        let canary = Canary {
            id,
            vendor: request.vendor.trim().into(),
            campaign: request.campaign.as_str().into(),
            approver: approver.into(),
            issued: request.issued.to_rfc3339(),
            expires: request.expires.to_rfc3339(),
            bits: PHRASE_BITS,
            template: request.template,
            phrase,
        };
        self.canaries.push(canary.clone());
        Ok(canary)
    }
}

/// A template is one plain sentence: nothing in it may be read as a number, an address, a quotation, code or markup.
fn check_template(template: &str) -> Result<(), CanaryError> {
    let refuse = |why| Err(CanaryError::Template(why));
    if template.matches(PLACE).count() != 1 {
        return refuse("it has to hold `{}` once");
    }
    let around = template.replacen(PLACE, "", 1);
    if template.len() > MOST_TEMPLATE {
        return refuse("it is longer than 200 bytes");
    }
    if !around.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ',' | '.' | ':' | ';' | '(' | ')' | '-')) {
        return refuse("it may hold letters, spaces and , . : ; ( ) - alone");
    }
    if !template.trim_end().ends_with(['.', ')']) || !around.chars().any(char::is_alphabetic) {
        return refuse("it has to be a sentence");
    }
    // Letters beside the place would become part of the words.
    let (before, after) = template.split_once(PLACE).unwrap_or_default();
    if before.ends_with(char::is_alphabetic) || after.starts_with(char::is_alphabetic) {
        return refuse("no letter may stand beside `{}`");
    }
    Ok(())
}

/// Why a canary is not issued, or a registry not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CanaryError {
    #[error("canaries are for campaigns of tier act, and this one is of tier {0}")]
    Tier(Tier),
    #[error("a canary needs the id of a campaign")]
    Campaign,
    #[error("a canary needs the name of the provider whose answers it marks")]
    Vendor,
    #[error("a canary needs the name of the person who approves it")]
    Approver,
    #[error("a canary has to expire after it is issued")]
    Expiry,
    #[error("the template cannot be used: {0}")]
    Template(&'static str),
    #[error("the random bytes are not random, or were used before")]
    Random,
    #[error("the registry of canaries cannot be read (line {line}, column {column})")]
    Unreadable { line: usize, column: usize },
    #[error("the registry has schema {found}, and this version reads {SCHEMA}")]
    Schema { found: String },
    #[error("canary {id} of the registry is no phrase of five words")]
    NoPhrase { id: String },
    #[error("canary {id} is in the registry twice")]
    Twice { id: String },
}
