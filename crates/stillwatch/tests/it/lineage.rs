//! What lineage promises, from the command line.

use serde_json::{Value, json};

use crate::place::Place;

const CARD: &str = "---
license: mit
base_model: example/base-7b
base_model_relation: finetune
datasets:
- example/answers
---
# Tiny helper
The examples were generated with OpenAI's text-davinci-003.
";

const BASE: &str = "---
license: llama2
---
# Base
";

/// A graph of two cards.
fn graph() -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.path("tiny")).unwrap();
    std::fs::create_dir_all(place.path("base")).unwrap();
    place.write("tiny/README.md", CARD);
    place.write("base/README.md", BASE);
    place.run(&["lineage", "import", "tiny/README.md", "--about", "example/tiny", "--said-by", "Example Lab"]).ok();
    place.run(&["lineage", "import", "base/README.md", "--about", "example/base-7b"]).ok();
    place
}

fn answer(place: &Place, question: &str) -> Value {
    let run = place.run(&["lineage", "ask", "example/tiny", question, "--format", "json"]).ok();
    serde_json::from_str::<Value>(&run.out).unwrap()[0].clone()
}

#[test]
fn a_licence_that_its_ancestor_forbids_is_contradicted_with_the_way() {
    let place = graph();
    let answer = answer(&place, "third-party");
    assert_eq!(answer["verdict"], "contradicted", "{answer:#}");
    assert!(answer.to_string().contains("example/base-7b"));
    let report = place.run(&["lineage", "report", "tiny"]).ok().out;
    assert!(report.contains("card-") && report.contains("contradicted"), "{report}");
}

#[test]
fn words_count_once_a_reviewer_confirms_them_and_an_undo_takes_it_back() {
    let place = graph();
    let before = answer(&place, "vendor-outputs");
    let listed = place.run(&["lineage", "resolve", "--format", "json"]).ok();
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    let statement = &listed["statements"][0];
    let (document, number) = (statement["document"].as_str().unwrap(), statement["statement"].to_string());
    let confirm = ["lineage", "resolve", "--confirm", document, &number, "--by", "A. Reviewer"];
    assert_eq!(place.run(&confirm).ok().out, "d-1\n");
    let confirmed = answer(&place, "vendor-outputs");
    assert_ne!(before["verdict"], confirmed["verdict"], "{confirmed:#}");
    place.run(&["lineage", "resolve", "--undo", "d-1", "--by", "A. Reviewer"]).ok();
    assert_eq!(answer(&place, "vendor-outputs"), before);
}

#[test]
fn a_decision_on_nothing_is_refused() {
    let place = graph();
    let before = std::fs::read(place.path("models.lineage")).unwrap();
    let tiny = "model/name:example/tiny";
    let decisions: [(&[&str], &str); 5] = [
        (&["--undo", "d-99"], "d-99"),
        (&["--same", tiny, "model/name:nobody"], "nobody"),
        (&["--same", tiny, "licence/spdx:mit"], "kinds"),
        (&["--different", "model/name:nobody", tiny], "nobody"),
        (&["--reject", "card-0", "1"], "card-0"),
    ];
    for (decision, said) in decisions {
        let run = place.run(&[&["lineage", "resolve", "--by", "A. Reviewer"][..], decision].concat());
        assert!(run.code == Some(2) && run.err.contains(said), "{}", run.all());
    }
    assert_eq!(std::fs::read(place.path("models.lineage")).unwrap(), before);
    let base = "model/name:example/base-7b";
    place.run(&["lineage", "resolve", "--by", "A. Reviewer", "--different", tiny, base]).ok();
}

#[test]
fn two_writers_keep_each_others_work() {
    let place = Place::new();
    let names: Vec<String> = (0..8).map(|number| format!("card-{number}.md")).collect();
    for name in &names {
        place.write(name, format!("---\nlicense: mit\n---\n# {name}\n"));
    }
    let import = |name: &String| place.command(&["lineage", "import", name, "--about", name]).output().unwrap();
    std::thread::scope(|scope| {
        for name in &names {
            scope.spawn(move || assert!(import(name).status.success()));
        }
    });
    let shown = place.run(&["lineage", "show", "--format", "json"]).ok();
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["documents"], json!(names.len()), "{shown:#}");
}

#[test]
fn a_bill_of_materials_is_written_for_no_audience() {
    let place = graph();
    for format in ["cyclonedx", "spdx"] {
        let run = place.run(&["lineage", "report", "tiny", "--audience", "public", "--format", format]);
        assert!(run.code == Some(2) && run.out.is_empty() && run.err.contains("audience"), "{}", run.all());
    }
    let page = place.run(&["lineage", "report", "tiny", "--audience", "public", "--form", "eu-gpai-form"]).ok();
    assert!(page.out.contains("Written for public") && !page.out.contains("Grade"), "{}", page.out);
}

