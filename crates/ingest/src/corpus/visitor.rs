use std::ops::Range;

use stillwatch_core::{Author, Document};

use super::draft::{Draft, Role};
use super::fields::{CorpusPlan, Part};
use super::row_place::RowPlace;
use super::tally::{CorpusTally, Shape};

/// Visits the documents of a record.
pub(crate) struct DocumentVisitor<'t> {
    pub(crate) plan: &'t CorpusPlan,
    pub(crate) row: u64,
    pub(crate) tally: &'t mut CorpusTally,
    pub(crate) visit: &'t mut dyn FnMut(RowPlace, &Document<'_>),
    pub(crate) told: u64,
}

/// What has been said so far in a record. A single text is borrowed, several are joined.
struct History<'d> {
    joined: &'d mut String,
    single: Option<&'d str>,
}

impl<'d> History<'d> {
    fn push(&mut self, text: &'d str, between: &str) {
        if text.is_empty() {
            return;
        }
        match self.single.take() {
            None if self.joined.is_empty() => {
                self.single = Some(text);
                return;
            }
            None => {}
            Some(first) => self.joined.push_str(first),
        }
        self.joined.push_str(between);
        self.joined.push_str(text);
    }

    /// The end of it, as far as it says what the next text answers.
    fn prompt(&self) -> Option<&str> {
        let text = self.single.unwrap_or(self.joined);
        let from = text.ceil_char_boundary(text.len().saturating_sub(PROMPT_BYTES));
        (!text.is_empty()).then(|| &text[from..])
    }

    /// Back to what it was, when nothing had been joined then.
    fn reset(&mut self, length: usize, single: Option<&'d str>) {
        self.joined.truncate(length);
        self.single = single;
    }
}

const PROMPT_BYTES: usize = 64 << 10;

