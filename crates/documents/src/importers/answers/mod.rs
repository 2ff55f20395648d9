//! A vendor's answers as CSV: a header line, one question a row. Columns are found by their names: `question`,
//! `answer`, and, if present, `id`, `subject`, `predicate` (a word of the graph), `date`, `source`. Without a predicate the
//! answer is a claim in words, proposed to a reviewer. So is an answer that does not say what was asked: vague, withheld,
//! or pointing elsewhere ([`disclosure`](stillwatch_questionnaire::disclosure)).
//!
//! Where `id` names an item of a questionnaire that comes with the program, the questionnaire says what was asked, what
//! counts and where the answer is kept: the vendor's copy of these columns is not read. The statement names the item.

mod denial;

use denial::{denial, in_passing};

use std::collections::BTreeMap;

use csv::StringRecord;
use stillwatch_core::{Date, Severity, shown};
use stillwatch_lineage::placeholder::{Placeholder, placeholder};
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Predicate, Statement,
    StrictVerdict, Value,
};
use stillwatch_questionnaire::disclosure::{Asked, Disclosure, assess};
use stillwatch_questionnaire::table::{Columns, Seen, cell, is_sentence, subject, table, twice};
use stillwatch_questionnaire::{ITEM, Item, known};

use crate::importers::{Importer, Sign, prose};

/// What is JSON and no other format is told by this importer too.
pub const IMPORTER: Importer = Importer {
    format: "vendor answers",
    sign: Sign::Bytes(|input| input.begins_as_json() || input.ends_with(&[".csv"])),
    import: |input| read(input.bytes, input.origin),
};

/// Reads answers. One that does not say what was asked waits for a reviewer.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    let mut draft = Draft::new(bytes, origin, DocumentKind::Answers);
    if let Some((columns, rows)) = table(&mut draft, bytes) {
        let mut table = Table { columns, origin, seen: Seen::default(), said: BTreeMap::new() };
        for (line, row) in &rows {
            table.answer(&mut draft, *line, row);
        }
    }
    draft.finish(StrictVerdict::NotChecked { why: "answers have no schema".into() })
}

struct Table<'o> {
    columns: Columns,
    origin: &'o Origin,
    seen: Seen,
    /// The first item that each sentence answers.
    said: BTreeMap<String, String>,
}

/// What was asked in a row, and where the answer is kept.
struct Question<'r> {
    item: Option<&'static Item>,
    text: Option<&'r str>,
    counts: &'r str,
    predicate: Option<Predicate>,
}

impl<'r> Question<'r> {
    /// What was asked in words; a name where a name was asked for is an answer, however short.
    fn asked(&self) -> Option<Asked<'r>> {
        let is_edge = matches!(self.predicate, Some(Predicate::Edge(_)));
        let question = self.text.filter(|_| !is_edge)?;
        let wants = self.item.map(|item| item.wants.as_slice()).unwrap_or_default();
        Some(Asked { question, notes: self.counts, example: "", wants })
    }
}

