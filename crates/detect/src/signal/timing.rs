//! Are accounts active in the same minutes more often, or less, than their presence explains?
//!
//! Programs that are driven together start in the same minutes; programs that share one queue of work avoid each
//! other, so that their sum is flat. People who share a lecture or a release share half-hours and no more. The null
//! therefore keeps which half-hours an account was active in and moves its activity round within each of them. A
//! second null exchanges what an account did on its active days and so keeps its habits (a job at five past every
//! hour): what habit explains is no evidence either.

use std::cmp::Ordering;

use stillwatch_core::{Random, float};

use crate::account::{AccountIndex, AccountSet};
use crate::index::{Lists, Per, Place, place};
use crate::parameters::{CELL_MINUTES, MOST_DAYS};
use crate::profile::Profile;

const MINUTES_PER_DAY: u32 = 1_440;
const CELLS_PER_DAY: usize = (MINUTES_PER_DAY / CELL_MINUTES) as usize;
const CELL: u32 = (1 << CELL_MINUTES) - 1;
/// Minutes in the wider of the two bins.
const WIDE: u32 = 5;
const EVERY_FIFTH: u32 = 0b00001_00001_00001_00001_00001_00001;
const WIDE_BINS: usize = (CELL_MINUTES / WIDE) as usize;
const NARROW_BINS: usize = CELL_MINUTES as usize;
const WITHIN_SEED: u64 = 0x5118;
const BETWEEN_SEED: u64 = 0x5119;

/// When each account was active: half-hour cells, each with a bit for every minute.
#[derive(Clone)]
pub(crate) struct Activity {
    cells: Lists<AccountIndex, (Cell, u32)>,
    /// Cells from the beginning to the end of the log.
    count: usize,
}

place! {
    /// The place of a half-hour in the log.
    Cell
}

impl Cell {
    fn day(self) -> usize {
        self.place() / CELLS_PER_DAY
    }

    fn on_day(self, day: usize) -> Self {
        Self::new(day * CELLS_PER_DAY + self.place() % CELLS_PER_DAY)
    }

    fn of_minute(minute: u32) -> Self {
        Self(minute / CELL_MINUTES)
    }

    fn minute(self, within: u32) -> u32 {
        self.0 * CELL_MINUTES + within
    }
}

impl Activity {
    /// `without` leaves all activity out.
    pub(crate) fn new(profiles: &[Profile], without: bool) -> Self {
        Self::of_minutes(&profiles.iter().map(|profile| profile.minutes.as_slice()), without)
    }

