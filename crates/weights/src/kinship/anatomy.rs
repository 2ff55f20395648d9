use std::collections::{BTreeMap, BTreeSet};

use crate::Tensor;

/// Where the interchangeable parts of a model are: the dimensions of the residual stream, as the embeddings see them,
/// and the hidden units of each multilayer perceptron.
///
/// It is read from shapes first: the width is the side that most matrices have, and the units of a block are on the
/// other side of its matrices. Names tell attention from perceptron and tokens from positions, where they do.
#[derive(Debug, Default)]
pub(super) struct Anatomy {
    pub(super) width: usize,
    pub(super) tables: Vec<View>,
    pub(super) vocabulary: usize,
    pub(super) blocks: BTreeMap<BlockKey, Block>,
    pub(super) is_adapter: bool,
    pub(super) gated: bool,
    pub(super) skipped: Vec<String>,
}

/// A block of units: which stack, which layer, which expert of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BlockKey {
    pub(super) stack: String,
    pub(super) layer: u64,
    /// Whether all tokens pass through it beside the experts, and the number of the expert.
    pub(super) expert: (bool, Option<u64>),
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) units: usize,
    pub(super) views: Vec<View>,
}

/// A matrix seen as a list of units, each with one number for every dimension on the other side.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) role: String,
    pub(super) tensor: usize,
    pub(super) units_are_rows: bool,
    /// The first unit, where two matrices are fused into one.
    pub(super) offset: usize,
}

pub(super) fn anatomy(tensors: &[Tensor], readable: impl Fn(usize) -> bool) -> Anatomy {
    let mut found = Anatomy {
        is_adapter: tensors.iter().any(|tensor| tensor.name.contains("lora_") || tensor.name.contains(".lora.")),
        ..Anatomy::default()
    };
    let mut matrices: Vec<Matrix> = Vec::new();
    let (mut unreadable, mut stacked) = (0, 0);
    for (at, tensor) in tensors.iter().enumerate() {
        match *tensor.shape.as_slice() {
            [rows, columns] if rows > 1 && columns > 1 => {
                match (readable(at), usize::try_from(rows), usize::try_from(columns)) {
                    (true, Ok(rows), Ok(columns)) => matrices.push(Matrix::new(at, &tensor.name, rows, columns)),
                    _ => unreadable += 1,
                }
            }
            [_, _, _] => stacked += 1,
            _ => {}
        }
    }
    if unreadable > 0 {
        found.skipped.push(format!("{unreadable} matrices of packed or unknown numbers"));
    }
    if stacked > 0 {
        found.skipped.push(format!("{stacked} tensors of three dimensions"));
    }
    let Some(width) = width(&matrices) else { return found };
    found.width = width;
    matrices.retain(|matrix| matrix.rows == width || matrix.columns == width);
    found.tables(&matrices);
    let mut layers: BTreeMap<BlockKey, Vec<&Matrix>> = BTreeMap::new();
    for matrix in &matrices {
        if let Some(key) = &matrix.block {
            layers.entry(key.clone()).or_default().push(matrix);
        }
    }
    for (key, matrices) in layers {
        if let Some(block) = block(width, &matrices) {
            found.gated |= block.views.len() > 2;
            found.blocks.insert(key, block);
        }
    }
    found
}

/// The side that most matrices have; of two equally common ones the one that tables outside the layers have, then the
/// smaller.
fn width(matrices: &[Matrix]) -> Option<usize> {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for matrix in matrices {
        for side in BTreeSet::from([matrix.rows, matrix.columns]) {
            let count = counts.entry(side).or_default();
            count.0 += 1;
            count.1 += usize::from(matrix.block.is_none());
        }
    }
    counts.into_iter().max_by_key(|&(side, count)| (count, std::cmp::Reverse(side))).map(|(side, _)| side)
}

