//! What simulated traffic promises.

mod campaigns;
mod classes;
mod crowds;
mod ladder;
mod markers;
mod rows;
mod worlds;

use std::hash::{DefaultHasher, Hash, Hasher};

use stillwatch_core::Day;
use stillwatch_simulate::{CampaignPlan, Plan, Traffic, simulate};

/// About 20,000 exchanges with every class and every campaign in them.
fn small(seed: u64) -> Traffic {
    simulate(&Plan::demo(seed).with_exchanges(20_000))
}

/// One campaign, without anybody else.
fn alone(seed: u64, names: &[&str]) -> Traffic {
    let mut campaigns = CampaignPlan::all();
    campaigns.retain(|campaign| names.contains(&&*campaign.name));
    assert_eq!(campaigns.len(), names.len());
    simulate(&Plan { campaigns, crowds: Vec::new(), ..Plan::demo(seed) })
}

/// The window of the demonstration.
fn window() -> (Day, Day) {
    let plan = Plan::demo(0);
    (plan.first_day, Day(plan.first_day.0.saturating_add_unsigned(plan.days)))
}

/// A hash of all rows.
fn fingerprint(traffic: &Traffic) -> u64 {
    let mut state = DefaultHasher::new();
    for row in &traffic.exchanges {
        let numbers = [row.asn.unwrap_or(0), row.n, row.input_tokens, row.output_tokens, row.cached_tokens, row.status];
        let floats = [row.temperature, row.top_p, Some(row.latency_ms), Some(row.sample_rate)];
        (row.time, &row.request_id, &row.account, &row.organization, &row.api_key, &row.end_user).hash(&mut state);
        (&row.ip, row.country, &row.user_agent, &row.ja4, row.model, row.endpoint, &row.system).hash(&mut state);
        (&row.prompt, &row.response, &row.tools, row.max_tokens, row.logprobs, row.stop_reason).hash(&mut state);
        (&row.conversation, row.retention, numbers, floats.map(|float| float.map(f64::to_bits))).hash(&mut state);
    }
    for row in &traffic.accounts {
        (&row.account, &row.organization, row.created_at, &row.signup_ip, row.signup_country).hash(&mut state);
        (&row.email_domain, &row.email_hmac, &row.phone_hmac, &row.payment_hmac, row.payment_country).hash(&mut state);
        (row.declared_region, &row.owner, row.account_type, row.tier, row.status).hash(&mut state);
        row.status_changed_at.hash(&mut state);
    }
    let labels = serde_json::to_string(&(&traffic.truth, &traffic.permits)).unwrap_or_default();
    assert!(!labels.is_empty());
    labels.hash(&mut state);
    state.finish()
}
