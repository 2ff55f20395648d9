use std::collections::{BTreeMap, VecDeque};

use super::attempt;
use super::draft::Draft;
use super::joining::{Ids, Joining};
use super::json::Json;
use super::pieces::unite;
use super::seen::Seen;
use super::table::{RETENTION, apply};
use super::waiting::{BOTH, Waiting};
pub(crate) use super::waiting::{FIRST, SECOND};
use crate::tally::Tally;

/// Columns that the caller's field map takes from elsewhere, with their paths.
pub(crate) type Overrides = Vec<(&'static str, String)>;

/// The bounds within which a session holds what waits.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Memory for halves that wait for each other, in bytes. Beyond it the oldest are given out alone.
    pub budget: usize,
    /// The moment, in microseconds since the epoch, after which no record can lie: it tells the year of times without
    /// one.
    pub latest: i64,
}

/// What an adapter gives its findings to: exchanges, halves of exchanges that wait for each other, facts that many
/// exchanges share. Everything that waits does so in bounded memory, and what does not find its half is counted.
pub(crate) struct Assembly {
    /// The parts that the files have: bit 0 is the first of [`LogSource::parts`](crate::LogSource::parts).
    pub(crate) parts: u8,
    /// After it, in microseconds, no record can lie.
    pub(crate) latest: i64,
    /// Spans that the spans of calls stand in, by which calls are told that only stand around others.
    pub(crate) around: Seen,
    /// When all exchanges of the session were made, where a file says so for all, in microseconds since 1970.
    pub(crate) when: Option<i64>,
    /// Names that an adapter found unknown itself.
    pub(crate) unknown: Vec<String>,
    joining: &'static Joining,
    budget: usize,
    number: u64,
    overrides: Overrides,
    facts: Waiting,
    halves: Waiting,
    recent: Waiting,
    ready: VecDeque<(u64, Draft)>,
    duplicates: u64,
    repeated_ids: u64,
    set_aside: BTreeMap<&'static str, u64>,
    unjoined: BTreeMap<&'static str, u64>,
}

impl Assembly {
    pub(crate) fn new(joining: &'static Joining, parts: u8, limits: SessionLimits) -> Self {
        Self {
            parts,
            latest: limits.latest,
            around: Seen::default(),
            when: None,
            unknown: Vec::new(),
            joining,
            budget: limits.budget,
            number: 0,
            overrides: Vec::new(),
            facts: Waiting::default(),
            halves: Waiting::default(),
            recent: Waiting::default(),
            ready: VecDeque::new(),
            duplicates: 0,
            repeated_ids: 0,
            set_aside: BTreeMap::new(),
            unjoined: BTreeMap::new(),
        }
    }

    /// A record begins.
    pub(crate) fn begin(&mut self, number: u64, overrides: &Overrides) {
        self.number = number;
        if self.overrides.len() != overrides.len() {
            self.overrides.clone_from(overrides);
        }
    }

    /// A draft of the exchange that a record holds, with what the caller's field map and every source's common names
    /// take from it.
    pub(crate) fn draft(&self, record: &Json) -> Draft {
        let mut draft = Draft::default();
        for (column, path) in &self.overrides {
            draft.put(column, record.at(path));
        }
        apply(RETENTION, record, &mut draft);
        draft
    }

    /// A record that holds no exchange, and what it is instead.
    pub(crate) fn set_aside(&mut self, what: &'static str) {
        *self.set_aside.entry(what).or_default() += 1;
    }

    /// An exchange that lacks something, and what to do about it.
    pub(crate) fn lacks(&mut self, what: &'static str) {
        *self.unjoined.entry(what).or_default() += 1;
    }

    /// What is told of an exchange before it begins. Under a key of which an exchange waits, another one follows.
    pub(crate) fn prelude(&mut self, key: &str, draft: Draft) {
        if self.halves.roles(key) & FIRST > 0 {
            self.give_out(key);
        }
        self.halves.add(key, self.number, 0, draft);
        while self.halves.bytes > self.budget {
            let Some(oldest) = self.halves.oldest() else { break };
            self.give_out(&oldest);
        }
    }

    /// A whole exchange. One with the id and the account of an exchange shortly before is a retry of it, or told twice.
    pub(crate) fn exchange(&mut self, draft: Draft) {
        self.settle(self.number, draft);
    }

    /// One half of an exchange. Both together are given out when both are there; alone, at the end.
    pub(crate) fn half(&mut self, key: &str, role: u8, draft: Draft) {
        let again = self.halves.roles(key) & role > 0;
        if again && (self.joining.closes || (self.joining.opens && role == FIRST)) {
            // A key that comes again is another exchange.
            self.give_out(key);
        }
        self.halves.add(key, self.number, role, draft);
        if self.joining.closes && self.halves.roles(key) == BOTH {
            self.give_out(key);
        }
        while self.halves.bytes > self.budget {
            let Some(oldest) = self.halves.oldest() else { break };
            self.give_out(&oldest);
        }
    }

