//! The arguments of each subcommand; their comments are the help texts.

mod audit;
mod lineage;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use stillwatch_core::{Micros, Tier};
use stillwatch_detect::DetectionReport;
use stillwatch_ingest::LogSource;
use stillwatch_report::Render;
use stillwatch_run::memory;
use stillwatch_simulate::{CampaignPlan, Class, Level};

pub(crate) use self::audit::{
    Audit, AuditScan, AuditSplit, AuditTask, AuditTrain, Canary, CanaryCheck, CanaryIssue, CanaryPlace, CanaryTask,
    Corpus, FailOn, Index, IndexBuild, IndexInfo, IndexMerge, IndexTask, Means,
};
pub(crate) use self::lineage::{
    FailOnAnswer, Forms, GraphArguments, Lineage, LineageAsk, LineageDiff, LineageForm, LineageGate, LineageImport,
    LineageKinship, LineageReport, LineageResolve, LineageRfp, LineageScore, LineageSeal, LineageShow, LineageTask,
    LineageVerify, LineageWhatif, ResultArguments, RfpForm,
};
use crate::logs;

/// Finds accounts of a model API that are one distillation operation, other models' outputs in training corpora, and
/// what models are made of.
///
/// Text is fingerprinted under a local key as it is read, and then dropped. No prompt or answer is written, unless
/// `audit --show-text` asks for it.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(crate) enum Command {
    Detect(Detect),
    Audit(Audit),
    Index(Index),
    Canary(Canary),
    Lineage(Lineage),
    Diff(Diff),
    Digest(Digest),
    Explain(Explain),
    Doctor(Doctor),
    Schema(Schema),
    Simulate(Simulate),
    Demo(Demo),
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done, findings or not
  1    error while running
  2    wrong arguments or configuration
  3    done, but more rows were rejected than --max-rejected allows
  10   done, and what --fail-on names was found, or a policy, gate or seal is violated
  130  interrupted

Results go to standard output or the file of -o, everything else to standard error.";

const DETECT_EXAMPLES: &str = "\
Examples:
  stillwatch detect logs/ --accounts accounts.parquet --permits permits.json
  stillwatch detect 'logs/day=2026-09-*/*.parquet' --since 2026-09-07 --format json -o report.json
  stillwatch detect logs/ --format html -o report.html
  zcat gateway.jsonl.gz | stillwatch detect - --map map.toml --fail-on act
  stillwatch detect logs/ --accounts accounts.parquet --policy policy.toml --watchlist watchlist.csv

A field map names foreign columns; a value that starts with / is a JSON pointer:
  [exchange]
  time = \"timestamp\"
  account = \"/user/id\"
`stillwatch schema` lists the columns.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  stillwatch explain report.json c-2b84
  stillwatch explain report.json acct_04aa5513d316fa --format markdown";

/// What to read and with what means.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Files, quoted globs, directories, digest folders, or - for standard input. Formats: Parquet, NDJSON, CSV, and
    /// the logs of gateways, providers and serving engines that --format-in lists, which are recognised; text may be
    /// compressed with gzip or zstd. Hive partitions such as `day=2026-09-07/` fill missing columns. In directories,
    /// files are skipped that are hidden, start with _ or have the extension of another file type
    #[arg(required = true, value_name = "LOGS")]
    pub(crate) logs: Vec<PathBuf>,

    /// Source of the logs, where their first records do not identify it. `canonical` means Stillwatch's own columns and
    /// those of --map
    #[arg(long, value_name = "SOURCE", value_parser = sources(), help_heading = "Input")]
    pub(crate) format_in: Option<String>,

    /// Log of the proxy in front, joined by request_id: its ip, asn, ja4, user_agent and country fill what the logs
    /// lack
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) edge: Option<PathBuf>,

    /// Field map (TOML): which column of the source holds which canonical column
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) map: Option<PathBuf>,

    /// Read only exchanges from this time on: 2026-09-07 or 2026-09-07T10:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Input")]
    pub(crate) since: Option<Micros>,

    /// Read only exchanges before this time
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = "Input")]
    pub(crate) until: Option<Micros>,

    /// Exit with 3 when more rows than this are rejected, or all of them. The result is still written [default: 1 % of
    /// the rows, but at least 1000]
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub(crate) max_rejected: Option<u64>,

    /// Key for fingerprints: 64 hexadecimal digits, readable by its owner alone [default: key in $STILLWATCH_HOME,
    /// else in the user's data folder; created at first use]
    #[arg(long, value_name = "FILE", help_heading = "Means")]
    pub(crate) key_file: Option<PathBuf>,

    /// Memory to use, such as 512M or 2G; beyond it, digests are spilled to the temporary folder ($TMPDIR)
    /// [default: 1G, or half of the memory if that is less]
    #[arg(long, value_name = "SIZE", value_parser = memory::parse, help_heading = "Means")]
    pub(crate) memory: Option<usize>,

    /// Threads to use [default: one per processor]
    #[arg(long, value_name = "N", help_heading = "Means")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Finds campaigns in request logs or day digests: accounts that act as one.
