//! A candidate that is told, with what was found out about it.

use stillwatch_core::{Family, Tier};

use crate::judge::judgement::Judgement;
use crate::judge::measured::Measured;
use crate::judge::succession::Succession;
use crate::report::Counterfactual;
use crate::seek::concert::Concert;
use crate::seek::graph::Graph;
use crate::seek::growth::Growth;

/// What completes a candidate, or cuts it down.
pub(crate) struct Means<'a> {
    pub(crate) content: &'a Graph,
    pub(crate) growth: &'a Growth,
    pub(crate) concert: Option<&'a Concert<'a>>,
}

/// A candidate that is told.
pub(crate) struct Finding {
    pub(crate) set: Measured,
    pub(crate) tier: Tier,
    pub(crate) q: f64,
    pub(crate) families: Vec<Family>,
    /// What it is held against, and the facts of its verdict.
    pub(crate) judgement: Judgement,
    /// Whether a crowd explains it, so that it is told as that and not as a campaign.
    pub(crate) is_crowd: bool,
    pub(crate) succession: Option<Succession>,
    /// Whether its tier is higher by a step because its accounts follow closed ones.
    pub(crate) raised: bool,
    pub(crate) counterfactuals: Vec<Counterfactual>,
}
