//! Simulated traffic on its way through digests into a report.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use stillwatch_core::{Account, AccountId, Cancel, Day, Family, Key, Permit, Silent, Tier, Window};
use stillwatch_detect::{Campaign, DetectionReport, Detector, Inputs, Options};
use stillwatch_digest::{AccountWindow, DigestBuilder, Fingerprinter, Names};
use stillwatch_simulate::{Plan, SimulatedExchange, Traffic, simulate};

/// A fifth of the demo: about 40,000 exchanges of 1,200 accounts, with every campaign of it.
pub(crate) fn plan() -> Plan {
    Plan::demo(11).with_exchanges(40_000)
}

/// The traffic of that plan.
pub(crate) fn mixed() -> &'static Traffic {
    static MIXED: LazyLock<Traffic> = LazyLock::new(|| simulate(&plan()));
    &MIXED
}

/// The digests of `mixed` under the key 1.
pub(crate) fn mixed_case() -> &'static Case {
    static CASE: LazyLock<Case> = LazyLock::new(|| Case::new(mixed(), 1));
    &CASE
}

/// The report on `mixed_case`.
pub(crate) fn mixed_report() -> &'static DetectionReport {
    static REPORT: LazyLock<DetectionReport> = LazyLock::new(|| mixed_case().detect(2));
    &REPORT
}

#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) windows: Vec<(AccountId, AccountWindow)>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) permits: Vec<Permit>,
    pub(crate) names: Names,
    pub(crate) without: Vec<Family>,
}

impl Case {
    pub(crate) fn new(traffic: &Traffic, key: u8) -> Self {
        Self {
            windows: windows(&traffic.exchanges, key),
            accounts: traffic.accounts.iter().map(stillwatch_simulate::SimulatedAccount::to_account).collect(),
            permits: traffic.permits.clone(),
            names: Names::new(&Key::from_bytes([key; 32])),
            without: Vec::new(),
        }
    }

    fn options(&self, threads: usize) -> Options {
        Options { threads, without: self.without.clone() }
    }

    pub(crate) fn detect(&self, threads: usize) -> DetectionReport {
        run(self.detector(threads))
    }

    pub(crate) fn detector(&self, threads: usize) -> Detector {
        let mut detector =
            Detector::new(self.accounts.clone(), self.permits.clone(), &self.names, self.options(threads));
        for (account, window) in &self.windows {
            detector.add(account.clone(), window);
        }
        detector
    }
}

/// Detects without being stopped.
pub(crate) fn run(detector: Detector) -> DetectionReport {
    detector.detect(Window::default(), Inputs::default(), &Cancel::default(), &Silent).unwrap()
}

pub(crate) fn windows<'a>(
    exchanges: impl IntoIterator<Item = &'a SimulatedExchange>,
    key: u8,
) -> Vec<(AccountId, AccountWindow)> {
    let mut fingerprinter = Fingerprinter::new(&Key::from_bytes([key; 32]));
    let mut days: BTreeMap<String, BTreeMap<Day, DigestBuilder>> = BTreeMap::new();
    for exchange in exchanges {
        let exchange = exchange.as_exchange();
        let day = days.entry(exchange.account.to_owned()).or_default().entry(exchange.time.day()).or_default();
        day.add(fingerprinter.fingerprint(&exchange)).unwrap();
    }
    let unite = |days: BTreeMap<Day, DigestBuilder>| {
        AccountWindow::unite(days.into_iter().map(|(day, builder)| (day, builder.finish().unwrap()))).unwrap()
    };
    days.into_iter().map(|(account, days)| (account.into(), unite(days))).collect()
}

/// Campaigns of at least a tier.
pub(crate) fn at_least(report: &DetectionReport, tier: Tier) -> Vec<&Campaign> {
    report.campaigns.iter().filter(|campaign| campaign.tier >= tier).collect()
}
