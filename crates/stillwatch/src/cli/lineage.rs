//! Arguments of `lineage`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use stillwatch_core::Date;
use stillwatch_questionnaire::Audience;

const LINEAGE_EXAMPLES: &str = "\
Examples:
  stillwatch lineage import bom.json README.md model.gguf -g models.lineage --said-by 'Example Lab'
  stillwatch lineage show tiny-7b -g models.lineage
  stillwatch lineage ask tiny-7b -g models.lineage
  stillwatch lineage score tiny-7b -g models.lineage --profile buyer.toml
  stillwatch lineage whatif --remove 'LLaMA 2' -g models.lineage
  stillwatch lineage report tiny-7b --form all --format html -o provenance.html
  stillwatch lineage rfp tiny-7b --format csv -o questions.csv
  stillwatch lineage gate tiny-7b --policy gate.toml --class regulated -g models.lineage
  stillwatch lineage publish tiny-7b --site public/ --key private.pem
  stillwatch lineage seal weights/ --key private.pem && stillwatch lineage verify weights/ --trust public.pem

A graph is a text file to which documents, their statements with their places, and decisions on names are appended. All
claims are kept; contradictions are reported and never merged away.";

/// Records what models are made of: the claims of many documents in one graph, each with its evidence.
#[derive(Debug, Args)]
#[command(after_help = LINEAGE_EXAMPLES)]
pub(crate) struct Lineage {
    #[command(subcommand)]
    pub(crate) task: LineageTask,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LineageTask {
    Import(LineageImport),
    Show(LineageShow),
    Ask(LineageAsk),
    Score(LineageScore),
    Whatif(LineageWhatif),
    Report(LineageReport),
    Rfp(LineageRfp),
    Gate(LineageGate),
    Diff(LineageDiff),
    /// Lists the built-in questionnaires and rules of law
    Forms(ResultArguments),
    Kinship(LineageKinship),
    Resolve(LineageResolve),
    Review(LineageReview),
    Dependants(LineageDependants),
    Seal(LineageSeal),
    Verify(LineageVerify),
    Publish(LineagePublish),
}

/// The graph to look at.
#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    /// The graph file
    #[arg(short, long, value_name = "FILE", default_value = "models.lineage")]
    pub(crate) graph: PathBuf,

    /// As of this day: what was stated or decided later is left out, and so is what had expired
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Date>,
}

/// The questionnaires to fill in.
#[derive(Debug, Args)]
pub(crate) struct Forms {
    /// Questionnaire: a built-in one (`stillwatch lineage forms` lists them), `all` of those, or a file (TOML); may be
    /// repeated [default: buyer]
    #[arg(long = "form", value_name = "FORM")]
    pub(crate) chosen: Vec<String>,
}

/// Where results go.
#[derive(Debug, Args)]
pub(crate) struct ResultArguments {
    /// Text for people, or JSON for programs
    #[arg(long, value_enum, default_value_t = super::Format::Table, help_heading = "Result")]
    pub(crate) format: super::Format,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,
}

/// Reads documents into a graph: CycloneDX, SPDX 2 and 3, model and data-set cards, config.json, GGUF and safetensors headers,
/// Croissant, Model Openness YAML, Data Provenance Standard, collections of the Data Provenance Initiative, model signatures, in-toto
/// statements, permits, vendor answers (CSV), Markdown, HTML and PDF, and Stillwatch's own reports.
///
/// Reports for each document whether it conforms to its standard, and what was recovered from it.
#[derive(Debug, Args)]
pub(crate) struct LineageImport {
    #[arg(required = true, value_name = "DOCUMENTS")]
    pub(crate) documents: Vec<PathBuf>,

    /// The graph file; created if there is none
    #[arg(short, long, value_name = "FILE", default_value = "models.lineage")]
    pub(crate) graph: PathBuf,

    /// What the documents describe, for documents that do not name it (config.json, weight headers, answers): a name, which is
    /// a model's unless the graph knows it as something else, or a key such as `data-set/name:web` or `model/hf:example/tiny`
    #[arg(long, value_name = "NAME")]
    pub(crate) about: Option<String>,

    /// Author of the statements, for documents that do not name one
    #[arg(long, value_name = "NAME")]
    pub(crate) said_by: Option<String>,

