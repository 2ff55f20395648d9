//! Each tactic has the property that it claims.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_core::place;

use super::{SUBJECTS, Tactics};
use crate::account::{Seat, Wording};
use crate::clock::Rhythm;
use crate::grammar::Family;
use crate::row::SimulatedExchange;
use crate::world::World;
use crate::worlds::WorldPlan;
use crate::worlds::campaign::Campaign;
use crate::write;

const ACCOUNTS: usize = 40;

/// A campaign of which everything is plain but one subject.
struct Case {
    seats: Vec<Seat>,
    rows: Vec<Vec<SimulatedExchange>>,
    world: World,
}

impl Case {
    fn new(subject: &'static str, tactic: &'static str) -> Self {
        let world = WorldPlan::draw(9, 1, 20_000).world();
        let mut tactics: Tactics = PLAIN.iter().copied().collect();
        assert!(tactics.insert(subject, tactic).is_some(), "{subject}");
        let campaign = Campaign::plain(ACCOUNTS, 40, 30, vec![Family::Reasoning], tactics);
        let seats = campaign.seats(&world);
        let rows = seats
            .iter()
            .map(|seat| {
                let mut rows = Vec::new();
                write::write(seat, &world, &mut crate::draw::stream(1, &seat.row.account, 1), &mut rows);
                rows
            })
            .collect();
        Self { seats, rows, world }
    }

    fn all(&self, holds: impl Fn(&Seat) -> bool) -> bool {
        self.seats.iter().all(holds)
    }

    fn values<T: Ord>(&self, of: impl Fn(&Seat) -> T) -> BTreeSet<T> {
        self.seats.iter().map(of).collect()
    }

    /// Distinct values in the rows of all accounts, and the most in those of one.
    fn in_rows<T: Ord>(&self, of: impl Fn(&SimulatedExchange) -> T) -> (usize, usize) {
        let per: Vec<BTreeSet<T>> = self.rows.iter().map(|rows| rows.iter().map(&of).collect()).collect();
        let most = per.iter().map(BTreeSet::len).max().unwrap_or(0);
        (per.into_iter().flatten().collect::<BTreeSet<_>>().len(), most)
    }

    /// In how many accounts the most widespread run of ten words occurs.
    fn common_run(&self) -> usize {
        let mut holders: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (account, rows) in self.rows.iter().enumerate() {
            for row in rows {
                let text = format!("{} {}", row.system.as_deref().unwrap_or_default(), row.prompt);
                let words: Vec<&str> = text.split_whitespace().collect();
                for run in words.windows(10) {
                    holders.entry(run.join(" ")).or_default().insert(account);
                }
            }
        }
        holders.values().map(BTreeSet::len).max().unwrap_or(0)
    }

    fn items(&self) -> Vec<BTreeSet<u64>> {
        let of = |seat: &Seat| seat.harvest.iter().flat_map(|harvest| &harvest.items).map(|item| item.seed).collect();
        self.seats.iter().map(of).collect()
    }

    /// Accounts that share each item.
    fn sharing(&self) -> usize {
        let mut holders: BTreeMap<u64, usize> = BTreeMap::new();
        self.items().into_iter().flatten().for_each(|item| *holders.entry(item).or_default() += 1);
        holders.values().max().copied().unwrap_or(0)
    }

    fn spans(&self) -> Vec<(i64, i64)> {
        let span = |seat: &Seat| seat.harvest.as_ref().map(|harvest| (harvest.span.from.0, harvest.span.until.0));
        self.seats.iter().filter_map(span).collect()
    }

    /// Percent of the requests in the quietest six hours of the day in a row.
    fn night(&self) -> usize {
        let mut hours = [0usize; 24];
        for row in self.rows.iter().flatten() {
            hours[place(row.time.0.rem_euclid(86_400_000_000).unsigned_abs() / 3_600_000_000)] += 1;
        }
        let least = (0..24).map(|from| (0..6).map(|step| hours[(from + step) % 24]).sum::<usize>()).min();
        least.unwrap_or(0) * 100 / hours.iter().sum::<usize>().max(1)
    }

    fn mixed(&self) -> usize {
        let harvested: usize = self.items().iter().map(BTreeSet::len).sum();
        let ordinary: usize = self.seats.iter().map(|seat| seat.volume).sum();
        ordinary * 100 / (ordinary + harvested).max(1)
    }

