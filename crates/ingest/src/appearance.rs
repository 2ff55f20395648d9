//! What a file looks like that is not read as a log, or of which no row could be read. It tells kinds of files apart and
//! repeats nothing of them.

use std::fmt;

use serde::Serialize;

use crate::first_bytes::{ZSTD_WINDOW_LOG, begins_json, first_character, long_window};

/// What the first bytes of a file look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Appearance {
    Empty,
    ZipArchive,
    TarArchive,
    /// A compression that is not read, and the command that undoes it.
    Compressed {
        name: &'static str,
        command: &'static str,
    },
    /// A zstd stream whose window, in MiB, is longer than is allowed.
    LongWindow(u64),
    /// Compressed more often than is undone.
    Layers,
    /// A container of which the magic number is known, and how to get the rows out of it.
    Container {
        name: &'static str,
        command: &'static str,
    },
    /// Parquet where text is read.
    Parquet,
    /// Parquet inside a compressed stream or behind a pipe: its footer cannot be reached.
    ParquetStream,
    /// What is encrypted cannot be read without its key.
    Encrypted(&'static str),
    /// A dump of a database as statements.
    SqlDump,
    Pdf,
    /// XML or HTML.
    Markup,
    Utf16,
    Utf32,
    /// Bytes that are no text.
    Binary,
    /// Files that have another role, and the option by which they are given.
    AccountTable,
    Permits,
    Truth,
    Report,
    /// Records under names that are read, of which each was rejected for what it holds.
    Rows,
    /// JSON objects, but not under names that are read.
    Json,
    /// Lines that hold JSON behind something else.
    PrefixedJson,
    /// Lines of `name=value`.
    NamedValues,
    /// Columns, but not under names that are read.
    Columns,
    /// Cells with separators, without a header that names a column.
    Table,
    Text,
}

impl Appearance {
    /// A container, encryption or compression that is known by its first bytes and not read.
    pub fn container(first: &[u8]) -> Option<Self> {
        let is =
            |magic: &[u8]| first.starts_with(magic) && (magic.len() >= LONG_MAGIC || !goes_on_as_text(first, magic));
        if let Some((_, appearance)) = MAGIC.iter().find(|(magic, _)| is(magic)) {
            return Some(*appearance);
        }
        if let Some(window) = long_window(first) {
            return Some(Self::LongWindow(window >> 20));
        }
        let at = |from: usize, magic: &[u8]| first.get(from..from + magic.len()) == Some(magic);
        if at(257, b"ustar") {
            return Some(Self::TarArchive);
        }
        if at(8, b"DUCK") {
            return Some(DUCKDB);
        }
        // A stream of Arrow: the continuation mark, the length of a schema message, and its flat buffer.
        if let [0xff, 0xff, 0xff, 0xff, length @ ..] = first
            && let Some((length, rest)) = length.split_first_chunk()
            && matches!(u32::from_le_bytes(*length), 16..0x100_0000)
            && rest.len() > 1
        {
            return Some(ARROW_STREAM);
        }
        None
    }

    /// What no row can be read of, although no container is known by its first bytes.
    pub(crate) fn unreadable(first: &[u8]) -> Option<Self> {
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
        if first.starts_with(b"\xff\xfe\0\0") || first.starts_with(b"\0\0\xfe\xff") {
            return Some(Self::Utf32);
        }
        let begins =
            |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        if SQL.iter().any(|word| begins(word)) {
            return Some(Self::SqlDump);
        }
        if ENCRYPTED.iter().any(|word| begins(word)) {
            return Some(Self::Encrypted("an encrypted file"));
        }
        if first_character(first).is_some_and(|byte| byte == b'<') && is_markup(text) {
            return Some(Self::Markup);
        }
        (first_character(first).is_none_or(|byte| !matches!(byte, b'{' | b'[')) && is_binary(first))
            .then_some(Self::Binary)
    }

