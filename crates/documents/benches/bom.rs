//! Bills of materials, against the given documents: `cargo bench -p stillwatch-documents --bench bom -- FOLDER`, where
//! FOLDER holds `cyclonedx` and `spdx3`.
//!
//! With `--export OUT`, lineages read from the documents that name models are written to OUT in CycloneDX and SPDX, for
//! other tools to read (`benches/bom.py` does both). `--profile dev` builds faster. With `--judge FILE…` each file is named with its strict verdict, to compare with another judge.
#![expect(clippy::print_stdout, reason = "the figures are the output of a bench")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use stillwatch_core::Limits;
use stillwatch_documents::exporters::{Export, cyclonedx as cyclonedx_export, spdx as spdx_export};
use stillwatch_documents::importers::{cyclonedx, spdx};
use stillwatch_json::{Json, Value};
use stillwatch_lineage::{EntityId, Graph, Import, Ledger, NodeKind, NodeRef, Origin, StrictVerdict};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(("--judge", files)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return judge(files);
    }
    let Some(folder) = arguments.first().map(PathBuf::from).filter(|folder| folder.is_dir()) else {
        println!("skipped: name the folder that holds `cyclonedx` and `spdx3`");
        return Ok(());
    };
    let out =
        arguments.iter().position(|own| own == "--export").and_then(|at| arguments.get(at + 1)).map(PathBuf::from);
    let mut exports = Exports { out, ..Exports::default() };
    let accepted = cyclonedx_corpus(&folder.join("cyclonedx"), &mut exports)?;
    spdx_corpus(&folder.join("spdx3"), &mut exports)?;
    println!(
        "export             {} lineages; valid CycloneDX {} of {}, valid SPDX {} of {}",
        exports.lineages, exports.cyclonedx, exports.written, exports.spdx, exports.lineages
    );
    println!(
        "declarations       added to {} of {} documents of 1.6 and 1.7, valid and nothing lost",
        exports.declared, accepted
    );
    large();
    Ok(())
}

/// A document of many components, with one cycle through all of them.
fn large() {
    const COMPONENTS: usize = 50_000;
    let components: Vec<String> = (0..COMPONENTS)
        .map(|at| {
            format!(r#"{{"type":"data","name":"d{at}","bom-ref":"r{at}","licenses":[{{"license":{{"id":"MIT"}}}}]}}"#)
        })
        .collect();
    let dependencies: Vec<String> =
        (0..COMPONENTS).map(|at| format!(r#"{{"ref":"r{at}","dependsOn":["r{}"]}}"#, (at + 1) % COMPONENTS)).collect();
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{}],"dependencies":[{}]}}"#,
        components.join(","),
        dependencies.join(",")
    );
    let begun = Instant::now();
    let import = cyclonedx::read(text.as_bytes(), &Origin::default());
    println!(
        "large              {} kB, {COMPONENTS} components, {} statements, valid {}: {:.1?}",
        text.len() / 1000,
        import.statements.len(),
        import.strict.is_valid(),
        begun.elapsed()
    );
    let bomb = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","x":{}"#, "[".repeat(60 << 20));
    let begun = Instant::now();
    let import = cyclonedx::read(bomb.as_bytes(), &Origin::default());
    println!("depth bomb         60 MiB of `[`: {} diagnostics, {:.1?}", import.diagnostics.len(), begun.elapsed());
}

