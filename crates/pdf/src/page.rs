use std::collections::BTreeMap;
use std::rc::Rc;

use super::document::Document;
use super::font::Font;
use super::lexer::{Lexer, Map, Object, is_space};

/// Drawings within drawings.
const MOST_FORMS: usize = 8;
/// Saved states within each other.
const MOST_STATES: usize = 64;
/// Fonts that are held at a time; further ones are read again.
const MOST_FONTS: usize = 64;
/// Bytes of what one page draws, drawings within it apart.
const MOST_CONTENT: usize = 64 << 20;
/// Pieces of lines of one document. A page has about fifty.
const MOST_FRAGMENTS: usize = 500_000;
/// Glyphs of one document. A page of a book has about three thousand.
const MOST_GLYPHS: usize = 4_000_000;

/// Characters on one line that stand near each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fragment {
    pub(super) left: f64,
    pub(super) right: f64,
    /// Of the line that the letters stand on, upwards.
    pub(super) base: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Written upwards or aslant.
    pub(super) turned: bool,
    pub(super) text: String,
}

/// Reads the text of one page after another; fonts are read once.
pub(super) struct Writer<'s> {
    document: &'s Document<'s>,
    fonts: BTreeMap<u32, Rc<Font>>,
    glyphs: usize,
    pieces: usize,
    /// Glyphs of which the font does not tell what they are.
    pub(super) nameless: usize,
    fragments: Vec<Fragment>,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// `[a b c d e f]` of ISO 32000-1, section 8.3.
#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const PLAIN: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First this, then the other.
    fn then(self, other: Self) -> Self {
        let (own, next) = (self.0, other.0);
        let turned = |at: usize| {
            let (right, up) = (own[at], own[at + 1]);
            [right * next[0] + up * next[2], right * next[1] + up * next[3]]
        };
        let [first, second, origin] = [turned(0), turned(2), turned(4)];
        Self([first[0], first[1], second[0], second[1], origin[0] + next[4], origin[1] + next[5]])
    }

    fn moved(self, right: f64, up: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, right, up]).then(self)
    }
}

impl<'s> Writer<'s> {
    pub(super) fn new(document: &'s Document<'s>) -> Self {
        Self { document, fonts: BTreeMap::new(), glyphs: 0, pieces: 0, nameless: 0, fragments: Vec::new() }
    }

    /// Whether more text was there than may be read.
    pub(super) fn exhausted(&self) -> bool {
        self.glyphs >= MOST_GLYPHS || self.pieces > MOST_FRAGMENTS
    }

    /// The fragments of a page in the order in which they were drawn.
    pub(super) fn page(&mut self, page: &Map<'s>, resources: &Map<'s>, turn: f64) -> Vec<Fragment> {
        let mut content = Vec::new();
        let parts = match page.get("Contents") {
            Some(part @ Object::Reference(number)) => match self.document.resolved(part) {
                Some(Object::List(parts)) => parts,
                _ => vec![Object::Reference(*number)],
            },
            Some(Object::List(parts)) => parts.clone(),
            _ => Vec::new(),
        };
        for part in parts {
            if content.len() > MOST_CONTENT {
                break;
            }
            if let Object::Reference(number) = part
                && let Some((_, data)) = self.document.stream(number)
            {
                content.extend_from_slice(&data);
                // A word does not go on in the next part.
                content.push(b'\n');
            }
        }
        let quarters = (turn / 90.0).rem_euclid(4.0);
        let turned = |by: f64| (quarters - by).abs() < 0.5;
        let matrix = Matrix(match () {
            () if turned(1.0) => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
            () if turned(2.0) => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
            () if turned(3.0) => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
            () => Matrix::PLAIN.0,
        });
        let state =
            State { matrix, font: None, size: 0.0, space: 0.0, word_space: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0 };
        self.draw(&content, resources, state, 0);
        std::mem::take(&mut self.fragments)
    }

