use std::sync::Arc;

use stillwatch_core::{Account, AccountType, Exchange, Micros, Redacted, Retention};

/// One simulated request and its answer. Fields are the canonical exchange columns; what some provider's log lacks
/// is optional. It holds text, so it implements no `Debug`.
#[derive(Clone)]
pub struct SimulatedExchange {
    pub time: Micros,
    pub request_id: Arc<str>,
    pub account: Arc<str>,
    pub organization: Option<Arc<str>>,
    pub api_key: Option<Arc<str>>,
    pub end_user: Option<Arc<str>>,
    pub ip: Option<Arc<str>>,
    pub asn: Option<i64>,
    pub country: Option<&'static str>,
    pub user_agent: Option<Arc<str>>,
    pub ja4: Option<Arc<str>>,
    pub model: &'static str,
    pub endpoint: &'static str,
    pub system: Option<Arc<str>>,
    pub prompt: Arc<str>,
    pub response: Option<Arc<str>>,
    pub tools: Option<Arc<str>>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    pub n: i64,
    pub max_tokens: Option<i64>,
    pub logprobs: Option<bool>,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub cached_tokens: i64,
    pub latency_ms: f64,
    pub status: i64,
    pub stop_reason: Option<&'static str>,
    pub conversation: Option<Arc<str>>,
    pub retention: &'static str,
    pub sample_rate: f64,
}

impl SimulatedExchange {
    /// The row as a reader of logs would see it.
    pub fn as_exchange(&self) -> Exchange<'_> {
        Exchange {
            time: self.time,
            account: &self.account,
            request_id: Some(&self.request_id),
            organization: self.organization.as_deref(),
            api_key: self.api_key.as_deref(),
            end_user: self.end_user.as_deref(),
            ip: self.ip.as_deref(),
            asn: self.asn,
            country: self.country,
            user_agent: self.user_agent.as_deref(),
            ja4: self.ja4.as_deref(),
            model: Some(self.model),
            endpoint: Some(self.endpoint),
            system: self.system.as_deref(),
            prompt: Some(&self.prompt),
            response: self.response.as_deref(),
            tools: self.tools.as_deref(),
            temperature: self.temperature,
            top_p: self.top_p,
            n: Some(self.n),
            max_tokens: self.max_tokens,
            logprobs: self.logprobs,
            input_tokens: Some(self.input_tokens),
            output_tokens: Some(self.output_tokens),
            cached_tokens: Some(self.cached_tokens),
            status: Some(self.status),
            conversation: self.conversation.as_deref(),
            retention: Retention::parse(self.retention).unwrap_or_default(),
        }
    }
}

/// One row of the simulated account table. Fields are the canonical account columns.
#[derive(Clone)]
pub struct SimulatedAccount {
    pub account: Arc<str>,
    pub organization: Option<Arc<str>>,
    pub created_at: Option<Micros>,
    pub signup_ip: Option<Arc<str>>,
    pub signup_country: Option<&'static str>,
    pub email_domain: Option<Arc<str>>,
    pub email_hmac: Option<Arc<str>>,
    pub phone_hmac: Option<Arc<str>>,
    /// Null for an invoice, prepaid credits or a free trial.
    pub payment_hmac: Option<Arc<str>>,
    pub payment_country: Option<&'static str>,
    pub declared_region: Option<&'static str>,
    pub owner: Option<Arc<str>>,
    pub account_type: AccountType,
    /// The plan.
    pub tier: Option<&'static str>,
    pub status: Option<&'static str>,
    pub status_changed_at: Option<Micros>,
}

impl SimulatedAccount {
    /// The word that the `account_type` column holds.
    pub fn account_type_name(&self) -> &'static str {
        match self.account_type {
            AccountType::Direct => "direct",
            AccountType::Aggregator => "aggregator",
            AccountType::Research => "research",
            AccountType::Internal => "internal",
        }
    }

    /// The row as a reader of account tables would see it.
    pub fn to_account(&self) -> Account {
        let redacted = |text: &Arc<str>| Redacted::new(text.to_string());
        Account {
            account: (&*self.account).into(),
            organization: self.organization.as_deref().map(Into::into),
            created_at: self.created_at,
            signup_ip: self.signup_ip.as_ref().map(redacted),
            signup_country: self.signup_country.map(Into::into),
            email_domain: self.email_domain.as_deref().map(str::to_owned),
            email_hmac: self.email_hmac.as_ref().map(redacted),
            phone_hmac: self.phone_hmac.as_ref().map(redacted),
            payment_hmac: self.payment_hmac.as_ref().map(redacted),
            payment_country: self.payment_country.map(Into::into),
            declared_region: self.declared_region.map(Into::into),
            owner: self.owner.as_deref().map(str::to_owned),
            account_type: self.account_type,
            plan: self.tier.map(Into::into),
            status: self.status.map(Into::into),
            status_changed_at: self.status_changed_at,
        }
    }
}