    /// What text looks like of which no row could be read.
    pub(crate) fn of(first: &[u8]) -> Self {
        if let Some(appearance) = Self::container(first).or_else(|| Self::unreadable(first)) {
            return appearance;
        }
        let first = &first[..first.len().min(LOOKED_AT)];
        if first.contains(&0) {
            return Self::Binary;
        }
        let text = String::from_utf8_lossy(first);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else { return Self::Empty };
        if begins_json(line.as_bytes()) {
            return Self::Json;
        }
        if line.starts_with('<') {
            return Self::Markup;
        }
        if line.split_once('{').is_some_and(|(before, json)| before.len() < 200 && json.trim_start().starts_with('"')) {
            return Self::PrefixedJson;
        }
        let named = line.split_whitespace().filter(|word| word.split_once('=').is_some_and(|(name, _)| is_word(name)));
        if named.count() > 0 {
            return Self::NamedValues;
        }
        if line.contains([',', '\t', ';', '|']) { Self::Table } else { Self::Text }
    }

    /// The role of a file whose columns, or whose first names, are these, where it is not a log.
    pub(crate) fn of_role<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let names: Vec<&str> = names.into_iter().collect();
        let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        let some = |wanted: &[&str], least: usize| wanted.iter().filter(|name| has(name)).count() >= least;
        if has("permits") && !has("time") && !has("account") {
            return Some(Self::Permits);
        }
        if some(&["campaign", "klass", "actor", "kind"], 4) {
            return Some(Self::Truth);
        }
        if some(&["schema", "inputs", "campaigns", "not_evaluated"], 4) {
            return Some(Self::Report);
        }
        let account = has("account") && !has("time") && !some(OF_REQUESTS, 1);
        (account && some(OF_ACCOUNTS, 1)).then_some(Self::AccountTable)
    }

    /// Whether it is refused by what it is, and not for its rows.
    pub fn is_refused(self) -> bool {
        !matches!(
            self,
            Self::Empty
                | Self::Rows
                | Self::Json
                | Self::PrefixedJson
                | Self::NamedValues
                | Self::Columns
                | Self::Table
                | Self::Text
        )
    }

    /// Whether it has another role than a log.
    pub fn is_role(self) -> bool {
        matches!(self, Self::AccountTable | Self::Permits | Self::Truth | Self::Report)
    }

    /// What to do with it.
    pub fn help(self) -> String {
        match self {
            Self::Empty => "give a log that holds records".into(),
            Self::ZipArchive => "unpack it (unzip FILE) and give the files in it".into(),
            Self::TarArchive => "unpack it (tar -xf FILE) and give the files in it".into(),
            Self::Compressed { command, .. } => {
                format!("decompress it ({command} FILE), or compress it with gzip or zstd")
            }
            Self::LongWindow(_) => {
                format!(
                    "{} MiB are allowed; decompress it first: zstd -d --long=31 FILE",
                    1_u64 << (ZSTD_WINDOW_LOG - 20)
                )
            }
            Self::Layers => "decompress it until the log itself is left".into(),
            Self::Container { command, .. } => format!("export it as Parquet, JSON lines or CSV: {command}"),
            Self::Parquet => "give it as text; Parquet is read of logs, account tables and edge logs alone".into(),
            Self::ParquetStream => {
                "a Parquet file is read as it is, neither compressed nor through a pipe: decompress it to a file".into()
            }
            Self::Encrypted(_) => "decrypt it first, or export it without encryption; no key is read here".into(),
            Self::SqlDump => {
                "export the table as CSV, such as with psql: \\copy (SELECT * FROM logs) TO 'log.csv' CSV HEADER".into()
            }
            Self::Pdf | Self::Markup | Self::Text => "give a log as Parquet, JSON lines or CSV".into(),
            Self::Utf16 => "convert it first: iconv -f UTF-16 -t UTF-8 FILE".into(),
            Self::Utf32 => "convert it first: iconv -f UTF-32 -t UTF-8 FILE".into(),
            Self::Binary => "decompress or decrypt it, or export it as Parquet, JSON lines or CSV".into(),
            Self::AccountTable => "give it with --accounts, beside the request log".into(),
            Self::Permits => "give it with --permits, beside the request log".into(),
            Self::Truth => "leave it out: results are compared with it, and it is no input".into(),
            Self::Report => "read it with `stillwatch explain` or `stillwatch diff`, or give it with --previous".into(),
            Self::Rows => "`stillwatch doctor` says what was rejected and how the values are written".into(),
            Self::Json | Self::Columns => {
                "`stillwatch doctor` prints a field map for it; save that and give it with --map".into()
            }
            Self::PrefixedJson => "cut off what stands before the JSON of each line: sed 's/^[^{]*//'".into(),
            Self::NamedValues => "convert it to JSON lines, or log as JSON".into(),
            Self::Table => {
                "if its first line names the columns, `stillwatch doctor` prints a field map for it; if not, add such a line \
                 (`stillwatch schema` lists the names that are read)"
                    .into()
            }
        }
    }
}

