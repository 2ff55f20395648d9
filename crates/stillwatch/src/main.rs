//! The `stillwatch` command: one file a subcommand under `commands`, and the wiring that they share.
//!
//! A command turns its arguments (`cli`) into the options of a run, runs it (`stillwatch_run`) and renders the result
//! (`stillwatch_report`). Results go to standard output or to a file that appears whole or not at all (`output`,
//! `atomic`); everything else goes to standard error (`message`, `progress`, `error`). Ctrl-C at any moment leaves
//! nothing behind (`interrupt`).

mod atomic;
mod cli;
mod commands;
mod doctor_table;
mod error;
mod inputs;
mod interrupt;
mod key;
mod message;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::commands::{
    audit as auditing, canary, demo, detect, diff, digest, doctor as examination, explain, index, lineage, schema,
    simulate,
};
use crate::error::{Code, Failure};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help is no error; a closed pipe is none either.
            let _ = error.print();
            return if error.use_stderr() { Code::Usage.into() } else { Code::Done.into() };
        }
    };
    match run(&cli.command) {
        Ok(code) => code.into(),
        Err(failure) => {
            failure.print();
            failure.code().into()
        }
    }
}

fn run(command: &Command) -> Result<Code, Failure> {
    interrupt::listen()?;
    match command {
        Command::Detect(arguments) => detect::run(arguments),
        Command::Audit(arguments) => auditing::run(arguments),
        Command::Index(arguments) => index::run(arguments),
        Command::Canary(arguments) => canary::run(arguments),
        Command::Lineage(arguments) => lineage::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Digest(arguments) => digest::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Doctor(arguments) => examination::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
        Command::Demo(arguments) => demo::run(arguments),
    }
}
