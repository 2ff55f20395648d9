use std::ops::Range;
use std::sync::Arc;

use stillwatch_core::Redacted;

use crate::{ClaimSort, Class, Standing};

/// Where a document stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// From 1.
    pub row: u64,
    /// Turn of a conversation, or which of a row's texts, from 0.
    pub turn: u32,
}

/// One place where a rule found something. The text itself is not part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub spot: Spot,
    /// Bytes of the document's text.
    pub span: Range<u64>,
    pub class: Class,
    pub rule: Rule,
    pub vendor: Option<Arc<str>>,
    /// Of a self-claim.
    pub claim: Option<(ClaimSort, Standing)>,
    /// Where the corpus says that the document is from.
    pub source: Option<Arc<str>>,
    /// What was matched: a canary's id, an index's name.
    pub matched: Option<Arc<str>>,
    /// Tells passages apart that stand in several documents; keyed where it derives from text.
    pub passage: u64,
    /// Share of a document's sampled k-grams that the index holds, or the p-value of a document's watermark.
    pub strength: Option<f64>,
    /// The text of the span, where it was asked for.
    pub text: Option<Redacted<String>>,
}

impl Hit {
    /// How many of the document's runs in a hundred were served; `None` of what no index matched.
    pub(crate) fn served_percent(&self) -> Option<u8> {
        let share = self.strength.filter(|_| [SERVED_RULE, FRAGMENT_RULE].contains(&self.rule.name))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
        let percent = (100.0 * share.clamp(0.0, 1.0)).floor() as u8;
        Some(percent)
    }
}

/// What found a hit, with the version by which it can be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    pub name: &'static str,
    pub version: u32,
}

/// Rule of passages found in an index.
pub const SERVED_RULE: &str = "served-passage";
pub(crate) const SERVED_RULE_VERSION: u32 = 1;
/// Rule of documents of which the shorter layer of an index holds most.
pub const FRAGMENT_RULE: &str = "served-fragments";
pub(crate) const FRAGMENT_RULE_VERSION: u32 = 1;
/// Rule of canaries.
pub const CANARY_RULE: &str = "canary";
pub(crate) const CANARY_RULE_VERSION: u32 = 1;
/// All rules of self-claims together.
pub const SELF_CLAIM_RULE: &str = "self-claim";
/// Rule of documents that are marked by themselves.
pub const WATERMARK_RULE: &str = "watermark";
pub(crate) const WATERMARK_RULE_VERSION: u32 = 1;
