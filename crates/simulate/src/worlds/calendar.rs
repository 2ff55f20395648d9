//! What happens to everybody: a new model appears, and now and then the service is down.

use serde::Serialize;
use stillwatch_core::{Day, Micros, Random};

use crate::clock::Span;
use crate::draw::Draw;
use crate::row::SimulatedExchange;
use crate::world::MICROS_PER_DAY;

/// The events of a world that no account chooses.
#[derive(Clone)]
pub(super) struct Calendar {
    /// When a new model appears.
    pub(super) release: Micros,
    /// When most requests fail.
    outages: Vec<Span>,
}

/// An outage in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outage {
    pub from: String,
    pub minutes: i64,
}

impl Calendar {
    pub(super) fn draw(first_day: Day, days: i64, random: &mut Random) -> Self {
        let from = first_day.start();
        let whole = Span { from, until: Micros(from.0 + days * MICROS_PER_DAY) };
        let outages = (0..random.below(4))
            .map(|_| {
                let from = whole.any(random);
                Span { from, until: Micros(from.0 + random.between_seconds(10, 300) * 60_000_000) }
            })
            .collect();
        Self { release: Micros(from.0 + random.between_seconds(24, days * 24 - 48) * 3_600_000_000), outages }
    }

    /// Lets a request fail that falls into an outage; one in ten gets through.
    pub(super) fn exchange(&self, row: &mut SimulatedExchange) {
        let passes = row.time.0.rem_euclid(10) == 0;
        if !passes && self.outages.iter().any(|outage| outage.contains(row.time)) {
            row.status = 529;
            row.response = None;
            row.stop_reason = None;
            row.output_tokens = 0;
        }
    }

    pub(super) fn outages(&self) -> Vec<Outage> {
        let told = |outage: &Span| Outage { from: outage.from.to_rfc3339(), minutes: outage.seconds() / 60 };
        self.outages.iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::WorldPlan;
    use crate::clock::Span;

    #[test]
    fn most_requests_fail_while_the_service_is_down() {
        let plan = WorldPlan::draw(4, 1, 6_000);
        let mut traffic = plan.simulate();
        let (first, last) = (traffic.exchanges[1000].time, traffic.exchanges[2000].time);
        let outage = Span { from: first, until: last };
        let calendar = super::Calendar { release: first, outages: vec![outage] };
        traffic.exchanges.iter_mut().for_each(|row| calendar.exchange(row));
        let inside: Vec<_> = traffic.exchanges.iter().filter(|row| outage.contains(row.time)).collect();
        let failed = inside.iter().filter(|row| row.status == 529 && row.response.is_none()).count();
        // Coarse times end in a zero, so that all requests pass: whoever has those sees no outage.
        let coarse = inside.iter().all(|row| row.time.0 % 10 == 0);
        assert!(coarse || failed * 10 > inside.len() * 8, "{failed} of {}", inside.len());
        assert!(traffic.exchanges.iter().filter(|row| !outage.contains(row.time)).any(|row| row.status == 200));
    }
}
