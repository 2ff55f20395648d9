//! The graph that a model rests on, drawn: the model on the left, what it is made of to the right, a column for each edge
//! between. Places depend on the graph alone, so that two reports of one state look the same.

use std::collections::BTreeSet;
use std::fmt::Write;

use maud::{Markup, html};
use stillwatch_lineage::{NodeKey, Picture, PictureEdge, PictureNode, Verdict};

use super::Report;
use super::phrases::named;
use super::places::{Places, verdict};
use crate::escape::is_unsafe;
use crate::html::scrolling;
use crate::number::{count, counted};

const BOX: (f64, f64) = (196.0, 38.0);
/// From one column to the next, and from one row to the next.
const PITCH: (f64, f64) = (262.0, 57.0);
const EDGE: f64 = 10.0;
const LETTERS: usize = 27;
/// Rounds in which each column is ordered by the places of its neighbours.
const ROUNDS: usize = 8;

pub(super) fn figure(report: &Report, picture: &Picture, places: &Places<'_>) -> Markup {
    let drawing = Drawing::new(report, picture);
    let summary = format!(
        "{} and {}{}.",
        counted(picture.nodes.len() as u64, "thing"),
        counted(picture.edges.len() as u64, "edge"),
        match (picture.omitted, picture.uncounted) {
            (0, false) => String::new(),
            (more, false) => format!("; {} more are left out, the farthest first", count(more as u64)),
            (more, true) => format!("; more than {} more are left out, the farthest first", count(more as u64)),
        }
    );
    html! {
        figure {
            (scrolling("Lineage graph", &drawing.svg(&summary)))
            figcaption {
                (summary) " Read from left to right: what stands on the right went into, governs or carries what stands on the \
                left. "
                @if !report.conflicts.is_empty() {
                    "Where it says “terms in conflict”, the licence declared does not lift the terms that bind the thing. "
                }
                "Lines: "
                @for verdict in [Verdict::Evidenced, Verdict::Disclosed, Verdict::Contradicted, Verdict::Unknown] {
                    span.swatch {
                        svg.sample viewBox="0 0 28 8" aria-hidden="true" { path class={ "way " (verdict) } d="M0 4h28" {} }
                        " " (verdict)
                    } " "
                }
            }
        }
        details {
            summary { "The same as a table" }
            (scrolling("Edges of the graph", &html! {
                table.sorted.wide {
                    thead { tr {
                        th scope="col" { "From" } th scope="col" { "Edge" } th scope="col" { "To" } th scope="col" { "Verdict" }
                        th scope="col" { "Evidence" } th scope="col" { "Place" }
                    } }
                    tbody {
                        @for edge in &picture.edges {
                            tr {
                                th scope="row" { (places.node(&edge.step.subject, &edge.step.subject_name)) }
                                td.nowrap { @if edge.denied { "not " } (edge.step.edge) }
                                td { (places.node(&edge.step.object, &edge.step.object_name)) }
                                td { (verdict(edge.step.verdict)) }
                                td.nowrap { (edge.step.evidence) }
                                td.text { (places.document(&edge.step.document)) " " span.id { (edge.step.path) } }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// Where each node stands.
struct Drawing<'p> {
    picture: &'p Picture,
    /// On a way to terms that the licence declared does not lift.
    in_conflict: BTreeSet<(&'p NodeKey, &'p NodeKey)>,
    /// Upper left corner of each node.
    corners: Vec<(f64, f64)>,
    size: (f64, f64),
}

impl<'p> Drawing<'p> {
    fn new(report: &'p Report, picture: &'p Picture) -> Self {
        let steps = report.conflicts.iter().flat_map(|conflict| &conflict.path);
        let in_conflict = steps.map(|step| (&step.subject, &step.object)).collect();
        let columns = columns(picture);
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let height = number(rows) * PITCH.1;
        let mut corners = vec![(EDGE, EDGE); picture.nodes.len()];
        for (column, nodes) in columns.iter().enumerate() {
            let above = (height - number(nodes.len()) * PITCH.1) / 2.0;
            for (row, &node) in nodes.iter().enumerate() {
                corners[node] = (EDGE + number(column) * PITCH.0, EDGE + above + number(row) * PITCH.1);
            }
        }
        let width = number(columns.len().saturating_sub(1)) * PITCH.0 + BOX.0;
        Self { picture, in_conflict, corners, size: (width + 2.0 * EDGE, height + 2.0 * EDGE) }
    }

    fn svg(&self, summary: &str) -> Markup {
        let (width, height) = (self.size.0.ceil(), self.size.1.ceil());
        html! {
            svg.lineage viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-label=(summary) {
                @for edge in &self.picture.edges { (self.edge(edge)) }
                @for (node, corner) in self.picture.nodes.iter().zip(&self.corners) { (thing(node, *corner)) }
                @for edge in &self.picture.edges {
                    @if let (Some(warning), Some((x, y))) = (self.warning(edge), self.corners.get(edge.to as usize)) {
                        text.warning x=(short(x + 10.0)) y=(short(y + BOX.1 + 12.0)) { (warning) }
                    }
                }
            }
        }
    }

    fn warning(&self, edge: &PictureEdge) -> Option<&'static str> {
        if edge.step.verdict == Verdict::Contradicted {
            Some("contradicted")
        } else {
            self.in_conflict.contains(&(&edge.step.subject, &edge.step.object)).then_some("terms in conflict")
        }
    }

    fn edge(&self, edge: &PictureEdge) -> Markup {
        let (start, end) = self.ends(edge);
        let mut path = String::new();
        // A way back, or within a column, goes round on the right.
        let bend = if end.0 > start.0 { (end.0 - start.0) / 2.0 } else { 48.0 };
        let back = if end.0 > start.0 { end.0 - bend } else { end.0 + 48.0 };
        // Writing to a string does not fail.
        let _ = write!(
            path,
            "M{} {}C{} {} {} {} {} {}",
            short(start.0),
            short(start.1),
            short(start.0 + bend),
            short(start.1),
            short(back),
            short(end.1),
            short(end.0),
            short(end.1)
        );
        let not = if edge.denied { "not " } else { "" };
        let step = &edge.step;
        let tip =
            format!("{} {not}{} {}: {}", named(&step.subject_name), step.edge, named(&step.object_name), step.verdict);
        let shown = if self.warning(edge).is_some() { Verdict::Contradicted } else { step.verdict };
        html! { path class={ "way " (shown) } d=(path) { title { (tip) } } }
    }

    fn ends(&self, edge: &PictureEdge) -> ((f64, f64), (f64, f64)) {
        let corner = |at: u32| self.corners.get(at as usize).copied().unwrap_or_default();
        let (from, to) = (corner(edge.from), corner(edge.to));
        let middle = BOX.1 / 2.0;
        let entry = if to.0 > from.0 { to.0 } else { to.0 + BOX.0 };
        ((from.0 + BOX.0, from.1 + middle), (entry, to.1 + middle))
    }
}

fn thing(node: &PictureNode, (x, y): (f64, f64)) -> Markup {
    let kind = node.kind.to_string().replace('-', " ");
    let role = node.role.map_or_else(String::new, |role| format!(" · {}", role.as_str().replace('-', " ")));
    let round = if node.role.is_none() { "3" } else { "7" };
    html! {
        g class={ "thing " (node.kind) } {
            title { (named(&node.name)) " (" (named(node.key.as_str())) ")" }
            rect x=(short(x)) y=(short(y)) width=(BOX.0) height=(BOX.1) rx=(round) {}
            text.name x=(short(x + 10.0)) y=(short(y + 16.0)) { (fitted(&node.name, LETTERS)) }
            text x=(short(x + 10.0)) y=(short(y + 30.0)) { (fitted(&format!("{kind}{role}"), LETTERS + 3)) }
        }
    }
}

/// As much of a text as has room beside an ellipsis, in letters of Latin. Others may be twice as wide, and what the page
/// spells out is as long as it is spelt.
fn fitted(text: &str, room: usize) -> String {
    let width = |letter: char| match letter {
        letter if is_unsafe(letter) => letter.escape_unicode().count(),
        letter if letter.is_ascii() => 1,
        _ => 2,
    };
    let mut taken = 0;
    // The end of what fits with an ellipsis behind it.
    let mut cut = 0;
    for (at, letter) in text.char_indices() {
        taken += width(letter);
        if taken > room {
            return format!("{}…", &text[..cut]);
        }
        if taken < room {
            cut = at + letter.len_utf8();
        }
    }
    text.to_owned()
}

/// Nodes by depth, each column in an order that keeps lines short (barycentre method of Sugiyama, Tagawa and Toda, 1981).
fn columns(picture: &Picture) -> Vec<Vec<usize>> {
    let depth = |node: &PictureNode| node.depth as usize;
    let mut columns = vec![Vec::new(); picture.nodes.iter().map(depth).max().unwrap_or(0) + 1];
    for (at, node) in picture.nodes.iter().enumerate() {
        columns[depth(node)].push(at);
    }
    let mut neighbours = vec![Vec::new(); picture.nodes.len()];
    for edge in &picture.edges {
        let (from, to) = (edge.from as usize, edge.to as usize);
        if from < neighbours.len() && to < neighbours.len() {
            neighbours[from].push(to);
            neighbours[to].push(from);
        }
    }
    let mut heights = vec![0.0; picture.nodes.len()];
    for round in 0..ROUNDS {
        for column in &columns {
            for (row, &node) in column.iter().enumerate() {
                heights[node] = number(row) - number(column.len()) / 2.0;
            }
        }
        let last = columns.len() - 1;
        for step in 0..=last {
            let column = &mut columns[if round % 2 == 0 { step } else { last - step }];
            let mean = |node: usize| {
                let around = &neighbours[node];
                let sum: f64 = around.iter().map(|&other| heights[other]).sum();
                if around.is_empty() { heights[node] } else { sum / number(around.len()) }
            };
            column.sort_by(|a, b| mean(*a).total_cmp(&mean(*b)).then(a.cmp(b)));
            let means: Vec<f64> = (0..column.len()).map(|row| number(row) - number(column.len()) / 2.0).collect();
            column.iter().zip(means).for_each(|(&node, height)| heights[node] = height);
        }
    }
    columns
}

#[expect(clippy::cast_precision_loss, reason = "numbers of things in a drawing")]
fn number(count: usize) -> f64 {
    count as f64
}

/// As short as a drawing needs it.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn wide_letters_and_spelt_out_ones_stay_in_the_box() {
        assert_eq!(fitted("llama", 5), "llama");
        assert_eq!(fitted("llamas", 5), "llam…");
        assert_eq!(fitted("文心一言", 8), "文心一言");
        assert_eq!(fitted("文心一言大", 8), "文心一…");
        assert_eq!(fitted("a\u{202e}b", 5), "a…");
        assert_eq!(fitted("a·b", 30), "a·b");
    }
}
