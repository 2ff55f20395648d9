use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::block::{Block, Lines};

/// The blocks of a Markdown text (CommonMark with tables). Code and raw HTML say nothing of a model.
pub(crate) fn blocks(text: &str, first_line: usize) -> Vec<Block> {
    let mut lines = Lines::new(text, first_line);
    let mut blocks = Vec::new();
    let mut block: Option<Block> = None;
    let mut code = false;
    let mut link: Option<(usize, String)> = None;
    let mut close = |block: &mut Option<Block>| {
        if let Some(mut done) = block.take() {
            done.text.truncate(done.text.trim_end().len());
            if !done.text.is_empty() {
                blocks.push(done);
            }
        }
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let line = lines.of(range.start);
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                close(&mut block);
                block = Some(Block::at(line, number(level)));
            }
            Event::Start(tag @ (Tag::Paragraph | Tag::Item | Tag::TableCell)) => {
                close(&mut block);
                block = Some(Block { cell: matches!(tag, Tag::TableCell), ..Block::at(line, 0) });
            }
            Event::Start(Tag::CodeBlock(_)) => {
                close(&mut block);
                code = true;
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                link = Some((block.as_ref().map_or(0, |block| block.text.len()), dest_url.into_string()));
            }
            Event::End(TagEnd::Link) => {
                if let (Some((start, target)), Some(block)) = (link.take(), &mut block) {
                    block.link(start, target);
                }
            }
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => close(&mut block),
            Event::Text(words) | Event::Code(words) if !code => {
                block.get_or_insert_with(|| Block::at(line, 0)).add(&words);
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(block) = &mut block {
                    block.add(" ");
                }
            }
            _ => {}
        }
    }
    close(&mut block);
    blocks
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
