//! Arguments of what looks at corpora: `audit`, `index`, `canary`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use stillwatch_audit::AuditReport;
use stillwatch_core::Micros;
use stillwatch_report::Render;
use stillwatch_run::audit::Search;
use stillwatch_run::memory;
use stillwatch_run::reading::KeyChoice;

use super::{TABLE, form, future, moment};

const AUDIT_EXAMPLES: &str = "\
Examples:
  stillwatch audit corpus/ --index served.swx --policy training.toml
  stillwatch audit train.jsonl.zst --reference reference/ --format json -o audit.json --ledger hits.parquet
  stillwatch audit corpus/ --watermark key.toml --fail-on watermark
  zcat pile.jsonl.gz | stillwatch audit - --text content
  stillwatch audit train --reference reference/
  stillwatch audit split corpus/ --index served.swx -o separated/
  stillwatch audit corpus/ --index benchmark.swx --exclusions contaminated.csv

Findings are reported in four classes of evidence, which are never added up:
  A exact       a canary, or a passage verified in an index of served outputs
  B watermark   a keyed statistical mark, calibrated on wrong keys
  C self-claim  \"as a model developed by …\"; it corroborates and proves nothing
  D style       the wording of the corpus as a whole; at most \"consistent with\"";

/// Which texts to read and how.
#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// Files, quoted globs, directories, or - for standard input. Parquet, JSON lines or arrays, CSV, TSV or text, also
    /// compressed with gzip or zstd; chats in the formats of OpenAI messages, ShareGPT and Alpaca are recognised
    #[arg(required = true, value_name = "CORPUS")]
    pub(crate) corpus: Vec<PathBuf>,

    /// Field that holds the text, by name or JSON pointer [default: text, content, output, response and the like, and
    /// chats]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub(crate) text: Option<String>,

    /// Field that holds the prompt that the text answers
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub(crate) prompt: Option<String>,

    /// Field that names the source of a text
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub(crate) source: Option<String>,

    /// Also examine what people wrote: the user turns of chats
    #[arg(long, help_heading = "Input")]
    pub(crate) people: bool,

    /// Treat each line of a text file as a document
    #[arg(long, help_heading = "Input")]
    pub(crate) lines: bool,

    /// Reject records longer than this without holding them in memory
    #[arg(long, value_name = "SIZE", value_parser = memory::size, default_value = "64M", help_heading = "Input")]
    pub(crate) max_record: usize,

    /// Exit with 3 when more rows than this are rejected, or all of them. The result is still written [default: 1 % of
    /// the rows, but at least 1000]
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub(crate) max_rejected: Option<u64>,

    /// Key for fingerprints: 64 hexadecimal digits, readable by its owner alone [default: key in $STILLWATCH_HOME,
    /// else in the user's data folder; created at first use]
    #[arg(long, value_name = "FILE", help_heading = "Means")]
    pub(crate) key_file: Option<PathBuf>,

    /// Threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = super::threads, help_heading = "Means")]
    pub(crate) threads: Option<NonZeroUsize>,
}

impl Corpus {
    /// As options of a run.
    pub(crate) fn corpus(&self) -> stillwatch_run::corpus::Corpus {
        stillwatch_run::corpus::Corpus {
            paths: self.corpus.clone(),
            text: self.text.clone(),
            prompt: self.prompt.clone(),
            source: self.source.clone(),
            people: self.people,
            lines: self.lines,
            max_record_bytes: Some(self.max_record),
            max_rejected: self.max_rejected,
        }
    }

    /// What to look for in it, and with what.
    pub(crate) fn search(&self, means: &Means) -> Search {
        Search {
            indexes: means.index.clone(),
            canaries: means.canaries.clone(),
            watermarks: means.watermark.clone(),
            reference: means.reference.clone(),
            style_sample: means.style_sample,
            min_overlap: means.min_overlap.share(),
            key: KeyChoice::file(self.key_file.clone()),
            threads: self.threads,
        }
    }
}

/// A share in per cent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overlap(f64);

impl Overlap {
    fn parse(text: &str) -> Result<Self, String> {
        let percent =
            text.trim_end_matches('%').trim_end().parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
        percent.map(Self).ok_or_else(|| "expected a number from 0 to 100".to_owned())
    }

    /// 0 to 1.
    fn share(self) -> f64 {
        self.0 / 100.0
    }
}

/// What to look for.
#[derive(Debug, Args)]
pub(crate) struct Means {
    /// Index of served outputs, as `stillwatch index build` writes it; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub(crate) index: Vec<PathBuf>,

    /// Report passages only of texts of which at least this much was served, in per cent of their winnowed k-grams
    #[arg(long, value_name = "PERCENT", default_value = "0", value_parser = Overlap::parse, help_heading = "Evidence")]
    pub(crate) min_overlap: Overlap,

    /// Registry of canaries, as `stillwatch canary issue` writes it
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub(crate) canaries: Option<PathBuf>,

    /// Watermark keys (TOML), readable by their owner alone; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub(crate) watermark: Vec<PathBuf>,