#[test]
fn answers_beyond_the_limit_are_not_read() {
    let place = graph();
    std::fs::File::create(place.path("large.csv")).unwrap().set_len((64 << 20) + 1).unwrap();
    let run = place.run(&["lineage", "rfp", "tiny", "--answers", "large.csv"]);
    assert!(run.code == Some(2) && run.err.contains("64 MiB"), "{}", run.all());
}

#[test]
fn a_gate_exits_with_ten_and_names_the_rule() {
    let place = graph();
    let policy = "[[class]]\nid = \"regulated\"\n[[class.rule]]\nid = \"clean\"\ndeny_licences = [\"conflict\"]\n";
    place.write("gate.toml", policy);
    let run = place.run(&["lineage", "gate", "tiny", "--policy", "gate.toml", "--class", "regulated"]);
    assert!(run.code == Some(10) && run.out.contains("violated  clean"), "{}", run.all());
    let unknown = place.run(&["lineage", "gate", "tiny", "--policy", "gate.toml", "--class", "other"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("other"), "{}", unknown.all());
}

#[test]
fn what_goes_takes_what_is_made_of_it() {
    let place = graph();
    let run = place.run(&["lineage", "whatif", "--remove", "example/base-7b", "--format", "json"]).ok();
    let result: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(result["irreproducible"][0]["name"], "example/tiny", "{result:#}");
}

#[test]
fn the_same_document_is_read_once_and_a_strange_one_is_refused() {
    let place = graph();
    let size = || std::fs::metadata(place.path("models.lineage")).unwrap().len();
    let before = size();
    let again = place.run(&["lineage", "import", "tiny/README.md", "--about", "example/tiny"]).ok();
    assert!(again.err.contains("already in the graph") && size() == before, "{}", again.all());
    place.write("strange.bin", [0_u8, 1, 2, 3]);
    let strange = place.run(&["lineage", "import", "strange.bin"]);
    assert!(strange.code == Some(2) && size() == before, "{}", strange.all());
    place.write("broken.json", "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": \"one\"}");
    let broken = place.run(&["lineage", "import", "broken.json", "--strict"]);
    assert!(broken.code == Some(3) && broken.err.contains("/version"), "{}", broken.all());
    assert_eq!(place.run(&["lineage", "show", "nobody"]).code, Some(2));
}

#[test]
fn a_card_that_its_configuration_contradicts_is_told() {
    let place = Place::new();
    place.write("README.md", "---\nlicense: mit\ntags:\n- llama\n---\n# Tiny\n");
    place.write(
        "config.json",
        "{\"architectures\": [\"MistralForCausalLM\"], \"hidden_size\": 64, \"vocab_size\": 100}",
    );
    let header = |hidden: u32| {
        let json = format!(
            "{{\"model.embed_tokens.weight\": {{\"dtype\": \"F32\", \"shape\": [100, {hidden}], \"data_offsets\": [0, {}]}}}}",
            100 * hidden * 4
        );
        let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(json.as_bytes());
        bytes.resize(bytes.len() + 100 * hidden as usize * 4, 0);
        bytes
    };
    let import = |graph: &str| {
        place
            .run(&[
                "lineage",
                "import",
                "README.md",
                "config.json",
                "model.safetensors",
                "--about",
                "example/tiny",
                "-g",
                graph,
            ])
            .ok()
    };
    place.write("model.safetensors", header(32));
    let told = import("wrong.lineage").err;
    assert!(told.contains("contradiction"), "{told}");
    place.write("model.safetensors", header(64));
    let told = import("right.lineage").err;
    assert!(!told.contains("contradiction"), "{told}");
}

#[test]
fn a_seal_says_what_was_altered() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("weights")).unwrap();
    place.write("weights/a.bin", "a");
    place.write("weights/b.bin", "b");
    place.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
    place.run(&["lineage", "verify", "weights", "--trust", "key.pub.pem"]).ok();
    place.write("weights/a.bin", "A");
    std::fs::remove_file(place.path("weights/b.bin")).unwrap();
    let run = place.run(&["lineage", "verify", "weights", "--trust", "key.pub.pem", "--format", "json"]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, told["intact"].clone()), (Some(10), json!(0)), "{told:#}");
    assert_eq!(told["files"].as_array().unwrap().len(), 2);
}

