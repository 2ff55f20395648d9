//! What the accounts of a campaign share: accounts on the left, what they share on the right, a line for each that has it.
//!
//! Two columns can be read where a web of nodes cannot: every shared thing has its line of text, and accounts stand near
//! those with which they share. The places are computed here and depend on the report alone.

use std::collections::BTreeMap;
use std::fmt::Write;

use maud::{Markup, html};
use stillwatch_core::Family;
use stillwatch_detect::{Campaign, EvidenceGraph, GraphNode, NodeKind};

use crate::detection::vocabulary::node_kind;
use crate::html::scrolling;
use crate::number::{count, counted};
use crate::phrase::{capitalised, shortened};

/// Units of the drawing, which is scaled to the page.
const WIDTH: usize = 960;
const LEFT: f64 = 210.0;
/// Where the accounts stand when their names would not fit.
const LEFT_UNNAMED: f64 = 40.0;
const RIGHT: f64 = 620.0;
const ROW: f64 = 19.0;
const EDGE: f64 = 12.0;
/// Accounts up to which each has its name beside it.
const NAMED: usize = 48;
const NAMED_ROW: f64 = 14.0;
const LEAST_ROW: f64 = 3.6;
const MOST_ROW: f64 = 12.0;
const LETTERS: usize = 26;
/// Nodes and edges beyond which a graph is not drawn; a report of this version has fewer.
const MOST_NODES: usize = 400;
const MOST_EDGES: usize = 40_000;
/// Thickest line, and into how many thicknesses weights are rounded.
const THICKEST: f64 = 4.5;
const THICKNESSES: i128 = 6;
/// Rounds in which each side is ordered by the places of the other.
const ROUNDS: usize = 4;

pub(super) fn figure(campaign: &Campaign) -> Markup {
    let graph = &campaign.graph;
    let drawing = (graph.nodes.len() <= MOST_NODES && graph.edges.len() <= MOST_EDGES).then(|| Drawing::new(graph));
    html! {
        @match drawing {
            None => {
                h4 { "What they share" }
                p.soft { "The graph has " (count(graph.nodes.len() as u64)) " nodes, which is too many to draw." }
            }
            Some(drawing) if drawing.keys.is_empty() => {
                @if campaign.accounts.len() > 1 {
                    h4 { "What they share" }
                    p.soft { "The report holds nothing that two owners of the set share and that is rare elsewhere." }
                }
            }
            Some(drawing) => {
                h4 { "What they share" }
                (drawing.figure(graph))
            }
        }
    }
}

/// Which node stands where.
struct Drawing<'a> {
    graph: &'a EvidenceGraph,
    /// From top to bottom: places in the list of nodes.
    accounts: Vec<usize>,
    keys: Vec<usize>,
    /// Account, key and weight in millibits, of edges that join one with the other.
    edges: Vec<(usize, usize, i64)>,
    heights: Vec<f64>,
    height: f64,
}

impl<'a> Drawing<'a> {
    fn new(graph: &'a EvidenceGraph) -> Self {
        let is_account = |at: &usize| graph.nodes.get(*at).is_some_and(|node| node.kind.family().is_none());
        let (accounts, keys): (Vec<usize>, Vec<usize>) = (0..graph.nodes.len()).partition(is_account);
        let edges = graph.edges.iter().filter_map(|edge| {
            let (from, to) = (usize::try_from(edge.from).ok()?, usize::try_from(edge.to).ok()?);
            (is_account(&from) && to < graph.nodes.len() && !is_account(&to)).then_some((
                from,
                to,
                edge.strength.0.max(0),
            ))
        });
        let edges: Vec<_> = edges.collect();
        let mut drawing = Self { graph, accounts, keys, edges, heights: Vec::new(), height: 0.0 };
        drawing.order();
        drawing.place();
        drawing
    }

    /// Moves accounts towards what they share, the rarest most; and what is shared, within its kind, towards its accounts.
    fn order(&mut self) {
        let graph = self.graph;
        let kind = |at: usize| graph.nodes.get(at).map(|node| node.kind);
        for _ in 0..ROUNDS {
            let (places, count) = (ranks(&self.keys), self.keys.len());
            let means = means(self.edges.iter().map(|&(from, to, weight)| (from, to, weight)), &places, count);
            self.accounts.sort_by(|a, b| mean_of(&means, *a).total_cmp(&mean_of(&means, *b)).then(a.cmp(b)));
            let (places, count) = (ranks(&self.accounts), self.accounts.len());
            let means = self::means(self.edges.iter().map(|&(from, to, weight)| (to, from, weight)), &places, count);
            self.keys.sort_by(|a, b| {
                kind(*a).cmp(&kind(*b)).then(mean_of(&means, *a).total_cmp(&mean_of(&means, *b))).then(a.cmp(b))
            });
        }
    }

