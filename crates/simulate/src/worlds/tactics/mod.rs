//! What a campaign does to its accounts, subject by subject, each drawn independently of the others.
//!
//! A [`Tactic`] is laid out once for a campaign, which draws what its accounts share, and then deals with each account.
//! To add one, write its layout in the file of its subject and a line in that file's list; to add a subject, write a
//! file and a line in [`SUBJECTS`].

mod appetite;
mod client;
mod decoys;
mod disguise;
mod fate;
mod infrastructure;
mod limits;
mod mixing;
mod origin;
mod pace;
mod payment;
mod position;
mod schedule;
mod settings;
mod sharding;
#[cfg(test)]
mod tests;
mod turns;
mod wording;

pub(crate) use fate::REPLACED;
pub(crate) use origin::RESELLER_POOL;

use std::collections::BTreeMap;

use stillwatch_core::{Micros, Random, signed};

use super::families::Families;
use crate::account::{Item, Seat};
use crate::client::Client;
use crate::clock::Span;
use crate::draw::Draw;
use crate::grammar::Family;
use crate::network::{Leg, Network, Region};
use crate::world::World;

/// Something that a campaign can decide, with the ways to decide it.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    tactics: &'static [Tactic],
}

/// One way to decide a subject.
#[derive(Clone, Copy)]
pub(crate) struct Tactic {
    pub(crate) name: &'static str,
    /// The family of worlds in which it occurs; any when there is none.
    family: Option<&'static str>,
    weight: u32,
    /// Draws what the accounts share, and returns how one account is dealt with.
    lay: fn(&Operation, &mut Random) -> Hand,
}

pub(crate) type Hand = Box<dyn Fn(&mut Seat, &mut Member, &mut Random)>;

/// An account's place in its campaign.
pub(crate) struct Member {
    pub(crate) index: usize,
    /// Harvesting exchanges that are meant for it.
    pub(crate) exchanges: usize,
    /// When it was bought, if somebody else had it before.
    pub(crate) sold: Option<Micros>,
}

impl Member {
    /// Where the account's requests come from once it is the campaign's.
    fn connect(&self, seat: &mut Seat, network: Network, random: &mut Random) {
        if let Some(sold) = self.sold {
            let stays = vec![(Micros(i64::MIN), seat.network.clone()), (sold, network)];
            seat.network = Network(vec![(1, Leg::Journey(stays.into()))]);
            return;
        }
        // Half of the sign-ups are made from elsewhere.
        if random.chance(50) {
            let at = seat.row.created_at.unwrap_or(seat.span.from);
            seat.row.signup_ip = Some(network.address(at, random).ip);
        }
        seat.network = network;
    }

    /// What the account's requests are sent with once it is the campaign's.
    fn equip(&self, seat: &mut Seat, client: Client) {
        match self.sold {
            Some(sold) => seat.upgrade = Some((sold, client)),
            None => seat.clients = vec![(1, client)],
        }
    }
}

/// What is known of a campaign before its tactics are laid out.
pub(crate) struct Operation<'a> {
    pub(crate) world: &'a World,
    pub(crate) accounts: usize,
    /// Mean harvesting exchanges of an account, and how many of them in a day of work.
    pub(crate) exchanges: usize,
    pub(crate) tempo: usize,
    /// The part of the window in which it works.
    pub(crate) span: Span,
    pub(crate) region: &'static Region,
    pub(crate) targets: &'a [Family],
    /// The work list.
    pub(crate) items: &'a [Item],
    pub(crate) successor: bool,
}

/// In the order in which they are applied: what is earned late may build on what came before.
pub(crate) const SUBJECTS: &[Subject] = &[
    limits::SUBJECT,
    pace::SUBJECT,
    origin::SUBJECT,
    infrastructure::SUBJECT,
    client::SUBJECT,
    payment::SUBJECT,
    sharding::SUBJECT,
    mixing::SUBJECT,
    schedule::SUBJECT,
    settings::SUBJECT,
    appetite::SUBJECT,
    wording::SUBJECT,
    position::SUBJECT,
    disguise::SUBJECT,
    turns::SUBJECT,
    decoys::SUBJECT,
    fate::SUBJECT,
];

/// The tactic of each subject, by name.
pub(crate) type Tactics = BTreeMap<&'static str, &'static str>;

/// Draws a tactic for each subject, within the families of the world.
pub(crate) fn draw(families: Families, random: &mut Random) -> Tactics {
    SUBJECTS.iter().map(|subject| (subject.name, subject.draw(families, random).name)).collect()
}

/// Draws the tactics of some subjects anew.
pub(crate) fn redraw(tactics: &mut Tactics, subjects: &[&str], families: Families, random: &mut Random) {
    for subject in SUBJECTS.iter().filter(|subject| subjects.contains(&subject.name)) {
        tactics.insert(subject.name, subject.draw(families, random).name);
    }
}

/// Lays out all tactics of a campaign. Random numbers come from `stream`, which is given the subject's name.
pub(crate) fn lay(tactics: &Tactics, operation: &Operation, stream: impl Fn(&str) -> Random) -> Vec<Hand> {
    let chosen = SUBJECTS.iter().filter_map(|subject| {
        let tactic = subject.tactics.iter().find(|tactic| tactics.get(subject.name) == Some(&tactic.name))?;
        Some((tactic.lay)(operation, &mut stream(subject.name)))
    });
    chosen.collect()
}

impl Subject {
    fn draw(&self, families: Families, random: &mut Random) -> &'static Tactic {
        let open = |tactic: &&Tactic| {
            tactic.family.is_none_or(|family| family == families.infrastructure || family == families.wording)
        };
        let tactics: Vec<(u32, &'static Tactic)> =
            self.tactics.iter().filter(open).map(|tactic| (tactic.weight, tactic)).collect();
        random.weighted::<&'static Tactic>(&tactics)
    }
}

impl Operation<'_> {
    /// How long an account works on so many exchanges, in microseconds.
    fn working_time(&self, exchanges: usize) -> i64 {
        Self::time_for(self.tempo, exchanges)
    }

    fn time_for(tempo: usize, exchanges: usize) -> i64 {
        let number = |count: usize| signed(count.clamp(1, 1_000_000));
        (number(exchanges) * 24 * MICROS_PER_HOUR / number(tempo)).max(2 * MICROS_PER_HOUR)
    }

    fn harvest_span(seat: &Seat) -> Span {
        seat.harvest.as_ref().map_or(seat.span, |harvest| harvest.span)
    }
}

/// A hand that leaves the account as it is.
fn nothing(_: &Operation, _: &mut Random) -> Hand {
    Box::new(|_, _, _| {})
}

const fn tactic(name: &'static str, weight: u32, lay: fn(&Operation, &mut Random) -> Hand) -> Tactic {
    Tactic { name, family: None, weight, lay }
}

/// A moment so many hours before another.
fn hours_before(moment: Micros, from: i64, to: i64, random: &mut Random) -> Micros {
    Micros(moment.0 - random.between_seconds(from * 3600, to * 3600) * 1_000_000)
}

const MICROS_PER_HOUR: i64 = 3_600_000_000;
