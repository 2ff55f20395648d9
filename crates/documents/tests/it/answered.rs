//! What a vendor's answers are worth once they are imported.

use stillwatch_core::Limits;
use stillwatch_documents::importers::answers;
use stillwatch_lineage::{Attribute, EdgeKind, Graph, Import, NodeRef, Origin, Question, Scheme, Value, Verdict};
use stillwatch_questionnaire::disclosure::Disclosure;
use stillwatch_questionnaire::{Answered, Filled, Questionnaire, Request, Status};

use crate::made::{document, ledger};

fn built_in(id: &str) -> Questionnaire {
    Questionnaire::built_in(id).unwrap().unwrap()
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
        let request = Request::of(graph, tiny, &[built_in("g7-sbom-for-ai")], false);
        let asked: Vec<&String> = request.wishes.iter().flat_map(|wish| &wish.items).collect();
        assert!(!asked.iter().any(|id| id.ends_with("MD-01") || id.ends_with("DP-05")), "{asked:?}");
        assert!(asked.iter().any(|id| id.ends_with("MD-02")), "{asked:?}");
        let filled = Filled::of(graph, tiny, &built_in("g7-sbom-for-ai"), None);
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
            Request::of(&graph, subject, &[built_in("g7-sbom-for-ai")], false).csv()
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
