use std::collections::BTreeMap;

use super::document::Document;
use super::lexer::{Lexer, Map, Object};
use super::names::{Base, glyph};
use super::widths::standard;

/// Entries of one table from codes to characters, and of one table of widths.
const MOST_ENTRIES: usize = 100_000;
/// Numbers of a font for a width are thousandths of its size.
const UNIT: f64 = 0.001;

/// What is needed of a font: which characters its codes are, and how wide they are.
pub(super) struct Font {
    /// Codes have two bytes.
    pub(super) wide: bool,
    pub(super) bold: bool,
    unicode: Unicode,
    simple: BTreeMap<u8, String>,
    base: Option<Base>,
    /// Codes are UTF-16 themselves.
    utf_16: bool,
    /// First code, last code and the width of each as a part of the font's size; ascending.
    widths: Vec<(u32, u32, f64)>,
    width: f64,
}

impl Font {
    pub(super) fn read(document: &Document<'_>, font: &Map<'_>) -> Self {
        let kind = font.get("Subtype").and_then(Object::name).unwrap_or_default().to_vec();
        let name = document.get(font, "BaseFont").and_then(|name| Some(name.name()?.to_ascii_lowercase()));
        let name = String::from_utf8_lossy(&name.unwrap_or_default()).into_owned();
        let mut own = Self {
            wide: kind == b"Type0",
            bold: ["bold", "black", "heavy", "semib", "-bd", "cmbx"].iter().any(|word| name.contains(word)),
            unicode: Unicode::default(),
            simple: BTreeMap::new(),
            base: None,
            utf_16: false,
            widths: Vec::new(),
            width: 0.5,
        };
        if let Some(Object::Reference(number)) = font.get("ToUnicode")
            && let Some((_, data)) = document.stream(*number)
        {
            own.unicode = Unicode::read(&data);
            own.wide &= own.unicode.longest != 1;
        }
        if own.wide {
            own.composite(document, font);
        } else {
            own.plain(document, font, &kind, &name);
        }
        own
    }

    /// The characters of a code; `None` where the font does not tell.
    pub(super) fn characters(&self, code: u32, into: &mut String) -> Option<()> {
        if self.unicode.push(code, into) {
            return Some(());
        }
        if self.wide {
            let character = char::from_u32(code).filter(|_| self.utf_16)?;
            into.push(character);
            return Some(());
        }
        let code = u8::try_from(code).ok()?;
        match self.simple.get(&code) {
            Some(text) => into.push_str(text),
            None => into.push(self.base?.character(code)?),
        }
        Some(())
    }

    /// The width of a code as a part of the font's size.
    pub(super) fn width(&self, code: u32) -> f64 {
        let after = self.widths.partition_point(|(first, ..)| *first <= code);
        let range = after.checked_sub(1).map(|at| self.widths[at]).filter(|(_, last, _)| code <= *last);
        range.map_or(self.width, |(.., width)| width)
    }

    fn composite(&mut self, document: &Document<'_>, font: &Map<'_>) {
        let encoding = document.get(font, "Encoding");
        let encoding = encoding.as_ref().and_then(Object::name).unwrap_or_default();
        self.utf_16 = encoding.windows(4).any(|part| part == b"UCS2" || part == b"UTF1");
        let descendant = document.get_list(font, "DescendantFonts").and_then(|fonts| document.resolved(fonts.first()?));
        let Some(Object::Map(descendant)) = descendant else { return };
        self.width = document.get(&descendant, "DW").and_then(|width| width.number()).unwrap_or(1000.0) * UNIT;
        let widths = document.get_list(&descendant, "W").unwrap_or_default();
        let mut at = 0;
        while let Some(first) = widths.get(at).and_then(Object::whole) {
            if self.widths.len() > MOST_ENTRIES {
                break;
            }
            match widths.get(at + 1).and_then(|next| document.resolved(next)) {
                Some(Object::List(own)) => {
                    for (code, width) in (first..).zip(&own).take(MOST_ENTRIES) {
                        self.widths.push((code, code, width.number().unwrap_or_default() * UNIT));
                    }
                    at += 2;
                }
                Some(last) => {
                    let width = widths.get(at + 2).and_then(Object::number).unwrap_or_default() * UNIT;
                    self.widths.push((first, last.whole().unwrap_or(first), width));
                    at += 3;
                }
                None => break,
            }
        }
        self.widths.sort_by_key(|(first, ..)| *first);
    }

    fn plain(&mut self, document: &Document<'_>, font: &Map<'_>, kind: &[u8], name: &str) {
        let descriptor = document.get_map(font, "FontDescriptor");
        let unit = match kind {
            b"Type3" => document.get_list(font, "FontMatrix").and_then(|matrix| matrix.first()?.number()),
            _ => None,
        };
        let unit = unit.map_or(UNIT, f64::abs);
        if let Some(width) = descriptor.as_ref().and_then(|own| document.get(own, "MissingWidth")?.number())
            && width > 0.0
        {
            self.width = width * unit;
        }
        let first = document.get(font, "FirstChar").and_then(|first| first.whole()).unwrap_or_default();
        let widths = document.get_list(font, "Widths").unwrap_or_default();
        if widths.is_empty() {
            let codes = b' '..=b'~';
            let widths = codes.map(|code| (u32::from(code), f64::from(standard(name, code)) * UNIT));
            self.widths.extend(widths.map(|(code, width)| (code, code, width)));
        }
        for (code, width) in (first..=255).zip(widths) {
            if let Some(width) = document.resolved(&width).and_then(|width| width.number()) {
                self.widths.push((code, code, width * unit));
            }
        }
        self.base = Some(if kind == b"TrueType" { Base::Windows } else { Base::Standard });
        match document.get(font, "Encoding") {
            Some(Object::Name(name)) => self.base = Base::named(&name).or(self.base),
            Some(Object::Map(encoding)) => {
                let base = document.get(&encoding, "BaseEncoding");
                match base.as_ref().and_then(|base| Base::named(base.name()?)) {
                    Some(base) => self.base = Some(base),
                    None => self.built_in(document, descriptor.as_ref()),
                }
                self.differences(&document.get_list(&encoding, "Differences").unwrap_or_default());
            }
            _ => self.built_in(document, descriptor.as_ref()),
        }
    }

