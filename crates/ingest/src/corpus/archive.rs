//! Containers of many texts, turned into a JSON record a line while they are read.
//!
//! WARC (ISO 28500): of crawls, the extracted text (`conversion`, in WET files) and `resource` records are documents.
//! Answers of servers with their markup are told as rows without text. tar (POSIX.1-1988 ustar, with the long names of
//! GNU): members that are JSON, JSON lines or text.

use std::io::{self, BufRead, BufReader, Read};

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Warc,
    Tar,
}

/// A longer header is none.
const MOST_HEADER: u64 = 64 << 10;
/// Bytes that are turned into JSON at a time.
const CHUNK: usize = 64 << 10;
const BLOCK: usize = 512;

impl Archive {
    pub(crate) fn detect(first: &[u8]) -> Option<Self> {
        match first {
            _ if first.starts_with(b"WARC/1.") => Some(Self::Warc),
            _ if first.get(257..262) == Some(b"ustar") => Some(Self::Tar),
            _ => None,
        }
    }

    /// The members as lines of JSON.
    pub(crate) fn records<'a>(self, reader: Box<dyn Read + Send + 'a>) -> Records<'a> {
        Records { archive: self, reader: BufReader::new(reader), ready: Vec::new(), at: 0, member: None, ended: false }
    }
}

/// How the bytes of a member become lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One document.
    Text,
    /// A JSON value over several lines.
    Json,
    /// Lines as they are.
    Lines,
    /// Nothing is read of it, and a record says so.
    Other,
    /// Nothing is read of it.
    Passed,
}

struct Member {
    form: Form,
    left: u64,
    /// Bytes behind it that fill a block.
    padding: u64,
    /// The last byte that was handed out.
    last: u8,
}

pub(crate) struct Records<'a> {
    archive: Archive,
    reader: BufReader<Box<dyn Read + Send + 'a>>,
    ready: Vec<u8>,
    at: usize,
    member: Option<Member>,
    ended: bool,
}

impl Read for Records<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            (self.at, self.ready) = (0, std::mem::take(&mut self.ready));
            self.ready.clear();
            match self.member.take() {
                Some(member) => self.go_on(member)?,
                None => self.begin()?,
            }
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

impl Records<'_> {
    fn begin(&mut self) -> io::Result<()> {
        let member = match self.archive {
            Archive::Warc => self.warc()?,
            Archive::Tar => self.tar()?,
        };
        let Some(member) = member else {
            self.ended = true;
            return Ok(());
        };
        if member.form == Form::Text {
            self.ready.extend_from_slice(b"{\"text\":\"");
        }
        self.member = Some(member);
        Ok(())
    }

    fn go_on(&mut self, mut member: Member) -> io::Result<()> {
        if member.left == 0 {
            match member.form {
                Form::Text => self.ready.extend_from_slice(b"\"}\n"),
                Form::Other => self.ready.extend_from_slice(b"{}\n"),
                Form::Json => self.ready.push(b'\n'),
                Form::Lines if member.last != b'\n' => self.ready.push(b'\n'),
                Form::Lines | Form::Passed => {}
            }
            return self.pass(member.padding);
        }
        let wanted = usize::try_from(member.left).unwrap_or(CHUNK).min(CHUNK);
        let mut chunk = vec![0; wanted];
        let mut filled = 0;
        while filled < wanted {
            match self.reader.read(&mut chunk[filled..]) {
                Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends within a member")),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        member.left -= wanted as u64;
        member.last = chunk.last().copied().unwrap_or_default();
        match member.form {
            Form::Text => chunk.iter().for_each(|byte| escape(*byte, &mut self.ready)),
            // Within JSON a line break is a space.
            Form::Json => {
                self.ready.extend(chunk.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
            }
            Form::Lines => self.ready.extend_from_slice(&chunk),
            Form::Other | Form::Passed => {}
        }
        self.member = Some(member);
        Ok(())
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut (&mut self.reader).take(count), &mut io::sink()).map(drop)
    }

    /// The next record of a WARC file.
    fn warc(&mut self) -> io::Result<Option<Member>> {
        let (mut kind, mut length, mut begun, mut header) = (Form::Other, None, false, 0);
        loop {
            let mut line = Vec::new();
            let count = (&mut self.reader).take(MOST_HEADER).read_until(b'\n', &mut line)?;
            header += count as u64;
            if count == 0 {
                return if begun { Err(broken("a WARC header ends early")) } else { Ok(None) };
            }
            if header > MOST_HEADER {
                return Err(broken("a WARC header is longer than 64 KiB"));
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim();
            match line.split_once(':') {
                None if line.is_empty() && begun => break,
                None if line.is_empty() => header = 0,
                None if line.starts_with("WARC/") => begun = true,
                _ if !begun => return Err(broken("what follows a WARC record is none")),
                Some((name, value)) if name.eq_ignore_ascii_case("WARC-Type") => {
                    kind = match value.trim() {
                        "conversion" | "resource" => Form::Text,
                        "response" => Form::Other,
                        _ => Form::Passed,
                    };
                }
                Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => {
                    length = value.trim().parse().ok();
                }
                _ => {}
            }
        }
        let left = length.ok_or_else(|| broken("a WARC record has no length"))?;
        Ok(Some(Member { form: kind, left, padding: 0, last: 0 }))
    }

    /// The next member of a tar file.
    fn tar(&mut self) -> io::Result<Option<Member>> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.reader.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends within a header")),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let octal = |field: &[u8]| {
            let text: String = field.iter().map(|byte| char::from(*byte)).collect();
            u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
        };
        let left = octal(&block[124..136]).ok_or_else(|| broken("the size of a tar member cannot be read"))?;
        let padding = left.next_multiple_of(BLOCK as u64) - left;
        let name = block[..100].split(|byte| *byte == 0).next().unwrap_or_default();
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let form = match block[156] {
            b'0' | 0 if ends(&[".jsonl", ".ndjson", ".jsonlines"]) => Form::Lines,
            b'0' | 0 if ends(&[".json"]) => Form::Json,
            b'0' | 0 if ends(&[".txt", ".text", ".md", ".markdown"]) => Form::Text,
            b'0' | 0 => Form::Other,
            _ => Form::Passed,
        };
        Ok(Some(Member { form, left, padding, last: 0 }))
    }
}

/// A byte of a JSON string (RFC 8259, section 7).
fn escape(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        _ => out.push(byte),
    }
}

fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