impl Table<'_> {
    fn answer(&mut self, draft: &mut Draft, line: u64, row: &StringRecord) {
        let columns = &self.columns;
        let path = format!("line {line}");
        let id = cell(row, columns.id);
        let about = subject(columns, row, self.origin.subject.as_ref());
        let subject = about.unwrap_or_else(|| NodeRef::model(prose::stem(&self.origin.name)));
        if let Some(id) = id.filter(|id| self.seen.again(id, Some(&subject))) {
            draft.tell(Severity::Warning, path, "answered-twice", twice(id));
            return;
        }
        let Some(text) = cell(row, Some(columns.answer)) else {
            draft.tell(Severity::Warning, path, "placeholder", "there is no answer");
            return;
        };
        let question = asked_in(draft, columns, row, &path);
        let is_vague = vague(draft, &path, question.asked().as_ref(), text)
            || placeholder(text).is_none() && self.is_told_again(draft, &path, id, text);
        let proposed = question.predicate.is_none();
        let predicate =
            question.predicate.or_else(|| question.text.and_then(asked)).unwrap_or_else(|| Attribute::CLAIM.into());
        let object = match predicate {
            Predicate::Edge(edge) if !proposed => Object::Node(NodeRef::new(object_kind(edge), text)),
            _ => Object::Value(Value::Text(text.to_owned())),
        };
        let mut statement = Statement::new(subject, predicate, object, path.clone());
        statement.quote = Some(question.text.map_or_else(
            || text.to_owned(),
            |question| format!("{} — {text}", question.lines().next().unwrap_or_default()),
        ));
        if let Some(day) = cell(row, self.columns.date) {
            statement.said_on = Date::parse(day);
            if statement.said_on.is_none() {
                draft.tell(Severity::Warning, path, "date", format!("`{}` is no date", shown(day)));
            }
        }
        if let Some(source) = cell(row, self.columns.source) {
            statement.qualifiers.insert("source".into(), source.into());
        }
        let asked = question.item.and_then(|item| item.question);
        let denied = match asked {
            Some(asked) => denial(asked, text, &statement),
            None => in_passing(text, &statement),
        };
        if let Some(id) = id {
            statement.qualifiers.insert(ITEM.into(), id.into());
        }
        statement.proposed = proposed || is_vague;
        draft.push(statement);
        if let Some(denied) = denied {
            draft.push(denied);
        }
    }

    /// Whether an earlier row answers another question in the same sentence.
    fn is_told_again(&mut self, draft: &mut Draft, path: &str, id: Option<&str>, text: &str) -> bool {
        let Some(id) = id.filter(|_| is_sentence(text)) else { return false };
        let first = self.said.entry(text.to_owned()).or_insert_with(|| id.to_owned());
        let asks_the_same = known(first).zip(known(id)).is_some_and(|(first, own)| first.asks_the_same(own));
        if first == id || asks_the_same {
            return false;
        }
        let message = format!("the same words answer `{}` already, and wait for a reviewer here", shown(first));
        draft.tell(Severity::Warning, path, "vague", message);
        true
    }
}

/// What was asked: by the questionnaire where it is known, else by the columns.
fn asked_in<'r>(draft: &mut Draft, columns: &Columns, row: &'r StringRecord, path: &str) -> Question<'r> {
    let (text, counts) = (cell(row, columns.question), cell(row, columns.counts));
    let predicate = cell(row, columns.predicate);
    let Some(item) = cell(row, columns.id).and_then(known) else {
        let counts = counts.unwrap_or_default();
        return Question { item: None, text, counts, predicate: predicate.map(Predicate::parse) };
    };
    let attribute = item.attribute();
    let own = [
        ("question", columns.question, text.and_then(|text| text.lines().next()), item.ask.as_str()),
        ("counts as an answer", columns.counts, counts, item.counts.as_str()),
        ("predicate", columns.predicate, predicate, attribute.as_str()),
    ];
    for (name, column, found, wanted) in own {
        if column.is_some() && found.unwrap_or_default().trim() != wanted.trim() {
            let message = format!("the column `{name}` is not as it was sent, and is not read");
            draft.tell(Severity::Warning, path, "changed", message);
        }
    }
    Question {
        item: Some(item),
        text: Some(&item.ask),
        counts: &item.counts,
        predicate: Some(attribute.as_str().into()),
    }
}

/// Whether an answer does not say what was asked, which is told. Without a question only placeholders are known.
fn vague(draft: &mut Draft, path: &str, asked: Option<&Asked<'_>>, text: &str) -> bool {
    if let Some(kind) = placeholder(text) {
        let why = match kind {
            Placeholder::Empty => "the answer says nothing",
            Placeholder::Withheld => "the answer is withheld",
            Placeholder::Elsewhere => "the answer points elsewhere",
        };
        draft.tell(Severity::Warning, path, "placeholder", why);
        return false;
    }
    let Some(asked) = asked else { return false };
    let assessment = assess(asked, text);
    let is_vague = assessment.disclosure != Disclosure::Answered;
    if is_vague {
        let why = assessment.why.join("; ");
        let message = match assessment.disclosure {
            Disclosure::NeedsReader => format!("whether it answers is not known, and it waits for a reviewer: {why}"),
            worth => format!("the answer is {worth} and waits for a reviewer: {why}"),
        };
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
