use memchr::{memchr, memchr3};

/// The cells of a table (RFC 4180), found without being copied. Read as `csv_core` reads them: a quote opens a cell
/// only where it begins, and what stands between a closing quote and the next delimiter belongs to the cell.
#[derive(Clone, Copy)]
pub(crate) struct Cells {
    delimiter: u8,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first cell of a record.
    Record,
    /// Before another cell.
    Cell,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell.
    Quote,
}

/// What ended.
pub(crate) enum CellEnd {
    Cell,
    Record,
    /// Nothing yet.
    More,
}

impl Cells {
    pub(crate) fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Record }
    }

    pub(crate) fn at_start(self) -> bool {
        self.state == State::Record
    }

    pub(crate) fn reset(&mut self) {
        self.state = State::Record;
    }

    /// How many bytes belong to the cell, with the delimiter that ends it.
    pub(crate) fn measure(&mut self, bytes: &[u8]) -> (usize, CellEnd) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.state {
                State::Record | State::Cell | State::Quote if byte == b'"' => self.state = State::Quoted,
                State::Quoted => {
                    let Some(length) = memchr(b'"', &bytes[at..]) else { break };
                    at += length;
                    self.state = State::Quote;
                }
                State::Record | State::Cell | State::Plain | State::Quote => {
                    self.state = State::Plain;
                    let Some(length) = memchr3(self.delimiter, b'\n', b'\r', &bytes[at..]) else { break };
                    at += length;
                    if bytes[at] == self.delimiter {
                        self.state = State::Cell;
                        return (at + 1, CellEnd::Cell);
                    }
                    self.state = State::Record;
                    return (at + 1, CellEnd::Record);
                }
            }
            at += 1;
        }
        (bytes.len(), CellEnd::More)
    }
}

/// The cells of one record, raw. `delimiter` must be that of the cutter.
pub(crate) fn split(record: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut cells = Cells::new(delimiter);
    let mut rest = Some(record);
    std::iter::from_fn(move || {
        let text = rest?;
        let (length, end) = cells.measure(text.as_bytes());
        let (cell, next) = match end {
            CellEnd::Cell => (text.get(..length - 1)?, text.get(length..)),
            CellEnd::Record => (text.get(..length - 1)?, None),
            CellEnd::More => (text, None),
        };
        rest = next;
        Some(cell)
    })
}

/// What a raw cell holds, when that stands in it as one piece.
pub(crate) fn plain(cell: &str) -> Option<&str> {
    let Some(quoted) = cell.strip_prefix('"') else {
        return Some(cell);
    };
    let inner = quoted.strip_suffix('"')?;
    memchr(b'"', inner.as_bytes()).is_none().then_some(inner)
}

/// Adds what a quoted cell holds.
pub(crate) fn unquote(cell: &str, out: &mut String) {
    let mut rest = cell.strip_prefix('"').unwrap_or(cell);
    while let Some(at) = memchr(b'"', rest.as_bytes()) {
        let (before, after) = (rest.get(..at), rest.get(at + 1..));
        out.push_str(before.unwrap_or_default());
        rest = after.unwrap_or_default();
        match rest.strip_prefix('"') {
            Some(more) => {
                out.push('"');
                rest = more;
            }
            None => break,
        }
    }
    out.push_str(rest);
}
