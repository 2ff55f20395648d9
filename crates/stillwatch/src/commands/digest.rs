//! `stillwatch digest`

use crate::cli::Digest;
use crate::error::{Code, Failure};
use crate::interrupt::Running;

pub(crate) fn run(arguments: &Digest) -> Result<Code, Failure> {
    let digest = stillwatch_run::digest::Digest {
        logs: arguments.reading.options(),
        output: arguments.output.clone(),
        shard: arguments.shard,
    };
    let digested = digest.run(&Running::new())?;
    Ok(if digested.is_partial { Code::Partial } else { Code::Done })
}
