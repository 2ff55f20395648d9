//! From places on a page to lines in the order in which people read them, and from lines to paragraphs.

use super::page::Fragment;
use crate::block::Block;

/// Lines on each side from which on a gap is a gutter between columns.
const COLUMN_LINES: usize = 5;
/// Characters from which on a piece of a line is prose and no cell of a table.
const PROSE: usize = 20;

/// One line of a page.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) page: usize,
    /// In reading order, from one.
    pub(super) number: usize,
    pub(super) fragment: Fragment,
    /// Lines of one column, or across all, follow each other.
    pub(super) column: usize,
}

/// Puts the fragments of a page in order: column by column where it has columns, else line by line.
pub(super) fn lines(fragments: Vec<Fragment>, page: usize) -> Vec<Line> {
    let (turned, straight): (Vec<_>, Vec<_>) = fragments.into_iter().partition(|own| own.turned);
    let straight = joined(straight);
    let mut ordered: Vec<(usize, Fragment)> = Vec::new();
    match gutter(&straight) {
        None => ordered.extend(straight.into_iter().map(|own| (0, own))),
        Some(gutter) => {
            // What crosses the gutter ends the columns above it.
            let mut sides: [Vec<Fragment>; 2] = Default::default();
            let mut column = 0;
            let mut close = |sides: &mut [Vec<Fragment>; 2], ordered: &mut Vec<(usize, Fragment)>| {
                for side in sides.iter_mut().filter(|side| !side.is_empty()) {
                    column += 2;
                    ordered.extend(side.drain(..).map(|own| (column, own)));
                }
                // Lines across all columns follow each other while nothing stands between them.
                column + 1
            };
            for own in straight {
                if sides.iter().all(Vec::is_empty) && ordered.last().is_some_and(|(_, above)| ends(above, &own, gutter))
                {
                    let column = ordered.last().map_or(0, |(column, _)| *column);
                    ordered.push((column, own));
                } else if own.right <= gutter {
                    sides[0].push(own);
                } else if own.left >= gutter {
                    sides[1].push(own);
                } else {
                    let column = close(&mut sides, &mut ordered);
                    ordered.push((column, own));
                }
            }
            close(&mut sides, &mut ordered);
        }
    }
    let last = ordered.last().map_or(0, |(column, _)| column + 1);
    ordered.extend(turned.into_iter().map(|own| (last, own)));
    let mut lines: Vec<Line> = Vec::with_capacity(ordered.len());
    for (column, fragment) in ordered {
        let number = match lines.last() {
            Some(last) if last.column == column && same_line(&last.fragment, &fragment) => last.number,
            Some(last) => last.number + 1,
            None => 1,
        };
        lines.push(Line { page, number, fragment, column });
    }
    lines
}

/// Paragraphs, headings and cells. `body` is the size of the document's plain text.
pub(super) fn blocks(lines: &[Line], body: f64) -> Vec<Block> {
    let sizes = heading_sizes(lines, body);
    let mut blocks: Vec<Block> = Vec::new();
    let mut above: Option<&Line> = None;
    let leading = leading(lines);
    for line in lines {
        let own = &line.fragment;
        let goes_on = above.is_some_and(|above| {
            let (before, fall) = (&above.fragment, above.fragment.base - own.base);
            above.page == line.page
                && above.column == line.column
                && (before.size - own.size).abs() < 0.1 * own.size
                && before.bold == own.bold
                && fall > 0.5 * own.size
                && fall < leading * own.size
                // A first line that is indented, and a line under another column of a table.
                && own.left < before.left + 0.8 * own.size
                && before.left < own.left + 6.0 * own.size
                && !begins_item(&own.text)
        });
        above = Some(line);
        match blocks.last_mut() {
            Some(block) if goes_on => append(block, &own.text),
            _ => {
                let level = level(own, &sizes, body);
                let mut block = Block { page: line.page, line: line.number, level, text: String::new() };
                block.add(&own.text);
                blocks.push(block);
            }
        }
    }
    for block in &mut blocks {
        block.text.truncate(block.text.trim_end().len());
        // A heading is short and ends without a stop.
        if block.level > 0 && (block.text.len() > 160 || block.text.ends_with(['.', ',', ';'])) {
            block.level = 0;
        }
    }
    blocks.retain(|block| !block.text.is_empty());
    blocks
}

/// The size in which most letters are written.
pub(super) fn body_size(lines: &[Line]) -> f64 {
    let mut sizes: Vec<(f64, usize)> =
        lines.iter().map(|line| (rounded(line.fragment.size), line.fragment.text.len())).collect();
    sizes.sort_by(|left, right| left.0.total_cmp(&right.0));
    let grouped = sizes.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq());
    let counted = grouped.map(|group| (group[0].0, group.iter().map(|(_, letters)| letters).sum::<usize>()));
    counted.max_by_key(|(_, letters)| *letters).map_or(0.0, |(size, _)| size)
}

