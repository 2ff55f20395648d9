#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_ingest::{CorpusFormat, CorpusOptions, CorpusParser, CorpusPlan, CorpusReader, CorpusTally};

// A corpus in whatever form its first bytes say, or in one that it is taken for: every row is counted once, and the
// documents do not depend on where blocks end.
fuzz_target!(|bytes: &[u8]| {
    let Some((&first, corpus)) = bytes.split_first() else { return };
    let format = [None, Some(CorpusFormat::Json), Some(CorpusFormat::Csv), Some(CorpusFormat::Text)];
    let read = |block_bytes: usize| -> Option<(u64, CorpusTally)> {
        let options = CorpusOptions {
            block_bytes,
            people: first & 4 != 0,
            lines: first & 8 != 0,
            max_record_bytes: 1 << 16,
            ..CorpusOptions::default()
        };
        let plan = CorpusPlan::new(&options).ok()?;
        let reader = CorpusReader::new(corpus, format[usize::from(first % 4)], &options, "corpus").ok()?;
        let (mut parser, mut tally, mut texts) = (CorpusParser::new(&plan), CorpusTally::default(), 0_u64);
        for block in reader.map_while(Result::ok) {
            let visit = &mut |_, document: &stillwatch_core::Document<'_>| texts += document.text.len() as u64;
            parser.documents(&block, &mut tally, visit).ok()?;
        }
        Some((texts, tally))
    };
    if let Some((texts, tally)) = read(1 << 20) {
        let with: u64 = tally.shapes.values().sum();
        assert_eq!(tally.rows, with + tally.without_text.count + tally.rejected_rows());
        assert_eq!(texts, tally.text_bytes);
    }
});
