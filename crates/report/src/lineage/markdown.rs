//! For tickets and files.

use stillwatch_lineage::Answer;
use stillwatch_questionnaire::{Filled, Request};

use super::phrases::{
    MEANINGS, WEIGHTS_ARE_SILENT, claim_text, counts, interval, left_out, named, names, names_of, origin, place,
    score_outlook, standing, told, waiting_text, way, written_for,
};
use super::{Known, Report};
use crate::markdown::Markdown;
use crate::number::{count, counted};

/// Lines of a list that are shown; JSON has all, or as many as the result has.
const SHOWN: usize = 20;
/// Places of a sentence.
const PLACES: usize = 3;

/// All that a graph says of a model: grade, answers, filled questionnaires, attributes, documents.
pub fn markdown(report: &Report) -> String {
    let mut page = Markdown::default();
    page.heading(1, &format!("Provenance of {}", named(&report.entity.name)));
    let on = report.on.map_or_else(|| "From everything that was said so far.".into(), |on| format!("As of {on}."));
    if let Some(audience) = report.audience {
        page.paragraph(&format!("{on} {}", written_for(audience)));
    }
    if let Some(score) = &report.score {
        page.paragraph(&format!(
            "{on} Grade {} under profile {}: {}. {}.",
            score.grade,
            score.profile,
            interval(score.low, score.high),
            counts(&score.counts)
        ));
        if let Some(why) = &score.capped {
            page.paragraph(&format!("The grade is capped: {why}."));
        }
        if let Some(waiting) = &score.waiting {
            page.paragraph(&score_outlook(waiting));
        }
    }
    page.paragraph(WEIGHTS_ARE_SILENT);
    for (verdict, meaning) in MEANINGS {
        page.point(&format!("{verdict}:"), meaning);
    }
    for answer in &report.answers {
        page.heading(2, &answer.text);
        let statement = told(&answer.statement, names(&answer.subject, &answer.paths, &answer.cited));
        page.point(&format!("{}.", answer.verdict), &statement);
        page.cited("Said of", answer.subject.as_str(), "");
        answer.paths.iter().take(SHOWN).for_each(|path| page.bullet(&format!("Way: {}", way(path))));
        more(&mut page, answer.paths.len(), Some(Answer::MOST_PATHS));
        answer.cited.iter().take(SHOWN).for_each(|cited| page.bullet(&format!("Says: {}", place(cited))));
        more(&mut page, answer.cited.len(), Some(Answer::MOST_CITED));
        if !answer.waiting.is_empty() {
            page.bullet(&format!("Waits: {}", waiting_text(&answer.waiting)));
            answer.waiting.changing.iter().take(PLACES).for_each(|cited| page.nested(&claim_text(cited)));
        }
        let known = || names(&answer.subject, &answer.paths, &answer.cited);
        answer.ask_next.iter().for_each(|next| page.bullet(&format!("Ask: {}", told(next, known()))));
    }
    report.questionnaires.iter().for_each(|form| filled(&mut page, form));
    for (title, all, are_names) in
        [("Edges", &report.entity.edges, true), ("Attributes", &report.entity.attributes, false)]
    {
        known(&mut page, title, all, are_names);
    }
    page.heading(2, "Documents");
    for document in &report.documents {
        page.bullet(&format!("[{}] {} ({}), {}", document.id, named(&document.name), document.kind, document.digest));
    }
    page.text
}

/// Questions for a vendor, as a letter.
pub fn request(request: &Request) -> String {
    let mut page = Markdown::default();
    page.heading(1, &format!("Questions on {}", named(&request.name)));
    page.paragraph(&format!(
        "{}. Where you cannot answer, say so and why: an answer that is withheld is recorded as withheld, and one that names \
         nothing as none.",
        counted(request.wishes.len() as u64, "question")
    ));
    for wish in &request.wishes {
        page.heading(2, &wish.question);
        page.point("Serves", &wish.items.join(", "));
        wish.also.iter().for_each(|also| page.bullet(&format!("In particular: {also}")));
        if !wish.counts.is_empty() {
            page.point("An answer holds:", &wish.counts);
        }
        page.point("Known so far:", &wish.why);
    }
    page.text
}

fn filled(page: &mut Markdown, form: &Filled) {
    page.heading(2, &form.title);
    page.paragraph(&origin(form));
    page.paragraph(&form.notes);
    for section in &form.sections {
        page.heading(3, &section.title);
        for item in &section.items {
            page.point(&format!("{} {}", item.id, item.title), &standing(item));
            for sentence in &item.sentences {
                let places: Vec<String> = sentence.cited.iter().take(PLACES).map(place).collect();
                let text = told(&sentence.text, names(&sentence.node, &item.paths, &sentence.cited));
                page.cited(&text, sentence.node.as_str(), &places.join("; "));
            }
            if item.omitted > 0 {
                page.nested(&format!("and {} more; JSON has those up to its limit", count(item.omitted as u64)));
            }
            let known = || std::iter::once(form.name.as_str()).chain(names_of(item));
            item.ask.iter().for_each(|ask| page.nested(&format!("Ask: {}", told(ask, known()))));
        }
    }
}

fn known(page: &mut Markdown, title: &str, all: &[Known], are_names: bool) {
    if all.is_empty() {
        return;
    }
    page.heading(2, title);
    for known in all.iter().take(SHOWN) {
        let value = if are_names { named(&known.value) } else { known.value.clone() };
        page.bullet(&format!("{} {value}: {} ({})", known.what, known.verdict, known.evidence));
        known.cited.iter().take(PLACES).for_each(|cited| page.nested(&place(cited)));
    }
    more(page, all.len(), None);
}

fn more(page: &mut Markdown, length: usize, most: Option<usize>) {
    if let Some(text) = left_out(length, SHOWN, most) {
        page.bullet(&text);
    }
}
