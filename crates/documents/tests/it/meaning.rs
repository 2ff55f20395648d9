//! What small documents of four formats say: statement by statement, place by place.

use stillwatch_documents::importers::{answers, custody, dps, in_toto};
use stillwatch_lineage::{NodeRef, Origin, StrictVerdict};

use crate::lines::{diagnostics, statements};

#[test]
fn a_provenance_record_says_where_data_came_from_and_where_they_may_go() {
    let record = br#"{
      "source": {"version": "1.0.0", "title": "Street scenes", "id": "d-1", "location": "https://example.org/d-1",
                 "issuer": {"name": "Example Ltd"}, "description": "Photographs of streets"},
      "provenance": {"source": "https://huggingface.co/datasets/example/streets", "origin": {"name": "Camera Co"},
                 "origin-geography": {"country": "DE", "state": "BY"}, "date": "2025-03-01",
                 "generation-period": {"start": "2024-01-01", "end": "soon"},
                 "generation-method": {"code": "machine-generated-mlops-synthetic", "description": "drawn"}},
      "use": {"license": "https://example.org/terms", "consents": "https://example.org/consent",
              "processing-excluded": [{"country": "CN"}], "storage-allowed": [{"country": "DE"}, {"country": "unknown"}],
              "classification": [{"regulation": {"code": "GDPR"}, "evaluated": false}],
              "privacy-indicators": [{"tool": {"code": "blur"}, "result": "faces"}],
              "intended-purpose": [{"code": "ai-training", "description": "of detectors"}]}}"#;
    let import = dps::read(record, &Origin::named("streets.provenance.json"));
    assert_eq!(import.strict, StrictVerdict::Valid { against: "Data Provenance Standard 1.0.0".into() });
    assert_eq!(import.document.title.as_deref(), Some("Street scenes"));
    assert_eq!(import.document.said_on.map(|day| day.to_string()).as_deref(), Some("2025-03-01"));
    let subject = &import.statements[0].subject;
    assert_eq!(
        subject.identifiers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["url:https://example.org/d-1", "other:d-1"]
    );
    let expected = [
        "/provenance/date: Street scenes released \"2025-03-01\"",
        "/source/description: Street scenes description \"Photographs of streets\"",
        "/provenance/source: Street scenes source-metadata \"https://huggingface.co/datasets/example/streets\"",
        "/use/license: Street scenes licence-text \"https://example.org/terms\"",
        "/source/issuer: Street scenes owned-by organisation `Example Ltd`",
        "/provenance/origin: Street scenes supplied-by organisation `Camera Co`",
        "/provenance/generation-method: Street scenes data-collection \"machine-generated-mlops-synthetic: drawn\"",
        "/provenance/generation-method: Street scenes synthetic \"true\"",
        "/provenance/origin-geography: Street scenes located-in jurisdiction `DE` <country:DE> state=BY use=origin",
        "/provenance/source: Street scenes derived-from data-set `example/streets` <url:https://huggingface.co/datasets/example/streets>",
        "/use/license: Street scenes licensed-under licence `https://example.org/terms` <url:https://example.org/terms>",
        "/use/processing-excluded/0: Street scenes located-in jurisdiction `CN` <country:CN> (denied) use=processing",
        "/use/storage-allowed/0: Street scenes located-in jurisdiction `DE` <country:DE> use=storage",
        "/use/consents: Street scenes consent \"https://example.org/consent\"",
        "/use/intended-purpose/0: Street scenes intended-use \"ai-training of detectors\"",
        "/use/classification/0: Street scenes personal-data \"GDPR: not evaluated\"",
        "/use/privacy-indicators/0: Street scenes personal-data \"blur faces\"",
        "/provenance/generation-period: Street scenes data-collection \"collected from 2024-01-01 to soon\"",
    ];
    assert_eq!(statements(&import), expected);
    assert_eq!(
        diagnostics(&import),
        ["warning /use/storage-allowed/1 placeholder", "warning /provenance/generation-period date"]
    );
}

