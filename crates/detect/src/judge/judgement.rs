//! A set held against every explanation, and the facts that its verdict depends on.

use stillwatch_core::{Tier, ratio};

use crate::judge::additive::{part, strength};
use crate::judge::crowds::CROWDS;
use crate::judge::explanation::{Explanation, Term, rounded, sum};
use crate::judge::measured::Measured;
use crate::judge::observe::observe;
use crate::judge::operator::{ANYBODY, OPERATOR};
use crate::judge::setting::Setting;
use crate::judge::sign::{Observed, Question, Sign};
use crate::judge::verdict::{Facts, mean_opinion, verdict};
use crate::parameters::{ACT_LEVEL, LEAST_ACCOUNTS, MOST_MEMBERS, MOST_OF_ONE_OWNER};
use crate::report::BenignHypothesis;
use crate::signal::channel::Channel;

/// Signs below which an explanation cannot be told from another.
const LEAST_SIGNS: usize = 14;
/// Terms that the reason for or against an explanation names.
const TOLD_TERMS: usize = 4;

/// What a set shows, and how every explanation fits it.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    pub(crate) seen: Vec<Observed>,
    pub(crate) weighed: Vec<Weighed>,
    pub(crate) facts: Facts,
}

/// One hidden operator against one innocent crowd.
#[derive(Clone, Debug)]
pub(crate) struct Weighed {
    pub(crate) crowd: &'static Explanation,
    /// What each sign says for the operator.
    pub(crate) terms: Vec<Term>,
    /// Their sum, signs with one cause capped together.
    pub(crate) bits: f64,
}

impl Judgement {
    pub(crate) fn new(setting: &Setting<'_>, set: &Measured) -> Self {
        let seen = observe(setting, set);
        let weigh = |crowd: &'static Explanation| {
            let terms = OPERATOR.against(crowd, &ANYBODY, &seen);
            Weighed { crowd, bits: sum(&terms), terms }
        };
        let weighed: Vec<Weighed> = CROWDS.into_iter().map(weigh).collect();
        let named = setting.population.of(&set.accounts).filter(|profile| profile.named_by_permit).count();
        let facts = Facts {
            // The error of a search by itself is no evidence on each account: what keys, time or an owner chose is at
            // most perhaps coordinated, and needs a clear case.
            coordinated: set.way.most == Tier::Act
                && set.way.level.is_none()
                && set.is_coordinated()
                && set.is_about_most()
                && set.is_run_by_one(),
            perhaps_coordinated: set.is_coordinated() || set.has_one_generator(),
            run_by_one: set.is_run_by_one(),
            extraction: answer(&seen, Question::Extraction),
            concealment: answer(&seen, Question::Concealment),
            broke_a_rule: false,
            named_by_permit: ratio(named, set.accounts.len()) > MOST_OF_ONE_OWNER,
            too_few_signs: Question::ALL.into_iter().any(|question| shows_too_little(&seen, question)),
            margin: weighed.iter().map(|of| of.bits).fold(f64::INFINITY, f64::min),
            strength: strength(&seen),
        };
        Self { seen, weighed, facts }
    }

    /// The tier, and whether a crowd explains the set instead.
    pub(crate) fn tier(&self) -> Option<Tier> {
        verdict(&self.facts)
    }

    /// The tier if some crowds were ruled out.
    pub(crate) fn tier_without(&self, ruled_out: &Explanation) -> Option<Tier> {
        let rest = self.weighed.iter().filter(|of| of.crowd.name != ruled_out.name);
        let margin = rest.map(|of| of.bits).fold(f64::INFINITY, f64::min);
        verdict(&Facts { margin, ..self.facts })
    }

    /// The same set, of which it is known that accounts like it were closed before.
    pub(crate) fn breaking_a_rule(mut self) -> Self {
        self.facts.broke_a_rule = true;
        self
    }

    /// Innocent explanations, the best first.
    pub(crate) fn nearest(&self) -> Vec<&Weighed> {
        let mut list: Vec<&Weighed> = self.weighed.iter().collect();
        list.sort_by(|a, b| a.bits.total_cmp(&b.bits).then(a.crowd.name.name().cmp(b.crowd.name.name())));
        list
    }

    /// Signs of a question that the log could not show.
    pub(crate) fn missing(&self, question: Question) -> impl Iterator<Item = Sign> {
        let seen = |sign: Sign| self.seen.iter().any(|of| of.level.sign() == sign);
        Sign::ALL.into_iter().filter(move |sign| sign.question() == question && !seen(*sign))
    }

    /// The innocent explanations as reports tell them.
    pub(crate) fn hypotheses(&self) -> Vec<BenignHypothesis> {
        let tested = self.seen.len() >= LEAST_SIGNS;
        let tell = |of: &Weighed| BenignHypothesis {
            name: of.crowd.name.into(),
            tested,
            rejected: of.bits > 0.0,
            bits: rounded(of.bits),
            why: self.reason(of),
        };
        self.weighed.iter().map(tell).collect()
    }

    /// Why a crowd fits or does not, by the signs that say most.
    pub(crate) fn reason(&self, of: &Weighed) -> String {
        let mut terms: Vec<(&Term, &Observed)> = of.terms.iter().zip(&self.seen).collect();
        terms.sort_by(|a, b| b.0.bits.abs().total_cmp(&a.0.bits.abs()));
        let strongest = |sign: f64| -> Vec<String> {
            let those = terms.iter().filter(|(term, _)| term.bits * sign >= 0.5).take(TOLD_TERMS);
            those.map(|(term, seen)| format!("{} ({:+.1})", seen.level.words(), -term.bits)).collect()
        };
        let (against, speaking) = (strongest(1.0), strongest(-1.0));
        let verdict = if of.bits > 0.0 {
            format!("one hidden operator fits {:.1} bits better than the explanation \"{}\"", of.bits, of.crowd.noun)
        } else {
            format!("the explanation \"{}\" fits {:.1} bits better than one hidden operator", of.crowd.noun, -of.bits)
        };
        let list = |what: &str, of: Vec<String>| {
            if of.is_empty() { String::new() } else { format!("; {what}: {}", of.join(", ")) }
        };
        format!("{verdict}{}{}", list("for it", speaking), list("against it", against))
    }
}

