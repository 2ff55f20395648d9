use std::borrow::Cow;

use stillwatch_core::{Date, Diagnostic, Diagnostics, Limits, Severity, shown};

use super::{Document, DocumentKind, Import, NodeRef, Object, Origin, Statement, StrictVerdict, Value};
use crate::Predicate;

/// An import in the making. It keeps the limits, so that no importer has to think of them.
#[derive(Debug)]
pub struct Draft {
    document: Document,
    statements: Vec<Statement>,
    diagnostics: Diagnostics,
    limits: Limits,
    least: crate::EvidenceKind,
    left_out_statements: usize,
}

impl Draft {
    /// Begins an import of these bytes.
    pub fn new(bytes: &[u8], origin: &Origin, kind: DocumentKind) -> Self {
        let mut document = Document::of(bytes, kind, &origin.name);
        document.said_by.clone_from(&origin.said_by);
        document.said_on = origin.said_on;
        let mut draft = Self {
            document,
            statements: Vec::new(),
            diagnostics: Diagnostics::new(origin.limits.diagnostics),
            limits: origin.limits,
            least: origin.kind.unwrap_or_default(),
            left_out_statements: 0,
        };
        if bytes.len() > origin.limits.bytes {
            let message = format!("{} bytes, of which {} may be read", bytes.len(), origin.limits.bytes);
            draft.tell(Severity::Error, "", "too-large", message);
        }
        draft
    }

    /// The words of a document within the limits. What is not UTF-8 is replaced and told.
    pub fn words(&mut self, bytes: &[u8]) -> String {
        let most = self.limits.bytes.min(MOST_WORDS);
        if bytes.len() > most && self.limits.bytes > MOST_WORDS {
            let message = format!("{} bytes of words, of which {most} are read", bytes.len());
            self.tell(Severity::Error, "", "too-large", message);
        }
        let kept = &bytes[..bytes.len().min(most)];
        let kept = kept.strip_prefix(b"\xef\xbb\xbf").unwrap_or(kept);
        let text = String::from_utf8_lossy(kept);
        if matches!(text, Cow::Owned(_)) {
            self.tell(Severity::Warning, "", "utf-8", "bytes that are not UTF-8 were replaced");
        }
        text.into_owned()
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The document's own title.
    pub fn title(&mut self, title: &str) {
        self.document.title = Some(self.cut(title));
    }

    /// Who speaks, as the document says itself; it goes before the origin's.
    pub fn said_by(&mut self, speaker: NodeRef) {
        self.document.said_by = Some(speaker);
    }

    /// The document's date. What is no date is told, and the origin's stands.
    pub fn said_on(&mut self, text: &str, path: &str) {
        match Date::parse(text) {
            Some(date) => self.document.said_on = Some(date),
            None => self.tell(Severity::Warning, path, "date", format!("`{}` is no date", shown(text))),
        }
    }

    /// Subject, edge, object.
    pub fn node(&mut self, subject: NodeRef, edge: impl Into<Predicate>, object: NodeRef, path: impl Into<String>) {
        self.push(Statement::new(subject, edge, Object::Node(object), path));
    }

    /// Subject, attribute, words. Placeholders may be passed on as they are: they never count as disclosure.
    pub fn text(&mut self, subject: NodeRef, predicate: impl Into<Predicate>, text: &str, path: impl Into<String>) {
        self.push(Statement::new(subject, predicate, Object::Value(text.into()), path));
    }

    pub fn value(&mut self, subject: NodeRef, predicate: impl Into<Predicate>, value: Value, path: impl Into<String>) {
        self.push(Statement::new(subject, predicate, Object::Value(value), path));
    }

    /// Any statement. Long texts are cut and told; beyond the limit statements are counted and left out.
    pub fn push(&mut self, mut statement: Statement) {
        if self.statements.len() >= self.limits.statements {
            self.left_out_statements += 1;
            return;
        }
        statement.kind = statement.kind.max(self.least);
        let mut cut = false;
        cut |= self.clip(&mut statement.subject.name);
        if let Object::Node(node) = &mut statement.object {
            cut |= self.clip(&mut node.name);
        }
        if let Object::Value(Value::Text(text) | Value::Number(text)) = &mut statement.object {
            cut |= self.clip(text);
        }
        if let Some(quote) = &mut statement.quote {
            cut |= self.clip(quote);
        }
        if cut {
            let message = format!("a text was cut after {} bytes", self.limits.text);
            self.tell(Severity::Warning, statement.path.clone(), "long-text", message);
        }
        self.statements.push(statement);
    }

    /// A diagnostic; see [`Diagnostic`] for the form of its parts.
    pub fn tell(
        &mut self,
        severity: Severity,
        path: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) {
        self.diagnostics.tell(severity, path, code, message);
    }

    /// What a reader of the bytes found wrong.
    pub fn tell_all(&mut self, found: &[Diagnostic]) {
        for diagnostic in found {
            self.diagnostics.push(diagnostic.clone());
        }
    }

    /// Errors told so far, those left out included.
    pub fn errors(&self) -> u64 {
        self.diagnostics.errors()
    }

    /// The import. What was left out for its number is told last.
    pub fn finish(mut self, strict: StrictVerdict) -> Import {
        if self.left_out_statements > 0 {
            self.diagnostics.add_left_out(self.left_out_statements, "statements");
        }
        let diagnostics = self.diagnostics.finish();
        Import { document: self.document, statements: self.statements, diagnostics, strict }
    }

    fn cut(&self, text: &str) -> String {
        self.limits.cut(text).0.to_owned()
    }

    fn clip(&self, text: &mut String) -> bool {
        let (kept, cut) = self.limits.cut(text);
        let kept = kept.len();
        text.truncate(kept);
        cut
    }
}

/// Bytes of words that are read of one document.
const MOST_WORDS: usize = 8 << 20;
