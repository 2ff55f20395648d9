use std::cmp::Ordering;
use std::collections::BTreeMap;

use stillwatch_core::{Account, Day, Micros, count, ratio};
use stillwatch_digest::{AccountWindow, Intent, Kind, Outcome};

use crate::deeds::Deeds;
use crate::parameters::{LEAST_REPEATS, MOST_ONCE, SILENCE_SECONDS};

const MOST_IN_A_SLOT: usize = 8 * MOST_ONCE;
const SECONDS_PER_MINUTE: i64 = 60;
const MINUTES_PER_DAY: i32 = 1_440;

/// An organisation, as the account table names it or as a fingerprint of the log's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Organization<'a> {
    Named(&'a str),
    Logged(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner<'a> {
    Organization(Organization<'a>),
    Account(&'a str),
}

/// What detection keeps of one account's window: repeated passages, identities, times and totals.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) account: Account,
    /// Whether a permit names it without covering all that it did.
    pub(crate) named_by_permit: bool,
    /// Whether the account table had a row for it.
    pub(crate) in_table: bool,
    pub(crate) exchanges: u64,
    pub(crate) answered: u64,
    pub(crate) with_text: u64,
    pub(crate) in_conversation: u64,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) completions: u64,
    pub(crate) first: Micros,
    pub(crate) last: Micros,
    /// Passages that repeat, ascending, with the set of slots they fill.
    pub(crate) passages: Vec<(u64, u64)>,
    /// The slots that exchanges with text fill.
    pub(crate) text_slots: u64,
    /// Passages that fill a single slot: what is asked for, and wording that does not repeat.
    pub(crate) once: Once,
    /// Distinct whole prompts, shortened.
    pub(crate) prompts: Vec<u32>,
    /// Whether it asks for several answers to one prompt.
    pub(crate) resamples: bool,
    /// Conversations, and those of them that have a single exchange.
    pub(crate) conversations: u64,
    lone_turns: u64,
    /// Distinct minutes (since the epoch) with an exchange, ascending.
    pub(crate) minutes: Vec<i32>,
    /// Minutes with more than one exchange, ascending, and how many more.
    busy: Vec<(i32, u64)>,
    pub(crate) hours: [u32; 24],
    /// Seconds at which it began after a silence.
    pub(crate) starts: Vec<i64>,
    /// Seconds at which it was refused for its rate and fell silent.
    pub(crate) stops: Vec<i64>,
    /// Models and clients with the day on which it first used each.
    pub(crate) first_days: Vec<(u64, Day)>,
    pub(crate) active_days: u64,
    /// Fingerprints with the number of slots they fill, kind by kind.
    features: Vec<(u64, u32)>,
    /// Exchanges one by one.
    pub(crate) deeds: Deeds,
    /// End users with the set of slots they fill, ascending.
    pub(crate) end_users: Vec<(u64, u64)>,
    /// Where each kind begins in `features`, and how many there are.
    kinds: [(u32, u32); Kind::COUNT],
    /// Of the kinds of which one is taken for the account's own, the fingerprint that it uses most.
    foremost: [Option<u64>; FOREMOST.len()],
}

/// Kinds of which one is taken for the account's own.
const FOREMOST: [Kind; 4] = [Kind::Ja4, Kind::UserAgent, Kind::Organization, Kind::Parameters];

impl Profile {
    pub(crate) fn new(account: Account, in_table: bool, window: &AccountWindow) -> Self {
        let (first, last) = window.span().unwrap_or_default();
        let mut profile = Self {
            account,
            named_by_permit: false,
            in_table,
            exchanges: window.total,
            answered: 0,
            with_text: 0,
            in_conversation: 0,
            input_tokens: 0,
            output_tokens: 0,
            completions: 0,
            first,
            last,
            passages: Vec::new(),
            text_slots: window.slots_kept() & window.slots(Kind::Prompt).fold(0, |all, (_, slots)| all | slots),
            once: Once::new(window),
            prompts: collected(window.counts(Kind::Prompt).map(|(prompt, _)| shortened(prompt))),
            resamples: false,
            conversations: 0,
            lone_turns: 0,
            minutes: Vec::new(),
            busy: Vec::new(),
            hours: [0; 24],
            starts: Vec::new(),
            stops: Vec::new(),
            first_days: window.first_days().to_vec(),
            active_days: 0,
            features: Vec::new(),
            deeds: Deeds::new(window),
            end_users: collected(window.slots(Kind::EndUser)),
            kinds: [(0, 0); Kind::COUNT],
            foremost: FOREMOST.map(|kind| foremost(window, kind)),
        };
        profile.read_exchanges(window);
        profile.passages =
            collected(window.slots(Kind::Passage).filter(|(_, slots)| slots.count_ones() >= LEAST_REPEATS));
        profile.resamples = profile.completions > profile.exchanges
            || window.counts(Kind::Prompt).any(|(_, slots)| slots >= LEAST_REPEATS);
        for (_, slots) in window.counts(Kind::Conversation) {
            profile.conversations += 1;
            profile.lone_turns += u64::from(slots == 1);
        }
        for kind in Kind::ALL {
            let begin = profile.features.len();
            if !matches!(kind, Kind::Passage | Kind::Prompt | Kind::Conversation | Kind::Word) {
                profile.features.extend(window.counts(kind));
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "an account has fewer than 2^32 fingerprints in a window"
            )]
            let range = (begin as u32, (profile.features.len() - begin) as u32);
            profile.kinds[kind.index()] = range;
        }
        profile.features.shrink_to_fit();
        profile
    }

    /// Passages that repeat, and those that do not as far as they are kept, shortened, with the slots they fill.
    pub(crate) fn said(&self) -> impl Iterator<Item = (u32, u64)> {
        let repeated = self.passages.iter().map(|&(passage, slots)| (shortened(passage), slots));
        let once = self.once.passages.iter().zip(&self.once.slots);
        repeated.chain(once.map(|(&passage, &slot)| (passage, 1 << slot)))
    }

    /// Orders accounts by what they did: by times and numbers alone, which depend neither on the key nor on names.
    pub(crate) fn by_conduct(&self, other: &Self) -> Ordering {
        let numbers = |of: &Self| {
            let counts = [of.exchanges, of.answered, of.with_text, of.in_conversation, of.completions];
            (of.first, of.last, counts, [of.input_tokens, of.output_tokens])
        };
        numbers(self)
            .cmp(&numbers(other))
            .then_with(|| (&self.minutes, &self.starts, self.hours).cmp(&(&other.minutes, &other.starts, other.hours)))
    }

    /// The fingerprints of a kind, ascending, each with the number of slots it fills; those of passages, prompts and
    /// conversations are not kept here.
    pub(crate) fn features(&self, kind: Kind) -> &[(u64, u32)] {
        let (begin, count) = self.kinds[kind.index()];
        self.features.get(begin as usize..(begin + count) as usize).unwrap_or_default()
    }

    /// Whether it used no other models than these, given as fingerprints; none given means any.
    pub(crate) fn uses_only(&self, models: &[u64]) -> bool {
        models.is_empty() || self.features(Kind::Model).iter().all(|(model, _)| models.contains(model))
    }

    /// Share of its prompts that show an intent.
    pub(crate) fn share_of(&self, intent: Intent) -> f64 {
        let shown = self.features(Kind::Intent).iter().find(|feature| feature.0 == intent.fingerprint());
        let slots = f64::from(self.text_slots.count_ones().max(1));
        shown.map_or(0.0, |(_, shown)| f64::from(*shown) / slots)
    }

    /// Minutes with an exchange, ascending, each with its exchanges.
    pub(crate) fn active(&self) -> impl Iterator<Item = (i32, u64)> {
        let mut busy = self.busy.iter().peekable();
        self.minutes.iter().map(move |&minute| {
            let more = busy.next_if(|of| of.0 == minute).map_or(0, |of| of.1);
            (minute, 1 + more)
        })
    }

    /// Exchanges per active day.
    pub(crate) fn daily(&self) -> f64 {
        ratio(self.exchanges, self.active_days)
    }

    /// Share of exchanges that belong to no conversation or are the only one of theirs.
    pub(crate) fn single_turns(&self) -> f64 {
        ratio(self.exchanges.saturating_sub(self.in_conversation) + self.lone_turns, self.exchanges).min(1.0)
    }

    /// How evenly the hours of the day are used, as [`mean_direction`] tells.
    pub(crate) fn clock(&self) -> f64 {
        mean_direction(&self.hours)
    }

    /// Its organisation: that of the account table, or else the one that the log names most often.
    pub(crate) fn organization(&self) -> Option<Organization<'_>> {
        if let Some(organization) = &self.account.organization {
            return Some(Organization::Named(organization.as_str()));
        }
        self.foremost(Kind::Organization).map(Organization::Logged)
    }

    /// The TLS client, user agent, organisation or sampling parameters that it uses most.
    pub(crate) fn foremost(&self, kind: Kind) -> Option<u64> {
        FOREMOST.iter().zip(self.foremost).find(|of| *of.0 == kind)?.1
    }

    /// Whoever answers for the account: its organisation, or itself.
    pub(crate) fn owner(&self) -> Owner<'_> {
        self.organization().map_or(Owner::Account(self.account.account.as_str()), Owner::Organization)
    }

    fn read_exchanges(&mut self, window: &AccountWindow) {
        let mut before: Option<(i64, bool)> = None;
        for exchange in &window.exchanges {
            let record = &exchange.record;
            let limited = record.outcome() == Outcome::Limited;
            if before.is_none_or(|(last, _)| exchange.second - last > SILENCE_SECONDS) {
                self.starts.push(exchange.second);
                self.stops.extend(before.filter(|(_, limited)| *limited).map(|(last, _)| last));
            }
            before = Some((exchange.second, limited));
            if record.outcome() == Outcome::Answered {
                self.answered += exchange.weight;
            }
            self.with_text += exchange.weight * u64::from(record.has_text());
            self.in_conversation += exchange.weight * u64::from(record.in_conversation());
            self.input_tokens += exchange.weight * u64::from(record.input_tokens);
            self.output_tokens += exchange.weight * u64::from(record.output_tokens);
            self.completions += exchange.weight * u64::from(record.completions);
            let minute = minute_of(exchange.second);
            let more = exchange.weight - u64::from(self.minutes.last() != Some(&minute));
            match self.busy.last_mut() {
                Some(last) if last.0 == minute => last.1 += more,
                _ if more > 0 => self.busy.push((minute, more)),
                _ => {}
            }
            self.minutes.push(minute);
            if let Some(count) = self.hours.get_mut(hour_of(exchange.second)) {
                *count += 1;
            }
        }
        self.stops.extend(before.filter(|(_, limited)| *limited).map(|(last, _)| last));
        self.starts.shrink_to_fit();
        self.minutes.dedup();
        self.minutes.shrink_to_fit();
        self.busy.shrink_to_fit();
        let day = |minute: &i32| minute.div_euclid(MINUTES_PER_DAY);
        self.active_days = count(self.minutes.chunk_by(|a, b| day(a) == day(b)).count());
    }
}

