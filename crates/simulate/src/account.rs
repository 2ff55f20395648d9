//! Accounts as they sign up and behave, before their traffic is written.

use std::sync::Arc;

use stillwatch_core::{AccountType, Micros, Random, signed};

use crate::client::Client;
use crate::clientele::Person;
use crate::clock::{Rhythm, Span};
use crate::draw::{Draw, stream};
use crate::grammar::{Answer, Family, Meaning, Template, Tongue, Writer, nonce};
use crate::habits::{Organizations, Payments};
use crate::network::{Address, Network, Region};
use crate::row::SimulatedAccount;
use crate::settings::{Sampling, system_prompt};
use crate::world::{MICROS_PER_DAY, World};

/// One account before its traffic is written.
pub(crate) struct Seat {
    pub(crate) row: SimulatedAccount,
    pub(crate) region: &'static Region,
    pub(crate) writer: Writer,
    /// The language of what it asks in its own words.
    pub(crate) tongue: Tongue,
    /// Percent of its requests that put the request before once more.
    pub(crate) asks_again: usize,
    /// Exchanges of ordinary work.
    pub(crate) volume: usize,
    pub(crate) span: Span,
    pub(crate) rhythm: Rhythm,
    pub(crate) network: Network,
    pub(crate) clients: Vec<(u32, Client)>,
    pub(crate) model: &'static str,
    /// From when on it uses the new model.
    pub(crate) adopts: Option<Micros>,
    pub(crate) sampling: Sampling,
    pub(crate) works: Vec<(u32, Work)>,
    pub(crate) harvest: Option<Harvest>,
    /// Percent of sittings that carry a conversation id.
    pub(crate) converses: usize,
    pub(crate) end_users: Arc<[Arc<str>]>,
    pub(crate) retention: &'static str,
    pub(crate) api_keys: Vec<Arc<str>>,
    /// Whose requests it carries, when its rhythm is a script of visits.
    pub(crate) clientele: Arc<[Person]>,
    /// From when on it uses another client.
    pub(crate) upgrade: Option<(Micros, Client)>,
}

/// Something that an account does.
#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) source: Source,
    pub(crate) system: Option<Arc<str>>,
    pub(crate) tools: Option<Arc<str>>,
    pub(crate) answer: Answer,
    pub(crate) sampling: Option<Sampling>,
    /// Percent of the later turns of a conversation that react to the answer in the person's own words.
    pub(crate) follows: usize,
}

/// Where the text of a request comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// Whatever comes to mind: `common` percent from the pool that everybody draws from.
    Ordinary {
        common: usize,
    },
    /// A template with a fresh payload each time.
    Template(Arc<Template>, Payload),
    /// Something that is worded anew each time.
    Meaning(Arc<Meaning>, Payload),
    List {
        prompts: Arc<[Arc<str>]>,
        in_order: bool,
    },
}

#[derive(Clone, Copy)]
pub(crate) enum Payload {
    Rule(&'static str),
    Item(Family),
}

impl Payload {
    pub(crate) fn write(self, writer: Writer, random: &mut Random) -> String {
        match self {
            Self::Rule(rule) => writer.write(rule, random),
            Self::Item(family) => family.item(random),
        }
    }
}

/// The part of a campaign's work list that one account is dealt.
pub(crate) struct Harvest {
    pub(crate) rhythm: Rhythm,
    pub(crate) span: Span,
    pub(crate) items: Vec<Item>,
    /// Variants of the wording, by family.
    pub(crate) wordings: Vec<Vec<Wording>>,
    pub(crate) sampling: Vec<Sampling>,
    pub(crate) families: Vec<Family>,
    /// What the wording goes with.
    pub(crate) dress: Dress,
    /// End users of an intermediary who harvest; empty when the account's holder does.
    pub(crate) end_users: Arc<[Arc<str>]>,
}

/// What goes with the wording of harvesting requests.
#[derive(Clone, Default)]
pub(crate) struct Dress {
    /// Whether the wording is sent as the system prompt, and the item alone as the prompt.
    pub(crate) instructs_system: bool,
    /// A system prompt that is sent with each request.
    pub(crate) system: Option<Arc<str>>,
    pub(crate) tools: Option<Arc<str>>,
    /// Times the usual length of an answer; 0 counts as 1.
    pub(crate) length: usize,
    /// Percent of the later turns of a conversation that react to the answer instead of asking for the next item.
    pub(crate) follows: usize,
}

/// How a request around an item is worded.
#[derive(Clone)]
pub(crate) enum Wording {
    Template(Arc<Template>),
    Meaning(Arc<Meaning>),
    /// The item and nothing else.
    Bare,
}

impl Wording {
    pub(crate) fn render(&self, payload: &str, random: &mut Random) -> String {
        match self {
            Self::Template(template) => template.render(payload, random),
            Self::Meaning(meaning) => meaning.render(payload, random),
            Self::Bare => payload.to_owned(),
        }
    }
}

/// An item of a work list: which family, and the seed of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) family: usize,
    pub(crate) seed: u64,
}

