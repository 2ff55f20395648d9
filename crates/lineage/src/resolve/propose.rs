use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EntityId;
use super::fold::{are_spellings, fold, skeleton};
use crate::NodeKind;
use crate::ask::Upstream;
use crate::graph::Graph;
use crate::import::Scheme;
use crate::ledger::{Action, NONE, NodeKey, standing};
use crate::terms::organisation_key;

/// Names that may mean the same thing, for a reviewer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposals {
    /// The most confident first.
    pub proposals: Vec<Proposal>,
    pub look_alikes: Vec<LookAlike>,
    /// Proposals that were left out for their number.
    pub left_out: usize,
}

/// Two entities that may be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    pub left: NodeKey,
    pub left_name: String,
    pub right: NodeKey,
    pub right_name: String,
    pub reason: Reason,
    /// Per cent, from [`Reason::confidence`]: how sure the rule is, not a measured share.
    pub confidence: u8,
}

/// Why two names may mean one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Byte for byte one name, with different identifiers or told apart by a document.
    EqualName,
    /// They differ in case, Unicode form or punctuation only: "LLaMA 2", "Llama-2".
    Spelling,
    /// One has the legal form, or a word such as "AI", that the other leaves out: "Example AI, Inc.", "Example".
    LegalForm,
    /// One is the other with the owner in front: "example/tiny-7b", "tiny-7b".
    OwnerPrefix,
    /// One word differs by a letter or two; all others, and the numbers, are equal.
    Near,
}

impl Reason {
    /// Per cent. By how often the rule errs in kind: spelling hardly ever, an owner's prefix where two owners use one
    /// name, near names often.
    pub fn confidence(self) -> u8 {
        match self {
            Self::Spelling => 90,
            Self::LegalForm => 85,
            Self::EqualName => 80,
            Self::OwnerPrefix => 70,
            Self::Near => 40,
        }
    }
}

impl Reason {
    /// Whether two names that share a form may be one thing for this reason.
    fn may_join(self, one: &str, other: &str) -> bool {
        match self {
            Self::EqualName | Self::LegalForm => true,
            // Two owners use one name for two things as a rule.
            Self::OwnerPrefix => one.contains('/') != other.contains('/') && are_spellings(one, other),
            Self::Spelling | Self::Near => are_spellings(one, other),
        }
    }
}

/// Two identifiers that look alike and are not equal: a mistake, or one that passes for the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LookAlike {
    pub left: NodeKey,
    pub right: NodeKey,
    /// `case or punctuation`, `Unicode form`, `letters of another script`.
    pub difference: String,
}

/// The forms of a name by which names are put together.
type Forms<'f> = &'f dyn Fn(NodeKind, &str) -> Vec<String>;

/// An identifier and the entity it belongs to.
type Spelling<'s> = (&'s str, u32);

const MOST_PROPOSALS: usize = 10_000;
/// Beyond so many entities names are not compared for one answer.
const MOST_ENTITIES: usize = 50_000;
const MOST_OPEN: usize = 20;
/// Names compared with each other because they begin alike; more say nothing about any two of them.
const MOST_IN_BLOCK: usize = 200;
/// Jaro-Winkler similarity from which a pair is near.
const NEAR: f64 = 0.94;

