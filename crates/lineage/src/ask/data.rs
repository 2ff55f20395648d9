use super::outputs::is_synthetic;
use super::{Answer, AnswerDraft, Upstream, counted, listed};
use crate::import::Scheme;
use crate::resolve::EntityId;
use crate::{Attribute, EdgeKind, NodeKind, Verdict};

/// Whether the sources of training data are disclosed.
pub(super) fn sources(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let ancestors = upstream.ancestors();
    let data = upstream.data();
    let words = upstream
        .facts(&ancestors, &[Attribute::TRAINING_DATA, Attribute::DATA_COLLECTION, EdgeKind::TrainedOn.as_str()]);
    let direct: Vec<_> = ancestors.iter().flat_map(|&id| graph.objects(id, EdgeKind::TrainedOn)).collect();
    let identified = data.iter().filter(|&&id| graph.is_identified(id)).count();
    let silent: Vec<EntityId> = ancestors
        .iter()
        .copied()
        .filter(|&id| {
            graph.objects(id, EdgeKind::TrainedOn).next().is_none()
                && !upstream
                    .facts(&[id], &[Attribute::TRAINING_DATA])
                    .iter()
                    .any(|fact| fact.verdict >= Verdict::Disclosed)
        })
        .collect();
    let worded = words.iter().filter(|fact| fact.verdict >= Verdict::Disclosed).count();
    let contradicted = direct.iter().any(|edge| edge.verdict == Verdict::Contradicted)
        || words.iter().any(|fact| fact.verdict == Verdict::Contradicted);
    let own_silent = silent.contains(&upstream.subject) && graph.kind(upstream.subject) == NodeKind::Model;
    let only_parents = own_silent && ancestors.len() > 1;
    let verdict = if contradicted {
        Verdict::Contradicted
    } else if direct.is_empty() && worded == 0 || (own_silent && !only_parents) {
        Verdict::Unknown
    } else if !direct.is_empty() && silent.is_empty() && direct.iter().all(|edge| edge.verdict == Verdict::Evidenced) {
        Verdict::Evidenced
    } else if own_silent {
        Verdict::Unknown
    } else {
        Verdict::Disclosed
    };
    let withheld = words.iter().filter(|fact| fact.verdict == Verdict::Unknown).count();
    let mut found = AnswerDraft::new(
        verdict,
        format!(
            "{} named upstream, {identified} of them by an identifier; {} in words, {withheld} that say nothing; \
             nothing is said of the training data of {} of {} whose weights it is or comes from",
            counted(data.len(), "data set"),
            counted(worded, "description"),
            silent.len(),
            counted(ancestors.len(), "model")
        ),
    );
    let others = data.iter().filter(|&&id| id != upstream.subject);
    found.paths = others.take(Answer::MOST_PATHS).map(|&id| upstream.path(id)).collect();
    found.cited = words.iter().flat_map(|fact| graph.cite_fact(fact)).collect();
    if !silent.is_empty() {
        found.ask(format!(
            "On which data were these trained: {}?",
            listed(silent.iter().map(|&id| graph.name(id).to_owned()).collect())
        ));
    }
    let dangling: Vec<String> =
        data.iter().filter(|&&id| !graph.is_identified(id)).map(|&id| graph.name(id).to_owned()).collect();
    if !dangling.is_empty() {
        found.ask(format!("Which version, address or digest have these: {}?", listed(dangling)));
    }
    found
}

