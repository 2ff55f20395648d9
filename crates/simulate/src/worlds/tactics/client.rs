//! What the requests are sent with.

use super::{Subject, nothing, tactic};
use crate::client::Client;
use crate::draw::Draw;

pub(super) const SUBJECT: Subject = Subject {
    name: "client",
    tactics: &[
        // A program of the operator's own, whose handshake nobody else has.
        tactic("own_program", 2, |operation, random| {
            let agent = operation.world.habits.clients.library(random).user_agent;
            let client = Client::unheard_of(agent, random);
            Box::new(move |seat, member, _| member.equip(seat, client.clone()))
        }),
        tactic("few_libraries", 3, |operation, random| {
            let clients: Vec<Client> =
                (0..random.between(1, 3)).map(|_| operation.world.habits.clients.library(random)).collect();
            Box::new(move |seat, member, random| member.equip(seat, random.pick(&clients).clone()))
        }),
        // The newest official library, as many honest customers have it.
        tactic("official_look", 2, |operation, _| {
            let client = operation.world.habits.clients.official();
            Box::new(move |seat, member, _| member.equip(seat, client.clone()))
        }),
        // A browser's name on a library's handshake.
        tactic("browser_name", 1, |operation, random| {
            let handshake = operation.world.habits.clients.library(random).ja4;
            let market = operation.world.habits.clients.clone();
            Box::new(move |seat, member, random| {
                let user_agent = market.browser(random).user_agent;
                member.equip(seat, Client { user_agent, ja4: handshake.clone() });
            })
        }),
        // Whatever each account would have.
        tactic("mixed_stock", 2, nothing),
    ],
};
