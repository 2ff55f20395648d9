//! What lineage promises, from the command line.

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

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
fn graph() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("tiny")).unwrap();
    std::fs::create_dir_all(sandbox.path("base")).unwrap();
    sandbox.write("tiny/README.md", CARD);
    sandbox.write("base/README.md", BASE);
    sandbox.run(&["lineage", "import", "tiny/README.md", "--about", "example/tiny", "--said-by", "Example Lab"]).ok();
    sandbox.run(&["lineage", "import", "base/README.md", "--about", "example/base-7b"]).ok();
    sandbox
}

fn answer(sandbox: &Sandbox, question: &str) -> Value {
    let run = sandbox.run(&["lineage", "ask", "example/tiny", question, "--format", "json"]).ok();
    serde_json::from_str::<Value>(&run.out).unwrap()[0].clone()
}

#[test]
fn a_licence_that_its_ancestor_forbids_is_contradicted_with_the_way() {
    let sandbox = graph();
    let answer = answer(&sandbox, "third-party");
    assert_eq!(answer["verdict"], "contradicted", "{answer:#}");
    assert!(answer.to_string().contains("example/base-7b"));
    let report = sandbox.run(&["lineage", "report", "tiny"]).ok().out;
    assert!(report.contains("card-") && report.contains("contradicted"), "{report}");
}

#[test]
fn words_count_once_a_reviewer_confirms_them_and_an_undo_takes_it_back() {
    let sandbox = graph();
    let before = answer(&sandbox, "vendor-outputs");
    let listed = sandbox.run(&["lineage", "resolve", "--format", "json"]).ok();
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    let statement = &listed["statements"][0];
    let (document, number) = (statement["document"].as_str().unwrap(), statement["statement"].to_string());
    let confirm = ["lineage", "resolve", "--confirm", document, &number, "--by", "A. Reviewer"];
    assert_eq!(sandbox.run(&confirm).ok().out, "d-1\n");
    let confirmed = answer(&sandbox, "vendor-outputs");
    assert_ne!(before["verdict"], confirmed["verdict"], "{confirmed:#}");
    sandbox.run(&["lineage", "resolve", "--undo", "d-1", "--by", "A. Reviewer"]).ok();
    assert_eq!(answer(&sandbox, "vendor-outputs"), before);
}

#[test]
fn a_decision_on_nothing_is_refused() {
    let sandbox = graph();
    let before = std::fs::read(sandbox.path("models.lineage")).unwrap();
    let tiny = "model/name:example/tiny";
    let decisions: [(&[&str], &str); 5] = [
        (&["--undo", "d-99"], "d-99"),
        (&["--same", tiny, "model/name:nobody"], "nobody"),
        (&["--same", tiny, "licence/spdx:mit"], "kinds"),
        (&["--different", "model/name:nobody", tiny], "nobody"),
        (&["--reject", "card-0", "1"], "card-0"),
    ];
    for (decision, said) in decisions {
        let run = sandbox.run(&[&["lineage", "resolve", "--by", "A. Reviewer"][..], decision].concat());
        assert!(run.code == Some(2) && run.err.contains(said), "{}", run.all());
    }
    assert_eq!(std::fs::read(sandbox.path("models.lineage")).unwrap(), before);
    let base = "model/name:example/base-7b";
    sandbox.run(&["lineage", "resolve", "--by", "A. Reviewer", "--different", tiny, base]).ok();
}

#[test]
fn two_writers_keep_each_others_work() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..8).map(|number| format!("card-{number}.md")).collect();
    for name in &names {
        sandbox.write(name, format!("---\nlicense: mit\n---\n# {name}\n"));
    }
    let import = |name: &String| sandbox.command(&["lineage", "import", name, "--about", name]).output().unwrap();
    std::thread::scope(|scope| {
        for name in &names {
            scope.spawn(move || assert!(import(name).status.success()));
        }
    });
    let shown = sandbox.run(&["lineage", "show", "--format", "json"]).ok();
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["documents"], json!(names.len()), "{shown:#}");
}