    /// Folder of labelled texts. The texts show how often an index matches by chance; style.model in that folder, which
    /// `stillwatch audit train` writes, gives the shares by style and the baseline of texts by people
    #[arg(long, value_name = "DIR", help_heading = "Evidence")]
    pub(crate) reference: Option<PathBuf>,

    /// Judge style on at most this many documents, sampled by a hash of their position. With ten thousand, the sampling
    /// error is half a percentage point; the intervals are wider because makers differ
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = "Evidence")]
    pub(crate) style_sample: usize,
}

/// Finds other models' outputs in a training corpus: whose they are, how sure that is, and whether your rules allow
/// them.
///
/// No text of the corpus is written anywhere unless --show-text asks for it.
#[derive(Debug, Args)]
#[command(after_help = AUDIT_EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) task: Option<AuditTask>,

    #[command(flatten)]
    pub(crate) scan: AuditScan,
}

#[derive(Debug, Args)]
pub(crate) struct AuditScan {
    #[command(flatten)]
    pub(crate) corpus: Corpus,

    #[command(flatten)]
    pub(crate) means: Means,

    /// Rules on what may be trained on (TOML); exits with 10 when one is violated
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) policy: Option<PathBuf>,

    /// Permits that rules of the policy may name (JSON), the same file as for detect
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) permits: Option<PathBuf>,

    /// Day on which permits must be valid [default: today in UTC]
    #[arg(long, value_name = "DAY", value_parser = moment, help_heading = "Rules")]
    pub(crate) on: Option<Micros>,

    /// Exit with 10 when evidence of this class is found; may be repeated
    #[arg(long, value_enum, value_name = "RULE", help_heading = "Rules")]
    pub(crate) fail_on: Vec<FailOn>,

    /// Report of an earlier audit with the same key; shows how much of that corpus is still present
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub(crate) previous: Option<PathBuf>,

    /// A table for people, JSON for programs, SARIF for code scanning, or a short summary in Markdown
    #[arg(long, value_parser = form(stillwatch_report::audit::FORMS), default_value = TABLE, help_heading = "Result")]
    pub(crate) format: &'static dyn Render<AuditReport>,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,

    /// Write every hit to this Parquet file: file, row, turn, bytes, rule, class
    #[arg(long, value_name = "FILE", help_heading = "Result")]
    pub(crate) ledger: Option<PathBuf>,

    /// Write the rows that hold outputs (evidence of class A or B) to this CSV file, to leave them out of training: file,
    /// row, vendor, evidence, per cent of the row that was served
    #[arg(long, value_name = "FILE", help_heading = "Result")]
    pub(crate) exclusions: Option<PathBuf>,

    /// Put the text of each hit into the ledger
    #[arg(long, requires = "ledger", help_heading = "Result")]
    pub(crate) show_text: bool,

    /// Folder for checkpoints; an interrupted audit continues from there when it is run again
    #[arg(long, value_name = "DIR", help_heading = "Result")]
    pub(crate) resume: Option<PathBuf>,

    /// Seconds between two checkpoints
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "resume", help_heading = "Result")]
    pub(crate) checkpoint_every: u64,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(crate) enum AuditTask {
    Train(AuditTrain),
    Split(AuditSplit),
}

/// Learns how families of models and people write, from labelled texts.
///
/// Each record has a text and its `family` (a vendor, `human` or `other`); `maker`, `domain` and `group` (texts that
/// belong together, such as answers to one prompt) are needed for honest intervals. A record without a family takes the
/// name of its folder. Texts by people are required: without them, every text would be attributed to some model.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stillwatch audit train --reference reference/\n  ls reference/  # human/  other/  example-lab/  style.model"
)]
pub(crate) struct AuditTrain {
    /// Folder of labelled texts
    #[arg(long, value_name = "DIR")]
    pub(crate) reference: PathBuf,

    /// Field that holds the text
    #[arg(long, value_name = "FIELD")]
    pub(crate) text: Option<String>,

    /// File to write [default: style.model in the reference folder]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = super::threads)]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Splits a corpus into folders by what was found in each row.
///
/// Rows are copied unchanged to verdict=VERDICT/vendor=VENDOR/, to a file with the name of their own: `exact` and
/// `watermark` where the evidence is conclusive, `self-claim` where a text only names its maker, `none` for the rest.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stillwatch audit split corpus/ --index served.swx -o separated/")]
pub(crate) struct AuditSplit {
    #[command(flatten)]
    pub(crate) corpus: Corpus,

    #[command(flatten)]
    pub(crate) means: Means,

    /// Folder to write, completely or not at all. It must be empty or not exist yet
    #[arg(short, long, value_name = "DIR", help_heading = "Result")]
    pub(crate) output: PathBuf,
}

/// Classes of evidence on which to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A canary or a verified passage
    Exact,
    /// A watermark that is stronger than under wrong keys
    Watermark,
    /// A text that names the model that wrote it
    SelfClaim,
    /// A vendor's share whose interval lies above zero
    Style,
}