impl Graph<'_> {
    /// Near names and look-alikes. What a standing decision has joined or parted is not proposed again.
    pub fn propose(&self) -> Proposals {
        let mut names: Vec<(NodeKind, &str, EntityId)> = Vec::new();
        for id in self.ids() {
            for key in self.resolution.keys_of_entity(id.0).filter(|key| key.is_name() && key.document == u32::MAX) {
                names.push((key.kind, self.resolution.strings.text(key.value), id));
            }
            // A thing with identifiers that shares its name with another does not hold the name's key.
            names.push((self.kind(id), self.name(id), id));
        }
        names.sort_unstable();
        names.dedup();
        let mut pairs: BTreeMap<(EntityId, EntityId), Reason> = BTreeMap::new();
        let mut group = |by: Forms<'_>, reason: Reason| {
            let mut groups: FxHashMap<(NodeKind, String), Vec<(EntityId, &str)>> = FxHashMap::default();
            for &(kind, name, id) in &names {
                for form in by(kind, name) {
                    if !form.is_empty() {
                        groups.entry((kind, form)).or_default().push((id, name));
                    }
                }
            }
            for mut members in groups.into_values() {
                members.sort_unstable();
                members.dedup();
                for (at, &(left, one)) in members.iter().enumerate().take(MOST_IN_BLOCK) {
                    let others = members[at + 1..].iter().take(MOST_IN_BLOCK);
                    for &(right, _) in others.filter(|(right, other)| *right != left && reason.may_join(one, other)) {
                        pairs.entry((left, right)).and_modify(|known| *known = (*known).min(reason)).or_insert(reason);
                    }
                }
            }
        };
        group(&|_, name| vec![name.to_owned()], Reason::EqualName);
        group(&|_, name| vec![fold(name)], Reason::Spelling);
        group(
            &|kind, name| if kind == NodeKind::Organisation { vec![organisation_key(name)] } else { Vec::new() },
            Reason::LegalForm,
        );
        group(
            &|kind, name| match (kind, name.split_once('/')) {
                (NodeKind::Model | NodeKind::DataSet, Some((_, own))) => vec![fold(own)],
                (NodeKind::Model | NodeKind::DataSet, None) => vec![fold(name)],
                _ => Vec::new(),
            },
            Reason::OwnerPrefix,
        );
        near(&names, &mut pairs);
        self.present(pairs)
    }

    /// Proposals of which one side is the subject or lies upstream of it and the other is something that documents say more
    /// of: until somebody decides, what is said of the other is not said of the subject.
    pub fn open_names(&self, upstream: &Upstream<'_, '_>) -> Vec<Proposal> {
        if self.entities() > MOST_ENTITIES {
            return Vec::new();
        }
        let near: BTreeSet<NodeKey> = upstream.all().map(|id| self.key(id)).collect();
        let says_more = |key: &NodeKey| {
            let mut found = self.find(key.as_str()).into_iter();
            found.any(|id| !self.out(id).is_empty() || self.waiting_subjects().contains(&id))
        };
        let all = self.propose().proposals.into_iter();
        all.filter(|own| match (near.contains(&own.left), near.contains(&own.right)) {
            (true, false) => says_more(&own.right),
            (false, true) => says_more(&own.left),
            _ => false,
        })
        .take(MOST_OPEN)
        .collect()
    }

    fn present(&self, pairs: BTreeMap<(EntityId, EntityId), Reason>) -> Proposals {
        let parted: Vec<(&NodeKey, &NodeKey)> = standing(&self.ledger().decisions, self.as_of())
            .into_iter()
            .filter_map(|decision| match &decision.action {
                Action::Different { left, right } => Some((left, right)),
                _ => None,
            })
            .collect();
        let is_parted = |left: EntityId, right: EntityId| {
            !parted.is_empty() && {
                let (left, right) = (self.keys(left), self.keys(right));
                parted
                    .iter()
                    .any(|(a, b)| (left.contains(a) && right.contains(b)) || (left.contains(b) && right.contains(a)))
            }
        };
        let mut proposals: Vec<(u8, EntityId, EntityId, Reason)> = pairs
            .into_iter()
            .filter(|((left, right), _)| !is_parted(*left, *right))
            .map(|((left, right), reason)| (100 - reason.confidence(), left, right, reason))
            .collect();
        proposals.sort_unstable();
        let left_out = proposals.len().saturating_sub(MOST_PROPOSALS);
        proposals.truncate(MOST_PROPOSALS);
        let proposals = proposals
            .into_iter()
            .map(|(_, left, right, reason)| Proposal {
                left: self.key(left),
                left_name: self.name(left).to_owned(),
                right: self.key(right),
                right_name: self.name(right).to_owned(),
                reason,
                confidence: reason.confidence(),
            })
            .collect();
        Proposals { proposals, look_alikes: self.look_alikes(), left_out }
    }

    /// Identifiers of one kind and scheme with one skeleton that are not the same bytes, on different entities.
    fn look_alikes(&self) -> Vec<LookAlike> {
        let strings = &self.resolution.strings;
        let mut groups: BTreeMap<(NodeKind, Option<Scheme>, String), Vec<Spelling<'_>>> = BTreeMap::new();
        for (key, &entity) in self.resolution.keys.iter().zip(&self.resolution.entity_of_key) {
            let is_compared = match key.scheme {
                Some(scheme) => scheme.is_global() && !scheme.is_digest(),
                None => key.document == u32::MAX,
            };
            let text = strings.text(key.value);
            if is_compared && entity != NONE {
                groups.entry((key.kind, key.scheme, skeleton(text))).or_default().push((text, entity));
            }
        }
        let mut found = Vec::new();
        for ((kind, scheme, _), mut members) in groups {
            members.sort_unstable();
            members.dedup();
            members.truncate(MOST_IN_BLOCK);
            for (at, &(left, own)) in members.iter().enumerate() {
                for &(right, other) in &members[at + 1..] {
                    // What a decision has joined is known, and names that differ in spelling are proposals.
                    let is_spelling = scheme.is_none() && fold(left) == fold(right);
                    if own != other && !is_spelling && found.len() < MOST_PROPOSALS {
                        let scheme = scheme.map_or("name", Scheme::as_str);
                        let key = |text: &str| NodeKey::from(format!("{kind}/{scheme}:{text}"));
                        found.push(LookAlike {
                            left: key(left),
                            right: key(right),
                            difference: difference(left, right),
                        });
                    }
                }
            }
        }
        found
    }
}

