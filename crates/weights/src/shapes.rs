use std::collections::{BTreeMap, BTreeSet};

use crate::Tensor;

/// What the names and shapes of tensors say of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shapes {
    pub vocabulary: Option<u64>,
    pub hidden: Option<u64>,
    pub layers: Option<u64>,
    /// Elements in all; `None` where weights are packed or the tensors are a difference to others.
    pub parameters: Option<u64>,
    /// The type that most elements of matrices have.
    pub kind: Option<String>,
    /// Every type that matrices have, ascending: files mix them on purpose.
    pub kinds: Vec<String>,
    pub adapter: bool,
    pub packed: bool,
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

impl Shapes {
    pub fn of(tensors: &[Tensor]) -> Self {
        let mut shapes = Self::default();
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        let mut stacks: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        let mut embeddings: BTreeSet<(u64, u64)> = BTreeSet::new();
        let mut elements = 0_u64;
        for tensor in tensors {
            let name = tensor.name.as_str();
            shapes.adapter |= name.contains("lora_A") || name.contains("lora_B") || name.ends_with(".lora_a");
            shapes.packed |= [".qweight", ".qzeros", ".absmax", ".weight_packed", ".quant_state"]
                .iter()
                .any(|part| name.contains(part));
            elements = elements.saturating_add(tensor.elements());
            if tensor.shape.len() > 1 {
                let sum = kinds.entry(&tensor.kind).or_default();
                *sum = sum.saturating_add(tensor.elements());
            }
            if let ([rows, columns], true) = (
                tensor.shape.as_slice(),
                EMBEDDINGS.iter().any(|end| name.ends_with(end))
                    && !name.contains("vision")
                    && !name.contains("position"),
            ) {
                embeddings.insert((*rows, *columns));
            }
            if let Some((stack, number)) = layer(name) {
                stacks.entry(stack).or_default().insert(number);
            }
        }
        if let (1, Some(&(rows, columns))) = (embeddings.len(), embeddings.first()) {
            shapes.vocabulary = Some(rows);
            shapes.hidden = Some(columns);
        }
        // An encoder beside a decoder has two stacks: then no single count is right.
        if let (1, Some(stack)) = (stacks.len(), stacks.values().next()) {
            let count = stack.len() as u64;
            shapes.layers = stack.last().filter(|&&last| last + 1 == count).map(|_| count);
        }
        shapes.kinds = kinds.keys().map(|kind| (*kind).to_owned()).collect();
        shapes.kind = kinds.into_iter().max_by_key(|(_, elements)| *elements).map(|(kind, _)| kind.to_owned());
        let whole = !shapes.adapter && !shapes.packed && !tensors.is_empty() && elements < u64::MAX;
        shapes.parameters = whole.then_some(elements);
        shapes
    }
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

#[cfg(test)]
mod tests {
    use super::Shapes;
    use crate::{Tensor, compatible};

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
        let told = Shapes::of(&tensors[..3]);
        assert_eq!((told.vocabulary, told.hidden, told.layers), (Some(32_000), Some(64), Some(2)));
        assert_eq!(told.parameters, Some(32_000 * 64 + 2 * 256 * 64));
        assert_eq!(Shapes::of(&tensors).parameters, None, "a claim of more elements than can be counted");
        assert!(compatible(&tensors[..3], &tensors[..3]) && !compatible(&tensors[..3], &[]));
    }
}
