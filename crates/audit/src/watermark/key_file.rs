use std::fmt;

use serde::Deserialize;
use stillwatch_core::{Key, Redacted};

use super::green::{GreenList, KeyedGreenList};
use super::gumbel::Gumbel;
use super::keyed::Seeding;
use super::synthid::{Statistic, SynthId};
use super::{Scheme, WatermarkError};

/// The watermarks of a key file. Whoever reads the file checks that nobody else can.
#[derive(Debug)]
pub struct KeyRing {
    pub watermarks: Vec<Spec>,
}

/// One watermark of a key file.
#[derive(Clone)]
pub struct Spec {
    pub vendor: String,
    pub model: Option<String>,
    pub scheme: Scheme,
    pub tokenizer: Option<TokenizerFile>,
    pub prompt: PromptHandling,
}

/// Where the tokenizer lies and which it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenizerFile {
    /// As written; relative to the key file.
    pub path: String,
    /// SHA-256 of the file in lower-case hexadecimal digits.
    pub sha256: String,
}

/// What is done with n-grams that occur in the prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PromptHandling {
    /// They are not scored: a text that repeats a marked prompt is not marked itself.
    #[default]
    Exclude,
    /// They are scored like all others.
    Ignore,
}

impl KeyRing {
    /// Reads TOML with one `[[watermark]]` or several. Each has `vendor`, `model`, `tokenizer = { path, sha256 }`,
    /// `prompt`, `vocabulary` and exactly one scheme:
    ///
    /// - `kgw = { seeding = "window-hash" | "simple-1", key, window, gamma }`, with `vocabulary`
    /// - `keyed-green-list = { key, window, gamma }`
    /// - `synthid = { variant = "google-lcg" | "huggingface-table", keys, ngram-length, context-history, eos, statistic =
    ///   "weighted-mean" | "mean", table }`
    /// - `gumbel = { generator = "torch" | "keyed-hash", seeding, key, window }`, with `vocabulary` for `torch`
    ///
    /// Keys are integers where the published scheme has integers, and 64 hexadecimal digits for our own keyed hash.
    pub fn parse(text: &str) -> Result<Self, WatermarkError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
            WatermarkError::Syntax { line: 1 + before.matches('\n').count(), message: without_values(error.message()) }
        })?;
        if file.watermark.is_empty() {
            return Err(WatermarkError::Empty);
        }
        let watermarks = (1..).zip(file.watermark).map(|(number, written)| {
            written.spec().map_err(|(field, message)| WatermarkError::Field { number, field, message })
        });
        Ok(Self { watermarks: watermarks.collect::<Result<_, _>>()? })
    }
}

impl fmt::Debug for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spec({}, {:?}, {})", self.vendor, self.model, self.scheme.name())
    }
}