#[test]
fn a_bill_of_materials_is_written_for_no_audience() {
    let sandbox = graph();
    for format in ["cyclonedx", "spdx"] {
        let run = sandbox.run(&["lineage", "report", "tiny", "--audience", "public", "--format", format]);
        assert!(run.code == Some(2) && run.out.is_empty() && run.err.contains("audience"), "{}", run.all());
    }
    let page = sandbox.run(&["lineage", "report", "tiny", "--audience", "public", "--form", "eu-gpai-form"]).ok();
    assert!(page.out.contains("Written for public") && !page.out.contains("Grade"), "{}", page.out);
}

#[test]
fn answers_beyond_the_limit_are_not_read() {
    let sandbox = graph();
    std::fs::File::create(sandbox.path("large.csv")).unwrap().set_len((64 << 20) + 1).unwrap();
    let run = sandbox.run(&["lineage", "rfp", "tiny", "--answers", "large.csv"]);
    assert!(run.code == Some(2) && run.err.contains("64 MiB"), "{}", run.all());
}

#[test]
fn a_gate_exits_with_ten_and_names_the_rule() {
    let sandbox = graph();
    let policy = "[[class]]\nid = \"regulated\"\n[[class.rule]]\nid = \"clean\"\ndeny_licences = [\"conflict\"]\n";
    sandbox.write("gate.toml", policy);
    let run = sandbox.run(&["lineage", "gate", "tiny", "--policy", "gate.toml", "--class", "regulated"]);
    assert!(run.code == Some(10) && run.out.contains("violated  clean"), "{}", run.all());
    let unknown = sandbox.run(&["lineage", "gate", "tiny", "--policy", "gate.toml", "--class", "other"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("other"), "{}", unknown.all());
}

#[test]
fn what_goes_takes_what_is_made_of_it() {
    let sandbox = graph();
    let run = sandbox.run(&["lineage", "whatif", "--remove", "example/base-7b", "--format", "json"]).ok();
    let result: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(result["irreproducible"][0]["name"], "example/tiny", "{result:#}");
}

#[test]
fn the_same_document_is_read_once_and_a_strange_one_is_refused() {
    let sandbox = graph();
    let size = || std::fs::metadata(sandbox.path("models.lineage")).unwrap().len();
    let before = size();
    let again = sandbox.run(&["lineage", "import", "tiny/README.md", "--about", "example/tiny"]).ok();
    assert!(again.err.contains("already in the graph") && size() == before, "{}", again.all());
    sandbox.write("strange.bin", [0_u8, 1, 2, 3]);
    let strange = sandbox.run(&["lineage", "import", "strange.bin"]);
    assert!(strange.code == Some(2) && size() == before, "{}", strange.all());
    sandbox.write("broken.json", "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": \"one\"}");
    let broken = sandbox.run(&["lineage", "import", "broken.json", "--strict"]);
    assert!(broken.code == Some(3) && broken.err.contains("/version"), "{}", broken.all());
    assert_eq!(sandbox.run(&["lineage", "show", "nobody"]).code, Some(2));
}

#[test]
fn a_card_that_its_configuration_contradicts_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "---\nlicense: mit\ntags:\n- llama\n---\n# Tiny\n");
    sandbox.write(
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
        sandbox
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
    sandbox.write("model.safetensors", header(32));
    let told = import("wrong.lineage").err;
    assert!(told.contains("contradiction"), "{told}");
    sandbox.write("model.safetensors", header(64));
    let told = import("right.lineage").err;
    assert!(!told.contains("contradiction"), "{told}");
}

