//! As whose users the accounts pose.

use super::{Subject, nothing, tactic};
use crate::draw::{Draw, stream};

pub(super) const SUBJECT: Subject = Subject {
    name: "disguise",
    tactics: &[
        tactic("none", 6, nothing),
        // A popular agent's system prompt, tools and client around the harvest.
        tactic("agent", 1, |operation, random| {
            let agents = &operation.world.public.agents;
            let agent = &agents[random.rank(agents.len())];
            let (system, tools) = (agent.system.clone(), agent.tools.clone());
            let mut build = stream(0, agent.name, 0);
            let client = operation.world.habits.clients.named(agent.name, &mut build);
            Box::new(move |seat, member, _| {
                member.equip(seat, client.clone());
                if let Some(harvest) = &mut seat.harvest {
                    harvest.dress.system = Some(system.clone());
                    harvest.dress.tools = Some(tools.clone());
                }
            })
        }),
        // A framework's public template as the system prompt.
        tactic("framework", 1, |operation, random| {
            let frameworks = &operation.world.public.frameworks;
            let text = frameworks[random.rank(frameworks.len())].render("", random);
            let system: std::sync::Arc<str> = text.trim_end().into();
            Box::new(move |seat, _, _| {
                if let Some(harvest) = &mut seat.harvest {
                    harvest.dress.system = Some(system.clone());
                }
            })
        }),
    ],
};
