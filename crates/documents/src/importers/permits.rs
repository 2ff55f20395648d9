//! Permits: who may distil whose models, from when to when (`{"permits": [...]}`, the file that detection and audit read).
//!
//! A permit is held by its holder; with `--about` also by that model. It lifts a vendor's terms for what was learnt from
//! that vendor while it held, so its last day is kept and does not end the statement: what was
//! permitted once stays lawful.

use stillwatch_core::Permit;
use stillwatch_core::Severity;
use stillwatch_json::Value;
use stillwatch_lineage::{
    DocumentKind, Draft, EdgeKind, Import, NodeKind, NodeRef, Object, Origin, Statement, StrictVerdict,
};

use crate::importers::{Importer, Input, Sign};

const AGAINST: &str = "permits of Stillwatch";

/// Whether a document is a list of permits.
pub(super) fn recognises(root: Value<'_>) -> bool {
    root.get("permits").is_some()
}

pub const IMPORTER: Importer = Importer { format: "permits", sign: Sign::Json(|root, _| recognises(root)), import };

/// Reads permits; one that does not hold up is told and left out, and is no loss to the others.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    import(&Input::new(bytes, origin))
}

fn import(input: &Input<'_>) -> Import {
    let origin = input.origin;
    let (mut draft, json) = input.json_draft(DocumentKind::Permits);
    for permit in json.root().and_then(|root| root.get("permits")).into_iter().flat_map(Value::each) {
        one(&mut draft, permit, origin);
    }
    let against = AGAINST.to_owned();
    let strict = match draft.errors() {
        0 => StrictVerdict::Valid { against },
        errors => StrictVerdict::Invalid { against, errors },
    };
    draft.finish(strict)
}

fn one(draft: &mut Draft, node: Value<'_>, origin: &Origin) {
    let path = node.path();
    let read = serde_json::from_value::<Permit>(node.to_serde()).map_err(|error| error.to_string());
    let permit = match read.and_then(|permit| permit.validate().map(|()| permit)) {
        Ok(permit) => permit,
        Err(why) => return draft.tell(Severity::Error, path, "permit", why),
    };
    if permit.scope != stillwatch_core::PermitScope::Distillation {
        let message = "it allows measuring a model and not learning from it";
        return draft.tell(Severity::Note, path, "permit", message);
    }
    let issuer = permit.issuer.as_deref();
    let name = match &permit.id {
        Some(id) => format!("permit {id}"),
        None => {
            format!("permit of {} for {} from {}", issuer.unwrap_or("nobody named"), permit.holder, permit.valid_from)
        }
    };
    let own = NodeRef::new(NodeKind::Permit, &name);
    if let Some(issuer) = issuer {
        draft.node(own.clone(), EdgeKind::OwnedBy, NodeRef::organisation(issuer), format!("{path}/issuer"));
    }
    if permit.signature.is_some() {
        draft.tell(Severity::Note, format!("{path}/signature"), "signature", "it was not verified");
    }
    let holder = NodeRef::organisation(&permit.holder);
    for subject in std::iter::once(holder).chain(origin.subject.clone()) {
        let mut statement = Statement::new(subject, EdgeKind::PermittedBy, Object::Node(own.clone()), path.clone());
        let days = [("valid-from", Some(&permit.valid_from)), ("valid-until", Some(&permit.valid_until))];
        for (name, day) in days.into_iter().chain([("revoked", permit.revoked_at.as_ref())]) {
            if let Some(day) = day {
                statement.qualifiers.insert(name.into(), day.as_str().into());
            }
        }
        if !permit.models.is_empty() {
            statement.qualifiers.insert("models".into(), permit.models.join("\n").as_str().into());
        }
        draft.push(statement);
    }
}
