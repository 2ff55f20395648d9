use stillwatch_core::Retention;

use super::json::Json;
use crate::raw::{Raw, Row};
use crate::schema::Table;

/// An exchange in the making: the canonical columns that are known so far.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    values: Vec<(&'static str, Raw<'static>)>,
    /// Parts of a text that the source cut apart, to be put together when all are there.
    pub(crate) pieces: Vec<Piece>,
    /// A user that stands for whoever has none.
    built_in: Option<String>,
    /// A time that could not be read: its row is told as such and not as one without a time.
    unread_time: Option<Raw<'static>>,
    /// The act of which this is one attempt, where the source has an id for it other than the request's.
    pub(crate) act: Option<String>,
}

/// A part of a cut text.
#[derive(Clone)]
pub(crate) struct Piece {
    pub(crate) column: &'static str,
    pub(crate) sequence: i64,
    pub(crate) part: Json,
}

impl Draft {
    /// Sets a column unless it is set; nothing does not count.
    pub(crate) fn set(&mut self, column: &'static str, value: Option<Raw<'static>>) {
        if let Some(value) = value
            && !self.has(column)
        {
            self.values.push((column, value));
        }
    }

    pub(crate) fn put(&mut self, column: &'static str, value: &Json) {
        self.set(column, value.raw());
    }

    /// A word of a name or id, which may be a number.
    pub(crate) fn word(&mut self, column: &'static str, value: Option<String>) {
        self.set(column, value.filter(|text| !text.is_empty()).map(|text| Raw::Text(text.into())));
    }

    /// Text of a prompt or an answer. What a gateway writes in place of withheld text is no text.
    pub(crate) fn text(&mut self, column: &'static str, text: String) {
        if !is_placeholder(&text) {
            self.set(column, Some(Raw::Text(text.into())));
        }
    }

    pub(crate) fn integer(&mut self, column: &'static str, value: Option<i64>) {
        self.set(column, value.map(Raw::Integer));
    }

    pub(crate) fn float(&mut self, column: &'static str, value: Option<f64>) {
        self.set(column, value.map(Raw::Float));
    }

    pub(crate) fn boolean(&mut self, column: &'static str, value: Option<bool>) {
        self.set(column, value.map(Raw::Boolean));
    }

    pub(crate) fn has(&self, column: &str) -> bool {
        self.get(column).is_some()
    }

