use std::borrow::Cow;

use stillwatch_core::{Severity, shown};
use stillwatch_json as json;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{Draft, EvidenceKind, NodeKind, NodeRef, Object, Predicate, Scheme, Statement, Value};
use unicode_normalization::UnicodeNormalization;

/// An identifier or a name that is longer names nothing.
const LONGEST_NAME: usize = 1024;
/// Identifiers of one node.
const MOST_IDENTIFIERS: usize = 16;

/// Takes statements into a draft, with a bound on what they hold together: a subject with a long name and a million
/// properties would otherwise be copied a million times.
pub(super) struct Sink<'d> {
    pub(super) draft: &'d mut Draft,
    room: usize,
    left_out: usize,
    /// Who says what stands at a place and below it (CycloneDX 1.7 `citations`), ascending.
    pub(super) cited: Vec<(String, NodeRef)>,
}

impl<'d> Sink<'d> {
    pub(super) fn new(draft: &'d mut Draft) -> Self {
        let room = draft.limits().bytes.saturating_mul(4);
        Self { draft, room, left_out: 0, cited: Vec::new() }
    }

    pub(super) fn push(&mut self, mut statement: Statement) {
        let size = weight(&statement);
        if size > self.room {
            self.left_out += 1;
            return;
        }
        self.room -= size;
        if statement.said_by.is_none() && !self.cited.is_empty() {
            statement.said_by = self.speaker(&statement.path);
        }
        self.draft.push(statement);
    }

    /// An edge. An object whose name is a placeholder names nothing: its words are kept as a value.
    pub(super) fn edge(&mut self, subject: &NodeRef, edge: impl Into<Predicate>, object: NodeRef, path: &str) {
        self.push(Statement::new(subject.clone(), edge, end(object), path));
    }

    pub(super) fn text(&mut self, subject: &NodeRef, predicate: impl Into<Predicate>, text: &str, path: &str) {
        self.push(Statement::new(subject.clone(), predicate, Object::Value(text.into()), path));
    }

    pub(super) fn value(&mut self, subject: &NodeRef, predicate: impl Into<Predicate>, value: Value, path: &str) {
        self.push(Statement::new(subject.clone(), predicate, Object::Value(value), path));
    }

    /// The text of a member, if there is one, as an attribute.
    pub(super) fn member(
        &mut self,
        subject: &NodeRef,
        predicate: impl Into<Predicate>,
        holder: json::Value<'_>,
        key: &str,
    ) {
        if let Some(value) = holder.get(key) {
            self.each_text(subject, predicate, value);
        }
    }

    /// A text, or each text of a list, as an attribute.
    pub(super) fn each_text(&mut self, subject: &NodeRef, predicate: impl Into<Predicate>, value: json::Value<'_>) {
        let predicate = predicate.into();
        for item in value.each() {
            if let Some(text) = self.words(item) {
                self.text(subject, predicate.clone(), &text, &item.path());
            }
        }
    }

