//! Simulated API traffic with the truth about it: seeded, labelled, and with a text grammar of its own.
//!
//! A [`Plan`] names campaigns, each with its way of wording, paying, connecting and timing, and crowds of benign
//! accounts, most of which look coordinated for an innocent reason. An account is first decided upon (who, where,
//! with what client, when, doing what) and then written as rows. Campaign accounts start as ordinary ones and differ
//! only in what their owner deals them. Every draw is keyed by the seed, a purpose and an index, so that the same plan
//! gives the same rows on every machine and one account does not depend on another.
//!
//! Nothing here knows how detection works.
//!
//! ```
//! use stillwatch_simulate::{Class, Plan, simulate};
//!
//! let traffic = simulate(&Plan::crowd(7, Class::Classroom, 30));
//! assert_eq!(traffic.accounts.len(), 30);
//! assert!(traffic.truth.klass.values().all(|class| class == "classroom"));
//! assert!(traffic.truth.campaign.is_empty());
//! ```

mod account;
mod campaign;
mod class;
mod client;
mod clientele;
mod clock;
mod crowd;
mod draw;
mod grammar;
mod habits;
mod ladder;
mod network;
mod plan;
mod row;
mod settings;
mod traffic;
mod truth;
mod world;
mod worlds;
mod write;

pub use class::Class;
pub use clientele::EndUsers;
pub use grammar::Family;
pub use ladder::Level;
pub use plan::{CampaignPlan, CrowdPlan, Egress, Fate, Holder, Kind, Payment, Plan, Relay, Rewording, Signup, Timing};
pub use row::{SimulatedAccount, SimulatedExchange};
pub use traffic::{Traffic, simulate, simulate_cancellable};
pub use truth::Truth;
pub use worlds::{
    CampaignDescription, Coverage, CrowdDescription, Dimension, Families, Outage, WorldDescription, WorldPlan,
};
