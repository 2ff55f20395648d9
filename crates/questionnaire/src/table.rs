//! The table in which a vendor answers: columns by their names, rows with their lines, cells without what a spreadsheet
//! needed.

use csv::{ReaderBuilder, StringRecord};
use stillwatch_core::{Diagnostic, Limits, Severity, place, shown};
use stillwatch_lineage::{DocumentKind, Draft, NodeKey, NodeRef, Origin, StrictVerdict};

/// A row of a table of answers.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub answer: String,
    /// `line 3`
    pub path: String,
    /// What it is about, where a column says so.
    pub subject: Option<NodeRef>,
}

/// Rows by the column `id`, and what is wrong with the table.
pub fn rows(bytes: &[u8], limits: &Limits) -> (Vec<Row>, Vec<Diagnostic>) {
    let origin = Origin { limits: *limits, ..Origin::named("answers") };
    let mut draft = Draft::new(bytes, &origin, DocumentKind::Answers);
    let mut found: Vec<Row> = Vec::new();
    if let Some((columns, rows)) = table(&mut draft, bytes) {
        if columns.id.is_none() {
            draft.tell(
                Severity::Error,
                "line 1",
                "columns",
                "no column is called `id`, so that no answer finds its question",
            );
        }
        let mut seen = Seen::default();
        for (line, row) in &rows {
            let Some(id) = cell(row, columns.id) else { continue };
            let path = format!("line {line}");
            let subject = subject(&columns, row, None);
            if seen.again(id, subject.as_ref()) {
                draft.tell(Severity::Warning, path, "answered-twice", twice(id));
                continue;
            }
            let answer = cell(row, Some(columns.answer)).unwrap_or_default().to_owned();
            found.push(Row { id: id.to_owned(), answer, path, subject });
        }
    }
    (found, draft.finish(StrictVerdict::NotChecked { why: String::new() }).diagnostics)
}

pub fn twice(id: &str) -> String {
    format!("`{}` is answered twice, and the first answer counts", shown(id))
}

/// The questions that rows answered so far.
#[derive(Default)]
pub struct Seen(std::collections::BTreeSet<(String, Option<NodeRef>)>);

impl Seen {
    /// Whether an earlier row answers the same question about the same thing.
    pub fn again(&mut self, id: &str, subject: Option<&NodeRef>) -> bool {
        !self.0.insert((id.to_owned(), subject.cloned()))
    }
}

/// What a row is about: a key of a graph ([`NodeKey`]) as a table of questions has it, or the name of a model, unless it
/// is that of what the whole document is about.
pub fn subject(columns: &Columns, row: &StringRecord, about: Option<&NodeRef>) -> Option<NodeRef> {
    let Some(text) = cell(row, columns.subject) else { return about.cloned() };
    let is_about = |about: &&NodeRef| about.name == text || about.identifiers.iter().any(|own| own.value == text);
    if let Some(about) = about.filter(is_about) {
        return Some(about.clone());
    }
    let key = NodeKey::from(text);
    Some(match key.parts() {
        Some((kind, Some(scheme), value)) if scheme.is_global() => NodeRef::new(kind, "").with(scheme, value),
        // A name inside another document means nothing in this one.
        Some((kind, Some(_), value)) => NodeRef::new(kind, cell(row, columns.name).unwrap_or(value)),
        Some((kind, None, name)) => NodeRef::new(kind, name),
        None => NodeRef::model(text),
    })
}

/// What stands in a column; `None` where there is nothing. A quotation mark that keeps a spreadsheet from taking the
/// cell for a formula is no part of it.
pub fn cell(row: &StringRecord, column: Option<usize>) -> Option<&str> {
    let text = column.and_then(|at| row.get(at)).map(str::trim)?;
    let text = text.strip_prefix('\'').filter(|rest| rest.starts_with(GUARDED)).map_or(text, str::trim);
    Some(text).filter(|text| !text.is_empty())
}

/// What begins a formula.
pub const GUARDED: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether an answer is a sentence, of which one serves one question. A name, a number or a "no" may serve several.
pub fn is_sentence(answer: &str) -> bool {
    answer.split_whitespace().nth(MOST_WORDS_OF_A_NAME).is_some()
}

const MOST_WORDS_OF_A_NAME: usize = 4;

/// Columns, and rows with the lines on which they begin.
pub fn table(draft: &mut Draft, bytes: &[u8]) -> Option<(Columns, Vec<(u64, StringRecord)>)> {
    let text = draft.words(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let Some(columns) = Columns::find(&header) else {
        draft.tell(Severity::Error, "line 1", "columns", "no column is called `answer` or `response`");
        return None;
    };
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    for (number, row) in reader.records().enumerate() {
        if number >= draft.limits().values {
            draft.tell(Severity::Error, "", "too-many", "more rows than may be read");
            break;
        }
        match row {
            Ok(row) => rows.push((lines.of(row.position()), row)),
            Err(error) => {
                let line = lines.of(error.position());
                draft.tell(Severity::Error, format!("line {line}"), "csv", shown(&error.to_string()));
            }
        }
    }
    Some((columns, rows))
}

/// Counts lines up to ascending places. The reader's own count is behind where lines end with CR LF.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(self.at, |position| place(position.byte()));
        let rest = self.text.get(start..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        while self.at < (start + breaks).min(self.text.len()) {
            self.line += u64::from(self.text[self.at] == b'\n');
            self.at += 1;
        }
        self.line
    }
}

pub struct Columns {
    pub id: Option<usize>,
    pub answer: usize,
    /// What counts as an answer.
    pub counts: Option<usize>,
    pub question: Option<usize>,
    pub subject: Option<usize>,
    /// What the subject is called, for people.
    name: Option<usize>,
    pub predicate: Option<usize>,
    pub date: Option<usize>,
    pub source: Option<usize>,
}

impl Columns {
    fn find(header: &StringRecord) -> Option<Self> {
        let find = |names: &[&str]| header.iter().position(|own| names.contains(&own.trim().to_lowercase().as_str()));
        Some(Self {
            id: find(&["id", "item", "number"]),
            counts: find(&["counts as an answer", "guidance", "notes"]),
            answer: find(&["answer", "response", "vendor answer", "vendor response", "antwort"])?,
            question: find(&["question", "control", "requirement", "indicator", "frage"]),
            subject: find(&["subject", "model", "dataset", "data set", "product"]),
            name: find(&["name"]),
            predicate: find(&["predicate", "field", "attribute"]),
            date: find(&["date", "answered", "as of", "said_on"]),
            source: find(&["source", "evidence", "reference", "document"]),
        })
    }
}

/// The separator that stands most often in the first line.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |byte: u8| first.bytes().filter(|own| *own == byte).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| count(*byte)).unwrap_or(b',')
}
