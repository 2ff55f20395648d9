//! What questionnaires promise: each item has its verdict, its sentences and their places, and a question where one is left.

use stillwatch_lineage::importers::answers;
use stillwatch_lineage::questionnaire::{Answered, BUILT_IN, Questionnaire, QuestionnaireError, Status, Worth};
use stillwatch_lineage::{Attribute, Date, EdgeKind, Graph, Ledger, Limits, NodeRef, Origin, Value, Verdict};

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

const ANSWERS: &str = "id,question,counts as an answer,subject,predicate,answer,source,date
buyer/1.1,Was it trained on outputs of another vendor's models?,The models by name.,tiny,claim,proprietary,,
buyer/2.1,Which data sets was it trained on?,Data sets by name.,tiny,training-data,We use a diverse mix of high-quality data from various sources.,,
buyer/9.9,Is there a ninth?,,tiny,claim,No.,,
";

#[test]
fn answers_that_say_nothing_are_told_and_wait_for_a_reviewer() {
    let ledger = ledger([&document("card", |draft| {
        draft.text(NodeRef::model("tiny"), Attribute::TASK, "chat", "line 1");
    })]);
    let before = Graph::of(&ledger, None);
    let mut with = ledger.clone();
    let import = answers::read(ANSWERS.as_bytes(), &Origin::named("answers.csv"));
    assert!(
        import.diagnostics.iter().any(|told| told.code == "vague" && told.path == "line 3"),
        "{:?}",
        import.diagnostics
    );
    assert!(import.statements.iter().any(|own| own.proposed), "a vague answer counts once a reviewer confirms it");
    assert!(with.add(&import));
    let after = Graph::of(&with, None);
    let forms = [Questionnaire::built_in("buyer").unwrap().unwrap()];
    let (old, new) = ((&before, before.find("tiny")[0]), (&after, after.find("tiny")[0]));
    let judged = Answered::judge(old, new, &forms, ANSWERS.as_bytes(), &Limits::default());

    let worth: Vec<(&str, Worth)> = judged.answers.iter().map(|own| (own.item.as_str(), own.worth)).collect();
    assert_eq!(worth[0].0, "buyer/1.1");
    assert!(matches!(worth[0].1, Worth::Empty | Worth::Withheld), "{worth:?}");
    assert_eq!(worth[1], ("buyer/2.1", Worth::Vague));
    assert!(judged.answers.iter().all(|own| own.after == Verdict::Unknown), "{:?}", judged.answers);
    assert!(judged.missing.contains(&"buyer/3.1".to_owned()), "{:?}", judged.missing);
    assert!(judged.diagnostics.iter().any(|told| told.code == "no-item" && told.path == "line 4"));
}

#[test]
fn an_answer_against_what_a_document_says_is_shown_beside_it() {
    let ledger = ledger([&document("audit", |draft| {
        draft.node(NodeRef::model("tiny"), EdgeKind::TrainedOnOutputsOf, NodeRef::model("gpt-4"), "line 1");
        draft.value(NodeRef::model("tiny"), Attribute::SYNTHETIC, Value::Flag(true), "line 2");
    })]);
    let denied = "id,subject,predicate,answer\nbuyer/3.1,tiny,synthetic,none\n";
    let before = Graph::of(&ledger, None);
    let mut with = ledger.clone();
    with.add(&answers::read(denied.as_bytes(), &Origin::named("answers.csv")));
    let after = Graph::of(&with, None);
    let forms = [Questionnaire::built_in("buyer").unwrap().unwrap()];
    let (old, new) = ((&before, before.find("tiny")[0]), (&after, after.find("tiny")[0]));
    let judged = Answered::judge(old, new, &forms, denied.as_bytes(), &Limits::default());
    assert_eq!((judged.answers[0].before, judged.answers[0].after), (Verdict::Disclosed, Verdict::Contradicted));
    assert!(!judged.answers[0].against.is_empty());
    assert_eq!(judged.contradicted().count(), 1);
}

#[test]
fn a_table_without_columns_is_told() {
    let ledger = made();
    let graph = Graph::of(&ledger, None);
    let own = (&graph, graph.find("tiny")[0]);
    for (text, code) in [("x,y\n1,2\n", "columns"), ("answer\nyes\n", "columns"), ("", "columns")] {
        let judged = Answered::judge(own, own, &[], text.as_bytes(), &Limits::default());
        assert!(judged.diagnostics.iter().any(|told| told.code == code), "{text:?}: {:?}", judged.diagnostics);
    }
}
