//! A sentence with its place, and what rules read from it.

use stillwatch_lineage::{EdgeKind, NodeKind, NodeRef};

use super::block::Block;
use super::word::Word;

/// Something that a sentence says of the subject.
pub(super) struct Said {
    pub(super) edge: EdgeKind,
    pub(super) object: NodeRef,
    pub(super) denied: bool,
}

/// A sentence and what is known of the place where it stands.
pub(super) struct Sentence<'b> {
    pub(super) block: &'b Block,
    /// Where it begins in the block.
    pub(super) start: usize,
    pub(super) text: &'b str,
    pub(super) words: Vec<Word<'b>>,
    /// What the document is about.
    pub(super) subject: &'b NodeRef,
    /// The innermost heading speaks of data or of training.
    pub(super) about_training: bool,
    /// The first heading of the document, which is mostly the subject's name.
    pub(super) title: Option<&'b str>,
}

impl Sentence<'_> {
    pub(super) fn is_of_data(&self) -> bool {
        matches!(self.subject.kind, NodeKind::DataSet | NodeKind::Outputs)
    }
}
