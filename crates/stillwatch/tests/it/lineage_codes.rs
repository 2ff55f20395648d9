//! The table of exit codes in `docs/lineage.md`, walked: each cell with a number is a run that exits with it.

use std::fmt::Write;

use crate::sandbox::{Run, Sandbox};

/// What a cell of the table stands for.
const SITUATIONS: [&str; 6] = ["nothing read", "partly read", "wrong role", "undecided", "found", "clean"];

const CLEAN: &str = "---\nlicense: mit\n---\n# Quiet\n";
const POLICY: &str = "[[class]]\nid = \"any\"\n[[class.rule]]\nid = \"no-gpl\"\ndeny_licences = [\"GPL-3.0-only\"]\n";
const OUTPUTS: &str = "[[class]]\nid = \"any\"\n[[class.rule]]\nid = \"no-outputs\"\ndeny_outputs_of = [\"*\"]\n";
const ANSWERS: &str = "id,answer\nbuyer/1.1,None. Neither the model nor its parents nor its data sets hold outputs of another vendor's models.\n";

/// Rows of the table: the command, and the cells in the order of the situations.
fn rows() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lineage.md")).unwrap();
    let header = format!("| command | {} |", SITUATIONS.join(" | "));
    let table = text.lines().skip_while(|line| *line != header).skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    table.map(cells).map(|mut cells| (cells.remove(0).trim_matches('`').to_owned(), cells)).collect()
}

#[test]
fn every_cell_of_the_table_is_what_the_command_does() {
    let rows = rows();
    assert!(rows.len() >= 15, "the table was not found in docs/lineage.md");
    let mut walked = 0;
    for (command, cells) in rows {
        assert_eq!(cells.len(), SITUATIONS.len(), "{command}");
        for (situation, cell) in SITUATIONS.into_iter().zip(cells) {
            let Some(code) = cell.split_whitespace().next().and_then(|first| first.parse::<i32>().ok()) else {
                assert!(cell.is_empty(), "{command}, {situation}: `{cell}` is no code");
                continue;
            };
            let run = situation_of(&command, situation).expect("a run for each cell with a number");
            assert_eq!(run.code, Some(code), "{command}, {situation}: {}", run.all());
            walked += 1;
        }
    }
    assert!(walked >= 60, "{walked} cells");
}

/// A sandbox with a graph of two cards, policies and a sealed folder.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("quiet.md", CLEAN);
    sandbox.write("gate.toml", POLICY);
    sandbox.write("outputs.toml", OUTPUTS);
    sandbox.write("answers.csv", ANSWERS);
    sandbox.run(&["lineage", "import", "quiet.md", "--about", "Quiet"]).ok();
    std::fs::create_dir_all(sandbox.path("weights")).unwrap();
    sandbox.write("weights/a.bin", "a");
    sandbox
}

/// The graph with one record that cannot be read.
fn damage(sandbox: &Sandbox) {
    let mut graph = std::fs::read_to_string(sandbox.path("models.lineage")).unwrap();
    graph.push_str("{\"statement\": broken\n");
    sandbox.write("models.lineage", graph);
}

