//! What questionnaires promise: each item has its verdict, its sentences and their places, and a question where one is left.

use stillwatch_core::{Date, Limits};
use stillwatch_lineage::{Attribute, EdgeKind, Graph, Ledger, NodeRef, Verdict};
use stillwatch_questionnaire::{
    Answered, Audience, BUILT_IN, Filled, Kind, Questionnaire, QuestionnaireError, Request, Status,
};

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

fn built_in(id: &str) -> Questionnaire {
    Questionnaire::built_in(id).unwrap().unwrap()
}

fn laws() -> Vec<Questionnaire> {
    let all = BUILT_IN.iter().map(|(id, _)| built_in(id));
    all.filter(|form| form.kind == Kind::Law).collect()
}

/// The day on which the questionnaires were read.
const TODAY: &str = "2026-11-21";

fn status(form: &Questionnaire, item: &str, on: &str) -> Status {
    let ledger = made();
    let graph = Graph::of(&ledger, Date::parse(on));
    let filled = Filled::of(&graph, graph.find("tiny")[0], form, None);
    let mut items = filled.sections.into_iter().flat_map(|section| section.items);
    items.find(|found| found.id == item).unwrap().status
}

#[test]
fn forms_have_the_items_of_their_texts() {
    let wanted: [(&str, &[(&str, usize)]); 5] = [
        // Annex XI: section 1, point 1 (a) to (f) and point 2 (a) to (e); section 2, points 1 to 3.
        ("eu-annex-xi", &[("XI.1.1", 6), ("XI.1.2", 5), ("XI.2", 3)]),
        // Annex XII: point 1 (a) to (h), point 2 (a) to (c).
        ("eu-annex-xii", &[("XII.1", 8), ("XII.2", 3)]),
        ("eu-gpai-form", &[("1", 6), ("2", 5), ("3", 3), ("4", 6), ("5", 2), ("6", 8), ("7", 3), ("8", 4)]),
        ("eu-training-content", &[("0", 1), ("1", 9), ("2", 9), ("3", 3)]),
        ("g7-sbom-for-ai", &[("MD", 10), ("SLP", 9), ("MDL", 13), ("DP", 10), ("INF", 2), ("SP", 4), ("KPI", 2)]),
    ];
    for (id, sections) in wanted {
        let form = built_in(id);
        let found: Vec<(&str, usize)> =
            form.sections.iter().map(|section| (section.id.as_str(), section.items.len())).collect();
        assert_eq!(found, sections, "{id}");
    }
    let ids: Vec<String> = built_in("eu-annex-xi").items().map(|item| item.id.clone()).collect();
    for letter in ["a", "b", "c", "d", "e"] {
        assert!(ids.contains(&format!("XI.1.1({letter})")) && ids.contains(&format!("XI.1.2({letter})")), "{ids:?}");
    }
}

#[test]
fn no_two_items_of_a_form_ask_for_the_same_and_each_says_what_counts() {
    for (id, _) in BUILT_IN {
        let form = built_in(id);
        assert!(form.kind == Kind::Buyer || form.notes.contains("no legal advice"), "{id}");
        let mut seen = Vec::new();
        for item in form.items() {
            assert!(!item.counts.is_empty(), "{id} {}", item.id);
            assert!(item.source.as_ref().is_none_or(|source| source.starts_with("https://")), "{id} {}", item.id);
            let wish = format!("{:?} {:?} {:?}", item.question, item.any_of, item.of);
            assert!(item.by_hand || !seen.contains(&wish), "{id} {}: {wish}", item.id);
            seen.push(wish);
        }
    }
}

#[test]
fn a_rule_of_law_has_its_first_day_and_what_is_no_law_yet_has_none() {
    let laws = laws();
    assert_eq!(laws.len(), 5);
    for form in &laws {
        for item in form.items() {
            let pending = ["Bill, not in force:", "Proposal, not in force:", "Proposed policy, not in force:"]
                .iter()
                .any(|start| item.title.starts_with(start));
            assert_eq!(item.from.is_none(), pending, "{} {}", form.id, item.id);
            assert!(!pending || item.by_hand, "{} {}", form.id, item.id);
        }
    }
}