impl Anatomy {
    /// The tables over the vocabulary: the longest outside the layers that is not one of positions.
    fn tables(&mut self, matrices: &[Matrix]) {
        let width = self.width;
        let outside = matrices.iter().filter(|matrix| matrix.block.is_none());
        let (positions, outside): (Vec<&Matrix>, Vec<&Matrix>) = outside.partition(|matrix| matrix.has(POSITION_WORDS));
        if !positions.is_empty() {
            self.skipped.push("tables of positions: they may be computed, and are then the same in strangers".into());
        }
        let named: Vec<&Matrix> = outside.iter().copied().filter(|matrix| matrix.has(TOKEN_WORDS)).collect();
        let tables = if named.is_empty() { outside } else { named };
        let Some(vocabulary) = tables.iter().map(|matrix| matrix.other(width)).max() else { return };
        self.vocabulary = vocabulary;
        for matrix in tables.into_iter().filter(|matrix| matrix.other(width) == vocabulary) {
            let role = if matrix.has(OUTPUT_WORDS) { "unembedding" } else { "embedding" };
            // A square table has tokens as rows, as all libraries store it.
            let units_are_rows = matrix.columns != width;
            if self.tables.iter().all(|table| table.role != role) {
                self.tables.push(View { role: role.into(), tensor: matrix.tensor, units_are_rows, offset: 0 });
            }
        }
        self.tables.sort_by(|left, right| left.role.cmp(&right.role));
    }
}

/// The perceptron of a layer: the matrices between the width and one other side, which is the number of units.
fn block(width: usize, matrices: &[&Matrix]) -> Option<Block> {
    let perceptron: Vec<&Matrix> = matrices.iter().copied().filter(|matrix| matrix.has(UNIT_WORDS)).collect();
    let unknown = matrices.iter().copied().filter(|matrix| !matrix.has(UNIT_WORDS) && !matrix.has(ATTENTION_WORDS));
    let named = !perceptron.is_empty();
    let candidates: Vec<&Matrix> = perceptron.into_iter().chain(unknown).collect();
    // Units by how many matrices have so many; fused ones hold two of each.
    let mut counts: BTreeMap<usize, (bool, usize)> = BTreeMap::new();
    for matrix in &candidates {
        let count = counts.entry(matrix.other(width)).or_default();
        count.0 |= named && matrix.has(UNIT_WORDS);
        count.1 += 1;
    }
    let best = counts.iter().max_by_key(|&(&units, &(hinted, count))| {
        let fused = usize::from(counts.contains_key(&(2 * units)));
        (hinted, units != width, count + fused, units)
    });
    let (&units, _) = best?;
    let mut views = Vec::new();
    for matrix in &candidates {
        let other = matrix.other(width);
        let units_are_rows =
            if matrix.rows == matrix.columns { !matrix.has(DOWN_WORDS) } else { matrix.columns == width };
        let view = |role: &str, offset| View { role: role.into(), tensor: matrix.tensor, units_are_rows, offset };
        if other == units {
            views.push(view(&matrix.path, 0));
        } else if other == 2 * units && named && matrix.has(UNIT_WORDS) {
            views.push(view(&format!("{} first half", matrix.path), 0));
            views.push(view(&format!("{} second half", matrix.path), units));
        }
    }
    views.sort_by(|left, right| left.role.cmp(&right.role));
    roles(&mut views);
    views.truncate(MOST_VIEWS);
    (!views.is_empty()).then_some(Block { units, views })
}

/// Common names for what the shapes leave no doubt about: of three matrices the one that lies the other way leads back.
fn roles(views: &mut [View]) {
    let rows = views.iter().filter(|view| view.units_are_rows).count();
    if (views.len(), rows) == (2, 1) {
        // Either way of storing: told apart by the path, and the same in both models that are compared.
        let back = views.iter().position(|view| words(&view.role).any(|word| DOWN_WORDS.contains(&word.as_str())));
        let back = back.unwrap_or(1);
        for (at, view) in views.iter_mut().enumerate() {
            view.role = if at == back { "out" } else { "in" }.into();
        }
    } else if views.len() == 3 && (rows == 1 || rows == 2) {
        let mut forth = 0;
        let gate = views.iter().position(|view| words(&view.role).any(|word| word == "gate" || word == "w1"));
        for (at, view) in views.iter_mut().enumerate() {
            view.role = if view.units_are_rows == (rows == 1) {
                "out"
            } else {
                forth += 1;
                if gate.map_or(forth == 1, |gate| gate == at) { "gate" } else { "in" }
            }
            .into();
        }
    }
}