#[test]
fn a_seal_says_what_was_altered() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("weights")).unwrap();
    sandbox.write("weights/a.bin", "a");
    sandbox.write("weights/b.bin", "b");
    sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
    sandbox.run(&["lineage", "verify", "weights", "--trust", "key.pub.pem"]).ok();
    sandbox.write("weights/a.bin", "A");
    std::fs::remove_file(sandbox.path("weights/b.bin")).unwrap();
    let run = sandbox.run(&["lineage", "verify", "weights", "--trust", "key.pub.pem", "--format", "json"]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, told["intact"].clone()), (Some(10), json!(0)), "{told:#}");
    assert_eq!(told["files"].as_array().unwrap().len(), 2);
}

#[test]
fn a_second_seal_leaves_the_first_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("m.safetensors", "a");
    sandbox.write("m.gguf", "b");
    for file in ["m.safetensors", "m.gguf"] {
        sandbox.run(&["lineage", "seal", file, "--key", "key.pem"]).ok();
    }
    for file in ["m.safetensors", "m.gguf"] {
        sandbox.run(&["lineage", "verify", file, "--trust", "key.pub.pem"]).ok();
    }
    // Seals of before have the name without its ending.
    std::fs::rename(sandbox.path("m.gguf.sig"), sandbox.path("m.sig")).unwrap();
    sandbox.run(&["lineage", "verify", "m.gguf", "--trust", "key.pub.pem"]).ok();

    let first = std::fs::read(sandbox.path("m.safetensors.sig")).unwrap();
    sandbox.write("m.safetensors", "A");
    let again = sandbox.run(&["lineage", "seal", "m.safetensors", "--key", "key.pem"]);
    assert!(again.code == Some(2) && again.err.contains("another seal"), "{}", again.all());
    let strange = sandbox.run(&["lineage", "seal", "m.safetensors", "--key", "new.pem"]);
    assert!(strange.code == Some(2) && !sandbox.path("new.pem").exists(), "{}", strange.all());
    assert_eq!(std::fs::read(sandbox.path("m.safetensors.sig")).unwrap(), first);
    sandbox.run(&["lineage", "seal", "m.safetensors", "--key", "key.pem", "-o", "m.safetensors.sig"]).ok();
    sandbox.run(&["lineage", "verify", "m.safetensors", "--trust", "key.pub.pem"]).ok();
}

#[test]
fn a_new_key_leaves_the_public_key_of_another_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("a.bin", "a");
    sandbox.write("z.pub.pem", "of another");
    let run = sandbox.run(&["lineage", "seal", "a.bin", "--key", "z.pem"]);
    assert!(run.code == Some(2) && run.err.contains("z.pub.pem"), "{}", run.all());
    assert_eq!(std::fs::read(sandbox.path("z.pub.pem")).unwrap(), b"of another");
    assert!(!sandbox.path("z.pem").exists());
    std::fs::remove_file(sandbox.path("z.pub.pem")).unwrap();
    sandbox.run(&["lineage", "seal", "a.bin", "--key", "z.pem"]).ok();
    std::fs::remove_file(sandbox.path("z.pub.pem")).unwrap();
    let run = sandbox.run(&["lineage", "seal", "a.bin", "--key", "z.pem", "-o", "a.sig"]).ok();
    assert!(!run.err.contains("z.pub.pem"), "{}", run.err);
}

#[test]
fn an_audit_becomes_evidence() {
    let sandbox = graph();
    let claims: String =
        (0..20).map(|number| format!("{{\"text\": \"I am ChatGPT number {number}, made by OpenAI.\"}}\n")).collect();
    sandbox.write("corpus.jsonl", claims);
    sandbox.run(&["audit", "corpus.jsonl", "--format", "json", "-o", "audit.json"]).ok();
    let run = sandbox.run(&["lineage", "import", "audit.json"]).ok();
    assert!(run.err.contains("statement"), "{}", run.all());
}