    fn draw(&mut self, content: &[u8], resources: &Map<'s>, state: State, depth: usize) {
        let mut lexer = Lexer::new(content, 0);
        let mut operands: Vec<Object<'_>> = Vec::new();
        let mut state = state;
        let mut saved: Vec<State> = Vec::new();
        let fonts = self.document.get_map(resources, "Font").unwrap_or_default();
        let forms = self.document.get_map(resources, "XObject").unwrap_or_default();
        let (mut text, mut line) = (Matrix::PLAIN, Matrix::PLAIN);
        while let Some(object) = lexer.next() {
            let Object::Word(word) = object else {
                // No operator takes more than a few operands.
                if operands.len() < 64 {
                    operands.push(object);
                }
                continue;
            };
            if self.exhausted() || self.document.spend(1).is_none() {
                return;
            }
            let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or_default();
            match word {
                b"q" if saved.len() < MOST_STATES => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = matrix(&operands).then(state.matrix),
                b"BT" => (text, line) = (Matrix::PLAIN, Matrix::PLAIN),
                b"Tc" => state.space = number(0),
                b"Tw" => state.word_space = number(0),
                b"Tz" => state.stretch = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"Tf" => {
                    state.size = number(1);
                    state.font = operands.first().and_then(Object::name).and_then(|name| self.font(&fonts, name));
                }
                b"Td" | b"TD" => {
                    if word == b"TD" {
                        state.leading = -number(1);
                    }
                    line = line.moved(number(0), number(1));
                    text = line;
                }
                b"Tm" => {
                    line = matrix(&operands);
                    text = line;
                }
                b"T*" | b"'" | b"\"" => {
                    line = line.moved(0.0, -state.leading);
                    text = line;
                    if word == b"\"" {
                        (state.word_space, state.space) = (number(0), number(1));
                    }
                    if let Some(Object::Text(codes)) = operands.last() {
                        self.show(codes, &state, &mut text);
                    }
                }
                b"Tj" => {
                    if let Some(Object::Text(codes)) = operands.last() {
                        self.show(codes, &state, &mut text);
                    }
                }
                b"TJ" => {
                    if let Some(Object::List(parts)) = operands.last() {
                        for part in parts {
                            match part {
                                Object::Text(codes) => self.show(codes, &state, &mut text),
                                Object::Number(back) => {
                                    text = text.moved(-back / 1000.0 * state.size * state.stretch, 0.0);
                                }
                                _ => {}
                            }
                        }
                    }
                }
                b"Do" if depth < MOST_FORMS => {
                    if let Some(name) = operands.first().and_then(Object::name) {
                        self.form(&forms, resources, name, &state, depth);
                    }
                }
                b"ID" => lexer.jump(end_of_image(content, lexer.place())),
                _ => {}
            }
            operands.clear();
        }
    }

    /// A drawing that is used by its name. Images hold no text.
    fn form(&mut self, forms: &Map<'s>, resources: &Map<'s>, name: &[u8], state: &State, depth: usize) {
        // Drawings that draw each other multiply.
        if self.document.spend(20_000 + forms.0.len()).is_none() {
            return;
        }
        let Some(Object::Reference(number)) = forms.get(&String::from_utf8_lossy(name)).cloned() else { return };
        let Some(map) = self.document.map(number) else { return };
        if map.get("Subtype").and_then(Object::name) != Some(b"Form") {
            return;
        }
        let Some((map, data)) = self.document.stream(number) else { return };
        let mut state = state.clone();
        if let Some(own) = self.document.get_list(&map, "Matrix") {
            state.matrix = matrix(&own).then(state.matrix);
        }
        let own = self.document.get_map(&map, "Resources");
        self.draw(&data, own.as_ref().unwrap_or(resources), state, depth + 1);
    }