#[test]
fn a_rule_applies_from_its_first_day_to_its_last() {
    for form in laws() {
        for item in form.items().filter(|item| !item.by_hand) {
            let wanted = if item.applies(Date::parse(TODAY)) { Status::Applies } else { Status::NotYet };
            assert_eq!(status(&form, &item.id, TODAY), wanted, "{} {}", form.id, item.id);
        }
    }
    let act = built_in("eu-ai-act");
    for (item, day_before, first) in [
        ("53(1)(d)", "2025-08-01", "2025-08-02"),
        ("50(2)", "2026-08-01", "2026-08-02"),
        ("111(3)", "2027-08-01", "2027-08-02"),
        ("10(2)", "2027-12-01", "2027-12-02"),
    ] {
        assert_eq!(status(&act, item, day_before), Status::NotYet, "{item}");
        assert_eq!(status(&act, item, first), Status::Applies, "{item}");
    }
    let india = built_in("india");
    for (on, old, new) in [
        (TODAY, Status::Applies, Status::NotYet),
        ("2027-05-12", Status::Applies, Status::NotYet),
        ("2027-05-13", Status::NoLonger, Status::Applies),
    ] {
        assert_eq!((status(&india, "SPDI-5", on), status(&india, "DPDP-4", on)), (old, new), "{on}");
    }
}

#[test]
fn an_audience_sees_its_own_items_and_no_others() {
    let ledger = made();
    let graph = Graph::of(&ledger, None);
    let seen = |form: &str, audience: Option<Audience>| {
        let filled = Filled::of(&graph, graph.find("tiny")[0], &built_in(form), audience);
        let items = filled.sections.into_iter().flat_map(|section| section.items);
        items.map(|item| item.id).collect::<Vec<String>>()
    };
    let form = "eu-gpai-form";
    let (all, downstream) = (seen(form, None), seen(form, Some(Audience::Downstream)));
    assert_eq!((all.len(), downstream.len()), (37, 20));
    assert!(!downstream.iter().any(|id| id.starts_with("7.") || id.starts_with("8.")), "{downstream:?}");
    assert_eq!(seen(form, Some(Audience::AiOffice)).len(), 34);
    assert_eq!(seen("eu-training-content", Some(Audience::Public)), seen("eu-training-content", None));
}

#[test]
fn an_item_is_answered_by_what_documents_say_and_by_nothing_else() {
    let ledger = made();
    let graph = Graph::of(&ledger, Date::parse("2026-11-21"));
    let tiny = graph.find("tiny")[0];
    let filled = Filled::of(&graph, tiny, &Questionnaire::parse(FORM).unwrap(), None);
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

    // A graph that is not held to a day is asked on one.
    let mut asked = Questionnaire::parse(FORM).unwrap();
    asked.asked_on = Date::parse("2026-11-21");
    let always = Graph::of(&ledger, None);
    let filled = Filled::of(&always, always.find("tiny")[0], &asked, None);
    assert_eq!(filled.sections[0].items[2].status, Status::NotYet);

    let later = Graph::of(&ledger, Date::parse("2027-08-02"));
    let filled = Filled::of(&later, later.find("tiny")[0], &Questionnaire::parse(FORM).unwrap(), None);
    assert_eq!(filled.sections[0].items[2].status, Status::Applies);
    assert_eq!(filled.sections[0].items[2].verdict, Verdict::Disclosed);
}

