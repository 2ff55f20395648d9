//! Watch-lists: indicators that somebody else saw, as JSON, NDJSON or CSV.

mod entry;
mod records;

use std::collections::{HashMap, HashSet};
use std::io::Read;

use stillwatch_core::{IndicatorKind, IndicatorValue, Micros, WatchedIndicator};

use crate::IngestError;
use crate::mistake::{Mistake, read_text, shown};

/// Reads a watch-list: `{"indicators": […]}`, a JSON list, one JSON object a line, or CSV with a header.
///
/// ```
/// let list = stillwatch_ingest::read_watchlist(&br#"{"indicators": [
///     {"kind": "network", "value": "192.0.2.0/24", "confidence": 70, "valid_from": "2026-09-01",
///      "valid_until": "2026-10-01", "marking": "TLP:AMBER", "source": "sharing group", "context": "proxy pool of a ring"}
/// ]}"#[..])?;
/// assert_eq!(list.len(), 1);
/// # Ok::<(), stillwatch_ingest::IngestError>(())
/// ```
///
/// One mistake makes the whole file an error. An empty file is one too, since it may have been cut off;
/// `{"indicators": []}` says that there are none. No error repeats a value.
pub fn read_watchlist(reader: impl Read) -> Result<Vec<WatchedIndicator>, IngestError> {
    let text = read_text(reader, FILE, MOST_BYTES)?;
    parse(&text).map_err(|mistake| mistake.of(FILE, &text))
}

const FILE: &str = "watch-list";
const MOST_BYTES: u64 = 256 << 20;
/// Indicators that a watch-list may hold.
const MOST_INDICATORS: usize = 1_000_000;

fn parse(text: &str) -> Result<Vec<WatchedIndicator>, Mistake> {
    let mut list = List::default();
    records::each(text, |record| {
        let at = record.at;
        list.add(entry::indicator(&record, list.indicators.len() + 1)?, at)
    })?;
    Ok(list.indicators)
}

/// What was read so far, and what it rules out.
#[derive(Default)]
struct List {
    indicators: Vec<WatchedIndicator>,
    ids: HashSet<String>,
    /// Spans of validity of what one source says of one value.
    spans: HashMap<(IndicatorKind, IndicatorValue, String), Vec<(Micros, Micros)>>,
}

impl List {
    fn add(&mut self, indicator: WatchedIndicator, at: usize) -> Result<(), Mistake> {
        if self.indicators.len() == MOST_INDICATORS {
            let reason = format!("there are more than {MOST_INDICATORS} indicators");
            return Err(Mistake::new(at, reason, "leave out what has expired, or split the list"));
        }
        if !self.ids.insert(indicator.id.clone()) {
            let reason = format!("there are two indicators {}", shown(&indicator.id));
            return Err(Mistake::new(at, reason, "give each an id of its own, or leave `id` out"));
        }
        let (from, until) = (indicator.valid_from, indicator.valid_until);
        let key = (indicator.kind, indicator.value.clone(), indicator.source.clone());
        let spans = self.spans.entry(key).or_default();
        if spans.iter().any(|&(other_from, other_until)| from < other_until && other_from < until) {
            return Err(Mistake::new(
                at,
                format!("its source has given the same {} before, for a time that overlaps", indicator.kind),
                "keep the one that is right; what is seen again later begins where the earlier one ends",
            ));
        }
        spans.push((from, until));
        self.indicators.push(indicator);
        Ok(())
    }
}
