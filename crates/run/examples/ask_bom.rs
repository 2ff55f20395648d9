//! Imports a bill of materials and asks whether its model was trained on outputs of another vendor's models.
//!
//! ```text
//! cargo run -p stillwatch-run --example ask_bom -- BOM.json MODEL
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use stillwatch_lineage::{Graph, Ledger, Question};
use stillwatch_run::lineage::{ImportOptions, find, import};

fn main() -> Result<(), Box<dyn Error>> {
    let [bom, model] = <[String; 2]>::try_from(std::env::args().skip(1).collect::<Vec<_>>())
        .map_err(|_| "usage: ask_bom BOM.json MODEL")?;

    let options = ImportOptions { documents: vec![bom.into()], ..ImportOptions::default() };
    let mut ledger = Ledger::default();
    for document in import(&options)? {
        for found in &document.diagnostics {
            println!("{}: {} ({})", found.severity, found.message, found.path);
        }
        ledger.add(&document);
    }

    let graph = Graph::of(&ledger, None);
    let answer = graph.ask(find(&graph, &model)?, Question::VendorOutputs);
    println!("{}: {}", answer.verdict, answer.statement);
    for step in answer.paths.iter().flatten() {
        println!("  {} {} {} ({})", step.subject, step.edge, step.object, step.document);
    }
    for question in &answer.ask_next {
        println!("  ask: {question}");
    }
    Ok(())
}