impl Work {
    pub(crate) fn ordinary() -> Self {
        Self::of(Source::Ordinary { common: 22 }, Answer::Prose)
    }

    pub(crate) fn of(source: Source, answer: Answer) -> Self {
        Self { source, system: None, tools: None, answer, sampling: None, follows: 0 }
    }

    /// An application of the account's own.
    pub(crate) fn application(random: &mut Random) -> Self {
        let rule = *random.pick(&["review", "ticket", "record", "document", "question", "sentence"]);
        let answer = if random.chance(45) { Answer::Brief } else { Answer::Prose };
        let template = Template::application(random);
        let source = Source::Template(Arc::new(template), Payload::Rule(rule));
        Self { system: system_prompt(55, random), ..Self::of(source, answer) }
    }
}

impl Seat {
    /// A person at a browser.
    pub(crate) fn person(world: &World, id: &str, index: u64, random: &mut Random) -> Self {
        let region = world.region(random);
        let network = Network::person(region, random);
        let rhythm =
            if random.chance(40) { Rhythm::office(region.offset) } else { Rhythm::leisure(region.offset, random) };
        let mut clients = vec![(10, world.habits.clients.browser(random))];
        if random.chance(30) {
            clients.push((3, world.habits.clients.browser(random)));
        }
        let row = sign_up(world, id, index, region, &network, random);
        let span = active_span(world, &row);
        Self {
            region,
            writer: Writer::draw(random),
            tongue: world.habits.tongue(region, random),
            asks_again: world.habits.asks_again,
            volume: 1,
            span,
            rhythm,
            network,
            clients,
            model: *random.weighted(&world.habits.models),
            adopts: adoption(world, random),
            sampling: Sampling { logprobs: None, ..Sampling::draw(random) },
            works: vec![(1, Work { system: system_prompt(15, random), ..Work::ordinary() })],
            harvest: None,
            converses: 80,
            end_users: Arc::new([]),
            retention: "full",
            api_keys: vec![api_key(random)],
            clientele: Arc::new([]),
            upgrade: None,
            row,
        }
    }

    /// A person who also writes programs: an SDK at the desk, at times a server.
    pub(crate) fn programmer(world: &World, id: &str, index: u64, random: &mut Random) -> Self {
        let mut seat = Self::person(world, id, index, random);
        seat.clients.push((18, world.habits.clients.library(random)));
        if random.chance(40) {
            let server = Network::server(random).0;
            seat.network.0.extend(server.into_iter().map(|(_, leg)| (40, leg)));
        }
        seat.works = vec![(40, Work::ordinary()), (60, Work::application(random))];
        seat.sampling = Sampling::draw(random);
        seat.converses = 35;
        if random.chance(30) {
            seat.api_keys.push(api_key(random));
        }
        if random.chance(4) {
            seat.retention = "fingerprint_only";
        }
        seat
    }

    /// An unattended program.
    pub(crate) fn server(world: &World, id: &str, index: u64, random: &mut Random) -> Self {
        let mut seat = Self::programmer(world, id, index, random);
        seat.clients = vec![(1, world.habits.clients.library(random))];
        if random.chance(12) {
            let name = nonce(random.chance(30), random);
            seat.clients = vec![(1, world.habits.clients.named(&name, random))];
        }
        seat.network = Network::server(random);
        seat.rhythm = match random.below(3) {
            0 => Rhythm::Poisson,
            1 => Rhythm::Runs {
                runs: random.between(1, 9),
                spacing: random.between_seconds(1, 9),
                offset: seat.region.offset,
            },
            _ => timer(random),
        };
        seat.works = vec![(1, Work::application(random))];
        seat.converses = if random.chance(15) { 100 } else { 0 };
        seat
    }

    /// Ends the account at a moment inside the window.
    pub(crate) fn close(&mut self, at: Micros, status: &'static str) {
        self.row.status = Some(status);
        self.row.status_changed_at = Some(at);
        self.span.until = at.max(Micros(self.span.from.0 + 3_600_000_000));
    }