    fn rhythms(&self, is: fn(&Rhythm) -> bool) -> bool {
        self.all(|seat| seat.harvest.as_ref().is_some_and(|harvest| is(&harvest.rhythm)))
    }

    fn settings(&self, is: impl Fn(&crate::settings::Sampling) -> bool) -> bool {
        self.all(|seat| seat.harvest.as_ref().is_some_and(|harvest| harvest.sampling.iter().all(&is)))
    }

    fn block(row: &SimulatedExchange) -> Option<String> {
        row.ip.as_deref().and_then(|ip| ip.rsplit_once('.')).map(|(block, _)| block.to_owned())
    }

    fn counts(&self) -> (usize, usize) {
        let counts = self.seats.iter().map(|seat| seat.harvest.as_ref().map_or(0, |harvest| harvest.items.len()));
        (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0))
    }
}

const PLAIN: &[(&str, &str)] = &[
    ("limits", "under_the_limit"),
    ("pace", "steady"),
    ("origin", "fresh_at_once"),
    ("infrastructure", "one_host"),
    ("client", "few_libraries"),
    ("payment", "virtual_cards"),
    ("sharding", "disjoint"),
    ("mixing", "none"),
    ("schedule", "round_the_clock"),
    ("settings", "shared"),
    ("appetite", "ordinary"),
    ("wording", "verbatim"),
    ("position", "prompt"),
    ("disguise", "none"),
    ("turns", "single"),
    ("decoys", "none"),
    ("fate", "undisturbed"),
];

