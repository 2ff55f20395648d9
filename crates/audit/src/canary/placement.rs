//! Where in an answer a sentence may be put without touching what the answer is for.

/// The byte at which a sentence and an empty line may be inserted: the start of a paragraph of prose that follows a
/// paragraph of prose. `None` of an answer without two such paragraphs.
///
/// Prose is judged strictly, and what is not plainly prose is left alone: an answer that is JSON or holds a tool call;
/// code fences, indented code and inline code; headings, lists, tables, quotations, markup and formulas; paragraphs
/// with links, with more than one digit in twenty characters, or that lead up to something (they end with a colon). The
/// last such place is taken.
pub fn placement(answer: &str) -> Option<usize> {
    if is_data(answer) {
        return None;
    }
    let (mut state, mut before, mut place) = (State::default(), false, None);
    for (start, paragraph) in paragraphs(answer) {
        let outside = state.is_outside();
        state.read(paragraph);
        let prose = outside && state.is_outside() && is_prose(paragraph);
        if prose && before {
            place = Some(start);
        }
        before = prose;
    }
    // Something that was never closed could begin anywhere.
    place.filter(|_| state.is_outside())
}

/// Words that a paragraph of prose has at least.
const LEAST_WORDS: usize = 8;
/// Of its characters, one in so many may be a digit.
const DIGITS: usize = 20;

fn is_data(answer: &str) -> bool {
    const CALLS: [&str; 6] = ["tool_call", "tool_use", "function_call", "<function", "\"arguments\"", "<|"];
    answer.trim_start().starts_with(['{', '[', '<']) || CALLS.iter().any(|call| answer.contains(call))
}

/// Runs of lines that are not blank, with the byte at which each starts.
fn paragraphs(answer: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut lines = answer.split_inclusive('\n').scan(0, |end, line| {
        let start = *end;
        *end += line.len();
        Some((start, line))
    });
    std::iter::from_fn(move || {
        let (start, first) = lines.find(|(_, line)| !line.trim().is_empty())?;
        let mut end = start + first.len();
        for (at, line) in lines.by_ref() {
            if line.trim().is_empty() {
                break;
            }
            end = at + line.len();
        }
        Some((start, &answer[start..end]))
    })
}

/// What was opened in the paragraphs before.
#[derive(Default)]
struct State {
    /// The character and the length of a code fence.
    fence: Option<(char, usize)>,
    formula: bool,
    straight: bool,
    curly: i32,
    brackets: i32,
}

impl State {
    fn is_outside(&self) -> bool {
        self.fence.is_none() && !self.formula && !self.straight && self.curly == 0 && self.brackets == 0
    }

    fn read(&mut self, paragraph: &str) {
        for line in paragraph.lines().map(str::trim_start) {
            let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'));
            let length = mark.map_or(0, |mark| line.chars().take_while(|c| *c == mark).count());
            match (self.fence, mark) {
                (None, Some(mark)) if length >= 3 => self.fence = Some((mark, length)),
                (Some((opened, least)), Some(mark)) if mark == opened && length >= least => self.fence = None,
                (None, _) => self.read_line(line),
                _ => {}
            }
        }
    }

    fn read_line(&mut self, line: &str) {
        self.formula ^= line.matches("$$").count() % 2 == 1;
        for c in line.chars() {
            match c {
                '"' => self.straight = !self.straight,
                '“' | '«' => self.curly += 1,
                '”' | '»' => self.curly -= 1,
                '{' | '[' => self.brackets += 1,
                '}' | ']' => self.brackets -= 1,
                _ => {}
            }
        }
    }
}

fn is_prose(paragraph: &str) -> bool {
    let text = paragraph.trim_end();
    let indented = |line: &str| line.starts_with("  ") || line.starts_with('\t');
    let marked = |line: &str| {
        let line = line.trim_start();
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['#', '>', '-', '*', '+', '•', '–', '|', '=', '_', '`', '~', '<', '\\'])
            || digits.len() < line.len() && digits.starts_with(['.', ')', ':'])
            || line.chars().nth(1).is_some_and(|c| matches!(c, '.' | ')'))
    };
    let strange = |c: char| {
        matches!(
            c,
            '`' | '|' | '{' | '}' | '[' | ']' | '<' | '>' | '\\' | '$' | '=' | '#' | '*' | '_' | '@' | '^' | '~' | '/'
        ) || matches!(c, '"' | '“' | '”' | '«' | '»' | '„')
    };
    let count = |of: fn(char) -> bool| text.chars().filter(|c| of(*c)).count();
    let (all, digits, letters) = (text.chars().count(), count(char::is_numeric), count(char::is_alphabetic));
    text.ends_with(['.', '!', '?'])
        && text.split_whitespace().count() >= LEAST_WORDS
        && !text.lines().any(|line| indented(line) || marked(line) || line.trim_end().ends_with(':'))
        && !text.contains("www.")
        && !text.contains(strange)
        && digits * DIGITS <= all
        && letters * 3 >= all * 2
}
