//! The records of a watch-list in any of its forms, each with its place.

use ::csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use crate::mistake::Mistake;

/// One record: names and values, and where it begins.
pub(super) struct Record<'a> {
    pub(super) at: usize,
    pub(super) fields: Fields<'a>,
}

pub(super) enum Fields<'a> {
    Json {
        text: &'a str,
        map: Map<String, Value>,
    },
    /// `text` is the record as it is written, without line ends around it.
    Csv {
        header: &'a [String],
        cells: &'a StringRecord,
        text: &'a str,
    },
}

/// A value of a record.
pub(super) enum Cell<'a> {
    Text(&'a str),
    /// A cell of CSV, which may be meant as any type.
    Untyped(&'a str),
    Number(f64),
    /// Anything else, by what it is called.
    Other(&'static str),
}

impl Record<'_> {
    pub(super) fn names(&self) -> Vec<&str> {
        match &self.fields {
            Fields::Json { map, .. } => map.keys().map(String::as_str).collect(),
            Fields::Csv { header, .. } => header.iter().map(String::as_str).collect(),
        }
    }

    /// A value; null and an empty cell are none.
    pub(super) fn get(&self, name: &str) -> Option<Cell<'_>> {
        match &self.fields {
            Fields::Json { map, .. } => match map.get(name)? {
                Value::Null => None,
                Value::String(text) => Some(Cell::Text(text)),
                Value::Number(number) => Some(number.as_f64().map_or(Cell::Other("a number"), Cell::Number)),
                Value::Bool(_) => Some(Cell::Other("true or false")),
                Value::Array(_) => Some(Cell::Other("a list")),
                Value::Object(_) => Some(Cell::Other("an object")),
            },
            Fields::Csv { header, cells, .. } => {
                let cell = cells.get(header.iter().position(|column| column == name)?)?;
                (!cell.trim().is_empty()).then_some(Cell::Untyped(cell))
            }
        }
    }

    /// Where a field stands; the record where it does not stand in the text.
    pub(super) fn place(&self, name: &str) -> usize {
        match &self.fields {
            Fields::Json { text, .. } => self.at + key(text, name).unwrap_or(0),
            Fields::Csv { header, text, .. } => {
                self.at + header.iter().position(|column| column == name).map_or(0, |cell| cell_place(text, cell))
            }
        }
    }
}

