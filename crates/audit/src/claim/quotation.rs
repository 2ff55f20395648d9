//! What stands within quotation marks, code or a line of dialogue is not the author's own, however many sentences it is.

/// Reads on through a text as names are asked for from its beginning to its end.
#[derive(Debug)]
pub(super) struct Quotation {
    /// Bytes that are quoted, ascending.
    ranges: Vec<std::ops::Range<usize>>,
}

/// Marks that open and close.
const PAIRS: &[(char, char)] =
    &[('“', '”'), ('«', '»'), ('「', '」'), ('『', '』'), ('‹', '›'), ('„', '“'), ('„', '”'), ('‚', '‘'), ('‘', '’')];
const FENCES: &[&str] = &["```", "~~~"];

impl Quotation {
    /// One pass over a text.
    pub(super) fn of(text: &str) -> Self {
        let mut ranges = Vec::new();
        let (mut fence, mut start): (Option<&str>, usize) = (None, 0);
        // A paragraph: marks that are not closed in it close with it.
        let mut paragraph = 0;
        for line in lines(text) {
            let content = &text[line.clone()];
            let trimmed = content.trim_start();
            if let Some(open) = fence {
                if trimmed.starts_with(open) {
                    ranges.push(start..line.end);
                    fence = None;
                    paragraph = line.end;
                }
                continue;
            }
            if let Some(open) = FENCES.iter().find(|own| trimmed.starts_with(**own)) {
                marks(text, paragraph..line.start, &mut ranges);
                fence = Some(open);
                start = line.start;
                continue;
            }
            if trimmed.trim_end().is_empty() {
                marks(text, paragraph..line.start, &mut ranges);
                paragraph = line.end;
            } else if trimmed.starts_with('>') || trimmed.starts_with(['—', '–', '―']) {
                ranges.push(line);
            }
        }
        match fence {
            Some(_) => ranges.push(start..text.len()),
            None => marks(text, paragraph..text.len(), &mut ranges),
        }
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        Self { ranges }
    }

    pub(super) fn covers(&self, at: usize) -> bool {
        let before = self.ranges.partition_point(|range| range.start <= at);
        // Ranges may lie within each other; few do.
        self.ranges[..before].iter().rev().take(64).any(|range| range.contains(&at))
    }
}

/// The lines of a text with their ends.
fn lines(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = at..at + line.len();
        at = range.end;
        range
    })
}

/// Marks within a paragraph.
fn marks(text: &str, paragraph: std::ops::Range<usize>, ranges: &mut Vec<std::ops::Range<usize>>) {
    let part = &text[paragraph.clone()];
    let base = paragraph.start;
    let (mut double, mut tick, mut single): (Option<usize>, Option<usize>, Option<usize>) = (None, None, None);
    let mut open: Option<(usize, char)> = None;
    let mut before: Option<char> = None;
    for (at, c) in part.char_indices() {
        let place = base + at;
        let next = part[at + c.len_utf8()..].chars().next();
        match c {
            '"' => toggle(&mut double, place, ranges),
            '`' => toggle(&mut tick, place, ranges),
            '\'' => {
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                if single.is_none() && !word(before) && word(next) {
                    single = Some(place);
                } else if !word(next)
                    && let Some(start) = single.take()
                {
                    ranges.push(start..place);
                }
            }
            _ => match open {
                // An apostrophe within a word closes nothing.
                Some((start, mark))
                    if PAIRS.contains(&(mark, c)) && !(c == '’' && next.is_some_and(char::is_alphanumeric)) =>
                {
                    ranges.push(start..place);
                    open = None;
                }
                None if PAIRS.iter().any(|(opens, _)| *opens == c) => open = Some((place, c)),
                _ => {}
            },
        }
        before = Some(c);
    }
    for start in [double, tick, open.map(|(start, _)| start)].into_iter().flatten() {
        ranges.push(start..paragraph.end);
    }
}

fn toggle(open: &mut Option<usize>, place: usize, ranges: &mut Vec<std::ops::Range<usize>>) {
    match open.take() {
        Some(start) => ranges.push(start..place),
        None => *open = Some(place),
    }
}
