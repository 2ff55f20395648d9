//! What questionnaires promise: each item has its verdict, its sentences and their places, and a question where one is left.

use stillwatch_lineage::questionnaire::{BUILT_IN, Questionnaire, QuestionnaireError, Status};
use stillwatch_lineage::{Attribute, Date, EdgeKind, Graph, Ledger, NodeRef, Verdict};

use crate::made::{document, ledger};

const FORM: &str = r#"
id = "own"
title = "Own"
kind = "voluntary"
issuer = "Example"
version = "1"
source = ["https://example.com/own"]
read_on = "2026-11-21"
notes = ""

[[section]]
id = "s"
title = "S"

[[section.item]]
id = "use"
title = "Intended use"
ask = "For which use is it meant?"
any_of = ["intended-use"]

[[section.item]]
id = "data"
title = "Data sets"
ask = "Which data sets were used?"
any_of = ["trained-on"]

[[section.item]]
id = "later"
title = "Later"
ask = "What comes later?"
any_of = ["safety"]
from = "2027-08-02"

[[section.item]]
id = "hand"
title = "A number"
ask = "Which number was it registered under?"
by_hand = true
"#;

fn made() -> Ledger {
    ledger([&document("card", |draft| {
        draft.node(NodeRef::model("tiny"), EdgeKind::TrainedOn, NodeRef::data_set("answers"), "line 3");
        draft.text(NodeRef::model("tiny"), Attribute::INTENDED_USE, "N/A", "line 4");
        draft.text(NodeRef::model("tiny"), Attribute::SAFETY, "refuses to give medical advice", "line 5");
    })])
}

#[test]
fn every_questionnaire_that_comes_along_can_be_read_and_asks() {
    for (id, text) in BUILT_IN {
        let form = Questionnaire::parse(text).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(form.id, *id);
        assert!(!form.source.is_empty() && form.source.iter().all(|source| source.starts_with("https://")), "{id}");
        for item in form.items() {
            assert!(item.ask.ends_with('?'), "{id} {}: {}", item.id, item.ask);
            assert!(item.from.zip(item.until).is_none_or(|(from, until)| from <= until), "{id} {}", item.id);
        }
    }
}

#[test]
fn an_item_is_answered_by_what_documents_say_and_by_nothing_else() {
    let ledger = made();
    let graph = Graph::of(&ledger, Date::parse("2026-11-21"));
    let tiny = graph.find("tiny")[0];
    let filled = graph.fill(tiny, &Questionnaire::parse(FORM).unwrap(), None);
    let item = |id: &str| filled.sections[0].items.iter().find(|item| item.id == id).unwrap();

    // A placeholder is no disclosure, and the vendor is asked.
    assert_eq!(item("use").verdict, Verdict::Unknown);
    assert_eq!(item("use").ask, ["For which use is it meant?"]);
    assert!(item("use").sentences[0].text.contains("says nothing"), "{:?}", item("use").sentences);

    assert_eq!(item("data").verdict, Verdict::Disclosed);
    assert!(item("data").ask.is_empty());
    assert_eq!(item("data").sentences[0].cited[0].path, "line 3");

    assert_eq!(item("later").status, Status::NotYet);
    assert_eq!(item("hand").status, Status::ByHand);
    assert_eq!(item("hand").verdict, Verdict::Unknown);
    let counts = filled.counts;
    assert_eq!((counts.disclosed, counts.unknown, counts.not_applicable), (1, 2, 0));

    let later = Graph::of(&ledger, Date::parse("2027-08-02"));
    let filled = later.fill(later.find("tiny")[0], &Questionnaire::parse(FORM).unwrap(), None);
    assert_eq!(filled.sections[0].items[2].status, Status::Applies);
    assert_eq!(filled.sections[0].items[2].verdict, Verdict::Disclosed);
}

#[test]
fn every_sentence_names_its_node() {
    let ledger = made();
    let graph = Graph::of(&ledger, None);
    let tiny = graph.find("tiny")[0];
    for (id, _) in BUILT_IN {
        let filled = graph.fill(tiny, &Questionnaire::built_in(id).unwrap().unwrap(), None);
        for item in filled.sections.iter().flat_map(|section| &section.items) {
            assert!(item.status != Status::Applies || !item.sentences.is_empty(), "{id} {}", item.id);
            for sentence in &item.sentences {
                assert_eq!(graph.find(&sentence.node.to_string()).len(), 1, "{id} {}: {sentence:?}", item.id);
            }
        }
    }
}

#[test]
fn what_is_open_is_asked_once_and_what_is_answered_is_not() {
    let ledger = made();
    let graph = Graph::of(&ledger, Date::parse("2026-11-21"));
    let tiny = graph.find("tiny")[0];
    let form = Questionnaire::parse(FORM).unwrap();
    let request = graph.request(tiny, &[form.clone(), form.clone()], false);
    let items: Vec<&[String]> = request.wishes.iter().map(|wish| wish.items.as_slice()).collect();
    assert_eq!(items[0], ["own/use", "own/use"]);
    assert!(!request.wishes.iter().any(|wish| wish.question.contains("data sets")));
    assert_eq!(graph.request(tiny, std::slice::from_ref(&form), true).wishes.len(), 3);
    assert!(request.csv().starts_with("\"id\",\"question\""));
}

#[test]
fn a_name_that_a_spreadsheet_would_run_is_guarded() {
    let ledger = ledger([&document("card", |draft| {
        draft.text(NodeRef::model("=HYPERLINK(\"x\")"), Attribute::TASK, "chat", "line 1");
    })]);
    let graph = Graph::of(&ledger, None);
    let subject = graph.ids().next().unwrap();
    let csv = graph.request(subject, &[Questionnaire::parse(FORM).unwrap()], false).csv();
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\"") && !csv.contains("\"=HYPER"), "{csv}");
}

#[test]
fn a_mistake_makes_the_whole_file_an_error_that_names_it() {
    let no_predicate = FORM.replace("intended-use", "intended-uses");
    let wanted = QuestionnaireError::NoPredicate("use".into(), "intended-uses".into());
    assert_eq!(Questionnaire::parse(&no_predicate), Err(wanted));
    let twice = FORM.replace("id = \"data\"", "id = \"use\"");
    assert_eq!(Questionnaire::parse(&twice), Err(QuestionnaireError::Twice("use".into())));
    let both = FORM.replace("by_hand = true", "by_hand = true\nquestion = \"synthetic\"");
    assert_eq!(Questionnaire::parse(&both), Err(QuestionnaireError::Conditions("hand".into())));
    let Err(QuestionnaireError::Malformed { line, .. }) = Questionnaire::parse("id = \"x\"\nkind = \"magic\"\n") else {
        panic!("a wrong kind was taken");
    };
    assert!(line.is_some());
}
