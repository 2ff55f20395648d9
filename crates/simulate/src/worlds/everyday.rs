//! What any account of a world may have beside what its crowd or campaign gives it, so that nothing of it gives a
//! campaign away by itself.

use std::sync::Arc;

use stillwatch_core::Random;

use crate::account::{Payload, Seat, Source, Work};
use crate::client::Client;
use crate::draw::{Draw, hash, stream};
use crate::grammar::{Answer, nonce};
use crate::habits::Organizations;
use crate::settings::Sampling;
use crate::world::World;

/// Completes an account by the provider's habits. `harvests` says that a campaign has decided on its payment and
/// client.
pub(super) fn complete(world: &World, seat: &mut Seat, harvests: bool) {
    let random = &mut stream(world.seed, &format!("everyday:{}", seat.row.account), 0);
    let everyday = world.habits.everyday;
    let domain = seat.row.email_domain.clone().unwrap_or_default();
    if is_company(world, &domain) {
        incorporate(world, seat, &domain);
        let company = &mut stream(world.seed, &format!("owner:{domain}"), 0);
        if seat.row.owner.is_none() && company.chance(everyday.owners) {
            let form = company.word(&["Ltd", "Holding", "GmbH", "Group", "Trading", "Services"]);
            seat.row.owner = Some(format!("{} {form} {}", nonce(true, company), seat.region.country).into());
        }
    }
    if harvests {
        return;
    }
    if seat.row.payment_hmac.is_some() && random.chance(everyday.foreign_cards) {
        seat.row.payment_country = Some(world.region(random).country);
    }
    if seat.clients.len() == 1 && seat.clientele.is_empty() && random.chance(everyday.rare_clients) {
        let agent = world.habits.clients.library(random).user_agent;
        seat.clients.push((4, Client::unheard_of(agent, random)));
    }
    let programs = seat.clients.len() > 1;
    if programs && random.chance(everyday.public_templates) {
        seat.works.push((6, public_template(world, random)));
    }
    if programs && random.chance(everyday.agents) {
        let (client, work) = agent(world, random);
        seat.clients.push((3, client));
        seat.works.push((8, work));
    }
}

/// Whether a mail domain is one of an account's own, and no public mailbox or university.
fn is_company(world: &World, domain: &str) -> bool {
    let ending = domain.rsplit('.').next();
    !world.habits.mailboxes.iter().any(|(_, mailbox)| *mailbox == domain)
        && ending != Some("edu")
        && ending != Some("example")
}

/// Where only companies have an organisation: the same domain is the same company.
fn incorporate(world: &World, seat: &mut Seat, domain: &str) {
    let Organizations::Companies(percent) = world.habits.organizations else {
        return;
    };
    if seat.row.organization.is_none() && stream(world.seed, &format!("company:{domain}"), 0).chance(percent) {
        seat.row.organization = Some(Random::new(world.seed, hash(domain)).hexadecimal("org_", 12));
    }
}

fn public_template(world: &World, random: &mut Random) -> Work {
    let frameworks = &world.public.frameworks;
    let template = frameworks[random.rank(frameworks.len())].clone();
    Work::of(Source::Template(template, Payload::Rule("w_task")), Answer::Prose)
}

/// A popular agent's client and what it sends, around the user's own requests.
fn agent(world: &World, random: &mut Random) -> (Client, Work) {
    let agents = &world.public.agents;
    let agent = &agents[random.rank(agents.len())];
    let client = world.habits.clients.named(agent.name, &mut stream(0, agent.name, random.rank(2) as u64));
    let sampling = Sampling { temperature: Some(1.0), top_p: None, n: 1, max_tokens: Some(8192), logprobs: None };
    let work = Work {
        system: Some(Arc::clone(&agent.system)),
        tools: Some(Arc::clone(&agent.tools)),
        sampling: Some(sampling),
        answer: Answer::Trace,
        follows: 40,
        ..Work::ordinary()
    };
    (client, work)
}
