//! People whose requests go through accounts that somebody else holds.

use std::sync::Arc;

use stillwatch_core::{Micros, Random};

use crate::clock::{Moment, Span, Visit, leisure_start, office_start};
use crate::draw::Draw;
use crate::grammar::{TONGUES, Tongue, Writer};
use crate::settings::{Sampling, system_prompt};

/// Somebody who uses a service and never sees the accounts behind it.
#[derive(Clone)]
pub(crate) struct Person {
    /// What the service passes on in the field for end users.
    pub(crate) id: Option<Arc<str>>,
    pub(crate) writer: Writer,
    tongue: Tongue,
    pub(crate) system: Option<Arc<str>>,
    pub(crate) sampling: Sampling,
    works: bool,
}

/// What a service passes on about who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndUsers {
    /// An id a person.
    Named,
    /// Nothing.
    Absent,
    /// One made-up device for everybody.
    OneDevice,
}

impl Person {
    /// `count` people from everywhere, with a system prompt or settings of their own now and then.
    pub(crate) fn crowd(count: usize, ids: EndUsers, random: &mut Random) -> Arc<[Self]> {
        let device = random.hexadecimal("user_", 12);
        (0..count.max(1))
            .map(|_| Self {
                id: match ids {
                    EndUsers::Named => Some(random.hexadecimal("user_", 12)),
                    EndUsers::Absent => None,
                    EndUsers::OneDevice => Some(device.clone()),
                },
                writer: Writer::draw(random),
                tongue: *random.weighted(TONGUES),
                system: system_prompt(40, random),
                sampling: Sampling { logprobs: None, ..Sampling::draw(random) },
                works: random.chance(40),
            })
            .collect()
    }

    pub(crate) fn ask(&self, turn: usize, random: &mut Random) -> String {
        let rule = if turn > 0 && random.chance(60) { self.tongue.followup } else { self.tongue.task };
        self.writer.write(rule, random)
    }

    fn sits_down(&self, span: Span, random: &mut Random) -> Option<Micros> {
        let start = if self.works { office_start } else { leisure_start };
        start(self.tongue.offset, span, random)
    }
}

/// Sends about `requests` requests of `people` through accounts that are open during `spans`; one list of moments an
/// account. Of the turns of a conversation, `alternating` percent go to whichever account is next.
pub(crate) fn deal(
    people: &[Person],
    spans: &[Span],
    requests: usize,
    alternating: usize,
    random: &mut Random,
) -> Vec<Vec<Moment>> {
    let mut accounts: Vec<Vec<Moment>> = vec![Vec::new(); spans.len()];
    let Some(window) = spans
        .iter()
        .copied()
        .reduce(|one, other| Span { from: one.from.min(other.from), until: one.until.max(other.until) })
    else {
        return accounts;
    };
    let (mut sent, mut session, mut next) = (0, 0, 0);
    while sent < requests && session < 40 * requests {
        session += 1;
        let person = random.rank(people.len());
        let Some(mut time) = people[person].sits_down(window, random) else {
            continue;
        };
        let mut account = None;
        for turn in 0..random.heavy(2).min(14) {
            let before = account;
            if before.is_none() || random.chance(alternating) {
                account = following(spans, &mut next, time);
            }
            let Some(chosen) = account.filter(|chosen: &usize| spans[*chosen].contains(time)) else {
                break;
            };
            let visit = Visit { person, turn, warm: turn > 0 && before == Some(chosen) };
            accounts[chosen].push(Moment { visit: Some(visit), ..Moment::of(time, session) });
            sent += 1;
            time = Micros(time.0 + random.between_seconds(15_000_000, 260_000_000));
        }
    }
    for moments in &mut accounts {
        moments.sort_by_key(|moment| moment.time);
    }
    accounts
}

/// The next account in turn that is open at the time.
fn following(spans: &[Span], next: &mut usize, time: Micros) -> Option<usize> {
    (0..spans.len()).map(|step| (*next + step) % spans.len()).find(|account| spans[*account].contains(time)).inspect(
        |account| {
            *next = account + 1;
        },
    )
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use stillwatch_core::{Day, Random};

    use super::{EndUsers, Person, deal};
    use crate::clock::Span;

    #[test]
    fn conversations_wander_between_accounts_that_are_open() {
        let mut random = Random::new(1, 1);
        let people = Person::crowd(40, EndUsers::Named, &mut random);
        let span = |from: u32, until: u32| Span {
            from: Day(20_000 + i32::try_from(from).unwrap()).start(),
            until: Day(20_000 + i32::try_from(until).unwrap()).start(),
        };
        let spans = [span(0, 28), span(0, 28), span(14, 28)];
        let dealt = deal(&people, &spans, 2000, 80, &mut random);
        let mut sessions: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (account, moments) in dealt.iter().enumerate() {
            assert!(moments.iter().all(|moment| spans[account].contains(moment.time)));
            assert!(moments.len() > 200, "{}", moments.len());
            for moment in moments {
                sessions.entry(moment.session).or_default().insert(account);
            }
        }
        assert!(sessions.values().filter(|accounts| accounts.len() > 1).count() > 100);
        let warm = dealt.iter().flatten().filter(|moment| moment.visit.is_some_and(|visit| visit.warm)).count();
        assert!(warm * 5 < 2000, "{warm}");
    }
}
