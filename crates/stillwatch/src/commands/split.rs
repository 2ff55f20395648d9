//! `stillwatch audit split`

use std::fmt::Write;

use stillwatch_report::{count, counted};

use crate::cli::AuditSplit;
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::message::note;
use crate::output;

pub(crate) fn run(arguments: &AuditSplit) -> Result<Code, Failure> {
    let split = stillwatch_run::audit::Split {
        corpus: arguments.corpus.corpus(),
        search: arguments.corpus.search(&arguments.means),
        output: arguments.output.clone(),
    };
    let separated = split.run(&Running::new())?;
    let mut text = String::from("rows  verdict  vendor\n");
    for (bin, rows) in &separated.bins {
        let vendor = if bin.vendor.is_empty() { "-" } else { &bin.vendor };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}  {}  {vendor}", count(*rows), bin.verdict);
    }
    output::print(&text)?;
    let written = separated.bins.iter().map(|(_, rows)| rows).sum();
    note(&format!("{} written to {}", counted(written, "row"), arguments.output.display()));
    Ok(if separated.is_partial { Code::Partial } else { Code::Done })
}