fn difference(left: &str, right: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let kind = if left.nfkc().eq(right.nfkc()) {
        "Unicode form"
    } else if fold(left) == fold(right) {
        "case or punctuation"
    } else {
        "letters that look alike"
    };
    kind.to_owned()
}

/// Pairs whose words are the same but for a slip of one or two letters in one of them. A word more or less, or another
/// word, makes another product: "tiny-7b" and "tiny-7b-chat", "tiny-7b-mini" and "tiny-7b-mega".
fn near(names: &[(NodeKind, &str, EntityId)], pairs: &mut BTreeMap<(EntityId, EntityId), Reason>) {
    let mut blocks: BTreeMap<(NodeKind, String), Vec<(&str, EntityId)>> = BTreeMap::new();
    for &(kind, name, id) in names {
        let folded = fold(name);
        if folded.chars().count() >= 6 {
            let start = folded.chars().take(5).collect();
            blocks.entry((kind, start)).or_default().push((name, id));
        }
    }
    for members in blocks.into_values().filter(|members| (2..=MOST_IN_BLOCK).contains(&members.len())) {
        for (at, &(left, own)) in members.iter().enumerate() {
            for &(right, other) in &members[at + 1..] {
                let key = (own.min(other), own.max(other));
                if own != other
                    && !pairs.contains_key(&key)
                    && Reason::Near.may_join(left, right)
                    && is_slip(left, right)
                {
                    pairs.insert(key, Reason::Near);
                }
            }
        }
    }
}

/// Whether one word differs, by a slip of the pen, and all others are equal.
fn is_slip(left: &str, right: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        name.split(|own: char| !own.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold).collect()
    };
    let (left, right) = (words(left), words(right));
    let differ: Vec<(&String, &String)> = left.iter().zip(&right).filter(|(a, b)| a != b).collect();
    let [(one, other)] = differ.as_slice() else { return false };
    let is_long = one.chars().count().min(other.chars().count()) >= LONG_WORD;
    left.len() == right.len()
        && is_long
        && strsim::damerau_levenshtein(one, other) <= 2
        && strsim::jaro_winkler(one, other) >= NEAR
        // "instruct" and "instruction", "data" and "dataset": one goes on where the other ends.
        && !one.starts_with(other.as_str())
        && !other.starts_with(one.as_str())
}

/// In shorter words a letter more is another word.
const LONG_WORD: usize = 6;