///
/// Logs pass through day digests, so text never gets further than the reader. The result is the same at any number of
/// threads, and from digest folders as from the logs that they were made of.
#[derive(Debug, Args)]
#[command(after_help = DETECT_EXAMPLES)]
pub(crate) struct Detect {
    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Account table: sign-up, payment, organisation
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) accounts: Option<PathBuf>,

    /// Permits (JSON): who may distil, from when until when
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) permits: Option<PathBuf>,

    /// Category policy (TOML): written rules that restrict owners or regions. The accounts that they restrict are
    /// listed separately, and do not affect the campaigns
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) policy: Option<PathBuf>,

    /// Watch-list (JSON, NDJSON or CSV): indicators that others saw. Matches are listed, and added as evidence to
    /// campaigns that were found without them; they never change a tier
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) watchlist: Option<PathBuf>,

    /// Earlier report (JSON); campaigns that continue one of its campaigns keep that one's id
    #[arg(long, value_name = "REPORT", help_heading = "Input")]
    pub(crate) previous: Option<PathBuf>,

    /// Leave a family of evidence out of the tests, to see what the other families find without it; may be repeated
    #[arg(long, value_enum, value_name = "FAMILY", help_heading = "Means")]
    pub(crate) without: Vec<Without>,

    /// Format of the report
    #[arg(long, value_parser = form(stillwatch_report::detection::FORMS), default_value = TABLE, help_heading = "Result")]
    pub(crate) format: &'static dyn Render<DetectionReport>,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,

    /// Exit with 10 when a campaign of this tier or a higher one is found (act is above review, review above watch).
    /// Takes precedence over exit code 3
    #[arg(long, value_name = "TIER", value_parser = tier(), help_heading = "Result")]
    pub(crate) fail_on: Option<Tier>,
}

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

/// Writes day digests of request logs: keyed fingerprints, times and numbers, no text.
///
/// There is one digest per account and UTC day; detect reads digests in place of logs.
///
/// The folder holds Parquet files, counts.json (what was read) and manifest.json (the rules, the key's id and the
/// inputs), which is written last. Digests made with the same key can be combined: give several folders to detect or
/// digest.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stillwatch digest logs/2026-09-07/ -o digests/2026-09-07")]
pub(crate) struct Digest {
    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Folder to write, completely or not at all. It must be empty or not exist yet
    #[arg(short, long, value_name = "DIR", help_heading = "Result")]
    pub(crate) output: PathBuf,
}

/// Reports what logs these are, what they contain, what is wrong with them, and which detectors can run on them.
///
/// Nothing is written and no key is needed. The report contains counts and column names, and no value from any row.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stillwatch doctor logs/ --accounts accounts.parquet\n  stillwatch doctor gateway.jsonl llm.jsonl --edge edge.jsonl --format json -o doctor.json"
)]
pub(crate) struct Doctor {
    /// Files, quoted globs, directories, or - for standard input, as for detect
    #[arg(required = true, value_name = "LOGS")]
    pub(crate) logs: Vec<PathBuf>,

    /// Source of the logs, where their first records do not identify it
    #[arg(long, value_name = "SOURCE", value_parser = sources(), help_heading = "Input")]
    pub(crate) format_in: Option<String>,

    /// Account table: sign-up, payment, organisation
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) accounts: Option<PathBuf>,

    /// Log of the proxy in front; if it has a column `time`, its clock is compared with that of the logs
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) edge: Option<PathBuf>,

    /// Field map (TOML): which column of the source holds which canonical column
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) map: Option<PathBuf>,

    /// Exit with 3 when more rows than this are rejected, or all of them [default: 1 % of the rows, but at least 1000]
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub(crate) max_rejected: Option<u64>,

    /// A table for people, or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Result")]
    pub(crate) format: Format,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,
}

/// Prints the canonical columns of the inputs, or the JSON Schema of the report.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stillwatch schema report > detect.schema.json")]
pub(crate) struct Schema {
    /// What to print [default: the columns of all three tables]
    #[arg(value_enum)]
    pub(crate) what: Option<SchemaOf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Without {
    /// Addresses, payment, declared owners, autonomous systems, mail domains, client fingerprints
    Infrastructure,
    /// Minutes of activity, quota rotation
    Timing,
    /// Days of sign-up, successors of closed accounts
    Lifecycle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Columns of a request log
    Exchanges,
    /// Columns of an account table
    Accounts,
    /// Columns of an edge log
    Edge,
    /// JSON Schema of the detection report
    Report,
    /// JSON Schema of the audit report
    Audit,
    /// JSON Schema of the provenance report of a model
    Lineage,
}

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

    /// Simulate only accounts of this benign class
    #[arg(long, value_name = "CLASS", value_parser = classes(), conflicts_with_all = ["benign", "campaign", "exchanges"])]
    pub(crate) crowd: Option<Class>,

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

/// The form that is written where none is asked for.
pub(crate) const TABLE: &str = "table";

/// The forms of a report, as they are listed where they are made.
fn form<R: 'static>(forms: &'static [&'static dyn Render<R>]) -> impl TypedValueParser<Value = &'static dyn Render<R>> {
    let values = forms.iter().map(|form| {
        let value = PossibleValue::new(form.name());
        if form.purpose().is_empty() { value } else { value.help(form.purpose()) }
    });
    PossibleValuesParser::new(values).try_map(|name| {
        forms.iter().copied().find(|form| form.name() == name).ok_or_else(|| format!("there is no form {name}"))
    })
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

const DEMO_SEED: u64 = 2026;

fn moment(text: &str) -> Result<Micros, String> {
    Micros::parse(text).ok_or_else(|| "expected a time such as 2026-09-07 or 2026-09-07T10:00:00Z".into())
}

fn tier() -> impl TypedValueParser<Value = Tier> {
    PossibleValuesParser::new(["act", "review", "watch"]).try_map(|word| word.parse::<Tier>())
}

fn sources() -> PossibleValuesParser {
    let names = LogSource::all().iter().map(|source| source.name);
    PossibleValuesParser::new(names.chain([logs::CANONICAL]))
}

fn classes() -> impl TypedValueParser<Value = Class> {
    PossibleValuesParser::new(Class::ALL.iter().map(|class| class.name()))
        .try_map(|name| Class::parse(&name).ok_or("there is no such class"))
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Cli::command().debug_assert();
    }
}
