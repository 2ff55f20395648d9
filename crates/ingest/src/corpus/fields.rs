use rustc_hash::FxHashMap;
use stillwatch_core::Author;

use super::options::CorpusOptions;
use crate::IngestError;
use crate::map::split;

/// The options worked out: which names lead to what.
#[derive(Clone, Debug)]
pub struct CorpusPlan {
    pub(crate) root: Node,
    pub(crate) people: bool,
    /// The text was named, so nothing else is taken for one.
    pub(crate) named: bool,
}

/// A place in a record: what is wanted of it, and the names below.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) want: Option<Want>,
    /// An object here is read as if it were the record.
    pub(crate) record: bool,
    pub(crate) children: FxHashMap<Box<str>, Node>,
}

/// What is wanted of a place. Of several places for one thing, that of the lowest rank is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Want {
    pub(crate) part: Part,
    pub(crate) rank: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A text that nobody says who wrote.
    Text,
    /// A model's answer.
    Answer,
    Prompt,
    /// What belongs to an instruction, or a prompt if there is none.
    Input,
    System,
    Source,
    Chat,
    /// Several answers to one prompt.
    Choices,
    Chosen,
    Rejected,
    /// Who wrote the text.
    Role,
    /// What a model wrote before its answer.
    Thought,
    /// Earlier questions and answers, in turn (LLaMA-Factory).
    History,
    /// Messages by their id (exports of ChatGPT).
    Mapping,
}

const TEXTS: [&str; 2] = ["text", "content"];
const ANSWERS: [&str; 14] = [
    "output",
    "response",
    "completion",
    "answer",
    "generated_text",
    "generation",
    "model_output",
    "model_response",
    "generated",
    "outputs",
    "responses",
    "generations",
    "solution",
    "generated_solution",
];
/// Several answers to one prompt (UltraFeedback, Nectar, HC3, Gemini).
const CHOICES: [&str; 7] =
    ["choices", "candidates", "completions", "answers", "chatgpt_answers", "model_answers", "model_responses"];
/// The two answers of a comparison.
const FIRST: [&str; 6] = ["chosen", "conversation_a", "response_a", "answer_a", "output_a", "response_1"];
const SECOND: [&str; 6] = ["rejected", "conversation_b", "response_b", "answer_b", "output_b", "response_2"];
const THOUGHTS: [&str; 10] = [
    "reasoning_content",
    "reasoning",
    "thinking",
    "thoughts",
    "chain_of_thought",
    "reasoning_trace",
    "thought",
    "rationale",
    "cot",
    "thinking_trajectory",
];
const PROMPTS: [&str; 8] =
    ["prompt", "instruction", "question", "query", "problem", "user_prompt", "user_message", "request"];
const SYSTEMS: [&str; 4] = ["system", "system_prompt", "system_message", "developer"];
const SOURCES: [&str; 7] = ["source", "model", "generator", "dataset", "model_name", "subset", "origin"];
const CHATS: [&str; 9] =
    ["messages", "conversations", "conversation", "dialog", "dialogue", "chat", "contents", "turns", "segments"];
/// Objects of batch files and logs around the request and the response.
const AROUND: [&str; 6] = ["body", "request", "response", "message", "data", "row"];

impl CorpusPlan {
    /// Fails when an option names no field.
    pub fn new(options: &CorpusOptions) -> Result<Self, IngestError> {
        let mut plan = Self { root: Node::default(), people: options.people, named: options.text.is_some() };
        let chosen = [
            (&options.text, Part::Text),
            (&options.prompt, Part::Prompt),
            (&options.source, Part::Source),
            (&options.system, Part::System),
        ];
        for (path, part) in chosen {
            if let Some(path) = path {
                let segments = split(path).ok_or_else(|| IngestError::FieldName(path.clone()))?;
                let place = segments
                    .into_iter()
                    .fold(&mut plan.root, |node, segment| node.children.entry(segment.into_boxed_str()).or_default());
                place.want.get_or_insert(Want { part, rank: 0 });
            }
        }
        if options.text.is_none() {
            plan.add(&CHATS, Part::Chat);
            plan.add(&["mapping"], Part::Mapping);
            plan.add(&["history"], Part::History);
            plan.add(&THOUGHTS, Part::Thought);
            plan.add(&CHOICES, Part::Choices);
            plan.add(&FIRST, Part::Chosen);
            plan.add(&SECOND, Part::Rejected);
            plan.add(&TEXTS, Part::Text);
            plan.add(&ANSWERS, Part::Answer);
            plan.add(&["role", "from"], Part::Role);
        }
        if options.prompt.is_none() {
            plan.add(&PROMPTS, Part::Prompt);
            plan.add(&["input"], Part::Input);
        }
        if options.system.is_none() {
            plan.add(&SYSTEMS, Part::System);
        }
        if options.source.is_none() {
            plan.add(&SOURCES, Part::Source);
        }
        for name in AROUND.into_iter().filter(|_| options.text.is_none()) {
            let node = plan.root.children.entry(name.into()).or_default();
            node.record = node.children.is_empty();
        }
        Ok(plan)
    }

    /// Looks for a part under these names, the first one first. A name that has a use keeps it.
    fn add(&mut self, names: &[&str], part: Part) {
        for (rank, name) in (0..).zip(names) {
            self.root.children.entry((*name).into()).or_default().want.get_or_insert(Want { part, rank });
        }
    }

    /// The name of the field that a want is of.
    pub(crate) fn name(&self, want: Want) -> Option<&str> {
        let named = self.root.children.iter().filter(|(_, node)| node.want == Some(want));
        named.map(|(name, _)| &**name).min()
    }

    /// Who wrote what stands in this part.
    pub(crate) fn author(&self, part: Part, answers: bool) -> Author {
        match part {
            Part::Answer | Part::Chosen | Part::Rejected | Part::Choices | Part::Thought => Author::Model,
            // Who names both says that one answers the other.
            Part::Text if self.named && answers => Author::Model,
            _ => Author::Unknown,
        }
    }
}
