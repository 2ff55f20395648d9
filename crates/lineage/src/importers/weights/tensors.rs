use std::collections::{BTreeMap, BTreeSet};

use crate::import::{Draft, NodeRef, Object, Statement, Value};
use crate::{Attribute, EvidenceKind};

/// One tensor of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    pub name: String,
    /// The format's own word: `BF16`, `Q4_K`.
    pub kind: String,
    /// Slowest dimension first, as PyTorch prints it.
    pub shape: Vec<u64>,
    /// Bytes from the beginning of the data.
    pub begin: u64,
    pub end: u64,
}

impl Tensor {
    /// Number of elements; saturating, since a header may claim any shape.
    pub fn elements(&self) -> u64 {
        self.shape.iter().fold(1_u64, |product, &side| product.saturating_mul(side))
    }
}

/// Whether one file's tensors could come from another's by training on: of the names they share, all have equal shapes,
/// and they share most. It is never evidence of descent: everything trained with one configuration is compatible.
pub fn compatible(left: &[Tensor], right: &[Tensor]) -> bool {
    let of = |tensors: &[Tensor]| -> BTreeMap<String, Vec<u64>> {
        tensors.iter().map(|tensor| (tensor.name.clone(), tensor.shape.clone())).collect()
    };
    let (left, right) = (of(left), of(right));
    let shared: Vec<_> = left.iter().filter_map(|(name, shape)| Some((shape, right.get(name)?))).collect();
    !shared.is_empty()
        && shared.iter().all(|(left, right)| left == right)
        && shared.len() * 10 >= left.len().min(right.len()) * 9
}

/// What the shapes say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) vocabulary: Option<u64>,
    pub(super) hidden: Option<u64>,
    pub(super) layers: Option<u64>,
    /// Elements in all; `None` where weights are packed or the tensors are a difference to others.
    pub(super) parameters: Option<u64>,
    /// The type that most elements of matrices have.
    pub(super) kind: Option<String>,
    pub(super) adapter: bool,
    pub(super) packed: bool,
}

/// Embeddings of tokens by the names that the usual libraries give them.
const EMBEDDINGS: &[&str] = &[
    "embed_tokens.weight",
    "wte.weight",
    "word_embeddings.weight",
    "embed_in.weight",
    "tok_embeddings.weight",
    "token_embd.weight",
    "shared.weight",
];

pub(super) fn facts(tensors: &[Tensor]) -> Facts {
    let mut facts = Facts::default();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut stacks: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    let mut embeddings: BTreeSet<(u64, u64)> = BTreeSet::new();
    let mut elements = 0_u64;
    for tensor in tensors {
        let name = tensor.name.as_str();
        facts.adapter |= name.contains("lora_A") || name.contains("lora_B") || name.ends_with(".lora_a");
        facts.packed |=
            [".qweight", ".qzeros", ".absmax", ".weight_packed", ".quant_state"].iter().any(|part| name.contains(part));
        elements = elements.saturating_add(tensor.elements());
        if tensor.shape.len() > 1 {
            let sum = kinds.entry(&tensor.kind).or_default();
            *sum = sum.saturating_add(tensor.elements());
        }
        if let ([rows, columns], true) = (
            tensor.shape.as_slice(),
            EMBEDDINGS.iter().any(|end| name.ends_with(end)) && !name.contains("vision") && !name.contains("position"),
        ) {
            embeddings.insert((*rows, *columns));
        }
        if let Some((stack, number)) = layer(name) {
            stacks.entry(stack).or_default().insert(number);
        }
    }
    if let (1, Some(&(rows, columns))) = (embeddings.len(), embeddings.first()) {
        facts.vocabulary = Some(rows);
        facts.hidden = Some(columns);
    }
    // An encoder beside a decoder has two stacks: then no single count is right.
    if let (1, Some(stack)) = (stacks.len(), stacks.values().next()) {
        let count = stack.len() as u64;
        facts.layers = stack.last().filter(|&&last| last + 1 == count).map(|_| count);
    }
    facts.kind = kinds.into_iter().max_by_key(|(_, elements)| *elements).map(|(kind, _)| kind.to_owned());
    let whole = !facts.adapter && !facts.packed && !tensors.is_empty() && elements < u64::MAX;
    facts.parameters = whole.then_some(elements);
    facts
}

