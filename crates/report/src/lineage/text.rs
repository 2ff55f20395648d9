//! For a terminal.

use stillwatch_lineage::{
    Affected, Answer, Cited, Dependants, GateOutcome, GateResult, GraphDiff, Holding, ReviewGroup, Score, SwitchOption,
    TeacherConcentration, Verdict, Waiting, WhatIf,
};
use stillwatch_questionnaire::{Answered, Request};
use stillwatch_seal::Verification;
use stillwatch_weights::kinship::{Kinship, KinshipVerdict};

use super::phrases::{
    claim_text, counts, interval, left_out, named, names, place, score_outlook, told, waiting_text, way,
};
use super::{Entity, Form, Outlook, Review, Summary};
use crate::escape;
use crate::number::{count, counted, probability};
use crate::prose::{Page, Style};

const WIDTH: usize = 110;
/// Lines of a list that are shown; JSON has all, or as many as the result has.
const SHOWN: usize = 20;
/// Ways and places of an answer.
const PLACES: usize = 5;
/// Places of a sentence.
const FEW: usize = 3;

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
    if summary.teachers.taught > 0 {
        teachers(&mut page, &summary.teachers);
    }
    if summary.proposed > 0 {
        page.heading(Style::Bold, "Waiting for a reviewer");
        page.item(
            "  ",
            &format!(
                "{} read from words; confirm or reject with `lineage review`",
                counted(summary.proposed as u64, "statement")
            ),
        );
    }
    page.into_text()
}

/// Whose models the models of a graph learnt from.
fn teachers(page: &mut Page, told: &TeacherConcentration) {
    let taught = counted(u64::from(told.taught), "model");
    page.heading(Style::Bold, &format!("Learnt from another maker's outputs: {taught}"));
    for own in told.vendors.iter().take(SHOWN) {
        page.item(
            "  - ",
            &format!(
                "{}: {}, {} of which learnt from no other; by {}",
                named(&own.name),
                counted(u64::from(own.models), "model"),
                count(u64::from(own.alone)),
                own.teachers.iter().take(FEW).map(|name| named(name)).collect::<Vec<_>>().join(", ")
            ),
        );
    }
    more(page, told.vendors.len());
    page.item(
        "  ",
        &format!(
            "Herfindahl-Hirschman index {:.0} of 10,000 over these; of {} no document says whether they did",
            told.index,
            counted(u64::from(told.silent), "model")
        ),
    );
}

pub fn entity(entity: &Entity) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &format!("{} ({})", named(&entity.name), entity.kind));
    let parts = [
        ("Made of", &entity.edges, true),
        ("Attributes", &entity.attributes, false),
        ("Used by", &entity.used_by, true),
    ];
    for (title, known, are_names) in parts {
        if known.is_empty() {
            continue;
        }
        page.heading(Style::Bold, title);
        for known in known.iter().take(SHOWN) {
            let value = if are_names { named(&known.value) } else { known.value.clone() };
            page.item("  - ", &format!("{} {value}: {} ({})", known.what, known.verdict, known.evidence));
            known.cited.iter().take(FEW).for_each(|cited| page.item("      ", &place(cited)));
            cut(&mut page, known.cited.len(), FEW, None);
        }
        more(&mut page, known.len());
    }
    page.into_text()
}

pub fn answers(answers: &[Answer]) -> String {
    let mut page = Page::new(WIDTH, false);
    for answer in answers {
        page.heading(style(answer.verdict), &format!("{}: {}", answer.verdict, answer.text));
        page.item("  ", &told(&answer.statement, names(&answer.subject, &answer.paths, &answer.cited)));
        answer.paths.iter().take(PLACES).for_each(|path| page.item("  way   ", &way(path)));
        cut(&mut page, answer.paths.len(), PLACES, Some(Answer::MOST_PATHS));
        answer.cited.iter().take(PLACES).for_each(|cited| page.item("  says  ", &place(cited)));
        cut(&mut page, answer.cited.len(), PLACES, Some(Answer::MOST_CITED));
        waits(&mut page, &answer.waiting);
        let known = || names(&answer.subject, &answer.paths, &answer.cited);
        answer.ask_next.iter().for_each(|next| page.item("  ask   ", &told(next, known())));
    }
    page.into_text()
}

/// What waits for a reviewer, and what the answer would be.
fn waits(page: &mut Page, waiting: &Waiting) {
    if waiting.is_empty() {
        return;
    }
    page.item("  waits ", &waiting_text(waiting));
    for cited in waiting.changing.iter().take(PLACES) {
        page.item("        ", &format!("{} {}: {}", cited.document, cited.statement, claim_text(cited)));
    }
    cut(page, waiting.changing.len(), PLACES, None);
}

