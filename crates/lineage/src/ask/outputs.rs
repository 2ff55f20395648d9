use std::fmt::Write;

use super::upstream::Teacher;
use super::{AnswerDraft, Upstream, counted, listed};
use crate::graph::{Fact, Graph};
use crate::ledger::Target;
use crate::permitted::Permission;
use crate::resolve::fold;
use crate::terms::is_same_vendor;
use crate::{Attribute, EdgeKind, NodeKind, Verdict};

/// Whether outputs of another vendor's models were learnt from.
pub(super) fn vendor_outputs(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let (own_models, others): (Vec<Teacher<'_>>, Vec<Teacher<'_>>) =
        upstream.teachers().into_iter().partition(|teacher| is_same_vendor(graph, upstream.subject, teacher.teacher));
    let denials = denials(upstream);
    let name = graph.name(upstream.subject);
    if others.is_empty() {
        return nothing_found(upstream, &own_models, &denials);
    }
    let direct = others.iter().filter(|teacher| teacher.order == 1).count();
    let names = others.iter().map(|teacher| match &teacher.vendor {
        Some(vendor) => format!("{} ({vendor})", graph.name(teacher.teacher)),
        None => format!("{} (no document names its vendor)", graph.name(teacher.teacher)),
    });
    let mut statement = format!(
        "{name} learnt from outputs of {}: {} directly, {} through another model",
        listed(names.collect()),
        counted(direct, "way"),
        counted(others.len() - direct, "way")
    );
    let permitted = others.iter().filter(|teacher| teacher.is_permitted(graph)).count();
    if permitted > 0 {
        let _ = write!(statement, "; {} under a permit that names the vendor as its issuer", counted(permitted, "way"));
    }
    if others.iter().any(|teacher| !teacher.vendor_is_told && teacher.vendor.is_some()) {
        statement.push_str("; a vendor is told by the name of a model's family where no document names it");
    }
    let verdict = if denials.is_empty() {
        // The best supported way decides whether it happened; a contradiction on every way decides nothing else.
        others.iter().map(|teacher| teacher.worst).max().unwrap_or(Verdict::Unknown)
    } else {
        statement.push_str("; a document says that there are none");
        Verdict::Contradicted
    };
    let mut found = AnswerDraft::new(verdict, statement);
    found.cited = denials.iter().flat_map(|fact| graph.cite_fact(fact)).collect();
    for teacher in &others {
        if let Some(ask) = terms_of(graph, teacher) {
            found.ask(ask);
        }
        if let Permission::Ended(day) = teacher.permission(graph) {
            found.ask(format!(
                "When did {} learn from {}? Its permit ended on {day}, before the model was released.",
                graph.name(teacher.learner),
                graph.name(teacher.teacher)
            ));
        }
        if teacher.kind == EdgeKind::LabelledBy {
            found.ask(format!(
                "Which labels did {} give, and what share of the data has them?",
                graph.name(teacher.teacher)
            ));
        }
    }
    found.ask_next.dedup();
    found.ask_next.truncate(8);
    found.ask("What share of the training examples are outputs of models, by model?");
    found.paths = others.into_iter().take(super::Answer::MOST_PATHS).map(|teacher| teacher.path(graph)).collect();
    found
}

/// What to ask of the terms under which outputs were taken, wherever some were found: by the subject itself or by anything
/// upstream of it.
pub fn open_terms(upstream: &Upstream<'_, '_>) -> Vec<String> {
    let graph = upstream.graph;
    let others = upstream.teachers().into_iter().filter(|own| !is_same_vendor(graph, own.learner, own.teacher));
    let mut asks: Vec<String> = others.filter_map(|teacher| terms_of(graph, &teacher)).collect();
    asks.sort_unstable();
    asks.dedup();
    asks.truncate(MOST_TERMS);
    asks
}

const MOST_TERMS: usize = 8;

/// The question after the terms for one teacher; `None` where a permit answers it.
fn terms_of(graph: &Graph<'_>, teacher: &Teacher<'_>) -> Option<String> {
    if teacher.is_permitted(graph) {
        return None;
    }
    let name = graph.name(teacher.teacher);
    Some(match &teacher.vendor {
        Some(vendor) => format!("Under which terms or permit of {vendor} were outputs of {name} used?"),
        None => format!("Whose model is {name}, and under which terms or permit were its outputs used?"),
    })
}

fn nothing_found(upstream: &Upstream<'_, '_>, own: &[Teacher<'_>], denials: &[&Fact]) -> AnswerDraft {
    let graph = upstream.graph;
    let name = graph.name(upstream.subject);
    // What waits for a reviewer may say it.
    let who = if graph.waiting_claims().is_empty() { "no document" } else { "no reviewed statement" };
    let mut found = if denials.is_empty() {
        AnswerDraft::new(
            Verdict::Unknown,
            format!("{who} says whether {name} learnt from another vendor's outputs; weights cannot show it"),
        )
    } else {
        let verdict = denials.iter().map(|fact| fact.verdict).min().unwrap_or(Verdict::Unknown);
        AnswerDraft::new(
            verdict,
            format!(
                "{name} is said not to have learnt from another vendor's outputs, and nothing here speaks against it"
            ),
        )
    };
    if !own.is_empty() {
        let names = own.iter().map(|teacher| graph.name(teacher.teacher).to_owned()).collect();
        let _ = write!(found.statement, "; it learnt from outputs of its vendor's own {}", listed(names));
        found.paths = own.iter().map(|teacher| teacher.path(graph)).collect();
    }
    found.cited = denials.iter().flat_map(|fact| graph.cite_fact(fact)).collect();
    found.ask("Were outputs of any model, your own included, used in pre-training, fine-tuning, preference data or filtering? Which models, under which terms?");
    found.ask("Which of your base models and data sets did you ask the same, and what did they answer?");
    found
}

/// Statements that there are no outputs of other models in the subject.
pub(crate) fn denials<'g>(upstream: &Upstream<'g, '_>) -> Vec<&'g Fact> {
    let edges = [EdgeKind::TrainedOnOutputsOf, EdgeKind::DistilledFrom, EdgeKind::GeneratedBy].map(EdgeKind::as_str);
    let of = [upstream.subject];
    let mut facts = upstream.facts(&of, &edges);
    facts.extend(upstream.facts(&of, &[Attribute::SYNTHETIC]));
    let ledger = upstream.graph.ledger;
    facts.retain(|fact| {
        upstream.graph.fact_claims(fact).iter().any(|&at| {
            let claim = &ledger.claims[at as usize];
            match claim.target {
                Target::Any => claim.denied,
                Target::Flag(flag) => flag == claim.denied,
                Target::Text(text) => ["false", "no", "none"].contains(&fold(ledger.strings.text(text)).as_str()),
                _ => false,
            }
        })
    });
    facts
}

/// Whether something is outputs of a model by what the documents say.
pub(super) fn is_synthetic(upstream: &Upstream<'_, '_>, data: crate::EntityId) -> bool {
    let graph = upstream.graph;
    graph.kind(data) == NodeKind::Outputs || graph.objects(data, EdgeKind::GeneratedBy).next().is_some()
}
