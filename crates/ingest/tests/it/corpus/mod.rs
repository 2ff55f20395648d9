//! Training corpora: blocks, documents and what goes wrong.

mod blocks;
mod chats;
mod forms;
mod hostile;
mod tables;

use std::fmt::Write as _;

use stillwatch_core::Document;
use stillwatch_ingest::{
    Block, CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally, IngestError,
};

/// A document as a line: place, author, text, and what stands around it.
fn line(row: u64, turn: u32, document: &Document<'_>) -> String {
    let mut line = format!("{row}.{turn} {:?} {}", document.author, document.text);
    for (name, value) in [("prompt", document.prompt), ("system", document.system), ("source", document.source)] {
        if let Some(value) = value {
            write!(line, " | {name}: {value}").unwrap();
        }
    }
    line
}

fn parse(block: &Block, options: &CorpusOptions, tally: &mut CorpusTally, out: &mut Vec<String>) {
    let mut parser = CorpusParser::new(&CorpusPlan::new(options).unwrap());
    let mut visit = |place: stillwatch_ingest::RowPlace, document: &Document<'_>| {
        out.push(line(place.row, place.turn, document));
    };
    parser.documents(block, tally, &mut visit).unwrap();
}

fn read_all(mut reader: CorpusReader<'_>, options: &CorpusOptions) -> Result<(Vec<String>, CorpusTally), IngestError> {
    let (mut tally, mut out) = (CorpusTally::default(), Vec::new());
    while let Some(block) = reader.next().transpose()? {
        // Each block has a tally of its own, as it has when many threads parse.
        let mut part = CorpusTally::default();
        parse(&block, options, &mut part, &mut out);
        tally.merge(&part);
        reader.recycle(block);
    }
    let with = tally.shapes.values().sum::<u64>();
    assert_eq!(tally.rows, with + tally.without_text.count + tally.rejected_rows());
    assert_eq!(tally.documents, out.len() as u64);
    Ok((out, tally))
}

fn read_with(bytes: &[u8], format: Option<CorpusFormat>, options: &CorpusOptions) -> (Vec<String>, CorpusTally) {
    read_all(CorpusReader::new(bytes, format, options, "c").unwrap(), options).unwrap()
}

fn read(bytes: impl AsRef<[u8]>) -> (Vec<String>, CorpusTally) {
    read_with(bytes.as_ref(), None, &CorpusOptions::default())
}

fn reasons(tally: &CorpusTally) -> Vec<(&str, u64)> {
    tally.rejected.iter().map(|(reason, rejected)| (reason.as_str(), rejected.count)).collect()
}