    /// Day of the statements, for documents that do not give one
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) said_on: Option<Date>,

    /// Public key or root certificates (PEM), obtained separately from the documents: what they signed counts as signed
    /// (in-toto statements, model signatures); may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Vec<PathBuf>,

    /// Exit with 3 when a document does not conform to its standard; it is still imported
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Shows what is known of a model, data set or other entity: edges and attributes, each with its verdict and who states
/// it. Without a name, summarises the graph.
#[derive(Debug, Args)]
pub(crate) struct LineageShow {
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Answers a buyer's questions about a model, each with a verdict, the path through the graph, the documents, and what
/// to ask the vendor next.
#[derive(Debug, Args)]
pub(crate) struct LineageAsk {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// One question [default: all]: vendor-outputs, data-sources, synthetic, traceable, third-party, compute, governance
    #[arg(value_name = "QUESTION")]
    pub(crate) question: Option<String>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Counts verdicts and gives an interval, in which every unknown counts as not disclosed at the lower end and as
/// disclosed at the upper. A contradiction caps the grade.
#[derive(Debug, Args)]
pub(crate) struct LineageScore {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// Weights of a buyer (TOML) [default: the built-in profile]
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Lists what stops being lawful, reproducible or available when something is removed or its terms change.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("change").required(true).args(["remove", "delete", "terms"]))]
pub(crate) struct LineageWhatif {
    /// A supplier, vendor, licence, jurisdiction, model or data set that is removed
    #[arg(long, value_name = "NAME")]
    pub(crate) remove: Option<String>,

    /// A data set or model that is deleted where it is kept; copies elsewhere count
    #[arg(long, value_name = "NAME")]
    pub(crate) delete: Option<String>,

    /// A licence or terms that change
    #[arg(long, value_name = "NAME")]
    pub(crate) terms: Option<String>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Writes all answers, the score and filled questionnaires of a model, each sentence with its entity in the graph and
/// the document and place that it comes from; or a bill of materials with the verdicts as declarations.
#[derive(Debug, Args)]
pub(crate) struct LineageReport {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// Weights of a buyer (TOML) [default: the built-in profile]
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) forms: Forms,

    /// Write for this reader: ai-office, authorities, downstream or public. The report then holds only the items of the
    /// questionnaires that are meant for this reader, or for no reader in particular, and the documents that they cite;
    /// no score, answers or graph
    #[arg(long, value_name = "READER", value_parser = audience)]
    pub(crate) audience: Option<Audience>,

    #[arg(long, value_enum, default_value_t = LineageForm::Markdown, help_heading = "Result")]
    pub(crate) format: LineageForm,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,
}

/// Writes the questions to put to a vendor: those of the questionnaires that no document answers, or that documents
/// answer differently. Each is asked once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch lineage rfp tiny-7b --format csv -o questions.csv     questions for the vendor to fill in
  stillwatch lineage rfp tiny-7b --answers answered.csv            what the answers are worth
  stillwatch lineage import answered.csv --about tiny-7b --said-by 'Example Lab'")]
pub(crate) struct LineageRfp {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) forms: Forms,

    /// Ask every question, including those that documents answer
    #[arg(long)]
    pub(crate) all: bool,

    /// Judge the answers in this table instead: vague, withheld, pointing elsewhere, or contradicted by other documents
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub(crate) answers: Option<PathBuf>,

    /// With --answers, exit with 10 when an answer discloses nothing, or contradicts another statement
    #[arg(long, value_enum, value_name = "WHAT", requires = "answers")]
    pub(crate) fail_on: Option<FailOnAnswer>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[arg(long, value_enum, default_value_t = RfpForm::Table, help_heading = "Result")]
    pub(crate) format: RfpForm,

    /// Write the result to this file, completely or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,
}

/// Judges whether a model may be used for a class of work; exits with 10 when a rule is violated, and with 11 when none is and
/// it is not known of every rule whether it is kept.
///
/// A rule that denies something is kept where documents say enough to know. Where they are silent, or where a statement
/// that was read from prose and would violate it waits for a reviewer, it is undecided.
#[derive(Debug, Args)]
pub(crate) struct LineageGate {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// Rules by class of work (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: PathBuf,