    pub(crate) fn get(&self, column: &str) -> Option<&Raw<'static>> {
        self.values.iter().find(|(name, _)| *name == column).map(|(_, value)| value)
    }

    pub(crate) fn get_text(&self, column: &str) -> Option<&str> {
        match self.get(column)? {
            Raw::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn get_integer(&self, column: &str) -> Option<i64> {
        match self.get(column)? {
            Raw::Integer(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn take(&mut self, column: &str) -> Option<Raw<'static>> {
        let at = self.values.iter().position(|(name, _)| *name == column)?;
        Some(self.values.swap_remove(at).1)
    }

    pub(crate) fn replace(&mut self, column: &'static str, value: Raw<'static>) {
        self.take(column);
        self.values.push((column, value));
    }

    /// Fills what is missing from another draft of the same exchange.
    pub(crate) fn fill(&mut self, other: Self) {
        for (column, value) in other.values {
            self.set(column, Some(value));
        }
        self.pieces.extend(other.pieces);
        self.act = self.act.take().or(other.act);
        self.built_in = self.built_in.take().or(other.built_in);
        self.unread_time = self.unread_time.take().or(other.unread_time);
    }

    pub(crate) fn unread_time(&mut self, value: &Json) {
        if self.unread_time.is_none() {
            self.unread_time = value.raw();
        }
    }

    /// Sets the account unless the user is one that products make up.
    pub(crate) fn account(&mut self, user: Option<String>) {
        let user = user.filter(|user| !self.notes_built_in(user));
        self.word("account", user);
    }

    /// Whether a user is one that products make up; it is kept for when nobody else can be billed.
    pub(crate) fn notes_built_in(&mut self, user: &str) -> bool {
        let built_in = BUILT_IN.iter().any(|name| user.eq_ignore_ascii_case(name));
        if built_in && self.built_in.is_none() {
            self.built_in = Some(user.to_owned());
        }
        built_in
    }

    /// Whose exchange it is: where the user is a made-up one, the key is who is billed, and without a key the organisation.
    pub(crate) fn bill(&mut self) {
        if let Some(user) = self.built_in.take().filter(|_| !self.has("account")) {
            let billed = ["api_key", "organization"].iter().find_map(|column| self.get_text(column).map(str::to_owned));
            self.word("account", Some(billed.unwrap_or(user)));
        }
    }

    /// About how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let text = |value: &Raw<'_>| match value {
            Raw::Text(text) => text.len(),
            Raw::Nested(text) => text.len(),
            _ => 0,
        };
        let values: usize = self.values.iter().map(|(_, value)| VALUE_BYTES + text(value)).sum();
        // Pieces are text or lists of messages; writing them out tells their size well enough.
        let pieces: usize = self.pieces.iter().map(|piece| VALUE_BYTES + piece.part.compact().len()).sum();
        DRAFT_BYTES + values + pieces
    }

    /// The row, without any text that its retention class forbids to use.
    pub(crate) fn into_row(mut self) -> Row<'static> {
        if let Some(word) = self.get_text("retention").map(retention) {
            if Retention::parse(&word).unwrap_or(Retention::MetadataOnly) <= Retention::MetadataOnly {
                for column in TEXTS {
                    self.take(column);
                }
            }
            self.replace("retention", Raw::Text(word.into()));
        }
        let unread_time = self.unread_time.take();
        self.set("time", unread_time);
        let mut row = vec![None; Table::Exchange.columns().len()];
        for (column, value) in self.values {
            if let Some(place) = Table::Exchange.index(column) {
                row[place] = Some(value);
            }
        }
        row
    }
}

/// Users that gateways and clients write for whoever has none: the admin of LiteLLM, the anonymous consumer of Kong, the
/// defaults of clients. They are not one account.
const BUILT_IN: [&str; 14] = [
    "default_user_id",
    "default-user-id",
    "default_user",
    "default-user",
    "default",
    "anonymous",
    "anonymous_user",
    "anonymous-user",
    "anon",
    "guest",
    "unknown",
    "undefined",
    "nobody",
    "-",
];

/// What holds the words of people.
const TEXTS: [&str; 4] = ["system", "prompt", "response", "tools"];
const VALUE_BYTES: usize = 64;
const DRAFT_BYTES: usize = 160;

/// The retention class that a gateway's own word for it means.
fn retention(word: &str) -> String {
    match word.trim().to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
        "zdr" | "zero" | "zero_data_retention" | "no_content" | "metadata" => "metadata_only".into(),
        other => other.into(),
    }
}

/// Whether a text only says that there was one.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches(['[', ']', '<', '>', '*']);
    text.is_empty()
        || (text.len() <= LONGEST_PLACEHOLDER && PLACEHOLDERS.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

const PLACEHOLDERS: [&str; 5] = ["redacted", "redacted-by-litellm", "masked", "omitted", "content removed"];
const LONGEST_PLACEHOLDER: usize = 32;

#[cfg(test)]
mod tests {
    use super::Draft;
    use crate::raw::Raw;
    use crate::schema::Table;

    #[test]
    fn the_first_value_stays_and_withheld_text_is_none() {
        let mut draft = Draft::default();
        draft.text("prompt", "[REDACTED]".into());
        draft.integer("n", Some(2));
        draft.integer("n", Some(3));
        assert!(!draft.has("prompt"));
        assert_eq!(draft.get_integer("n"), Some(2));
    }

    #[test]
    fn a_retention_class_takes_the_text_along() {
        for (word, kept) in
            [("full", true), ("fingerprint_only", true), ("ZDR", false), ("none", false), ("odd", false)]
        {
            let mut draft = Draft::default();
            draft.text("prompt", "words".into());
            draft.set("retention", Some(Raw::Text(word.into())));
            let row = draft.into_row();
            assert_eq!(row[Table::Exchange.index("prompt").unwrap()].is_some(), kept, "{word}");
        }
    }
}
