//! The text of a PDF file with its places: page and line.
//!
//! [`read`] takes the bytes of a file and gives [`Text`]: paragraphs, headings and cells in the order in which people read
//! them ([`Block`]), the title that the file gives itself, and what could not be read as [`Diagnostic`]s. Data passes
//! from the [objects](document) of a file to the [fragments](page) that a page draws, to lines and [paragraphs](layout).
//!
//! This is no reader of PDF in general but of text, and it exists because a buyer's documents are hostile until proven
//! otherwise. Of the libraries tried, `hayro-syntax` 0.9.0 bounds nesting and loops, but has no limit on what a stream
//! unpacks to: 7 kB that unpack twice to 4 GiB end the process, 1 MB takes 1 GiB, and 300 kB of pictures within pictures
//! overflow its stack; another library builds gigabytes from a stream of objects of a few kilobytes, whatever limit is
//! set. Here the work that a file may cause is counted from the first byte (see [`document::Document`]); none of these
//! files takes more than 40 MB.
//!
//! Not read: encrypted files, LZW, text within pictures, fonts that name their glyphs nowhere.
//!
//! ```
//! use stillwatch_core::Limits;
//!
//! let file = b"%PDF-1.4
//! 1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
//! 2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
//! 3 0 obj <</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
//! 4 0 obj <</Length 44>> stream
//! BT /F 12 Tf 72 720 Td (Trained on C4) Tj ET
//! endstream endobj
//! 5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj
//! trailer <</Root 1 0 R>>
//! %%EOF";
//! let text = stillwatch_pdf::read(file, &Limits::default());
//! assert_eq!(text.diagnostics, []);
//! assert_eq!((text.blocks[0].page, text.blocks[0].line, text.blocks[0].text.as_str()), (1, 1, "Trained on C4"));
//! ```

mod block;
mod document;
mod filter;
mod font;
mod layout;
mod lexer;
mod names;
mod page;
mod widths;

use std::collections::BTreeSet;
use std::rc::Rc;

use stillwatch_core::{Diagnostic, Diagnostics, Limits, Severity};

pub use block::Block;
use document::Document;
use layout::Line;
use lexer::{Map, Object};
use page::Writer;

/// Pages that are read.
const MOST_PAGES: usize = 5_000;
/// Nodes of the tree of pages that are visited.
const MOST_NODES: usize = 4 * MOST_PAGES;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The title that the file gives itself, unless a heading gives it another.
    pub title: Option<String>,
    pub blocks: Vec<Block>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads as much of a file as the limits allow. What could not be read is told.
pub fn read(bytes: &[u8], limits: &Limits) -> Text {
    let mut diagnostics = Diagnostics::new(limits.diagnostics);
    let (title, blocks) = blocks(&bytes[..bytes.len().min(limits.bytes)], &mut diagnostics);
    Text { title, blocks, diagnostics: diagnostics.finish() }
}

