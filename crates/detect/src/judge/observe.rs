//! Which level each sign has on a set.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use stillwatch_core::{SECONDS_PER_DAY, float, median, ratio};
use stillwatch_digest::{Intent, Kind};

use crate::judge::background::{Background, Others, Traits, deviation};
use crate::judge::measured::Measured;
use crate::judge::setting::Setting;
use crate::judge::sign::{Level, Observed};
use crate::null::Test;
use crate::parameters::{ACT_LEVEL, EVENT_DAYS, MOST_OF_ONE_OWNER, MOST_UNIFORM, PASTED_COVERAGE};
use crate::profile::{Organization, Profile};
use crate::seek::choice::Choice;
use crate::signal::channel::Channel;

/// A set is what most of its accounts are.
const MOST: f64 = 0.6;
const NEARLY_ALL: f64 = 0.8;
/// Accounts up to which a mail domain is somebody's own.
const FEW_HOLDERS: usize = 3;
/// Pairs of exchanges below which a clock cannot be told.
const LEAST_CLOCK_PAIRS: f64 = 500.0;
/// A share of all accounts below which it says nothing that others have an organisation.
const SOME_HAVE: f64 = 0.05;

/// Every sign that the log can show of a set.
pub(crate) fn observe(setting: &Setting<'_>, set: &Measured) -> Vec<Observed> {
    let background = &setting.background;
    let own = members(setting, set);
    let view = View { setting, background, others: background.others(&set.accounts), set, own };
    let mut seen: Vec<Observed> = [
        view.tenure(),
        view.joining(),
        view.payment(),
        view.standing(),
        view.domain(),
        view.place(),
        view.rotation(),
        view.client(),
        view.rhythm(),
        view.turns(),
        view.wording(),
        view.tasks(),
        view.volume(),
        view.parameters(),
        view.minutes(),
        view.duration(),
        view.appetite(),
        view.waking(),
        view.novelty(),
        view.output(),
        view.tempo(),
        view.audience(),
        view.links(),
        view.carrier(),
        view.adoption(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let claim = claim(&seen);
    seen.push(claim);
    seen
}

/// Whether they are strangers on paper and yet run by one hand: independence that is claimed and does not hold.
///
/// On paper they are apart where payers, organisations, mail domains or addresses are each account's own and nothing is
/// declared in common. One hand shows in what papers have no part in: each line below is one thing, and two are asked for,
/// since a product gives its users one program and a lecture gives its class one hour.
fn claim(seen: &[Observed]) -> Observed {
    let any = |levels: &[Level]| -> Vec<&'static str> {
        seen.iter().filter(|of| levels.contains(&of.level)).map(|of| of.level.words()).collect()
    };
    let all = |levels: &[Level]| {
        Some(any(levels)).filter(|found| found.len() == levels.len()).map(|found| found.join(" and "))
    };
    let openly = any(&[Level::OneOrganisation, Level::OneOwner, Level::OnePayer, Level::OneMail, Level::OneAddress]);
    let apart = any(&[
        Level::SeparatePayers,
        Level::NoOrganisation,
        Level::OwnOrganisations,
        Level::MixedStanding,
        Level::PublicMail,
        Level::OwnMail,
        Level::OwnAddresses,
    ]);
    let one = |levels: &[Level]| any(levels).first().map(|words| (*words).to_owned());
    let hands: Vec<String> = [
        one(&[Level::MinutesTogether, Level::MinutesDivided]),
        all(&[Level::GeneratedWording, Level::OneSetting]),
        all(&[Level::OwnClient, Level::OneSetting]),
        one(&[Level::ChangedTogether]),
        one(&[Level::JoinedTogether, Level::Woken]),
        one(&[Level::EvenVolume]),
        one(&[Level::FlatClock]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (level, why) = if !openly.is_empty() {
        (Level::Openly, openly.join("; "))
    } else if hands.is_empty() {
        (
            Level::NoClaim,
            "neither minutes, generator, program, changes, sign-ups, volume nor clock show one hand".to_owned(),
        )
    } else if apart.is_empty() || hands.len() < 2 {
        (Level::MayPretend, hands.join("; "))
    } else {
        (Level::Pretends, format!("{}; on paper: {}", hands.join("; "), apart.join(", ")))
    };
    Observed { level, why }
}

/// What each account is like, in the exchanges that hold what the set has in common.
fn members(setting: &Setting<'_>, set: &Measured) -> Vec<Traits> {
    let profiles = set.accounts.iter().map(|account| (account, setting.population.profile(account)));
    let wording = set.wording.slots.iter().zip(&set.wording.affinity);
    // What stands in a few requests was pasted there, and is not what the account is used for.
    let slots = wording.map(|(slots, share)| if *share >= PASTED_COVERAGE { *slots } else { 0 });
    profiles
        .zip(slots.chain(std::iter::repeat(0)))
        .map(|((account, profile), slots)| setting.background.traits.of(account).by_portion(profile, slots))
        .collect()
}

struct View<'a> {
    setting: &'a Setting<'a>,
    background: &'a Background,
    others: Others<'a>,
    set: &'a Measured,
    own: Vec<Traits>,
}

impl View<'_> {
    fn profiles(&self) -> impl Iterator<Item = &Profile> + Clone {
        self.setting.population.of(&self.set.accounts)
    }

    fn traits(&self) -> impl Iterator<Item = &Traits> {
        self.own.iter()
    }

    fn size(&self) -> usize {
        self.set.accounts.len()
    }

    fn tenure(&self) -> Option<Observed> {
        let known = self.traits().filter(|one| one.is_new.is_some()).count();
        if 2 * known < self.size() {
            return None;
        }
        let new = ratio(self.traits().filter(|one| one.is_new == Some(true)).count(), known);
        let elsewhere = self.others.share(|one| one.is_new);
        let level = if new >= MOST && new - elsewhere >= 0.25 {
            Level::MostlyNew
        } else if new <= 0.3 {
            Level::Established
        } else {
            Level::SomeNew
        };
        let why = format!(
            "{:.0} % were opened at most two weeks before their first request, {:.0} % of all others",
            100.0 * new,
            100.0 * elsewhere
        );
        Some(Observed { level, why })
    }

    fn joining(&self) -> Option<Observed> {
        let known = self.known(Channel::Signup);
        if 2 * known < self.size() {
            return None;
        }
        let test = self.channel(Channel::Signup)?;
        let level = if test.p <= ACT_LEVEL { Level::JoinedTogether } else { Level::JoinedApart };
        Some(Observed { level, why: format!("z = {:.1}, p = {:.3}", test.z, test.p) })
    }

    fn payment(&self) -> Option<Observed> {
        let mut payers: BTreeMap<&str, usize> = BTreeMap::new();
        for token in self.profiles().filter_map(|profile| profile.account.payment_hmac.as_ref()) {
            *payers.entry(token.expose().as_str()).or_default() += 1;
        }
        let known: usize = payers.values().sum();
        if 2 * known < self.size() || self.set.chosen_by.has(Choice::Likeness(Channel::Payment)) {
            return None;
        }
        let most = payers.values().max().copied().unwrap_or(0);
        let test = self.channel(Channel::Payment)?;
        let level = if 10 * most >= 8 * self.size() {
            Level::OnePayer
        } else if test.p <= ACT_LEVEL {
            Level::StrangersPay
        } else {
            Level::SeparatePayers
        };
        Some(Observed { level, why: format!("{} instruments for {known} accounts; p = {:.3}", payers.len(), test.p) })
    }

    /// Where nobody has an organisation, or everybody, it says nothing that some have none.
    fn standing(&self) -> Option<Observed> {
        let elsewhere = self.others.share(|one| self.background.organizations.then_some(one.has_organization));
        let mut sizes: BTreeMap<Organization<'_>, usize> = BTreeMap::new();
        for organization in self.profiles().filter_map(Profile::organization) {
            *sizes.entry(organization).or_default() += 1;
        }
        let with = ratio(sizes.values().sum::<usize>(), self.size());
        let largest = ratio(sizes.values().max().copied().unwrap_or(0), self.size());
        let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
        for owner in self.profiles().filter_map(|profile| profile.account.owner.as_deref()) {
            *owners.entry(owner).or_default() += 1;
        }
        let owned: usize = owners.into_values().filter(|of| *of > 2).sum();
        let level = if ratio(owned, self.size()) > MOST_OF_ONE_OWNER {
            Level::OneOwner
        } else if largest >= 0.5 {
            Level::OneOrganisation
        } else if !(SOME_HAVE..=0.95).contains(&elsewhere) {
            return None;
        } else if with <= 0.2 {
            Level::NoOrganisation
        } else if with >= NEARLY_ALL {
            Level::OwnOrganisations
        } else {
            Level::MixedStanding
        };
        let why = format!(
            "{} organisations, of {:.0} % of the accounts; of all others {:.0} % have one",
            sizes.len(),
            100.0 * with,
            100.0 * elsewhere
        );
        Some(Observed { level, why })
    }

    fn domain(&self) -> Option<Observed> {
        // Members and all holders of each domain.
        let mut domains: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (profile, traits) in self.profiles().zip(self.traits()) {
            if let Some(domain) = profile.account.email_domain.as_deref() {
                let entry = domains.entry(domain).or_default();
                *entry = (entry.0 + 1, traits.domain_holders.unwrap_or(0));
            }
        }
        let known: usize = domains.values().map(|of| of.0).sum();
        if 2 * known < self.size() {
            return None;
        }
        let own: usize = domains.values().filter(|of| of.1 <= FEW_HOLDERS).map(|of| of.0).sum();
        // Domains of several companies are as little public as that of one.
        let together: usize = domains.values().filter(|of| of.0 > FEW_HOLDERS && of.1 < 2 * of.0).map(|of| of.0).sum();
        let level = if 2 * together >= known {
            Level::OneMail
        } else if ratio(own, known) >= MOST {
            Level::OwnMail
        } else {
            Level::PublicMail
        };
        let why = format!(
            "{} domains for {known} accounts; {own} accounts have a domain of their own, {together} one that few others have",
            domains.len()
        );
        Some(Observed { level, why })
    }

    fn place(&self) -> Option<Observed> {
        if 2 * self.known(Channel::Network) < self.size() {
            return None;
        }
        let test = self.channel(Channel::Network)?;
        if test.p > ACT_LEVEL {
            return Some(Observed {
                level: Level::OwnAddresses,
                why: format!("shared no more than among accounts drawn at random, p = {:.3}", test.p),
            });
        }
        let mut addresses: Vec<f64> =
            self.profiles().map(|profile| float(profile.features(Kind::Network).len())).collect();
        let usual = median(&mut addresses);
        let mut networks: BTreeMap<u64, usize> = BTreeMap::new();
        for profile in self.profiles() {
            for (network, _) in profile.features(Kind::Network) {
                *networks.entry(*network).or_default() += 1;
            }
        }
        let commonest = ratio(networks.values().max().copied().unwrap_or(0), self.size());
        let bystanders = self.set.pool.bystanders;
        let level = if bystanders >= self.size() as u64 {
            Level::CrowdedAddresses
        } else if commonest >= MOST && usual <= 3.0 {
            Level::OneAddress
        } else {
            Level::PooledAddresses
        };
        let why = format!(
            "{usual:.0} networks an account, {:.0} % meet in one; {bystanders} accounts outside use what members share",
            100.0 * commonest
        );
        Some(Observed { level, why })
    }

    /// The place of the set's median among all others.
    fn ranked(&self, of: impl Fn(&Traits) -> Option<f64>) -> Option<f64> {
        let mut own: Vec<f64> = self.traits().filter_map(&of).collect();
        if own.is_empty() || 2 * own.len() < self.size() {
            return None;
        }
        self.others.rank(median(&mut own), of)
    }

    fn rotation(&self) -> Option<Observed> {
        let rank = self.ranked(|one| one.rotation)?;
        let level = if rank >= 0.75 {
            Level::Rotating
        } else if rank <= 0.25 {
            Level::Steady
        } else {
            Level::UsualRotation
        };
        let why =
            format!("the median account has more addresses for its volume than {:.0} % of all others", 100.0 * rank);
        Some(Observed { level, why })
    }

    fn client(&self) -> Option<Observed> {
        let kind = self.background.client_kind?;
        let mut inside: BTreeMap<u64, usize> = BTreeMap::new();
        for client in self.profiles().filter_map(|profile| profile.foremost(kind)) {
            *inside.entry(client).or_default() += 1;
        }
        let known: usize = inside.values().sum();
        if 2 * known < self.size() {
            return None;
        }
        // Of clients that as many members use, the one that fewest others do.
        let outside =
            |client: &u64, of: usize| self.background.clients.get(client).copied().unwrap_or(0).saturating_sub(of);
        let each = inside.iter().map(|(client, &of)| (of, Reverse(outside(client, of))));
        let (most, Reverse(outside)) = each.max()?;
        let others = self.others.len();
        let level = if ratio(most, known) < MOST {
            Level::SeveralClients
        } else if outside <= most / 4 || outside <= most && ratio(outside, others) < 0.005 {
            Level::OwnClient
        } else {
            Level::CommonClient
        };
        let why = format!("{most} of {known} accounts use one mostly, and {outside} of {others} others");
        Some(Observed { level, why })
    }

    /// How much exchanges of one account agree in their hour, over the whole set: accounts that do little have a clock too.
    fn rhythm(&self) -> Option<Observed> {
        let (pairs, agreement) =
            self.traits().fold((0.0, 0.0), |sum, one| (sum.0 + one.clock.pairs, sum.1 + one.clock.agreement));
        if pairs < LEAST_CLOCK_PAIRS {
            return None;
        }
        let clock = agreement / pairs;
        let level = if clock < 0.04 {
            Level::FlatClock
        } else if clock < 0.15 {
            Level::WeakClock
        } else {
            Level::HumanClock
        };
        let why = format!("squared mean direction of the accounts' clocks {clock:.2}, 0 for a flat clock");
        Some(Observed { level, why })
    }

    fn turns(&self) -> Option<Observed> {
        let elsewhere = self.others.median(|one| one.single_turns);
        if !self.background.conversations || elsewhere > 0.98 {
            return None;
        }
        let mut singles: Vec<f64> = self.traits().map(|one| one.single_turns).collect();
        let single = median(&mut singles);
        let level = if single >= 0.95 {
            Level::SingleTurns
        } else if single >= 0.7 {
            Level::SomeTurns
        } else {
            Level::FollowUps
        };
        let why = format!(
            "{:.0} % of the median account's requests stand alone, {:.0} % of the median account of all others",
            100.0 * single,
            100.0 * elsewhere
        );
        Some(Observed { level, why })
    }

    fn wording(&self) -> Option<Observed> {
        self.has_text().then_some(())?;
        let wording = &self.set.wording;
        let level = if wording.is_generated() {
            Level::GeneratedWording
        } else if wording.coverage >= PASTED_COVERAGE && wording.uniformity() >= MOST_UNIFORM {
            Level::FixedWording
        } else if wording.coverage >= PASTED_COVERAGE {
            Level::LooseWording
        } else {
            Level::OwnWording
        };
        let why = format!(
            "shared passages are in {:.0} % of the median account's requests, of which it repeats {:.0} %; {:.0} % draw anew",
            100.0 * wording.coverage,
            100.0 * wording.uniformity(),
            100.0 * wording.drawn
        );
        Some(Observed { level, why })
    }

    fn tasks(&self) -> Option<Observed> {
        self.has_text().then_some(())?;
        let shared = self.set.shared_prompts;
        let level = if shared >= 0.1 {
            Level::SameTasks
        } else if shared >= 0.01 {
            Level::SomeTasks
        } else {
            Level::DividedTasks
        };
        Some(Observed { level, why: format!("{:.1} % of the requests are asked by several owners", 100.0 * shared) })
    }

    fn volume(&self) -> Option<Observed> {
        let elsewhere = self.others.deviation(|one| one.log_volume);
        if elsewhere <= 0.0 {
            return None;
        }
        let spread = deviation(&self.traits().map(|one| one.log_volume).collect::<Vec<f64>>()) / elsewhere;
        let level = if spread <= 0.5 {
            Level::EvenVolume
        } else if spread <= 0.85 {
            Level::UsualVolume
        } else {
            Level::SpreadVolume
        };
        Some(Observed { level, why: format!("logarithms vary {spread:.2} times as much as everybody's") })
    }

    fn parameters(&self) -> Option<Observed> {
        if 2 * self.known(Channel::Parameters) < self.size() {
            return None;
        }
        let test = self.channel(Channel::Parameters)?;
        let level = if test.p <= ACT_LEVEL { Level::OneSetting } else { Level::OwnSettings };
        Some(Observed { level, why: format!("z = {:.1}, p = {:.3}", test.z, test.p) })
    }

    fn minutes(&self) -> Option<Observed> {
        if self.setting.without.contains(&stillwatch_core::Family::Timing) {
            return None;
        }
        let test = self.set.tested.synchrony();
        if test.is_left_out() {
            return None;
        }
        let level = if test.p > ACT_LEVEL {
            Level::OwnMinutes
        } else if test.z < 0.0 {
            Level::MinutesDivided
        } else {
            Level::MinutesTogether
        };
        Some(Observed { level, why: format!("z = {:.1}, p = {:.3}", test.z, test.p) })
    }

    /// In a log that is hardly longer than an event, everything is one.
    fn duration(&self) -> Option<Observed> {
        let day = SECONDS_PER_DAY;
        if self.background.seconds < 2 * EVENT_DAYS * day {
            return None;
        }
        let mut ends: Vec<i64> = self.profiles().map(|profile| profile.first.seconds()).collect();
        ends.sort_unstable();
        let within = |from: i64| {
            self.profiles()
                .filter(|profile| profile.first.seconds() >= from && profile.last.seconds() <= from + EVENT_DAYS * day)
                .count()
        };
        // Starting points at tenths of the accounts find any window that holds most of them.
        let step = (ends.len() / 10).max(1);
        let most = ends.iter().step_by(step).map(|&from| within(from)).max().unwrap_or(0);
        let share = ratio(most, self.size());
        let level = if share >= MOST { Level::OneEvent } else { Level::LongUse };
        let why = format!("{:.0} % were used within the same {EVENT_DAYS} days alone", 100.0 * share);
        Some(Observed { level, why })
    }

    fn appetite(&self) -> Option<Observed> {
        self.has_text().then_some(())?;
        let (share, elsewhere, intent) = Intent::ALL
            .into_iter()
            .enumerate()
            .map(|(at, intent)| {
                let inside = self.traits().filter(|one| one.elicits.get(at) == Some(&true)).count();
                let outside = self.others.share(|one| one.elicits.get(at).copied());
                (ratio(inside, self.size()), outside, intent)
            })
            .max_by(|a, b| (a.0 - a.1).total_cmp(&(b.0 - b.1)))?;
        let level = if share >= 0.5 && share - elsewhere >= 0.3 { Level::Elicits } else { Level::PlainAppetite };
        let why = format!(
            "{:.0} % of the accounts mostly ask for {}, {:.0} % of all",
            100.0 * share,
            intent.describe(),
            100.0 * elsewhere
        );
        Some(Observed { level, why })
    }

    /// In a log that is hardly longer than the wait, nobody can wake.
    fn waking(&self) -> Option<Observed> {
        let known = self.traits().filter(|one| one.woke.is_some()).count();
        if 2 * known < self.size() || self.background.seconds < 10 * SECONDS_PER_DAY {
            return None;
        }
        let woke = ratio(self.traits().filter(|one| one.woke == Some(true)).count(), known);
        let elsewhere = self.others.share(|one| one.woke);
        let level = if woke >= 0.3 && woke - elsewhere >= 0.2 { Level::Woken } else { Level::InUse };
        let why = format!(
            "{:.0} % were opened long before the log begins and first used days after that, {:.0} % of all others",
            100.0 * woke,
            100.0 * elsewhere
        );
        Some(Observed { level, why })
    }

    fn novelty(&self) -> Option<Observed> {
        let mut own: Vec<f64> = self.traits().filter_map(|one| one.novelty).collect();
        if 2 * own.len() < self.size() {
            return None;
        }
        let new = median(&mut own);
        let level = if new >= 0.97 {
            Level::NewEachTime
        } else if new >= 0.8 {
            Level::MostlyNewPrompts
        } else {
            Level::AsksAgain
        };
        Some(Observed { level, why: format!("{:.0} % of the median account's prompts are asked once", 100.0 * new) })
    }

    fn output(&self) -> Option<Observed> {
        let rank = self.ranked(|one| one.log_output)?;
        let level = if rank >= 0.75 {
            Level::LongAnswers
        } else if rank <= 0.4 {
            Level::ShortAnswers
        } else {
            Level::UsualAnswers
        };
        let why = format!("the median account's answers are longer than those of {:.0} % of all others", 100.0 * rank);
        Some(Observed { level, why })
    }

    fn tempo(&self) -> Option<Observed> {
        let rank = self.ranked(|one| Some(one.log_tempo))?;
        let level = if rank >= 0.75 {
            Level::Busy
        } else if rank <= 0.4 {
            Level::Quiet
        } else {
            Level::UsualTempo
        };
        let why = format!("the median account asks more on an active day than {:.0} % of all others", 100.0 * rank);
        Some(Observed { level, why })
    }

    fn audience(&self) -> Option<Observed> {
        self.has_text().then_some(())?;
        if self.set.wording.shared.is_empty() {
            return None;
        }
        let (outside, inside) = (self.set.outside, self.size());
        let level = if 10 * outside <= inside {
            Level::OwnText
        } else if outside <= inside {
            Level::SomeOthersText
        } else {
            Level::PublicText
        };
        let why = format!("{outside} accounts outside say half as much of what {inside} accounts inside say");
        Some(Observed { level, why })
    }

    fn links(&self) -> Option<Observed> {
        let known = [Channel::Network, Channel::Payment].iter().any(|&channel| 2 * self.known(channel) >= self.size());
        known.then_some(())?;
        let share = self.set.implicated;
        let level = if share > 0.5 {
            Level::MostLinked
        } else if share > 0.2 {
            Level::SomeLinked
        } else {
            Level::FewLinked
        };
        let why = format!("{:.0} % of the accounts hold something in common that is significant", 100.0 * share);
        Some(Observed { level, why })
    }

    fn carrier(&self) -> Option<Observed> {
        if 2 * self.known(Channel::Carrier) < self.size() {
            return None;
        }
        let test = self.channel(Channel::Carrier)?;
        let level = if test.p <= ACT_LEVEL { Level::CommonCarriers } else { Level::OwnCarriers };
        Some(Observed { level, why: format!("z = {:.1}, p = {:.3}", test.z, test.p) })
    }

    fn adoption(&self) -> Option<Observed> {
        if 2 * self.known(Channel::Adoption) < self.size() {
            return None;
        }
        let test = self.channel(Channel::Adoption)?;
        let level = if test.p <= ACT_LEVEL { Level::ChangedTogether } else { Level::ChangedApart };
        Some(Observed { level, why: format!("z = {:.1}, p = {:.3}", test.z, test.p) })
    }

    /// The test of a channel, unless it is supposed not to be known: then it speaks for neither side.
    fn channel(&self, channel: Channel) -> Option<&Test> {
        Some(self.set.tested.channel(channel)).filter(|test| !test.is_left_out())
    }

    /// Whether most accounts have prompts that may be fingerprinted.
    fn has_text(&self) -> bool {
        2 * self.profiles().filter(|profile| profile.with_text > 0).count() >= self.size()
    }

    fn known(&self, channel: Channel) -> usize {
        // What chose the accounts is not tested on them.
        let is_tested = !self.set.chosen_by.has(Choice::Likeness(channel));
        let holdings = self.setting.holdings.iter().filter(|holdings| is_tested && holdings.channel == channel);
        holdings.map(|holdings| holdings.known(&self.set.accounts)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::claim;
    use crate::judge::sign::{Level, Observed};

    fn claimed(levels: &[Level]) -> Level {
        let seen: Vec<Observed> = levels.iter().map(|&level| Observed { level, why: String::new() }).collect();
        claim(&seen).level
    }

    #[test]
    fn strangers_on_paper_with_two_signs_of_one_hand_pretend() {
        let paper = [Level::SeparatePayers, Level::OwnOrganisations, Level::OwnMail];
        let with = |hands: &[Level]| claimed(&[&paper, hands].concat());
        assert_eq!(with(&[Level::MinutesTogether, Level::EvenVolume]), Level::Pretends);
        assert_eq!(with(&[Level::GeneratedWording, Level::OneSetting, Level::FlatClock]), Level::Pretends);
        // One program is what a product gives to all its users.
        assert_eq!(with(&[Level::OwnClient, Level::OneSetting]), Level::MayPretend);
        assert_eq!(with(&[Level::OneSetting]), Level::NoClaim);
    }

    #[test]
    fn what_is_open_is_not_pretended() {
        let hands = [Level::MinutesTogether, Level::EvenVolume, Level::FlatClock];
        for open in [Level::OneOrganisation, Level::OnePayer, Level::OneMail, Level::OneAddress, Level::OneOwner] {
            assert_eq!(claimed(&[&hands[..], &[open, Level::SeparatePayers]].concat()), Level::Openly);
        }
    }

    /// Where the log has no papers, nothing is claimed on them; and who pays is no sign of one hand by itself.
    #[test]
    fn without_papers_nothing_is_claimed() {
        assert_eq!(claimed(&[Level::MinutesTogether, Level::EvenVolume]), Level::MayPretend);
        assert_eq!(claimed(&[Level::StrangersPay, Level::PublicMail]), Level::NoClaim);
    }
}