impl fmt::Display for Appearance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a file without records",
            Self::ZipArchive => "a ZIP archive",
            Self::TarArchive => "a tar archive",
            Self::Compressed { name, .. } => return write!(f, "a file compressed with {name}"),
            Self::LongWindow(mib) => return write!(f, "a zstd stream that needs a window of {mib} MiB"),
            Self::Layers => "a file compressed many times over",
            Self::Container { name, .. } | Self::Encrypted(name) => name,
            Self::Parquet => "a Parquet file",
            Self::ParquetStream => "a Parquet file inside a stream",
            Self::SqlDump => "an SQL dump",
            Self::Pdf => "a PDF document",
            Self::Markup => "XML or HTML",
            Self::Utf16 => "UTF-16 text",
            Self::Utf32 => "UTF-32 text",
            Self::Binary => "binary data",
            Self::AccountTable => "an account table",
            Self::Permits => "a file of permits",
            Self::Truth => "the truth about simulated traffic",
            Self::Report => "a report of Stillwatch",
            Self::Rows => "records of which each was rejected",
            Self::Json => "JSON under names that are not read",
            Self::PrefixedJson => "lines with something before their JSON",
            Self::NamedValues => "lines of name=value",
            Self::Columns => "columns under names that are not read",
            Self::Table => "a table without a header that is known",
            Self::Text => "plain text",
        })
    }
}

