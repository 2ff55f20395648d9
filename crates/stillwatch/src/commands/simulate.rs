//! `stillwatch simulate`

use std::collections::BTreeSet;

use stillwatch_run::simulation::{WorldCrowd, Worlds};
use stillwatch_simulate::{CampaignPlan, Class, Plan, WorldPlan};

use crate::cli::Simulate;
use crate::error::{Code, Failure};
use crate::interrupt::Running;
use crate::output;

pub(crate) fn run(arguments: &Simulate) -> Result<Code, Failure> {
    if let Some(count) = arguments.worlds {
        let exchanges = arguments.exchanges.map(size).transpose()?;
        let worlds = Worlds { seed: arguments.seed, count, exchanges, output: arguments.output.clone() };
        let exchanges = worlds.run(&Running::new())?;
        output::print(&format!("{}: {count} worlds, {exchanges} exchanges\n", arguments.output.display()))?;
        return Ok(Code::Done);
    }
    let output = arguments.output.clone();
    let traffic = match of_world(arguments)? {
        Some(plan) => WorldCrowd { plan, output }.run(&Running::new())?,
        None => stillwatch_run::simulation::Simulate { plan: plan(arguments)?, output }.run(&Running::new())?,
    };
    output::print(&format!(
        "{}: {} exchanges of {} accounts, {} of them in {} campaigns\n",
        arguments.output.display(),
        traffic.exchanges.len(),
        traffic.accounts.len(),
        traffic.truth.campaign.len(),
        traffic.truth.campaign.values().collect::<BTreeSet<_>>().len()
    ))?;
    Ok(Code::Done)
}

/// A number as a size of this machine.
pub(crate) fn size(number: u32) -> Result<usize, Failure> {
    usize::try_from(number)
        .map_err(|error| Failure::usage(format!("{number} is too large for this machine")).because(error))
}

/// A crowd that only random worlds have.
fn of_world(arguments: &Simulate) -> Result<Option<WorldPlan>, Failure> {
    let Some(name) = arguments.crowd.as_deref().filter(|name| Class::parse(name).is_none()) else { return Ok(None) };
    Ok(WorldPlan::of_crowd(arguments.seed, 1, name, size(arguments.accounts)?, size(arguments.among)?))
}

fn plan(arguments: &Simulate) -> Result<Plan, Failure> {
    let mut plan = match (arguments.crowd.as_deref().and_then(Class::parse), arguments.ladder) {
        (Some(class), _) => Plan::crowd(arguments.seed, class, size(arguments.accounts)?).among(size(arguments.among)?),
        (None, Some(level)) => Plan::ladder(arguments.seed, level),
        (None, None) => Plan::demo(arguments.seed),
    };
    if !arguments.campaign.is_empty() {
        plan.campaigns = CampaignPlan::all();
        plan.campaigns.retain(|campaign| arguments.campaign.contains(&campaign.name));
    }
    plan.days = arguments.days;
    if arguments.benign {
        plan = plan.only_benign();
    }
    Ok(match arguments.exchanges {
        Some(exchanges) => plan.with_exchanges(size(exchanges)?),
        None => plan,
    })
}
