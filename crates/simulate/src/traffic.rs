use std::collections::BTreeSet;
use std::sync::Arc;

use stillwatch_core::{Cancel, Cancelled, Micros, Permit, PermitScope};

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
    carry_out(plan, &Cancel::default())
}

/// [`simulate`], unless it is cancelled between two accounts.
pub fn simulate_cancellable(plan: &Plan, cancel: &Cancel) -> Result<Traffic, Cancelled> {
    let traffic = carry_out(plan, cancel);
    cancel.check()?;
    Ok(traffic)
}

/// The traffic of the accounts before the cancellation.
fn carry_out(plan: &Plan, cancel: &Cancel) -> Traffic {
    let world = World::new(plan);
    let mut traffic = Traffic::with_capacity(plan.exchanges);
    for campaign in &plan.campaigns {
        traffic.add_campaign(&world, campaign, cancel);
    }
    for crowd in &plan.crowds {
        for group in unless(cancel, crowd::groups(&world, *crowd)) {
            traffic.add_group(&world, group, cancel);
        }
    }
    traffic.sort();
    traffic
}

/// Those before the cancellation.
pub(crate) fn unless<T>(cancel: &Cancel, things: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    things.into_iter().take_while(|_| !cancel.is_cancelled())
}

impl Traffic {
    pub(crate) fn with_capacity(exchanges: usize) -> Self {
        Self {
            exchanges: Vec::with_capacity(exchanges + exchanges / 8),
            accounts: Vec::new(),
            permits: Vec::new(),
            truth: Truth::default(),
        }
    }

    pub(crate) fn sort(&mut self) {
        self.exchanges
            .sort_unstable_by(|a, b| (a.time, &a.account, &a.request_id).cmp(&(b.time, &b.account, &b.request_id)));
        self.accounts.sort_unstable_by(|a, b| a.account.cmp(&b.account));
    }

    /// Leaves accounts out that sent nothing, and takes them from the truth.
    pub(crate) fn only_active(&mut self) {
        let active: BTreeSet<Arc<str>> = self.exchanges.iter().map(|row| row.account.clone()).collect();
        self.accounts.retain(|row| active.contains(&row.account));
        self.truth.klass.retain(|account, _| active.contains(&**account));
        self.truth.campaign.retain(|account, _| active.contains(&**account));
    }

    fn add_campaign(&mut self, world: &World, plan: &CampaignPlan, cancel: &Cancel) {
        if let Some(actor) = &plan.actor {
            self.truth.actor.insert(plan.name.clone(), actor.clone());
        }
        self.truth.kind.insert(plan.name.clone(), plan.kind().name().into());
        for seat in unless(cancel, campaign::seats(world, plan)) {
            if plan.holder == Holder::Intermediary {
                let people = seat.harvest.iter().flat_map(|harvest| harvest.end_users.iter());
                let keys = people.map(|person| format!("{}/{person}", seat.row.account));
                self.truth.end_user.extend(keys.map(|key| (key, plan.name.clone())));
                self.settle(world, seat, Class::Aggregator.name());
                continue;
            }
            self.truth.campaign.insert(seat.row.account.to_string(), plan.name.clone());
            self.settle(world, seat, CAMPAIGN_CLASS);
        }
    }

    fn add_group(&mut self, world: &World, group: Group, cancel: &Cancel) {
        if group.class == Class::Permitted {
            self.permits.push(permit_of(world, group));
        }
        for seat in unless(cancel, crowd::seats(world, group)) {
            self.settle(world, seat, group.class.name());
        }
    }

    /// Labels an account and writes its traffic.
    pub(crate) fn settle(&mut self, world: &World, seat: Seat, class: &str) {
        self.truth.klass.insert(seat.row.account.to_string(), class.to_owned());
        let mut random = stream(world.seed, &seat.row.account, 1);
        write::write(&seat, world, &mut random, &mut self.exchanges);
        self.accounts.push(seat.row);
    }
}

/// The permit of a group that distils openly.
pub(crate) fn permit_of(world: &World, group: Group) -> Permit {
    permit(&crowd::permit_organization(world, group), group.number, world)
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