/// What the signs of one question say: the mean of what they say for an operator against unrelated accounts, and of their
/// weights.
pub(crate) fn answer(seen: &[Observed], question: Question) -> f64 {
    mean_opinion(part(seen, question), sum(&terms_of(seen, question)))
}

/// Whether the log shows no more than half of the signs of a question: what is not seen could say the contrary.
fn shows_too_little(seen: &[Observed], question: Question) -> bool {
    let all = Sign::ALL.into_iter().filter(|sign| sign.question() == question).count();
    2 * seen.iter().filter(|of| of.level.sign().question() == question).count() <= all
}

/// The same sign by sign. What accounts have in common openly never speaks for hiding.
pub(crate) fn terms_of(seen: &[Observed], question: Question) -> Vec<Term> {
    let terms = OPERATOR.against(&ANYBODY, &ANYBODY, seen).into_iter();
    let of_question = terms.filter(|term| term.level.sign().question() == question);
    let signed = |term: Term| if term.level.is_open() { Term { bits: term.bits.min(0.0), ..term } } else { term };
    of_question.map(signed).collect()
}

impl Measured {
    /// Whether two independent families say that the accounts act as one, and what they say is their own.
    fn is_coordinated(&self) -> bool {
        let confirmed = self.way.confirmed_by.is_none_or(|test| test(&self.tested).p <= ACT_LEVEL);
        confirmed && self.says_its_own() && self.families(ACT_LEVEL).len() >= 2 && self.owners >= LEAST_ACCOUNTS
    }

    /// Whether what they say is their own: more of them than of others say it, or a generator does.
    fn says_its_own(&self) -> bool {
        !self.chosen_by.is_by_wording() || self.outside <= self.accounts.len() || self.wording.is_generated()
    }

    /// Whether the evidence is about most of the accounts, so that none is carried by a few others.
    fn is_about_most(&self) -> bool {
        self.implicated > MOST_MEMBERS || self.tested.synchrony().p <= ACT_LEVEL || self.way.is_declared
    }

    /// Whether one hand runs the accounts: of a pool, whoever pays.
    fn is_run_by_one(&self) -> bool {
        !self.is_relay() || self.tested.channel(Channel::Payment).p <= ACT_LEVEL
    }
}
