//! What a run has to say beside its result: what was left out, repaired or looks wrong. No notice holds a value of a log.

use std::fmt;
use std::path::PathBuf;

use stillwatch_core::{NotEvaluated, Silent, counted};
use stillwatch_ingest::Appearance;

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// The result may be worth less than it seems.
    Warning,
}

/// Is told what is odd about an input, when it is found. It may be called from any thread.
pub trait Notices: Send + Sync {
    fn notify(&self, notice: &Notice);
}

impl Notices for Silent {
    fn notify(&self, _notice: &Notice) {}
}

/// One thing to say. Its text is a line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key file was made, since there was none.
    KeyCreated(PathBuf),
    /// Files in folders that are not called like logs.
    FilesSkipped(u64),
    /// The same for corpora, with the endings that are read.
    CorpusFilesSkipped {
        files: u64,
        endings: &'static [&'static str],
    },
    /// Logs of a gateway, a provider or an engine.
    SourceRecognised {
        logs: u64,
        source: &'static str,
        title: &'static str,
    },
    /// A log of administration.
    HoldsNoRequests(&'static str),
    /// Rows that were rejected for one reason.
    RowsRejected(Rejection),
    /// The same of a small table, such as the account table.
    TableRowsRejected {
        table: &'static str,
        rejection: Rejection,
    },
    /// Values that could not be read; their rows were kept.
    ValuesLeftOut {
        column: String,
        values: u64,
    },
    NulBytes(u64),
    /// Rows that stand later in the log than in time.
    Disordered(u64),
    /// Records of a foreign log that are not exchanges.
    SetAside {
        what: String,
        records: u64,
    },
    /// Exchanges of a foreign log that lack their other half.
    Incomplete {
        what: String,
        exchanges: u64,
    },
    /// Values that were set right or left out by themselves; their rows were kept.
    Repaired {
        what: String,
        values: u64,
    },
    /// Exchanges under the id of another one shortly before.
    RepeatedIds(u64),
    /// Names of fields that are not shown, since they may be data.
    UntoldNames(u64),
    /// Something that was not read, why, and the next step.
    NotRead(NotEvaluated),
    /// A file of a folder that is no log.
    OtherRole {
        file: String,
        appearance: Appearance,
    },
    /// Some rows have no account.
    RowsWithoutAccount,
    TooManyRejected {
        rejected: u64,
        rows: u64,
        allowed: u64,
    },
    EmptyAccountTable,
    EmptyWatchlist,
    /// Exchanges after today.
    FutureExchanges,
    /// Digests where logs were to be examined.
    DigestsNotExamined(PathBuf),
    /// A file of a corpus that could not be read to its end.
    FileFailed {
        file: String,
        why: String,
    },
    /// Bytes or escapes that are not characters.
    Replaced(u64),
    /// Where the text of a corpus may be.
    TextElsewhere(String),
    RowsWithoutText(u64),
    /// The corpus holds no rows.
    EmptyCorpus,
    /// The earlier report of an audit has another key or no documents.
    EarlierReportNotComparable,
    /// An audit goes on where an earlier one was interrupted.
    Resumed {
        row: u64,
        file: u64,
    },
    /// Rows of a corpus that were too long, or cut off.
    RowsNotCopied(u64),
    /// People's texts are too few to measure their uniformity.
    LittleHumanText,
    /// The logs hold no answers to index.
    NoAnswers,
    /// Answers whose retention class forbids fingerprints.
    AnswersWithheld(u64),
}

/// Rows that were rejected for one reason, and where some of them are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub reason: String,
    pub rows: u64,
    /// Input and row of some of them.
    pub samples: Vec<(String, u64)>,
}

impl Rejection {
    fn more(&self) -> &'static str {
        if self.rows > self.samples.len() as u64 { ", …" } else { "" }
    }
}