#[test]
fn a_record_without_what_its_standard_requires_is_invalid_and_still_read() {
    let record = br#"{"source": {"title": "Streets", "issuer": {}}, "provenance": {"generation-method": {"code": "feed"}}, "use": {}}"#;
    let import = dps::read(record, &Origin::named("streets.json"));
    assert_eq!(
        diagnostics(&import),
        [
            "error /source/version missing",
            "error /source/id missing",
            "error /source/description missing",
            "error /provenance/origin-geography missing",
            "error /provenance/date missing",
            "error /source/issuer missing",
        ]
    );
    assert_eq!(import.strict, StrictVerdict::Invalid { against: "Data Provenance Standard 1.0.0".into(), errors: 6 });
    // How it was collected, and nothing of whether it is synthetic.
    assert_eq!(statements(&import), ["/provenance/generation-method: Streets data-collection \"feed\""]);
    assert!(!dps::read(b"[]", &Origin::named("x")).strict.is_valid());
}

#[test]
fn a_build_says_who_built_and_proposes_what_it_was_built_from() {
    let digest = "0f".repeat(32);
    let statement = format!(
        r#"{{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [{{"name": "tiny.safetensors", "digest": {{"sha256": "{digest}"}}}}],
        "predicate": {{"buildDefinition": {{"resolvedDependencies": [
            {{"uri": "https://huggingface.co/meta-llama/Llama-2-7b"}},
            {{"uri": "https://huggingface.co/datasets/tatsu-lab/alpaca"}},
            {{"name": "trainer", "digest": {{"sha256": "{digest}"}}}}]}},
            "runDetails": {{"builder": {{"id": "https://example.org/builder"}}}}}}}}"#
    );
    let import = in_toto::read(statement.as_bytes(), &Origin::named("build.json"));
    assert_eq!(import.strict, StrictVerdict::Valid { against: "in-toto Statement v1".into() });
    assert_eq!(diagnostics(&import), [""; 0]);
    let materials = "/predicate/buildDefinition/resolvedDependencies";
    let inferred = "inferred=from the material's address";
    assert_eq!(
        statements(&import),
        [
            format!("/subject/0: tiny.safetensors digest \"sha256:{digest}\""),
            "/predicate/runDetails/builder/id: tiny.safetensors produced-by run `build of tiny.safetensors` <other:https://example.org/builder>".into(),
            "/predicate/runDetails/builder/id: build of tiny.safetensors uses software `builder` <url:https://example.org/builder>".into(),
            format!("{materials}/0: tiny.safetensors fine-tuned-from model `meta-llama/Llama-2-7b` <hf:meta-llama/Llama-2-7b url:https://huggingface.co/meta-llama/Llama-2-7b> (proposed) {inferred}"),
            format!("{materials}/1: tiny.safetensors trained-on data-set `tatsu-lab/alpaca` <hf:tatsu-lab/alpaca url:https://huggingface.co/datasets/tatsu-lab/alpaca> (proposed) {inferred}"),
            format!("{materials}/2: tiny.safetensors uses software `trainer` <sha256:{digest}> {inferred}"),
        ]
    );
    assert!(import.statements[3].quote.is_some(), "a reviewer has to see what is proposed");

    let broken = br#"{"_type": "https://in-toto.io/Statement/v0.1", "subject": [{"digest": {}}]}"#;
    let import = in_toto::read(broken, &Origin::named("build.json"));
    assert_eq!(
        diagnostics(&import),
        ["note  statement-type", "error  missing", "error /subject/0 digest", "error  missing"]
    );
    assert_eq!(statements(&import), [""; 0]);
}

