//! What is usual at a provider: where its customers live, what they write from, pay with and use.

use stillwatch_core::Random;

use crate::client::Market;
use crate::draw::Draw;
use crate::grammar::Tongue;
use crate::network::Region;

/// A provider's habits. Those of the demonstration are [`Habits::usual`]; each random world draws its own.
#[derive(Clone)]
pub(crate) struct Habits {
    pub(crate) regions: Vec<(u32, &'static Region)>,
    /// Mail domains; `own` is one of the account's own, `regional` the country's.
    pub(crate) mailboxes: Vec<(u32, &'static str)>,
    pub(crate) clients: Market,
    pub(crate) models: Vec<(u32, &'static str)>,
    /// What is released inside the window.
    pub(crate) new_model: &'static str,
    pub(crate) endpoint: &'static str,
    pub(crate) plans: Vec<(u32, &'static str)>,
    pub(crate) payments: Payments,
    pub(crate) organizations: Organizations,
    /// Percent of people who write in the language of their country where the grammar has it.
    pub(crate) mother_tongue: usize,
    /// The rule by which English is written.
    pub(crate) english: Tongue,
    /// Percent of requests that put the request before once more.
    pub(crate) asks_again: usize,
    /// Days since the oldest sign-up.
    pub(crate) oldest: usize,
    /// Percent of accounts that were closed inside the window for reasons of their own.
    pub(crate) closed: usize,
    pub(crate) everyday: Everyday,
}

/// What any account of a random world may have, in percent. The demonstration has none of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Everyday {
    /// A company with an owner on record.
    pub(crate) owners: usize,
    /// A card from another country.
    pub(crate) foreign_cards: usize,
    /// A program with a handshake that nobody else has.
    pub(crate) rare_clients: usize,
    /// Somebody who programs and uses a public template now and then.
    pub(crate) public_templates: usize,
    /// Somebody who programs and uses a popular agent now and then.
    pub(crate) agents: usize,
    /// A mailbox at one of so many universities, where the mail domain is `campus`.
    pub(crate) campuses: usize,
}

/// What ordinary accounts pay with, in percent; the others have a card of their own.
#[derive(Clone, Copy)]
pub(crate) struct Payments {
    /// Credits or an invoice.
    pub(crate) none: usize,
    /// A card that a household shares.
    pub(crate) household: usize,
    /// Through an application store, whose few tokens stand for strangers.
    pub(crate) store: usize,
    /// Tokens of the store.
    pub(crate) store_tokens: usize,
}

/// Which accounts have an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Organizations {
    /// Each has one, its own where nothing is shared.
    Each,
    /// Companies have one, people none; in percent of the accounts with a mail domain of their own.
    Companies(usize),
}

impl Habits {
    pub(crate) fn usual() -> Self {
        Self {
            regions: Region::usual(),
            mailboxes: MAILBOXES.to_vec(),
            clients: Market::usual(),
            models: MODELS.to_vec(),
            new_model: "lumen-4-large",
            endpoint: "/v1/messages",
            plans: vec![(48, "free"), (36, "build"), (12, "scale"), (4, "custom")],
            payments: Payments { none: 20, household: 2, store: 0, store_tokens: 1 },
            organizations: Organizations::Each,
            mother_tongue: 0,
            english: Tongue::english(),
            asks_again: 0,
            oldest: 1600,
            closed: 3,
            everyday: Everyday::default(),
        }
    }

    /// The language in which somebody writes who lives there.
    pub(crate) fn tongue(&self, region: &Region, random: &mut Random) -> Tongue {
        match Tongue::of(region.country) {
            Some(tongue) if self.mother_tongue > 0 && random.chance(self.mother_tongue) => tongue,
            _ => self.english,
        }
    }
}

#[rustfmt::skip]
const MAILBOXES: &[(u32, &str)] = &[(40, "gmail.com"), (13, "outlook.com"), (8, "regional"), (5, "icloud.com"), (4, "yahoo.com"), (3, "proton.me"), (2, "hey.com"), (25, "own")];
const MODELS: &[(u32, &str)] =
    &[(30, "lumen-3-large"), (28, "lumen-3"), (26, "lumen-3-mini"), (9, "lumen-2"), (7, "lumen-2-mini")];