    /// The class of work
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: String,

    /// How to exit when no rule is violated and some are undecided
    #[arg(long, value_enum, value_name = "HOW", default_value_t = WhenUndecided::Tell)]
    pub(crate) when_undecided: WhenUndecided,

    /// Weights of a buyer (TOML) [default: the built-in profile]
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Lists what changed between two days, changes of upstream terms first.
#[derive(Debug, Args)]
pub(crate) struct LineageDiff {
    /// The earlier day
    #[arg(value_name = "BEFORE", value_parser = day)]
    pub(crate) before: Date,

    /// The later day [default: everything that is known]
    #[arg(value_name = "AFTER", value_parser = day)]
    pub(crate) after: Option<Date>,

    /// The graph file
    #[arg(short, long, value_name = "FILE", default_value = "models.lineage")]
    pub(crate) graph: PathBuf,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Tests whether the weights of two models were made independently of each other, and gives a p-value.
///
/// A rejection says "not independent": one initialisation, one ancestor, or descent, in either direction. What was learnt
/// from another model's outputs leaves no trace in weights and cannot be found here.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch lineage kinship ours/model.safetensors theirs/model.safetensors
  stillwatch lineage kinship ours/ theirs/ --names example/ours other/theirs --format json -o kinship.json
  stillwatch lineage import kinship.json -g models.lineage

Exits with 10 only with --fail-on-dependence.")]
pub(crate) struct LineageKinship {
    /// A safetensors or GGUF file, the index of several (model.safetensors.index.json), or a folder with either
    #[arg(value_name = "WEIGHTS")]
    pub(crate) left: PathBuf,

    #[arg(value_name = "WEIGHTS")]
    pub(crate) right: PathBuf,

    /// What the two models are called in a graph [default: the names of their folders or files]
    #[arg(long, num_args = 2, value_names = ["NAME", "NAME"])]
    pub(crate) names: Vec<String>,

    /// Highest accepted probability of a false rejection
    #[arg(long, value_name = "P", default_value_t = stillwatch_weights::kinship::ALPHA, value_parser = probability)]
    pub(crate) alpha: f64,

    /// Exit with 10 when the two are not independent
    #[arg(long)]
    pub(crate) fail_on_dependence: bool,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Lists names that may mean the same thing, and records decisions on them. A decision can be undone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch lineage resolve
  stillwatch lineage resolve --same 'model/name:LLaMA 2' 'model/name:Llama-2' --by 'A. Reviewer' --why 'one release'
  stillwatch lineage resolve --undo d-3 --by 'A. Reviewer'")]
#[command(group = clap::ArgGroup::new("decision").args(["same", "different", "confirm", "reject", "undo"]))]
pub(crate) struct LineageResolve {
    /// The two names mean the same thing; keys as the list prints them
    #[arg(long, num_args = 2, value_names = ["KEY", "KEY"], requires = "by")]
    pub(crate) same: Vec<String>,

    /// The two names do not mean the same thing, although they are alike
    #[arg(long, num_args = 2, value_names = ["KEY", "KEY"], requires = "by")]
    pub(crate) different: Vec<String>,

    /// Confirms a statement that was read from prose, given by document id and number
    #[arg(long, num_args = 2, value_names = ["DOCUMENT", "NUMBER"], requires = "by")]
    pub(crate) confirm: Vec<String>,

    /// Rejects such a statement
    #[arg(long, num_args = 2, value_names = ["DOCUMENT", "NUMBER"], requires = "by")]
    pub(crate) reject: Vec<String>,

    /// Undoes a decision
    #[arg(long, value_name = "DECISION", requires = "by")]
    pub(crate) undo: Option<String>,

    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,

    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) why: String,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Decides on statements that were read from prose: in bulk by a table, or one by one in the terminal, grouped by what they
/// would change.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch lineage review                                         what waits, grouped by what it would change
  stillwatch lineage review --export csv -o review.csv              a table with a column for decisions
  stillwatch lineage review --import review.csv --by 'A. Reviewer'  the decisions that came back in it
  stillwatch lineage review --by 'A. Reviewer'                      one key for each decision, in a terminal")]
pub(crate) struct LineageReview {
    /// Only what is stated of this
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Write a table to fill in
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["import", "by"])]
    pub(crate) export: Option<ReviewForm>,

