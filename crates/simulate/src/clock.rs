//! When requests are sent.

use std::sync::Arc;

use stillwatch_core::{Micros, Random, SECONDS_PER_DAY, at_most_u32, place, signed};

use crate::draw::Draw;

/// The part of the window in which an account is active.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: Micros,
    pub(crate) until: Micros,
}

impl Span {
    /// A moment inside.
    pub(crate) fn any(self, random: &mut Random) -> Micros {
        let width = place((self.until.0 - self.from.0).max(1).unsigned_abs());
        Micros(self.from.0 + signed(random.below(width)))
    }

    pub(crate) fn contains(self, moment: Micros) -> bool {
        moment >= self.from && moment < self.until
    }

    pub(crate) fn seconds(self) -> i64 {
        (self.until.0 - self.from.0) / 1_000_000
    }

    /// The part from `from` on; at least the last hour.
    pub(crate) fn starting(self, from: Micros) -> Self {
        let latest = Micros(self.until.0 - 3_600_000_000);
        Self { from: from.max(self.from).min(latest), until: self.until }
    }
}

/// One request's time and the sitting that it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) time: Micros,
    pub(crate) session: usize,
    pub(crate) visit: Option<Visit>,
    /// Whether it is refused because the account's quota is used up.
    pub(crate) limit: bool,
}

/// A request that somebody else's user makes through an account.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    /// Place in the account's clientele.
    pub(crate) person: usize,
    /// Turns before it in the user's conversation, whichever account carried them.
    pub(crate) turn: usize,
    /// Whether the same account carried the turn before, so that its prefix is in the cache.
    pub(crate) warm: bool,
}

impl Moment {
    pub(crate) fn of(time: Micros, session: usize) -> Self {
        Self { time, session, visit: None, limit: false }
    }
}

#[derive(Clone)]
pub(crate) enum Rhythm {
    /// Sittings of a person: hours of the day in their own time zone, fewer on weekends.
    Human { offset: i64, hours: &'static [u32; 24], weekend: usize, turns: usize },
    /// Requests that come whenever they come.
    Poisson,
    /// A timer: the same minute every so many hours, several requests each time.
    Timer { every_hours: i64, phase: i64, spacing: i64 },
    /// Runs started by hand, one request after the other.
    Runs { runs: usize, spacing: i64, offset: i64 },
    /// Around moments that a group shares.
    Around { moments: Arc<[Micros]>, spread: i64 },
    /// A shared queue that deals to one account after the other: this one's turn in each round.
    Turns { period: i64, turn: i64, jitter: i64 },
    /// Unattended, but the machine is off during these spans.
    Except { gaps: Arc<[Span]> },
    /// Unattended; `after` percent of it comes later than the change.
    Shifted { change: Micros, after: usize },
    /// Worked out beforehand.
    Script(Arc<[Moment]>),
}

impl Rhythm {
    pub(crate) fn office(offset: i64) -> Self {
        Self::Human { offset, hours: &OFFICE_HOURS, weekend: 18, turns: 5 }
    }

    pub(crate) fn leisure(offset: i64, random: &mut Random) -> Self {
        let hours = if random.chance(25) { &NIGHT_HOURS } else { &LEISURE_HOURS };
        Self::Human { offset, hours, weekend: 110, turns: 4 }
    }

    /// `count` moments inside the span, in order.
    pub(crate) fn moments(&self, count: usize, span: Span, random: &mut Random) -> Vec<Moment> {
        if let Self::Script(script) = self {
            return script.iter().filter(|moment| span.contains(moment.time)).take(count).copied().collect();
        }
        let mut moments = Vec::with_capacity(count);
        let mut session = 0;
        let mut attempts = 0;
        while moments.len() < count {
            attempts += 1;
            if attempts > 50 + 20 * count {
                moments.push(Moment::of(span.any(random), session));
                continue;
            }
            session += 1;
            self.sitting(count - moments.len(), session, span, random, &mut moments);
        }
        moments.sort_by_key(|moment| moment.time);
        moments
    }

