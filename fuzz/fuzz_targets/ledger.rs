#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_lineage::{Graph, Ledger, LedgerLimits};

// What a ledger holds can be asked, however it was come by.
fuzz_target!(|bytes: &[u8]| {
    if let Ok(ledger) = Ledger::read(bytes, &LedgerLimits::default()) {
        let graph = Graph::of(&ledger, None);
        let again = Ledger::read(bytes, &LedgerLimits::default()).expect("read before");
        let second = Graph::of(&again, None);
        assert_eq!(graph.edges().len(), second.edges().len(), "two readings differ");
        assert_eq!(graph.facts().len(), second.facts().len(), "two readings differ");
    }
});