    /// The text of a member. A number is read as it stands; anything else is told.
    pub(super) fn text_of<'v>(&mut self, holder: json::Value<'v>, key: &str) -> Option<Cow<'v, str>> {
        let value = holder.get(key)?;
        self.words(value)
    }

    pub(super) fn words<'v>(&mut self, value: json::Value<'v>) -> Option<Cow<'v, str>> {
        if let Some(text) = value.text() {
            return Some(text);
        }
        if let Some(number) = value.number() {
            self.wrong_type(value, "a string");
            return Some(number.into());
        }
        self.wrong_type(value, "a string");
        None
    }

    pub(super) fn wrong_type(&mut self, value: json::Value<'_>, wanted: &str) {
        let message = format!("{} where {wanted} is expected", value.kind_name());
        self.draft.tell(Severity::Warning, value.path(), "wrong-type", message);
    }

    /// The elements of a list that is a member; what is no list is told, and a single object read as a list of one.
    pub(super) fn list<'v>(&mut self, holder: json::Value<'v>, key: &str) -> Vec<json::Value<'v>> {
        let Some(value) = holder.get(key) else { return Vec::new() };
        if !value.is_array() {
            self.wrong_type(value, "an array");
        }
        value.each().filter(|item| item.is_object() || item.text().is_some()).collect()
    }

    /// A name that is short enough to be one.
    pub(super) fn name(&mut self, text: &str, path: &str) -> String {
        if text.len() <= LONGEST_NAME {
            return text.to_owned();
        }
        let message = format!("a name of {} bytes was cut after {LONGEST_NAME}", text.len());
        self.draft.tell(Severity::Warning, path, "long-text", message);
        text[..text.floor_char_boundary(LONGEST_NAME)].to_owned()
    }

    /// The node with one identifier more, unless that is too long or one too many.
    pub(super) fn identified(&mut self, node: NodeRef, scheme: Scheme, value: &str, path: &str) -> NodeRef {
        if value.len() > LONGEST_NAME || node.identifiers.len() >= MOST_IDENTIFIERS {
            let message = format!("`{}` is too long, or one identifier too many, and was left out", shown(value));
            self.draft.tell(Severity::Warning, path, "identifier", message);
            return node;
        }
        node.with(scheme, value.trim())
    }

    /// The node with a digest, if it is one.
    pub(super) fn digest(&mut self, node: NodeRef, algorithm: &str, digest: &str, path: &str) -> NodeRef {
        let Some((scheme, bytes)) = digest_scheme(algorithm) else { return node };
        if digest.len() != 2 * bytes || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = format!("`{}` is no digest of {algorithm}", shown(digest));
            self.draft.tell(Severity::Warning, path, "digest", message);
            return node;
        }
        self.identified(node, scheme, &digest.to_ascii_lowercase(), path)
    }

    /// Tells what was left out. To be called last.
    pub(super) fn finish(self) {
        if self.left_out > 0 {
            let message = format!("{} more statements were left out: together they hold too much text", self.left_out);
            self.draft.tell(Severity::Error, "", "too-much", message);
        }
    }

    fn speaker(&self, path: &str) -> Option<NodeRef> {
        let mut end = path.len();
        loop {
            if let Ok(at) = self.cited.binary_search_by(|(own, _)| own.as_str().cmp(&path[..end])) {
                return Some(self.cited[at].1.clone());
            }
            end = path[..end].rfind('/')?;
        }
    }
}

/// The object of an edge: a node, or the words of a placeholder.
pub(super) fn end(node: NodeRef) -> Object {
    // An id that is a placeholder identifies no more than a name that is one.
    let named = node
        .identifiers
        .iter()
        .any(|id| id.scheme.is_global() && !(id.scheme == Scheme::Spdx && placeholder(&id.value).is_some()));
    let says_nothing = placeholder(&node.name).is_some()
        || node.kind == NodeKind::Licence && points_elsewhere(&node.name)
        || node.name.is_empty() && node.identifiers.iter().any(|id| id.scheme == Scheme::Spdx);
    if !named && says_nothing { Object::Value(Value::Text(node.name)) } else { Object::Node(node) }
}

/// Whether words name the file in which a licence stands, and no licence: "See LICENSE file".
fn points_elsewhere(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "see",
        "license",
        "licence",
        "licensing",
        "file",
        "txt",
        "md",
        "the",
        "in",
        "of",
        "this",
        "repository",
        "repo",
        "root",
        "refer",
        "to",
        "please",
        "attached",
        "included",
        "terms",
        "page",
        "model",
        "card",
        "for",
        "details",
    ];
    let lower = name.to_lowercase();
    let mut words = lower.split(|own: char| !own.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| WORDS.contains(&word))
}

/// The scheme of a digest and its bytes, by its name in CycloneDX (`SHA-256`) or SPDX (`sha256`).
pub(super) fn digest_scheme(algorithm: &str) -> Option<(Scheme, usize)> {
    Some(match algorithm.to_ascii_lowercase().replace('-', "").as_str() {
        "sha256" => (Scheme::Sha256, 32),
        "sha384" => (Scheme::Sha384, 48),
        "sha512" => (Scheme::Sha512, 64),
        "blake3" => (Scheme::Blake3, 32),
        "md5" => (Scheme::Md5, 16),
        "sha1" => (Scheme::Sha1, 20),
        _ => return None,
    })
}