    fn sitting(&self, left: usize, session: usize, span: Span, random: &mut Random, moments: &mut Vec<Moment>) {
        let (start, turns, shortest, longest) = match self {
            Self::Human { offset, hours, weekend, turns } => {
                let Some(start) = human_start(*offset, hours, *weekend, span, random) else {
                    return;
                };
                (start, 1 + random.heavy(1).min(*turns * 6).saturating_sub(1) + random.below(*turns), 8, 240)
            }
            Self::Poisson | Self::Script(_) => (span.any(random), 1, 1, 1),
            Self::Except { gaps } => {
                let start = span.any(random);
                if gaps.iter().any(|gap| gap.contains(start)) {
                    return;
                }
                (start, 1, 1, 1)
            }
            Self::Shifted { change, after } => {
                let later = random.chance(*after);
                let part = if later { span.starting(*change) } else { Span { until: span.until.min(*change), ..span } };
                (part.any(random), 1, 1, 1)
            }
            Self::Timer { every_hours, phase, spacing } => {
                let period = every_hours * 3600;
                let ticks = (span.seconds() / period).max(1);
                let tick = random.between_seconds(0, ticks - 1);
                let start = (span.from.seconds() / period + tick) * period + phase + random.between_seconds(0, 4);
                (exact(start, random), random.between(1, 6), *spacing, spacing + 2)
            }
            Self::Runs { runs, spacing, offset } => {
                let hours = if random.chance(85) { &OFFICE_HOURS } else { &NIGHT_HOURS };
                let Some(start) = human_start(*offset, hours, 40, span, random) else {
                    return;
                };
                (start, 1 + left.div_ceil((*runs).max(1)), *spacing, spacing * 3)
            }
            Self::Around { moments, spread } => {
                let centre = random.pick(moments).seconds();
                (exact(centre + random.between_seconds(0, *spread), random), random.between(1, 4), 2, 40)
            }
            Self::Turns { period, turn, jitter } => {
                let round = random.between_seconds(0, (span.seconds() / period).max(1) - 1);
                let start = span.from.seconds() + round * period + turn + random.between_seconds(0, *jitter);
                (exact(start, random), 1, 1, 1)
            }
        };
        let mut time = start;
        for _ in 0..turns.clamp(1, left) {
            if span.contains(time) {
                moments.push(Moment::of(time, session));
            }
            // Reading and typing times have a long tail.
            let gap = random.heavy(place(shortest.unsigned_abs()));
            let gap = signed(gap).min(longest * 4);
            time = Micros(time.0 + gap * 1_000_000 + random.between_seconds(0, 999_999));
        }
    }
}

/// The start of a sitting in somebody's own leisure.
pub(crate) fn leisure_start(offset: i64, span: Span, random: &mut Random) -> Option<Micros> {
    human_start(offset, &LEISURE_HOURS, 110, span, random)
}

/// The start of a sitting in somebody's working hours.
pub(crate) fn office_start(offset: i64, span: Span, random: &mut Random) -> Option<Micros> {
    human_start(offset, &OFFICE_HOURS, 18, span, random)
}

fn human_start(offset: i64, hours: &[u32; 24], weekend: usize, span: Span, random: &mut Random) -> Option<Micros> {
    let day =
        random.between_seconds(span.from.seconds() / SECONDS_PER_DAY, (span.until.0 - 1) / 1_000_000 / SECONDS_PER_DAY);
    // Day 0 of the epoch was a Thursday.
    let is_weekend = matches!((day + 3).rem_euclid(7), 5 | 6);
    if is_weekend && !random.chance(weekend) {
        return None;
    }
    let total: u32 = hours.iter().sum();
    let mut left = at_most_u32(random.below(total as usize));
    let mut hour = 0;
    while left >= hours[hour] {
        left -= hours[hour];
        hour += 1;
    }
    let local = signed(hour) * 3600 + random.between_seconds(0, 3599);
    let start = exact(day * SECONDS_PER_DAY + local - offset * 3600, random);
    span.contains(start).then_some(start)
}

/// A second with a random fraction.
fn exact(second: i64, random: &mut Random) -> Micros {
    Micros(second * 1_000_000 + random.between_seconds(0, 999_999))
}

const OFFICE_HOURS: [u32; 24] = [1, 0, 0, 0, 0, 1, 3, 10, 40, 80, 95, 90, 55, 70, 95, 90, 75, 50, 25, 15, 14, 12, 8, 3];
const LEISURE_HOURS: [u32; 24] =
    [14, 6, 3, 2, 1, 2, 6, 15, 25, 30, 32, 33, 36, 34, 32, 34, 40, 46, 52, 64, 72, 70, 54, 30];
const NIGHT_HOURS: [u32; 24] =
    [60, 50, 40, 28, 15, 6, 3, 3, 6, 10, 15, 18, 22, 25, 26, 28, 30, 32, 36, 42, 52, 62, 70, 68];

#[cfg(test)]
mod tests {
    use stillwatch_core::{Day, Random};

    use super::{Rhythm, Span};

    fn span() -> Span {
        Span { from: Day(20_000).start(), until: Day(20_028).start() }
    }

    #[test]
    fn every_rhythm_gives_the_number_asked_for_inside_the_span() {
        let moments = [span().from, Day(20_004).start()].into();
        let rhythms = [
            Rhythm::office(9),
            Rhythm::Poisson,
            Rhythm::Timer { every_hours: 6, phase: 120, spacing: 3 },
            Rhythm::Runs { runs: 3, spacing: 2, offset: -6 },
            Rhythm::Around { moments, spread: 600 },
            Rhythm::Turns { period: 1200, turn: 40, jitter: 5 },
            Rhythm::Except { gaps: [Span { from: Day(20_003).start(), until: Day(20_005).start() }].into() },
            Rhythm::Shifted { change: Day(20_009).start(), after: 80 },
        ];
        for (index, rhythm) in rhythms.iter().enumerate() {
            let times = rhythm.moments(300, span(), &mut Random::new(1, index as u64));
            assert_eq!(times.len(), 300, "rhythm {index}");
            assert!(times.iter().all(|moment| span().contains(moment.time)), "rhythm {index}");
            assert!(times.is_sorted_by_key(|moment| moment.time), "rhythm {index}");
        }
    }

    #[test]
    fn a_machine_that_is_off_sends_nothing() {
        let gap = Span { from: Day(20_003).start(), until: Day(20_005).start() };
        let times = Rhythm::Except { gaps: [gap].into() }.moments(2000, span(), &mut Random::new(1, 8));
        assert!(times.iter().all(|moment| !gap.contains(moment.time)));
    }

    #[test]
    fn a_shifted_load_comes_after_the_change() {
        let change = Day(20_021).start();
        let times = Rhythm::Shifted { change, after: 80 }.moments(2000, span(), &mut Random::new(1, 7));
        let later = times.iter().filter(|moment| moment.time >= change).count();
        assert!((1500..1700).contains(&later), "{later}");
    }

    #[test]
    fn office_people_sleep() {
        let times = Rhythm::office(0).moments(2000, span(), &mut Random::new(1, 9));
        let night = times.iter().filter(|moment| moment.time.seconds() / 3600 % 24 < 6).count();
        assert!(night < 60, "{night}");
    }
}
