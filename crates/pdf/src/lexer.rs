use std::borrow::Cow;

/// Lists and dictionaries within each other; deeper ones are read as if they were not there.
const MOST_DEPTH: usize = 24;
/// Values of one object, those inside it included.
const MOST_VALUES: usize = 500_000;

/// An object of PDF (ISO 32000-1, section 7.3), or a word that is none: an operator, `endobj`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object<'b> {
    Number(f64),
    Name(Cow<'b, [u8]>),
    Text(Vec<u8>),
    List(Vec<Object<'b>>),
    Map(Map<'b>),
    /// The number of an object that stands elsewhere; generations are not told apart.
    Reference(u32),
    Word(&'b [u8]),
}

/// A dictionary in the order of the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map<'b>(pub(super) Vec<(Cow<'b, [u8]>, Object<'b>)>);

impl<'b> Map<'b> {
    /// The value of a key as it stands; of two equal keys the last.
    pub(super) fn get(&self, key: &str) -> Option<&Object<'b>> {
        self.0.iter().rev().find(|(own, _)| own.as_ref() == key.as_bytes()).map(|(_, value)| value)
    }
}

impl Object<'_> {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A whole number within 32 bits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
    pub(super) fn whole(&self) -> Option<u32> {
        self.number().filter(|number| (0.0..=f64::from(u32::MAX)).contains(number)).map(|number| number as u32)
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }
}

/// Reads objects one after another. Every step moves on by a byte at least, so that a text is read in linear time
/// whatever it holds.
pub(super) struct Lexer<'b> {
    bytes: &'b [u8],
    at: usize,
    left: usize,
}

impl<'b> Lexer<'b> {
    pub(super) fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at, left: MOST_VALUES }
    }

    /// Where the next object begins, or the white space before it.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn jump(&mut self, to: usize) {
        self.at = to.min(self.bytes.len());
    }

    /// The next object or word; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Object<'b>> {
        self.left = MOST_VALUES;
        self.object(0)
    }

    fn object(&mut self, depth: usize) -> Option<Object<'b>> {
        loop {
            self.skip_space();
            let first = *self.bytes.get(self.at)?;
            let second = self.bytes.get(self.at + 1).copied();
            match (first, second) {
                (b'(', _) => return Some(Object::Text(self.literal())),
                (b'<', Some(b'<')) => {
                    self.at += 2;
                    let values = self.until(b">>", depth);
                    return Some(Object::Map(pairs(values)));
                }
                (b'<', _) => return Some(Object::Text(self.hexadecimal())),
                (b'/', _) => return Some(Object::Name(self.name())),
                (b'[', _) => {
                    self.at += 1;
                    return Some(Object::List(self.until(b"]", depth)));
                }
                // Ends of what was never begun, and brackets of calculator functions.
                (b'>' | b']' | b')' | b'{' | b'}', _) => self.at += 1,
                _ => return Some(self.word()),
            }
        }
    }

    /// The objects up to an end; too deep, they are passed over.
    fn until(&mut self, end: &[u8], depth: usize) -> Vec<Object<'b>> {
        let mut values = Vec::new();
        loop {
            self.skip_space();
            let rest = &self.bytes[self.at..];
            if rest.starts_with(end) {
                self.at += end.len();
                return values;
            }
            let before = self.at;
            if depth >= MOST_DEPTH && matches!(rest.first(), Some(b'[' | b'<')) {
                self.at += 1;
                continue;
            }
            let Some(value) = self.object(depth + 1) else { return values };
            match value {
                // The object ends here, whether or not its brackets do.
                Object::Word(b"endobj" | b"obj" | b"stream" | b"endstream") => {
                    self.at = before;
                    return values;
                }
                Object::Word(b"R") => {
                    if let [.., number, generation] = values.as_slice()
                        && let (Some(number), Some(_)) = (number.whole(), generation.whole())
                    {
                        values.truncate(values.len() - 2);
                        values.push(Object::Reference(number));
                    }
                }
                value if self.left > 0 => {
                    self.left -= 1;
                    values.push(value);
                }
                _ => {}
            }
        }
    }

    fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                while self.bytes.get(self.at).is_some_and(|&byte| !matches!(byte, b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> Object<'b> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&byte| is_regular(byte)) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if matches!(word.first(), Some(b'0'..=b'9' | b'+' | b'-' | b'.')) {
            return Object::Number(number(word));
        }
        Object::Word(word)
    }

    fn name(&mut self) -> Cow<'b, [u8]> {
        self.at += 1;
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&byte| is_regular(byte)) {
            self.at += 1;
        }
        let name = &self.bytes[start..self.at];
        if !name.contains(&b'#') {
            return Cow::Borrowed(name);
        }
        let mut plain = Vec::with_capacity(name.len());
        let mut at = 0;
        while let Some(&byte) = name.get(at) {
            let digit = |at: usize| name.get(at).copied().and_then(digit);
            if let (b'#', Some(high), Some(low)) = (byte, digit(at + 1), digit(at + 2)) {
                plain.push(high << 4 | low);
                at += 3;
            } else {
                plain.push(byte);
                at += 1;
            }
        }
        Cow::Owned(plain)
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(&byte) = self.bytes.get(self.at) else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.bytes.get(self.at) == Some(&b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.bytes.get(self.at) {
                        Some(&byte @ b'0'..=b'7') => value = value * 8 + u32::from(byte - b'0'),
                        _ => break,
                    }
                    self.at += 1;
                }
                text.push(value.to_le_bytes()[0]);
            }
            other => text.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&byte| byte != b'>') {
            self.at += 1;
        }
        let digits = self.bytes[start..self.at].iter().copied().filter_map(digit).collect::<Vec<u8>>();
        self.at = (self.at + 1).min(self.bytes.len());
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
    }
}

fn pairs(values: Vec<Object<'_>>) -> Map<'_> {
    let mut map = Map::default();
    let mut key = None;
    for value in values {
        match (key.take(), value) {
            (None, Object::Name(name)) => key = Some(name),
            (None, _) => {}
            (Some(name), value) => map.0.push((name, value)),
        }
    }
    map
}

/// Digits with a sign and a point; what is more is passed over, as other readers do.
fn number(word: &[u8]) -> f64 {
    let mut value = 0.0_f64;
    let mut scale: Option<f64> = None;
    for &byte in word.iter().take(64) {
        match (byte, scale) {
            (b'0'..=b'9', None) => value = value * 10.0 + f64::from(byte - b'0'),
            (b'0'..=b'9', Some(own)) => {
                value += f64::from(byte - b'0') * own;
                scale = Some(own / 10.0);
            }
            (b'.', None) => scale = Some(0.1),
            (b'+' | b'-', _) => {}
            _ => break,
        }
    }
    if word.first() == Some(&b'-') { -value } else { value }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

pub(super) fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
