use std::fmt::Write;

use super::conflict::{LicenceConflict, conflicts};
use super::{Answer, AnswerDraft, Upstream, counted, listed};
use crate::graph::Edge;
use crate::resolve::EntityId;
use crate::terms::licences;
use crate::{Attribute, EdgeKind, NodeKind, Verdict};

/// Data of third parties, licences, export and residency.
pub(super) fn third_party(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let (open, conflicts): (Vec<LicenceConflict>, Vec<LicenceConflict>) =
        conflicts(upstream).into_iter().partition(|conflict| conflict.unsettled);
    let data = upstream.data();
    let models = upstream.of_kind(&[NodeKind::Model]);
    let licensed = |ids: &[EntityId]| ids.iter().filter(|&&id| !licences(graph, id).is_empty()).count();
    let located = data.iter().filter(|&&id| graph.objects(id, EdgeKind::LocatedIn).next().is_some()).count();
    let all: Vec<EntityId> = upstream.all().collect();
    let words = upstream.facts(
        &all,
        &[Attribute::VENDOR_DATA, Attribute::EXPORT, Attribute::RESIDENCY, Attribute::CONSENT, Attribute::COPYRIGHT],
    );
    let said = words.iter().filter(|fact| fact.verdict >= Verdict::Disclosed).count();
    let disagree =
        |id: &EntityId| graph.objects(*id, EdgeKind::LicensedUnder).any(|edge| edge.verdict == Verdict::Contradicted);
    let of_disagreement = all.iter().filter(|id| disagree(id)).count();
    let verdict = if !conflicts.is_empty() || of_disagreement > 0 {
        Verdict::Contradicted
    } else if licensed(&[upstream.subject]) == 0 || (licensed(&data) < data.len() && said == 0) {
        Verdict::Unknown
    } else {
        let edges = all.iter().flat_map(|&id| graph.objects(id, EdgeKind::LicensedUnder));
        edges.map(|edge| edge.verdict).min().unwrap_or(Verdict::Unknown)
    };
    let mut statement = format!(
        "a licence is named for {} of {} and {} of {}, a place for {located}; {} in words",
        licensed(&models),
        counted(models.len(), "model"),
        licensed(&data),
        counted(data.len(), "data set"),
        counted(said, "description")
    );
    if let Some(first) = conflicts.first() {
        statement = format!(
            "declared {}, made from {} under {}: {}; {} in all; {statement}",
            first.declared,
            first.ancestor,
            first.terms,
            first.why,
            counted(conflicts.len(), "conflict")
        );
    }
    if let Some(first) = open.first() {
        let _ = write!(
            statement,
            "; {} to be looked at: declared {}, made from {} under {}: {}",
            counted(open.len(), "licence"),
            first.declared,
            first.ancestor,
            first.terms,
            first.why
        );
    }
    let measured = all.iter().flat_map(|&id| graph.objects(id, EdgeKind::EvaluatedOn)).count();
    if measured > 0 {
        let _ = write!(
            statement,
            "; evaluated on {}, which {} no part of it",
            counted(measured, "data set"),
            if measured == 1 { "is" } else { "are" }
        );
    }
    if of_disagreement > 0 {
        let _ = write!(statement, "; documents disagree on the licence of {of_disagreement}");
    }
    let mut found = AnswerDraft::new(verdict, statement);
    for conflict in &conflicts {
        found.ask(format!(
            "By which right is {} offered under {} although {} is under {}?",
            graph.name(upstream.subject),
            conflict.declared,
            conflict.ancestor,
            conflict.terms
        ));
    }
    found.ask_next.truncate(8);
    for conflict in open.iter().take(4) {
        found.ask(format!(
            "On which ground is {} offered under {} although {}, under {}, was trained on?",
            graph.name(upstream.subject),
            conflict.declared,
            conflict.ancestor,
            conflict.terms
        ));
    }
    let bare: Vec<String> =
        data.iter().filter(|&&id| licences(graph, id).is_empty()).map(|&id| graph.name(id).to_owned()).collect();
    if !bare.is_empty() {
        found.ask(format!("Under which licence, and from whom, were these had: {}?", listed(bare)));
    }
    if located < data.len() || data.is_empty() {
        found.ask("In which countries are the data kept and processed, and which export rules bind the model?");
    }
    let edges = all.iter().filter(|id| disagree(id)).flat_map(|&id| graph.objects(id, EdgeKind::LicensedUnder));
    found.cited = edges
        .flat_map(|edge| graph.cite_edge(edge))
        .chain(words.iter().flat_map(|fact| graph.cite_fact(fact)))
        .collect();
    found.paths = conflicts.into_iter().chain(open).map(|conflict| conflict.path).collect();
    found
}

