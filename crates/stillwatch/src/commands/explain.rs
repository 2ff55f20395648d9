//! `stillwatch explain`

use stillwatch_detect::Extent;
use stillwatch_report::{Explanation, Unknown};
use stillwatch_run::saved_report;

use crate::cli::{Explain, TextFormat};
use crate::error::{Code, Failure};
use crate::message::warning;
use crate::output;

pub(crate) fn run(arguments: &Explain) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let report = saved_report::read(&arguments.report)?;
    let explanation = Explanation::new(&report, &arguments.name).map_err(|unknown| refuse(&arguments.name, unknown))?;
    let text = match arguments.format {
        TextFormat::Json => explanation
            .json()
            .map_err(|error| Failure::runtime("the explanation cannot be written as JSON").because(error))?,
        TextFormat::Markdown => explanation.markdown(),
        TextFormat::Table => {
            let (width, colour) = output::terminal();
            explanation.table(width, colour && arguments.output.is_none())
        }
    };
    output::write(&text, arguments.output.as_deref())?;
    Ok(match report.inputs.read {
        Extent::All => Code::Done,
        Extent::Partly => {
            warning("part of the input of this report was not read, so it may lack accounts and evidence");
            Code::Partial
        }
        Extent::Nothing => {
            warning("nothing was read for this report, so it says nothing about anyone");
            Code::Partial
        }
    })
}

fn refuse(name: &str, unknown: Unknown) -> Failure {
    match unknown {
        Unknown::Ambiguous(ids) => Failure::usage(format!("several campaigns begin with {name}"))
            .because(ids.join(", "))
            .help("give more of the id"),
        Unknown::Campaign(near) if near.is_empty() => Failure::usage(format!("the report has no campaign {name}"))
            .help("`stillwatch detect` lists the campaigns; ids change with the accounts of a campaign"),
        Unknown::Campaign(near) => Failure::usage(format!("the report has no campaign {name}"))
            .help(format!("much like it are {}; ids change with the accounts of a campaign", near.join(", "))),
    }
}