#[test]
fn custody_records_say_where_copies_are_and_which_came_back_whole() {
    let (good, bad) = (format!("sha256:{}", "1".repeat(64)), format!("sha256:{}", "2".repeat(64)));
    let record = format!(
        r#"{{"schema": "stillwatch.custody/1", "subject": {{"kind": "data-set", "name": "corpus", "hf": "example/corpus"}},
        "digest": "{good}", "copies": [
        {{"at": "vault", "copy": "second", "region": "DE", "digest": "{good}",
          "retention": {{"until": "2030-01-01", "lock": "compliance", "evidence": "policy export"}},
          "restored": {{"on": "2026-10-01", "digest": "{good}", "by": "storage team"}}}},
        {{"at": "tape", "copy": true, "restored": {{"on": "2026-09-01", "digest": "{bad}"}}}},
        {{"at": "bucket", "digest": "{bad}", "retention": "30 days", "restored": "never"}},
        {{"copy": true}}]}}"#
    );
    let import = custody::read(record.as_bytes(), &Origin::named("corpus.custody.json"));
    let (good, bad) = (&good, &bad);
    assert_eq!(
        statements(&import),
        [
            format!("/digest: corpus digest \"{good}\""),
            format!(
                "/copies/0: corpus held-at compute `vault` copy=second digest={good} restore-tested=2026-10-01 \
                 restored-by=storage team retention=until 2030-01-01; lock: compliance; evidence: policy export"
            ),
            "/copies/0/region: vault located-in jurisdiction `DE` <country:DE>".into(),
            // What came back was something else: the test counts against the copy.
            "/copies/1: corpus held-at compute `tape` copy=true restore-failed=2026-09-01".into(),
            format!("/copies/2: corpus held-at compute `bucket` digest={bad} retention=30 days"),
        ]
    );
    assert_eq!(
        diagnostics(&import),
        [
            "error /copies/1/restored/digest restore-failed",
            "error /copies/2/digest contradiction",
            "error /copies/2/restored date",
            "error /copies/3 missing",
        ]
    );
    assert_eq!(import.strict, StrictVerdict::Invalid { against: "stillwatch.custody/1".into(), errors: 4 });

    let lines = format!(
        "{{\"schema\": \"stillwatch.custody/1\", \"subject\": \"one\", \"digest\": \"{good}\"}}\n\n{{\"subject\": \"two\", \"digest\": \"md5:1\"}}\n"
    );
    let import = custody::read(lines.as_bytes(), &Origin::named("all.custody.jsonl"));
    assert_eq!(statements(&import), [format!("line 1 /digest: one digest \"{good}\"")]);
    assert_eq!(diagnostics(&import), ["error line 3  schema", "error line 3 /digest digest"]);
}

#[test]
fn answers_are_claims_where_a_column_says_of_what_and_proposals_else() {
    let sheet = "Question;Answer;Model;Predicate;Date;Source\n\
                 Which data?;The Pile;tiny;trained-on;2026-01-02;page 3\n\
                 Is synthetic data used?;yes, a little;;;;\n\
                 Who is your cook?;nobody;;;yesterday;\n\
                 Licence?;;tiny;licensed-under;;\n\
                 Where is it hosted?;confidential;tiny;runs-on;;\n";
    let origin = Origin { subject: Some(NodeRef::model("asked")), ..Origin::named("vendor.csv") };
    let import = answers::read(sheet.as_bytes(), &origin);
    assert_eq!(
        statements(&import),
        [
            "line 2: tiny trained-on data-set `The Pile` source=page 3",
            "line 3: asked synthetic \"yes, a little\" (proposed)",
            "line 4: asked claim \"nobody\" (proposed)",
            "line 6: tiny runs-on compute `confidential`",
        ]
    );
    assert_eq!(import.statements[0].said_on.map(|day| day.to_string()).as_deref(), Some("2026-01-02"));
    assert_eq!(import.statements[1].quote.as_deref(), Some("Is synthetic data used? — yes, a little"));
    assert_eq!(
        diagnostics(&import),
        [
            "warning line 3 vague",
            "warning line 4 vague",
            "warning line 4 date",
            "warning line 5 placeholder",
            "warning line 6 placeholder"
        ]
    );
    assert_eq!(import.strict, StrictVerdict::NotChecked { why: "answers have no schema".into() });

    let import = answers::read(b"who,what\na,b\n", &Origin::named("x.csv"));
    assert_eq!((diagnostics(&import), import.statements.len()), (vec!["error line 1 columns".to_owned()], 0));
}
