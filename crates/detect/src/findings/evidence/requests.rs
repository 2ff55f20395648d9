//! What the requests show.

use stillwatch_core::statistics::jeffreys_bits;
use stillwatch_core::{Family, Measure, PValue, Unit, count, float, median, poisson_lower_tail, ratio};
use stillwatch_digest::{Intent, Kind};

use crate::census::repeated;
use crate::findings::evidence::{Item, Writer, beside, deviations, gain};
use crate::findings::sign::Sign;
use crate::parameters::{
    INTENT_SHARE, LEAST_ACCOUNTS, LEAST_EXPECTED_PAIRS, LEAST_ROTATION, MOST_PAYLOAD_HOLDERS, REVIEW_LEVEL,
    SHARDING_LEVEL, SINGLE_EXCHANGES,
};
use crate::profile::{Profile, shortened};

impl Writer<'_> {
    pub(super) fn content(&self) -> Vec<Item> {
        let (wording, accounts) = (&self.set.wording, self.set.accounts.len());
        let mut items = Vec::new();
        let everyone = self.setting.population.len();
        let outside = self.set.outside;
        let inside = wording.affinity.iter().filter(|share| **share > 0.0).count();
        items.push(self.item(
            Family::Content,
            Sign::SharedPassages,
            format!(
                "{inside} of {accounts} accounts ({} organisations) repeat passages out of {} that they have in common; the median account repeats {:.0} of them, in {:.0} % of its exchanges; {} of {} other accounts repeat half as many",
                self.set.owners,
                wording.shared.len(),
                wording.repeated,
                100.0 * wording.coverage,
                outside,
                everyone - accounts
            ),
            jeffreys_bits(inside, accounts, outside, everyone - accounts),
            None,
        )
        .measured(beside(inside, accounts, outside, everyone - accounts))
        .measured([
            Measure::count("organizations", self.set.owners, Unit::Organizations),
            Measure::count("passages", wording.shared.len(), Unit::Passages),
            Measure::real("passages_median", wording.repeated, Unit::Passages),
            Measure::share("exchanges_median", wording.coverage),
        ]));
        if wording.rotation > LEAST_ROTATION {
            items.push(self.item(
                Family::Content,
                Sign::RotatingWording,
                format!(
                    "the wording changes from request to request: {:.1} exchanges hold some shared passage for each that holds a given one, where a fixed template has 1.0; {:.0} % of the accounts that say enough to tell draw their wording from what all have in common",
                    wording.rotation,
                    100.0 * wording.drawn
                ),
                0.0,
                None,
            )
            .measured([
                Measure::real("rotation", wording.rotation, Unit::Ratio),
                Measure::share("accounts_drawing", wording.drawn),
            ]));
        }
        for (kind, sign, noun) in [
            (Kind::System, Sign::SystemPrompt, "system prompt"),
            (Kind::Tools, Sign::ToolSchema, "set of tool definitions"),
            (Kind::Skeleton, Sign::PromptSkeleton, "opening or closing of prompts"),
        ] {
            items.extend(self.identity(kind, sign, noun));
        }
        items.extend(self.sharding());
        items.extend(self.repeated_sampling());
        items
    }

    /// The fingerprint that most accounts of the set repeat.
    fn identity(&self, kind: Kind, sign: Sign, noun: &str) -> Option<Item> {
        let population = self.setting.population;
        let mut held: Vec<u64> =
            population.of(&self.set.accounts).flat_map(|profile| repeated(profile, kind)).collect();
        held.sort_unstable();
        let inside = held.chunk_by(|a, b| a == b).map(<[u64]>::len).max()?;
        if inside < 3 {
            return None;
        }
        // Among equals, the one that fewest others repeat.
        let ties = held.chunk_by(|a, b| a == b).filter(|chunk| chunk.len() == inside);
        let anywhere = ties.filter_map(<[u64]>::first).map(|&held| self.setting.census.repeating(kind, held));
        let outside = anywhere.min()? - inside;
        let (accounts, others) = (self.set.accounts.len(), population.len() - self.set.accounts.len());
        let bits = jeffreys_bits(inside, accounts, outside, others);
        (bits > 0.0).then(|| {
            let statement = format!(
                "{inside} of {accounts} accounts repeat the same {noun}; {outside} of {others} other accounts do"
            );
            self.item(Family::Content, sign, statement, bits, None).measured(beside(inside, accounts, outside, others))
        })
    }

    /// Do members avoid each other's payloads? A payload passage is one that nobody repeats; passages that many members
    /// hold are pieces of their wording. The expectation comes from what members share with everybody else.
    fn sharding(&self) -> Option<Item> {
        let profiles = || self.setting.population.of(&self.set.accounts);
        let mut repeated: Vec<u32> =
            profiles().flat_map(|profile| profile.passages.iter().map(|held| shortened(held.0))).collect();
        repeated.sort_unstable();
        repeated.dedup();
        let once = profiles().flat_map(|profile| profile.once.passages().iter().copied());
        let mut own: Vec<u32> = once.filter(|passage| repeated.binary_search(passage).is_err()).collect();
        own.sort_unstable();
        let own: Vec<(u32, usize)> = own
            .chunk_by(|a, b| a == b)
            .filter(|chunk| chunk.len() <= MOST_PAYLOAD_HOLDERS)
            .filter_map(|chunk| Some((*chunk.first()?, chunk.len())))
            .collect();
        let total: usize = own.iter().map(|held| held.1).sum();
        let within: usize = own.iter().map(|held| held.1 * (held.1 - 1) / 2).sum();
        let census = &self.setting.census;
        let outside: usize = own.iter().map(|&(payload, inside)| inside * (census.payload(payload) - inside)).sum();
        let others = census.payloads().saturating_sub(count(total));
        let expected = float(outside) * float(total) / (2.0 * float(others.max(1)));
        let p = poisson_lower_tail(count(within), expected);
        if expected < LEAST_EXPECTED_PAIRS || p > SHARDING_LEVEL {
            return None;
        }
        let statement = format!(
            "the work was divided: of {total} sampled payload passages, {within} pairs of accounts share one where {expected:.1} would if members chose as others do"
        );
        let p_value =
            PValue { value: p, smallest: 0.0, null: "Poisson, at the rate of sharing with accounts outside".into() };
        let item = self.item(Family::Content, Sign::PayloadSharding, statement, -p.max(1e-6).log2(), Some(p_value));
        Some(item.measured([
            Measure::count("passages", total, Unit::Passages),
            Measure::count("pairs", within, Unit::Pairs),
            Measure::real("pairs_expected", expected, Unit::Pairs),
        ]))
    }

    fn repeated_sampling(&self) -> Option<Item> {
        let sampling = self.setting.population.of(&self.set.accounts).filter(|profile| profile.resamples).count();
        (2 * sampling >= self.set.accounts.len()).then(|| {
            let statement = format!(
                "{sampling} of {} accounts ask for several answers to the same prompt",
                self.set.accounts.len()
            );
            self.item(Family::Content, Sign::RepeatedSampling, statement, 0.0, None).measured([
                Measure::count("accounts_sampling", sampling, Unit::Accounts),
                Measure::count("accounts", self.set.accounts.len(), Unit::Accounts),
            ])
        })
    }

    /// What the accounts say, where it was tested because it did not choose them.
    pub(super) fn content_test(&self) -> Option<Item> {
        let test = self.set.tested.content();
        if self.set.chosen_by.is_by_wording() || test.p > REVIEW_LEVEL {
            return None;
        }
        let statement = format!(
            "accounts that were not chosen by what they say have wording in common (z = {:.1} against accounts of the same strata, p = {:.3})",
            test.z, test.p
        );
        let p_value = self.p_value(test, "stratified permutation of accounts, maximum over all candidates");
        let item = self.item(Family::Content, Sign::CommonWording, statement, gain(test), Some(p_value));
        Some(item.measured([deviations(test)]))
    }

    /// Whether accounts keep asking for what they have not asked before, as whoever works off a list does. Told without
    /// weight: crawlers and classifiers do so too.
    pub(super) fn coverage(&self) -> Option<Item> {
        let share = |profile: &Profile| ratio(profile.prompts.len(), profile.with_text).min(1.0);
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (at, profile) in self.setting.population.iter() {
            if profile.with_text >= SINGLE_EXCHANGES / 2 {
                let member = self.set.accounts.contains(at);
                (if member { &mut inside } else { &mut outside }).push(share(profile));
            }
        }
        if inside.len() < LEAST_ACCOUNTS || outside.len() < LEAST_ACCOUNTS {
            return None;
        }
        let (own, others) = (median(&mut inside), median(&mut outside));
        let statement = format!(
            "of the prompts of the median account, {:.0} % are new each time ({:.0} % among others), over {} accounts with enough of them",
            100.0 * own,
            100.0 * others,
            inside.len()
        );
        Some(self.item(Family::Intent, Sign::CoverageGrowth, statement, 0.0, None).measured([
            Measure::share("new_median", own),
            Measure::share("new_median_of_others", others),
            Measure::count("accounts", inside.len(), Unit::Accounts),
        ]))
    }

    /// What the prompts seem to be after, where most accounts are after the same and others are not.
    pub(super) fn intent(&self) -> Vec<Item> {
        let population = self.setting.population;
        let mut items = Vec::new();
        for intent in Intent::ALL {
            let (mut inside, mut outside) = (0, 0);
            for (at, profile) in population.iter() {
                if profile.share_of(intent) >= INTENT_SHARE {
                    let member = self.set.accounts.contains(at);
                    *(if member { &mut inside } else { &mut outside }) += 1;
                }
            }
            let (accounts, others) = (self.set.accounts.len(), population.len() - self.set.accounts.len());
            let bits = jeffreys_bits(inside, accounts, outside, others);
            if 2 * inside >= accounts && bits > 0.0 {
                let statement = format!(
                    "{inside} of {accounts} accounts ask in at least half of their prompts for {}, as far as a lexicon tells; {outside} of {others} other accounts do",
                    intent.describe()
                );
                let item = self.item(Family::Intent, Sign::Intent, statement, bits, None);
                items.push(item.measured(beside(inside, accounts, outside, others)));
            }
        }
        items
    }
}
