use std::sync::Arc;

use super::{Family, Template, Writer};
use crate::draw::{Draw, stream};

/// Text that anyone can copy.
pub(crate) struct Public {
    /// Default templates of popular frameworks.
    pub(crate) frameworks: Vec<Arc<Template>>,
    /// Prompts that people paste from collections.
    pub(crate) packs: Vec<Arc<[Arc<str>]>>,
    /// Published grading rubrics.
    pub(crate) rubrics: Vec<Arc<Template>>,
    /// Items of public benchmarks, in order.
    pub(crate) benchmarks: Vec<(Family, Arc<[Arc<str>]>)>,
    pub(crate) agents: Vec<Agent>,
    /// A popular action that reviews changes in continuous integration.
    pub(crate) reviewer: Agent,
    /// What that action asks.
    pub(crate) review: Arc<Template>,
}

/// A widely used agent client: every user sends its system prompt and tools.
pub(crate) struct Agent {
    pub(crate) system: Arc<str>,
    pub(crate) tools: Arc<str>,
    pub(crate) name: &'static str,
}

/// How much public text is in circulation.
#[derive(Clone, Copy)]
pub(crate) struct Circulation {
    pub(crate) frameworks: usize,
    pub(crate) packs: usize,
    pub(crate) rubrics: usize,
    pub(crate) agents: usize,
}

impl Public {
    /// The same for every plan.
    pub(crate) fn new() -> Self {
        Self::of(PUBLIC_SEED, Circulation { frameworks: 5, packs: 6, rubrics: 3, agents: 2 })
    }

    /// The text in circulation under a seed.
    pub(crate) fn of(seed: u64, circulation: Circulation) -> Self {
        let random = |purpose: &str, index: usize| stream(seed, purpose, index as u64);
        let frameworks = (0..circulation.frameworks.max(1))
            .map(|index| {
                let mut random = random("framework", index);
                Arc::new(Template::harvest(FRAMEWORK_FAMILIES[index % FRAMEWORK_FAMILIES.len()], 3, &mut random))
            })
            .collect();
        let packs = (0..circulation.packs.max(1))
            .map(|index| {
                let mut random = random("pack", index);
                (0..40)
                    .map(|_| {
                        let writer = Writer::draw(&mut random);
                        let text = "{persona} {rule} {rule} {rule} {howto} {limits}";
                        writer.expand(text, &mut random).into()
                    })
                    .collect()
            })
            .collect();
        let rubrics = (0..circulation.rubrics.max(1))
            .map(|index| Arc::new(Template::harvest(Family::Rubric, 5, &mut random("rubric", index))))
            .collect();
        let benchmarks = [(Family::Reasoning, 900), (Family::Code, 160), (Family::Sft, 800)]
            .into_iter()
            .enumerate()
            .map(|(index, (family, items))| {
                let mut random = random("benchmark", index);
                (family, (0..items).map(|_| family.item(&mut random).into()).collect())
            })
            .collect();
        let agents = AGENTS
            .iter()
            .take(circulation.agents.max(1))
            .enumerate()
            .map(|(index, name)| Agent::new(name, &mut random("agent", index)))
            .collect();
        let reviewer = Agent::new("sentinel-review", &mut random("reviewer", 0));
        let review = Arc::new(Template::harvest(Family::Code, 4, &mut random("review", 0)));
        Self { frameworks, packs, rubrics, benchmarks, agents, reviewer, review }
    }
}

impl Agent {
    /// An agent client with a long system prompt and tool definitions of its own.
    pub(crate) fn new(name: &'static str, random: &mut stillwatch_core::Random) -> Self {
        let writer = Writer::draw(random);
        let mut system = format!("You are {name}, an agent that works in the user's repository.");
        for _ in 0..9 {
            system.push(' ');
            system.push_str(&writer.write(["rule", "agent_demand", "code_demand"][random.below(3)], random));
        }
        let tools: Vec<String> = (0..random.between(3, 6))
            .map(|_| {
                let word = super::nonce(false, random);
                let parameter = super::nonce(false, random);
                let about = writer.write("advice", random);
                serde_json::json!({
                    "name": word,
                    "description": about,
                    "input_schema": {"type": "object", "properties": {parameter: {"type": "string"}}},
                })
                .to_string()
            })
            .collect();
        Self { system: system.into(), tools: format!("[{}]", tools.join(",")).into(), name }
    }
}

const PUBLIC_SEED: u64 = 0x5055_424c_4943;
const FRAMEWORK_FAMILIES: [Family; 5] =
    [Family::Sft, Family::Agent, Family::Reasoning, Family::Code, Family::Translation];
const AGENTS: &[&str] = &[
    "kestrel-agent",
    "patchwork-cli",
    "loomwright",
    "ferrywork",
    "tinder-shell",
    "oxbow",
    "palisade-dev",
    "quillbot-x",
];
