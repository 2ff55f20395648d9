//! Words for people: cards below their front matter, vendors' documents in Markdown, HTML and PDF, plain text. What
//! they say is quoted with its place and proposed; it counts once a reviewer has confirmed it.

mod block;
pub(super) mod denial;
mod descent;
pub(super) mod grammar;
mod html;
mod markdown;
mod model;
mod name;
mod outputs;
mod propose;
mod sentence;
mod thing;
mod topic;
mod verb;
mod word;

pub(super) use markdown::blocks as markdown_blocks;
pub(super) use name::{address_name, is_repository, reference};
pub(super) use propose::propose;

use block::Block;
use stillwatch_core::Severity;
use stillwatch_lineage::{DocumentKind, Draft, Import, NodeRef, Origin, StrictVerdict};

use crate::importers::{Importer, Sign};

pub const PDF: Importer = Importer {
    format: "PDF",
    sign: Sign::Bytes(|input| input.bytes.starts_with(b"%PDF-") || (input.ends_with(&[".pdf"]) && is_pdf(input.bytes))),
    import: |input| read(input.bytes, input.origin),
};

pub const IMPORTER: Importer = Importer {
    format: "words for people",
    sign: Sign::Bytes(|input| input.ends_with(&[".md", ".markdown", ".html", ".htm", ".txt"])),
    import: |input| read(input.bytes, input.origin),
};

/// Reads PDF, HTML where the media type or the name says so, and else Markdown or plain text.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    let mut draft = Draft::new(bytes, origin, DocumentKind::Prose);
    let strict = StrictVerdict::NotChecked { why: "prose has no schema".into() };
    let blocks = if is_pdf(bytes) {
        pdf(bytes, &mut draft)
    } else {
        let text = draft.words(bytes);
        if is_html(origin, &text) { html::blocks(&text) } else { markdown::blocks(&text, 1) }
    };
    if let Some(title) = blocks.iter().find(|block| block.level > 0) {
        draft.title(&title.text);
    }
    let subject = origin.subject.clone().unwrap_or_else(|| {
        draft.tell(
            Severity::Warning,
            "",
            "subject",
            "the document does not say which model or data set it is about; name one when importing it",
        );
        NodeRef::model(stem(&origin.name))
    });
    propose(&mut draft, &subject, &blocks);
    draft.finish(strict)
}

/// The blocks of a PDF file, with what could not be read told.
fn pdf(bytes: &[u8], draft: &mut Draft) -> Vec<Block> {
    let text = stillwatch_pdf::read(bytes, draft.limits());
    draft.tell_all(&text.diagnostics);
    if let Some(title) = text.title {
        draft.title(&title);
    }
    text.blocks.into_iter().map(Block::from).collect()
}

/// A file name without folder and ending.
pub(super) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// Readers take a file for PDF if the mark stands within its first kilobyte.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|part| part == b"%PDF-")
}

fn is_html(origin: &Origin, text: &str) -> bool {
    let name = origin.name.to_ascii_lowercase();
    let said = origin.media_type.as_deref().is_some_and(|media| media.contains("html"));
    let head: String = text.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    said || matches!(ending, Some("html" | "htm")) || head.starts_with("<!doctype html") || head.starts_with("<html")
}
