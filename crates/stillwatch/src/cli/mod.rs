//! The arguments of each subcommand; their comments are the help texts.

mod audit;
mod lineage;
mod reports;
mod simulation;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use stillwatch_core::{Micros, Tier, Window};
use stillwatch_detect::DetectionReport;
use stillwatch_ingest::LogSource;
use stillwatch_report::Render;
use stillwatch_run::clock::now;
use stillwatch_run::reading::{KeyChoice, LogOptions, Means as RunMeans, Shard};
use stillwatch_run::{logs, memory};

pub(crate) use self::audit::{
    Audit, AuditScan, AuditSplit, AuditTask, AuditTrain, Canary, CanaryCheck, CanaryIssue, CanaryPlace, CanaryTask,
    FailOn, Index, IndexBuild, IndexInfo, IndexMerge, IndexTask,
};
pub(crate) use self::lineage::{
    FailOnAnswer, Forms, GraphArguments, Lineage, LineageAsk, LineageDependants, LineageDiff, LineageForm, LineageGate,
    LineageImport, LineageKinship, LineagePublish, LineageReport, LineageResolve, LineageReview, LineageRfp,
    LineageScore, LineageSeal, LineageShow, LineageTask, LineageVerify, LineageWhatif, ResultArguments, RfpForm,
    WhenUndecided,
};
pub(crate) use self::reports::{Diff, Explain, TextFormat};
pub(crate) use self::simulation::{Demo, Simulate};

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
  3    nothing was read, a file was not read, or more rows were rejected than --max-rejected allows
  10   done, and what --fail-on names was found, or a policy, gate or seal is violated
  11   done, and what is known does not decide about a rule of a policy or gate
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
    #[arg(long, value_name = "N", value_parser = threads, help_heading = "Means")]
    pub(crate) threads: Option<NonZeroUsize>,
}

impl Reading {
    /// As options of a run.
    pub(crate) fn options(&self) -> LogOptions {
        LogOptions {
            logs: self.logs.clone(),
            format_in: self.format_in.clone(),
            edge: self.edge.clone(),
            map: self.map.clone(),
            window: Window { since: self.since, until: self.until },
            max_rejected: self.max_rejected,
            means: RunMeans {
                key: KeyChoice::file(self.key_file.clone()),
                memory: self.memory,
                threads: self.threads,
                runtime: None,
            },
        }
    }
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

/// Writes day digests of request logs: keyed fingerprints, times and numbers, no text.
///
/// There is one digest per account and UTC day; detect reads digests in place of logs.
///
/// The folder holds Parquet files, counts.json (what was read) and manifest.json (the rules, the key's id and the
/// inputs), which is written last. Digests made with the same key can be combined: give several folders to detect or
/// digest.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch digest logs/2026-09-07/ -o digests/2026-09-07
  stillwatch digest logs/ --shard 2/5 -o digests/part-2")]
pub(crate) struct Digest {
    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Digest only part I of N of these logs, such as 2/5, so that several machines share the work; give all N folders
    /// to detect or digest. Parquet files are divided by row groups, and uncompressed NDJSON files with canonical or
    /// mapped columns by lines; any other file is read completely by one part
    #[arg(long, value_name = "I/N", help_heading = "Input")]
    pub(crate) shard: Option<Shard>,

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

fn moment(text: &str) -> Result<Micros, String> {
    Micros::parse(text).ok_or_else(|| "expected a time such as 2026-09-07 or 2026-09-07T10:00:00Z".into())
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number, at least 1".into())
}

/// A day or moment that lies ahead.
fn future(text: &str) -> Result<Micros, String> {
    let moment = Micros::parse(text).ok_or("a day is written 2027-01-31")?;
    if moment > now() { Ok(moment) } else { Err("it lies in the past".into()) }
}

fn tier() -> impl TypedValueParser<Value = Tier> {
    PossibleValuesParser::new(["act", "review", "watch"]).try_map(|word| word.parse::<Tier>())
}

fn sources() -> PossibleValuesParser {
    let names = LogSource::all().iter().map(|source| source.name);
    PossibleValuesParser::new(names.chain([logs::CANONICAL]))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Cli::command().debug_assert();
    }
}
