//! Compares the weights of two models and prints the report that `lineage import` reads.
//!
//! ```text
//! cargo run --release -p stillwatch-documents --example kinship -- A.safetensors[,MORE PARTS] B.safetensors[,MORE PARTS]
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::fs::File;

use stillwatch_documents::exporters::kinship::KinshipReport;
use stillwatch_lineage::NodeRef;
use stillwatch_weights::kinship::{ALPHA, Weights, kinship};

fn main() -> Result<(), Box<dyn Error>> {
    let [left, right] = <[String; 2]>::try_from(std::env::args().skip(1).collect::<Vec<_>>())
        .map_err(|_| "two models are compared: A.safetensors[,MORE PARTS] B.safetensors[,MORE PARTS]")?;
    let open = |parts: &str| -> Result<Weights<File>, Box<dyn Error>> {
        let files: Result<Vec<File>, _> = parts.split(',').map(File::open).collect();
        Ok(Weights::open(files?)?)
    };
    let found = kinship(&mut open(&left)?, &mut open(&right)?, ALPHA)?;
    let report = KinshipReport::new(NodeRef::model(&left), NodeRef::model(&right), found);
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
