//! What tests compare: days and all that a graph says.

use stillwatch_core::Date;
use stillwatch_lineage::Graph;

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Everything that a graph says, without its numbers.
pub(crate) fn told(graph: &Graph<'_>) -> Vec<String> {
    let mut told: Vec<String> =
        graph.ids().map(|id| format!("{} {} {:?}", graph.key(id), graph.name(id), graph.keys(id))).collect();
    told.extend(graph.edges().iter().map(|edge| {
        format!(
            "{} {} {} {} {:?}",
            graph.key(edge.subject),
            edge.kind,
            graph.key(edge.object),
            edge.verdict,
            graph.cite_edge(edge)
        )
    }));
    told.extend(graph.facts().iter().map(|fact| {
        format!("{} {} {} {:?}", graph.key(fact.subject), graph.predicate(fact), fact.verdict, graph.cite_fact(fact))
    }));
    told
}
