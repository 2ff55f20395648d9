use std::sync::Arc;

use stillwatch_core::Random;

use super::Writer;
use crate::draw::{Draw, hash};

/// The shape of what the model answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Prose,
    Reasoning,
    Code,
    Verdict,
    /// A label, as pipelines ask for.
    Brief,
    Trace,
}

impl Answer {
    /// The answer to `prompt`, `length` times as long as usual; without sampling the same prompt has the same answer.
    pub(crate) fn write(self, prompt: &str, length: usize, sampled: bool, random: &mut Random) -> Arc<str> {
        let variation = if sampled { random.next_u64() } else { 0 };
        let mut random = Random::new(hash(prompt), variation);
        let writer = Writer::draw(&mut random);
        let rule = match self {
            Self::Prose if prompt.contains("Write a") && random.chance(20) => "program",
            Self::Prose => "prose",
            Self::Reasoning => "steps",
            Self::Code => "program",
            Self::Verdict => "verdict",
            Self::Brief => "brief",
            Self::Trace => "trace",
        };
        let mut text = writer.write(rule, &mut random);
        for _ in 1..length {
            text.push('\n');
            text.push_str(&writer.write(rule, &mut random));
        }
        text.into()
    }
}
