#![no_main]

use libfuzzer_sys::fuzz_target;
use stillwatch_ingest::read_policy;

// A policy is read whole or refused, the same both times, and its rules can be told apart.
fuzz_target!(|bytes: &[u8]| {
    match (read_policy(bytes), read_policy(bytes)) {
        (Ok(policy), Ok(again)) => {
            assert_eq!(policy, again, "two readings differ");
            let mut ids: Vec<&str> = policy.rules.iter().map(|rule| rule.id.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), policy.rules.len(), "two rules have one id");
        }
        (Err(error), Err(again)) => {
            assert_eq!(error.to_string(), again.to_string(), "two readings differ");
            assert!(!error.to_string().is_empty());
        }
        _ => panic!("read once and refused once"),
    }
});
