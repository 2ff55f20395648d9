//! Provenance as people read it: every sentence leads to its node and its document, and no name becomes markup.

use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag};
use stillwatch_lineage::questionnaire::{BUILT_IN, Questionnaire};
use stillwatch_lineage::{
    Attribute, DocumentKind, Draft, EdgeKind, Graph, Ledger, NodeKind, NodeRef, Origin, Profile, StrictVerdict,
};
use stillwatch_report::lineage::{Report, html, markdown, request, request_markdown};

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
    for node in &whole.picture.nodes {
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
        let asked = graph.request(tiny, &[buyer()], true);
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

fn buyer() -> Questionnaire {
    Questionnaire::built_in("buyer").unwrap().unwrap()
}