#[derive(Debug)]
struct Matrix {
    tensor: usize,
    rows: usize,
    columns: usize,
    block: Option<BlockKey>,
    /// The name without the layer.
    path: String,
}

impl Matrix {
    fn new(tensor: usize, name: &str, rows: usize, columns: usize) -> Self {
        let (block, path) = place(name).map_or_else(|| (None, name.to_owned()), |(key, path)| (Some(key), path));
        Self { tensor, rows, columns, block, path }
    }

    fn other(&self, width: usize) -> usize {
        if self.columns == width { self.rows } else { self.columns }
    }

    fn has(&self, list: &[&str]) -> bool {
        words(&self.path).any(|word| list.contains(&word.as_str()))
    }
}

/// `model.layers`, 17 and `mlp.up_proj.weight` of `model.layers.17.mlp.up_proj.weight`.
fn place(name: &str) -> Option<(BlockKey, String)> {
    let parts: Vec<&str> = name.split(['.', '/']).collect();
    let number = |part: &str| -> Option<u64> {
        let digits = part.trim_start_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
        let stem = part[..part.len() - digits.len()].trim_end_matches('_').to_ascii_lowercase();
        (stem.is_empty() || STACK_WORDS.contains(&stem.as_str())).then(|| digits.parse().ok())?
    };
    let (at, layer) = parts.iter().enumerate().find_map(|(at, part)| Some((at, number(part)?)))?;
    let rest = &parts[at + 1..];
    let expert = rest.iter().position(|part| part.starts_with("expert"));
    let expert = expert.and_then(|at| rest.get(at + 1)?.parse().ok());
    let shared = rest.iter().any(|part| part.contains("shared_expert"));
    Some((BlockKey { stack: parts[..at].join("."), layer, expert: (shared, expert) }, rest.join(".")))
}

/// The words of a path in lower case, both as they stand between dots and as they stand between underscores.
fn words(path: &str) -> impl Iterator<Item = String> {
    path.split(['.', '/']).flat_map(|part| std::iter::once(part).chain(part.split('_'))).map(str::to_ascii_lowercase)
}

/// Matrices of one block; perceptrons have two or three.
const MOST_VIEWS: usize = 4;

const STACK_WORDS: &[&str] = &["layer", "layers", "block", "blocks", "blk", "h"];
const POSITION_WORDS: &[&str] =
    &["position", "positions", "positional", "pos", "wpe", "rotary", "type", "segment", "relative"];
const TOKEN_WORDS: &[&str] = &[
    "embed",
    "embedding",
    "embeddings",
    "embd",
    "emb",
    "wte",
    "tok",
    "token",
    "tokens",
    "word",
    "vocab",
    "vocabulary",
    "shared",
    "head",
    "lm_head",
    "unembed",
    "unembedding",
    "output",
    "wu",
    "we",
];
const OUTPUT_WORDS: &[&str] =
    &["head", "unembed", "unembedding", "output", "out", "logits", "classifier", "wu", "decoder"];
const UNIT_WORDS: &[&str] = &[
    "mlp",
    "ffn",
    "ff",
    "feed",
    "forward",
    "feedforward",
    "fc",
    "fc1",
    "fc2",
    "w1",
    "w2",
    "w3",
    "wi",
    "gate",
    "up",
    "down",
    "experts",
    "intermediate",
    "linear1",
    "linear2",
    "lin1",
    "lin2",
    "densereludense",
    "4h",
    "moe",
    "hidden",
];
const ATTENTION_WORDS: &[&str] = &[
    "attn",
    "attention",
    "attentions",
    "q",
    "k",
    "v",
    "o",
    "qkv",
    "query",
    "key",
    "value",
    "wq",
    "wk",
    "wv",
    "router",
    "mixer",
];
const DOWN_WORDS: &[&str] =
    &["down", "w2", "fc2", "wo", "linear2", "lin2", "c_proj", "dense_4h_to_h", "output", "out", "fc_out"];