/// What is waiting once documents are imported.
pub fn outlook(outlook: &Outlook) -> String {
    if outlook.waiting == 0 {
        return String::new();
    }
    let mut page = Page::new(WIDTH, false);
    page.item(
        "",
        &format!(
            "{} read from prose {} for a reviewer; {}. Decide with `stillwatch lineage review`.",
            counted(outlook.waiting as u64, "statement"),
            if outlook.waiting == 1 { "waits" } else { "wait" },
            match outlook.changes.len() {
                0 => "none would change an answer".to_owned(),
                number => format!("confirmed, they would change {}", counted(number as u64, "answer")),
            }
        ),
    );
    for change in outlook.changes.iter().take(SHOWN) {
        page.item(
            "  - ",
            &format!("{}, {}: {} would become {}", named(&change.name), change.question, change.before, change.after),
        );
    }
    cut(&mut page, outlook.changes.len(), SHOWN, None);
    page.into_text()
}

pub fn score(score: &Score) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(
        Style::Bold,
        &format!("{}: grade {}, {}", named(&score.name), score.grade, interval(score.low, score.high)),
    );
    page.item("", &format!("Profile {}. {}.", score.profile, counts(&score.counts)));
    if let Some(why) = &score.capped {
        page.item("", &format!("The grade is capped: {why}."));
    }
    if let Some(waiting) = &score.waiting {
        page.item("", &score_outlook(waiting));
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
    let all = |names: &[String]| names.iter().map(|name| named(name)).collect::<Vec<_>>().join(", ");
    let options = |left: &[SwitchOption]| left.iter().map(option).collect::<Vec<_>>().join(", ");
    if !result.weakened.is_empty() {
        page.heading(Style::Bold, "Lost an alternative and has others");
        for switch in result.weakened.iter().take(SHOWN) {
            page.item(
                "  - ",
                &format!(
                    "{}: {} without {}; left: {}",
                    named(&switch.name),
                    switch.edge,
                    all(&switch.lost),
                    options(&switch.left)
                ),
            );
        }
        more(&mut page, result.weakened.len());
    }
    for held in &result.concentration {
        let few: Vec<String> = held.holdings.iter().take(FEW).map(holding).collect();
        let more = held.holdings.len().saturating_sub(FEW);
        let more = if more > 0 { format!(" and {} more", count(more as u64)) } else { String::new() };
        page.heading(Style::Bold, &format!("Concentration, {}", held.edge));
        page.item(
            "  ",
            &format!(
                "Herfindahl-Hirschman index {:.0} to {:.0} of 10,000, with shares known for {:.0} %: {}{more}",
                held.low,
                held.high,
                held.known,
                few.join(", ")
            ),
        );
    }
    result.notes.iter().for_each(|note| page.item("note: ", note));
    page.into_text()
}

/// A name with the countries in which it is hosted.
fn option(option: &SwitchOption) -> String {
    let places = match option.jurisdictions.as_slice() {
        [] => "no document says where it is hosted".to_owned(),
        known => known.iter().map(|place| named(place)).collect::<Vec<_>>().join(", "),
    };
    format!("{} ({places})", named(&option.name))
}

pub fn gate(result: &GateResult) -> String {
    let mut page = Page::new(WIDTH, false);
    let subject = named(result.subject.as_str());
    let heading = match result.outcome() {
        GateOutcome::Allowed => format!("{subject} may do work of class {}", result.class),
        GateOutcome::Undecided => format!(
            "undecided whether {subject} may do work of class {}: {} not known to be kept",
            result.class,
            if result.undecided.len() == 1 {
                "1 rule is".to_owned()
            } else {
                format!("{} rules are", result.undecided.len())
            }
        ),
        GateOutcome::Denied => format!("{subject} may not do work of class {}", result.class),
    };
    page.heading(Style::Bold, &heading);
    for violation in &result.violations {
        page.item("  violated  ", &format!("{}: {}", violation.rule, violation.statement));
        if !violation.path.is_empty() {
            page.item("            ", &way(&violation.path));
        }
    }
    for open in &result.undecided {
        page.item("  undecided ", &format!("{}: {}", open.rule, open.statement));
        for cited in open.waiting.iter().take(PLACES) {
            page.item("    waits   ", &format!("{} {}: {}", cited.document, cited.statement, claim_text(cited)));
        }
        cut(&mut page, open.waiting.len(), PLACES, None);
    }
    result.passed.iter().for_each(|rule| page.item("  kept      ", rule));
    page.into_text()
}

