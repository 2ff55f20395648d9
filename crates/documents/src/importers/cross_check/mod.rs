//! One model, several documents: does the card say what the configuration says, and are the weights what both say?
//!
//! A card that contradicts its weight header is a contradiction, not a merge. The two documents were compared byte for
//! byte by the reader, so what is stated here is of the kind "recomputed"; which of the two is wrong is told only where
//! one of them is itself recomputed from tensors.

mod agree;

use std::borrow::Borrow;

use agree::{agree, is_llama, licence, parent, weights_agree};
use stillwatch_core::{Severity, shown};
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, EvidenceKind, Import, NodeRef, Object, Origin, Predicate, Statement,
    StrictVerdict,
};

/// What is compared, in the order in which it is told.
const COMPARED: &[&str] = &[
    Attribute::ARCHITECTURE,
    Attribute::HIDDEN_SIZE,
    Attribute::LAYERS,
    Attribute::VOCABULARY_SIZE,
    Attribute::CONTEXT_LENGTH,
    Attribute::PARAMETERS,
    Attribute::TOKENIZER,
];

/// One thing said of the model.
struct ComparedClaim<'i> {
    import: &'i Import,
    statement: &'i Statement,
    value: String,
}

impl ComparedClaim<'_> {
    fn place(&self) -> String {
        format!("{} ({})", shown(&self.import.document.name), shown(&self.statement.path))
    }

    fn recomputed(&self) -> bool {
        self.statement.kind == EvidenceKind::Recomputed
    }

    fn document(&self) -> DocumentKind {
        self.import.document.kind
    }

    /// Whether a program wrote it, and not people.
    fn by_program(&self) -> bool {
        matches!(self.document(), DocumentKind::Config | DocumentKind::Gguf | DocumentKind::Safetensors)
    }
}

/// Compares documents about one model. Each contradiction is a diagnostic with the code `contradiction` and a
/// statement; documents that agree, or of which only one speaks, give none.
pub fn cross_check(subject: &NodeRef, imports: &[impl Borrow<Import>], origin: &Origin) -> Import {
    let imports: Vec<&Import> = imports.iter().map(Borrow::borrow).collect();
    let imports = imports.as_slice();
    let digests: String = imports.iter().flat_map(|import| [import.document.digest.as_str(), "\n"]).collect();
    let mut draft = Draft::new(digests.as_bytes(), origin, DocumentKind::Stillwatch);
    draft.said_by(NodeRef::new(stillwatch_lineage::NodeKind::Software, "stillwatch"));
    draft.title("documents of one model compared");
    for attribute in COMPARED {
        let name = Predicate::parse(attribute);
        let said = said(imports, |statement| statement.predicate == name);
        compare(&mut draft, subject, attribute, &said, |left, right| agree(attribute, left, right));
    }
    let gguf = said(imports, |statement| statement.predicate.as_str() == "gguf.architecture");
    let config = said(imports, |statement| statement.predicate.as_str() == Attribute::ARCHITECTURE);
    for llama in &gguf {
        if let Some(other) = config.iter().find(|other| !is_llama(other)) {
            tell(&mut draft, subject, Attribute::ARCHITECTURE, llama, other);
        }
    }
    let licences = said(imports, |statement| statement.predicate == EdgeKind::LicensedUnder.into());
    compare(&mut draft, subject, "licensed-under", &licences, |left, right| {
        licence(&left.value) == licence(&right.value)
    });
    let parents =
        said(imports, |statement| matches!(statement.predicate, Predicate::Edge(edge) if edge.is_derivation()));
    compare(&mut draft, subject, "base model", &parents, parent);
    quantisation(&mut draft, subject, imports);
    unquantised(&mut draft, subject, imports);
    draft.finish(StrictVerdict::NotChecked { why: "a comparison has no schema".into() })
}

/// What counts: proposals wait for a reviewer, and denials are no value.
fn said<'i>(imports: &[&'i Import], wanted: impl Fn(&Statement) -> bool) -> Vec<ComparedClaim<'i>> {
    let all =
        imports.iter().copied().flat_map(|import| import.statements.iter().map(move |statement| (import, statement)));
    all.filter(|(_, statement)| !statement.proposed && !statement.denied && wanted(statement))
        .filter_map(|(import, statement)| {
            let value = match &statement.object {
                Object::Value(value) => value.to_string(),
                Object::Node(node) => node.name.clone(),
                Object::Any => return None,
            };
            let names = matches!(&statement.object, Object::Node(node) if !node.identifiers.is_empty());
            (names || placeholder(&value).is_none()).then_some(ComparedClaim { import, statement, value })
        })
        .collect()
}