impl DocumentVisitor<'_> {
    /// Visits what the draft holds; `joined` is scratch. Returns what the record was recognised as.
    pub(crate) fn tell(&mut self, draft: &Draft<'_>, joined: &mut String) -> Shape {
        joined.clear();
        let mut history = History { joined, single: None };
        let mut system = draft.piece(Part::System);
        let first = self.earlier(draft, &mut history, &mut system);
        // A prompt that holds answers, and nothing beside it, is the conversation.
        let tree = draft.turns(Part::Prompt);
        let answered = draft.turns[tree.clone()].iter().any(|turn| turn.role == Some(Role::Model));
        if answered && ![Part::Answer, Part::Chat, Part::Chosen, Part::Choices].iter().any(|part| draft.has(*part)) {
            self.chat(draft, tree, 0..0, first, Author::Unknown, &mut history, &mut system);
            return Shape::Messages;
        }
        let prompted = prompt(draft, &mut history, &mut system);
        let first = if draft.has(Part::Thought) {
            self.part(draft, Part::Thought, 0..0, first, &mut history, system)
        } else {
            first
        };
        if draft.has(Part::Chosen) || draft.has(Part::Rejected) {
            let mark = (history.joined.len(), history.single);
            let chosen = draft.turns(Part::Chosen);
            let next = self.part(draft, Part::Chosen, 0..0, first, &mut history, system);
            history.reset(mark.0, mark.1);
            self.part(draft, Part::Rejected, chosen, next.max(first + 1), &mut history, system);
            return Shape::Preference;
        }
        let chat = draft.turns(Part::Chat);
        if !chat.is_empty() || draft.has(Part::Choices) {
            let next = self.chat(draft, chat, 0..0, first, Author::Unknown, &mut history, &mut system);
            self.part(draft, Part::Choices, 0..0, next, &mut history, system);
            return if draft.from { Shape::Conversation } else { Shape::Messages };
        }
        // Beside a prompt and its answer, a text is both in one.
        let part = match (draft.has(Part::Text), draft.has(Part::Answer)) {
            (true, true) if prompted => Part::Answer,
            (false, true) => Part::Answer,
            // A chat written down in some way of its own.
            (false, false) if draft.has(Part::Chat) => Part::Chat,
            _ => Part::Text,
        };
        let single = history.single;
        let mark = history.joined.len();
        let mut next = self.part(draft, part, 0..0, first, &mut history, system);
        history.reset(mark, single);
        // A text and an answer beside each other, of which neither holds the other, are both read.
        let other = if part == Part::Answer { Part::Text } else { Part::Answer };
        if let (Some(told), Some(text)) = (draft.piece(part), draft.piece(other))
            && matches!(part, Part::Answer | Part::Text)
            && !told.contains(text)
            && !text.contains(told)
        {
            next = self.part(draft, other, 0..0, next, &mut history, system);
            history.reset(mark, single);
        }
        if prompted
            && self.plan.people
            && let Some(text) = history.prompt()
        {
            let source = draft.piece(Part::Source);
            self.say(next, Document { text, author: Author::Person, prompt: None, system, source });
        }
        match part {
            Part::Answer if draft.has(Part::Prompt) && draft.has(Part::Input) => Shape::Instruction,
            _ if prompted => Shape::Answer,
            _ => Shape::Field,
        }
    }

    /// Questions and answers from before the prompt, in turn.
    fn earlier<'d>(&mut self, draft: &'d Draft<'_>, history: &mut History<'d>, system: &mut Option<&'d str>) -> u32 {
        let source = draft.piece(Part::Source);
        let mut number = 0;
        for (at, turn) in draft.turns[draft.turns(Part::History)].iter().enumerate() {
            let text = draft.text(&turn.text);
            let role = turn.role.unwrap_or(if at.is_multiple_of(2) { Role::Person } else { Role::Model });
            let author = role.author();
            if author == Author::Model || self.plan.people {
                self.say(number, Document { text, author, prompt: history.prompt(), system: *system, source });
            }
            history.push(text, "\n");
            number = number.saturating_add(1);
        }
        number
    }

    /// One part of the record: a text, or turns. Returns the number after its last turn.
    fn part<'d>(
        &mut self,
        draft: &'d Draft<'_>,
        part: Part,
        known: Range<usize>,
        first: u32,
        history: &mut History<'d>,
        mut system: Option<&'d str>,
    ) -> u32 {
        let answers = draft.has(Part::Prompt);
        let mut author = self.plan.author(part, answers);
        if let Some(text) = draft.piece(part) {
            match draft.role.filter(|_| part == Part::Text) {
                Some(Role::Person) if !self.plan.people => return first,
                Some(Role::System | Role::Tool) => return first,
                Some(role) => author = role.author(),
                None => {}
            }
            let source = draft.piece(Part::Source);
            let known = draft.piece(Part::Chosen).filter(|_| part == Part::Rejected);
            if let Some(next) = self.transcript(text, known, first, history, system, source) {
                return next;
            }
            self.say(first, Document { text, author, prompt: history.prompt(), system, source });
            return first + 1;
        }
        let turns = draft.turns(part);
        self.chat(draft, turns, known, first, author, history, &mut system)
    }

    /// A conversation that is written down as one text, such as those of hh-rlhf. `None` of any other text.
    fn transcript<'d>(
        &mut self,
        text: &'d str,
        known: Option<&str>,
        first: u32,
        history: &mut History<'d>,
        system: Option<&'d str>,
        source: Option<&'d str>,
    ) -> Option<u32> {
        let marks = MARKS.iter().find(|marks| is_transcript(text, marks))?;
        let known: Vec<(Role, &str)> = known.map(|known| spoken(known, marks)).unwrap_or_default();
        let mut number = first;
        for (at, (role, text)) in spoken(text, marks).into_iter().enumerate() {
            let author = role.author();
            let told = known.get(at) == Some(&(role, text));
            if !told && (author == Author::Model || self.plan.people) {
                self.say(number, Document { text, author, prompt: history.prompt(), system, source });
            }
            history.push(text, "\n");
            number = number.saturating_add(1);
        }
        Some(number)
    }

    /// The turns of a chat. Those that are equal to a `known` one in the same place have been told.
    #[expect(clippy::too_many_arguments, reason = "what stands around a turn")]
    fn chat<'d>(
        &mut self,
        draft: &'d Draft<'_>,
        turns: Range<usize>,
        known: Range<usize>,
        first: u32,
        unsaid: Author,
        history: &mut History<'d>,
        system: &mut Option<&'d str>,
    ) -> u32 {
        let source = draft.piece(Part::Source);
        let beside = turns == draft.turns(Part::Choices);
        let known = &draft.turns[known];
        let mut number = first;
        for (at, turn) in draft.turns[turns].iter().enumerate() {
            let text = draft.text(&turn.text);
            let told = known.get(at).is_some_and(|known| known.role == turn.role && draft.text(&known.text) == text);
            let author = turn.role.map_or(unsaid, Role::author);
            match turn.role {
                Some(Role::System) => {
                    if !text.is_empty() {
                        *system = Some(text);
                    }
                }
                Some(Role::Tool) => history.push(text, "\n"),
                role => {
                    let wanted = self.plan.people || author != Author::Person;
                    if wanted && !told {
                        self.say(number, Document { text, author, prompt: history.prompt(), system: *system, source });
                    }
                    // Texts without a role stand side by side, and so do choices.
                    if role.is_some() && !beside {
                        history.push(text, "\n");
                    }
                }
            }
            number = number.saturating_add(1);
        }
        number
    }

    fn say(&mut self, turn: u32, document: Document<'_>) {
        if document.text.is_empty() {
            return;
        }
        self.told += 1;
        self.tally.documents += 1;
        self.tally.text_bytes += document.text.len() as u64;
        let around = document.prompt.map_or(0, str::len) + document.system.map_or(0, str::len);
        self.tally.prompt_bytes += around as u64;
        (self.visit)(RowPlace { row: self.row, turn }, &document);
    }
}