/// How evenly the hours of the day are used: the length of the mean direction on the 24-hour circle (Rayleigh), 0 for a flat
/// clock and 1 for a single hour.
pub(crate) fn mean_direction(hours: &[u32; 24]) -> f64 {
    let (mut x, mut y, mut total) = (0.0, 0.0, 0.0);
    for (hour, &count) in (0_u32..).zip(hours) {
        let angle = f64::from(hour) * std::f64::consts::TAU / 24.0;
        x += f64::from(count) * angle.cos();
        y += f64::from(count) * angle.sin();
        total += f64::from(count);
    }
    if total > 0.0 { x.hypot(y) / total } else { 1.0 }
}

/// Minutes since the epoch; the few moments that 32 bits do not hold lie four thousand years away.
fn minute_of(second: i64) -> i32 {
    let minute = second.div_euclid(SECONDS_PER_MINUTE).clamp(i32::MIN.into(), i32::MAX.into());
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let minute = minute as i32;
    minute
}

/// The hour of the day, UTC.
fn hour_of(second: i64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "0 to 23")]
    let hour = second.div_euclid(3_600).rem_euclid(24).unsigned_abs() as usize;
    hour
}

/// The fingerprint that fills most slots; among equals, the one whose slots come first, which says the same under any key.
fn foremost(window: &AccountWindow, kind: Kind) -> Option<u64> {
    let most = window.slots(kind).max_by_key(|&(_, slots)| (slots.count_ones(), slots.reverse_bits()));
    most.map(|of| of.0)
}