    fn place(&mut self) {
        #[expect(clippy::cast_precision_loss, reason = "numbers of nodes")]
        let (accounts, keys) = (self.accounts.len() as f64, self.keys.len() as f64);
        let right = keys * ROW;
        let row = if self.is_named() { NAMED_ROW } else { (right / accounts.max(1.0)).clamp(LEAST_ROW, MOST_ROW) };
        let left = accounts * row;
        self.height = left.max(right) + 2.0 * EDGE;
        self.heights = vec![0.0; self.graph.nodes.len()];
        for (nodes, row, all) in [(&self.accounts, row, left), (&self.keys, ROW, right)] {
            let mut at = f64::midpoint(self.height - all, row);
            for node in nodes {
                self.heights[*node] = at;
                at += row;
            }
        }
    }

    fn is_named(&self) -> bool {
        self.accounts.len() <= NAMED
    }

    fn figure(&self, graph: &EvidenceGraph) -> Markup {
        let summary = format!(
            "{} on the left, {} on the right, {} between them.",
            match graph.grouped_accounts {
                0 => counted(self.accounts.len() as u64, "account"),
                _ => format!("{} or groups of them", counted(self.accounts.len() as u64, "account")),
            },
            counted(self.keys.len() as u64, "shared thing"),
            counted(self.edges.len() as u64, "link")
        );
        html! {
            figure {
                (scrolling("Evidence graph", &html! {
                    svg viewBox={ "0 0 " (WIDTH) " " (number(self.height)) } role="img" aria-label=(summary) {
                        (self.lines())
                        @for at in &self.accounts { @if let Some(node) = graph.nodes.get(*at) { (self.account(*at, node)) } }
                        @for at in &self.keys { @if let Some(node) = graph.nodes.get(*at) { (self.key(*at, node)) } }
                    }
                }))
                figcaption {
                    (summary)
                    " A thicker line weighs more: what it leads to is rarer, and more of the account's traffic has it. Squares "
                    "are infrastructure, diamonds are read from the requests."
                    @if graph.grouped_accounts > 0 {
                        " " (counted(graph.grouped_accounts, "account")) " stand in groups that share the same; a larger dot holds more."
                    }
                    @if graph.omitted_keys > 0 {
                        " " (counted(graph.omitted_keys, "shared thing")) " of less weight are left out."
                    }
                }
            }
            (self.listed(graph))
        }
    }

    /// Lines of one family and thickness are one path.
    fn lines(&self) -> Markup {
        let heaviest = self.edges.iter().map(|edge| edge.2).max().unwrap_or(0).max(1);
        let (left, all) = (self.left(), self.accounts.len());
        let middle = f64::midpoint(left, RIGHT);
        let mut held: BTreeMap<usize, usize> = BTreeMap::new();
        for &(_, to, _) in &self.edges {
            *held.entry(to).or_default() += 1;
        }
        let mut paths: BTreeMap<(bool, i128, Option<Family>), String> = BTreeMap::new();
        for &(from, to, weight) in &self.edges {
            let family = self.graph.nodes.get(to).and_then(|node| node.kind.family());
            let (Some(start), Some(end)) = (self.heights.get(from), self.heights.get(to)) else {
                continue;
            };
            let thickness = i128::from(weight) * (THICKNESSES - 1) / i128::from(heaviest);
            // What most have is drawn first and faintly, so that it does not hide what a few have.
            let rare = held.get(&to).is_none_or(|count| 2 * count <= all);
            let path = paths.entry((rare, thickness, family)).or_default();
            // Writing to a string does not fail.
            let _ = write!(path, "M{left} {start:.0}C{middle} {start:.0} {middle} {end:.0} {RIGHT} {end:.0}");
        }
        html! {
            @for ((rare, thickness, family), d) in &paths {
                @let common = if *rare { "" } else { " common" };
                path class={ "edge " (class(*family)) (common) } d=(d) stroke-width=(number(self.thickness(*thickness))) {}
            }
        }
    }

    fn left(&self) -> f64 {
        if self.is_named() || self.graph.grouped_accounts > 0 { LEFT } else { LEFT_UNNAMED }
    }

