//! `stillwatch diff`

use std::path::Path;

use stillwatch_detect::{DetectionReport, SCHEMA};
use stillwatch_report::Difference;

use crate::cli::{Diff, Format};
use crate::error::{Code, Failure};
use crate::{inputs, output};

pub(crate) fn run(arguments: &Diff) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let (before, after) = (report(&arguments.before)?, report(&arguments.after)?);
    let difference = Difference::new(&before, &after, arguments.tier.min(arguments.fail_on.unwrap_or(arguments.tier)));
    let text = match arguments.format {
        Format::Json => difference
            .json()
            .map_err(|error| Failure::runtime("the difference cannot be written as JSON").because(error))?,
        Format::Table => {
            let (width, colour) = output::terminal();
            difference.table(width, colour && arguments.output.is_none())
        }
    };
    output::write(&text, arguments.output.as_deref())?;
    Ok(if arguments.fail_on.is_some_and(|tier| difference.rises_to(tier)) { Code::Found } else { Code::Done })
}

/// Reads a report that detect wrote.
fn report(path: &Path) -> Result<DetectionReport, Failure> {
    let refuse = || {
        Failure::usage(format!("{} is not a report of detect", path.display()))
            .help(format!("give a file that `stillwatch detect --format json` wrote ({SCHEMA})"))
    };
    let text = inputs::configuration(path)?;
    let report: DetectionReport = serde_json::from_str(&text).map_err(|error| refuse().because(error))?;
    if report.schema != SCHEMA {
        return Err(refuse().because(format!("its schema is {}", report.schema)));
    }
    Ok(report)
}
