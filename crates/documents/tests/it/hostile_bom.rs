//! Bills of materials that mean harm, and bills of materials with mistakes put in.

use serde_json::{Value, json};
use stillwatch_core::{Limits, Random, Severity};
use stillwatch_documents::exporters::cyclonedx::{self as export, rewrite};
use stillwatch_documents::exporters::{Export, spdx as spdx_export};
use stillwatch_documents::importers::{cyclonedx, spdx};
use stillwatch_json::Json;
use stillwatch_lineage::{Graph, Import, Origin};

use crate::made::{find, laundered, ledger};
use crate::shared::{files_of, shared};

fn codes(import: &Import) -> Vec<String> {
    import.diagnostics.iter().map(|found| format!("{} {}", found.code, found.path)).collect()
}

fn subjects(import: &Import) -> Vec<&str> {
    let mut names: Vec<&str> = import.statements.iter().map(|statement| statement.subject.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

const GOOD: &str = r#"{"type":"machine-learning-model","name":"kept","version":"1"}"#;

fn bom(components: &str) -> Vec<u8> {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{components},{GOOD}]}}"#)
        .into_bytes()
}

fn read(components: &str) -> Import {
    cyclonedx::read(&bom(components), &Origin::named("hostile.json"))
}

#[test]
fn a_depth_bomb_costs_itself_only() {
    let deep = format!(r#"{{"type":"data","name":"d","modelCard":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let import = read(&deep);
    assert!(
        codes(&import).iter().any(|code| code.starts_with("too-deep /components/0/modelCard/0")),
        "{:?}",
        codes(&import)
    );
    assert!(subjects(&import).contains(&"kept") && !import.strict.is_valid());
    let nested = format!(
        "{}{}{}",
        r#"{"type":"data","name":"d","components":["#.repeat(5_000),
        r#"{"type":"data","name":"last"}"#,
        "]}".repeat(5_000)
    );
    let import = read(&nested);
    assert!(codes(&import).iter().any(|code| code.starts_with("too-deep ")));
    assert!(subjects(&import).contains(&"kept"));
}

#[test]
fn huge_texts_are_cut_and_do_not_multiply() {
    let long = "x".repeat(1 << 20);
    let properties = vec![r#"{"name":"p","value":"v"}"#; 20_000].join(",");
    let import = read(&format!(r#"{{"type":"data","name":"{long}","purl":"pkg:{long}","properties":[{properties}]}}"#));
    let codes = codes(&import);
    assert!(codes.contains(&"long-text /components/0/name".to_owned()), "{:?}", &codes[..codes.len().min(9)]);
    assert!(codes.contains(&"identifier /components/0/purl".to_owned()));
    assert!(subjects(&import).contains(&"kept"));
    let held: usize = import.statements.iter().map(|statement| statement.subject.name.len()).sum();
    assert!(held < 32 << 20, "{held}");
    let small = Origin { limits: Limits { bytes: 4 << 20, ..Limits::default() }, ..Origin::named("x") };
    let import = cyclonedx::read(
        &bom(&format!(r#"{{"type":"data","name":"{}","properties":[{properties}]}}"#, "y".repeat(1024))),
        &small,
    );
    assert!(import.diagnostics.iter().any(|found| found.code == "too-much"));
}

#[test]
fn names_that_look_alike_stay_apart_and_are_told() {
    let import = read(
        r#"{"type":"data","name":"A","bom-ref":"Café"},{"type":"data","name":"B","bom-ref":"cafe\u0301"},
           {"type":"data","name":"C","bom-ref":"same","version":"3"},{"type":"data","name":"D","bom-ref":"same","version":"4"}"#,
    );
    let codes = codes(&import);
    assert!(codes.contains(&"look-alike ".to_owned()), "{codes:?}");
    assert!(codes.contains(&"duplicate-reference /components/3/bom-ref".to_owned()));
    assert_eq!(subjects(&import), ["C", "D", "kept"]);
    let named = |name: &str| &import.statements.iter().find(|s| s.subject.name == name).unwrap().subject.identifiers;
    assert_eq!((named("C").len(), named("D").len()), (1, 0), "a reference names its first holder only");
}

#[test]
fn duplicate_keys_and_cycles_are_no_end() {
    let text = br#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"version":2,
        "components":[{"type":"data","name":"a","bom-ref":"a"},{"type":"data","name":"b","bom-ref":"b","name":"b2"}],
        "dependencies":[{"ref":"a","dependsOn":["b","a"]},{"ref":"b","dependsOn":["a"]}]}"#;
    let import = cyclonedx::read(text, &Origin::named("x"));
    assert_eq!(codes(&import), ["duplicate-key /components/1/name", "duplicate-key /version"]);
    assert!(!import.strict.is_valid());
    assert_eq!(import.statements.len(), 3);
    let ledger = ledger([&import]);
    assert_eq!(Graph::of(&ledger, None).entities(), 2);
}

#[test]
fn templates_and_paths_in_names_stay_words() {
    let name = r"../../etc/passwd {{7*7}} ${jndi:ldap://x} <script>alert(1)</script> \u0000 \u202e";
    let import = read(&format!(r#"{{"type":"data","name":"{name}","version":"1"}}"#));
    assert!(subjects(&import).iter().any(|own| own.starts_with("../../etc/passwd {{7*7}}")));
    assert!(import.strict.is_valid());
}

#[test]
fn wrong_types_everywhere_are_told_and_the_rest_is_read() {
    let members = [
        "supplier",
        "licenses",
        "pedigree",
        "modelCard",
        "data",
        "properties",
        "components",
        "hashes",
        "externalReferences",
        "authors",
        "swid",
        "version",
        "description",
        "group",
        "purl",
    ];
    for member in members {
        for wrong in ["null", "7", "true", "\"x\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"x\":[1]}"] {
            let import =
                read(&format!(r#"{{"type":"machine-learning-model","name":"m","copyright":"c","{member}":{wrong}}}"#));
            assert!(
                subjects(&import).iter().any(|name| name.ends_with('m')) && subjects(&import).contains(&"kept"),
                "{member} {wrong}"
            );
        }
    }
}

/// Puts one mistake into a document.
fn mutate(at: &mut Value, depth: usize, random: &mut Random) {
    if depth > 0 {
        match at {
            Value::Object(object) if !object.is_empty() => {
                let number = random.below(object.len());
                return mutate(object.values_mut().nth(number).unwrap(), depth - 1, random);
            }
            Value::Array(array) if !array.is_empty() => {
                let number = random.below(array.len());
                return mutate(&mut array[number], depth - 1, random);
            }
            _ => {}
        }
    }
    let whole = at.clone();
    *at = match random.below(10) {
        0 => Value::Null,
        1 => json!(-1.5e300),
        2 => json!({"bom-ref": "x", "ref": "x", "name": 7}),
        3 => json!([whole.clone(), whole]),
        4 => json!("\u{202e}x".repeat(200)),
        5 => json!(""),
        6 => json!({ "type": whole }),
        7 => json!([[], {}, null]),
        8 => match whole {
            Value::Object(mut object) => {
                if let Some(key) = object.keys().next().cloned() {
                    let value = object.remove(&key).unwrap();
                    object.insert(key.to_uppercase(), value);
                }
                Value::Object(object)
            }
            other => json!({ "@graph": [other] }),
        },
        _ => json!(true),
    };
}

/// What a reader promises of any bytes.
fn hold(bytes: &[u8], import: &Import) {
    assert!(import.diagnostics.len() <= Limits::default().diagnostics + 2);
    for statement in &import.statements {
        assert!(statement.path.is_empty() || statement.path.starts_with('/'), "{}", statement.path);
    }
    if !import.strict.is_valid() {
        let silent = import.diagnostics.iter().all(|found| found.severity == Severity::Note);
        assert!(!silent, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn ten_thousand_mistakes_stop_no_reader() {
    let made = ledger([&laundered()]);
    let graph = Graph::of(&made, None);
    let (subject, export_as) = (find(&graph, "tiny-7b"), Export::default());
    let answers = graph.ask_all(subject);
    let data = r#"{"type":"data","name":"d","bom-ref":"d","data":[{"type":"dataset","governance":{"owners":[{"organization":{"name":"o"}}]}}]}"#;
    let documents = [
        bom(data),
        export::write(&graph, subject, &answers, export::Version::V1_6, &export_as).into(),
        export::write(&graph, subject, &answers, export::Version::V1_7, &export_as).into(),
        spdx_export::write(&graph, subject, &export_as).into(),
    ];
    put_mistakes_in(&documents);
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn ten_thousand_mistakes_in_published_documents_stop_no_reader() {
    let folders = ["cyclonedx/1.6/valid", "cyclonedx/1.7/valid", "spdx3"];
    let documents = folders.iter().flat_map(|folder| files_of(&shared(&format!("provenance/{folder}"))));
    let documents: Vec<Vec<u8>> = documents.map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 12_000).collect();
    put_mistakes_in(&documents);
}

fn put_mistakes_in(documents: &[Vec<u8>]) {
    let mut random = Random::new(20_261_121, 0);
    for round in 0..10_000 {
        let source = &documents[random.below(documents.len())];
        let mut bytes = source.clone();
        if round % 2 == 0 {
            let mut value: Value = serde_json::from_slice(&bytes).unwrap();
            for _ in 0..=random.below(3) {
                let depth = random.below(8);
                mutate(&mut value, depth, &mut random);
            }
            bytes = value.to_string().into_bytes();
        } else {
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = b"{}[]\",:0\\\xff"[random.below(10)],
                    1 => bytes.truncate(at.max(1)),
                    2 => bytes.insert(at, b'['),
                    _ => drop(bytes.remove(at)),
                }
                if bytes.is_empty() {
                    bytes.push(b'{');
                }
            }
        }
        // The schema costs most of the time, so that one document in eight is held against it.
        let origin = Origin::named("mutated.json");
        let import = if round % 8 < 2 { cyclonedx::read(&bytes, &origin) } else { spdx::read(&bytes, &origin) };
        hold(&bytes, &import);
        let json = Json::read(&bytes, &Limits::default());
        if json.is_sound() {
            let again = rewrite(&json).unwrap();
            let theirs: Value = serde_json::from_str(&again).unwrap();
            assert_eq!(theirs, json.root().unwrap().to_serde());
        }
    }
}

#[test]
fn wrong_formats_are_told() {
    for bytes in
        [&b""[..], b"[]", b"null", b"7", b"<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>", b"\xff\xfe{\x00}\x00"]
    {
        for read in [cyclonedx::read, spdx::read] {
            let import = read(bytes, &Origin::named("x"));
            assert!(!import.strict.is_valid() && import.statements.is_empty());
        }
    }
}