impl Notice {
    pub fn level(&self) -> Level {
        match self {
            Self::KeyCreated(_)
            | Self::FilesSkipped(_)
            | Self::CorpusFilesSkipped { .. }
            | Self::SourceRecognised { .. }
            | Self::NulBytes(_)
            | Self::Disordered(_)
            | Self::SetAside { .. }
            | Self::Repaired { .. }
            | Self::RepeatedIds(_)
            | Self::UntoldNames(_)
            | Self::RowsWithoutAccount
            | Self::Replaced(_)
            | Self::RowsWithoutText(_)
            | Self::Resumed { .. }
            | Self::AnswersWithheld(_) => Level::Note,
            Self::HoldsNoRequests(_)
            | Self::RowsRejected(_)
            | Self::TableRowsRejected { .. }
            | Self::ValuesLeftOut { .. }
            | Self::Incomplete { .. }
            | Self::NotRead(_)
            | Self::OtherRole { .. }
            | Self::TooManyRejected { .. }
            | Self::EmptyAccountTable
            | Self::EmptyWatchlist
            | Self::FutureExchanges
            | Self::DigestsNotExamined(_)
            | Self::FileFailed { .. }
            | Self::TextElsewhere(_)
            | Self::EmptyCorpus
            | Self::EarlierReportNotComparable
            | Self::RowsNotCopied(_)
            | Self::LittleHumanText
            | Self::NoAnswers => Level::Warning,
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyCreated(path) => write!(
                f,
                "created the key file {}; keep it, fingerprints under different keys do not compare",
                path.display()
            ),
            Self::FilesSkipped(files) => write!(
                f,
                "{} skipped: in a folder, a log is called .parquet, .jsonl, .ndjson, .json, .csv, .tsv, .log or .txt \
                 (also .gz, .zst) or has no ending, and is not also given as something else",
                counted(*files, "file")
            ),
            Self::CorpusFilesSkipped { files, endings } => write!(
                f,
                "{} of folders skipped: in a folder, a corpus is called {} (also .gz, .zst)",
                counted(*files, "file"),
                endings.join(", ")
            ),
            Self::SourceRecognised { logs, source, title } => {
                write!(f, "{} read as {source}: {title}", counted(*logs, "log"))
            }
            Self::HoldsNoRequests(source) => {
                write!(f, "{source} holds events and totals, no requests: there is nothing to detect in it")
            }
            Self::RowsRejected(rejection) => {
                let Rejection { reason, rows, samples } = rejection;
                let samples: Vec<String> = samples.iter().map(|(source, row)| format!("{source}:{row}")).collect();
                let (rows, more) = (counted(*rows, "row"), rejection.more());
                write!(f, "{rows} rejected, {reason}: {}{more}", samples.join(", "))
            }
            Self::TableRowsRejected { table, rejection } => {
                let Rejection { reason, rows, samples } = rejection;
                let samples: Vec<String> = samples.iter().map(|(_, row)| row.to_string()).collect();
                write!(f, "{table}: {rows} rejected, {reason}: row {}{}", samples.join(", "), rejection.more())
            }
            Self::ValuesLeftOut { column, values } => {
                let values = counted(*values, "unreadable value");
                write!(f, "{values} of {column} left out; the rows were kept")
            }
            Self::NulBytes(bytes) => write!(f, "{} in text read as spaces", counted(*bytes, "NUL byte")),
            Self::Disordered(rows) => {
                write!(f, "{} later in the log than in time; order does not matter", counted(*rows, "row"))
            }
            Self::SetAside { what, records } => write!(f, "{} set aside: {what}", counted(*records, "record")),
            Self::Incomplete { what, exchanges } => {
                write!(f, "{} incomplete: {what}", counted(*exchanges, "exchange"))
            }
            Self::Repaired { what, values } => {
                write!(f, "{} set right or left out ({what}); the rows were kept", counted(*values, "value"))
            }
            Self::RepeatedIds(exchanges) => write!(
                f,
                "{} under the id of another one shortly before; each counts by itself",
                counted(*exchanges, "exchange")
            ),
            Self::UntoldNames(names) => {
                write!(f, "{} of fields not shown, since they may be data", counted(*names, "name"))
            }
            Self::NotRead(NotEvaluated { what, why, help }) => write!(f, "not read: {what}: {why}; {help}"),
            Self::OtherRole { file, appearance } => {
                let help = appearance.help();
                let help = help.strip_prefix("leave it out: ").unwrap_or(&help);
                write!(f, "{file} left out: it is {appearance}; {help}")
            }
            Self::RowsWithoutAccount => f.write_str(
                "rows without an account cannot be compared; `stillwatch doctor` tells what to log, and a field map \
                 (--map) where to find it",
            ),
            Self::TooManyRejected { rejected, rows, allowed } => {
                write!(f, "{rejected} of {rows} rows rejected, more than {allowed} (--max-rejected)")
            }
            Self::EmptyAccountTable => f.write_str("the account table holds no accounts"),
            Self::EmptyWatchlist => f.write_str("the watch-list holds no indicators"),
            Self::FutureExchanges => {
                f.write_str("the log holds exchanges of the future; check the clock and the unit of its times")
            }
            Self::DigestsNotExamined(path) => {
                write!(f, "{} holds digests, not logs; it is left out", path.display())
            }
            Self::FileFailed { file, why } => write!(f, "{file} cannot be read: {why}"),
            Self::Replaced(bytes) => {
                write!(f, "{} that are no characters were replaced", counted(*bytes, "byte or escape"))
            }
            Self::TextElsewhere(advice) => f.write_str(advice),
            Self::RowsWithoutText(rows) => write!(f, "{} without text", counted(*rows, "row")),
            Self::EmptyCorpus => f.write_str("the corpus holds no rows"),
            Self::EarlierReportNotComparable => {
                f.write_str("the earlier report is of another key or of no document: what was kept cannot be told")
            }
            Self::Resumed { row, file } => write!(f, "going on after row {row} of file {file}"),
            Self::RowsNotCopied(rows) => {
                write!(f, "{} could not be copied: too long, or cut off", counted(*rows, "row"))
            }
            Self::LittleHumanText => {
                f.write_str("less than 64 kB of text by people: uniformity cannot be compared with it")
            }
            Self::NoAnswers => {
                f.write_str("the logs hold no answers: the index is empty; a field map (--map) tells where they are")
            }
            Self::AnswersWithheld(answers) => {
                write!(f, "{} left out: their retention class forbids fingerprints", counted(*answers, "answer"))
            }
        }
    }
}
