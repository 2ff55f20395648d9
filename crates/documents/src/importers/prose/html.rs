use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, Token};

use super::block::{Block, Lines};

/// The blocks of an HTML text. Tags only end and begin blocks: whether they are balanced does not matter, so that
/// depth costs nothing. What is never shown is not read.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut lines = Lines::new(text, 1);
    let mut blocks = Vec::new();
    let mut block: Option<Block> = None;
    let mut link: Option<(usize, String)> = None;
    let mut hidden: Option<Vec<u8>> = None;
    let mut close = |block: &mut Option<Block>| {
        if let Some(mut done) = block.take() {
            done.text.truncate(done.text.trim_end().len());
            if !done.text.is_empty() {
                blocks.push(done);
            }
        }
    };
    for token in Tokenizer::new_with_emitter(text, DefaultEmitter::<usize>::new_with_span()) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let line = lines.of(tag.span.start);
                let name: &[u8] = &tag.name;
                if matches!(name, b"script" | b"style" | b"template" | b"noscript" | b"svg") && !tag.self_closing {
                    hidden.get_or_insert_with(|| name.to_vec());
                } else if name == b"a" {
                    let target = tag.attributes.iter().find(|(key, _)| key.as_slice() == b"href");
                    let target = target.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
                    link = target.map(|target| (block.as_ref().map_or(0, |block| block.text.len()), target));
                } else if let Some(level) = level(name) {
                    close(&mut block);
                    block = Some(Block { cell: matches!(name, b"td" | b"th"), ..Block::at(line, level) });
                }
            }
            Token::EndTag(tag) => {
                let name: &[u8] = &tag.name;
                if hidden.as_deref() == Some(name) {
                    hidden = None;
                } else if name == b"a" {
                    if let (Some((start, target)), Some(block)) = (link.take(), &mut block) {
                        block.link(start, target);
                    }
                } else if level(name).is_some() {
                    close(&mut block);
                }
            }
            Token::String(words) if hidden.is_none() => {
                let line = lines.of(words.span.start);
                let words = String::from_utf8_lossy(&words);
                if block.is_some() || !words.trim().is_empty() {
                    block.get_or_insert_with(|| Block::at(line, 0)).add(&words);
                }
            }
            _ => {}
        }
    }
    close(&mut block);
    blocks
}

/// `None` for a tag within a line, 1 to 6 for a heading, 0 for another block.
fn level(name: &[u8]) -> Option<u8> {
    match name {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        b"title" => Some(1),
        b"p" | b"li" | b"td" | b"th" | b"tr" | b"div" | b"section" | b"article" | b"dt" | b"dd" | b"blockquote"
        | b"br" | b"pre" | b"caption" | b"figcaption" | b"summary" | b"header" | b"footer" | b"main" | b"body"
        | b"ul" | b"ol" | b"table" => Some(0),
        _ => None,
    }
}
