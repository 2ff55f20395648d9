use std::collections::BTreeMap;

use stillwatch_core::{Account, AccountId, AccountType, Permit, Window};
use stillwatch_digest::AccountWindow;

use crate::candidate::candidates;
use crate::channel::{Channel, Holdings};
use crate::content::ContentIndex;
use crate::null::Null;
use crate::population::Population;
use crate::report::{DetectionReport, Inputs, Nulls, ReportWindow, SCHEMA};
use crate::timing::Activity;

/// How to detect.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Threads to use; zero means one.
    pub threads: usize,
}

/// Takes the window of every account, then finds the campaigns among them.
pub struct Detector {
    table: BTreeMap<AccountId, Account>,
    population: Population,
    permits: Vec<Permit>,
    options: Options,
}

impl Detector {
    /// `accounts` is the account table, empty where there is none.
    pub fn new(accounts: Vec<Account>, permits: Vec<Permit>, options: Options) -> Self {
        let table = accounts.into_iter().map(|account| (account.account.clone(), account)).collect();
        Self { table, population: Population::default(), permits, options }
    }

    /// Adds the window of one account. Each account is added once; the order does not matter.
    pub fn add(&mut self, account: AccountId, window: &AccountWindow) {
        self.population.add(self.table.remove(&account), account, window);
    }

    pub fn lab(mut self) -> Vec<(Vec<String>, String)> {
        self.population.sort();
        self.population.profiles.retain(|p| p.account.account_type != AccountType::Internal && !self.permits.iter().any(|q| q.names(&p.account.account, p.account.organization.as_ref())));
        let t = std::time::Instant::now();
        let p = &self.population;
        let graph = ContentIndex::new(p).graph();
        let cands = candidates(&graph);
        let holdings: Vec<Holdings> = Channel::ALL.iter().map(|&c| Holdings::new(p, c)).collect();
        let activity = Activity::new(&p.profiles);
        eprintln!("candidates {} holdings {:?}", cands.len(), t.elapsed());
        let null = Null::new(p, &holdings, &activity, self.options.threads);
        let sets: Vec<Vec<u32>> = cands.iter().map(|c| c.accounts.clone()).collect();
        let out = null.test(&sets);
        eprintln!("rounds {} {:?}", out.rounds, t.elapsed());
        let owners = p.owners();
        let setting = crate::finding::Setting { population: p, owners: &owners, holdings: &holdings };
        let f = crate::finding::findings(&setting, cands, out.tested);
        eprintln!("findings {:?}", t.elapsed());
        f.into_iter().map(|f| {
            let t = &f.set.tested; let w = &f.set.wording; let c = &f.set;
            let names = c.accounts.iter().map(|&i| p.profiles[i as usize].account.account.to_string()).collect();
            let s = format!("{} {:?} q {:.3} {} syn:{:.1}/{:.3} | shared {} rep {:.0} out {} cov {:.2} rot {:.1} prompts {:.3} {:?}", f.tier, c.origin, t.q, Channel::ALL.iter().map(|&ch| { let x = t.channel(ch); format!("{:?}:{:.1}/{:.3}", ch, x.z, x.p)[..].replace("Infra", "") }).collect::<Vec<_>>().join(" "), t.synchrony().z, t.synchrony().p, w.shared.len(), w.repeated, w.outside, w.coverage, w.rotation, c.shared_prompts, f.hypotheses.iter().filter(|h| !h.rejected).map(|h| &h.name).collect::<Vec<_>>());
            (names, s)
        }).collect()
    }

    /// Finds the campaigns. `inputs` is what the reader counted; the fields that only detection can know
    /// (`exchanges`, `accounts`, `accounts_without_row`) are filled in here.
    pub fn detect(mut self, window: Window, inputs: Inputs) -> DetectionReport {
        self.population.sort();
        let _ = (&self.permits, &self.options, window);
        DetectionReport {
            schema: SCHEMA.into(),
            tool: concat!("stillwatch ", env!("CARGO_PKG_VERSION")).into(),
            window: ReportWindow::default(),
            inputs,
            nulls: Nulls::default(),
            not_evaluated: Vec::new(),
            campaigns: Vec::new(),
            categories: Vec::new(),
            permitted: Vec::new(),
        }
    }
}