    /// Moves the sign-up; an account cannot be active before it.
    pub(crate) fn created(&mut self, world: &World, at: Micros) {
        self.row.created_at = Some(at);
        let active = active_span(world, &self.row);
        self.span = Span { from: active.from, until: self.span.until.max(active.from) };
        if self.span.seconds() < 3600 {
            self.span = active;
            self.row.status = Some("active");
            self.row.status_changed_at = None;
        }
    }
}

pub(crate) fn timer(random: &mut Random) -> Rhythm {
    Rhythm::Timer {
        every_hours: *random.pick(&[1, 3, 6, 12, 24]),
        phase: 60 * random.between_seconds(0, 59),
        spacing: random.between_seconds(1, 20),
    }
}

pub(crate) fn api_key(random: &mut Random) -> Arc<str> {
    random.hexadecimal("key_", 12)
}

pub(crate) fn own_domain(random: &mut Random) -> Arc<str> {
    let ending = random.weighted(&[(50, "com"), (14, "io"), (12, "dev"), (10, "net"), (8, "co"), (6, "online")]);
    format!("{}{}.{ending}", nonce(false, random), if random.chance(40) { "hq" } else { "" }).into()
}

pub(crate) fn card(random: &mut Random) -> Arc<str> {
    random.hexadecimal("", 16)
}

fn sign_up(
    world: &World,
    id: &str,
    index: u64,
    region: &'static Region,
    network: &Network,
    random: &mut Random,
) -> SimulatedAccount {
    let mut identity = stream(world.seed, id, index);
    let days = signed(random.rank(world.habits.oldest)).max(random.between_seconds(0, 40));
    let before = Micros(world.window.from.0 - days * MICROS_PER_DAY - random.between_seconds(0, MICROS_PER_DAY));
    let created_at = if random.chance(9) { world.window.any(random) } else { before };
    let Address { ip, .. } = network.address(created_at, random);
    let mailbox = *random.weighted(&world.habits.mailboxes);
    let email_domain = match mailbox {
        "own" => own_domain(random),
        "regional" => region.mailbox.into(),
        "campus" => {
            let campus = random.rank(world.habits.everyday.campuses.max(1));
            format!("{}.edu", nonce(false, &mut stream(world.seed, "campus", campus as u64))).into()
        }
        mailbox => mailbox.into(),
    };
    let Payments { none, household, store, store_tokens } = world.habits.payments;
    let payment_hmac = match random.below(100) {
        drawn if drawn < none => None,
        drawn if drawn < none + household => {
            Some(card(&mut stream(world.seed, "household card", random.below(world.household_cards) as u64)))
        }
        drawn if drawn < none + household + store => {
            Some(card(&mut stream(world.seed, "store token", random.below(store_tokens.max(1)) as u64)))
        }
        _ => Some(card(random)),
    };
    let closed = random.chance(world.habits.closed).then(|| world.window.any(random)).filter(|at| *at > created_at);
    SimulatedAccount {
        account: identity.hexadecimal("acct_", 14),
        organization: match world.habits.organizations {
            Organizations::Each => Some(identity.hexadecimal("org_", 12)),
            Organizations::Companies(_) => None,
        },
        created_at: Some(created_at),
        signup_ip: Some(ip),
        signup_country: Some(region.country),
        email_domain: Some(email_domain),
        email_hmac: Some(random.hexadecimal("", 16)),
        phone_hmac: random.chance(62).then(|| random.hexadecimal("", 16)),
        payment_country: payment_hmac.as_ref().map(|_| region.country),
        payment_hmac,
        declared_region: Some(region.country),
        owner: None,
        account_type: AccountType::Direct,
        tier: Some(*random.weighted(&world.habits.plans)),
        status: Some(closed.map_or("active", |_| if random.chance(70) { "closed" } else { "suspended" })),
        status_changed_at: closed,
    }
}

fn active_span(world: &World, row: &SimulatedAccount) -> Span {
    let span = world.window.starting(row.created_at.unwrap_or(world.window.from));
    match row.status_changed_at {
        Some(at) if at > span.from => Span { until: at.min(span.until), ..span },
        _ => span,
    }
}

fn adoption(world: &World, random: &mut Random) -> Option<Micros> {
    let after = random.between_seconds(0, 12 * 86_400) * 1_000_000;
    random.chance(35).then_some(Micros(world.release.0 + after))
}