fn situation_of(command: &str, situation: &str) -> Option<Run> {
    let sandbox = sandbox();
    let run = |arguments: &[&str]| sandbox.run(&[&["lineage"][..], arguments].concat());
    let of_graph = |arguments: &[&str]| match situation {
        "nothing read" => run(&[arguments, &["-g", "absent.lineage"]].concat()),
        "wrong role" => run(&[arguments, &["-g", "quiet.md"]].concat()),
        "partly read" => {
            damage(&sandbox);
            run(arguments)
        }
        _ => run(arguments),
    };
    Some(match (command, situation) {
        ("import", "nothing read") => {
            sandbox.write("silent.md", "# Tiny\n\nHello.\n");
            run(&["import", "silent.md", "--about", "Tiny"])
        }
        ("import", "partly read") => {
            sandbox.write("silent.md", "# Tiny\n\nHello.\n");
            sandbox.write("other.md", "---\nlicense: apache-2.0\n---\n# Other\n");
            run(&["import", "silent.md", "other.md"])
        }
        ("import", "wrong role") => run(&["import", "models.lineage"]),
        ("import", "clean") => {
            sandbox.write("other.md", "---\nlicense: apache-2.0\n---\n# Other\n");
            run(&["import", "other.md", "--about", "Other"])
        }
        ("gate", "undecided") => run(&["gate", "Quiet", "--policy", "outputs.toml", "--class", "any"]),
        ("gate", "found") => {
            sandbox.write("strict.toml", POLICY.replace("GPL-3.0-only", "MIT"));
            run(&["gate", "Quiet", "--policy", "strict.toml", "--class", "any"])
        }
        ("gate", _) => of_graph(&["gate", "Quiet", "--policy", "gate.toml", "--class", "any"]),
        ("rfp --answers", "nothing read") => {
            sandbox.write("empty.csv", "id,answer\n");
            run(&["rfp", "Quiet", "--answers", "empty.csv", "--fail-on", "contradicted"])
        }
        ("rfp --answers", "partly read") => {
            sandbox.write("odd.csv", format!("{ANSWERS}buyer/9.9,No.\n"));
            run(&["rfp", "Quiet", "--answers", "odd.csv", "--fail-on", "contradicted"])
        }
        ("rfp --answers", "wrong role") => run(&["rfp", "Quiet", "--answers", "quiet.md"]),
        ("rfp --answers", "undecided") => {
            sandbox.write("all.csv", foreign(&sandbox));
            run(&["rfp", "Quiet", "--answers", "all.csv", "--fail-on", "vague"])
        }
        ("rfp --answers", "found") => {
            sandbox.write("vague.csv", "id,answer\nbuyer/1.1,We take this very seriously.\n");
            run(&["rfp", "Quiet", "--answers", "vague.csv", "--fail-on", "vague"])
        }
        ("rfp --answers", "clean") => run(&["rfp", "Quiet", "--answers", "answers.csv", "--fail-on", "contradicted"]),
        ("review --import", "nothing read") => {
            sandbox.write("back.csv", "");
            run(&["review", "--import", "back.csv", "--by", "A. Reviewer"])
        }
        ("review --import", "partly read") => {
            sandbox.write("back.csv", "document,statement,decision\ncard-0,1,perhaps\n");
            run(&["review", "--import", "back.csv", "--by", "A. Reviewer"])
        }
        ("review --import", "wrong role") => run(&["review", "--import", "quiet.md", "--by", "A. Reviewer"]),
        ("review --import", "clean") => {
            sandbox.write("back.csv", "document,statement,decision\n");
            run(&["review", "--import", "back.csv", "--by", "A. Reviewer"])
        }
        ("kinship", "nothing read") => run(&["kinship", "absent.safetensors", "absent.safetensors"]),
        ("kinship", "wrong role") => run(&["kinship", "quiet.md", "quiet.md"]),
        ("verify", "nothing read") => {
            sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
            std::fs::remove_file(sandbox.path("weights/model.sig")).unwrap();
            run(&["verify", "weights", "--trust", "key.pub.pem"])
        }
        ("verify", "wrong role") => {
            sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
            run(&["verify", "weights", "--trust", "key.pub.pem", "--seal", "quiet.md"])
        }
        ("verify", "found") => {
            sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
            sandbox.write("weights/a.bin", "A");
            run(&["verify", "weights", "--trust", "key.pub.pem"])
        }
        ("verify", "clean") => {
            sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
            run(&["verify", "weights", "--trust", "key.pub.pem"])
        }
        ("verify --published", "nothing read") => {
            sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
            std::fs::create_dir_all(sandbox.path("site")).unwrap();
            run(&["verify", "site", "--published", "--trust", "key.pub.pem"])
        }
        ("verify --published", "wrong role") => {
            // A sealed folder of weights is no publication.
            sandbox.run(&["lineage", "seal", "weights", "--key", "key.pem"]).ok();
            run(&["verify", "weights", "--published", "--trust", "key.pub.pem"])
        }
        ("verify --published", "found") => {
            run(&["publish", "Quiet", "--site", "site", "--key", "key.pem"]);
            sandbox.write("site/.well-known/model-provenance/quiet/report.json", "{}");
            run(&["verify", "site", "--published", "--trust", "key.pub.pem"])
        }
        ("verify --published", "clean") => {
            run(&["publish", "Quiet", "--site", "site", "--key", "key.pem"]);
            run(&["verify", "site", "--published", "--trust", "key.pub.pem"])
        }
        ("publish", _) => of_graph(&["publish", "Quiet", "--site", "site", "--key", "key.pem"]),
        ("seal", "nothing read") => run(&["seal", "absent", "--key", "key.pem"]),
        ("seal", "wrong role") => run(&["seal", "weights", "--key", "quiet.md"]),
        ("seal", "clean") => run(&["seal", "weights", "--key", "key.pem"]),
        ("forms", "clean") => run(&["forms"]),
        ("diff", _) => of_graph(&["diff", "2026-01-01"]),
        ("show" | "ask" | "score" | "report" | "dependants" | "rfp", _) => of_graph(&[command, "Quiet"]),
        ("whatif", _) => of_graph(&["whatif", "--remove", "Quiet"]),
        ("resolve" | "review", _) => of_graph(&[command]),
        _ => return None,
    })
}

/// Every question of the buyer's form, answered in another language than English.
fn foreign(sandbox: &Sandbox) -> String {
    let asked = sandbox.run(&["lineage", "rfp", "Quiet", "--all", "--format", "json"]).ok().out;
    let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
    let mut table = "id,answer\n".to_owned();
    for (number, wish) in asked["wishes"].as_array().unwrap().iter().enumerate() {
        let answer = format!(
            "Die Angaben zu dieser Frage stehen in dem Bericht von {number}, den wir mit der Lieferung senden."
        );
        writeln!(table, "{},\"{answer}\"", wish["items"][0].as_str().unwrap()).unwrap();
    }
    table
}