#[test]
fn every_sentence_names_its_node() {
    let ledger = made();
    let graph = Graph::of(&ledger, None);
    let tiny = graph.find("tiny")[0];
    for (id, _) in BUILT_IN {
        let filled = Filled::of(&graph, tiny, &Questionnaire::built_in(id).unwrap().unwrap(), None);
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
    let request = Request::of(&graph, tiny, &[form.clone(), form.clone()], false);
    let items: Vec<&[String]> = request.wishes.iter().map(|wish| wish.items.as_slice()).collect();
    assert_eq!(items, [["own/use"], ["own/hand"]], "a form that is named twice is asked once");
    assert!(!request.wishes.iter().any(|wish| wish.question.contains("data sets")));
    assert_eq!(Request::of(&graph, tiny, std::slice::from_ref(&form), true).wishes.len(), 3);
    assert!(request.csv().starts_with("\"id\",\"question\""));
}

#[test]
fn a_name_that_a_spreadsheet_would_run_is_guarded() {
    let ledger = ledger([&document("card", |draft| {
        draft.text(NodeRef::model("=HYPERLINK(\"x\")"), Attribute::TASK, "chat", "line 1");
    })]);
    let graph = Graph::of(&ledger, None);
    let subject = graph.ids().next().unwrap();
    let csv = Request::of(&graph, subject, &[Questionnaire::parse(FORM).unwrap()], false).csv();
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
    for (from, to, wanted) in [
        ("ask = \"Which number was it registered under?\"", "ask = \" \"", QuestionnaireError::NoAsk("hand".into())),
        ("[\"https://example.com/own\"]", "[]", QuestionnaireError::NoSource("own".into())),
        ("by_hand = true", "by_hand = true\nsource = \"\"", QuestionnaireError::NoSource("hand".into())),
        (
            "from = \"2027-08-02\"",
            "from = \"2027-08-02\"\nuntil = \"2027-08-01\"",
            QuestionnaireError::Days("later".into()),
        ),
        (
            "by_hand = true",
            "by_hand = true\nanswer = \"version\"",
            QuestionnaireError::NoAnswer("hand".into(), "version".into()),
        ),
    ] {
        assert_eq!(Questionnaire::parse(&FORM.replace(from, to)), Err(wanted), "{to}");
    }
    let Err(QuestionnaireError::Malformed { line, .. }) = Questionnaire::parse("id = \"x\"\nkind = \"magic\"\n") else {
        panic!("a wrong kind was taken");
    };
    assert!(line.is_some());
}

#[test]
fn lines_are_counted_alike_however_they_end() {
    let rows = "id,answer\nbuyer/1.1,\"no\nnot one\"\nbuyer/2.1,unknown\n";
    let ledger = made();
    let graph = Graph::of(&ledger, None);
    let own = (&graph, graph.find("tiny")[0]);
    let forms = [Questionnaire::built_in("buyer").unwrap().unwrap()];
    for text in [rows.to_owned(), rows.replace('\n', "\r\n")] {
        let judged = Answered::judge(own, own, &forms, text.as_bytes(), &Limits::default());
        let paths: Vec<&str> = judged.answers.iter().map(|own| own.path.as_str()).collect();
        assert_eq!(paths, ["line 2", "line 4"]);
    }
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

#[test]
fn no_answer_in_words_is_kept_where_only_one_value_fits() {
    for (id, _) in BUILT_IN {
        for item in built_in(id).items() {
            assert!(!Attribute::is_single(item.attribute().as_str()), "{id} {}", item.id);
        }
    }
    let kept = |form: &Questionnaire, id: &str| form.items().find(|item| item.id == id).unwrap().attribute();
    let form = Questionnaire::parse(&FORM.replace("by_hand = true", "by_hand = true\nanswer = \"contact\"")).unwrap();
    assert_eq!((kept(&form, "hand").as_str(), kept(&form, "use").as_str()), ("contact", "intended-use"));
    assert_eq!(kept(&built_in("g7-sbom-for-ai"), "SLP-04").as_str(), "claim");
    assert_eq!(kept(&built_in("g7-sbom-for-ai"), "MDL-10").as_str(), "input-format");
}
