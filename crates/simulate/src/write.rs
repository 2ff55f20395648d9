//! Turns an account's behaviour into rows.

use std::sync::Arc;

use stillwatch_core::{Micros, Random, float, signed};

use crate::account::{Harvest, Seat, Source};
use crate::client::Client;
use crate::clientele::Person;
use crate::clock::{Moment, Visit};
use crate::draw::{Draw, hash};
use crate::grammar::{Answer, Writer, common_task};
use crate::network::Address;
use crate::row::SimulatedExchange;
use crate::settings::Sampling;
use crate::world::World;

/// Writes all exchanges of one account.
pub(crate) fn write(seat: &Seat, world: &World, random: &mut Random, rows: &mut Vec<SimulatedExchange>) {
    let mut moments: Vec<(Moment, bool)> =
        seat.rhythm.moments(seat.volume, seat.span, random).into_iter().map(|moment| (moment, false)).collect();
    if let Some(harvest) = &seat.harvest {
        let harvesting = harvest.rhythm.moments(harvest.items.len(), harvest.span, random);
        let first_session = moments.len() + 1_000_000;
        moments.extend(
            harvesting.into_iter().map(|moment| (Moment { session: first_session + moment.session, ..moment }, true)),
        );
    }
    moments.sort_by_key(|(moment, _)| moment.time);

    let next_in_list = vec![0; seat.works.len()];
    let mut pen = Pen { seat, world, next_in_list, next_item: 0, sitting: None, asked: None };
    for (moment, harvesting) in moments {
        pen.sit_down(moment, harvesting, random);
        let text = if harvesting { pen.harvested(random) } else { pen.ordinary(random) };
        if let Some(text) = text {
            pen.send(moment, text, harvesting, random, rows);
        }
    }
}

struct Pen<'a> {
    seat: &'a Seat,
    world: &'a World,
    next_in_list: Vec<usize>,
    next_item: usize,
    sitting: Option<Sitting<'a>>,
    /// The prompt before, and whether this one may be the same once more.
    asked: Option<Arc<str>>,
}

/// What stays the same within one sitting.
struct Sitting<'a> {
    session: usize,
    /// Who asks, when it is a visitor.
    person: Option<&'a Person>,
    turn: usize,
    work: usize,
    address: Address,
    client: Client,
    conversation: Option<Arc<str>>,
    end_user: Option<Arc<str>>,
    writer: Writer,
    api_key: Arc<str>,
    /// Tokens of the conversation so far.
    context: i64,
}

struct Text {
    prompt: Arc<str>,
    system: Option<Arc<str>>,
    tools: Option<Arc<str>>,
    answer: Answer,
    sampling: Sampling,
    /// Times the usual length of an answer.
    length: usize,
}