/// Calls `each` with every record of a text.
pub(super) fn each(text: &str, mut each: impl FnMut(Record<'_>) -> Result<(), Mistake>) -> Result<(), Mistake> {
    let start = skip(text, 0);
    match text.as_bytes().get(start) {
        None => Err(Mistake::new(0, "the watch-list is empty", "a list without indicators is {\"indicators\": []}")),
        Some(b'[') => {
            let end = array(text, start, &mut each)?;
            nothing_after(text, end)
        }
        Some(b'{') => match document(text, start) {
            Some(list) => {
                let end = skip(text, array(text, list, &mut each)?);
                match text.as_bytes().get(end) {
                    Some(b'}') => nothing_after(text, end + 1),
                    _ => Err(Mistake::new(end, "expected `}` after the list", LIST)),
                }
            }
            None => lines(text, start, &mut each),
        },
        Some(_) => csv(text, &mut each),
    }
}

const LIST: &str = "a watch-list is {\"indicators\": [{…}, {…}]} with nothing beside the list, a JSON list, one JSON \
                    object a line, or CSV with a header";

/// Where the list of `{"indicators": [` begins.
fn document(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(skip(text, start + 1)..)?.strip_prefix("\"indicators\"")?;
    let colon = skip(text, text.len() - rest.len());
    (text.as_bytes().get(colon) == Some(&b':')).then(|| skip(text, colon + 1))
}

/// Reads `[{…}, {…}]` and returns where it ends.
fn array(text: &str, start: usize, each: &mut impl FnMut(Record<'_>) -> Result<(), Mistake>) -> Result<usize, Mistake> {
    let byte = |at: usize| text.as_bytes().get(at);
    if byte(start) != Some(&b'[') {
        return Err(Mistake::new(start, "`indicators` is no list", LIST));
    }
    let mut at = skip(text, start + 1);
    if byte(at) == Some(&b']') {
        return Ok(at + 1);
    }
    loop {
        at = skip(text, object(text, at, each)?);
        match byte(at) {
            Some(b',') => at = skip(text, at + 1),
            Some(b']') => return Ok(at + 1),
            _ => return Err(Mistake::new(at, "expected `,` or `]` after an indicator", LIST)),
        }
    }
}

fn lines(text: &str, start: usize, each: &mut impl FnMut(Record<'_>) -> Result<(), Mistake>) -> Result<(), Mistake> {
    let mut at = start;
    while at < text.len() {
        at = skip(text, object(text, at, each)?);
    }
    Ok(())
}

fn object(text: &str, at: usize, each: &mut impl FnMut(Record<'_>) -> Result<(), Mistake>) -> Result<usize, Mistake> {
    let rest = text.get(at..).unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Map<String, Value>>();
    match values.next() {
        Some(Ok(map)) => {
            let end = values.byte_offset();
            each(Record { at, fields: Fields::Json { text: rest.get(..end).unwrap_or_default(), map } })?;
            Ok(at + end)
        }
        Some(Err(error)) => Err(syntax(text, at, &error)),
        None => Err(Mistake::new(at, "the list breaks off", LIST)),
    }
}

/// The place of an error is told in lines and columns of the part that was read.
fn syntax(text: &str, at: usize, error: &serde_json::Error) -> Mistake {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let reason = message.strip_suffix(&place).unwrap_or(&message);
    // A value of the wrong type is quoted, and values are not repeated.
    let reason = if error.is_data() { "an indicator is a JSON object" } else { reason };
    let rest = text.get(at..).unwrap_or_default();
    let before: usize =
        rest.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>() + at;
    let offset = if error.is_data() { at } else { before + error.column().saturating_sub(1) };
    Mistake::new(offset.min(text.len()), reason, LIST)
}

fn nothing_after(text: &str, at: usize) -> Result<(), Mistake> {
    let end = skip(text, at);
    if end < text.len() { Err(Mistake::new(end, "there is something after the list", LIST)) } else { Ok(()) }
}

/// The first byte from `at` on that is no white space of JSON.
fn skip(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(rest.len())
}

/// Where the key of an object stands. Inside a string a quotation mark is escaped, so nothing else looks like a key.
fn key(text: &str, name: &str) -> Option<usize> {
    let quoted = format!("\"{name}\"");
    let is_key = |at: &usize| text.as_bytes().get(skip(text, at + quoted.len())) == Some(&b':');
    text.match_indices(&quoted).map(|(at, _)| at).find(is_key)
}

fn csv(text: &str, each: &mut impl FnMut(Record<'_>) -> Result<(), Mistake>) -> Result<(), Mistake> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut cells = StringRecord::new();
    let mut header: Vec<String> = Vec::new();
    loop {
        let from = byte(reader.position());
        if !reader.read_record(&mut cells).map_err(|_| Mistake::new(from, "the line is no CSV", LIST))? {
            return Ok(());
        }
        let written = text.get(from..byte(reader.position())).unwrap_or_default();
        let at = from + written.len() - written.trim_start_matches(LINE_ENDS).len();
        let written = written.trim_matches(LINE_ENDS);
        if header.is_empty() {
            header = cells.iter().map(|cell| cell.trim().to_ascii_lowercase()).collect();
            if let Some(again) = (1..header.len()).find(|&column| header[..column].contains(&header[column])) {
                let place = at + cell_place(written, again);
                return Err(Mistake::new(place, "the column is named twice", "leave one of them out"));
            }
        } else if cells.len() == header.len() {
            each(Record { at, fields: Fields::Csv { header: &header, cells: &cells, text: written } })?;
        } else {
            let reason = format!("the line has {} cells, the header {}", cells.len(), header.len());
            return Err(Mistake::new(at, reason, "put a text that holds a comma in quotation marks"));
        }
    }
}

const LINE_ENDS: [char; 2] = ['\r', '\n'];

fn byte(position: &::csv::Position) -> usize {
    stillwatch_core::place(position.byte())
}

/// Where the n-th cell of a record begins. A comma between quotation marks separates nothing.
fn cell_place(text: &str, cell: usize) -> usize {
    let mut quoted = false;
    let separates = |&(_, byte): &(usize, u8)| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    };
    let mut commas = text.bytes().enumerate().filter(separates).map(|(at, _)| at + 1);
    cell.checked_sub(1).map_or(0, |before| commas.nth(before).unwrap_or(0))
}