    /// `lists` are each account's minutes since the epoch, ascending.
    pub(crate) fn of_minutes<'a>(lists: &(impl Iterator<Item = &'a [i32]> + Clone), without: bool) -> Self {
        let mut starts: Vec<i32> = lists.clone().filter_map(|list| list.first().copied()).collect();
        starts.sort_unstable();
        let middle = starts.get(starts.len() / 2).copied().unwrap_or(0);
        let near = |minute: &i32| !without && minute.abs_diff(middle) <= MOST_DAYS * MINUTES_PER_DAY;
        let all = || lists.clone().flat_map(|list| list.iter().copied()).filter(near);
        let origin =
            i64::from(all().min().unwrap_or(0)).div_euclid(MINUTES_PER_DAY.into()) * i64::from(MINUTES_PER_DAY);
        let cells: Lists<AccountIndex, (Cell, u32)> = lists
            .clone()
            .map(|list| {
                let mut cells: Vec<(Cell, u32)> = Vec::new();
                for minute in list.iter().copied().filter(near) {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "800 days at most")]
                    let offset = (i64::from(minute) - origin) as u32;
                    let (cell, bit) = (Cell::of_minute(offset), 1 << (offset % CELL_MINUTES));
                    match cells.last_mut() {
                        Some(last) if last.0 == cell => last.1 |= bit,
                        _ => cells.push((cell, bit)),
                    }
                }
                cells
            })
            .collect();
        let last = cells.iter().filter_map(|(_, cells)| cells.last()).map(|cell| cell.0).max().unwrap_or_default();
        Self { cells, count: (last.day() + 1) * CELLS_PER_DAY }
    }

    /// What was done on the odd days of the log, or on the even ones.
    pub(crate) fn half(&self, odd: bool) -> Self {
        let on = |cell: &&(Cell, u32)| (cell.0.day() % 2 == 1) == odd;
        let cells = self.cells.iter().map(|(_, cells)| cells.iter().filter(on).copied()).collect();
        Self { cells, count: self.count }
    }

    /// How many accounts there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountIndex> + Clone + use<> {
        self.cells.places()
    }

    /// The minutes in which an account was active, ascending, from the beginning of the log.
    pub(crate) fn minutes_of(&self, account: AccountIndex) -> impl Iterator<Item = u32> {
        self.cells.of(account).iter().flat_map(|&(cell, minutes)| {
            (0..CELL_MINUTES).filter(move |minute| minutes >> minute & 1 == 1).map(move |minute| cell.minute(minute))
        })
    }

    /// In how many common minutes two accounts would be active if each kept its half-hours and no more.
    pub(crate) fn expected_meetings(&self, a: AccountIndex, b: AccountIndex) -> f64 {
        let (mut a, mut b) = (self.cells.of(a).iter().peekable(), self.cells.of(b).iter().peekable());
        let mut expected = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.0.cmp(&y.0) {
                Ordering::Less => _ = a.next(),
                Ordering::Greater => _ = b.next(),
                Ordering::Equal => {
                    expected += x.1.count_ones() * y.1.count_ones();
                    a.next();
                    b.next();
                }
            }
        }
        f64::from(expected) / f64::from(CELL_MINUTES)
    }

    /// At how many of these minutes (ascending) an account was active, and at how many it would be if it kept its
    /// half-hours and no more.
    pub(crate) fn attendance(&self, account: AccountIndex, meetings: &[u32]) -> (u64, f64) {
        let (mut came, mut expected) = (0, 0.0);
        for &(cell, minutes) in self.cells.of(account) {
            let from = meetings.partition_point(|&meeting| Cell::of_minute(meeting) < cell);
            let held = meetings.iter().skip(from).take_while(|meeting| Cell::of_minute(**meeting) == cell);
            let mut count = 0_u32;
            for meeting in held {
                count += 1;
                came += u64::from(minutes >> (meeting % CELL_MINUTES) & 1);
            }
            expected += f64::from(count * minutes.count_ones()) / f64::from(CELL_MINUTES);
        }
        (came, expected)
    }

    pub(crate) fn observed(&self, accounts: &AccountSet, counter: &mut Counter) -> Pairs {
        counter.prepare(self.count);
        for account in accounts.iter() {
            for &(cell, minutes) in self.cells.of(account) {
                counter.add(cell, minutes);
            }
        }
        counter.take()
    }

    /// Each cell of each account turned round by a random number of minutes; an account turns the same way in every set
    /// of a round.
    pub(crate) fn within_cells(&self, accounts: &AccountSet, round: u64, counter: &mut Counter) -> Pairs {
        counter.prepare(self.count);
        for account in accounts.iter() {
            let mut random = Random::new(WITHIN_SEED ^ account.stream() << 20, round);
            for &(cell, minutes) in self.cells.of(account) {
                counter.add(cell, rotate(minutes, random.below(NARROW_BINS)));
            }
        }
        counter.take()
    }

    /// For each account, the pairs that it is part of: as observed, or as in a round of [`Self::within_cells`].
    pub(crate) fn each(&self, accounts: &AccountSet, round: Option<u64>, counter: &mut Counter) -> Vec<Pairs> {
        counter.prepare(self.count);
        let moved = |account: AccountIndex, take: &mut dyn FnMut(Cell, u32)| {
            let mut random = round.map(|round| Random::new(WITHIN_SEED ^ account.stream() << 20, round));
            for &(cell, minutes) in self.cells.of(account) {
                let by = random.as_mut().map_or(0, |random| random.below(NARROW_BINS));
                take(cell, rotate(minutes, by));
            }
        };
        for account in accounts.iter() {
            moved(account, &mut |cell, minutes| counter.add(cell, minutes));
        }
        let mut each = Vec::new();
        for account in accounts.iter() {
            let mut pairs = Pairs::default();
            moved(account, &mut |cell, minutes| counter.others(cell, minutes, &mut pairs));
            each.push(pairs);
        }
        counter.take();
        each
    }

    /// What each account did on its active days, dealt anew to those days.
    pub(crate) fn between_days(&self, accounts: &AccountSet, round: u64, counter: &mut Counter) -> Pairs {
        counter.prepare(self.count);
        let mut dealt: Vec<usize> = Vec::new();
        for account in accounts.iter() {
            let days = || self.cells.of(account).chunk_by(|a, b| a.0.day() == b.0.day());
            let mut random = Random::new(BETWEEN_SEED ^ account.stream() << 20, round);
            dealt.clear();
            dealt.extend(days().filter_map(|day| day.first()).map(|cell| cell.0.day()));
            random.shuffle(&mut dealt);
            for (&day, cells) in dealt.iter().zip(days()) {
                for &(cell, minutes) in cells {
                    counter.add(cell.on_day(day), minutes);
                }
            }
        }
        counter.take()
    }
}

/// Pairs of accounts that were active in the same minute, and in the same five minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Pairs {
    narrow: f64,
    wide: f64,
}

/// How near to each other two accounts must be active to be a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Minute,
    FiveMinutes,
}

impl Width {
    pub(crate) const ALL: [Self; 2] = [Self::Minute, Self::FiveMinutes];
}

impl Pairs {
    pub(crate) fn at(self, width: Width) -> f64 {
        match width {
            Width::Minute => self.narrow,
            Width::FiveMinutes => self.wide,
        }
    }
}

