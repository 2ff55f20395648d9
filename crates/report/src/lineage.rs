//! What a graph of lineage says, for people: every sentence with the document and the place that it rests on.

use std::collections::BTreeMap;

use serde::Serialize;
use stillwatch_lineage::custody::Verification;
use stillwatch_lineage::{
    Affected, Answer, Cited, Counts, EntityId, EvidenceKind, GateResult, Graph, GraphDiff, NodeKey, Proposals, Score,
    Step, Verdict, WhatIf,
};

use crate::escape;
use crate::markdown::Markdown;
use crate::number::{count, counted};
use crate::prose::{Page, Style};

const WIDTH: usize = 110;
/// Lines of a list that are shown; JSON has all.
const SHOWN: usize = 20;

/// What a graph holds.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub documents: usize,
    pub statements: usize,
    /// By kind.
    pub entities: BTreeMap<String, usize>,
    /// Names that are mentioned and never described.
    pub dangling: Vec<String>,
    /// Statements read from words that wait for a reviewer.
    pub proposed: usize,
    pub models: Vec<String>,
}

impl Summary {
    pub fn of(graph: &Graph<'_>) -> Self {
        let mut entities = BTreeMap::<String, usize>::new();
        let mut models = Vec::new();
        for id in graph.ids() {
            let kind = graph.kind(id);
            *entities.entry(kind.to_string()).or_default() += 1;
            if kind == stillwatch_lineage::NodeKind::Model {
                models.push(graph.key(id).to_string());
            }
        }
        Self {
            documents: graph.ledger().documents().len(),
            statements: graph.ledger().statements(),
            entities,
            dangling: graph.dangling().into_iter().map(|id| graph.name(id).to_owned()).collect(),
            proposed: graph.proposed().len(),
            models,
        }
    }
}

/// What is known of one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Entity {
    pub key: NodeKey,
    pub name: String,
    pub kind: String,
    pub keys: Vec<NodeKey>,
    pub edges: Vec<Known>,
    pub attributes: Vec<Known>,
    /// What is made from it, supplied by it or describes it.
    pub used_by: Vec<Known>,
}

/// An edge or an attribute, and who says so.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    pub what: String,
    pub value: String,
    pub verdict: Verdict,
    pub evidence: EvidenceKind,
    pub cited: Vec<Cited>,
}

impl Entity {
    pub fn of(graph: &Graph<'_>, id: EntityId) -> Self {
        let edge = |edge: &stillwatch_lineage::Edge, other: EntityId| Known {
            what: if edge.denied { format!("not {}", edge.kind) } else { edge.kind.to_string() },
            value: graph.name(other).to_owned(),
            verdict: edge.verdict,
            evidence: edge.best,
            cited: graph.cite_edge(edge),
        };
        let attribute = |fact: &stillwatch_lineage::Fact| {
            let cited = graph.cite_fact(fact);
            let mut values: Vec<&str> = cited.iter().map(|cited| cited.object.as_str()).collect();
            values.sort_unstable();
            values.dedup();
            let value = values.join(" / ");
            Known { what: graph.predicate(fact).to_string(), value, verdict: fact.verdict, evidence: fact.best, cited }
        };
        Self {
            key: graph.key(id),
            name: graph.name(id).to_owned(),
            kind: graph.kind(id).to_string(),
            keys: graph.keys(id),
            edges: graph.out(id).iter().map(|own| edge(own, own.object)).collect(),
            attributes: graph.facts_of(id).iter().map(attribute).collect(),
            used_by: graph.incoming(id).map(|own| edge(own, own.subject)).collect(),
        }
    }
}

/// All that a graph says of one model.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub entity: Entity,
    pub score: Score,
    pub answers: Vec<Answer>,
}

impl Report {
    pub fn of(graph: &Graph<'_>, id: EntityId, answers: Vec<Answer>, score: Score) -> Self {
        Self { entity: Entity::of(graph, id), score, answers }
    }
}

pub fn summary(summary: &Summary) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(
        Style::Bold,
        &format!(
            "{}, {}",
            counted(summary.documents as u64, "document"),
            counted(summary.statements as u64, "statement")
        ),
    );
    for (kind, number) in &summary.entities {
        page.item("  ", &format!("{} {kind}", count(*number as u64)));
    }
    list(&mut page, "Models", &summary.models);
    list(&mut page, "Named and never described", &summary.dangling);
    if summary.proposed > 0 {
        page.heading(Style::Bold, "Waiting for a reviewer");
        page.item(
            "  ",
            &format!(
                "{} read from words; confirm or reject with `lineage resolve`",
                counted(summary.proposed as u64, "statement")
            ),
        );
    }
    page.into_text()
}

