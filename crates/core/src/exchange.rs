use crate::Micros;

/// How much of a record its owner allows to be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retention {
    /// Nothing: the row is dropped before anything is derived from it.
    None,
    /// Times and numbers, but no fingerprint of any text.
    MetadataOnly,
    /// Keyed fingerprints, no text.
    FingerprintOnly,
    #[default]
    Full,
}

impl Retention {
    /// Reads a retention class; `None` for a word that is not one.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "full" => Some(Self::Full),
            "fingerprint_only" => Some(Self::FingerprintOnly),
            "metadata_only" => Some(Self::MetadataOnly),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// One request and its answer, borrowed from a record batch. Field meanings are those of
/// [`EXCHANGE_COLUMNS`](crate::EXCHANGE_COLUMNS).
///
/// It holds text, so it implements no `Debug`.
#[derive(Clone, Copy, Default)]
pub struct Exchange<'a> {
    pub time: Micros,
    pub account: &'a str,
    pub request_id: Option<&'a str>,
    pub organization: Option<&'a str>,
    pub api_key: Option<&'a str>,
    pub end_user: Option<&'a str>,
    pub ip: Option<&'a str>,
    pub asn: Option<i64>,
    /// For written policies alone.
    pub country: Option<&'a str>,
    pub user_agent: Option<&'a str>,
    pub ja4: Option<&'a str>,
    pub model: Option<&'a str>,
    pub endpoint: Option<&'a str>,
    pub system: Option<&'a str>,
    pub prompt: Option<&'a str>,
    /// Read by the index of served outputs alone, and only when asked for.
    pub response: Option<&'a str>,
    pub tools: Option<&'a str>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    pub n: Option<i64>,
    pub max_tokens: Option<i64>,
    pub logprobs: Option<bool>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    pub cached_tokens: Option<i64>,
    pub status: Option<i64>,
    pub conversation: Option<&'a str>,
    pub retention: Retention,
}
