//! The grammar of RFC 8259, with a stack of its own instead of recursion.

use stillwatch_core::{Diagnostic, Limits, Severity};

use super::view::path;
use super::{Kind, NONE, Node};

/// Every value of a text, the outermost first, and what is wrong with it.
pub(super) fn read(text: &str, limits: &Limits) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut reader = Grammar {
        text,
        bytes: text.as_bytes(),
        at: 0,
        nodes: Vec::new(),
        open: Vec::new(),
        diagnostics: Vec::new(),
        limits,
    };
    reader.document();
    (reader.nodes, reader.diagnostics)
}

/// A container that is still open.
struct Open {
    node: u32,
    last: u32,
    count: u32,
}

struct Grammar<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    open: Vec<Open>,
    diagnostics: Vec<Diagnostic>,
    limits: &'t Limits,
}

/// The document cannot be read further.
struct Stop;

impl Grammar<'_> {
    fn document(&mut self) {
        self.space();
        if self.at == self.bytes.len() {
            self.tell("empty", "the document is empty".into());
            return;
        }
        let whole = self.value((0, 0)).and_then(|()| self.containers());
        self.space();
        if whole.is_ok() && self.at < self.bytes.len() {
            self.tell("trailing", format!("something follows the document at byte {}", self.at));
        }
        while let Some(open) = self.open.pop() {
            self.close(&open);
        }
    }

    /// Reads on until every open container is closed.
    fn containers(&mut self) -> Result<(), Stop> {
        while let Some(open) = self.open.last() {
            let object = self.nodes[open.node as usize].kind == Kind::Object;
            let first = open.count == 0;
            self.space();
            let end = if object { b'}' } else { b']' };
            let mut comma = false;
            if !first {
                match self.bytes.get(self.at) {
                    Some(b',') => {
                        self.at += 1;
                        comma = true;
                    }
                    Some(&byte) if byte == end => {}
                    _ => return Err(self.expected(if object { "`,` or `}`" } else { "`,` or `]`" })),
                }
                self.space();
            }
            if self.bytes.get(self.at) == Some(&end) {
                if comma {
                    self.tell("trailing-comma", "a comma before the end of a list".into());
                }
                self.at += 1;
                if let Some(open) = self.open.pop() {
                    self.close(&open);
                }
                continue;
            }
            let key = if object { self.key()? } else { (0, 0) };
            self.value(key)?;
        }
        Ok(())
    }

    fn key(&mut self) -> Result<(u32, u32), Stop> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.expected("a key in quotes"));
        }
        let start = self.at;
        self.string()?;
        let key = (offset(start), offset(self.at));
        self.space();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        self.space();
        Ok(key)
    }

    /// One value; of a container its beginning, unless it lies too deep.
    fn value(&mut self, key: (u32, u32)) -> Result<(), Stop> {
        if self.nodes.len() >= self.limits.values {
            self.tell("too-many", format!("only the first {} values were read", self.limits.values));
            return Err(Stop);
        }
        let start = self.at;
        let Some(&byte) = self.bytes.get(self.at) else { return Err(self.expected("a value")) };
        let kind = match byte {
            b'{' | b'[' if self.open.len() >= self.limits.depth => Kind::Skipped,
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b't' => Kind::True,
            b'f' => Kind::False,
            b'n' => Kind::Null,
            _ => Kind::Number,
        };
        let node = self.push(kind, key);
        let read = match kind {
            Kind::Object | Kind::Array => {
                self.at += 1;
                self.open.push(Open { node, last: NONE, count: 0 });
                Ok(())
            }
            Kind::Skipped => self.skip(),
            Kind::String => self.string(),
            Kind::True => self.word("true"),
            Kind::False => self.word("false"),
            Kind::Null => self.word("null"),
            Kind::Number => self.number(),
        };
        self.nodes[node as usize].end = offset(self.at.max(start));
        if kind == Kind::Skipped {
            let message = format!("nested deeper than {} levels; its inside was not read", self.limits.depth);
            self.tell_at(node, "too-deep", message);
        }
        read
    }

    fn push(&mut self, kind: Kind, key: (u32, u32)) -> u32 {
        let at = offset(self.nodes.len());
        let start = offset(self.at);
        let (mut parent, mut index) = (NONE, 0);
        if let Some(open) = self.open.last_mut() {
            (parent, index) = (open.node, open.count);
            open.count += 1;
            let before = std::mem::replace(&mut open.last, at);
            if before == NONE {
                self.nodes[parent as usize].first = at;
            } else {
                self.nodes[before as usize].next = at;
            }
        }
        self.nodes.push(Node { kind, start, end: start, parent, index, first: NONE, next: NONE, key });
        at
    }

    fn close(&mut self, open: &Open) {
        self.nodes[open.node as usize].end = offset(self.at);
        if self.nodes[open.node as usize].kind == Kind::Object && open.count > 1 {
            self.duplicates(open.node);
        }
    }

    /// Tells equal keys of an object. Keys that differ in their escapes only are equal.
    fn duplicates(&mut self, object: u32) {
        let mut keys = Vec::new();
        let mut child = self.nodes[object as usize].first;
        while child != NONE {
            let (start, end) = self.nodes[child as usize].key;
            let raw = &self.text[start as usize..end as usize];
            keys.push((super::string::unescape(super::view::inside(raw)), child));
            child = self.nodes[child as usize].next;
        }
        keys.sort_unstable();
        let again: Vec<u32> = keys.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
        for node in again {
            self.tell_at(
                node,
                "duplicate-key",
                "this key stands here a second time; readers differ on which counts".into(),
            );
        }
    }

    fn string(&mut self) -> Result<(), Stop> {
        self.at += 1;
        let mut control = false;
        loop {
            match self.bytes.get(self.at) {
                None => return Err(self.expected("the end of a string")),
                Some(b'"') => break,
                Some(b'\\') => {
                    self.escape();
                }
                Some(&byte) => {
                    control |= byte < 0x20;
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        if control {
            self.tell("control-character", "a string holds a control character that is not escaped".into());
        }
        Ok(())
    }

    fn escape(&mut self) {
        let sound = match self.bytes.get(self.at + 1) {
            Some(b'u') => {
                self.bytes.get(self.at + 2..self.at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
            }
            Some(byte) => b"\"\\/bfnrt".contains(byte),
            None => true, // the end of the string is missing too, which is told
        };
        if !sound {
            self.tell("escape", format!("an unknown escape at byte {}", self.at));
        }
        // One byte behind the backslash at most: it may be the first of a character.
        let width = self.text[self.at + 1..].chars().next().map_or(0, char::len_utf8);
        self.at += 1 + width;
    }

    fn word(&mut self, word: &str) -> Result<(), Stop> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        for word in ["NaN", "Infinity", "-Infinity"] {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                self.tell("number", format!("`{word}` is no JSON number"));
                return Ok(());
            }
        }
        let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = usize::from(rest.first() == Some(&b'-'));
        let whole = digits(end);
        let mut sound = whole > 0 && (whole == 1 || rest[end] != b'0');
        end += whole;
        if rest.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            sound &= fraction > 0;
            end += 1 + fraction;
        }
        if matches!(rest.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            sound &= exponent > 0;
            end += 1 + sign + exponent;
        }
        if whole == 0 {
            return Err(self.expected("a value"));
        }
        self.at += end;
        if !sound {
            self.tell("number", "not a number as JSON writes it".into());
        }
        Ok(())
    }

    /// Passes over a container by counting brackets outside strings.
    fn skip(&mut self) -> Result<(), Stop> {
        let mut depth = 0_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
        Err(self.expected("the end of a list"))
    }

    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&mut self, what: &str) -> Stop {
        let line = self.text[..self.text.floor_char_boundary(self.at)].matches('\n').count() + 1;
        let found = if self.at >= self.bytes.len() { "the document ends" } else { "something else stands" };
        self.tell(
            "syntax",
            format!("{what} is expected and {found} at byte {}, line {line}; nothing after it was read", self.at),
        );
        Stop
    }

    fn tell(&mut self, code: &'static str, message: String) {
        let node = self.open.last().map_or(NONE, |open| if open.last == NONE { open.node } else { open.last });
        self.tell_at(node, code, message);
    }

    fn tell_at(&mut self, node: u32, code: &'static str, message: String) {
        if self.diagnostics.len() < self.limits.diagnostics {
            let path = path(self.text, &self.nodes, node);
            self.diagnostics.push(Diagnostic { path, severity: Severity::Error, code: code.into(), message });
        }
    }
}

