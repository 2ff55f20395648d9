use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use stillwatch_simulate::{Dimension, WorldPlan};

use crate::null::Null;

/// What the command line asks for.
pub(crate) struct Arguments {
    pub(crate) worlds: u64,
    /// Number of the first world.
    pub(crate) first: u64,
    pub(crate) seed: u64,
    /// Exchanges of a world.
    pub(crate) exchanges: usize,
    pub(crate) threads: usize,
    pub(crate) leave_out: Option<String>,
    /// Innocent crowds by themselves instead of whole worlds.
    pub(crate) crowds: Vec<String>,
    /// Accounts of such a crowd, and ordinary ones around it.
    pub(crate) accounts: usize,
    pub(crate) among: usize,
    pub(crate) details: Option<PathBuf>,
    /// Details of earlier runs to learn from, instead of a run.
    pub(crate) fit: Vec<PathBuf>,
    /// What is taken out of the worlds.
    pub(crate) null: Null,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self {
            worlds: 20,
            first: 1,
            seed: 1,
            exchanges: 90_000,
            threads: thread::available_parallelism().map_or(1, NonZero::get),
            leave_out: None,
            crowds: Vec::new(),
            accounts: 3000,
            among: 1000,
            details: None,
            fit: Vec::new(),
            null: Null::Nothing,
        };
        while let Some(word) = words.next() {
            // Cargo says so to every benchmark.
            if word == "--bench" {
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            let number = || value.parse().map_err(|_| format!("{word} needs a number, not {value}"));
            match word.as_str() {
                "--worlds" => arguments.worlds = number()?,
                "--first" => arguments.first = number()?,
                "--seed" => arguments.seed = number()?,
                "--exchanges" => arguments.exchanges = usize::try_from(number()?).unwrap_or(usize::MAX),
                "--threads" => arguments.threads = usize::try_from(number()?).unwrap_or(1).max(1),
                "--leave-out" => arguments.leave_out = Some(family(&value)?),
                "--crowd" => arguments.crowds.extend(crowds(&value)?),
                "--accounts" => arguments.accounts = usize::try_from(number()?).unwrap_or(usize::MAX),
                "--among" => arguments.among = usize::try_from(number()?).unwrap_or(usize::MAX),
                "--null" => arguments.null = Null::parse(&value)?,
                "--fit" => arguments.fit.push(value.into()),
                "--details" => arguments.details = Some(value.into()),
                _ => return Err(format!("unknown option {word}")),
            }
        }
        Ok(arguments)
    }
}

fn family(name: &str) -> Result<String, String> {
    let known: Vec<&str> = Dimension::ALL.iter().flat_map(|dimension| dimension.families()).copied().collect();
    if known.contains(&name) {
        Ok(name.to_owned())
    } else {
        Err(format!("unknown family {name}: expected one of {}", known.join(", ")))
    }
}

/// The crowd of that name, or every crowd.
fn crowds(name: &str) -> Result<Vec<String>, String> {
    let known = WorldPlan::crowd_names();
    match name {
        "all" => Ok(known.into_iter().map(str::to_owned).collect()),
        _ if known.contains(&name) => Ok(vec![name.to_owned()]),
        _ => Err(format!("unknown crowd {name}: expected all or one of {}", known.join(", "))),
    }
}
