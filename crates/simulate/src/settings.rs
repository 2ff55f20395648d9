//! What a client sends beside its prompt: sampling parameters and a system prompt.

use std::sync::Arc;

use stillwatch_core::Random;

use crate::draw::Draw;
use crate::grammar::Writer;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sampling {
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) n: i64,
    pub(crate) max_tokens: Option<i64>,
    pub(crate) logprobs: Option<bool>,
}

impl Sampling {
    /// A few defaults dominate.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let temperature = *random.weighted(&[
            (38, None),
            (17, Some(0.0)),
            (14, Some(0.7)),
            (12, Some(1.0)),
            (5, Some(0.2)),
            (5, Some(0.3)),
            (3, Some(0.5)),
            (3, Some(0.8)),
            (2, Some(0.1)),
            (1, Some(0.9)),
        ]);
        let top_p = *random.weighted(&[(82, None), (9, Some(1.0)), (6, Some(0.95)), (3, Some(0.9))]);
        let max_tokens = *random.weighted(&[
            (25, None),
            (22, Some(1024)),
            (18, Some(4096)),
            (12, Some(2048)),
            (9, Some(512)),
            (8, Some(256)),
            (4, Some(8192)),
            (2, Some(300)),
        ]);
        let logprobs = *random.weighted(&[(92, None), (5, Some(false)), (3, Some(true))]);
        Self { temperature, top_p, n: 1, max_tokens, logprobs }
    }
}

pub(crate) fn system_prompt(percent: usize, random: &mut Random) -> Option<Arc<str>> {
    let writer = Writer::draw(random);
    random.chance(percent).then(|| writer.write("system", random).into())
}
