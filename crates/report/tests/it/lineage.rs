//! Provenance as people read it: every sentence leads to its node and its document, and no name becomes markup.

use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag};
use stillwatch_lineage::{
    Answer, Attribute, Change, DocumentKind, Draft, EdgeKind, Graph, Ledger, NodeKind, NodeRef, Origin, Profile,
    StrictVerdict,
};
use stillwatch_questionnaire::{Audience, BUILT_IN, Questionnaire, Request};
use stillwatch_report::lineage::{Report, html, markdown, request, request_markdown, what_if};

use crate::hostile::hostile;

/// A model under MIT that was made from a LLaMA-2 model and from data that another vendor's model wrote.
fn ledger(name: &str) -> Ledger {
    let mut draft = Draft::new(name.as_bytes(), &Origin::named(format!("{name}.md")), DocumentKind::Card);
    let (tiny, base, data) = (NodeRef::model(name), NodeRef::model("Llama-2-7b"), NodeRef::data_set("answers"));
    draft.node(tiny.clone(), EdgeKind::LicensedUnder, NodeRef::licence("MIT"), "line 2");
    draft.node(tiny.clone(), EdgeKind::FineTunedFrom, base.clone(), "line 3");
    draft.node(base, EdgeKind::LicensedUnder, NodeRef::licence("LLaMA 2"), "line 4");
    draft.node(tiny.clone(), EdgeKind::TrainedOn, data.clone(), "line 5");
    draft.node(data.clone(), EdgeKind::GeneratedBy, NodeRef::model("text-davinci-003"), "line 6");
    // A circle: the data were filtered by what they trained.
    draft.node(data, EdgeKind::FilteredBy, tiny.clone(), "line 7");
    draft.node(tiny.clone(), EdgeKind::RunsOn, NodeRef::new(NodeKind::Compute, "north"), "line 8");
    draft.text(tiny, Attribute::LIMITATIONS, name, "line 9");
    let mut ledger = Ledger::default();
    ledger.add(&draft.finish(StrictVerdict::NotChecked { why: "made up".into() }));
    ledger
}

fn report(ledger: &Ledger, name: &str) -> Report {
    let graph = Graph::of(ledger, None);
    let forms: Vec<Questionnaire> = BUILT_IN.iter().map(|(_, text)| Questionnaire::parse(text).unwrap()).collect();
    let tiny = graph.find(name)[0];
    Report::of(&graph, tiny, &Profile::standard().unwrap(), &forms, None)
}

#[test]
fn every_link_of_the_page_leads_somewhere() {
    let ledger = ledger("tiny");
    let page = html(&report(&ledger, "tiny"));
    let (mut ids, mut targets) = (Vec::new(), Vec::new());
    for token in Tokenizer::new(&page).flatten() {
        let Token::StartTag(tag) = token else { continue };
        for (name, value) in tag.attributes {
            let value = String::from_utf8_lossy(&value).into_owned();
            match name.as_slice() {
                b"id" => ids.push(value),
                b"href" => targets.push(value),
                _ => {}
            }
        }
    }
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    assert!(targets.len() > 20, "{}", targets.len());
    for target in &targets {
        assert!(target.strip_prefix('#').is_some_and(|id| unique.contains(&id.to_owned())), "{target}");
    }
}

