#![no_main]

use std::io::{self, Cursor};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stillwatch_audit::index::{About, IndexBuilder, Matcher, Served, ServedIndex, info, merge};
use stillwatch_core::{Day, Key};

const MAGIC: &[u8] = b"SWSERVED";
const END: &[u8] = b"DEVRESWS";
const TEXT: &str = "the tide was low and the boats lay still on the sand of the bay while people walked out to gather \
                    mussels and talked of the storm that had taken the pier in the winter of the year before last";

fn key() -> Key {
    Key::from_bytes([7; 32])
}

/// A sound index without its checksum and end.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let spill: fn() -> io::Result<Cursor<Vec<u8>>> = || Ok(Cursor::default());
    let about = About { vendor: "Example".into(), models: vec!["example-1".into()] };
    let mut builder = IndexBuilder::new(&key(), about, spill).with_shorter();
    let served = Served { text: TEXT, prompt: Some("tell me of the bay"), exchange: "", day: Some(Day(20_000)) };
    builder.add(&served).expect("in memory");
    let mut file = Vec::new();
    builder.write(&mut file).expect("in memory");
    file.truncate(file.len() - 32 - END.len());
    file
});

// A forger knows the checksum too, so it is made to fit: of a sound index in which bytes are changed (two bytes for the
// place, one for the value), or of other bytes altogether.
fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let mut file = if first % 2 == 0 {
        let mut file = SOUND.clone();
        for change in rest.chunks_exact(3) {
            let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
            file[place] = change[2];
        }
        file
    } else {
        [MAGIC, rest].concat()
    };
    file.extend_from_slice(blake3::hash(&file).as_bytes());
    file.extend_from_slice(END);
    let _ = info(&file);
    let Ok(index) = ServedIndex::open(file.as_slice(), &key()) else { return };
    assert!(index.chance(1).is_finite());
    let overlap = Matcher::new(&index).read(TEXT).expect("in memory");
    assert!(overlap.fragments.iter().all(|fragments| fragments.share() <= 1.0));
    for span in &overlap.spans {
        assert!(span.start < span.end && TEXT.get(span.start..span.end).is_some());
    }
    let again = ServedIndex::open(file.as_slice(), &key()).expect("opened before");
    let _ = merge(&[index, again], &mut Vec::new());
});
