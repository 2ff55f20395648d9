//! Are accounts active in the same minutes more often, or less, than their presence explains?
//!
//! Programs that are driven together start in the same minutes; programs that share one queue of work avoid each
//! other, so that their sum is flat. People who share a lecture or a release share half-hours and no more. The null
//! therefore keeps which half-hours an account was active in and moves its activity round within each of them. A
//! second null exchanges what an account did on its active days and so keeps its habits (a job at five past every
//! hour): what habit explains is no evidence either.

use stillwatch_core::{Random, SECONDS_PER_DAY};

use crate::parameters::{CELL_MINUTES, MOST_DAYS};
use crate::profile::Profile;

const CELLS_PER_DAY: i64 = SECONDS_PER_DAY / 60 / CELL_MINUTES as i64;
const CELL: u32 = (1 << CELL_MINUTES) - 1;
/// Minutes in the wider of the two bins.
const WIDE: u32 = 5;
const WIDE_BINS: usize = (CELL_MINUTES / WIDE) as usize;
const NARROW_BINS: usize = CELL_MINUTES as usize;
const WITHIN_SEED: u64 = 0x5118;
const BETWEEN_SEED: u64 = 0x5119;

/// Pairs of accounts that were active in the same minute, and in the same five minutes.
pub(crate) type Pairs = [f64; 2];

/// When each account was active: half-hour cells, each with a bit for every minute.
#[derive(Clone)]
pub(crate) struct Activity {
    cells: Vec<Vec<(u32, u32)>>,
    count: usize,
}

impl Activity {
    /// `without` leaves all activity out.
    pub(crate) fn new(profiles: &[Profile], without: bool) -> Self {
        Self::of_minutes(&profiles.iter().map(|profile| profile.minutes.as_slice()), without)
    }