#[test]
fn a_page_with_the_graph_and_every_questionnaire_is_written() {
    let sandbox = graph();
    sandbox.run(&["lineage", "report", "tiny", "--form", "all", "--format", "html", "-o", "page.html"]).ok();
    let page = std::fs::read_to_string(sandbox.path("page.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("svg class=\"lineage\""));
    let listed: Value = serde_json::from_str(&sandbox.run(&["lineage", "forms", "--format", "json"]).ok().out).unwrap();
    assert!(listed.as_array().unwrap().len() >= 11, "{listed:#}");
    for form in listed.as_array().unwrap() {
        let title = form["title"].as_str().unwrap().replace('&', "&amp;");
        assert!(page.contains(&title), "{title} is not on the page");
    }
    let wrong = sandbox.run(&["lineage", "report", "tiny", "--form", "nothing"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("eu-annex-xi"), "{}", wrong.all());
}

#[test]
fn a_vendor_is_asked_what_is_open_and_its_answers_are_judged() {
    let sandbox = graph();
    sandbox.run(&["lineage", "rfp", "tiny", "--format", "csv", "-o", "questions.csv"]).ok();
    let questions = std::fs::read_to_string(sandbox.path("questions.csv")).unwrap();
    assert!(questions.contains("buyer/4.2"), "{questions}");
    // The vendor writes into the table.
    let answered = questions.replace("\"governance\",\"\"", "\"governance\",\"We apply industry standard measures.\"");
    assert_ne!(questions, answered);
    sandbox.write("answered.csv", &answered);
    let judge = ["lineage", "rfp", "tiny", "--answers", "answered.csv", "--fail-on", "vague"];
    let before = std::fs::read(sandbox.path("models.lineage")).unwrap();
    let run = sandbox.run(&judge);
    assert!(run.code == Some(10) && run.out.contains("buyer/4.2: vague"), "{}", run.all());
    assert_eq!(before, std::fs::read(sandbox.path("models.lineage")).unwrap(), "judging adds nothing");
    let imported = sandbox.run(&["lineage", "import", "answered.csv", "--about", "example/tiny"]).ok();
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
    let sandbox = graph();
    for (name, bytes) in [("parent", weights(1, None)), ("child", weights(1, Some(2))), ("stranger", weights(3, None))]
    {
        std::fs::write(sandbox.path(&format!("{name}.safetensors")), bytes).unwrap();
    }
    let related =
        sandbox.run(&["lineage", "kinship", "parent.safetensors", "child.safetensors", "--fail-on-dependence"]);
    assert!(related.code == Some(10) && related.out.contains("not independent"), "{}", related.all());
    assert!(!related.out.contains("derived from"), "{}", related.out);
    let json =
        ["lineage", "kinship", "parent.safetensors", "child.safetensors", "--format", "json", "-o", "kinship.json"];
    sandbox.run(&json).ok();
    sandbox.run(&["lineage", "import", "kinship.json"]).ok();
    let shown = sandbox.run(&["lineage", "show", "child"]).ok().out;
    assert!(shown.contains("not-independent-of") && shown.contains("recomputed"), "{shown}");

    let strangers = ["lineage", "kinship", "parent.safetensors", "stranger.safetensors", "--fail-on-dependence"];
    let strangers = sandbox.run(&strangers).ok();
    assert!(
        strangers.out.contains("no evidence of dependence") && strangers.out.contains("outputs"),
        "{}",
        strangers.out
    );

    std::fs::create_dir(sandbox.path("here")).unwrap();
    std::fs::copy(sandbox.path("child.safetensors"), sandbox.path("here/model.safetensors")).unwrap();
    for here in [".", "model.safetensors", "../here"] {
        let mut command = sandbox.command(&["lineage", "kinship", "../parent.safetensors", here, "--format", "json"]);
        let run = command.current_dir(sandbox.path("here")).output().unwrap();
        let told: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(told["right"]["name"], "here", "{here}: {told:#}");
    }

    sandbox.write("broken.safetensors", "\u{8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}");
    let broken = sandbox.run(&["lineage", "kinship", "parent.safetensors", "broken.safetensors"]);
    assert!(broken.code == Some(2) && broken.err.contains("broken.safetensors"), "{}", broken.all());
}

#[test]
fn a_seal_counts_as_signed_where_its_key_is_trusted() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("tiny")).unwrap();
    sandbox.write("tiny/weights.bin", "bytes");
    sandbox.run(&["lineage", "seal", "tiny", "--key", "key.pem"]).ok();
    sandbox.run(&["lineage", "import", "tiny/model.sig", "--about", "tiny", "--trust", "key.pub.pem"]).ok();
    let shown = sandbox.run(&["lineage", "show", "tiny"]).ok().out;
    assert!(shown.contains("signed-by") && shown.contains("evidenced"), "{shown}");
    let untrusted =
        sandbox.run(&["lineage", "import", "tiny/model.sig", "-g", "other.lineage", "--about", "tiny"]).ok();
    assert!(untrusted.err.contains("not verified"), "{}", untrusted.err);
    assert!(!sandbox.run(&["lineage", "show", "tiny", "-g", "other.lineage"]).ok().out.contains("signed-by"));
}