impl Serialize for Appearance {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

const fn container(name: &'static str, command: &'static str) -> Appearance {
    Appearance::Container { name, command }
}

const fn compressed(name: &'static str, command: &'static str) -> Appearance {
    Appearance::Compressed { name, command }
}

const DUCKDB: Appearance = container("a DuckDB database", "duckdb FILE \"COPY logs TO 'log.parquet'\"");
const ARROW_STREAM: Appearance = container(
    "an Arrow stream",
    "in Python, pyarrow.parquet.write_table(pyarrow.ipc.open_stream(FILE).read_all(), 'log.parquet')",
);

const MAGIC: &[(&[u8], Appearance)] = &[
    (b"PK\x03\x04", Appearance::ZipArchive),
    (b"PK\x05\x06", Appearance::ZipArchive),
    (b"BZh", compressed("bzip2", "bzip2 -d")),
    (b"\xfd7zXZ\0", compressed("xz", "xz -d")),
    (b"\x04\x22\x4d\x18", compressed("lz4", "lz4 -d")),
    (b"7z\xbc\xaf\x27\x1c", compressed("7z", "7z x")),
    (b"Rar!\x1a\x07", compressed("RAR", "unrar x")),
    (b"\x1f\x9d", compressed("compress", "uncompress")),
    (b"\x1f\xa0", compressed("compress", "uncompress")),
    (b"LZIP", compressed("lzip", "lzip -d")),
    (b"\xff\x06\0\0sNaPpY", compressed("snappy", "python3 -m snappy -d")),
    (b"\x78\x9c", compressed("zlib", "zlib-flate -uncompress <")),
    (b"\x78\xda", compressed("zlib", "zlib-flate -uncompress <")),
    (b"PARE", Appearance::Encrypted("an encrypted Parquet file")),
    (b"Salted__", Appearance::Encrypted("a file encrypted by OpenSSL")),
    (b"age-encryption.org/", Appearance::Encrypted("a file encrypted by age")),
    (b"-----BEGIN PGP MESSAGE", Appearance::Encrypted("a file encrypted by PGP")),
    (b"-----BEGIN AGE ENCRYPTED", Appearance::Encrypted("a file encrypted by age")),
    (b"Obj\x01", container("an Avro file", "java -jar avro-tools.jar tojson FILE > log.jsonl")),
    (
        b"ORC",
        container("an ORC file", "in Python, pyarrow.parquet.write_table(pyarrow.orc.read_table(FILE), 'log.parquet')"),
    ),
    (
        b"ARROW1",
        container(
            "an Arrow file",
            "in Python, pyarrow.parquet.write_table(pyarrow.ipc.open_file(FILE).read_all(), 'log.parquet')",
        ),
    ),
    (
        b"FEA1",
        container(
            "a Feather file",
            "in Python, pyarrow.parquet.write_table(pyarrow.feather.read_table(FILE), 'log.parquet')",
        ),
    ),
    (b"SQLite format 3\0", container("an SQLite database", "sqlite3 -header -csv FILE 'SELECT * FROM logs' > log.csv")),
    (b"\x89HDF\r\n\x1a\n", container("an HDF5 file", "in Python, pandas.read_hdf(FILE).to_parquet('log.parquet')")),
    (b"\x93NUMPY", container("a NumPy file", "load it and write its columns with pyarrow")),
    (b"PGDMP", container("a PostgreSQL archive", "pg_restore -f - FILE shows it; export the table with \\copy")),
    (b"\xd0\xcf\x11\xe0", container("an Excel or Office file", "save the sheet as CSV UTF-8")),
    (b"\x0a\x0d\x0d\x0a", container("a packet capture", "give the log of the gateway instead")),
    (b"\xd4\xc3\xb2\xa1", container("a packet capture", "give the log of the gateway instead")),
    (b"LPKSHHRH", container("a journal of systemd", "journalctl --file FILE -o json > log.jsonl")),
    (b"ElfFile\0", container("a Windows event log", "Get-WinEvent -Path FILE | ConvertTo-Json")),
    (b"%PDF-", Appearance::Pdf),
];

/// How dumps of databases begin.
const SQL: [&str; 9] = [
    "insert into ",
    "create table ",
    "drop table ",
    "begin transaction;",
    "pragma foreign_keys",
    "/*!40",
    "-- mysql dump",
    "-- dump",
    "--\n-- postgresql database dump",
];

/// How texts begin that hold something encrypted.
const ENCRYPTED: [&str; 2] = ["$ansible_vault;", "-----begin encrypted"];

/// Columns that only an account table has, and those that only requests have.
const OF_ACCOUNTS: &[&str] = &[
    "created_at",
    "signup_ip",
    "signup_country",
    "email_domain",
    "email_hmac",
    "phone_hmac",
    "payment_hmac",
    "payment_country",
    "declared_region",
    "owner",
    "account_type",
    "tier",
    "status_changed_at",
];
const OF_REQUESTS: &[&str] =
    &["timestamp", "ts", "prompt", "messages", "response", "request_id", "model", "input_tokens", "endpoint"];

const LOOKED_AT: usize = 4096;
/// From here on no word of a text begins like it.
const LONG_MAGIC: usize = 6;

/// Whether a short magic number is the beginning of a word: `ORC` is one too.
fn goes_on_as_text(first: &[u8], magic: &[u8]) -> bool {
    let rest = &first[magic.len()..first.len().min(64)];
    rest.len() > 4 && rest.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r'))
}

fn is_binary(first: &[u8]) -> bool {
    // A log that was cut while its writer kept it open begins with zeros, and text follows.
    let zeros = first.iter().take_while(|byte| **byte == 0).count();
    let looked_at = &first[zeros..first.len().min(zeros + LOOKED_AT)];
    if looked_at.is_empty() {
        return zeros > 0;
    }
    let controls = looked_at
        .iter()
        .filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b | 0x1e))
        .count();
    // The last character may be cut.
    let invalid = looked_at.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count().saturating_sub(1);
    (controls + invalid) * 10 > looked_at.len()
}

