//! `stillwatch audit train`

use std::fmt::Write;

use stillwatch_report::{count, counted};
use stillwatch_run::audit::Train;

use crate::cli::AuditTrain;
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::message::note;
use crate::output;

pub(crate) fn run(arguments: &AuditTrain) -> Result<Code, Failure> {
    let train = Train {
        reference: arguments.reference.clone(),
        text: arguments.text.clone(),
        output: arguments.output.clone(),
        threads: arguments.threads,
    };
    // Without the reference, its absence is told, and not that of a folder to write to.
    if arguments.reference.is_dir() || arguments.output.is_some() {
        output::check(Some(&train.target()))?;
    }
    let trained = train.run(&Running::new())?;
    let mut text = String::from("family  makers  texts\n");
    for family in &trained.families {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}  {}  {}", family.name, family.makers, count(family.texts as u64));
    }
    output::print(&text)?;
    note(&format!(
        "{} learned, families: {}; model written to {}",
        counted(trained.texts, "text"),
        trained.named_families,
        trained.model.display()
    ));
    Ok(if trained.is_partial { Code::Partial } else { Code::Done })
}
