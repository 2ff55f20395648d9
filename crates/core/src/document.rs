/// Who a corpus says wrote a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// The assistant's side of a conversation, or an answer, completion or output.
    Model,
    /// The user's side of a conversation, or an instruction.
    Person,
    /// Plain text: nobody says.
    #[default]
    Unknown,
}

/// One text of a training corpus and what stands around it, borrowed from a block of the corpus.
///
/// It holds text, so it implements no `Debug`.
#[derive(Clone, Copy, Default)]
pub struct Document<'a> {
    pub text: &'a str,
    pub author: Author,
    /// What the text answers: the turns before it, the instruction, the prompt.
    pub prompt: Option<&'a str>,
    pub system: Option<&'a str>,
    /// Where the corpus says that the text is from: a data set, a model, a site.
    pub source: Option<&'a str>,
}
