use rustc_hash::FxHashMap;

/// A place in the source: the columns that are read here, and the names below.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnTree {
    pub(crate) targets: Vec<usize>,
    pub(crate) children: FxHashMap<String, ColumnTree>,
}
