#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_core::IndicatorValue;
use stillwatch_ingest::read_watchlist;

// A list is read whole or refused, the same both times; what is refused is told without the values of indicators.
fuzz_target!(|bytes: &[u8]| {
    match (read_watchlist(bytes), read_watchlist(bytes)) {
        (Ok(list), Ok(again)) => {
            assert_eq!(list, again, "two readings differ");
            for indicator in &list {
                assert!(indicator.confidence <= 100 && indicator.valid_from <= indicator.valid_until);
                if let IndicatorValue::Plain(value) = &indicator.value {
                    assert!(!value.expose().is_empty(), "an indicator without a value");
                }
            }
        }
        (Err(error), Err(again)) => {
            assert_eq!(error.to_string(), again.to_string(), "two readings differ");
            assert!(!error.to_string().is_empty());
        }
        _ => panic!("read once and refused once"),
    }
});