    /// One half of an exchange of which no file has the other.
    pub(crate) fn alone(&mut self, role: u8, draft: Draft) {
        if let Some(what) = self.joining.halves.get(usize::from(role & FIRST)) {
            *self.unjoined.entry(what).or_default() += 1;
        }
        self.exchange(draft);
    }

    /// The number of the record, for what depends on the order of the file.
    pub(crate) fn line(&self) -> i64 {
        self.number.cast_signed()
    }

    /// A fact about all exchanges of this key.
    pub(crate) fn fact(&mut self, key: &str, fact: Draft) {
        if let Some(waiting) = self.halves.remove(key) {
            let rest: Vec<_> = waiting.drafts.into_iter().collect();
            for (number, mut draft) in rest {
                draft.fill(fact.clone());
                self.settle(number, draft);
            }
        }
        self.facts.add(key, self.number, FIRST, fact);
        while self.facts.bytes > self.budget / 2 {
            let Some(oldest) = self.facts.oldest() else { break };
            self.facts.remove(&oldest);
            *self.unjoined.entry("facts beyond the memory").or_default() += 1;
        }
    }

    /// An exchange that lacks the facts of this key. Where no file has the facts, it does not wait.
    pub(crate) fn wants(&mut self, key: &str, mut draft: Draft) {
        if self.parts & 1 == 0 {
            if let Some(what) = self.joining.halves.first() {
                *self.unjoined.entry(what).or_default() += 1;
            }
            return self.settle(self.number, draft);
        }
        if let Some(fact) = self.facts.get(key) {
            draft.fill(fact.clone());
            return self.settle(self.number, draft);
        }
        self.halves.add_beside(key, self.number, draft);
        while self.halves.bytes > self.budget / 2 {
            let Some(oldest) = self.halves.oldest() else { break };
            self.give_out(&oldest);
        }
    }

    /// Makes ready whatever still waits.
    pub(crate) fn finish(&mut self) {
        while let Some(oldest) = self.halves.oldest() {
            self.give_out(&oldest);
        }
        while let Some(oldest) = self.recent.oldest() {
            self.settled(&oldest);
        }
    }

    pub(crate) fn next(&mut self) -> Option<(u64, Draft)> {
        self.ready.pop_front()
    }

    pub(crate) fn count(&mut self, tally: &mut Tally) {
        tally.duplicates += std::mem::take(&mut self.duplicates);
        tally.repeated_ids += std::mem::take(&mut self.repeated_ids);
        for (what, count) in std::mem::take(&mut self.set_aside) {
            *tally.set_aside.entry(what.to_owned()).or_default() += count;
        }
        for (what, count) in std::mem::take(&mut self.unjoined) {
            *tally.unjoined.entry(what.to_owned()).or_default() += count;
        }
    }

    fn give_out(&mut self, key: &str) {
        let Some(waited) = self.halves.remove(key) else { return };
        // Role 0 marks exchanges that wait beside each other for a fact.
        let missing = match waited.roles {
            BOTH => None,
            0 => self.joining.halves.first(),
            roles => self.joining.halves.get(usize::from(roles & FIRST)),
        };
        if let Some(what) = missing.filter(|what| !what.is_empty()) {
            *self.unjoined.entry(what).or_default() += waited.drafts.len() as u64;
        }
        for (number, draft) in waited.drafts {
            self.settle(number, draft);
        }
    }

    /// Passes an exchange on, past the attempts of the last thousand.
    fn settle(&mut self, number: u64, mut draft: Draft) {
        unite(&mut draft);
        draft.bill();
        let act = draft.act.as_deref().or_else(|| draft.get_text("request_id"));
        let Some(id) = act.filter(|_| self.joining.ids != Ids::Apart) else {
            return self.ready.push_back((number, draft));
        };
        let key = format!("{id}\u{1f}{}", draft.get_text("account").unwrap_or_default());
        match self.recent.remove(&key).and_then(|before| before.drafts.into_iter().next()) {
            None => self.recent.add(&key, number, FIRST, draft),
            Some((first, before)) if attempt::is_one_act(&before, &draft, self.joining.ids) => {
                self.duplicates += 1;
                self.recent.add(&key, first, FIRST, attempt::one_act(before, draft));
            }
            Some(before) => {
                self.repeated_ids += 1;
                self.ready.push_back(before);
                self.recent.add(&key, number, FIRST, draft);
            }
        }
        while self.recent.len() > RECENT || self.recent.bytes > RECENT_BYTES {
            let Some(oldest) = self.recent.oldest() else { break };
            self.settled(&oldest);
        }
    }

    fn settled(&mut self, key: &str) {
        if let Some(waited) = self.recent.remove(key) {
            self.ready.extend(waited.drafts);
        }
    }
}

/// Retries follow within seconds; a busy gateway writes a thousand lines in as many.
const RECENT: usize = 1024;
const RECENT_BYTES: usize = 8 << 20;
