//! What questionnaires promise: each item has its verdict, its sentences and their places, and a question where one is left.

use stillwatch_lineage::disclosure::Disclosure;
use stillwatch_lineage::importers::answers;
use stillwatch_lineage::questionnaire::{
    Answered, Audience, BUILT_IN, Kind, Questionnaire, QuestionnaireError, Status,
};
use stillwatch_lineage::{
    Attribute, Date, EdgeKind, Graph, Import, Ledger, Limits, NodeRef, Origin, Question, Scheme, Value, Verdict,
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
    let filled = graph.fill(graph.find("tiny")[0], form, None);
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
        let filled = graph.fill(graph.find("tiny")[0], &built_in(form), audience);
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

    // A graph that is not held to a day is asked on one.
    let mut asked = Questionnaire::parse(FORM).unwrap();
    asked.asked_on = Date::parse("2026-11-21");
    let always = Graph::of(&ledger, None);
    let filled = always.fill(always.find("tiny")[0], &asked, None);
    assert_eq!(filled.sections[0].items[2].status, Status::NotYet);

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
    assert_eq!(items, [["own/use"], ["own/hand"]], "a form that is named twice is asked once");
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

    let worth: Vec<(&str, Disclosure)> = judged.answers.iter().map(|own| (own.item.as_str(), own.worth)).collect();
    assert_eq!(worth[0].0, "buyer/1.1");
    assert!(matches!(worth[0].1, Disclosure::Empty | Disclosure::Withheld), "{worth:?}");
    assert_eq!(worth[1], ("buyer/2.1", Disclosure::Vague));
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

/// The verdict on one attribute of which a record says one value and an answer another.
fn held_against(attribute: &str, record: &Value, answer: &str) -> Verdict {
    let ledger = ledger([
        &document("record", |draft| draft.value(NodeRef::model("tiny"), attribute, record.clone(), "/0")),
        &document("answers", |draft| draft.text(NodeRef::model("tiny"), attribute, answer, "line 2")),
    ]);
    let graph = Graph::of(&ledger, None);
    graph.fact(graph.find("tiny")[0], attribute).unwrap().verdict
}

#[test]
fn an_answer_in_words_is_no_contradiction_and_a_denial_is_one() {
    let text = |text: &str| Value::Text(text.into());
    for (attribute, record, answer) in [
        (Attribute::RELEASED, text("2026-05-03"), "released on 3 May 2026"),
        (Attribute::RELEASED, text("2026-05-03"), "May 3, 2026"),
        (Attribute::RELEASED, text("2026-05-03"), "The weights were frozen in spring and shipped soon after."),
        (Attribute::SYNTHETIC, Value::Flag(true), "Yes: 30 % of the pairs are written by Llama-3-70B"),
        (Attribute::SYNTHETIC, Value::Flag(true), "30 % of the pairs are written by Llama-3-70B"),
        (Attribute::SYNTHETIC, Value::Flag(false), "No. None of the examples was written by a model."),
        (Attribute::SYNTHETIC, Value::Flag(true), "No information about this is kept."),
        (Attribute::ARCHITECTURE, text("LlamaForCausalLM"), "Decoder-only transformer with grouped-query attention"),
        (Attribute::ARCHITECTURE, text("LlamaForCausalLM"), "Llama"),
        (Attribute::PARAMETERS, Value::Number("6738415616".into()), "about seven billion, embeddings included"),
        (Attribute::VERSION, text("1.0"), "v1.0"),
        (Attribute::DIGEST, text("sha256:00ff"), "Each file has a digest by SHA-256 in the manifest."),
        (Attribute::QUANTISATION, text("F16"), "float16"),
    ] {
        assert_eq!(held_against(attribute, &record, answer), Verdict::Disclosed, "{record}: {answer}");
    }
    for (attribute, record, answer) in [
        (Attribute::RELEASED, text("2026-05-03"), "4 June 2025"),
        (Attribute::SYNTHETIC, Value::Flag(true), "No. None of the examples was written by a model."),
        (Attribute::SYNTHETIC, Value::Flag(false), "Yes: 30 % of the pairs are written by Llama-3-70B"),
        (Attribute::ARCHITECTURE, text("LlamaForCausalLM"), "qwen2"),
        (Attribute::PARAMETERS, Value::Number("6738415616".into()), "13B"),
        (Attribute::QUANTISATION, text("F16"), "BF16"),
    ] {
        assert_eq!(held_against(attribute, &record, answer), Verdict::Contradicted, "{record}: {answer}");
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

/// A graph without and with a table of answers, and what the answers are worth.
fn told(record: &Import, table: &str, forms: &[&str], wanted: impl Fn(&Graph<'_>, &Answered)) {
    let forms: Vec<Questionnaire> = forms.iter().map(|form| built_in(form)).collect();
    let ledger = ledger([record]);
    let before = Graph::of(&ledger, None);
    let mut with = ledger.clone();
    with.add(&answers::read(table.as_bytes(), &Origin::named("answers.csv")));
    let after = Graph::of(&with, None);
    let (old, new) = ((&before, before.find("tiny")[0]), (&after, after.find("tiny")[0]));
    wanted(&after, &Answered::judge(old, new, &forms, table.as_bytes(), &Limits::default()));
}

fn silent() -> Import {
    document("card", |draft| draft.text(NodeRef::model("tiny"), Attribute::TASK, "chat", "line 1"))
}

#[test]
fn an_honest_table_does_not_contradict_itself() {
    let table = "id,subject,answer
g7-sbom-for-ai/SLP-04,tiny,\"2.1, which changes with each model in it\"
g7-sbom-for-ai/MDL-01,tiny,\"tiny, before that small-model, of Example Corp\"
g7-sbom-for-ai/MDL-03,tiny,Checkpoint 81000 of the second run
g7-sbom-for-ai/MDL-07,tiny,sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
g7-sbom-for-ai/MDL-08,tiny,SHA-256 over each file
g7-sbom-for-ai/SLP-05,tiny,3 May 2026
g7-sbom-for-ai/MDL-04,tiny,Trained from January to March 2026
";
    told(&silent(), table, &["g7-sbom-for-ai"], |graph, judged| {
        assert_eq!(judged.contradicted().count(), 0, "{:?}", judged.answers);
        assert!(graph.facts().iter().all(|fact| fact.verdict != Verdict::Contradicted));
    });
}

#[test]
fn only_the_row_that_speaks_against_a_record_is_to_blame() {
    let record = document("audit", |draft| {
        draft.node(NodeRef::model("tiny"), EdgeKind::TrainedOnOutputsOf, NodeRef::model("gpt-4"), "line 1");
    });
    let table = "id,subject,answer
buyer/1.1,tiny,No. Neither the model nor its parents were trained on outputs of other vendors' models.
buyer/3.1,tiny,\"30 % of the pairs are written by Llama-3-70B, and each is marked.\"
";
    told(&record, table, &["buyer"], |_, judged| {
        let blamed: Vec<&str> = judged.contradicted().map(|own| own.item.as_str()).collect();
        assert_eq!(blamed, ["buyer/1.1"], "{:?}", judged.answers);
        assert_eq!(judged.answers[0].after, Verdict::Contradicted);
    });
}

#[test]
fn a_denial_without_a_record_against_it_is_no_contradiction() {
    let table = "id,subject,answer
buyer/1.1,tiny,No. Neither the model nor its parents were trained on outputs of other vendors' models.
buyer/3.1,tiny,None of the examples was written by a model.
";
    told(&silent(), table, &["buyer"], |graph, judged| {
        assert_eq!(judged.contradicted().count(), 0, "{:?}", judged.answers);
        assert!(judged.answers.iter().all(|own| own.after == Verdict::Disclosed), "{:?}", judged.answers);
        let tiny = graph.find("tiny")[0];
        assert_eq!(graph.ask(tiny, Question::VendorOutputs).verdict, Verdict::Disclosed);
    });
}

#[test]
fn an_answer_moves_its_own_item_and_is_asked_for_no_more() {
    let table = "id,subject,answer
g7-sbom-for-ai/MD-01,tiny,The bill was written by Example Corp.
g7-sbom-for-ai/MD-02,tiny,confidential
g7-sbom-for-ai/DP-05,tiny,\"The data set pairs-2025 has the digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, made over a manifest of its 1,200 files before training.\"
g7-sbom-for-ai/SLP-03,tiny,Example Corp Ltd of Espoo made the system and Example Cloud Ltd supplies it.
buyer/4.1,tiny,\"The base is Llama-3-8B, and digests of all weights and runs are in the manifest at https://example.com/manifest, kept for ten years by Example Corp.\"
";
    told(&silent(), table, &["buyer", "g7-sbom-for-ai"], |graph, judged| {
        let after = |item: &str| judged.answers.iter().find(|own| own.item.ends_with(item)).unwrap();
        for item in ["MD-01", "DP-05", "SLP-03", "buyer/4.1"] {
            assert_eq!(after(item).after, Verdict::Disclosed, "{:?}", after(item));
        }
        assert_eq!(after("MD-02").after, Verdict::Unknown);
        let tiny = graph.find("tiny")[0];
        let request = graph.request(tiny, &[built_in("g7-sbom-for-ai")], false);
        let asked: Vec<&String> = request.wishes.iter().flat_map(|wish| &wish.items).collect();
        assert!(!asked.iter().any(|id| id.ends_with("MD-01") || id.ends_with("DP-05")), "{asked:?}");
        assert!(asked.iter().any(|id| id.ends_with("MD-02")), "{asked:?}");
        let filled = graph.fill(tiny, &built_in("g7-sbom-for-ai"), None);
        let item = filled.sections[0].items.iter().find(|item| item.id == "MD-01").unwrap();
        assert_eq!(item.status, Status::ByHand);
        assert!(item.sentences[0].text.contains("written by Example Corp") && item.ask.is_empty(), "{item:?}");
        assert_eq!(item.sentences[0].cited[0].path, "line 2");
    });
}

#[test]
fn an_answer_lifts_silence_and_never_a_contradiction() {
    let record = document("cards", |draft| {
        draft.value(NodeRef::model("tiny"), Attribute::SYNTHETIC, Value::Flag(true), "line 1");
        draft.value(NodeRef::model("tiny"), Attribute::SYNTHETIC, Value::Flag(false), "line 2");
    });
    let table =
        "id,subject,answer\nbuyer/3.1,tiny,\"30 % of the pairs are written by Llama-3-70B, and each is marked.\"\n";
    told(&record, table, &["buyer"], |_, judged| {
        assert_eq!((judged.answers[0].before, judged.answers[0].after), (Verdict::Contradicted, Verdict::Contradicted));
        assert_eq!(judged.contradicted().count(), 0);
    });
}

#[test]
fn answers_join_the_thing_that_was_asked_about() {
    let things = [
        NodeRef::model("@cf/meta/llama-2"),
        NodeRef::data_set("=pairs"),
        NodeRef::model("tiny").with(Scheme::HuggingFace, "example/tiny"),
        NodeRef::data_set("local pairs").with(Scheme::Local, "part-1"),
    ];
    for thing in things {
        let record = document("card", |draft| draft.text(thing.clone(), Attribute::LANGUAGE, "en", "line 1"));
        let mut with = ledger([&record]);
        let csv = {
            let graph = Graph::of(&with, None);
            let subject = graph.ids().next().unwrap();
            graph.request(subject, &[built_in("g7-sbom-for-ai")], false).csv()
        };
        let answered = csv.replacen("\"claim\",\"\"", "\"claim\",\"=The bill was written by Example Corp.\"", 1);
        assert_ne!(csv, answered);
        let guarded = answered.replace("\"=The", "\"'=The");
        with.add(&answers::read(guarded.as_bytes(), &Origin::named("answers.csv")));
        let graph = Graph::of(&with, None);
        let about: Vec<_> = graph.ids().filter(|&id| graph.fact(id, "claim").is_some()).collect();
        assert_eq!(about.len(), 1, "{thing:?}");
        assert!(graph.fact(about[0], "language").is_some(), "{thing:?}");
        let cited = graph.cite_fact(graph.fact(about[0], "claim").unwrap());
        assert!(cited.iter().all(|cited| cited.object.starts_with("=The")), "{cited:?}");
    }
}

#[test]
fn a_vendor_does_not_choose_what_it_was_asked() {
    let table = "id,question,counts as an answer,subject,predicate,answer
buyer/2.1,,,tiny,trained-on,We use a diverse mix of high-quality data from various sources.
";
    let import = answers::read(table.as_bytes(), &Origin::named("answers.csv"));
    let codes: Vec<&str> = import.diagnostics.iter().map(|told| told.code.as_ref()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "changed").count(), 3, "{codes:?}");
    assert!(codes.contains(&"vague"), "{codes:?}");
    let own = &import.statements[0];
    assert!(own.proposed && own.predicate.as_str() == Attribute::TRAINING_DATA, "{own:?}");
    let unchanged = answers::read(ASKED.as_bytes(), &Origin::named("answers.csv"));
    assert!(!unchanged.diagnostics.iter().any(|told| told.code == "changed"), "{:?}", unchanged.diagnostics);
}

const ASKED: &str =
    "id,answer\nbuyer/2.1,\"The Pile, version 1, and Common Crawl of 2023-14, read from their own sites.\"\n";

#[test]
fn one_sentence_answers_one_question() {
    let same = "Example Corp Ltd of Espoo wrote the bill and made the system, which Example Cloud Ltd supplies.";
    let table = format!(
        "id,subject,answer\ng7-sbom-for-ai/MD-01,tiny,\"{same}\"\ng7-sbom-for-ai/SLP-03,tiny,\"{same}\"\ng7-sbom-for-ai/SLP-03,tiny,On our own.\n"
    );
    told(&silent(), &table, &["g7-sbom-for-ai"], |_, judged| {
        let [first, second] = &judged.answers[..] else { panic!("{:?}", judged.answers) };
        assert_eq!(first.worth, Disclosure::Answered, "{first:?}");
        assert!(!first.why.iter().any(|why| why.contains("same words")), "{first:?}");
        assert_eq!(second.worth, Disclosure::Vague, "{second:?}");
        assert!(second.why.iter().any(|why| why.contains("MD-01")) && second.path == "line 3", "{second:?}");
        assert!(judged.diagnostics.iter().any(|told| told.code == "answered-twice" && told.path == "line 4"));
    });
    let import = answers::read(table.as_bytes(), &Origin::named("answers.csv"));
    assert_eq!(import.statements.iter().map(|own| own.path.as_str()).collect::<Vec<_>>(), ["line 2", "line 3"]);
    assert!(import.statements[1].proposed);
}
