//! The provenance report as one page that needs no network: grade, graph, answers, questionnaires, and every sentence with
//! the node and the documents that it rests on.

use maud::{Markup, html};
use stillwatch_lineage::{Answer, Cited, LayerScore, Score, Step};
use stillwatch_questionnaire::{Filled, FilledItem, Sentence, Status};

use super::phrases::{
    Link, MEANINGS, WEIGHTS_ARE_SILENT, counts, days, interval, left_out, links, named, names, names_of, object,
    origin, score_outlook, standing, told, waiting_text, written_for,
};
use super::places::{Places, verdict};
use super::{Known, Report, picture};
use crate::html::{Shell, scrolling};
use crate::number::{count, counted};

const STYLE: &str = include_str!("style.css");

/// Lines of a list that are shown; JSON has all, or as many as the result has.
const SHOWN: usize = 20;
/// Places of a sentence.
const PLACES: usize = 4;

/// The report as a page of HTML. It is complete in itself, works without its script, in light and dark and on paper.
pub fn html(report: &Report) -> String {
    let places = Places::of(report);
    let title = format!("Provenance of {}", named(&report.entity.name));
    let body = html! {
        header { (head(report)) }
        main {
            @if let Some(drawn) = &report.picture {
                section aria-labelledby="graph" {
                    h2 #graph { "What it rests on" }
                    (picture::figure(report, drawn, &places))
                }
            }
            @if !report.answers.is_empty() {
                section aria-labelledby="answers" {
                    h2 #answers tabindex="-1" { "Questions of a buyer" }
                    @for answer in &report.answers { (self::answer(answer, &places)) }
                }
            }
            @if let Some(score) = &report.score { (self::score(score)) }
            @if !report.questionnaires.is_empty() {
                section aria-labelledby="questionnaires" {
                    h2 #questionnaires tabindex="-1" { "Questionnaires" }
                    div.tools #unfold {}
                    @for form in &report.questionnaires { (filled(form, &places)) }
                }
            }
            (known(("Edges", "edges"), &report.entity.edges, true, &places))
            (known(("Attributes", "attributes"), &report.entity.attributes, false, &places))
            (known(("Used by", "used-by"), &report.entity.used_by, true, &places))
            (things(&places))
            (documents(report))
        }
        footer {
            (report.schema) ". A verdict says what the documents support, not what is true. " (WEIGHTS_ARE_SILENT)
        }
    };
    let skip = match (report.answers.is_empty(), report.questionnaires.is_empty()) {
        (false, _) => ("answers", "the answers"),
        (true, false) => ("questionnaires", "the questionnaires"),
        (true, true) => ("documents", "the documents"),
    };
    Shell { title: &title, skip, style: STYLE }.page(&body)
}

fn head(report: &Report) -> Markup {
    html! {
        p.mark {
            "Provenance report, "
            @match report.on { Some(on) => { "as of " (on) } None => "from everything that was said so far" }
        }
        h1 { "Provenance of " (named(&report.entity.name)) }
        @if let Some(audience) = report.audience { p.lede { (written_for(audience)) } }
        @if let Some(score) = &report.score {
            p.lede {
                span.grade { "Grade " (score.grade) } " under the profile " (score.profile) ": " (interval(score.low, score.high)) "."
            }
            (bar(score.low, score.high))
            @if let Some(why) = &score.capped { p { "The grade is capped: " (why) "." } }
            @if let Some(waiting) = &score.waiting { p { (score_outlook(waiting)) } }
            p { (counts(&score.counts)) " of what the profile wants." }
        }
        p { (WEIGHTS_ARE_SILENT) }
        dl.meanings {
            @for (own, meaning) in MEANINGS { div { dt { (verdict(own)) } dd { (meaning) } } }
        }
    }
}

/// From 0 to 1: what is sure, and what is open.
fn bar(low: f64, high: f64) -> Markup {
    let end = |share: f64| format!("{:.1}", 200.0 * share.clamp(0.0, 1.0));
    let label = format!("{:.0} to {:.0} of 100", 100.0 * low, 100.0 * high);
    html! {
        svg.bar viewBox="0 0 200 10" preserveAspectRatio="none" role="img" aria-label=(label) {
            rect.whole x="0" y="0" width="200" height="10" {}
            rect.open x="0" y="0" width=(end(high)) height="10" {}
            rect.sure x="0" y="0" width=(end(low)) height="10" {}
        }
    }
}

