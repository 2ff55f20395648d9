//! What a file looks like of which no row could be read. It tells kinds of files apart and repeats nothing of them.

use std::fmt;

use serde::Serialize;

/// What the first bytes of a file look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Appearance {
    Empty,
    ZipArchive,
    TarArchive,
    /// Another container, of which the magic number is known.
    Container(&'static str),
    Sqlite,
    Pdf,
    /// XML or HTML.
    Markup,
    Utf16,
    /// Bytes that are no text.
    Binary,
    /// JSON objects, but not under names that are read.
    Json,
    /// Lines that hold JSON behind something else.
    PrefixedJson,
    /// Lines of `name=value`.
    NamedValues,
    /// Cells with separators, without a header that names a column.
    Table,
    Text,
}

impl Appearance {
    pub(crate) fn of(first: &[u8]) -> Self {
        let magic = MAGIC.iter().find(|(magic, _)| first.starts_with(magic));
        if let Some((_, appearance)) = magic {
            return *appearance;
        }
        if first.get(257..262) == Some(&b"ustar"[..]) {
            return Self::TarArchive;
        }
        let first = &first[..first.len().min(LOOKED_AT)];
        let zeros = memchr::memchr_iter(0, first).count();
        if zeros * 3 > first.len() {
            return Self::Utf16;
        }
        if zeros > 0 || first.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count() * 10 > first.len() {
            return Self::Binary;
        }
        let text = String::from_utf8_lossy(first);
        let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else { return Self::Empty };
        match line.as_bytes()[0] {
            b'{' | b'[' => return Self::Json,
            b'<' => return Self::Markup,
            _ => {}
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

    /// What to do with it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Empty => "give a log that holds records",
            Self::ZipArchive | Self::TarArchive => "unpack the archive and give the files in it",
            Self::Container(_) | Self::Sqlite => "export it as Parquet, JSON lines or CSV",
            Self::Pdf | Self::Markup | Self::Text => "give a log as Parquet, JSON lines or CSV",
            Self::Utf16 => "convert it first: iconv -f UTF-16 -t UTF-8",
            Self::Binary => "decompress or decrypt it, or export it as Parquet, JSON lines or CSV",
            Self::Json => "name its fields in a field map (--map); `stillwatch schema` lists the columns that are read",
            Self::PrefixedJson => "cut off what stands before the JSON of each line: sed 's/^[^{]*//'",
            Self::NamedValues => "convert it to JSON lines, or log as JSON",
            Self::Table => {
                "add a first line with the names of the columns; `stillwatch schema` lists those that are read"
            }
        }
    }
}

impl fmt::Display for Appearance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty file",
            Self::ZipArchive => "a ZIP archive",
            Self::TarArchive => "a tar archive",
            Self::Container(name) => name,
            Self::Sqlite => "an SQLite database",
            Self::Pdf => "a PDF document",
            Self::Markup => "XML or HTML",
            Self::Utf16 => "UTF-16 text",
            Self::Binary => "binary data",
            Self::Json => "JSON under names that are not read",
            Self::PrefixedJson => "lines with something before their JSON",
            Self::NamedValues => "lines of name=value",
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

const MAGIC: &[(&[u8], Appearance)] = &[
    (b"PK\x03\x04", Appearance::ZipArchive),
    (b"PK\x05\x06", Appearance::ZipArchive),
    (b"7z\xbc\xaf\x27\x1c", Appearance::Container("a 7z archive")),
    (b"Rar!\x1a\x07", Appearance::Container("a RAR archive")),
    (b"BZh", Appearance::Container("a bzip2 stream")),
    (b"\xfd7zXZ\0", Appearance::Container("an xz stream")),
    (b"Obj\x01", Appearance::Container("an Avro file")),
    (b"ORC", Appearance::Container("an ORC file")),
    (b"ARROW1", Appearance::Container("an Arrow file")),
    (b"SQLite format 3\0", Appearance::Sqlite),
    (b"%PDF-", Appearance::Pdf),
    (b"\xff\xfe", Appearance::Utf16),
    (b"\xfe\xff", Appearance::Utf16),
];
const LOOKED_AT: usize = 4096;

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
            (b"t\0i\0m\0e\0", Appearance::Utf16),
            (b"\x00\x01\x02text and more of it", Appearance::Binary),
            (b"<html>", Appearance::Markup),
            (b"{\"a\": 1}", Appearance::Json),
            (b"2026-03-02 INFO {\"a\": 1}", Appearance::PrefixedJson),
            (b"data: {\"a\": 1}", Appearance::PrefixedJson),
            (b"user=a prompt=words", Appearance::NamedValues),
            (b"2026-03-02,a,\"words\"", Appearance::Table),
            (b"words", Appearance::Text),
        ] {
            assert_eq!(Appearance::of(first), appearance, "{}", String::from_utf8_lossy(first));
            assert!(!appearance.help().is_empty());
        }
    }
}
