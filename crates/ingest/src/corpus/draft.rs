use std::ops::Range;

use stillwatch_core::Author;

use super::fields::{Part, Want};

/// What has been found in a record. Used again for the next one.
#[derive(Default)]
pub(crate) struct Draft<'b> {
    /// Text that does not stand in the block as it is: unescaped or joined.
    pub(crate) made: String,
    pub(crate) turns: Vec<Turn<'b>>,
    slots: [Slot<'b>; PARTS.len()],
    pub(crate) role: Option<Role>,
    /// Turns were written as `from` and `value`.
    pub(crate) from: bool,
    /// Texts that gave way to others of the same use.
    pub(crate) lost: Vec<Want>,
}

#[derive(Clone, Default)]
struct Slot<'b> {
    rank: u8,
    value: Value<'b>,
}

/// A text of the record.
#[derive(Clone)]
pub(crate) enum Piece<'b> {
    Given(&'b str),
    /// A place in [`Draft::made`].
    Made(Range<usize>),
}

#[derive(Clone, Default)]
pub(crate) enum Value<'b> {
    #[default]
    Absent,
    Text(Piece<'b>),
    /// A place in [`Draft::turns`].
    Turns(Range<usize>),
}

#[derive(Clone)]
pub(crate) struct Turn<'b> {
    pub(crate) role: Option<Role>,
    pub(crate) text: Piece<'b>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    System,
    Person,
    Model,
    Tool,
    Other,
}

impl Default for Piece<'_> {
    fn default() -> Self {
        Self::Given("")
    }
}

impl<'b> Draft<'b> {
    /// An empty one that writes into this memory.
    pub(crate) fn with(made: String) -> Self {
        Self { made, ..Self::default() }
    }

    pub(crate) fn clear(&mut self) {
        self.made.clear();
        self.turns.clear();
        self.slots.fill(Slot::default());
        (self.role, self.from) = (None, false);
        self.lost.clear();
    }

    /// Keeps a value unless a better one is there. Of equals the last is kept, as JSON readers do.
    pub(crate) fn put(&mut self, want: Want, value: Value<'b>) {
        if want.part == Part::Role {
            if let Value::Text(piece) = &value {
                self.role = Some(Role::of(self.text(piece)));
            }
            return;
        }
        if self.is_empty(&value) {
            return;
        }
        let want = if want.part == Part::Mapping { Want { part: Part::Chat, ..want } } else { want };
        let slot = &mut self.slots[want.part as usize];
        let taken = !matches!(slot.value, Value::Absent);
        if taken && want.rank != slot.rank && !matches!(want.part, Part::Source | Part::System) {
            self.lost.push(Want { rank: want.rank.max(slot.rank), ..want });
        }
        if !taken || want.rank <= slot.rank {
            *slot = Slot { rank: want.rank, value };
        }
    }

    pub(crate) fn value(&self, part: Part) -> &Value<'b> {
        &self.slots[part as usize].value
    }

    /// The text of a part that is one piece.
    pub(crate) fn piece(&self, part: Part) -> Option<&str> {
        match self.value(part) {
            Value::Text(piece) => Some(self.text(piece)),
            _ => None,
        }
    }

    pub(crate) fn turns(&self, part: Part) -> Range<usize> {
        match self.value(part) {
            Value::Turns(range) => range.clone(),
            _ => 0..0,
        }
    }

    /// Whether these are turns of which some have a role, so that text which holds them is a chat written down.
    pub(crate) fn is_talk(&self, value: &Value<'b>) -> bool {
        let Value::Turns(range) = value else { return false };
        self.turns.get(range.clone()).unwrap_or_default().iter().any(|turn| turn.role.is_some())
    }

    pub(crate) fn has(&self, part: Part) -> bool {
        !matches!(self.value(part), Value::Absent)
    }

    pub(crate) fn text<'d>(&'d self, piece: &'d Piece<'b>) -> &'d str {
        match piece {
            Piece::Given(text) => text,
            Piece::Made(range) => self.made.get(range.clone()).unwrap_or_default(),
        }
    }

    /// Copies a text that will not stay.
    pub(crate) fn make(&mut self, text: &str) -> Piece<'b> {
        let start = self.made.len();
        self.made.push_str(text);
        Piece::Made(start..self.made.len())
    }

    /// Takes over what another draft has found, whose text will not stay.
    pub(crate) fn absorb(&mut self, other: &Draft<'_>) {
        for (part, slot) in PARTS.into_iter().zip(&other.slots) {
            let value = match &slot.value {
                Value::Absent => continue,
                Value::Text(piece) => Value::Text(self.make(other.text(piece))),
                Value::Turns(range) => {
                    let start = self.turns.len();
                    for turn in other.turns.get(range.clone()).unwrap_or_default() {
                        let text = self.make(other.text(&turn.text));
                        self.turns.push(Turn { role: turn.role, text });
                    }
                    Value::Turns(start..self.turns.len())
                }
            };
            self.put(Want { part, rank: slot.rank }, value);
        }
        self.from |= other.from;
        self.role = other.role.or(self.role);
    }

    fn is_empty(&self, value: &Value<'b>) -> bool {
        match value {
            Value::Absent => true,
            Value::Text(piece) => self.text(piece).is_empty(),
            Value::Turns(range) => range.is_empty(),
        }
    }
}

impl Role {
    /// What the roles of the common formats are.
    pub(crate) fn of(name: &str) -> Self {
        const ROLES: [(Role, &[&str]); 4] = [
            (Role::Model, &["assistant", "gpt", "model", "chatgpt", "bing", "bard", "claude", "bot", "ai", "gemini"]),
            (Role::Person, &["user", "human", "prompter", "person", "customer", "client", "question", "instruction"]),
            (Role::System, &["system", "developer"]),
            (
                Role::Tool,
                &["tool", "function", "observation", "function_call", "tool_call", "tool_response", "ipython"],
            ),
        ];
        let found = ROLES.iter().find(|(_, names)| names.iter().any(|known| name.eq_ignore_ascii_case(known)));
        found.map_or(Self::Other, |(role, _)| *role)
    }

    pub(crate) fn author(self) -> Author {
        match self {
            Self::Model => Author::Model,
            Self::Person => Author::Person,
            Self::System | Self::Tool | Self::Other => Author::Unknown,
        }
    }
}

/// In the order of their declaration; the role has a place of its own, and messages by their id are a chat.
const PARTS: [Part; 13] = [
    Part::Text,
    Part::Answer,
    Part::Prompt,
    Part::Input,
    Part::System,
    Part::Source,
    Part::Chat,
    Part::Choices,
    Part::Chosen,
    Part::Rejected,
    Part::Role,
    Part::Thought,
    Part::History,
];
