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
        self.population.profiles.retain(|p| !matches!(p.account.account_type, AccountType::Internal | AccountType::Aggregator) && !self.permits.iter().any(|q| q.names(&p.account.account, p.account.organization.as_ref())));
        let t = std::time::Instant::now();
        let p = &self.population;
        let graph = ContentIndex::new(p).graph();
        let holdings: Vec<Holdings> = Channel::ALL.iter().map(|&c| Holdings::new(p, c)).collect();
        let activity = Activity::new(&p.profiles);
        let cands = candidates(&graph);
        eprintln!("candidates {} holdings {:?}", cands.len(), t.elapsed());
        let null = Null::new(p, &holdings, &activity, self.options.threads);
        let out = null.test(&cands);
        eprintln!("rounds {} {:?}", out.rounds, t.elapsed());
        let owners = p.owners();
        let setting = crate::finding::Setting { population: p, owners: &owners, holdings: &holdings };
        let f = crate::finding::findings(&setting, &null, &graph, cands, &out);
        eprintln!("findings {:?}", t.elapsed());
        if std::env::var("GROW").is_ok() {
            let mut taken: Vec<u32> = f.iter().flat_map(|f| f.set.accounts.clone()).collect(); taken.sort_unstable();
            for x in &f { if x.tier < stillwatch_core::Tier::Review { continue; }
                for (i, pr) in p.profiles.iter().enumerate() { if taken.binary_search(&(i as u32)).is_ok() { continue; }
                    let own: Vec<u64> = pr.passages.iter().filter(|(h, _)| x.set.wording.shared.binary_search(h).is_ok()).map(|h| h.1).collect();
                    if own.len() >= 2 { let any = own.iter().fold(0u64, |a, b| a | b); let each: f64 = own.iter().map(|s| stillwatch_digest::estimated_count(s.count_ones())).sum::<f64>() / own.len() as f64; let rot = stillwatch_digest::estimated_count(any.count_ones()) / each; if x.set.wording.rotation <= 2.0 || pr.account.account_type == AccountType::Aggregator { continue } println!("GROW {} {} {} rep {:.0} cov {:.2} of {} rot {rot:.2}", x.set.accounts.len(), pr.account.account, own.len(), x.set.wording.repeated, f64::from((any & pr.text_slots).count_ones()) / f64::from(pr.text_slots.count_ones().max(1)), pr.passages.len()); } } }
        }
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