/// What the seats and rows of a campaign must show.
fn claim(subject: &str, tactic: &str) -> Option<fn(&Case) -> bool> {
    let claim: fn(&Case) -> bool = match (subject, tactic) {
        ("limits", "uneven") => |case| case.counts().1 >= 2 * case.counts().0,
        ("limits", "under_the_limit") => |case| case.counts().1 <= case.counts().0 + 2,
        ("limits", "few_busy") => |case| case.counts().1 >= 3 * case.counts().0,
        ("pace", "steady") => |case| case.spans().iter().collect::<BTreeSet<_>>().len() == 1,
        ("pace", "sprint") => {
            |case| case.spans().windows(2).all(|pair| pair[0] == pair[1]) && days(case.spans()[0]) < 3
        }
        ("pace", "generations") => |case| {
            let spans = case.spans();
            spans.iter().all(|span| days(*span) < 4) && spans[ACCOUNTS - 1].0 > spans[0].1
        },
        ("pace", "scattered") => |case| case.spans().iter().collect::<BTreeSet<_>>().len() > ACCOUNTS / 2,
        ("origin", "fresh_at_once") => |case| days(opened(case)) <= 4,
        ("origin", "fresh_as_needed") => |case| case.all(|seat| age(case, seat) < 5),
        ("origin", "bought") => |case| case.all(|seat| age(case, seat) >= 40),
        ("origin", "company_fronts") => |case| {
            case.values(|seat| seat.row.organization.clone()).len() == ACCOUNTS
                && case.values(|seat| seat.row.email_domain.clone()).len() == ACCOUNTS
        },
        ("origin", "reseller_pool") => |case| case.mixed() >= 30,
        ("origin", "education") => |case| case.values(|seat| seat.row.email_domain.clone()).len() <= 6,
        ("infrastructure", "one_host") => |case| case.in_rows(|row| row.ip.clone()).0 == 1,
        ("infrastructure", "few_ranges") => |case| case.in_rows(Case::block).0 <= 5,
        ("infrastructure", "own_host_each") => {
            |case| case.in_rows(|row| row.ip.clone()).1 == 1 && case.in_rows(|row| row.ip.clone()).0 >= ACCOUNTS - 2
        }
        ("infrastructure", "cloud_gateways") => |case| case.in_rows(Case::block).0 <= 2,
        ("infrastructure", "vpn_exits") => {
            |case| case.in_rows(Case::block).0 <= 3 && case.in_rows(|row| row.ip.clone()).1 > 5
        }
        ("infrastructure", "hosted_proxies") => {
            |case| case.in_rows(|row| row.ip.clone()).1 > 20 && case.in_rows(Case::block).0 <= 12
        }
        ("infrastructure", "residential_rotation") => {
            |case| case.in_rows(|row| row.ip.clone()).1 > 20 && case.in_rows(Case::block).0 > 50
        }
        ("infrastructure", "own_line_each") => {
            |case| case.in_rows(|row| row.ip.clone()).1 <= 4 && case.in_rows(|row| row.ip.clone()).0 >= ACCOUNTS - 2
        }
        ("infrastructure", "one_provider") => {
            |case| case.in_rows(|row| row.asn).0 == 1 && case.in_rows(|row| row.ip.clone()).1 <= 7
        }
        ("infrastructure", "telephones") => {
            |case| case.in_rows(|row| row.asn).0 <= 4 && case.in_rows(|row| row.asn).1 == 1
        }
        ("infrastructure", "like_anyone") => |case| case.in_rows(|row| row.asn).0 > 5,
        ("client", "own_program") => |case| {
            let market: BTreeSet<_> = (0..3000)
                .map(|index| case.world.habits.clients.library(&mut stillwatch_core::Random::new(5, index)).ja4)
                .collect();
            case.all(|seat| seat.clients.len() == 1 && !market.contains(&seat.clients[0].1.ja4))
        },
        ("client", "few_libraries") => |case| case.in_rows(|row| row.user_agent.clone()).0 <= 3,
        ("client", "official_look") => |case| case.in_rows(|row| row.user_agent.clone()).0 == 1,
        ("client", "browser_name") => |case| {
            case.in_rows(|row| row.ja4.clone().unwrap_or_default()).0 <= 2
                && case
                    .rows
                    .iter()
                    .flatten()
                    .all(|row| row.user_agent.as_deref().is_some_and(|agent| agent.starts_with("Mozilla")))
        },
        ("client", "mixed_stock") => |case| case.in_rows(|row| row.user_agent.clone()).0 > 10,
        ("payment", "few_cards") => |case| case.values(|seat| seat.row.payment_hmac.clone()).len() <= 5,
        ("payment", "card_per_few") => {
            |case| (8..=20).contains(&case.values(|seat| seat.row.payment_hmac.clone()).len())
        }
        ("payment", "virtual_cards") => |case| {
            case.values(|seat| seat.row.payment_hmac.clone()).len() == ACCOUNTS
                && case.values(|seat| seat.row.payment_country).len() == 1
        },
        ("payment", "credits") => |case| case.all(|seat| seat.row.payment_hmac.is_none()),
        ("payment", "like_anyone") => |case| case.values(|seat| seat.row.payment_country).len() > 2,
        ("sharding", "disjoint") => |case| case.sharing() == 1,
        ("sharding", "overlapping") => |case| case.sharing() >= 2 && case.items()[0] != case.items()[1],
        ("sharding", "resampled") => |case| {
            let items = case.items();
            items[0].intersection(&items[1]).count() * 10 >= items[0].len() * 9
        },
        ("mixing", "none") => |case| case.mixed() == 0,
        ("mixing", "light") => |case| (2..=36).contains(&case.mixed()),
        ("mixing", "half") => |case| (20..=74).contains(&case.mixed()),
        ("mixing", "heavy") => |case| (42..=85).contains(&case.mixed()),
        ("schedule", "round_the_clock") => |case| case.night() > 18,
        ("schedule", "operator_hours") => |case| case.night() < 5,
        ("schedule", "claimed_hours") => |case| case.rhythms(|rhythm| matches!(rhythm, Rhythm::Human { .. })),
        ("schedule", "bursts" | "release") => |case| case.rhythms(|rhythm| matches!(rhythm, Rhythm::Around { .. })),
        ("schedule", "queue") => |case| case.rhythms(|rhythm| matches!(rhythm, Rhythm::Turns { .. })),
        ("schedule", "timers") => |case| case.rhythms(|rhythm| matches!(rhythm, Rhythm::Timer { .. })),
        ("settings", "shared") => |case| case.in_rows(|row| (row.temperature.map(f64::to_bits), row.max_tokens)).0 <= 2,
        ("settings", "own_each") => {
            |case| case.in_rows(|row| (row.temperature.map(f64::to_bits), row.max_tokens)).0 > 5
        }
        ("settings", "defaults") => {
            |case| case.settings(|sampling| sampling.temperature.is_none() && sampling.max_tokens.is_none())
        }
        ("appetite", "ordinary") => |case| case.settings(|sampling| sampling.n == 1),
        ("appetite", "long_answers") => |case| {
            case.settings(|sampling| sampling.max_tokens == Some(8192))
                && tokens(case) > tokens(&Case::new("appetite", "ordinary"))
        },
        ("appetite", "many_answers") => |case| case.settings(|sampling| sampling.n > 1),
        ("appetite", "probabilities") => |case| case.settings(|sampling| sampling.logprobs == Some(true)),
        ("wording", "verbatim" | "slots" | "own_selection") => |case| case.common_run() >= ACCOUNTS / 3,
        ("wording", "shuffled") => |case| case.common_run() < ACCOUNTS && case.common_run() >= 3,
        ("wording", "paraphrased" | "own_meanings") => |case| case.common_run() <= ACCOUNTS / 4,
        ("wording", "private") => |case| case.common_run() <= ACCOUNTS / 4,
        ("wording", "bare") => |case| {
            case.all(|seat| {
                seat.harvest.as_ref().is_some_and(|harvest| matches!(harvest.wordings[0][0], Wording::Bare))
            })
        },
        ("position", "prompt") => |case| case.rows.iter().flatten().all(|row| row.system.is_none()),
        ("position", "system") => |case| {
            case.in_rows(|row| row.system.clone()).0 == 1 && case.rows.iter().flatten().all(|row| row.system.is_some())
        },
        ("disguise", "none") => |case| case.rows.iter().flatten().all(|row| row.tools.is_none()),
        ("disguise", "agent") => |case| {
            let agents: BTreeSet<_> = case.world.public.agents.iter().map(|agent| agent.system.clone()).collect();
            case.rows.iter().flatten().all(|row| row.system.as_ref().is_some_and(|system| agents.contains(system)))
        },
        ("disguise", "framework") => {
            |case| case.rows.iter().flatten().all(|row| row.system.is_some() && row.tools.is_none())
        }
        ("turns", "single") => {
            |case| case.all(|seat| seat.harvest.as_ref().is_some_and(|harvest| harvest.dress.follows == 0))
        }
        ("turns", "follow_ups") => |case| case.all(|seat| seat.converses == 90),
        ("decoys", "none") => |case| case.items().iter().all(|items| !items.is_empty()),
        ("decoys", "idle_accounts") => {
            |case| (1..ACCOUNTS / 2).contains(&case.items().iter().filter(|items| items.is_empty()).count())
        }
        ("fate", "undisturbed") => |case| case.all(|seat| seat.row.status == Some("active")),
        ("fate", "thinned") => |case| {
            (1..ACCOUNTS).contains(&case.seats.iter().filter(|seat| seat.row.status == Some("suspended")).count())
        },
        ("fate", "replaced") => |case| case.all(|seat| seat.row.status == Some("suspended")),
        _ => return None,
    };
    Some(claim)
}