fn answer(answer: &Answer, places: &Places<'_>) -> Markup {
    html! {
        article.question {
            h3 { (answer.text) }
            p { (verdict(answer.verdict)) }
            p { (told(&answer.statement, names(&answer.subject, &answer.paths, &answer.cited))) " " span.cites { "[" (places.node(&answer.subject, answer.subject.as_str())) "]" } }
            (ways(&answer.paths, places))
            (cites("Who says so", &answer.cited, places))
            @if !answer.waiting.is_empty() {
                p { (waiting_text(&answer.waiting)) }
                (cites("What waits and would change it", &answer.waiting.changing, places))
            }
            (asks(&answer.ask_next, || names(&answer.subject, &answer.paths, &answer.cited)))
        }
    }
}

fn ways(paths: &[Vec<Step>], places: &Places<'_>) -> Markup {
    html! {
        @if !paths.is_empty() {
            details open[paths.len() <= PLACES] {
                summary { (counted(paths.len() as u64, "way")) " through the graph" }
                ul {
                    @for path in paths.iter().take(SHOWN) { li { (way(path, places)) } }
                    @if let Some(text) = left_out(paths.len(), SHOWN, Some(Answer::MOST_PATHS)) { li { (text) } }
                }
            }
        }
    }
}

fn way(path: &[Step], places: &Places<'_>) -> Markup {
    html! {
        @for (at, Link { step, starts }) in links(path).into_iter().enumerate() {
            @if starts { @if at > 0 { "; " } (places.node(&step.subject, &step.subject_name)) }
            " — " (step.edge) " → " (places.node(&step.object, &step.object_name)) " "
            span.cites { "(" (step.verdict) "; " (places.document(&step.document)) " " span.id { (step.path) } ")" }
        }
    }
}

fn cites(title: &str, cited: &[Cited], places: &Places<'_>) -> Markup {
    html! {
        @if !cited.is_empty() {
            details {
                summary { (title) ": " (counted(cited.len() as u64, "place")) }
                ul {
                    @for cited in cited.iter().take(SHOWN) { li { (cite(cited, places)) } }
                    @if let Some(text) = left_out(cited.len(), SHOWN, Some(Answer::MOST_CITED)) { li { (text) } }
                }
            }
        }
    }
}

fn cite(cited: &Cited, places: &Places<'_>) -> Markup {
    html! {
        (named(&cited.subject)) " " @if cited.denied { "not " } (cited.predicate) " " bdi { (object(cited)) } " "
        span.cites {
            "(" (places.document(&cited.document)) " " span.id { (cited.path) }
            @if let Some(by) = &cited.said_by { ", says " bdi { (named(by)) } }
            @if let Some(on) = cited.said_on { " on " (on) }
            ", " (cited.evidence) ")"
        }
        @if let Some(quote) = &cited.quote { " " q { (quote) } }
    }
}

fn asks<'n, N: Iterator<Item = &'n str>>(asks: &[String], names: impl Fn() -> N) -> Markup {
    html! {
        @if !asks.is_empty() {
            div.ask {
                p.soft.small { "To ask the vendor" }
                ul { @for ask in asks { li { (told(ask, names())) } } }
            }
        }
    }
}

fn score(score: &Score) -> Markup {
    html! {
        section aria-labelledby="score" {
            h2 #score { "Score by layer" }
            (scrolling("Score by layer", &html! {
                table.wide {
                    caption { "The low end counts what is unknown as nothing, the high end as everything." }
                    thead { tr {
                        th scope="col" { "Layer" } th.number scope="col" { "Weight" } th scope="col" { "Interval" }
                        th scope="col" { "Wanted" }
                    } }
                    tbody { @for layer in &score.layers { (self::layer(layer)) } }
                }
            }))
        }
    }
}

fn layer(layer: &LayerScore) -> Markup {
    html! {
        tr {
            th scope="row" { (layer.title) @if layer.critical { br; span.soft.small { "critical" } } }
            td.number { (layer.weight) }
            td { (bar(layer.low, layer.high)) span.soft.small { (format!("{:.0} to {:.0}", 100.0 * layer.low, 100.0 * layer.high)) } }
            td.text {
                @for requirement in &layer.requirements { div { (verdict(requirement.verdict)) " " (requirement.title) } }
            }
        }
    }
}

fn filled(form: &Filled, places: &Places<'_>) -> Markup {
    html! {
        details.told {
            summary { (form.title) ": " (counts(&form.counts)) }
            p.small { (origin(form)) }
            p.small { (form.notes) }
            @for section in &form.sections {
                h4 { (section.title) }
                (scrolling(&section.title, &html! {
                    table.wide {
                        thead { tr {
                            th scope="col" { "Item" } th scope="col" { "Verdict" } th scope="col" { "What documents say" }
                            th scope="col" { "To ask the vendor" }
                        } }
                        tbody { @for item in &section.items { (self::item(item, &form.name, places)) } }
                    }
                }))
            }
        }
    }
}

