//! `stillwatch diff`

use stillwatch_report::Difference;
use stillwatch_run::saved_report;

use crate::cli::{Diff, Format};
use crate::error::{Code, Failure};
use crate::message::warning;
use crate::output;

pub(crate) fn run(arguments: &Diff) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let (before, after) = (saved_report::read(&arguments.before)?, saved_report::read(&arguments.after)?);
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
    for unread in &difference.unread {
        warning(unread.to_string().trim_end_matches('.'));
    }
    Ok(match arguments.fail_on {
        Some(tier) if difference.rises_to(tier) => Code::Found,
        _ if !difference.unread.is_empty() => Code::Partial,
        _ => Code::Done,
    })
}