/// Statements that a licence expression makes (SPDX 3.0.1, Annex B). What is joined by `AND` binds together; of what is
/// joined by `OR` the reader chooses, so the expression stays one licence.
pub(super) fn licence_expression(
    sink: &mut Sink<'_>,
    subject: &NodeRef,
    expression: &str,
    kind: EvidenceKind,
    how: Option<&str>,
    path: &str,
) {
    let mut say = |predicate: Predicate, object: Object| {
        let mut statement = Statement::new(subject.clone(), predicate, object, path);
        statement.kind = kind;
        if let Some(how) = how {
            statement.qualifiers.insert("acknowledgement".into(), how.into());
        }
        sink.push(statement);
    };
    let words: Vec<&str> = expression.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    let joined = |word: &str| words.iter().any(|own| own.eq_ignore_ascii_case(word));
    if words.len() > 1 {
        say(stillwatch_lineage::Attribute::LICENCE_TEXT.into(), Object::Value(expression.into()));
    }
    let whole = [expression];
    let parts: Vec<String> = if joined("OR") || words.len() > 64 {
        whole.iter().map(|&part| part.to_owned()).collect()
    } else {
        let upper = words.join(" ").replace(" and ", " AND ");
        upper.split(" AND ").map(str::to_owned).collect()
    };
    for part in parts {
        let licence = NodeRef::licence(part.as_str());
        let is_id = !part.contains(' ') && placeholder(&part).is_none();
        let licence = if is_id && part.len() <= LONGEST_NAME { licence.with(Scheme::Spdx, part) } else { licence };
        say(stillwatch_lineage::EdgeKind::LicensedUnder.into(), end(licence));
    }
}

/// Compatibility form and lower case, so that what a reader cannot tell apart is one.
pub(super) fn fold(reference: &str) -> String {
    reference.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// What sort of node an edge leads to, where the document gives a name only.
pub(super) fn object_kind(edge: stillwatch_lineage::EdgeKind, subject: NodeKind) -> NodeKind {
    use stillwatch_lineage::EdgeKind as E;
    match edge {
        E::TrainedOn | E::EvaluatedOn => NodeKind::DataSet,
        E::TrainedOnOutputsOf
        | E::DistilledFrom
        | E::FineTunedFrom
        | E::MergedFrom
        | E::QuantisedFrom
        | E::AdapterOf
        | E::GeneratedBy
        | E::CompatibleWith
        | E::NotIndependentOf
        | E::LabelledBy => NodeKind::Model,
        E::DerivedFrom | E::PartOf => subject,
        E::FilteredBy => NodeKind::Filter,
        E::LicensedUnder => NodeKind::Licence,
        E::OwnedBy | E::ControlledBy | E::SuppliedBy | E::RentsFrom | E::SignedBy => NodeKind::Organisation,
        E::AcceleratedBy => NodeKind::Accelerator,
        E::RunsOn | E::HeldAt => NodeKind::Compute,
        E::LocatedIn => NodeKind::Jurisdiction,
        E::ProducedBy => NodeKind::Run,
        E::Uses => NodeKind::Software,
        E::DescribedBy => NodeKind::Document,
        E::PermittedBy => NodeKind::Permit,
    }
}

fn weight(statement: &Statement) -> usize {
    let node = |node: &NodeRef| node.name.len() + node.identifiers.iter().map(|id| id.value.len() + 32).sum::<usize>();
    let object = match &statement.object {
        Object::Node(object) => node(object),
        Object::Value(Value::Text(text) | Value::Number(text)) => text.len(),
        _ => 0,
    };
    128 + node(&statement.subject) + object + statement.path.len() + statement.quote.as_ref().map_or(0, String::len)
}
