//! How a table of text is written: what separates its cells, which lines stand before its header, how quotes are escaped.

use crate::first_bytes::BYTE_ORDER_MARK;

/// What is told from the first bytes of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    /// Records before the header: `sep=;`, comments.
    pub(crate) skip: usize,
    /// Quotes inside cells are written `\"`, not `""`.
    pub(crate) escaped: bool,
    /// The names of the columns, as they are written.
    pub(crate) names: Vec<String>,
}

impl Dialect {
    /// The dialect whose header names most of what is `known`; where none does, the one that divides the first lines most
    /// evenly.
    pub(crate) fn detect(first: &[u8], known: &dyn Fn(&str) -> bool) -> Self {
        let first = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(first);
        let escaped = writes_backslashes(first);
        let (skip, rest, told) = preamble(first);
        let mut best: Option<((usize, bool, usize), Self)> = None;
        for delimiter in told.map_or(&DELIMITERS[..], |told| {
            DELIMITERS.iter().position(|it| *it == told).map_or(&DELIMITERS[..], |at| &DELIMITERS[at..=at])
        }) {
            let records = records(rest, *delimiter, escaped);
            let Some(header) = records.first() else { continue };
            let named = header.iter().filter(|name| known(name)).count();
            let even = header.len() > 1 && records.iter().skip(1).all(|record| record.len() == header.len());
            let worth = (named, even, if header.len() > 1 { header.len() } else { 0 });
            if best.as_ref().is_none_or(|(before, _)| worth > *before) {
                best = Some((worth, Self { delimiter: *delimiter, skip, escaped, names: header.clone() }));
            }
        }
        best.map_or_else(|| Self { delimiter: b',', skip, escaped, names: Vec::new() }, |(_, dialect)| dialect)
    }

    pub(crate) fn reader(&self) -> csv_core::Reader {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(self.delimiter);
        if self.escaped {
            builder.escape(Some(b'\\')).double_quote(true);
        }
        builder.build()
    }
}

/// A name as it is compared: exports write `User ID` and `Time [UTC]` for what is `user_id` and `time`.
pub(crate) fn plain_name(name: &str) -> String {
    let name = name.trim();
    let name = name.strip_suffix("[UTC]").or_else(|| name.strip_suffix("(UTC)")).unwrap_or(name).trim_end();
    name.to_ascii_lowercase().replace([' ', '-'], "_")
}

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
const MOST_RECORDS: usize = 20;
const MOST_PREAMBLE: usize = 16;
const LONGEST_HEADER: usize = 64 << 10;

/// How many records stand before the header, what follows them, and the delimiter that they name.
fn preamble(first: &[u8]) -> (usize, &[u8], Option<u8>) {
    let (mut skip, mut rest, mut told) = (0, first, None);
    while skip < MOST_PREAMBLE {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let line = rest[..end].trim_ascii();
        let named = line.get(..4).filter(|start| start.eq_ignore_ascii_case(b"sep=")).and(line.get(4).copied());
        if line.is_empty() && end > 0 {
            // The reader passes over empty lines by itself.
            rest = &rest[end..];
            continue;
        }
        match named {
            Some(delimiter) if line.len() == 5 => told = Some(delimiter),
            // A tab is trimmed off the end of the line.
            None if line.eq_ignore_ascii_case(b"sep=") => told = Some(b'\t'),
            _ if line.starts_with(b"#") && end < rest.len() => {}
            _ => break,
        }
        skip += 1;
        rest = &rest[end..];
    }
    (skip, rest, told)
}