pub fn difference(diff: &GraphDiff) -> String {
    let mut page = Page::new(WIDTH, false);
    if !diff.answers.is_empty() {
        page.heading(Style::Bold, "Answers that are not as they were");
    }
    for own in diff.answers.iter().take(10 * SHOWN) {
        let changes: Vec<String> = own
            .changes
            .iter()
            .map(|own| {
                if own.before == own.after {
                    format!("{}: {}, with other reasons", own.question, own.after)
                } else {
                    format!("{}: {} -> {}", own.question, own.before, own.after)
                }
            })
            .collect();
        page.item("  - ", &format!("{}: {}", named(&own.name), changes.join("; ")));
    }
    cut(&mut page, diff.answers.len(), 10 * SHOWN, None);
    page.heading(Style::Bold, &counted(diff.changes.len() as u64, "change"));
    for change in diff.changes.iter().take(10 * SHOWN) {
        let state =
            |verdict: Option<Verdict>| verdict.map_or_else(|| "not there".to_owned(), |verdict| verdict.to_string());
        page.item(
            "  - ",
            &format!(
                "{}: {} {} {}: {} -> {}{}",
                change.kind,
                named(&change.subject),
                change.predicate,
                named(&change.object),
                state(change.before),
                state(change.after),
                change.downstream.map_or_else(String::new, |all| format!("; {} downstream", count(all as u64)))
            ),
        );
    }
    cut(&mut page, diff.changes.len(), 10 * SHOWN, None);
    list(&mut page, "Appeared", &diff.appeared);
    list(&mut page, "Disappeared", &diff.disappeared);
    page.into_text()
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
    cut(&mut page, proposals.proposals.len(), 10 * SHOWN, None);
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

/// What waits, grouped by what it would change.
pub fn review_groups(groups: &[ReviewGroup]) -> String {
    let mut page = Page::new(WIDTH, false);
    let waiting: usize = groups.iter().map(|group| group.statements.len()).sum();
    if waiting == 0 {
        page.heading(Style::Bold, "Nothing waits for a reviewer");
    }
    for group in groups {
        page.heading(Style::Bold, &group_heading(group));
        for cited in group.statements.iter().take(10 * SHOWN) {
            page.item("  - ", &format!("{} {}: {}", cited.document, cited.statement, claim_text(cited)));
        }
        cut(&mut page, group.statements.len(), 10 * SHOWN, None);
    }
    page.into_text()
}

/// One statement to decide on, with the keys.
pub fn review_item(group: &ReviewGroup, cited: &Cited, number: usize, of: usize) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &format!("{number} of {of}: {}", group_heading(group)));
    page.item("  ", &claim_text(cited));
    page.item("  ", "c confirm   r reject   s later   u undo   q end");
    page.into_text()
}

fn group_heading(group: &ReviewGroup) -> String {
    let changes: Vec<String> =
        group.changes.iter().map(|own| format!("{} {} to {}", own.question, own.before, own.after)).collect();
    let name = named(&group.name);
    if changes.is_empty() {
        format!("{name}: would change no answer")
    } else {
        format!("{name}: would change {}", changes.join(", "))
    }
}