#[test]
fn a_second_seal_leaves_the_first_alone() {
    let place = Place::new();
    place.write("m.safetensors", "a");
    place.write("m.gguf", "b");
    for file in ["m.safetensors", "m.gguf"] {
        place.run(&["lineage", "seal", file, "--key", "key.pem"]).ok();
    }
    for file in ["m.safetensors", "m.gguf"] {
        place.run(&["lineage", "verify", file, "--trust", "key.pub.pem"]).ok();
    }
    // Seals of before have the name without its ending.
    std::fs::rename(place.path("m.gguf.sig"), place.path("m.sig")).unwrap();
    place.run(&["lineage", "verify", "m.gguf", "--trust", "key.pub.pem"]).ok();

    let first = std::fs::read(place.path("m.safetensors.sig")).unwrap();
    place.write("m.safetensors", "A");
    let again = place.run(&["lineage", "seal", "m.safetensors", "--key", "key.pem"]);
    assert!(again.code == Some(2) && again.err.contains("another seal"), "{}", again.all());
    let strange = place.run(&["lineage", "seal", "m.safetensors", "--key", "new.pem"]);
    assert!(strange.code == Some(2) && !place.path("new.pem").exists(), "{}", strange.all());
    assert_eq!(std::fs::read(place.path("m.safetensors.sig")).unwrap(), first);
    place.run(&["lineage", "seal", "m.safetensors", "--key", "key.pem", "-o", "m.safetensors.sig"]).ok();
    place.run(&["lineage", "verify", "m.safetensors", "--trust", "key.pub.pem"]).ok();
}

#[test]
fn a_new_key_leaves_the_public_key_of_another_alone() {
    let place = Place::new();
    place.write("a.bin", "a");
    place.write("z.pub.pem", "of another");
    let run = place.run(&["lineage", "seal", "a.bin", "--key", "z.pem"]);
    assert!(run.code == Some(2) && run.err.contains("z.pub.pem"), "{}", run.all());
    assert_eq!(std::fs::read(place.path("z.pub.pem")).unwrap(), b"of another");
    assert!(!place.path("z.pem").exists());
    std::fs::remove_file(place.path("z.pub.pem")).unwrap();
    place.run(&["lineage", "seal", "a.bin", "--key", "z.pem"]).ok();
    std::fs::remove_file(place.path("z.pub.pem")).unwrap();
    let run = place.run(&["lineage", "seal", "a.bin", "--key", "z.pem", "-o", "a.sig"]).ok();
    assert!(!run.err.contains("z.pub.pem"), "{}", run.err);
}

#[test]
fn an_audit_becomes_evidence() {
    let place = graph();
    let claims: String =
        (0..20).map(|number| format!("{{\"text\": \"I am ChatGPT number {number}, made by OpenAI.\"}}\n")).collect();
    place.write("corpus.jsonl", claims);
    place.run(&["audit", "corpus.jsonl", "--format", "json", "-o", "audit.json"]).ok();
    let run = place.run(&["lineage", "import", "audit.json"]).ok();
    assert!(run.err.contains("statement"), "{}", run.all());
}