fn records(text: &[u8], delimiter: u8, escaped: bool) -> Vec<Vec<String>> {
    let dialect = Dialect { delimiter, skip: 0, escaped, names: Vec::new() };
    let mut reader = dialect.reader();
    let (mut input, mut out, mut ends) = (text, vec![0; LONGEST_HEADER], vec![0; 4096]);
    let (mut records, mut written, mut cells) = (Vec::new(), 0, 0);
    while records.len() < MOST_RECORDS {
        let (result, read, wrote, ended) = reader.read_record(input, &mut out[written..], &mut ends[cells..]);
        input = &input[read..];
        written += wrote;
        cells += ended;
        match result {
            csv_core::ReadRecordResult::Record => {
                let mut start = 0;
                records.push(
                    ends[..cells]
                        .iter()
                        .map(|end| {
                            let cell = String::from_utf8_lossy(&out[start..*end]).trim().to_owned();
                            start = *end;
                            cell
                        })
                        .collect(),
                );
                (written, cells) = (0, 0);
            }
            csv_core::ReadRecordResult::InputEmpty if !input.is_empty() => {}
            // The sample ends within a record, or the record is too long to be a header.
            _ => break,
        }
    }
    if records.is_empty() && !text.is_empty() && input.is_empty() {
        // A header without a line feed.
        let (_, _, wrote, ended) = reader.read_record(&[], &mut out[written..], &mut ends[cells..]);
        (written, cells) = (written + wrote, cells + ended);
        let mut start = 0;
        let names = ends[..cells].iter().map(|end| {
            let name = String::from_utf8_lossy(&out[start..(*end).min(written)]).trim().to_owned();
            start = (*end).min(written);
            name
        });
        records.push(names.collect());
    }
    records
}

/// Whether quotes within cells are escaped as `\"`: there are some, and no doubled ones.
fn writes_backslashes(first: &[u8]) -> bool {
    let (mut backslashes, mut doubled) = (0_usize, 0_usize);
    for window in first.windows(3) {
        match window {
            [before, b'\\', b'"'] if *before != b'\\' => backslashes += 1,
            // An empty cell is `""` too, between delimiters.
            [before, b'"', b'"'] if !b",;\t|\r\n\"".contains(before) => doubled += 1,
            _ => {}
        }
    }
    backslashes > 0 && doubled == 0
}

#[cfg(test)]
mod tests {
    use super::{Dialect, plain_name};

    fn detect(text: &str) -> (char, usize, Vec<String>) {
        let dialect = Dialect::detect(text.as_bytes(), &|name| matches!(plain_name(name).as_str(), "time" | "account"));
        (char::from(dialect.delimiter), dialect.skip, dialect.names)
    }

    #[test]
    fn delimiters_are_told_from_the_header() {
        for (text, delimiter, skip) in [
            ("time,account\n1,a\n", ',', 0),
            ("time\taccount\n1\ta\n", '\t', 0),
            ("time;account;p,q\n1;a;b,c\n", ';', 0),
            ("time|account\n1|a\n", '|', 0),
            ("sep=;\ntime;account\n1;a\n", ';', 1),
            ("\u{feff}sep=,\r\nTime,Account\r\n", ',', 1),
            ("# made by a console\n# for you\ntime;account\n1;a\n", ';', 2),
            ("\"time\";\"account\"\n", ';', 0),
            ("when;who;words, and more\n1;a;b, c\n2;b;c\n", ';', 0),
        ] {
            let (told, skipped, names) = detect(text);
            assert_eq!((told, skipped), (delimiter, skip), "{text}");
            assert!(names.len() > 1, "{text} {names:?}");
        }
        assert_eq!(detect("").2, Vec::<String>::new());
        assert_eq!(detect("time,account").2, ["time", "account"]);
    }

    #[test]
    fn escapes_of_quotes_are_told() {
        let escaped = |text: &str| Dialect::detect(text.as_bytes(), &|_| false).escaped;
        assert!(escaped("time,request\n1,\"{\\\"a\\\": 1}\"\n"));
        assert!(!escaped("time,request\n1,\"{\"\"a\"\": \"\"say \\\"\"hi\\\"\"\"\"}\"\n"));
        assert!(!escaped("time,request\n1,\"\"\n"));
    }

    #[test]
    fn names_of_consoles_are_plain() {
        assert_eq!(plain_name(" TimeGenerated [UTC] "), "timegenerated");
        assert_eq!(plain_name("User ID"), "user_id");
    }
}