/// Puts the prompt into the history.
fn prompt<'d>(draft: &'d Draft<'_>, history: &mut History<'d>, system: &mut Option<&'d str>) -> bool {
    if let Some(prompt) = draft.piece(Part::Prompt) {
        history.push(prompt, "");
    }
    for turn in &draft.turns[draft.turns(Part::Prompt)] {
        match turn.role {
            Some(Role::System) => *system = system.or(Some(draft.text(&turn.text))),
            _ => history.push(draft.text(&turn.text), "\n"),
        }
    }
    if let Some(input) = draft.piece(Part::Input) {
        history.push(input, "\n\n");
    }
    draft.has(Part::Prompt) || draft.has(Part::Input)
}

/// How transcripts name the person and the model, at the beginning of a line.
const MARKS: [[&str; 2]; 6] = [
    ["Human:", "Assistant:"],
    ["### Human:", "### Assistant:"],
    ["USER:", "ASSISTANT:"],
    ["User:", "Assistant:"],
    ["<|im_start|>user\n", "<|im_start|>assistant\n"],
    ["<|user|>", "<|assistant|>"],
];

/// The text begins with a person's turn, and a model's follows.
fn is_transcript(text: &str, [person, model]: &[&str; 2]) -> bool {
    text.trim_ascii_start().starts_with(person) && text.match_indices(model).any(|(at, _)| begins_line(text, at))
}

fn begins_line(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches([' ', '\t']).chars().next_back().is_none_or(|c| c == '\n' || c == '>')
}

/// Who says what in a transcript.
fn spoken<'t>(text: &'t str, [person, model]: &[&str; 2]) -> Vec<(Role, &'t str)> {
    let all = [(*person, Role::Person), (*model, Role::Model)];
    let found = all.iter().flat_map(|(mark, role)| {
        text.match_indices(*mark).filter(|(at, _)| begins_line(text, *at)).map(|(at, _)| (at, mark.len(), *role))
    });
    let mut starts: Vec<(usize, usize, Role)> = found.collect();
    starts.sort_unstable_by_key(|(at, ..)| *at);
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([text.len()]);
    let turns = starts.iter().zip(ends).map(|(&(at, length, role), end)| {
        (role, text[at + length..end].trim().trim_end_matches("<|im_end|>").trim_end_matches("</s>").trim_end())
    });
    turns.collect()
}