pub fn entity(entity: &Entity) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &format!("{} ({})", entity.name, entity.kind));
    for (title, known) in [("Made of", &entity.edges), ("Attributes", &entity.attributes), ("Used by", &entity.used_by)]
    {
        if known.is_empty() {
            continue;
        }
        page.heading(Style::Bold, title);
        for known in known.iter().take(SHOWN) {
            page.item("  - ", &format!("{} {}: {} ({})", known.what, known.value, known.verdict, known.evidence));
            known.cited.iter().take(3).for_each(|cited| page.item("      ", &place(cited)));
        }
        more(&mut page, known.len());
    }
    page.into_text()
}

pub fn answers(answers: &[Answer]) -> String {
    let mut page = Page::new(WIDTH, false);
    for answer in answers {
        page.heading(style(answer.verdict), &format!("{}: {}", answer.verdict, answer.text));
        page.item("  ", &answer.statement);
        answer.paths.iter().take(5).for_each(|path| page.item("  way   ", &way(path)));
        answer.cited.iter().take(5).for_each(|cited| page.item("  says  ", &place(cited)));
        answer.ask_next.iter().for_each(|next| page.item("  ask   ", next));
    }
    page.into_text()
}

pub fn score(score: &Score) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &format!("{}: grade {}, {}", score.name, score.grade, interval(score.low, score.high)));
    page.item("", &format!("Profile {}. {}.", score.profile, counts(&score.counts)));
    if let Some(why) = &score.capped {
        page.item("", &format!("The grade is capped: {why}."));
    }
    for layer in &score.layers {
        let critical = if layer.critical { ", critical" } else { "" };
        page.heading(
            Style::Bold,
            &format!("  {} (weight {}{critical}): {}", layer.title, layer.weight, interval(layer.low, layer.high)),
        );
        for requirement in &layer.requirements {
            page.item("    - ", &format!("{}: {}", requirement.verdict, requirement.title));
        }
    }
    page.into_text()
}

pub fn what_if(result: &WhatIf) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &result.change);
    let parts = [
        ("To be looked at again under the terms", &result.unlawful),
        ("No longer reproducible", &result.irreproducible),
        ("No longer available", &result.unavailable),
    ];
    for (title, affected) in parts {
        page.heading(Style::Bold, &format!("{title}: {}", count(affected.len() as u64)));
        affected.iter().take(SHOWN).for_each(|affected| page.item("  - ", &affected_text(affected)));
        more(&mut page, affected.len());
    }
    if !result.weakened.is_empty() {
        page.heading(Style::Bold, "Lost an alternative and has others");
        for switch in result.weakened.iter().take(SHOWN) {
            page.item(
                "  - ",
                &format!(
                    "{}: {} without {}; left: {}",
                    switch.name,
                    switch.edge,
                    switch.lost.join(", "),
                    switch.left.join(", ")
                ),
            );
        }
    }
    result.notes.iter().for_each(|note| page.item("note: ", note));
    page.into_text()
}

pub fn gate(result: &GateResult) -> String {
    let mut page = Page::new(WIDTH, false);
    let heading = if result.violations.is_empty() {
        format!("{} may do work of class {}", result.subject, result.class)
    } else {
        format!("{} may not do work of class {}", result.subject, result.class)
    };
    page.heading(Style::Bold, &heading);
    for violation in &result.violations {
        page.item("  violated  ", &format!("{}: {}", violation.rule, violation.statement));
        if !violation.path.is_empty() {
            page.item("            ", &way(&violation.path));
        }
    }
    result.passed.iter().for_each(|rule| page.item("  kept      ", rule));
    page.into_text()
}

pub fn difference(diff: &GraphDiff) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &counted(diff.changes.len() as u64, "change"));
    for change in diff.changes.iter().take(10 * SHOWN) {
        let state =
            |verdict: Option<Verdict>| verdict.map_or_else(|| "not there".to_owned(), |verdict| verdict.to_string());
        page.item(
            "  - ",
            &format!(
                "{}: {} {} {}: {} -> {}; {} downstream",
                change.kind,
                change.subject,
                change.predicate,
                change.object,
                state(change.before),
                state(change.after),
                count(change.downstream as u64)
            ),
        );
    }
    list(&mut page, "Appeared", &diff.appeared);
    list(&mut page, "Disappeared", &diff.disappeared);
    page.into_text()
}

/// What waits for a reviewer.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    #[serde(flatten)]
    pub names: Proposals,
    /// Statements that were read from words and count once they are confirmed.
    pub statements: Vec<Cited>,
}

impl Review {
    pub fn of(graph: &Graph<'_>) -> Self {
        Self { names: graph.propose(), statements: graph.proposed() }
    }
}