fn is_markup(text: &[u8]) -> bool {
    // Lines of syslog begin with a priority, `<134>`.
    text.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'?' | b'!'))
}

fn is_word(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 32
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::Appearance;

    #[test]
    fn kinds_of_files_are_told_from_their_first_bytes() {
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (first, appearance) in [
            (&b""[..], Appearance::Empty),
            (b"\n \n", Appearance::Empty),
            (b"PK\x03\x04rest", Appearance::ZipArchive),
            (&tar, Appearance::TarArchive),
            (b"\x00\x01\x02\x03\x04\x05\x06", Appearance::Binary),
            (b"text\x00and more of it", Appearance::Binary),
            (b"<html>", Appearance::Markup),
            (b"{\"a\": 1}", Appearance::Json),
            (b"2026-03-02 INFO {\"a\": 1}", Appearance::PrefixedJson),
            (b"data: {\"a\": 1}", Appearance::PrefixedJson),
            (b"user=a prompt=words", Appearance::NamedValues),
            (b"2026-03-02,a,\"words\"", Appearance::Table),
            (b"words", Appearance::Text),
            (b"INSERT INTO logs VALUES (1);", Appearance::SqlDump),
        ] {
            assert_eq!(Appearance::of(first), appearance, "{}", String::from_utf8_lossy(first));
            assert!(!appearance.help().is_empty());
        }
    }

    #[test]
    fn containers_are_named_and_logs_are_none() {
        for (first, name) in [
            (&b"SQLite format 3\0"[..], "an SQLite database"),
            (b"Obj\x01\x04\x14avro", "an Avro file"),
            (b"PARE....", "an encrypted Parquet file"),
            (b"ARROW1\0\0", "an Arrow file"),
            (b"\xff\xff\xff\xff\x78\x01\0\0\x10\0", "an Arrow stream"),
            (b"0123456\0DUCK", "a DuckDB database"),
            (b"\xfd7zXZ\0", "a file compressed with xz"),
            (b"\x28\xb5\x2f\xfd\x04\xa8", "a zstd stream that needs a window of 2048 MiB"),
        ] {
            assert_eq!(Appearance::container(first).map(|it| it.to_string()).as_deref(), Some(name));
        }
        for log in [
            &b"ORC is a format of files"[..],
            b"{\"time\":1}",
            b"time,account\n",
            b"\x28\xb5\x2f\xfd\x04\x50",
            b"\xff\xfet\0",
            b"<134>1 x",
            b"",
        ] {
            assert_eq!(Appearance::container(log), None);
        }
        for log in [&b"{\"time\":1}"[..], b"time,account\n", b"<134>1 x", b"", b"caf\xe9,account\n"] {
            assert_eq!(Appearance::unreadable(log), None);
        }
        // The beginning that a truncated log keeps while its writer goes on.
        let cut = [&[0; 4096][..], b"\n{\"time\":1}\n"].concat();
        assert_eq!(Appearance::unreadable(&cut), None);
        assert_eq!(Appearance::unreadable(&[0x80; 64]), Some(Appearance::Binary));
    }

    #[test]
    fn roles_are_told_by_names() {
        let role = |names: &[&str]| Appearance::of_role(names.iter().copied());
        assert_eq!(role(&["account", "payment_hmac", "created_at"]), Some(Appearance::AccountTable));
        assert_eq!(role(&["permits"]), Some(Appearance::Permits));
        assert_eq!(role(&["time", "account", "tier"]), None);
        assert_eq!(role(&["account", "created_at", "model"]), None);
        assert_eq!(role(&["campaign", "klass", "actor", "kind", "end_user"]), Some(Appearance::Truth));
    }
}