    /// Record the decisions in this table
    #[arg(long, value_name = "FILE", requires = "by")]
    pub(crate) import: Option<PathBuf>,

    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Lists what depends on a model, data set, licence or vendor: what holds something of it, and what could not be made again
/// or run without it.
#[derive(Debug, Args)]
pub(crate) struct LineageDependants {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) source: GraphArguments,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Signs a list of all files of a model or data set (OpenSSF Model Signing), to be verified later.
#[derive(Debug, Args)]
pub(crate) struct LineageSeal {
    /// Folder or file
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,

    /// Private key (PEM, P-256 or P-384), readable by its owner alone; created if there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,

    /// File to write; an existing file is replaced [default: model.sig in the folder, or FILE.sig beside the file,
    /// where a different seal is not replaced]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Lists what is missing or altered since a seal was made; exits with 10 when anything is.
#[derive(Debug, Args)]
pub(crate) struct LineageVerify {
    /// Folder or file
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,

    /// The signer's public key or root certificates (PEM), obtained separately from the seal
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,

    /// The seal [default: model.sig in the folder, or FILE.sig beside the file]
    #[arg(long, value_name = "FILE")]
    pub(crate) seal: Option<PathBuf>,

    /// File or folder below PATH that is not looked at, beside what the signer left out; may be repeated. What the seal covers
    /// cannot be ignored
    #[arg(long, value_name = "PATH")]
    pub(crate) ignore: Vec<String>,

    /// PATH is a site, or a folder that `publish` wrote: also verify that the report and the linked data beside it are of one
    /// subject and of one publication
    #[arg(long, conflicts_with_all = ["seal", "ignore"])]
    pub(crate) published: bool,

    #[command(flatten)]
    pub(crate) told: ResultArguments,
}

/// Writes a signed report on a model to a site: below .well-known/model-provenance, a report for the audience (JSON and HTML), the
/// lineage as linked data (PROV-O in JSON-LD), and a seal over them. `verify --published` verifies it.
///
/// The report holds what the questionnaires have for the audience. The linked data hold every thing and edge upstream with its
/// verdict, whatever the audience is, without quotes, documents and persons.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stillwatch lineage publish tiny-7b --site public/ --key private.pem
  stillwatch lineage verify public/ --published --trust private.pub.pem")]
pub(crate) struct LineagePublish {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// The root folder of the site; created if there is none
    #[arg(long, value_name = "FOLDER")]
    pub(crate) site: PathBuf,

    /// Private key (PEM, P-256 or P-384), readable by its owner alone; created if there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,

    #[command(flatten)]
    pub(crate) forms: Forms,

    /// The reader for whom the report is written: ai-office, authorities, downstream or public
    #[arg(long, value_name = "READER", value_parser = audience, default_value = "public")]
    pub(crate) audience: Audience,

    #[command(flatten)]
    pub(crate) source: GraphArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReviewForm {
    /// Comma-separated values, for a spreadsheet
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhenUndecided {
    /// With 11, so that somebody looks
    Tell,
    /// With 10, as for a violation
    Deny,
    /// With 0
    Allow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LineageForm {
    Markdown,
    Json,
    /// A page of its own with the graph drawn
    Html,
    /// CycloneDX 1.7 with declarations: claims, evidence, counter-evidence
    Cyclonedx,
    /// SPDX 3.0.1
    Spdx,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RfpForm {
    Table,
    /// A table for the vendor to fill in, which `lineage import` reads
    Csv,
    Markdown,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnAnswer {
    /// An answer that is vague, withheld, empty, missing or points elsewhere
    Vague,
    /// An answer that contradicts another statement
    Contradicted,
}

fn probability(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| format!("expected a number, not `{text}`"))?;
    if value > 0.0 && value < 1.0 { Ok(value) } else { Err("expected a probability between 0 and 1".into()) }
}

fn audience(text: &str) -> Result<Audience, String> {
    let known = || Audience::ALL.iter().map(|own| own.as_str()).collect::<Vec<_>>().join(", ");
    Audience::parse(text).ok_or_else(|| format!("expected one of {}", known()))
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a day such as 2026-09-07".into())
}
