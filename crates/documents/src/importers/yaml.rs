//! A bounded YAML reader for front matter. Events, no tree of the library: aliases are refused before anything is
//! copied, so that a document of nine lines cannot become a billion nodes.

use saphyr_parser::{Event, Parser, ScalarStyle};
use stillwatch_core::{Limits, Severity, shown};
use stillwatch_lineage::Draft;

/// Bytes of front matter that are read. The largest of the Hub (result lists of embedding models) have about 0.5 MB.
const MOST_BYTES: usize = 4 << 20;
/// Front matter of cards has four levels.
const MOST_DEPTH: usize = 32;

/// A value and the line it begins on, counted from one within the YAML text.
#[derive(Debug)]
pub(super) struct Yaml {
    pub(super) line: usize,
    pub(super) value: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// `plain`: without quotes, so that `null` and `true` mean what they say.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Yaml>),
    /// In the order of the document, equal keys included.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// The value of a key; of two equal keys the last.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    pub(super) fn entries(&self) -> &[(String, Self)] {
        match &self.value {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list, or the value itself: for fields that are "one or many".
    pub(super) fn each(&self) -> impl Iterator<Item = &Self> {
        let (one, many) = match &self.value {
            Kind::List(items) => (None, items.as_slice()),
            _ => (Some(self), [].as_slice()),
        };
        one.into_iter().chain(many)
    }

    /// The text of a scalar that is not null or blank.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Kind::Scalar { text, plain } => {
                let null = *plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
                Some(text.trim()).filter(|text| !null && !text.is_empty())
            }
            _ => None,
        }
    }

    pub(super) fn kind_name(&self) -> &'static str {
        match self.value {
            Kind::Scalar { .. } => "a scalar",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// What is open while events come in.
enum Open {
    List(usize, Vec<Yaml>),
    /// A map, its entries and the key that waits for its value.
    Map(usize, Vec<(String, Yaml)>, Option<String>),
}

/// Reads the first document of a text. What was read before a mistake is kept; `line` is the line of the file on which
/// the text begins.
pub(super) fn read(text: &str, line: usize, draft: &mut Draft) -> Option<Yaml> {
    let limits: Limits = *draft.limits();
    let mut text = text;
    if text.len() > MOST_BYTES {
        let message = format!("{} bytes of front matter, of which {MOST_BYTES} are read", text.len());
        draft.tell(Severity::Error, format!("line {line}"), "too-large", message);
        text = &text[..text.floor_char_boundary(MOST_BYTES)];
    }
    let depth = limits.depth.min(MOST_DEPTH);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut values = 0_usize;
    // How many collections beyond the depth are open: their inside is skipped.
    let mut skipped = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = line + error.marker().line().saturating_sub(1);
                draft.tell(Severity::Error, format!("line {at}"), "yaml", shown(error.info()));
                break;
            }
        };
        let here = line + span.start.line().saturating_sub(1);
        let begins = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
        let ends = matches!(event, Event::SequenceEnd | Event::MappingEnd);
        if skipped > 0 {
            skipped = skipped + usize::from(begins) - usize::from(ends);
            continue;
        }
        values += 1;
        if values > limits.values {
            draft.tell(Severity::Error, format!("line {here}"), "too-many", "more values than may be read");
            break;
        }
        let finished = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= depth => {
                draft.tell(Severity::Error, format!("line {here}"), "too-deep", format!("deeper than {depth} levels"));
                skipped = 1;
                Some(scalar(here, String::new(), true))
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(here, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(here, Vec::new(), None));
                None
            }
            Event::Scalar(text, style, ..) => {
                Some(scalar(here, text.into_owned(), matches!(style, ScalarStyle::Plain)))
            }
            Event::Alias(_) => {
                draft.tell(Severity::Error, format!("line {here}"), "alias", "aliases are not followed");
                Some(scalar(here, String::new(), true))
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(closed),
            Event::DocumentEnd => break,
            _ => None,
        };
        if let Some(finished) = finished {
            place(finished, &mut open, &mut root, draft);
        }
    }
    // A mistake leaves collections open: what they hold is kept.
    while let Some(last) = open.pop() {
        place(closed(last), &mut open, &mut root, draft);
    }
    root
}

fn scalar(line: usize, text: String, plain: bool) -> Yaml {
    Yaml { line, value: Kind::Scalar { text, plain } }
}

fn closed(open: Open) -> Yaml {
    match open {
        Open::List(line, items) => Yaml { line, value: Kind::List(items) },
        Open::Map(line, entries, _) => Yaml { line, value: Kind::Map(entries) },
    }
}

fn place(value: Yaml, open: &mut [Open], root: &mut Option<Yaml>, draft: &mut Draft) {
    match open.last_mut() {
        None => *root = Some(value),
        Some(Open::List(_, items)) => items.push(value),
        Some(Open::Map(_, entries, key)) => match (key.take(), value) {
            (Some(key), value) => {
                if entries.len() < 1_000 && entries.iter().any(|(own, _)| *own == key) {
                    let message = format!("`{}` stands here twice", shown(&key));
                    draft.tell(Severity::Warning, format!("line {}", value.line), "duplicate-key", message);
                }
                entries.push((key, value));
            }
            (None, Yaml { value: Kind::Scalar { text, .. }, .. }) => *key = Some(text),
            (None, value) => {
                let message = format!("a key is {}", value.kind_name());
                draft.tell(Severity::Error, format!("line {}", value.line), "key", message);
                *key = Some(String::new());
            }
        },
    }
}