#[test]
fn a_page_with_the_graph_and_every_questionnaire_is_written() {
    let place = graph();
    place.run(&["lineage", "report", "tiny", "--form", "all", "--format", "html", "-o", "page.html"]).ok();
    let page = std::fs::read_to_string(place.path("page.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("svg class=\"lineage\""));
    let listed: Value = serde_json::from_str(&place.run(&["lineage", "forms", "--format", "json"]).ok().out).unwrap();
    assert!(listed.as_array().unwrap().len() >= 11, "{listed:#}");
    for form in listed.as_array().unwrap() {
        let title = form["title"].as_str().unwrap().replace('&', "&amp;");
        assert!(page.contains(&title), "{title} is not on the page");
    }
    let wrong = place.run(&["lineage", "report", "tiny", "--form", "nothing"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("eu-annex-xi"), "{}", wrong.all());
}

#[test]
fn a_vendor_is_asked_what_is_open_and_its_answers_are_judged() {
    let place = graph();
    place.run(&["lineage", "rfp", "tiny", "--format", "csv", "-o", "questions.csv"]).ok();
    let questions = std::fs::read_to_string(place.path("questions.csv")).unwrap();
    assert!(questions.contains("buyer/4.2"), "{questions}");
    // The vendor writes into the table.
    let answered = questions.replace("\"governance\",\"\"", "\"governance\",\"We apply industry standard measures.\"");
    assert_ne!(questions, answered);
    place.write("answered.csv", &answered);
    let judge = ["lineage", "rfp", "tiny", "--answers", "answered.csv", "--fail-on", "vague"];
    let before = std::fs::read(place.path("models.lineage")).unwrap();
    let run = place.run(&judge);
    assert!(run.code == Some(10) && run.out.contains("buyer/4.2: vague"), "{}", run.all());
    assert_eq!(before, std::fs::read(place.path("models.lineage")).unwrap(), "judging adds nothing");
    let imported = place.run(&["lineage", "import", "answered.csv", "--about", "example/tiny"]).ok();
    assert!(imported.err.contains("waits for a reviewer"), "{}", imported.err);
}

/// A file of weights with two layers of hidden units, made from a seed; `noise` is added from another.
fn weights(seed: u64, noise: Option<u64>) -> Vec<u8> {
    use std::fmt::Write as _;
    const WIDTH: usize = 48;
    const HIDDEN: usize = 96;
    let (mut header, mut data) = (String::from("{"), Vec::new());
    let (mut own, mut other) =
        (stillwatch_core::Random::new(seed, 0), stillwatch_core::Random::new(noise.unwrap_or(0), 1));
    for layer in 0..2 {
        for (name, rows, columns) in
            [("gate_proj", HIDDEN, WIDTH), ("up_proj", HIDDEN, WIDTH), ("down_proj", WIDTH, HIDDEN)]
        {
            let begin = data.len();
            for _ in 0..rows * columns {
                let value = |random: &mut stillwatch_core::Random| {
                    f32::from(u16::try_from(random.below(2_001)).unwrap()) / 1_000.0 - 1.0
                };
                let added = if noise.is_some() { 0.3 * value(&mut other) } else { 0.0 };
                data.extend((value(&mut own) + added).to_le_bytes());
            }
            let comma = if header.len() > 1 { "," } else { "" };
            write!(
                header,
                "{comma}\"model.layers.{layer}.mlp.{name}.weight\":{{\"dtype\":\"F32\",\"shape\":[{rows},{columns}],\"data_offsets\":[{begin},{}]}}",
                data.len()
            )
            .unwrap();
        }
    }
    header.push('}');
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

#[test]
fn weights_are_compared_and_the_result_is_evidence_without_direction() {
    let place = graph();
    for (name, bytes) in [("parent", weights(1, None)), ("child", weights(1, Some(2))), ("stranger", weights(3, None))]
    {
        std::fs::write(place.path(&format!("{name}.safetensors")), bytes).unwrap();
    }
    let related = place.run(&["lineage", "kinship", "parent.safetensors", "child.safetensors", "--fail-on-dependence"]);
    assert!(related.code == Some(10) && related.out.contains("not independent"), "{}", related.all());
    assert!(!related.out.contains("derived from"), "{}", related.out);
    let json =
        ["lineage", "kinship", "parent.safetensors", "child.safetensors", "--format", "json", "-o", "kinship.json"];
    place.run(&json).ok();
    place.run(&["lineage", "import", "kinship.json"]).ok();
    let shown = place.run(&["lineage", "show", "child"]).ok().out;
    assert!(shown.contains("not-independent-of") && shown.contains("recomputed"), "{shown}");

    let strangers = ["lineage", "kinship", "parent.safetensors", "stranger.safetensors", "--fail-on-dependence"];
    let strangers = place.run(&strangers).ok();
    assert!(
        strangers.out.contains("no evidence of dependence") && strangers.out.contains("outputs"),
        "{}",
        strangers.out
    );

    std::fs::create_dir(place.path("here")).unwrap();
    std::fs::copy(place.path("child.safetensors"), place.path("here/model.safetensors")).unwrap();
    for here in [".", "model.safetensors", "../here"] {
        let mut command = place.command(&["lineage", "kinship", "../parent.safetensors", here, "--format", "json"]);
        let run = command.current_dir(place.path("here")).output().unwrap();
        let told: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(told["right"]["name"], "here", "{here}: {told:#}");
    }

    place.write("broken.safetensors", "\u{8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}");
    let broken = place.run(&["lineage", "kinship", "parent.safetensors", "broken.safetensors"]);
    assert!(broken.code == Some(2) && broken.err.contains("broken.safetensors"), "{}", broken.all());
}

#[test]
fn a_seal_counts_as_signed_where_its_key_is_trusted() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("tiny")).unwrap();
    place.write("tiny/weights.bin", "bytes");
    place.run(&["lineage", "seal", "tiny", "--key", "key.pem"]).ok();
    place.run(&["lineage", "import", "tiny/model.sig", "--about", "tiny", "--trust", "key.pub.pem"]).ok();
    let shown = place.run(&["lineage", "show", "tiny"]).ok().out;
    assert!(shown.contains("signed-by") && shown.contains("evidenced"), "{shown}");
    let untrusted = place.run(&["lineage", "import", "tiny/model.sig", "-g", "other.lineage", "--about", "tiny"]).ok();
    assert!(untrusted.err.contains("not verified"), "{}", untrusted.err);
    assert!(!place.run(&["lineage", "show", "tiny", "-g", "other.lineage"]).ok().out.contains("signed-by"));
}