/// The title and the blocks of a file, with what could not be read told.
fn blocks(kept: &[u8], diagnostics: &mut Diagnostics) -> (Option<String>, Vec<Block>) {
    let document = Document::read(kept);
    if document.encrypted {
        diagnostics.tell(
            Severity::Error,
            "",
            "encrypted",
            "the PDF is encrypted and was not read; ask for a copy without protection, or for the text",
        );
        return (None, Vec::new());
    }
    if !kept[kept.len().saturating_sub(1024)..].windows(5).any(|part| part == b"%%EOF") {
        diagnostics.tell(
            Severity::Warning,
            "",
            "cut",
            "the file does not end as a PDF does; what is missing cannot be told",
        );
    }
    let pages = pages(&document, diagnostics);
    let mut writer = Writer::new(&document);
    let mut lines: Vec<Line> = Vec::new();
    let mut blank = Vec::new();
    let mut letters = 0;
    for (at, page) in pages.iter().enumerate() {
        let fragments = writer.page(&page.map, &page.resources, page.turn);
        letters += fragments.iter().map(|own| own.text.chars().count()).sum::<usize>();
        if fragments.is_empty() {
            blank.push(at + 1);
        }
        lines.extend(layout::lines(fragments, at + 1));
        if writer.exhausted() || document.exhausted() {
            let message = format!("more than may be read of one PDF; the rest, from page {} on, was left out", at + 1);
            diagnostics.tell(Severity::Error, format!("page {}", at + 1), "too-much", message);
            break;
        }
    }
    if pages.is_empty() {
        let why = if document.exhausted() { "more than may be read of one PDF" } else { "no page was found" };
        diagnostics.tell(Severity::Error, "", "pdf", format!("{why}; the file is damaged or made to do harm"));
    } else if letters == 0 {
        diagnostics.tell(
            Severity::Error,
            "",
            "no-text",
            format!(
                "none of {} pages holds text that can be read: they may be scanned; ask for the text, or run a \
                 text recogniser and import what it gives",
                pages.len()
            ),
        );
    } else if !blank.is_empty() {
        let message = format!("{} of {} pages hold no text that can be read", blank.len(), pages.len());
        diagnostics.tell(Severity::Warning, format!("page {}", blank[0]), "no-text", message);
    }
    if writer.nameless > 0 && letters > 0 {
        let message = format!("{} glyphs are of fonts that do not tell their letters", writer.nameless);
        diagnostics.tell(Severity::Warning, "", "glyphs", message);
    }
    for (count, code, why) in [
        (document.too_large.get(), "too-large", "hold more than may be read"),
        (document.unread.get(), "filter", "are packed in a way that is not read"),
    ] {
        if count > 0 {
            diagnostics.tell(Severity::Error, "", code, format!("{count} streams {why}"));
        }
    }
    let body = layout::body_size(&lines);
    let blocks = layout::blocks(&lines, body);
    let has_heading = blocks.iter().any(|block| block.level > 0);
    (title(&document).filter(|_| !has_heading), blocks)
}

struct Page<'s> {
    map: Map<'s>,
    /// Inherited from the tree, like the turn.
    resources: Rc<Map<'s>>,
    turn: f64,
}

/// The pages in their order. A node that was visited is not visited again.
fn pages<'s>(document: &'s Document<'s>, diagnostics: &mut Diagnostics) -> Vec<Page<'s>> {
    let mut pages = Vec::new();
    let Some(catalogue) = document.catalogue() else { return pages };
    let mut seen = BTreeSet::new();
    let mut open: Vec<(Object<'s>, Rc<Map<'s>>, f64)> = Vec::new();
    if let Some(root) = catalogue.get("Pages") {
        open.push((root.clone(), Rc::default(), 0.0));
    }
    let mut visited = 0;
    while let Some((node, resources, turn)) = open.pop() {
        if let Object::Reference(number) = node
            && !seen.insert(number)
        {
            diagnostics.tell(
                Severity::Error,
                "",
                "page-tree",
                format!("object {number} stands in the tree of pages twice"),
            );
            continue;
        }
        visited += 1;
        if pages.len() >= MOST_PAGES || visited > MOST_NODES {
            let message = format!("more pages than may be read; {} were read", pages.len());
            diagnostics.tell(Severity::Error, format!("page {}", pages.len()), "too-many", message);
            break;
        }
        let Some(Object::Map(map)) = document.resolved(&node) else {
            let place = format!("page {}", pages.len() + 1);
            diagnostics.tell(
                Severity::Error,
                place,
                "page-missing",
                "a page, or a branch of the tree of pages, is missing",
            );
            continue;
        };
        let resources = document.get_map(&map, "Resources").map_or(resources, Rc::new);
        let turn = document.get(&map, "Rotate").and_then(|turn| turn.number()).unwrap_or(turn);
        match document.get_list(&map, "Kids") {
            Some(kids) => {
                let kids = kids.into_iter().take(MOST_NODES + 1);
                let kids: Vec<_> = kids.map(|kid| (kid, Rc::clone(&resources), turn)).collect();
                open.extend(kids.into_iter().rev());
            }
            None => pages.push(Page { map, resources, turn }),
        }
    }
    pages
}

/// The title that the file gives itself.
fn title(document: &Document<'_>) -> Option<String> {
    let information = document.information()?;
    let Object::Text(bytes) = document.get(&information, "Title")? else { return None };
    let text = match bytes.strip_prefix(b"\xfe\xff") {
        Some(units) => {
            let units = units.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            char::decode_utf16(units).filter_map(Result::ok).collect()
        }
        None => String::from_utf8_lossy(&bytes).into_owned(),
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}