impl Pen<'_> {
    fn sit_down(&mut self, moment: Moment, harvesting: bool, random: &mut Random) {
        if let Some(sitting) = &mut self.sitting
            && sitting.session == moment.session
        {
            sitting.turn = moment.visit.map_or(sitting.turn + 1, |visit| visit.turn);
            sitting.context = moment.visit.map_or(sitting.context, context);
            return;
        }
        let seat = self.seat;
        let person = moment.visit.and_then(|visit| seat.clientele.get(visit.person));
        let harvesters = seat.harvest.as_ref().filter(|_| harvesting).map_or(&[][..], |harvest| &harvest.end_users);
        let end_user = if let Some(person) = person {
            person.id.clone()
        } else if !harvesters.is_empty() {
            Some(random.pick(harvesters).clone())
        } else if seat.end_users.is_empty() {
            None
        } else {
            Some(seat.end_users[random.rank(seat.end_users.len())].clone())
        };
        let writer = match &end_user {
            _ if person.is_some() => person.map_or(seat.writer, |person| person.writer),
            Some(end_user) => Writer::draw(&mut Random::new(hash(end_user), 0)),
            None if random.chance(75) => seat.writer,
            None => Writer::draw(random),
        };
        let weights: Vec<(u32, usize)> =
            seat.works.iter().enumerate().map(|(index, (weight, _))| (*weight, index)).collect();
        self.sitting = Some(Sitting {
            session: moment.session,
            person,
            turn: moment.visit.map_or(0, |visit| visit.turn),
            work: *random.weighted(&weights),
            address: seat.network.address(moment.time, random),
            client: self.client(moment.time, random),
            conversation: random.chance(seat.converses).then(|| random.hexadecimal("conv_", 12)),
            end_user,
            writer,
            api_key: random.pick(&seat.api_keys).clone(),
            context: moment.visit.map_or(0, context),
        });
    }

    fn client(&self, at: Micros, random: &mut Random) -> Client {
        let client = random.weighted(&self.seat.clients).clone();
        match &self.seat.upgrade {
            Some((from, newer)) if at >= *from => newer.clone(),
            _ => client,
        }
    }

    fn ordinary(&mut self, random: &mut Random) -> Option<Text> {
        let sitting = self.sitting.as_ref()?;
        if let Some(person) = sitting.person {
            return Some(Text {
                prompt: person.ask(sitting.turn, random).into(),
                system: person.system.clone(),
                tools: None,
                answer: Answer::Prose,
                sampling: person.sampling,
                length: 1,
            });
        }
        let (_, work) = self.seat.works.get(sitting.work)?;
        let next = self.next_in_list.get_mut(sitting.work)?;
        let continues = sitting.conversation.is_some() && sitting.turn > 0;
        let again = self.asked.take().filter(|_| self.seat.asks_again > 0 && random.chance(self.seat.asks_again));
        let prompt: Arc<str> = match &work.source {
            _ if again.is_some() => again.unwrap_or_default(),
            _ if work.follows > 0 && continues && random.chance(work.follows) => {
                sitting.writer.write(self.seat.tongue.followup, random).into()
            }
            Source::Ordinary { common } => {
                if continues && random.chance(60) {
                    sitting.writer.write(self.seat.tongue.followup, random).into()
                } else if random.chance(*common) {
                    common_task(self.world.seed, random).into()
                } else {
                    sitting.writer.write(self.seat.tongue.task, random).into()
                }
            }
            Source::Template(template, payload) => {
                let payload = payload.write(sitting.writer, random);
                template.render(&payload, random).into()
            }
            Source::Meaning(meaning, payload) => {
                let payload = payload.write(sitting.writer, random);
                meaning.render(&payload, random).into()
            }
            Source::List { prompts, in_order } => {
                let index = if *in_order { *next } else { random.rank(prompts.len()) };
                *next += 1;
                prompts[index % prompts.len()].clone()
            }
        };
        self.asked = (self.seat.asks_again > 0).then(|| prompt.clone());
        Some(Text {
            prompt,
            system: work.system.clone(),
            tools: work.tools.clone(),
            answer: work.answer,
            sampling: work.sampling.unwrap_or(self.seat.sampling),
            length: 1,
        })
    }

    fn harvested(&mut self, random: &mut Random) -> Option<Text> {
        let harvest: &Harvest = self.seat.harvest.as_ref()?;
        let dress = &harvest.dress;
        let sitting = self.sitting.as_ref()?;
        if dress.follows > 0 && sitting.conversation.is_some() && sitting.turn > 0 && random.chance(dress.follows) {
            return Some(Text {
                prompt: sitting.writer.write("followup", random).into(),
                system: dress.system.clone(),
                tools: dress.tools.clone(),
                answer: Answer::Prose,
                sampling: *random.pick(&harvest.sampling),
                length: 1,
            });
        }
        let item = *harvest.items.get(self.next_item)?;
        self.next_item += 1;
        let family = harvest.families[item.family];
        let payload = family.item(&mut Random::new(item.seed, 0));
        let wording = random.pick(&harvest.wordings[item.family]);
        let (prompt, system) = if dress.instructs_system {
            (payload, Some(wording.render("", random).trim_end().into()))
        } else {
            (wording.render(&payload, random), dress.system.clone())
        };
        Some(Text {
            prompt: prompt.into(),
            system,
            tools: dress.tools.clone(),
            answer: family.answer(),
            sampling: *random.pick(&harvest.sampling),
            length: dress.length.max(1),
        })
    }

    fn send(
        &mut self,
        moment: Moment,
        text: Text,
        harvesting: bool,
        random: &mut Random,
        rows: &mut Vec<SimulatedExchange>,
    ) {
        let (seat, world) = (self.seat, self.world);
        let time = moment.time;
        let model = self.model(time, harvesting, random);
        let Some(sitting) = &mut self.sitting else {
            return;
        };
        let status = if moment.limit { 429 } else { *random.weighted(STATUSES) };
        let sampled = text.sampling.temperature.is_none_or(|temperature| temperature > 0.0);
        let response = (status == 200).then(|| text.answer.write(&text.prompt, text.length, sampled, random));
        let fixed = tokens(text.system.as_deref()) + tokens(text.tools.as_deref());
        let input_tokens = fixed + tokens(Some(&text.prompt)) + sitting.context + 4;
        let limit = text.sampling.max_tokens.unwrap_or(i64::MAX);
        let wanted = tokens(response.as_deref()) * text.sampling.n;
        let output_tokens = wanted.min(limit);
        let mut warm = || moment.visit.map_or_else(|| sitting.turn > 0 || random.chance(25), |visit| visit.warm);
        let cached_tokens = if fixed + sitting.context > 64 && warm() { fixed + sitting.context } else { 0 };
        if sitting.conversation.is_some() {
            sitting.context += tokens(Some(&text.prompt)) + output_tokens;
        }
        let stop_reason = response.as_ref().map(|_| match random.below(1000) {
            _ if wanted > limit => "max_tokens",
            0..6 => "refusal",
            6..30 => "max_tokens",
            30..55 => "stop_sequence",
            _ => "end_turn",
        });
        let tenths = 2400 + input_tokens.min(100_000) / 8 + output_tokens * 110 + random.between_seconds(0, 9000);
        let row = SimulatedExchange {
            time,
            request_id: random.hexadecimal("req_", 16),
            account: seat.row.account.clone(),
            organization: seat.row.organization.clone(),
            api_key: Some(sitting.api_key.clone()),
            end_user: sitting.end_user.clone(),
            ip: Some(sitting.address.ip.clone()),
            asn: Some(sitting.address.asn),
            country: Some(sitting.address.country),
            user_agent: Some(sitting.client.user_agent.clone()),
            // The edge log misses a few connections.
            ja4: random.chance(97).then(|| sitting.client.ja4.clone()),
            model,
            endpoint: world.habits.endpoint,
            system: text.system,
            prompt: text.prompt,
            response,
            tools: text.tools,
            temperature: text.sampling.temperature,
            top_p: text.sampling.top_p,
            n: text.sampling.n,
            max_tokens: text.sampling.max_tokens,
            logprobs: text.sampling.logprobs,
            input_tokens,
            output_tokens,
            cached_tokens,
            latency_ms: float(tenths.unsigned_abs()) / 10.0,
            status,
            stop_reason,
            conversation: sitting.conversation.clone(),
            retention: seat.retention,
            sample_rate: 1.0,
        };
        let retry = (status != 200 && status != 400 && !moment.limit && random.chance(45)).then(|| {
            let mut again = row.clone();
            again.time = Micros(time.0 + random.between_seconds(900_000, 20_000_000));
            again.request_id = random.hexadecimal("req_", 16);
            again.status = 200;
            again
        });
        rows.push(row);
        if let Some(mut again) = retry.filter(|again| world.window.contains(again.time)) {
            let response = text.answer.write(&again.prompt, text.length, sampled, random);
            again.output_tokens = tokens(Some(&response)).min(limit);
            again.response = Some(response);
            again.stop_reason = Some("end_turn");
            rows.push(again);
        }
    }

    fn model(&self, time: Micros, harvesting: bool, random: &mut Random) -> &'static str {
        let adopted = self.seat.adopts.is_some_and(|from| time >= from);
        if adopted && random.chance(if harvesting { 92 } else { 70 }) {
            self.world.habits.new_model
        } else {
            self.seat.model
        }
    }
}

/// Tokens of the turns that went before, whoever carried them.
fn context(visit: Visit) -> i64 {
    signed(visit.turn) * TURN_TOKENS
}

fn tokens(text: Option<&str>) -> i64 {
    text.map_or(0, |text| signed(text.len()) / 4 + 1)
}

/// A question and its answer.
const TURN_TOKENS: i64 = 180;
const STATUSES: &[(u32, i64)] = &[(970, 200), (14, 429), (7, 529), (4, 500), (4, 400), (1, 403)];