    fn font(&mut self, fonts: &Map<'s>, name: &[u8]) -> Option<Rc<Font>> {
        self.document.spend(fonts.0.len())?;
        match fonts.get(&String::from_utf8_lossy(name))? {
            Object::Reference(number) => {
                if let Some(font) = self.fonts.get(number) {
                    return Some(Rc::clone(font));
                }
                let font = Rc::new(Font::read(self.document, &self.document.map(*number)?));
                if self.fonts.len() >= MOST_FONTS {
                    self.fonts.clear();
                }
                self.fonts.insert(*number, Rc::clone(&font));
                Some(font)
            }
            Object::Map(font) => Some(Rc::new(Font::read(self.document, font))),
            _ => None,
        }
    }

    fn show(&mut self, codes: &[u8], state: &State, text: &mut Matrix) {
        let Some(font) = &state.font else { return };
        let length = if font.wide { 2 } else { 1 };
        let mut characters = String::new();
        for code in codes.chunks(length) {
            if self.glyphs >= MOST_GLYPHS {
                return;
            }
            self.glyphs += 1;
            let number = code.iter().fold(0, |number, &byte| number << 8 | u32::from(byte));
            characters.clear();
            if font.characters(number, &mut characters).is_none() {
                self.nameless += 1;
            }
            let word = if length == 1 && number == 32 { state.word_space } else { 0.0 };
            let width = (font.width(number) * state.size + state.space + word) * state.stretch;
            let at = text.moved(0.0, state.rise).then(state.matrix);
            let after = text.moved(width, state.rise).then(state.matrix);
            self.put(&characters, at, after, state.size, font.bold);
            *text = text.moved(width, 0.0);
        }
    }

    /// One glyph at its place: to the fragment before it if it stands just behind, else as the first of a new one.
    fn put(&mut self, characters: &str, at: Matrix, after: Matrix, size: f64, bold: bool) {
        let [.., aside, up, left, base] = at.0;
        let [.., right, end] = after.0;
        let size = size.abs() * aside.hypot(up);
        if !(size.is_finite() && left.is_finite() && base.is_finite() && right.is_finite()) || size <= 0.0 {
            return;
        }
        let turned = (end - base).abs() > (right - left).abs();
        let blank = characters.chars().all(char::is_whitespace);
        if let Some(last) = self.fragments.last_mut() {
            let gap = if turned { 0.0 } else { left - last.right };
            let near = if turned {
                last.turned
            } else {
                (base - last.base).abs() < 0.5 * last.size.max(size) && gap > -0.5 * size && gap < 1.5 * size
            };
            if near && turned == last.turned {
                if !last.text.ends_with(' ') && (blank || gap > 0.18 * size) {
                    last.text.push(' ');
                }
                if !blank {
                    last.text.extend(plain(characters));
                    // What is raised or lowered does not move the line.
                    last.size = last.size.max(size);
                    last.bold &= bold;
                }
                last.right = right.max(last.right);
                return;
            }
        }
        if !blank {
            self.pieces += 1;
            if self.pieces > MOST_FRAGMENTS {
                return;
            }
            let text = plain(characters).collect();
            self.fragments.push(Fragment { left, right, base, size, bold, turned, text });
        }
    }
}

/// Ligatures as the letters they are made of; no control characters.
fn plain(characters: &str) -> impl Iterator<Item = char> + '_ {
    characters.chars().filter(|own| !own.is_control() && *own != '\u{ad}').flat_map(|own| {
        let letters = match own {
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            _ => "",
        };
        letters.chars().chain(letters.is_empty().then_some(own))
    })
}

fn matrix(operands: &[Object<'_>]) -> Matrix {
    let mut own = Matrix::PLAIN;
    for (place, operand) in own.0.iter_mut().zip(operands) {
        *place = operand.number().unwrap_or_default();
    }
    own
}

/// Behind the `EI` that ends the data of an image.
fn end_of_image(content: &[u8], from: usize) -> usize {
    let rest = content.get(from..).unwrap_or_default();
    let found = rest.windows(3).position(|part| is_space(part[0]) && &part[1..] == b"EI");
    found.map_or(content.len(), |at| from + at + 3)
}