fn item(item: &FilledItem, name: &str, places: &Places<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { span.id { (item.id) } " " (item.title) @if let Some(source) = &item.source { br; span.cites { (source) } } }
            td { @if item.status == Status::Applies { (verdict(item.verdict)) span.soft.small { (days(item)) } } @else { span.soft.small { (standing(item)) } } }
            td.text {
                @for sentence in item.sentences.iter().take(SHOWN) { (self::sentence(sentence, places)) }
                @let more = item.sentences.len().saturating_sub(SHOWN) + item.omitted;
                @if more > 0 { p.soft.small { "and " (count(more as u64)) " more" } }
                @for path in item.paths.iter().take(PLACES) { p.small { (way(path, places)) } }
                @if let Some(text) = left_out(item.paths.len(), PLACES, Some(Answer::MOST_PATHS)) { p.soft.small { (text) } }
            }
            td.text { @for ask in &item.ask { p.small { (told(ask, names_of(item).chain([name]))) } } }
        }
    }
}

fn sentence(sentence: &Sentence, places: &Places<'_>) -> Markup {
    html! {
        p.small {
            (told(&sentence.text, names(&sentence.node, &[], &sentence.cited))) " "
            span.cites {
                "[" (places.node(&sentence.node, sentence.node.as_str())) "]"
                @for cited in sentence.cited.iter().take(PLACES) {
                    " " (places.document(&cited.document)) " " span.id { (cited.path) }
                }
                @if sentence.cited.len() > PLACES { " and " (sentence.cited.len() - PLACES) " more" }
            }
        }
    }
}

fn known((title, id): (&str, &str), all: &[Known], are_names: bool, places: &Places<'_>) -> Markup {
    html! {
        @if !all.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                (scrolling(title, &html! {
                    table.sorted.wide {
                        thead { tr {
                            th scope="col" { "What" } th scope="col" { "Value" } th scope="col" { "Verdict" } th scope="col" { "Evidence" }
                            th scope="col" { "Places" }
                        } }
                        tbody {
                            @for known in all.iter().take(MOST_KNOWN) {
                                tr {
                                    th scope="row" { (known.what) }
                                    td.text { bdi { @if are_names { (named(&known.value)) } @else { (known.value) } } }
                                    td { (verdict(known.verdict)) }
                                    td.nowrap { (known.evidence) }
                                    td.text { @for cited in known.cited.iter().take(PLACES) { p.small { (cite(cited, places)) } } }
                                }
                            }
                        }
                    }
                }))
                @if let Some(text) = left_out(all.len(), MOST_KNOWN, None) { p.soft { (text) } }
            }
        }
    }
}

const MOST_KNOWN: usize = 500;

fn things(places: &Places<'_>) -> Markup {
    html! {
        section aria-labelledby="things" {
            h2 #things { "Things named here" }
            (scrolling("Things named here", &html! {
                table.sorted {
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Key" } } }
                    tbody {
                        @for (at, key, name) in places.things() {
                            tr id={ "thing-" (at) } { th scope="row" { bdi { (named(name)) } } td.id { (key) } }
                        }
                    }
                }
            }))
        }
    }
}

fn documents(report: &Report) -> Markup {
    html! {
        section aria-labelledby="documents" {
            h2 #documents { "Documents" }
            @if report.documents.is_empty() { p { "None is cited." } } @else {
                (scrolling("Documents", &html! {
                    table.sorted.wide {
                        thead { tr { th scope="col" { "Name" } th scope="col" { "Kind" } th scope="col" { "Said on" } th scope="col" { "Digest" } } }
                        tbody {
                            @for (at, document) in report.documents.iter().enumerate() {
                                tr id={ "document-" (at) } {
                                    th scope="row" { bdi { (named(&document.name)) } @if let Some(title) = &document.title { br; span.soft.small { (title) } } }
                                    td.nowrap { (document.kind) }
                                    td.nowrap { @if let Some(on) = document.said_on { (on) } }
                                    td.id { (document.digest) }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STYLE;
    use crate::escape::is_unsafe;

    #[test]
    fn style_reaches_the_page_unchanged() {
        assert!(!STYLE.contains("</") && !STYLE.contains("<!--"));
        assert!(!STYLE.chars().any(|character| character != '\n' && is_unsafe(character)));
    }
}
