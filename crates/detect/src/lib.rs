//! Which accounts act as one, how sure that is, and on what evidence.
//!
//! A [`Detector`] takes the window of every account and the account table. Data passes through it like this:
//!
//! 1. **Profiles.** Of each window stay the passages that the account repeats, its identities, its active minutes and
//!    its totals. Accounts under a permit, the provider's own and aggregators are set aside.
//! 2. **Candidates.** Passages that several accounts repeat span a graph; its communities, at three densities, are sets
//!    of accounts that say the same. No passage is too frequent to count, and no chain of chance links makes a set.
//!    Accounts that say too little to repeat anything join the community whose idiom they speak.
//! 3. **Nulls.** What accounts say chooses the candidates, so it is not tested again. Each candidate is tested for what
//!    does not follow from saying the same: addresses, payment, carriers, mail domains, and minutes of activity.
//!    Permutations say how much chance gives the luckiest candidate; what rests on a few of many accounts is taken back.
//! 4. **Judgement.** Each candidate that the nulls leave is observed in 26 signs, which answer three questions: do the
//!    accounts act as one, do they harvest, do they hide it. One hidden operator and 16 innocent explanations each say how
//!    probable every sign is, and are compared in bits; learnt weights of the signs are added up beside them.
//! 5. **Verdict.** Tier `act` needs two families of evidence on most of the accounts, use like a harvest, concealment or a
//!    broken rule, and that both opinions together favour one hidden operator; what is seen in the requests alone goes to `review` at
//!    most. What an innocent explanation fits better is a crowd and no campaign. Each account is in one of them.
//! 6. **Beside the findings**, and without a bearing on them: whom a written policy restricts, and who matches a
//!    watch-list. What somebody else saw becomes evidence of campaigns that stand without it, and moves no tier.
//!
//! Everything is computed from integers, ordered data and counter-based random numbers, so the same windows give the
//! same report at any number of threads, and under any fingerprint key the same campaigns.
//!
//! ```
//! use stillwatch_core::{Cancel, Key, Silent, Window};
//! use stillwatch_detect::{Detector, Inputs, Options};
//! use stillwatch_digest::Names;
//!
//! let names = Names::new(&Key::from_bytes([7; 32]));
//! let detector = Detector::new(Vec::new(), Vec::new(), &names, Options { threads: 2, ..Options::default() });
//! let report = detector.detect(Window::default(), Inputs::default(), &Cancel::default(), &Silent)?;
//! assert!(report.campaigns.is_empty());
//! assert_eq!(report.not_evaluated[0].what, "campaigns");
//! # Ok::<(), stillwatch_core::Cancelled>(())
//! ```

mod account;
mod answers;
mod census;
mod continuation;
mod coverage;
mod deeds;
mod detector;
mod findings;
mod hypothesis;
mod index;
mod judge;
#[cfg(test)]
mod made;
mod needs;
mod null;
mod parameters;
mod population;
mod profile;
mod report;
mod seek;
mod signal;
mod work;

pub use answers::{Answer, Answers, Crowd, SeenSign, Standing};
pub use continuation::Matching;
pub use detector::{Detector, Options};
pub use findings::sign::Sign;
pub use hypothesis::{Hypothesis, HypothesisName, Supposition, TestName};
pub use judge::catalogue::{WeighedLevel, weighed_levels};
pub use judge::verdict::MOST_SAID;
pub use needs::{Input, Need, needs};
pub use report::{
    BenignHypothesis, BlastRadius, Campaign, CampaignKind, Category, CategoryBasis, Continued, Counterfactual,
    DetectionReport, EvidenceGraph, Excepted, Extent, GraphEdge, GraphNode, Indicator, IndicatorClass, Inputs, Lane,
    Member, NodeKind, Nulls, OwnershipChain, OwnershipStep, Permitted, Predecessor, Recommendation, RegionGround,
    ReportWindow, Restricted, Role, Rung, SCHEMA, SightedAccount, Sighting, Timeline, Unrestricted, WatchlistSummary,
    json_schema,
};
