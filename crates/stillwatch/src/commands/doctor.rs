//! `stillwatch doctor`

use crate::cli::{Doctor, Format};
use crate::doctor_table::table;
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::output;

pub(crate) fn run(arguments: &Doctor) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let doctor = stillwatch_run::doctor::Doctor {
        logs: arguments.logs.clone(),
        format_in: arguments.format_in.clone(),
        accounts: arguments.accounts.clone(),
        edge: arguments.edge.clone(),
        map: arguments.map.clone(),
        max_rejected: arguments.max_rejected,
    };
    let examination = doctor.run(&Running::new())?;
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&examination)
            .map(|text| text + "\n")
            .map_err(|error| Failure::runtime("the examination cannot be written as JSON").because(error))?,
        Format::Table => table(&examination),
    };
    output::write(&text, arguments.output.as_deref())?;
    Ok(if examination.is_partial { Code::Partial } else { Code::Done })
}