#[cfg(test)]
mod tests {
    use super::{Anatomy, BlockKey, anatomy};
    use crate::Tensor;

    fn read(tensors: &[(&str, [u64; 2])]) -> Anatomy {
        let of = |&(name, shape): &(&str, [u64; 2])| Tensor {
            name: name.into(),
            kind: "F32".into(),
            shape: shape.to_vec(),
            begin: 0,
            end: 0,
        };
        anatomy(&tensors.iter().map(of).collect::<Vec<_>>(), |_| true)
    }

    fn told(found: &Anatomy) -> Vec<(usize, Vec<(&str, bool)>)> {
        let views = |block: &'_ super::Block| block.units;
        found
            .blocks
            .values()
            .map(|block| {
                (views(block), block.views.iter().map(|view| (view.role.as_str(), view.units_are_rows)).collect())
            })
            .collect()
    }

    #[test]
    fn layouts_are_told_by_their_shapes() {
        let llama = read(&[
            ("model.embed_tokens.weight", [256, 64]),
            ("lm_head.weight", [256, 64]),
            ("model.layers.0.self_attn.k_proj.weight", [16, 64]),
            ("model.layers.0.self_attn.q_proj.weight", [64, 64]),
            ("model.layers.0.mlp.gate_proj.weight", [160, 64]),
            ("model.layers.0.mlp.up_proj.weight", [160, 64]),
            ("model.layers.0.mlp.down_proj.weight", [64, 160]),
        ]);
        assert_eq!((llama.width, llama.vocabulary, llama.tables.len()), (64, 256, 2));
        assert_eq!(told(&llama), [(160, vec![("out", false), ("gate", true), ("in", true)])]);
        let gpt2 = read(&[
            ("wte.weight", [256, 64]),
            ("wpe.weight", [512, 64]),
            ("h.1.attn.c_attn.weight", [64, 192]),
            ("h.1.attn.c_proj.weight", [64, 64]),
            ("h.1.mlp.c_fc.weight", [64, 256]),
            ("h.1.mlp.c_proj.weight", [256, 64]),
        ]);
        assert_eq!((gpt2.width, gpt2.vocabulary, gpt2.tables.len()), (64, 256, 1));
        assert_eq!(told(&gpt2), [(256, vec![("in", false), ("out", true)])]);
        let own = read(&[
            ("table", [100, 32]),
            ("layers.0.a", [96, 32]),
            ("layers.0.b", [32, 32]),
            ("layers.0.mlp.0.weight", [128, 32]),
            ("layers.0.mlp.2.weight", [32, 128]),
        ]);
        assert_eq!(told(&own), [(128, vec![("in", true), ("out", false)])]);
        let nameless = read(&[
            ("table", [100, 32]),
            ("layers.0.a", [96, 32]),
            ("layers.0.b", [32, 32]),
            ("layers.0.c", [128, 32]),
            ("layers.0.d", [32, 128]),
        ]);
        assert_eq!(told(&nameless), [(128, vec![("in", true), ("out", false)])]);
        let fused = read(&[
            ("model.embed_tokens.weight", [100, 32]),
            ("model.layers.0.mlp.gate_up_proj.weight", [256, 32]),
            ("model.layers.0.mlp.down_proj.weight", [32, 128]),
        ]);
        assert_eq!(told(&fused), [(128, vec![("out", false), ("gate", true), ("in", true)])]);
    }

    #[test]
    fn experts_and_stacks_are_kept_apart() {
        let mixture = read(&[
            ("embed.weight", [100, 32]),
            ("layers.4.moe.experts.7.w1.weight", [48, 32]),
            ("layers.4.moe.experts.7.w2.weight", [32, 48]),
            ("layers.4.moe.gate.weight", [8, 32]),
            ("encoder/block_2/ff/wi", [32, 64]),
        ]);
        let keys: Vec<&BlockKey> = mixture.blocks.keys().collect();
        assert_eq!(keys[0], &BlockKey { stack: "encoder".into(), layer: 2, expert: (false, None) });
        assert!(keys.iter().any(|key| key.expert == (false, Some(7)) && key.layer == 4));
    }
}
