//! A vendor's answers as CSV: a header line, one question a row. Columns are found by their names: `question`,
//! `answer`, and, if present, `subject`, `predicate` (a word of the graph), `date`, `source`. Without a predicate the
//! answer is a claim in words, proposed to a reviewer. So is an answer that does not say what was asked: vague, withheld,
//! or pointing elsewhere ([`disclosure`](crate::disclosure)).

use csv::{ReaderBuilder, StringRecord};

use crate::disclosure::{Asked, Disclosure, assess};
use crate::import::placeholder::{Placeholder, placeholder};
use crate::import::{
    Diagnostic, DocumentKind, Draft, Import, Limits, NodeRef, Object, Origin, Severity, Statement, StrictVerdict,
    Value, shown,
};
use crate::importers::prose;
use crate::{Attribute, Date, EdgeKind, NodeKind, Predicate};

/// Reads answers. One that does not say what was asked waits for a reviewer.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    let mut draft = Draft::new(bytes, origin, DocumentKind::Answers);
    if let Some((columns, rows)) = table(&mut draft, bytes) {
        for (line, row) in &rows {
            answer(&mut draft, origin, &columns, *line, row);
        }
    }
    draft.finish(StrictVerdict::NotChecked { why: "answers have no schema".into() })
}

/// A row of a table of answers.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) answer: String,
    /// `line 3`
    pub(crate) path: String,
}

/// Rows by the column `id`, and what is wrong with the table.
pub(crate) fn rows(bytes: &[u8], limits: &Limits) -> (Vec<Row>, Vec<Diagnostic>) {
    let origin = Origin { limits: *limits, ..Origin::named("answers") };
    let mut draft = Draft::new(bytes, &origin, DocumentKind::Answers);
    let mut found = Vec::new();
    if let Some((columns, rows)) = table(&mut draft, bytes) {
        if columns.id.is_none() {
            draft.tell(
                Severity::Error,
                "line 1",
                "columns",
                "no column is called `id`, so that no answer finds its question",
            );
        }
        for (line, row) in &rows {
            let cell = |column: usize| row.get(column).map(str::trim).unwrap_or_default().to_owned();
            let id = columns.id.map(cell).filter(|id| !id.is_empty());
            found.extend(id.map(|id| Row { id, answer: cell(columns.answer), path: format!("line {line}") }));
        }
    }
    (found, draft.finish(StrictVerdict::NotChecked { why: String::new() }).diagnostics)
}

/// Columns, and rows with the lines on which they begin.
fn table(draft: &mut Draft, bytes: &[u8]) -> Option<(Columns, Vec<(u64, StringRecord)>)> {
    let text = prose::text(bytes, draft);
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
        let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let rest = self.text.get(start..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        while self.at < (start + breaks).min(self.text.len()) {
            self.line += u64::from(self.text[self.at] == b'\n');
            self.at += 1;
        }
        self.line
    }
}

struct Columns {
    id: Option<usize>,
    answer: usize,
    /// What counts as an answer.
    counts: Option<usize>,
    question: Option<usize>,
    subject: Option<usize>,
    predicate: Option<usize>,
    date: Option<usize>,
    source: Option<usize>,
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
            predicate: find(&["predicate", "field", "attribute"]),
            date: find(&["date", "answered", "as of", "said_on"]),
            source: find(&["source", "evidence", "reference", "document"]),
        })
    }
}

fn answer(draft: &mut Draft, origin: &Origin, columns: &Columns, line: u64, row: &StringRecord) {
    let cell = |column: Option<usize>| column.and_then(|at| row.get(at)).map(str::trim).filter(|text| !text.is_empty());
    let path = format!("line {line}");
    let Some(text) = cell(Some(columns.answer)) else {
        draft.tell(Severity::Warning, path, "placeholder", "there is no answer");
        return;
    };
    let subject = match (cell(columns.subject), &origin.subject) {
        (Some(name), _) => NodeRef::model(name),
        (None, Some(subject)) => subject.clone(),
        (None, None) => NodeRef::model(prose::stem(&origin.name)),
    };
    let question = cell(columns.question);
    let predicate = cell(columns.predicate).map(Predicate::parse);
    // A name where a name was asked for is an answer, however short.
    let asked_in_words = question.filter(|_| !matches!(predicate, Some(Predicate::Edge(_)))).unwrap_or_default();
    let is_vague = vague(draft, &path, asked_in_words, cell(columns.counts).unwrap_or_default(), text);
    let proposed = predicate.is_none();
    let predicate = predicate.or_else(|| question.and_then(asked)).unwrap_or_else(|| Attribute::CLAIM.into());
    let object = match predicate {
        Predicate::Edge(edge) if !proposed => Object::Node(NodeRef::new(object_kind(edge), text)),
        _ => Object::Value(Value::Text(text.to_owned())),
    };
    let mut statement = Statement::new(subject, predicate, object, path.clone());
    statement.proposed = proposed || is_vague;
    statement.quote = Some(question.map_or_else(
        || text.to_owned(),
        |question| format!("{} — {text}", question.lines().next().unwrap_or_default()),
    ));
    if let Some(day) = cell(columns.date) {
        statement.said_on = Date::parse(day);
        if statement.said_on.is_none() {
            draft.tell(Severity::Warning, path, "date", format!("`{}` is no date", shown(day)));
        }
    }
    if let Some(source) = cell(columns.source) {
        statement.qualifiers.insert("source".into(), source.into());
    }
    draft.push(statement);
}

