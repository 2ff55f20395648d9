//! Arguments of what simulates: `simulate`, `demo`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use stillwatch_simulate::{CampaignPlan, Class, Level, WorldPlan};

const DEMO_SEED: u64 = 2026;

/// Writes simulated, labelled traffic.
///
/// The files are exchanges.parquet, accounts.parquet, permits.json, and truth.json, which says which account belongs to
/// which campaign. The same seed gives the same rows.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch simulate -o traffic --seed 7 --exchanges 50000
  stillwatch simulate -o class --crowd classroom --accounts 60 --among 2000
  stillwatch simulate -o level --ladder L3
  stillwatch simulate -o worlds --worlds 20 --seed 7")]
pub(crate) struct Simulate {
    /// Folder to write, completely or not at all. It must be empty or not exist yet
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,

    #[arg(long, value_name = "N", default_value_t = DEMO_SEED)]
    pub(crate) seed: u64,

    /// Approximate number of exchanges; the number of accounts is in proportion to it [default: 200000; in each world:
    /// 90000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1_000..=100_000_000))]
    pub(crate) exchanges: Option<u32>,

    /// Length of the window in days
    #[arg(long, value_name = "N", default_value_t = 28, value_parser = clap::value_parser!(u32).range(2..=366))]
    pub(crate) days: u32,

    /// Leave the campaigns out
    #[arg(long)]
    pub(crate) benign: bool,

    /// Simulate only this campaign; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "benign", value_parser = campaign)]
    pub(crate) campaign: Vec<String>,

    /// Simulate only accounts of this benign class, or of this innocent crowd of random worlds
    #[arg(long, value_name = "CLASS", value_parser = classes(), conflicts_with_all = ["benign", "campaign", "exchanges"])]
    pub(crate) crowd: Option<String>,

    /// Ten rings of 6 to 150 accounts among all benign classes, which hide with the effort of this level: L0 one
    /// template verbatim; L1 slots filled differently in each request; L2 also sentences shuffled and 11 % of the words
    /// replaced; L3 each request reworded; L4-30, L4-60 and L4-80 also that percentage of ordinary traffic; L5 (on
    /// L4-30) also residential addresses and unique cards; L6 also a private template for each account and human hours
    #[arg(long, value_name = "LEVEL", value_parser = levels(), hide_possible_values = true,
          conflicts_with_all = ["benign", "campaign", "crowd", "exchanges"])]
    pub(crate) ladder: Option<Level>,

    /// Number of random worlds to simulate, each in its own folder (world-0001 and so on). The habits of the provider, the
    /// innocent crowds and the campaigns are drawn at random for each world; world.json lists them and the families that
    /// the world belongs to
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000),
          conflicts_with_all = ["benign", "campaign", "crowd", "ladder", "days"])]
    pub(crate) worlds: Option<u32>,

    /// Number of accounts in the crowd
    #[arg(long, value_name = "N", requires = "crowd", default_value_t = 60,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) accounts: u32,

    /// Number of ordinary accounts around the crowd
    #[arg(long, value_name = "N", requires = "crowd", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) among: u32,
}

/// Simulates 200,000 exchanges, finds the campaigns in them and compares with the truth.
///
/// Nine actors harvest answers among ordinary accounts and innocent look-alikes. The traffic is written to a temporary
/// folder, read in the same way as by `stillwatch detect`, and removed.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[arg(long, value_name = "N", default_value_t = DEMO_SEED)]
    pub(crate) seed: u64,

    /// Approximate number of exchanges
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1_000..=10_000_000))]
    pub(crate) exchanges: u32,
}

fn classes() -> PossibleValuesParser {
    let classes = Class::ALL.iter().map(|class| class.name());
    let own = WorldPlan::crowd_names().into_iter().filter(|name| Class::parse(name).is_none());
    PossibleValuesParser::new(classes.chain(own))
}

fn levels() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::ALL.iter().map(|level| level.name()))
        .try_map(|name| Level::parse(&name).ok_or("there is no such level"))
}

fn campaign(name: &str) -> Result<String, String> {
    let names: Vec<String> = CampaignPlan::all().into_iter().map(|campaign| campaign.name).collect();
    if names.iter().any(|known| known == name) {
        return Ok(name.into());
    }
    Err(format!("expected one of {}", names.join(", ")))
}
