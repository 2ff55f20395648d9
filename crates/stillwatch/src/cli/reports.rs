//! Arguments of what reads reports of detect: `diff`, `explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use stillwatch_core::Tier;

use super::{Format, tier};

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  stillwatch explain report.json c-2b84
  stillwatch explain report.json acct_04aa5513d316fa --format markdown";

/// Compares two reports of detect: which campaigns are new, have grown, changed their tier or are gone.
///
/// Campaigns are the same when they share most accounts of the smaller one; their ids may differ.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stillwatch diff monday.json tuesday.json --fail-on act")]
pub(crate) struct Diff {
    /// The earlier report (JSON)
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,

    /// The later report (JSON)
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,

    /// Leave out campaigns that are below this tier in both reports
    #[arg(long, value_name = "TIER", value_parser = tier(), default_value = "review")]
    pub(crate) tier: Tier,

    /// Text for people, or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Result")]
    pub(crate) format: Format,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,

    /// Exit with 10 when a campaign of this tier or a higher one is new, or has risen to it
    #[arg(long, value_name = "TIER", value_parser = tier(), help_heading = "Result")]
    pub(crate) fail_on: Option<Tier>,
}

/// Explains one campaign or account of a report: its evidence, what speaks against it, and what would change the
/// verdict.
///
/// For a campaign: evidence and counter-evidence, the result of testing each innocent explanation, the verdict without
/// each part of the evidence, the closed accounts that these replaced, and the recommended action. For an account: the
/// campaigns that it belongs to and its role in each, the evidence that names it, and the permits and policies that
/// cover it. For an account in no campaign, what could not be evaluated is listed too.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct Explain {
    /// Report of detect (JSON)
    #[arg(value_name = "REPORT")]
    pub(crate) report: PathBuf,

    /// Campaign id or its first characters, or an account
    #[arg(value_name = "CAMPAIGN|ACCOUNT")]
    pub(crate) name: String,

    /// Format of the explanation
    #[arg(long, value_enum, default_value_t = TextFormat::Table, help_heading = "Result")]
    pub(crate) format: TextFormat,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,
}

/// Forms of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// For a terminal
    Table,
    /// For programs
    Json,
    /// For a ticket
    Markdown,
}
