use stillwatch_core::{Micros, Random};

use crate::class::Class;
use crate::clock::Span;
use crate::draw::Draw;
use crate::grammar::Public;
use crate::habits::Habits;
use crate::network::Region;
use crate::plan::Plan;

/// What all accounts have in common.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) window: Span,
    /// When the new model appears.
    pub(crate) release: Micros,
    pub(crate) public: Public,
    /// Cards that are used by more than one person of a household.
    pub(crate) household_cards: usize,
    pub(crate) habits: Habits,
    pub(crate) volume_scale: usize,
}

impl World {
    pub(crate) fn new(plan: &Plan) -> Self {
        let from = plan.first_day.start();
        let days = i64::from(plan.days.max(2));
        let window = Span { from, until: Micros(from.0 + days * MICROS_PER_DAY) };
        // Five eighths into the window, at 16:00 UTC.
        let release = Micros(from.0 + days * 5 / 8 * MICROS_PER_DAY + 16 * 3_600_000_000);
        Self {
            seed: plan.seed,
            window,
            release,
            public: Public::new(),
            household_cards: plan.accounts() / 20 + 1,
            habits: Habits::usual(),
            volume_scale: plan.volume_scale(),
        }
    }

    /// Exchanges of one account of a class.
    pub(crate) fn volume(&self, class: Class, random: &mut Random) -> usize {
        self.scaled(class.traits().volume, random)
    }

    /// Exchanges of one account that has at least `base` before scaling, and about twice that in the mean.
    pub(crate) fn scaled(&self, base: usize, random: &mut Random) -> usize {
        (random.heavy(base * self.volume_scale) / 1000).max(1)
    }

    /// Where somebody lives.
    pub(crate) fn region(&self, random: &mut Random) -> &'static Region {
        random.weighted::<&'static Region>(&self.habits.regions)
    }
}

pub(crate) const MICROS_PER_DAY: i64 = 86_400_000_000;