fn rotate(minutes: u32, by: usize) -> u32 {
    let wide = u64::from(minutes) << by;
    #[expect(clippy::cast_possible_truncation, reason = "30 bits are kept")]
    let folded = (wide | wide >> CELL_MINUTES) as u32;
    folded & CELL
}

/// Counts accounts per bin, and pairs of them as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter {
    bins: Per<Cell, Bins>,
    touched: Vec<Cell>,
    pairs: (u64, u64),
}

/// Accounts in each minute of a half-hour, and in each five minutes.
#[derive(Clone, Copy, Debug, Default)]
struct Bins {
    narrow: [u16; NARROW_BINS],
    wide: [u16; WIDE_BINS],
}

impl Counter {
    fn prepare(&mut self, cells: usize) {
        if self.bins.len() < cells {
            self.bins.values_mut().resize(cells, Bins::default());
        }
    }

    fn add(&mut self, cell: Cell, minutes: u32) {
        self.touched.push(cell);
        let Bins { narrow, wide } = self.bins.of_mut(cell);
        self.pairs.0 += enter::<1>(narrow, minutes);
        self.pairs.1 += enter::<WIDE>(wide, widened(minutes));
    }

    /// Adds the accounts that share a bin with one whose minutes are counted already.
    fn others(&self, cell: Cell, minutes: u32, pairs: &mut Pairs) {
        let Bins { narrow, wide } = self.bins.of(cell);
        pairs.narrow += others::<1>(narrow, minutes);
        pairs.wide += others::<{ WIDE as usize }>(wide, widened(minutes));
    }

    fn take(&mut self) -> Pairs {
        for cell in self.touched.drain(..) {
            *self.bins.of_mut(cell) = Bins::default();
        }
        let (narrow, wide) = std::mem::take(&mut self.pairs);
        Pairs { narrow: float(narrow), wide: float(wide) }
    }
}

/// Counts an account in each bin that is set, and gives the pairs that it makes with those counted before. The bits of the
/// bins are `STEP` apart; of an empty set, the lowest bit lies beyond the last bin.
fn enter<const STEP: u32>(bins: &mut [u16], mut set: u32) -> u64 {
    let mut pairs = 0;
    while let Some(accounts) = bins.get_mut((set.trailing_zeros() / STEP) as usize) {
        set &= set - 1;
        pairs += u64::from(*accounts);
        *accounts = accounts.saturating_add(1);
    }
    pairs
}

/// How many others are in the bins that are set.
fn others<const STEP: usize>(bins: &[u16], set: u32) -> f64 {
    let active = bins.iter().enumerate().filter(|(bin, _)| set >> (bin * STEP) & 1 == 1);
    active.map(|(_, accounts)| f64::from(accounts.saturating_sub(1))).sum()
}

/// The five minutes that hold any of these minutes, by the bits of their first minutes.
fn widened(minutes: u32) -> u32 {
    let any = (1..WIDE).fold(minutes, |any, by| any | minutes >> by);
    any & EVERY_FIFTH
}

#[cfg(test)]
mod tests {
    use super::{Activity, CELL, Counter, Pairs, Width, rotate, widened};
    use crate::account::AccountSet;

    const DAY: i32 = 1_440;

    #[test]
    fn five_minutes_hold_their_minutes() {
        assert_eq!(widened(0b10000), 1);
        assert_eq!(widened(0b10_0000), 1 << 5);
        assert_eq!(widened(1 << 29), 1 << 25);
        assert_eq!(widened(0), 0);
    }

    /// Three accounts in the same minute of ten days, a fourth three minutes later.
    #[test]
    fn pairs_are_counted_by_minute_and_by_five_minutes() {
        let days = |minute: i32| -> Vec<i32> { (0..10).map(|day| day * DAY + minute).collect() };
        let lists = [days(600), days(600), days(600), days(603)];
        let activity = Activity::of_minutes(&lists.iter().map(Vec::as_slice), false);
        let (all, mut counter) = (AccountSet::from([0, 1, 2, 3]), Counter::default());
        let pairs = activity.observed(&all, &mut counter);
        assert_eq!(pairs, Pairs { narrow: 30.0, wide: 60.0 });
        let each = activity.each(&all, None, &mut counter);
        let early = Pairs { narrow: 20.0, wide: 30.0 };
        assert_eq!(each, [early, early, early, Pairs { narrow: 0.0, wide: 30.0 }]);
        // Days are dealt anew, but all have the same minute: what is a habit stays.
        assert_eq!(activity.between_days(&all, 1, &mut counter), pairs);
        // Within their half-hours they part.
        assert!(activity.within_cells(&all, 1, &mut counter).at(Width::Minute) < 15.0);
    }

    #[test]
    fn rotation_keeps_the_minutes_in_the_cell() {
        assert_eq!(rotate(1, 29), 1 << 29);
        assert_eq!(rotate(1 << 29, 1), 1);
        assert_eq!(rotate(0b101, 0), 0b101);
        assert_eq!(rotate(CELL, 17), CELL);
    }
}
