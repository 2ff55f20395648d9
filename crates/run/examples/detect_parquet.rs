//! Finds campaigns in a file of exchanges: `cargo run --example detect_parquet -- EXCHANGES.parquet`
//!
//! It prints how far it is, and ends early when Enter is pressed.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::error::Error;
use std::io::stdin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use stillwatch_core::{Cancel, Progress, Stage};
use stillwatch_run::detect::Detect;
use stillwatch_run::reading::LogOptions;
use stillwatch_run::{Context, Fault, RunError};

#[derive(Default)]
struct Counter(AtomicU64);

impl Progress for Counter {
    fn begin(&self, stage: &Stage) {
        eprintln!("{} ({:?} {})", stage.name, stage.total, stage.unit);
    }

    fn advance(&self, units: u64) {
        eprint!("\r{}", self.0.fetch_add(units, Ordering::Relaxed) + units);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("give a Parquet file of exchanges")?;
    let cancel = Cancel::default();
    let context = Context::new(cancel.clone()).with_progress(Counter::default());
    thread::spawn(move || stdin().read_line(&mut String::new()).is_ok_and(|read| read > 0).then(|| cancel.cancel()));

    let logs = LogOptions { logs: vec![file.into()], ..LogOptions::default() };
    match (Detect { logs, ..Detect::default() }).run(&context) {
        Ok(detection) => detection.report.campaigns.iter().for_each(|campaign| {
            println!(
                "{} {}: {} accounts, q = {}",
                campaign.tier,
                campaign.id,
                campaign.accounts.len(),
                campaign.q_value
            );
        }),
        Err(error) if error.fault() == Fault::Cancelled => println!("cancelled"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
