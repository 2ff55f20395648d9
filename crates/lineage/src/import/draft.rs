use std::borrow::Cow;

use super::{
    Diagnostic, Document, DocumentKind, Import, Limits, NodeRef, Object, Origin, Severity, Statement, StrictVerdict,
    Value,
};
use crate::json::Json;
use crate::{Date, Predicate};

/// An import in the making. It keeps the limits, so that no importer has to think of them.
#[derive(Debug)]
pub struct Draft {
    document: Document,
    statements: Vec<Statement>,
    diagnostics: Vec<Diagnostic>,
    limits: Limits,
    least: crate::EvidenceKind,
    left_out_statements: usize,
    left_out_diagnostics: usize,
    errors: u32,
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
            diagnostics: Vec::new(),
            limits: origin.limits,
            least: origin.kind.unwrap_or_default(),
            left_out_statements: 0,
            left_out_diagnostics: 0,
            errors: 0,
        };
        if bytes.len() > origin.limits.bytes {
            let message = format!("{} bytes, of which {} may be read", bytes.len(), origin.limits.bytes);
            draft.tell(Severity::Error, "", "too-large", message);
        }
        draft
    }

    /// Begins an import of a JSON document: what the reader found wrong is told.
    pub fn json<'a>(bytes: &'a [u8], origin: &Origin, kind: DocumentKind) -> (Self, Json<'a>) {
        let mut draft = Self::new(bytes, origin, kind);
        let json = Json::read(bytes, &origin.limits);
        for diagnostic in json.diagnostics() {
            draft.push_diagnostic(diagnostic.clone());
        }
        (draft, json)
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
        self.push_diagnostic(Diagnostic { path: path.into(), severity, code: code.into(), message: message.into() });
    }

    /// Errors told so far, those left out included.
    pub fn errors(&self) -> u32 {
        self.errors
    }

    /// The import. What was left out for its number is told last.
    pub fn finish(mut self, strict: StrictVerdict) -> Import {
        let over = |count: usize, what: &str| Diagnostic {
            path: String::new(),
            severity: Severity::Error,
            code: "too-many".into(),
            message: format!("{count} more {what} were left out"),
        };
        if self.left_out_statements > 0 {
            self.diagnostics.push(over(self.left_out_statements, "statements"));
        }
        if self.left_out_diagnostics > 0 {
            self.diagnostics.push(over(self.left_out_diagnostics, "diagnostics"));
        }
        Import { document: self.document, statements: self.statements, diagnostics: self.diagnostics, strict }
    }

    fn push_diagnostic(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors = self.errors.saturating_add(1);
        }
        if self.diagnostics.len() < self.limits.diagnostics {
            self.diagnostics.push(diagnostic);
        } else {
            self.left_out_diagnostics += 1;
        }
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

/// A piece of a hostile text that is short enough for a message.
pub(crate) fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