#[test]
fn the_page_tells_the_grade_the_graph_and_each_questionnaire() {
    let ledger = ledger("tiny");
    let whole = report(&ledger, "tiny");
    let page = html(&whole);
    let order = [
        "<h1>Provenance of tiny</h1>",
        "<h2 id=\"graph\"",
        "<h2 id=\"answers\"",
        "<h2 id=\"score\"",
        "<h2 id=\"questionnaires\"",
    ];
    let places: Vec<usize> = order.iter().map(|text| page.find(text).unwrap_or_else(|| panic!("{text}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("terms in conflict"));
    for node in whole.picture.iter().flat_map(|picture| &picture.nodes) {
        assert!(page.contains(&format!("<title>{} (", node.name)), "{} is not drawn", node.name);
    }
    for form in &whole.questionnaires {
        assert!(page.contains(&form.title) && markdown(&whole).contains(&form.title));
    }
    assert_eq!(page, html(&report(&ledger, "tiny")));
}

#[test]
fn no_name_becomes_markup_or_reorders_text() {
    for name in hostile() {
        let ledger = ledger(&name);
        let graph = Graph::of(&ledger, None);
        let tiny = graph.edges()[0].subject;
        let whole = Report::of(&graph, tiny, &Profile::standard().unwrap(), &[buyer()], None);
        let page = html(&whole);
        assert_eq!(page.matches("<script").count(), 1, "the page's own: {name}");
        assert!(!page.contains("<img") && !page.contains("<iframe") && !page.contains("<base"), "{name}");
        let asked = Request::of(&graph, tiny, &[buyer()], true);
        for text in [markdown(&whole), request_markdown(&asked)] {
            for event in Parser::new_ext(&text, Options::all()) {
                let is_markup = matches!(
                    event,
                    Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. })
                );
                assert!(!is_markup, "{name}: {event:?}");
            }
        }
        for text in [page, markdown(&whole), request(&asked), request_markdown(&asked)] {
            assert!(!text.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}')), "{name}");
        }
    }
}

#[test]
fn a_name_of_many_letters_fills_no_page() {
    // With spaces, so that cutting long words is not enough.
    let ledger = ledger("very long ".repeat(2_000).trim_end());
    let graph = Graph::of(&ledger, None);
    let long = graph.ids().find(|id| graph.kind(*id) == NodeKind::Model && graph.name(*id).len() > 10_000).unwrap();
    let name = graph.name(long).to_owned();
    let mut whole = Report::of(&graph, long, &Profile::standard().unwrap(), &[buyer()], None);
    // A value is shown as it was said, and a key once.
    whole.entity.attributes.clear();
    assert!(serde_json::to_string(&whole).unwrap().contains(&name), "JSON keeps it");
    let asked = stillwatch_report::lineage::answers(&whole.answers);
    for text in [markdown(&whole), asked] {
        let filled: Vec<&str> = text.lines().filter(|line| line.len() > 2_000).map(|line| &line[..80]).collect();
        assert!(!text.contains(&name[..1_000]), "{filled:#?}");
    }
    assert!(html(&whole).matches(&name).count() <= 2);
}

#[test]
fn what_is_cut_is_said() {
    let mut draft = Draft::new(b"wide", &Origin::named("wide.md"), DocumentKind::Card);
    for number in 0..120 {
        let data = NodeRef::data_set(format!("data-{number}"));
        draft.node(NodeRef::model("wide"), EdgeKind::TrainedOn, data.clone(), "line 1");
        draft.node(data, EdgeKind::GeneratedBy, NodeRef::model(format!("teacher-{number}")), "line 2");
    }
    let mut ledger = Ledger::default();
    ledger.add(&draft.finish(StrictVerdict::NotChecked { why: "made up".into() }));
    let graph = Graph::of(&ledger, None);
    let whole = Report::of(&graph, graph.find("wide")[0], &Profile::standard().unwrap(), &[], None);
    assert!(whole.answers.iter().any(|answer| answer.paths.len() == Answer::MOST_PATHS));
    for text in [markdown(&whole), html(&whole)] {
        assert!(text.contains("and 30 more, or beyond; JSON has the first 50"), "{text}");
    }
}

const FORM: &str = r#"
id = "made-up"
title = "Made up"
kind = "form"
issuer = "Nobody"
version = "1"
source = ["https://example.org"]
read_on = "2026-11-21"
notes = "None."
[[section]]
id = "s"
title = "S"
[[section.item]]
id = "limits"
title = "Limits"
ask = "What are its limits?"
audience = ["public"]
any_of = ["limitations"]
[[section.item]]
id = "data"
title = "Data"
ask = "What is it trained on?"
audience = ["authorities"]
any_of = ["trained-on"]
"#;

#[test]
fn an_audience_is_told_its_items_and_nothing_else() {
    let mut draft = Draft::new(b"card", &Origin::named("card.md"), DocumentKind::Card);
    draft.text(NodeRef::model("tiny"), Attribute::LIMITATIONS, "for all to see", "line 2");
    draft.node(NodeRef::model("tiny"), EdgeKind::TrainedOn, NodeRef::data_set("inner-corpus"), "line 3");
    let mut secret = Draft::new(b"memo", &Origin::named("memo.md"), DocumentKind::Other);
    secret.node(NodeRef::model("tiny"), EdgeKind::FineTunedFrom, NodeRef::model("inner-base"), "line 1");
    let mut ledger = Ledger::default();
    for own in [draft, secret] {
        ledger.add(&own.finish(StrictVerdict::NotChecked { why: "made up".into() }));
    }
    let graph = Graph::of(&ledger, None);
    let form = Questionnaire::parse(FORM).unwrap();
    let tiny = graph.find("tiny")[0];
    let told = Report::of(&graph, tiny, &Profile::standard().unwrap(), &[form], Some(Audience::Public));
    let json = serde_json::to_string(&told).unwrap();
    for text in [html(&told), markdown(&told), json] {
        assert!(text.contains("for all to see") && text.contains("public"), "{text}");
        for inner in ["inner-corpus", "inner-base", "memo.md", "Grade"] {
            assert!(!text.contains(inner), "{inner}: {text}");
        }
    }
}

#[test]
fn what_a_change_reaches_is_read_from_what_depends_on_it() {
    let mut draft = Draft::new(b"chain", &Origin::named("chain.md"), DocumentKind::Card);
    draft.node(NodeRef::model("child"), EdgeKind::FineTunedFrom, NodeRef::model("tuned"), "line 1");
    draft.node(NodeRef::model("tuned"), EdgeKind::TrainedOnOutputsOf, NodeRef::model("GPT-4"), "line 2");
    let mut ledger = Ledger::default();
    ledger.add(&draft.finish(StrictVerdict::NotChecked { why: "made up".into() }));
    let graph = Graph::of(&ledger, None);
    let gone = Change::Remove(graph.find("GPT-4")[0]);
    let told = what_if(&graph.what_if(gone).present(&graph)).replace('\n', " ");
    let told: String = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(": child — fine-tuned-from → tuned (disclosed;"), "{told}");
    assert!(
        told.contains("tuned — trained-on-outputs-of → GPT-4") || told.contains(") — trained-on-outputs-of → GPT-4")
    );
    assert!(!told.contains("GPT-4 — "), "{told}");
}

fn buyer() -> Questionnaire {
    Questionnaire::built_in("buyer").unwrap().unwrap()
}