fn cyclonedx_corpus(folder: &Path, exports: &mut Exports) -> Result<usize, Box<dyn Error>> {
    let begun = Instant::now();
    cyclonedx::check(br#"{"bomFormat":"CycloneDX","specVersion":"1.7"}"#, &Origin::default());
    println!("schema 1.7         built in {:.0?}", begun.elapsed());
    let mut with_declarations = 0;
    for version in ["1.5", "1.6", "1.7"] {
        let (mut accepted, mut whole, mut statements) = (0, 0, 0);
        let valid = files(&folder.join(version).join("valid"))?;
        for (name, bytes) in &valid {
            let import = cyclonedx::read(bytes, &Origin::named(name.as_str()));
            accepted += usize::from(import.strict.is_valid());
            statements += import.statements.len();
            whole += usize::from(is_whole(bytes, cyclonedx_export::rewrite(&Json::read(bytes, &Limits::default()))));
            exports.write(name, &import)?;
            if version != "1.5" {
                with_declarations += 1;
                exports.declare(bytes);
            }
        }
        let invalid = files(&folder.join(version).join("invalid"))?;
        let (mut refused, mut placed) = (0, 0);
        for (name, bytes) in &invalid {
            let import = cyclonedx::check(bytes, &Origin::named(name.as_str()));
            refused += usize::from(matches!(import.strict, StrictVerdict::Invalid { .. }));
            placed += usize::from(import.diagnostics.iter().any(|found| found.code == "schema"));
        }
        println!(
            "CycloneDX {version}      accepted {accepted} of {}, refused {refused} of {} ({placed} with a path), rewritten whole {whole}, {statements} statements",
            valid.len(),
            invalid.len(),
        );
    }
    Ok(with_declarations)
}

fn spdx_corpus(folder: &Path, exports: &mut Exports) -> Result<(), Box<dyn Error>> {
    let files = files(folder)?;
    let (mut accepted, mut statements, mut read) = (0, 0, 0);
    for (name, bytes) in &files {
        let import = spdx::read(bytes, &Origin::named(name.as_str()));
        accepted += usize::from(import.strict.is_valid());
        read += usize::from(!import.statements.is_empty());
        statements += import.statements.len();
        exports.write(name, &import)?;
    }
    println!("SPDX 3.0.1         accepted {accepted} of {}, read {read}, {statements} statements", files.len());
    Ok(())
}

#[derive(Default)]
struct Exports {
    out: Option<PathBuf>,
    lineages: usize,
    written: usize,
    cyclonedx: usize,
    spdx: usize,
    declared: usize,
}

impl Exports {
    /// Each model or data set that the document speaks of, in both formats.
    fn write(&mut self, name: &str, import: &Import) -> Result<(), Box<dyn Error>> {
        let mut ledger = Ledger::default();
        ledger.add(import);
        let graph = Graph::of(&ledger, None);
        let subjects: Vec<EntityId> =
            graph.ids().filter(|&id| matches!(graph.kind(id), NodeKind::Model | NodeKind::DataSet)).collect();
        for subject in subjects {
            self.lineages += 1;
            let stem = format!("{:04}-{}", self.lineages, name.trim_end_matches(".json"));
            let answers = graph.ask_all(subject);
            for version in [cyclonedx_export::Version::V1_6, cyclonedx_export::Version::V1_7] {
                let text = cyclonedx_export::write(&graph, subject, &answers, version, &Export::default());
                self.written += 1;
                self.cyclonedx += usize::from(cyclonedx::check(text.as_bytes(), &Origin::default()).strict.is_valid());
                self.keep(&format!("{stem}-{}.cdx.json", version.as_str()), &text)?;
            }
            let text = spdx_export::write(&graph, subject, &Export::default());
            self.spdx += usize::from(spdx::check(text.as_bytes(), &Origin::default()).strict.is_valid());
            self.keep(&format!("{stem}.spdx3.json"), &text)?;
        }
        Ok(())
    }

    fn keep(&self, name: &str, text: &str) -> std::io::Result<()> {
        self.out.as_ref().map_or(Ok(()), |out| std::fs::write(out.join(name), text))
    }

    fn declare(&mut self, bytes: &[u8]) {
        let Ok(text) = cyclonedx_export::declare(bytes, &NodeRef::model("model"), &[], &Export::default()) else {
            return;
        };
        let import = cyclonedx::check(text.as_bytes(), &Origin::default());
        let (before, after) = (leaves(bytes), leaves(text.as_bytes()));
        let kept = before.iter().all(|leaf| leaf.1.starts_with("an ") || after.binary_search(leaf).is_ok());
        self.declared += usize::from(import.strict.is_valid() && kept);
    }
}

fn judge(files: &[String]) -> Result<(), Box<dyn Error>> {
    for file in files {
        let bytes = std::fs::read(file)?;
        let is_spdx = Json::read(&bytes, &Limits::default()).root().is_some_and(spdx::recognises);
        let check = if is_spdx { spdx::check } else { cyclonedx::check };
        let import = check(&bytes, &Origin::default());
        let first =
            import.diagnostics.first().map(|found| format!("{} {}", found.path, found.message)).unwrap_or_default();
        println!("{}\t{file}\t{first}", if import.strict.is_valid() { "valid" } else { "invalid" });
    }
    Ok(())
}

fn is_whole(bytes: &[u8], again: Option<String>) -> bool {
    again.is_some_and(|again| leaves(bytes) == leaves(again.as_bytes()))
}

/// Path and bytes of every scalar, and the kind of every empty container.
fn leaves(bytes: &[u8]) -> Vec<(String, String)> {
    let json = Json::read(bytes, &Limits::default());
    let mut leaves = Vec::new();
    let mut open: Vec<Value<'_>> = json.root().into_iter().collect();
    while let Some(value) = open.pop() {
        let before = open.len();
        open.extend(value.items());
        open.extend(value.entries().map(|(_, value)| value));
        if open.len() == before {
            let own = if value.is_array() || value.is_object() { value.kind_name() } else { value.raw() };
            leaves.push((value.path(), own.to_owned()));
        }
    }
    leaves.sort();
    leaves
}

/// Name and bytes.
type File = (String, Vec<u8>);

fn files(folder: &Path) -> Result<Vec<File>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, std::fs::read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