/// What depends on something.
pub fn dependants(found: &Dependants) -> String {
    let mut page = Page::new(WIDTH, false);
    page.heading(Style::Bold, &format!("What depends on {} ({})", named(&found.name), found.kind));
    let parts = [
        ("Holds something of it", &found.content),
        ("Could not be made again without it", &found.reproducibility),
        ("Could not be had or run without it", &found.availability),
    ];
    for (title, affected) in parts {
        page.heading(Style::Bold, &format!("{title}: {}", count(affected.len() as u64)));
        affected.iter().take(SHOWN).for_each(|affected| page.item("  - ", &affected_text(affected)));
        more(&mut page, affected.len());
    }
    if found.waiting > 0 {
        let text = format!("{} more, if what waits for a reviewer is confirmed", count(found.waiting as u64));
        page.item("waits: ", &text);
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

/// What is found of a publication, with its seal.
pub fn publication(folder: &str, subject: Option<&str>, seal: &Verification, problems: &[String]) -> String {
    let mut page = Page::new(WIDTH, false);
    let subject = subject.map_or_else(|| "what it is about is not known".to_owned(), named);
    page.heading(Style::Bold, &format!("{}: {subject}", named(folder)));
    for problem in problems {
        page.item("  - ", problem);
    }
    page.into_text() + &verification(seal)
}

/// The questionnaires that can be chosen.
pub fn listed(forms: &[Form]) -> String {
    let mut page = Page::new(WIDTH, false);
    for form in forms {
        page.item(
            "",
            &format!(
                "{} ({}): {}, {}, {}; {}; read on {} at {}",
                form.id,
                form.kind,
                form.title,
                form.issuer,
                form.version,
                counted(form.items as u64, "item"),
                form.read_on,
                form.source.join(" and ")
            ),
        );
    }
    page.into_text()
}

/// Questions for a vendor.
pub fn request(request: &Request) -> String {
    let mut page = Page::new(WIDTH, false);
    let open = counted(request.wishes.len() as u64, "question");
    page.heading(
        Style::Bold,
        &format!(
            "{open} to the vendor of {}; {} answered already",
            named(&request.name),
            count(request.answered as u64)
        ),
    );
    for wish in &request.wishes {
        page.item("  - ", &format!("{}: {}", wish.items.join(", "), wish.question));
        wish.also.iter().for_each(|also| page.item("    also    ", also));
        if !wish.counts.is_empty() {
            page.item("    counts  ", &wish.counts);
        }
        page.item("    known   ", &wish.why);
    }
    page.into_text()
}

/// What a vendor's answers are worth.
pub fn answered(answered: &Answered) -> String {
    let mut page = Page::new(WIDTH, false);
    let counts = answered.counts();
    let told: Vec<String> = counts.iter().map(|(worth, number)| format!("{number} {worth}")).collect();
    page.heading(
        Style::Bold,
        &format!(
            "{} on {}: {}; {} missing",
            counted(answered.answers.len() as u64, "answer"),
            answered.name,
            told.join(", "),
            count(answered.missing.len() as u64)
        ),
    );
    for own in &answered.answers {
        let style = if own.against.is_empty() { Style::Bold } else { Style::Red };
        page.heading(style, &format!("{} {}: {}, {:.2}", own.path, own.item, own.worth, own.probability));
        page.item("  asked   ", &own.question);
        page.item("  answer  ", &own.answer);
        own.why.iter().for_each(|why| page.item("  why     ", why));
        page.item("  verdict ", &format!("{} before, {} with the answers", own.before, own.after));
        for sentence in own.against.iter().take(FEW) {
            let places: Vec<String> = sentence.cited.iter().take(FEW).map(place).collect();
            page.item("  against ", &format!("{} {}", sentence.text, places.join("; ")));
        }
    }
    list(&mut page, "Not answered", &answered.missing);
    for told in &answered.diagnostics {
        page.item("note: ", &format!("{}: {} ({})", told.path, told.message, told.code));
    }
    page.into_text()
}

/// What a comparison of weights shows, and what it cannot.
/// `left` and `right`: the names of the two models.
pub fn kinship(left: &str, right: &str, found: &Kinship) -> String {
    let mut page = Page::new(WIDTH, false);
    let style = if found.verdict == KinshipVerdict::NotIndependent { Style::Red } else { Style::Bold };
    page.heading(style, &format!("{} and {}: {}", named(left), named(right), found.verdict.as_str()));
    page.item("", &format!("{}.", found.statement));
    page.item("  header  ", found.header.as_str());
    page.item(
        "  p       ",
        &format!(
            "{} at a level of {}, corrected for {}; {} was the smallest possible",
            probability(found.p_value),
            probability(found.alpha),
            counted(found.corrected_for as u64, "trial"),
            probability(found.smallest)
        ),
    );
    page.item("  null    ", &found.null);
    if !found.trials.is_empty() {
        page.heading(Style::Bold, "Trials");
        found.trials.iter().take(SHOWN).for_each(|trial| page.item("  - ", &trial.to_string()));
        more(&mut page, found.trials.len());
    }
    list(&mut page, "Not tested", &found.not_tested);
    list(&mut page, "What this does not show", &found.limits);
    page.into_text()
}

fn holding(holding: &Holding) -> String {
    let share = holding.share.map_or_else(|| "share unknown".to_owned(), |share| format!("{share:.0} %"));
    format!("{} ({share}, {})", named(&holding.name), counted(holding.subjects.into(), "dependant"))
}

fn affected_text(affected: &Affected) -> String {
    let way = if affected.path.is_empty() { String::new() } else { format!(": {}", way(&affected.path)) };
    let worst = affected.worst.map_or_else(String::new, |worst| format!(", {worst}"));
    format!("{} ({}), {} deep{worst}{way}", named(&affected.name), affected.kind, affected.depth)
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
    cut(page, length, SHOWN, None);
}

/// Says what is not shown; `most` is how many the result itself has at most.
fn cut(page: &mut Page, length: usize, shown: usize, most: Option<usize>) {
    if let Some(text) = left_out(length, shown, most) {
        page.item("    ", &text);
    }
}
