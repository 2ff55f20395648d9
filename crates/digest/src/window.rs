use stillwatch_core::{Day, Micros, SECONDS_PER_DAY};

use crate::digest::{DayDigest, DigestError};
use crate::record::Record;
use crate::threshold::{fingerprint_of, slot_of, slots_at};
use crate::{Kind, Outcome};

/// All days of one account, united.
#[derive(Clone, Debug, Default)]
pub struct AccountWindow {
    /// In order of time.
    pub exchanges: Vec<TimedRecord>,
    /// Number of exchanges; more than `exchanges` holds where a day was sampled.
    pub total: u64,
    entries: Vec<Vec<u64>>,
    levels: Vec<u8>,
    /// Models and clients with the first day on which each was used, ascending.
    first_days: Vec<(u64, Day)>,
    unsketched: bool,
}

/// The times and numbers of one exchange of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedRecord {
    /// Seconds since the epoch.
    pub second: i64,
    /// How many exchanges it stands for: 1, or more where a day was sampled.
    pub weight: u64,
    pub record: Record,
}

impl AccountWindow {
    /// Unites the days of one account, which may come in any order but not twice.
    pub fn unite(days: impl IntoIterator<Item = (Day, DayDigest)>) -> Result<Self, DigestError> {
        let mut window =
            Self { entries: vec![Vec::new(); Kind::COUNT], levels: vec![0; Kind::COUNT], ..Self::default() };
        let mut seen = Vec::new();
        for (day, digest) in days {
            seen.push(day);
            window.add(day, &digest);
        }
        seen.sort_unstable();
        if seen.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(DigestError::Overlap);
        }
        window
            .exchanges
            .sort_unstable_by_key(|exchange| (exchange.second, exchange.record.numbers(), exchange.record.key));
        window.first_days.sort_unstable();
        window.first_days.dedup_by_key(|first| first.0);
        for kind in Kind::ALL {
            let entries = &mut window.entries[kind.index()];
            entries.sort_unstable();
            entries.dedup();
            let level = window.levels[kind.index()];
            window.levels[kind.index()] = kind.sampling().fit(entries, level, kind.window_capacity());
        }
        Ok(window)
    }

    /// The fingerprints of a kind in ascending order, each with the number of its slots that are filled (1 to 64).
    pub fn counts(&self, kind: Kind) -> impl Iterator<Item = (u64, u32)> {
        self.entries
            .get(kind.index())
            .map_or(&[][..], Vec::as_slice)
            .chunk_by(|&a, &b| fingerprint_of(a) == fingerprint_of(b))
            .map(|chunk| (fingerprint_of(chunk[0]), stillwatch_core::at_most_u32(chunk.len())))
    }

    /// The fingerprints of a kind in ascending order, each with the set of its slots. Two fingerprints that came in the
    /// same exchange share a slot, so the sets also tell which go together and which take turns.
    pub fn slots(&self, kind: Kind) -> impl Iterator<Item = (u64, u64)> {
        self.entries
            .get(kind.index())
            .map_or(&[][..], Vec::as_slice)
            .chunk_by(|&a, &b| fingerprint_of(a) == fingerprint_of(b))
            .map(|chunk| (fingerprint_of(chunk[0]), chunk.iter().fold(0, |set, &entry| set | 1 << slot_of(entry))))
    }

    /// Models, user agents and TLS clients by fingerprint, each with the first day on which the account used it.
    pub fn first_days(&self) -> &[(u64, Day)] {
        &self.first_days
    }

    /// The slots of which everything that is said is kept: all 64, but of very busy accounts a half, a quarter and so on.
    pub fn slots_kept(&self) -> u64 {
        [Kind::Passage, Kind::Prompt, Kind::Word]
            .into_iter()
            .fold(u64::MAX, |all, kind| all & slots_at(self.level(kind)))
    }

    /// The sampling level of a kind. One in 2^level fingerprints is kept; of passages, prompts, skeletons and words, those in
    /// one of 2^level slots, and beyond level 6 one in 2^(level − 6) fingerprints of the first slot.
    pub fn level(&self, kind: Kind) -> u8 {
        self.levels.get(kind.index()).copied().unwrap_or(0)
    }

    /// Whether the words of all its prompts were looked at.
    pub fn is_sketched(&self) -> bool {
        !self.unsketched
    }

    /// Exchanges that were answered.
    pub fn answered(&self) -> u64 {
        self.exchanges.iter().filter(|e| e.record.outcome() == Outcome::Answered).map(|e| e.weight).sum()
    }

    /// The moments of the first and the last exchange.
    pub fn span(&self) -> Option<(Micros, Micros)> {
        let seconds = |exchange: &TimedRecord| Micros::from_seconds(exchange.second);
        Some((seconds(self.exchanges.first()?), seconds(self.exchanges.last()?)))
    }

    fn add(&mut self, day: Day, digest: &DayDigest) {
        let midnight = i64::from(day.0) * SECONDS_PER_DAY;
        self.total += digest.exchanges();
        self.unsketched |= digest.unsketched;
        self.exchanges.extend(digest.records.iter().map(|&record| TimedRecord {
            second: midnight + i64::from(record.second),
            weight: 1 << digest.record_level,
            record,
        }));
        for set in digest.sets.iter().filter(|set| set.kind != Kind::Served) {
            let level = &mut self.levels[set.kind.index()];
            *level = (*level).max(set.level);
            if matches!(set.kind, Kind::Model | Kind::UserAgent | Kind::Ja4) {
                let fingerprints = set.entries.chunk_by(|&a, &b| fingerprint_of(a) == fingerprint_of(b));
                self.first_days.extend(fingerprints.map(|chunk| (fingerprint_of(chunk[0]), day)));
            }
            self.entries[set.kind.index()].extend_from_slice(&set.entries);
        }
    }
}