/// Passages that fill a single slot. Whole slots are kept, in their order and up to a bound, so that what is kept depends
/// on the exchanges and not on the key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Once {
    /// Shortened, in the order of their slots.
    passages: Vec<u32>,
    slots: Vec<u8>,
}

impl Once {
    fn new(window: &AccountWindow) -> Self {
        let singles = || window.slots(Kind::Passage).filter_map(|(passage, slots)| Some((passage, only(slots)?)));
        let mut of_slot: BTreeMap<u8, usize> = BTreeMap::new();
        singles().for_each(|(_, slot)| *of_slot.entry(slot).or_default() += 1);
        let mut count = 0;
        let fitting = of_slot.iter().take_while(|(_, of)| {
            count += **of;
            count <= MOST_ONCE
        });
        // Where the first slot is too full by itself, the emptiest is kept, as far as it goes.
        let emptiest = || of_slot.iter().min_by_key(|(slot, of)| (**of, **slot)).map(|(slot, _)| (*slot, *slot));
        let kept = fitting.last().map(|(slot, _)| (0, *slot)).or_else(emptiest);
        let mut once: Vec<(u8, u32)> = singles()
            .filter(|(_, slot)| kept.is_some_and(|(first, last)| (first..=last).contains(slot)))
            .map(|(passage, slot)| (slot, shortened(passage)))
            .collect();
        once.sort_unstable();
        // Only accounts whose every slot is fuller than this lose anything here, and only here does the key decide what.
        once.truncate(MOST_IN_A_SLOT);
        once.shrink_to_fit();
        Self { passages: once.iter().map(|once| once.1).collect(), slots: once.iter().map(|once| once.0).collect() }
    }

    pub(crate) fn passages(&self) -> &[u32] {
        &self.passages
    }
}

/// The slot of a set of one.
fn only(slots: u64) -> Option<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "a slot is one of 64")]
    slots.is_power_of_two().then(|| slots.trailing_zeros() as u8)
}

fn collected<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.collect();
    list.shrink_to_fit();
    list
}

/// Enough to tell the passages of a window apart.
pub(crate) fn shortened(passage: u64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low bits; the high ones are alike where passages are sampled"
    )]
    let low = passage as u32;
    low
}

#[cfg(test)]
impl Profile {
    pub(crate) fn set_features(&mut self, kind: Kind, features: &[(u64, u32)]) {
        let begin = u32::try_from(self.features.len()).unwrap();
        self.features.extend_from_slice(features);
        self.kinds[kind.index()] = (begin, u32::try_from(features.len()).unwrap());
    }

    /// Passages that it says once, each with its slot.
    pub(crate) fn say_once(&mut self, passages: impl IntoIterator<Item = (u32, u8)>) {
        (self.once.passages, self.once.slots) = passages.into_iter().unzip();
    }
}