/// Whether an answer does not say what was asked, which is told. Without a question only placeholders are known.
fn vague(draft: &mut Draft, path: &str, question: &str, notes: &str, text: &str) -> bool {
    if let Some(kind) = placeholder(text) {
        let why = match kind {
            Placeholder::Empty => "the answer says nothing",
            Placeholder::Withheld => "the answer is withheld",
            Placeholder::Elsewhere => "the answer points elsewhere",
        };
        draft.tell(Severity::Warning, path, "placeholder", why);
        return false;
    }
    if question.is_empty() {
        return false;
    }
    let assessment = assess(&Asked { question, notes, example: "" }, text);
    let is_vague = assessment.disclosure != Disclosure::Answered;
    if is_vague {
        let why = assessment.why.join("; ");
        let message = format!("the answer is {} and waits for a reviewer: {why}", assessment.disclosure.name());
        draft.tell(Severity::Warning, path, "vague", message);
    }
    is_vague
}

/// What a question in words asks about, by words that stand in it.
fn asked(question: &str) -> Option<Predicate> {
    const WORDS: &[(&str, &str)] = &[
        ("synthetic", Attribute::SYNTHETIC),
        ("training data", Attribute::TRAINING_DATA),
        ("data source", Attribute::TRAINING_DATA),
        ("third-party", Attribute::VENDOR_DATA),
        ("third party", Attribute::VENDOR_DATA),
        ("personal", Attribute::PERSONAL_DATA),
        ("consent", Attribute::CONSENT),
        ("copyright", Attribute::COPYRIGHT),
        ("licen", Attribute::LICENCE_TEXT),
        ("retention", Attribute::RETENTION),
        ("residen", Attribute::RESIDENCY),
        ("export", Attribute::EXPORT),
        ("filter", Attribute::GOVERNANCE),
        ("governance", Attribute::GOVERNANCE),
        ("safety", Attribute::SAFETY),
        ("comput", Attribute::HARDWARE),
        ("energy", Attribute::ENERGY),
        ("evaluat", Attribute::EVALUATION),
        ("limitation", Attribute::LIMITATIONS),
    ];
    let question = question.to_lowercase();
    WORDS.iter().find(|(word, _)| question.contains(word)).map(|(_, attribute)| (*attribute).into())
}

fn object_kind(edge: EdgeKind) -> NodeKind {
    match edge {
        EdgeKind::TrainedOn | EdgeKind::DerivedFrom | EdgeKind::EvaluatedOn => NodeKind::DataSet,
        EdgeKind::LicensedUnder => NodeKind::Licence,
        EdgeKind::OwnedBy
        | EdgeKind::ControlledBy
        | EdgeKind::SuppliedBy
        | EdgeKind::SignedBy
        | EdgeKind::LabelledBy => NodeKind::Organisation,
        EdgeKind::RunsOn | EdgeKind::HeldAt | EdgeKind::RentsFrom => NodeKind::Compute,
        EdgeKind::LocatedIn => NodeKind::Jurisdiction,
        EdgeKind::FilteredBy => NodeKind::Filter,
        EdgeKind::ProducedBy => NodeKind::Run,
        EdgeKind::Uses => NodeKind::Software,
        EdgeKind::DescribedBy => NodeKind::Document,
        EdgeKind::PermittedBy => NodeKind::Permit,
        _ => NodeKind::Model,
    }
}

/// The separator that stands most often in the first line.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |byte: u8| first.bytes().filter(|own| *own == byte).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| count(*byte)).unwrap_or(b',')
}