/// Builds and inspects indexes of served outputs: keyed fingerprints, no text.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch index build logs/ --vendor 'Example Lab' -o served.swx
  stillwatch index build benchmark.jsonl --data-set --short-passages --vendor 'Example Benchmark' -o benchmark.swx
  stillwatch index merge january.swx february.swx -o served.swx
  stillwatch index info served.swx")]
pub(crate) struct Index {
    #[command(subcommand)]
    pub(crate) task: IndexTask,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(crate) enum IndexTask {
    Build(IndexBuild),
    Merge(IndexMerge),
    Info(IndexInfo),
}

/// Builds an index of the answers in request logs, or of the texts of a data set.
#[derive(Debug, Args)]
pub(crate) struct IndexBuild {
    #[command(flatten)]
    pub(crate) reading: super::Reading,

    /// The files are a data set (in any format that `audit` reads) and not request logs: its answers, or texts of unknown
    /// author, are indexed, and of what an answer repeats of its prompt nothing
    #[arg(long, conflicts_with_all = ["format_in", "edge", "map", "since", "until"], help_heading = "Index")]
    pub(crate) data_set: bool,

    /// With --data-set: field that holds the text, by name or JSON pointer
    #[arg(long, value_name = "FIELD", requires = "data_set", help_heading = "Index")]
    pub(crate) text: Option<String>,

    /// With --data-set: field that holds the prompt
    #[arg(long, value_name = "FIELD", requires = "data_set", help_heading = "Index")]
    pub(crate) prompt: Option<String>,

    /// Also index runs of 8 words, by which texts are found that are short (one sentence) or broken (every other
    /// sentence). The file grows threefold, and digest folders do not have these runs
    #[arg(long, help_heading = "Index")]
    pub(crate) short_passages: bool,

    /// Vendor whose outputs these are
    #[arg(long, value_name = "NAME", help_heading = "Index")]
    pub(crate) vendor: String,

    /// Public texts whose passages are left out of the index, because anybody may repeat them; may be repeated
    #[arg(long, value_name = "CORPUS", help_heading = "Index")]
    pub(crate) common: Vec<PathBuf>,

    /// File to write, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: PathBuf,
}

/// Merges indexes of the same key and vendor.
#[derive(Debug, Args)]
pub(crate) struct IndexMerge {
    #[arg(required = true, num_args = 2.., value_name = "INDEX")]
    pub(crate) indexes: Vec<PathBuf>,

    /// Key with which they were built
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// File to write, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Prints what an index contains.
#[derive(Debug, Args)]
pub(crate) struct IndexInfo {
    #[arg(value_name = "INDEX")]
    pub(crate) index: PathBuf,

    /// A table for people, or JSON for programs
    #[arg(long, value_enum, default_value_t = super::Format::Table)]
    pub(crate) format: super::Format,
}

/// Puts canaries into answers to campaigns, and finds them in corpora.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch canary issue report.json c-2b84 --vendor 'Example Lab' --approver 'A. Person' --expires 2027-06-30 --registry canaries.json
  stillwatch canary place 91f0c2d4e5a6b7c8 --registry canaries.json < answer.txt > marked.txt
  stillwatch canary check corpus/ --registry canaries.json")]
pub(crate) struct Canary {
    #[command(subcommand)]
    pub(crate) task: CanaryTask,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CanaryTask {
    Issue(CanaryIssue),
    Place(CanaryPlace),
    Check(CanaryCheck),
}

/// Issues a canary for a campaign of tier act, and adds it to the registry.
#[derive(Debug, Args)]
pub(crate) struct CanaryIssue {
    /// Report of detect (JSON) that contains the campaign
    #[arg(value_name = "REPORT")]
    pub(crate) report: PathBuf,

    /// Campaign id or its first characters
    #[arg(value_name = "CAMPAIGN")]
    pub(crate) campaign: String,

    /// Vendor whose answers are marked
    #[arg(long, value_name = "NAME")]
    pub(crate) vendor: String,

    /// Person who approves it
    #[arg(long, value_name = "NAME")]
    pub(crate) approver: String,

    /// Day from which it is no longer placed; it is still looked for after that
    #[arg(long, value_name = "DAY", value_parser = future)]
    pub(crate) expires: Micros,

    /// One sentence with {} where the words of the canary go
    #[arg(long, value_name = "SENTENCE", default_value = "This note is filed under {}.")]
    pub(crate) template: String,

    /// Registry file; created if there is none, readable by its owner alone
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: PathBuf,
}

/// Puts a canary into an answer: between two paragraphs of prose, never into code, calls, tables or quotations.
#[derive(Debug, Args)]
pub(crate) struct CanaryPlace {
    /// Id of the canary
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    #[arg(long, value_name = "FILE")]
    pub(crate) registry: PathBuf,
}

/// Looks for all canaries of a registry in a corpus, and prints file, row, bytes, canary and campaign of each.
#[derive(Debug, Args)]
pub(crate) struct CanaryCheck {
    #[command(flatten)]
    pub(crate) corpus: Corpus,

    #[arg(long, value_name = "FILE", help_heading = "Means")]
    pub(crate) registry: PathBuf,

    /// Exit with 10 when one is found
    #[arg(long, help_heading = "Result")]
    pub(crate) fail: bool,
}