fn days(span: (i64, i64)) -> i64 {
    (span.1 - span.0) / 86_400_000_000
}

/// The first and the last sign-up.
fn opened(case: &Case) -> (i64, i64) {
    let opened: BTreeSet<i64> = case.seats.iter().filter_map(|seat| seat.row.created_at).map(|at| at.0).collect();
    (opened.first().copied().unwrap_or(0), opened.last().copied().unwrap_or(0))
}

/// Days from the sign-up to the first day of the harvest.
fn age(_: &Case, seat: &Seat) -> i64 {
    let from = seat.harvest.as_ref().map_or(0, |harvest| harvest.span.from.0);
    seat.row.created_at.map_or(0, |at| (from - at.0) / 86_400_000_000)
}

fn tokens(case: &Case) -> i64 {
    case.rows.iter().flatten().map(|row| row.output_tokens).sum()
}

#[test]
fn every_tactic_does_what_it_claims() {
    let mut broken = Vec::new();
    for subject in SUBJECTS {
        for tactic in subject.tactics {
            match claim(subject.name, tactic.name) {
                None => broken.push(format!("{} {} claims nothing", subject.name, tactic.name)),
                Some(holds) if !holds(&Case::new(subject.name, tactic.name)) => {
                    broken.push(format!("{} {}", subject.name, tactic.name));
                }
                Some(_) => {}
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn no_account_harvests_before_it_is_opened() {
    for origin in ["fresh_at_once", "fresh_as_needed", "bought", "company_fronts", "reseller_pool", "education"] {
        let case = Case::new("origin", origin);
        for (seat, rows) in case.seats.iter().zip(&case.rows) {
            let created = seat.row.created_at.unwrap_or(case.world.window.from);
            assert!(rows.iter().all(|row| row.time >= created), "{origin}");
        }
    }
}
