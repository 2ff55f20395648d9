#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stillwatch_core::{Day, Exchange, Key, Micros};
use stillwatch_digest::{AccountWindow, DayDigest, DigestBuilder, Fingerprinter};

/// A sound digest of a few exchanges.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut fingerprinter = Fingerprinter::new(&Key::from_bytes([9; 32]));
    let mut day = DigestBuilder::default();
    for second in 0..5 {
        let prompt = "the common words of a template are followed by others of its own in each of the requests";
        let exchange = Exchange {
            time: Micros::from_seconds(second),
            account: "account",
            prompt: Some(prompt),
            ip: Some("192.0.2.1"),
            ..Exchange::default()
        };
        day.add(fingerprinter.fingerprint(&exchange)).expect("sound");
    }
    day.finish().expect("one digest").encode()
});

// Bytes as they are, or a sound digest in which bytes are changed (two for the place, one for the value): what is decoded
// is what was encoded, and uniting it with itself changes nothing of it.
fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let mut encoded = if first % 2 == 0 { SOUND.clone() } else { rest.to_vec() };
    if first % 2 == 0 {
        for change in rest.chunks_exact(3) {
            let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % encoded.len();
            encoded[place] = change[2];
        }
    }
    let mut builder = DigestBuilder::default();
    let added = builder.add(&encoded);
    let Ok(digest) = DayDigest::decode(&encoded) else { return };
    assert!(added.is_ok(), "decoded, and not added");
    assert_eq!(digest.encode(), encoded, "not canonical");
    builder.add(&encoded).expect("added before");
    assert_eq!(builder.finish().expect("one digest"), digest, "a digest twice is another");
    let _ = (digest.exchanges(), digest.is_sampled(), digest.served().0.count());
    let _ = AccountWindow::unite([(Day(0), digest.clone()), (Day(1), digest)]);
});