/// From the top, and pieces of one line that stand side by side as one.
fn joined(fragments: Vec<Fragment>) -> Vec<Fragment> {
    let mut sorted = fragments;
    sorted.sort_by(|left, right| right.base.total_cmp(&left.base));
    let mut rows: Vec<Vec<Fragment>> = Vec::new();
    for own in sorted {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| same_line(first, &own)) => row.push(own),
            _ => rows.push(vec![own]),
        }
    }
    let mut all: Vec<Fragment> = Vec::new();
    for mut row in rows {
        row.sort_by(|left, right| left.left.total_cmp(&right.left));
        let first = all.len();
        for own in row {
            match all.get_mut(first..).and_then(<[Fragment]>::last_mut) {
                Some(last) if (-0.5..0.6).contains(&((own.left - last.right) / own.size)) => {
                    if own.left - last.right > 0.18 * own.size && !last.text.ends_with(' ') {
                        last.text.push(' ');
                    }
                    last.text.push_str(&own.text);
                    last.right = last.right.max(own.right);
                    last.size = last.size.max(own.size);
                    last.bold &= own.bold;
                }
                _ => all.push(own),
            }
        }
    }
    all
}

/// Whether a short line is the last of a paragraph that goes across the columns.
fn ends(above: &Fragment, own: &Fragment, gutter: f64) -> bool {
    above.left < gutter
        && above.right > gutter
        && (above.left - own.left).abs() < 0.5 * own.size
        && (above.size - own.size).abs() < 0.1 * own.size
        && above.base - own.base < 1.6 * own.size
}

fn same_line(left: &Fragment, right: &Fragment) -> bool {
    (left.base - right.base).abs() < 0.5 * left.size.max(right.size)
}

/// Where the right one of two columns begins, if lines of prose stand on both sides and few cross it.
fn gutter(fragments: &[Fragment]) -> Option<f64> {
    let mut starts: Vec<f64> = fragments.iter().filter(|own| is_prose(own)).map(|own| rounded(own.left)).collect();
    starts.sort_by(f64::total_cmp);
    let mut candidates: Vec<(usize, f64)> = starts
        .chunk_by(|left, right| left.total_cmp(right).is_eq())
        .filter(|group| group.len() >= COLUMN_LINES)
        .map(|group| (group.len(), group[0]))
        .collect();
    candidates.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.total_cmp(&right.1)));
    let sides = |at: f64| {
        let at = at - 1.0;
        let count = |keep: &dyn Fn(&Fragment) -> bool| fragments.iter().filter(|own| keep(own)).count();
        let left = count(&|own| is_prose(own) && own.right <= at);
        let right = count(&|own| is_prose(own) && own.left >= at);
        let crossing = count(&|own| own.left < at && own.right > at);
        let cells = count(&|own| !is_prose(own) && (own.right <= at || own.left >= at));
        (left.min(right), crossing, cells, at)
    };
    let best = candidates.iter().take(8).map(|(_, at)| sides(*at));
    let (least, crossing, cells, at) =
        best.max_by_key(|(least, crossing, ..)| (*least, std::cmp::Reverse(*crossing)))?;
    (least >= COLUMN_LINES && crossing <= 2 * least && cells <= 2 * least).then_some(at)
}

fn is_prose(fragment: &Fragment) -> bool {
    fragment.text.len() >= PROSE
}

/// How far lines of one paragraph stand apart at most, in sizes of their letters: a quarter more than most do.
fn leading(lines: &[Line]) -> f64 {
    let mut falls: Vec<f64> = lines
        .windows(2)
        .filter(|pair| pair[0].page == pair[1].page && pair[0].column == pair[1].column)
        .map(|pair| (pair[0].fragment.base - pair[1].fragment.base) / pair[1].fragment.size)
        .filter(|fall| (0.8..2.2).contains(fall))
        .collect();
    falls.sort_by(f64::total_cmp);
    // Paragraphs of one line, or gaps between them, are no sign of wide lines.
    falls.get(falls.len() / 3).map_or(1.5, |fall| fall * 1.25).max(1.3)
}

fn heading_sizes(lines: &[Line], body: f64) -> Vec<f64> {
    let mut sizes: Vec<f64> =
        lines.iter().map(|line| rounded(line.fragment.size)).filter(|size| *size > 1.12 * body).collect();
    sizes.sort_by(|left, right| right.total_cmp(left));
    sizes.dedup();
    sizes
}

/// 1 for the largest letters, 6 for bold ones of the plain size, 0 for plain text.
fn level(fragment: &Fragment, sizes: &[f64], body: f64) -> u8 {
    let size = rounded(fragment.size);
    if let Some(at) = sizes.iter().position(|own| own.total_cmp(&size).is_eq()) {
        return [1, 2, 3, 4].get(at).copied().unwrap_or(5);
    }
    if fragment.bold && size >= 0.95 * body { 6 } else { 0 }
}

fn begins_item(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    matches!(first, Some('•' | '◦' | '▪' | '‣' | '–' | '*' | '-')) && characters.next() == Some(' ')
}

/// Adds a line; a word that is parted at its end becomes one again.
fn append(block: &mut Block, text: &str) {
    let parted = block.text.ends_with('-')
        && block.text[..block.text.len() - 1].ends_with(|own: char| own.is_lowercase())
        && text.starts_with(|own: char| own.is_lowercase());
    if parted {
        block.text.pop();
    } else {
        block.add(" ");
    }
    block.add(text);
}

/// To half a point.
fn rounded(size: f64) -> f64 {
    (size * 2.0).round() / 2.0
}