/// Messages about types repeat the value, which may be a key.
fn without_values(message: &str) -> String {
    match (message.split_once(": "), message.rfind(", expected")) {
        (Some((kind, _)), Some(expected)) if kind.starts_with("invalid") => format!("{kind}{}", &message[expected..]),
        (Some((kind, _)), None) if kind.starts_with("invalid") => kind.into(),
        _ => message.into(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    watermark: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    vendor: String,
    model: Option<String>,
    tokenizer: Option<TokenizerFile>,
    #[serde(default)]
    prompt: PromptHandling,
    vocabulary: Option<u32>,
    kgw: Option<WrittenGreenList>,
    keyed_green_list: Option<WrittenKeyedGreenList>,
    synthid: Option<WrittenSynthId>,
    gumbel: Option<WrittenGumbel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGreenList {
    seeding: String,
    key: Secret,
    window: usize,
    gamma: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKeyedGreenList {
    key: Secret,
    window: usize,
    gamma: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenSynthId {
    variant: String,
    keys: Secret,
    ngram_length: usize,
    context_history: usize,
    eos: Option<u32>,
    statistic: Option<String>,
    table: Option<Secret>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGumbel {
    generator: String,
    seeding: Option<String>,
    key: Secret,
    window: usize,
}

/// Read as any value, so that no message of the parser can repeat it.
#[derive(Deserialize)]
struct Secret(toml::Value);

type Mistake = (&'static str, String);

/// Window and layers that a scheme may have.
const MAX_WINDOW: usize = 15;
const MAX_LAYERS: usize = 64;
/// Ids that fit a permutation made in memory.
const MAX_VOCABULARY: u32 = 1 << 22;

impl Written {
    fn spec(mut self) -> Result<Spec, Mistake> {
        if let Some(tokenizer) = &mut self.tokenizer {
            tokenizer.sha256.make_ascii_lowercase();
            if tokenizer.sha256.len() != 64 || !tokenizer.sha256.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(("tokenizer.sha256", "has 64 hexadecimal digits".into()));
            }
        }
        if self.vocabulary.is_some_and(|size| !(2..=MAX_VOCABULARY).contains(&size)) {
            return Err(("vocabulary", format!("is between 2 and {MAX_VOCABULARY}")));
        }
        let vocabulary = self.vocabulary.ok_or_else(|| ("vocabulary", "is missing".to_owned()));
        let scheme = match (self.kgw, self.keyed_green_list, self.synthid, self.gumbel) {
            (Some(list), None, None, None) => list.scheme(vocabulary?)?,
            (None, Some(list), None, None) => Scheme::KeyedGreenList(KeyedGreenList::new(
                &list.key.hexadecimal("keyed-green-list.key")?,
                window("keyed-green-list.window", list.window)?,
                gamma("keyed-green-list.gamma", list.gamma)?,
            )),
            (None, None, Some(synthid), None) => synthid.scheme()?,
            (None, None, None, Some(gumbel)) => gumbel.scheme(vocabulary)?,
            _ => {
                let schemes = "one of `kgw`, `keyed-green-list`, `synthid` and `gumbel`";
                return Err(("watermark", format!("has exactly {schemes}")));
            }
        };
        let Self { vendor, model, tokenizer, prompt, .. } = self;
        Ok(Spec { vendor, model, scheme, tokenizer, prompt })
    }
}

impl WrittenGreenList {
    fn scheme(self, vocabulary: u32) -> Result<Scheme, Mistake> {
        let window = window("kgw.window", self.window)?;
        let seeding = seeding("kgw.seeding", &self.seeding, window)?;
        let gamma = gamma("kgw.gamma", self.gamma)?;
        Ok(Scheme::GreenList(GreenList::new(seeding, self.key.integer("kgw.key")?, window, gamma, vocabulary)))
    }
}

impl WrittenSynthId {
    fn scheme(self) -> Result<Scheme, Mistake> {
        let keys = self.keys.integers("synthid.keys")?;
        if !(2..=MAX_WINDOW + 1).contains(&self.ngram_length) {
            return Err(("synthid.ngram-length", format!("is between 2 and {}", MAX_WINDOW + 1)));
        }
        let statistic = match self.statistic.as_deref() {
            None | Some("weighted-mean") => Statistic::WeightedMean,
            Some("mean") => Statistic::Mean,
            Some(_) => return Err(("synthid.statistic", "is `weighted-mean` or `mean`".into())),
        };
        let synthid = match (self.variant.as_str(), self.table) {
            ("google-lcg", None) => SynthId::google_lcg(keys, self.ngram_length, self.context_history),
            ("huggingface-table", Some(table)) => {
                let table = table.bits("synthid.table")?;
                SynthId::huggingface_table(keys, self.ngram_length, self.context_history, table)
            }
            ("google-lcg", Some(_)) => return Err(("synthid.table", "belongs to `huggingface-table`".into())),
            ("huggingface-table", None) => {
                let why = "is missing: the table depends on the device that drew it, and no seed determines it";
                return Err(("synthid.table", why.into()));
            }
            _ => return Err(("synthid.variant", "is `google-lcg` or `huggingface-table`".into())),
        };
        Ok(Scheme::SynthId(synthid.with_eos(self.eos).with_statistic(statistic)))
    }
}

impl WrittenGumbel {
    fn scheme(self, vocabulary: Result<u32, Mistake>) -> Result<Scheme, Mistake> {
        let window = window("gumbel.window", self.window)?;
        let gumbel = match (self.generator.as_str(), &self.seeding) {
            ("torch", Some(name)) => {
                let seeding = seeding("gumbel.seeding", name, window)?;
                Gumbel::torch(seeding, self.key.integer("gumbel.key")?, window, vocabulary?)
            }
            ("torch", None) => return Err(("gumbel.seeding", "is missing".into())),
            ("keyed-hash", None) => Gumbel::keyed_hash(&self.key.hexadecimal("gumbel.key")?, window),
            ("keyed-hash", Some(_)) => return Err(("gumbel.seeding", "belongs to `torch`".into())),
            _ => return Err(("gumbel.generator", "is `torch` or `keyed-hash`".into())),
        };
        Ok(Scheme::Gumbel(gumbel))
    }
}

impl Secret {
    fn integer(&self, field: &'static str) -> Result<u64, Mistake> {
        let integer = self.0.as_integer().and_then(|key| u64::try_from(key).ok());
        integer.ok_or((field, "is an integer from 0 on".into()))
    }

    fn integers(&self, field: &'static str) -> Result<Vec<i64>, Mistake> {
        let keys: Option<Vec<i64>> =
            self.0.as_array().and_then(|keys| keys.iter().map(toml::Value::as_integer).collect());
        keys.filter(|keys| (1..=MAX_LAYERS).contains(&keys.len()))
            .ok_or_else(|| (field, format!("are 1 to {MAX_LAYERS} integers")))
    }

    fn hexadecimal(&self, field: &'static str) -> Result<Key, Mistake> {
        let digits = self.0.as_str().ok_or_else(|| (field, "is a text of 64 hexadecimal digits".to_owned()))?;
        Key::from_hex(digits).map_err(|error| (field, format!("is no key: {error}")))
    }

    /// Hexadecimal digits of four bits each, first bit highest.
    fn bits(&self, field: &'static str) -> Result<Vec<bool>, Mistake> {
        let digits = Redacted::new(self.0.as_str().unwrap_or("").trim());
        let digit = |digit: char| digit.to_digit(16).map(|value| (0..4).rev().map(move |bit| value >> bit & 1 == 1));
        let bits: Option<Vec<_>> = digits.expose().chars().map(digit).collect();
        bits.filter(|digits| !digits.is_empty())
            .map(|digits| digits.into_iter().flatten().collect())
            .ok_or_else(|| (field, "is a text of hexadecimal digits, four bits each, first bit highest".into()))
    }
}

fn window(field: &'static str, window: usize) -> Result<usize, Mistake> {
    if (1..=MAX_WINDOW).contains(&window) { Ok(window) } else { Err((field, format!("is between 1 and {MAX_WINDOW}"))) }
}

fn gamma(field: &'static str, gamma: f64) -> Result<f64, Mistake> {
    if gamma > 0.0 && gamma < 1.0 { Ok(gamma) } else { Err((field, "is above 0 and below 1".into())) }
}

fn seeding(field: &'static str, name: &str, window: usize) -> Result<Seeding, Mistake> {
    match (name, window) {
        ("window-hash", _) => Ok(Seeding::WindowHash),
        ("simple-1", 1) => Ok(Seeding::Simple1),
        ("simple-1", _) => Err((field, "`simple-1` has a window of 1".into())),
        _ => Err((field, "is `window-hash` or `simple-1`; `minhash` and `selfhash` are not supported".into())),
    }
}