/// A prose document that says whose outputs were learnt from, and a policy that denies them.
fn waiting() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("words.md", "# Tiny\n\nThe dialogues on which Tiny was fine-tuned were generated by ChatGPT.\n");
    sandbox.write(
        "gate.toml",
        "[[class]]\nid = \"bank\"\n[[class.rule]]\nid = \"no-outputs\"\ndeny_outputs_of = [\"OpenAI\"]\n",
    );
    sandbox
}

#[test]
fn what_waits_for_a_reviewer_is_part_of_every_answer() {
    let sandbox = waiting();
    let imported = sandbox.run(&["lineage", "import", "words.md", "--about", "Tiny"]).ok();
    assert!(
        imported.out.contains("waits for a reviewer") && imported.out.contains("vendor-outputs"),
        "{}",
        imported.all()
    );
    let ask = sandbox.run(&["lineage", "ask", "Tiny", "vendor-outputs", "--format", "json"]).ok();
    let ask: Value = serde_json::from_str(&ask.out).unwrap();
    assert_eq!(
        (&ask[0]["verdict"], &ask[0]["waiting"]["becomes"]["verdict"]),
        (&json!("unknown"), &json!("disclosed"))
    );
    assert!(!ask[0]["statement"].as_str().unwrap().contains("no document says"), "{ask:#}");
    let told = sandbox.run(&["lineage", "ask", "Tiny", "vendor-outputs"]).ok().out;
    assert!(told.contains("waits") && told.contains("ChatGPT"), "{told}");
    let score = sandbox.run(&["lineage", "score", "Tiny"]).ok().out;
    assert!(score.contains("Not decided"), "{score}");
    let report = sandbox.run(&["lineage", "report", "Tiny"]).ok().out;
    assert!(report.contains("waits for a reviewer"), "{report}");
}

#[test]
fn a_gate_is_undecided_while_something_waits_or_nothing_is_known() {
    let sandbox = waiting();
    sandbox.run(&["lineage", "import", "words.md", "--about", "Tiny"]).ok();
    sandbox.write("silent.md", "---\nlicense: mit\n---\n# Quiet\n");
    sandbox.run(&["lineage", "import", "silent.md", "--about", "Quiet"]).ok();
    for name in ["Tiny", "Quiet"] {
        for (how, code) in [("tell", 11), ("deny", 10), ("allow", 0)] {
            let gate = ["lineage", "gate", name, "--policy", "gate.toml", "--class", "bank", "--when-undecided", how];
            let run = sandbox.run(&gate);
            assert_eq!(run.code, Some(code), "{name} {how}: {}", run.all());
            assert!(run.out.contains("undecided") && !run.out.contains("kept  "), "{}", run.all());
        }
    }
}

#[test]
fn a_document_that_says_nothing_is_not_imported_in_silence() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.md", "# Tiny\n\nHello.\n");
    let run = sandbox.run(&["lineage", "import", "empty.md", "--about", "Tiny"]);
    assert!(run.code == Some(3) && run.err.contains("nothing was read"), "{}", run.all());
}
