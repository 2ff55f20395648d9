use std::sync::Arc;

use stillwatch_core::{Micros, Permit, PermitScope};

use crate::account::Seat;
use crate::class::Class;
use crate::crowd::{self, Group};
use crate::draw::stream;
use crate::plan::{CampaignPlan, Holder, Plan};
use crate::row::{SimulatedAccount, SimulatedExchange};
use crate::truth::{CAMPAIGN_CLASS, Truth};
use crate::world::{MICROS_PER_DAY, World};
use crate::{campaign, write};

/// Labelled traffic.
pub struct Traffic {
    /// By time.
    pub exchanges: Vec<SimulatedExchange>,
    /// By account id.
    pub accounts: Vec<SimulatedAccount>,
    pub permits: Vec<Permit>,
    pub truth: Truth,
}

/// Carries out a plan. The same plan gives the same rows on every machine.
pub fn simulate(plan: &Plan) -> Traffic {
    let world = World::new(plan);
    let mut traffic = Traffic {
        exchanges: Vec::with_capacity(plan.exchanges + plan.exchanges / 8),
        accounts: Vec::with_capacity(plan.accounts()),
        permits: Vec::new(),
        truth: Truth::default(),
    };
    for campaign in &plan.campaigns {
        traffic.add_campaign(&world, campaign);
    }
    for crowd in &plan.crowds {
        for group in crowd::groups(&world, *crowd) {
            traffic.add_group(&world, group);
        }
    }
    traffic
        .exchanges
        .sort_unstable_by(|a, b| (a.time, &a.account, &a.request_id).cmp(&(b.time, &b.account, &b.request_id)));
    traffic.accounts.sort_unstable_by(|a, b| a.account.cmp(&b.account));
    traffic
}

impl Traffic {
    fn add_campaign(&mut self, world: &World, plan: &CampaignPlan) {
        if let Some(actor) = &plan.actor {
            self.truth.actor.insert(plan.name.clone(), actor.clone());
        }
        self.truth.kind.insert(plan.name.clone(), plan.kind().name().into());
        for seat in campaign::seats(world, plan) {
            if plan.holder == Holder::Intermediary {
                let people = seat.harvest.iter().flat_map(|harvest| harvest.end_users.iter());
                let keys = people.map(|person| format!("{}/{person}", seat.row.account));
                self.truth.end_user.extend(keys.map(|key| (key, plan.name.clone())));
                self.add(world, seat, Class::Aggregator.name());
                continue;
            }
            self.truth.campaign.insert(seat.row.account.to_string(), plan.name.clone());
            self.add(world, seat, CAMPAIGN_CLASS);
        }
    }

    fn add_group(&mut self, world: &World, group: Group) {
        if group.class == Class::Permitted {
            self.permits.push(permit(&crowd::permit_organization(world, group), group.number, world));
        }
        for seat in crowd::seats(world, group) {
            self.add(world, seat, group.class.name());
        }
    }

    fn add(&mut self, world: &World, seat: Seat, class: &str) {
        self.truth.klass.insert(seat.row.account.to_string(), class.to_owned());
        let mut random = stream(world.seed, &seat.row.account, 1);
        write::write(&seat, world, &mut random, &mut self.exchanges);
        self.accounts.push(seat.row);
    }
}

fn permit(organization: &Arc<str>, number: u64, world: &World) -> Permit {
    let day = |moment: i64| Micros(moment).to_rfc3339().chars().take(10).collect();
    Permit {
        id: Some(format!("permit-{}", number + 1)),
        organization: Some((&**organization).into()),
        account: None,
        scope: PermitScope::Distillation,
        holder: "licensed partner".into(),
        issuer: Some("the provider".into()),
        valid_from: day(world.window.from.0 - 365 * MICROS_PER_DAY),
        valid_until: day(world.window.until.0 + 180 * MICROS_PER_DAY),
        models: Vec::new(),
        revoked_at: None,
        signature: None,
    }
}