pub fn review(review: &Review) -> String {
    let proposals = &review.names;
    let mut page = Page::new(WIDTH, false);
    page.heading(
        Style::Bold,
        &format!("{} that may mean one thing", counted(proposals.proposals.len() as u64, "pair")),
    );
    for proposal in proposals.proposals.iter().take(10 * SHOWN) {
        let reason = serde_json::to_value(proposal.reason).ok();
        let reason = reason.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        page.item("  - ", &format!("'{}' '{}': {reason}, {} %", proposal.left, proposal.right, proposal.confidence));
    }
    if !proposals.look_alikes.is_empty() {
        page.heading(Style::Bold, "Identifiers that look alike and are not equal");
        for pair in &proposals.look_alikes {
            page.item("  - ", &format!("'{}' '{}': {}", pair.left, pair.right, pair.difference));
        }
    }
    if !review.statements.is_empty() {
        page.heading(Style::Bold, "Read from words; confirm or reject by document and number");
        for cited in &review.statements {
            page.item(
                "  - ",
                &format!(
                    "{} {}: {} {} {}; {}",
                    cited.document,
                    cited.statement,
                    cited.subject,
                    cited.predicate,
                    cited.object,
                    place(cited)
                ),
            );
        }
    }
    page.into_text()
}

pub fn verification(told: &Verification) -> String {
    let mut page = Page::new(WIDTH, false);
    let verdict = if told.holds() { "as it was sealed" } else { "not as it was sealed" };
    page.heading(
        Style::Bold,
        &format!("{verdict}: {} intact, {} not", count(told.intact as u64), count(told.files.len() as u64)),
    );
    page.item("signed by ", &told.signer);
    told.files.iter().for_each(|file| page.item("  - ", &file.to_string()));
    told.unchecked.iter().for_each(|what| page.item("not checked: ", what));
    page.into_text()
}

/// All answers and the score in Markdown.
pub fn report(graph: &Graph<'_>, id: EntityId, answers: &[Answer], score: &Score) -> String {
    let entity = Entity::of(graph, id);
    let mut page = Markdown::default();
    page.heading(1, &format!("Provenance of {}", entity.name));
    page.paragraph(&format!(
        "Grade {} under profile {}: {}. {}.",
        score.grade,
        score.profile,
        interval(score.low, score.high),
        counts(&score.counts)
    ));
    if let Some(why) = &score.capped {
        page.paragraph(&format!("The grade is capped: {why}."));
    }
    page.paragraph("Outputs that were learnt from leave no trace in weights: where nothing is said, nothing is known.");
    for answer in answers {
        page.heading(2, &answer.text);
        page.point(&format!("{}.", answer.verdict), &answer.statement);
        answer.paths.iter().take(SHOWN).for_each(|path| page.bullet(&format!("Way: {}", way(path))));
        answer.cited.iter().take(SHOWN).for_each(|cited| page.bullet(&format!("Says: {}", place(cited))));
        answer.ask_next.iter().for_each(|next| page.bullet(&format!("Ask: {next}")));
    }
    page.heading(2, "Attributes");
    for known in &entity.attributes {
        page.bullet(&format!("{} {}: {} ({})", known.what, known.value, known.verdict, known.evidence));
        known.cited.iter().take(3).for_each(|cited| page.nested(&place(cited)));
    }
    page.text
}

fn place(cited: &Cited) -> String {
    let by = cited.said_by.as_ref().map_or_else(String::new, |by| format!(", says {by}"));
    let on = cited.said_on.map_or_else(String::new, |day| format!(" on {day}"));
    let quote = cited.quote.as_ref().map_or_else(String::new, |quote| format!(": “{quote}”"));
    format!("{} [{}] {}{by}{on} ({}){quote}", cited.name, cited.document, cited.path, cited.evidence)
}

fn way(path: &[Step]) -> String {
    let Some(first) = path.first() else { return String::new() };
    let steps = path.iter().map(|step| {
        format!(" — {} → {} ({}; {} {})", step.edge, step.object_name, step.verdict, step.document, step.path)
    });
    first.subject_name.clone() + &steps.collect::<String>()
}

fn affected_text(affected: &Affected) -> String {
    let way = if affected.path.is_empty() { String::new() } else { format!(": {}", way(&affected.path)) };
    format!("{} ({}), {} deep, {}{way}", affected.name, affected.kind, affected.depth, affected.worst)
}

fn interval(low: f64, high: f64) -> String {
    format!("{:.0} to {:.0} of 100, unknown as nothing and as everything", 100.0 * low, 100.0 * high)
}

fn counts(counts: &Counts) -> String {
    format!(
        "{} disclosed, {} evidenced, {} contradicted, {} unknown, {} not applicable",
        counts.disclosed, counts.evidenced, counts.contradicted, counts.unknown, counts.not_applicable
    )
}

fn style(verdict: Verdict) -> Style {
    if verdict == Verdict::Contradicted { Style::Red } else { Style::Bold }
}

fn list(page: &mut Page, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    page.heading(Style::Bold, title);
    items.iter().take(SHOWN).for_each(|item| page.item("  - ", &escape(item)));
    more(page, items.len());
}

fn more(page: &mut Page, length: usize) {
    if length > SHOWN {
        page.item("    ", &format!("and {} more; JSON has all", count((length - SHOWN) as u64)));
    }
}