/// Every document against the first that speaks with the best evidence. A document that names several values (a list
/// of licences, a merge) agrees if one of them does.
fn compare(
    draft: &mut Draft,
    subject: &NodeRef,
    what: &str,
    said: &[ComparedClaim<'_>],
    same: impl Fn(&ComparedClaim<'_>, &ComparedClaim<'_>) -> bool,
) {
    let Some(first) = said.iter().rev().max_by_key(|said| said.statement.kind) else { return };
    let mut told: Vec<*const Import> = vec![std::ptr::from_ref(first.import)];
    let own = of(said, first.import).find(|own| !own.recomputed() && first.recomputed() && !same(first, own));
    if let Some(own) = own {
        tell(draft, subject, what, first, own);
    }
    for other in said {
        if told.contains(&std::ptr::from_ref(other.import)) {
            continue;
        }
        told.push(other.import);
        if !of(said, other.import).any(|theirs| of(said, first.import).any(|ours| same(ours, theirs))) {
            tell(draft, subject, what, first, other);
        }
    }
}

/// What one document says.
fn of<'s, 'i>(said: &'s [ComparedClaim<'i>], document: &'s Import) -> impl Iterator<Item = &'s ComparedClaim<'i>> {
    said.iter().filter(move |said| std::ptr::eq(said.import, document))
}

fn tell(draft: &mut Draft, subject: &NodeRef, what: &str, left: &ComparedClaim<'_>, right: &ComparedClaim<'_>) {
    let words =
        format!("{what}: {} in {}, {} in {}", shown(&left.value), left.place(), shown(&right.value), right.place());
    draft.tell(Severity::Error, right.statement.path.clone(), "contradiction", words.clone());
    let mut sentence =
        Statement::new(subject.clone(), Attribute::EVIDENCE, Object::Value(words.as_str().into()), left.place());
    sentence.kind = EvidenceKind::Recomputed;
    draft.push(sentence);
    if left.recomputed() && !right.recomputed() {
        let denied = Statement {
            denied: true,
            kind: EvidenceKind::Recomputed,
            quote: Some(words),
            subject: subject.clone(),
            ..Statement::new(
                subject.clone(),
                right.statement.predicate.clone(),
                right.statement.object.clone(),
                left.place(),
            )
        };
        draft.push(denied);
    }
}

/// What is said of the kind of the weights, against the weights of all files that are there: a model may lie in
/// several, each of its own kind.
fn quantisation(draft: &mut Draft, subject: &NodeRef, imports: &[&Import]) {
    let all = said(imports, |statement| statement.predicate.as_str() == Attribute::QUANTISATION);
    let (weights, claims): (Vec<_>, Vec<_>) = all.into_iter().partition(ComparedClaim::recomputed);
    let mut told: Vec<*const Import> = Vec::new();
    for claim in &claims {
        let document = std::ptr::from_ref(claim.import);
        if told.contains(&document) || weights.iter().any(|own| weights_agree(own, claim)) {
            continue;
        }
        // A header against its own weights comes before one against those of another file.
        let own = weights.iter().find(|own| std::ptr::eq(own.import, claim.import));
        if let Some(own) = own.or(weights.first()) {
            told.push(document);
            tell(draft, subject, Attribute::QUANTISATION, own, claim);
        }
    }
}

/// A card or configuration that says "quantised" over weights that are not.
fn unquantised(draft: &mut Draft, subject: &NodeRef, imports: &[&Import]) {
    let claims = said(imports, |statement| statement.predicate == EdgeKind::QuantisedFrom.into());
    let weights = said(imports, |statement| statement.predicate.as_str() == Attribute::QUANTISATION);
    let full = weights.iter().find(|said| said.recomputed() && matches!(said.value.as_str(), "F32" | "F16" | "BF16"));
    if let (Some(claim), Some(full)) = (claims.first(), full)
        && !weights.iter().any(|said| said.recomputed() && !matches!(said.value.as_str(), "F32" | "F16" | "BF16"))
    {
        tell(draft, subject, "quantised", full, claim);
    }
}