/// Texts and nodes are limited to `u32::MAX - 1` bytes and values when the document is taken in.
fn offset(at: usize) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "it is at most the largest")]
    let offset = at.min(NONE as usize) as u32;
    offset
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Limits;

    use crate::Json;

    fn codes(text: &str) -> Vec<String> {
        let json = Json::read(text.as_bytes(), &Limits::default());
        json.diagnostics().iter().map(|d| format!("{} {}", d.code, d.path)).collect()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        assert_eq!(codes(r#"{"a":{"b":1,"b":2}}"#), ["duplicate-key /a/b"]);
        assert_eq!(codes(r#"{"a~/b":[01]}"#), ["number /a~0~1b/0"]);
        assert_eq!(codes(r#"{"a":[1,2,]}"#), ["trailing-comma /a/1"]);
        assert_eq!(codes("[1] 2"), ["trailing "]);
        assert_eq!(codes(""), ["empty "]);
        assert_eq!(codes(r#"{"\u0061":1,"a":2}"#), ["duplicate-key /a"]);
        assert!(codes(r#"{"a":"#)[0].starts_with("syntax"));
    }

    #[test]
    fn what_stands_before_a_break_is_kept() {
        let json = Json::read(br#"{"name":"x","parts":[1,2,{"deep":"cut"#, &Limits::default());
        let root = json.root().unwrap();
        assert_eq!(root.text_of("name").as_deref(), Some("x"));
        assert_eq!(root.get("parts").unwrap().items().count(), 3);
        assert!(!json.is_sound());
    }

    #[test]
    fn depth_is_bounded_and_the_rest_is_read() {
        let bomb = format!("{{\"a\":{}1{},\"b\":2}}", "[".repeat(200_000), "]".repeat(200_000));
        let json = Json::read(bomb.as_bytes(), &Limits::default());
        assert_eq!(json.root().unwrap().get("b").unwrap().number(), Some("2"));
        assert_eq!(json.diagnostics()[0].code, "too-deep");
        let open = "[".repeat(1_000_000);
        assert!(!Json::read(open.as_bytes(), &Limits::default()).is_sound());
    }
}
