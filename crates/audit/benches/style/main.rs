//! What style is worth: `cargo bench -p stillwatch-audit --bench style -- FOLDER [MEASURE…]` prints JSON lines.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark"
)]

mod accuracy;
mod corpus;
mod shares;
mod sources;
mod speed;

use std::path::PathBuf;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        println!("skipped: needs the folder of shared audit data");
        return;
    };
    let chosen: Vec<String> = arguments.collect();
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|measure| measure == name);
    let texts = corpus::load(&folder);
    let mut show = |line| println!("{line}");
    if wanted("accuracy") {
        accuracy::measure(&texts, &mut show);
    }
    if wanted("aggregate") {
        sources::aggregate(&texts, &mut show);
    }
    if wanted("adversaries") {
        sources::adversaries(&texts, &mut show);
    }
    if wanted("speed") {
        speed::measure(&texts, &mut show);
    }
    if wanted("shares") {
        shares::mixtures(&texts, &mut show);
    }
    if wanted("present") {
        shares::present(&texts, &mut show);
    }
    if wanted("people") {
        shares::people(&texts, &mut show);
    }
}