/// Compute, its suppliers, and who can end it.
pub(super) fn compute(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let mut own = upstream.ancestors();
    own.extend(upstream.of_kind(&[NodeKind::Run]));
    // Whose model, data or program it is says nothing of compute: owners and suppliers count once compute is reached.
    let of_lineage = own.len();
    let mut edges: Vec<&Edge> = Vec::new();
    let mut at = 0;
    // From the model over its compute to whoever owns or rents it out; a supplier may stand in a circle.
    while at < own.len() && own.len() < 1_000 {
        let from = own[at];
        at += 1;
        let kinds =
            [EdgeKind::RunsOn, EdgeKind::AcceleratedBy, EdgeKind::RentsFrom, EdgeKind::SuppliedBy, EdgeKind::OwnedBy];
        for edge in graph.out(from).iter().filter(|edge| kinds.contains(&edge.kind) && !edge.denied) {
            let is_delivered_run = edge.kind == EdgeKind::SuppliedBy && graph.kind(from) == NodeKind::Run;
            let is_party = matches!(edge.kind, EdgeKind::OwnedBy | EdgeKind::SuppliedBy);
            if is_party && !is_delivered_run && at <= of_lineage {
                continue;
            }
            edges.push(edge);
            if !own.contains(&edge.object) {
                own.push(edge.object);
            }
        }
    }
    let words = upstream.facts(&upstream.ancestors(), &[Attribute::HARDWARE, EdgeKind::RunsOn.as_str()]);
    let told = words.iter().map(|fact| fact.verdict).filter(|verdict| *verdict != Verdict::Unknown);
    let verdicts: Vec<Verdict> = edges.iter().map(|edge| edge.verdict).chain(told).collect();
    let verdict = if verdicts.contains(&Verdict::Contradicted) {
        Verdict::Contradicted
    } else {
        verdicts.into_iter().min().unwrap_or(Verdict::Unknown)
    };
    let exits: Vec<String> = edges
        .iter()
        .flat_map(|edge| graph.cite_edge(edge).into_iter().map(move |cited| (edge, cited)))
        .filter_map(|(edge, cited)| {
            Some(format!(
                "{} from {} ends with {} days' notice",
                graph.name(edge.subject),
                graph.name(edge.object),
                cited.qualifiers.get("exit-days")?
            ))
        })
        .collect();
    let names = edges.iter().map(|edge| graph.name(edge.object).to_owned()).collect::<Vec<_>>();
    let mut statement =
        if edges.is_empty() { "no compute is named".to_owned() } else { format!("it rests on {}", listed(names)) };
    if !exits.is_empty() {
        let _ = write!(statement, "; {}", listed(exits.clone()));
    }
    let mut found = AnswerDraft::new(verdict, statement);
    found.paths = edges.iter().take(Answer::MOST_PATHS).map(|edge| vec![graph.step(edge)]).collect();
    found.cited = edges
        .iter()
        .flat_map(|edge| graph.cite_edge(edge))
        .chain(words.iter().flat_map(|fact| graph.cite_fact(fact)))
        .collect();
    // The type of an accelerator says nothing of whose it is.
    if edges
        .iter()
        .all(|edge| graph.kind(edge.subject) == NodeKind::Accelerator || edge.kind == EdgeKind::AcceleratedBy)
    {
        found.ask("On whose compute, and in which country, was it trained and does it run?");
    }
    if exits.is_empty() {
        found.ask("Who may end the contracts for this compute, with what notice, and what would take its place?");
    }
    found
}

/// Filters of the subject and those that come with what it was made from.
pub(super) fn filters(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let all: Vec<EntityId> = upstream.all().collect();
    let edges: Vec<&Edge> = all.iter().flat_map(|&id| graph.objects(id, EdgeKind::FilteredBy)).collect();
    let own = edges.iter().filter(|edge| edge.subject == upstream.subject).count();
    let words = upstream
        .facts(&upstream.ancestors(), &[Attribute::SAFETY, Attribute::GOVERNANCE, EdgeKind::FilteredBy.as_str()]);
    let told = words.iter().map(|fact| fact.verdict).filter(|verdict| *verdict != Verdict::Unknown);
    let verdicts: Vec<Verdict> = edges.iter().map(|edge| edge.verdict).chain(told).collect();
    let verdict = if verdicts.contains(&Verdict::Contradicted) {
        Verdict::Contradicted
    } else {
        verdicts.iter().copied().max().unwrap_or(Verdict::Unknown)
    };
    let names: Vec<String> = edges.iter().map(|edge| graph.name(edge.object).to_owned()).collect();
    let named = if names.is_empty() { String::new() } else { format!(": {}", listed(names)) };
    let mut found = AnswerDraft::new(
        verdict,
        format!(
            "{} of its own and {} that come with what it was made from{named}; {} in words",
            counted(own, "filter"),
            edges.len() - own,
            counted(words.len(), "description")
        ),
    );
    found.paths = edges
        .iter()
        .take(Answer::MOST_PATHS)
        .map(|edge| {
            let mut path = upstream.path(edge.subject);
            path.push(graph.step(edge));
            path
        })
        .collect();
    found.cited = words.iter().flat_map(|fact| graph.cite_fact(fact)).collect();
    let derived = upstream.ancestors().len() > 1;
    if derived {
        found.ask(
            "Which of the parent's refusals and filters still hold after further training, and how was that measured?",
        );
    }
    if edges.is_empty() {
        found.ask("Which filters removed what from the training data, by whose policy, and who may change it?");
    }
    found
}