    fn differences(&mut self, differences: &[Object<'_>]) {
        let mut code = 0_u32;
        for own in differences {
            match own {
                Object::Number(_) => code = own.whole().unwrap_or(256),
                Object::Name(name) => {
                    if let Ok(at) = u8::try_from(code) {
                        match glyph(name) {
                            Some(text) => self.simple.insert(at, text),
                            None => self.simple.remove(&at),
                        };
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    /// The encoding that a Type 1 font program has of its own: `dup 12 /fi put`, before the part that is encrypted.
    fn built_in(&mut self, document: &Document<'_>, descriptor: Option<&Map<'_>>) {
        let Some(Object::Reference(number)) = descriptor.and_then(|own| own.get("FontFile")) else { return };
        let Some((_, program)) = document.stream(*number) else { return };
        let end = program.windows(5).position(|part| part == b"eexec").unwrap_or(program.len());
        let mut lexer = Lexer::new(&program[..end], 0);
        let mut last = (None, None);
        while let Some(object) = lexer.next() {
            if object == Object::Word(b"put")
                && let (Some(code), Some(Object::Name(name))) = &last
                && let (Ok(code), Some(text)) = (u8::try_from(*code), glyph(name))
            {
                self.simple.insert(code, text);
            }
            last = match (object, last) {
                (Object::Number(number), _) => (Object::Number(number).whole(), None),
                (name @ Object::Name(_), (code, _)) => (code, Some(name)),
                _ => (None, None),
            };
        }
    }
}

/// A table from codes to characters (ISO 32000-1, section 9.10.3).
#[derive(Default)]
struct Unicode {
    /// First code, last code, the characters of the first; ascending.
    ranges: Vec<(u32, u32, String)>,
    /// Bytes of the longest code.
    longest: usize,
}

impl Unicode {
    fn read(data: &[u8]) -> Self {
        let mut own = Self::default();
        let mut operands: Vec<Object<'_>> = Vec::new();
        let mut lexer = Lexer::new(data, 0);
        while let Some(object) = lexer.next() {
            let Object::Word(word) = object else {
                if operands.len() < MOST_ENTRIES {
                    operands.push(object);
                }
                continue;
            };
            match word {
                b"endcodespacerange" => {
                    let lengths = operands.iter().filter_map(|own| bytes(own)).map(<[u8]>::len);
                    own.longest = own.longest.max(lengths.max().unwrap_or_default());
                }
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let (Some(code), Some(text)) = (code(&pair[0]), text(&pair[1])) {
                            own.ranges.push((code, code, text));
                        }
                    }
                }
                b"endbfrange" => {
                    for three in operands.chunks_exact(3) {
                        own.range(three);
                    }
                }
                _ => {}
            }
            operands.clear();
            if own.ranges.len() > MOST_ENTRIES {
                break;
            }
        }
        // Of two entries for one code the later counts.
        own.ranges.sort_by_key(|(first, ..)| *first);
        own
    }

    fn range(&mut self, three: &[Object<'_>]) {
        let [first, last, target] = three else { return };
        let (Some(first), Some(last)) = (code(first), code(last)) else { return };
        if let Object::List(all) = target {
            for (code, own) in (first..=last).zip(all) {
                if let Some(text) = text(own) {
                    self.ranges.push((code, code, text));
                }
            }
        } else if let Some(text) = text(target) {
            self.ranges.push((first, last, text));
        }
    }

    fn push(&self, code: u32, into: &mut String) -> bool {
        let after = self.ranges.partition_point(|(first, ..)| *first <= code);
        let Some((first, last, text)) = after.checked_sub(1).map(|at| &self.ranges[at]) else { return false };
        if code > *last {
            return false;
        }
        let mut characters = text.chars();
        let Some(end) = characters.next_back() else { return false };
        into.push_str(characters.as_str());
        into.push(char::from_u32(u32::from(end) + (code - first)).unwrap_or(char::REPLACEMENT_CHARACTER));
        true
    }
}

fn bytes<'o>(object: &'o Object<'_>) -> Option<&'o [u8]> {
    if let Object::Text(bytes) = object { Some(bytes) } else { None }
}

fn code(object: &Object<'_>) -> Option<u32> {
    let bytes = bytes(object).filter(|bytes| (1..=4).contains(&bytes.len()))?;
    Some(bytes.iter().fold(0, |code, &byte| code << 8 | u32::from(byte)))
}

/// UTF-16, big-endian; at most a few characters of it.
fn text(object: &Object<'_>) -> Option<String> {
    let bytes = bytes(object)?;
    let units: Vec<u16> = match bytes {
        [one] => vec![u16::from(*one)],
        more => more.chunks_exact(2).take(16).map(|two| u16::from_be_bytes([two[0], two[1]])).collect(),
    };
    let text: String = char::decode_utf16(units).filter_map(Result::ok).filter(|own| *own != '\0').collect();
    (!text.is_empty()).then_some(text)
}