/// Whether there are synthetic examples, and whether they are kept apart.
pub(super) fn synthetic(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let mut of = upstream.data();
    of.insert(0, upstream.subject);
    of.dedup();
    let told = upstream.facts(&of, &[Attribute::SYNTHETIC, Attribute::SYNTHETIC_SHARE, EdgeKind::GeneratedBy.as_str()]);
    let apart = upstream.facts(&of, &[Attribute::SYNTHETIC_SEPARATED]);
    let generated: Vec<EntityId> = upstream.data().into_iter().filter(|&data| is_synthetic(upstream, data)).collect();
    let taught = upstream.teachers();
    // Outputs of any model, the vendor's own among them, stand against the word that there are none.
    let denied = !taught.is_empty() && !super::outputs::denials(upstream).is_empty();
    let facts = told.iter().map(|fact| fact.verdict).filter(|verdict| *verdict != Verdict::Unknown);
    let edges = taught.iter().map(|teacher| teacher.worst);
    let verdict = if denied || told.iter().chain(&apart).any(|fact| fact.verdict == Verdict::Contradicted) {
        Verdict::Contradicted
    } else {
        facts.chain(edges).max().unwrap_or(Verdict::Unknown)
    };
    let mut models: Vec<EntityId> = taught.iter().map(|teacher| teacher.teacher).collect();
    models.sort_unstable();
    models.dedup();
    let models = models.len();
    let is_apart = match apart.iter().map(|fact| fact.verdict).max() {
        Some(Verdict::Disclosed | Verdict::Evidenced) => "documents say whether they are kept apart",
        Some(Verdict::Contradicted) => "documents contradict each other on whether they are kept apart",
        _ => "no document says whether they are kept apart",
    };
    let mut found = AnswerDraft::new(
        verdict,
        format!(
            "{} of generated examples and {} that wrote or labelled examples are named; {is_apart}",
            counted(generated.len(), "data set"),
            counted(models, "model")
        ),
    );
    found.paths = taught.into_iter().take(Answer::MOST_PATHS).map(|teacher| teacher.path(graph)).collect();
    found.cited = told.iter().chain(&apart).flat_map(|fact| graph.cite_fact(fact)).collect();
    if verdict == Verdict::Unknown {
        found.ask("Which share of the training examples, by stage, was written or rewritten by models?");
    }
    if apart.is_empty() {
        found.ask("Are generated examples marked or kept apart, so that a model could be trained without them?");
    }
    found
}

/// Whether what the model is made of can be followed to things that can be checked.
pub(super) fn traceable(upstream: &Upstream<'_, '_>) -> AnswerDraft {
    let graph = upstream.graph;
    let parts: Vec<EntityId> = upstream
        .reach
        .reached
        .iter()
        .map(|reached| reached.entity)
        .filter(|&id| graph.kind(id) != NodeKind::Run)
        .collect();
    let identified = parts.iter().filter(|&&id| graph.is_identified(id)).count();
    let has_digest = |id: EntityId| {
        Scheme::ALL.iter().any(|&scheme| scheme.is_digest() && graph.identifiers(id, scheme).next().is_some())
    };
    let digests = parts.iter().filter(|&&id| has_digest(id)).count();
    let firmest = graph.firmest_upstream(&[upstream.subject]);
    let count = |verdict| upstream.reach.reached.iter().filter(|own| firmest.of(own.entity) == verdict).count();
    let (evidenced, contradicted) = (count(Verdict::Evidenced), count(Verdict::Contradicted));
    let verdict = match parts.len() {
        0 => Verdict::Unknown,
        _ if contradicted > 0 => Verdict::Contradicted,
        all if digests == all && evidenced == all => Verdict::Evidenced,
        // More than half by name only is a list of words, which leads nowhere.
        all if 2 * identified >= all => Verdict::Disclosed,
        _ => Verdict::Unknown,
    };
    let mut found = AnswerDraft::new(
        verdict,
        format!(
            "of {} upstream {identified} have an identifier and {digests} a digest; {evidenced} are supported by more than the vendor's word, {contradicted} are contradicted",
            counted(parts.len(), "thing")
        ),
    );
    let nameless = parts.iter().filter(|&&id| !graph.is_identified(id));
    found.paths = nameless.take(Answer::MOST_PATHS).map(|&id| upstream.path(id)).collect();
    let nameless: Vec<String> =
        parts.iter().filter(|&&id| !has_digest(id)).map(|&id| graph.name(id).to_owned()).collect();
    if parts.is_empty() {
        found.ask("From which model and which data was it made?");
    } else if !nameless.is_empty() {
        found.ask(format!("What are the digests or signed manifests of these: {}?", listed(nameless)));
    }
    found
}