/// `model.layers.` and 17 of `model.layers.17.mlp.up_proj.weight`.
fn layer(name: &str) -> Option<(&str, u64)> {
    const STACKS: &[&str] = &["layers.", "layer.", "h.", "blocks.", "block.", "blk."];
    STACKS.iter().find_map(|stack| {
        let at = name.find(stack).filter(|&at| at == 0 || name.as_bytes()[at - 1] == b'.')?;
        let (number, _) = name[at + stack.len()..].split_once('.')?;
        Some((&name[..at + stack.len()], number.parse().ok()?))
    })
}

/// Puts what the shapes say into an import, as recomputed from the bytes. Of one part of several (`shard`) only what
/// does not need the others.
pub(super) fn state(draft: &mut Draft, subject: &NodeRef, facts: &Facts, shard: bool) {
    let mut number = |attribute: &str, value: Option<u64>, path: &str| {
        if let Some(value) = value.filter(|&value| value > 0) {
            let value = Object::Value(Value::Number(value.to_string()));
            let mut statement = Statement::new(subject.clone(), attribute, value, path);
            statement.kind = EvidenceKind::Recomputed;
            draft.push(statement);
        }
    };
    if facts.adapter {
        return;
    }
    number(Attribute::VOCABULARY_SIZE, facts.vocabulary, "tensor shapes");
    if !facts.packed {
        number(Attribute::HIDDEN_SIZE, facts.hidden, "tensor shapes");
    }
    if shard {
        number("shard-parameters", facts.parameters, "tensor shapes");
    } else {
        number(Attribute::LAYERS, facts.layers, "tensor names");
        number(Attribute::PARAMETERS, facts.parameters, "tensor shapes");
    }
}

/// Whether a file name says that it is one part of several: `model-00002-of-00003.safetensors`.
pub(super) fn is_shard(name: &str) -> bool {
    let Some((before, after)) = name.rsplit_once("-of-") else { return false };
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let last = before.rsplit('-').next().unwrap_or_default();
    digits(last) == last.len()
        && !last.is_empty()
        && digits(after) > 0
        && after.trim_start_matches('0').as_bytes().first() != Some(&b'.')
        && !(after.starts_with("00001.") || after.starts_with("1."))
}

#[cfg(test)]
mod tests {
    use super::{Tensor, compatible, facts, is_shard};

    fn tensor(name: &str, shape: &[u64]) -> Tensor {
        Tensor { name: name.into(), kind: "BF16".into(), shape: shape.to_vec(), begin: 0, end: 0 }
    }

    #[test]
    fn shapes_tell_the_configuration() {
        let tensors = [
            tensor("model.embed_tokens.weight", &[32_000, 64]),
            tensor("model.layers.0.mlp.up_proj.weight", &[256, 64]),
            tensor("model.layers.1.mlp.up_proj.weight", &[256, 64]),
            tensor("huge", &[u64::MAX, 3]),
        ];
        let told = facts(&tensors[..3]);
        assert_eq!((told.vocabulary, told.hidden, told.layers), (Some(32_000), Some(64), Some(2)));
        assert_eq!(told.parameters, Some(32_000 * 64 + 2 * 256 * 64));
        assert_eq!(facts(&tensors).parameters, None, "a claim of more elements than can be counted");
        assert!(compatible(&tensors[..3], &tensors[..3]) && !compatible(&tensors[..3], &[]));
    }

    #[test]
    fn a_part_of_several_is_known_by_its_name() {
        assert!(is_shard("model-00002-of-00003.safetensors") && is_shard("m-Q4_K_M-00001-of-00002.gguf"));
        assert!(!is_shard("model.safetensors") && !is_shard("model-00001-of-00001.safetensors"));
    }
}