    /// Thinner where there are many.
    fn thickness(&self, level: i128) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let (share, edges) = (level as f64 / (THICKNESSES - 1) as f64, self.edges.len() as f64);
        let thickest = (THICKEST * (200.0 / edges.max(1.0)).sqrt()).clamp(1.6, THICKEST);
        0.4 + share * (thickest - 0.4)
    }

    fn account(&self, at: usize, node: &GraphNode) -> Markup {
        let y = self.heights.get(at).copied().unwrap_or(0.0);
        let name = node.account.as_ref().map_or_else(|| counted(node.accounts, "account"), |id| id.as_str().to_owned());
        #[expect(clippy::cast_precision_loss, reason = "numbers of accounts")]
        let radius = (1.6 + (node.accounts as f64).ln().max(0.0)).min(9.0);
        html! {
            circle.account cx=(number(self.left())) cy=(number(y)) r=(number(radius)) { title { (name) } }
            @if self.is_named() || node.account.is_none() && node.accounts > LABELLED_GROUP {
                text.name x=(number(self.left() - 12.0)) y=(number(y + 4.0)) text-anchor="end" { (shortened(&name, LETTERS)) }
            }
        }
    }

    fn key(&self, at: usize, node: &GraphNode) -> Markup {
        let y = self.heights.get(at).copied().unwrap_or(0.0);
        let left = number(RIGHT);
        html! {
            @if node.kind.family() == Some(Family::Content) {
                path.key.content d={ "M" (left) " " (number(y)) "l5-5 5 5-5 5z" } {}
            } @else {
                path.key.infrastructure d={ "M" (left) " " (number(y - 4.5)) "h9v9h-9z" } {}
            }
            text x=(number(RIGHT + 18.0)) y=(number(y + 4.0)) {
                title { (what(node)) " " (node.fingerprint.as_deref().unwrap_or_default()) }
                tspan.name { (what(node)) }
                " · " (counted(node.accounts, "account")) " · " (outside(node))
            }
        }
    }

    /// The same as a table, for whoever does not see the drawing.
    fn listed(&self, graph: &EvidenceGraph) -> Markup {
        html! {
            details {
                summary { "The same as a table" }
                (scrolling("What they share", &html! {
                    table.sorted {
                        caption { "Fingerprints under the local key" }
                        thead {
                            tr {
                                th scope="col" { "Shared" }
                                th scope="col" { "Fingerprint" }
                                th.number scope="col" { "Of the kind" }
                                th.number scope="col" { "Accounts" }
                                th.number scope="col" { "Outside" }
                            }
                        }
                        tbody {
                            @for node in self.keys.iter().filter_map(|at| graph.nodes.get(*at)) {
                                tr {
                                    th scope="row" { (capitalised(node_kind(node.kind))) }
                                    td.id { (node.fingerprint.as_deref().unwrap_or_default()) }
                                    td.number { (count(node.keys)) }
                                    td.number { (count(node.accounts)) }
                                    td.number { (count(node.outside)) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

/// Groups of more accounts have their number beside them.
const LABELLED_GROUP: u64 = 4;

fn what(node: &GraphNode) -> String {
    let name = node_kind(node.kind);
    match (node.kind, node.keys) {
        (NodeKind::Wording, passages) => format!("{name}, {}", counted(passages, "passage")),
        (_, 0 | 1) => name.into(),
        (_, keys) => format!("{name} × {}", count(keys)),
    }
}

fn outside(node: &GraphNode) -> String {
    if node.outside == 0 { "nobody outside".into() } else { format!("{} outside", count(node.outside)) }
}

fn class(family: Option<Family>) -> &'static str {
    if family == Some(Family::Content) { "content" } else { "infrastructure" }
}

fn ranks(nodes: &[usize]) -> BTreeMap<usize, usize> {
    nodes.iter().enumerate().map(|(rank, &node)| (node, rank)).collect()
}

/// Per node of one side, the mean place of what it is joined to, as a share of the height; weights count squared, so that
/// what is rare decides.
fn means(
    edges: impl Iterator<Item = (usize, usize, i64)>,
    places: &BTreeMap<usize, usize>,
    of: usize,
) -> BTreeMap<usize, (f64, f64)> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (node, other, weight) in edges {
        if let Some(&place) = places.get(&other) {
            #[expect(clippy::cast_precision_loss, reason = "places in a drawing")]
            let (place, weight) = (place as f64 / of.max(1) as f64, (weight as f64 + 1.0).powi(2));
            let (sum, weights) = sums.entry(node).or_default();
            *sum += place * weight;
            *weights += weight;
        }
    }
    sums
}

fn mean_of(sums: &BTreeMap<usize, (f64, f64)>, node: usize) -> f64 {
    sums.get(&node).map_or(0.5, |(sum, weights)| sum / weights)
}

/// As short as a drawing needs it.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), ToOwned::to_owned)
}
