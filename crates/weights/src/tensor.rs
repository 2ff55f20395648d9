use std::collections::BTreeMap;

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
