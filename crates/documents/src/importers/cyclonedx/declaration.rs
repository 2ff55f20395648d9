use std::collections::BTreeMap;

use stillwatch_core::{Date, Severity};
use stillwatch_json::Value;
use stillwatch_lineage::{Attribute, EvidenceKind, NodeKind, NodeRef, Object, Statement};

use super::BomReader;
use super::party::named_party;

/// What the evidence of a claim adds up to: its dates, and who looked at it.
#[derive(Default)]
struct Support {
    /// Somebody other than the author looked at it, as the document says.
    reviewed: bool,
    created: Option<Date>,
    expires: Option<Date>,
    author: Option<NodeRef>,
    words: Option<String>,
}

impl<'v> BomReader<'_, '_> {
    /// `declarations`: claims become attributes `claim` of their targets, with the evidence that they name; counter-evidence
    /// and counter-claims become statements that deny.
    ///
    /// That a third party assessed a claim is the document's word, which anybody can write: it is kept as who says it and as
    /// the qualifier `told-as`, and counts as a self-claim until a signature is verified or whoever imports it says more.
    pub(super) fn declarations(&mut self, declarations: Value<'v>) {
        let evidence = by_reference(declarations.get("evidence"));
        let assessors = by_reference(declarations.get("assessors"));
        let mut assessed: BTreeMap<String, NodeRef> = BTreeMap::new();
        let mut counter: BTreeMap<String, Option<NodeRef>> = BTreeMap::new();
        for attestation in self.sink.list(declarations, "attestations") {
            let assessor = attestation.text_of("assessor").and_then(|own| assessors.get(own.as_ref()).copied());
            let third = assessor.filter(|assessor| assessor.get("thirdParty").and_then(Value::flag) == Some(true));
            let by = third.and_then(|third| named_party(third.get("organization")?, NodeKind::Organisation));
            for map in self.sink.list(attestation, "map") {
                for claim in map.get("claims").into_iter().flat_map(Value::items).filter_map(Value::text) {
                    if let Some(by) = &by {
                        assessed.insert(claim.into_owned(), by.clone());
                    }
                }
                for claim in map.get("counterClaims").into_iter().flat_map(Value::items).filter_map(Value::text) {
                    counter.insert(claim.into_owned(), by.clone());
                }
            }
        }
        for claim in self.sink.list(declarations, "claims") {
            let own = claim.text_of("bom-ref").unwrap_or_default();
            let Some(target) = claim.get("target").and_then(|target| self.reference(target, NodeKind::Software)) else {
                continue;
            };
            let Some(predicate) = self.sink.text_of(claim, "predicate") else { continue };
            let support = self.support(claim, "evidence", &evidence);
            let mut statement =
                Statement::new(target, Attribute::CLAIM, Object::Value(predicate.as_ref().into()), claim.path());
            statement.quote = claim.text_of("reasoning").map(std::borrow::Cow::into_owned);
            let by = assessed.get(own.as_ref()).cloned();
            let is_counter = counter.get(own.as_ref());
            statement.said_by = is_counter.cloned().flatten().or(by);
            if statement.said_by.is_some() || support.reviewed {
                statement.qualifiers.insert("told-as".into(), EvidenceKind::ThirdParty.as_str().into());
            }
            statement.denied = is_counter.is_some();
            statement.said_on = support.created;
            statement.expires = support.expires;
            let against = self.support(claim, "counterEvidence", &evidence);
            let has_counter = claim.get("counterEvidence").is_some_and(|list| list.items().next().is_some());
            let denial = has_counter.then(|| Statement {
                denied: true,
                said_by: against.author,
                said_on: against.created,
                expires: against.expires,
                quote: against.words,
                path: format!("{}/counterEvidence", claim.path()),
                ..statement.clone()
            });
            self.sink.push(statement);
            if let Some(denial) = denial {
                self.sink.push(denial);
            }
            if claim.get("signature").is_some() {
                let message = "the claim's signature was not verified; it counts as a self-claim";
                self.sink.draft.tell(Severity::Note, format!("{}/signature", claim.path()), "signature", message);
            }
        }
    }

    fn support(&mut self, claim: Value<'v>, key: &str, evidence: &BTreeMap<String, Value<'v>>) -> Support {
        let mut support = Support::default();
        for reference in claim.get(key).into_iter().flat_map(Value::each) {
            let Some(text) = self.sink.words(reference) else { continue };
            let Some(piece) = evidence.get(text.as_ref()) else {
                let message = format!("the evidence `{}` is not here", stillwatch_core::shown(&text));
                self.sink.draft.tell(Severity::Warning, reference.path(), "reference", message);
                continue;
            };
            let party = |key: &str| named_party(piece.get(key)?, NodeKind::Person);
            let (author, reviewer) = (party("author"), party("reviewer"));
            support.reviewed |= reviewer.is_some() && reviewer != author;
            let date = |key: &str| piece.text_of(key).as_deref().and_then(Date::parse);
            support.created = support.created.max(date("created"));
            support.expires = match (support.expires, date("expires")) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            support.author = support.author.or(reviewer).or(author);
            support.words = support.words.or_else(|| piece.text_of("description").map(std::borrow::Cow::into_owned));
        }
        support
    }
}

fn by_reference(list: Option<Value<'_>>) -> BTreeMap<String, Value<'_>> {
    let items = list.into_iter().flat_map(Value::items);
    items.filter_map(|item| Some((item.text_of("bom-ref")?.into_owned(), item))).collect()
}