    /// `lists` are each account's minutes since the epoch, ascending.
    pub(crate) fn of_minutes<'a>(lists: &(impl Iterator<Item = &'a [i32]> + Clone), without: bool) -> Self {
        let mut starts: Vec<i64> = lists.clone().filter_map(|list| list.first().map(|&minute| minute.into())).collect();
        starts.sort_unstable();
        let middle = starts.get(starts.len() / 2).copied().unwrap_or(0);
        let near = |minute: &i64| !without && (minute - middle).abs() <= MOST_DAYS * SECONDS_PER_DAY / 60;
        let all = || lists.clone().flat_map(|list| list.iter().map(|&minute| i64::from(minute))).filter(near);
        let day = i64::from(CELL_MINUTES) * CELLS_PER_DAY;
        let origin = all().min().unwrap_or(0).div_euclid(day) * day;
        let cells: Vec<Vec<(u32, u32)>> = lists
            .clone()
            .map(|list| {
                let mut cells: Vec<(u32, u32)> = Vec::new();
                for minute in list.iter().map(|&minute| i64::from(minute)).filter(near) {
                    let offset = minute - origin;
                    let cell = u32::try_from(offset / i64::from(CELL_MINUTES)).unwrap_or(u32::MAX);
                    let bit = 1 << (offset % i64::from(CELL_MINUTES));
                    match cells.last_mut() {
                        Some(last) if last.0 == cell => last.1 |= bit,
                        _ => cells.push((cell, bit)),
                    }
                }
                cells
            })
            .collect();
        let last = cells.iter().filter_map(|cells| cells.last()).map(|cell| cell.0).max().unwrap_or(0);
        let days = i64::from(last) / CELLS_PER_DAY + 1;
        Self { cells, count: usize::try_from(days * CELLS_PER_DAY).unwrap_or(0) }
    }

    /// What was done on the odd days of the log, or on the even ones.
    pub(crate) fn half(&self, odd: bool) -> Self {
        let on = |cell: &&(u32, u32)| (i64::from(cell.0) / CELLS_PER_DAY % 2 == 1) == odd;
        let cells = self.cells.iter().map(|cells| cells.iter().filter(on).copied().collect()).collect();
        Self { cells, count: self.count }
    }

    pub(crate) fn accounts(&self) -> usize {
        self.cells.len()
    }

    /// The minutes in which an account was active, ascending, from the beginning of the log.
    pub(crate) fn minutes_of(&self, account: u32) -> impl Iterator<Item = u32> {
        self.cells[account as usize].iter().flat_map(|&(cell, minutes)| {
            (0..CELL_MINUTES)
                .filter(move |minute| minutes >> minute & 1 == 1)
                .map(move |minute| cell * CELL_MINUTES + minute)
        })
    }

    /// In how many common minutes two accounts would be active if each kept its half-hours and no more.
    pub(crate) fn expected_meetings(&self, a: u32, b: u32) -> f64 {
        let (mut a, mut b) = (self.cells[a as usize].iter().peekable(), self.cells[b as usize].iter().peekable());
        let mut expected = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => _ = a.next(),
                std::cmp::Ordering::Greater => _ = b.next(),
                std::cmp::Ordering::Equal => {
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
    pub(crate) fn attendance(&self, account: u32, meetings: &[u32]) -> (u64, f64) {
        let (mut came, mut expected) = (0, 0.0);
        for &(cell, minutes) in &self.cells[account as usize] {
            let from = meetings.partition_point(|meeting| meeting / CELL_MINUTES < cell);
            let held = meetings[from..].iter().take_while(|meeting| **meeting / CELL_MINUTES == cell);
            let mut count = 0_u32;
            for meeting in held {
                count += 1;
                came += u64::from(minutes >> (meeting % CELL_MINUTES) & 1);
            }
            expected += f64::from(count * minutes.count_ones()) / f64::from(CELL_MINUTES);
        }
        (came, expected)
    }

    pub(crate) fn observed(&self, accounts: &[u32], counter: &mut Counter) -> Pairs {
        counter.prepare(self.count);
        for &account in accounts {
            for &(cell, minutes) in &self.cells[account as usize] {
                counter.add(cell, minutes);
            }
        }
        counter.take()
    }

    /// Each cell of each account turned round by a random number of minutes; an account turns the same way in every set
    /// of a round.
    pub(crate) fn within_cells(&self, accounts: &[u32], round: u64, counter: &mut Counter) -> Pairs {
        counter.prepare(self.count);
        for &account in accounts {
            let mut random = Random::new(WITHIN_SEED ^ u64::from(account) << 20, round);
            for &(cell, minutes) in &self.cells[account as usize] {
                counter.add(cell, rotate(minutes, random.below(NARROW_BINS)));
            }
        }
        counter.take()
    }

    /// For each account, the pairs that it is part of: as observed, or as in a round of [`Self::within_cells`].
    pub(crate) fn each(&self, accounts: &[u32], round: Option<u64>, counter: &mut Counter) -> Vec<Pairs> {
        counter.prepare(self.count);
        let moved = |account: u32, take: &mut dyn FnMut(u32, u32)| {
            let mut random = round.map(|round| Random::new(WITHIN_SEED ^ u64::from(account) << 20, round));
            for &(cell, minutes) in &self.cells[account as usize] {
                let by = random.as_mut().map_or(0, |random| random.below(NARROW_BINS));
                take(cell, rotate(minutes, by));
            }
        };
        for &account in accounts {
            moved(account, &mut |cell, minutes| counter.add(cell, minutes));
        }
        let mut each = Vec::new();
        for &account in accounts {
            let mut pairs = [0.0; 2];
            moved(account, &mut |cell, minutes| counter.others(cell, minutes, &mut pairs));
            each.push(pairs);
        }
        counter.take();
        each
    }

    /// What each account did on its active days, dealt anew to those days.
    pub(crate) fn between_days(&self, accounts: &[u32], round: u64, counter: &mut Counter) -> Pairs {
        counter.prepare(self.count);
        let day_of = |cell: u32| i64::from(cell) / CELLS_PER_DAY;
        let mut days = Vec::new();
        for &account in accounts {
            let cells = &self.cells[account as usize];
            let mut random = Random::new(BETWEEN_SEED ^ u64::from(account) << 20, round);
            days.clear();
            days.extend(cells.chunk_by(|a, b| day_of(a.0) == day_of(b.0)).map(|day| day_of(day[0].0)));
            random.shuffle(&mut days);
            for (day, cells) in days.iter().zip(cells.chunk_by(|a, b| day_of(a.0) == day_of(b.0))) {
                for &(cell, minutes) in cells {
                    let moved = day * CELLS_PER_DAY + i64::from(cell) % CELLS_PER_DAY;
                    counter.add(u32::try_from(moved).unwrap_or(0), minutes);
                }
            }
        }
        counter.take()
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
    narrow: Vec<[u16; NARROW_BINS]>,
    wide: Vec<[u16; WIDE_BINS]>,
    touched: Vec<u32>,
    pairs: [u64; 2],
}

impl Counter {
    fn prepare(&mut self, cells: usize) {
        if self.narrow.len() < cells {
            self.narrow.resize(cells, [0; NARROW_BINS]);
            self.wide.resize(cells, [0; WIDE_BINS]);
        }
    }

    fn add(&mut self, cell: u32, minutes: u32) {
        let at = cell as usize;
        self.touched.push(cell);
        let mut rest = minutes;
        let mut wide = 0_u32;
        while rest != 0 {
            let minute = rest.trailing_zeros();
            rest &= rest - 1;
            let count = &mut self.narrow[at][minute as usize];
            self.pairs[0] += u64::from(*count);
            *count = count.saturating_add(1);
            wide |= 1 << (minute / WIDE);
        }
        while wide != 0 {
            let count = &mut self.wide[at][wide.trailing_zeros() as usize];
            wide &= wide - 1;
            self.pairs[1] += u64::from(*count);
            *count = count.saturating_add(1);
        }
    }

    /// Adds the accounts that share a bin with one whose minutes are counted already.
    fn others(&self, cell: u32, minutes: u32, pairs: &mut Pairs) {
        let at = cell as usize;
        let mut wide = 0_u32;
        for minute in (0..CELL_MINUTES).filter(|minute| minutes >> minute & 1 == 1) {
            pairs[0] += f64::from(self.narrow[at][minute as usize].saturating_sub(1));
            wide |= 1 << (minute / WIDE);
        }
        for bin in (0..WIDE_BINS).filter(|bin| wide >> bin & 1 == 1) {
            pairs[1] += f64::from(self.wide[at][bin].saturating_sub(1));
        }
    }

    fn take(&mut self) -> Pairs {
        for &cell in &self.touched {
            self.narrow[cell as usize] = [0; NARROW_BINS];
            self.wide[cell as usize] = [0; WIDE_BINS];
        }
        self.touched.clear();
        #[expect(clippy::cast_precision_loss, reason = "pairs of accounts")]
        let pairs = self.pairs.map(|pairs| pairs as f64);
        self.pairs = [0; 2];
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL, rotate};

    #[test]
    fn rotation_keeps_the_minutes_in_the_cell() {
        assert_eq!(rotate(1, 29), 1 << 29);
        assert_eq!(rotate(1 << 29, 1), 1);
        assert_eq!(rotate(0b101, 0), 0b101);
        assert_eq!(rotate(CELL, 17), CELL);
    }
}
